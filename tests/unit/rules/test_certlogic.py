"""Each operator of CertLogic with what is easily got wrong, and what no specification tells."""
# ruff: noqa: FBT001, FBT003 - operands and data are of any type

import math
import pickle
import threading
from typing import Any

import pytest

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import (
    LANGUAGE_VERSION,
    Instant,
    NotEvaluable,
    Truth,
    compile_logic,
    understands,
)
from verifier.rules.unknown import UNKNOWN


def var(path: str = "") -> dict[str, str]:
    return {"var": path}


def op(operator: str, *operands: Any) -> dict[str, list[Any]]:
    return {operator: list(operands)}


def value(expression: object, data: object = None) -> Any:
    return compile_logic(expression).value(data)


def judge(expression: object, data: object = None) -> Truth:
    return compile_logic(expression).judge(data)


def fails(expression: object, data: object = None) -> bool:
    with pytest.raises(NotEvaluable) as caught:
        value(expression, data)
    assert judge(expression, data) is Truth.OPEN
    assert caught.value.__cause__ is caught.value.__context__ is None
    return True


# Truth

FALSY = [False, None, "", 0, 0.0, -0.0, [], {}]
TRUTHY = [True, "0", " ", "false", 1, -1, 0.5, math.nan, [0], [None], {"a": None}]


@pytest.mark.parametrize("each", FALSY, ids=repr)
def test_falsy_values(each: object) -> None:
    assert value(op("!", var()), each) is True
    assert value(op("if", var(), "then", "else"), each) == "else"
    assert value(op("and", var(), "last"), each) is each


@pytest.mark.parametrize("each", TRUTHY, ids=repr)
def test_truthy_values(each: object) -> None:
    assert value(op("!", var()), each) is False
    assert value(op("if", var(), "then", "else"), each) == "then"
    assert value(op("and", var(), "last"), each) == "last"
    assert value(op("and", True, var()), each) is each


DATE = op("plusTime", "2021-06-01", 0, "day")


@pytest.mark.parametrize("each", [(), b"", {1}, math], ids=repr)
def test_what_is_no_json_decides_nothing(each: object) -> None:
    assert fails(op("!", var()), each)
    assert fails(op("if", var(), True, False), each)
    assert fails(op("and", var(), True), each)


def test_a_date_time_decides_nothing() -> None:
    assert fails(op("!", DATE))
    assert fails(op("if", DATE, True, False))
    assert fails(op("and", DATE, True))
    assert fails(op("and", True, DATE))
    assert judge(DATE) is Truth.OPEN


@pytest.mark.parametrize("each", [*FALSY[1:], *TRUTHY[1:], UNKNOWN], ids=repr)
def test_only_true_and_false_are_judged(each: object) -> None:
    assert judge(var(), each) is Truth.OPEN
    assert judge(var(), True) is Truth.PASSED
    assert judge(var(), False) is Truth.FAILED


# Literals, arrays, var


@pytest.mark.parametrize("each", ["", "text", 0, -7, True, False], ids=repr)
def test_a_literal_is_itself(each: object) -> None:
    assert type(value(each)) is type(each)
    assert value(each) == each


def test_a_whole_float_is_an_integer() -> None:
    assert type(value(42.0)) is int
    assert value(op("+", 1.0, var()), 2.0) == 3
    assert type(value(op("+", var(), 1), 2.0)) is int
    assert value(op("extractFromUVCI", "a:b", 1.0)) == "b"
    assert str(value(op("plusTime", "2021", 1.0, "day"))) == "2022-01-01T00:00:00.000Z"


def test_a_literal_alone_is_judged_without_data() -> None:
    assert judge(True) is Truth.PASSED
    assert judge(op("if", 1, False, True)) is Truth.FAILED
    assert judge(op("if", op("if", "", 1, 0), True, "x")) is Truth.OPEN
    # The branch that is never taken still counts as read.
    assert compile_logic(op("if", True, True, var("payload.v"))).paths == {"payload.v"}
    assert value(op("if", 0.0, 1, var("a")), {"a": 7}) == 7


