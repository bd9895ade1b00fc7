"""The form of expressions: each fault is told with its place, and hostile ones end the reading."""

from typing import Any

import pytest

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import check_logic, compile_logic


def told(expression: object) -> list[tuple[str, str]]:
    issues = check_logic(expression)
    for issue in issues[:1]:
        with pytest.raises(RuleSetInvalid) as caught:
            compile_logic(expression)
        assert str(issue) in str(caught.value)
    return [(issue.where, issue.what) for issue in issues]


def test_sound_expressions_have_no_issue() -> None:
    date = {"plusTime": ["2021", -1, "year"]}
    for expression in (
        {"if": [{"var": ""}, [1, [], "x"], {"!": [{"var": "a.0.b"}]}]},
        {"and": [1] * 50},
        {"before": [date, date, date]},
        {"reduce": [{"var": "a"}, {"+": [1, 2.0]}, 0]},
        {"===": [{"extractFromUVCI": ["x", -1]}, {"dccDateOfBirth": ["2021"]}]},
        "x" * 1000,
        2**53 - 1,
        -(2**53) + 1,
    ):
        assert told(expression) == []


@pytest.mark.parametrize(
    ("expression", "where", "what"),
    [
        (None, "", "null is no expression"),
        (3.14, "", "a fraction is no expression"),
        (float("nan"), "", "a fraction is no expression"),
        (float("inf"), "", "a fraction is no expression"),
        (b"x", "", "what is no JSON is no expression"),
        ((1, 2), "", "what is no JSON is no expression"),
        (2**53, "", "a number is at most 9007199254740991"),
        (1e300, "", "a number is at most 9007199254740991"),
        ("x" * 1001, "", "a text has at most 1000 characters"),
        ([1, [None]], "/1/0", "null is no expression"),
        ({}, "", "an operation has one member, not 0"),
        ({"!": [1], "and": [1, 2]}, "", "an operation has one member, not 2"),
        ({"!": True}, "", "the operands of an operation are an array"),
        ({"!": {"var": "x"}}, "", "the operands of an operation are an array"),
        ({"or": [1, 2]}, "", "there is no operator 'or'"),
        ({"x" * 99: [1]}, "", f"there is no operator '{'x' * 39}..."),
        ({"\x1b[2J": [1]}, "", "there is no operator '\\x1b[2J'"),
        ({1: [1]}, "", "there is no operator of this kind"),
        ({"!": [{"==": [1, 2]}]}, "/!/0", "there is no operator '=='"),
        ({"var": ["x"]}, "", "the operand of var is a text"),
        ({"var": 0}, "", "the operand of var is a text"),
        ({"var": "."}, "", "the path of var has an empty part"),
        ({"var": "a..b"}, "", "the path of var has an empty part"),
        ({"var": ".a"}, "", "the path of var has an empty part"),
        ({"var": "x" * 1001}, "", "a path has at most 1000 characters"),
        ({"if": [1, 2]}, "", "if takes 3 operands, not 2"),
        ({"if": [1, 2, 3, 4]}, "", "if takes 3 operands, not 4"),
        ({"and": [1]}, "", "and takes 2 or more operands, not 1"),
        ({"and": []}, "", "and takes 2 or more operands, not 0"),
        ({"!": []}, "", "! takes 1 operands, not 0"),
        ({"===": [1, 2, 3]}, "", "=== takes 2 operands, not 3"),
        ({"<": [1]}, "", "< takes 2 or 3 operands, not 1"),
        ({"after": [1, 2, 3, 4]}, "", "after takes 2 or 3 operands, not 4"),
        ({"plusTime": ["2021", 1]}, "", "plusTime takes 3 operands, not 2"),
        ({"plusTime": [None, 1, "day"]}, "/plusTime/0", "null is no expression"),
        (
            {"plusTime": ["2021", "1", "day"]},
            "/plusTime/1",
            "the amount of plusTime is a whole number and no expression",
        ),
        (
            {"plusTime": ["2021", True, "day"]},
            "/plusTime/1",
            "the amount of plusTime is a whole number and no expression",
        ),
        (
            {"plusTime": ["2021", {"var": "x"}, "day"]},
            "/plusTime/1",
            "the amount of plusTime is a whole number and no expression",
        ),
        (
            {"plusTime": ["2021", 10**8 + 1, "day"]},
            "/plusTime/1",
            "the amount of plusTime is at most 100000000",
        ),
        (
            {"plusTime": ["2021", 1, "days"]},
            "/plusTime/2",
            "the unit of plusTime is one of year, month, day, hour",
        ),
        (
            {"plusTime": ["2021", 1, ["day"]]},
            "/plusTime/2",
            "the unit of plusTime is one of year, month, day, hour",
        ),
        (
            {"extractFromUVCI": ["x", 0.5]},
            "/extractFromUVCI/1",
            "the index of extractFromUVCI is a whole number and no expression",
        ),
        (
            {"extractFromUVCI": ["x", -(10**9)]},
            "/extractFromUVCI/1",
            "the index of extractFromUVCI is at most 100000000",
        ),
    ],
    ids=lambda each: ascii(each)[:40],
)
def test_each_fault_is_told_with_its_place(expression: object, where: str, what: str) -> None:
    assert told(expression) == [(where, what)]


def test_all_faults_are_told_in_their_order() -> None:
    expression = {
        "if": [
            {"var": "a."},
            {"and": [None, {"plusTime": [0.5, "1", "week"]}, {"extractFromUVCI": []}]},
        ]
    }
    assert [where for where, _ in told(expression)] == [
        "",
        "/if/0",
        "/if/1/and/0",
        "/if/1/and/1/plusTime/0",
        "/if/1/and/1/plusTime/1",
        "/if/1/and/1/plusTime/2",
        "/if/1/and/2",
    ]


def _nested(depth: int, wrap: Any) -> object:
    expression: object = {"var": "x"}
    for _ in range(depth - 1):
        expression = wrap(expression)
    return expression


WRAPS = [
    lambda each: [each],
    lambda each: {"!": [each]},
    lambda each: {"if": [each, each, True]},
    lambda each: {"if": [True, each, 1]},
    lambda each: {"reduce": [each, 1, 1]},
    lambda each: {"plusTime": [each, 1, "day"]},
    lambda each: {"before": [each, 1]},
]


@pytest.mark.parametrize("wrap", [wrap for place, wrap in enumerate(WRAPS) if place != 2])
def test_depth_has_a_limit(wrap: Any) -> None:
    assert told(_nested(64, wrap)) == []
    compile_logic(_nested(64, wrap)).judge({"x": 1})
    for depth in (65, 5000):
        assert {what for _, what in told(_nested(depth, wrap))} == {
            "an expression nests at most 64 deep"
        }


def test_size_has_a_limit_that_ends_the_reading() -> None:
    assert told({"and": [1] * 9_999}) == []
    assert told({"and": [1] * 10_000}) == [("/and/9999", "an expression has at most 10000 parts")]
    # Twice as much at each level: more than could ever be read.
    assert len(told(_nested(60, WRAPS[2]))) == 1


@pytest.mark.parametrize("width", [1, 2, 3])
def test_an_expression_that_holds_itself_is_refused(width: int) -> None:
    cycle: list[object] = []
    cycle.extend([cycle] * width)
    assert check_logic(cycle)
    loop: dict[str, object] = {}
    loop["and"] = [loop] * (width + 1)
    assert check_logic(loop)
    with pytest.raises(RuleSetInvalid):
        compile_logic(loop)
