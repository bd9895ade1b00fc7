"""CertLogic: expressions of entry rules, compiled once and judged in three values.

Source: CertLogic specification 1.3.3 of the European eHealth Network. ``grammar`` holds the form
and the limits, ``compiling`` makes closures of ``operators``, ``moments``, ``folding``, ``paths``.
Evaluation is pure: it needs the data and nothing else, ends after a bounded number of steps, and
never reaches anything of Python.

Data are plain: ``dict``, ``list``, ``str``, ``int``, ``bool``, ``None`` and ``float``, a whole
``float`` counting as an integer. ``UNKNOWN`` may stand for any value in them. It stands for a value
and not for its absence: an array or object that holds it is not empty.

What is definite with something unknown stays so whatever the unknown turns out to be, unless the
rule cannot be evaluated then.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from verifier.errors import RuleSetInvalid
from verifier.rules.compiling import compile_expression, literal_of
from verifier.rules.grammar import Issue, Survey
from verifier.rules.values import Closure, Falsy, Instant, NotEvaluable, Value, known

__all__ = [
    "ENGINE",
    "LANGUAGE_VERSION",
    "Instant",
    "Issue",
    "Logic",
    "NotEvaluable",
    "Truth",
    "check_logic",
    "compile_logic",
    "understands",
]

ENGINE: Final = "CERTLOGIC"
LANGUAGE_VERSION: Final = (1, 3, 3)

_VERSION: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})")


class Truth(StrEnum):
    """What a rule says of a certificate."""

    PASSED = "pass"
    FAILED = "fail"
    OPEN = "unknown"


class Logic(NamedTuple):
    """A compiled expression. Immutable, and safe to use from many threads at once.

    ``paths`` are the paths of every ``var`` in it, ``""`` and those inside lambdas included.

    ``value(data)`` gives the value that the specification gives, ``UNKNOWN`` where that rests on
    something unknown, an ``Instant`` for a date-time. It raises ``NotEvaluable`` where there is no
    value. An array or object in it may be one of the data's own.

    ``judge(data)`` gives ``PASSED`` for true, ``FAILED`` for false, and ``OPEN`` for all else:
    other values, what is unknown, what cannot be evaluated. It never raises.
    """

    paths: frozenset[str]
    value: Callable[[object], object]
    judge: Callable[[object], Truth]


def compile_logic(expression: object) -> Logic:
    """Compile an expression as JSON gives it.

    Raises ``RuleSetInvalid`` with the place and the fault of the first issue.
    """
    survey = Survey(expression)
    if survey.issues:
        message = f"the logic of a rule is not CertLogic\n{survey.issues[0]}"
        raise RuleSetInvalid(message, "logic")
    run = compile_expression(expression)
    return Logic(frozenset(survey.paths), _valuer(run), _judge(run, literal_of(expression)))


def check_logic(expression: object) -> tuple[Issue, ...]:
    """List everything that is wrong with an expression, in its order; nothing if it is sound."""
    return Survey(expression).issues


def understands(engine: str, version: str) -> bool:
    """Tell whether a rule for this engine, needing this version of the language, can be judged.

    ``version`` is ``x.y.z``; what is not of that form is not understood.
    """
    numbers = _VERSION.fullmatch(version)
    if engine != ENGINE or numbers is None:
        return False
    return tuple(map(int, numbers.groups())) <= LANGUAGE_VERSION


def _valuer(run: Closure) -> Callable[[object], object]:
    return lambda data: known(run(data))


def _judge(run: Closure, literal: str | int | None) -> Callable[[object], Truth]:
    # Names of its own: to fetch a member of an enumeration costs as much as a comparison.
    passed, failed, undecided = Truth.PASSED, Truth.FAILED, Truth.OPEN

    def judge(data: Value) -> Truth:
        try:
            value = run(data)
        except NotEvaluable:
            return undecided
        if value is True:
            return passed
        return failed if value is False or value is Falsy.FALSE else undecided

    if literal is None:
        return judge
    always = judge(None)
    return lambda _: always
