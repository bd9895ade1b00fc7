import builtins
import hashlib
import importlib
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.certificates import ec_key, pem, spki_of
from support.gdhcn import document_signer, signed, unsigned
from support.gdhcn import entry as gdhcn_entry
from support.office import DAY, NOW, ForeignOffice, Office, canonical, countries_in

import trustlists
import trustlists.airgap
import trustlists.store
from trustlists import TrustStore, import_sources
from trustlists.airgap import (
    BundleMade,
    BundleTaken,
    RootReport,
    add_signatures,
    desk,
    make_bundle,
    new_key,
    new_root,
    office,
    take_bundle,
)
from trustlists.bundle_file import is_bundle, pack, unpack
from trustlists.diff import Presence
from trustlists.faults import Fault
from verifier.errors import (
    EnvironmentMixed,
    SetupError,
    TrustListInvalid,
    TrustListRollback,
    TrustStoreInvalid,
)

ROOT = Path(trustlists.__file__).parents[1]


@pytest.fixture
def central(tmp_path: Path) -> Office:
    made = Office(tmp_path / "office")
    made.root()
    return made


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "trust.sqlite"


def first_root(central: Office) -> Path:
    return central.roots / "1.root.json"


def take(here: Path, central: Office, bundle: Path, **how: Any) -> BundleTaken:
    root = how.pop("root", None if here.exists() else first_root(central))
    return take_bundle(here, bundle, root=root, now=how.pop("now", NOW))


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def refused(here: Path, central: Office, bundle: Path, **how: Any) -> SetupError:
    """Demand that a bundle is refused and that nothing of it stays."""
    before = everything(here.parent)
    with pytest.raises(SetupError) as caught:
        take(here, central, bundle, **how)
    assert everything(here.parent) == before
    return caught.value


def changed(bundle: Path, **parts: bytes | None) -> Path:
    """Write a bundle in which some parts are others or missing; a dash stands for a dot."""
    held = unpack(bundle.read_bytes())
    for name, content in parts.items():
        place = name.replace("__", ".").lstrip("_")
        if content is None:
            del held[place]
        else:
            held[place] = content
    other = bundle.with_name("changed.bundle")
    other.write_bytes(pack(held))
    return other


def test_a_bundle_of_the_right_office_becomes_the_store(central: Office, here: Path) -> None:
    made = central.bundle("DE", "FR")
    assert (made.version, made.expires, made.root_version, made.missing) == (
        NOW, NOW + 30 * DAY, 1, 0,
    )  # fmt: skip
    assert is_bundle(made.path)
    taken = take(here, central, made.path)
    assert (taken.version, taken.expires, taken.root_version) == (NOW, NOW + 30 * DAY, 1)
    assert not taken.from_future
    [only] = taken.changes.lists
    assert (only.presence, len(only.new)) == (Presence.NEW, 2)
    assert here.read_bytes() == central.store("DE", "FR").read_bytes()
    left = {path.name for path in here.parent.iterdir()}
    assert left == {"trust.sqlite", "trust.sqlite.lock", "trust.sqlite.tuf"}


def test_the_next_bundle_needs_no_root_and_says_what_changed(central: Office, here: Path) -> None:
    take(here, central, central.bundle("DE", "FR").path)
    taken = take(here, central, central.bundle("DE", "IT", at=NOW + 1).path)
    [only] = taken.changes.lists
    assert ([key.country for key in only.new], [key.country for key in only.gone]) == (
        ["IT"], ["FR"],
    )  # fmt: skip
    assert countries_in(here) == {"DE", "IT"}
    # The same once more changes nothing.
    again = take(here, central, central.bundle("DE", "IT", at=NOW + 1).path)
    assert again.changes.same
    assert take(here, central, again_path(central), root=first_root(central)).changes.same


def again_path(central: Office) -> Path:
    return central.folder / f"{NOW + 1}.bundle"


