"""A zip that holds one file and nothing else, read strictly (APPNOTE 6.3.10, 4.3; DIVOC notes, 2).

Central directory and local header have to agree, nothing stands before the file or behind the end
record, and length and CRC-32 of the content are checked. What zips can do beyond that (several
files, encryption, other methods, several disks, sizes beyond 4 GiB, comments) is refused.
"""

import struct
import zlib
from typing import Final

from verifier.codecs.deflate import inflate_bare
from verifier.errors import DocumentError
from verifier.reasons import Reason

_LOCAL: Final = struct.Struct("<6x2H4x3I2H")
_CENTRAL: Final = struct.Struct("<8x2H4x3I4H6xI")
_END: Final = struct.Struct("<4x4H2IH")
_DESCRIPTOR: Final = struct.Struct("<3I")

_LOCAL_MARK: Final = b"PK\3\4"
_CENTRAL_MARK: Final = b"PK\1\2"
_END_MARK: Final = b"PK\5\6"
_DESCRIPTOR_MARK: Final = b"PK\7\x08"

# One disk with one file on it, of one file in all.
_ONE_FILE: Final = (0, 0, 1, 1)

_STORED: Final = 0
_DEFLATED: Final = 8

# Flags: sizes follow the content, the name is UTF-8, and two that tell how hard was packed.
_SIZES_FOLLOW: Final = 1 << 3
_HARMLESS: Final = _SIZES_FOLLOW | 1 << 11 | 1 << 2 | 1 << 1


def read_only_file(data: bytes, name: bytes, *, packed: int, limit: int) -> bytes:
    """Give the content of the one file in a zip, which has to have this name.

    ``packed`` is the most bytes that it may take in the zip, ``limit`` the most that it may have.

    Raises ``DocumentError``: ``COMPRESSION_INCOMPLETE`` without an end, ``BYTES_AFTER_COMPRESSION``
    for bytes after it, ``PACKED_UNUSUALLY`` for more than one file, another name and features that
    are not read here, ``TOO_LARGE`` and ``INFLATES_TOO_FAR`` beyond the limits, and
    ``COMPRESSION_DAMAGED`` for everything that contradicts itself.
    """
    start = _directory(data)
    flags, method, crc, size, length, named, extra, comment, disk, offset = _fields(
        _CENTRAL, _CENTRAL_MARK, data, start
    )
    place = start + _CENTRAL.size
    if place + named + extra + comment != len(data) - _END.size:
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    usual = method in {_STORED, _DEFLATED} and not flags & ~_HARMLESS
    if not usual or data[place : place + named] != name or (comment, disk, offset) != (0, 0, 0):
        raise DocumentError(Reason.PACKED_UNUSUALLY)
    if size > packed:
        raise DocumentError(Reason.TOO_LARGE)
    content = _content(data, start, name, (flags, method), (crc, size, length))
    if method == _DEFLATED:
        content = inflate_bare(content, limit)
    elif size > limit:
        raise DocumentError(Reason.INFLATES_TOO_FAR)
    if len(content) != length or zlib.crc32(content) != crc:
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    return content


def _directory(data: bytes) -> int:
    """Find where the central directory starts, by the end record at the very end."""
    place = len(data) - _END.size
    if place < 0 or data[place : place + len(_END_MARK)] != _END_MARK:
        ended = _END_MARK in data
        raise DocumentError(
            Reason.BYTES_AFTER_COMPRESSION if ended else Reason.COMPRESSION_INCOMPLETE
        )
    *files, size, start, comment = _fields(_END, _END_MARK, data, place)
    if tuple(files) != _ONE_FILE:
        raise DocumentError(Reason.PACKED_UNUSUALLY)
    if comment or start + size != place:
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    return start


def _content(
    data: bytes, end: int, name: bytes, packing: tuple[int, int], sizes: tuple[int, int, int]
) -> bytes:
    """Cut out the packed content, between a header that agrees and the central directory."""
    flags, method, crc, size, length, named, extra = _fields(_LOCAL, _LOCAL_MARK, data, 0)
    start = _LOCAL.size + named + extra
    stop = start + sizes[1]
    follows = packing[0] & _SIZES_FOLLOW
    said = (crc, size, length)
    agree = (
        data[_LOCAL.size : _LOCAL.size + named] == name
        and (flags, method) == packing
        and (said == sizes or (follows and said == (0, 0, 0)))
    )
    behind = data[stop:end] if stop <= end else None
    if follows and behind:
        behind = behind.removeprefix(_DESCRIPTOR_MARK)
    if not agree or behind != (_DESCRIPTOR.pack(*sizes) if follows else b""):
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    return data[start:stop]


def _fields(form: struct.Struct, mark: bytes, data: bytes, place: int) -> tuple[int, ...]:
    """Read the numbers of a record that has to start with its mark."""
    if place + form.size > len(data) or data[place : place + len(mark)] != mark:
        raise DocumentError(Reason.COMPRESSION_DAMAGED)
    return form.unpack_from(data, place)
