"""Dates in the content of certificates: whole ones, partial ones, instants, and judged births.

Issuers write them as text (ISO 8601, shortened or with a time), or behind one of the tags for
dates (RFC 8949, 3.4; RFC 8943). Nothing is guessed: an unknown day stays unknown.
"""

import math
import re
from datetime import UTC, date, datetime
from typing import Final

from cbor2 import CBORTag, undefined

from verifier.errors import DocumentError
from verifier.limits import LAST_SECOND
from verifier.reasons import Reason

# Issuers write null and undefined for what they do not state.
ABSENT: Final = (None, undefined)

SECONDS_A_DAY: Final = 86_400
DAYS_BEFORE_1970: Final = date(1970, 1, 1).toordinal()

FULL_DATE: Final = len("2021-05-01")

# A year, a year and a month, and either with the unknown rest written as zeros or crosses; a time
# may follow.
_PARTIAL_DATE: Final = re.compile(
    r"(?!0000)([0-9]{4})"
    r"(?:-(0[1-9]|1[0-2])(?:-(?:00|xx|XX))?|-(?:00|xx|XX)(?:-(?:[0-9]{2}|xx|XX))?)?(?:T.*)?",
    re.DOTALL,
).fullmatch
_AFTER_DATE: Final = ("", "T", " ")
_BIRTH_YEARS: Final = range(1900, 2100)

# Tags of dates: date-time text and seconds (RFC 8949, 3.4), days and date text (RFC 8943).
_TEXT_TAGS: Final = (0, 1004)
_SECONDS_TAG: Final = 1
_DAYS_TAG: Final = 100


def calendar_day(text: str) -> date | None:
    """Read ``YYYY-MM-DD`` and nothing else; None when it is no day of the calendar."""
    # Python reads week dates of the same length too; the hyphens rule them out.
    if len(text) != FULL_DATE or text[4:8:3] != "--":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_begins(day: str) -> int:
    """Give the instant at which a day (``YYYY-MM-DD``) begins in UTC."""
    return (date.fromisoformat(day).toordinal() - DAYS_BEFORE_1970) * SECONDS_A_DAY


def day_after(day: str, days: int) -> str:
    """Give the day so many days after another, or the last one that calendars have."""
    ordinal = min(date.fromisoformat(day).toordinal() + days, date.max.toordinal())
    return date.fromordinal(ordinal).isoformat()


def read_day(value: object) -> str:
    """Read a whole calendar date as ``YYYY-MM-DD``, whatever time of day follows it.

    Raises ``DocumentError``: ``FIELD_MISSING`` for nothing, ``FIELD_MALFORMED`` for no date.
    """
    return read_time(value)[0]


def read_time(value: object) -> tuple[str, int | None]:
    """Read a date or date-time: its day as written and its instant, None for a day alone.

    A time without an offset is UTC. Raises ``DocumentError`` as ``read_day`` does.
    """
    if isinstance(value, CBORTag):
        if value.tag not in _TEXT_TAGS:
            return _counted(value.tag, value.value)
        value = value.value
    if value in ABSENT:
        raise DocumentError(Reason.FIELD_MISSING)
    if not isinstance(value, str):
        raise DocumentError(Reason.FIELD_MALFORMED)
    text = value.strip()
    if not text:
        raise DocumentError(Reason.FIELD_MISSING)
    day = text[:FULL_DATE]
    if calendar_day(day) is None or text[FULL_DATE : FULL_DATE + 1] not in _AFTER_DATE:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return day, None if len(text) == FULL_DATE else _instant(text)


def _instant(text: str) -> int:
    when: datetime | None = None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def _counted(tag: int, value: object) -> tuple[str, int | None]:
    """Read a count of seconds or days since 1970."""
    number = value if type(value) in (int, float) else math.nan
    unit = {_SECONDS_TAG: 1, _DAYS_TAG: SECONDS_A_DAY}.get(tag, 0)
    earliest = (1 - DAYS_BEFORE_1970) * SECONDS_A_DAY
    if not unit or not earliest <= number * unit <= LAST_SECOND:  # type: ignore[operator]
        raise DocumentError(Reason.FIELD_MALFORMED)
    seconds = math.floor(number * unit)  # type: ignore[operator]
    day = date.fromordinal(seconds // SECONDS_A_DAY + DAYS_BEFORE_1970).isoformat()
    return day, seconds if tag == _SECONDS_TAG else None


def judge_birth(text: str, issued: int | None) -> tuple[str, tuple[Reason, ...]]:
    """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` with or without a time part, or nothing at all.

    Gives what is known of the date, and doubts about the first day that it can be. Raises
    ``DocumentError(FIELD_MALFORMED)``.
    """
    if not text:
        return "", ()
    known = text[:FULL_DATE]
    first = calendar_day(known)
    if first is None:
        known = _known_part(text)
        first = date.fromisoformat(earliest(known))
    doubts: tuple[Reason, ...] = ()
    if first.year not in _BIRTH_YEARS:
        doubts = (Reason.BIRTH_YEAR_IMPLAUSIBLE,)
    if issued is not None and first.toordinal() > issued // SECONDS_A_DAY + DAYS_BEFORE_1970:
        doubts = (*doubts, Reason.BORN_AFTER_ISSUE)
    return known, doubts


def earliest(known: str) -> str:
    """Give the first day that a partial date can be as ``YYYY-MM-DD``."""
    return known + "-01-01"[len(known) - 4 :]


def _known_part(text: str) -> str:
    """Cut a date to what it knows: ``1963-00`` and ``1963-xx`` say the year alone."""
    known = _PARTIAL_DATE(text)
    if known is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    year, month = known.groups()
    return f"{year}-{month}" if month else str(year)