def test_without_a_root_nothing_is_trusted(central: Office, here: Path) -> None:
    error = refused(here, central, central.bundle("DE").path, root=None)
    assert "whose bundles it may take" in str(error)


def test_the_wrong_key_is_refused(tmp_path: Path, central: Office, here: Path) -> None:
    other = Office(tmp_path / "other")
    other.root()
    bundle = other.bundle("DE").path
    error = refused(here, central, bundle)
    assert isinstance(error, TrustListInvalid)
    assert error.fault == Fault.BUNDLE_SIGNATURE_WRONG
    take(here, central, central.bundle("FR").path)
    assert refused(here, central, bundle).fault == Fault.BUNDLE_SIGNATURE_WRONG
    # Nor does the other's root come in by being named.
    error = refused(here, central, bundle, root=other.roots / "1.root.json")
    assert "trusts another root" in str(error)


def test_an_expired_bundle_is_refused(central: Office, here: Path) -> None:
    bundle = central.bundle("DE", at=NOW - 2 * DAY, days=1)
    assert refused(here, central, bundle.path).fault == Fault.BUNDLE_EXPIRED


def test_a_bundle_under_an_expired_root_is_refused(tmp_path: Path, here: Path) -> None:
    late = Office(tmp_path / "late")
    late.root(now=NOW - 9 * DAY, days=1)
    assert refused(here, late, late.bundle("DE").path).fault == Fault.BUNDLE_EXPIRED


def test_a_clock_that_was_set_back_does_not_help_an_expired_bundle(
    central: Office, here: Path
) -> None:
    take(here, central, central.bundle("DE").path)
    error = refused(here, central, central.bundle("FR", at=NOW + 1).path, now=NOW - 9 * DAY)
    assert "clock is behind" in str(error)


def test_a_bundle_from_the_future_tells_that_the_clock_is_wrong(
    central: Office, here: Path
) -> None:
    assert take(here, central, central.bundle("DE", at=NOW + DAY).path).from_future


def test_an_older_bundle_is_refused(central: Office, here: Path) -> None:
    old, new = central.bundle("DE"), central.bundle("FR", at=NOW + 1)
    take(here, central, new.path)
    assert isinstance(refused(here, central, old.path), TrustListRollback)
    assert countries_in(here) == {"FR"}


def test_what_was_seen_is_remembered_without_its_store(central: Office, here: Path) -> None:
    old = central.bundle("DE")
    take(here, central, central.bundle("FR", at=NOW + 1).path)
    here.unlink()
    assert isinstance(refused(here, central, old.path), TrustListRollback)


def test_parts_of_two_bundles_do_not_mix(central: Office, here: Path) -> None:
    old, new = central.bundle("DE"), central.bundle("FR", at=NOW + 1)
    other = unpack(new.path.read_bytes())
    for names in (
        ["timestamp.json"],
        ["snapshot.json"],
        ["targets.json"],
        ["trust.sqlite"],
        ["timestamp.json", "snapshot.json"],
        ["snapshot.json", "targets.json"],
        ["timestamp.json", "snapshot.json", "targets.json"],
        ["targets.json", "trust.sqlite"],
    ):
        held = unpack(old.path.read_bytes())
        held |= {name: other[name] for name in names}
        mixed = central.folder / "mixed.bundle"
        mixed.write_bytes(pack(held))
        error = refused(here, central, mixed)
        assert error.fault == Fault.BUNDLE_MIXED, names


def test_two_bundles_of_one_second_do_not_mix_either(central: Office, here: Path) -> None:
    one = central.bundle("DE").path.read_bytes()
    take(here, central, central.bundle("FR").path)
    path = central.folder / "one.bundle"
    path.write_bytes(one)
    assert refused(here, central, path).fault == Fault.BUNDLE_MIXED


