"""Rules in a store: editions, no step back, whose list speaks, and what a desk gets."""

import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from support.certificates import certificate, ec_key, name, pem
from support.dcc_lists import SIGNER, austrian_signature
from support.gateway import TA, State
from support.rules import (
    NOW,
    anchor,
    austrian_rules,
    cms,
    encoded,
    folder,
    gateway,
    german,
    german_key,
    rule,
    take,
    upload,
    value_set,
)

from trustlists import TrustStore, count_keys, import_sources
from trustlists.anchors import Anchor
from trustlists.records import Refusal
from trustlists.rules import stored
from trustlists.rules.importing import RulesReport, import_rules
from trustlists.writing import drafting
from verifier.errors import EnvironmentMixed, SetupError, TrustListRollback, TrustStoreInvalid
from verifier.rules.ruleset import RuleSet
from verifier.trust import Environment, Freshness

ONE, TWO = rule("GR-FR-0001"), rule("VR-FR-0002")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "listed.json"


def put(store: Path, listed: Path, *documents: Any, **options: Any) -> RulesReport:
    """Take an array of rules, always the same list."""
    listed.write_bytes(encoded(documents))
    [report] = take(store, listed, **options).lists
    return report


def of(store: Path, country: str = "FR") -> RuleSet | None:
    with TrustStore.open(store) as opened:
        return opened.rule_set(country)


# Editions


def test_an_edition_replaces_the_one_before_and_says_what_changed(
    store: Path, listed: Path
) -> None:
    put(store, listed, ONE, TWO, rule("TR-FR-0001"), rule("TR-FR-0002", Version="1.9.0"))
    newer = rule("TR-FR-0002", Version="1.10.0")
    other = rule("VR-FR-0002", AffectedFields=["r"])
    changes = put(store, listed, ONE, other, newer, rule("RR-FR-0001")).changes
    assert changes
    assert [each.identifier for each in changes.new] == ["RR-FR-0001"]
    assert [each.identifier for each in changes.gone] == ["TR-FR-0001"]
    assert [(each.identifier, each.before, each.versions) for each in changes.changed] == [
        ("TR-FR-0002", ("1.9.0",), ("1.10.0",)),
        ("VR-FR-0002", ("1.0.0",), ("1.0.0",)),
    ]
    assert changes.unchanged == 1
    found = of(store)
    assert found
    assert len(found.rules) == 4


def test_a_rule_that_was_broken_and_is_mended_has_changed(store: Path, listed: Path) -> None:
    put(store, listed, ONE, rule("VR-FR-0002", Version="1"))
    changes = put(store, listed, ONE, TWO).changes
    assert changes
    assert [each.identifier for each in changes.changed] == ["VR-FR-0002"]


def test_the_same_rule_twice_is_stored_once(store: Path, listed: Path) -> None:
    put(store, listed, ONE, ONE)
    found = of(store)
    assert found
    assert len(found.rules) == 1


def test_a_lower_version_is_refused(store: Path, listed: Path) -> None:
    put(store, listed, ONE, rule("VR-FR-0002", Version="1.10.0"))
    before = store.read_bytes()
    with pytest.raises(TrustListRollback, match="VR-FR-0002 in a lower version"):
        put(store, listed, ONE, rule("VR-FR-0002", Version="1.9.9"))
    assert store.read_bytes() == before
    # Withdrawn whole it may be, and an older version beside a newer one is no step back.
    put(store, listed, rule("VR-FR-0002", Version="1.9.9"), rule("VR-FR-0002", Version="1.10.0"))
    put(store, listed, ONE)


def test_an_older_signature_is_refused(store: Path, tmp_path: Path) -> None:
    anchors = [anchor(tmp_path, SIGNER)]

    def publish(begins: int, **members: Any) -> None:
        content = austrian_rules(rule(**members))
        (tmp_path / "at").mkdir(exist_ok=True)
        (tmp_path / "at" / "rules.bin").write_bytes(content)
        signed = austrian_signature(content, label=-65537, version=1, begins=begins)
        (tmp_path / "at" / "rules.sig").write_bytes(signed)
        take(store, tmp_path / "at", anchors=anchors)

    publish(NOW - 100, Version="1.0.1")
    with pytest.raises(TrustListRollback, match="is older than"):
        publish(NOW - 101, Version="1.0.2")
    with pytest.raises(TrustListRollback, match="lower version"):
        publish(NOW - 100, Version="1.0.0")
    # Only the publisher can withdraw a version, by signing the whole anew.
    publish(NOW - 99, Version="1.0.0")


