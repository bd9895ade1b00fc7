"""Dates and date-times of CertLogic: their texts, and what may be added to them.

Source: CertLogic specification 1.3.3, ``plusTime`` and ``dccDateOfBirth``. All is in UTC. A partial
date is rounded up to its last day. Months and years are added to the field, and what overflows goes
on into the next month, as ECMAScript's dates do (ECMA-262, ``MakeDay``): 31 January and a month is
3 March. An impossible date is not evaluable here, where the specification leaves it open; so is
what lies outside the years 1 to 9999.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from verifier.limits import LOGIC_TEXT_CHARACTERS
from verifier.rules.values import NotEvaluable

UNITS: Final = ("year", "month", "day", "hour")

_TAIL: Final = re.compile(
    r"(?:\.(?P<fraction>[0-9]+))?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)?"
)
# The separators of a text stand at places 4, 7, 10, 13 and 16: one slice tells its form.
_SEPARATORS: Final = slice(4, 19, 3)
_DATE: Final = "--"
_DATE_TIME: Final = "--T::"
_DATE_CHARACTERS: Final = 10
_SECOND_CHARACTERS: Final = 19
_HOUR: Final = slice(11, 13)

_NO_DATE: Final = "a text is no date or date-time"
_OUT_OF_RANGE: Final = "a date lies outside the years 1 to 9999"
_YEARS: Final = range(1, 10_000)
_MONTHS_A_YEAR: Final = 12
_HOURS_A_DAY: Final = 24
_MINUTES_AN_HOUR: Final = 60

# What nearly always follows the seconds, and how far it is ahead of UTC; all else is taken apart.
_ZONES: Final = {
    "": timedelta(),
    "Z": timedelta(),
    ".000Z": timedelta(),
    **{
        f"{sign}{hours:02}:{minutes:02}": factor * timedelta(hours=hours, minutes=minutes)
        for sign, factor in (("+", 1), ("-", -1))
        for hours in range(15)
        for minutes in (0, 30, 45)
    },
}


def date_time(text: str) -> datetime:
    """Read a date, partial date or date-time. Raises ``NotEvaluable``."""
    form = text[_SEPARATORS]
    try:
        if form == _DATE and len(text) == _DATE_CHARACTERS:
            return datetime.fromisoformat(text)
        if form == _DATE_TIME:
            ahead = _ZONES.get(text[_SECOND_CHARACTERS:])
            # Newer versions of Python take 24:00 for the next day, older ones do not.
            if ahead is not None and text[_HOUR] != "24":
                when = datetime.fromisoformat(text[:_SECOND_CHARACTERS])
                return when - ahead if ahead else when
    except (ValueError, OverflowError):
        pass
    return _with_tail(text) if form == _DATE_TIME else _partial(text)


def birth_date(text: str) -> datetime:
    """Read a date of birth, which may be partial. Raises ``NotEvaluable``."""
    if text[_SEPARATORS] == _DATE and len(text) == _DATE_CHARACTERS:
        return _read(text)
    return _partial(text)


def later(amount: int, unit: str) -> Callable[[str], datetime]:
    """Give what reads a text as ``date_time`` does and adds so many units of ``UNITS`` to it.

    It raises ``NotEvaluable`` for what is no date, and for what leaves the years.
    """
    if not amount:
        return date_time
    if unit in {"day", "hour"}:
        return _later_by(timedelta(days=amount) if unit == "day" else timedelta(hours=amount))
    months = amount if unit == "month" else amount * _MONTHS_A_YEAR
    return lambda text: _months_later(date_time(text), months)


def _later_by(step: timedelta) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        when = date_time(text)
        try:
            return when + step
        except OverflowError:
            pass
        raise NotEvaluable(_OUT_OF_RANGE)

    return read


def _read(text: str) -> datetime:
    """Read what has the separators of a date, or of a date-time to the second."""
    try:
        if text[_HOUR] != "24":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise NotEvaluable(_NO_DATE)


def _partial(text: str) -> datetime:
    """Read ``YYYY`` or ``YYYY-MM`` as its last day."""
    if len(text) == 4:  # noqa: PLR2004 - YYYY
        return _read(f"{text}-12-31")
    if len(text) != 7 or text[4] != "-":  # noqa: PLR2004 - YYYY-MM
        raise NotEvaluable(_NO_DATE)
    first = _read(f"{text}-01")
    if first.month == _MONTHS_A_YEAR:
        return first.replace(day=31)
    return first.replace(month=first.month + 1) - timedelta(days=1)


def _with_tail(text: str) -> datetime:
    """Read a date-time whose seconds may have a fraction, and which may name a zone."""
    tail = None if len(text) > LOGIC_TEXT_CHARACTERS else _TAIL.fullmatch(text, _SECOND_CHARACTERS)
    if tail is None:
        raise NotEvaluable(_NO_DATE)
    hours, minutes = int(tail["hours"] or 0), int(tail["minutes"] or 0)
    if hours >= _HOURS_A_DAY or minutes >= _MINUTES_AN_HOUR:
        raise NotEvaluable(_NO_DATE)
    # Cut, not rounded, and to thousandths.
    fraction = timedelta(milliseconds=int((tail["fraction"] or "")[:3].ljust(3, "0")))
    offset = timedelta(hours=hours, minutes=minutes)
    return _shifted(
        _read(text[:_SECOND_CHARACTERS]),
        fraction + offset if tail["sign"] == "-" else fraction - offset,
    )


def _shifted(when: datetime, step: timedelta) -> datetime:
    try:
        return when + step
    except OverflowError:
        pass
    raise NotEvaluable(_OUT_OF_RANGE)


def _months_later(when: datetime, months: int) -> datetime:
    year, month = divmod(when.year * _MONTHS_A_YEAR + when.month - 1 + months, _MONTHS_A_YEAR)
    if year not in _YEARS:
        raise NotEvaluable(_OUT_OF_RANGE)
    return _shifted(when.replace(year=year, month=month + 1, day=1), timedelta(days=when.day - 1))
