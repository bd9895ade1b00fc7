from typing import Any

import pytest
from support.entry_rules import CLOCK, DOSE, SAMPLE, aged, rule, rule_set
from support.specimens import NOW

from verifier.claims import Kind
from verifier.limits import LOGIC_NODES
from verifier.rules.bundled import regulations
from verifier.rules.ruleset import RuleSet
from verifier.rules.series_table import SeriesTable
from verifier.rules.survey.auditing import Period, audit, merged
from verifier.rules.survey.bench import Bench
from verifier.rules.survey.cells import (
    CARD,
    COMPLETE,
    EU,
    LISTED,
    NEGATIVE,
    OTHER_PRODUCT,
    SEAL,
    STATUS_ONLY,
    Cell,
    covid_matrix,
    extras,
    families_of,
)
from verifier.rules.survey.findings import Basis, Code, Finding
from verifier.rules.survey.groups import Groups
from verifier.rules.survey.periods import instants_of
from verifier.rules.survey.remedies import Change, Way, memberships, smallest_change
from verifier.rules.unknown import UNKNOWN

DAY = 86_400
ENTRY = {"var": "payload.v.0"}
PRODUCT = {"var": "payload.v.0.mp"}
NUMBER = {"var": "payload.v.0.dn"}
TOTAL = {"var": "payload.v.0.sd"}
KIND_OF_TEST = {"var": "payload.t.0.tt"}
RESULT = {"var": "payload.t.0.tr"}
DEVICE = {"var": "payload.t.0.ma"}
BORN = {"dccDateOfBirth": [{"var": "payload.dob"}]}
LISTED_CODES = [each.eu_product for each in LISTED if each.eu_product]
DEVICES = {"var": "external.valueSets.covid-19-lab-test-manufacturer-and-name"}

CELLS = (*covid_matrix(), *extras())


def first(rules: RuleSet, **options: Any) -> Period:
    return audit(rules, NOW, **options).parts[0].periods[0]


def told(rules: RuleSet, code: Code) -> list[Finding]:
    """Give the findings of a code; the waiting times, which take long, are not looked for."""
    bench = Bench(rules, NOW)
    kinds = dict.fromkeys(cell.kind for cell in CELLS)
    table = bench.ask_all(cell for cell in CELLS if bench.decides(cell.kind))
    found = merged(Groups(bench, table).findings(kinds))
    return [finding for finding in found if finding.code is code]


def vaccination(*logics: object) -> RuleSet:
    return rule_set(*(rule(f"VR-FR-000{n}", logic) for n, logic in enumerate(logics)))


def test_without_rules_nobody_is_said_to_be_admitted() -> None:
    now = first(rule_set())
    assert now.admitted == 0
    assert [(each.code, each.kind) for each in now.findings] == [
        (Code.NO_RULES, Kind.VACCINATION),
        (Code.NO_RULES, Kind.RECOVERY),
        (Code.NO_RULES, Kind.TEST),
    ]
    assert {each.basis for each in now.findings} == {Basis.RULES}
    assert now.terms == ()


def test_rules_that_cannot_be_asked_leave_everybody_undecided() -> None:
    later = rule_set(rule("GR-FR-0001", {"if": [True, True, True]}, EngineVersion="9.0.0"))
    assert [each.code for each in first(later).findings] == [Code.UNDECIDED] * 3
    missing = vaccination({"in": [PRODUCT, {"var": "external.valueSets.nowhere"}]})
    [found] = told(missing, Code.UNDECIDED)
    assert (found.kind, found.rules) == (Kind.VACCINATION, ("VR-FR-0000",))
    broken = rule_set(rule("GR-FR-0001", {"if": [True, True, True]}), incomplete=("GR-FR-0002",))
    assert [each.code for each in first(broken).findings] == [Code.UNDECIDED] * 3
    assert audit(broken, NOW).incomplete == ("GR-FR-0002",)


def test_nobody_at_all_is_one_finding() -> None:
    now = first(rule_set(rule("GR-FR-0001", {"===": [1, 2]})))
    assert [(each.code, each.rules) for each in now.findings] == [(Code.NOBODY, ("GR-FR-0001",))]


