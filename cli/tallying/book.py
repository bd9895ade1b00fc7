"""The periods of a tally: the running one, the sealed ones, and how a day turns one into another.

Pure arithmetic, without a clock and without a file. When a period is over depends on the calendar
alone and never on a scan: else the moment at which a table appears would tell of a traveller. For
the same reason a period without any scan gets its row of noise like the others.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Self

from cli.tallying.cells import CELLS

KEPT_DAYS: Final = 365  # sealed periods that ended earlier are deleted
# A running period that begins later than this after today was opened by a clock that was wrong.
_AHEAD_DAYS: Final = 7
# More than days of a year, so that it binds only after wild jumps of the clock.
MOST_PERIODS: Final = 400

_HEAD: Final = struct.Struct("<?II")
_PERIOD: Final = struct.Struct(f"<II{len(CELLS)}i")
MOST_BYTES: Final = _HEAD.size + _PERIOD.size * (MOST_PERIODS + 1)

Draw = Callable[[], int]


class Period(NamedTuple):
    """Days as proleptic Gregorian ordinals, both included, and a noisy counter for each cell."""

    first: int
    last: int
    counters: tuple[int, ...]


class Book(NamedTuple):
    """All that is stored. ``opened`` counts the periods that were ever opened, and no scans."""

    daily: bool
    opened: int
    sealed: tuple[Period, ...]
    running: Period

    @classmethod
    def begin(cls, today: int, draw: Draw, *, daily: bool) -> Self:
        """Open the first period, which is a whole one."""
        first = today if daily else _monday(today)
        return cls(daily, 1, (), _open(first, draw, daily=daily))

    def on(self, today: int, draw: Draw) -> Self:
        """Give the book as it stands on a day: what is over sealed, what is old gone.

        A clock that goes back finds the running period still running; one that ran far ahead and
        was set right finds it sealed, with the dates of the wrong clock, and a new one opened.
        """
        sealed, running, opened = list(self.sealed), self.running, self.opened
        ahead = running.first > today + _AHEAD_DAYS
        if ahead or running.last < today:
            oldest = _monday(today - KEPT_DAYS)
            begin = _monday(today) if ahead else max(running.last + 1, oldest)
            sealed.append(running)
            running = _open(today if ahead and self.daily else begin, draw, daily=self.daily)
            opened += 1
        while running.last < today:
            sealed.append(running)
            running = _open(running.last + 1, draw, daily=self.daily)
            opened += 1
        kept = tuple(
            period
            for period in sealed
            if period.last >= today - KEPT_DAYS and period.first <= today + KEPT_DAYS
        )[-MOST_PERIODS:]
        return self._replace(sealed=kept, running=running, opened=opened)

    def plus(self, counts: Sequence[int]) -> Self:
        """Add the scans of a buffer to the running period, a number for each cell."""
        counters = tuple(a + b for a, b in zip(self.running.counters, counts, strict=True))
        return self._replace(running=self.running._replace(counters=counters))

    def age(self) -> tuple[int, int]:
        """Give what grows with every change that must not be lost, to tell the newer of two."""
        return self.opened, sum(self.running.counters)

    def to_bytes(self) -> bytes:
        """Write the book: head, sealed periods, running period, little-endian."""
        head = _HEAD.pack(self.daily, self.opened, len(self.sealed))
        rows = (*self.sealed, self.running)
        return head + b"".join(_PERIOD.pack(row.first, row.last, *row.counters) for row in rows)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a book that ``to_bytes`` wrote; the file vouches for its bytes."""
        daily, opened, _ = _HEAD.unpack_from(data)
        *sealed, running = (
            Period(first, last, tuple(counters))
            for first, last, *counters in _PERIOD.iter_unpack(data[_HEAD.size :])
        )
        return cls(daily, opened, tuple(sealed), running)


def _open(first: int, draw: Draw, *, daily: bool) -> Period:
    """Open a period that begins on a day: that day, or the rest of its week (Monday to Sunday)."""
    last = first if daily else _monday(first) + 6
    return Period(first, last, tuple(draw() for _ in CELLS))


def _monday(day: int) -> int:
    """Give the Monday of a day's week; the first day of all, ordinal 1, was one."""
    return day - (day - 1) % 7
