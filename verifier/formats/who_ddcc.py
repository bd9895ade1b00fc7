"""WHO's Digital Documentation of COVID-19 Certificates: vaccination (key 3) and test (key 4).

Sources of the rules: WHO's ddcc (core data set, value sets), smart-trust (hcert_spec). Two older
shapes without claim -260 are read as well: the flat one of 2021, whose members stand among the
claims, and the core data set among the claims (Singapore, 2022). Neither names issuer or times in
the envelope; the issuer is then the owner of the key.

Codes keep their systems. What a result or a product means is for the rules to say: a result that
is absent or coded in an unknown way is no result, and never a negative one.
"""

from typing import Final

from verifier.claims import Claims, Event, Holder, Kind, PartialDate, Test, Vaccination
from verifier.codecs.dates import (
    ABSENT,
    judge_birth,
    read_day,
    read_time,
)
from verifier.codecs.hcert import open_hcert
from verifier.codecs.hcert_claims import (
    TEST,
    VACCINATION,
    HealthClaims,
    Members,
    coding,
    label,
    members,
    reference,
    text,
)
from verifier.countries import alpha_2
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.privacy import Later
from verifier.reasons import Reason

NAME: Final = "who-ddcc"
_HC1: Final = "HC1"

# More doses than anybody ever had.
_COUNT_END: Final = 1_000

# What tells the older shapes, among the claims: the member of the flat one, those of the core.
_AMONG_CLAIMS: Final = {"vaccine": VACCINATION, "vaccination": VACCINATION, "test": TEST}

# The flat shape of 2021: what its members are called in the core data set. ``valid_from`` and
# ``valid_until`` are those of the certificate, ``vaccine_valid`` is that of the dose.
_VACCINATION_OF_2021: Final = {
    "vaccine": "vaccine",
    "brand": "brand",
    "manufacturer": "manufacturer",
    "ma_holder": "maholder",
    "lot": "lot",
    "date": "date",
    "vaccine_valid": "validFrom",
    "dose": "dose",
    "total_doses": "totalDoses",
    "country": "country",
    "centre": "centre",
    "disease": "disease",
}


def _recognise(_: str) -> str | None:
    """Leave the container to the family that most texts in it belong to."""
    return None


def _read_claims(container: str, payload: bytes) -> Claims:
    outer = HealthClaims(payload)
    key, content, older = _find(outer)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country=alpha_2(outer.issuer),
        issued=outer.issued,
        expires=outer.expires,
    )
    terms = read.own_terms()
    terms.starts = outer.not_before or 0
    terms.dated = False
    terms.participant = outer.issuer
    read.kind = Kind.VACCINATION if key == VACCINATION else Kind.TEST
    remarks = [Reason.OLDER_FORM] * older + [Reason.UNUSUAL_FORM] * outer.unusual
    try:
        found = _read_content(read, key, content)
    except DocumentError as fault:
        found = (fault.reason,)
    read.doubts = (*found, *remarks)
    return read


def _find(outer: HealthClaims) -> tuple[int, object, bool]:
    """Give the key, the core data set, and whether it stands in an older shape.

    Raises ``DocumentError`` when the payload is another format's.
    """
    if outer.key is not None:
        if outer.key in (VACCINATION, TEST):
            return outer.key, outer.content, False
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    claims = members(outer.content)
    there = [name for name in _AMONG_CLAIMS if claims.get(name) not in ABSENT]
    if not there or claims.get("name") in ABSENT:
        raise DocumentError(Reason.NO_CERTIFICATE_INSIDE)
    if len(there) > 1:
        raise DocumentError(Reason.SEVERAL_CERTIFICATES)
    core = _core_of_2021(claims) if there == ["vaccine"] else claims
    return _AMONG_CLAIMS[there[0]], core, True


def _core_of_2021(claims: Members) -> Members:
    """Bring the flat shape of 2021 into that of the core data set."""
    certificate = {
        "issuer": claims.get("pha"),
        "hcid": claims.get("hcid"),
        "version": "2021",
        "period": {"start": claims.get("valid_from"), "end": claims.get("valid_until")},
    }
    return {
        "name": claims.get("name"),
        "birthDate": claims.get("birthDate"),
        "vaccination": {core: claims.get(old) for old, core in _VACCINATION_OF_2021.items()},
        **({"certificate": certificate} if claims.get("hcid") not in ABSENT else {}),
    }


