"""Drives ``pratique scan`` on a real pseudo-terminal, seen through a terminal emulator."""

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from cli.selftest.subjects import heard

ROOT = Path(__file__).parents[2]
PARTS = os.fspath(Path(__file__).with_name("post_with_parts.py"))
AT = "2026-12-01T12:00:00Z"

# U+200E, U+200F and U+2066 to U+2069 in UTF-8.
_DIRECTIONS = re.compile(rb"\xe2\x80[\x8e\x8f]|\xe2\x81[\xa6-\xa9]")

# A loaded machine is slow, and a test that waits for longer has failed.
PATIENCE = 30.0


class PrivateModes(pyte.HistoryScreen):
    """A screen with scrollback; what it was told to erase there is erased, as xterm does."""

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        if how == 3:
            self.history.top.clear()
            self.history.bottom.clear()
            return
        super().erase_in_display(how, *args, **kwargs)


class BorderPost:
    """A desk: a process in a session of its own, whose terminal is ours."""

    def __init__(
        self, arguments: Sequence[str], *, columns: int, rows: int, env: dict[str, str], job: bool
    ) -> None:
        self.screen = PrivateModes(columns, rows, history=10_000)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            try:
                os.chdir(ROOT)
                os.closerange(3, 1024)
                if job:
                    _be_a_shell()
                os.execve(sys.executable, [sys.executable, *arguments], env)
            finally:
                os._exit(99)
        self.resize(columns, rows)
        self.status: int | None = None

    def resize(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)
        if (columns, rows) != (self.screen.columns, self.screen.lines):
            self.screen.resize(rows, columns)

    def send(self, data: bytes | str, *, gap: float = 0.0) -> None:
        """Type, with so many seconds between two characters; the terminal is read meanwhile."""
        data = data.encode() if isinstance(data, str) else data
        if gap:
            for byte in data:
                os.write(self.terminal, bytes((byte,)))
                self.look(gap)
            return
        while data:
            data = data[os.write(self.terminal, data[:1024]) :]
            self.look(0)

    def scan(self, text: str, end: str = "\r") -> None:
        """Scan a code, as fast as the line takes it."""
        self.send(text + end)

    def look(self, seconds: float = 0.05) -> None:
        """Take in what the desk writes for so long."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            if not heard([self.terminal], left):
                return
            try:
                seen = os.read(self.terminal, 65_536)
            except OSError:
                seen = b""
            if not seen:
                return
            self.raw += seen
            # The emulator stops at marks of direction, which no terminal shows.
            self._stream.feed(_DIRECTIONS.sub(b"", seen))
            if left <= 0:
                return

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).strip()

    @property
    def words(self) -> str:
        """What is on the screen, in one line."""
        return " ".join(self.text.split())

    @property
    def scrollback(self) -> str:
        """What can be scrolled back to."""
        lines = [*self.screen.history.top, *self.screen.history.bottom]
        return "\n".join("".join(line[at].data for at in sorted(line)) for line in lines)

    def wait(self, *wanted: str, gone: str = "") -> str:
        """Wait until all of this is on the screen and nothing of that, and give the screen."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            words = self.words
            if all(each in words for each in wanted) and not (gone and gone in words):
                return words
            self.look(0.02)
        message = f"waited for {wanted} without {gone!r}, saw:\n{self.text}"
        raise AssertionError(message)

    def settle(self, quiet: float = 0.15) -> None:
        """Look until nothing more is written for so long."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            self.look(quiet)

    def children(self, pid: int) -> list[int]:
        """Name the children of a process."""
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def workers(self) -> list[int]:
        """Name the children of the desk."""
        return self.children(self.pid)

    def end(self) -> int:
        """Wait for the end of the desk and give its exit status, minus a signal's number."""
        until = time.monotonic() + PATIENCE
        while self.status is None and time.monotonic() < until:
            self.look(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.look(0.05)
                self.status = os.waitstatus_to_exitcode(status)
        assert self.status is not None, f"the desk goes on:\n{self.text}"
        return self.status

    def close(self) -> None:
        """Take the terminal away, and the desk with it."""
        if self.terminal >= 0:
            os.close(self.terminal)
            self.terminal = -1
        if self.status is None:
            until = time.monotonic() + 5
            while time.monotonic() < until:
                done, _ = os.waitpid(self.pid, os.WNOHANG)
                if done:
                    return
                time.sleep(0.02)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def _be_a_shell() -> None:
    """Start what follows as a job in the foreground, and end as it does: only jobs can stop."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        return
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


@contextmanager
def border_post(
    *arguments: str | os.PathLike[str],
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    begin: bool = True,
    job: bool = False,
    parts: str | os.PathLike[str] | None = None,
) -> Iterator[BorderPost]:
    """Open a desk; with ``begin`` its start page is passed and it waits for a scan.

    ``parts`` is a file to count into (see ``post_with_parts``).
    """
    told = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **os.environ, **(env or {})}
    program = [*(("-m", "cli") if parts is None else (PARTS,)), "scan"]
    if parts is not None:
        told |= {"PRATIQUE_COUNTED": os.fspath(parts), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    desk = BorderPost(
        [*program, *map(os.fspath, arguments)], columns=columns, rows=rows, env=told, job=job
    )
    try:
        if begin:
            desk.wait("START OF SHIFT")
            desk.send(" ")
            desk.wait("Ready.")
        yield desk
    finally:
        desk.close()