def test_each_rule_signed_by_itself_says_nothing_of_the_others(store: Path, tmp_path: Path) -> None:
    anchors = [anchor(tmp_path, upload("FR"))]
    source = tmp_path / "fr.json"
    source.write_bytes(gateway(rule(Version="1.0.1")))
    take(store, source, anchors=anchors)
    source.write_bytes(gateway(rule(Version="1.0.0"), TWO))
    with pytest.raises(TrustListRollback):
        take(store, source, anchors=anchors)


def test_a_signed_list_is_not_replaced_by_one_that_nobody_signed(
    store: Path, tmp_path: Path
) -> None:
    anchors = [anchor(tmp_path, upload("FR"))]
    source = tmp_path / "fr.json"
    source.write_bytes(gateway(ONE, signing_time=None))
    take(store, source, anchors=anchors)
    with pytest.raises(SetupError, match="nobody has signed this edition"):
        take(store, folder(tmp_path, ONE, TWO, called="gateway"))
    found = of(store)
    assert found
    assert (len(found.rules), found.authenticated) == (1, True)
    # The other way it may be.
    take(store, folder(tmp_path / "first", ONE, called="later"))
    take(store, source, anchors=anchors)


def test_a_refused_list_leaves_the_others_where_that_is_wanted(
    store: Path, tmp_path: Path, listed: Path
) -> None:
    put(store, listed, rule(Version="1.0.1"))
    listed.write_bytes(encoded([rule(Version="1.0.0")]))
    place = folder(tmp_path, rule("GR-DE-0001"))
    done = take(store, listed, place, keep_going=True)
    assert [bool(each.refusal) for each in done.lists] == [True, False]
    assert not done.complete
    assert of(store, "DE")
    found = of(store)
    assert found
    assert found.rules[0].version == (1, 0, 1)


def test_two_sources_are_not_one_list(store: Path, tmp_path: Path) -> None:
    one = folder(tmp_path / "one", ONE)
    other = folder(tmp_path / "other", TWO)
    with pytest.raises(SetupError, match="Two sources would both be"):
        take(store, one, other)
    assert not store.exists()


def test_values_of_earlier_dates_are_kept(store: Path, tmp_path: Path, listed: Path) -> None:
    put(store, listed, ONE)
    place = tmp_path / "sets"
    place.mkdir()
    for date, codes in (("2026-05-01", "a"), ("2026-06-01", "ab"), ("2026-06-01", "abc")):
        (place / "sets.json").write_bytes(encoded(value_set("tt", date, *codes)))
        take(store, place)
    (place / "sets.json").write_bytes(encoded(value_set("tg", "2026-01-01", "x")))
    take(store, place)
    with TrustStore.open(store) as opened:
        values, _ = stored.value_sets(opened)
    assert values.in_force(NOW) == {"tg": ("x",)}


def test_an_upload_certificate_is_its_own_country_s(store: Path, tmp_path: Path) -> None:
    listed = tmp_path / "gateway.json"
    listed.write_bytes(encoded(State("FR").entries()))
    import_sources(store, [listed], now=NOW + 9000, anchors=[anchor(tmp_path, TA, "ta.pem")])
    with drafting(store) as draft:
        found = draft.uploader(upload("FR"), "FR")
        assert found
        assert (found.name, draft.uploader(upload("FR"), "DE")) == ("ta", None)


# Environments, ages, anchors


def test_rules_belong_to_the_environment_of_the_store(store: Path, listed: Path) -> None:
    assert put(store, listed, ONE).environment is Environment.PRODUCTION
    with pytest.raises(EnvironmentMixed):
        put(store, listed, ONE, environment="specimen")
    assert put(store, listed, ONE, environment="specimen", mix_environments=True)
    found = of(store)
    assert found
    assert found.provenance[0].list.environment is Environment.SPECIMEN


