from datetime import UTC, date, datetime

import pytest
from cbor2 import CBORTag, undefined
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import dates
from verifier.errors import DocumentError
from verifier.limits import LAST_SECOND
from verifier.reasons import Reason


def time_of(value: object) -> tuple[str, int | None] | Reason:
    try:
        return dates.read_time(value)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("value", "day", "when"),
    [
        ("2026-10-20", "2026-10-20", None),
        (" 2026-10-20 ", "2026-10-20", None),
        ("2026-10-20T00:30:00+02:00", "2026-10-20", instant(2026, 10, 19, 22, 30)),
        ("2026-10-20T10:00:00Z", "2026-10-20", instant(2026, 10, 20, 10)),
        ("2026-10-20 10:00:00", "2026-10-20", instant(2026, 10, 20, 10)),
        (CBORTag(0, "2026-10-20T10:00:00Z"), "2026-10-20", instant(2026, 10, 20, 10)),
        (CBORTag(1004, "2026-10-20"), "2026-10-20", None),
        (CBORTag(1, instant(2026, 10, 20, 10)), "2026-10-20", instant(2026, 10, 20, 10)),
        (CBORTag(1, instant(2026, 10, 20, 10) + 0.5), "2026-10-20", instant(2026, 10, 20, 10)),
        (CBORTag(1, -1), "1969-12-31", -1),
        (CBORTag(100, 20_746), "2026-10-20", None),
        (CBORTag(100, 0), "1970-01-01", None),
        (CBORTag(1, LAST_SECOND), "9999-12-31", LAST_SECOND),
    ],
)
def test_a_date_is_read_in_every_form_that_libraries_write(
    value: object, day: str, when: int | None
) -> None:
    assert time_of(value) == (day, when)
    assert dates.read_day(value) == day


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.FIELD_MISSING),
        (undefined, Reason.FIELD_MISSING),
        ("", Reason.FIELD_MISSING),
        (" ", Reason.FIELD_MISSING),
        (CBORTag(0, None), Reason.FIELD_MISSING),
        ("2026-10", Reason.FIELD_MALFORMED),
        ("2026-13-01", Reason.FIELD_MALFORMED),
        ("2026-02-29", Reason.FIELD_MALFORMED),
        ("0026-10-20x", Reason.FIELD_MALFORMED),
        ("2026-W43-2", Reason.FIELD_MALFORMED),
        ("2026-10-20T25:00:00Z", Reason.FIELD_MALFORMED),
        ("2026-10-20Tnoon", Reason.FIELD_MALFORMED),
        ("20.10.2026", Reason.FIELD_MALFORMED),
        (20_746, Reason.FIELD_MALFORMED),
        (True, Reason.FIELD_MALFORMED),
        (["2026-10-20"], Reason.FIELD_MALFORMED),
        (CBORTag(0, 5), Reason.FIELD_MALFORMED),
        (CBORTag(1, "2026-10-20"), Reason.FIELD_MALFORMED),
        (CBORTag(1, float("nan")), Reason.FIELD_MALFORMED),
        (CBORTag(1, float("inf")), Reason.FIELD_MALFORMED),
        (CBORTag(1, LAST_SECOND + 1), Reason.FIELD_MALFORMED),
        (CBORTag(1, -(2**64)), Reason.FIELD_MALFORMED),
        (CBORTag(100, 2**63), Reason.FIELD_MALFORMED),
        (CBORTag(100, None), Reason.FIELD_MALFORMED),
        (CBORTag(2, b"\1"), Reason.FIELD_MALFORMED),
        (CBORTag(0, CBORTag(0, "2026-10-20")), Reason.FIELD_MALFORMED),
    ],
)
def test_what_is_no_whole_date_is_refused(value: object, reason: Reason) -> None:
    assert time_of(value) is reason


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.builds(CBORTag, st.integers(0, 2000), inner),
    max_leaves=5,
)


@given(ANYTHING)
def test_no_value_raises_anything_but_a_document_error(value: object) -> None:
    found = time_of(value)
    if not isinstance(found, Reason):
        date.fromisoformat(found[0])


@given(st.dates(), st.sampled_from(("", "T00:00:00Z", " 12:30:00+14:00")))
def test_every_day_of_the_calendar_is_read(day: date, after: str) -> None:
    assert dates.read_day(f"{day}{after}") == str(day)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_days_are_counted_from_1970(day: date) -> None:
    counted = day.toordinal() - date(1970, 1, 1).toordinal()
    assert dates.read_day(CBORTag(100, counted)) == str(day)
    assert dates.day_begins(str(day)) == counted * 86_400


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2017-12-11", "2017-12-21"),
        ("2026-05-01", "2026-05-11"),
        ("2024-02-29", "2024-03-10"),
        ("2026-12-25", "2027-01-04"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_ten_days_later_is_the_tenth_day_after(day: str, later: str) -> None:
    assert dates.day_after(day, 10) == later


@pytest.mark.parametrize(
    ("known", "first"),
    [("1980", "1980-01-01"), ("1980-05", "1980-05-01"), ("1980-05-17", "1980-05-17")],
)
def test_the_first_day_of_a_partial_date(known: str, first: str) -> None:
    assert dates.earliest(known) == first
