"""ICAO VDS-NC: proof of vaccination or testing as signed JSON, with its signer's certificate.

Source of the rules: ICAO technical report "VDS-NC" 1.1 and vds-nc notes. ``data`` alone is signed,
in its canonical form (RFC 8785); ``sig`` holds the signer's certificate, and a member beside the
two would be signed by nobody. A seal states neither when it was issued nor when it ends: its dates
are those of the vaccination or test, and of the certificates above it.
"""

import json
import re
from datetime import date, datetime
from typing import Final

from verifier.algorithms import ES256, ES384, ES512, KeyKind
from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Test, Vaccination
from verifier.codecs import base64url, json_canonical, json_strict
from verifier.codecs.x509 import hinted_authority
from verifier.countries import state_of
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import (
    SEAL_CERTIFICATE_CHARACTERS,
    SEAL_CHARACTERS,
    SEAL_CHARACTERS_A_TEXT,
    SEAL_DEPTH,
)
from verifier.privacy import Later
from verifier.reasons import Reason

NAME: Final = "vds-nc"
_CONTAINER: Final = "VDS-NC"

_WHITE_SPACE: Final = " \t\r\n"
# No text inside a JSON string looks like this: its quotation marks would stand behind a backslash.
_TYPE: Final = re.compile(r'"t"[ \t\r\n]*:[ \t\r\n]*"icao\.').search

_VACCINATION: Final = "icao.vacc"
_TEST: Final = "icao.test"
_VERSION: Final = 1
_STATE: Final = re.compile(r"[A-Z]{1,3}").fullmatch

_ALGORITHMS: Final = {"ES256": ES256, "ES384": ES384, "ES512": ES512}
_KEYS: Final = frozenset(
    (
        KeyKind.P256,
        KeyKind.P384,
        KeyKind.P521,
        KeyKind.BRAINPOOL_P256,
        KeyKind.BRAINPOOL_P384,
        KeyKind.BRAINPOOL_P512,
    )
)

_BETWEEN_IDENTIFIERS: Final = "  "
_PASSPORT_LETTERS: Final = re.compile(r"[A-Za-z' -]+").fullmatch
# Doc 9303-3, 4.6: an apostrophe is left out; a hyphen and a blank become a filler.
_TO_PASSPORT: Final = str.maketrans({"'": "", "-": "<", " ": "<"})

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_BIRTH: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2}|XX|xx)(?:-([0-9]{2}|XX|xx))?)?").fullmatch
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
).fullmatch
_UNKNOWN: Final = ("00", "XX", "xx")
_SECONDS_A_DAY: Final = 86_400
_DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()

_DOSES: Final = range(1, 100)

# The documents whose number is that of a passport or a card to travel with; a visa's is not.
_TRAVEL_DOCUMENTS: Final = ("P", "A", "C", "I", "AC")

# Seals that a state has published as samples under the key that signs real ones (vds-nc notes, 10).
# State, member, what its value looks like. Australia numbers real seals from 1,000,000 upwards;
# Japan's samples carry a passport number of zeros.
_SPECIMENS: Final = (
    ("AU", "uvci", re.compile(r"[A-Z]{2}000[0-9]{7}").fullmatch),
    ("AU", "utci", re.compile(r"[A-Z]{2}000[0-9]{7}").fullmatch),
    ("JP", "i", re.compile(r"T[RK]0{7}").fullmatch),
)

Object = dict[str, object]


def _recognise(text: str) -> str | None:
    starts = text.lstrip(_WHITE_SPACE).startswith("{")
    return _CONTAINER if starts and _TYPE(text, 0, SEAL_CHARACTERS) else None


def _open(text: str, container: str) -> Envelope:
    # What is no text at all is no UTF-8 either, and refused for that.
    encoded = text.encode("utf-8", "surrogatepass")
    seal = json_strict.decode(encoded, limit=4 * SEAL_CHARACTERS, depth=SEAL_DEPTH, integers=True)
    data, sig = _parts(seal, "data", "sig")
    header, _ = _parts(data, "hdr", "msg")
    algorithm, certificate, signature = _parts(sig, "alg", "cer", "sigvl")
    _check_header(header)
    if not isinstance(algorithm, str):
        raise DocumentError(Reason.HEADER_MALFORMED)
    signer = base64url.decode(_short(certificate, SEAL_CERTIFICATE_CHARACTERS))
    signed = json_canonical.encode(data)
    return Envelope(
        container,
        _ALGORITHMS.get(algorithm),
        hinted_authority(signer) or None,
        signed,
        base64url.decode(_short(signature, SEAL_CHARACTERS_A_TEXT)),
        signed,
        certificate=signer,
    )


