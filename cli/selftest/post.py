"""A border post that runs on a terminal of its own, served as an officer serves it."""

import os
import pty
import struct
import subprocess
import time
from collections.abc import Sequence
from fcntl import ioctl
from termios import TIOCSWINSZ
from typing import Final, Self

from cli.messages.en_desk import DESK_WORDS
from cli.selftest.memory import Observed
from cli.selftest.subjects import Desk, NoAnswer, children_of, heard
from verifier import Outcome

_PATIENCE: Final = 20.0  # seconds for one verdict; a slow machine needs a hundredth
_AFTER_SCAN: Final = 0.35  # seconds in which a key counts as what the scanner adds
_PIECE: Final = 65_536
_SCREEN: Final = struct.pack("HHHH", 24, 80, 0, 0)
_TYPED_AT_ONCE: Final = 1024  # bytes: a terminal takes some thousand before they are read

# What erases the screen and what was scrolled off it (ECMA-48, 8.3.39; the last is xterm's).
ERASED: Final = b"\x1b[2J\x1b[3J"

# What a verdict begins with, in spaced letters, and what its screen ends with.
_OUTCOMES: Final = tuple(
    " ".join(DESK_WORDS[f"desk.big.{outcome.value}"]).encode() for outcome in Outcome
)
_END: Final = b"clear"
_START: Final = DESK_WORDS["desk.start.title"].encode()
_READY: Final = DESK_WORDS["desk.ready"].encode()


class Post:
    """A desk in the middle of a shift; ``out`` is all that its terminal was sent."""

    def __init__(self, command: Sequence[str], desk: Desk) -> None:
        """Start it; ``begin`` is to be called next."""
        self._terminal, theirs = pty.openpty()
        ioctl(self._terminal, TIOCSWINSZ, _SCREEN)
        self.process = subprocess.Popen(  # noqa: S603 - commands of ours
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=desk.environment,
            cwd=desk.folder / "here",
            start_new_session=True,
        )
        os.close(theirs)
        self.observed = Observed(self.process.pid)
        self.out = bytearray()
        self.err = b""  # the terminal has both

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, whatever happened: a desk whose terminal is gone ends, and its worker with it."""
        self._close()
        self.process.kill()
        self.process.wait()
        self.observed.__exit__()

    def begin(self) -> None:
        """Pass the page with which a shift begins. Raises ``NoAnswer``."""
        self._wait(0, (_START,))
        self._type(b" ")
        self._wait(0, (_READY,))

    def show(self, scan: str, _lines: int = 1) -> None:
        """Scan a code and wait for its verdict. Raises ``NoAnswer``."""
        since = len(self.out)
        self._type(scan.encode() + b"\r")
        self._wait(since, _OUTCOMES, _END)

    def release(self) -> float:
        """Press a key and wait for the next worker; give the instant when the key was pressed.

        Raises ``NoAnswer``.
        """
        since = len(self.out)
        time.sleep(_AFTER_SCAN)
        pressed = time.monotonic()
        self._type(b" ")
        self._wait(since, (_READY,))
        return pressed

    def worker(self) -> int:
        """Name the worker that waits for a traveller. Raises ``NoAnswer``."""
        found = children_of(self.process.pid)
        if len(found) != 1:
            raise NoAnswer
        return found[0]

    def finish(self) -> None:
        """End the shift as Ctrl-C does, and take the rest of what it says. Raises ``NoAnswer``."""
        self._type(b"\x03")
        until = time.monotonic() + _PATIENCE
        while self._read(until):
            pass
        self.process.wait(_PATIENCE)

    def ended_itself(self) -> bool:
        """Tell whether a desk that no longer answers has ended."""
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _type(self, data: bytes) -> None:
        """Type, and look at the screen meanwhile."""
        try:
            while data:
                data = data[os.write(self._terminal, data[:_TYPED_AT_ONCE]) :]
                self._read(time.monotonic())
        except OSError:
            raise NoAnswer from None

    def _wait(self, since: int, wanted: Sequence[bytes], end: bytes = b"") -> None:
        """Wait until one of these has been shown, and how its screen ends."""
        until = time.monotonic() + _PATIENCE
        while True:
            seen = bytes(self.out[since:])
            if seen.rstrip().endswith(end) and any(each in seen for each in wanted):
                return
            if not self._read(until) and (
                time.monotonic() >= until or self.process.poll() is not None
            ):
                raise NoAnswer

    def _read(self, until: float) -> bool:
        """Take what is shown; false when nothing came until then, or nothing more will."""
        ready = heard((self._terminal,), until - time.monotonic())
        try:
            part = os.read(self._terminal, _PIECE) if ready else b""
        except OSError:
            part = b""  # how Linux says that the other end is gone
        self.out += part
        return bool(part)

    def _close(self) -> None:
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1
