"""The processes that are tried, each as it runs on this desk, fed one scan after another."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from cli.selftest.memory import Observed

_PATIENCE: Final = 20.0  # seconds for one verdict; a slow machine needs a thousandth
_PIECE: Final = 65_536

# What the C library and Python are told so that memory is overwritten when it is given back; what
# is then found is what the program still holds (no-retention notes, 2 and 7).
WIPING: Final[Mapping[str, str]] = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
}


class NoAnswer(Exception):
    """A process ended, or said nothing for too long."""


class Subject(NamedTuple):
    """A way in which the program runs for hours, with one traveller after another.

    ``command`` are the arguments of ``program``, which reads scans from standard input, a line
    each, and answers each with ``lines`` lines. ``others`` gives the processes beside the first
    that are to be looked into, and is asked when all travellers have gone. ``holds`` says that the
    process itself sees documents, so that memory which it has given back, and which is not used
    again yet, may hold some: such a process is looked into with ``WIPING`` set as well. One that is
    ``at_desk`` is run on a terminal, forks workers, and counts into the tally of the desk.
    """

    name: str
    command: tuple[str, ...]
    holds: bool
    others: Callable[[int], Sequence[int]] = lambda _: ()
    lines: int = 1
    program: tuple[str, ...] = (sys.executable, "-m", "cli")
    at_desk: bool = False

    def run(self, *arguments: str) -> tuple[str, ...]:
        """Give the whole command line, with these arguments in the place of the usual ones."""
        return (*self.program, *(arguments or self.command))


def subjects() -> tuple[Subject, ...]:
    """Give everything that is tried."""
    verify = Subject("pratique verify", ("verify", "--json", "--disclose", "clinical"), holds=True)
    scan = Subject(
        "pratique scan",
        ("scan", "--disclose", "clinical"),
        holds=False,
        others=children_of,
        at_desk=True,
    )
    return verify, scan


class Desk(NamedTuple):
    """Folders of which everything is known, and the environment that a process gets."""

    folder: Path
    store: Path
    tally: Path
    environment: Mapping[str, str]


def new_desk(folder: Path) -> Desk:
    """Lay out the folders of a desk below an empty one."""
    names = ("home", "temporary", "here")
    for name in names:
        (folder / name).mkdir()
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "PRATIQUE_STORE": str(folder / "trust.sqlite"),
        "PRATIQUE_TALLY": str(folder / "tally"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
    }
    return Desk(folder, folder / "trust.sqlite", folder / "tally", environment)


def children_of(pid: int) -> Sequence[int]:
    """Name the processes that a process has forked and that are there now."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(each) for each in found.split()]


def heard(descriptors: Sequence[int], seconds: float) -> list[int]:
    """Wait until something is to be read, or the other end is gone, and name where.

    Not by select(), which knows no descriptor beyond 1,023.
    """
    waiting = select.poll()
    for each in descriptors:
        waiting.register(each, select.POLLIN)
    return [each for each, _ in waiting.poll(max(0.0, seconds) * 1000)]


class Running:
    """A subject that runs, with pipes for input, output and errors; looked into from its start."""

    def __init__(
        self,
        command: Sequence[str],
        desk: Desk,
        extra: Mapping[str, str] | None = None,
        *,
        attach: bool = False,
    ) -> None:
        """Start it; ``attach`` for one whose registers are to be read."""
        self.process = subprocess.Popen(  # noqa: S603 - commands of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**desk.environment, **(extra or {})},
            cwd=desk.folder / "here",
        )
        self.observed = Observed(self.process.pid, attach=attach)
        self.out = bytearray()
        self.err = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, whatever happened."""
        self.process.kill()
        self.process.wait()
        self.observed.__exit__()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def show(self, scan: str, lines: int) -> None:
        """Hand over a scan and wait for its verdict. Raises ``NoAnswer``."""
        os.write(_descriptor(self.process.stdin), scan.encode() + b"\n")
        wanted = self.out.count(b"\n") + lines
        until = time.monotonic() + _PATIENCE
        while self.out.count(b"\n") < wanted:
            self._read(until)

    def _read(self, until: float) -> None:
        """Take what it says on either pipe, so that it never waits for room in one."""
        out, err = _descriptor(self.process.stdout), _descriptor(self.process.stderr)
        ready = heard((out, err), until - time.monotonic())
        if err in ready:
            self.err += os.read(err, _PIECE)
        if out in ready:
            part = os.read(out, _PIECE)
            self.out += part
            if not part:
                raise NoAnswer
        if not ready:
            raise NoAnswer

    def ended_itself(self) -> bool:
        """Tell whether a process that no longer answers has ended, and take what it said then."""
        try:
            self.finish()
        except (subprocess.TimeoutExpired, BrokenPipeError):
            return False
        return True

    def finish(self) -> None:
        """Let it come to its own end and take the rest of what it says."""
        out, err = self.process.communicate(timeout=_PATIENCE)
        self.out += out
        self.err += err


# Gives a block back and looks at where it was.
_EFFECT: Final = """
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
block = libc.malloc(2000)
ctypes.memset(block, 0x41, 2000)
kept = libc.malloc(16)
libc.free(ctypes.c_void_p(block))
print(ctypes.string_at(block + 512, 512) != b"A" * 512)
"""


def wipes(desk: Desk) -> bool:
    """Tell whether ``WIPING`` has an effect: an unknown setting is ignored without a word."""
    with Running((sys.executable, "-c", _EFFECT), desk, WIPING) as running:
        running.finish()
        return running.out.strip() == b"True"


def _descriptor(pipe: object) -> int:
    fileno = getattr(pipe, "fileno", None)
    return int(fileno()) if fileno else -1


def on_terminal(command: Sequence[str], desk: Desk, scans: bytes) -> bytes:
    """Run a command on a terminal of its own, feed it, and give all that appeared there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - a command of ours
        command,
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env=desk.environment,
        cwd=desk.folder / "here",
    ) as process:
        os.close(theirs)
        os.write(_descriptor(process.stdin), scans)
        if process.stdin is not None:
            process.stdin.close()
        seen = bytearray()
        try:
            while part := os.read(ours, _PIECE):
                seen += part
        except OSError:
            pass  # how Linux says that the other end is gone
    os.close(ours)
    return bytes(seen)
