"""The periods of a tally: the open ones, the sealed ones, and how a day turns one into another.

Pure arithmetic, without a clock and without a file. When a period is sealed depends on the calendar
alone and never on a scan: else the moment at which a table appears would tell of a traveller. For
the same reason a period without any scan gets its row of noise like the others. And each scan
counts for its own day, whatever came before and after it: one traveller more changes one counter
by one, which is what the proof rests on. So a period stays open for a day after its end, for scans
that wait in the memory of a desk.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Self

from cli.tallying.cells import CELLS

KEPT_DAYS: Final = 365  # sealed periods that ended earlier are deleted
_GRACE_DAYS: Final = 1
# A running period that begins later than this after today was opened by a clock that was wrong.
_AHEAD_DAYS: Final = 7
# More than the days of a year, so that it binds only after wild jumps of the clock.
MOST_PERIODS: Final = 400

_HEAD: Final = struct.Struct("<?II")
_PERIOD: Final = struct.Struct(f"<II{len(CELLS)}i")
MOST_BYTES: Final = _HEAD.size + _PERIOD.size * MOST_PERIODS

Draw = Callable[[], int]


class Period(NamedTuple):
    """Days as proleptic Gregorian ordinals, both included, and a noisy counter for each cell."""

    first: int
    last: int
    counters: tuple[int, ...]


class Book(NamedTuple):
    """All that is stored. ``opened`` counts the periods that were ever opened, and no scans.

    The last of the open periods is the running one.
    """

    daily: bool
    opened: int
    sealed: tuple[Period, ...]
    open: tuple[Period, ...]

    @classmethod
    def begin(cls, today: int, draw: Draw, *, daily: bool) -> Self:
        """Open the first period, which is a whole one."""
        return cls(daily, 1, (), (_begin(today, draw, daily=daily),))

    @property
    def running(self) -> Period:
        """The period of today."""
        return self.open[-1]

    def on(self, today: int, draw: Draw) -> Self:
        """Give the book as it stands on a day: what is over sealed, what is old gone.

        A clock that goes back finds the running period still running; one that ran far ahead and
        was set right finds it sealed, with the dates of the wrong clock, and a new one opened.
        """
        sealed, still_open, opened = list(self.sealed), list(self.open), self.opened
        if still_open[-1].first > today + _AHEAD_DAYS:
            sealed += still_open
            still_open = [_begin(today, draw, daily=self.daily)]
            opened += 1
        while still_open[-1].last < today:
            first = max(still_open[-1].last + 1, _monday(today - KEPT_DAYS))
            still_open.append(_open(first, draw, daily=self.daily))
            opened += 1
        while still_open[0].last < today - _GRACE_DAYS:
            sealed.append(still_open.pop(0))
        room = MOST_PERIODS - len(still_open)
        kept = [each for each in sealed if abs(each.last - today) <= KEPT_DAYS][-room:]
        return self._replace(sealed=tuple(kept), open=tuple(still_open), opened=opened)

    def plus(self, day: int, counts: Sequence[int]) -> Self:
        """Add scans of a day, a number for each cell, to the open period that the day is in.

        A day that is in none, because of a clock that was set, counts for the running one.
        """
        place = next(
            (i for i, each in enumerate(self.open) if each.first <= day <= each.last),
            len(self.open) - 1,
        )
        period = self.open[place]
        counters = tuple(a + b for a, b in zip(period.counters, counts, strict=True))
        changed = period._replace(counters=counters)
        return self._replace(open=(*self.open[:place], changed, *self.open[place + 1 :]))

    def age(self) -> tuple[int, int, int]:
        """Give what grows with every change that must not be lost, to tell the newer of two."""
        return self.opened, -len(self.open), sum(sum(each.counters) for each in self.open)

    def to_bytes(self) -> bytes:
        """Write the book: head, sealed periods, open periods, little-endian."""
        head = _HEAD.pack(self.daily, self.opened, len(self.sealed))
        rows = (*self.sealed, *self.open)
        return head + b"".join(_PERIOD.pack(row.first, row.last, *row.counters) for row in rows)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a book that ``to_bytes`` wrote; the file vouches for its bytes."""
        daily, opened, sealed = _HEAD.unpack_from(data)
        rows = tuple(
            Period(first, last, tuple(counters))
            for first, last, *counters in _PERIOD.iter_unpack(data[_HEAD.size :])
        )
        return cls(daily, opened, rows[:sealed], rows[sealed:])


def _begin(today: int, draw: Draw, *, daily: bool) -> Period:
    """Open the whole period that a day is in."""
    return _open(today if daily else _monday(today), draw, daily=daily)


def _open(first: int, draw: Draw, *, daily: bool) -> Period:
    """Open a period that begins on a day: that day, or the rest of its week (Monday to Sunday)."""
    last = first if daily else _monday(first) + 6
    return Period(first, last, tuple(draw() for _ in CELLS))


def _monday(day: int) -> int:
    """Give the Monday of a day's week; the first day of all, ordinal 1, was one."""
    return day - (day - 1) % 7
