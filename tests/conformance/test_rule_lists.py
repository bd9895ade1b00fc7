"""Published rules and value sets, replayed where they are: all load, none is passed over."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.conformance import conformance
from support.rules import NOW, take

from trustlists import TrustStore
from trustlists.records import Refusal
from trustlists.rules.importing import RulesImport
from verifier.claims import Kind
from verifier.rules.rule import ACCEPTANCE, Rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.selection import Why, select


def sets_of(store: Path) -> dict[str, RuleSet]:
    from trustlists.rules.stored import countries  # noqa: PLC0415 - only here

    with TrustStore.open(store) as opened:
        found = {country: opened.rule_set(country) for country in countries(opened)}
    return {country: rules for country, rules in found.items() if rules}


@pytest.fixture(scope="module")
def countries(tmp_path_factory: pytest.TempPathFactory) -> tuple[RulesImport, dict[str, RuleSet]]:
    store = tmp_path_factory.mktemp("countries") / "trust.sqlite"
    return take(store, conformance("rules", "country-rules")), sets_of(store)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> tuple[RulesImport, dict[str, RuleSet]]:
    store = tmp_path_factory.mktemp("german") / "trust.sqlite"
    return take(store, conformance("rules", "published-de", "dcc-rules.json")), sets_of(store)


def test_all_shared_country_rules_load_but_one_that_is_not_even_json(
    countries: tuple[RulesImport, dict[str, RuleSet]],
) -> None:
    done, sets = countries
    files = [
        path
        for path in conformance("rules", "country-rules").rglob("*.json")
        if path.parent.name != "tests"
    ]
    assert len(files) == 94
    assert sum(each.rules for each in done.lists) == 93
    assert sum(len(each.rules) for each in sets.values()) == 93
    assert {country: len(each.rules) for country, each in sets.items()} == {
        "AT": 16, "DE": 11, "EU": 14, "FR": 15, "IE": 16, "MT": 7, "NL": 1, "PL": 13,
    }  # fmt: skip
    assert {country: each.incomplete for country, each in sets.items() if each.incomplete} == {
        "MT": ("TR-MT-0001",)
    }
    assert not any(each.refused or each.refusal for each in done.lists)
    # One more is JSON, and its logic has an `if` with four operands.
    broken = [each.identifier for report in done.lists for each in report.broken]
    assert broken == ["TR-MT-0001", "VR-MT-0005"]


def test_each_stored_rule_has_the_bytes_of_its_file(tmp_path: Path) -> None:
    folder = conformance("rules", "country-rules", "FR")
    store = tmp_path / "trust.sqlite"
    take(store, folder)
    with TrustStore.open(store) as opened:
        bodies = dict(opened.rows("SELECT identifier, body FROM rules"))
    for path in folder.glob("*/rule.json"):
        data = path.read_bytes().strip()
        assert bodies[json.loads(data)["Identifier"]] == data


def test_malta_is_open_because_a_rule_of_it_is_missing(
    countries: tuple[RulesImport, dict[str, RuleSet]],
) -> None:
    malta = countries[1]["MT"]
    found = select(malta, None, issuer="DE", kind=Kind.TEST, at=NOW)
    assert [(each.identifier, each.why) for each in found.open] == [("TR-MT-0001", Why.BROKEN)]
    found = select(malta, None, issuer="DE", kind=Kind.VACCINATION, at=NOW)
    assert [(each.identifier, each.why) for each in found.open] == [
        ("TR-MT-0001", Why.BROKEN), ("VR-MT-0005", Why.LOGIC),
    ]  # fmt: skip


def test_all_rules_that_germany_published_load(
    german: tuple[RulesImport, dict[str, RuleSet]],
) -> None:
    done, sets = german
    [report] = done.lists
    assert (report.rules, report.broken, report.refused) == (271, (), ())
    assert len(sets) == 24
    assert sum(len(each.rules) for each in sets.values()) == 271


def _by_hand(document: dict[str, Any], kind: Kind) -> bool:
    """Tell in other words than the program's whether a published rule is in force for a kind."""
    return (
        document["Type"] == "Acceptance"
        and document["CertificateType"].lower() in {"general", kind.value}
        and not document.get("Region")
        and document["ValidFrom"][:10] <= "2026-11-18" <= document["ValidTo"][:10]
    )


