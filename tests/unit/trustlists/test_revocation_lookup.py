"""Tables and filters: what is in them is found, and nothing that is listed is ever clear."""

import hashlib
import struct
import tempfile
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.revocation import (
    KID,
    NOW,
    Hashed,
    batch,
    bloom,
    distribution,
    hashed_of,
    hashes,
    key,
    short_hashes,
    standing,
    take,
    write_set,
)

from trustlists import TrustStore
from trustlists.revocation import building
from trustlists.revocation.building import TableBuilder, sizes_for
from trustlists.revocation.filters import (
    NotAFilter,
    pack_short_hashes,
    rate_of_bloom,
    rate_of_short_hashes,
    read_bloom,
    read_short_hashes,
    without_sign,
)
from trustlists.revocation.table import FOREVER, NEVER, Table, mask_of
from trustlists.revocation.withdrawals import IdWithdrawals, _Complete
from verifier.revocation import Method, Standing

HASH = st.binary(min_size=16, max_size=16)
HASHED = st.text(min_size=1, max_size=40).map(str.encode).map(hashed_of)
HASHES = st.lists(HASH, min_size=1, max_size=60)


def number(hashed: bytes, kid: bytes = KID, country: str = "DE") -> int:
    return int.from_bytes(hashed[:16], "big") ^ mask_of(country, kid)


def test_numbers_are_written_alike_on_every_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = array("I", [1, 0x8000_0002])
    expected = struct.pack(">2I", *numbers)

    def written() -> bytes:
        before = numbers.tobytes()
        with (tmp_path / "numbers").open("wb") as table:
            building._write_numbers(table, numbers)
        assert numbers.tobytes() == before
        return (tmp_path / "numbers").read_bytes()

    assert written() == expected
    # The same numbers as a machine of the other byte order has them in memory.
    numbers.byteswap()
    monkeypatch.setattr(building, "_SWAPPED", not building._SWAPPED)
    assert written() == expected


