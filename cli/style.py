"""How a text has to look where it is going: width, colour, which signs can be shown.

Colour is only ever an addition: every outcome has its word and its sign.
"""

import os
from typing import NamedTuple

from cli.bidi import lines_closed
from cli.output import RESULTS, encoding_of

WIDEST = 80  # a line longer than this is hard to read, however wide the terminal is
NARROWEST = 20
UNKNOWN_WIDTH = 72  # not a terminal: fits a letter page and a mail

_PLAIN_SIGNS = {"✔": "[OK]", "✖": "[X]", "?": "[?]", "!": "[!]"}
_PLAIN_PUNCTUATION = str.maketrans({"—": "-", "·": "-", "→": ">", "←": "<"})

# What no line begins with in Chinese, where a line may be broken between any two letters.
_STAYS_BEHIND = "，。；：、！？）」』》…"  # noqa: RUF001 - Chinese punctuation

_COLOURS = {"green": "32", "red": "31", "yellow": "33"}


class Style(NamedTuple):
    """What the place where results go to can show."""

    width: int = UNKNOWN_WIDTH
    colour: bool = False
    signs: bool = True

    def sign(self, sign: str) -> str:
        """Give a sign, or its spelling in ASCII."""
        return sign if self.signs else _PLAIN_SIGNS[sign]

    def words(self, text: str) -> str:
        """Give our own words with the punctuation that can be shown."""
        return text if self.signs else text.translate(_PLAIN_PUNCTUATION)

    def paint(self, text: str, colour: str) -> str:
        """Give a text in bold and colour where colours are wanted."""
        return f"\033[1;{_COLOURS[colour]}m{text}\033[0m" if self.colour else text


def style_of_results() -> Style:
    """Find out what standard output can show."""
    terminal = os.isatty(RESULTS)
    return Style(_width(terminal=terminal), terminal and _wants_colour(), _can_show_signs())


def _wants_colour() -> bool:
    """Tell whether colour is welcome; any value but the empty one says no (no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _can_show_signs() -> bool:
    try:
        "✔✖—·→█".encode(encoding_of(RESULTS))
    except UnicodeEncodeError:
        return False
    return True


def _width(*, terminal: bool) -> int:
    if not terminal:
        return UNKNOWN_WIDTH
    columns = os.get_terminal_size(RESULTS).columns or WIDEST
    return max(NARROWEST, min(columns, WIDEST))


def cells(text: str) -> int:
    """Count the columns of a terminal that a printable text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - only for such names

    return sum(
        0
        if category(character) in {"Mn", "Me", "Cf"}
        else 2
        if east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def padded(text: str, width: int) -> str:
    """Fill up a text with blanks to a number of columns."""
    return text + " " * (width - cells(text))


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> str:
    """Break a text into lines, the first after one indent and the others after another.

    A word longer than a line, such as a name in letters of a machine-readable zone, is cut. Blanks
    alone are where a line may end: French has one before a colon that is no such place.
    """
    rest = " " * cells(first) if rest is None else rest
    lines, line = [], first
    empty = True
    for word in filter(None, text.split(" ")):
        piece = word
        if not empty and cells(line) + 1 + cells(piece) <= width:
            line += " " + piece
            continue
        if not empty:
            lines.append(line)
            line = rest
        while cells(line) + cells(piece) > width and len(piece) > 1:
            cut = _fitting(piece, width - cells(line))
            lines.append(line + piece[:cut])
            line, piece = rest, piece[cut:]
        line, empty = line + piece, False
    return "\n".join(lines_closed([*lines, line], rest))


def _fitting(word: str, room: int) -> int:
    """Count how many characters of a word fit into some columns, at least one."""
    taken = 1
    while taken < len(word) and cells(word[: taken + 1]) <= room:
        taken += 1
    while 1 < taken < len(word) and word[taken] in _STAYS_BEHIND:
        taken -= 1
    return taken
