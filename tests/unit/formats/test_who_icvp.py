"""The digital ICVP as it is read once its signature holds: its generations, single changes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specimens import memory_keys
from support.zones import Passport

from fixtures.cbor import Raw, Tag, encode
from fixtures.eu_dcc.issue import ABSENT
from fixtures.who import claims, scan
from fixtures.who_icvp import content as says
from fixtures.world import of_who
from verifier import Disclosure, Match, Outcome, PrivacyPolicy, Verdict, Verifier
from verifier.claims import Claims, Kind, Vaccination
from verifier.codecs.dates import day_begins
from verifier.codecs.icvp_products import CLASSES, LISTED_ON, PRODUCTS
from verifier.errors import DocumentError
from verifier.formats import who_icvp
from verifier.identity import compare
from verifier.limits import TEXT_CHARACTERS
from verifier.reasons import Reason

UNDEFINED = Raw(b"\xf7")
OLDER = Reason.OLDER_FORM


def read(content: object, **parts: object) -> Claims:
    return who_icvp.FORMAT.read_claims("HC1", encode(claims(-6, content, **parts)))


def reasons(content: object, **parts: object) -> list[Reason]:
    return list(read(content, **parts).doubts)


def third(**details: object) -> dict[object, object]:
    return says.third(says.details(**details))


def event_of(content: object, **parts: object) -> Vaccination:
    (event,) = read(content, **parts).events
    assert isinstance(event, Vaccination)
    return event


def test_the_container_is_recognised_by_the_family_that_most_texts_belong_to() -> None:
    assert who_icvp.FORMAT.recognise("HC1:ABC") is None
    assert who_icvp.FORMAT.containers == {"HC1": "who-icvp"}


def test_the_envelope_is_told() -> None:
    told = read(says.third(), issuer="KEN", issued=5, expires=7, not_before=6)
    assert (told.format, told.scheme, told.country) == ("who-icvp", "who-icvp", "KE")
    assert (told.issued, told.expires, told.own_terms().starts, told.own_terms().dated) == (
        5,
        7,
        6,
        False,
    )
    assert (told.kind, told.own_terms().participant) == (Kind.VACCINATION, "KEN")


@pytest.mark.parametrize(
    ("content", "name", "born", "doubts"),
    [
        (says.third(), "Musterfrau-Specimen Vera", "1980-05-17", []),
        (says.second(), "Mustermann-Specimen Max Otto", "1971-11-30", [OLDER]),
        (says.first(), "Größwång-Specimen Zoë Renée", "1963", [Reason.PRODUCT_NOT_STATED, OLDER]),
    ],
)
def test_each_generation_is_read(
    content: object, name: str, born: str, doubts: list[Reason]
) -> None:
    told = read(content)
    assert told.holder is not None
    assert (told.holder.name(), told.holder.name_mrz()) == (name, "")
    assert told.holder.birth_date.text == born
    assert told.holder.undivided
    assert list(told.doubts) == doubts
    event = told.events[0]
    assert isinstance(event, Vaccination)
    assert event.disease == ("icd11", "1D47")
    assert (event.date.text, event.lifelong) == ("2026-10-20", True)


def test_disease_and_maker_follow_from_the_product() -> None:
    assert dict(event_of(says.third()).facts()) == {
        "disease": "1D47",
        "product": says.YELLOW_FEVER,
        "manufacturer": "Sanofi Pasteur",
        "date": "2026-10-20",
        "lot": "SPECIMEN-0001",
        "valid_from": "2026-10-30",
        "valid_until": "life of person vaccinated",
    }
    assert event_of(third(vp=says.POLIO)).disease == ("icd11", "1C81")


def test_the_first_generation_states_product_and_maker_in_words() -> None:
    event = event_of(says.first())
    assert event.vaccine == ("icd11", "XM0N24")
    assert event.product == ("unstated", "Specimen vaccine")
    assert event.manufacturer == ("name", "Specimen maker")
    bare = event_of(says.first({"mp": ABSENT, "ma": ABSENT, "vp": "871717007", "tg": ABSENT}))
    assert (bare.vaccine, bare.product, bare.manufacturer) == (("snomed", "871717007"), None, None)
    assert bare.disease == ("icd11", "1D47")


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_listed_product_is_taken_in_each_generation(product: str) -> None:
    listed = PRODUCTS[product]
    assert reasons(third(vp=product)) == []
    assert reasons(says.second({"vp": product, "vls": ABSENT})) == [OLDER]
    assert reasons(says.first({"vp": product, "tg": listed.disease, "vls": ABSENT})) == [OLDER]
    other = "1C81" if listed.disease == "1D47" else "1D47"
    contradicting = says.first({"vp": product, "tg": other, "vls": ABSENT})
    assert reasons(contradicting) == [Reason.CONTENT_CONTRADICTS, OLDER]


@pytest.mark.parametrize("code", CLASSES)
def test_a_class_names_the_disease_and_no_product(code: str) -> None:
    disease = CLASSES[code]
    content = says.first({"vp": code, "tg": disease, "vls": ABSENT})
    assert reasons(content) == [Reason.PRODUCT_NOT_STATED, OLDER]
    assert event_of(content).disease == ("icd11", disease)
    # Also where a product should stand.
    assert reasons(third(vp=code)) == [Reason.PRODUCT_NOT_STATED]


def test_a_disease_without_a_known_product_is_the_stated_one() -> None:
    covid = says.first({"vp": "XM68M6", "tg": "RA01", "vls": ABSENT})
    assert event_of(covid).disease == ("icd11", "RA01")
    assert not event_of(covid).lifelong
    assert event_of(third(vp="XM68M6")).disease is None


def test_the_list_of_products_has_a_date_and_60_products() -> None:
    assert LISTED_ON == "2025-10-30"
    diseases = [product.disease for product in PRODUCTS.values()]
    assert (diseases.count("1D47"), diseases.count("1C81")) == (11, 49)
    assert all(len(product.since) == 10 and product.maker for product in PRODUCTS.values())


@pytest.mark.parametrize(
    ("issued_on", "issued", "given", "unmet", "doubts"),
    [
        ("2025-10-30", ABSENT, "2025-10-01", Reason.PRODUCT_NOT_APPROVED, []),
        ("2025-10-31", ABSENT, "2025-10-01", None, [Reason.PRODUCT_UNLISTED]),
        (ABSENT, day_begins("2025-10-31") - 1, "2025-10-01", Reason.PRODUCT_NOT_APPROVED, [OLDER]),
        (ABSENT, day_begins("2025-10-31"), "2025-10-01", None, [Reason.PRODUCT_UNLISTED, OLDER]),
        (ABSENT, ABSENT, "2025-10-01", None, [Reason.PRODUCT_UNLISTED, OLDER]),
    ],
)
def test_a_list_speaks_only_about_certificates_that_are_older_than_the_list(
    issued_on: object, issued: object, given: str, unmet: Reason | None, doubts: list[Reason]
) -> None:
    told = read(says.third(says.details(vp=says.UNLISTED, dv=given), d=issued_on), issued=issued)
    assert (told.own_terms().unmet, list(told.doubts)) == (unmet, doubts)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([says.third()], Reason.NOT_ONE_ENTRY),
        ([], Reason.NOT_ONE_ENTRY),
        ("text", Reason.FIELD_MALFORMED),
        ({}, Reason.FIELD_MISSING),
        (says.third([says.details()]), Reason.NOT_ONE_ENTRY),
        (says.second(v=[{}]), Reason.NOT_ONE_ENTRY),
        (says.third(v=says.second()["v"]), Reason.SHAPE_AMBIGUOUS),
        (says.third(v=[]), Reason.SHAPE_AMBIGUOUS),
        (says.third(vx=ABSENT), Reason.FIELD_MISSING),
        (says.third(vx=None), Reason.FIELD_MISSING),
        (says.second(v=7), Reason.FIELD_MALFORMED),
        (says.third(7), Reason.FIELD_MALFORMED),
        (third(dt="2026-10-21"), Reason.SHAPE_AMBIGUOUS),
    ],
)
def test_ambiguous_shapes_are_for_a_person(content: object, reason: Reason) -> None:
    told = read(content)
    assert list(told.doubts) == [reason]
    assert told.kind is Kind.VACCINATION


def test_the_same_day_twice_is_no_contradiction() -> None:
    assert reasons(third(dt="2026-10-20")) == []


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, "", " "])
@pytest.mark.parametrize("member", ["n", "dob"])
def test_a_person_needs_name_and_birth_date(member: str, value: object) -> None:
    for content in (says.third(**{member: value}), says.second(**{member: value})):
        assert reasons(content) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED])
@pytest.mark.parametrize("member", ["s", "nt", "v"])
def test_the_third_generation_demands_more(member: str, value: object) -> None:
    assert reasons(says.third(**{member: value})) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED])
@pytest.mark.parametrize("member", ["s", "ntl", "nid", "ndt", "gn"])
def test_those_before_it_do_not(member: str, value: object) -> None:
    assert reasons(says.second(**{member: value})) == [OLDER]


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, "", " "])
@pytest.mark.parametrize("member", ["vp", "dv", "bo"])
def test_details_need_product_day_and_batch(member: str, value: object) -> None:
    assert reasons(third(**{member: value})) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize(
    "value", [5, 1.5, True, b"bytes", ["text"], {}, "x" * (TEXT_CHARACTERS + 1)]
)
def test_a_member_that_is_no_text_is_malformed(value: object) -> None:
    for member in ("n", "dob", "id", "dt", "v", "d"):
        content = says.third(**{member: value})
        found = reasons(content)
        assert found in ([Reason.FIELD_MALFORMED], [Reason.SHAPE_AMBIGUOUS]), member
    for member in ("vp", "dv", "bo", "cn", "is", "tg", "vls", "vle"):
        assert reasons(third(**{member: value})) == [Reason.FIELD_MALFORMED], member


@pytest.mark.parametrize(
    ("clinician", "authority", "doubts"),
    [
        ("Dr Specimen", "XXS", []),
        ("Dr Specimen", ABSENT, []),
        (None, "XXS", []),
        (None, UNDEFINED, [Reason.NOBODY_NAMED]),
        ("", " ", [Reason.NOBODY_NAMED]),
    ],
)
def test_a_clinician_or_an_authority_answers_for_it(
    clinician: object, authority: object, doubts: list[Reason]
) -> None:
    assert reasons(third(cn=clinician, **{"is": authority})) == doubts


@pytest.mark.parametrize(
    ("authority", "generation", "participant"),
    [
        ("KEN", 3, "KE"),
        ("ken", 3, "KE"),
        ("XXS", 3, "XS"),
        ("XCL", 3, "XL"),
        ("WHO", 3, "WH"),
        ("KE", 3, ""),
        ("ABC", 3, ""),
        ("Ministry of Health", 3, ""),
        ("KEN", 2, "KE"),
        ("ken", 2, ""),
        ("MS", 2, ""),
        ("MINSALUD", 2, ""),
    ],
)
def test_the_authority_is_a_participant_where_it_is_its_code(
    authority: str, generation: int, participant: str
) -> None:
    content = third(**{"is": authority}) if generation == 3 else says.second({"is": authority})
    assert read(content).own_terms().authority == participant


@pytest.mark.parametrize(
    ("version", "doubts"),
    [
        ("1.0.0", []),
        (" 1.0.0 ", []),
        ("1.0.1", [Reason.SHAPE_AMBIGUOUS]),
        ("2", [Reason.SHAPE_AMBIGUOUS]),
        ("", [Reason.SHAPE_AMBIGUOUS]),
    ],
)
def test_a_version_of_the_template_that_is_unknown_is_for_a_person(
    version: str, doubts: list[Reason]
) -> None:
    told = read(says.third(v=version))
    assert list(told.doubts) == doubts
    assert told.holder is not None


@pytest.mark.parametrize(
    ("number", "content"),
    [
        ("SPECIMEN1", says.third()),
        ("SPECIMEN1", says.third(dt=ABSENT)),
        ("", says.third(dt="NI")),
        ("", says.third(id=ABSENT)),
        ("", says.second()),
        ("SPECIMEN2", says.second(ndt="PPN")),
        ("SPECIMEN3", says.first()),
    ],
)
def test_only_the_number_of_a_passport_is_compared(number: str, content: object) -> None:
    assert read(content).travel_document == number


@pytest.mark.parametrize(
    ("born", "given", "doubts"),
    [
        ("1980-05-17", "1980-05-17", []),
        ("1980-05-17", "1980-05-16", [Reason.CONTENT_CONTRADICTS]),
        ("1805", "2026-10-20", [Reason.BIRTH_YEAR_IMPLAUSIBLE, Reason.UNUSUAL_FORM]),
        ("2026-11-03", "2026-10-20", [Reason.BORN_AFTER_ISSUE, Reason.CONTENT_CONTRADICTS]),
        ("1980", "1980-01-01", [Reason.UNUSUAL_FORM]),
        ("1980", "1979-12-31", [Reason.UNUSUAL_FORM, Reason.CONTENT_CONTRADICTS]),
        ("1930-01-01", "1937-12-31", [Reason.CONTENT_CONTRADICTS]),
        ("1930-01-01", "1938-01-01", []),
    ],
)
def test_the_days_of_a_life_follow_one_another(born: str, given: str, doubts: list[Reason]) -> None:
    assert reasons(says.third(says.details(dv=given), dob=born)) == doubts


@pytest.mark.parametrize(
    ("given", "issued_on", "issued", "contradicts"),
    [
        ("2026-11-02", "2026-11-02", ABSENT, False),
        ("2026-11-03", "2026-11-02", ABSENT, True),
        # A day begins in the east while it is still the day before in UTC.
        ("2026-11-03", ABSENT, day_begins("2026-11-02") + 10 * 3600, False),
        ("2026-11-03", ABSENT, day_begins("2026-11-02") + 10 * 3600 - 1, True),
    ],
)
def test_nobody_certifies_what_is_still_to_come(
    given: str, issued_on: object, issued: object, *, contradicts: bool
) -> None:
    found = reasons(says.third(says.details(dv=given), d=issued_on), issued=issued)
    assert (Reason.CONTENT_CONTRADICTS in found) is contradicts


@pytest.mark.parametrize(
    ("details", "days", "remarks"),
    [
        ({}, ("2026-10-30", ""), []),
        ({"vls": "2026-10-30"}, ("2026-10-30", ""), []),
        ({"vls": "2026-10-20"}, ("2026-10-30", ""), [Reason.FIRST_DAY_DIFFERS]),
        ({"vls": "2026-11-20"}, ("2026-11-20", ""), [Reason.FIRST_DAY_DIFFERS]),
        ({"vle": "2031-10-30"}, ("2026-10-30", ""), [Reason.END_NOT_COUNTED]),
        ({"dv": "1986-06-01"}, ("1986-06-11", ""), [Reason.BEFORE_APPROVAL]),
        ({"vp": says.POLIO}, ("2026-10-20", ""), []),
        ({"vp": says.POLIO, "vls": "2026-11-17"}, ("2026-11-17", ""), []),
        ({"vp": says.POLIO, "vle": "2027-10-20"}, ("2026-10-20", "2027-10-20"), []),
    ],
)
def test_yellow_fever_counts_from_the_tenth_day_for_life_and_others_as_stated(
    details: dict[str, object], days: tuple[str, str], remarks: list[Reason]
) -> None:
    told = read(third(**details))
    assert (told.own_terms().days, list(told.own_terms().remarks)) == (days, remarks)
    assert told.own_terms().lifelong is (details.get("vp") is None)


@pytest.mark.parametrize(
    ("expires", "kept"),
    [
        (day_begins("2031-10-29"), True),
        (day_begins("2031-10-30"), False),
        (day_begins("2031-11-01"), False),
        (day_begins("2031-11-02") + 1, True),
    ],
)
def test_an_end_that_the_envelope_repeats_is_no_term_of_the_signature(
    expires: int, *, kept: bool
) -> None:
    told = read(third(vle="2031-10-31"), expires=expires)
    assert told.expires == (expires if kept else None)


def test_certificates_before_the_rules_for_digital_ones_are_told() -> None:
    begins = day_begins("2025-09-19")
    assert (
        Reason.BEFORE_DIGITAL
        in read(says.second({"dt": "2025-01-01"}), issued=begins - 1).own_terms().remarks
    )
    assert (
        Reason.BEFORE_DIGITAL
        not in read(says.second({"dt": "2025-01-01"}), issued=begins).own_terms().remarks
    )


@pytest.mark.parametrize("key", [1, 3, 4])
def test_another_certificate_is_another_format_s(key: int) -> None:
    payload = encode(claims(key, says.third()))
    with pytest.raises(DocumentError) as refused:
        who_icvp.FORMAT.read_claims("HC1", payload)
    assert refused.value.reason is Reason.OTHER_CERTIFICATE_INSIDE


def test_flat_claims_are_none_of_this_format() -> None:
    with pytest.raises(DocumentError) as refused:
        who_icvp.FORMAT.read_claims("HC1", encode({"n": "Specimen"}))
    assert refused.value.reason is Reason.NO_CERTIFICATE_INSIDE


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=12)
    | st.sampled_from(("2026-10-20", "1980-05", "XM0N24", says.YELLOW_FEVER, "1D47", "1.0.0"))
    | st.builds(Tag, st.sampled_from((0, 1, 100, 1004)), st.integers(-9, 9) | st.text(max_size=10)),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
TOP = ("n", "dob", "s", "nt", "ntl", "id", "nid", "dt", "ndt", "v", "d", "vx")
INNER = ("vp", "dv", "dt", "bo", "cn", "is", "tg", "mp", "ma", "dn", "vls", "vle")


@given(
    st.dictionaries(st.sampled_from(TOP), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from(INNER), ANYTHING, max_size=4),
    st.booleans(),
)
def test_no_content_raises_anything_but_a_document_error(
    top: dict[object, object],
    inner: dict[object, object],
    newest: bool,  # noqa: FBT001 - drawn
) -> None:
    content = says.third(says.details(), **top) if newest else says.second(inner, **top)
    if newest and isinstance(content.get("vx"), dict):
        content["vx"] = {**content["vx"], **inner}
    told = read(content)
    assert told.kind is Kind.VACCINATION
    if told.events:
        assert told.events[0].facts()
    assert told.holder is None or told.holder.name() != ""


def test_a_guardian_is_never_taken_for_the_holder() -> None:
    told = read({**says.third(), "gn": "Otto Beispiel"})
    assert told.holder is not None
    born = told.holder.birth_date.text.replace("-", "")[2:]
    guardian = compare(told.holder, "", Passport("BEISPIEL", "OTTO", born).zone())
    assert guardian.match is Match.DIFFERENT
    child = compare(told.holder, "", Passport("MUSTERFRAU<SPECIMEN", "VERA", born).zone())
    assert child.match is Match.SAME


# At the point of entry.
def judge(scanned: str, at: datetime, disclosure: Disclosure = Disclosure.IDENTITY) -> Verdict:
    policy = PrivacyPolicy(disclosure)
    return Verifier(trust=memory_keys(), policy=policy).verify(scanned, at=at)


SIGNED = scan(
    claims(-6, says.third(says.details(dv="2026-11-21"), d="2026-11-21"), issued=1_795_262_400),
    of_who()["who-icvp"]["icvp"],
)


@pytest.mark.parametrize(
    ("when", "outcome"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), Outcome.DOES_NOT_MEET_RULES),
        (datetime(2026, 12, 1, tzinfo=UTC), Outcome.AUTHENTIC),
        # The same two instants where the day has begun, or has not.
        (datetime(2026, 12, 1, 0, 0, tzinfo=timezone(timedelta(hours=12))), Outcome.AUTHENTIC),
        (
            datetime(2026, 11, 30, 23, 0, tzinfo=timezone(timedelta(hours=-10))),
            Outcome.DOES_NOT_MEET_RULES,
        ),
    ],
)
def test_the_first_day_begins_with_the_day_at_the_point_of_entry(
    when: datetime, outcome: Outcome
) -> None:
    verdict = judge(SIGNED, when)
    assert verdict.outcome is outcome
    expected = None if outcome is Outcome.AUTHENTIC else "2026-12-01"
    assert verdict.valid_from == expected


def test_the_first_day_is_told_to_nobody_who_may_know_nothing() -> None:
    before = datetime(2026, 11, 30, tzinfo=UTC)
    assert judge(SIGNED, before, Disclosure.CLINICAL).valid_from == "2026-12-01"
    assert judge(SIGNED, before, Disclosure.NONE).valid_from is None


def test_the_first_day_is_told_only_when_nothing_else_speaks_against_it() -> None:
    content = says.third(says.details(dv="2026-11-28"), d="2026-11-28", n=ABSENT)
    other = scan(claims(-6, content), of_who()["who-icvp"]["icvp"])
    assert judge(other, datetime(2026, 12, 1, tzinfo=UTC)).valid_from is None
    tomorrow = scan(claims(-6, says.third(), issued=1_796_212_800), of_who()["who-icvp"]["icvp"])
    verdict = judge(tomorrow, datetime(2026, 12, 1, tzinfo=UTC))
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert verdict.valid_from is None


def test_the_clinical_view_says_from_when_and_for_life() -> None:
    verdict = judge(SIGNED, datetime(2026, 12, 1, tzinfo=UTC), Disclosure.CLINICAL)
    with verdict.holder() as holder:
        shown = dict(holder.clinical)
    assert shown["valid_from"] == "2026-12-01"
    assert shown["valid_until"] == "life of person vaccinated"
