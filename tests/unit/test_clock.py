import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from verifier.clock import SystemClock, day_of, instant_of
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