def test_rules_that_ask_nothing_shut_nobody_out_but_those_who_state_nothing() -> None:
    now = first(rule_set(rule("GR-FR-0001", {"if": [True, True, True]})))
    shut = [each for each in now.findings if each.shuts_out]
    assert {(each.code, each.family) for each in shut} == {
        (Code.FORMAT, STATUS_ONLY), (Code.FORMAT, CARD), (Code.FORMAT, SEAL),
    }  # fmt: skip
    # A recovery has no form in a health card or seal.
    assert {each.who for each in shut} == {(), ("dcc-r",)}
    [observed] = [each for each in now.findings if not each.shuts_out]
    assert observed.code is Code.UNLISTED_ACCEPTED
    assert "cov-sputnik-v" in observed.who
    assert observed.basis is Basis.NONE


def test_a_product_that_is_in_no_list_is_named_with_its_code() -> None:
    without = [code for code in LISTED_CODES if code != "Covishield"]
    [found] = [
        each
        for each in told(vaccination({"in": [PRODUCT, without]}), Code.PRODUCT)
        if "cov-covishield" in each.who
    ]
    assert Change("VR-FR-0000", Way.ADD_TO_LIST, "/in/1", "Covishield") in found.changes
    assert found.basis is Basis.HEALTH
    whole = told(vaccination({"in": [PRODUCT, LISTED_CODES]}), Code.PRODUCT)
    # Two are on WHO's lists and have no code in the EU's.
    assert {who for each in whole for who in each.who} == {"cov-skycovione", "cov-corbevax"}


def test_a_product_missing_from_a_value_set_is_named_with_the_set() -> None:
    holders = "vaccines-covid-19-auth-holders"
    rules = vaccination(
        {"in": [{"var": "payload.v.0.ma"}, {"var": f"external.valueSets.{holders}"}]}
    )
    values = rules.value_sets._replace(
        sets=(*rules.value_sets.sets, rules.value_sets.sets[0]._replace(
            identifier=holders, codes=("ORG-100030215",)
        ))
    )  # fmt: skip
    found = told(rules._replace(value_sets=values), Code.PRODUCT)
    change = Change("VR-FR-0000", Way.ADD_TO_VALUE_SET, holders, "ORG-100031184")
    assert any(change in each.changes for each in found)


def test_a_product_that_only_a_booster_helps_is_named() -> None:
    short = {"in": [PRODUCT, ["EU/1/20/1525", "Convidecia"]]}
    rules = vaccination({"if": [short, {">=": [NUMBER, 2]}, True]})
    [found] = told(rules, Code.BOOSTER_ONLY)
    assert found.who == ("cov-jcovden", "cov-convidecia")
    assert not told(vaccination({"if": [short, {">=": [NUMBER, 1]}, True]}), Code.BOOSTER_ONLY)


def test_the_recovered_with_one_dose_are_named_where_two_are_needed() -> None:
    [found] = told(vaccination({">=": [NUMBER, 2]}), Code.RECOVERED_ONE_DOSE)
    assert "cov-comirnaty" in found.who
    assert "cov-jcovden" not in found.who
    assert not told(vaccination({">=": [NUMBER, 1]}), Code.RECOVERED_ONE_DOSE)


def test_no_vaccination_no_test_and_no_recovery_are_findings_of_their_own() -> None:
    never, always = {"===": [1, 2]}, {"===": [1, 1]}
    rules = {
        Code.NO_VACCINATION: ("VR-FR-0001", "TR-FR-0001", "RR-FR-0001"),
        Code.NO_TEST: ("TR-FR-0001", "VR-FR-0001", "RR-FR-0001"),
        Code.NO_RECOVERY: ("RR-FR-0001", "VR-FR-0001", "TR-FR-0001"),
    }
    for code, (shut, *others) in rules.items():
        whole = rule_set(rule(shut, never), *(rule(each, always) for each in others))
        assert len(told(whole, code)) == 1
        open_ = rule_set(*(rule(each, always) for each in rules[code]))
        assert not told(open_, code)


def test_what_a_family_cannot_state_is_named_as_the_reason() -> None:
    found = told(vaccination({">=": [NUMBER, TOTAL]}), Code.FORMAT)
    by_family = {each.family: each for each in found}
    for family in (CARD, SEAL):
        assert by_family[family].basis is Basis.FORMAT
        assert by_family[family].states == ()
        assert by_family[family].changes == (Change("VR-FR-0000", Way.DO_NOT_NEED, "v.0.sd"),)
    assert EU not in by_family
    # A third dose needs no number of the series; then only some states are shut out.
    third = {"if": [{">=": [NUMBER, 3]}, True, {">=": [NUMBER, TOTAL]}]}
    some = told(vaccination(third), Code.FORMAT)
    states = {each.states for each in some if each.family == CARD and "cov-comirnaty" in each.who}
    assert states == {(COMPLETE, "after-recovery")}


