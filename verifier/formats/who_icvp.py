"""Digital ICVP, the WHO's certificate of vaccination or prophylaxis (IHR 2005, annexes 6 and 7).

Sources of the rules: the regulations as amended in 2024; WHO's smart-icvp (ICVPMin, requirements of
April 2026), smart-trust-phw (DVCMin) and smart-trust (hcert_spec). It stands under claim -260,
key -6, in three generations that share the key and differ in names and in what they state.

The disease and the maker follow from the product. Of yellow fever the first valid day is the tenth
after the vaccination, and there is no last one, whatever the issuer states. What is said of the
days of other diseases is the issuer's word; WHO's recommendations for them change, and are rules.
"""

import re
from typing import Final

from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Vaccination
from verifier.codecs.dates import (
    ABSENT,
    SECONDS_A_DAY,
    day_after,
    day_begins,
    earliest,
    judge_birth,
    read_day,
)
from verifier.codecs.hcert import open_hcert
from verifier.codecs.hcert_claims import ICVP, HealthClaims, Members, members, text
from verifier.codecs.icvp_products import CLASSES, LISTED_ON, PRODUCTS, YELLOW_FEVER
from verifier.countries import alpha_2, is_alpha_3
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.privacy import Later, private
from verifier.reasons import Reason

NAME: Final = "who-icvp"
_HC1: Final = "HC1"

_FIRST_DAY: Final = 10  # annex 7: valid from so many days after the vaccination
_FIRST_VACCINE: Final = "1938-01-01"  # no vaccine of these certificates is older
_DIGITAL_SINCE: Final = day_begins("2025-09-19")  # the amendments of 2024 came into force
_LIST_ENDS: Final = day_begins(LISTED_ON) + SECONDS_A_DAY

# The first place on earth is this far into a day when it begins in UTC (seconds).
_EARLIEST_ZONE: Final = 14 * 3_600

# Versions of the template, which only the third generation states.
_TEMPLATES: Final = frozenset(("1.0.0",))

# A code of a class of vaccine where a product should stand: ICD-11 extension code or SNOMED CT.
_CLASS_CODE: Final = re.compile(r"X[A-Z][A-Z0-9]{4}|[0-9]{6,18}").fullmatch

_PASSPORT: Final = ("", "PPN")


@private
class _Drug:
    """What was given: the disease (ICD-11, empty when not known), its codes, who makes it."""

    __slots__ = ("disease", "maker", "product", "vaccine")

    def __init__(
        self, disease: str, vaccine: Coded | None, product: Coded | None, maker: Coded | None
    ) -> None:
        """Take the class of the vaccine or the product, whichever is stated."""
        self.disease = disease
        self.vaccine = vaccine
        self.product = product
        self.maker = maker


def _recognise(_: str) -> str | None:
    """Leave the container to the family that most texts in it belong to."""
    return None


def _read_claims(container: str, payload: bytes) -> Claims:
    outer = HealthClaims(payload)
    if outer.key != ICVP:
        missing = Reason.NO_CERTIFICATE_INSIDE
        raise DocumentError(missing if outer.key is None else Reason.OTHER_CERTIFICATE_INSIDE)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country=alpha_2(outer.issuer),
        issued=outer.issued,
        expires=outer.expires,
    )
    terms = read.own_terms()
    terms.dated = False
    terms.participant = outer.issuer
    read.kind = Kind.VACCINATION
    terms.starts = outer.not_before or 0
    if outer.issued is not None and outer.issued < _DIGITAL_SINCE:
        terms.remarks = (Reason.BEFORE_DIGITAL,)
    try:
        found = _read_content(read, outer.content)
    except DocumentError as fault:
        found = (fault.reason,)
    read.doubts = (*found, Reason.UNUSUAL_FORM) if outer.unusual else found
    return read


