"""The rules that countries published, and the tests that they gave with them."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.conformance import cases_in, conformance

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import Logic, Truth, compile_logic, understands

COUNTRY_RULES = ("rules", "country-rules")
PUBLISHED = ("rules", "published-de")


def _load(path: Path) -> Any:
    return json.loads(path.read_text())


@cache
def _compiled(path: Path) -> Logic:
    return compile_logic(_load(path)["Logic"])


TESTS = cases_in(*COUNTRY_RULES, pattern="*/*/tests/*.json")


@pytest.mark.parametrize("name", TESTS)
def test_a_rule_gives_what_its_country_expects(name: str) -> None:
    path = conformance(*COUNTRY_RULES, name)
    test = _load(path)
    logic = _compiled(path.parents[1] / "rule.json")
    data = {"payload": test.get("payload"), "external": test["external"]}
    assert logic.value(data) is test["expected"]
    assert logic.judge(data) is {True: Truth.PASSED, False: Truth.FAILED}[test["expected"]]


def test_all_rules_and_tests_were_seen() -> None:
    folder = conformance(*COUNTRY_RULES)
    rules = sorted(folder.glob("*/*/*R-*.json")) + sorted(folder.glob("*/*/rule.json"))
    counted = Counter(name.split("/")[0] for name in TESTS)
    assert len(rules) == 94
    assert counted == {"AT": 101, "DE": 68, "EU": 101, "FR": 130, "IE": 135, "NL": 4, "PL": 93}
    assert counted.total() == 632


def test_every_rule_compiles_but_two_of_malta() -> None:
    folder = conformance(*COUNTRY_RULES)
    broken = {}
    for path in sorted({*folder.glob("*/*/*R-*.json"), *folder.glob("*/*/rule.json")}):
        try:
            rule = _load(path)
            assert understands(rule["Engine"], rule["EngineVersion"])
            assert compile_logic(rule["Logic"]).paths
        except (json.JSONDecodeError, RuleSetInvalid) as error:
            broken[path.name] = str(error)
    assert set(broken) == {"TR-MT-0001.json", "VR-MT-0005.json"}
    # A comma before a bracket, one of which is where Python sees the fault; and an `if` with a
    # condition where its last branch should be.
    assert re.search("line 3[01] column", broken["TR-MT-0001.json"])
    assert "at the top: if takes 3 operands, not 4" in broken["VR-MT-0005.json"]


@pytest.mark.parametrize(
    ("name", "count", "newer"),
    [
        ("dcc-rules.json", 271, ["2.0.1"]),
        ("dcc-domestic-rules.json", 13, []),
        ("dcc-bn-rules.json", 2, []),
    ],
)
def test_the_rules_that_germany_published_compile(name: str, count: int, newer: list[str]) -> None:
    rules = _load(conformance(*PUBLISHED, name))
    assert len([compile_logic(rule["Logic"]) for rule in rules]) == count
    # The language has grown since: one rule asks for a version that nobody has specified here.
    refused = [rule for rule in rules if not understands(rule["Engine"], rule["EngineVersion"])]
    assert [rule["EngineVersion"] for rule in refused] == newer