def test_an_array_is_new_each_time() -> None:
    logic = compile_logic([1, [var("a")], "x"])
    first = logic.value({"a": True})
    first[1].append("changed")
    assert logic.value({"a": True}) == [1, [True], "x"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", 1), ("a.c", None), ("a.b.c", None), ("a.l.0", "x"), ("a.l.1.d", 2),
        ("a.l.00", "x"), ("a.l.2", None), ("a.l.-1", None), ("a.l.x", None), ("a.l.length", None),
        ("a.l.1x", None), ("a.l.٠", None), ("a.l.²", None), ("a.t.0", None), ("a.t", "text"),
        ("a.t.0.0", None), ("a.t.0.t", None), ("a.n.0", "zero"), ("a.n.1", None),
        ("a.n.0.zero", None), ("a.m.0.zero", 0), ("a.m.1.zero", None), ("a.l.1.e", None),
        ("a.l.0.x", None), ("a.l.9.x", None), ("x.b", None), ("x.b.c", None), ("x.l.0", None),
        ("x.l.0.d", None), ("a.x.0", None), ("a.x.0.d", None), ("a.b.0", None), ("a.b.0.d", None),
        ("a", {"b": 1}), ("0", None), ("a.o.p.q", 3), ("a.o.p", {"q": 3}), ("a.o.0", None),
        ("a.o.z.q", None), ("a.null.0", None), ("a.null.x", None), ("a.__class__", None),
        ("a.l.__len__", None), ("a.o.p.q.r", None), ("a.l.0.0", None),
    ],
)  # fmt: skip
def test_var_steps_by_name_and_by_index(path: str, expected: object) -> None:
    inside = {
        "b": 1, "l": ["x", {"d": 2}], "t": "text", "n": {"0": "zero"}, "m": {"0": {"zero": 0}},
        "o": {"p": {"q": 3}}, "null": None,
    }  # fmt: skip
    if path == "a":
        inside = {"b": 1}
    assert value(var(path), {"a": inside}) == expected


@pytest.mark.parametrize("data", [None, True, 0, 1.5, "text", "a", [], [1], [[1]], {}, {"b": 1}])
@pytest.mark.parametrize("path", ["a", "a.b", "a.b.c", "a.b.0", "a.b.0.c", "a.b.0.c.d"])
def test_var_finds_nothing_where_nothing_is(path: str, data: object) -> None:
    assert value(var(path), data) is None
    assert value(var(path), {"a": data}) is (data if path == "a" else data["b"] if (
        path == "a.b" and data == {"b": 1}
    ) else None)  # fmt: skip
    assert value(var("a.b.0.c"), {"a": {"b": data}}) is None
    assert value(var("a.b.0.c"), {"a": {"b": [data]}}) is None


def test_var_sees_an_array_at_the_top() -> None:
    assert value(var("1"), [1, 2]) == 2
    assert value(var("1.a"), [1, {"a": "b"}]) == "b"


# Equality and membership

DIFFERENT = [True, False, 0, 1, "1", "", None, "true", 0.5, [], {}, [1]]


@pytest.mark.parametrize("left", DIFFERENT, ids=repr)
@pytest.mark.parametrize("right", DIFFERENT, ids=repr)
def test_nothing_equals_what_is_of_another_type(left: object, right: object) -> None:
    scalar = not isinstance(left, list | dict)
    equal = scalar and left is right
    data = {"l": left, "r": right, "list": ["x", right]}
    assert value(op("===", var("l"), var("r")), data) is equal
    assert value(op("in", var("l"), [var("r")]), data) is equal
    assert value(op("in", var("l"), var("list")), data) is equal
    if isinstance(right, str | bool | int):
        assert value(op("===", var("l"), right), data) is equal
        assert value(op("===", right, var("l")), data) is equal
        assert value(op("in", var("l"), ["x", right]), data) is equal


