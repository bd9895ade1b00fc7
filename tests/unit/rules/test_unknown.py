"""What is unknown stays unknown until it does not matter, and never turns into a verdict."""
# ruff: noqa: FBT003 - operands are of any type

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import Instant, NotEvaluable, Truth, check_logic, compile_logic
from verifier.rules.unknown import UNKNOWN


def var(path: str = "") -> dict[str, str]:
    return {"var": path}


def op(operator: str, *operands: Any) -> dict[str, list[Any]]:
    return {operator: list(operands)}


U = var("u")
DATA = {"u": UNKNOWN, "t": "text", "l": ["a", UNKNOWN, None, 1], "n": None, "f": False}
DATE = op("plusTime", "2021-06-01", 0, "day")
BOOM = op(">", "no", 1)


def value(expression: object) -> Any:
    return compile_logic(expression).value(DATA)


def judge(expression: object) -> Truth:
    return compile_logic(expression).judge(DATA)


@pytest.mark.parametrize(
    "expression",
    [
        U, var("u.x"), var("u.0"), var("u.x.0.y"), var("l.1"), var("l.1.x"), op("!", U),
        op("===", U, "x"), op("===", "x", U), op("===", U, 1), op("===", U, U), op("===", U, []),
        op("in", U, ["a"]), op("in", U, []), op("in", U, var("l")), op("in", "a", U),
        op("in", "b", var("l")), op("in", 2, var("l")), op("in", True, var("l")),
        op("in", "b", [U, "a"]), op("in", U, [U]),
        op("+", U, 1), op("+", 1, U), op("<", U, 1), op("<", 1, U), op("<", U, var("u")),
        op(">", 1, 2, U), op(">", U, 1, 2), op(">=", 1, U, 2),
        op("plusTime", U, 1, "day"), op("dccDateOfBirth", U), op("before", DATE, U),
        op("before", U, DATE), op("before", op("plusTime", U, 1, "day"), DATE),
        op("after", DATE, DATE, op("dccDateOfBirth", U)), op("after", DATE, U, DATE),
        op("extractFromUVCI", U, 0), op("reduce", U, 1, 2),
        op("reduce", [1], var("accumulator"), U), op("reduce", [1], var("accumulator.x"), U),
        op("reduce", [U], var("current"), 1),
        op("if", U, 1, 2), op("if", U, True, False), op("if", U, 1, True), op("if", U, "", 0),
        op("if", U, [], []), op("if", U, U, U), op("if", U, BOOM, True), op("if", U, True, BOOM),
        op("if", U, BOOM, BOOM), op("if", U, True, U), op("if", U, DATE, 1),
        op("and", U, True), op("and", True, U), op("and", U, BOOM), op("and", U, BOOM, False),
        op("and", U, DATE, False), op("and", U, True, U, 1),
    ],
    ids=str,
)  # fmt: skip
def test_what_rests_on_the_unknown_is_unknown(expression: object) -> None:
    assert value(expression) is UNKNOWN
    assert judge(expression) is Truth.OPEN


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (op("if", U, True, True), True),
        (op("if", U, "x", "x"), "x"),
        (op("if", U, 1, 1), 1),
        (op("if", U, var("n"), var("n")), None),
        (op("if", U, var("l"), var("l")), DATA["l"]),
        (op("if", var("f"), U, 1), 1),
        (op("if", "x", 1, U), 1),
        (op("and", False, U), False),
        (op("and", var("n"), U), None),
        (op("in", "a", var("l")), True),
        (op("in", 1, var("l")), True),
        (op("in", var("n"), var("l")), True),
        (op("in", "a", [U, "a"]), True),
        (op("in", DATE, []), False),
        (op("!", [U]), False),
        (op("!", var("l")), False),
        (op("!", op("and", U, False)), True),
        (op("!", op("and", U, "")), True),
        (op("!", op("and", U, op("and", U, var("n")))), True),
        (op("if", op("and", U, 0), 1, 2), 2),
        (op("if", op("and", U, op("and", U, False), BOOM), 1, 2), 2),
        (op("and", op("!", op("and", U, False)), "x"), "x"),
        (op("reduce", var("n"), U, 3), 3),
        (op("reduce", [], U, 3), 3),
        (op("reduce", [U, U], op("+", var("accumulator"), 1), 0), 2),
        ([U, 1], [UNKNOWN, 1]),
        ([op("and", U, False)], [UNKNOWN]),
        (op("reduce", [1], var(), op("and", U, 0)), {"current": 1, "accumulator": UNKNOWN}),
    ],
    ids=str,
)
def test_what_is_the_same_either_way_is_known(expression: object, expected: object) -> None:
    assert value(expression) == expected
    assert type(value(expression)) is type(expected)


