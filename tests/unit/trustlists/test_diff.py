import base64
import errno
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.certificates import certificate, ec_key, jwk, name, pem, spki_of
from support.gdhcn import document_signer, signed, unsigned
from support.gdhcn import entry as gdhcn_entry

import trustlists.diff
from trustlists import import_sources
from trustlists.anchors import read_anchors
from trustlists.diff import CountryDiff, DiffReport, Fact, KeyName, Presence, compare
from verifier.codecs.x509 import read_certificate
from verifier.errors import SetupError
from verifier.trust import Environment

NOW = 1_795_000_000
ONE = certificate(ec_key("one"), subject=name(country="DE"))
TWO = certificate(ec_key("two"), subject=name(country="FR"))
THREE = certificate(ec_key("three"), subject=name(country="FR"))


def kid(der: bytes) -> bytes:
    return read_certificate(der).kid


def written(path: Path, *ders: bytes) -> Path:
    path.write_text("".join(map(pem, ders)))
    return path


def compared(old: Path, new: Path, **how: object) -> DiffReport:
    return compare(old, new, now=NOW, **how)  # type: ignore[arg-type]


def test_the_same_list_is_the_same_whatever_its_file_is_called(tmp_path: Path) -> None:
    old, new = written(tmp_path / "a.pem", ONE, TWO), written(tmp_path / "b.pem", TWO, ONE)
    report = compared(old, new)
    [only] = report.lists
    assert report.same
    assert (only.old_name, only.new_name, only.name) == ("pem:a", "pem:b", "pem:b")
    assert (only.presence, only.unchanged) == (Presence.BOTH, 2)
    assert report.countries() == ()


def test_keys_are_new_and_gone_by_country(tmp_path: Path) -> None:
    old = written(tmp_path / "a.pem", ONE)
    new = written(tmp_path / "b.pem", TWO, THREE)
    report = compared(old, new)
    [only] = report.lists
    assert not report.same
    assert only.gone == (KeyName("DE", kid(ONE)),)
    assert only.new == tuple(sorted(KeyName("FR", kid(der)) for der in (TWO, THREE)))
    assert report.countries() == (
        CountryDiff("pem:b", "DE", 0, 1, 0),
        CountryDiff("pem:b", "FR", 2, 0, 0),
    )


def key_set(path: Path, **members: object) -> Path:
    path.write_text(json.dumps({"keys": [jwk(ec_key("a"), **members)]}))  # type: ignore[arg-type]
    return path


def test_a_fact_that_changed_is_named_with_both_values(tmp_path: Path) -> None:
    stores = []
    for place, (country, scheme) in enumerate((("DE", "eu-dcc"), ("AT", "at-exemption"))):
        stores.append(tmp_path / f"{place}.sqlite")
        import_sources(
            stores[-1], [key_set(tmp_path / "k.json")], now=NOW, country=country, scheme=scheme
        )
    report = compared(*stores)
    [only] = report.lists
    [key] = only.changed
    assert [tuple(change) for change in key.facts] == [
        (Fact.COUNTRY, "DE", "AT"),
        (Fact.SCHEMES, "eu-dcc", "at-exemption"),
    ]
    assert (key.country, only.new, only.gone, report.same) == ("AT", (), (), False)


def test_another_key_under_the_same_id_is_another_key(tmp_path: Path) -> None:
    old = key_set(tmp_path / "old.json")
    new = tmp_path / "new.json"
    new.write_text(json.dumps({"keys": [jwk(ec_key("b"))]}))
    [only] = compared(old, new).lists
    assert only.new == only.gone == (KeyName("", bytes(range(8))),)


def test_a_certificate_that_was_renewed_for_the_same_key_is_a_change(tmp_path: Path) -> None:
    def with_chain(path: Path, der: bytes) -> Path:
        entry = jwk(ec_key("one"), x5c=[base64.b64encode(der).decode()])
        del entry["kid"]
        path.write_text(json.dumps({"keys": [entry]}))
        return path

    renewed = certificate(ec_key("one"), subject=name(country="DE", organisation="Ministry"))
    report = compared(
        with_chain(tmp_path / "old.json", ONE), with_chain(tmp_path / "new.json", renewed)
    )
    # The id is the hash of the certificate, so that the renewed one is new under this rule.
    assert [len(part) for part in (report.lists[0].new, report.lists[0].gone)] == [1, 1]


def test_who_vouches_is_a_fact(tmp_path: Path) -> None:
    keys = written(tmp_path / "keys.pem", ONE)
    plain, vouched = tmp_path / "plain.sqlite", tmp_path / "vouched.sqlite"
    import_sources(plain, [keys], now=NOW)
    import_sources(vouched, [keys], now=NOW, anchors=[keys])
    [only] = compared(plain, vouched).lists
    [change] = only.changed[0].facts
    fingerprint = read_anchors(keys)[0].fingerprint.hex()
    assert change == (Fact.VOUCHED, "", f"list {fingerprint}")
    # A file says the same of its keys as the store that was made of it.
    assert compared(plain, keys).same
    assert not compared(vouched, keys).same
    assert compared(vouched, keys, anchors=[keys]).same


