"""The operators of CertLogic, but those on dates and ``reduce``, as closures over their operands.

Source: CertLogic specification 1.3.3, and Kleene's logic for what is unknown: an operator that
needs an unknown operand is unknown, one whose result is the same either way has it. What was
evaluated only because something else is unknown, and fails, makes the result unknown.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from verifier.limits import LOGIC_INTEGER
from verifier.rules.unknown import UNKNOWN, Unknown
from verifier.rules.uvci import part_of
from verifier.rules.values import (
    DECIDED,
    Closure,
    Falsy,
    NotEvaluable,
    Value,
    decision,
    equal,
    integer,
    is_unknown,
    known,
    same,
)

Order = Callable[[Value, Value], bool]

ORDERS: Final[Mapping[str, Order]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_NUMBERS: Final = frozenset({bool, int, float})


def constant(value: Value) -> Closure:
    """Give what has one value whatever the data."""
    return lambda _: value


def array(items: Sequence[Closure]) -> Closure:
    """Evaluate each item."""
    return lambda data: [known(item(data)) for item in items]


def conditional(guard: Closure, then: Closure, otherwise: Closure) -> Closure:
    """``if``: the branch that the guard picks; under an unknown guard what both agree on."""

    def run(data: Value) -> Value:
        picked = guard(data)
        if type(picked) not in DECIDED:
            picked = decision(picked)
            if picked is UNKNOWN:
                return _agreed(then, otherwise, data)
        return then(data) if picked else otherwise(data)

    return run


def _agreed(then: Closure, otherwise: Closure, data: Value) -> Value:
    try:
        first, second = then(data), otherwise(data)
    except NotEvaluable:
        return UNKNOWN
    return first if same(first, second) else UNKNOWN


def conjunction(*operands: Closure) -> Closure:
    """``and``: the first falsy operand, or the last; falsy also if a later one alone settles it."""

    def run(data: Value) -> Value:
        value = None
        rest = iter(operands)
        for operand in rest:
            value = operand(data)
            if type(value) in DECIDED:
                if not value:
                    return value
            elif decision(value) is UNKNOWN:
                return _settled(rest, data)
            else:
                return value
        return value

    return run


def _settled(rest: Iterator[Closure], data: Value) -> Falsy | Unknown:
    """Look among the operands after an unknown one for one that is falsy."""
    try:
        for operand in rest:
            value = operand(data)
            if decision(value) is False:
                return Falsy.FALSE if value is False or value is Falsy.FALSE else Falsy.OTHER
    except NotEvaluable:
        pass
    return UNKNOWN


def negation(operand: Closure) -> Closure:
    """``!``: whether the operand is falsy."""

    def run(data: Value) -> bool | Unknown:
        picked = operand(data)
        if type(picked) not in DECIDED:
            picked = decision(picked)
            if picked is UNKNOWN:
                return UNKNOWN
        return not picked

    return run


def equality(left: Closure, right: Closure) -> Closure:
    """``===``: the same type and value."""
    return lambda data: equal(left(data), right(data))


def equality_with_text(operand: Closure, text: str) -> Closure:
    """``===`` with a text, which nothing but that text equals."""

    def run(data: Value) -> bool | Unknown:
        value = operand(data)
        if value == text:
            return True
        return UNKNOWN if is_unknown(value) else False

    return run


def membership(needle: Closure, haystack: Closure) -> Closure:
    """``in``: whether an array has an item that is ``===`` the needle."""

    def run(data: Value) -> bool | Unknown:
        value, items = needle(data), haystack(data)
        if type(items) is list:
            # Nothing but itself equals a text or null.
            if type(value) is str or value is None:
                found = value in items
            elif is_unknown(value):
                return UNKNOWN
            else:
                found = _has_number(items, value)
            return True if found else UNKNOWN if UNKNOWN in items else False
        if is_unknown(items):
            return UNKNOWN
        message = "the second operand of in is no array"
        raise NotEvaluable(message)

    return run


def _has_number(items: list[Value], value: Value) -> bool:
    """Look for a number or boolean; arrays, objects and date-times are in no array."""
    if type(value) not in _NUMBERS or value not in items:
        return False
    # In Python `True == 1`.
    return any(equal(value, item) is True for item in items)


def membership_of_literals(needle: Closure, literals: Sequence[str | int | None]) -> Closure:
    """``in`` an array of literals: one look-up by the type and then the value of the needle."""
    members: dict[type, frozenset[Value]] = {
        kind: frozenset(each for each in literals if type(each) is kind)
        for kind in (str, bool, int)
    }
    members[float] = members[int]

    def run(data: Value) -> bool | Unknown:
        value = needle(data)
        found = members.get(type(value))
        if found is None:
            return UNKNOWN if is_unknown(value) else False
        return value in found

    return run


def addition(left: Closure, right: Closure) -> Closure:
    """``+``: the sum of two whole numbers, which every reader of JSON must be able to hold."""

    def run(data: Value) -> int | Unknown:
        first, second = integer(left(data)), integer(right(data))
        if isinstance(first, Unknown) or isinstance(second, Unknown):
            return UNKNOWN
        total = first + second
        if abs(total) > LOGIC_INTEGER:
            message = "a sum is too large"
            raise NotEvaluable(message)
        return total

    return run


def order_of_two(order: Order, left: Closure, right: Closure) -> Closure:
    """``<`` and the like with two operands, whole numbers."""

    def run(data: Value) -> bool | Unknown:
        first, second = left(data), right(data)
        if type(first) is int and type(second) is int:
            return order(first, second)
        return _ordered(order, (first, second))

    return run


def order_with_number(order: Order, operand: Closure, number: int) -> Closure:
    """``<`` and the like with a number on the right."""

    def run(data: Value) -> bool | Unknown:
        value = operand(data)
        return order(value, number) if type(value) is int else _ordered(order, (value, number))

    return run


def order_of_three(order: Order, operands: Sequence[Closure]) -> Closure:
    """``<`` and the like with three operands: each pair in order."""
    return lambda data: _ordered(order, [operand(data) for operand in operands])


def _ordered(order: Order, operands: Sequence[Value]) -> bool | Unknown:
    numbers = [integer(each) for each in operands]
    if UNKNOWN in numbers:
        return UNKNOWN
    return all(map(order, numbers, numbers[1:]))


def part_of_text(operand: Closure, index: int) -> Closure:
    """``extractFromUVCI``: a part of an identifier; of null there is none."""

    def run(data: Value) -> str | Unknown | None:
        identifier = operand(data)
        if type(identifier) is str:
            return part_of(identifier, index)
        if identifier is None:
            return None
        if is_unknown(identifier):
            return UNKNOWN
        message = "the operand of extractFromUVCI is neither text nor null"
        raise NotEvaluable(message)

    return run