def test_branches_that_give_one_date_time_agree() -> None:
    assert str(value(op("if", U, DATE, DATE))) == "2021-06-01T00:00:00.000Z"


@pytest.mark.parametrize("falsy", ["", 0, [], var("n"), var("f"), False], ids=str)
def test_which_falsy_value_an_and_has_may_be_unknown(falsy: object) -> None:
    expression = op("and", U, falsy)
    # It decides, but it is no value: the unknown operand may be another falsy one.
    assert value(expression) is UNKNOWN
    for needs in (
        op("===", expression, False), op("===", expression, ""), op("in", expression, [False]),
        op("in", expression, [var("n")]), op("in", "x", expression), op("+", expression, 1),
        op("reduce", expression, 1, 2), op("plusTime", expression, 1, "day"),
        op("before", expression, DATE), op("extractFromUVCI", expression, 0),
        op("<", expression, 1), op("dccDateOfBirth", expression), op("in", expression, var("l")),
    ):  # fmt: skip
        assert value(needs) is UNKNOWN


def test_a_rule_that_cannot_be_met_is_judged_so() -> None:
    assert judge(op("and", U, False)) is Truth.FAILED
    assert judge(op("and", U, True, var("f"))) is Truth.FAILED
    assert judge(op("and", U, op("and", U, False), BOOM)) is Truth.FAILED
    assert judge(op("if", "x", op("and", U, False), True)) is Truth.FAILED
    assert judge(op("and", op("and", U, False), BOOM)) is Truth.FAILED
    # None of these is ever false for sure: null, for one, leaves a rule open.
    assert judge(op("and", U, var("n"))) is Truth.OPEN
    assert judge(op("and", U, op("and", U, ""))) is Truth.OPEN


@pytest.mark.parametrize(
    "expression",
    [
        op("<", U, "x"), op("+", "x", U), op("<", 1, U, "x"), op("in", U, "x"),
        op("in", "x", op("+", U, "y")), op("before", U, BOOM), op("===", U, BOOM),
        op("and", BOOM, U), op("if", BOOM, U, U), op("before", DATE, "x", U),
    ],
    ids=str,
)  # fmt: skip
def test_an_error_that_happens_either_way_is_one(expression: object) -> None:
    with pytest.raises(NotEvaluable):
        value(expression)
    assert judge(expression) is Truth.OPEN


def test_the_unknown_is_never_true_or_false_by_mistake() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)


# The properties. Few values, few paths: what is drawn shall meet.

LITERALS: list[Any] = [True, False, 0, 1, "", "a", "2021-06-01", "2021"]
VALUES: list[Any] = [*LITERALS, None, 0.5, [], ["a"], {}, {"x": "a"}, ["2021-06-01", 1]]
PATHS = st.sampled_from(["a", "a", "b", "b", "c", "c.0", "c.1", "a.x", "a.0", ""])
INSIDE = st.sampled_from(["current", "accumulator", "current.x", "accumulator.0", ""])

CONCRETE = st.fixed_dictionaries(
    {
        "a": st.sampled_from(VALUES),
        "b": st.sampled_from(VALUES),
        "c": st.lists(st.sampled_from(VALUES), max_size=3),
    }
)
MAYBE = st.sampled_from([*VALUES, *[UNKNOWN] * len(VALUES)])
PARTLY_UNKNOWN = st.one_of(
    st.fixed_dictionaries({"a": MAYBE, "b": MAYBE, "c": st.lists(MAYBE, max_size=3)}),
    st.fixed_dictionaries({"a": st.just(UNKNOWN), "b": MAYBE, "c": st.just(UNKNOWN)}),
    st.just(UNKNOWN),
)


def json_values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["a", "and", "var", "!", "if"]), inner, max_size=2),
        ),
        max_leaves=8,
    )


