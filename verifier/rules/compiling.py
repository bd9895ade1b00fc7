"""From an expression of sound form to closures, each compiled once.

Which closure an operator gets depends on what its operands are: constants, date operators and
arrays of literals have closures of their own. ``certlogic`` is the way in; it holds the grammar and
the limits first.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from verifier.limits import LOGIC_REDUCE_STEPS
from verifier.rules import folding, moments, operators, paths
from verifier.rules.grammar import whole
from verifier.rules.values import Closure, Value


class _Scope(NamedTuple):
    """Where an expression stands: inside a lambda or not, and the steps of a fold outside one."""

    in_lambda: bool
    share: int


def compile_expression(expression: object) -> Closure:
    """Compile an expression whose form was checked."""
    # Shared out in equal parts, so that the order of evaluation is nothing to think about.
    share = LOGIC_REDUCE_STEPS // max(_outer_folds(expression), 1)
    return _compile(expression, _Scope(in_lambda=False, share=share))


def literal_of(expression: object) -> str | int | None:
    """Give the value of an expression that needs no data, ``None`` for one that does.

    An ``if`` whose guard is a literal is the branch that it picks.
    """
    expression = _picked(expression)
    if isinstance(expression, str | bool):
        return expression
    return whole(expression)


def _picked(expression: Value) -> Value:
    while isinstance(expression, dict) and "if" in expression:
        guard, then, otherwise = expression["if"]
        value = literal_of(guard)
        if value is None:
            break
        expression = then if value else otherwise
    return expression


def _compile(expression: Value, scope: _Scope) -> Closure:
    literal = literal_of(expression)
    if literal is not None:
        return operators.constant(literal)
    expression = _picked(expression)
    if isinstance(expression, dict):
        return _operation(expression, scope)
    return operators.array(_all(expression, scope))


def _operation(operation: dict[str, Value], scope: _Scope) -> Closure:
    [(operator, operands)] = operation.items()
    if operator == "var":
        return folding.fold_reader(operands) if scope.in_lambda else paths.reader(operands)
    if operator in _PLAIN:
        return _PLAIN[operator](*_all(operands, scope))
    return _SPECIAL[operator](operator, operands, scope)


def _all(expressions: list[Value], scope: _Scope) -> list[Closure]:
    return [_compile(each, scope) for each in expressions]


def _equality(_: str, operands: list[Value], scope: _Scope) -> Closure:
    for operand, other in (operands, reversed(operands)):
        literal = literal_of(other)
        if isinstance(literal, str):
            return operators.equality_with_text(_compile(operand, scope), literal)
    return operators.equality(*_all(operands, scope))


def _membership(_: str, operands: list[Value], scope: _Scope) -> Closure:
    needle, haystack = operands
    if isinstance(haystack, list):
        literals = [literal_of(each) for each in haystack]
        if None not in literals:
            return operators.membership_of_literals(_compile(needle, scope), literals)
    array = _compile(haystack, scope)
    return operators.membership(
        _compile(needle, scope), folding.charged(array) if scope.in_lambda else array
    )


def _order(operator: str, operands: list[Value], scope: _Scope) -> Closure:
    order = operators.ORDERS[operator]
    if len(operands) > 2:  # noqa: PLR2004 - two or three
        return operators.order_of_three(order, _all(operands, scope))
    number = literal_of(operands[1])
    if type(number) is int:
        return operators.order_with_number(order, _compile(operands[0], scope), number)
    return operators.order_of_two(order, *_all(operands, scope))


def _order_of_dates(operator: str, operands: list[Value], scope: _Scope) -> Closure:
    dates = [_moment(each, scope) for each in operands]
    return moments.order_of_moments(moments.DATE_ORDERS[operator], dates)


def _date(operator: str, operands: list[Value], scope: _Scope) -> Closure:
    return moments.instant(_moment({operator: operands}, scope))


def _moment(expression: Value, scope: _Scope) -> moments.Moment:
    match expression:
        case {"plusTime": [operand, amount, unit]}:
            return moments.plus_time(_compile(operand, scope), int(amount), unit)
        case {"dccDateOfBirth": [operand]}:
            return moments.date_of_birth(_compile(operand, scope))
    return moments.moment_of(_compile(expression, scope))


def _reduction(_: str, operands: list[Value], scope: _Scope) -> Closure:
    operand, step, initial = operands
    return folding.reduction(
        _compile(operand, scope),
        _compile(step, _Scope(in_lambda=True, share=scope.share)),
        _compile(initial, scope),
        nodes=_nodes(step),
        share=None if scope.in_lambda else scope.share,
    )


def _part(_: str, operands: list[Value], scope: _Scope) -> Closure:
    operand, index = operands
    return operators.part_of_text(_compile(operand, scope), int(index))


_PLAIN: Final[Mapping[str, Callable[..., Closure]]] = {
    "if": operators.conditional,
    "and": operators.conjunction,
    "!": operators.negation,
    "+": operators.addition,
}
_SPECIAL: Final[Mapping[str, Callable[[str, list[Value], _Scope], Closure]]] = {
    "===": _equality,
    "in": _membership,
    "plusTime": _date,
    "dccDateOfBirth": _date,
    "reduce": _reduction,
    "extractFromUVCI": _part,
    **dict.fromkeys(operators.ORDERS, _order),
    **dict.fromkeys(moments.DATE_ORDERS, _order_of_dates),
}


def _outer_folds(expression: object) -> int:
    """Count the reductions that stand in no lambda."""
    if isinstance(expression, list):
        return sum(map(_outer_folds, expression))
    if not isinstance(expression, dict):
        return 0
    [(operator, operands)] = expression.items()
    if operator != "reduce":
        return _outer_folds(operands)
    operand, _, initial = operands
    return 1 + _outer_folds(operand) + _outer_folds(initial)


def _nodes(expression: object) -> int:
    if isinstance(expression, list):
        return 1 + sum(map(_nodes, expression))
    return 1 + sum(map(_nodes, expression.values())) if isinstance(expression, dict) else 1
