"""SMART Health Cards (VCI 1.4.0): a signed token whose payload is packed JSON with a FHIR bundle.

Opens digits of one code or several, tokens, and files with one card; health links are known and
never followed. What an issuer is comes from the trust store alone, by ``iss`` and ``kid`` together;
keys and addresses in a token are not looked at (health card notes, 5.2 and 7).

A bundle is read as the vaccination and laboratory profiles arrange it (notes, 11.2), without
demanding more than it takes to say who got what and when: what departs from a profile and harms
nobody is remarked, what leaves that open goes to a person.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from math import floor
from typing import Final

from verifier import clinical_codes
from verifier.algorithms import ES256, KeyKind
from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Test, Vaccination
from verifier.codecs import deflate, health_card, health_link, json_strict, jws
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import (
    DOCUMENT_CHARACTERS,
    HEALTH_CARD_BYTES,
    KID_BYTES,
    LAST_SECOND,
    TEXT_CHARACTERS,
)
from verifier.privacy import Later
from verifier.reasons import Reason

NAME: Final = "smart-health-card"
SHC: Final = "shc"
TOKEN: Final = "jws"  # noqa: S105 - a name
FILE: Final = "file"

_SIGNATURE_BYTES: Final = 64
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

# What nearly every payload begins with; whatever differs is read the long way round.
_ISSUER_FIRST: Final = re.compile(rb'\{"iss":"([!#-\[\]-~]*)"').match
_USUAL_HEADER: Final = re.compile(
    rb'\{(?:"zip":"DEF","alg":"ES256"|"alg":"ES256","zip":"DEF"),"kid":"([!#-\[\]-~]{1,64})"\}'
).fullmatch

_CARD_TYPE: Final = "https://smarthealth.cards#health-card"
_REVOCATION_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII).fullmatch
_FHIR_4: Final = "4.0."

# Later than any second, if it counted seconds: 1.6e12 ms is September 2020 (notes, 6.4).
_MILLISECONDS: Final = 1.6e12

_AIR: Final = (
    "https://www.humanservices.gov.au/organisations/health-professionals/enablers/"
    "air-vaccine-code-formats"
)
_SYSTEMS: Final = {
    _AIR: "air",
    "https://www.gs1.org/gtin": "gtin",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://hl7.org/fhir/sid/mvx": "mvx",
    "http://id.who.int/icd/release/11/mms": "icd11",
    "http://id.who.int/icd11/mms": "icd11",
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://www.whocc.no/atc": "atc",
}
# The profiles allow one of each system; older cards have a few more.
_CODINGS: Final = 16
_VACCINE_SYSTEMS: Final = frozenset({"cvx", "icd11", "snomed"})

# FHIR's date and dateTime (R4, 2.24.0.1): a year, a month, a day, or an instant with its zone.
_PARTIAL_DATE: Final = re.compile(r"(?!0000)[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII).fullmatch
_MOMENT: Final = re.compile(
    r"[^T]+T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
).fullmatch
_WHOLE_DATE: Final = len("2021-05-01")
_BIRTH_YEARS: Final = range(1900, 2100)
_SECONDS_A_DAY: Final = 86_400
_DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()

# Ways of telling when that a card uses at most one of, beside the date.
_OTHER_TIMES: Final = frozenset({
    "occurrencePeriod", "occurrenceString", "effectivePeriod", "effectiveInstant",
    "effectiveTiming",
})  # fmt: skip
_DISEASES: Final = "snomed"
_NO_DISEASE: Final = ("", "")

_GIVEN: Final = "completed"
_REPORTED: Final = ("final", "amended", "corrected")

# What the profiles leave out to save room (notes, 11.1).
_SUPERFLUOUS: Final = frozenset({"id", "text", "language", "implicitRules", "contained"})
_ONLY_SECURITY: Final = frozenset({"security"})
_IN_BUNDLE: Final = "resource:"

# Kinds of resources that are read.
_KINDS: Final = 3
_VACCINATION: Final = Kind.VACCINATION
_TEST: Final = Kind.TEST

Members = dict[str, object]


def _recognise(text: str) -> str | None:
    if text[:4].lower() == health_card.SCHEME:
        return SHC
    bare = text.strip() if text[:1].isspace() or text[-1:].isspace() else text
    if bare[:4].lower() == health_card.SCHEME:
        return SHC
    if bare.startswith("eyJ") and bare.count(".") == 2:  # noqa: PLR2004 - three parts
        return TOKEN
    if health_card.is_file(bare):
        return FILE
    if health_link.is_link(bare):
        raise DocumentError(health_link.explain(bare))
    return None


def _open(text: str, container: str) -> Envelope:
    bare = text.strip()
    remarks: tuple[Reason, ...] = () if len(bare) == len(text) else (Reason.SPACE_AROUND,)
    joined = False
    if container == SHC:
        # One code a word; several of one card may come together.
        first, *others = bare.split()
        part = health_card.read_part(first)
        digits = part.digits
        if others or part.numbered:
            digits = health_card.join([part, *map(health_card.read_part, others)])
            joined = part.of > 1
            remarks += (Reason.PARTS_JOINED,)
        token = health_card.token_of(digits)
    elif container == FILE:
        tokens = health_card.tokens_in(bare)
        if len(tokens) > 1:
            raise DocumentError(Reason.SEVERAL_CARDS)
        token = tokens[0].encode("ascii", "replace")
    else:
        # What is no ASCII becomes a question mark, which no token has.
        token = bare.encode("ascii", "replace")
    return _envelope(token, container, remarks, joined=joined)


def _envelope(
    token: bytes, container: str, remarks: tuple[Reason, ...], *, joined: bool
) -> Envelope:
    header, packed, signature, signed = jws.take_apart(token)
    usual = _USUAL_HEADER(header)
    kid = usual[1] if usual else _kid_in(header)
    if len(signature) != _SIGNATURE_BYTES:
        raise DocumentError(Reason.SIGNATURE_MALFORMED)
    payload = deflate.inflate_bare(packed, HEALTH_CARD_BYTES)
    return Envelope(
        container,
        ES256,
        kid,
        signed,
        signature,
        payload,
        issuer=_issuer_in(payload),
        remarks=remarks,
        joined=joined,
    )


def _kid_in(data: bytes) -> bytes | None:
    """Demand a header as cards have it, and give its key id, None when it names none."""
    header = jws.read_header(data)
    if "crit" in header:
        raise DocumentError(Reason.CRITICAL_HEADER)
    kid = header.get("kid", "")
    if header.get("alg") != "ES256" or header.get("zip") != "DEF" or not isinstance(kid, str):
        raise DocumentError(Reason.HEADER_MALFORMED)
    encoded = kid.encode("utf-8", "replace")
    if len(encoded) > KID_BYTES:
        raise DocumentError(Reason.HEADER_MALFORMED)
    return encoded or None


def _issuer_in(payload: bytes) -> str:
    """Read whose keys to look among; it counts for nothing until it stands in the claims."""
    first = _ISSUER_FIRST(payload)
    if first:
        return first[1].decode("ascii")
    members = _decode(payload)
    issuer = members.get("iss") if isinstance(members, dict) else None
    return issuer if isinstance(issuer, str) else ""


def _decode(payload: bytes) -> object:
    return json_strict.decode(payload.removeprefix(_BYTE_ORDER_MARK))


def _read_claims(container: str, payload: bytes) -> Claims:
    members: object = None
    try:
        members = _decode(payload)
    except DocumentError:
        members = None
    if not isinstance(members, dict):
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    issuer, credential = members.get("iss"), members.get("vc")
    begins, ends = _time(members, "nbf"), _time(members, "exp")
    if not isinstance(issuer, str) or not isinstance(credential, dict) or begins is None:
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    doubts: list[Reason] = []
    if not issuer.startswith("https://") or issuer.endswith("/"):
        doubts.append(Reason.ISSUER_MALFORMED)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country="",
        issued=_second(begins, doubts),
        expires=None if ends is None else _second(ends, doubts),
        issuer=issuer,
    )
    terms = read.own_terms()
    terms.dated = False
    if ends is not None and ends <= begins:
        # An end that is no later than the beginning leaves no time between them (notes, 6.3).
        read.expires = floor(min(begins, LAST_SECOND)) - 1
    if payload.startswith(_BYTE_ORDER_MARK):
        doubts.append(Reason.CONTENT_UNUSUAL)
    identifier = credential.get("rid")
    if isinstance(identifier, str) and _REVOCATION_ID(identifier):
        read.identifier = identifier
    try:
        _read_bundle(read, _bundle_of(credential), doubts)
    except DocumentError as fault:
        # The rest can be judged all the same: dates, key, and which part is at fault.
        doubts.append(fault.reason)
    if doubts:
        read.doubts = tuple(dict.fromkeys(doubts))
    return read


def _time(members: Members, name: str) -> float | None:
    """Read a number of seconds, with or without a fraction; None when it is absent."""
    value = members.get(name)
    if value is None:
        return None
    # A boolean is an instance of int too.
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    return value


def _second(time: float, doubts: list[Reason]) -> int:
    """Round a time down to its second, and to the last one that calendars know."""
    if time > _MILLISECONDS:
        doubts.append(Reason.DATE_IN_MILLISECONDS)
    return floor(min(time, LAST_SECOND))


def _bundle_of(credential: Members) -> Members:
    """Find the bundle of a health card; raises ``DocumentError`` for what is none."""
    types = credential.get("type")
    if not isinstance(types, list) or _CARD_TYPE not in types:
        raise DocumentError(Reason.NO_CERTIFICATE_INSIDE)
    subject = credential.get("credentialSubject")
    bundle = subject.get("fhirBundle") if isinstance(subject, dict) else None
    if not isinstance(subject, dict) or not isinstance(bundle, dict):
        raise DocumentError(Reason.NO_CERTIFICATE_INSIDE)
    version = subject.get("fhirVersion")
    if not isinstance(version, str) or bundle.get("resourceType") != "Bundle":
        raise DocumentError(Reason.FIELD_MALFORMED)
    if not version.startswith(_FHIR_4):
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    return bundle


def _read_bundle(read: Claims, bundle: Members, doubts: list[Reason]) -> None:
    """Read the one person and everything that happened to them."""
    found: dict[str, list[Members]] = {"Patient": [], "Immunization": [], "Observation": []}
    places: list[object] = []
    unusual = not bundle.keys().isdisjoint(_SUPERFLUOUS)
    for entry in _list(bundle.get("entry")):
        resource, place, kind = _resource(entry)
        if kind in found:
            found[kind].append(resource)
        else:
            found[kind] = [resource]
        if kind == "Patient":
            places.append(place)
        if not unusual:
            unusual = not place.startswith(_IN_BUNDLE) or _says_more(resource)
    if unusual or len(found) > _KINDS:
        doubts.append(Reason.CONTENT_UNUSUAL)
    doses, tests = found["Immunization"], found["Observation"]
    if doses and tests:
        raise DocumentError(Reason.NOT_ONE_GROUP)
    if doses:
        read.kind, member, happened = _VACCINATION, "patient", doses
        counting = [dose for dose in doses if _dose_counts(dose, doubts)]
        read.events_source = Later(_vaccinations, counting)
    elif tests:
        read.kind, member, happened = _TEST, "subject", tests
        counting = [test for test in tests if _test_counts(test, doubts)]
        read.events_source = Later(_tests, counting)
    else:
        # A medical exemption, for one, is a Condition (notes, 6.5).
        other = len(found) > _KINDS
        raise DocumentError(
            Reason.OTHER_CERTIFICATE_INSIDE if other else Reason.NO_CERTIFICATE_INSIDE
        )
    if len(counting) < len(happened):
        doubts.append(Reason.SOME_DO_NOT_COUNT if counting else Reason.NOTHING_COUNTS)
    _require_one_person(places, [event.get(member) for event in happened])
    read.holder_source = _holder(found["Patient"][0], read.issued, doubts)


def _resource(entry: object) -> tuple[Members, str, str]:
    """Read an entry: the resource, its place in the bundle (empty for none), its kind."""
    if isinstance(entry, dict):
        resource, place = entry.get("resource"), entry.get("fullUrl", "")
        if isinstance(resource, dict) and isinstance(place, str):
            kind = resource.get("resourceType")
            if isinstance(kind, str):
                return resource, place, kind
    raise DocumentError(Reason.FIELD_MALFORMED)


def _require_one_person(patients: Sequence[object], references: Sequence[object]) -> None:
    """Demand one patient, and that everything happened to that one (notes, 11.2)."""
    only = patients[0] if len(patients) == 1 else None
    for each in references:
        if not only or not isinstance(each, dict) or each.get("reference") != only:
            raise DocumentError(Reason.NOT_ONE_PERSON)


def _says_more(resource: Members) -> bool:
    """Tell whether a resource holds what the profiles leave out."""
    if not resource.keys().isdisjoint(_SUPERFLUOUS):
        return True
    meta = resource.get("meta")
    return isinstance(meta, dict) and not meta.keys() <= _ONLY_SECURITY


def _dose_counts(resource: Members, doubts: list[Reason]) -> bool:
    """Check a dose; tell whether it was given, and in full."""
    if resource.get("status") != _GIVEN or resource.get("isSubpotent"):
        return False
    codes = _codes(resource.get("vaccineCode"), doubts)
    for system, _ in codes:
        if system not in _VACCINE_SYSTEMS:
            doubts.append(Reason.CONTENT_UNUSUAL)
    if len(codes) > 1 and _contradict(codes):
        doubts.append(Reason.CODE_MISSING)
    _, instant = _when(resource, "occurrenceDateTime", "occurrencePeriod", doubts)
    if instant is not None:
        doubts.append(Reason.CONTENT_UNUSUAL)
    return True


def _contradict(codes: Sequence[Coded]) -> bool:
    """Tell whether the codes of one dose name two diseases, or two products."""
    meanings = [clinical_codes.vaccine(*code) for code in codes]
    return any(len({*named} - {""}) > 1 for named in zip(*meanings, strict=True))


def _vaccinations(doses: Sequence[Members]) -> list[Event]:
    return [_vaccination(dose) for dose in doses]


def _vaccination(resource: Members) -> Vaccination:
    """Build the event of a dose that has been checked."""
    codes = _codes(resource.get("vaccineCode"), [])
    known = [(code, clinical_codes.vaccine(*code)) for code in codes]
    disease = next((meaning.disease for _, meaning in known if meaning.disease), "")
    day, _ = _when(resource, "occurrenceDateTime", "occurrencePeriod", [])
    return Vaccination(
        (_DISEASES, disease) if disease else _NO_DISEASE,
        next((code for code, meaning in known if not meaning.product), None),
        next((code for code, meaning in known if meaning.product), None),
        _manufacturer(resource.get("manufacturer")),
        day,
        centre=_performer(resource.get("performer")),
        lot=_told(resource, "lotNumber"),
        codes=codes,
    )


def _test_counts(resource: Members, doubts: list[Reason]) -> bool:
    """Check a test; tell whether it is finished and was not withdrawn."""
    if resource.get("status") not in _REPORTED:
        return False
    _codes(resource.get("code"), doubts)
    if "valueCodeableConcept" in resource:
        _codes(resource["valueCodeableConcept"], doubts)
    elif "valueQuantity" in resource:
        if "referenceRange" not in resource:
            doubts.append(Reason.CONTENT_UNUSUAL)
    elif not _text(resource.get("valueString")):
        doubts.append(Reason.FIELD_MISSING)
    _when(resource, "effectiveDateTime", "effectivePeriod", doubts)
    return True


def _tests(tests: Sequence[Members]) -> list[Event]:
    return [_test(test) for test in tests]


def _test(resource: Members) -> Test:
    """Build the event of a test that has been checked.

    A result in numbers or words is not read: nobody may take it for a negative one.
    """
    codes = _codes(resource.get("code"), [])
    methods = [code for code in codes if code[0] == "loinc"]
    disease = clinical_codes.tested_disease(methods[0][1]) if methods else ""
    answers = _codes(resource.get("valueCodeableConcept"), [])
    day, instant = _when(resource, "effectiveDateTime", "effectivePeriod", [])
    return Test(
        (_DISEASES, disease) if disease else _NO_DISEASE,
        next(iter(methods or codes), None),
        # SNOMED CT is preferred; LOINC's answers occur in older cards (notes, 11.4).
        min(answers, key=lambda code: code[0] != "snomed", default=None),
        day,
        instant,
        centre=_performer(resource.get("performer")),
        codes=codes,
        answers=answers,
    )


def _codes(concept: object, doubts: list[Reason]) -> list[Coded]:
    """Read the codings of a concept, each behind a short word for its system, or its address."""
    found: list[Coded] = []
    codings = _list(_object(concept).get("coding"))
    if len(codings) > _CODINGS:
        raise DocumentError(Reason.FIELD_MALFORMED)
    for each in codings:
        coding = _object(each)
        code = _text(coding.get("code"))
        address = _text(coding.get("system"))
        system = _SYSTEMS.get(address, address)
        if code:
            # CVX codes below 10 have two spellings (notes, 11.3).
            found.append((system, code.lstrip("0") if system == "cvx" else code))
        if "display" in coding:
            doubts.append(Reason.CONTENT_UNUSUAL)
    if not found:
        doubts.append(Reason.CODE_MISSING)
    return found


def _when(
    resource: Members, moment: str, period: str, doubts: list[Reason]
) -> tuple[PartialDate, int | None]:
    """Read when something happened, as a day and, where it is told, an instant.

    FHIR has it as a date, or a period whose beginning counts here; words are no date.
    """
    value = resource.get(moment)
    told = not resource.keys().isdisjoint(_OTHER_TIMES)
    if told and value is None and period in resource:
        told = len(resource.keys() & _OTHER_TIMES) > 1
        value = _object(resource[period]).get("start")
    if value is None or told:
        doubts.append(Reason.EVENT_UNDATED)
        return PartialDate(""), None
    text = _text(value)
    if len(text) <= _WHOLE_DATE:
        day, instant = text, None
    else:
        day = text.partition("T")[0]
        instant = _instant(text)
    if not _is_date(day):
        raise DocumentError(Reason.FIELD_MALFORMED)
    return PartialDate(day), instant


def _is_date(text: str) -> bool:
    # Python reads week dates of the same length too; the hyphens rule them out.
    if len(text) != _WHOLE_DATE or text[4:8:3] != "--":
        return _PARTIAL_DATE(text) is not None
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _instant(text: str) -> int | None:
    """Read an instant, None when it has no zone; raises ``DocumentError`` when it is none."""
    moment: datetime | None = None
    if _MOMENT(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
    if moment is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return None if moment.tzinfo is None else floor(moment.timestamp())


# What else is told of an event decides nothing, so that a fault in it costs only itself.
def _told(value: object, *path: str) -> str:
    """Read a text below a value, empty where there is none, or none that may be shown."""
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) and len(value) <= TEXT_CHARACTERS else ""


def _manufacturer(value: object) -> Coded | None:
    code, address = (_told(value, "identifier", member) for member in ("value", "system"))
    return (_SYSTEMS.get(address, address), code) if code else None


def _performer(value: object) -> str:
    """Read who gave a dose (``actor``) or made a test."""
    first = value[0] if isinstance(value, list) and value else None
    return _told(first, "actor", "display") or _told(first, "display")


def _holder(patient: Members, issued: int | None, doubts: list[Reason]) -> Holder:
    """Read name and birth date, and note what cannot be right.

    A name has parts, or is one text. The profiles demand both parts, or the text, and not all of
    them; people with one name have cards all the same.
    """
    names = _list(patient.get("name"))
    name = _object(names[0]) if names else {}
    family, text = _text(name.get("family")), _text(name.get("text"))
    given = _text(" ".join(filter(None, map(_text, _list(name.get("given"))))))
    if text or not (family and given):
        if not (text or family or given):
            raise DocumentError(Reason.FIELD_MISSING)
        if family or given:
            doubts.append(Reason.CONTENT_UNUSUAL)
        else:
            given = text
    birth = _text(patient.get("birthDate"))
    if birth:
        _judge_birth(birth, issued, doubts)
    return Holder(family, given, "", "", PartialDate(birth), undivided=not family and given == text)


def _judge_birth(birth: str, issued: int | None, doubts: list[Reason]) -> None:
    if not _is_date(birth):
        raise DocumentError(Reason.FIELD_MALFORMED)
    whole = birth if len(birth) == _WHOLE_DATE else PartialDate(birth).earliest()
    first = date.fromisoformat(whole)
    if first.year not in _BIRTH_YEARS:
        doubts.append(Reason.BIRTH_YEAR_IMPLAUSIBLE)
    if issued is not None and first.toordinal() > issued // _SECONDS_A_DAY + _DAYS_BEFORE_1970:
        doubts.append(Reason.BORN_AFTER_ISSUE)


# Readers of members: what is absent is empty, what is of another type is a fault.
def _object(value: object) -> Members:
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise DocumentError(Reason.FIELD_MALFORMED)


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if value is None:
        return []
    raise DocumentError(Reason.FIELD_MALFORMED)


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= TEXT_CHARACTERS:
        return value.strip()
    if value is None:
        return ""
    raise DocumentError(Reason.FIELD_MALFORMED)


FORMAT: Final = Format(
    name=NAME,
    containers={SHC: NAME, TOKEN: NAME, FILE: NAME},
    recognise=_recognise,
    open=_open,
    read_claims=_read_claims,
    keys=frozenset({KeyKind.P256}),
    characters=DOCUMENT_CHARACTERS,
)
