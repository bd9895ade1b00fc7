"""What ``pratique tally`` prints: CSV, JSON, or bars. All of it from the same rounded numbers.

Whatever is printed is a function of the sealed noisy counters, the same every time, so that no
number of exports, sums or differences tells more than the counters do (``docs/tally.md``).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from cli.bidi import directed
from cli.messages import counted, is_right_to_left, word
from cli.style import Style, cells, padded, wrap
from cli.tallying.book import Period
from cli.tallying.cells import CELLS, FAMILIES, OUTCOMES

SCHEMA: Final = "pratique.tally/1"
UNDER: Final = 15  # what is smaller is not told apart
STEP: Final = 5  # all else is rounded to the nearest multiple
_HIDDEN: Final = f"under {UNDER}"
_SHOWN_PERIODS: Final = 8
_LEAST_BAR: Final = 8  # columns; a shorter one tells nothing, and gets a line of its own
_INDENT: Final = "  "


def printed(counter: int) -> int | None:
    """Give the number that is printed for a counter, None for "under 15"."""
    return None if counter < UNDER else (counter + STEP // 2) // STEP * STEP


def _numbers(period: Period) -> list[int | None]:
    return [printed(counter) for counter in period.counters]


def _total(period: Period) -> int:
    """Sum up what is printed; what is hidden is in no sum."""
    return sum(filter(None, _numbers(period)))


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def as_csv(periods: Iterable[Period]) -> str:
    """Write a row for each cell of each period."""
    rows = ["from,until,outcome,format,count"]
    for period in periods:
        days = f"{_day(period.first)},{_day(period.last)}"
        rows += [
            f"{days},{outcome.value},{family},{_HIDDEN if number is None else number}"
            for (outcome, family), number in zip(CELLS, _numbers(period), strict=True)
        ]
    return "\n".join(rows) + "\n"


def as_json(periods: Iterable[Period]) -> str:
    """Write one object a period, a line each. A count under 15 is null."""
    return "".join(json.dumps(_members(each), separators=(",", ":")) + "\n" for each in periods)


def _members(period: Period) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "from": _day(period.first),
        "until": _day(period.last),
        "cells": [
            {"outcome": outcome.value, "format": family, "count": number}
            for (outcome, family), number in zip(CELLS, _numbers(period), strict=True)
        ],
        "total": _total(period),
        "under": UNDER,
        "step": STEP,
    }


class Bars:
    """Draws the counts in one language and one style: bars, each with its number behind it."""

    __slots__ = ("_lang", "_style")

    def __init__(self, style: Style, lang: str) -> None:
        """Take the style of the output and a language that there is a catalogue for."""
        self._style = style
        self._lang = lang

    def draw(self, periods: Sequence[Period]) -> str:
        """Draw the sums of the last periods, then every cell of the last one."""
        picture = self._picture(periods[-_SHOWN_PERIODS:]) if periods else self._nothing()
        return directed(picture, right_to_left=is_right_to_left(self._lang))

    def _picture(self, latest: Sequence[Period]) -> str:
        lines = [wrap(self._word("tally.title"), self._style.width)]
        lines += self._chart([(self._days(period), _total(period)) for period in latest])
        documents = counted("tally.documents", _total(latest[-1]), self._lang)
        lines += ["", wrap(self._pair(self._days(latest[-1]), documents), self._style.width)]
        numbers = dict(zip(CELLS, _numbers(latest[-1]), strict=True))
        most = max(filter(None, numbers.values()), default=0)
        for outcome in OUTCOMES:
            lines.append(wrap(self._word(f"outcome.{outcome.value}"), self._style.width, _INDENT))
            rows = [(self._word(f"family.{each}"), numbers[outcome, each]) for each in FAMILIES]
            lines += self._chart(rows, most)
        note = self._word("tally.note", number=UNDER, step=STEP)
        return "\n".join([*lines, "", wrap(note, self._style.width)]) + "\n"

    def _nothing(self) -> str:
        return wrap(self._word("tally.none"), self._style.width) + "\n"

    def _pair(self, label: str, value: str) -> str:
        return self._word("pair", label=label, value=value)

    def _chart(self, rows: Sequence[tuple[str, int | None]], most: int = 0) -> list[str]:
        """Draw bars to one scale, the longest of ``most`` or of the largest number."""
        hidden = self._word("tally.under", number=UNDER)
        most = most or max(filter(None, (number for _, number in rows)), default=0)
        texts = [hidden if number is None else str(number) for _, number in rows]
        label_width = max(cells(label) for label, _ in rows)
        room = self._style.width - 1 - max(map(cells, texts))
        beside = room - label_width - len(_INDENT * 3)
        lines = []
        for (label, number), text in zip(rows, texts, strict=True):
            if beside < _LEAST_BAR:
                lines.append(wrap(label, self._style.width, _INDENT * 2))
                bar = self._bar(number or 0, most, room - len(_INDENT * 3))
                lines.append(f"{_INDENT * 3}{bar}{text}")
            else:
                bar = self._bar(number or 0, most, beside)
                lines.append(f"{_INDENT * 2}{padded(label, label_width)}{_INDENT}{bar}{text}")
        return lines

    def _bar(self, number: int, most: int, room: int) -> str:
        """Draw a bar with a blank behind it; what is not zero has at least one sign."""
        if not number:
            return ""
        return ("█" if self._style.signs else "#") * max(1, number * room // most) + " "

    def _days(self, period: Period) -> str:
        if period.first == period.last:
            return _day(period.first)
        first, last = _day(period.first), _day(period.last)
        return self._word("tally.period", first=first, last=last)

    def _word(self, key: str, **values: object) -> str:
        return self._style.words(word(key, self._lang, **values))