def test_where_it_was_issued_is_named_as_the_reason() -> None:
    domestic = {"in": [{"var": "external.issuerCountryCode"}, ["DE", "CH"]]}
    found = told(vaccination(domestic), Code.PLACE)
    assert {each.place for each in found} == {"elsewhere"}
    assert {each.basis for each in found} == {Basis.ISSUER}
    assert not told(vaccination({"===": [1, 1]}), Code.PLACE)


def test_kinds_of_tests_devices_and_old_positive_tests_are_named() -> None:
    naat = {"===": [KIND_OF_TEST, "LP6464-4"]}
    negative = {"===": [RESULT, "260415000"]}
    on_list = {"in": [DEVICE, DEVICES]}
    only_naat = rule_set(rule("TR-FR-0001", {"and": [naat, negative]}))
    assert [each.who for each in told(only_naat, Code.TEST_KIND)] == [("antigen-listed-device",)]
    listed = rule_set(
        rule("TR-FR-0001", {"if": [naat, True, on_list]}),
        rule("TR-FR-0002", negative),
        rule("RR-FR-0001", {"===": [1, 1]}),
    )
    assert not told(listed, Code.TEST_KIND)
    [device] = told(listed, Code.TEST_WITHOUT_DEVICE)
    assert device.changes == (Change("TR-FR-0001", Way.TEST_FOR_NULL, "t.0.ma"),)
    [recovered] = told(listed, Code.RECOVERY_BY_TEST)
    assert recovered.who == ("naat-positive", "antigen-positive")
    assert recovered.basis is Basis.FORMAT
    any_test = rule_set(rule("TR-FR-0001", {"===": [1, 1]}), rule("RR-FR-0001", {"===": [1, 1]}))
    assert not told(any_test, Code.TEST_WITHOUT_DEVICE)
    assert not told(any_test, Code.RECOVERY_BY_TEST)


def test_ages_at_which_nothing_helps_are_named() -> None:
    adult = {"not-after": [BORN, {"plusTime": [{"var": "external.validationClock"}, -12, "year"]}]}
    [found] = told(rule_set(rule("GR-FR-0001", adult)), Code.AGE)
    assert found.ages == (4, 5, 11)
    assert found.rules == ("GR-FR-0001",)
    with_test = rule_set(rule("VR-FR-0001", adult), rule("TR-FR-0001", {"===": [1, 1]}))
    assert not told(with_test, Code.AGE)


def test_waiting_times_are_the_first_and_last_days() -> None:
    rules = rule_set(
        rule("VR-FR-0001", aged(14, 270)),
        rule("TR-FR-0001", {"not-after": [CLOCK, {"plusTime": [SAMPLE, 72, "hour"]}]}),
        rule("RR-FR-0001", aged(11, 9_999, {"var": "payload.r.0.fr"})),
    )
    terms = {(each.evidence, each.state): each[3:] for each in first(rules).terms}
    assert terms["cov-comirnaty", COMPLETE] == (14, 269, "")
    assert terms["cov-jcovden", "booster"] == (14, 269, "")
    assert ("cov-jcovden", "partial") not in terms
    assert terms["naat", NEGATIVE] == (0, 72, "")
    assert terms["dcc-r", ""] == (11, None, "")


def test_waiting_times_that_depend_on_the_issuer_name_it() -> None:
    union = {"===": [{"var": "external.issuerCountryCode"}, "DE"]}
    rules = vaccination({"if": [union, aged(7, 270), aged(14, 270)]})
    found = {
        each.place: each.first
        for each in first(rules).terms
        if (each.evidence, each.state) == ("cov-comirnaty", COMPLETE)
    }
    assert found == {"union": 7, "neighbour": 14, "elsewhere": 14}


def test_every_later_change_of_the_rules_is_a_period() -> None:
    rules = rule_set(
        rule("VR-FR-0001", aged(0, 999), ValidTo="2027-06-01T00:00:00Z"),
        rule("VR-FR-0002", {"===": [PRODUCT, "EU/1/20/1528"]}, ValidFrom="2027-01-01T00:00:00Z"),
    )
    periods = audit(rules, NOW).parts[0].periods
    assert [each.since for each in periods] == list(instants_of([rules], NOW))
    assert [each.until for each in periods] == [*(each.since for each in periods[1:]), None]
    codes = [{each.code for each in period.findings} for period in periods]
    assert Code.PRODUCT not in codes[0]
    assert Code.PRODUCT in codes[1]
    # The first rule has lapsed since its list was made: nobody knows what has replaced it.
    assert codes[2] == {Code.UNDECIDED, Code.NO_RULES}
    assert periods[0].admitted > periods[1].admitted > periods[2].admitted == 0


