"""A list of withdrawn certificates that cannot be used stops a desk, and says why."""

from pathlib import Path

import pytest
from support.child import in_child
from support.command import run
from support.revocation import KID, NOW, batch, document, hashes, key, take, write_set

from cli.post.desk import Settings
from cli.post.opened import Opened
from trustlists import TrustStore
from verifier import Disclosure
from verifier.errors import TrustStoreInvalid

SETTINGS = Settings(
    store="", at=None, rules=None, region="", disclosure=Disclosure.NONE, lang="en",
    traveller_lang="", json=False, plain=True, big=False, clear_after=0, device="", camera="",
    prefix=b"", suffix=b"", texts="", tally="", tally_daily=False,
)  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    take(tmp_path, write_set(tmp_path / "set", {"one.batch": batch(hashes("a"), kid=KID)}))
    [table] = tmp_path.glob("*.revoked-*")
    return table


def store_of(table: Path) -> Path:
    return table.with_name("trust.sqlite")


@pytest.mark.parametrize(
    "command", [("verify",), ("inspect",), ("rules", "explain", "FR"), ("trust", "show")]
)
def test_the_technician_is_told_before_anybody_is_judged(
    table: Path, command: tuple[str, ...]
) -> None:
    older = b"PRATREV1" + table.read_bytes()[8:]
    for broken, why in ((older, "another version"), (b"", "torn"), (None, "cannot be read")):
        table.unlink(missing_ok=True)
        if broken is not None:
            table.write_bytes(broken)
        ran = run(*command, "--store", store_of(table), stdin=b"")
        assert (ran.status, ran.out) == (3, "")
        assert why in ran.err
        assert "pratique trust import" in ran.err


def test_importing_the_set_again_mends_it(table: Path, tmp_path: Path) -> None:
    table.write_bytes(b"")
    with pytest.raises(TrustStoreInvalid):
        TrustStore.open(store_of(table), tables=True)
    take(tmp_path, tmp_path / "set")
    with TrustStore.open(store_of(table), tables=True) as store:
        assert store.withdrawals(key(), "eu-dcc")


def test_a_post_goes_on_with_the_store_that_it_has(table: Path) -> None:
    store = store_of(table)
    opened = Opened(str(store), SETTINGS)
    whole = store.read_bytes()
    table.unlink()
    store.unlink()
    store.write_bytes(whole)
    assert not opened.renew()
    assert not opened.usable
    assert opened.store.withdrawals(key(), "eu-dcc")
    assert opened.verifier.verify("x").findings
    with pytest.raises(TrustStoreInvalid):
        Opened(str(store), SETTINGS)
    opened.store.close()


def test_a_worker_has_the_tables_that_its_desk_has_opened(table: Path) -> None:
    """A table that goes away in mid-shift is not missed before the store is opened anew."""

    def standings() -> list[str]:
        known = store.withdrawals(key(), "eu-dcc")
        assert known
        return [known.standing(*document(text), NOW) for text in (b"a", b"b")]

    with TrustStore.open(store_of(table), tables=True) as store:
        table.unlink()
        assert in_child(standings) == standings() == ["listed", "clear"]
