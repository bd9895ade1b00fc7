"""Base64 with the letters that are safe in links (RFC 4648, 5), strictly.

Python's decoder skips letters that do not belong; here they are an error, like white space, padding
of the wrong length and set bits behind the last byte. Padding may be left out.
"""

import binascii
import re
from typing import Final

from verifier.errors import DocumentError
from verifier.reasons import Reason

_TEXT: Final = re.compile(r"([A-Za-z0-9_-]*)(={0,2})").fullmatch
_TO_PLAIN: Final = str.maketrans("-_", "+/")
_IMPOSSIBLE: Final = 1  # letters beyond a multiple of four that hold no whole byte


def decode(text: str) -> bytes:
    """Decode a whole text. Raises ``DocumentError(NOT_BASE64URL)``."""
    parts = _TEXT(text)
    if parts is None:
        raise DocumentError(Reason.NOT_BASE64URL)
    letters, padding = parts.groups()
    missing = -len(letters) % 4
    if len(letters) % 4 == _IMPOSSIBLE or len(padding) not in {0, missing}:
        raise DocumentError(Reason.NOT_BASE64URL)
    plain = letters.translate(_TO_PLAIN) + "=" * missing
    decoded = binascii.a2b_base64(plain)
    # Only one spelling of the same bytes is right: its last bits are zero.
    if missing and binascii.b2a_base64(decoded, newline=False).decode() != plain:
        raise DocumentError(Reason.NOT_BASE64URL)
    return decoded
