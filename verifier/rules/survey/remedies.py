"""The smallest change of a rule set that would admit a certificate, found by making it.

A change is told only after the changed rule was asked again and was met. Changes are tried in
order: a code more in a list that the rule holds, a code more in a value set, a rule that leaves
alone who does not state what it reads. For a certificate whose family cannot state something, the
least is named that it would have to state.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from enum import StrEnum
from itertools import combinations
from typing import Any, Final, NamedTuple

from verifier.errors import RuleSetInvalid
from verifier.rules.asking import Subject
from verifier.rules.certlogic import Truth, compile_logic
from verifier.rules.grammar import COMPARISONS, DATE_COMPARISONS
from verifier.rules.paths import walk
from verifier.rules.rule import Rule
from verifier.rules.survey.bench import Bench
from verifier.rules.survey.cells import Cell
from verifier.rules.unknown import UNKNOWN

_SETS: Final = "external.valueSets."
_PAYLOAD: Final = "payload."
_MOST_PATHS: Final = 3
_COMPARING: Final = frozenset(("in", "===", *COMPARISONS, *DATE_COMPARISONS))
_DOTS_OF_MEMBER: Final = 3  # payload.v.0.mp: what leaves whole entries alone asks nothing any more


class Way(StrEnum):
    """What kind of change it is."""

    ADD_TO_LIST = "add_to_list"  # a code more in a list of the rule
    ADD_TO_VALUE_SET = "add_to_value_set"
    TEST_FOR_NULL = "test_for_null"  # nothing is asked of who does not state it
    DO_NOT_NEED = "do_not_need"  # decide without what the family cannot state


class Change(NamedTuple):
    """One change of one rule.

    ``where`` is a JSON pointer into the rule's logic for a list, the identifier of a value set, or
    the path that is read; ``code`` what is to be added, empty where nothing is.
    """

    rule: str
    way: Way
    where: str
    code: str = ""


def smallest_change(bench: Bench, cell: Cell) -> tuple[Change, ...]:
    """Find a change for each rule that a cell does not meet; empty where one has none.

    Empty, too, where the cell meets every rule and something else is in the way.
    """
    subject, external = bench.subject(cell), bench.external(cell)
    found: list[Change] = []
    for rule, truth in bench.truths(cell):
        if truth is Truth.PASSED:
            continue
        change = next(_changes(rule, subject, external), None)
        if change is None:
            return ()
        found.append(change)
    return tuple(found)


def needed_paths(bench: Bench, cell: Cell, twin: Cell) -> tuple[Change, ...]:
    """Find the least that a cell would have to state like its twin to meet what the twin meets."""
    external = bench.external(twin)
    worlds, others = bench.subject(cell).worlds, bench.subject(twin).worlds
    if not worlds or not others:
        return ()
    found: list[Change] = []
    for rule, truth in bench.truths(cell):
        if truth is Truth.PASSED:
            continue
        paths = _least(rule, worlds[0], others[0], external)
        if not paths:
            return ()
        found += [Change(rule.identifier, Way.DO_NOT_NEED, path) for path in paths]
    return tuple(found)


def _least(
    rule: Rule, world: Mapping[str, Any], other: Mapping[str, Any], external: Mapping[str, object]
) -> tuple[str, ...]:
    unknown = sorted(
        path for path in rule.logic.paths if path.startswith(_PAYLOAD) and _is_unknown(path, world)
    )
    for number in range(1, min(len(unknown), _MOST_PATHS) + 1):
        for paths in combinations(unknown, number):
            filled = deepcopy(dict(world))
            for path in paths:
                _put(filled, path, _value(path, other))
            if rule.logic.judge({"payload": filled, "external": external}) is Truth.PASSED:
                return tuple(path.removeprefix(_PAYLOAD) for path in paths)
    return ()


def _changes(rule: Rule, subject: Subject, external: Mapping[str, object]) -> Iterator[Change]:
    """Give the changes that make a rule pass."""
    for world in subject.worlds:
        yield from _codes(rule, world, external)
        yield from _null_tests(rule, world, external)


def _codes(
    rule: Rule, world: Mapping[str, Any], external: Mapping[str, object]
) -> Iterator[Change]:
    for where, path, haystack in memberships(rule.expression.raw):
        code = _value(path, world)
        if not isinstance(code, str):
            continue
        if isinstance(haystack, list):
            if _met(_with_code(rule.expression.raw, where, code), world, external):
                yield Change(rule.identifier, Way.ADD_TO_LIST, where, code)
        else:
            name = haystack.removeprefix(_SETS)
            if _met(rule.expression.raw, world, _with_value(external, name, code)):
                yield Change(rule.identifier, Way.ADD_TO_VALUE_SET, name, code)


def memberships(logic: object, where: str = "") -> Iterator[tuple[str, str, list[object] | str]]:
    """Find each place where a logic looks a value of the payload up.

    Gives a JSON pointer to what it is looked up in, the path of the value, and the literal list or
    the path of the value set.
    """
    if isinstance(logic, list):
        for place, part in enumerate(logic):
            yield from memberships(part, f"{where}/{place}")
        return
    for operator, operands in logic.items() if isinstance(logic, Mapping) else ():
        if operator == "in":
            needle, haystack = operands
            path = needle.get("var", "") if isinstance(needle, Mapping) else ""
            listed = haystack.get("var", "") if isinstance(haystack, Mapping) else haystack
            known = isinstance(listed, list) or str(listed).startswith(_SETS)
            if path.startswith(_PAYLOAD) and known:
                yield f"{where}/in/1", path, listed
        yield from memberships(operands, f"{where}/{operator}")


def _null_tests(
    rule: Rule, world: Mapping[str, Any], external: Mapping[str, object]
) -> Iterator[Change]:
    for path in sorted(rule.logic.paths):
        member = path.startswith(_PAYLOAD) and path.count(".") == _DOTS_OF_MEMBER
        if not member or _value(path, world) is not None:
            continue
        if _met(_guarded(rule.expression.raw, path), world, external):
            where = path.removeprefix(_PAYLOAD)
            yield Change(rule.identifier, Way.TEST_FOR_NULL, where)


def _guarded(logic: object, path: str) -> object:
    """Let each comparison that reads a path be true where there is nothing at the path."""
    if isinstance(logic, list):
        return [_guarded(part, path) for part in logic]
    if not isinstance(logic, Mapping):
        return logic
    [(operator, operands)] = logic.items()
    if operator in _COMPARING and _reads(operands, path):
        return {"if": [{"var": path}, logic, True]}
    return {operator: _guarded(operands, path)}


def _reads(logic: object, path: str) -> bool:
    if isinstance(logic, list):
        return any(_reads(part, path) for part in logic)
    if isinstance(logic, Mapping):
        [(operator, operands)] = logic.items()
        return operands == path if operator == "var" else _reads(operands, path)
    return False


def _met(logic: object, world: Mapping[str, Any], external: Mapping[str, object]) -> bool:
    try:
        judge = compile_logic(logic).judge
    except RuleSetInvalid:  # the change makes it larger than any logic may be
        return False
    return judge({"payload": world, "external": external}) is Truth.PASSED


def _with_code(logic: Mapping[str, Any], where: str, code: str) -> object:
    changed: Any = deepcopy(dict(logic))
    part = changed
    for step in where.split("/")[1:]:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part.append(code)
    return changed


def _with_value(external: Mapping[str, object], name: str, code: str) -> Mapping[str, object]:
    sets = external["valueSets"]
    known = sets.get(name, []) if isinstance(sets, Mapping) else []
    return {**external, "valueSets": {**dict(sets), name: [*known, code]}}  # type: ignore[call-overload]


def _value(path: str, world: Mapping[str, Any]) -> object:
    return walk(tuple(path.split(".")[1:]), world)


def _is_unknown(path: str, world: Mapping[str, Any]) -> bool:
    """Tell whether what a path names is itself not stated, and not something above it."""
    above = _value(path.rpartition(".")[0], world)
    return isinstance(above, dict) and _value(path, world) is UNKNOWN


def _put(world: dict[str, Any], path: str, value: object) -> None:
    """Put a value at a path to the member of an object that is there."""
    above, _, name = path.removeprefix(_PAYLOAD).rpartition(".")
    part = walk(tuple(above.split(".")) if above else (), world)
    part[name] = value
