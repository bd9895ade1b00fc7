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
from datetime import date
from math import floor
from typing import Final

from verifier import clinical_codes
from verifier.algorithms import ES256, KeyKind
from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Test, Vaccination
from verifier.codecs import deflate, fhir, health_card, health_link, json_strict, jws
from verifier.codecs.fhir import Members
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import (
    DOCUMENT_CHARACTERS,
    HEALTH_CARD_BYTES,
    KID_BYTES,
    LAST_SECOND,
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

_VACCINE_SYSTEMS: Final = frozenset({"cvx", "icd11", "snomed"})

_BIRTH_YEARS: Final = range(1900, 2100)
_SECONDS_A_DAY: Final = 86_400
_DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()

_DISEASES: Final = "snomed"
_NO_DISEASE: Final = ("", "")

_GIVEN: Final = "completed"
_REPORTED: Final = ("final", "amended", "corrected")

_VACCINATION: Final = Kind.VACCINATION
_TEST: Final = Kind.TEST


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
        token = health_card.token_alone(bare)
        if not token:
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
    # A boolean is an instance of int too, but not of its very type.
    if (type(value) is not int and type(value) is not float) or value < 0:
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    return value


def _second(time: float, doubts: list[Reason]) -> int:
    """Round a time down to its second, and to the last one that calendars know."""
    if time > LAST_SECOND:
        if time > _MILLISECONDS:
            doubts.append(Reason.DATE_IN_MILLISECONDS)
        return LAST_SECOND
    return floor(time)


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
    patients: list[Members] = []
    doses: list[Members] = []
    tests: list[Members] = []
    places: list[str] = []
    other = False
    for kind, place, resource in fhir.entries_in(bundle, doubts):
        if kind == "Immunization":
            doses.append(resource)
        elif kind == "Patient":
            patients.append(resource)
            places.append(place)
        elif kind == "Observation":
            tests.append(resource)
        else:
            other = True
    if other:
        doubts.append(Reason.CONTENT_UNUSUAL)
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
        raise DocumentError(
            Reason.OTHER_CERTIFICATE_INSIDE if other else Reason.NO_CERTIFICATE_INSIDE
        )
    if len(counting) < len(happened):
        doubts.append(Reason.SOME_DO_NOT_COUNT if counting else Reason.NOTHING_COUNTS)
    _require_one_person(places, [event.get(member) for event in happened])
    read.holder_source = _holder(patients[0], read.issued, doubts)


def _require_one_person(patients: Sequence[str], references: Sequence[object]) -> None:
    """Demand one patient, and that everything happened to that one (notes, 11.2)."""
    only = patients[0] if len(patients) == 1 else None
    for each in references:
        if not only or not isinstance(each, dict) or each.get("reference") != only:
            raise DocumentError(Reason.NOT_ONE_PERSON)


def _dose_counts(resource: Members, doubts: list[Reason]) -> bool:
    """Check a dose; tell whether it was given, and in full."""
    if resource.get("status") != _GIVEN or resource.get("isSubpotent"):
        return False
    codes = fhir.codes_in(resource.get("vaccineCode"), doubts)
    for system, _ in codes:
        if system not in _VACCINE_SYSTEMS:
            doubts.append(Reason.CONTENT_UNUSUAL)
    if len(codes) > 1 and _contradict(codes):
        doubts.append(Reason.CODE_MISSING)
    _, instant = fhir.when(resource, "occurrenceDateTime", "occurrencePeriod", doubts)
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
    codes = fhir.codes_in(resource.get("vaccineCode"), [])
    known = [(code, clinical_codes.vaccine(*code)) for code in codes]
    disease = next((meaning.disease for _, meaning in known if meaning.disease), "")
    day, _ = fhir.when(resource, "occurrenceDateTime", "occurrencePeriod", [])
    return Vaccination(
        (_DISEASES, disease) if disease else _NO_DISEASE,
        next((code for code, meaning in known if not meaning.product), None),
        next((code for code, meaning in known if meaning.product), None),
        fhir.identifier_in(resource.get("manufacturer")),
        PartialDate(day),
        centre=fhir.performer_in(resource.get("performer")),
        lot=fhir.told(resource, "lotNumber"),
        codes=codes,
    )


def _test_counts(resource: Members, doubts: list[Reason]) -> bool:
    """Check a test; tell whether it is finished and was not withdrawn."""
    if resource.get("status") not in _REPORTED:
        return False
    fhir.codes_in(resource.get("code"), doubts)
    if "valueCodeableConcept" in resource:
        fhir.codes_in(resource["valueCodeableConcept"], doubts)
    elif "valueQuantity" in resource:
        if "referenceRange" not in resource:
            doubts.append(Reason.CONTENT_UNUSUAL)
    elif not fhir.text_of(resource.get("valueString")):
        doubts.append(Reason.FIELD_MISSING)
    fhir.when(resource, "effectiveDateTime", "effectivePeriod", doubts)
    return True


def _tests(tests: Sequence[Members]) -> list[Event]:
    return [_test(test) for test in tests]


def _test(resource: Members) -> Test:
    """Build the event of a test that has been checked.

    A result in numbers or words is not read: nobody may take it for a negative one.
    """
    codes = fhir.codes_in(resource.get("code"), [])
    methods = [code for code in codes if code[0] == "loinc"]
    disease = clinical_codes.tested_disease(methods[0][1]) if methods else ""
    answers = fhir.codes_in(resource.get("valueCodeableConcept"), [])
    day, instant = fhir.when(resource, "effectiveDateTime", "effectivePeriod", [])
    return Test(
        (_DISEASES, disease) if disease else _NO_DISEASE,
        next(iter(methods or codes), None),
        # SNOMED CT is preferred; LOINC's answers occur in older cards (notes, 11.4).
        min(answers, key=lambda code: code[0] != "snomed", default=None),
        PartialDate(day),
        instant,
        centre=fhir.performer_in(resource.get("performer")),
        codes=codes,
        answers=answers,
    )


def _holder(patient: Members, issued: int | None, doubts: list[Reason]) -> Later[Holder]:
    """Read name and birth date, and note what cannot be right."""
    family, given, undivided = fhir.name_in(patient, doubts)
    birth = fhir.text_of(patient.get("birthDate"))
    if birth:
        _judge_birth(birth, issued, doubts)
    return Later(_build_holder, family, given, birth, undivided)


def _build_holder(family: str, given: str, birth: str, undivided: bool) -> Holder:  # noqa: FBT001 - put off
    return Holder(family, given, "", "", PartialDate(birth), undivided=undivided)


def _judge_birth(birth: str, issued: int | None, doubts: list[Reason]) -> None:
    first = fhir.first_day(birth)
    if first is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    if first.year not in _BIRTH_YEARS:
        doubts.append(Reason.BIRTH_YEAR_IMPLAUSIBLE)
    if issued is not None and first.toordinal() > issued // _SECONDS_A_DAY + _DAYS_BEFORE_1970:
        doubts.append(Reason.BORN_AFTER_ISSUE)


FORMAT: Final = Format(
    name=NAME,
    containers={SHC: NAME, TOKEN: NAME, FILE: NAME},
    recognise=_recognise,
    open=_open,
    read_claims=_read_claims,
    keys=frozenset({KeyKind.P256}),
    characters=DOCUMENT_CHARACTERS,
)