def test_whole_floats_equal_integers() -> None:
    for left, right in ((1, 1.0), (1.0, 1)):
        data = {"l": left, "r": right}
        assert value(op("===", var("l"), var("r")), data) is True
        assert value(op("in", var("l"), [right]), data) is True
        assert value(op("in", var("l"), [var("r")]), data) is True
    assert value(op("===", var(), var()), math.nan) is False


def test_date_times_equal_nothing() -> None:
    assert value(op("===", DATE, DATE)) is False
    assert value(op("in", DATE, [DATE])) is False
    assert value(op("===", DATE, "2021-06-01")) is False


def test_two_literals_are_compared_like_all_others() -> None:
    assert value(op("===", "a", "a")) is True
    assert value(op("===", 1, 1)) is True
    assert value(op("===", True, 1)) is False
    assert value(op("in", "a", ["a", "b"])) is True
    assert value(op("in", True, [1])) is False


@pytest.mark.parametrize("haystack", [None, "text", {}, 1, True])
def test_only_an_array_has_members(haystack: object) -> None:
    assert fails(op("in", "t", var()), haystack)
    assert fails(op("in", "t", "text"))


# Numbers


@pytest.mark.parametrize("bad", [True, False, None, "1", 0.5, math.nan, math.inf, [], {}, [1]])
def test_numbers_alone_are_added_and_ordered(bad: object) -> None:
    for operator in ("+", "<", "<=", ">", ">="):
        assert fails(op(operator, var(), 1), bad)
        assert fails(op(operator, 1, var()), bad)
        assert fails(op(operator, var(), var()), bad)
    assert fails(op("<", 1, 2, var()), bad)
    assert fails(op("<", 2, 1, var()), bad)


@pytest.mark.parametrize(
    ("operator", "below", "same", "above"),
    [
        ("<", True, False, False), ("<=", True, True, False),
        (">", False, False, True), (">=", False, True, True),
    ],
)  # fmt: skip
def test_orders_of_numbers(operator: str, below: bool, same: bool, above: bool) -> None:
    for left, expected in ((1, below), (2, same), (3, above), (2.0, same)):
        data = {"l": left, "r": 2}
        assert value(op(operator, var("l"), 2), data) is expected
        assert value(op(operator, var("l"), var("r")), data) is expected
        assert value(op(operator, left, 2)) is expected
        assert value(op(operator, 2, 2, var("l")), {"l": 2}) is same


def test_three_operands_are_two_comparisons() -> None:
    assert value(op("<", 1, 2, 3)) is True
    assert value(op("<", 1, 3, 2)) is False
    assert value(op("<", 2, 1, 3)) is False
    assert value(op(">=", 3, 3, 1)) is True


def test_a_sum_stays_a_number_that_every_reader_holds() -> None:
    assert value(op("+", var(), -1), -(2**53) + 2) == -(2**53) + 1
    assert fails(op("+", var(), 1), 2**53 - 1)
    assert fails(op("+", var(), -1), -(2**53) + 1)


# and, if


def test_and_gives_an_operand_and_stops_early() -> None:
    boom = op(">", "no", 1)
    assert value(op("and", 1, "x", var()), [3]) == [3]
    assert value(op("and", var("a"), boom), {}) is None
    assert value(op("and", True, "", boom)) == ""
    assert fails(op("and", True, boom))


def test_if_evaluates_one_branch() -> None:
    boom = op(">", "no", 1)
    assert value(op("if", var(), 1, boom), True) == 1
    assert value(op("if", var(), boom, 2), False) == 2
    assert fails(op("if", var(), boom, 2), True)
    assert fails(op("if", boom, 1, 1))


# Dates


def test_dates_are_ordered_as_instants() -> None:
    first = op("plusTime", "2021-06-01T02:00:00+02:00", 0, "day")
    second = op("plusTime", "2021-06-01", 1, "hour")
    for operator, expected in (
        ("before", (True, False, False)),
        ("not-after", (True, True, False)),
        ("after", (False, False, True)),
        ("not-before", (False, True, True)),
    ):
        pairs = ((first, second), (first, DATE), (second, first))
        assert tuple(value(op(operator, *pair)) for pair in pairs) == expected
    assert value(op("before", first, second, op("plusTime", "2021", 0, "day"))) is True
    assert value(op("before", first, second, second)) is False
    assert value(op("before", second, first, second)) is False


