"""Rules that are meant to exhaust: all end soon, and none passes anybody."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from verifier.rules.certlogic import Logic, Truth, compile_logic

MOST_SECONDS = 0.5

ACCUMULATOR, CURRENT = {"var": "accumulator"}, {"var": "current"}
THOUSAND = [0] * 1000


def seconds(work: Callable[[], object]) -> float:
    """Give the processor's time, the least of some runs: other programs are no fault of ours."""
    taken = []
    for _ in range(3):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def fold(items: object, step: object, initial: object = 0) -> dict[str, Any]:
    return {"reduce": [items, step, initial]}


def nested_folds(depth: int) -> object:
    """Each fold goes over the same thousand items inside the one round it."""
    step: object = {"+": [ACCUMULATOR, 1]}
    for _ in range(depth - 1):
        step = fold({"var": "accumulator.0"}, step, 0)
    return fold({"var": "items"}, [CURRENT, step], [THOUSAND])


def wide(part: object, count: int) -> object:
    """Evaluate one part many times, to no avail."""
    return {"and": [*[part] * count, False]}


RULES = {
    "folds in folds": (
        fold({"var": "square"}, fold(CURRENT, {"+": [ACCUMULATOR, 1]}, 0)),
        {"square": [THOUSAND] * 1000},
    ),
    "folds in folds in folds": (
        fold({"var": "a"}, fold(CURRENT, fold(CURRENT, fold(CURRENT, 1, 1), 1), 1)),
        {"a": [[[THOUSAND] * 1000] * 1000] * 1000},
    ),
    "a fold over itself": (nested_folds(10), {"items": THOUSAND}),
    "a wide fold": (fold({"var": "a"}, [[1, CURRENT]] * 12, 1), {"a": THOUSAND}),
    "many folds": (
        wide(fold({"var": "a"}, {"+": [ACCUMULATOR, 1]}, 1), 1000), {"a": THOUSAND},
    ),
    "doubling": (fold({"var": "a"}, {"+": [ACCUMULATOR, ACCUMULATOR]}, 1), {"a": THOUSAND}),
    "dates in a fold": (
        fold({"var": "a"}, [{"plusTime": [CURRENT, 1, "month"]}] * 7, 1),
        {"a": ["2021-06-01T00:00:00." + "9" * 970 + "+1:00"] * 1000},
    ),
    "parts in a fold": (
        fold({"var": "a"}, [{"extractFromUVCI": [CURRENT, 10_000]}] * 9, 1),
        {"a": [":" * 1000] * 1000},
    ),
    "searching in a fold": (
        fold([{"var": "set"}] * 900, [{"in": [7, CURRENT]}] * 3, 1),
        {"set": [str(number) for number in range(4_000)]},
    ),
    "searching": (
        wide({"!": [{"in": [7, {"var": "set"}]}]}, 2_000),
        {"set": [str(number) for number in range(4_000)]},
    ),
    "searching what is not known": (
        wide({"===": [{"in": ["x", {"var": "set"}]}, False]}, 1_500),
        {"set": [str(number) for number in range(4_000)]},
    ),
    "a long path": ({"!": [{"!": [{"var": ".".join("a" * 500)}]}]}, {"a": {"a": {}}}),
    "a long text of a date": ({"plusTime": [{"var": ""}, 1, "day"]}, "2021" * 1_000_000),
    "a long fraction": (
        {"plusTime": [{"var": ""}, 1, "day"]}, "2021-06-01T00:00:00." + "1" * 10**6,
    ),
    "a long identifier": ({"extractFromUVCI": [{"var": ""}, 1]}, ":" * 10**6),
    "a long zone": ({"plusTime": [{"var": ""}, 1, "day"]}, "2021-06-01T00:00:00+" + "1" * 10**6),
}  # fmt: skip


def _compiled(name: str) -> tuple[Logic, object]:
    expression, data = RULES[name]
    return compile_logic(expression), data


@pytest.mark.parametrize("name", RULES)
def test_a_hostile_rule_ends_soon_and_passes_nobody(name: str) -> None:
    logic, data = _compiled(name)
    assert seconds(lambda: logic.judge(data)) < MOST_SECONDS
    assert logic.judge(data) is not Truth.PASSED


@pytest.mark.parametrize("name", RULES)
def test_a_hostile_rule_compiles_soon(name: str) -> None:
    assert seconds(lambda: _compiled(name)) < MOST_SECONDS


def test_the_largest_rules_compile_soon() -> None:
    deep: object = {"var": "x"}
    for _ in range(31):
        deep = {"if": [deep, deep, 1]} if deep == {"var": "x"} else {"if": [deep, 1, 1]}
        deep = {"!": [deep]}
    for expression in (deep, wide({"===": [{"var": "x"}, "y"]}, 3_000), [["x"] * 99] * 99):
        assert seconds(lambda expression=expression: compile_logic(expression)) < MOST_SECONDS


def test_deep_data_do_no_harm() -> None:
    nest: object = "bottom"
    for _ in range(100_000):
        nest = [nest]
    data = {"a": nest, "b": {"x": nest}}
    for expression in (
        {"===": [{"var": "a"}, {"var": "b.x"}]},
        {"in": [{"var": "a"}, [{"var": "b.x"}]]},
        {"in": [{"var": "a"}, {"var": "b.x"}]},
        {"in": ["x", {"var": "a"}]},
        {"in": [1, {"var": "a"}]},
        {"!": [{"var": "a"}]},
    ):
        assert compile_logic(expression).judge(data) is Truth.FAILED
    assert compile_logic({"+": [{"var": "a"}, 1]}).judge(data) is Truth.OPEN
