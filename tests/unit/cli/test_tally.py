"""The file of counts: what it gives away, and what becomes of it when things go wrong."""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from support.command import ROOT

from cli.problem import Problem
from cli.tallying import slots
from cli.tallying.book import MOST_BYTES, Book
from cli.tallying.cells import CELLS, cell_of
from cli.tallying.tally import BUFFERED, Tally, sealed_periods
from verifier import Outcome

MONDAY = date(2026, 11, 23)
NEXT_WEEK = MONDAY + timedelta(7)
SEALED = MONDAY + timedelta(8)  # the first day on which the first week is told
A, R = Outcome.AUTHENTIC, Outcome.REFER


def no_noise() -> int:
    return 0


def on(day: date) -> Callable[[], date]:
    return lambda: day


def opened(path: Path, day: date = MONDAY, *, daily: bool = False) -> Tally:
    return Tally.open(path, today=on(day), draw=no_noise, daily=daily)


def abandon(*tallies: Tally) -> None:
    """Let go of tallies as a kill does: what they hold is not written."""
    for tally in tallies:
        tally._stop()


def add(tally: Tally, number: int, outcome: Outcome = A, name: str | None = "eu-dcc") -> None:
    for _ in range(number):
        tally.add(outcome, name)


def stored(path: Path) -> Book:
    """Read what is in the file now; it must be one whole slot, or two after a kill."""
    file = slots.Slots.open(path, MOST_BYTES)
    try:
        return max(map(Book.from_bytes, file.contents()), key=Book.age)
    finally:
        file.close()


def in_file(path: Path) -> int:
    book = stored(path)
    return sum(sum(row.counters) for row in (*book.sealed, *book.open))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "tally"


def test_scans_are_written_ten_at_a_time(path: Path) -> None:
    tally = opened(path)
    add(tally, BUFFERED - 1)
    assert in_file(path) == 0
    add(tally, 1)
    assert in_file(path) == BUFFERED
    add(tally, 2 * BUFFERED + 5, R, None)
    assert in_file(path) == 3 * BUFFERED
    assert stored(path).running.counters[cell_of(R, None)] == 2 * BUFFERED


def test_what_waits_at_the_end_of_a_shift_is_written(path: Path) -> None:
    """Else one traveller, who fills the ten or not, would decide whether nine others count."""
    tally = opened(path)
    add(tally, BUFFERED + 7)
    tally.close()
    assert in_file(path) == BUFFERED + 7
    add(tally, 20)
    tally.tick()
    tally.close()
    assert in_file(path) == BUFFERED + 7
    assert tally.descriptor is None


