"""Value sets: both forms, all codes, and which date counts when."""

import pytest
from support.rules import value_set

from verifier.errors import RuleSetInvalid
from verifier.rules.valuesets import ValueSet, ValueSets, read_value_sets

MAY, JUNE = 1_777_593_600, 1_780_272_000  # 2026, the first of each at 00:00Z


def dated(date: str, *codes: str, identifier: str = "tg") -> ValueSet:
    return ValueSet(identifier, date, codes, {})


def test_a_file_gives_all_codes_active_or_not_and_their_names() -> None:
    [found] = read_value_sets(value_set())
    assert (found.identifier, found.date) == ("covid-19-lab-result", "2026-05-01")
    assert found.codes == ("260415000", "260373001")
    assert found.name_of("260415000") == "Specimen 260415000"
    assert found.name_of("of nobody") == "of nobody"


def test_values_of_another_shape_are_codes_without_names() -> None:
    document = value_set() | {"valueSetValues": {"Specimen": {"vaccine-code": "EU/0"}, "Bare": 1}}
    [found] = read_value_sets(document)
    assert (found.codes, found.names) == (("Specimen", "Bare"), {})


def test_a_map_gives_a_set_for_each_identifier() -> None:
    found = read_value_sets({"tt": ["a", "b"], "tg": []})
    assert found == (ValueSet("tg", "", (), {}), ValueSet("tt", "", ("a", "b"), {}))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"tt": "a"},
        {"tt": ["a"], "other": {}},
        {"tt": ["a", 1]},
        {"": ["a"]},
        {"x" * 101: ["a"]},
        {"valueSetId": 7, "valueSetDate": "2026-05-01", "valueSetValues": {}},
        value_set() | {"valueSetValues": []},
        value_set() | {"valueSetDate": None},
        value_set() | {"valueSetDate": "1 May 2026"},
        value_set() | {"valueSetDate": "2026-5-01"},
    ],
)
def test_what_is_none_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(RuleSetInvalid):
        read_value_sets(document)


def test_the_newest_set_whose_day_has_come_is_in_force() -> None:
    sets = ValueSets((dated("2026-06-01", "a", "b"), dated("2026-05-01", "a"), dated("", "z")))
    assert sets.in_force(MAY - 1) == {"tg": ("z",)}
    assert sets.in_force(MAY) == {"tg": ("a",)}
    assert sets.in_force(JUNE - 1) == {"tg": ("a",)}
    assert sets.in_force(JUNE) == {"tg": ("a", "b")}
    assert sets.at(JUNE)["tg"].date == "2026-06-01"


def test_where_all_are_later_the_oldest_stands_in() -> None:
    sets = ValueSets((dated("2026-06-01", "a", "b"), dated("2026-05-01", "a")))
    assert sets.in_force(0) == {"tg": ("a",)}


def test_each_identifier_is_looked_at_by_itself() -> None:
    sets = ValueSets((dated("2026-06-01", "a"), dated("2026-05-01", "b", identifier="tt")))
    assert sets.in_force(MAY) == {"tg": ("a",), "tt": ("b",)}
    assert ValueSets().in_force(MAY) == {}
