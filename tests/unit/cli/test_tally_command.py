"""What ``pratique tally`` prints, and that no subtraction on it tells of a traveller."""

import csv
import json
import re
import shutil
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import run, run_on_terminal

from cli.messages import languages
from cli.style import Style, cells
from cli.tally_reports import Bars, as_csv, as_json, printed
from cli.tallying.book import Period
from cli.tallying.cells import CELLS, FAMILIES
from cli.tallying.tally import Tally
from verifier import Outcome

TODAY = date.today()  # noqa: DTZ011 - the command asks the real calendar
GRACE = 2 if TODAY.weekday() == 0 else 0  # on a Monday the last week is not told yet
COUNTERS = st.lists(st.integers(-40, 2_000), min_size=len(CELLS), max_size=len(CELLS))


def tally_of(path: Path, weeks_ago: int, scans: int, outcome: Outcome = Outcome.AUTHENTIC) -> Path:
    tally = Tally.open(path, today=lambda: TODAY - timedelta(7 * weeks_ago + GRACE))
    for _ in range(scans):
        tally.add(outcome, "eu-dcc")
    tally.close()
    return path


def period(*counters: int, first: int = 739_000) -> Period:
    return Period(first, first + 6, (*counters, *[0] * (len(CELLS) - len(counters))))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tally_of(tally_of(tmp_path / "tally", 2, 400), 1, 300)


@pytest.mark.parametrize(
    ("counter", "shown"),
    [(-9, None), (0, None), (14, None), (15, 15), (17, 15), (18, 20), (22, 20), (1_003, 1_005)],
)
def test_small_numbers_are_not_told_apart_and_others_are_rounded(
    counter: int, shown: int | None
) -> None:
    assert printed(counter) == shown


@given(COUNTERS)
def test_all_cells_are_always_there_and_sums_are_of_what_is_printed(counters: list[int]) -> None:
    each = period(*counters)
    rows = list(csv.DictReader(as_csv([each]).splitlines()))
    assert [(row["outcome"], row["format"]) for row in rows] == [
        (outcome.value, family) for outcome, family in CELLS
    ]
    for row, counter in zip(rows, counters, strict=True):
        shown = printed(counter)
        assert row["count"] == ("under 15" if shown is None else str(shown))
        assert shown is None or (shown % 5 == 0 and abs(shown - counter) <= 2 and shown >= 15)
    members = json.loads(as_json([each]))
    assert members["total"] == sum(cell["count"] or 0 for cell in members["cells"])
    assert [
        "under 15" if cell["count"] is None else str(cell["count"]) for cell in members["cells"]
    ] == [row["count"] for row in rows]


def test_an_export_has_days_and_no_time(path: Path) -> None:
    text = run("tally", "export", "--tally", path).out
    assert text.startswith("from,until,outcome,format,count\n")
    assert text.count("\n") == 1 + 2 * len(CELLS)
    assert not re.search(r"\d:\d|T\d", text)
    objects = [
        json.loads(line)
        for line in run("tally", "export", "--json", "--tally", path).out.splitlines()
    ]
    assert [set(each) for each in objects] == [
        {"schema", "from", "until", "cells", "total", "under", "step"}
    ] * 2
    day = TODAY - timedelta(GRACE)
    monday = day - timedelta(day.weekday())
    assert [each["from"] for each in objects] == [
        (monday - timedelta(14)).isoformat(), (monday - timedelta(7)).isoformat(),
    ]  # fmt: skip


# The attacks of the notes on counting -------------------------------------------------------


def test_an_export_before_and_after_a_traveller_is_the_same(path: Path) -> None:
    """Attack: subtract two exports of a running period. Nothing of it is ever in one."""
    calls = [
        (*command, "--tally", str(path))
        for command in (("tally", "show"), ("tally", "export"), ("tally", "export", "--json"))
    ]
    before = [run(*call) for call in calls]
    tally_of(path, 0, 3_000, Outcome.REFER)
    assert [run(*call) for call in calls] == before


def test_a_hundred_exports_are_one(path: Path) -> None:
    """Attack: average the noise away."""
    exports = {run("tally", "export", "--tally", path).out for _ in range(100)}
    assert len(exports) == 1


def test_a_period_is_the_same_in_every_window(path: Path) -> None:
    """Attack: subtract overlapping windows. Each scan is in one row; rows never overlap."""
    early = run("tally", "export", "--tally", path).out
    rows = list(csv.DictReader(early.splitlines()))
    days = {(row["from"], row["until"]) for row in rows}
    for (first, last), (other_first, other_last) in product(days, days):
        assert (
            (first, last) == (other_first, other_last) or last < other_first or other_last < first
        )
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    late = Tally.open(copy, today=lambda: TODAY + timedelta(70))
    late.close()
    assert run("tally", "export", "--tally", copy).out.startswith(early)