@pytest.mark.parametrize("bad", ["2021-06-01", None, 0, True, [], {}])
def test_a_text_is_no_date_time(bad: object) -> None:
    for operator in ("before", "after", "not-before", "not-after"):
        assert fails(op(operator, var(), DATE), bad)
        assert fails(op(operator, DATE, var()), bad)
        assert fails(op(operator, DATE, DATE, var()), bad)


def test_date_times_come_from_everywhere() -> None:
    either = op("if", var("a"), DATE, op("dccDateOfBirth", "2020"))
    assert value(op("before", either, DATE), {"a": True}) is False
    assert value(op("before", either, DATE), {"a": False}) is True


@pytest.mark.parametrize("bad", [None, 20210601, True, [], {}, ["2021"]])
def test_dates_are_read_from_texts(bad: object) -> None:
    assert fails(op("plusTime", var(), 1, "day"), bad)
    assert fails(op("dccDateOfBirth", var()), bad)
    assert fails(op("plusTime", DATE, 1, "day"))


def test_an_instant_prints_and_compares_and_masks() -> None:
    one, two = value(DATE), value(op("plusTime", "2021-05-31", 24, "hour"))
    assert isinstance(one, Instant)
    assert (str(one), repr(one)) == ("2021-06-01T00:00:00.000Z", "<private>")
    assert one == two
    assert hash(one) == hash(two)
    assert one != value(op("plusTime", "2021", 0, "day"))
    assert one != "2021-06-01T00:00:00.000Z"
    assert value([DATE]) == [one]


# extractFromUVCI


@pytest.mark.parametrize(
    ("identifier", "index", "expected"),
    [
        ("a::c/#/f", 5, "f"), ("a::c/#/f", 1, ""), ("a::c/#/f", 6, None), ("a", -1, None),
        ("URN:UVCI:01:NL", 0, "01"), ("urn:uvci:01:NL", 0, "urn"), ("URN:UCI:01", 0, "URN"),
        ("URN:UVCI:URN:UVCI:01", 0, "URN"), ("", 0, ""), ("", 1, None), (None, 0, None),
    ],
)  # fmt: skip
def test_parts_of_identifiers(identifier: object, index: int, expected: object) -> None:
    assert value(op("extractFromUVCI", var(), index), identifier) == expected


@pytest.mark.parametrize("bad", [1, True, [], {}, "x" * 1001])
def test_what_is_no_identifier_has_no_parts(bad: object) -> None:
    assert fails(op("extractFromUVCI", var(), 0), bad)


# reduce


def test_reduce_folds_from_the_left() -> None:
    nest = op("reduce", var(), [var("accumulator"), var("current")], "start")
    assert value(nest, ["a", "b"]) == [["start", "a"], "b"]
    assert value(nest, []) == "start"
    assert value(nest, None) == "start"
    assert fails(nest, "text")
    assert fails(nest, {})
    assert fails(nest, False)


def test_a_lambda_sees_its_fold_alone() -> None:
    seen = op("reduce", [7], var(), 1)
    assert value(seen, {"outer": 1}) == {"current": 7, "accumulator": 1}
    assert value(op("reduce", [7], var("outer"), 1), {"outer": 1}) is None
    assert value(op("reduce", [7], var("data.outer"), 1), {"outer": 1}) is None
    deep = op("reduce", var("l"), [var("current.a.0"), var("accumulator.x.0")], var("o"))
    assert value(deep, {"l": [{"a": [5]}], "o": {"x": "no array"}}) == [5, None]


def test_a_fold_may_carry_anything() -> None:
    later = op("if", op("after", var("current"), DATE), var("current"), var("accumulator"))
    dates = [op("plusTime", day, 0, "day") for day in ("2021-05-01", "2021-07-01")]
    assert str(value(op("reduce", dates, later, DATE))) == "2021-07-01T00:00:00.000Z"


