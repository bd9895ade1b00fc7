import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.certificates import (
    CA,
    VACCINATION,
    certificate,
    ec_key,
    eku,
    entry,
    jwk,
    name,
    pem,
    signed_list,
    spki_of,
    stored_in,
)

import trustlists.dialects
import trustlists.gathering
import trustlists.importing
import trustlists.sources
import trustlists.writing
from trustlists import Refusal, TrustStore, import_sources
from trustlists.anchors import Anchor, read_anchors
from trustlists.dialects import named
from trustlists.faults import Fault
from trustlists.records import ParsedList, Reading
from verifier.codecs.x509 import read_certificate
from verifier.errors import (
    EnvironmentMixed,
    SetupError,
    TrustListInvalid,
    TrustListRollback,
    TrustStoreInvalid,
)
from verifier.trust import Environment

NOW = 1_795_000_000
# The example key of the New Zealand specification; its private half is printed there as well.
PUBLISHED = {
    "x": "zRR-XGsCp12Vvbgui4DD6O6cqmhfPuXMhi1OxPl8760",
    "y": "Iv5SU6FuW-TRYh5_GOrJlcV_gpF_GpFQhCOD8LSk3T0",
}
ONE = certificate(ec_key("one"), subject=name(country="DE", organisation="RKI"))
TWO = certificate(ec_key("two"), subject=name(country="FR"))
THREE = certificate(ec_key("three"), subject=name(country="IT"))


def kid(der: bytes) -> bytes:
    return read_certificate(der).kid


def names_in(store: Path) -> list[str]:
    with TrustStore.open(store) as opened:
        return [each.name for each in opened.lists()]