def test_lists_are_found_by_their_names_where_there_are_several(tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    import_sources(old, [written(tmp_path / "a.pem", ONE)], now=NOW)
    import_sources(new, [tmp_path / "a.pem", written(tmp_path / "b.pem", TWO, THREE)], now=NOW)
    same, fresh = compared(old, new).lists
    assert (same.name, same.same, fresh.name, fresh.presence) == (
        "pem:a", True, "pem:b", Presence.NEW,
    )  # fmt: skip
    assert (len(fresh.new), fresh.old_name, fresh.same) == (2, "", False)
    assert fresh.moved is False
    same, lost = compared(new, old).lists
    assert (lost.name, lost.presence, len(lost.gone)) == ("pem:b", Presence.GONE, 2)


def test_the_date_is_told_and_makes_no_difference(tmp_path: Path) -> None:
    anchor = tmp_path / "who.pem"
    anchor.write_text(pem(spki_of(ec_key("own")), "PUBLIC KEY"))
    for day in (1, 2):
        document = unsigned(
            gdhcn_entry(document_signer("one")), created=f"2026-10-0{day}T00:00:00Z"
        )
        (tmp_path / f"{day}.json").write_bytes(signed(document, key="own"))
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    report = compared(first, second, anchors=[anchor])
    [only] = report.lists
    assert report.same
    assert only.old_dated is not None
    assert only.new_dated == only.old_dated + 86_400
    assert (only.old_environment, only.new_environment) == (Environment.PRODUCTION,) * 2
    # Without the anchor nobody has signed the date either.
    store = tmp_path / "trust.sqlite"
    import_sources(store, [first], now=NOW, anchors=[anchor])
    assert compared(store, second, anchors=[anchor]).lists[0].old_dated == only.old_dated


def test_another_environment_is_a_difference(tmp_path: Path) -> None:
    keys = written(tmp_path / "keys.pem", ONE)
    stores = [tmp_path / "a.sqlite", tmp_path / "b.sqlite"]
    for store, environment in zip(stores, ("production", "acceptance"), strict=True):
        import_sources(store, [keys], now=NOW, environment=environment)
    report = compared(*stores)
    assert (report.lists[0].moved, report.same) == (True, False)
    # A file that does not say where it belongs is not held against it.
    assert compared(stores[1], keys).same


def test_entries_that_could_not_be_read_are_counted(tmp_path: Path) -> None:
    old = written(tmp_path / "a.pem", ONE)
    new = written(tmp_path / "b.pem", ONE, b"rubbish", b"more")
    report = compared(old, new)
    assert (report.lists[0].refused, report.same) == ((0, 2), True)


@pytest.mark.parametrize("missing", ["nothing.json", "words.txt", "torn.sqlite"])
def test_a_side_that_cannot_be_read_is_an_error(tmp_path: Path, missing: str) -> None:
    (tmp_path / "words.txt").write_text("no list")
    (tmp_path / "torn.sqlite").write_bytes(b"SQLite format 3\0")
    good = written(tmp_path / "a.pem", ONE)
    for sides in ((good, tmp_path / missing), (tmp_path / missing, good)):
        with pytest.raises(SetupError):
            compared(*sides)


def test_a_file_that_fails_while_its_kind_is_looked_for_is_left_to_its_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(type(Path())):  # type: ignore[misc]
        def open(self, *_: object, **__: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

    good = written(tmp_path / "a.pem", ONE)
    monkeypatch.setattr(trustlists.diff, "Path", Failing)
    assert compared(good, good).same  # the reader opens files in its own way


COUNTRIES = st.lists(st.sampled_from(["DE", "FR", "IT", "ES"]), min_size=1, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(COUNTRIES, COUNTRIES)
def test_what_is_new_one_way_is_gone_the_other_way(
    tmp_path: Path, before: list[str], after: list[str]
) -> None:
    made = {country: certificate(ec_key("k"), subject=name(country=country)) for country in before}
    made |= {country: certificate(ec_key("k"), subject=name(country=country)) for country in after}
    old = written(tmp_path / "old.pem", *(made[country] for country in before))
    new = written(tmp_path / "new.pem", *(made[country] for country in after))
    [there], [back] = compared(old, new).lists, compared(new, old).lists
    assert (there.new, there.gone, there.unchanged) == (back.gone, back.new, back.unchanged)
    assert {key.country for key in there.new} == set(after) - set(before)
    assert there.unchanged + len(there.new) == len(after)
    assert there.same is (set(before) == set(after))