def test_a_lambda_searches_arrays() -> None:
    search = op("reduce", var(), [var("accumulator"), op("in", "x", var("current"))], 0)
    assert value(search, [["x"], ["y"]]) == [[0, True], False]
    assert fails(search, [["x"], "x"])
    known = op("reduce", var(), op("in", var("current"), ["x", 1]), 0)
    assert value(known, ["y", 1]) is True


def test_folds_nest_within_a_budget() -> None:
    inner = op("reduce", var("current"), op("+", var("accumulator"), var("current")), 0)
    total = op("reduce", var(), op("+", var("accumulator"), inner), 0)
    assert value(total, [[1, 2], [3], []]) == 6
    assert value(op("reduce", var(), op("+", var("accumulator"), 1), 0), [0] * 1000) == 1000
    assert fails(op("reduce", var(), op("+", var("accumulator"), 1), 0), [0] * 1001)
    assert fails(total, [[1] * 1000] * 1000)


# What a compiled rule is


def test_paths_are_all_that_is_read() -> None:
    rule = op("and", var("a.0"), op("reduce", var(), var("current.x"), var("b")))
    assert compile_logic(rule).paths == {"a.0", "", "current.x", "b"}
    assert compile_logic(True).paths == frozenset()


def test_logic_is_immutable_and_shared_by_threads() -> None:
    logic = compile_logic(op("reduce", var(), op("+", var("accumulator"), var("current")), 0))
    with pytest.raises(AttributeError):
        logic.paths = frozenset()  # type: ignore[misc]
    results: dict[int, set[object]] = {}

    def work(number: int) -> None:
        results[number] = {logic.value([number] * 500) for _ in range(50)}

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: {number * 500} for number in range(4)}


def test_data_and_rules_are_never_changed() -> None:
    rule = op("and", op("in", var("a.0"), ["x", 1]), [var("a"), op("!", var("b"))])
    data = {"a": ["x"], "b": UNKNOWN}
    before = pickle.dumps((rule, data))
    assert value(rule, data) == [["x"], UNKNOWN]
    assert pickle.dumps((rule, data)) == before


def test_what_is_wrong_names_no_data() -> None:
    secret = "CANARY-1970-01-01"
    for rule in (
        op("plusTime", var(), 1, "day"), op("dccDateOfBirth", var()), op("<", var(), 1),
        op("in", 1, var()), op("reduce", var(), 1, 1),
    ):  # fmt: skip
        with pytest.raises(NotEvaluable) as caught:
            value(rule, secret)
        assert "CANARY" not in repr(caught.value)


def test_a_faulty_rule_is_refused_with_its_place() -> None:
    with pytest.raises(RuleSetInvalid) as caught:
        compile_logic(op("if", var("a"), {"or": [1, 2]}, True))
    assert caught.value.fault == "logic"
    assert "at /if/1: there is no operator 'or'" in str(caught.value)


# Versions


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("CERTLOGIC", "1.3.3", True), ("CERTLOGIC", "0.7.5", True), ("CERTLOGIC", "1.3.4", False),
        ("CERTLOGIC", "1.4.0", False), ("CERTLOGIC", "2.0.1", False), ("CERTLOGIC", "1.2.10", True),
        ("CERTLOGIC", "1.10.0", False), ("AT-METADATA", "1.0.0", False),
        ("certlogic", "1.0.0", False),
        ("CERTLOGIC", "1.0", False), ("CERTLOGIC", "", False), ("CERTLOGIC", "1.0.0.0", False),
        ("CERTLOGIC", "v1.0.0", False), ("CERTLOGIC", "1.0.0\n", False),
        ("CERTLOGIC", "-1.0.0", False),
        ("CERTLOGIC", "1.٣.0", False), ("CERTLOGIC", "1.0.0-beta", False), ("", "1.0.0", False),
        ("CERTLOGIC", f"1.{'0' * 5000}.0", False),
    ],
)  # fmt: skip
def test_engines_and_versions(engine: str, version: str, expected: bool) -> None:
    assert LANGUAGE_VERSION == (1, 3, 3)
    assert understands(engine, version) is expected