def names_of(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def kids_in(store: Path) -> set[bytes]:
    with TrustStore.open(store) as opened:
        return {each.key.kid for each in stored_in(opened)}


def written(path: Path, *ders: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(map(pem, ders)))
    return path


def test_a_first_import_makes_the_store(store: Path, german: Path, list_key: Path) -> None:
    report = import_sources(store, [german], now=NOW, anchors=[list_key])
    [taken] = report.lists
    assert report.complete
    assert (taken.source, taken.name) == ("german.txt", "dcc:list-key")
    assert (taken.environment, taken.keys, taken.authenticated) == (Environment.PRODUCTION, 2, 2)
    assert taken.changes is not None
    assert [label.country for label in taken.changes.new] == ["DE", "FR"]
    assert (taken.changes.gone, taken.changes.changed, taken.changes.unchanged) == ((), (), 0)
    assert names_of(store.parent) == ["trust.sqlite", "trust.sqlite.lock"]


def test_a_second_edition_replaces_the_first(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "keys.pem", ONE, TWO)
    import_sources(store, [path], now=NOW)
    limited = certificate(ec_key("two"), subject=name(country="FR"), extensions=[eku(VACCINATION)])
    written(path, ONE, limited, THREE)
    [taken] = import_sources(store, [path], now=NOW + 1).lists
    assert taken.changes is not None
    assert {label.kid for label in taken.changes.new} == {kid(limited), kid(THREE)}
    assert [label.kid for label in taken.changes.gone] == [kid(TWO)]
    assert taken.changes.unchanged == 1
    assert kids_in(store) == {kid(ONE), kid(limited), kid(THREE)}
    assert names_in(store) == ["pem:keys"]


def test_a_key_whose_facts_change_is_reported(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "keys.pem", ONE, TWO)
    import_sources(store, [path], now=NOW)
    [anchor] = read_anchors(written(tmp_path / "anchor.pem", ONE))
    [taken] = import_sources(store, [path], now=NOW, anchors=[anchor]).lists
    assert taken.changes is not None
    assert [label.kid for label in taken.changes.changed] == [kid(ONE)]
    assert taken.authenticated == 1
    # An anchor in the store already is not stored twice.
    again = import_sources(store, [path], now=NOW, anchors=[anchor]).lists[0]
    assert again.changes is not None
    assert again.changes.unchanged == 2


def test_lists_of_different_names_stand_side_by_side(store: Path, tmp_path: Path) -> None:
    import_sources(store, [written(tmp_path / "a.pem", ONE)], now=NOW)
    import_sources(store, [written(tmp_path / "b.pem", ONE)], now=NOW, scheme="at-exemption")
    with TrustStore.open(store) as opened:
        found = opened.find(kid(ONE))
    assert {(key.list.name, *key.schemes) for key in found} == {
        ("pem:a", "eu-dcc"),
        ("pem:b", "at-exemption"),
    }


def test_a_folder_is_one_list(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my certs"
    written(folder / "1.pem", ONE, TWO)
    written(folder / "2.pem", TWO, THREE)
    (folder / "3.der").write_bytes(b"\x30\x80 no certificate")
    (folder / "README\x1b.txt").write_text("about these files")
    (folder / "broken.json").write_text('{"keys": [')
    (folder / "below").mkdir()
    written(folder / "below" / "4.pem", ONE)
    [taken] = import_sources(store, [folder], now=NOW).lists
    assert (taken.source, taken.name, taken.keys) == ("my certs", "pem:my-certs", 3)
    assert set(taken.refused) == {
        ("3.der, block 1", Refusal.NOT_A_CERTIFICATE),
        (f"key {kid(TWO).hex()}", Refusal.DUPLICATE),
        ("README?.txt", Refusal.NOT_A_TRUST_LIST),
        ("broken.json", Refusal.NOT_A_TRUST_LIST),
        ("below", Refusal.FOLDER_INSIDE),
    }


def test_folders_inside_a_folder_are_named_and_not_read(store: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    (outer / ".git").mkdir(parents=True)
    written(outer / "inner\x1b" / "1.pem", ONE)
    with pytest.raises(SetupError, match=r"outer cannot be .*\nGive the folders in it"):
        import_sources(store, [outer], now=NOW)
    (outer / "a.txt").write_text("nothing")
    [refused] = import_sources(store, [outer], now=NOW, keep_going=True).lists
    assert refused.refused == (
        ("a.txt", Refusal.NOT_A_TRUST_LIST), ("inner?", Refusal.FOLDER_INSIDE),
    )  # fmt: skip
    written(outer / "2.pem", TWO)
    [taken] = import_sources(store, [outer], now=NOW).lists
    assert (taken.keys, taken.refused) == (1, refused.refused)


def test_a_folder_may_hold_published_lists(store: Path, tmp_path: Path, list_key: Path) -> None:
    folder = tmp_path / "lists"
    written(folder / "loose.pem", THREE)
    (folder / "a-bad.txt").write_bytes(signed_list([entry(ONE)], ec_key("stranger")))
    (folder / "b-good.txt").write_bytes(signed_list([entry(TWO)]))
    shutil.copy(list_key, folder / "key.pem")
    report = import_sources(store, [folder], now=NOW, anchors=[list_key], keep_going=True)
    assert not report.complete
    assert [(each.source, each.name) for each in report.lists] == [
        ("a-bad.txt", ""),
        ("b-good.txt", "dcc:list-key"),
        ("lists", "pem:lists"),
    ]
    assert isinstance(report.lists[0].refusal, TrustListInvalid)
    assert kids_in(store) == {kid(TWO), kid(THREE)}


def test_bare_keys_beside_a_list_do_not_refuse_the_folder(
    store: Path, tmp_path: Path, list_key: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "list.txt").write_bytes(signed_list([entry(TWO)]))
    shutil.copy(list_key, folder / "key.pem")
    [taken] = import_sources(store, [folder], now=NOW, anchors=[list_key]).lists
    assert taken.refused == (("key.pem, block 1", Refusal.NO_KEY_ID),)


def test_a_folder_without_any_list_is_refused(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("nothing")
    [refused] = import_sources(store, [folder], now=NOW, keep_going=True).lists
    assert isinstance(refused.refusal, TrustListInvalid)
    assert refused.refused == (("a.txt", Refusal.NOT_A_TRUST_LIST),)
    assert not store.exists()


def test_a_named_dialect_is_not_guessed(store: Path, tmp_path: Path, german: Path) -> None:
    with pytest.raises(TrustListInvalid, match="no certificate in the file"):
        import_sources(store, [german], now=NOW, dialect="pem")
    assert import_sources(store, [written(tmp_path / "a", ONE)], now=NOW, dialect="pem").complete


def test_sources_that_cannot_be_used_are_told(store: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("?")
    os.mkfifo(tmp_path / "pipe")
    sources = [tmp_path / each for each in ("none", "empty", "text", "pipe")]
    report = import_sources(store, [*sources, "https://host/x"], now=NOW, keep_going=True)
    said = [str(each.refusal) for each in report.lists]
    assert "No such file or directory." in said[0]
    assert "It is empty." in said[1]
    assert "no kind of trust list" in said[2]
    assert "neither a file nor a folder" in said[3]
    assert "Only files and folders" in said[4]
    for each in said:
        assert each.count("\n") == 1


def test_files_and_folders_beyond_the_limits_are_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    written(folder / "1.pem", ONE)
    written(folder / "2.pem", TWO)
    size = (folder / "1.pem").stat().st_size
    monkeypatch.setattr(trustlists.sources, "LIST_BYTES", size + 5)
    [taken] = import_sources(store, [folder], now=NOW).lists
    assert taken.refused == (("2.pem", Refusal.TOO_LARGE),)
    monkeypatch.setattr(trustlists.sources, "LIST_RECORDS", 1)
    with pytest.raises(SetupError, match="more than 1 files"):
        import_sources(store, [folder], now=NOW)
    large = tmp_path / "large.pem"
    large.write_bytes(b"")
    os.truncate(large, 65 * 1024 * 1024)
    with pytest.raises(TrustListInvalid, match="larger than any"):
        import_sources(store, [large], now=NOW)


def test_a_list_with_too_many_entries_is_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trustlists.gathering, "LIST_RECORDS", 1)
    with pytest.raises(TrustListInvalid, match="more than 1 entries"):
        import_sources(store, [written(tmp_path / "a.pem", ONE, TWO)], now=NOW)


def test_a_file_that_grows_while_it_is_read_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"x" * 20)
    real = os.fstat

    def smaller(descriptor: int) -> os.stat_result:
        facts = list(real(descriptor))
        facts[6] = 5
        return os.stat_result(facts)

    monkeypatch.setattr(os, "fstat", smaller)
    assert trustlists.sources._file(path, at_most=10).data is None


def test_a_list_of_which_nothing_can_be_taken_leaves_the_old_one(
    store: Path, tmp_path: Path
) -> None:
    path = written(tmp_path / "keys.pem", ONE)
    import_sources(store, [path], now=NOW)
    path.write_text(pem(b"rubbish"))
    with pytest.raises(TrustListInvalid, match="Nothing in pem:keys"):
        import_sources(store, [path], now=NOW)
    assert kids_in(store) == {kid(ONE)}


def test_two_sources_of_one_name_do_not_replace_each_other(store: Path, tmp_path: Path) -> None:
    sources = [written(tmp_path / "a" / "keys.pem", ONE), written(tmp_path / "b" / "keys.pem", TWO)]
    report = import_sources(store, sources, now=NOW, keep_going=True)
    assert report.lists[0].refusal is None
    assert "Two sources" in str(report.lists[1].refusal)
    assert kids_in(store) == {kid(ONE)}


def test_the_first_refusal_stores_nothing_at_all(store: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        import_sources(store, [written(tmp_path / "a.pem", ONE), tmp_path / "none"], now=NOW)
    assert not store.exists()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"dialect": "gdhcm"}, "There is no dialect gdhcm"),
        ({"scheme": "EU DCC"}, "scheme"),
        ({"country": "Austria"}, "two or three letters"),
        ({"anchors": ["none.pem"]}, "The anchor none.pem cannot be read"),
    ],
)
def test_wrong_options_are_told(
    store: Path, tmp_path: Path, how: dict[str, object], said: str
) -> None:
    with pytest.raises(SetupError, match=said):
        import_sources(store, [written(tmp_path / "a.pem", ONE)], now=NOW, **how)


