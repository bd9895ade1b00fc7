import copy
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specimens import memory_keys, store, vaccination
from support.zones import Passport

from fixtures.world import DEMO
from verifier import Disclosure, Match, Outcome, PrivacyPolicy, Reason, Verifier, verify
from verifier import identity as module
from verifier.claims import Holder, PartialDate
from verifier.errors import PolicyViolation
from verifier.findings import FINDINGS
from verifier.identity import Comparison, compare, compare_births
from verifier.reasons import Check, Result

BORN = "1980-05-17"


def holder(born: str = BORN, family: str = "Muster", given: str = "Vera") -> Holder:
    return Holder(family, given, "", "", PartialDate(born))


def told(comparison: Comparison) -> list[str]:
    return [finding.code.name for finding in comparison.findings]


def test_the_same_person_is_the_same() -> None:
    comparison = compare(holder(), "", Passport().zone())
    assert comparison == Comparison(Match.SAME, (FINDINGS[Reason.SAME_PERSON],))


def test_a_holder_may_be_built_when_it_is_needed() -> None:
    assert compare(holder, "", Passport().zone()).match is Match.SAME


@pytest.mark.parametrize(
    ("born", "zone", "reason"),
    [
        # Most of the table is in the conformance cases.
        (BORN, "800517", None),
        (BORN, "800518", Reason.BIRTH_DATE_DIFFERS),
        (BORN, "800617", Reason.BIRTH_DATE_DIFFERS),
        (BORN, "810517", Reason.BIRTH_DATE_DIFFERS),
        (BORN, "801705", Reason.DAY_AND_MONTH_EXCHANGED),
        (BORN, "811705", Reason.BIRTH_DATE_DIFFERS),
        (BORN, "800101", Reason.FIRST_OF_JANUARY),
        (BORN, "810101", Reason.BIRTH_DATE_DIFFERS),
        ("1980-01-01", "800517", Reason.FIRST_OF_JANUARY),
        ("1980-05", "800101", Reason.FIRST_OF_JANUARY),
        ("1980-01-01", "800101", None),
        (BORN, "80<<<<", Reason.BIRTH_DATE_PARTIAL),
        (BORN, "8005<<", Reason.BIRTH_DATE_PARTIAL),
        (BORN, "800500", Reason.BIRTH_DATE_PARTIAL),
        (BORN, "<<<<<<", Reason.BIRTH_DATE_PARTIAL),
        (BORN, "000000", Reason.BIRTH_DATE_PARTIAL),
        ("2000-05-17", "000517", None),
        ("2001-05-17", "000517", Reason.BIRTH_DATE_DIFFERS),
        ("2001-05-17", "000500", Reason.BIRTH_DATE_DIFFERS),
        ("2001", "000017", Reason.BIRTH_DATE_DIFFERS),
        (BORN, "<<0517", Reason.BIRTH_DATE_PARTIAL),
        (BORN, "<<0518", Reason.BIRTH_DATE_DIFFERS),
        ("1980-05", "800517", Reason.BIRTH_DATE_PARTIAL),
        ("1980-05", "800617", Reason.BIRTH_DATE_DIFFERS),
        ("1980", "800517", Reason.BIRTH_DATE_PARTIAL),
        ("1980", "80<<<<", Reason.BIRTH_DATE_PARTIAL),
        ("1980", "810517", Reason.BIRTH_DATE_DIFFERS),
        ("", "800517", Reason.BIRTH_DATE_NOT_STATED),
        ("17.05.1980", "800517", Reason.BIRTH_DATE_NOT_STATED),
        (BORN, "8A0517", Reason.ZONE_BIRTH_UNREADABLE),
        (BORN, "80051<", Reason.ZONE_BIRTH_UNREADABLE),
        (BORN, "80٠517", Reason.ZONE_BIRTH_UNREADABLE),
        (BORN, "8005171", Reason.ZONE_BIRTH_UNREADABLE),
    ],
)
def test_birth_dates_are_compared_as_far_as_they_are_known(
    born: str, zone: str, reason: Reason | None
) -> None:
    assert compare_births(born, zone) is reason


