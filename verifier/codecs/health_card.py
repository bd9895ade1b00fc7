"""The texts of SMART Health Cards: digits of one code or several, files, links (SHC notes, 2 to 4).

Each is a way of carrying one or several tokens (compact JWS). What is in a token is no matter here.
"""

import re
from collections.abc import Sequence
from typing import Final

from verifier.codecs import json_strict
from verifier.errors import DocumentError
from verifier.limits import CARD_PARTS, DOCUMENT_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

SCHEME: Final = "shc:"
_ALONE: Final = "shc:/"

# The scheme is read whatever its case: scanners change it, and digits have none.
_PART: Final = re.compile(r"[sS][hH][cC]:/(?:([1-9][0-9]?)/([1-9][0-9]?)/)?").match
_DIGITS: Final = b"0123456789"
_BEGINNING: Final = len("shc:/20/20/")

# Two digits are a number, and the number with 45 added is a character of a token (notes, 3). Read
# as hexadecimal digits they are one byte, whose halves are the digits.
_ALPHABET: Final = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_LOWEST: Final = 45
_FOREIGN: Final = 0xFF
_TEN: Final = 10
_CHARACTER: Final = bytes(
    number if chr(number) in _ALPHABET and byte >> 4 < _TEN and byte & 15 < _TEN else _FOREIGN
    for byte, number in ((byte, (byte >> 4) * 10 + byte % 16 + _LOWEST) for byte in range(256))
)

_CARDS: Final = "verifiableCredential"
_ESCAPED: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


@private
class Part:
    """The text of one code: which of how many, and its digits.

    ``numbered`` is false where the text does not say which it is: then it is the only one.
    """

    __slots__ = ("digits", "number", "numbered", "of")

    def __init__(self, digits: str, number: int = 1, of: int = 1, *, numbered: bool) -> None:
        """Take what ``read_part`` found."""
        self.digits = digits
        self.number = number
        self.of = of
        self.numbered = numbered


def read_part(text: str) -> Part:
    """Read the text of one code; a card in one code is part 1 of 1.

    Raises ``DocumentError``: ``PART_MALFORMED`` for a beginning that says no such thing,
    ``NOT_DIGITS`` for what is not digits after it.
    """
    found = _PART(text[:_BEGINNING])
    if found is None:
        raise DocumentError(Reason.PART_MALFORMED)
    number, of = found.groups()
    digits = text[found.end() :]
    if "/" in digits:
        raise DocumentError(Reason.PART_MALFORMED)
    if of is None:
        return Part(digits, numbered=False)
    # Only digits of ASCII: Python knows those of sixty scripts.
    if not digits or not digits.isascii() or digits.encode("ascii").translate(None, _DIGITS):
        raise DocumentError(Reason.NOT_DIGITS)
    if not 1 <= int(number) <= int(of) <= CARD_PARTS:
        raise DocumentError(Reason.PART_MALFORMED)
    return Part(digits, int(number), int(of), numbered=True)


def join(parts: Sequence[Part]) -> str:
    """Join the digits of a card's parts, which may come in any order and more than once.

    Raises ``DocumentError``: ``PARTS_MIXED`` for parts of different cards, as far as it shows,
    ``PARTS_MISSING`` when not all are there.
    """
    known: dict[int, str] = {}
    for part in parts:
        if part.of != parts[0].of or known.setdefault(part.number, part.digits) != part.digits:
            raise DocumentError(Reason.PARTS_MIXED)
    if len(known) != parts[0].of:
        raise DocumentError(Reason.PARTS_MISSING)
    return "".join(known[number] for number in sorted(known))


def token_of(digits: str) -> bytes:
    """Turn digits into the token that they stand for.

    Raises ``DocumentError(NOT_DIGITS)`` for anything but digits of ASCII, for an odd number of them
    (a zero was lost in front), for none, and for a pair that stands for no character of a token.
    """
    token = _token(digits)
    if not token:
        raise DocumentError(Reason.NOT_DIGITS)
    return token


def token_alone(text: str) -> bytes:
    """Give the token of a card in one code as nearly all are written; empty for any other text."""
    return _token(text[len(_ALONE) :]) if text.startswith(_ALONE) else b""


def _token(digits: str) -> bytes:
    try:
        token = bytes.fromhex(digits).translate(_CHARACTER)
    except ValueError:
        return b""
    # Blanks are left out on the way, so that they show in the length.
    return b"" if _FOREIGN in token or 2 * len(token) != len(digits) else token


def is_file(text: str) -> bool:
    """Tell whether a text is a file or an answer that carries cards, or a link with one inside."""
    if text.startswith("{"):
        return f'"{_CARDS}"' in text
    return text.startswith("https://") and "#" in text and _CARDS in text.partition("#")[2]


def tokens_in(text: str) -> list[str]:
    """Read the tokens in a file (SHC notes, 2), in an answer of a FHIR server, or in a link.

    What stands in the place of a token and is no text gives an empty one, so that no card hides
    another. Raises ``DocumentError``: ``NO_CARD_INSIDE`` when there is none, and what
    ``json_strict.decode`` raises.
    """
    data = text.encode("utf-8", "replace")
    if not text.startswith("{"):
        data = _unescaped(data.partition(b"#")[2])
    content = json_strict.decode(data, limit=4 * DOCUMENT_CHARACTERS)
    members = content if isinstance(content, dict) else {}
    if members.get("resourceType") == "Parameters":
        found = [
            each.get("valueString")
            for each in _list(members.get("parameter"))
            if isinstance(each, dict) and each.get("name") == _CARDS
        ]
    else:
        found = _list(members.get(_CARDS))
    if not found:
        raise DocumentError(Reason.NO_CARD_INSIDE)
    return [token.strip() if isinstance(token, str) else "" for token in found]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _unescaped(data: bytes) -> bytes:
    """Undo percent-encoding (RFC 3986, 2.1)."""
    return _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), data)