@pytest.mark.parametrize("kind", [Kind.VACCINATION, Kind.TEST, Kind.RECOVERY])
def test_what_is_selected_is_what_a_reader_would_select(
    german: tuple[RulesImport, dict[str, RuleSet]], kind: Kind
) -> None:
    listed = json.loads(conformance("rules", "published-de", "dcc-rules.json").read_text())
    for country, rules in german[1].items():
        found = select(rules, german[1]["DE"], issuer="DE", kind=kind, at=NOW)
        wanted = sorted(
            each["Identifier"]
            for each in listed
            if each["Country"] == country and _by_hand(each, kind)
        )
        run = {rule.identifier for rule in found.acceptance}
        left = {each.identifier for each in found.open}
        assert sorted(run | left) == wanted, country
        assert found.none_in_force == (not wanted), country
        assert [rule.identifier for rule in found.invalidation] == (
            ["IR-DE-0001"] if kind is Kind.VACCINATION else []
        )


def test_a_rule_for_a_later_engine_is_open(german: tuple[RulesImport, dict[str, RuleSet]]) -> None:
    [(country, rule)] = [
        (country, rule)
        for country, rules in german[1].items()
        for rule in rules.rules
        if rule.engine_version == (2, 0, 1)
    ]
    rules = german[1][country]
    kinds = {"Vaccination": Kind.VACCINATION, "Recovery": Kind.RECOVERY}
    kind = kinds.get(rule.certificate_type, Kind.TEST)
    found = select(rules, None, issuer="DE", kind=kind, at=rule.valid_from)
    assert (rule.identifier, Why.ENGINE_VERSION) in [
        (each.identifier, each.why) for each in found.open
    ]


def test_austria_s_one_rule_is_for_a_region(
    german: tuple[RulesImport, dict[str, RuleSet]],
) -> None:
    austria = german[1]["AT"]
    assert select(austria, None, issuer="DE", kind=Kind.TEST, at=NOW).none_in_force
    found = select(austria, None, issuer="DE", kind=Kind.TEST, at=NOW, region="at")
    assert [rule.identifier for rule in found.acceptance] == ["GR-AT-0000"]


def test_national_types_are_kept_and_never_run(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    take(
        store,
        *(
            conformance("rules", "published-de", f"dcc-{which}.json")
            for which in ("bn-rules", "domestic-rules")
        ),
    )
    germany = sets_of(store)["DE"]
    types = {rule.type for rule in germany.rules}
    assert "BoosterNotification" in types
    found = select(germany, germany, issuer="DE", kind=Kind.VACCINATION, at=NOW)
    run: list[Rule] = [*found.acceptance]
    assert {rule.type for rule in run} == {ACCEPTANCE}


def test_published_value_sets_are_the_lists_that_rules_need(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [report] = take(store, conformance("valuesets")).lists
    assert report.value_sets == 9
    assert {reason for _, reason in report.refused} == {Refusal.NOT_A_RULE}
    from trustlists.rules.stored import value_sets  # noqa: PLC0415 - only here

    with TrustStore.open(store) as opened:
        in_force = value_sets(opened)[0].in_force(NOW)
    keys = json.loads(conformance("rules", "value-set-keys.json").read_text())
    assert set(keys["country-2-codes"]) <= set(in_force["country-2-codes"])
    assert "EU/1/20/1528" in in_force["vaccines-covid-19-names"]
    assert "Comirnaty" in in_force["vaccines-covid-19-encoding-instructions"]

    [flat] = take(store, conformance("rules", "value-set-keys.json")).lists
    assert flat.value_sets == len(keys)
