"""Keys of DIVOC issuers (DIVOC notes, 8) in the forms found, read where they lie."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from support.certificates import stored_in
from support.conformance import conformance

from trustlists import StoredKey, TrustStore, import_sources
from trustlists.pem_text import read_blocks
from trustlists.public_keys import kind_of
from trustlists.published_keys import is_published
from trustlists.records import Refusal
from verifier.countries import alpha_2

NOW = 1_787_500_000
KINDS = {"RSA-2048": "RSA 2048", "Ed25519": "Ed25519"}


def keys(*name: str) -> Path:
    return conformance("divoc", "keys", *name)


def index() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(keys("keys.json").read_bytes())
    return found


def of_production() -> list[dict[str, Any]]:
    return [each for each in index() if each["role"] == "production"]


def der_of(each: dict[str, Any]) -> bytes:
    [block] = read_blocks(keys(each["file"].rpartition("/")[2]).read_bytes())
    return block.der


def stored(store: Path) -> list[StoredKey]:
    with TrustStore.open(store) as opened:
        return stored_in(opened)


def test_the_folder_makes_one_list_that_nobody_vouches_for(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [keys()], now=NOW, dialect="divoc").lists
    assert (taken.name, taken.keys, taken.authenticated) == ("divoc:keys", 5, 0)
    assert [reason for _, reason in taken.refused] == [Refusal.PRIVATE_KEY_PUBLISHED] * 2
    found = {each.key.kid.decode(): each.key for each in stored(store)}
    for each in of_production():
        key = found[each["verification_method"]]
        assert key.spki == der_of(each)
        assert key.country == alpha_2(each["country"]) != ""
        assert kind_of(key.spki) == KINDS[each["type"]]
        assert (key.schemes, key.authenticated) == ({"divoc"}, False)
    assert len(found) == len(of_production()) == 5


def test_the_key_of_one_country_is_not_found_under_the_label_of_another(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [keys()], now=NOW, dialect="divoc")
    with TrustStore.open(store) as opened:
        for each in of_production():
            [key] = opened.find(each["verification_method"].encode())
            assert key.spki == der_of(each)


def test_test_keys_of_the_same_label_are_for_tests_alone(tmp_path: Path) -> None:
    tests = [each for each in index() if each["role"] != "production"]
    assert all(is_published(der_of(each)) for each in tests)
    assert not any(is_published(der_of(each)) for each in of_production())
    store = tmp_path / "trust.sqlite"
    import_sources(store, [keys()], now=NOW, dialect="divoc", environment="specimen")
    with TrustStore.open(store) as opened:
        assert len(opened.find(b"did:india")) == 3


@pytest.mark.parametrize("anchored", [False, True])
def test_a_person_decides_which_keys_to_believe(tmp_path: Path, *, anchored: bool) -> None:
    store, file = tmp_path / "trust.sqlite", keys("did-india.pem")
    [taken] = import_sources(
        store,
        [file],
        now=NOW,
        scheme="divoc",
        kid="did:india",
        issuer="https://cowin.gov.in/",
        country="IND",
        anchors=[file] if anchored else [],
    ).lists
    assert (taken.name, taken.keys, taken.authenticated) == ("pem:did-india", 1, int(anchored))
    [found] = stored(store)
    assert (found.key.kid, found.key.country) == (b"did:india", "IN")
    assert found.key.issuer == "https://cowin.gov.in/"


def test_a_changed_key_is_no_longer_the_one_vouched_for(tmp_path: Path) -> None:
    store, copy, name = tmp_path / "trust.sqlite", tmp_path / "copy", "did-jamaica.pem"
    copy.mkdir()
    text = keys(name).read_text()
    changed = text.replace("yEAVI1W", "yEAVI1X")
    assert changed != text
    (copy / name).write_text(changed)
    report = import_sources(
        store, [copy / name], now=NOW, dialect="divoc", anchors=[keys(name)], keep_going=True
    )
    [taken] = report.lists
    # Another point of the curve, or none: either way nobody vouches for it.
    assert taken.authenticated == 0
    import_sources(store, [keys(name)], now=NOW, dialect="divoc", anchors=[keys(name)])
    assert [each.key.authenticated for each in stored(store) if each.anchor] == [True]


def test_the_plain_form_holds_the_same(tmp_path: Path) -> None:
    store, plain = tmp_path / "trust.sqlite", tmp_path / "divoc.json"
    entries = [
        {
            "label": each["verification_method"],
            "country": each["country"],
            "public_key": base64.b64encode(der_of(each)).decode(),
        }
        for each in of_production()
    ]
    plain.write_text(json.dumps({"divoc_keys": entries}))
    [taken] = import_sources(store, [plain], now=NOW).lists
    assert (taken.name, taken.keys, taken.refused) == ("divoc:divoc", 5, ())
    import_sources(tmp_path / "other", [keys()], now=NOW, dialect="divoc")
    assert [each.key[:8] for each in stored(store)] == [
        each.key[:8] for each in stored(tmp_path / "other")
    ]