def test_a_tampered_store_is_refused(central: Office, here: Path) -> None:
    bundle = central.bundle("DE").path
    content = bytearray(unpack(bundle.read_bytes())["trust.sqlite"])
    content[-1] ^= 1
    error = refused(here, central, changed(bundle, trust__sqlite=bytes(content)))
    assert error.fault == Fault.BUNDLE_MIXED
    longer = changed(bundle, trust__sqlite=bytes(content) + b"\0")
    assert refused(here, central, longer).fault == Fault.BUNDLE_MIXED


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_a_word_changed_in_what_is_signed_is_refused(
    central: Office, here: Path, role: str
) -> None:
    bundle = central.bundle("DE").path
    whole = json.loads(unpack(bundle.read_bytes())[f"{role}.json"])
    whole["signed"]["expires"] = "2999-01-01T00:00:00Z"
    forged = changed(bundle, **{f"{role}__json": json.dumps(whole).encode()})
    assert refused(here, central, forged).fault == Fault.BUNDLE_SIGNATURE_WRONG


@pytest.mark.parametrize(
    "part", ["timestamp__json", "snapshot__json", "targets__json", "trust__sqlite"]
)
def test_a_part_that_is_missing_or_rubbish_is_refused(
    central: Office, here: Path, part: str
) -> None:
    bundle = central.bundle("DE").path
    missing = refused(here, central, changed(bundle, **{part: None}))
    assert missing.fault == Fault.BUNDLE_MIXED
    rubbish = refused(here, central, changed(bundle, **{part: b"{}"}))
    assert rubbish.fault in {Fault.BUNDLE_MALFORMED, Fault.BUNDLE_MIXED}


def test_a_bundle_that_says_nothing_of_a_store_is_refused(here: Path, tmp_path: Path) -> None:
    error = take_foreign(here, tmp_path, targets={})
    assert error is not None
    assert error.fault == Fault.BUNDLE_MIXED


def take_foreign(
    here: Path, tmp_path: Path, *, targets: Mapping[str, object] | None = None
) -> SetupError | None:
    """Take a bundle that other code has signed; give why it was refused."""
    foreign = ForeignOffice()
    content = Office(tmp_path / "made").store("DE").read_bytes()
    target = {"length": len(content), "hashes": {"sha256": hashlib.sha256(content).hexdigest()}}
    root = foreign.root()
    (tmp_path / "root.json").write_bytes(root)
    bundle = tmp_path / "foreign.bundle"
    roles: dict[str, Mapping[str, object]] = {
        "timestamp": {"meta": {"snapshot.json": {"version": NOW}}},
        "snapshot": {"meta": {"targets.json": {"version": NOW}}},
        "targets": {"targets": {"trust.sqlite": target} if targets is None else targets},
    }
    parts = {
        f"{role}.json": foreign.signed({"_type": role, "version": NOW, **said})
        for role, said in roles.items()
    }
    bundle.write_bytes(pack({"1.root.json": root, **parts, "trust.sqlite": content}))
    try:
        take_bundle(here, bundle, root=tmp_path / "root.json", now=NOW)
    except SetupError as error:
        return error
    return None


def test_signatures_made_by_other_code_are_believed(here: Path, tmp_path: Path) -> None:
    assert take_foreign(here, tmp_path) is None
    assert countries_in(here) == {"DE"}


def test_other_code_believes_the_signatures_that_are_made_here(central: Office) -> None:
    parts = unpack(central.bundle("DE").path.read_bytes())
    keys = json.loads(parts["1.root.json"])["signed"]["keys"]
    for name in ("1.root.json", "timestamp.json", "snapshot.json", "targets.json"):
        whole = json.loads(parts[name])
        [made] = whole["signatures"]
        public = bytes.fromhex(keys[made["keyid"]]["keyval"]["public"])
        checker = eddsa.new(eddsa.import_public_key(public), "rfc8032")
        checker.verify(canonical(whole["signed"]), bytes.fromhex(made["sig"]))
        with pytest.raises(ValueError, match="not authentic"):
            checker.verify(canonical(whole["signed"]) + b" ", bytes.fromhex(made["sig"]))


