from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from verifier.rules.certlogic import Truth, compile_logic
from verifier.rules.turning_days import (
    Spans,
    Term,
    dates_in,
    days_of_change,
    first_from,
    noon_of,
    spans_of,
    term_of,
)

CLOCK = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}


def within(first: int, last: int, unit: str = "day") -> dict[str, object]:
    dose = {"var": "payload.v.0.dt"}
    return {
        "not-after": [
            {"plusTime": [dose, first, unit]},
            CLOCK,
            {"plusTime": [dose, last, unit]},
        ]
    }


def judge(logic: object, dose: str, day: str) -> Truth:
    payload = {"v": [{"dt": dose}]}
    clock = {"validationClock": f"{day}T12:00:00Z"}
    return compile_logic(logic).judge({"payload": payload, "external": clock})


def test_spans_are_those_of_the_clock_and_those_of_other_dates() -> None:
    logic = {
        "and": [
            {"before": [{"plusTime": [{"var": "external.validationClock"}, -18, "year"]}, CLOCK]},
            {"after": [{"plusTime": ["2026-01-05", 48, "hour"]}, CLOCK]},
        ]
    }
    spans = spans_of(logic)
    assert spans.of_clock == {0.0, -18 * 365.25}
    assert spans.of_dates == {0.0, 2.0}
    assert spans.named_days == {"2026-01-05"}


def test_every_date_of_a_payload_is_found_partial_ones_by_their_end() -> None:
    payload = {
        "dob": "1980",
        "v": [{"dt": "2026-05-17", "is": "2026-xx-xx", "dn": 2}],
        "t": [{"sc": "2026-05-17T10:00:00+02:00", "tc": "no date"}],
        "m": "1980-05",
        "x": "",
    }
    found = {day.isoformat() for day in dates_in(payload)}
    assert found == {"1980-12-31", "2026-05-17", "1980-05-28"}


def test_a_term_has_the_first_and_the_last_day() -> None:
    days = days_of_change(spans_of(within(14, 270)), frozenset({date(2026, 1, 1)}))
    term = term_of(days, lambda day: judge(within(14, 270), "2026-01-01", day))
    # At noon of the 270th day its midnight is past: certlogic-rules notes, 5.
    assert term == Term("2026-01-15", "2026-09-27")


def test_a_term_without_an_end_has_none() -> None:
    days = days_of_change(Spans(frozenset({0.0}), frozenset({14.0}), frozenset()), frozenset())
    assert term_of(days, lambda _: Truth.PASSED) == Term(None, None)
    assert term_of(days, lambda _: Truth.OPEN) == Term(None, None)
    assert term_of(days, lambda _: Truth.FAILED) == Term(None, None)


def test_days_that_a_rule_names_itself_count() -> None:
    spans = Spans(frozenset({0.0}), frozenset({0.0}), frozenset({"2026-03-01", "no day"}))
    assert {"2026-02-28", "2026-03-01", "2026-03-02"} <= set(days_of_change(spans, frozenset()))


def test_the_first_day_to_come_is_after_the_day_itself() -> None:
    at = noon_of("2026-11-20")
    assert first_from([], at, lambda _: Truth.PASSED) == "2026-11-21"
    days = ["2026-11-19", "2026-11-25", "2026-12-01"]
    asked = []

    def answer(day: str) -> Truth:
        asked.append(day)
        return Truth.PASSED if day >= "2026-11-25" else Truth.FAILED

    assert first_from(days, at, answer) == "2026-11-25"
    assert asked == ["2026-11-21", "2026-11-25"]
    assert first_from(days, at, lambda _: Truth.OPEN) is None


@given(
    dose=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    first=st.integers(0, 400),
    length=st.integers(1, 400),
    unit=st.sampled_from(["day", "hour", "month"]),
)
@example(dose=date(2021, 2, 1), first=7, length=1, unit="month")  # 13 months of 393 days
def test_terms_are_those_that_asking_every_day_gives(
    dose: date, first: int, length: int, unit: str
) -> None:
    scale = {"day": 1, "hour": 24, "month": 1}[unit]
    bounds = (first, first + length) if unit != "month" else (first % 12, first % 12 + 6)
    logic = within(bounds[0] * scale, bounds[1] * scale, unit)
    given_on = dose.isoformat()
    days = days_of_change(spans_of(logic), frozenset({dose}))
    term = term_of(days, lambda day: judge(logic, given_on, day))
    every = [(dose + timedelta(days=each)).isoformat() for each in range(-2, 900)]
    met = [day for day in every if judge(logic, given_on, day) is Truth.PASSED]
    assert met
    assert (term.first, term.last) == (met[0], met[-1])
