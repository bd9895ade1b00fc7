"""EU Digital COVID Certificate in HCERT, and the Austrian exemption that shares its chain.

Source of the rules: ehn-dcc-development, HCERT 1.0.8 and DCC schema 1.0.0 to 1.3.3. Issuers bend
the schema in many harmless ways; what is tolerated and what is not is told where it happens.

Everything is checked when the claims are read. The neutral objects are built from what was checked
only when somebody asks for them: most desks ask for the holder, few for the medical details.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import repeat
from operator import itemgetter
from typing import Final, NamedTuple

from cbor2 import CBORTag, undefined

from verifier.claims import (
    Claims,
    Coded,
    Event,
    Exemption,
    Holder,
    Kind,
    PartialDate,
    Recovery,
    Test,
    Vaccination,
)
from verifier.codecs import cwt, hcert_claims
from verifier.codecs.dates import ABSENT, FULL_DATE, calendar_day, judge_birth
from verifier.codecs.hcert import open_hcert
from verifier.countries import alpha_2
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import TEXT_CHARACTERS
from verifier.privacy import Later
from verifier.reasons import Reason

NAME: Final = "eu-dcc"

HC1: Final = "HC1"
AT1: Final = "AT1"

# Same chain, other purpose: these count inside their own country only.
_DOMESTIC: Final = ("NO1:", "LT1:")
_FIRST_LETTERS: Final = frozenset(("HC", "AT", *(prefix[:2] for prefix in _DOMESTIC)))

# Reserved for later versions (HCERT 1.0.8, 4.2.2).
_NEWER: Final = re.compile(r"HC[1-9A-Z]:").fullmatch

_HCERT: Final = -260
_DCC_VERSION_1: Final = 1

# Dutch specimen documents carry this end (minvws, coronacheck-mobile-core: verifier_european.go).
_SPECIMEN_END: Final = 42

_IN_CONTAINER: Final = {HC1: ("v", "t", "r"), AT1: ("ve",)}
_VERSION: Final = {
    HC1: re.compile(r"[0-9]+\.[0-9]+\.[0-9]+").fullmatch,
    AT1: re.compile(r"AT-[0-9]+\.[0-9]+\.[0-9]+").fullmatch,
}
# Every release of the schema; anything else is looked at letter by letter.
_USUAL_VERSIONS: Final = {
    HC1: frozenset(
        ("1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.1", "1.3.0", "1.3.1", "1.3.2", "1.3.3")
    ),
    AT1: frozenset(("AT-1.0.0",)),
}
_AFTER_DATE: Final = ("", "T", " ")
_DATE_TIME_TAG: Final = 0

# More doses than anybody ever had.
_COUNT_END: Final = 1_000

_NAMES: Final = ("fn", "gn", "fnt", "gnt")

# Called on values of any type: it is this method that refuses the other types.
_strip: Final[Callable[[object], str]] = str.strip  # type: ignore[assignment]

# Stands for an absent text, as often as it is asked for.
_EMPTY: Final = repeat("")

# What no text may be as long as; given for a value that is no text at all.
_NOT_A_TEXT: Final = " " * (TEXT_CHARACTERS + 1)

Entry = dict[object, object]


def _recognise(text: str) -> str | None:
    prefix = text[:4]
    if prefix == "HC1:":
        return HC1
    if prefix == "AT1:":
        return AT1
    upper = prefix.upper()
    if upper[:2] not in _FIRST_LETTERS:
        return None
    if prefix in _DOMESTIC:
        raise DocumentError(Reason.DOMESTIC_ONLY)
    if upper in ("HC1:", "AT1:"):
        raise DocumentError(Reason.PREFIX_WRONG_CASE)
    if _NEWER(upper):
        raise DocumentError(Reason.NEWER_VERSION)
    return None


class _Group(NamedTuple):
    """One kind of entry: what it has to have, and how to build the event from it.

    ``members`` fetches what every release of the schema demands; a member may only be empty or
    null (NL, BG). ``usual`` are the types that they nearly always have. ``texts`` are the texts
    among them and ``optional`` those that may be absent, ``counts``, ``dates`` and ``instants`` the
    numbers, the calendar dates and the times of day. ``events`` reads the event of a certificate.
    """

    kind: Kind
    members: Callable[[Entry], tuple[object, ...]]
    usual: tuple[type, ...]
    texts: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[str, ...]
    dates: tuple[str, ...]
    optional_dates: tuple[str, ...]
    instants: tuple[str, ...]
    events: Callable[[Entry], Sequence[Event]]


def _read_claims(container: str, payload: bytes) -> Claims:
    claims = cwt.read_claims(payload)
    unusual = False
    if _HCERT not in claims:
        claims, unusual = cwt.with_numbers(claims)
    issuer = claims.get(cwt.ISS)
    if not isinstance(issuer, str):
        if issuer not in ABSENT:
            raise DocumentError(Reason.CLAIMS_MALFORMED)
        issuer = ""
    issued = cwt.read_date(claims, cwt.IAT)
    expires = cwt.read_date(claims, cwt.EXP)
    certificate, as_text = _certificate_in(claims)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country=alpha_2(issuer),
        issued=issued,
        expires=expires,
        specimen=expires == _SPECIMEN_END,
    )
    try:
        # In a payload of that size no text can be too long, and need not be measured.
        _read_content(read, certificate, container, short=len(payload) <= TEXT_CHARACTERS)
    except KeyError:
        read.doubts = (Reason.FIELD_MISSING,)
    except DocumentError as fault:
        # The rest can be judged all the same: dates, key, and which part is at fault.
        read.doubts = (fault.reason,)
    if unusual or as_text:
        read.doubts = (*read.doubts, Reason.UNUSUAL_FORM)
    return read


def _certificate_in(claims: Entry) -> tuple[Entry, bool]:
    """Find the DCC under claim -260, key 1, and tell whether that key was written as text.

    Beside another certificate nobody can say which of them counts.
    """
    contents = claims.get(_HCERT)
    if isinstance(contents, dict) and len(contents) == 1:
        certificate = contents.get(_DCC_VERSION_1)
        if isinstance(certificate, dict):
            return certificate, False
    as_text = False
    if isinstance(contents, dict) and contents:
        if _DCC_VERSION_1 not in contents:
            contents, as_text = cwt.with_numbers(contents)
        certificate = contents.get(_DCC_VERSION_1)
        if len(contents) > 1 and len(hcert_claims.held_in(contents)) > 1:
            raise DocumentError(Reason.SEVERAL_CERTIFICATES)
        if isinstance(certificate, dict):
            return certificate, as_text
        if certificate not in ABSENT:
            raise DocumentError(Reason.CLAIMS_MALFORMED)
        if any(value not in ABSENT for value in contents.values()):
            raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    elif contents not in ABSENT and contents != {}:
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    raise DocumentError(Reason.NO_CERTIFICATE_INSIDE)


def _read_content(read: Claims, certificate: Entry, container: str, *, short: bool) -> None:
    """Check what the certificate says, the kind first: a fault in the rest leaves it known.

    Raises ``KeyError`` for a member that is not there, ``DocumentError`` for all other faults.
    """
    name, entry = _only_entry(certificate, _IN_CONTAINER[container])
    kind, members, usual, texts, optional, counts, dates, optional_dates, instants, events = (
        _GROUPS[name]
    )
    read.kind = kind
    _check_version(certificate["ver"], container)
    if not short or tuple(map(type, members(entry))) != usual:
        _texts(entry, texts)
    if optional:
        _texts(entry, optional)
    for member in counts:
        _count(entry, member)
    # As it is found: revocation hashes are taken over the untrimmed text.
    disease, identifier = entry["tg"], entry["ci"]
    if not isinstance(disease, str) or not isinstance(identifier, str):
        raise DocumentError(Reason.FIELD_MISSING)
    if not disease.strip() or not identifier.strip():
        raise DocumentError(Reason.FIELD_MISSING)
    read.identifier = identifier
    read.entry_country = country if isinstance(country := entry.get("co"), str) else ""
    for member in dates:
        _day(entry[member])
    for member in instants:
        _sample_time(entry[member])
    for member in optional_dates:
        if entry.get(member):
            _day(entry[member])
    _read_holder(read, certificate["nam"], certificate["dob"], short=short)
    read.events_source = events
    read.certificate = certificate


def _check_version(version: object, container: str) -> None:
    """Demand ``x.y.z`` and no more: issuers state versions that do not fit the content."""
    if isinstance(version, str):
        if version in _USUAL_VERSIONS[container] or _VERSION[container](version.strip()):
            return
    elif version in ABSENT:
        raise DocumentError(Reason.FIELD_MISSING)
    raise DocumentError(Reason.FIELD_MALFORMED)


def _only_entry(certificate: Entry, groups: tuple[str, ...]) -> tuple[str, Entry]:
    """Give the one group that is there and its one entry.

    Some issuers write the other groups as null. Two entries were allowed before schema 1.3.0, but
    every national verifier refuses them.
    """
    present = ""
    entries: object = None
    for group in groups:
        found = certificate.get(group)
        if found is not None and found is not undefined:
            if present:
                raise DocumentError(Reason.NOT_ONE_GROUP)
            present, entries = group, found
    if not present:
        raise DocumentError(Reason.NOT_ONE_GROUP)
    if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], dict):
        return present, entries[0]
    if isinstance(entries, list) and len(entries) != 1:
        raise DocumentError(Reason.NOT_ONE_ENTRY)
    raise DocumentError(Reason.FIELD_MALFORMED)


def _texts(entry: Entry, keys: tuple[str, ...], *, short: bool = False) -> list[str]:
    """Read texts; null, undefined, absent and empty are all empty.

    In a ``short`` payload no text is too long.
    """
    try:
        texts = [*map(_strip, map(entry.get, keys, _EMPTY))]
    except TypeError:
        # Some value is no text; null and undefined may stand for an empty one.
        texts = [_odd_text(entry.get(key)) for key in keys]
        short = False
    if not short and max(map(len, texts)) > TEXT_CHARACTERS:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return texts


def _odd_text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return "" if value in ABSENT else _NOT_A_TEXT


def _count(entry: Entry, key: str) -> int | None:
    """Read a count; Ireland writes whole ones as floats. What counts make sense is for rules."""
    value = entry.get(key)
    # The type itself, because a boolean is an instance of int too.
    if type(value) is int and 0 <= value < _COUNT_END:
        return value
    if isinstance(value, float) and value.is_integer() and 0 <= value < _COUNT_END:
        return int(value)
    if value in ABSENT:
        return None
    raise DocumentError(Reason.FIELD_MALFORMED)


def _date(value: object) -> PartialDate:
    return PartialDate(_day(value))


def _day(value: object) -> str:
    """Read a calendar date: the ten leading characters, whatever time part follows."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise DocumentError(Reason.FIELD_MISSING)
    day = text[:FULL_DATE]
    if calendar_day(day) is None or text[FULL_DATE : FULL_DATE + 1] not in _AFTER_DATE:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return day


