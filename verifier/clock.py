"""Time: one instant is taken for each document and handed down; nothing else reads a clock.

Instants are whole seconds since 1970 in UTC, as CWT and X.509 count them (RFC 8392, 2).
"""

import time
from datetime import UTC, datetime
from typing import Protocol

from verifier.errors import SetupError

Instant = int


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


def offset_of(when: datetime | None, instant: Instant) -> int:
    """Tell how many seconds local time is ahead of UTC: that of ``when``, else the desk's own.

    What counts from a day counts from its beginning at the point of entry.
    """
    if when is None:
        return time.localtime(instant).tm_gmtoff
    offset = when.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def instant_of(when: datetime) -> Instant:
    """Turn an aware ``datetime`` into an instant.

    Raises ``SetupError`` for a naive one: guessing a time zone shifts a deadline by hours.
    """
    if when.utcoffset() is None:
        message = "an instant needs a time zone, such as 2026-11-22T12:00:00+00:00"
        raise SetupError(message)
    return int(when.timestamp())


def day_of(instant: Instant) -> str:
    """Write the UTC day of an instant as ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(instant, UTC).date().isoformat()