def test_instants_are_those_of_acceptance_rules_and_value_sets() -> None:
    sets = rule_set(
        rule("IR-FR-0001", {"===": [1, 1]}, ValidTo="2027-06-01T00:00:00Z"),
        rule("GR-FR-0001", {"===": [1, 1]}, ValidTo="9999-12-31T00:00:00Z"),
    )
    dated = sets.value_sets.sets[0]._replace(date="2027-02-03")
    sets = sets._replace(value_sets=sets.value_sets._replace(sets=(dated,)))
    assert instants_of([sets], NOW) == (NOW, 1_801_612_800)


def test_the_international_regulations_are_asked_about_their_products() -> None:
    found = audit(rule_set(), NOW, regulations=regulations())
    assert [(each.authority, each.disease) for each in found.parts] == [
        ("FR", "covid-19"), ("IHR", "yellow-fever"), ("IHR", "poliomyelitis"),
    ]  # fmt: skip
    fever, polio = (each.periods[0] for each in found.parts[1:])
    # Every prequalified vaccine counts from the tenth day, in every family.
    assert fever.findings == ()
    assert fever.admitted == fever.cells * 4 // 5
    # The recommendations that are bundled lapsed in 2014.
    assert [each.code for each in polio.findings] == [Code.NO_RULES]
    unknown = regulations()[0]._replace(disease="mpox")
    assert len(audit(rule_set(), NOW, regulations=[unknown]).parts) == 1


def test_a_region_is_asked_by_its_own_rules() -> None:
    rules = rule_set(rule("GR-FR-0001", {"===": [1, 1]}, Region="BR"))
    assert first(rules).admitted == 0
    assert first(rules, region="BR").admitted > 0


def cell(**changes: Any) -> Cell:
    one = Cell("covid-19", Kind.VACCINATION, "cov-comirnaty", COMPLETE, 14, 18, EU, "union")
    return one._replace(**changes)


def test_certificates_state_what_their_family_can() -> None:
    bench = Bench(vaccination({"===": [1, 1]}), NOW)
    [world] = bench.subject(cell()).worlds
    [entry] = world["v"]
    assert (entry["mp"], entry["dn"], entry["sd"], entry["co"]) == ("EU/1/20/1528", 2, 2, "DE")
    [entry] = bench.subject(cell(family=CARD)).worlds[0]["v"]
    assert (entry["dn"], entry["sd"], entry["co"]) == (2, UNKNOWN, UNKNOWN)
    assert entry["ci"] is UNKNOWN
    # What an EU certificate does not state is not there.
    [entry] = bench.subject(cell(state="total-unknown")).worlds[0]["v"]
    assert "sd" not in entry
    assert bench.subject(cell(family=STATUS_ONLY, evidence=STATUS_ONLY)).worlds == ()


def test_the_destination_issues_none_of_the_certificates() -> None:
    german = Bench(rule_set(country="DE"), NOW)
    assert german.subject(cell()).issuer == "AT"
    assert german.subject(cell(place="elsewhere")).issuer == "IN"


def test_a_listed_device_is_one_of_the_list() -> None:
    rules = rule_set(rule("TR-FR-0001", {"===": [1, 1]}))
    own = rules.value_sets.sets[0]._replace(codes=("7",))
    bench = Bench(rules._replace(value_sets=rules.value_sets._replace(sets=(own,))), NOW)
    test = cell(kind=Kind.TEST, evidence="antigen-listed-device", state=NEGATIVE, ago=1)
    [entry] = bench.subject(test).worlds[0]["t"]
    assert entry["ma"] == "7"


def test_no_change_is_told_where_none_was_found() -> None:
    # One rule can be mended and another cannot.
    bench = Bench(vaccination({"in": [PRODUCT, ["x"]]}, {"===": [1, 2]}), NOW)
    assert smallest_change(bench, cell()) == ()
    # Nothing is in the way.
    assert smallest_change(Bench(vaccination({"===": [1, 1]}), NOW), cell()) == ()


