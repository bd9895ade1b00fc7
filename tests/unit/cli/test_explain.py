import json

import pytest
from support.command import run

from verifier import Reason
from verifier.reasons import MEANINGS


@pytest.mark.parametrize("reason", Reason)
def test_every_code_is_explained(reason: Reason) -> None:
    ran = run("explain", reason.value.lower())
    assert ran.status == 0
    text = " ".join(ran.out.split())
    assert reason.value in text
    assert MEANINGS[reason].what in text
    assert MEANINGS[reason].next in text
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_outcome_that_a_code_leads_to_is_told() -> None:
    assert "Outcome: NOT AUTHENTIC" in run("explain", "SIG-001").out
    assert "Outcome: none by itself" in run("explain", "REV-002").out
    assert "Outcome: REFER" in run("explain", "INT-000").out


def test_without_a_code_all_are_listed() -> None:
    ran = run("explain")
    assert all(reason.value in ran.out for reason in Reason)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_json_has_an_object_a_line() -> None:
    rows = [json.loads(line) for line in run("explain", "--json").out.splitlines()]
    assert [row["code"] for row in rows] == [reason.value for reason in Reason]
    (row,) = [json.loads(line) for line in run("explain", "--json", "DAT-001").out.splitlines()]
    assert row == {
        "code": "DAT-001",
        "check": "dates",
        "result": "fail",
        "outcome": "does_not_meet_rules",
        "what": MEANINGS[Reason.EXPIRED].what,
        "next": MEANINGS[Reason.EXPIRED].next,
    }


def test_an_unknown_code_says_how_to_list_them() -> None:
    ran = run("explain", "SIG-999")
    assert ran.status == 2
    assert ran.err.splitlines()[1] == "  List them all: pratique explain"