@given(st.dates(date(1900, 1, 1), date(2050, 1, 1)), st.dates(date(1900, 1, 1), date(2050, 1, 1)))
def test_birth_dates_that_differ_are_never_the_same(one: date, other: date) -> None:
    written = f"{other:%y%m%d}"
    same = compare_births(one.isoformat(), written) is None
    assert same is (f"{one:%y%m%d}" == written)


@pytest.mark.parametrize(
    ("certificate", "passport", "match", "reasons"),
    [
        (holder("1980-05-18"), Passport(), Match.DIFFERENT, ["BIRTH_DATE_DIFFERS"]),
        (holder(), Passport("BEISPIEL", "OTTO"), Match.DIFFERENT, ["NAME_DIFFERS"]),
        (holder(), Passport("MUSTER", "OTTO"), Match.DIFFERENT, ["GIVEN_NAME_DIFFERS"]),
        (
            holder("1980-05-18"),
            Passport("MUSTER", "OTTO"),
            Match.DIFFERENT,
            ["BIRTH_DATE_DIFFERS", "GIVEN_NAME_DIFFERS"],
        ),
        (
            holder("1980-05-18"),
            Passport("MUSTER", "VERE"),
            Match.DIFFERENT,
            ["BIRTH_DATE_DIFFERS", "NAME_CLOSE"],
        ),
        (holder("1980"), Passport(), Match.LOOK_YOURSELF, ["BIRTH_DATE_PARTIAL"]),
        (holder(""), Passport(), Match.LOOK_YOURSELF, ["BIRTH_DATE_NOT_STATED"]),
        (holder(), Passport("MUSTER", "VERE"), Match.LOOK_YOURSELF, ["NAME_CLOSE"]),
        (
            holder("1980"),
            Passport("MUSTER", "VERE"),
            Match.LOOK_YOURSELF,
            ["BIRTH_DATE_PARTIAL", "NAME_CLOSE"],
        ),
    ],
)
def test_a_comparison_says_which_part_differs_or_cannot_be_told(
    certificate: Holder, passport: Passport, match: Match, reasons: list[str]
) -> None:
    comparison = compare(certificate, "", passport.zone())
    assert (comparison.match, told(comparison)) == (match, reasons)
    assert {finding.check for finding in comparison.findings} == {Check.IDENTITY}


def broken(old: str, new: str) -> str:
    return Passport().zone().replace(old, new, 1)


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        ("", "ZONE_LENGTH"),
        (broken("<<<", ""), "ZONE_LENGTH"),
        (broken("VERA", "VÉRA"), "ZONE_CHARACTERS"),
        (broken("800517", "800518"), "ZONE_MISREAD"),
        (broken("X1234567", "X1234568"), "ZONE_MISREAD"),
        (broken("800517", "8OO517"), "ZONE_SLIP"),
        (broken("MUSTER<<VERA<<<", "MUSTER<<VERA<<A"), "ZONE_NAME_MALFORMED"),
        (broken("MUSTER", "MU5TER"), "ZONE_NAME_MALFORMED"),
        # A and a filler count as a zero does.
        (broken("800517", "8A0517"), "ZONE_BIRTH_UNREADABLE"),
    ],
)
@pytest.mark.parametrize("certificate", [holder(), holder("1999-09-09", "Beispiel", "Otto")])
def test_a_zone_that_was_misread_is_compared_with_nobody(
    zone: str, reason: str, certificate: Holder
) -> None:
    comparison = compare(certificate, "X1234567", zone)
    assert (comparison.match, told(comparison)) == (Match.LOOK_YOURSELF, [reason])
    assert all(finding.result is Result.UNKNOWN for finding in comparison.findings)


def test_the_places_that_look_misread_are_told_without_what_stands_there() -> None:
    comparison = compare(holder(), "", broken("800517", "8OO517"))
    assert comparison.places == ((2, 15), (2, 16))


