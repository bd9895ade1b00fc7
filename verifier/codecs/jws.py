"""Compact JWS (RFC 7515, 7.1) taken apart: three parts, each in the only spelling that it has."""

from binascii import Error as NotBase64
from binascii import a2b_base64
from typing import Final, NamedTuple

from verifier.codecs import json_strict
from verifier.errors import DocumentError
from verifier.limits import JWS_HEADER_BYTES
from verifier.reasons import Reason

_PARTS: Final = 3

# To the alphabet of standard base64. What belongs to that alone becomes a character of neither.
_STANDARD: Final = bytes.maketrans(b"-_+/=", b"+/!!!")

# By how many characters are beyond whole groups of four: the padding, and the characters that may
# stand last, those whose loose bits are zero (RFC 4648, 3.5).
_LOOSE: Final = {2: (b"==", b"AQgw"), 3: (b"=", b"AEIMQUYcgkosw048")}


class Jws(NamedTuple):
    """The parts of a token. ``signed`` are the bytes under the signature, as they were received."""

    header: bytes
    payload: bytes
    signature: bytes
    signed: bytes


def take_apart(token: bytes) -> Jws:
    """Take a token apart; nothing in it is judged but its form.

    Raises ``DocumentError``: ``NOT_SIGN1`` unless there are three parts, ``NOT_BASE64URL`` for a
    part that is not.
    """
    parts = token.split(b".")
    if len(parts) != _PARTS:
        raise DocumentError(Reason.NOT_SIGN1)
    header, payload, signature = parts
    signed = token[: len(token) - len(signature) - 1]
    return Jws(decode_part(header), decode_part(payload), decode_part(signature), signed)


def decode_part(text: bytes) -> bytes:
    """Decode base64url without padding (RFC 7515, 2), in its one spelling.

    Raises ``DocumentError(NOT_BASE64URL)`` for any other character, a length that no encoder makes
    and loose bits that are not zero; an empty text gives no bytes.
    """
    standard = text.translate(_STANDARD)
    beyond = len(standard) % 4
    decoded: bytes | None = None
    if beyond:
        padding, last = _LOOSE.get(beyond, (b"", b""))
        standard = standard + padding if standard[-1] in last else b"!"
    try:
        decoded = a2b_base64(standard, strict_mode=True)
    except NotBase64:
        decoded = None
    if decoded is None:
        raise DocumentError(Reason.NOT_BASE64URL)
    return decoded


def read_header(data: bytes) -> dict[str, object]:
    """Read the members of a header. Raises ``DocumentError(HEADER_MALFORMED)``."""
    try:
        header = json_strict.decode(data, limit=JWS_HEADER_BYTES)
    except DocumentError:
        header = None
    if not isinstance(header, dict):
        raise DocumentError(Reason.HEADER_MALFORMED)
    return header
