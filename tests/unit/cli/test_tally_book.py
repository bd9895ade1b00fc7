"""The arithmetic of periods: what is sealed, what runs, what is old."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.tallying.book import KEPT_DAYS, MOST_BYTES, MOST_PERIODS, Book, Period
from cli.tallying.cells import CELLS, FAMILIES, OUTCOMES, cell_of
from verifier import Outcome

MONDAY = date(2026, 11, 23).toordinal()
SUNDAY = MONDAY + 6
DAYS = st.integers(MONDAY - 1_000, MONDAY + 1_000)


def no_noise() -> int:
    return 0


def one(cell: int = 0) -> list[int]:
    return [int(each == cell) for each in range(len(CELLS))]


def begun(*, daily: bool = False) -> Book:
    return Book.begin(MONDAY + 2, no_noise, daily=daily)


def test_the_partition_is_fixed() -> None:
    """Another list of cells is another scheme: it needs another mark of the file."""
    assert tuple(Outcome) == OUTCOMES
    assert FAMILIES == ("eu-dcc", "who", "smart-health-card", "other")
    assert len(set(CELLS)) == len(CELLS) == 20


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("eu-dcc", "eu-dcc"), ("who-ddcc", "who"), ("who-icvp", "who"),
        ("smart-health-card", "smart-health-card"), ("vds-nc", "other"), ("divoc", "other"),
        ("nz-covid-pass", "other"), ("of-another-package", "other"), (None, "other"),
    ],
)  # fmt: skip
def test_every_document_has_one_cell(outcome: Outcome, name: str | None, family: str) -> None:
    assert CELLS[cell_of(outcome, name)] == (outcome, family)


def test_a_week_goes_from_monday_to_sunday() -> None:
    assert begun().running[:2] == (MONDAY, SUNDAY)
    assert begun(daily=True).running[:2] == (MONDAY + 2, MONDAY + 2)


@given(st.integers(MONDAY, SUNDAY))
def test_within_a_week_nothing_changes(day: int) -> None:
    assert begun().on(day, no_noise) == begun()


def test_a_week_is_sealed_on_the_second_day_after_its_end() -> None:
    counted = begun().plus(MONDAY, one())
    monday = counted.on(SUNDAY + 1, no_noise)
    assert monday.sealed == ()
    assert monday.open[0] == counted.running
    assert monday.running[:2] == (SUNDAY + 1, SUNDAY + 7)
    tuesday = monday.on(SUNDAY + 2, no_noise)
    assert tuesday.sealed == (counted.running,)
    assert tuesday.open == (monday.running,)


def test_a_scan_counts_for_its_own_day() -> None:
    """Whenever it is written: a neighbour who fills the buffer moves nobody to another week."""
    monday = begun().on(SUNDAY + 1, no_noise)
    late = monday.plus(SUNDAY, one(3))
    assert late.open[0].counters == tuple(one(3))
    assert not any(late.running.counters)
    # Once its week is sealed it is too late: that never changes.
    tuesday = monday.on(SUNDAY + 2, no_noise)
    assert tuesday.plus(SUNDAY, one(3)).sealed == tuesday.sealed
    assert tuesday.plus(SUNDAY, one(3)).running.counters == tuple(one(3))


def test_weeks_without_a_scan_have_rows_too() -> None:
    """Else a row would say that somebody was there."""
    draws = iter(range(10_000))
    book = begun().on(MONDAY + 22, lambda: next(draws))
    assert [row[:2] for row in book.sealed] == [
        (MONDAY + 7 * week, SUNDAY + 7 * week) for week in range(3)
    ]
    numbers = [each for row in (*book.sealed[1:], *book.open) for each in row.counters]
    assert numbers == list(range(3 * len(CELLS)))


def test_days_begin_when_the_week_has_ended_and_weeks_where_days_have_ended() -> None:
    book = begun()._replace(daily=True).on(MONDAY + 8, no_noise)
    assert [row[:2] for row in book.sealed] == [(MONDAY, SUNDAY)]
    assert [row[:2] for row in book.open] == [(MONDAY + 7, MONDAY + 7), (MONDAY + 8, MONDAY + 8)]
    book = book._replace(daily=False).on(MONDAY + 9, no_noise)
    assert book.running[:2] == (MONDAY + 9, MONDAY + 13)  # the rest of that week


def test_what_ended_over_a_year_ago_is_deleted() -> None:
    book = begun().on(SUNDAY + KEPT_DAYS, no_noise)
    assert book.sealed[0][:2] == (MONDAY, SUNDAY)
    assert book.on(SUNDAY + KEPT_DAYS + 1, no_noise).sealed[0].first > SUNDAY
    assert len(book.sealed) == 52


def test_a_tally_that_slept_for_years_wakes_with_the_last_one() -> None:
    book = begun().on(MONDAY + 10_000, no_noise)
    assert all(row.last >= MONDAY + 10_000 - KEPT_DAYS for row in book.sealed)
    assert len(book.sealed) in {52, 53}


def test_a_clock_that_goes_back_counts_into_the_running_period() -> None:
    book = begun().on(SUNDAY + 2, no_noise)
    assert book.on(SUNDAY, no_noise) == book
    assert book.on(MONDAY, no_noise) == book
    assert book.plus(MONDAY, one(1)).running.counters == tuple(one(1))


def test_a_clock_that_ran_far_ahead_does_not_stop_the_counts() -> None:
    wrong = begun().on(MONDAY + 100, no_noise).plus(MONDAY + 100, one())
    book = wrong.on(MONDAY + 2, no_noise)
    assert book.running[:2] == (MONDAY, SUNDAY)
    assert wrong.running in book.sealed
    assert begun(daily=True).on(MONDAY + 50, no_noise).on(MONDAY + 2, no_noise).running[:2] == (
        MONDAY + 2, MONDAY + 2,
    )  # fmt: skip
    assert not begun().on(MONDAY + 9_000, no_noise).on(MONDAY + 2, no_noise).sealed


@given(st.booleans(), st.lists(st.tuples(DAYS, st.integers(0, 19)), max_size=40))
def test_every_scan_is_in_exactly_one_period(daily: bool, scans: list[tuple[int, int]]) -> None:  # noqa: FBT001
    """Whatever the clock does: a sealed row stays as it is until it is deleted."""
    book = Book.begin(MONDAY, no_noise, daily=daily)
    for day, cell in scans:
        before = book
        book = book.on(day, no_noise)
        gained = [row for row in book.sealed if row not in before.sealed]
        assert all(row in before.open or not any(row.counters) for row in gained)
        assert all(row in before.open or not any(row.counters) for row in book.open)
        assert book == before or book.age() > before.age() or len(book.sealed) < len(before.sealed)
        assert book.running.last >= day
        assert len(book.open) <= 3
        rolled, book = book, book.plus(day, one(cell))
        assert book.sealed == rolled.sealed
        assert book.age() > rolled.age()
        assert sum(each.counters[cell] for each in book.open) == 1 + sum(
            each.counters[cell] for each in rolled.open
        )
        assert Book.from_bytes(book.to_bytes()) == book
        assert len(book.sealed) + len(book.open) <= MOST_PERIODS
        assert len(book.to_bytes()) <= MOST_BYTES


@given(
    st.lists(st.tuples(st.integers(MONDAY, MONDAY + 25), st.integers(0, 19)), max_size=60),
    st.integers(MONDAY, MONDAY + 25),
    st.integers(0, 19),
)
def test_one_traveller_more_changes_one_counter_by_one(
    scans: list[tuple[int, int]], day: int, cell: int
) -> None:
    """What the proof rests on, for all sealed tables together."""

    def sealed(history: list[tuple[int, int]]) -> list[int]:
        book = Book.begin(MONDAY, no_noise, daily=False)
        for when, where in sorted(history):
            book = book.on(when, no_noise).plus(when, one(where))
        rows = book.on(MONDAY + 40, no_noise).sealed
        return [number for row in rows for number in row.counters]

    without, with_one = sealed(scans), sealed([*scans, (day, cell)])
    changes = [b - a for a, b in zip(without, with_one, strict=True) if a != b]
    assert changes == [1]


def test_a_full_book_fits() -> None:
    book = begun(daily=True)
    for ahead in range(0, 1_000, 9):  # a clock that keeps running ahead and being set right
        book = book.on(MONDAY + 9 + ahead % 300, no_noise).on(MONDAY, no_noise)
    assert len(book.sealed) + len(book.open) == MOST_PERIODS
    assert len(book.to_bytes()) == MOST_BYTES


def test_the_file_holds_days_and_noisy_numbers_alone() -> None:
    book = begun().plus(MONDAY, one(3))
    (row,) = book.open
    assert book.to_bytes() == (
        b"\0\1\0\0\0\0\0\0\0"
        + b"".join(each.to_bytes(4, "little") for each in (row.first, row.last, *row.counters))
    )
    assert book.opened == 1  # counts periods, not scans


def test_noise_may_be_below_zero() -> None:
    book = Book.begin(MONDAY, lambda: -7, daily=False)
    assert Book.from_bytes(book.to_bytes()).running == Period(MONDAY, SUNDAY, (-7,) * len(CELLS))