def test_how_long_rules_are_relied_on(store: Path, listed: Path) -> None:
    put(store, listed, ONE, max_age=86_400)
    found = of(store)
    assert found
    source = found.provenance[0].list
    assert source.freshness(NOW + 86_400) is Freshness.FRESH
    assert source.freshness(NOW + 86_401) is Freshness.TOO_OLD


def _described(place: Path, **limits: Any) -> Anchor:
    from trustlists.anchors import read_anchors  # noqa: PLC0415 - only here

    [found] = read_anchors(german_key(place))
    return found._replace(**limits)


def test_an_anchor_vouches_for_its_countries_alone(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "rules.zip"
    broken = rule("TR-DE-0002", Version="1")
    source.write_bytes(german([ONE, rule("GR-DE-0001"), broken]))
    french = _described(tmp_path, countries=frozenset({"FR"}))
    [report] = take(store, source, anchors=[french]).lists
    assert report.refused == (
        ("GR-DE-0001", Refusal.NOT_VOUCHED_FOR), ("TR-DE-0002", Refusal.NOT_VOUCHED_FOR)
    )  # fmt: skip
    assert (report.broken, of(store, "DE")) == ((), None)


@pytest.mark.parametrize("limits", [{"dialect": "dcc"}, {"until": NOW - 1}])
def test_an_anchor_for_other_lists_or_times_vouches_for_nothing(
    store: Path, tmp_path: Path, limits: dict[str, Any]
) -> None:
    source = tmp_path / "rules.zip"
    source.write_bytes(german([ONE]))
    with pytest.raises(SetupError):
        take(store, source, anchors=[_described(tmp_path, **limits)])
    take(store, source, anchors=[_described(tmp_path, dialect="rules", until=NOW)])


def test_a_signature_from_the_future_is_told(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "list.cms"
    source.write_bytes(cms(encoded([ONE])))
    anchors = [anchor(tmp_path, upload("FR"))]
    done = import_rules(store, [source], now=1_793_000_000, anchors=anchors)
    assert done.lists[0].from_future
    assert done.complete
    keys = tmp_path / "keys.pem"
    keys.write_text(pem(certificate(ec_key("one"), subject=name(country="FR"))))
    import_sources(store, [keys], now=1_793_000_000)
    with TrustStore.open(store) as opened:
        assert opened.floor() == 1_793_534_400


def test_a_country_is_two_letters_or_three(store: Path, listed: Path) -> None:
    with pytest.raises(SetupError, match="two or three letters"):
        put(store, listed, ONE, country="France")


# What a desk gets


def test_a_store_gives_a_set_once(store: Path, listed: Path) -> None:
    put(store, listed, ONE)
    with TrustStore.open(store) as opened:
        found = opened.rule_set("FR")
        assert found is opened.rule_set("FR")
        assert opened.rule_set("FRA") == found
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    with pytest.raises(TrustStoreInvalid):
        opened.rule_set("FR")


@pytest.mark.parametrize("country", ["DE", "", "nowhere", "XX"])
def test_there_is_no_set_of_a_country_without_rules(
    store: Path, listed: Path, country: str
) -> None:
    put(store, listed, ONE)
    assert of(store, country) is None


def test_an_issuer_without_rules_costs_no_look_into_the_store(
    store: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, listed, ONE)
    with TrustStore.open(store) as opened:
        assert opened.rule_set("DE") is None
        monkeypatch.setattr(TrustStore, "rows", lambda *_: pytest.fail("asked again"))
        assert opened.rule_set("DE") is None
        assert opened.rule_set("ITA") is None


def test_one_list_speaks_for_a_type_of_rule(store: Path, tmp_path: Path, listed: Path) -> None:
    place = folder(tmp_path, ONE, rule("IR-FR-0001"))
    import_rules(store, [place], now=NOW - 100)
    put(store, listed, TWO)
    found = of(store)
    assert found
    # The newer list speaks for acceptance; of invalidation it says nothing.
    assert sorted(each.identifier for each in found.rules) == ["IR-FR-0001", "VR-FR-0002"]
    assert [each.list.name for each in found.provenance] == ["rules:listed", "rules-fr:rules"]


def test_a_signed_list_speaks_before_a_newer_one(store: Path, tmp_path: Path, listed: Path) -> None:
    source = tmp_path / "rules.zip"
    source.write_bytes(german([ONE]))
    import_rules(store, [source], now=NOW - 100, anchors=[german_key(tmp_path)])
    put(store, listed, TWO)
    found = of(store)
    assert found
    assert [each.identifier for each in found.rules] == ["GR-FR-0001"]
    assert found.authenticated


def test_broken_rules_speak_too(store: Path, tmp_path: Path, listed: Path) -> None:
    import_rules(store, [folder(tmp_path, ONE)], now=NOW - 100)
    put(store, listed, rule("GR-DE-0001"), rule("VR-FR-0002", Version="1"))
    found = of(store)
    assert found
    assert (found.rules, found.incomplete) == ((), ("VR-FR-0002",))
    put(store, listed, rule("GR-DE-0001"), rule("VR-FR-0002", Version="1", Type="Booster"))
    found = of(store)
    assert found
    assert ([each.identifier for each in found.rules], found.incomplete) == (["GR-FR-0001"], ())


def test_a_broken_rule_without_a_type_is_of_both(store: Path, tmp_path: Path, listed: Path) -> None:
    import_rules(store, [folder(tmp_path, ONE, rule("IR-FR-0001"))], now=NOW - 100)
    put(store, listed, rule("GR-DE-0001"), rule("odd", Country="FR", Type=None))
    found = of(store)
    assert found
    assert (found.rules, found.incomplete) == ((), ("odd",))


def test_what_a_stricter_program_cannot_read_is_missing(store: Path, listed: Path) -> None:
    put(store, listed, ONE, TWO)
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE rules SET body = x'7b7d' WHERE identifier = 'GR-FR-0001'")
    connection.close()
    found = of(store)
    assert found
    assert ([each.identifier for each in found.rules], found.incomplete) == (
        ["VR-FR-0002"], ("GR-FR-0001",)
    )  # fmt: skip


def test_signed_value_sets_count_before_others(store: Path, tmp_path: Path, listed: Path) -> None:
    put(store, listed, ONE)
    signed = tmp_path / "sets.cms"
    signed.write_bytes(cms(encoded(value_set("tt", "2026-05-01", "a"))))
    take(store, signed, anchors=[anchor(tmp_path, upload("FR"))])
    bare = tmp_path / "bare.json"
    bare.write_bytes(encoded({"tt": ["a", "b"], "tg": ["x"]}))
    take(store, bare)
    found = of(store)
    assert found
    assert found.value_sets.in_force(NOW) == {"tt": ("a",), "tg": ("x",)}
    assert [each.authenticated for each in found.values_from] == [False, True]


def test_countries_are_counted(store: Path, tmp_path: Path) -> None:
    take(store, folder(tmp_path, ONE, rule("GR-DE-0001")))
    with TrustStore.open(store) as opened:
        assert stored.countries(opened) == ("DE", "FR")


def test_keys_and_rules_share_a_store(store: Path, tmp_path: Path, listed: Path) -> None:
    keys = tmp_path / "keys.pem"
    keys.write_text(pem(certificate(ec_key("one"), subject=name(country="FR"))))
    import_sources(store, [keys], now=NOW - 50)
    put(store, listed, ONE)
    with TrustStore.open(store) as opened:
        newest = opened.newest()
        assert newest
        # No verdict is as new as its rules are.
        assert (newest.name, opened.floor()) == ("pem:keys", NOW)
        assert len(list(opened.keys())) == 1
        # What has no keys is not among the lists of keys.
        assert [each.name for each, _ in count_keys(opened, NOW).lists] == ["pem:keys"]
    import_sources(store, [keys], now=NOW)
    assert of(store)
