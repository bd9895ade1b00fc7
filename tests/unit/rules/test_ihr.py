"""Certificates of the International Health Regulations, held to its rules in any country."""

import pytest
from support.entry_rules import codes, judged

from verifier import Outcome
from verifier.rules.report import Way

GENERATIONS = ("generation-1-product", "generation-2", "generation-3")


def test_a_yellow_fever_certificate_meets_the_rules_of_any_country() -> None:
    verdict = judged("who_icvp/generation-3", "GH")
    assert verdict.outcome is Outcome.MEETS_RULES
    assert verdict.rules is not None
    assert [each.authority for each in verdict.rules.asked] == ["IHR"]
    assert all(each.basis for each in verdict.rules.results)


def test_before_the_tenth_day_it_says_from_when_and_what_may_follow() -> None:
    verdict = judged("who_icvp/day-before-first", "GH")
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert verdict.rules is not None
    failed = next(each for each in verdict.rules.results if each.rule == "IHR-YF-0003")
    assert failed.first_day == "2026-12-02"
    assert failed.last_day is None
    assert "quarantine" in failed.what_follows("en")
    assert [each.way for each in verdict.rules.alternatives] == [Way.WAIT]


def test_an_end_that_the_issuer_states_is_told_and_does_not_count() -> None:
    verdict = judged("who_icvp/end-stated", "GH")
    assert verdict.outcome is Outcome.MEETS_RULES
    assert "DAT-021" in {each.code.value for each in verdict.findings}


def test_what_the_digital_one_leaves_open_the_paper_one_may_answer() -> None:
    verdict = judged("who_icvp/class-only", "GH")
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict)[-1] == "RUL-006"


def test_a_product_that_is_not_approved_fails_and_stays_so() -> None:
    verdict = judged("who_icvp/product-not-approved", "GH")
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert "RUL-020" in codes(verdict)
    assert "RUL-003" not in codes(verdict)


def test_polio_recommendations_have_lapsed_and_somebody_has_to_bring_the_new_ones() -> None:
    verdict = judged("who_icvp/poliomyelitis", "GH")
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict) == ["RUL-005", "RUL-006"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_is_held_to_the_same_rules(generation: str) -> None:
    verdict = judged(f"who_icvp/{generation}", "GH")
    assert verdict.rules is not None
    assert {each.rule for each in verdict.rules.results} == {
        "IHR-YF-0001", "IHR-YF-0002", "IHR-YF-0003",
    }  # fmt: skip
