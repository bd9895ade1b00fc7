"""Texts of both directions in one line (Unicode Standard Annex 9, isolates; no embeddings).

A name in Arabic letters must not pull the words after it to its other side, nor may Arabic words
turn a date round: behind them 2026-12-24 is shown as 24-12-2026. So what is filled in stands in an
isolate, whose direction its own first letter decides.
"""

from typing import Final

FIRST_STRONG: Final = "\N{FIRST STRONG ISOLATE}"
END: Final = "\N{POP DIRECTIONAL ISOLATE}"
RIGHT_TO_LEFT: Final = "\N{RIGHT-TO-LEFT MARK}"


def isolated(text: str, *, within: bool) -> str:
    """Isolate a text ``within`` words from right to left, elsewhere only if it needs it.

    The text is printable (``cli.problem.printable``), so that it holds no such character itself.
    """
    if not text or not (within or _has_right_to_left(text)):
        return text
    return f"{FIRST_STRONG}{text}{END}"


def _has_right_to_left(text: str) -> bool:
    if text.isascii():
        return False
    from unicodedata import bidirectional  # noqa: PLC0415 - only for such names

    return any(bidirectional(character) in {"R", "AL", "AN"} for character in text)


def lines_closed(lines: list[str], indent: str) -> list[str]:
    """Let no isolate go over the end of a line, where a terminal forgets it: go on in the next.

    ``indent`` stands before each line but the first.
    """
    if not any(FIRST_STRONG in line for line in lines):
        return lines
    closed, depth = [], 0
    for line in lines:
        begun = indent + FIRST_STRONG * depth + line[len(indent) :] if depth else line
        for character in line:
            depth += character == FIRST_STRONG
            depth -= character == END and depth > 0
        closed.append(begun + END * depth)
    return closed


def directed(text: str, *, right_to_left: bool) -> str:
    """Begin each line with a mark of its direction, which its first letter alone may not tell."""
    if not right_to_left:
        return text
    return "".join(
        RIGHT_TO_LEFT + line if line.strip() else line for line in text.splitlines(keepends=True)
    )