def _read_content(read: Claims, content: object) -> tuple[Reason, ...]:
    """Check what the certificate says and give the doubts. Raises ``DocumentError``."""
    if isinstance(content, list):
        raise DocumentError(Reason.NOT_ONE_ENTRY)
    person = members(content)
    details, third = _details(person)
    doubts = [*_read_person(read, person, third=third)]
    given_on = _vaccinated(details)
    if not text(details.get("bo")):
        raise DocumentError(Reason.FIELD_MISSING)
    clinician, authority = text(details.get("cn")), text(details.get("is"))
    if not clinician and not authority:
        doubts.append(Reason.NOBODY_NAMED)
    read.own_terms().authority = _participant(authority, third=third)
    issued_on = read_day(person["d"]) if person.get("d") not in ABSENT else ""
    drug = _read_drug(details)
    if _contradicts(read, person, drug, given_on, issued_on, stated=text(details.get("tg"))):
        doubts.append(Reason.CONTENT_CONTRADICTS)
    doubts += _judge_product(read, drug, given_on, issued_on)
    first, last = _read_term(read, details, drug, given_on)
    if third and text(person.get("v")) not in _TEMPLATES:
        doubts.append(Reason.SHAPE_AMBIGUOUS)
    if not third or not issued_on or details.get("dv") in ABSENT:
        doubts.append(Reason.OLDER_FORM)
    read.events_source = Later(_events, drug, given_on, text(details["bo"]), first, last)
    return tuple(doubts)


def _details(person: Members) -> tuple[Members, bool]:
    """Find the details, and tell whether they are those of the third generation.

    ``v`` holds the details before it and the version of the template in it.
    """
    version, details = person.get("v"), person.get("vx")
    if details in ABSENT:
        if isinstance(version, list):
            raise DocumentError(Reason.NOT_ONE_ENTRY)
        # A version without details leaves nothing to read.
        return members(None if isinstance(version, str) else version), False
    if isinstance(details, list):
        raise DocumentError(Reason.NOT_ONE_ENTRY)
    if isinstance(version, dict | list):
        raise DocumentError(Reason.SHAPE_AMBIGUOUS)
    return members(details), True


def _read_person(read: Claims, person: Members, *, third: bool) -> tuple[Reason, ...]:
    """Read who it is. The name is one text, in the order of the travel document."""
    name, birth = text(person.get("n")), text(person.get("dob"))
    required = ("s", "nt", "v") if third else ()
    if not name or not birth or any(person.get(member) in ABSENT for member in required):
        raise DocumentError(Reason.FIELD_MISSING)
    number, kind = ("id", "dt") if third else ("nid", "ndt")
    if text(person.get(kind)) in _PASSPORT:
        read.travel_document = text(person.get(number))
    born, doubts = judge_birth(birth, read.issued)
    read.holder_source = Later(_build_holder, name, born)
    if third and len(born) != len("1980-05-17"):
        # The model demands a whole date; a part of it can be compared all the same.
        doubts = (*doubts, Reason.UNUSUAL_FORM)
    return doubts


def _build_holder(name: str, born: str) -> Holder:
    return Holder("", name, "", "", PartialDate(born), undivided=True)


def _vaccinated(details: Members) -> str:
    """Read the day of the vaccination, which the drafts of 2026 and all before them call ``dt``."""
    stated = [details[name] for name in ("dv", "dt") if details.get(name) not in ABSENT]
    days = {*map(read_day, stated)} or {read_day(None)}
    if len(days) > 1:
        raise DocumentError(Reason.SHAPE_AMBIGUOUS)
    return days.pop()


def _participant(authority: str, *, third: bool) -> str:
    """Tell which participant of WHO's network the authority is, if it is the code of one.

    The third generation states a code; those before it state a ministry's name, of which two
    letters may be an abbreviation.
    """
    return alpha_2(authority) if is_alpha_3(authority.upper() if third else authority) else ""