def _read_holder(read: Claims, names: object, birth: object, *, short: bool) -> None:
    """Check names and birth date, and note what cannot be right."""
    if not isinstance(names, dict) or not isinstance(birth, str):
        absent = names in ABSENT or birth in ABSENT
        raise DocumentError(Reason.FIELD_MISSING if absent else Reason.FIELD_MALFORMED)
    family, given, family_mrz, given_mrz = _texts(names, _NAMES, short=short)
    if not (family or given or family_mrz or given_mrz):
        raise DocumentError(Reason.FIELD_MISSING)
    birth = birth if short else _texts({"dob": birth}, ("dob",))[0]
    known, doubts = judge_birth(birth.strip(), read.issued)
    if (given and not given_mrz) or not (family_mrz or given_mrz):
        doubts = (*doubts, Reason.TRANSLITERATION_MISSING)
    read.doubts = doubts
    read.holder_source = Later(_build_holder, family, given, family_mrz, given_mrz, known)


def _build_holder(family: str, given: str, family_mrz: str, given_mrz: str, birth: str) -> Holder:
    return Holder(family, given, family_mrz, given_mrz, PartialDate(birth))


def _sample_time(value: object) -> tuple[PartialDate, int | None]:
    """Read ``sc``: a date-time as text, bare or behind tag 0, with any offset; without one, UTC."""
    if isinstance(value, CBORTag) and value.tag == _DATE_TIME_TAG:
        value = value.value
    if value in ABSENT:
        raise DocumentError(Reason.FIELD_MISSING)
    if not isinstance(value, str):
        raise DocumentError(Reason.FIELD_MALFORMED)
    text = value.strip()
    sampled: datetime | None = None
    try:
        sampled = datetime.fromisoformat(text)
    except ValueError:
        sampled = None
    if sampled is None or text[4:8:3] != "--":
        raise DocumentError(Reason.FIELD_MALFORMED)
    day = PartialDate(text[:FULL_DATE])
    if len(text) == FULL_DATE:
        return day, None
    if sampled.tzinfo is None:
        sampled = sampled.replace(tzinfo=UTC)
    return day, int(sampled.timestamp())


