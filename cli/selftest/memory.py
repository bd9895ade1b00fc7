"""The memory and registers of another process, read from outside.

A sealed process lets nobody of the same user look in. So its memory is opened while it starts, when
that is still allowed, and read later: the descriptors go on working (no-retention notes, 10). The
same goes for attaching to it, which its registers need; but a process that is attached to stops at
each signal, so that only those are that get none.
"""

import ctypes
import os
from collections.abc import Iterator
from typing import Final, NamedTuple, Self

_CHUNK: Final = 1 << 20

# Made by the kernel, the same for all, and not to be read from outside.
_OF_THE_KERNEL: Final = ("[vvar]", "[vsyscall]", "[vvar_vclock]")

_DETACH, _SEIZE, _INTERRUPT, _GET_REGISTER_SET = 17, 0x4206, 0x4207, 0x4204
# General registers, floating point, and on x86-64 the vector registers.
_REGISTER_SETS: Final = {"x86_64": (1, 2, 0x202), "aarch64": (1, 2)}
_REGISTER_BYTES: Final = 16_384


class Unreadable(Exception):
    """What was to be looked at cannot be; the text says why, in words without values."""


_NOT_LET_IN: Final = "the system does not let this user look into the process"
_NOT_ATTACHED: Final = "the system does not let this user attach to the process"
_ENDED: Final = "the process has ended before it could be read"


class _Region(NamedTuple):
    start: int
    end: int
    rights: str
    file: str


class Observed:
    """A process that is being looked into, from its first moment to its end."""

    def __init__(self, pid: int, *, attach: bool = False) -> None:
        """Open its memory and perhaps attach. What fails is told when somebody wants to look."""
        self.pid = pid
        self._memory = _opened(f"/proc/{pid}/mem")
        self._maps = _opened(f"/proc/{pid}/maps")
        self._environment = _opened(f"/proc/{pid}/environ")
        self._seized = attach and _traced(_SEIZE, pid, 0) == 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the process."""
        for descriptor in (self._memory, self._maps, self._environment):
            if descriptor is not None:
                os.close(descriptor)

    def memory(self) -> Iterator[bytes]:
        """Give every region of the memory that may hold something of the process's own.

        Left out is what is mapped from a file and cannot be written to: there the file stands.
        Raises ``Unreadable`` when it, or any part of it, cannot be read.
        """
        if self._memory is None or self._maps is None:
            raise Unreadable(_NOT_LET_IN)
        regions = _regions(self._maps)
        if not regions:
            raise Unreadable(_ENDED)
        for region in regions:
            mapped = region.file.startswith("/")
            if region.file in _OF_THE_KERNEL or (mapped and "w" not in region.rights):
                continue
            if "r" in region.rights:
                yield self._read(self._memory, region)

    def _read(self, descriptor: int, region: _Region) -> bytes:
        data = bytearray()
        try:
            while (at := region.start + len(data)) < region.end:
                part = os.pread(descriptor, min(_CHUNK, region.end - at), at)
                if not part:
                    raise Unreadable(_ENDED)
                data += part
        except OSError as error:
            why = f"a part of it cannot be read ({os.strerror(error.errno or 0)})"
        else:
            return bytes(data)
        raise Unreadable(why)

    def registers(self) -> list[bytes]:
        """Give the registers of the process. Raises ``Unreadable``."""
        kinds = _REGISTER_SETS.get(os.uname().machine, ())
        if not self._seized or not kinds:
            raise Unreadable(_NOT_ATTACHED)
        _traced(_INTERRUPT, self.pid, 0)
        os.waitpid(self.pid, 0)
        try:
            return [_register_set(self.pid, kind) for kind in kinds]
        finally:
            _traced(_DETACH, self.pid, 0)
            self._seized = False

    def told(self) -> bytes:
        """Give its command line and environment. Raises ``Unreadable``."""
        if self._environment is None:
            raise Unreadable(_NOT_LET_IN)
        with open(f"/proc/{self.pid}/cmdline", "rb") as file:  # noqa: PTH123 - as everything here
            return file.read() + b"".join(
                iter(lambda: os.read(self._environment or 0, _CHUNK), b"")
            )

    def is_sealed_against_us(self) -> bool:
        """Tell whether opening the memory anew fails, which proves that it was opened in time."""
        descriptor = _opened(f"/proc/{self.pid}/mem")
        if descriptor is not None:
            os.close(descriptor)
        return descriptor is None


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _regions(maps: int) -> list[_Region]:
    """Read the list of regions anew, from its beginning; there are none of a process that ended."""
    try:
        os.lseek(maps, 0, os.SEEK_SET)
        text = b"".join(iter(lambda: os.read(maps, _CHUNK), b"")).decode("utf-8", "replace")
    except ProcessLookupError:
        return []
    return [_region(line) for line in text.splitlines()]


def _region(line: str) -> _Region:
    span, rights, _, _, _, *file = line.split(maxsplit=5)
    start, _, end = span.partition("-")
    return _Region(int(start, 16), int(end, 16), rights, file[0] if file else "")


def _traced(request: int, pid: int, kind: int, data: int = 0) -> int:
    """Make a call of ptrace and give its answer, -1 for a failure."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    numbers = [ctypes.c_long(each) for each in (request, pid)]
    return int(libc.ptrace(*numbers, ctypes.c_void_p(kind), ctypes.c_void_p(data)))


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


def _register_set(pid: int, kind: int) -> bytes:
    buffer = ctypes.create_string_buffer(_REGISTER_BYTES)
    vector = _Vector(ctypes.addressof(buffer), _REGISTER_BYTES)
    if _traced(_GET_REGISTER_SET, pid, kind, ctypes.addressof(vector)) < 0:
        raise Unreadable(_NOT_ATTACHED)
    return buffer.raw[: vector.size]