def _read_drug(details: Members) -> _Drug:
    given, disease = text(details.get("vp")), text(details.get("tg"))
    if not given:
        raise DocumentError(Reason.FIELD_MISSING)
    listed = PRODUCTS.get(given)
    if listed is not None:
        return _Drug(listed.disease, None, ("who-pq", given), ("name", listed.maker))
    stated_maker = text(details.get("ma"))
    maker = ("name", stated_maker) if stated_maker else None
    if given in CLASSES or _CLASS_CODE(given):
        system = "snomed" if given.isdigit() else "icd11"
        product = text(details.get("mp"))
        return _Drug(
            CLASSES.get(given, disease),
            (system, given),
            ("unstated", product) if product else None,
            maker,
        )
    return _Drug(disease, None, ("who-pq", given), maker)


def _contradicts(  # noqa: PLR0913 - what is compared with one another
    read: Claims, person: Members, drug: _Drug, given_on: str, issued_on: str, *, stated: str
) -> bool:
    """Tell whether disease and product, or the days of a life, exclude each other."""
    born, _ = judge_birth(text(person.get("dob")), None)
    issued = read.issued
    return (
        (bool(stated) and stated != drug.disease)
        or given_on < earliest(born)
        or given_on < _FIRST_VACCINE
        or (bool(issued_on) and given_on > issued_on)
        or (issued is not None and day_begins(given_on) - _EARLIEST_ZONE > issued)
    )


def _judge_product(read: Claims, drug: _Drug, given_on: str, issued_on: str) -> tuple[Reason, ...]:
    """Hold the product to WHO's list: annex 6 demands one that WHO has approved.

    A list cannot speak about a certificate that is younger than the list.
    """
    if drug.vaccine is not None:
        return (Reason.PRODUCT_NOT_STATED,)
    listed = PRODUCTS.get(drug.product[1]) if drug.product else None
    if listed is not None:
        if given_on < listed.since:
            terms = read.own_terms()
            terms.remarks = (*terms.remarks, Reason.BEFORE_APPROVAL)
        return ()
    issued = day_begins(issued_on) if issued_on else read.issued
    if issued is None or issued >= _LIST_ENDS or given_on > LISTED_ON:
        return (Reason.PRODUCT_UNLISTED,)
    read.own_terms().unmet = Reason.PRODUCT_NOT_APPROVED
    return ()


def _read_term(read: Claims, details: Members, drug: _Drug, given_on: str) -> tuple[str, str]:
    """Work out from when to when the certificate counts: first and last day, empty for no end."""
    stated_first, stated_last = (
        read_day(details[name]) if details.get(name) not in ABSENT else ""
        for name in ("vls", "vle")
    )
    terms = read.own_terms()
    lifelong = terms.lifelong = drug.disease == YELLOW_FEVER
    first = day_after(given_on, _FIRST_DAY) if lifelong else given_on
    if lifelong and stated_first not in ("", first):
        terms.remarks = (*terms.remarks, Reason.FIRST_DAY_DIFFERS)
    days = terms.days = (max(first, stated_first), "" if lifelong else stated_last)
    if not lifelong:
        return days
    if stated_last:
        terms.remarks = (*terms.remarks, Reason.END_NOT_COUNTED)
        if read.expires is not None:
            # An end of the envelope beside it, within a day, is the same end said twice.
            distance = read.expires - day_begins(stated_last)
            if -SECONDS_A_DAY <= distance <= 2 * SECONDS_A_DAY:
                read.expires = None
    return days


def _events(drug: _Drug, given_on: str, lot: str, first: str, last: str) -> tuple[Event, ...]:
    return (
        Vaccination(
            ("icd11", drug.disease) if drug.disease else None,
            drug.vaccine,
            drug.product,
            drug.maker,
            PartialDate(given_on),
            lot=lot,
            valid_from=PartialDate(first),
            valid_until=PartialDate(last) if last else None,
            lifelong=drug.disease == YELLOW_FEVER,
        ),
    )


FORMAT: Final = Format(
    name=NAME,
    containers={_HC1: NAME},
    recognise=_recognise,
    open=open_hcert,
    read_claims=_read_claims,
)