def _operations(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def of(operator: str, least: int, most: int) -> st.SearchStrategy[Any]:
        return st.lists(inner, min_size=least, max_size=most).map(lambda each: {operator: each})

    def built(operator: str, *operands: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.tuples(*operands).map(lambda each: {operator: list(each)})

    some = st.lists(st.sampled_from(LITERALS), max_size=3)
    plus = built("plusTime", inner, st.integers(-2, 2), st.sampled_from(["year", "day"]))
    step = st.one_of(INSIDE.map(var), built("+", INSIDE.map(var), st.just(1)), inner)
    return st.one_of(
        of("if", 3, 3), of("and", 2, 3), of("!", 1, 1), of("===", 2, 2), of("===", 2, 2),
        of("in", 2, 2), built("in", inner, some), built("in", inner, st.just(var("c"))),
        built("in", inner, st.lists(inner, max_size=3)), of("+", 2, 2), of("<", 2, 3),
        of(">=", 2, 2), built("===", inner, st.sampled_from(LITERALS)),
        built("if", inner, st.sampled_from(LITERALS), st.sampled_from(LITERALS)),
        built("before", plus, plus), built("not-after", plus, plus, plus),
        built("after", built("dccDateOfBirth", inner), plus), built("reduce", inner, step, inner),
        built("reduce", st.just(var("c")), step, inner),
        built("extractFromUVCI", inner, st.integers(-1, 1)), plus, st.lists(inner, max_size=2),
    )  # fmt: skip


EXPRESSIONS = st.recursive(
    st.one_of(PATHS.map(var), PATHS.map(var), st.sampled_from(LITERALS)),
    _operations,
    max_leaves=6,
)
# Results that are booleans, as those of rules are, so that more of what is found is definite.
RULES = st.one_of(
    EXPRESSIONS.map(lambda each: op("!", each)),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda each: op("and", *each)),
    st.tuples(EXPRESSIONS, st.sampled_from(LITERALS)).map(lambda each: op("===", *each)),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda each: op("if", *each, True)),
    EXPRESSIONS,
)


def _filled(data: Any, fill: Callable[[], object]) -> Any:
    if data is UNKNOWN:
        return fill()
    if isinstance(data, list):
        return [_filled(each, fill) for each in data]
    if isinstance(data, dict):
        return {name: _filled(each, fill) for name, each in data.items()}
    return data


def _holds_unknown(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_holds_unknown, value))
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return value is UNKNOWN


def _plain(value: object) -> object:
    """Write a value so that only what is the same compares equal."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return (type(value), str(value)) if isinstance(value, Instant) else (type(value), value)


CHANCE = Random(1)  # noqa: S311 - any choice does


@settings(max_examples=1500)
@given(RULES, PARTLY_UNKNOWN, st.randoms(use_true_random=False))
@example(op("===", op("and", var(), 0), 0), UNKNOWN, CHANCE)
@example(op("and", var("a"), op("<", var("b"), 1), False), {"a": UNKNOWN, "b": "x"}, CHANCE)
@example(op("if", op("and", var(), 0), True, False), UNKNOWN, CHANCE)
@example(op("!", op("if", var("a"), [], ["x"])), {"a": UNKNOWN}, CHANCE)
@example(op("in", "a", var("c")), {"c": ["b", UNKNOWN]}, CHANCE)
@example(op("===", op("in", var("a"), ["a", 1]), False), {"a": UNKNOWN}, CHANCE)
@example(op("!", var("a.x")), {"a": UNKNOWN}, CHANCE)
@example(op("===", op("if", var("a"), True, 1), True), {"a": UNKNOWN}, CHANCE)
def test_nothing_definite_is_ever_contradicted(rule: object, data: object, chance: Random) -> None:
    logic = compile_logic(rule)
    judged = logic.judge(data)
    try:
        known = logic.value(data)
    except NotEvaluable:
        known = UNKNOWN
    # Each unknown in turn the same, and some mixtures.
    fills = [lambda each=each: each for each in VALUES]
    fills += [lambda: chance.choice(VALUES)] * 10
    for fill in fills:
        concrete = _filled(data, fill)
        assert judged is Truth.OPEN or logic.judge(concrete) in {judged, Truth.OPEN}
        if not _holds_unknown(known):
            try:
                assert _plain(logic.value(concrete)) == _plain(known)
            except NotEvaluable:
                continue


@settings(max_examples=500)
@given(RULES, st.one_of(CONCRETE, PARTLY_UNKNOWN))
def test_evaluation_gives_a_value_or_says_that_there_is_none(rule: object, data: object) -> None:
    logic = compile_logic(rule)
    judged = logic.judge(data)
    try:
        known = logic.value(data)
    except NotEvaluable:
        assert judged is Truth.OPEN
        return
    if isinstance(known, bool):
        assert judged is (Truth.PASSED if known else Truth.FAILED)
    elif known is UNKNOWN:
        assert judged in {Truth.OPEN, Truth.FAILED}
    else:
        assert judged is Truth.OPEN


@given(RULES, CONCRETE)
def test_with_all_known_the_result_is_never_unknown(rule: object, data: object) -> None:
    try:
        known = compile_logic(rule).value(data)
    except NotEvaluable:
        return
    assert not _holds_unknown(known)


@given(
    json_values(
        st.one_of(st.sampled_from(VALUES), st.text(max_size=3), st.binary(max_size=2), st.floats())
    )
)
def test_no_object_compiles_to_more_than_logic_or_a_refusal(expression: object) -> None:
    sound = not check_logic(expression)
    try:
        compile_logic(expression).judge({})
    except RuleSetInvalid:
        assert not sound
    else:
        assert sound
