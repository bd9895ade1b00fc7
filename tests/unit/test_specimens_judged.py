"""Every specimen, judged by the verifier with a trust store that was imported for real."""

import json

import jsonschema
import pytest
from support.specimens import FIXTURES, cases, store

from fixtures.cases import Case
from verifier import Outcome, Verdict, Verifier
from verifier.trust import Environment

CASES = cases()
SCHEMA = json.loads((FIXTURES.parent / "verifier" / "verdict.schema.json").read_text())


def judge(case: Case) -> Verdict:
    return Verifier(trust=store()).verify(case.scan, at=case.instant)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_specimen_is_judged_as_its_case_says(case: Case) -> None:
    verdict = judge(case)
    found: dict[str, list[str]] = {}
    for finding in verdict.findings:
        found.setdefault(finding.check.value, []).append(finding.code.value)
    wrong = {
        check: (code, found.get(check))
        for check, code in case.findings.items()
        if code not in found.get(check, [])
    }
    assert not wrong, case.remark
    assert verdict.outcome.value == case.outcome, case.remark
    assert not case.kind or verdict.kind == case.kind


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_json_of_a_specimens_verdict_fits_the_schema(case: Case) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(judge(case).to_json())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_specimen_that_failed_shows_no_holder(case: Case) -> None:
    verdict = judge(case)
    if verdict.outcome in {Outcome.NOT_AUTHENTIC, Outcome.DOES_NOT_MEET_RULES}:
        assert not verdict.discloses_holder
    if verdict.outcome is Outcome.AUTHENTIC:
        with verdict.holder() as holder:
            assert "SPECIMEN" in f"{holder.name_mrz} {holder.name}".upper()


def test_the_store_of_the_specimen_world_is_no_store_for_travellers() -> None:
    lists = store().lists()
    assert {each.environment for each in lists} == {Environment.SPECIMEN}
    assert sum(each.keys for each in lists) >= 20
