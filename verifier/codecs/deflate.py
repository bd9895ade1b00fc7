"""Inflating with a ceiling that acts while reading (RFC 1950, RFC 1951)."""

import zlib
from typing import TYPE_CHECKING, Final

from verifier.errors import DocumentError
from verifier.limits import INFLATED_BYTES
from verifier.reasons import Reason

if TYPE_CHECKING:
    from zlib import _Decompress

# A window as large as can be, and no frame round the stream (zlib manual, inflateInit2).
_BARE: Final = -15

# The first byte of a zlib stream with the window that every issuer uses (RFC 1950, 2.2). A COSE
# document that was not compressed starts differently; compression is mandatory (HCERT 1.0.8, 3).
_ZLIB_HEADER: Final = 0x78


def inflate(data: bytes) -> bytes:
    """Inflate one zlib stream whole.

    Raises ``DocumentError`` when the data are no such stream, damaged (the checksum counts), cut
    short, followed by more bytes, or larger than ``INFLATED_BYTES`` when inflated.
    """
    if not data or data[0] != _ZLIB_HEADER:
        raise DocumentError(Reason.NOT_COMPRESSED)
    return _inflated(zlib.decompressobj(), data, INFLATED_BYTES)


def inflate_bare(data: bytes, limit: int) -> bytes:
    """Inflate one stream without a frame (RFC 1951) whole, to at most ``limit`` bytes.

    Raises ``DocumentError`` as ``inflate`` does. There is no checksum to find damage by.
    """
    return _inflated(zlib.decompressobj(_BARE), data, limit)


def _inflated(inflater: "_Decompress", data: bytes, limit: int) -> bytes:
    damaged = False
    inflated = b""
    try:
        inflated = inflater.decompress(data, limit + 1)
    except zlib.error:
        damaged = True
    # Raised out here, so that the error carries no context.
    if damaged:
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    if len(inflated) > limit:
        raise DocumentError(Reason.INFLATES_TOO_FAR)
    if not inflater.eof:
        raise DocumentError(Reason.COMPRESSION_INCOMPLETE)
    if inflater.unused_data:
        raise DocumentError(Reason.BYTES_AFTER_COMPRESSION)
    return inflated
