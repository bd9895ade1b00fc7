from typing import Any

from support.entry_rules import aged, rule, rule_set
from support.specimens import NOW

from verifier.claims import Kind
from verifier.rules.certlogic import Truth
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.differences import Change, difference

PRODUCT = {"var": "payload.v.0.mp"}
LATER = 1_798_761_600  # 2027-01-01
ALWAYS = {"===": [1, 1]}


def of(*codes: str, **members: Any) -> RuleSet:
    return rule_set(rule("VR-FR-0001", {"in": [PRODUCT, [*codes]]}, **members))


def lost(found: tuple[Change, ...]) -> set[str]:
    return {who for each in found if each.fate.lost for who in each.who}


def gained(found: tuple[Change, ...]) -> set[str]:
    return {who for each in found if each.fate.gained for who in each.who}


def test_the_same_rules_change_nothing() -> None:
    rules = of("EU/1/20/1528", "Covishield")
    found = difference(rules, rules, NOW)
    assert found.same
    assert found.conclusive
    assert found.compared == (Kind.VACCINATION,)


def test_another_way_of_writing_the_same_changes_nothing() -> None:
    old = of("EU/1/20/1528", "Covishield")
    new = of("Covishield", "EU/1/20/1528", Version="2.0.0")
    assert difference(old, new, NOW).same


def test_who_comes_and_who_goes_is_told_with_the_rule_in_the_way() -> None:
    found = difference(of("Covishield", "R-COVI"), of("CoronaVac", "R-COVI"), NOW)
    # A second dose of Comirnaty after Covishield is no dose of Covishield.
    assert lost(found.changes) == {"cov-covishield"}
    assert gained(found.changes) == {"cov-coronavac"}
    [gone] = [each for each in found.changes if each.fate.lost]
    assert gone.fate == (Truth.PASSED, Truth.FAILED)
    assert gone.rules == ("VR-FR-0001",)
    assert (gone.since, gone.until) == (
        NOW,
        LATER + 13 * 365 * 86_400 + 3 * 86_400 + 86_401 - 86_400,
    )
    assert gone.whole
    assert {each.evidence for each in found.terms} == {"cov-covishield", "cov-coronavac"}
    [first] = [
        each
        for each in found.terms
        if (each.evidence, each.state) == ("cov-covishield", "complete")
    ]
    assert first.old is not None
    assert (first.old.first, first.new) == (0, None)


def test_who_fares_alike_is_one_group() -> None:
    found = difference(of(), of("EU/1/20/1528", "EU/1/20/1507"), NOW)
    groups = [each.who for each in found.changes if each.fate.gained]
    # Either may be the second dose after any other vaccine.
    assert ("cov-spikevax",) in groups or ("cov-comirnaty", "cov-spikevax") in groups


def test_a_change_is_told_from_its_day() -> None:
    old = of("EU/1/20/1528", ValidTo="2030-01-01T00:00:00Z")
    first = rule("VR-FR-0001", {"in": [PRODUCT, ["EU/1/20/1528"]]}, ValidTo="2030-01-01T00:00:00Z")
    then = rule(
        "VR-FR-0002",
        {"in": [PRODUCT, ["EU/1/20/1507"]]},
        ValidFrom="2027-01-01T00:00:00Z",
        ValidTo="2030-01-01T00:00:00Z",
    )
    found = difference(old, rule_set(first, then), NOW)
    assert {each.since for each in found.changes} == {LATER}
    assert "cov-comirnaty" in lost(found.changes)
    assert not gained(found.changes)


def test_a_change_that_goes_on_is_told_once() -> None:
    # A rule that changes nothing begins in between.
    idle = rule("VR-FR-0009", ALWAYS, ValidFrom="2027-01-01T00:00:00Z")
    old = of("Covishield")
    new = rule_set(rule("VR-FR-0001", {"in": [PRODUCT, ["CoronaVac"]]}), idle)
    found = difference(old, new, NOW)
    assert len([each for each in found.changes if each.fate.lost]) == 1
    assert len(found.terms) == len({(each.evidence, each.state) for each in found.terms})


def test_waiting_times_between_the_days_of_the_matrix_are_compared_too() -> None:
    old = rule_set(rule("VR-FR-0001", aged(14, 300)))
    new = rule_set(rule("VR-FR-0001", aged(14, 310)))
    found = difference(old, new, NOW)
    assert found.changes == ()
    assert not found.same
    one = found.terms[0]
    assert (one.old and one.old.last, one.new and one.new.last) == (299, 309)


def test_what_only_some_of_a_group_meet_is_not_whole() -> None:
    adult = {
        "not-after": [
            {"dccDateOfBirth": [{"var": "payload.dob"}]},
            {"plusTime": [{"var": "external.validationClock"}, -18, "year"]},
        ]
    }
    old = rule_set(rule("TR-FR-0001", ALWAYS))
    whole = difference(old, rule_set(rule("TR-FR-0001", adult)), NOW)
    assert all(each.whole and each.ages == (4, 5, 11, 12, 17) for each in whole.changes)
    naat = {"===": [{"var": "payload.t.0.tt"}, "LP6464-4"]}
    either = {"if": [naat, {"===": [{"var": "payload.t.0.tr"}, "260415000"]}, adult]}
    some = difference(old, rule_set(rule("TR-FR-0001", {"if": [adult, either, naat]})), NOW)
    assert not all(each.whole for each in some.changes)


def test_where_no_rule_is_left_nobody_is_admitted() -> None:
    found = difference(of("Covishield"), rule_set(), NOW)
    assert lost(found.changes) == {"cov-covishield"}
    assert {each.fate.new for each in found.changes} == {Truth.OPEN}
    assert found.conclusive


def test_an_edition_without_any_rules_in_force_proves_nothing() -> None:
    found = difference(rule_set(), rule_set(), NOW)
    assert found.same
    assert found.compared == ()
    assert not found.conclusive


def test_rules_that_cannot_be_decided_are_named() -> None:
    names = {"in": [PRODUCT, {"var": "external.valueSets.nowhere"}]}
    missing = rule_set(rule("VR-FR-0001", names), rule("TR-FR-0001", ALWAYS))
    found = difference(missing, missing, NOW)
    assert found.same
    assert found.undecided == ("VR-FR-0001",)
    assert not found.conclusive
    engine = rule_set(rule("VR-FR-0002", ALWAYS, EngineVersion="9.0.0"))
    assert difference(engine, engine, NOW).undecided == ("VR-FR-0002",)
    lapsed = rule_set(rule("VR-FR-0003", ALWAYS, ValidTo="2026-12-31T00:00:00Z"))
    assert difference(lapsed, lapsed, NOW).undecided == ()


def test_refused_or_left_to_a_person_is_a_change_that_admits_nobody() -> None:
    number, total = {"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}
    old = rule_set(rule("VR-FR-0001", {">=": [number, 9]}))
    new = rule_set(rule("VR-FR-0001", {"if": [{">=": [number, total]}, False, False]}))
    found = difference(old, new, NOW)
    assert not any(each.fate.lost or each.fate.gained for each in found.changes)
