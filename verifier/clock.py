"""Time: one instant is taken for each document and handed down; nothing else reads a clock.

Instants are whole seconds since 1970 in UTC, as CWT and X.509 count them (RFC 8392, 2).
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from verifier.errors import SetupError
from verifier.limits import LAST_SECOND

Instant = int

_FIRST_SECOND: Final = -62_135_596_800  # 1 January of the year 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_A_DAY: Final = 86_400


class Clock(Protocol):
    """Anything that tells the present instant."""

    def now(self) -> Instant:
        """Tell the seconds since 1970 in UTC."""
        ...


class SystemClock:
    """The desk's own clock."""

    __slots__ = ()

    def now(self) -> Instant:
        """Tell the seconds since 1970 in UTC."""
        return int(time.time())


def instant_of(when: datetime) -> Instant:
    """Turn an aware ``datetime`` into an instant.

    Raises ``SetupError`` for a naive one: guessing a time zone shifts a deadline by hours.
    """
    if when.tzinfo is not UTC and when.utcoffset() is None:
        message = "an instant needs a time zone, such as 2026-11-22T12:00:00+00:00"
        raise SetupError(message)
    since = when - _EPOCH
    return since.days * _SECONDS_A_DAY + since.seconds


def day_of(instant: Instant) -> str:
    """Write the UTC day of an instant as ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(instant, UTC).date().isoformat()


def local_day(instant: Instant, when: datetime | None) -> str:
    """Write the calendar day of an instant where ``when`` was told, or at the desk without it.

    What counts from a day counts from its beginning at the point of entry.
    """
    # A zone must not lead over the ends of the calendar.
    return day_of(min(max(instant + zone_of(instant, when), _FIRST_SECOND), LAST_SECOND))


def zone_of(instant: Instant, when: datetime | None) -> int:
    """Tell how many seconds the point of entry, or ``when`` where it was told, is ahead of UTC."""
    if when is None:
        return time.localtime(instant).tm_gmtoff
    return int((when.utcoffset() or timedelta()).total_seconds())
