"""The suites of the CertLogic specification: what expressions give, and which are none."""

import json
from typing import Any

import pytest
from support.conformance import ROOT
from support.skips import CERTLOGIC_SKIPS

from verifier.rules.certlogic import Instant, check_logic, compile_logic

CERTLOGIC = ("rules", "certlogic")


def _suites(name: str) -> list[dict[str, Any]]:
    folder = ROOT.joinpath(*CERTLOGIC, name)
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def _assertions() -> list[Any]:
    found = []
    for suite in _suites("testSuite"):
        for case in suite["cases"]:
            for place, each in enumerate(case["assertions"]):
                name = f"{suite['name']}::{case['name']}::{place}"
                expression = each.get("certLogicExpression", case.get("certLogicExpression"))
                skipped = any(part.get("directive") == "skip" for part in (suite, case, each))
                reason = CERTLOGIC_SKIPS[suite["name"]] if skipped else ""
                marks = [pytest.mark.skip(reason=reason)] if skipped else []
                values = expression, each.get("data"), each["expected"]
                found.append(pytest.param(*values, id=name, marks=marks))
    return found


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Instant) else value


def _typed(value: object) -> object:
    """Tell apart what Python calls equal: True and 1."""
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if isinstance(value, dict):
        return {name: _typed(each) for name, each in value.items()}
    return type(value), value


ASSERTIONS = _assertions()
VALIDATIONS = [
    (case["certLogicExpression"], case["issues"])
    for suite in _suites("validation-testSuite")
    for case in suite["cases"]
]

# A word of ours for each of their sentences.
MEANT = {
    "invalid CertLogic expression": "null is no expression",
    "3.14 is a non-integer number": "a fraction is no expression",
    "expression object must have exactly one key": "an operation has one member",
    "operation not of the form": "operands of an operation are an array",
    "unrecognised operator": "there is no operator",
    'not of the form { "var"': "the operand of var is a text",
    "data access path": "the path of var has an empty part",
}


@pytest.mark.skipif(not ASSERTIONS, reason="conformance data not here: rules/certlogic")
def test_the_suites_are_all_here() -> None:
    skipped = [each for each in ASSERTIONS if each.marks]
    assert (len(ASSERTIONS) - len(skipped), len(skipped)) == (218, 14)
    assert len(VALIDATIONS) == 23


@pytest.mark.parametrize(("expression", "data", "expected"), ASSERTIONS)
def test_an_expression_gives_what_the_specification_says(
    expression: object, data: object, expected: object
) -> None:
    assert _typed(_plain(compile_logic(expression).value(data))) == _typed(expected)


@pytest.mark.parametrize(("expression", "issues"), VALIDATIONS, ids=json.dumps)
def test_a_fault_is_found_where_it_is(expression: object, issues: list[dict[str, Any]]) -> None:
    found = check_logic(expression)
    assert len(found) == len(issues)
    for ours, theirs in zip(found, issues, strict=True):
        # All of theirs are at the top.
        assert (ours.where, theirs["expr"]) == ("", expression)
        [meant] = [ours for word, ours in MEANT.items() if theirs["message"].startswith(word)]
        assert meant in ours.what
