import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from verifier.clock import SystemClock, day_of, instant_of, local_day
from verifier.errors import SetupError
from verifier.limits import LAST_SECOND


def test_the_desks_clock_tells_whole_seconds_of_now() -> None:
    before = int(time.time())
    now = SystemClock().now()
    assert isinstance(now, int)
    assert before <= now <= int(time.time())


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), 1_796_126_400),
        (datetime(2026, 12, 1, 14, tzinfo=timezone(timedelta(hours=2))), 1_796_126_400),
        (datetime(2026, 12, 1, 6, 30, tzinfo=timezone(timedelta(hours=-5.5))), 1_796_126_400),
        (datetime(2026, 12, 1, 12, 0, 0, 999_999, tzinfo=UTC), 1_796_126_400),
    ],
)
def test_an_aware_time_becomes_whole_seconds_in_utc(when: datetime, instant: int) -> None:
    assert instant_of(when) == instant


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(SetupError, match="time zone"):
        instant_of(datetime(2026, 12, 1, 12))  # noqa: DTZ001 - naive on purpose


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (0, "1970-01-01"),
        (86_399, "1970-01-01"),
        (86_400, "1970-01-02"),
        (1_796_126_400, "2026-12-01"),
        (LAST_SECOND, "9999-12-31"),
    ],
)
def test_the_day_of_an_instant_is_the_one_in_utc(instant: int, day: str) -> None:
    assert day_of(instant) == day


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        (0, "2026-12-01"),
        (11, "2026-12-01"),
        (12, "2026-12-02"),
        (-12, "2026-12-01"),
        (-13, "2026-11-30"),
    ],
)
def test_the_day_at_the_point_of_entry_is_that_of_its_zone(hours: int, day: str) -> None:
    when = datetime(2026, 12, 1, 12, tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))
    assert local_day(instant_of(when), when) == day


def test_a_desk_without_a_told_time_counts_days_by_its_own_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for zone, day in (("UTC0", "2026-12-01"), ("EAST-13", "2026-12-02"), ("WEST13", "2026-11-30")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert local_day(1_796_126_400, None) == day
    monkeypatch.undo()
    time.tzset()


def test_no_zone_leads_over_the_ends_of_the_calendar() -> None:
    east, west = (timezone(timedelta(hours=hours)) for hours in (14, -12))
    assert local_day(LAST_SECOND, datetime(2026, 1, 1, tzinfo=east)) == "9999-12-31"
    assert local_day(-62_135_596_800, datetime(2026, 1, 1, tzinfo=west)) == "0001-01-01"
