"""International rules and tables of doses: how they come into a store, and what they replace."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.rules import (
    NOW,
    anchor,
    cms,
    doses,
    encoded,
    folder,
    regulation,
    rule,
    take,
    upload,
    value_set,
)

from trustlists import TrustStore, import_rules
from trustlists.anchors import read_anchors
from trustlists.rules import stored
from trustlists.rules.importing import PRIMARY_DOSES, RulesReport
from verifier.clock import day_of
from verifier.errors import RuleSetInvalid, SetupError, TrustListInvalid, TrustListRollback
from verifier.rules.regulation import Regulation
from verifier.rules.ruleset import RuleSet

ONE = rule("GR-FR-0001")
LATER = NOW + 30 * 86_400  # the bundled table is of 22 November


def put(store: Path, document: Any, called: str = "a.json", **options: Any) -> RulesReport:
    data = document if isinstance(document, bytes) else encoded(document)
    source = store.parent / called
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(data)
    [report] = take(store, source, **options).lists
    return report


def regulations(store: Path) -> tuple[Regulation, ...]:
    with TrustStore.open(store) as opened:
        found = opened.regulations()
        assert opened.regulations() is found
    return found


def of(store: Path, country: str = "FR") -> RuleSet:
    with TrustStore.open(store) as opened:
        found = opened.rule_set(country)
    assert found
    return found


# International rules


def test_a_regulation_is_a_list_by_itself(store: Path) -> None:
    report = put(store, regulation())
    assert (report.name, report.form) == ("regulation-ihr-poliomyelitis", "pratique")
    assert (report.regulations, report.rules, report.countries, report.anchor) == (1, 0, (), "")
    assert report.changes
    assert [(each.identifier, each.versions) for each in report.changes.new] == [
        ("regulation-ihr-poliomyelitis", ("2026-10-01",))
    ]
    [found] = regulations(store)
    assert (found.authority, found.disease, found.as_of) == ("IHR", "poliomyelitis", "2026-10-01")
    assert found.provenance
    assert not found.provenance.authenticated
    assert found.for_country("GH").provenance == (found.provenance,)


def test_a_store_without_any_has_none(store: Path) -> None:
    put(store, [ONE])
    assert regulations(store) == ()


def test_the_bytes_are_kept_as_they_were(store: Path) -> None:
    written = b"\xef\xbb\xbf \n" + json.dumps(regulation(), indent=3).encode() + b"\n"
    put(store, written)
    with TrustStore.open(store) as opened:
        [(body,)] = opened.rows("SELECT body FROM rules")
    assert body == written.removeprefix(b"\xef\xbb\xbf").strip()


def test_a_newer_one_replaces_it_whatever_its_file_is_called(store: Path) -> None:
    put(store, regulation())
    newer = put(store, regulation(as_of="2026-11-01"), "other.json")
    assert newer.changes
    [changed] = newer.changes.changed
    assert (changed.before, changed.versions) == (("2026-10-01",), ("2026-11-01",))
    assert [each.as_of for each in regulations(store)] == ["2026-11-01"]


def test_one_on_another_disease_stands_beside_it(store: Path) -> None:
    put(store, regulation())
    put(store, regulation(disease="cholera"))
    put(store, regulation(authority="Specimen authority"))
    assert {(each.authority, each.disease) for each in regulations(store)} == {
        ("IHR", "poliomyelitis"), ("IHR", "cholera"), ("Specimen authority", "poliomyelitis"),
    }  # fmt: skip


@pytest.mark.parametrize("document", [regulation, doses])
def test_an_older_one_is_refused(store: Path, document: Any) -> None:
    put(store, document())
    with pytest.raises(TrustListRollback, match="in a lower version than the store"):
        put(store, document(as_of="2026-09-30"), "older.json")
    again = put(store, document())
    assert again.changes
    assert again.changes.unchanged == 1


def test_one_that_is_older_than_the_bundled_one_is_refused(store: Path) -> None:
    with pytest.raises(TrustListRollback, match=r"newer edition, of 2014-05-05\."):
        put(store, regulation(as_of="2014-05-04"))
    assert put(store, regulation(as_of="2014-05-05")).changes


@pytest.mark.parametrize("document", [regulation, doses])
def test_one_that_is_dated_ahead_would_keep_all_others_out(store: Path, document: Any) -> None:
    with pytest.raises(RuleSetInvalid, match="dated later than today"):
        put(store, document(as_of=day_of(NOW + 2 * 86_400)))
    assert put(store, document(as_of=day_of(NOW + 86_400))).changes


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (regulation(rules=[]), "rules of the regulation"),
        (regulation(schema="pratique.regulation/2"), "schema of the regulation"),
        (doses(products=[]), "products of the table"),
        (doses(country=None), "does not say whose"),
        (b'{"schema": "pratique.doses/1", ', "no JSON object"),
    ],
)
def test_a_broken_one_is_refused_whole_and_says_why(store: Path, document: Any, what: str) -> None:
    with pytest.raises(SetupError, match=what):
        put(store, document)
    assert not store.exists()


def test_in_a_folder_each_is_told_from_rules_and_value_sets(store: Path, tmp_path: Path) -> None:
    place = folder(tmp_path, ONE)
    for called, document in (
        ("polio.json", regulation()), ("doses.json", doses()), ("values.json", value_set()),
        ("broken.json", regulation(rules=[])),
    ):  # fmt: skip
        (place / called).write_bytes(encoded(document))
    done = take(store, place, keep_going=True)
    assert {each.name for each in done.lists if not each.refusal} == {
        "regulation-ihr-poliomyelitis", "doses-fr", "rules-fr:rules", "value-sets:rules",
    }  # fmt: skip
    assert not done.complete


# Signed


def test_an_authority_may_sign_one(store: Path, tmp_path: Path) -> None:
    report = put(
        store, cms(encoded(regulation())), "polio.cms", anchors=[anchor(tmp_path, upload("FR"))]
    )
    assert (report.name, report.form, report.anchor) == (
        "regulation-ihr-poliomyelitis", "cms", "anchor",
    )  # fmt: skip
    [found] = regulations(store)
    assert found.provenance
    assert found.provenance.authenticated


def test_a_signed_one_is_not_replaced_by_one_that_nobody_has_signed(
    store: Path, tmp_path: Path
) -> None:
    anchors = [anchor(tmp_path, upload("FR"))]
    put(store, cms(encoded(regulation())), "polio.cms", anchors=anchors)
    with pytest.raises(TrustListInvalid, match="nobody has signed this edition"):
        put(store, regulation(as_of="2026-11-01"))


def test_an_anchor_of_one_country_has_no_word_on_what_holds_in_all(
    store: Path, tmp_path: Path
) -> None:
    [whole] = read_anchors(anchor(tmp_path, upload("FR")))
    bound = whole._replace(countries=frozenset({"FR"}))
    with pytest.raises(TrustListInvalid, match="no rule"):
        put(store, cms(encoded(regulation())), "polio.cms", anchors=[bound])
    assert put(store, cms(encoded(doses())), "doses.cms", anchors=[bound]).doses == 1


# Tables of doses


def test_a_table_belongs_to_the_rule_set_of_its_country(store: Path) -> None:
    put(store, [ONE, rule("GR-DE-0001")], "rules.json")
    report = put(store, doses())
    assert (report.name, report.doses, report.countries) == ("doses-fr", 1, ("FR",))
    french = of(store)
    assert french.series
    assert french.series.doses["EU/1/20/1525"] == 1
    assert french.series_from
    assert (french.series_from.list.name, french.series_from.authenticated) == ("doses-fr", False)
    german = of(store, "DE")
    assert (german.series, german.series_from) == (None, None)


def test_without_rules_a_table_is_no_rule_set(store: Path) -> None:
    put(store, doses())
    with TrustStore.open(store) as opened:
        assert opened.rule_set("FR") is None
        assert stored.countries(opened) == ()


def test_its_country_may_be_named_at_the_import(store: Path) -> None:
    put(store, doses(country=None), country="FRA")
    put(store, [ONE], "rules.json")
    assert of(store).series


def test_the_bundled_table_is_adopted_for_a_country_and_for_no_other(store: Path) -> None:
    put(store, [ONE, rule("GR-DE-0001")], "rules.json")
    assert of(store).series is None
    done = import_rules(store, [], now=LATER, adopt_doses=["FRA"])
    assert [each.name for each in done.lists] == ["doses-fr"]
    french = of(store)
    assert french.series
    assert french.series.doses["EU/1/20/1528"] == 2
    assert of(store, "DE").series is None


def test_it_may_be_adopted_by_its_file_as_well(store: Path) -> None:
    put(store, [ONE], "rules.json")
    import_rules(store, [PRIMARY_DOSES], now=LATER, country="FR")
    assert of(store).series


def test_who_adopts_it_is_a_country(store: Path) -> None:
    with pytest.raises(SetupError, match="two or three letters"):
        import_rules(store, [], now=NOW, adopt_doses=["Utopia"])