def _read_content(read: Claims, key: int, content: object) -> tuple[Reason, ...]:
    """Check what the certificate says and give the doubts. Raises ``DocumentError``."""
    if isinstance(content, list):
        raise DocumentError(Reason.NOT_ONE_ENTRY)
    person = members(content)
    name = text(person.get("name"))
    if not name:
        raise DocumentError(Reason.FIELD_MISSING)
    born, doubts = judge_birth(text(person.get("birthDate")), read.issued)
    _read_certificate(read, person.get("certificate"))
    if key == VACCINATION:
        read.events_source = _vaccination(members(person.get("vaccination")))
    else:
        read.events_source = _test(members(person.get("test")))
    read.holder_source = Later(_build_holder, name, born)
    return doubts


def _build_holder(name: str, born: str) -> Holder:
    return Holder("", name, "", "", PartialDate(born), undivided=True)


def _read_certificate(read: Claims, certificate: object) -> None:
    """Read what is said of the certificate itself; its ``kid`` is none, and is not looked at."""
    if certificate in ABSENT:
        return
    said = members(certificate)
    read.identifier = reference(said.get("hcid"))
    if not (read.identifier and reference(said.get("issuer")) and text(said.get("version"))):
        raise DocumentError(Reason.FIELD_MISSING)
    if said.get("period") in ABSENT:
        return
    period, terms = members(said["period"]), read.own_terms()
    first = last = ""
    if period.get("start") not in ABSENT:
        first, start = read_time(period["start"])
        if start is not None:
            terms.starts, first = max(terms.starts, start), ""
    if period.get("end") not in ABSENT:
        last, end = read_time(period["end"])
        if end is not None:
            terms.ends, last = end, ""
    terms.days = (first, last)


def _vaccination(entry: Members) -> tuple[Event, ...]:
    vaccine, brand = coding(entry.get("vaccine")), coding(entry.get("brand"))
    maker = coding(entry.get("manufacturer")) or coding(entry.get("maholder"))
    lot, country = text(entry.get("lot")), _country(entry.get("country"))
    dose = _count(entry.get("dose"))
    if not (vaccine and brand and maker and lot and country and dose):
        raise DocumentError(Reason.FIELD_MISSING)
    words = filter(None, map(label, (entry.get("vaccine"), entry.get("brand"))))
    total = entry.get("totalDoses")
    return (
        Vaccination(
            coding(entry.get("disease")),
            vaccine,
            brand,
            maker,
            PartialDate(read_day(entry.get("date"))),
            dose=dose,
            doses=_count(entry.get("total_doses") if total in ABSENT else total),
            country=country,
            centre=text(entry.get("centre")),
            lot=lot,
            valid_from=_optional_day(entry.get("validFrom")),
            codes=[vaccine, brand, *(("name", each) for each in words)],
        ),
    )


def _test(entry: Members) -> tuple[Event, ...]:
    pathogen, method = coding(entry.get("pathogen")), coding(entry.get("type"))
    country = _country(entry.get("country"))
    if not (pathogen and method and country):
        raise DocumentError(Reason.FIELD_MISSING)
    day, sampled = read_time(entry.get("date"))
    centre = coding(entry.get("centre"))
    return (
        Test(
            pathogen,
            method,
            coding(entry.get("result")),
            PartialDate(day),
            sampled,
            device=coding(entry.get("brand")),
            country=country,
            centre=centre[1] if centre else "",
        ),
    )


def _country(value: object) -> str:
    """Read a country: alpha-2 where it is one, else the code as it stands."""
    country = coding(value)
    return (alpha_2(country[1]) or country[1]) if country else ""


def _count(value: object) -> int | None:
    """Read a count of doses, of which the first is 1."""
    if value in ABSENT:
        return None
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    if whole and value in range(1, _COUNT_END):
        return int(value)  # type: ignore[call-overload,no-any-return]
    raise DocumentError(Reason.FIELD_MALFORMED)


def _optional_day(value: object) -> PartialDate | None:
    return None if value in ABSENT else PartialDate(read_day(value))


FORMAT: Final = Format(
    name=NAME,
    containers={_HC1: NAME},
    recognise=_recognise,
    open=open_hcert,
    read_claims=_read_claims,
)
