"""What a check of lists or of rules found, in words: a paragraph for each code, worst first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeVar

from cli.style import Style, wrap

LEVELS: Final = ("error", "warning", "note")
_COLOURS: Final = {"error": "red", "warning": "yellow"}
_SHOWN: Final = 5  # of each code: enough to see the pattern; --json has all
_INDENT: Final = " " * len("TRL-000  ")


class _Severity(Protocol):
    @property
    def value(self) -> str: ...


class _Meaning(Protocol):
    """What a code stands for."""

    @property
    def severity(self) -> _Severity: ...
    @property
    def what(self) -> str: ...
    @property
    def next_step(self) -> str: ...


class _Code(Protocol):
    @property
    def value(self) -> str: ...


Code = TypeVar("Code", bound=_Code)
Finding = TypeVar("Finding")


def finding_lines(
    found: Mapping[Code, Sequence[Finding]],
    meaning_of: Callable[[Code], _Meaning],
    example: Callable[[Finding], str],
    style: Style,
) -> Iterator[str]:
    """Say each code once: level, how often, what to do, and a few examples that have words."""
    told = {code: meaning_of(code) for code in found}

    def rank(code: Code) -> tuple[int, str]:
        return LEVELS.index(told[code].severity.value), code.value

    for code in sorted(found, key=rank):
        meaning, findings = told[code], found[code]
        level = meaning.severity.value
        head = f"{code.value}  {level}  {len(findings)}  "
        first, *rest = wrap(meaning.what, style.width, head, _INDENT).split("\n")
        painted = style.paint(level, _COLOURS[level]) if level in _COLOURS else level
        yield first.replace(level, painted, 1)
        yield from rest
        yield wrap(meaning.next_step, style.width, style.words(f"{_INDENT}→ "))
        for text in filter(None, map(example, findings[:_SHOWN])):
            yield wrap(text, style.width, f"{_INDENT}  ")
        if len(findings) > _SHOWN:
            yield f"{_INDENT}  and {len(findings) - _SHOWN} more"
        yield ""