@settings(max_examples=40, deadline=None)
@given(listed=HASHES, others=HASHES, lapse=st.integers(0, 2**33))
def test_a_table_gives_back_what_was_put_in_and_nothing_else(
    listed: list[bytes], others: list[bytes], lapse: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "table"
        with TableBuilder(Path(place)) as builder:
            assert builder.add("DE", KID, b"".join(listed), lapse) == len(listed)
            start = builder.add_filter(b"filter")
            digest, filters = builder.write(path)
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
        table = Table(str(path))
        assert table.entries == len(set(listed))
        expected = min(lapse, FOREVER)
        assert all(table.lapse(number(each)) == expected for each in listed)
        assert all(table.lapse(number(each)) == NEVER for each in set(others) - set(listed))
        assert all(table.lapse(number(each, b"other")) == NEVER for each in listed)
        assert table.buffer[filters + start :] == b"filter"
        table.close()


def test_a_stretch_of_hashes_that_look_alike_is_searched_in_steps(tmp_path: Path) -> None:
    mask = mask_of("DE", KID).to_bytes(16, "big")
    alike = [bytes(a ^ b for a, b in zip(each, mask, strict=True)) for each in (
        bytes(16), bytes(15) + b"\1", bytes(8) + b"\1" + bytes(7),
    )]  # fmt: skip
    with TableBuilder(tmp_path) as builder:
        builder.add("DE", KID, b"".join(alike[1:]), None)
        builder.write(tmp_path / "table")
    table = Table(str(tmp_path / "table"))
    assert [table.lapse(number(each)) for each in alike] == [NEVER, FOREVER, FOREVER]
    # A hash that only stands across two others, which nobody would meet by chance.
    across = int.from_bytes(bytes(16), "big")
    assert table.lapse(across) == NEVER


def test_what_is_spilled_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustlists.revocation.building._HELD_BYTES", 100)
    listed = [hashlib.sha256(bytes([place])).digest()[:16] for place in range(200)]
    with TableBuilder(tmp_path) as builder:
        for each in listed:
            builder.add("DE", KID, each, NOW)
        builder.write(tmp_path / "table")
    table = Table(str(tmp_path / "table"))
    assert all(table.lapse(number(each)) == NOW for each in listed)


def test_filter_and_index_grow_with_the_entries() -> None:
    assert sizes_for(0) == (3, 0)
    assert sizes_for(10_000_000) == (27, 20)
    assert sizes_for(2**29)[0] == 32


@settings(max_examples=60, deadline=None)
@given(listed=HASHES, rate=st.sampled_from([0.5, 1e-2, 1e-9, 1e-12]), swapped=st.booleans())
def test_a_bloom_filter_has_no_false_no(listed: list[bytes], rate: float, *, swapped: bool) -> None:
    read = read_bloom(bloom(listed, rate=rate, swapped=swapped) + bytes(4))
    assert all(read.may_hold(each + b"beyond 16") for each in listed)
    assert 0 < rate_of_bloom(read) <= 1


@settings(max_examples=100, deadline=None)
@given(listed=HASHES, width=st.integers(1, 16))
def test_a_list_of_shortened_hashes_has_no_false_no(listed: list[bytes], width: int) -> None:
    # Half of them as the writer in use spoils them.
    spoiled = [without_sign(each[:width]) for each in listed[::2]] + listed[1::2]
    data = short_hashes(spoiled, width)
    packed = pack_short_hashes(data)
    read = read_short_hashes(b"before" + packed, 6, len(packed))
    assert all(read.may_hold(each) for each in listed)
    assert 0 < rate_of_short_hashes(data, packed, 1) <= 1


def test_the_lost_sign_is_the_one_that_the_notes_describe() -> None:
    assert without_sign(bytes.fromhex("ffff8001")) == bytes.fromhex("00008001")
    assert without_sign(bytes.fromhex("ff7f8001")) == bytes.fromhex("ff7f8001")
    assert without_sign(bytes.fromhex("ffffffff")) == bytes.fromhex("000000ff")
    assert without_sign(bytes.fromhex("80ffff01")) == bytes.fromhex("80ffff01")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_torn_filter_is_refused(data: Any) -> None:
    whole = bloom(hashes("a", "b", "c"))
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(NotAFilter):
        read_bloom(whole[:cut])
    listed = short_hashes(hashes("a", "b", "c"), 7)
    cut = data.draw(st.integers(0, len(listed) - 1).filter(lambda at: at < 18 or (at - 11) % 7))
    with pytest.raises(NotAFilter):
        pack_short_hashes(listed[:cut])


def test_shortened_hashes_are_told_from_their_neighbours() -> None:
    """Of numbers of two bytes, with and without the highest bit, every other one is listed."""
    numbers = [number.to_bytes(2, "big") + bytes(14) for number in range(0, 1 << 16, 97)]
    packed = pack_short_hashes(short_hashes(numbers[::2], 2))
    read = read_short_hashes(packed, 0, len(packed))
    assert all(map(read.may_hold, numbers[::2]))
    assert not any(map(read.may_hold, numbers[1::2]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_filter_or_refused(data: bytes) -> None:
    for read in (read_bloom, pack_short_hashes):
        try:
            read(data)
        except NotAFilter:
            continue


FORMS = ("signed batch", "any key", "unsigned", "bloom", "short")


@settings(max_examples=25, deadline=None)
@given(
    listed=st.lists(st.tuples(HASHED, st.sampled_from(FORMS)), min_size=1, max_size=8),
    mode=st.sampled_from(["POINT", "VECTOR", "COORDINATE"]),
    complete=st.booleans(),
    exact=st.booleans(),
    older=st.booleans(),
)
def test_a_listed_certificate_is_never_fine(
    listed: list[tuple[Hashed, str]], mode: str, *, complete: bool, exact: bool, older: bool
) -> None:
    """Whatever kinds of list there are, and whatever each says of how complete it is.

    The one exception is meant: a complete list of hashes, no older, overrules a filter.
    """
    by_form = {form: [each for each, its in listed if its == form] for form in FORMS}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        batches = {}
        if by_form["signed batch"]:
            batches["signed.batch"] = batch(by_form["signed batch"], kid=KID)
        if by_form["any key"]:
            batches["any.batch"] = batch(by_form["any key"])
        if batches:
            whole = {"complete": ["DE"] if complete else [], "exact": []}
            if exact and complete and older:
                whole["exact"] = ["DE"]
            files = {**batches}
            take(folder, write_set(folder / "exact", files, name="exact", date=NOW - 5000, **whole))
        for form, kind in (("bloom", "BLOOMFILTER"), ("short", "VARHASHLIST")):
            if by_form[form]:
                files = distribution(KID, by_form[form], mode=mode, form=kind, loose=True)
                take(folder, write_set(folder / form, files, name=form, date=NOW - 4000))
        if by_form["unsigned"]:
            loose = folder / "loose"
            loose.mkdir()
            (loose / "one").write_bytes(batch(by_form["unsigned"], kid=KID))
            take(folder, loose, unsigned=True, anchors=())
        for hashed, form in listed:
            found = standing(folder, hashed)
            sure = {each for each, its in listed if its in {"signed batch", "any key"}}
            expected = {Standing.LISTED} if hashed in sure else {Standing.POSSIBLE, Standing.LISTED}
            assert found in expected, form


def test_an_unsigned_copy_of_a_signed_list_takes_nothing_from_it(tmp_path: Path) -> None:
    hashed = hashed_of(b"withdrawn")
    content = batch([hashed], kid=KID)
    signed = write_set(tmp_path / "exact", {"one.batch": content}, name="exact", date=NOW - 5000)
    take(tmp_path, signed)
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "one").write_bytes(content)
    take(tmp_path, loose, unsigned=True, anchors=())
    assert standing(tmp_path, hashed) is Standing.LISTED


def _cards(*ids: tuple[str, bool], whole: bool = True) -> IdWithdrawals:
    complete = [_Complete(NOW, NOW + 100, exact=True)] if whole else []
    return IdWithdrawals(Method.CARD, ids, complete)


@pytest.mark.parametrize(
    ("ids", "issued", "expected"),
    [
        (["x"], NOW, Standing.LISTED),
        (["x.100"], 99, Standing.LISTED),
        (["x.100"], 100, Standing.CLEAR),
        (["x.100"], 1000, Standing.CLEAR),
        (["x.100", "x.2000"], 1000, Standing.LISTED),
        (["x.2000", "x.100"], 1000, Standing.LISTED),
        (["x.100", "x"], 1000, Standing.LISTED),
        (["x", "x.100"], 1000, Standing.LISTED),
        (["x.100"], None, Standing.POSSIBLE),
        (["X"], NOW, Standing.CLEAR),
        ([], NOW, Standing.CLEAR),
    ],
)
def test_cards_are_withdrawn_by_number_and_instant(
    ids: list[str], issued: int | None, expected: Standing
) -> None:
    assert _cards(*((each, True) for each in ids)).look_up([b"x"], NOW, issued) is expected


def test_what_nobody_vouches_for_is_only_possible_and_what_is_old_is_not_clear() -> None:
    assert _cards(("x", False)).look_up([b"x"], NOW, NOW) is Standing.POSSIBLE
    assert _cards(("y", False), whole=False).look_up([b"x"], NOW, NOW) is Standing.INCOMPLETE
    assert _cards(("y", True)).look_up([b"x"], NOW + 101, NOW) is Standing.TOO_OLD


def test_a_closed_store_tells(tmp_path: Path) -> None:
    take(tmp_path, write_set(tmp_path / "set", {"one": batch(hashes("a"), kid=KID)}))
    store = TrustStore.open(tmp_path / "trust.sqlite")
    assert store.withdrawals(key(), "eu-dcc")
    store.close()
    with pytest.raises(Exception, match="closed"):
        store.withdrawals(key(), "eu-dcc")