def test_as_many_must_sign_as_the_root_says(tmp_path: Path, here: Path) -> None:
    careful = Office(tmp_path / "careful")
    careful.root("ab", root_threshold=2, bundle_keys="cde", bundle_threshold=2)
    made = careful.bundle("DE", signers="c")
    assert made.missing == 1
    assert refused(here, careful, made.path).fault == Fault.BUNDLE_SIGNATURE_WRONG
    # The same person twice is one person.
    again = add_signatures(made.path, careful.private("c"))
    assert isinstance(again, BundleMade)
    assert again.missing == 1
    assert refused(here, careful, made.path).fault == Fault.BUNDLE_SIGNATURE_WRONG
    assert add_signatures(made.path, careful.private("e")).missing == 0
    take(here, careful, made.path)
    assert countries_in(here) == {"DE"}


def test_only_keys_that_the_root_names_for_it_can_sign(tmp_path: Path) -> None:
    careful = Office(tmp_path / "careful")
    careful.root("a", bundle_keys="b")
    for who in ("a", "x"):
        with pytest.raises(SetupError, match="does not name the key"):
            careful.bundle("DE", signers=who)
    assert not list(careful.folder.glob("*.bundle"))
    made = careful.bundle("DE", signers="b")
    before = made.path.read_bytes()
    with pytest.raises(SetupError, match="does not name the key"):
        add_signatures(made.path, careful.private("a"))
    with pytest.raises(SetupError, match="does not name the key"):
        add_signatures(first_root(careful), careful.private("b"))
    assert made.path.read_bytes() == before


def test_keys_change_and_the_desk_follows(central: Office, here: Path) -> None:
    take(here, central, central.bundle("DE").path)
    central.root("b", signers="ab")
    central.root("cd", signers="bcd", root_threshold=2)
    stolen = Office(central.folder / "stolen")
    stolen.keys, stolen.roots = {"a": central.key("a")}, stolen.folder / "roots"
    stolen.root()
    made = central.bundle("FR", at=NOW + 1, signers="c")
    assert (made.root_version, made.missing) == (3, 0)
    taken = take(here, central, made.path)
    assert (taken.root_version, countries_in(here)) == (3, {"FR"})
    # What the old key signs is worth nothing from now on, however new it says to be.
    forged = stolen.bundle("IT", at=NOW + 2)
    assert refused(here, central, forged.path).fault == Fault.BUNDLE_SIGNATURE_WRONG
    # A desk that begins with the newest root, or with one between, comes to the same.
    for number in (2, 3):
        other = here.with_name(f"{number}.sqlite")
        root = central.roots / f"{number}.root.json"
        assert take_bundle(other, made.path, root=root, now=NOW).root_version == 3
    # A bundle from before the change is older in any case.
    old = central.folder / f"{NOW}.bundle"
    assert isinstance(refused(here, central, old), SetupError)


def test_a_root_that_the_old_keys_did_not_sign_is_not_followed(central: Office, here: Path) -> None:
    bundle = central.bundle("DE").path
    other = Office(central.folder / "other")
    other.keys = {"z": other.key("z")}
    other.root("z")
    other.root("z")
    usurped = changed(bundle, _2__root__json=(other.roots / "2.root.json").read_bytes())
    assert refused(here, central, usurped).fault == Fault.BUNDLE_SIGNATURE_WRONG


def test_a_root_in_the_wrong_place_is_refused(central: Office, here: Path) -> None:
    bundle = central.bundle("DE").path
    again = changed(bundle, _2__root__json=first_root(central).read_bytes())
    assert refused(here, central, again).fault == Fault.BUNDLE_MIXED
    nothing = changed(bundle, _2__root__json=first_root(central).read_bytes(), timestamp__json=None)
    assert refused(here, central, nothing).fault == Fault.BUNDLE_MIXED