def test_only_the_owner_may_read_it(path: Path) -> None:
    opened(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    opened(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_date_of_the_file_is_that_of_its_period(path: Path) -> None:
    tally = opened(path, MONDAY + timedelta(3))
    add(tally, BUFFERED)
    assert time.localtime(path.stat().st_mtime)[:5] == (2026, 11, 23, 0, 0)
    assert path.stat().st_atime == path.stat().st_mtime


def test_a_sealed_desk_that_may_not_date_it_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> NoReturn:
        raise PermissionError(errno.EPERM, "refused")

    tally = opened(path)
    monkeypatch.setattr(os, "utime", refused)
    add(tally, BUFFERED)
    assert in_file(path) == BUFFERED


def test_at_rest_there_is_one_slot_and_nothing_of_the_one_before(path: Path) -> None:
    """The difference of two would be the last ten scans, exactly."""
    tally = opened(path)
    size = path.stat().st_size
    for _ in range(7):
        add(tally, BUFFERED)
        data = path.read_bytes()
        assert len(data) == size
        halves = data[: size // 2], data[size // 2 :]
        assert [bool(half.strip(b"\0")) for half in halves].count(True) == 1


def test_the_content_is_a_function_of_the_noisy_numbers(tmp_path: Path) -> None:
    """Not of when or how often it was written: no sequence number, no time."""
    books = []
    for name, steps in (("a", (10, 30)), ("b", (20, 20)), ("c", (40,))):
        for step in steps:
            tally = opened(tmp_path / name)
            add(tally, step)
            tally.close()
        books.append(stored(tmp_path / name).to_bytes())
    assert len(set(books)) == 1


def test_desks_of_a_station_share_one(path: Path) -> None:
    first, second = opened(path), opened(path)
    for _ in range(5):
        add(first, BUFFERED)
        add(second, BUFFERED, R)
    assert stored(path).running.counters[cell_of(A, "eu-dcc")] == 50
    assert stored(path).running.counters[cell_of(R, "eu-dcc")] == 50


def test_a_tally_in_use_is_not_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.tallying.tally._PATIENCE", 0.05)
    tally, other = opened(path), slots.Slots.open(path, MOST_BYTES)
    with other.locked() as alone:
        assert alone
        add(tally, BUFFERED + 1)
        assert in_file(path) == 0
        with pytest.raises(Problem, match="at this moment"):
            sealed_periods(path, on(MONDAY), no_noise)
    add(tally, 1)
    assert in_file(path) == BUFFERED + 2


# What a report may see ---------------------------------------------------------------------


def test_the_running_period_is_never_given(path: Path) -> None:
    tally = opened(path)
    assert sealed_periods(path, on(MONDAY), no_noise) == ()
    add(tally, 1_000)
    for day in range(8):
        assert sealed_periods(path, on(MONDAY + timedelta(day)), no_noise) == ()
    (period,) = sealed_periods(path, on(SEALED), no_noise)
    assert sum(period.counters) == 1_000


def test_when_a_period_is_sealed_does_not_depend_on_scans(path: Path, tmp_path: Path) -> None:
    """A row that waited for the next scan would tell by its absence that there was none."""
    used, unused = path, tmp_path / "unused"
    busy, idle = opened(used), opened(unused)
    add(busy, 500)
    for day in range(7, 30):
        today = on(MONDAY + timedelta(day))
        rows = [sealed_periods(each, today, no_noise) for each in (used, unused)]
        assert [row[:2] for row in rows[0]] == [row[:2] for row in rows[1]]
        assert len(rows[0]) == (day - 1) // 7
    idle.close()
    busy.close()


@pytest.mark.parametrize("how", ["add", "tick", "close"])
def test_what_waits_over_midnight_counts_for_its_own_week(path: Path, how: str) -> None:
    days = [MONDAY + timedelta(6)]
    tally = Tally.open(path, today=lambda: days[0], draw=no_noise)
    add(tally, BUFFERED + 7)
    days[0] = NEXT_WEEK
    assert sealed_periods(path, on(NEXT_WEEK), no_noise) == ()
    opened(path, NEXT_WEEK).close()  # another desk has begun the week
    if how == "add":
        tally.add(A)
    elif how == "tick":
        tally.tick()
    else:
        tally.close()
    first, second = stored(path).open
    assert sum(first.counters) == BUFFERED + 7
    assert sum(second.counters) == (how == "add")
    (row,) = sealed_periods(path, on(SEALED), no_noise)
    assert row == first


def test_nothing_is_written_while_nothing_is_due(path: Path) -> None:
    tally = opened(path)
    add(tally, 3)
    before = path.read_bytes()
    tally.tick()
    assert path.read_bytes() == before


def test_a_desk_that_idled_for_days_changes_no_sealed_row(path: Path) -> None:
    days = [MONDAY]
    tally = Tally.open(path, today=lambda: days[0], draw=no_noise)
    add(tally, 7)
    days[0] = SEALED
    before = sealed_periods(path, on(SEALED), no_noise)
    tally.tick()
    assert sealed_periods(path, on(SEALED), no_noise) == before
    assert sum(stored(path).running.counters) == 7


def test_every_report_gives_the_same_rows(path: Path) -> None:
    """Noise that was drawn anew would average out."""
    for week in range(4):
        tally = Tally.open(path, today=on(MONDAY + timedelta(7 * week)))
        add(tally, 200)
        tally.close()
    after = on(MONDAY + timedelta(29))
    first = sealed_periods(path, after)
    assert len(first) == 4
    assert all(sealed_periods(path, after) == first for _ in range(50))
    later = sealed_periods(path, on(MONDAY + timedelta(60)))
    assert later[:4] == first


def test_a_clock_set_forward_and_back_counts_nobody_twice(path: Path) -> None:
    tally = opened(path)
    add(tally, 40)
    ahead = sealed_periods(path, on(SEALED), no_noise)
    assert sum(ahead[0].counters) == 40
    add(tally, 30)  # its clock says still the first week
    assert sealed_periods(path, on(SEALED), no_noise) == ahead
    both = sealed_periods(path, on(SEALED + timedelta(7)), no_noise)
    assert [sum(row.counters) for row in both] == [40, 30]


def test_days_are_for_the_operator_to_choose(path: Path) -> None:
    add(opened(path, daily=True), 20)
    (period,) = sealed_periods(path, on(MONDAY + timedelta(2)), no_noise)
    assert period.first == period.last == MONDAY.toordinal()
    opened(path, MONDAY + timedelta(2)).close()  # weeks again, once that day is over
    # Monday, Tuesday, Wednesday; then the rest of the week, which runs.
    assert len(sealed_periods(path, on(MONDAY + timedelta(6)), no_noise)) == 3


def test_a_sealed_desk_counts_through_its_open_descriptor(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may neither open, create, rename, link, delete, shorten nor date a file."""

    def refused(*_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EPERM, "refused")

    days = [MONDAY]
    tally = Tally.open(path, today=lambda: days[0], draw=no_noise)
    with monkeypatch.context() as patch:
        for call in ("open", "rename", "replace", "link", "unlink", "ftruncate", "utime", "fchmod"):
            patch.setattr(os, call, refused)
        patch.setattr("builtins.open", refused)
        for week in range(3):
            days[0] = MONDAY + timedelta(7 * week)
            add(tally, BUFFERED)
        tally.close()
    assert in_file(path) == 3 * BUFFERED


def test_the_file_never_grows(path: Path) -> None:
    """A desk may limit what it can write to the size that the file has from the beginning."""
    opened(path, daily=True).close()
    size = path.stat().st_size
    program = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    program += CHILD.replace("while True", "for _ in range(100)")
    done = subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, check=True, stdout=-3)
    assert done.returncode == 0
    assert in_file(path) == 100
    opened(path, MONDAY + timedelta(300), daily=True).close()
    assert path.stat().st_size == size


def test_without_a_file_there_is_nothing(path: Path) -> None:
    assert sealed_periods(path) == ()
    assert not path.parent.exists()


def test_the_real_clock_and_the_real_coin_are_the_default(path: Path) -> None:
    add(Tally.open(path), 10)
    assert sealed_periods(path) == ()
    # Twenty numbers that chance made all alike: less than once in 10^16 runs.
    assert len(set(stored(path).running.counters)) > 1


# Kills, torn writes, full disks --------------------------------------------------------------

CHILD = """
import os, sys
from datetime import date
from pathlib import Path
from cli.tallying.tally import Tally
from verifier import Outcome
tally = Tally.open(Path(sys.argv[1]), today=lambda: date(2026, 11, 23), draw=lambda: 0)
while True:
    tally.add(Outcome.AUTHENTIC, "eu-dcc")
    os.write(1, b".")
"""


def test_a_kill_at_any_moment_loses_no_more_than_the_buffer(path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    opened(path).close()
    for _ in range(25):
        before = in_file(path)
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, path], stdout=subprocess.PIPE, cwd=ROOT
        ) as child:
            assert child.stdout
            added = len(child.stdout.read(1))
            time.sleep(chance.random() / 20)
            child.send_signal(signal.SIGKILL)
            added += len(child.stdout.read())
        gained = in_file(path) - before
        assert added - BUFFERED < gained <= added + 1
        assert gained % BUFFERED == 0
        assert sealed_periods(path, on(MONDAY), no_noise) == ()


class PowerCutError(Exception):
    """The machine goes dark."""


def cut_after(written: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many more bytes reach the file, then no more."""
    left = [written]
    really = os.pwrite

    def pwrite(descriptor: int, data: bytes, offset: int) -> int:
        part = data[: left[0]]
        left[0] -= len(part)
        done = really(descriptor, part, offset)
        if len(part) < len(data):
            raise PowerCutError
        return done

    monkeypatch.setattr(os, "pwrite", pwrite)


def cuts() -> Iterator[int]:
    small = len(Book.begin(MONDAY.toordinal(), no_noise, daily=False).to_bytes()) + 28
    yield from range(small + 40)
    yield from range(small + 40, small + MOST_BYTES, 4_999)
    yield small + MOST_BYTES + 28


@pytest.mark.parametrize("week", [0, 1])
@pytest.mark.parametrize("times_before", [0, 1])
def test_a_torn_write_leaves_what_was_or_what_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, week: int, times_before: int
) -> None:
    """At every byte of a change, in either slot, at the end of a week too."""
    seen = set()
    day = MONDAY + timedelta(8 * week)
    for written in cuts():
        path.unlink(missing_ok=True)
        first = opened(path)
        add(first, BUFFERED * (times_before + 1))
        days = [MONDAY]
        tally = Tally.open(path, today=lambda days=days: days[0], draw=no_noise)  # type: ignore[misc]
        days[0] = day
        before = in_file(path)
        with monkeypatch.context() as patch:
            cut_after(written, patch)
            with suppress(PowerCutError):
                add(tally, BUFFERED)
        gained = in_file(path) - before
        assert gained in {0, BUFFERED}
        seen.add(gained)
        # The next desk finds it, mends it and counts on.
        following = opened(path, day)
        add(following, BUFFERED)
        assert in_file(path) == before + gained + BUFFERED
        assert len(stored(path).sealed) == week
        abandon(first, tally, following)
    assert seen == {0, BUFFERED}


@pytest.mark.parametrize("call", ["pwrite", "fsync"])
def test_a_full_disk_stops_the_counting_with_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    tally = opened(path)
    add(tally, BUFFERED)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(Problem) as caught:
            add(tally, BUFFERED)
    assert caught.value.what == "Counting has stopped: No space left on device."
    assert "go on" in caught.value.next_step
    tally.add(A)  # the desk goes on, without counting
    assert in_file(path) in {BUFFERED, 2 * BUFFERED}
    tally.close()


def test_a_disk_that_is_full_from_the_start_is_met_before_the_first_traveller(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(Problem, match="No space left"):
        opened(path)
    assert not list(path.parent.iterdir())


def test_a_file_of_something_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"somebody's letter")
    for attempt in (opened, sealed_periods):
        with pytest.raises(Problem, match="no counts of this version"):
            attempt(path)
    assert path.read_bytes() == b"somebody's letter"
    path.unlink()
    path.mkdir()
    for attempt in (opened, sealed_periods):
        with pytest.raises(Problem, match="cannot be used"):
            attempt(path)


def test_a_file_that_rots_under_a_desk_stops_the_counting(path: Path) -> None:
    tally = opened(path)
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    with pytest.raises(Problem, match="no counts of this version"):
        add(tally, BUFFERED)
    add(tally, BUFFERED)


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    opened(tmp_path / "elsewhere").close()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="cannot be used"):
        opened(path)


def test_two_desks_that_begin_at_once_begin_one_tally(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = Path.exists
    other: list[Tally] = []

    def faster(self: Path) -> bool:
        if self == path and not other:
            monkeypatch.setattr(Path, "exists", exists)
            other.append(opened(path))
            add(other[0], BUFFERED)
            return False
        return exists(self)

    monkeypatch.setattr(Path, "exists", faster)
    add(opened(path), BUFFERED)
    assert in_file(path) == 2 * BUFFERED
    assert list(path.parent.iterdir()) == [path]


def test_there_are_twenty_numbers_and_nothing_else(path: Path) -> None:
    """No part of a document has a way in: the buffer is a list of numbers."""
    tally = opened(path)
    tally.add(A, "SPECIMEN NAME HC1:ABC")
    assert tally._waiting == {
        MONDAY.toordinal(): [int(each == cell_of(A, None)) for each in range(len(CELLS))]
    }


def test_a_disk_that_fails_at_the_start_of_a_shift_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    opened(path).close()
    monkeypatch.setattr(os, "pread", broken)
    for attempt in (opened, sealed_periods):
        with pytest.raises(Problem, match="Input/output error"):
            attempt(path)