def _coded(system: str, code: str) -> Coded | None:
    return (system, code) if code else None


def _build_vaccination(entry: Entry) -> Event:
    disease, vaccine, product, manufacturer, country = _texts(entry, ("tg", "vp", "mp", "ma", "co"))
    return Vaccination(
        ("snomed", disease),
        _coded("snomed" if vaccine.isdigit() else "atc", vaccine),
        _coded("ema" if product.startswith("EU/") else "eu-dcc-mp", product),
        _coded("ema-org" if manufacturer.startswith("ORG-") else "eu-dcc-ma", manufacturer),
        _date(entry["dt"]),
        dose=_count(entry, "dn"),
        doses=_count(entry, "sd"),
        country=country,
    )


def _build_test(entry: Entry) -> Event:
    day, sampled = _sample_time(entry["sc"])
    disease, method, result, device, name, centre, country = _texts(
        entry, ("tg", "tt", "tr", "ma", "nm", "tc", "co")
    )
    return Test(
        ("snomed", disease),
        _coded("loinc", method),
        _coded("snomed", result),
        day,
        sampled,
        name=name,
        device=_coded("eu-dcc-device", device),
        country=country,
        centre=centre,
    )


def _build_recovery(entry: Entry) -> Event:
    disease, country = _texts(entry, ("tg", "co"))
    return Recovery(
        ("snomed", disease),
        _date(entry["fr"]),
        _date(entry["df"]),
        _date(entry["du"]),
        country=country,
    )


