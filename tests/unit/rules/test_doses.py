import pytest
from support.presenting import COVID, claims, dose, entries

from verifier.reasons import Reason
from verifier.rules.payload import contexts_of
from verifier.rules.unknown import UNKNOWN

COMIRNATY, SPIKEVAX, CHADOX = ("cvx", "208"), ("cvx", "207"), ("cvx", "210")
VAXZEVRIA, ANY = ("name", "Vaxzevria"), ("cvx", "213")


@pytest.mark.parametrize(
    ("doses", "number", "day", "products"),
    [
        ([(COMIRNATY, "2021-05-01")], 1, "2021-05-01", {"cov-comirnaty"}),
        (
            [(COMIRNATY, "2021-05-01"), (COMIRNATY, "2021-06-12")],
            2,
            "2021-06-12",
            {"cov-comirnaty"},
        ),
        # In whatever order a document lists them; mixed series; three.
        ([(SPIKEVAX, "2021-06-12"), (COMIRNATY, "2021-05-01")], 2, "2021-06-12", {"cov-spikevax"}),
        (
            [(COMIRNATY, "2021-01-01"), (COMIRNATY, "2021-02-01"), (SPIKEVAX, "2021-12-01")],
            3,
            "2021-12-01",
            {"cov-spikevax"},
        ),
        # One dose that is written twice, once with less known of it.
        ([(COMIRNATY, "2021-05-01"), (COMIRNATY, "2021-05-01")], 1, "2021-05-01",
         {"cov-comirnaty"}),
        ([(COMIRNATY, "2021-05-01"), (ANY, "2021-05-01")], 1, "2021-05-01", {"cov-comirnaty"}),
        ([(ANY, "2021-05-01"), (COMIRNATY, "2021-05-01")], 1, "2021-05-01", {"cov-comirnaty"}),
        ([(CHADOX, "2021-05-01"), (VAXZEVRIA, "2021-05-01")], 1, "2021-05-01", {"cov-vaxzevria"}),
        ([(VAXZEVRIA, "2021-05-01"), (CHADOX, "2021-05-01")], 1, "2021-05-01", {"cov-vaxzevria"}),
        # Three days apart are two doses.
        ([(COMIRNATY, "2021-05-01"), (COMIRNATY, "2021-05-04")], 2, "2021-05-04",
         {"cov-comirnaty"}),
        # Months that lie apart, too.
        ([(COMIRNATY, "2021-05"), (COMIRNATY, "2021-07-12")], 2, "2021-07-12", {"cov-comirnaty"}),
    ],
)  # fmt: skip
def test_a_card_counts_its_doses(
    doses: list[tuple[tuple[str, str], str]], number: int, day: str, products: set[str]
) -> None:
    presented = contexts_of(claims([dose(code, day=when) for code, when in doses]))
    assert {each["dn"] for each in entries(presented)} == {number}
    assert {each["dt"] for each in entries(presented)} == {day}
    assert {each["sd"] for each in entries(presented)} == {UNKNOWN}
    assert set(presented.products) == products
    assert Reason.DOSES_CONTRADICT not in presented.reasons
    assert Reason.DOSES_NOT_COUNTED in presented.reasons


@pytest.mark.parametrize(
    ("doses", "days", "products"),
    [
        # Two products on one day.
        ([(COMIRNATY, "2021-05-01"), (SPIKEVAX, "2021-05-01")], {"2021-05-01"}, set()),
        # A day or two apart: one of the dates may be a mistake.
        ([(COMIRNATY, "2021-05-01"), (COMIRNATY, "2021-05-02")], {"2021-05-01", "2021-05-02"},
         {"cov-comirnaty"}),
        ([(COMIRNATY, "2021-05-01"), (COMIRNATY, "2021-05-03")], {"2021-05-01", "2021-05-03"},
         {"cov-comirnaty"}),
        ([(COMIRNATY, "2021-05-01"), (SPIKEVAX, "2021-05-03")], {"2021-05-01", "2021-05-03"},
         set()),
        # A month may be the month of the other day.
        ([(COMIRNATY, "2021-05"), (COMIRNATY, "2021-05-12")], {"2021-05-01", "2021-05-31"},
         {"cov-comirnaty"}),
        ([(COMIRNATY, "2021"), (COMIRNATY, "2021-05-12"), (COMIRNATY, "2021-08-12")],
         {"2021-01-01", "2021-12-31"}, {"cov-comirnaty"}),
        # The doubt lies before the last dose.
        ([(COMIRNATY, "2021-05-01"), (SPIKEVAX, "2021-05-01"), (SPIKEVAX, "2021-08-01")],
         {"2021-08-01"}, {"cov-spikevax"}),
    ],
)  # fmt: skip
def test_doses_that_may_be_the_same_are_not_counted(
    doses: list[tuple[tuple[str, str], str]], days: set[str], products: set[str]
) -> None:
    presented = contexts_of(claims([dose(code, day=when) for code, when in doses]))
    assert {each["dn"] for each in entries(presented)} == {UNKNOWN}
    assert {each["dt"] for each in entries(presented)} == days
    assert set(presented.products) == products
    assert Reason.DOSES_CONTRADICT in presented.reasons


def test_a_dose_without_a_date_does_not_count() -> None:
    presented = contexts_of(claims([dose(COMIRNATY), dose(COMIRNATY, day="")]))
    (entry,) = entries(presented)
    assert (entry["dn"], entry["dt"]) == (1, "2026-10-20")
    for undated in ([dose(COMIRNATY, day="")], [dose(COMIRNATY, day=""), dose(ANY, day="")]):
        presented = contexts_of(claims(undated))
        (entry,) = entries(presented)
        assert (entry["dn"], entry["dt"], entry["mp"]) == (UNKNOWN, UNKNOWN, "EU/1/20/1528")
        assert Reason.EVENT_DATE_UNKNOWN in presented.reasons


def test_numbers_of_a_seal_attest_doses_that_it_does_not_list() -> None:
    def number(*doses: tuple[int, str]) -> object:
        given = [dose(COMIRNATY, day=day, disease=COVID, dose=said) for said, day in doses]
        (entry,) = entries(contexts_of(claims(given, family="vds-nc")))
        assert entry["sd"] is UNKNOWN
        return entry["dn"]

    assert number((3, "2021-12-01")) == 3
    assert number((2, "2021-05-01"), (3, "2021-12-01")) == 3
    # The last two of several, numbered from one.
    assert number((1, "2021-05-01"), (1, "2021-12-01")) == 2
    # One dose under two numbers.
    assert number((1, "2021-05-01"), (2, "2021-05-01")) == 2


@pytest.mark.parametrize("family", ["who-ddcc", "who-icvp", "divoc"])
@pytest.mark.parametrize(("said", "total"), [(2, 2), (1, 1), (3, None), (None, None)])
def test_one_dose_is_numbered_as_it_says_and_never_by_habit(
    family: str, said: int | None, total: int | None
) -> None:
    given = dose(COMIRNATY, disease=COVID, dose=said, doses=total)
    presented = contexts_of(claims([given], family=family))
    (entry,) = entries(presented)
    assert entry["dn"] == (said or UNKNOWN)
    assert entry["sd"] == (total or UNKNOWN)
    assert (Reason.DOSES_NOT_COUNTED in presented.reasons) == (total is None)


def test_numbers_of_series_that_differ_are_not_known() -> None:
    given = [dose(COMIRNATY, day=f"2021-0{n}-01", dose=n, doses=n) for n in (1, 2)]
    (entry,) = entries(contexts_of(claims(given, family="vds-nc")))
    assert (entry["dn"], entry["sd"]) == (2, UNKNOWN)
