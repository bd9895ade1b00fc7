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
    # Only one spelling of the last bytes is right: what stands behind them is zero.
    if decoded is None or not plain.endswith(_last_letters(decoded)):
        raise DocumentError(Reason.NOT_BASE64URL)
    return decoded


def _last_letters(decoded: bytes) -> str:
    """Write the last one or two bytes that stand in four letters of their own, if there are any."""
    loose = len(decoded) % 3
    return binascii.b2a_base64(decoded[-loose:], newline=False).decode() if loose else ""