def _parts(value: object, *names: str) -> tuple[object, ...]:
    """Give the members of an object that has exactly these."""
    if not isinstance(value, dict) or value.keys() != set(names):
        raise DocumentError(Reason.PARTS_DIFFER)
    return tuple(value[name] for name in names)


def _check_header(header: object) -> None:
    """Refuse what this file does not read: its signature may follow other rules."""
    if not isinstance(header, dict):
        raise DocumentError(Reason.HEADER_MALFORMED)
    kind, version, state = header.get("t"), header.get("v"), header.get("is")
    if not isinstance(kind, str) or type(version) is not int:
        raise DocumentError(Reason.HEADER_MALFORMED)
    if kind not in {_VACCINATION, _TEST}:
        raise DocumentError(Reason.OTHER_SEAL)
    if version != _VERSION:
        raise DocumentError(Reason.NEWER_VERSION)
    if not isinstance(state, str) or not _STATE(state):
        raise DocumentError(Reason.HEADER_MALFORMED)


def _short(value: object, most: int) -> str:
    if not isinstance(value, str):
        raise DocumentError(Reason.HEADER_MALFORMED)
    if len(value) > most:
        raise DocumentError(Reason.TOO_MANY_ITEMS)
    return value


def _read_claims(container: str, payload: bytes) -> Claims:
    header, message = _parts(_decoded(payload), "hdr", "msg")
    _check_header(header)
    if not isinstance(header, dict) or not isinstance(message, dict):
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country=state_of(header["is"]),
        issued=None,
        expires=None,
    )
    terms = read.own_terms()
    terms.dated = False
    terms.chained = True
    try:
        if header["t"] == _VACCINATION:
            _read_vaccination(read, message)
        else:
            _read_test(read, message)
    except DocumentError as fault:
        # The rest can be judged all the same: dates, signer, and which part is at fault.
        read.doubts = (fault.reason,)
    return read


def _decoded(payload: bytes) -> object:
    """Read what ``_open`` wrote in canonical form: nothing stands in it twice or in doubt."""
    decoded: object = None
    try:
        decoded = json.loads(payload)
    except (ValueError, RecursionError):
        decoded = None
    return decoded


def _read_vaccination(read: Claims, message: Object) -> None:
    read.kind = Kind.VACCINATION
    read.identifier = _text(message, "uvci")
    person = _object(message, "pid")
    passport = _text(person, "i")
    read.travel_document = _number(passport)
    birth = _read_holder(read, person, born=not passport)
    doses = sorted(
        (
            (_day(_required(dose, "dvc")), vaccine, dose)
            for vaccine in _list(message, "ve")
            for dose in _list(vaccine, "vd")
        ),
        key=lambda found: found[0],
    )
    for _, vaccine, dose in doses:
        _check_vaccine(vaccine)
        _check_dose(dose)
    first, last = doses[0][0], doses[-1][0]
    # A day begins first where the date line is: there it is tomorrow already.
    read.own_terms().starts = _midnight(last) - _SECONDS_A_DAY
    read.events_source = Later(_build_doses, doses)
    _note_doubts(read, message, person, contradict=first < birth.earliest())


def _read_test(read: Claims, message: Object) -> None:
    read.kind = Kind.TEST
    read.identifier = _text(message, "utci")
    person = _object(message, "pid")
    if _required(person, "dt") in _TRAVEL_DOCUMENTS:
        read.travel_document = _number(_required(person, "dn"))
    _required(person, "dn")
    birth = _read_holder(read, person, born=True)
    times = _object(message, "dat")
    (day, sampled), (_, reported) = _instant(times, "sc"), _instant(times, "ri")
    read.own_terms().starts = max(sampled, reported) - _SECONDS_A_DAY
    result = _object(message, "tr")
    _required(result, "tc")
    _required(result, "r")
    _text(result, "m")
    provider = _object(message, "sp") if "sp" in message else {}
    for member in ("spn", "ctr"):
        _text(provider, member)
    read.events_source = Later(_build_test, day, sampled, result, provider)
    contradict = reported < sampled or day < birth.earliest()
    _note_doubts(read, message, person, contradict=contradict)


def _note_doubts(read: Claims, message: Object, person: Object, *, contradict: bool) -> None:
    doubts = [Reason.EVENTS_CONTRADICT] if contradict else []
    for state, member, looks_like in _SPECIMENS:
        if state == read.country and looks_like(_text(message | person, member)):
            doubts.append(Reason.SPECIMEN_NUMBER)
            break
    read.doubts = tuple(doubts)


def _read_holder(read: Claims, person: Object, *, born: bool) -> PartialDate:
    """Read name and birth date, the latter only demanded where nothing else tells people apart."""
    name = _required(person, "n")
    birth = PartialDate(_known_part(_required(person, "dob") if born else _text(person, "dob")))
    read.holder_source = Later(_build_holder, name, birth)
    return birth


