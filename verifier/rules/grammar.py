"""What a CertLogic expression may look like, and every place where one does not.

Source: CertLogic specification 1.3.3. Beside the form of the language the limits on untrusted rules
are held here, before anything is compiled; they end the reading too, so that even an object that
holds itself is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from verifier.limits import (
    LOGIC_AMOUNT,
    LOGIC_DEPTH,
    LOGIC_INTEGER,
    LOGIC_NODES,
    LOGIC_TEXT_CHARACTERS,
)
from verifier.rules.times import UNITS

COMPARISONS: Final = (">", "<", ">=", "<=")
DATE_COMPARISONS: Final = ("after", "before", "not-after", "not-before")

# Operator -> the least and the most operands.
_OPERANDS: Final[Mapping[str, tuple[int, int]]] = {
    "if": (3, 3),
    "===": (2, 2),
    "in": (2, 2),
    "and": (2, LOGIC_NODES),
    "!": (1, 1),
    "+": (2, 2),
    **dict.fromkeys((*COMPARISONS, *DATE_COMPARISONS), (2, 3)),
    "plusTime": (3, 3),
    "dccDateOfBirth": (1, 1),
    "reduce": (3, 3),
    "extractFromUVCI": (2, 2),
}
# Operators of which only the first operand is an expression; the others are constants.
_WITH_CONSTANTS: Final = ("plusTime", "extractFromUVCI")
_SHOWN: Final = 40


class Issue(NamedTuple):
    """One fault of an expression.

    ``where`` is a JSON pointer (RFC 6901) from the expression's root to the part that is at fault,
    ``what`` a sentence for the author of the rule.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"at {self.where or 'the top'}: {self.what}"


class Survey:
    """What reading an expression once tells: issues, paths that it reads, and its nodes."""

    __slots__ = ("issues", "nodes", "paths")

    def __init__(self, expression: object) -> None:
        """Read an expression, to the end or to the first limit."""
        self.paths: set[str] = set()
        self.nodes = 0
        self.issues = tuple(self._expression(expression, "", 1))

    def _expression(self, expression: object, where: str, depth: int) -> Iterator[Issue]:
        self.nodes += 1
        if self.nodes > LOGIC_NODES:
            # Said once, however many more there are.
            if self.nodes == LOGIC_NODES + 1:
                yield Issue(where, f"an expression has at most {LOGIC_NODES} parts")
        elif depth > LOGIC_DEPTH:
            yield Issue(where, f"an expression nests at most {LOGIC_DEPTH} deep")
        elif isinstance(expression, list):
            for place, item in enumerate(expression):
                yield from self._expression(item, f"{where}/{place}", depth + 1)
        elif isinstance(expression, dict):
            yield from self._operation(expression, where, depth)
        else:
            yield from _literal(expression, where)

    def _operation(
        self, operation: dict[object, object], where: str, depth: int
    ) -> Iterator[Issue]:
        if len(operation) != 1:
            yield Issue(where, f"an operation has one member, not {len(operation)}")
            return
        [(operator, operands)] = operation.items()
        if operator == "var":
            yield from self._path(operands, where)
        elif not isinstance(operands, list):
            yield Issue(where, "the operands of an operation are an array")
        elif not isinstance(operator, str) or operator not in _OPERANDS:
            yield Issue(where, f"there is no operator {_shown(operator)}")
        else:
            yield from self._operands(operator, operands, where, depth)

    def _path(self, path: object, where: str) -> Iterator[Issue]:
        if not isinstance(path, str):
            yield Issue(where, "the operand of var is a text")
        elif path and not all(path.split(".")):
            yield Issue(where, "the path of var has an empty part")
        elif len(path) > LOGIC_TEXT_CHARACTERS:
            yield Issue(where, f"a path has at most {LOGIC_TEXT_CHARACTERS} characters")
        else:
            self.paths.add(path)

    def _operands(
        self, operator: str, operands: list[object], where: str, depth: int
    ) -> Iterator[Issue]:
        least, most = _OPERANDS[operator]
        if not least <= len(operands) <= most:
            wanted = str(least) if least == most else f"{least} or more"
            if operator in {*COMPARISONS, *DATE_COMPARISONS}:
                wanted = f"{least} or {most}"
            yield Issue(where, f"{operator} takes {wanted} operands, not {len(operands)}")
        constants = operator in _WITH_CONSTANTS
        for place, operand in enumerate(operands[:1] if constants else operands):
            yield from self._expression(operand, f"{where}/{operator}/{place}", depth + 1)
        if constants:
            yield from _constants(operator, operands[1:], f"{where}/{operator}")


def whole(value: object) -> int | None:
    """Give a whole number, as an integer even if it is written as a float; ``None`` otherwise."""
    if type(value) is int:
        return value
    if type(value) is float and value.is_integer():
        return int(value)
    return None


def _literal(value: object, where: str) -> Iterator[Issue]:
    if isinstance(value, str):
        if len(value) > LOGIC_TEXT_CHARACTERS:
            yield Issue(where, f"a text has at most {LOGIC_TEXT_CHARACTERS} characters")
    elif not isinstance(value, bool):
        number = whole(value)
        if number is None:
            yield Issue(where, f"{_kind(value)} is no expression")
        elif abs(number) > LOGIC_INTEGER:
            yield Issue(where, f"a number is at most {LOGIC_INTEGER}")


def _constants(operator: str, constants: list[object], where: str) -> Iterator[Issue]:
    name = "the amount of plusTime" if operator == "plusTime" else "the index of extractFromUVCI"
    for number in map(whole, constants[:1]):
        if number is None:
            yield Issue(f"{where}/1", f"{name} is a whole number and no expression")
        elif abs(number) > LOGIC_AMOUNT:
            yield Issue(f"{where}/1", f"{name} is at most {LOGIC_AMOUNT}")
    for unit in constants[1:2] if operator == "plusTime" else ():
        if unit not in UNITS:
            yield Issue(f"{where}/2", f"the unit of plusTime is one of {', '.join(UNITS)}")


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return "a fraction" if isinstance(value, float) else "what is no JSON"


def _shown(operator: object) -> str:
    text = ascii(operator) if isinstance(operator, str) else "of this kind"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
