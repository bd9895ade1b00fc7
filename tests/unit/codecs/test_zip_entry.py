"""A zip with one file: what the library of Python packs is read, and every other number refused."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.divoc.zips import DEFLATED, FOLLOWS, NAME, STORED, zipped
from verifier.codecs.zip_entry import read_only_file
from verifier.errors import DocumentError
from verifier.reasons import Reason

CONTENT = b'{"specimen": true}' * 20
PACKED, LIMIT = 4_096, 16_384


def read(data: bytes, *, packed: int = PACKED, limit: int = LIMIT) -> bytes:
    return read_only_file(data, NAME, packed=packed, limit=limit)


def reason_of(data: bytes, **limits: int) -> Reason | None:
    try:
        read(data, **limits)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@given(st.binary(max_size=3_000), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_what_another_library_packs_is_read(content: bytes, method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(NAME.decode(), content)
    assert read(target.getvalue()) == content


class _Pipe(io.RawIOBase):
    """Takes bytes and cannot go back, so that sizes have to follow the data."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def test_sizes_may_follow_the_data() -> None:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME.decode(), CONTENT)
    assert read(pipe.written) == CONTENT
    assert read(zipped(CONTENT, flags=FOLLOWS)) == CONTENT


@pytest.mark.parametrize("method", [STORED, DEFLATED])
@pytest.mark.parametrize("flags", [0, FOLLOWS, 1 << 11, 1 << 1, 1 << 2])
@pytest.mark.parametrize("extra", [b"", b"UT\5\0\1\2\3\4\5"])
def test_what_issuers_write_is_read(method: int, flags: int, extra: bytes) -> None:
    assert read(zipped(CONTENT, method=method, flags=flags, extra=extra)) == CONTENT


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"entries": 0}, Reason.PACKED_UNUSUALLY),
        ({"entries": 2}, Reason.PACKED_UNUSUALLY),
        ({"disk": 1}, Reason.PACKED_UNUSUALLY),
        ({"name": b"certificate.JSON"}, Reason.PACKED_UNUSUALLY),
        ({"name": b"/certificate.json"}, Reason.PACKED_UNUSUALLY),
        ({"name": b""}, Reason.PACKED_UNUSUALLY),
        ({"local_name": b"certificate.jsom"}, Reason.COMPRESSION_DAMAGED),
        ({"flags": 1}, Reason.PACKED_UNUSUALLY),
        ({"flags": 1 << 5}, Reason.PACKED_UNUSUALLY),
        ({"flags": 1 << 15}, Reason.PACKED_UNUSUALLY),
        ({"method": 9}, Reason.PACKED_UNUSUALLY),
        ({"entry_comment": b"x"}, Reason.PACKED_UNUSUALLY),
        ({"before": b"x"}, Reason.PACKED_UNUSUALLY),
        ({"between": b"x"}, Reason.COMPRESSION_DAMAGED),
        ({"comment": b"x"}, Reason.BYTES_AFTER_COMPRESSION),
        ({"crc": 1}, Reason.COMPRESSION_DAMAGED),
        ({"size": 1}, Reason.COMPRESSION_DAMAGED),
        ({"method": STORED, "size": 1}, Reason.COMPRESSION_DAMAGED),
        ({"packed_size": 9}, Reason.COMPRESSION_DAMAGED),
        ({"packed_size": 4_000}, Reason.COMPRESSION_DAMAGED),
        ({"packed_size": 0xFFFFFFFF}, Reason.TOO_LARGE),
        ({"flags": FOLLOWS, "descriptor": b""}, Reason.COMPRESSION_DAMAGED),
        ({"flags": FOLLOWS, "descriptor": b"PK\7\x08" + bytes(12)}, Reason.COMPRESSION_DAMAGED),
        ({"local_method": STORED}, Reason.COMPRESSION_DAMAGED),
    ],
)
def test_one_wrong_part_refuses_it(parts: dict[str, object], reason: Reason) -> None:
    assert reason_of(zipped(CONTENT, **parts)) is reason  # type: ignore[arg-type]


def test_a_directory_that_ends_elsewhere_is_damage() -> None:
    good = zipped(CONTENT)
    end = len(good) - 22
    for place, value in ((end + 12, 40), (end + 16, 0), (end + 16, 0xFFFFFFFF)):
        changed = good[:place] + struct.pack("<I", value) + good[place + 4 :]
        assert reason_of(changed) is Reason.COMPRESSION_DAMAGED
    # An end record that counts a file and has no room for one.
    bare = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, 0, 0, 0)
    assert reason_of(bare) is Reason.COMPRESSION_DAMAGED


def test_limits_act_on_what_is_packed_and_on_what_comes_of_it() -> None:
    bomb = zipped(bytes(LIMIT + 1))
    assert reason_of(bomb) is Reason.INFLATES_TOO_FAR
    assert reason_of(zipped(bytes(LIMIT))) is None
    assert reason_of(zipped(CONTENT, method=STORED), packed=10) is Reason.TOO_LARGE
    assert reason_of(zipped(CONTENT, method=STORED), limit=10) is Reason.INFLATES_TOO_FAR


def test_a_zip_that_says_it_is_small_is_not_believed() -> None:
    assert reason_of(zipped(bytes(1 << 18), size=100)) is Reason.INFLATES_TOO_FAR


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6", bytes(22), b"PK\3\4" * 20])
def test_what_has_no_end_is_incomplete(data: bytes) -> None:
    reason = Reason.BYTES_AFTER_COMPRESSION if b"PK\5\6" in data else None
    assert reason_of(data) is (reason or Reason.COMPRESSION_INCOMPLETE)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    assert reason_of(data) is not None


@given(st.data())
def test_no_changed_byte_gives_other_content(data: st.DataObject) -> None:
    good = bytearray(zipped(CONTENT, flags=data.draw(st.sampled_from([0, FOLLOWS]))))
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] ^= data.draw(st.integers(1, 255))
    try:
        found = read(bytes(good))
    except DocumentError:
        return
    assert zlib.crc32(found) == zlib.crc32(CONTENT)
    assert found == CONTENT
