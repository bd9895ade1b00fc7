import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from verifier.claims import Kind
from verifier.errors import RuleSetInvalid
from verifier.rules.asking import Asking, Subject
from verifier.rules.bundled import regulations
from verifier.rules.certlogic import Truth
from verifier.rules.products import PRODUCTS
from verifier.rules.regulation import read_regulation
from verifier.rules.selection import Why
from verifier.rules.turning_days import noon_of
from verifier.rules.unknown import UNKNOWN

YELLOW_FEVER, POLIO = regulations()


def document(**members: Any) -> dict[str, Any]:
    text = (files("verifier.rules.bundled") / "yellow-fever.json").read_text("utf-8")
    whole: dict[str, Any] = {**json.loads(text), **members}
    return {name: value for name, value in whole.items() if value is not None}


def dose(day: str, product: object = "x-pratique:yf-stamaril", *, zone: int = 0) -> Subject:
    payload = {"v": [{"tg": UNKNOWN, "mp": product, "dt": day}]}
    return Subject((payload,), Kind.VACCINATION, issuer="BR", zone=zone)


def ask(subject: Subject, day: str) -> Truth:
    return Asking(YELLOW_FEVER.for_country("GH")).all(subject, noon_of(day)).total


def test_the_bundled_ones_are_on_two_diseases() -> None:
    assert (YELLOW_FEVER.disease, POLIO.disease) == ("yellow-fever", "poliomyelitis")
    assert {YELLOW_FEVER.authority, POLIO.authority} == {"IHR"}
    assert regulations() is regulations()


def test_approved_products_are_those_that_are_prequalified() -> None:
    (approved,) = YELLOW_FEVER.value_sets.sets
    listed = {each.mp for each in PRODUCTS.values() if "yellow-fever" in each.diseases and each.pq}
    assert set(approved.codes) == listed
    assert len(listed) == 5


@pytest.mark.parametrize(
    ("after", "truth"),
    [(0, Truth.FAILED), (9, Truth.FAILED), (10, Truth.PASSED), (11, Truth.PASSED)],
)
def test_yellow_fever_counts_from_the_tenth_day(after: int, truth: Truth) -> None:
    given = date(2026, 5, 1)
    assert ask(dose(given.isoformat()), (given + timedelta(days=after)).isoformat()) is truth


def test_the_tenth_day_begins_where_the_traveller_arrives() -> None:
    asking = Asking(YELLOW_FEVER.for_country("GH"))
    evening = noon_of("2026-05-10") + 11 * 3600  # 23 h in UTC
    assert asking.all(dose("2026-05-01"), evening).total is Truth.FAILED
    assert asking.all(dose("2026-05-01", zone=2 * 3600), evening).total is Truth.PASSED


@pytest.mark.parametrize("given", ["1987-03-01", "2005-07-30", "2016-07-10"])
def test_yellow_fever_counts_for_life_also_before_2016(given: str) -> None:
    assert ask(dose(given), "2026-05-01") is Truth.PASSED
    assert ask(dose(given), "2090-05-01") is Truth.PASSED


def test_a_product_that_is_not_stated_leaves_it_open_and_another_fails() -> None:
    assert ask(dose("2020-05-01", UNKNOWN), "2026-05-01") is Truth.OPEN
    assert ask(dose("2020-05-01", "x-pratique:yf-yf-vax"), "2026-05-01") is Truth.FAILED


def test_a_recommendation_that_has_lapsed_decides_nothing() -> None:
    asking = Asking(POLIO.for_country("PK"))
    subject = dose("2014-05-01")
    assert asking.all(subject, noon_of("2014-06-01")).total is Truth.PASSED
    assert asking.all(dose("2013-05-01"), noon_of("2014-06-01")).total is Truth.FAILED
    later = asking.all(subject, noon_of("2026-05-01"))
    assert later.total is Truth.OPEN
    assert [each.why for each in later.selection.open] == [Why.LAPSED]
    assert later.selection.none_in_force


def test_a_rule_has_its_clause_and_what_follows() -> None:
    assert YELLOW_FEVER.bases["IHR-YF-0003"].startswith("IHR (2005), annex 7")
    assert "six days" in YELLOW_FEVER.consequences["IHR-YF-0003"]["en"]
    assert YELLOW_FEVER.consequences["IHR-YF-0001"] == {}


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"schema": "pratique.regulation/2"}, "schema"),
        ({"authority": None}, "authority"),
        ({"disease": ""}, "disease"),
        ({"source": 5}, "source"),
        ({"as_of": None}, "as_of"),
        ({"rules": []}, "rules"),
        ({"rules": {}}, "rules"),
        ({"rules": ["no rule"]}, "rules"),
        ({"value_sets": {}}, "value_sets"),
        ({"value_sets": ["none"]}, "value_sets"),
    ],
)
def test_what_is_of_another_form_is_named(members: dict[str, Any], named: str) -> None:
    with pytest.raises(RuleSetInvalid, match=named):
        read_regulation(document(**members))


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"Basis": 5}, "Basis"),
        ({"Consequence": "words"}, "Consequence"),
        ({"Consequence": ["words"]}, "Consequence"),
        ({"Consequence": [{"lang": "en"}]}, "Consequence"),
        ({"Logic": {"no such operator": []}}, "logic"),
        ({"Identifier": None}, "Identifier"),
    ],
)
def test_a_rule_of_another_form_is_named(members: dict[str, Any], named: str) -> None:
    rule = {**document()["rules"][0], **members}
    with pytest.raises(RuleSetInvalid, match=named):
        read_regulation(document(rules=[rule]))


def test_value_sets_may_be_absent() -> None:
    rules = document()["rules"][:1]
    assert read_regulation(document(value_sets=None, rules=rules)).value_sets.sets == ()
