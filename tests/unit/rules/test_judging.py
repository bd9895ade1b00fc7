import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from support.entry_rules import AT, CLOCK, DOSE, SAMPLE, Rules, aged, codes, judged, rule, rule_set
from support.keys import MemoryKeys
from support.specimens import FIXTURES, NOW, specimen_keys, store

from verifier import Outcome, PrivacyPolicy, Verdict, Verifier
from verifier.privacy import Disclosure
from verifier.reasons import Result
from verifier.rules.report import Alternative, RulesReport, Way

DAY = 86_400
GENERAL = rule("GR-FR-0001", {"!": [{"!": [{"var": "payload"}]}]})
DOSES = rule("VR-FR-0001", aged(14, 270))
TEST = rule("TR-FR-0001", aged(0, 72, SAMPLE, "hour"))
TRUE = {"===": [1, 1]}
FR = rule_set(GENERAL, DOSES, TEST)
SCHEMA = json.loads((FIXTURES.parent / "verifier" / "verdict.schema.json").read_text())


def results(report: RulesReport | None) -> dict[str, str]:
    assert report is not None
    return {each.rule: each.result.value for each in report.results}


def test_a_certificate_that_every_rule_takes_meets_the_rules() -> None:
    verdict = judged("eu_dcc/vaccination", FR)
    assert verdict.outcome is Outcome.MEETS_RULES
    assert codes(verdict) == ["RUL-000"]
    assert results(verdict.rules) == {"GR-FR-0001": "pass", "VR-FR-0001": "pass"}
    assert verdict.rules is not None
    assert (verdict.rules.country, verdict.rules.day) == ("FR", "2026-12-01")
    assert verdict.rules.alternatives == ()


def test_one_rule_that_is_not_met_is_enough() -> None:
    late = datetime(2027, 8, 1, 12, tzinfo=UTC)
    verdict = judged("eu_dcc/vaccination", FR, at=late)
    assert "RUL-001" in codes(verdict)
    assert results(verdict.rules)["VR-FR-0001"] == "fail"
    assert verdict.rules is not None
    failed = next(each for each in verdict.rules.results if each.result is Result.FAIL)
    # Given on 20 October 2026; at noon of the 270th day its midnight is past.
    assert (failed.first_day, failed.last_day) == ("2026-11-03", "2027-07-16")


def test_a_test_that_is_too_old_is_told_what_else_would_do() -> None:
    verdict = judged("eu_dcc/test", FR, at=AT + timedelta(days=30))
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert verdict.rules is not None
    ways = {each.way: each for each in verdict.rules.alternatives}
    assert ways[Way.NAAT_TEST] == Alternative(Way.NAAT_TEST, hours=72)
    assert ways[Way.ANTIGEN_TEST].hours == 72
    assert ways[Way.VACCINATION].days == (14, 269)
    # The general rule alone would take a recovery.
    assert ways[Way.RECOVERY].days == (0, None)
    assert Way.WAIT not in ways


def test_a_certificate_that_comes_too_early_can_wait() -> None:
    verdict = judged("eu_dcc/vaccination", rule_set(rule("VR-FR-0001", aged(60, 270))))
    assert verdict.rules is not None
    assert verdict.rules.alternatives[0] == Alternative(Way.WAIT, day="2026-12-19")
    assert verdict.rules.results[0].first_day == "2026-12-19"


def test_one_more_dose_is_found_where_it_would_do() -> None:
    third = {">=": [{"var": "payload.v.0.dn"}, 3]}
    seven = {"not-before": [CLOCK, {"plusTime": [DOSE, 7, "day"]}]}
    verdict = judged("eu_dcc/vaccination", rule_set(rule("VR-FR-0001", {"and": [third, seven]})))
    assert verdict.rules is not None
    assert verdict.rules.alternatives == (Alternative(Way.ONE_MORE_DOSE, day="2026-12-08"),)


def test_no_rules_at_all_are_not_rules_that_are_met() -> None:
    empty = judged("eu_dcc/vaccination", rule_set())
    assert (empty.outcome, codes(empty)) == (Outcome.REFER, ["RUL-002"])
    others = judged("eu_dcc/vaccination", rule_set(TEST))
    assert (others.outcome, codes(others)) == (Outcome.REFER, ["RUL-002"])
    unknown = judged("eu_dcc/vaccination", "QZ")
    assert (unknown.outcome, codes(unknown)) == (Outcome.REFER, ["RUL-002"])


