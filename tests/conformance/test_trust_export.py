"""Exports, comparisons and bundles of the lists of WHO's network (gdhcn-trust)."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.certificates import stored_in
from support.conformance import conformance
from support.office import NOW, Office

from trustlists import (
    Form,
    LeftOut,
    TrustStore,
    check_sources,
    compare,
    export_keys,
    import_sources,
    make_bundle,
    take_bundle,
)
from trustlists.checking import Code
from trustlists.records import Role
from verifier.countries import alpha_2

AT = int(datetime(2026, 8, 22, 17, 5, 1, tzinfo=UTC).timestamp())
Row = dict[str, str]


def root(environment: str) -> Path:
    return conformance("gdhcn", environment, "v2", "trustlist", "did.json")


def inventory(environment: str) -> list[Row]:
    path = conformance("gdhcn", "inventory", f"{environment}-v2-entries.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def signers(environment: str) -> list[Row]:
    """Give the signers of real nations."""
    return [
        row
        for row in inventory(environment)
        if row["usage"] == "DSC" and row["participant"] != "XXH"
    ]


@pytest.fixture
def production(tmp_path: Path) -> Path:
    path = tmp_path / "production.sqlite"
    import_sources(path, [root("prod")], now=AT)
    return path


@pytest.mark.parametrize("form", [Form.PEM, Form.JWKS])
def test_the_production_list_comes_back_from_its_export(
    production: Path, tmp_path: Path, form: Form
) -> None:
    with TrustStore.open(production) as store:
        done = export_keys(store, form)
        before = {
            (each.key.kid, each.key.spki, each.certificate)
            for each in stored_in(store)
            if each.role == Role.SIGNER
        }
    expected = signers("prod")
    assert done.keys == len(expected) == 433
    assert done.left_out == {LeftOut.NOT_A_SIGNER: len(inventory("prod")) - len(expected)}
    file, again = tmp_path / "exported", tmp_path / "again.sqlite"
    file.write_text(done.text)
    import_sources(again, [file], now=AT)
    with TrustStore.open(again) as store:
        after = {(each.key.kid, each.key.spki, each.certificate) for each in stored_in(store)}
    assert after == before


def test_key_sets_are_written_better_than_they_came(production: Path, tmp_path: Path) -> None:
    with TrustStore.open(production) as store:
        (tmp_path / "keys.json").write_text(export_keys(store, "jwks").text)
    report = check_sources([tmp_path / "keys.json"], at=AT)
    assert Code.JWK_NOT_CONFORMING not in report.counts()


def test_countries_are_chosen_as_in_the_inventory(production: Path) -> None:
    counts = Counter(alpha_2(row["participant"]) for row in signers("prod"))
    with TrustStore.open(production) as store:
        for country, number in counts.items():
            assert export_keys(store, "jwks", country=country).keys == number
        whole = json.loads(export_keys(store, "json").text)
    assert len(whole["keys"]) == len(inventory("prod"))
    assert {each["vouched"] for each in whole["keys"]} <= {"list", "chain", "offline_root"}


def test_two_environments_differ_by_what_the_inventories_say(
    production: Path, tmp_path: Path
) -> None:
    acceptance = tmp_path / "acceptance.sqlite"
    import_sources(acceptance, [root("uat")], now=AT)
    report = compare(production, acceptance, now=AT)
    assert not report.same
    assert [each.presence.value for each in report.lists] == ["gone", "new"]
    assert len(report.lists[0].gone) == len(inventory("prod"))
    assert compare(production, root("prod"), now=AT).same


def test_the_production_store_goes_through_a_bundle(production: Path, tmp_path: Path) -> None:
    central = Office(tmp_path / "office")
    first = central.root()
    bundle, desk = tmp_path / "office.bundle", tmp_path / "desk.sqlite"
    made = make_bundle(
        production, bundle, roots=central.roots, signers=central.private("a"), now=NOW
    )
    assert made.missing == 0
    taken = take_bundle(desk, bundle, root=first, now=NOW)
    assert len(taken.changes.lists[0].new) == len(inventory("prod"))
    assert compare(production, desk, now=AT).same
