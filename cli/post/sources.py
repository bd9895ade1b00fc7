"""Where scans come from besides the keyboard: a serial scanner, its keys, or a pipe.

Never more is read than one scan: what stands behind it stays in the system for the next worker, so
that no scan is lost or merged with another.
"""

import errno
import fcntl
import os
import stat
import struct
import termios
from contextlib import suppress
from typing import Final, Protocol

from cli.post.terminal import make_raw
from cli.problem import Problem, shown

# <linux/input.h>: struct input_event on 64-bit Linux, EV_KEY, and EVIOCGRAB, by which the scanner's
# keys go to this program alone, whatever window is in front.
_EVENT: Final = struct.Struct("llHHi")
_EV_SYN: Final = 0
_EV_KEY: Final = 1
_GRAB: Final = 0x40044590
_RELEASED, _PRESSED = 0, 1
_SHIFTS: Final = (42, 54)
_ENDS: Final = (b"\r", b"\t")
_EVENTS: Final = "/dev/input/event"

# <linux/input-event-codes.h>: what each key of a US keyboard types, plain and with Shift.
_ROWS: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]\r", "QWERTYUIOP{}\r"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (15, "\t", "\t"),
    (96, "\r", "\r"),
)
_PLAIN: Final = {first + at: each for first, row, _ in _ROWS for at, each in enumerate(row)}
_SHIFTED: Final = {first + at: each for first, _, row in _ROWS for at, each in enumerate(row)}


class SourceLost(Exception):
    """The scanner was unplugged, or the pipe has ended."""


class Source(Protocol):
    """Something that gives bytes of scans, few at a time."""

    descriptor: int

    def read(self) -> bytes:
        """Give what came, empty for nothing of a scan. Raises ``SourceLost``."""
        ...


class Bytes:
    """A keyboard, a serial line or a pipe: one byte, and the next stays where it is."""

    __slots__ = ("_byte", "descriptor")

    def __init__(self, descriptor: int) -> None:
        """Take an open descriptor."""
        self.descriptor = descriptor
        self._byte = bytearray(1)

    def read(self) -> bytes:
        """Read one byte."""
        if not _size_read(self.descriptor, self._byte):
            raise SourceLost
        byte = bytes(self._byte)
        self._byte[0] = 0
        return byte


class ScannerKeys:
    """The keys of a scanner as Linux reports them, before any layout (evdev).

    A key that ends a scan is given when it is up again, so that nothing of it is left for the next.
    """

    __slots__ = ("_ending", "_event", "_shifts", "descriptor")

    def __init__(self, descriptor: int) -> None:
        """Take an open descriptor."""
        self.descriptor = descriptor
        self._event = bytearray(_EVENT.size)
        self._shifts = 0
        self._ending = b""

    def read(self) -> bytes:
        """Read one event, and give the character that a key going down types."""
        if _size_read(self.descriptor, self._event) < _EVENT.size:
            raise SourceLost
        _, _, kind, code, value = _EVENT.unpack(self._event)
        self._event[:] = bytes(_EVENT.size)
        if kind == _EV_SYN:
            ended, self._ending = self._ending, b""
            return ended
        if kind != _EV_KEY:
            return b""
        typed = (_SHIFTED if self._shifts > 0 else _PLAIN).get(code, "").encode()
        if code in _SHIFTS:
            self._shifts += (value == _PRESSED) - (value == _RELEASED)
        elif typed in _ENDS:
            self._ending = typed if value == _RELEASED else b""
        elif value == _PRESSED:
            return typed
        return b""


def open_device(path: str) -> int | None:
    """Open a scanner's device, None while it is not there.

    Raises ``Problem`` when it is none, or may not be read.
    """
    fault = 0
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        fault = error.errno or errno.EIO
    if fault in {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}:
        return None
    if fault:
        what = f"The device {shown(path)} cannot be read: {os.strerror(fault)}."
        raise Problem(what, "Let whoever runs this program read it: group dialout, or input.")
    os.set_blocking(descriptor, True)
    kind = os.fstat(descriptor).st_mode
    if not (stat.S_ISCHR(kind) or stat.S_ISFIFO(kind)):
        os.close(descriptor)
        what = f"{shown(path)} is no device of a scanner."
        raise Problem(what, "Name one such as /dev/ttyACM0, or read a file with: pratique verify")
    if os.isatty(descriptor):
        # A system may refuse this to a sealed process; lines of less than 4,095 bytes still come.
        with suppress(termios.error):
            make_raw(descriptor)
    if _gives_events(path) and not _is_grabbed(descriptor):
        os.close(descriptor)
        return None
    return descriptor


def device_source(path: str, descriptor: int) -> Source:
    """Give what reads a device that ``open_device`` opened."""
    return ScannerKeys(descriptor) if _gives_events(path) else Bytes(descriptor)


def _is_grabbed(descriptor: int) -> bool:
    """Take a scanner's keys for this program alone; else they would be typed here as well."""
    try:
        fcntl.ioctl(descriptor, _GRAB, 1)
    except OSError:
        return False
    return True


def _gives_events(path: str) -> bool:
    return os.path.realpath(path).startswith(_EVENTS)


def _size_read(descriptor: int, buffer: bytearray) -> int:
    try:
        return os.readv(descriptor, [buffer])
    except OSError:
        return 0  # unplugged (ENODEV), or a terminal that went away (EIO)
