"""One small file of two slots that a kill at any moment leaves readable.

A desk that has sealed itself may write through a descriptor that it opened before, but neither
create nor rename. So a change goes into the slot that is empty and reaches the disk there; only
then the other one is wiped. There is always a whole slot. At rest there is one alone: the
difference of two would be the last few scans without any noise.

The file is as long from the beginning as it can become, so that a full disk is met when it is
made and not at the desk.
"""

import fcntl
import hashlib
import os
import stat
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

_MAGIC: Final = b"PRTALLY1"
_HEAD: Final = struct.Struct("<8sI")
_DIGEST_BYTES: Final = 16
_SLOTS: Final = (0, 1)
_OWNER_ONLY: Final = 0o600
_PAUSE: Final = 0.01  # seconds; a change takes a few milliseconds


class Slots:
    """An open file of two slots. Raises ``OSError`` as the system does."""

    __slots__ = ("_size", "descriptor")

    def __init__(self, descriptor: int, most_bytes: int) -> None:
        """Take a descriptor open for reading and writing, and how long a content can become."""
        self.descriptor = descriptor
        self._size = _HEAD.size + most_bytes + _DIGEST_BYTES

    @classmethod
    def open(cls, path: Path, most_bytes: int) -> Self:
        """Open a file that there is, and take from everybody else the right to read it."""
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != _OWNER_ONLY:
            os.fchmod(descriptor, _OWNER_ONLY)
        return cls(descriptor, most_bytes)

    @classmethod
    def create(cls, path: Path, most_bytes: int, content: bytes) -> None:
        """Make the file with its first content; it appears whole or not at all.

        Raises ``FileExistsError`` when somebody else was faster.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".tally-", dir=path.parent)
        try:
            slots = cls(descriptor, most_bytes)
            slots._write_all(bytes(slots._size * len(_SLOTS)), 0)
            slots.replace(content)
            os.link(name, path)
        finally:
            os.close(descriptor)
            Path(name).unlink()

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)

    @contextmanager
    def locked(self, *, patience: float = 0) -> Iterator[bool]:
        """Keep others out, and tell whether they were out within so many seconds.

        Who holds it may have been suspended, so that nobody waits for ever.
        """
        until = time.monotonic() + patience
        while not self._lock():
            if time.monotonic() >= until:
                yield False
                return
            time.sleep(_PAUSE)
        try:
            yield True
        finally:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def _lock(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def contents(self) -> list[bytes]:
        """Read the slots that are whole: one, or both after a kill between two steps."""
        return [content for content in map(self._read, _SLOTS) if content is not None]

    def replace(self, content: bytes, kept: bytes | None = None) -> None:
        """Write a content into one slot, and wipe the other, which holds the one so far.

        ``kept`` is that content, the one to lose last.
        """
        old = next((slot for slot in _SLOTS if kept is not None and self._read(slot) == kept), 1)
        new = 1 - old
        head = _HEAD.pack(_MAGIC, len(content))
        self._write_all(head + content + _digest(head + content), new * self._size)
        os.fsync(self.descriptor)
        self._write_all(bytes(self._size), old * self._size)
        os.fsync(self.descriptor)

    def _read(self, slot: int) -> bytes | None:
        """Give the content of a slot, None if it is empty or was not written to its end."""
        data = os.pread(self.descriptor, self._size, slot * self._size)
        if len(data) < self._size:
            return None
        magic, length = _HEAD.unpack_from(data)
        end = _HEAD.size + length
        if magic != _MAGIC or data[end : end + _DIGEST_BYTES] != _digest(data[:end]):
            return None
        return data[_HEAD.size : end]

    def _write_all(self, data: bytes, offset: int) -> None:
        while data:
            written = os.pwrite(self.descriptor, data, offset)
            data, offset = data[written:], offset + written


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
