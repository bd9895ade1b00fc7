from hypothesis import given
from hypothesis import strategies as st
from support.entry_rules import CLOCK, SAMPLE, aged, rule, rule_set
from support.specimens import NOW

from verifier.rules.alternatives import Question, run_of_passes
from verifier.rules.asking import Asking
from verifier.rules.report import Alternative, Way
from verifier.rules.ruleset import RuleSet
from verifier.rules.unknown import UNKNOWN

HOUR = 3_600


def ways(rules: RuleSet, born: object = "1990-01-01") -> dict[Way, Alternative]:
    found = Question(Asking(rules), NOW, born).alternatives(None)  # type: ignore[arg-type]
    return {each.way: each for each in found}


@given(first=st.integers(0, 60), length=st.integers(0, 60), stray=st.sets(st.integers(0, 130)))
def test_the_first_ages_that_pass_are_found_also_between_those_asked(
    first: int, length: int, stray: set[int]
) -> None:
    last = first + length
    ages = sorted({0, first, last, 130} | stray)
    assert run_of_passes(lambda age: first <= age <= last, ages) == (first, last)


def test_nothing_passes_where_nothing_does() -> None:
    assert run_of_passes(lambda _: False, range(10)) is None
    assert run_of_passes(lambda _: True, range(10)) == (0, 9)


def test_a_test_may_be_under_as_many_hours_old_as_the_rule_says() -> None:
    strictly = {"before": [CLOCK, {"plusTime": [SAMPLE, 48, "hour"]}]}
    for logic in (strictly, aged(0, 48, SAMPLE, "hour")):
        assert ways(rule_set(rule("TR-FR-0001", logic)))[Way.NAAT_TEST].hours == 48


def test_only_one_kind_of_test_may_do() -> None:
    naat = {"===": [{"var": "payload.t.0.tt"}, "LP6464-4"]}
    found = ways(rule_set(rule("TR-FR-0001", {"and": [naat, aged(0, 24, SAMPLE, "hour")]})))
    assert set(found) == {Way.NAAT_TEST}
    assert found[Way.NAAT_TEST].hours == 24


def test_what_depends_on_age_is_asked_for_the_age_of_the_traveller() -> None:
    minor = {
        "after": [
            {"dccDateOfBirth": [{"var": "payload.dob"}]},
            {"plusTime": [{"var": "external.validationClock"}, -12, "year"]},
        ]
    }
    rules = rule_set(rule("TR-FR-0001", {"if": [minor, True, aged(0, 24, SAMPLE, "hour")]}))
    assert ways(rules, "2020-01-01")[Way.NAAT_TEST].hours == 24 * 14
    assert ways(rules, "1980-01-01")[Way.NAAT_TEST].hours == 24
    # Where nobody knows the age, what would do at any age is told.
    assert ways(rules, UNKNOWN)[Way.NAAT_TEST].hours == 24


def test_rules_that_cannot_be_run_are_met_by_nothing() -> None:
    rules = rule_set(rule("TR-FR-0001", {"===": [1, 1]}, EngineVersion="9.0.0"))
    assert ways(rules) == {}
    assert ways(rule_set()) == {}


def test_a_recovery_has_a_first_and_a_last_day() -> None:
    found = ways(rule_set(rule("RR-FR-0001", aged(28, 90, {"var": "payload.r.0.fr"}))))
    assert found == {Way.RECOVERY: Alternative(Way.RECOVERY, days=(28, 89))}