def test_a_hundred_years_more_are_told() -> None:
    old = compare(holder("1925-05-17"), "", Passport(birth="250517").zone())
    assert (old.match, told(old)) == (Match.SAME, ["SAME_PERSON", "CENTURY_NOT_SEEN"])
    young = compare(holder("2025-05-17"), "", Passport(birth="250517").zone())
    assert told(young) == ["SAME_PERSON"]
    # The passport's end tells no year.
    odd = compare(holder("1925-05-17"), "", Passport(birth="250517", expiry="<<<<<<").zone())
    assert told(odd) == ["SAME_PERSON"]


@pytest.mark.parametrize(
    ("number", "passport", "reason"),
    [
        ("X1234567", Passport(), "PASSPORT_NUMBER_AGREES"),
        ("x 123-4567", Passport(), "PASSPORT_NUMBER_AGREES"),
        ("X1234568", Passport(), "PASSPORT_NUMBER_DIFFERS"),
        ("123456789", Passport(number="123456789"), "PASSPORT_NUMBER_AGREES"),
        # Longer than a passport's number can be: it may go on elsewhere.
        ("1234567891", Passport(number="123456789"), None),
        ("X1234567", Passport(kind="TD1"), None),
        ("X1234567", Passport(kind="MRV-A"), None),
        ("", Passport(), None),
        ("<<", Passport(), None),
    ],
)
@pytest.mark.parametrize("born", [BORN, "", "1980-05-18"])
def test_the_passport_s_number_is_a_hint_and_decides_nothing(
    number: str, passport: Passport, reason: str | None, born: str
) -> None:
    with_it = compare(holder(born), number, passport.zone())
    without = compare(holder(born), "", passport.zone())
    assert with_it.match is without.match
    assert told(with_it) == told(without) + ([reason] if reason else [])


def test_what_nobody_foresaw_goes_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "compare_names", fail)
    comparison = compare(holder(), "", Passport().zone())
    assert (comparison.match, told(comparison)) == (Match.LOOK_YOURSELF, ["UNFORESEEN"])
    assert comparison.findings[0].check is Check.IDENTITY


def test_a_holder_that_cannot_be_built_goes_to_a_person() -> None:
    def build() -> Holder:
        raise ZeroDivisionError

    comparison = compare(build, "", Passport().zone())
    assert (comparison.match, told(comparison)) == (Match.LOOK_YOURSELF, ["UNFORESEEN"])


def test_a_comparison_can_be_handed_on() -> None:
    comparison = compare(holder(), "", broken("800517", "8OO517"))
    assert pickle.loads(pickle.dumps(comparison)) == comparison  # noqa: S301 - made here
    assert copy.copy(comparison) == comparison


# From here on with whole documents. The specimen's holder is written so.
FAMILY, GIVEN, SPECIMEN_BORN = "MUSTERFRAU<SPECIMEN", "VERA", "800517"


def passport_of_specimen(**changes: str) -> str:
    fields = {"primary": FAMILY, "secondary": GIVEN, "birth": SPECIMEN_BORN, **changes}
    return Passport(**fields).zone()


def verifier(**options: object) -> Verifier:
    return Verifier(trust=memory_keys(), **options)  # type: ignore[arg-type] - options of the test


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_document_is_judged_with_its_passport(disclosure: Disclosure) -> None:
    held = verifier(policy=PrivacyPolicy(disclosure))
    plain = held.verify(vaccination(), at=DEMO)
    same = held.verify(vaccination(), at=DEMO, mrz=passport_of_specimen())
    assert same.outcome is plain.outcome is Outcome.AUTHENTIC
    assert [each for each in same.findings if each.check is Check.IDENTITY] == [
        FINDINGS[Reason.SAME_PERSON]
    ]
    assert same.discloses_holder is (disclosure is not Disclosure.NONE)
    assert not same.compares_holder


def test_somebody_else_s_document_goes_to_a_person_and_shows_whose_it_is() -> None:
    other = passport_of_specimen(birth="800518")
    verdict = verify(vaccination(), trust=memory_keys(), at=DEMO, mrz=other)
    assert verdict.outcome is Outcome.REFER
    assert FINDINGS[Reason.BIRTH_DATE_DIFFERS] in verdict.findings
    with verdict.holder() as view:
        assert view.name_mrz == f"{FAMILY}<<{GIVEN}"