def test_look_ups_are_found_where_they_stand() -> None:
    logic = {"if": [ENTRY, {"and": [{"in": [PRODUCT, ["a"]]}, {"in": ["b", ["c"]]}]}, {
        "in": [PRODUCT, {"var": "external.valueSets.names"}]
    }]}  # fmt: skip
    assert list(memberships(logic)) == [
        ("/if/1/and/0/in/1", "payload.v.0.mp", ["a"]),
        ("/if/2/in/1", "payload.v.0.mp", "external.valueSets.names"),
    ]


@pytest.mark.parametrize("product", LISTED, ids=[each.id for each in LISTED])
def test_families_are_those_of_the_notes(product: Any) -> None:
    fewer = {"cov-skycovione": 3, "cov-corbevax": 4, "cov-bimervax": 4}
    assert len(families_of(product)) == fewer.get(product.id, 5)


def test_a_dose_moves_with_the_day_that_is_asked_about() -> None:
    rules = vaccination({"not-before": [CLOCK, {"plusTime": [DOSE, 14, "day"]}]})
    for later in (0, 100 * DAY):
        bench = Bench(rules, NOW + later)
        assert bench.ask(cell(ago=14)).passed
        assert bench.ask(cell(ago=13)).refusing == ("VR-FR-0000",)


def test_a_change_that_does_not_help_is_not_told() -> None:
    never = {"===": [1, 2]}
    names = {"in": [PRODUCT, {"var": "external.valueSets.covid-19-lab-test-type"}]}
    for logic in (
        {"in": [NUMBER, [9]]},
        {"and": [names, never]},
        {"and": [{"in": [PRODUCT, ["x"]]}, never]},
        {"and": [{"in": [{"var": "payload.v.0.zz"}, ["x"]]}, never]},
    ):
        assert smallest_change(Bench(vaccination(logic), NOW), cell()) == ()
    # A code more, and the rule would be larger than any may be.
    full = {"in": [PRODUCT, ["x"] * (LOGIC_NODES - 3)]}
    assert smallest_change(Bench(vaccination(full), NOW), cell()) == ()


def test_a_comparison_that_reads_nothing_may_be_left_out() -> None:
    missing = {"in": [{"plusTime": [{"var": "payload.v.0.zz"}, 0, "day"]}, [1]]}
    logic = {"and": [{">=": [NUMBER, 2]}, {"if": [ENTRY, missing, False]}]}
    found = smallest_change(Bench(vaccination(logic), NOW), cell())
    assert found == (Change("VR-FR-0000", Way.TEST_FOR_NULL, "v.0.zz"),)


def test_a_family_that_would_have_to_state_something_else_has_no_change() -> None:
    ends = {"not-after": [CLOCK, {"plusTime": [{"var": "external.exp"}, 0, "day"]}]}
    found = told(vaccination(ends, {">=": [NUMBER, 1]}), Code.FORMAT)
    assert {each.changes for each in found if each.family == CARD} == {()}


def test_what_more_than_one_member_decides_is_named_with_all_of_them() -> None:
    both = {
        "and": [{">=": [NUMBER, TOTAL]}, {"in": [{"var": "payload.v.0.co"}, ["DE", "CH", "IN"]]}]
    }
    [found] = [each for each in told(vaccination(both), Code.FORMAT) if each.family == CARD]
    assert found.changes == (
        Change("VR-FR-0000", Way.DO_NOT_NEED, "v.0.co"),
        Change("VR-FR-0000", Way.DO_NOT_NEED, "v.0.sd"),
    )
    # What lies below something unknown cannot be filled in.
    below = {"if": [{"var": "payload.v.0.co.x"}, True, {">=": [NUMBER, TOTAL]}]}
    assert told(vaccination(below), Code.FORMAT)


def test_a_count_of_doses_that_a_country_has_adopted_is_asked_with() -> None:
    rules = vaccination({">=": [NUMBER, TOTAL]})
    shut_out = {cell for cell in CELLS if cell.family in {CARD, SEAL} and cell.state == COMPLETE}
    assert shut_out
    bench = Bench(rules, NOW)
    assert not any(bench.ask(cell).passed for cell in shut_out)
    doses = {each.mp: 2 for each in LISTED}
    table = SeriesTable("FR", "a specimen", "2026-11-01", doses)
    adopted = Bench(rules._replace(series=table), NOW)
    assert any(adopted.ask(cell).passed for cell in shut_out)
    mixed = [cell for cell in CELLS if cell.family in {CARD, SEAL} and cell.state == OTHER_PRODUCT]
    assert mixed
    assert not any(adopted.ask(cell).passed for cell in mixed)
