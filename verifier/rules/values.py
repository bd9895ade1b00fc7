"""What CertLogic computes with: JSON values, instants, and what is not known.

Source: CertLogic specification 1.3.3 of the European eHealth Network. JSON values are plain Python
ones; ``True == 1`` and ``1 == 1.0`` hold in Python, so every decision here looks at the type first.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeAlias

from verifier.privacy import MASK
from verifier.rules.unknown import UNKNOWN, Unknown

# Any JSON value, an `Instant`, `UNKNOWN` or a `Falsy`; which one, only evaluation tells.
Value: TypeAlias = Any
Closure: TypeAlias = Callable[[Value], Value]

# The types that are truthy or falsy; Python's own truth of their values is that of CertLogic.
DECIDED: Final = frozenset({bool, int, float, str, list, dict, type(None)})

_SCALAR: Final = frozenset({bool, int, float, str, type(None)})
_NUMBER: Final = frozenset({int, float})


class NotEvaluable(Exception):
    """An expression has no value for these data. Names the operator and what is wrong, no data."""


class Falsy(Enum):
    """The value of an ``and`` that ends in a falsy operand after an unknown one.

    Which falsy value it is depends on the unknown operand. It never leaves an evaluation.
    """

    FALSE = "false, unless the unknown operand is falsy itself"
    OTHER = "falsy"


class Instant:
    """A date-time as it exists inside an evaluation: UTC, whole milliseconds.

    ``str`` gives ``YYYY-MM-DDThh:mm:ss.sssZ``; ``repr`` masks, for it may be a date of birth.
    """

    __slots__ = ("when",)

    def __init__(self, when: datetime) -> None:
        """Take a ``datetime`` without zone, meant in UTC."""
        self.when: Final = when

    def __str__(self) -> str:
        return f"{self.when.isoformat(timespec='milliseconds')}Z"

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instant) and self.when == other.when

    def __hash__(self) -> int:
        return hash(self.when)


def is_unknown(value: Value) -> bool:
    """Tell whether a value is not known, or not which of the falsy ones it is."""
    return value is UNKNOWN or type(value) is Falsy


def known(value: Value) -> Value:
    """Give the value, or ``UNKNOWN`` for a falsy one that is not known."""
    return UNKNOWN if type(value) is Falsy else value


def decision(value: object) -> bool | Unknown:
    """Tell whether a value is truthy, falsy or unknown. Raises ``NotEvaluable`` if neither."""
    if type(value) in DECIDED:
        return True if value else False  # noqa: SIM210 - any value decides, a bool leaves
    if value is UNKNOWN:
        return UNKNOWN
    if type(value) is Falsy:
        return False
    message = "a value is neither truthy nor falsy"
    raise NotEvaluable(message)


def integer(value: object) -> int | Unknown:
    """Give a whole number, ``UNKNOWN`` for an unknown one. Raises ``NotEvaluable``."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    if is_unknown(value):
        return UNKNOWN
    message = "an operand is no whole number"
    raise NotEvaluable(message)


def equal(left: Value, right: Value) -> bool | Unknown:
    """Compare as ``===`` does: type and value; arrays, objects and date-times equal nothing."""
    if is_unknown(left) or is_unknown(right):
        return UNKNOWN
    if type(left) is type(right):
        comparable = type(left) in _SCALAR
    else:
        comparable = type(left) in _NUMBER and type(right) in _NUMBER
    return comparable and bool(left == right)


def same(left: Value, right: Value) -> bool:
    """Tell whether two known values are one: scalars and instants by value, others by identity."""
    if left is right:
        return True
    alike = type(left) is type(right) and (type(left) in _SCALAR or type(left) is Instant)
    return alike and bool(left == right)