def _build_exemption(entry: Entry) -> Event:
    disease, start, country = _texts(entry, ("tg", "df", "co"))
    return Exemption(
        ("snomed", disease),
        _date(start) if start else None,
        _date(entry["du"]),
        country=country,
    )


def _only(group: str, build: Callable[[Entry], Event]) -> Callable[[Entry], Sequence[Event]]:
    """Give what builds the one event of a certificate, from the group that it stands in."""
    return lambda certificate: (build(_only_entry(certificate, (group,))[1]),)


_GROUPS: Final = {
    "v": _Group(
        kind=Kind.VACCINATION,
        members=itemgetter("tg", "vp", "mp", "ma", "dt", "co", "is", "ci", "dn", "sd"),
        usual=(*[str] * 8, int, int),
        texts=("tg", "vp", "mp", "ma", "dt", "co", "is", "ci"),
        optional=(),
        counts=("dn", "sd"),
        dates=("dt",),
        optional_dates=(),
        instants=(),
        events=_only("v", _build_vaccination),
    ),
    "t": _Group(
        kind=Kind.TEST,
        members=itemgetter("tg", "tt", "tr", "sc", "co", "is", "ci"),
        usual=(*[str] * 7,),
        texts=("tg", "tt", "tr", "co", "is", "ci"),
        optional=("nm", "ma", "tc"),
        counts=(),
        dates=(),
        optional_dates=(),
        instants=("sc",),
        events=_only("t", _build_test),
    ),
    "r": _Group(
        kind=Kind.RECOVERY,
        members=itemgetter("tg", "fr", "df", "du", "co", "is", "ci"),
        usual=(*[str] * 7,),
        texts=("tg", "fr", "df", "du", "co", "is", "ci"),
        optional=(),
        counts=(),
        dates=("fr", "df", "du"),
        optional_dates=(),
        instants=(),
        events=_only("r", _build_recovery),
    ),
    "ve": _Group(
        kind=Kind.EXEMPTION,
        members=itemgetter("tg", "du", "co", "is", "ci"),
        usual=(*[str] * 5,),
        texts=("tg", "du", "co", "is", "ci"),
        optional=("df",),
        counts=(),
        dates=("du",),
        optional_dates=("df",),
        instants=(),
        events=_only("ve", _build_exemption),
    ),
}

FORMAT: Final = Format(
    name=NAME,
    containers={HC1: NAME, AT1: "at-exemption"},
    recognise=_recognise,
    open=open_hcert,
    read_claims=_read_claims,
)
