"""The days at which a rule may change its mind about a certificate.

A rule compares the clock with dates of the certificate that are moved by fixed spans: "not more
than 270 days after the dose". Between two such moments it says the same thing. So the days on
which a certificate meets a rule are found by asking the rule itself at the few days round each
moment; what its sentences say is never interpreted.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from verifier.clock import Instant, day_of
from verifier.rules.certlogic import Truth

CLOCK: Final = "external.validationClock"

# A month has 28 to 31 days and rules may overflow one: the moment lies up to three days beside the
# mean, and the last day before it is one more.
_AROUND: Final = 4

_HOURS_A_DAY: Final = 24
_DAYS_IN: Final = {"day": 1.0, "month": 30.44, "year": 365.25, "hour": 1 / _HOURS_A_DAY}
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2199, 12, 31)
_NOON: Final = 43_200
_SECONDS_A_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


class Term(NamedTuple):
    """The first and the last day (``YYYY-MM-DD``) on which something holds.

    ``first`` or ``last`` is None where there is no such end, both where it holds on no day at all.
    """

    first: str | None
    last: str | None


class Spans(NamedTuple):
    """What a logic moves dates by, in days: the clock, and every other date; texts it names."""

    of_clock: frozenset[float]
    of_dates: frozenset[float]
    named_days: frozenset[str]


def spans_of(logic: object) -> Spans:
    """Read from the logic of a rule by how much it moves the clock and other dates."""
    of_clock, of_dates, days = {0.0}, {0.0}, set()
    for operator, operands in _operations(logic):
        if operator == "plusTime" and isinstance(operands, list):
            operand, amount, unit = operands
            moved = of_clock if operand == {"var": CLOCK} else of_dates
            moved.add(amount * _DAYS_IN[unit])
            if isinstance(operand, str):
                days.add(operand[: len("YYYY-MM-DD")])
    return Spans(frozenset(of_clock), frozenset(of_dates), frozenset(days))


def _operations(logic: object) -> Iterator[tuple[str, object]]:
    waiting = [logic]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from part.items()
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def dates_in(value: object) -> Iterator[date]:
    """Find every date in the shape that rules see; a month or a year gives its last day."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, str):
            day = _day_in(part)
            if day is not None:
                yield day


def _day_in(text: str) -> date | None:
    whole = {4: f"{text}-12-31", 7: f"{text}-28"}.get(len(text), text[:10])
    try:
        return date.fromisoformat(whole) if whole[4:5] == "-" else None
    except ValueError:
        return None


def days_of_change(spans: Spans, dates: frozenset[date]) -> list[str]:
    """List, in order, the days round each moment at which a rule may change its mind."""
    bases = dates | {day for text in spans.named_days if (day := _day_in(text))}
    found = {_FIRST_DAY, _LAST_DAY}
    for base in bases:
        for moved in spans.of_dates:
            for back in spans.of_clock:
                middle = base.toordinal() + round(moved - back)
                found.update(
                    date.fromordinal(day)
                    for day in range(middle - _AROUND, middle + _AROUND + 1)
                    if _FIRST_DAY.toordinal() < day < _LAST_DAY.toordinal()
                )
    return [day.isoformat() for day in sorted(found)]


def noon_of(day: str) -> Instant:
    """Give the instant that a day alone is judged for: its noon in UTC."""
    return (date.fromisoformat(day) - _EPOCH).days * _SECONDS_A_DAY + _NOON


def date_of(instant: Instant) -> date:
    """Give the UTC day of an instant."""
    return date.fromisoformat(day_of(instant))


def term_of(days: list[str], judge: Callable[[str], Truth]) -> Term:
    """Ask at each of the days, and give the first and the last on which the answer is yes."""
    met = [judge(day) is Truth.PASSED for day in days]
    if True not in met:
        return Term(None, None)
    first, last = met.index(True), len(met) - 1 - met[::-1].index(True)
    return Term(
        days[first] if first else None,
        days[last] if last < len(days) - 1 else None,
    )


def first_from(days: list[str], at: Instant, judge: Callable[[str], Truth]) -> str | None:
    """Give the first day after an instant's own on which the answer is yes, None if there is none.

    The answer may have been yes before; what counts is when the traveller can come.
    """
    today = day_of(at)
    tomorrow = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    for day in sorted({tomorrow, *(day for day in days if day > today)}):
        if judge(day) is Truth.PASSED:
            return day
    return None