# environments


def test_lists_that_do_not_say_join_the_environment_of_the_store(
    store: Path, tmp_path: Path
) -> None:
    first, second = written(tmp_path / "a.pem", ONE), written(tmp_path / "b.pem", TWO)
    import_sources(store, [first], now=NOW, environment="specimen")
    [taken] = import_sources(store, [second], now=NOW).lists
    assert taken.environment is Environment.SPECIMEN


def test_environments_do_not_mix_unless_told_to(store: Path, tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.pem", ONE), written(tmp_path / "b.pem", TWO)
    third = written(tmp_path / "c.pem", THREE)
    import_sources(store, [first], now=NOW)
    with pytest.raises(EnvironmentMixed, match="pem:b belongs to acceptance"):
        import_sources(store, [second], now=NOW, environment="acceptance")
    assert kids_in(store) == {kid(ONE)}
    import_sources(store, [second], now=NOW, environment="acceptance", mix_environments=True)
    # Both worlds are there now by the operator's will; a third one still is not.
    import_sources(store, [second], now=NOW, environment="acceptance")
    with pytest.raises(EnvironmentMixed):
        import_sources(store, [third], now=NOW, environment="development")
    with pytest.raises(EnvironmentMixed, match="does not say its own"):
        import_sources(store, [third], now=NOW)
    with TrustStore.open(store) as opened:
        environments = {each.key.list.environment for each in stored_in(opened)}
    assert environments == {Environment.PRODUCTION, Environment.ACCEPTANCE}


def test_a_pinned_key_knows_its_environment(
    store: Path, german: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = Anchor(
        "xs-acceptance", spki_of(ec_key("list")), b"f", None, "dcc", Environment.ACCEPTANCE
    )
    monkeypatch.setattr(trustlists.importing, "pinned_anchors", lambda: (pinned,))
    with pytest.raises(EnvironmentMixed, match="belongs to acceptance, not production"):
        import_sources(store, [german], now=NOW, environment="production")
    [taken] = import_sources(store, [german], now=NOW).lists
    assert (taken.name, taken.environment) == ("xs-acceptance", Environment.ACCEPTANCE)


def test_a_pinned_key_vouches_in_its_own_dialect_only(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = Anchor("xs", spki_of(ec_key("one")), b"f", None, "dcc", Environment.PRODUCTION)
    monkeypatch.setattr(trustlists.importing, "pinned_anchors", lambda: (pinned,))
    [taken] = import_sources(store, [written(tmp_path / "a.pem", ONE)], now=NOW).lists
    assert taken.authenticated == 0


@pytest.mark.parametrize(
    ("limits", "taken"),
    [
        ({"countries": frozenset({"DE"})}, {"DE"}),
        ({"countries": frozenset({"GB"})}, set()),
        ({"schemes": frozenset({"eu-dcc", "who-icvp"})}, {"DE", "FR"}),
        ({"schemes": frozenset({"at-exemption"})}, set()),
    ],
)
def test_an_anchor_vouches_for_its_schemes_and_countries_alone(
    store: Path, german: Path, limits: dict[str, frozenset[str]], taken: set[str]
) -> None:
    anchor = Anchor("own", spki_of(ec_key("list")), b"f", **limits)
    [report] = import_sources(store, [german], now=NOW, anchors=[anchor], keep_going=True).lists
    dropped = [reason for _, reason in report.refused]
    assert dropped == [Refusal.NOT_VOUCHED_FOR] * (2 - len(taken))
    if not taken:
        assert report.refusal is not None
        return
    with TrustStore.open(store) as opened:
        found = stored_in(opened)
    assert {each.key.country for each in found} == taken
    assert {scheme for each in found for scheme in each.key.schemes} == {"eu-dcc"}


# time


def test_an_older_edition_is_refused(store: Path, german: Path, list_key: Path) -> None:
    newer = entry(ONE, timestamp="2026-11-02T00:00:00+01:00")
    german.write_bytes(signed_list([newer]))
    import_sources(store, [german], now=NOW, anchors=[list_key])
    for older in ([entry(ONE)], [entry(ONE, timestamp="?")]):
        german.write_bytes(signed_list(older))
        with pytest.raises(TrustListRollback, match="older than the one in the store"):
            import_sources(store, [german], now=NOW + 9, anchors=[list_key])
    german.write_bytes(signed_list([newer, entry(TWO)]))
    assert import_sources(store, [german], now=NOW + 9, anchors=[list_key]).complete


def test_a_signed_date_counts_only_with_an_anchor(
    store: Path, german: Path, list_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather = trustlists.importing.gather

    def dated(*arguments: object) -> list[object]:
        found = gather(*arguments)
        return [each._replace(parsed=each.parsed._replace(dated=NOW - 500)) for each in found]

    monkeypatch.setattr(trustlists.importing, "gather", dated)
    import_sources(store, [german], now=NOW, anchors=[list_key])
    import_sources(store, [written(german.with_name("a.pem"), ONE)], now=NOW + 7)
    with TrustStore.open(store) as opened:
        by_name = {each.name: each.as_of for each in opened.lists()}
        floor = opened.floor()
    assert by_name == {"dcc:list-key": NOW - 500, "pem:a": NOW + 7}
    assert floor == NOW + 7


# writing


def test_a_file_that_is_no_store_is_never_overwritten(store: Path, tmp_path: Path) -> None:
    store.parent.mkdir()
    store.write_text("a letter to my mother")
    with pytest.raises(TrustStoreInvalid):
        import_sources(store, [written(tmp_path / "a.pem", ONE)], now=NOW)
    assert store.read_text() == "a letter to my mother"


@pytest.mark.parametrize("start", [100, 8192])
def test_damage_is_not_carried_into_the_next_edition(
    store: Path, tmp_path: Path, start: int
) -> None:
    path = written(tmp_path / "a.pem", ONE, TWO, THREE)
    import_sources(store, [path], now=NOW)
    whole = store.read_bytes()
    store.write_bytes(whole[:start] + b"\xff" * 3000 + whole[start + 3000 :])
    with pytest.raises(TrustStoreInvalid, match="is damaged"):
        import_sources(store, [path], now=NOW)


def test_leftovers_of_a_killed_import_are_removed(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    store.with_name("trust.sqlite.new").write_bytes(b"half of a")
    import_sources(store, [path], now=NOW)
    assert names_of(store.parent) == ["trust.sqlite", "trust.sqlite.lock"]


def test_a_link_to_a_store_stays_a_link(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    link = tmp_path / "link.sqlite"
    link.symlink_to(store)
    import_sources(link, [written(tmp_path / "b.pem", TWO)], now=NOW)
    assert link.is_symlink()
    assert kids_in(store) == {kid(ONE), kid(TWO)}


def test_the_rights_of_the_store_stay(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    store.chmod(0o640)
    import_sources(store, [path], now=NOW)
    assert store.stat().st_mode & 0o777 == 0o640


def test_a_desk_with_the_old_store_open_goes_on_reading_it(store: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    with TrustStore.open(store) as opened:
        written(path, TWO)
        import_sources(store, [path], now=NOW)
        assert opened.find(kid(ONE))
        assert not opened.find(kid(TWO))
    assert kids_in(store) == {kid(TWO)}


@pytest.mark.parametrize("place", ["os.fsync", "pathlib.Path.replace", "shutil.copy"])
def test_a_full_disk_leaves_the_old_store_whole(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    before = store.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(place, full)
    written(path, TWO)
    with pytest.raises(SetupError, match="cannot be written: No space left on device"):
        import_sources(store, [path], now=NOW)
    assert store.read_bytes() == before
    assert not store.with_name("trust.sqlite.new").exists()


def test_what_sqlite_cannot_write_leaves_the_old_store_whole(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.pem", ONE)
    import_sources(store, [path], now=NOW)
    before = store.read_bytes()
    small = sqlite3.connect

    def cramped(target: object, **how: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = small(target, **how)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(trustlists.writing.sqlite3, "connect", cramped)
    many = (certificate(ec_key(str(n)), subject=name(common=str(n))) for n in range(30))
    written(path, *many)
    with pytest.raises(SetupError, match="full"):
        import_sources(store, [path], now=NOW)
    monkeypatch.undo()
    assert store.read_bytes() == before
    assert kids_in(store) == {kid(ONE)}


def test_chained_certificates_are_vouched_for(store: Path, tmp_path: Path) -> None:
    root_name = name(common="CSCA")
    root = certificate(ec_key("csca"), subject=root_name, extensions=[CA])
    leaf = certificate(ec_key("leaf"), signer=ec_key("csca"), issuer=root_name)
    anchor = written(tmp_path / "csca.pem", root)
    sources = [written(tmp_path / "a.pem", leaf, ONE)]
    [taken] = import_sources(store, sources, now=NOW, anchors=[anchor]).lists
    assert (taken.keys, taken.authenticated) == (2, 1)
    with TrustStore.open(store) as opened:
        [vouched] = [each for each in stored_in(opened) if each.key.authenticated]
    assert vouched.anchor == "csca"
    assert vouched.key.kid == kid(leaf)


def test_stray_files_are_reported_with_the_list_that_was_taken(
    store: Path, tmp_path: Path, list_key: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a-good.txt").write_bytes(signed_list([entry(TWO)]))
    (folder / "b-bad.txt").write_bytes(signed_list([entry(ONE)], ec_key("stranger")))
    (folder / "c-text.txt").write_text("about these files")
    report = import_sources(store, [folder], now=NOW, anchors=[list_key], keep_going=True)
    assert [each.refused for each in report.lists] == [
        (("c-text.txt", Refusal.NOT_A_TRUST_LIST),),
        (),
    ]
    (folder / "a-good.txt").unlink()
    (folder / "c-text.txt").unlink()
    [refused] = import_sources(store, [folder], now=NOW, keep_going=True).lists
    assert isinstance(refused.refusal, TrustListInvalid)


def test_a_key_that_anybody_can_sign_with_is_never_taken(tmp_path: Path, store: Path) -> None:
    key = {"kty": "EC", "crv": "P-256", "kid": "AAECAwQFBgc", **PUBLISHED}
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [key, jwk(ec_key("one"))]}))
    [taken] = import_sources(store, [file], now=NOW).lists
    assert [reason for _, reason in taken.refused] == [Refusal.PRIVATE_KEY_PUBLISHED]
    assert taken.keys == 1
    other = tmp_path / "specimens.sqlite"
    [taken] = import_sources(other, [file], now=NOW, environment="specimen").lists
    assert taken.keys == 2


def test_a_file_that_only_belongs_to_a_list_goes_with_it(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, ...]] = []

    [dialect] = named("pem")

    def read(data: bytes, reading: Reading) -> ParsedList:
        seen.append(reading.companions)
        return dialect.read(data, reading)

    signed = dialect._replace(read=read, companion=lambda data: data.startswith(b"SIG"))
    monkeypatch.setattr(trustlists.dialects, "dialects", lambda: (signed,))
    folder = tmp_path / "both"
    written(folder / "list.pem", ONE)
    (folder / "list.sig").write_bytes(b"SIGNATURE")
    import_sources(store, [folder], now=NOW)
    files = [folder / "list.pem", folder / "list.sig"]
    assert import_sources(store, files, now=NOW).complete
    assert seen == [(b"SIGNATURE",)] * 2
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(store, [folder / "list.sig"], now=NOW)
    assert refused.value.fault == Fault.ONLY_A_COMPANION
    lonely = [folder / "list.sig", tmp_path / "none"]
    report = import_sources(store, lonely, now=NOW, keep_going=True)
    assert [taken.source for taken in report.lists] == ["list.sig", "none"]


def test_a_list_grows_too_old_by_its_own_end_or_the_operators_word(
    german: Path, list_key: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_sources(store, [german], now=NOW, anchors=[list_key], max_age=3600)
    with TrustStore.open(store) as opened:
        [stored] = opened.lists()
    assert (stored.stale_after, stored.too_old_after) == (3600, 3600)
    [dialect] = named("dcc_germany")

    def read(data: bytes, reading: Reading) -> ParsedList:
        parsed = dialect.read(data, reading)
        return parsed._replace(dated=NOW + 9000, expires=NOW + 9050)

    brief = dialect._replace(read=read)
    monkeypatch.setattr(trustlists.dialects, "dialects", lambda: (brief,))
    [taken] = import_sources(store, [german], now=NOW, anchors=[list_key]).lists
    assert taken.from_future
    with TrustStore.open(store) as opened:
        [stored] = opened.lists()
        assert opened.floor() == NOW + 9000
    assert (stored.as_of, stored.too_old_after) == (NOW + 9000, 50)


def test_a_source_that_cannot_be_read_does_not_hide_the_others(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = written(tmp_path / "bad.pem", ONE), written(tmp_path / "good.pem", TWO)
    read_source = trustlists.sources.read_source

    def failing(source: str, _fetch: object = None) -> Iterator[trustlists.sources.SourceFile]:
        if source.endswith("bad.pem"):
            message = "bad.pem cannot be taken as a trust list.\nInput/output error."
            raise SetupError(message)
        return read_source(source, None)

    monkeypatch.setattr(trustlists.gathering, "read_source", failing)
    report = import_sources(store, [bad, good], now=NOW, keep_going=True)
    assert [bool(taken.refusal) for taken in report.lists] == [True, False]