def test_keys_that_come_without_rules_leave_them_to_a_person() -> None:
    verifier = Verifier(trust=MemoryKeys(specimen_keys()), rules="FR")
    verdict = verifier.verify((FIXTURES / "eu_dcc" / "vaccination.txt").read_text(), at=AT)
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-002"])


def test_a_rule_that_lapsed_since_its_list_was_made_goes_to_a_person() -> None:
    ended = rule("VR-FR-0001", aged(14, 270), ValidTo="2026-11-30T00:00:00Z")
    old = rule_set(GENERAL, ended, as_of=NOW - 10 * DAY)
    verdict = judged("eu_dcc/vaccination", old)
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-005"])
    assert results(verdict.rules)["VR-FR-0001"] == "unknown"
    alone = judged("eu_dcc/vaccination", rule_set(ended, as_of=NOW - 10 * DAY))
    assert (alone.outcome, codes(alone)) == (Outcome.REFER, ["RUL-005"])


@pytest.mark.parametrize("members", [{"EngineVersion": "9.0.0"}, {"Engine": "OTHER"}])
def test_a_rule_for_another_engine_goes_to_a_person(members: dict[str, str]) -> None:
    verdict = judged("eu_dcc/vaccination", rule_set(GENERAL, rule("VR-FR-0002", TRUE, **members)))
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-004"])


def test_a_set_of_which_a_part_is_broken_goes_to_a_person() -> None:
    broken = FR._replace(incomplete=("VR-FR-0009",))
    verdict = judged("eu_dcc/vaccination", broken)
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-004"])
    assert results(verdict.rules)["VR-FR-0009"] == "unknown"
    assert verdict.rules is not None
    assert not verdict.rules.asked[0].complete
    assert verdict.rules.results[-1].text("en") == ""


def test_a_logic_that_is_none_leaves_its_rule_open() -> None:
    nonsense = rule("VR-FR-0002", {"no such operator": [1]})
    verdict = judged("eu_dcc/vaccination", rule_set(GENERAL, nonsense))
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-004"])


def test_rules_that_are_too_old_go_to_a_person() -> None:
    verdict = judged("eu_dcc/vaccination", rule_set(GENERAL, DOSES, as_of=NOW - 900 * DAY))
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-007"])


def test_the_issuer_may_withdraw_certificates_by_rules_of_its_own() -> None:
    withdrawing = rule("IR-XS-0001", {"!": [{"===": [{"var": "external.countryCode"}, "XS"]}]})
    rules = Rules(FR, rule_set(withdrawing, country="XS"))
    trust = store()
    both = type("Both", (), {"rule_set": lambda _, country: rules.rule_set(country)})()
    for name in ("find", "authorities", "newest", "floor", "withdrawals"):
        setattr(both, name, getattr(trust, name))
    verifier = Verifier(trust=both, rules="fr")
    text = (FIXTURES / "eu_dcc" / "vaccination.txt").read_text()
    verdict = verifier.verify(text, at=AT)
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert results(verdict.rules)["IR-XS-0001"] == "fail"


def test_a_region_has_rules_of_its_own() -> None:
    never = rule("VR-FR-0002", {"===": [1, 2]}, Region="R1")
    both = rule_set(GENERAL, DOSES, never)
    assert judged("eu_dcc/vaccination", both).outcome is Outcome.MEETS_RULES
    assert judged("eu_dcc/vaccination", both, region="r1").outcome is Outcome.DOES_NOT_MEET_RULES


def test_an_exemption_is_for_the_paper_procedure() -> None:
    verdict = judged("eu_dcc/exemption", FR)
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-046"])


def test_what_an_unvouched_key_signed_tells_no_days() -> None:
    early = rule_set(rule("VR-FR-0001", aged(60, 270)))
    verdict = judged("eu_dcc/key-id-shared-unvouched", early)
    assert verdict.rules is not None
    assert all(each.first_day is None for each in verdict.rules.results)


