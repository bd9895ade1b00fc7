import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.claims import (
    Claims,
    Exemption,
    Holder,
    Kind,
    PartialDate,
    Recovery,
    Test,
    Vaccination,
)

COVID = ("snomed", "840539006")


@pytest.mark.parametrize(
    ("text", "year", "earliest", "latest"),
    [
        ("", None, "", ""),
        ("1963", 1963, "1963-01-01", "1963-12-31"),
        ("1963-04", 1963, "1963-04-01", "1963-04-30"),
        ("1963-12", 1963, "1963-12-01", "1963-12-31"),
        ("1963-02", 1963, "1963-02-01", "1963-02-28"),
        ("1964-02", 1964, "1964-02-01", "1964-02-29"),
        ("1900-02", 1900, "1900-02-01", "1900-02-28"),
        ("2000-02", 2000, "2000-02-01", "2000-02-29"),
        ("1980-05-17", 1980, "1980-05-17", "1980-05-17"),
    ],
)
def test_a_date_is_known_between_two_days(
    text: str, year: int | None, earliest: str, latest: str
) -> None:
    day = PartialDate(text)
    assert day.text == text
    assert day.year == year
    assert day.earliest() == earliest
    assert day.latest() == latest


@given(st.dates())
def test_every_month_ends_on_its_last_day(day: object) -> None:
    text = str(day)
    earliest, latest = PartialDate(text[:7]).earliest(), PartialDate(text[:7]).latest()
    assert earliest <= text <= latest
    assert earliest.endswith("-01")
    assert PartialDate(text[:4]).earliest() <= earliest
    assert latest <= PartialDate(text[:4]).latest()


@pytest.mark.parametrize(
    ("family", "given_names", "expected"),
    [
        ("Muster", "Vera", "Muster, Vera"),
        ("Muster", "", "Muster"),
        ("", "Vera", "Vera"),
        ("", "", ""),
    ],
)
def test_a_name_has_the_parts_that_there_are(family: str, given_names: str, expected: str) -> None:
    holder = Holder(family, given_names, family.upper(), given_names.upper(), PartialDate(""))
    assert holder.name() == expected
    assert holder.name_mrz() == expected.upper().replace(", ", "<<")


def test_the_facts_of_a_vaccination_are_those_that_are_known() -> None:
    least = Vaccination(COVID, None, None, None, PartialDate("2026-10-20"))
    assert least.facts() == (("disease", "840539006"), ("date", "2026-10-20"))
    most = Vaccination(
        COVID,
        ("snomed", "1119349007"),
        ("ema", "EU/1/20/1528"),
        ("ema-org", "ORG-100030215"),
        PartialDate("2026-10-20"),
        dose=0,
        doses=2,
        country="XS",
        centre="Centre",
        lot="Lot",
        valid_from=PartialDate("2026-11"),
        valid_until=PartialDate("2027"),
    )
    assert most.facts() == (
        ("disease", "840539006"),
        ("vaccine", "1119349007"),
        ("product", "EU/1/20/1528"),
        ("manufacturer", "ORG-100030215"),
        ("date", "2026-10-20"),
        ("dose", "0"),
        ("doses", "2"),
        ("country", "XS"),
        ("centre", "Centre"),
        ("lot", "Lot"),
        ("valid_from", "2026-11"),
        ("valid_until", "2027"),
    )


def test_the_facts_of_a_test_are_those_that_are_known() -> None:
    least = Test(COVID, None, None, PartialDate("2026-11-02"), None)
    assert least.facts() == (("disease", "840539006"), ("date", "2026-11-02"))
    most = Test(
        COVID,
        ("loinc", "LP6464-4"),
        ("snomed", "260415000"),
        PartialDate("2026-11-02"),
        1_793_606_400,
        name="PCR",
        device=("eu-dcc-device", "1232"),
        country="XS",
        centre="Centre",
    )
    assert dict(most.facts()) == {
        "disease": "840539006",
        "method": "LP6464-4",
        "result": "260415000",
        "date": "2026-11-02",
        "name": "PCR",
        "device": "1232",
        "country": "XS",
        "centre": "Centre",
    }


def test_the_facts_of_a_recovery_and_of_an_exemption_are_their_days() -> None:
    recovery = Recovery(
        COVID, PartialDate("2026-07-10"), PartialDate("2026-07-21"), PartialDate("2027-01-06")
    )
    assert recovery.facts() == (
        ("disease", "840539006"),
        ("first_positive", "2026-07-10"),
        ("valid_from", "2026-07-21"),
        ("valid_until", "2027-01-06"),
    )
    exemption = Exemption(COVID, None, PartialDate("2027-05-31"), country="XS")
    assert exemption.facts() == (
        ("disease", "840539006"),
        ("valid_until", "2027-05-31"),
        ("country", "XS"),
    )
    assert ("valid_from", "2026") in Exemption(
        COVID, PartialDate("2026"), PartialDate("2027")
    ).facts()


def test_an_unknown_date_is_no_fact() -> None:
    assert Recovery(COVID, PartialDate(""), PartialDate(""), PartialDate("")).facts() == (
        ("disease", "840539006"),
    )


def test_claims_begin_without_content() -> None:
    claims = Claims(format="eu-dcc", scheme="eu-dcc", country="XS", issued=1, expires=2)
    assert claims.kind is None
    assert claims.holder is None
    assert claims.events == ()
    assert claims.identifier == ""
    assert claims.doubts == ()
    assert not claims.specimen


def test_kinds_have_the_words_of_the_contract() -> None:
    assert [kind.value for kind in Kind] == ["vaccination", "test", "recovery", "exemption"]


def test_codes_for_rules_are_not_shown() -> None:
    code = ("name", "Specimen Vaccine")
    dose = Vaccination(COVID, None, None, None, PartialDate("2026-10-20"), codes=[code])
    assert dose.codes == [code]
    test = Test(COVID, None, None, PartialDate(""), None, codes=[code], answers=[code])
    assert test.codes == test.answers == [code]
    for event in (dose, test):
        assert "Specimen" not in f"{event} {event!r} {event.facts()}"
