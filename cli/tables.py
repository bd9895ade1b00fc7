"""Plain columns and counted words, for commands that list things."""

from collections.abc import Iterable, Sequence
from typing import Final

_LIST_CHARACTERS: Final = 28  # of a list's name in a table, which has 80 columns


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write columns as wide as they need to be; numbers stand at the right."""
    table = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    numbers = [all(cell.isdigit() for cell in column[1:]) for column in zip(*table, strict=True)]
    return "".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        + "\n"
        for row in table
    )


def count_of(number: int, one: str, many: str) -> str:
    """Write a number with its word in the right form."""
    return f"{number} {one if number == 1 else many}"


def cut(name: str) -> str:
    """Shorten the name of a list to what a table has room for."""
    return name if len(name) <= _LIST_CHARACTERS else name[: _LIST_CHARACTERS - 3] + "..."
