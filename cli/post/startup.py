"""The look over the desk when a shift begins: one page, and a refusal only when nothing would do.

Clock against the lists, the age of each list, the store from end to end, language, terminal,
scanner, tally. A desk that could verify nothing at all does not start; every other doubt is told.
"""

import os
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from cli.post.desk import Desk
from cli.post.keys import Key
from cli.post.opened import Opened
from cli.post.screens import MUST, SHOULD, Painter, Part, Screen, legend, safe
from cli.problem import Problem, setup_problem
from trustlists import StoredList
from verifier import SetupError
from verifier.clock import Instant, day_of, instant_of
from verifier.limits import CLOCK_SKEW
from verifier.trust import Environment, Freshness, TrustList

GOOD, _DOUBT, _BAD = "✔", "!", "✖"
_INDENT: Final = "  "
_NARROW, _LOW = 40, 16  # below these, less is shown than an officer should see
_A_DAY: Final = 86_400
_VOUCHED: Final = "SELECT DISTINCT list FROM keys WHERE authenticated > 0"
# Lists that are not of keys: entry rules, and what is withdrawn, which says so with each verdict.
_RULES: Final = "rules"
_NO_KEYS: Final = frozenset({_RULES, "revocations", "icao-crl"})
_WHOLE: Final = "ok"  # what SQLite says of a file that is whole


class Line(NamedTuple):
    """One thing that was looked at: a sign and what was found."""

    sign: str
    text: str


class StartUp(NamedTuple):
    """What was found. ``refusal`` is None unless nothing at all could be verified."""

    lines: tuple[Line, ...]
    refusal: Problem | None


def look_over(desk: Desk, opened: Opened, *, counted: bool) -> StartUp:
    """Look the desk over. Reads the whole store once."""
    painter = desk.words.painter
    at = desk.settings.at
    now = int(time.time()) if at is None else instant_of(at)
    clock = _clock(painter, opened, None if at is not None else now)
    every = opened.store.lists()
    lists = tuple(each for each in every if each.dialect not in _NO_KEYS)
    vouched = {name for (name,) in opened.store.rows(_VOUCHED)}
    whole = _is_whole(opened)
    lines = [
        clock,
        Line(GOOD, painter.word("desk.start.store_good"))
        if whole
        else Line(_BAD, painter.word("desk.start.store_bad")),
        *(_list(painter, each, now, vouched=each.name in vouched) for each in lists),
        *(_rules(painter, each, now) for each in every if each.dialect == _RULES),
        *_rest(desk, counted=counted),
    ]
    if any(each.environment is Environment.SPECIMEN for each in lists):
        lines.insert(0, Line(_DOUBT, painter.word("desk.start.drill")))
    if not lists:
        lines.append(Line(_BAD, painter.word("desk.start.no_lists")))
    return StartUp(tuple(lines), _refusal(clock, lists, now, whole=whole))


def page(desk: Desk, found: StartUp) -> Screen:
    """Lay out what was found, doubts first."""
    painter = desk.words.painter
    parts = [Part(painter.word("desk.start.title"), SHOULD, _INDENT, strong=True)]
    for line in sorted(found.lines, key=lambda each: each.sign == GOOD):
        weight = SHOULD if line.sign == GOOD else MUST
        parts.append(Part(line.text, weight, f"{_INDENT}{painter.sign(line.sign)} "))
    parts.append(Part(painter.word("desk.start.go"), MUST, _INDENT, ahead=True, strong=True))
    return Screen(parts, keys=legend(Key.PASSPORT))


def _clock(painter: Painter, opened: Opened, now: Instant | None) -> Line:
    if now is None:
        return Line(GOOD, painter.word("desk.start.clock_at"))
    floor = opened.store.floor()
    day = painter.code(day_of(now))
    if floor is not None and now < floor - CLOCK_SKEW:
        text = painter.word("desk.start.clock_bad", day=day, floor=painter.code(day_of(floor)))
        return Line(_BAD, text)
    return Line(GOOD, painter.word("desk.start.clock_good", day=day))


