"""Runs the command line: in this process with its own descriptors, as a process, on a terminal."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import pytest

from cli.app import run as run_app

ROOT = Path(__file__).parents[2]
AT = "2026-12-01T12:00:00Z"
MODULE = (sys.executable, "-m", "cli")


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


def run(*arguments: str | os.PathLike[str], stdin: bytes = b"") -> Ran:
    """Run a command line in this process, with descriptors 0, 1 and 2 of its own."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        with _descriptors(given, out, err):
            status = run_app([os.fspath(argument) for argument in arguments])
        return Ran(status, _content(out), _content(err))


Command = Callable[..., tuple[int, str, str]]


def printed_by(capfd: pytest.CaptureFixture[str], *words: str) -> Command:
    """Give what runs a command and gives its exit status, results and remarks.

    What is meant for people keeps to 80 columns.
    """

    def command(*arguments: object) -> tuple[int, str, str]:
        status = run_app([*words, *map(str, arguments)])
        results, remarks = capfd.readouterr()
        assert all(len(line) <= 80 for line in results.splitlines() if line[:1] != "{")
        return status, results, remarks

    return command


@contextmanager
def listening(
    command: str, *options: str | os.PathLike[str]
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[bytes], bytes]]]:
    """Start a process, and give it with what hands it a line and takes the line that it answers."""
    with subprocess.Popen(
        [*MODULE, *command.split(), "--json", "--at", AT, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    ) as process:
        assert process.stdin
        assert process.stdout
        given, said = process.stdin, process.stdout

        def ask(line: bytes) -> bytes:
            given.write(line)
            given.flush()
            return said.readline()

        yield process, ask


@contextmanager
def answered(
    command: str, scan: bytes, *options: str | os.PathLike[str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process, let it answer one scan with one line, and give it while it waits."""
    with listening(command, *options) as (process, ask):
        assert ask(scan.strip() + b"\n")
        yield process


def run_process(
    *arguments: str | os.PathLike[str],
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    command: Sequence[str] = MODULE,
) -> Ran:
    """Run a command line as a process of its own."""
    done = subprocess.run(
        [*command, *map(os.fspath, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        cwd=ROOT,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_on_terminal(
    *arguments: str | os.PathLike[str],
    columns: int = 80,
    typed: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command line on a pseudo-terminal; ``out`` is all that appeared there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*MODULE, *map(os.fspath, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"TERM": "xterm", **os.environ, **(env or {})},
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        if typed:
            os.write(ours, typed)
        seen = b"".join(_until_closed(ours))
        os.close(ours)
    return Ran(process.returncode, seen.decode().replace("\r\n", "\n"), "")


def _until_closed(terminal: int) -> Iterator[bytes]:
    """Read until the other end is gone, which Linux reports as an input/output error."""
    while True:
        try:
            seen = os.read(terminal, 65_536)
        except OSError:
            return
        if not seen:
            return
        yield seen


@contextmanager
def _descriptors(*files: IO[bytes]) -> Iterator[None]:
    saved = [os.dup(descriptor) for descriptor in range(3)]
    for descriptor, file in enumerate(files):
        os.dup2(file.fileno(), descriptor)
    try:
        yield
    finally:
        for descriptor, copy in enumerate(saved):
            os.dup2(copy, descriptor)
            os.close(copy)


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
