import io
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import certificate, ec_key, name, pem

import trustlists.archives
from trustlists import Refusal, import_sources
from trustlists.archives import is_archive, unpack
from trustlists.faults import Fault
from trustlists.records import SourceFile
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import ARCHIVE_FLOOR_BYTES, LIST_BYTES

NOW = 1_795_000_000
KEYS = {
    "lists/a.pem": pem(certificate(ec_key("one"), subject=name(country="DE"))).encode(),
    "../../b.pem": pem(certificate(ec_key("two"), subject=name(country="FR"))).encode(),
}

Maker = Callable[[dict[str, bytes]], bytes]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def taped(
    files: dict[str, bytes], mode: str = "w", *more: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT
) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in more:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    return made.getvalue()


def gzipped(files: dict[str, bytes]) -> bytes:
    return taped(files, "w:gz")


def old(files: dict[str, bytes]) -> bytes:
    return taped(files, form=tarfile.GNU_FORMAT)


MAKERS = pytest.mark.parametrize("make", [zipped, taped, gzipped, old])


def special(kind: bytes, path: str = "special", **members: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(path)
    made.type = kind
    for member, value in members.items():
        setattr(made, member, value)
    return made


def fault_of(data: bytes) -> str:
    with pytest.raises(TrustListInvalid) as caught:
        unpack(data)
    return caught.value.fault


@MAKERS
def test_members_come_in_the_order_of_their_names(make: Maker) -> None:
    data = make(KEYS | {"lists/": b""} if make is zipped else KEYS)
    assert is_archive(data)
    assert unpack(data) == [
        SourceFile("../../b.pem", KEYS["../../b.pem"], packed=True),
        SourceFile("lists/a.pem", KEYS["lists/a.pem"], packed=True),
    ]


@MAKERS
def test_an_archive_is_one_list_and_nothing_of_it_is_written(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    source = below / "keys.tar.gz"
    source.write_bytes(make(KEYS | {"readme.txt": b"hello"}))
    [taken] = import_sources(below / "trust.sqlite", [source], now=NOW).lists
    assert (taken.source, taken.name, taken.keys) == ("keys.tar.gz", "pem:keys", 2)
    assert taken.refused == (("readme.txt", Refusal.NOT_A_TRUST_LIST),)
    found = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["keys.tar.gz", "trust.sqlite", "trust.sqlite.lock"]


def test_an_archive_of_one_file_is_a_list_too(tmp_path: Path) -> None:
    source = tmp_path / "one.zip"
    source.write_bytes(zipped({"a.pem": KEYS["lists/a.pem"]}))
    [taken] = import_sources(tmp_path / "trust.sqlite", [source], now=NOW).lists
    assert (taken.name, taken.keys) == ("pem:one", 1)


@pytest.mark.parametrize("make", [zipped, gzipped])  # an empty tar is nothing but zeros
def test_an_empty_archive_is_told(make: Maker, tmp_path: Path) -> None:
    source = tmp_path / "empty.zip"
    source.write_bytes(make({}))
    with pytest.raises(SetupError, match="It is empty"):
        import_sources(tmp_path / "trust.sqlite", [source], now=NOW)


@MAKERS
@pytest.mark.parametrize("inner", [zipped, taped, gzipped])
def test_an_archive_within_is_refused_and_the_rest_is_taken(make: Maker, inner: Maker) -> None:
    found = unpack(make({"a.pem": b"a", "inner": inner(KEYS)}))
    assert found == [
        SourceFile("a.pem", b"a", packed=True),
        SourceFile("inner", None, Refusal.NESTED_ARCHIVE),
    ]


def test_an_archive_in_a_folder_is_refused_and_the_rest_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a.pem").write_bytes(KEYS["lists/a.pem"])
    (folder / "b.zip").write_bytes(zipped(KEYS))
    [taken] = import_sources(tmp_path / "trust.sqlite", [folder], now=NOW).lists
    assert taken.keys == 1
    assert taken.refused == (("b.zip", Refusal.NESTED_ARCHIVE),)


@pytest.mark.parametrize(
    "member",
    [
        special(tarfile.SYMTYPE, linkname="/etc/passwd"),
        special(tarfile.LNKTYPE, linkname="a.pem"),
        special(tarfile.CHRTYPE),
        special(tarfile.BLKTYPE),
        special(tarfile.FIFOTYPE),
        special(tarfile.GNUTYPE_SPARSE),
    ],
)
def test_links_and_devices_are_refused_and_the_rest_is_taken(member: tarfile.TarInfo) -> None:
    found = unpack(taped({"a.pem": b"a"}, "w", member, special(tarfile.DIRTYPE, "folder")))
    assert found == [
        SourceFile("a.pem", b"a", packed=True),
        SourceFile("special", None, Refusal.NOT_A_PLAIN_FILE),
    ]


def test_a_link_in_a_zip_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        plain = zipfile.ZipInfo("plain")
        plain.external_attr = 0o100644 << 16
        archive.writestr(plain, b"x")
    assert unpack(made.getvalue()) == [
        SourceFile("link", None, Refusal.NOT_A_PLAIN_FILE),
        SourceFile("plain", b"x", packed=True),
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_in_bounds_is_refused(method: int) -> None:
    [found] = unpack(zipped({"a": b"x" * 100}, method))
    assert found == SourceFile("a", None, Refusal.PACKED_UNREADABLY)


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped({"a": b"x"}, zipfile.ZIP_STORED))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    [found] = unpack(bytes(data))
    assert found.refusal is Refusal.PACKED_UNREADABLY


@pytest.mark.parametrize("make", [zipped, gzipped])
def test_a_bomb_is_refused_before_it_takes_room(make: Maker) -> None:
    bomb = make({"bomb": bytes(300_000_000)})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        assert fault_of(bomb) == Fault.ARCHIVE_SWELLS
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * LIST_BYTES


@MAKERS
def test_many_members_together_are_held_to_the_same_room(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trustlists.archives, "LIST_BYTES", 100_000)
    half = {"a": os.urandom(60_000)}
    assert len(unpack(make(half))) == 1
    assert fault_of(make(half | {"b": os.urandom(60_000)})) == Fault.ARCHIVE_SWELLS


def test_the_padding_of_a_small_tar_is_no_bomb() -> None:
    data = gzipped({"a": bytes(ARCHIVE_FLOOR_BYTES // 2)})
    assert len(data) * 100 < ARCHIVE_FLOOR_BYTES // 2
    assert len(unpack(data)) == 1


@MAKERS
def test_a_crowd_is_refused(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trustlists.archives, "LIST_RECORDS", 3)
    assert len(unpack(make({str(number): b"" for number in range(3)}))) == 3
    assert fault_of(make({str(number): b"" for number in range(4)})) == Fault.ARCHIVE_CROWDED


@MAKERS
def test_a_cut_archive_is_refused_whole(make: Maker) -> None:
    data = make({"a": os.urandom(2_000), "b": os.urandom(2_000)})
    for size in range(300, len(data) - (9_000 if make in {taped, old} else 0), 97):
        cut = data[:size]
        assert is_archive(cut)
        assert fault_of(cut) == Fault.ARCHIVE_DAMAGED, size


def test_members_behind_a_damaged_header_do_not_vanish() -> None:
    data = bytearray(taped({"a": b"x", "b": b"y"}))
    assert data[1024 : 1024 + 1] == b"b"
    data[1024] = 0xFF
    assert fault_of(bytes(data)) == Fault.ARCHIVE_DAMAGED


def test_a_changed_byte_in_a_zip_is_noticed() -> None:
    data = bytearray(zipped({"a": b"content"}, zipfile.ZIP_STORED))
    data[data.find(b"content")] ^= 1
    assert fault_of(bytes(data)) == Fault.ARCHIVE_DAMAGED


@given(
    st.sampled_from([zipped, taped, gzipped, old]),
    st.integers(0, 2**32),
    st.integers(0, 255),
    st.integers(0, 200),
)
def test_whatever_is_changed_it_is_unpacked_or_refused(
    make: Maker, at: int, value: int, cut: int
) -> None:
    data = bytearray(make({"a": b"one" * 50, "b/c": b"two", "d": bytes(700)}))
    data[at % len(data)] = value
    del data[len(data) - cut % len(data) :]
    try:
        found = unpack(bytes(data))
    except TrustListInvalid:
        return
    assert all(file.data is not None or file.refusal for file in found)


@given(st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"x" * 257 + b"ustar"]), st.binary())
def test_what_only_begins_like_an_archive_is_refused(head: bytes, rest: bytes) -> None:
    with pytest.raises(TrustListInvalid):
        unpack(head + rest)
