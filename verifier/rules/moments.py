"""The operators of CertLogic on dates, as closures.

A *moment* is a closure that gives a bare ``datetime`` in UTC, or ``None`` for what is unknown.
Date-times are compared far more often than they are results, so that an ``Instant`` is made only
where one leaves the operators on dates.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from verifier.rules.operators import ORDERS, Order
from verifier.rules.times import birth_date, later
from verifier.rules.unknown import UNKNOWN, Unknown
from verifier.rules.values import Closure, Instant, NotEvaluable, Value, is_unknown

Moment: TypeAlias = Callable[[Value], datetime | None]

DATE_ORDERS: Final = {
    "before": ORDERS["<"],
    "not-after": ORDERS["<="],
    "after": ORDERS[">"],
    "not-before": ORDERS[">="],
}


def plus_time(operand: Closure, amount: int, unit: str) -> Moment:
    """``plusTime``: a text read as date or date-time, and some time added."""
    return _from_text(operand, later(amount, unit))


def date_of_birth(operand: Closure) -> Moment:
    """``dccDateOfBirth``: a text read as a date that may be partial."""
    return _from_text(operand, birth_date)


def _from_text(operand: Closure, read: Callable[[str], datetime]) -> Moment:
    def run(data: Value) -> datetime | None:
        text = operand(data)
        if type(text) is str:
            return read(text)
        if is_unknown(text):
            return None
        message = "a date is read from a text and from nothing else"
        raise NotEvaluable(message)

    return run


def moment_of(operand: Closure) -> Moment:
    """Take the date-time that any other expression gives."""

    def run(data: Value) -> datetime | None:
        value = operand(data)
        if type(value) is Instant:
            return value.when
        if is_unknown(value):
            return None
        message = "an operand is no date-time"
        raise NotEvaluable(message)

    return run


def instant(moment: Moment) -> Closure:
    """Give the date-time as a value."""

    def run(data: Value) -> Instant | Unknown:
        when = moment(data)
        return UNKNOWN if when is None else Instant(when)

    return run


def order_of_moments(order: Order, moments: Sequence[Moment]) -> Closure:
    """``before`` and the like: each pair in order."""
    if len(moments) > 2:  # noqa: PLR2004 - two or three
        return _order_of_three(order, *moments)
    left, right = moments

    def run(data: Value) -> bool | Unknown:
        first, second = left(data), right(data)
        return UNKNOWN if first is None or second is None else order(first, second)

    return run


def _order_of_three(order: Order, left: Moment, middle: Moment, right: Moment) -> Closure:
    def run(data: Value) -> bool | Unknown:
        first, second, third = left(data), middle(data), right(data)
        if first is None or second is None or third is None:
            return UNKNOWN
        return order(first, second) and order(second, third)

    return run
