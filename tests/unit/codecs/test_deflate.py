import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs.deflate import inflate, inflate_bare
from verifier.errors import DocumentError
from verifier.limits import INFLATED_BYTES
from verifier.reasons import Reason

HONEST = bytes(range(256)) * 3
PACKED = zlib.compress(HONEST)


def reason_of(data: bytes) -> Reason | None:
    try:
        inflate(data)
    except DocumentError as error:
        assert error.__context__ is None
        assert error.__cause__ is None
        return error.reason
    return None


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("level", range(10))
def test_every_level_of_compression_is_read(level: int) -> None:
    assert inflate(zlib.compress(HONEST, level)) == HONEST


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_COMPRESSED),
        (HONEST, Reason.NOT_COMPRESSED),
        (b"\xd2\x84\x40", Reason.NOT_COMPRESSED),
        (gzip.compress(HONEST), Reason.NOT_COMPRESSED),
        (raw(HONEST), Reason.NOT_COMPRESSED),
        (b"\x78", Reason.COMPRESSION_INCOMPLETE),
        (b"\x78\x9c", Reason.COMPRESSION_INCOMPLETE),
        (b"\x78\x9d", Reason.COMPRESSION_DAMAGED),
        (b"\x78\xbb" + PACKED[2:], Reason.COMPRESSION_DAMAGED),
        (PACKED[:-1], Reason.COMPRESSION_INCOMPLETE),
        (PACKED[:-4], Reason.COMPRESSION_INCOMPLETE),
        (PACKED[: len(PACKED) // 2], Reason.COMPRESSION_INCOMPLETE),
        (PACKED[:-1] + bytes((PACKED[-1] ^ 1,)), Reason.COMPRESSION_DAMAGED),
        (PACKED + b"\0", Reason.BYTES_AFTER_COMPRESSION),
        (PACKED + PACKED, Reason.BYTES_AFTER_COMPRESSION),
    ],
)
def test_what_is_no_whole_zlib_stream_is_refused_with_its_reason(
    data: bytes, reason: Reason
) -> None:
    assert reason_of(data) is reason


def test_the_ceiling_itself_is_read_and_a_byte_more_is_not() -> None:
    assert len(inflate(zlib.compress(bytes(INFLATED_BYTES)))) == INFLATED_BYTES
    assert reason_of(zlib.compress(bytes(INFLATED_BYTES + 1))) is Reason.INFLATES_TOO_FAR


def test_a_bomb_is_refused_without_being_blown_up() -> None:
    bomb = zlib.compress(bytes(64 * 1024 * 1024), 9)
    tracemalloc.start()
    try:
        assert reason_of(bomb) is Reason.INFLATES_TOO_FAR
        assert tracemalloc.get_traced_memory()[1] < 4 * INFLATED_BYTES
    finally:
        tracemalloc.stop()


def test_a_stream_cut_anywhere_is_incomplete() -> None:
    for end in range(1, len(PACKED)):
        assert reason_of(PACKED[:end]) is Reason.COMPRESSION_INCOMPLETE


@given(st.binary(max_size=4_000), st.integers(0, 9))
def test_what_was_packed_comes_back(data: bytes, level: int) -> None:
    assert inflate(zlib.compress(data, level)) == data


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_document_error(data: bytes) -> None:
    reason_of(data)
    reason_of(b"\x78\x9c" + data)


@given(st.integers(0, 8 * len(PACKED) - 1))
def test_a_changed_bit_is_noticed_or_changes_nothing(bit: int) -> None:
    changed = bytearray(PACKED)
    changed[bit // 8] ^= 1 << bit % 8
    # The level that the header names is no content, nor are the bits that fill the last byte.
    if reason_of(bytes(changed)) is None:
        assert inflate(bytes(changed)) == HONEST


def bare_reason_of(data: bytes, limit: int = 1_000) -> Reason | None:
    try:
        inflate_bare(data, limit)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@given(st.binary(max_size=600))
def test_a_stream_without_a_frame_is_read_whole(data: bytes) -> None:
    assert inflate_bare(raw(data), 600) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.COMPRESSION_INCOMPLETE),
        (raw(HONEST)[:-1], Reason.COMPRESSION_INCOMPLETE),
        (raw(HONEST) + b"\0", Reason.BYTES_AFTER_COMPRESSION),
        (PACKED, Reason.COMPRESSION_DAMAGED),
        (gzip.compress(HONEST), Reason.COMPRESSION_DAMAGED),
        (b'{"iss":"https://specimen.example"}', Reason.COMPRESSION_DAMAGED),
    ],
)
def test_what_is_no_whole_stream_is_refused_too(data: bytes, reason: Reason) -> None:
    assert bare_reason_of(data) is reason


def test_its_ceiling_acts_while_reading() -> None:
    assert bare_reason_of(raw(bytes(1_000))) is None
    assert bare_reason_of(raw(bytes(1_001))) is Reason.INFLATES_TOO_FAR
    bomb = raw(bytes(50_000_000))
    tracemalloc.start()
    try:
        assert bare_reason_of(bomb) is Reason.INFLATES_TOO_FAR
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
