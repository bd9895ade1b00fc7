"""Base64 with the letters that are safe in links (RFC 4648, 5), strictly.

Python's decoder skips letters that do not belong; here they are an error, like white space, padding
of the wrong length and set bits behind the last byte. Padding may be left out.
"""

import binascii
from typing import Final

from verifier.errors import DocumentError
from verifier.reasons import Reason

_TO_PLAIN: Final = str.maketrans("-_", "+/")
_PADDED: Final = -1


def decode(text: str) -> bytes:
    """Decode a whole text. Raises ``DocumentError(NOT_BASE64URL)``."""
    plain = text.translate(_TO_PLAIN)
    if text[_PADDED:] != "=":
        plain += "=" * (-len(text) % 4)
    decoded: bytes | None = None
    if "+" not in text and "/" not in text:
        try:
            decoded = binascii.a2b_base64(plain, strict_mode=True)
        except ValueError:
            decoded = None
    if decoded is None or not _ends_as_written(plain, decoded):
        raise DocumentError(Reason.NOT_BASE64URL)
    return decoded


def _ends_as_written(plain: str, decoded: bytes) -> bool:
    """Tell whether the last letters are spelt in the one right way.

    One or two bytes over a multiple of three stand in four letters of their own, which end in zero
    bits and padding; without such bytes there is no padding.
    """
    loose = len(decoded) % 3
    if not loose:
        return not plain.endswith("=")
    return plain.endswith(binascii.b2a_base64(decoded[-loose:], newline=False).decode())
