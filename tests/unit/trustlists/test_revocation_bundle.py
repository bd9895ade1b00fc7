"""A bundle carries the store of a desk, and leaves behind what has a signature of its own."""

from pathlib import Path

from support.revocation import KID, batch, hashes, key, take, write_set

from trustlists import TrustStore
from trustlists.writing import without_tables


def test_a_store_without_its_tables_says_that_there_is_no_list(tmp_path: Path) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one": batch(hashes("a"), kid=KID)}))
    content = (tmp_path / "trust.sqlite").read_bytes()
    (tmp_path / "desk.sqlite").write_bytes(without_tables(content))
    with TrustStore.open(tmp_path / "desk.sqlite") as store:
        assert store.withdrawals(key(), "eu-dcc") is None
        assert not store.lists()
    assert without_tables((tmp_path / "desk.sqlite").read_bytes()) != content
