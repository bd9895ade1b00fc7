"""Dates of CertLogic: forms, impossible ones, zones, and arithmetic that overflows."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from verifier.rules.certlogic import Instant, NotEvaluable, compile_logic
from verifier.rules.times import birth_date, date_time, later
from verifier.rules.values import NotEvaluable as Same

FORM = re.compile(
    r"[0-9]{4}(-[0-9]{2})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{1,2}(:?[0-9]{2})?)?)?"
)


def moved(text: str, amount: int = 0, unit: str = "day") -> str:
    return str(Instant(later(amount, unit)(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021", "2021-12-31T00:00:00.000Z"),
        ("2021-02", "2021-02-28T00:00:00.000Z"),
        ("2020-02", "2020-02-29T00:00:00.000Z"),
        ("2021-12", "2021-12-31T00:00:00.000Z"),
        ("9999-12", "9999-12-31T00:00:00.000Z"),
        ("0001", "0001-12-31T00:00:00.000Z"),
        ("2021-04", "2021-04-30T00:00:00.000Z"),
        ("2021-06-01", "2021-06-01T00:00:00.000Z"),
        ("2021-06-01T12:34:56", "2021-06-01T12:34:56.000Z"),
        ("2021-06-01T12:34:56Z", "2021-06-01T12:34:56.000Z"),
        ("2021-06-01T12:34:56.1", "2021-06-01T12:34:56.100Z"),
        ("2021-06-01T12:34:56.000Z", "2021-06-01T12:34:56.000Z"),
        ("2021-06-01T12:34:56.9999Z", "2021-06-01T12:34:56.999Z"),
        ("2021-06-01T12:34:56.0019999999999999+01:00", "2021-06-01T11:34:56.001Z"),
        ("2021-06-01T00:00:00+02:00", "2021-05-31T22:00:00.000Z"),
        ("2021-06-01T00:00:00-02:00", "2021-06-01T02:00:00.000Z"),
        ("2021-06-01T00:00:00+05:45", "2021-05-31T18:15:00.000Z"),
        ("2021-06-01T00:00:00-03:30", "2021-06-01T03:30:00.000Z"),
        ("2021-06-01T00:00:00+00:01", "2021-05-31T23:59:00.000Z"),
        ("2021-06-01T00:00:00-00:01", "2021-06-01T00:01:00.000Z"),
        ("2021-06-01T00:00:00+23:59", "2021-05-31T00:01:00.000Z"),
        ("2021-06-01T00:00:00+2", "2021-05-31T22:00:00.000Z"),
        ("2021-06-01T00:00:00+02", "2021-05-31T22:00:00.000Z"),
        ("2021-06-01T00:00:00+230", "2021-05-31T21:30:00.000Z"),
        ("2021-06-01T00:00:00+0230", "2021-05-31T21:30:00.000Z"),
        ("2021-06-01T00:00:00+2:30", "2021-05-31T21:30:00.000Z"),
        ("2021-06-01T00:00:00.5-0230", "2021-06-01T02:30:00.500Z"),
        ("2021-06-01T00:00:00-00:00", "2021-06-01T00:00:00.000Z"),
    ],
)
def test_forms_of_dates(text: str, expected: str) -> None:
    assert moved(text) == expected


IMPOSSIBLE = [
    "", "2", "202", "20211", "2021-", "2021-1", "2021-001", "2021-13", "2021-00", "2021-09-99",
    "2021-02-29", "2021-00-01", "2021-01-00", "2021-6-1", "2021/06/01", "20210601", "2021-W01-1",
    "2021-W1", "2021-W01", "0000", "0000-01", "0000-01-01", "10000-01-01", "-2021-01-01",
    "２０２１", "２０２１-06-01", "2021-06-0１",
    "2021-06-01 ", " 2021-06-01", "2021-06-01\n", "2021\n", "\ud800021",
    "2021-06-01T", "2021-06-01T12", "2021-06-01T12:34", "2021-06-01T12:34:5",
    "2021-06-01 12:34:56", "2021-06-01t12:34:56Z", "2021-06-01T12:34:56z", "2021-06-01T25:00:00Z",
    "2021-06-01T24:00:00Z", "2021-06-01T24:00:00", "2021-06-01T24:00:00.5Z", "2021-06-01T12:60:00Z",
    "2021-06-01T12:00:60Z", "2021-06-01T12:34:56.", "2021-06-01T12:34:56.Z",
    "2021-06-01T12:34:56,5Z", "2021-06-01T12:34:56+", "2021-06-01T12:34:56+1:2",
    "2021-06-01T12:34:56+01:", "2021-06-01T12:34:56+24:00", "2021-06-01T12:34:56+01:60",
    "2021-06-01T12:34:56+01:99", "2021-06-01T12:34:56+99", "2021-06-01T12:34:56+01:00:00",
    "2021-06-01T12:34:56 +01:00", "2021-06-01T12:34:56ZZ", "2021-06-01T12:34:56Z\n",
    "2021-06-01T12:34:56+0١:00", "2021-02-29T00:00:00Z", "2021-02-29T00:00:00.5Z",
    "0001-01-01T00:00:00+00:01", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01",
    "9999-12-31T23:59:59-01:00", "2021-06-01T12:34:56." + "0" * 1000, "+021-06-01", "2021-06-+1",
    "2021-06-01T12:34:+6Z", "2021-W01-1T00:00:00", "2021-06-01T10:00+01", "None",
]  # fmt: skip


@pytest.mark.parametrize("text", IMPOSSIBLE, ids=ascii)
def test_what_is_no_date(text: str) -> None:
    for read in (date_time, birth_date, later(1, "day"), later(-1, "month")):
        with pytest.raises(NotEvaluable) as caught:
            read(text)
        assert caught.value.__context__ is None
        assert caught.type is Same


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2004", "2004-12-31"), ("2004-02", "2004-02-29"), ("2004-02-01", "2004-02-01")],
)
def test_dates_of_birth(text: str, expected: str) -> None:
    logic = compile_logic({"dccDateOfBirth": [{"var": ""}]})
    assert str(logic.value(text)) == f"{expected}T00:00:00.000Z"
    for more in ("T00:00:00Z", "T00:00:00", "-01", "Z", " "):
        with pytest.raises(NotEvaluable):
            logic.value(f"2004-02-01{more}")


@pytest.mark.parametrize(
    ("text", "amount", "unit", "expected"),
    [
        ("2020-02-29", 1, "year", "2021-03-01"),
        ("2020-02-29", 4, "year", "2024-02-29"),
        ("2020-02-29", -1, "year", "2019-03-01"),
        ("2021-01-31", 1, "month", "2021-03-03"),
        ("2020-01-31", 1, "month", "2020-03-02"),
        ("2021-03-31", -1, "month", "2021-03-03"),
        ("2021-05-31", -3, "month", "2021-03-03"),
        ("2021-12-31", 2, "month", "2022-03-03"),
        ("2021-11-15", 14, "month", "2023-01-15"),
        ("2021-01-15", -1, "month", "2020-12-15"),
        ("2021-01-15", -13, "month", "2019-12-15"),
        ("2021-01-15", -12, "month", "2020-01-15"),
        ("2021-12-31", 1, "day", "2022-01-01"),
        ("2021-03-01", -1, "day", "2021-02-28"),
        ("2021-06-01", 48, "hour", "2021-06-03"),
        ("2021-06-01", -24, "hour", "2021-05-31"),
        ("1900", -120, "year", "1780-12-31"),
        ("2004-02", 18, "year", "2022-03-01"),
        ("9999-11-30", 1, "month", "9999-12-30"),
        ("0001-02-01", -1, "month", "0001-01-01"),
    ],
)
def test_what_overflows_goes_on_and_is_never_clamped(
    text: str, amount: int, unit: str, expected: str
) -> None:
    assert moved(text, amount, unit) == f"{expected}T00:00:00.000Z"
    if len(text) == 10:
        # The time of day is kept.
        kept = "T01:02:03.004Z"
        assert moved(text + kept, amount, unit) == expected + kept


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("9999-12-31", 1, "day"), ("9999-12-31", 24, "hour"), ("9999-12-31", 1, "month"),
        ("9999-12-31", 1, "year"), ("0001-01-01", -1, "day"), ("0001-01-01", -1, "hour"),
        ("0001-01-01", -1, "month"), ("0001-01-01", -1, "year"), ("2021", 100_000_000, "year"),
        ("2021", -100_000_000, "month"), ("2021", 100_000_000, "day"),
        ("2021", -100_000_000, "hour"),
    ],
)  # fmt: skip
def test_years_end(text: str, amount: int, unit: str) -> None:
    with pytest.raises(NotEvaluable, match="1 to 9999"):
        moved(text, amount, unit)


def test_a_month_that_runs_over_the_end_of_years_is_refused() -> None:
    assert moved("9999-08-31", 3, "month") == "9999-12-01T00:00:00.000Z"


@given(st.text(alphabet="0123456789-T:Z+. W,", max_size=30))
@example("2021-06-01T12:34:56+5:3")
def test_no_text_of_another_form_is_read(text: str) -> None:
    for read, form in ((date_time, FORM.fullmatch(text)), (birth_date, len(text) <= 10)):
        try:
            read(text)
        except NotEvaluable:
            continue
        assert form


MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001 - UTC is meant


@given(MOMENTS, st.integers(-14 * 60, 14 * 60), st.integers(0, 9), st.data())
def test_a_zone_is_taken_away(when: datetime, zone: int, digits: int, data: st.DataObject) -> None:
    local = when.replace(microsecond=0)
    sign, (hours, minutes) = "+-"[zone < 0], divmod(abs(zone), 60)
    tails = [f"{sign}{hours:02}:{minutes:02}", f"{sign}{hours}{minutes:02}"]
    if not minutes:
        tails += [f"{sign}{hours}", f"{sign}{hours:02}"]
    fraction = f"{when.microsecond:06}000"[:digits]
    text = local.isoformat() + (f".{fraction}" if digits else "")
    expected = local - timedelta(minutes=zone)
    thousandths = int(fraction[:3].ljust(3, "0"))
    for tail in [data.draw(st.sampled_from(tails))]:
        read = date_time(text + tail)
        assert read == expected + timedelta(milliseconds=thousandths)


@given(MOMENTS, st.integers(-3000, 3000))
def test_months_are_added_to_the_field(when: datetime, months: int) -> None:
    text = when.replace(microsecond=0).isoformat()
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    try:
        moved_to = later(months, "month")(text) if months else date_time(text)
    except NotEvaluable:
        assert not 1 <= year < 9999
        return
    first = when.replace(microsecond=0, day=1, year=year, month=month + 1)
    assert moved_to == first + timedelta(days=when.day - 1)
