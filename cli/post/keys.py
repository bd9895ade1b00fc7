"""The keys of the desk: the digits of the top row, or F1 to F9, on any keyboard layout.

A layout that has other characters on that row gives the same keys without Shift, because what its
row types is known (``layouts``); a character that stands for two digits, by layout, is none.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from cli.post.layouts import row_of_digits


class Key(Enum):
    """What an officer can ask for; the value is the digit, or the number of the function key."""

    NO_CERTIFICATE = 1
    WAIVER = 2
    PROTECTION = 3
    ILL = 4
    AGAIN = 5
    SLIP = 6
    PASSPORT = 7
    HELP = 8
    END = 9
    # These have no digit.
    INTERRUPT = -1
    SUSPEND = -2
    ANY = 0

    @property
    def sign(self) -> str:
        """Give what a legend names the key by."""
        return str(self.value) if self.value > 0 else "*"

    @property
    def word(self) -> str:
        """Give the key's name in catalogues."""
        return self.name.lower()


IN_LEGEND: Final = tuple(key for key in Key if key.value > 0)

_CONTROLS: Final = {
    "\3": Key.INTERRUPT,  # Ctrl-C
    "\4": Key.INTERRUPT,  # Ctrl-D, the end of input elsewhere
    "\x1a": Key.SUSPEND,  # Ctrl-Z
    "\x1b": Key.ANY,  # Escape
    "\x7f": Key.ANY,
    "\b": Key.ANY,
    " ": Key.ANY,
}

# The final parts of what terminals send for F1 to F9 (ECMA-48 sequences of VT220, xterm, Linux).
_FUNCTION_KEYS: Final = {
    **{f"O{letter}": number for number, letter in enumerate("PQRS", 1)},
    **{f"[[{letter}": number for number, letter in enumerate("ABCDE", 1)},
    **{f"[{code}~": number for number, code in enumerate((11, 12, 13, 14, 15, 17, 18, 19, 20), 1)},
}


def keys_by_character() -> Mapping[str, Key]:
    """Map each character that is a key when nothing follows it."""
    return {character: Key(digit) for character, digit in row_of_digits().items()} | _CONTROLS


def key_of_sequence(sequence: str) -> Key | None:
    """Tell which key an escape sequence, without its ESC, stands for."""
    number = _FUNCTION_KEYS.get(sequence)
    return None if number is None else Key(number)
