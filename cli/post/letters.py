"""Words so large that they are read from a step away: blocks of five rows a letter.

Capitals of the Latin alphabet, their accents left off. A word with any other letter has no blocks
and is shown in the letters of the terminal.
"""

from collections.abc import Mapping
from typing import Final
from unicodedata import combining, normalize

ROWS: Final = 5

_GAP: Final = " "
_LETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    " ": ("  ", "  ", "  ", "  ", "  "),
    "A": (" ### ", "#   #", "#####", "#   #", "#   #"),
    "B": ("#### ", "#   #", "#### ", "#   #", "#### "),
    "C": (" ####", "#    ", "#    ", "#    ", " ####"),
    "D": ("#### ", "#   #", "#   #", "#   #", "#### "),
    "E": ("#####", "#    ", "#### ", "#    ", "#####"),
    "F": ("#####", "#    ", "#### ", "#    ", "#    "),
    "G": (" ####", "#    ", "#  ##", "#   #", " ####"),
    "H": ("#   #", "#   #", "#####", "#   #", "#   #"),
    "I": (" ### ", "  #  ", "  #  ", "  #  ", " ### "),
    "J": ("  ###", "   # ", "   # ", "#  # ", " ##  "),
    "K": ("#   #", "#  # ", "###  ", "#  # ", "#   #"),
    "L": ("#    ", "#    ", "#    ", "#    ", "#####"),
    "M": ("#   #", "## ##", "# # #", "#   #", "#   #"),
    "N": ("#   #", "##  #", "# # #", "#  ##", "#   #"),
    "O": (" ### ", "#   #", "#   #", "#   #", " ### "),
    "P": ("#### ", "#   #", "#### ", "#    ", "#    "),
    "Q": (" ### ", "#   #", "# # #", "#  # ", " ## #"),
    "R": ("#### ", "#   #", "#### ", "#  # ", "#   #"),
    "S": (" ####", "#    ", " ### ", "    #", "#### "),
    "T": ("#####", "  #  ", "  #  ", "  #  ", "  #  "),
    "U": ("#   #", "#   #", "#   #", "#   #", " ### "),
    "V": ("#   #", "#   #", "#   #", " # # ", "  #  "),
    "W": ("#   #", "#   #", "# # #", "## ##", "#   #"),
    "X": ("#   #", " # # ", "  #  ", " # # ", "#   #"),
    "Y": ("#   #", " # # ", "  #  ", "  #  ", "  #  "),
    "Z": ("#####", "   # ", "  #  ", " #   ", "#####"),
}


def in_blocks(words: str, width: int, ink: str = "\u2588") -> list[str]:
    """Draw words in rows of blocks, broken between words; empty when they cannot be drawn."""
    plain = "".join(each for each in normalize("NFD", words) if not combining(each))
    if not set(plain) <= _LETTERS.keys():
        return []
    lines: list[str] = []
    line = ""
    for word in plain.split():
        longer = f"{line} {word}".strip()
        if len(_row(longer, 0)) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    lines = [each for each in (*lines, line) if each]
    if any(len(_row(each, 0)) > width for each in lines):
        return []
    drawn = [[_row(each, row).replace("#", ink) for row in range(ROWS)] for each in lines]
    return [row for at, rows in enumerate(drawn) for row in (([""] if at else []) + rows)]


def _row(words: str, row: int) -> str:
    return _GAP.join(_LETTERS[letter][row] for letter in words)