def _build_holder(name: str, birth: PartialDate) -> Holder:
    """Split a name where its issuer did: two blanks stand between surname and forenames."""
    family, between, given = name.partition(_BETWEEN_IDENTIFIERS)
    if not between:
        family, given = "", name
    family, given = family.strip(), given.strip()
    return Holder(
        family,
        given,
        _in_passport_letters(family),
        _in_passport_letters(given),
        birth,
        undivided=not between,
    )


def _in_passport_letters(name: str) -> str:
    """Write a name as a passport's machine-readable zone does, when its letters are those."""
    if not _PASSPORT_LETTERS(name):
        return ""
    return " ".join(name.split()).translate(_TO_PASSPORT).upper()


def _check_vaccine(vaccine: Object) -> None:
    _required(vaccine, "des")
    _required(vaccine, "nam")
    _text(vaccine, "dis")


def _check_dose(dose: Object) -> None:
    _dose_number(dose)
    _required(dose, "ctr")
    for member in ("adm", "lot"):
        _text(dose, member)
    if dose.get("dvn"):
        _day(_text(dose, "dvn"))


def _build_doses(doses: list[tuple[str, Object, Object]]) -> tuple[Event, ...]:
    return tuple(
        Vaccination(
            ("icd11", _text(vaccine, "dis")),
            ("icd11", _text(vaccine, "des")),
            ("name", _text(vaccine, "nam")),
            None,
            PartialDate(day),
            dose=_dose_number(dose),
            country=state_of(_text(dose, "ctr")),
            centre=_text(dose, "adm"),
            lot=_text(dose, "lot"),
        )
        for day, vaccine, dose in doses
    )


def _build_test(day: str, sampled: int, result: Object, provider: Object) -> tuple[Event, ...]:
    def word(member: str) -> Coded | None:
        text = _text(result, member)
        return (NAME, text) if text else None

    return (
        Test(
            ("icd11", ""),
            word("tc"),
            word("r"),
            PartialDate(day),
            sampled,
            country=state_of(_text(provider, "ctr")),
            centre=_text(provider, "spn"),
        ),
    )


def _object(members: Object, name: str) -> Object:
    value = members.get(name)
    if value is None:
        raise DocumentError(Reason.FIELD_MISSING)
    if not isinstance(value, dict):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return value


def _list(members: Object, name: str) -> list[Object]:
    """Give the objects of a list that has at least one."""
    value = members.get(name)
    if value is None or value == []:
        raise DocumentError(Reason.FIELD_MISSING)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return value


def _text(members: Object, name: str) -> str:
    """Read a text; an absent one is empty. How long it may be was checked when it was opened."""
    value = members.get(name, "")
    if not isinstance(value, str):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return value.strip()


def _required(members: Object, name: str) -> str:
    text = _text(members, name)
    if not text:
        raise DocumentError(Reason.FIELD_MISSING)
    return text


def _number(text: str) -> str:
    """Write the number of a passport without blanks and fillers, as it is compared."""
    return "".join(text.split()).replace("<", "").upper()


def _dose_number(dose: Object) -> int:
    """Read the number of a dose, which old issuers wrote as text."""
    value = dose.get("seq")
    if value is None:
        raise DocumentError(Reason.FIELD_MISSING)
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or value not in _DOSES:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return value


def _day(text: str) -> str:
    if not _DAY(text) or not _is_date(text):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _midnight(day: str) -> int:
    return (date.fromisoformat(day).toordinal() - _DAYS_BEFORE_1970) * _SECONDS_A_DAY


def _known_part(text: str) -> str:
    """Cut a birth date to what it knows: ``1963-00-00`` and ``1963-XX`` say the year alone."""
    if not text:
        return ""
    parts = _BIRTH(text)
    if parts is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    known = [part for part in parts.groups() if part is not None]
    while known[-1] in _UNKNOWN:
        known.pop()
    shown = "-".join(known)
    # An unknown part before a known one leaves a hole, which is no date and no part of one.
    if not _is_date(PartialDate(shown).earliest()):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return shown


def _instant(times: Object, name: str) -> tuple[str, int]:
    """Read a date-time with its offset (RFC 3339): the day as written, and the instant."""
    text = _required(times, name)
    if not _INSTANT(text):
        raise DocumentError(Reason.FIELD_MALFORMED)
    found: datetime | None = None
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        found = None
    if found is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return text[: len("2021-06-13")], int(found.timestamp())


FORMAT: Final = Format(
    NAME,
    {_CONTAINER: NAME},
    _recognise,
    _open,
    _read_claims,
    keys=_KEYS,
    characters=SEAL_CHARACTERS,
)