def test_sums_give_no_hidden_cell_away() -> None:
    """Attack: take what is shown from the total. The total knows no more than what is shown."""
    for hidden in range(-20, 15):
        counters = (400, hidden, 37)
        assert json.loads(as_json([period(*counters)]))["total"] == 400 + 35
        assert as_csv([period(*counters)]) == as_csv([period(400, 0, 37)])


def test_a_watcher_who_knows_all_others_learns_little() -> None:
    """Attack: know every other traveller, and look for the step of the one.

    The exact law of what is printed for n travellers and for one more: no printed value is
    likelier by more than 4/3 in either case, whatever n is and however near to 15.
    """
    far, ratio = 80, Fraction(3, 4)

    def laws(travellers: int) -> dict[int | None, Fraction]:
        found: dict[int | None, Fraction] = defaultdict(Fraction)
        for z in range(-far, far + 1):
            found[printed(travellers + z)] += Fraction(1, 7) * ratio ** abs(z)
        found[None] += Fraction(4, 7) * ratio ** (far + 1)  # all that is smaller still
        return found

    for travellers in range(40):
        without, with_one = laws(travellers), laws(travellers + 1)
        values = [value for value in without.keys() & with_one.keys() if (value or 0) < far - 10]
        ratios = [with_one[value] / without[value] for value in values]
        assert Fraction(3, 4) <= min(ratios) < 1 < max(ratios) <= Fraction(4, 3)


# Pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("width", [20, 40, 60, 80])
@pytest.mark.parametrize("signs", [True, False])
def test_the_bars_fit_every_width(lang: str, width: int, *, signs: bool) -> None:
    periods = [period(12_345, 3, 40, first=739_000 + 7 * week) for week in range(12)]
    picture = Bars(Style(width, signs=signs), lang).draw(periods)
    assert max(map(cells, picture.splitlines())) <= width
    assert "12345" in picture


def test_the_longest_bar_fills_the_line_and_the_shortest_is_seen() -> None:
    picture = Bars(Style(40), "en").draw([period(1_000, 15, 505)])
    bars = [line.count("█") for line in picture.splitlines() if "█" in line]
    whole, longest, shortest, half = bars
    assert whole == 40 - 6 - 1 - 4  # no room beside two dates: a line of its own
    assert shortest == 1
    assert half == longest // 2
    assert max(map(cells, picture.splitlines())) == 40
    assert "\033" not in picture


def test_the_picture_says_what_it_shows() -> None:
    picture = Bars(Style(), "en").draw([period(1_000, 2)])
    assert picture.count("under 15") == len(CELLS) - 1 + 1  # and in the note
    assert "approximate" in picture
    assert all(picture.count(word) == 5 for word in ("EU certificate", "other or none"))
    assert len(FAMILIES) * len(Outcome) == len(CELLS)


def test_one_day_is_named_once() -> None:
    day = Period(739_000, 739_000, period(50).counters)
    assert "to" not in Bars(Style(), "en").draw([day]).splitlines()[1]


def test_on_a_terminal(path: Path) -> None:
    ran = run_on_terminal("tally", "show", "--tally", path, columns=40, env={"LANG": "C.UTF-8"})
    assert ran.status == 0
    assert "█" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 40


# Nothing to show -----------------------------------------------------------------------------


def test_without_counts_there_is_a_remark(tmp_path: Path) -> None:
    ran = run("tally", "show", "--tally", tmp_path / "none")
    assert ran.status == 0
    assert "never shown" in ran.out
    ran = run("tally", "export", "--tally", tmp_path / "none")
    assert "no counts" in ran.err
    assert ran.out == "from,until,outcome,format,count\n"
    assert not list(tmp_path.iterdir())


def test_counting_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRATIQUE_TALLY", "")
    ran = run("tally", "show")
    assert ran.status == 2
    assert "switched off" in ran.err
    monkeypatch.setenv("PRATIQUE_TALLY", str(tally_of(tmp_path / "tally", 1, 50)))
    assert "authentic,eu-dcc," in run("tally", "export").out
    monkeypatch.delenv("PRATIQUE_TALLY")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    tally_of(tmp_path / "state" / "pratique" / "tally", 1, 50)
    assert "authentic,eu-dcc," in run("tally", "export").out


def test_an_unusable_file_is_a_set_up_problem(tmp_path: Path) -> None:
    ran = run("tally", "show", "--tally", tmp_path)
    assert ran.status == 3
    assert len(ran.err.splitlines()) == 2