def test_several_people_sign_a_root_one_after_the_other(tmp_path: Path) -> None:
    careful = Office(tmp_path / "careful")
    path = careful.root("abc", signers="a", root_threshold=2, bundle_keys="d", days=100)
    with pytest.raises(SetupError, match="lacks 1 signatures"):
        careful.bundle("DE", signers="d")
    report = add_signatures(path, careful.private("c"))
    assert report == RootReport(path, 1, NOW + 100 * DAY, 3, 2, 1, 1, 0)
    assert careful.bundle("DE", signers="d").missing == 0
    second = careful.root("x", signers="x")
    assert isinstance(add_signatures(second, careful.private("a")), RootReport)
    with pytest.raises(SetupError, match="lacks 1 signatures"):
        careful.root("y", signers="xy")
    assert add_signatures(second, careful.private("b")).missing == 0
    assert careful.root("y", signers="xy").name == "3.root.json"


def test_roots_that_are_not_in_their_places_are_told(central: Office) -> None:
    second = central.roots / "2.root.json"
    second.write_bytes(first_root(central).read_bytes())
    with pytest.raises(SetupError, match="not in its place"):
        central.bundle("DE")
    with pytest.raises(SetupError, match="not in its place"):
        central.root()


def test_more_must_not_sign_than_can(tmp_path: Path) -> None:
    few = Office(tmp_path / "few")
    for how in ({"root_threshold": 3}, {"root_threshold": 0}, {"bundle_threshold": 3}):
        with pytest.raises(SetupError, match="keys cannot sign"):
            few.root("ab", **how)
    # One key named twice is one key.
    with pytest.raises(SetupError, match="2 of 1 keys cannot sign"):
        few.root("aa", root_threshold=2)
    assert not few.roots.exists()


def test_keys_are_for_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    pair = new_key(tmp_path / "officer")
    assert stat.S_IMODE(pair.private.stat().st_mode) == 0o600
    assert ECC.import_key(pair.private.read_text()).has_private()
    assert not ECC.import_key(pair.public.read_text()).has_private()
    assert len(pair.key_id) == 64
    before = pair.private.read_bytes()
    with pytest.raises(SetupError, match=r"officer.pub is there already"):
        new_key(tmp_path / "officer")
    pair.public.unlink()
    with pytest.raises(SetupError, match="officer is there already"):
        new_key(tmp_path / "officer")
    assert pair.private.read_bytes() == before
    with pytest.raises(SetupError, match="nowhere"):
        new_key(tmp_path / "nowhere" / "nowhere")


def test_files_that_are_no_keys_are_told(central: Office, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text(pem(spki_of(ec_key("p")), "PUBLIC KEY"))
    pair = central.key("a")
    for public in (wrong, pair.private, tmp_path / "none"):
        with pytest.raises(SetupError, match=r"not the public half|cannot be read"):
            new_root(tmp_path / "r", root_keys=[public], now=NOW)
    wrong.write_text(ec_key("p").export_key(format="PEM"))
    locked = tmp_path / "locked.pem"
    locked.write_text(
        ECC.generate(curve="Ed25519").export_key(
            format="PEM", passphrase=b"x", protection="scryptAndAES128-CBC"
        )
    )
    for private in (wrong, locked, pair.public, tmp_path / "none"):
        with pytest.raises(SetupError, match=r"not the private half|cannot be read"):
            add_signatures(first_root(central), [private])


def test_files_that_are_no_roots_are_told(central: Office, tmp_path: Path, here: Path) -> None:
    bundle = central.bundle("DE").path
    rubbish = tmp_path / "rubbish.json"
    rubbish.write_text("{}")
    (tmp_path / "timestamp.json").write_bytes(unpack(bundle.read_bytes())["timestamp.json"])
    for root in (rubbish, tmp_path / "timestamp.json", bundle):
        with pytest.raises(SetupError, match="is no root"):
            take_bundle(here, bundle, root=root, now=NOW)
    with pytest.raises(SetupError, match="cannot be read"):
        take_bundle(here, bundle, root=tmp_path / "none", now=NOW)
    with pytest.raises(SetupError, match="There is no root in"):
        make_bundle(central.store("DE"), tmp_path / "b", roots=tmp_path, signers=[], now=NOW)


def test_files_that_are_no_bundles_are_told(central: Office, tmp_path: Path, here: Path) -> None:
    other = tmp_path / "other.tar"
    other.write_bytes(b"x" * 2_000)
    assert not is_bundle(other)
    assert not is_bundle(tmp_path)
    for path, fault in ((other, Fault.BUNDLE_MALFORMED), (tmp_path / "none", "")):
        error = refused(here, central, path)
        assert error.fault == fault
    empty = tmp_path / "empty.bundle"
    empty.write_bytes(pack({}))
    bundle = central.bundle("DE").path
    timestamp = unpack(bundle.read_bytes())["timestamp.json"]
    for torn in (empty, changed(bundle, _1__root__json=timestamp)):
        with pytest.raises(TrustListInvalid):
            add_signatures(torn, central.private("a"))


def test_a_file_that_fails_while_it_is_looked_at_is_no_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(pack({}))
    assert is_bundle(path)

    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fails)
    assert not is_bundle(path)


