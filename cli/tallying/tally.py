"""The tally as a desk keeps it and as a report reads it.

The file is the truth and nobody keeps a copy: whoever uses it locks it, brings it to the day of
the calendar, writes if something changed and lets go. So several desks of a station may share one
and a report never disturbs them. Scans wait in memory until there are ten, or their day or the
shift is over, because whoever watches the file sees what is written in one go without noise.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final, Self

from cli.problem import Problem, setup_problem, shown
from cli.tallying.book import MOST_BYTES, Book, Draw, Period
from cli.tallying.cells import CELLS, cell_of
from cli.tallying.noise import draw_noise
from cli.tallying.slots import Slots
from verifier import Outcome

BUFFERED: Final = 10
_PATIENCE: Final = 1.0  # seconds that a start, an end or a report waits for another desk

Today = Callable[[], date]


def local_day() -> date:
    """Give the calendar day at this desk."""
    return date(*time.localtime()[:3])


class Tally:
    """Counts documents into a file that was opened before the process was sealed.

    After the first trouble, which is raised once as ``Problem``, it counts no more and every
    method does nothing: the desk goes on.
    """

    __slots__ = ("_daily", "_draw", "_slots", "_today", "_waiting")

    def __init__(self, slots: Slots, today: Today, draw: Draw, *, daily: bool) -> None:
        """Take an open file; ``open`` is the way in."""
        self._slots: Slots | None = slots
        self._daily = daily
        self._today = today
        self._draw = draw
        self._waiting: dict[int, list[int]] = {}  # a number for each cell, by day

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        daily: bool = False,
        today: Today = local_day,
        draw: Draw = draw_noise,
    ) -> Self:
        """Open a tally, or begin one. Raises ``Problem``.

        ``daily`` makes the next period that opens a day instead of a week: for posts with more
        than 500 scans a day.
        """
        try:
            if not path.exists():
                with suppress(FileExistsError):  # another desk of the station was faster
                    book = Book.begin(today().toordinal(), draw, daily=daily)
                    Slots.create(path, MOST_BYTES, book.to_bytes())
            slots = Slots.open(path, MOST_BYTES)
        except OSError as error:
            raise _unusable(path, error) from None
        try:
            _update(slots, today, draw, daily=daily, patience=_PATIENCE)
        except OSError as error:
            slots.close()
            raise _unusable(path, error) from None
        except Problem:
            slots.close()
            raise
        return cls(slots, today, draw, daily=daily)

    @property
    def descriptor(self) -> int | None:
        """The one descriptor that is written to, None once counting has ended."""
        return None if self._slots is None else self._slots.descriptor

    def add(self, outcome: Outcome, format_name: str | None = None) -> None:
        """Count one document, or a traveller who was referred without one. Raises ``Problem``."""
        if self._slots is not None:
            counts = self._waiting.setdefault(self._today().toordinal(), [0] * len(CELLS))
            counts[cell_of(outcome, format_name)] += 1
            self.tick()

    def tick(self) -> None:
        """Write what is due. Raises ``Problem``.

        What has waited for longer than a day counts for the next period.
        """
        today = self._today().toordinal()
        if sum(map(sum, self._waiting.values())) >= BUFFERED or any(
            day != today for day in self._waiting
        ):
            self._write()

    def close(self) -> None:
        """Write what waits and stop counting. Raises ``Problem``."""
        self._write(patience=_PATIENCE)
        self._stop()

    def _write(self, patience: float = 0) -> None:
        if self._slots is None:
            return
        try:
            if _update(
                self._slots,
                self._today,
                self._draw,
                daily=self._daily,
                waiting=self._waiting,
                patience=patience,
            ):
                self._waiting = {}
        except OSError as error:
            self._stop()
            raise _stopped(error) from None
        except Problem:
            self._stop()
            raise

    def _stop(self) -> None:
        if self._slots is not None:
            self._slots.close()
            self._slots = None
        self._waiting = {}


def sealed_periods(
    path: Path, today: Today = local_day, draw: Draw = draw_noise
) -> tuple[Period, ...]:
    """Give the sealed periods in the order of their days; none if there is no tally yet.

    It seals what the calendar says is due, so that it needs the right to write.
    Raises ``Problem``.
    """
    try:
        slots = Slots.open(path, MOST_BYTES)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unusable(path, error) from None
    try:
        book = _update(slots, today, draw, patience=_PATIENCE)
    except OSError as error:
        raise _unusable(path, error) from None
    finally:
        slots.close()
    if book is None:
        what = "The counts are being written at this moment."
        raise setup_problem(what, "Try again.")
    return tuple(sorted(book.sealed, key=lambda period: period[:2]))


def _update(  # noqa: PLR0913 - what a desk has at hand
    slots: Slots,
    today: Today,
    draw: Draw,
    *,
    waiting: Mapping[int, Sequence[int]] | None = None,
    daily: bool | None = None,
    patience: float = 0,
) -> Book | None:
    """Bring the book to this day, add to it, write what changed; None if somebody else is at it."""
    with slots.locked(patience=patience) as alone:
        if not alone:
            return None
        found = slots.contents()
        if not found:
            raise _unreadable()
        before = max(map(Book.from_bytes, found), key=Book.age)
        book = before if daily is None else before._replace(daily=daily)
        book = book.on(today().toordinal(), draw)
        for day, counts in (waiting or {}).items():
            book = book.plus(day, counts)
        if book != before or len(found) > 1:
            slots.replace(book.to_bytes(), before.to_bytes())
            _hide_time(slots, book.running)
        return book


def _hide_time(slots: Slots, running: Period) -> None:
    """Date the file to the beginning of its period, not to the last scan.

    A sealed desk may not do that. Its tally is then dated by the last ten scans, for those alone
    who may look into the folder, until a report or the next shift opens it.
    """
    midnight = time.mktime(date.fromordinal(running.first).timetuple())
    with suppress(PermissionError):
        os.utime(slots.descriptor, (midnight, midnight))


def _unusable(path: Path, error: OSError) -> Problem:
    what = f"The counts in {shown(str(path))} cannot be used: {error.strerror}."
    return setup_problem(what, "Check the folder and its room, or go without: --no-tally.")


def _stopped(error: OSError) -> Problem:
    what = f"Counting has stopped: {error.strerror}."
    return setup_problem(what, "The checks go on. Tell support after the shift.")


def _unreadable() -> Problem:
    what = "The file of counts holds no counts of this version."
    return setup_problem(what, "Move it away to begin anew, or go without: --no-tally.")
