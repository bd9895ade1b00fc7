"""Base32 (RFC 4648, 6) without padding, strict: one text for each sequence of bytes.

The text is read as one number in base 32, so that no character is looked at by itself.
"""

from typing import Final

from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason

_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

# What Python reads as the digits of that base; everything else becomes a character that it refuses.
_DIGITS: Final = b"0123456789abcdefghijklmnopqrstuv"
_FOREIGN: Final = b"!"
_DIGIT_OF: Final = bytes(
    _DIGITS[_ALPHABET.index(character)] if character in _ALPHABET else _FOREIGN[0]
    for character in range(256)
)

_BITS: Final = 5
# Eight characters are five bytes; one, three or six left over are no whole number of bytes.
_GROUP: Final = 8
_NO_REST: Final = (1, 3, 6)


def decode(text: str) -> bytes:
    """Decode a text.

    Raises ``DocumentError(TOO_LARGE)`` beyond ``SCAN_CHARACTERS`` and ``DocumentError(NOT_BASE32)``
    for a character outside the alphabet (small letters and ``=`` are), a length that no encoder
    makes, bits that stand for nothing, or nothing at all.
    """
    if len(text) > SCAN_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    digits = text.encode("latin-1", "replace").translate(_DIGIT_OF)
    if not digits or _FOREIGN in digits or len(digits) % _GROUP in _NO_REST:
        raise DocumentError(Reason.NOT_BASE32)
    bits = len(digits) * _BITS
    number = int(digits, 1 << _BITS)
    unused = bits % 8
    if number & ((1 << unused) - 1):
        raise DocumentError(Reason.NOT_BASE32)
    return (number >> unused).to_bytes(bits // 8, "big")