def test_bundles_have_a_limit(central: Office, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = central.bundle("DE").path
    monkeypatch.setattr(office, "BUNDLE_BYTES", bundle.stat().st_size - 1)
    assert refused(here, central, bundle).fault == Fault.TOO_LARGE
    with pytest.raises(SetupError, match="larger than a bundle may be"):
        central.bundle("DE", at=NOW + 5)


def test_only_a_whole_store_goes_into_a_bundle(central: Office, tmp_path: Path) -> None:
    torn = tmp_path / "torn.sqlite"
    content = bytearray(central.store("DE").read_bytes())
    content[4_096:4_104] = b"\xff" * 8
    torn.write_bytes(content)
    for store in (tmp_path / "none", torn):
        with pytest.raises(TrustStoreInvalid):
            make_bundle(
                store,
                tmp_path / "b",
                roots=central.roots,
                signers=central.private("a"),
                now=NOW,
            )
    assert not (tmp_path / "b").exists()


def test_the_same_store_keys_and_instant_give_the_same_bytes(central: Office) -> None:
    first = central.bundle("DE").path.read_bytes()
    assert central.bundle("DE").path.read_bytes() == first
    assert central.bundle("DE", at=NOW + 1).path.read_bytes() != first


def list_of(tmp_path: Path, day: int) -> tuple[Path, Path]:
    """Write a signed list of a day and the key that signs it."""
    anchor, path = tmp_path / "who.pem", tmp_path / "list.json"
    anchor.write_text(pem(spki_of(ec_key("own")), "PUBLIC KEY"))
    document = unsigned(gdhcn_entry(document_signer("one")), created=f"2026-10-0{day}T00:00:00Z")
    path.write_bytes(signed(document, key="own"))
    return path, anchor


def test_a_list_never_goes_back_whoever_brought_the_newer_one(
    central: Office, here: Path, tmp_path: Path
) -> None:
    for day, store in ((2, here), (1, tmp_path / "older.sqlite"), (3, tmp_path / "newer.sqlite")):
        path, anchor = list_of(tmp_path, day)
        import_sources(store, [path], now=NOW, anchors=[anchor])

    def bundled(name: str, at: int) -> Path:
        path = tmp_path / name
        make_bundle(
            tmp_path / f"{name}.sqlite",
            path,
            roots=central.roots,
            signers=central.private("a"),
            now=at,
        )
        return path

    error = refused(here, central, bundled("older", NOW), root=first_root(central))
    assert isinstance(error, TrustListRollback)
    taken = take(here, central, bundled("newer", NOW + 1), root=first_root(central))
    assert taken.changes.same


def test_a_bundle_of_another_world_is_refused(central: Office, here: Path) -> None:
    keys = central.folder / "keys.pem"
    central.store("DE")
    import_sources(here, [keys], now=NOW - DAY, environment="specimen")
    error = refused(here, central, central.bundle("DE").path, root=first_root(central))
    assert isinstance(error, EnvironmentMixed)


def test_a_store_of_another_version_is_refused_and_named(
    central: Office, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = central.bundle("DE").path
    monkeypatch.setattr(trustlists.store, "SCHEMA_VERSION", 99)
    assert refused(here, central, bundle).fault == Fault.BUNDLE_OTHER_VERSION
    monkeypatch.undo()
    here.write_bytes(b"something else")
    error = refused(here, central, bundle, root=first_root(central))
    assert isinstance(error, TrustStoreInvalid)
    assert "Move it away" in str(error)


def test_what_else_was_in_the_store_is_told_as_gone(
    central: Office, here: Path, tmp_path: Path
) -> None:
    take(here, central, central.bundle("DE").path)
    extra = tmp_path / "extra.pem"
    extra.write_text((central.folder / "keys.pem").read_text())
    import_sources(here, [extra], now=NOW)
    taken = take(here, central, central.bundle("DE", at=NOW + 1).path)
    assert [(each.name, each.presence) for each in taken.changes.lists] == [
        ("pem:extra", Presence.GONE), ("pem:keys", Presence.BOTH),
    ]  # fmt: skip


def test_a_desk_without_room_keeps_what_it_has(
    central: Office, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(here, central, central.bundle("DE").path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk, "put_in_place", full)
    with pytest.raises(SetupError, match="cannot be written: No space left"):
        take(here, central, central.bundle("FR", at=NOW + 1).path)
    assert countries_in(here) == {"DE"}
    monkeypatch.undo()
    take(here, central, central.bundle("FR", at=NOW + 1).path)
    assert countries_in(here) == {"FR"}


def test_an_office_without_room_says_so(central: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be written"):
        make_bundle(
            central.store("DE"),
            tmp_path / "file" / "b",
            roots=central.roots,
            signers=central.private("a"),
            now=NOW,
        )


_TAKE_ALL = """
import sys
from trustlists.airgap import take_bundle
store, root, now, *bundles = sys.argv[1:]
print("ready", flush=True)
for bundle in bundles:
    take_bundle(store, bundle, root=root, now=int(now))
    print("taken", flush=True)
"""


def test_a_killed_import_leaves_the_old_store_or_the_new(central: Office, here: Path) -> None:
    editions = [("DE",), ("FR", "IT"), ("ES", "PT", "GR")]
    bundles = [central.bundle(*editions[n % 3], at=NOW + n).path for n in range(60)]
    take(here, central, bundles[0])
    chance = random.Random(20261125)  # noqa: S311 - the same moments each time
    seen: set[str] = set()
    reached = 0
    for _ in range(20):
        command = [sys.executable, "-c", _TAKE_ALL, here, first_root(central), NOW]
        rest = bundles[reached:]
        with subprocess.Popen(
            [str(each) for each in (*command, *rest)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            for _ in range(chance.randrange(3)):
                assert process.stdout.readline() == "taken\n"
            time.sleep(chance.uniform(0, 0.08))
            process.send_signal(signal.SIGKILL)
        found = countries_in(here)
        assert found in [set(each) for each in editions]
        seen |= found
        numbers = json.loads((here.with_name("trust.sqlite.tuf") / "timestamp.json").read_bytes())
        before, reached = reached, numbers["signed"]["version"] - NOW
        # The store is that of the newest number, or the one before it.
        assert found in (set(editions[reached % 3]), set(editions[(reached - 1) % 3]))
        assert reached >= before
        # What was seen can be taken again, and nothing before it.
        take(here, central, bundles[reached])
        assert countries_in(here) == set(editions[reached % 3])
        if reached:
            assert isinstance(refused(here, central, bundles[reached - 1]), TrustListRollback)
        if reached > len(bundles) - 9:
            break
    assert len(seen) > 2
    left = {path.name for path in here.parent.iterdir()}
    assert left == {"trust.sqlite", "trust.sqlite.lock", "trust.sqlite.tuf"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(chance=st.randoms(use_true_random=False))
def test_no_flipped_bit_brings_another_store(
    central: Office, here: Path, chance: random.Random
) -> None:
    good = central.bundle("DE").path
    take(here, central, good)
    before = here.read_bytes()
    data = bytearray(central.bundle("FR", at=NOW + 1).path.read_bytes())
    wanted = central.store("FR").read_bytes()
    # Most of a bundle is the store, and most that can go wrong is before it.
    at = chance.randrange(chance.choice((len(data) - len(wanted), len(data))))
    data[at] ^= 1 << chance.randrange(8)
    flipped = good.with_name("flipped.bundle")
    flipped.write_bytes(data)
    copy = here.with_name(f"{at}.sqlite")
    try:
        take_bundle(copy, flipped, root=first_root(central), now=NOW)
    except SetupError:
        assert not copy.exists()
    else:  # the desk has a root of its own and does not look at the one that came along
        assert copy.read_bytes() == wanted
        copy.unlink()
    assert here.read_bytes() == before


NAMES = st.text("abc019.", min_size=1, max_size=12).filter(lambda name: name.strip("."))


@given(st.dictionaries(NAMES, st.binary(max_size=1_200), max_size=5))
def test_parts_come_back_as_they_went(parts: dict[str, bytes]) -> None:
    assert unpack(pack(parts)) == parts


@given(st.binary(max_size=3_000))
def test_what_was_not_packed_here_is_refused(data: bytes) -> None:
    with pytest.raises(TrustListInvalid):
        unpack(data)


def _cut(data: bytearray) -> None:
    del data[-1_024:]


def _more(data: bytearray) -> None:
    data += b"\0" * 512


def _owner(data: bytearray) -> None:
    data[512 + 108 : 512 + 115] = b"0000001"


def _huge(data: bytearray) -> None:
    data[512 + 124 : 512 + 135] = b"77777777777"


def _signed_size(data: bytearray) -> None:
    data[512 + 124 : 512 + 135] = b"-0000000001"


def _escaping(data: bytearray) -> None:
    data[512:520] = b"../../ab"


@pytest.mark.parametrize("fault", [_cut, _more, _owner, _huge, _signed_size, _escaping])
def test_an_archive_that_is_written_otherwise_is_refused(
    fault: Callable[[bytearray], None],
) -> None:
    data = bytearray(pack({"trust.sqlite": b"x" * 700, "b": b"y"}))
    fault(data)
    with pytest.raises(TrustListInvalid):
        unpack(bytes(data))


def test_names_that_lead_elsewhere_are_refused() -> None:
    for name in ("../x", "/etc/passwd", "a/b", "a b", "ä"):
        with pytest.raises(TrustListInvalid):
            unpack(pack({name: b""}))
    with pytest.raises(TrustListInvalid):
        unpack(pack({f"{number}.root.json": b"" for number in range(300)}))


def test_without_the_framework_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def lacking(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "tuf":
            raise ImportError
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(SetupError, match=r"pip install 'pratique\[airgap\]'"):
        importlib.reload(trustlists.airgap)
    monkeypatch.undo()
    importlib.reload(trustlists.airgap)


def test_a_verifier_does_not_load_the_framework(here: Path, central: Office) -> None:
    take(here, central, central.bundle("DE").path)
    code = (
        "import sys; from trustlists import TrustStore; from verifier import Verifier;"
        f"held = Verifier(trust=TrustStore.open({str(here)!r}));"
        "held.verify('HC1:6BF'); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    roots = {module.partition(".")[0] for module in done.stdout.split()}
    assert not roots & {"tuf", "securesystemslib", "urllib3"}
    with TrustStore.open(here) as opened:
        assert opened.lists()
    assert os.path.isdir(str(here) + ".tuf")  # noqa: PTH112 - a text and no Path
