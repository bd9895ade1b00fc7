"""Archives of trust lists (zip, tar, tar.gz), unpacked in memory and within limits.

Nothing of an archive is ever written to disk, so the paths in it are names to be shown and nothing
more. A member that is no plain file costs only itself. An archive that is damaged or swells beyond
its limits is refused whole, while it is being read.
"""

import stat
import struct
import tarfile
import zlib
from collections.abc import Iterator
from gzip import GzipFile
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from trustlists.faults import Fault, invalid
from trustlists.records import Refusal, SourceFile
from verifier.limits import ARCHIVE_FLOOR_BYTES, ARCHIVE_RATIO, LIST_BYTES, LIST_RECORDS

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_ENTRY: Final = b"PK\x01\x02"
_GZIP: Final = b"\x1f\x8b"
_TAR: Final = b"ustar"
_TAR_MARK: Final = 257  # where POSIX.1-1988 puts it
_TAR_BLOCK: Final = 512

_ENCRYPTED: Final = 1
# Others unpack a whole block at once, however large it grows.
_BOUNDED: Final = frozenset({ZIP_STORED, ZIP_DEFLATED})

# What the libraries raise for bytes that are no archive or a damaged one.
_DAMAGED: Final = (
    BadZipFile, EOFError, IndexError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError, struct.error, tarfile.TarError, zlib.error,
)  # fmt: skip


def is_archive(data: bytes) -> bool:
    """Tell by the first bytes whether this is an archive of a kind that is read, or packed."""
    return data.startswith((*_ZIP, _GZIP)) or data.startswith(_TAR, _TAR_MARK)


def unpack(data: bytes) -> list[SourceFile]:
    """Read the members of an archive in the order of their names; folders are gone through.

    Raises ``TrustListInvalid`` for one that is damaged, or has more or larger members than lists
    have, or is packed more tightly than lists can be.
    """
    try:
        return sorted(_members(data), key=lambda member: member.name)
    except _DAMAGED:
        raise invalid(Fault.ARCHIVE_DAMAGED) from None


def _members(data: bytes) -> Iterator[SourceFile]:
    room = min(LIST_BYTES, max(len(data) * ARCHIVE_RATIO, ARCHIVE_FLOOR_BYTES))
    if data.startswith(_ZIP):
        return _zipped(data, room)
    if data.startswith(_GZIP):
        with GzipFile(fileobj=BytesIO(data)) as stream:
            data = stream.read(room + 1)
        _demand_room(room - len(data))
    return _taped(data, room)


def _zipped(data: bytes, room: int) -> Iterator[SourceFile]:
    # Counted before the library makes an object of each.
    _demand_few(data.count(_ZIP_ENTRY))
    with ZipFile(BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            refusal = _refusal(member)
            if refusal:
                yield SourceFile(member.filename, None, refusal)
                continue
            with archive.open(member) as stream:
                content = stream.read(room + 1)
            room -= len(content)
            _demand_room(room)
            yield _file(member.filename, content)


def _refusal(member: ZipInfo) -> Refusal | None:
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        return Refusal.NOT_A_PLAIN_FILE
    if member.flag_bits & _ENCRYPTED or member.compress_type not in _BOUNDED:
        return Refusal.PACKED_UNREADABLY
    return None


def _taped(data: bytes, room: int) -> Iterator[SourceFile]:
    # As a stream: what could lead the library back to where it has been is an error there.
    with tarfile.open(fileobj=BytesIO(data), mode="r|") as archive:
        for place, member in enumerate(archive, 1):
            _demand_few(place)
            if member.isdir():
                continue
            stream = None
            if member.isreg() and not member.issparse():  # a sparse one has any size it likes
                stream = archive.extractfile(member)
            if stream is None:
                yield SourceFile(member.name, None, Refusal.NOT_A_PLAIN_FILE)
                continue
            content = stream.read(room + 1)
            room -= len(content)
            _demand_room(room)
            yield _file(member.name, content)
        # The library takes a header that it cannot read for the end. The true end is zeros.
        if data[archive.offset :][:_TAR_BLOCK] != bytes(_TAR_BLOCK):
            raise invalid(Fault.ARCHIVE_DAMAGED)


def _file(name: str, content: bytes) -> SourceFile:
    if is_archive(content):
        return SourceFile(name, None, Refusal.NESTED_ARCHIVE)
    return SourceFile(name, content, packed=True)


def _demand_room(left: int) -> None:
    if left < 0:
        raise invalid(Fault.ARCHIVE_SWELLS)


def _demand_few(members: int) -> None:
    if members > LIST_RECORDS:
        raise invalid(Fault.ARCHIVE_CROWDED)