def _list(painter: Painter, stored: StoredList, now: Instant, *, vouched: bool) -> Line:
    freshness = _freshness(stored, now)
    days = max(0, now - stored.as_of) // _A_DAY
    age = (
        painter.word("desk.start.today")
        if not days
        else painter.word("desk.start.day")
        if days == 1
        else painter.word("desk.start.days", count=days)
    )
    told = {
        "name": painter.code(safe(stored.name)),
        "day": painter.code(day_of(stored.as_of)),
        "age": age,
        "keys": stored.keys,
    }
    if freshness is Freshness.TOO_OLD:
        return Line(_BAD, painter.word("desk.start.list_too_old", **told))
    if not vouched:
        return Line(_DOUBT, painter.word("desk.start.list_unvouched", **told))
    if freshness is Freshness.STALE:
        return Line(_DOUBT, painter.word("desk.start.list_stale", **told))
    return Line(GOOD, painter.word("desk.start.list", **told))


def _rules(painter: Painter, stored: StoredList, now: Instant) -> Line:
    """Tell of entry rules: too old ones decide nothing, unsigned ones are asked all the same."""
    name = painter.code(safe(stored.name))
    if _freshness(stored, now) is Freshness.TOO_OLD:
        day = painter.code(day_of(stored.as_of))
        return Line(_BAD, painter.word("desk.start.rules_too_old", name=name, day=day))
    if not stored.anchor:
        return Line(_DOUBT, painter.word("rules.unsigned", source=name))
    return Line(GOOD, painter.word("desk.start.rules", name=name))


def _freshness(stored: StoredList, now: Instant) -> Freshness:
    times = stored.as_of, stored.stale_after, stored.too_old_after
    return TrustList(stored.name, stored.environment, *times).freshness(now)


def _rest(desk: Desk, *, counted: bool) -> Iterator[Line]:
    painter, settings = desk.words.painter, desk.settings
    languages = {"officer": settings.lang, "traveller": settings.traveller_lang}
    yield Line(GOOD, painter.word("desk.start.language", **languages))
    columns, rows = desk.terminal.size()
    small = columns < _NARROW or rows < _LOW
    key = "desk.start.terminal_small" if small else "desk.start.terminal"
    if desk.terminal.screen:
        yield Line(_DOUBT if small else GOOD, painter.word(key, columns=columns, rows=rows))
    if settings.device:
        there = os.path.exists(settings.device)  # noqa: PTH110 - as elsewhere at start
        key = "desk.start.device" if there else "desk.start.device_lost"
        device = painter.code(safe(settings.device))
        yield Line(GOOD if there else _DOUBT, painter.word(key, device=device))
    if not desk.terminal.keys:
        yield Line(_DOUBT, painter.word("desk.start.no_keys"))
    yield Line(GOOD, painter.word("desk.start.counted" if counted else "desk.start.uncounted"))


def _is_whole(opened: Opened) -> bool:
    """Have SQLite read the store from end to end, which a shift begins with and never repeats."""
    try:
        return [tuple(row) for row in opened.store.rows("PRAGMA quick_check")] == [(_WHOLE,)]
    except SetupError:
        return False


def _refusal(
    clock: Line, lists: tuple[StoredList, ...], now: Instant, *, whole: bool
) -> Problem | None:
    if not whole:
        return setup_problem(
            "The trust store is damaged: nothing can be verified.",
            "Get a new one from the office, or make one: pratique trust import SOURCE",
        )
    if not any(each.keys for each in lists):
        return setup_problem(
            "The trust store holds no keys: nothing can be verified.",
            "Fill it: pratique trust import SOURCE",
        )
    if all(_freshness(each, now) is Freshness.TOO_OLD for each in lists if each.keys):
        return setup_problem(
            "Every trust list is too old to rely on: nothing can be verified.",
            "Bring a new bundle, or: pratique trust refresh",
        )
    if clock.sign == _BAD:
        return setup_problem(
            "This machine's clock is behind the lists: every document would be referred.",
            "Set the clock, then start again.",
        )
    return None
