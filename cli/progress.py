"""How far a long work is, on one line of a terminal that is written again and again.

Only where standard error is a terminal, without colour and without any control but the carriage
return, cut to the terminal's width. Nobody who reads a file or a pipe ever sees it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from cli.output import REMARKS, OutputClosedError, OutputFailedError, write
from cli.problem import printable
from cli.style import NARROWEST, WIDEST, cells
from trustlists.progress import Report, Step, silent

_EVERY: Final = 0.1  # seconds between two writes: smooth enough, and cheap
_FIRST: Final = 0.3  # what is done sooner needs no progress
_WORDS: Final = {Step.FETCH: "Fetching", Step.READ: "Reading", Step.STORE: "Storing"}
_MEGABYTE: Final = 1_000_000
_MINUTE: Final = 60


@contextmanager
def progress(
    *, quiet: bool = False, ticks: Callable[[], float] = time.monotonic
) -> Iterator[Report]:
    """Give what is told how far a work is; the line is gone when the work is over."""
    if quiet or not os.isatty(REMARKS):
        yield silent
        return
    line = ProgressLine(ticks)
    try:
        yield line.report
    finally:
        line.clear()


class ProgressLine:
    """The line: what, how far, and how much longer."""

    __slots__ = ("_shown", "_since", "_step", "_ticks", "_what", "_width", "_written")

    def __init__(self, ticks: Callable[[], float]) -> None:
        """Start the clock; nothing is written yet."""
        self._ticks = ticks
        self._width = _width()
        self._written = ticks() + _FIRST - _EVERY
        self._shown = 0
        self._step, self._what = Step.READ, ""
        self._since = (ticks(), 0)

    def report(self, step: Step, what: str, done: int, total: int | None) -> None:
        """Write the line anew, unless that was done just now."""
        now = self._ticks()
        if (step, what if step is Step.FETCH else "") != (self._step, self._what):
            self._step, self._what = step, what if step is Step.FETCH else ""
            self._since = (now, done)
        if now - self._written < _EVERY:
            return
        self._written = now
        self._write(_line(step, printable(what), done, total, self._left(now, done, total)))

    def clear(self) -> None:
        """Take the line away, so that what is told next stands alone."""
        if self._shown:
            self._put(" " * self._shown + "\r")
            self._shown = 0

    def _left(self, now: float, done: int, total: int | None) -> float | None:
        """Estimate the seconds that are left from the pace so far; None when it cannot be told."""
        since, before = self._since
        if total is None or done <= before or now - since < 1:
            return None
        return (total - done) * (now - since) / (done - before)

    def _write(self, text: str) -> None:
        room = self._width - 1  # in the last column some terminals begin a new line
        while cells(text) > room:
            text = text[:-1]
        columns = cells(text)
        self._put(text + " " * max(self._shown - columns, 0) + "\r")
        self._shown = columns

    def _put(self, text: str) -> None:
        try:
            write(text, REMARKS)
        except (OutputClosedError, OutputFailedError):
            self._width = 1  # nobody looks any more; the work goes on


def _line(step: Step, what: str, done: int, total: int | None, left: float | None) -> str:
    if step is Step.FETCH:
        far = f"{done / _MEGABYTE:.1f} MB" + (f" of {total / _MEGABYTE:.1f}" if total else "")
    else:
        far = f"{done + 1} of {total}" if total is not None else f"{done + 1}"
    percent = f" {100 * done // total} %" if total and step is Step.FETCH else ""
    more = "" if left is None else f", {_duration(left)} left"
    # What matters most stands first: the end is cut off on a narrow screen.
    return f"{_WORDS[step]}{percent} {far}{more}: {what}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE} min {whole % _MINUTE} s"


def _width() -> int:
    return max(NARROWEST, min(os.get_terminal_size(REMARKS).columns or WIDEST, WIDEST))
