"""Real signed lists, fetched from a server that breaks off, or packed: they come in as files do."""

import io
import tarfile
from pathlib import Path

import pytest
from support.conformance import conformance
from support.web import page, publishing, resumable

from trustlists import TrustStore, import_sources, refresh
from trustlists.configuration import Configuration, Subscription
from trustlists.fetch import Machine

NOW = 1_795_000_000


@pytest.fixture
def root() -> bytes:
    return conformance("gdhcn", "prod", "v2", "trustlist", "did.json").read_bytes()


def refreshed(store: Path, url: str) -> bool:
    source = Subscription("WHO", url, dialect="gdhcn")
    machine = Machine(sleep=lambda _: None, plain_loopback=True)
    configuration = Configuration(frozenset({"127.0.0.1"}), (source,))
    return refresh(store, configuration, now=NOW, machine=machine).complete


def test_the_production_root_comes_in_although_it_is_cut(tmp_path: Path, root: bytes) -> None:
    store = tmp_path / "trust.sqlite"
    with publishing(
        resumable(root, cut=600_000), resumable(root, cut=600_000), resumable(root)
    ) as who:
        assert refreshed(store, who.url())
        assert refreshed(store, who.url())
    asked = [headers.get("Range") for _, headers in who.requests]
    assert asked == [None, "bytes=600000-", "bytes=1200000-", None]
    with TrustStore.open(store) as opened:
        [stored] = opened.lists()
    assert (stored.name, stored.keys, stored.anchor) == ("gdhcn-prod", 501, "gdhcn-production")


def test_the_production_root_is_refused_when_a_byte_is_changed_on_the_way(
    tmp_path: Path, root: bytes
) -> None:
    at = root.index(b"MII") + 200
    changed = root[:at] + bytes((root[at] ^ 1,)) + root[at + 1 :]
    with publishing(page(changed)) as who:
        assert not refreshed(tmp_path / "trust.sqlite", who.url())
    assert not (tmp_path / "trust.sqlite").exists()


def test_the_production_root_comes_in_packed(tmp_path: Path, root: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("tng-cdn/v2/trustlist/did.json")
        member.size = len(root)
        archive.addfile(member, io.BytesIO(root))
    source = tmp_path / "tng-cdn.tar.gz"
    source.write_bytes(packed.getvalue())
    [taken] = import_sources(tmp_path / "trust.sqlite", [source], now=NOW).lists
    assert (taken.name, taken.keys, taken.authenticated) == ("gdhcn-prod", 501, 501)
