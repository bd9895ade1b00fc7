"""Writing results and remarks: straight to the descriptor, nothing left in a buffer.

``print`` and ``click.echo`` go through buffers that keep the last text, which here would be the
last traveller's name. Every text of this package is written by ``write``.
"""

import errno
import os
import sys
from contextlib import suppress

from cli.problem import Problem

RESULTS = 1
REMARKS = 2


class OutputClosedError(Exception):
    """Whoever read the results has gone away; there is nobody left to tell."""


class OutputFailedError(Exception):
    """The results cannot be written, because of a full disk for instance. Its text says why."""


def encoding_of(descriptor: int) -> str:
    """Name the encoding that the terminal or file behind a descriptor expects."""
    stream = sys.stdout if descriptor == RESULTS else sys.stderr
    return getattr(stream, "encoding", None) or "utf-8"


def write(text: str, descriptor: int = RESULTS) -> None:
    """Write a whole text. What the encoding lacks becomes ``?``.

    Raises ``OutputClosedError`` when the reader is gone, else ``OutputFailedError``.
    """
    rest = memoryview(text.encode(encoding_of(descriptor), "replace"))
    while rest:
        rest = rest[_write_some(rest, descriptor) :]


def _write_some(data: memoryview, descriptor: int) -> int:
    """Write as much as the descriptor takes now."""
    fault = 0
    try:
        return os.write(descriptor, data)
    except OSError as error:
        fault = error.errno or 0
    # Errors are raised out here: inside, they would hold on to what was being written.
    if fault == errno.EAGAIN:
        _wait_until_writable(descriptor)
        return 0
    if fault == errno.EPIPE:
        raise OutputClosedError
    raise OutputFailedError(os.strerror(fault))


def _wait_until_writable(descriptor: int) -> None:
    """Wait for a descriptor that somebody else has made non-blocking."""
    import select  # noqa: PLC0415 - rarely needed, and start-up time counts

    # Not select(), which knows no descriptor beyond 1,023.
    waiting = select.poll()
    waiting.register(descriptor, select.POLLOUT)
    waiting.poll()


def remark(text: str) -> None:
    """Tell something on standard error, one line."""
    _write_remark(f"pratique: {text}\n")


def tell(problem: Problem) -> None:
    """Tell a problem on standard error: one line what, one line what next."""
    _write_remark(f"pratique: {problem.what}\n  {problem.next_step}\n")


def _write_remark(text: str) -> None:
    with suppress(OutputClosedError, OutputFailedError):  # results and exit status still stand
        write(text, REMARKS)