def test_what_cannot_be_told_is_told_and_changes_nothing() -> None:
    for zone in (
        "",
        passport_of_specimen(birth="80<<<<"),
        passport_of_specimen(secondary="VERA<ANNA"),
    ):
        verdict = verifier().verify(vaccination(), at=DEMO, mrz=zone)
        assert verdict.outcome is Outcome.AUTHENTIC
        (finding,) = (each for each in verdict.findings if each.check is Check.IDENTITY)
        assert finding.result is Result.UNKNOWN


def test_identity_stands_before_the_rules() -> None:
    verdict = verifier(rules="XS").verify(vaccination(), at=DEMO, mrz=passport_of_specimen())
    assert [each.check for each in verdict.findings[-2:]] == [Check.IDENTITY, Check.RULES]


def test_nobody_is_compared_whose_document_is_not_good() -> None:
    bad = vaccination()[:-4] + "0000"
    verdict = verifier().verify(bad, at=DEMO, mrz=passport_of_specimen())
    assert Check.IDENTITY not in {each.check for each in verdict.findings}
    late = DEMO.replace(year=DEMO.year + 5)
    expired = verifier(compare_later=True).verify(
        vaccination(), at=late, mrz=passport_of_specimen()
    )
    assert expired.outcome is not Outcome.AUTHENTIC
    assert Check.IDENTITY not in {each.check for each in expired.findings}
    assert not expired.compares_holder
    with pytest.raises(PolicyViolation, match="no holder"):
        expired.compare(passport_of_specimen())


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_verdict_compares_later_as_often_as_it_is_asked(disclosure: Disclosure) -> None:
    held = verifier(policy=PrivacyPolicy(disclosure), compare_later=True)
    verdict = held.verify(vaccination(), at=DEMO)
    assert verdict.compares_holder
    assert verdict.compare("P<UTO").match is Match.LOOK_YOURSELF
    if verdict.discloses_holder:
        verdict.holder()  # reading the holder takes nothing away
    else:
        with pytest.raises(PolicyViolation, match="discloses"):
            verdict.holder()
    comparison = verdict.compare(passport_of_specimen())
    assert comparison.match is Match.SAME
    told_so = verdict.with_identity(comparison)
    assert told_so == held.verify(vaccination(), at=DEMO, mrz=passport_of_specimen())
    # A later comparison takes the place of an earlier one.
    other = told_so.with_identity(verdict.compare(passport_of_specimen(birth="800518")))
    assert other.outcome is Outcome.REFER
    assert sum(each.check is Check.IDENTITY for each in other.findings) == 1
    assert other.compares_holder


def test_nobody_is_held_unasked() -> None:
    verdict = verifier().verify(vaccination(), at=DEMO)
    assert not verdict.compares_holder
    with pytest.raises(PolicyViolation, match="compare_later"):
        verdict.compare(passport_of_specimen())
    unseen = verifier(policy=PrivacyPolicy(Disclosure.NONE)).verify(vaccination(), at=DEMO)
    with pytest.raises(PolicyViolation, match="no holder"):
        unseen.compare(passport_of_specimen())


def test_a_batch_holds_nobody() -> None:
    held = verifier(compare_later=True)
    assert not any(
        verdict.compares_holder for verdict in held.verify_many([vaccination()], at=DEMO)
    )


def test_a_verdict_is_handed_on_without_whom_it_compares() -> None:
    verdict = verifier(compare_later=True).verify(vaccination(), at=DEMO)
    assert not pickle.loads(pickle.dumps(verdict)).compares_holder  # noqa: S301 - made here


def test_it_works_with_a_trust_store_from_a_file() -> None:
    verdict = Verifier(trust=store()).verify(vaccination(), at=DEMO, mrz=passport_of_specimen())
    assert FINDINGS[Reason.SAME_PERSON] in verdict.findings