def test_a_policy_that_discloses_nothing_tells_no_days() -> None:
    early = rule_set(rule("VR-FR-0001", aged(60, 270)))
    verdict = judged("eu_dcc/vaccination", early, disclosure=Disclosure.NONE)
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    text = json.dumps(verdict.to_json())
    assert "2026-12-19" not in text
    assert results(verdict.rules) == {"VR-FR-0001": "fail"}


def _pickled(verdict: Verdict) -> Verdict:
    carried = pickle.loads(pickle.dumps(verdict))  # noqa: S301 - its own
    assert isinstance(carried, Verdict)
    return carried


@pytest.mark.parametrize("carry", [copy.copy, copy.deepcopy, _pickled])
def test_a_verdict_that_travels_leaves_the_days_behind(carry: Callable[[Verdict], Verdict]) -> None:
    early = rule_set(rule("VR-FR-0001", aged(60, 270)))
    verdict = judged("eu_dcc/vaccination", early)
    carried = carry(verdict)
    assert carried == verdict
    assert "2026-12-19" not in json.dumps(carried.to_json())
    other = judged("eu_dcc/vaccination", rule_set(rule("VR-FR-0002", aged(60, 270))))
    assert other != verdict


@pytest.mark.parametrize("name", ["vaccination", "test", "recovery", "exemption", "expired"])
def test_the_json_keeps_to_its_schema(name: str) -> None:
    rules = rule_set(GENERAL, rule("VR-FR-0001", aged(60, 270)), TEST)
    jsonschema.validate(judged(f"eu_dcc/{name}", rules).to_json(), SCHEMA)


def test_rules_are_not_asked_about_what_nobody_signed() -> None:
    verdict = judged("eu_dcc/signature-bit", FR)
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    assert verdict.rules is None
    assert codes(verdict) == []


def test_a_batch_is_judged_by_the_same_rules_without_days() -> None:
    early = rule_set(rule("VR-FR-0001", aged(60, 270)))
    text = (FIXTURES / "eu_dcc" / "vaccination.txt").read_text()
    verifier = Verifier(trust=store(), rules=early, policy=PrivacyPolicy.strict())
    for verdict in verifier.verify_many([text] * 2, processes=2, at=AT):
        assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
        assert verdict.rules is not None
        assert verdict.rules.results[0].first_day is None


def test_a_day_to_come_is_judged_by_the_lists_of_today() -> None:
    verdict = judged("eu_dcc/recovery", rule_set(GENERAL), at=AT + timedelta(days=100))
    assert verdict.trust.freshness is not None
    assert verdict.trust.freshness.value == "fresh"


def test_the_region_and_the_kid_reach_the_rules() -> None:
    logic = {
        "and": [
            {"===": [{"var": "external.region"}, "R1"]},
            {"===": [{"var": "external.issuerCountryCode"}, "XS"]},
            {"!": [{"!": [{"var": "external.kid"}]}]},
            {"===": [{"var": "external.day"}, "2026-12-01"]},
        ]
    }
    verdict = judged(
        "eu_dcc/vaccination", rule_set(rule("GR-FR-0001", logic, Region="R1")), region="R1"
    )
    assert verdict.outcome is Outcome.MEETS_RULES


def test_texts_are_given_in_the_language_or_in_english() -> None:
    texts = [{"lang": "en", "desc": "In English."}, {"lang": "fr", "desc": "En français."}]
    verdict = judged("eu_dcc/vaccination", rule_set(rule("VR-FR-0001", TRUE, Description=texts)))
    assert verdict.rules is not None
    said = verdict.rules.results[0]
    assert (said.text("fr"), said.text("de"), said.what_follows("en")) == (
        "En français.", "In English.", "",
    )  # fmt: skip


def test_a_test_for_nobody_knows_what_is_refused_or_open_but_never_passes() -> None:
    fresh = rule_set(rule("TR-FR-0001", aged(0, 24 * 90, SAMPLE, "hour")))
    verdict = judged("vds_nc/test", fresh)
    assert (verdict.outcome, codes(verdict)) == (Outcome.REFER, ["RUL-036", "RUL-003"])
    old = rule_set(rule("TR-FR-0001", aged(0, 1, SAMPLE, "hour")))
    assert judged("vds_nc/test", old).outcome is Outcome.DOES_NOT_MEET_RULES
