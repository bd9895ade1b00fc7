"""Base45 (RFC 9285), strict, and fast enough to vanish beside the signature.

Three characters c, d, e stand for the number c + 45 d + 2025 e, which is two bytes; a last pair
stands for one. Instead of walking over the characters, the whole text is taken as one large
integer with a 24-bit lane for each three of them, so that a handful of operations on that integer
does the arithmetic of all lanes at once. The largest lane is 44 + 45*44 + 2025*44 = 91,124, below
2**24, so no lane ever reaches into its neighbour.
"""

from typing import Final

from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason

ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_FOREIGN: Final = 0xFF
_VALUE_OF: Final = bytes(
    ALPHABET.index(character) if character in ALPHABET else _FOREIGN for character in range(256)
)
_FOREIGN_BYTE: Final = bytes([_FOREIGN])

# The low byte of every lane that a scan can have (the scan stage caps its length).
_LANES: Final = int.from_bytes(b"\0\0\xff" * (SCAN_CHARACTERS // 3 + 1), "big")
_ABOVE_TWO_BYTES: Final = _LANES << 16


def decode(text: str) -> bytes:
    """Decode a text.

    Raises ``DocumentError(TOO_LARGE)`` beyond ``SCAN_CHARACTERS`` and
    ``DocumentError(NOT_BASE45)`` for a character outside the alphabet, a length that no
    encoder makes, a group above its bytes, or nothing at all (RFC 9285, 4 and 6).
    """
    if len(text) > SCAN_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    # Anything beyond Latin-1 becomes a question mark, which is outside the alphabet too.
    values = text.encode("latin-1", "replace").translate(_VALUE_OF)
    tail_length = len(values) % 3
    if not values or tail_length == 1 or _FOREIGN_BYTE in values:
        raise DocumentError(Reason.NOT_BASE45)
    triples = len(values) // 3
    packed = int.from_bytes(values[: triples * 3], "big")
    sums = (packed >> 16 & _LANES) + (packed >> 8 & _LANES) * 45 + (packed & _LANES) * 2025
    if sums & _ABOVE_TWO_BYTES:
        raise DocumentError(Reason.NOT_BASE45)
    decoded = bytearray(sums.to_bytes(triples * 3, "big"))
    del decoded[::3]
    if tail_length:
        last = values[-2] + 45 * values[-1]
        if last > 0xFF:  # noqa: PLR2004 - one byte
            raise DocumentError(Reason.NOT_BASE45)
        decoded.append(last)
    return bytes(decoded)
