"""Counts of the keys of a store, all or those that are asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, jwk, name, pem, rsa_key, tlv

from trustlists import KeyCount, LevelCount, TrustStore, count_keys, import_sources
from trustlists.records import Level
from verifier.errors import SetupError
from verifier.trust import Environment

NOW = 1_795_000_000
START, END = 1_767_225_600, 2_082_758_400  # the usual validity of the tests' certificates
LAPSED = tlv(0x17, b"260601000000Z")


@pytest.fixture
def opened(tmp_path: Path, store: Path, german: Path, list_key: Path) -> Iterator[TrustStore]:
    """Two lists: a signed one with DE and FR, a loose one with DE twice and a key of nowhere."""
    loose, bare = tmp_path / "loose.pem", tmp_path / "bare.json"
    ders = [
        certificate(rsa_key(2048), subject=name(country="DE")),
        certificate(ec_key("old"), subject=name(country="DE"), not_after=LAPSED),
    ]
    loose.write_text("".join(map(pem, ders)))
    bare.write_text(str({"keys": [jwk(ec_key("a"))]}).replace("'", '"'))
    import_sources(store, [german, loose, bare], now=NOW, anchors=[list_key])
    with TrustStore.open(store) as found:
        yield found


def rows(counts: tuple[KeyCount, ...]) -> list[tuple[object, ...]]:
    return [(each.of, each.list, each.keys, each.authenticated, each.in_date) for each in counts]


def test_all_keys_are_counted_by_list_country_and_kind(opened: TrustStore) -> None:
    counts = count_keys(opened, NOW)
    assert [(each.name, keys.keys, keys.authenticated) for each, keys in counts.lists] == [
        ("dcc:list-key", 2, 2),
        ("jwks:bare", 1, 0),
        ("pem:loose", 2, 0),
    ]
    assert rows(counts.countries) == [
        ("", "jwks:bare", 1, 0, 1),
        ("DE", "dcc:list-key", 1, 1, 1),
        ("DE", "pem:loose", 2, 0, 1),
        ("FR", "dcc:list-key", 1, 1, 1),
    ]
    assert rows(counts.algorithms) == [
        ("P-256", "dcc:list-key", 2, 2, 2),
        ("P-256", "jwks:bare", 1, 0, 1),
        ("P-256", "pem:loose", 1, 0, 0),
        ("RSA 2048", "pem:loose", 1, 0, 1),
    ]
    assert counts.levels == (
        LevelCount("dcc:list-key", Level.LIST, 2),
        LevelCount("jwks:bare", Level.NONE, 1),
        LevelCount("pem:loose", Level.NONE, 2),
    )
    nowhere, germany = counts.countries[:2]
    assert germany.environment is Environment.PRODUCTION
    assert (germany.not_before, germany.not_after) == (START, END)
    assert (nowhere.not_before, nowhere.not_after) == (None, None)


@pytest.mark.parametrize(
    ("asked", "lists", "keys"),
    [
        ({"country": "DEU"}, ["dcc:list-key", "pem:loose"], 3),
        ({"country": "fr"}, ["dcc:list-key"], 1),
        ({"country": ""}, ["jwks:bare"], 1),
        ({"country": "IT"}, [], 0),
        ({"list_name": "pem:loose"}, ["pem:loose"], 2),
        ({"algorithm": "RSA"}, ["pem:loose"], 1),
        ({"algorithm": "rsa 2048"}, ["pem:loose"], 1),
        ({"algorithm": "p-256", "country": "DE"}, ["dcc:list-key", "pem:loose"], 2),
        ({"algorithm": "RSA 4096"}, [], 0),
        ({"only_in_date": True}, ["dcc:list-key", "jwks:bare", "pem:loose"], 4),
        ({"only_in_date": True, "algorithm": "P-256", "list_name": "pem:loose"}, [], 0),
    ],
    ids=str,
)
def test_only_what_is_asked_for_is_counted(
    opened: TrustStore, asked: dict[str, str], lists: list[str], keys: int
) -> None:
    counts = count_keys(opened, NOW, **asked)
    assert [each.name for each, _ in counts.lists] == lists
    for found in (counts.countries, counts.algorithms, [each for _, each in counts.lists]):
        assert sum(each.keys for each in found) == keys


def test_an_instant_decides_what_is_in_date(opened: TrustStore) -> None:
    for at, number in ((START - 1, 1), (START, 5), (NOW, 4), (END, 4), (END + 1, 1)):
        counts = count_keys(opened, at, only_in_date=True)
        assert sum(each.keys for each in counts.countries) == number
        everything = count_keys(opened, at)
        assert sum(each.in_date for each in everything.countries) == number


def test_what_is_no_country_is_told(opened: TrustStore) -> None:
    with pytest.raises(SetupError):
        count_keys(opened, NOW, country="Germany")
