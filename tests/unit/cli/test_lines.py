import json
import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.lines import CHUNK_BYTES, LINE_BYTES, read_lines
from cli.problem import Problem
from verifier.limits import DOCUMENT_CHARACTERS

# What begins an object in JSON may go on in the next line; that has tests of its own.
SCANS = st.text(
    st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs", "Cc"]), min_size=1
).filter(lambda scan: scan.strip() and not scan.lstrip().startswith("{"))


def lines_of(*writes: bytes) -> list[str]:
    return list(streamed(*writes))


def streamed(*writes: bytes) -> Iterator[str]:
    reading, writing = os.pipe()

    def feed() -> None:
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for data in writes:
                pipe.write(data)

    feeder = threading.Thread(target=feed)
    feeder.start()
    buffer = bytearray(CHUNK_BYTES)
    try:
        yield from read_lines(reading, buffer, os.readv(reading, [buffer]), "the test")
    finally:
        feeder.join()
        os.close(reading)
        assert buffer == bytes(CHUNK_BYTES)


@given(st.lists(SCANS, min_size=1), st.sampled_from(["\n", "\r", "\r\n", "\n\n", "\n \r\n"]))
def test_every_line_comes_out_as_it_is(scans: list[str], end: str) -> None:
    assert lines_of(end.join(scans).encode()) == scans
    assert lines_of((end.join(scans) + end).encode()) == scans


def test_spaces_at_the_ends_of_a_scan_are_kept() -> None:
    assert lines_of(b" HC1:A \n") == [" HC1:A "]


def test_a_line_may_come_in_pieces() -> None:
    assert lines_of(*(bytes([byte]) for byte in b"HC1:AB\nHC1:C")) == ["HC1:AB", "HC1:C"]


def test_a_byte_order_mark_is_no_part_of_a_scan() -> None:
    assert lines_of(b"\xef\xbb\xbfHC1:A\n") == ["HC1:A"]


def test_damaged_utf_8_stays_visible() -> None:
    assert lines_of(b"HC1:A\xe4B\n") == ["HC1:A\ufffdB"]


def test_a_line_without_end_is_cut_beyond_what_a_verifier_accepts() -> None:
    long = b"A" * (LINE_BYTES + CHUNK_BYTES)
    first, second = lines_of(long + b"\nHC1:B\n")
    assert first == "A" * LINE_BYTES
    assert second == "HC1:B"
    (wide,) = lines_of("\N{GRINNING FACE}".encode() * LINE_BYTES)
    assert len(wide) > DOCUMENT_CHARACTERS


def test_nul_at_the_end_is_a_scanner_s_and_elsewhere_is_no_text() -> None:
    assert lines_of(b"HC1:A\0\n") == ["HC1:A\0"]
    with pytest.raises(Problem, match="neither a picture, a PDF nor text"):
        lines_of(b"HC1:\0A\n")


def test_only_the_first_line_decides_whether_this_is_text() -> None:
    assert lines_of(b"HC1:A\nB\0B\n") == ["HC1:A", "B\0B"]


@pytest.mark.parametrize("blank", [b"", b"\n", b" \t\r\n"])
def test_no_scan_at_all_is_a_problem(blank: bytes) -> None:
    with pytest.raises(Problem, match="no scan in the test"):
        lines_of(blank)


def test_the_buffer_is_wiped_also_when_reading_stops_early() -> None:
    lines = streamed(b"HC1:A\nHC1:B\n")
    assert next(lines) == "HC1:A"
    lines.close()  # type: ignore[attr-defined]


SEAL = json.dumps({"data": {"a": ["]}", '\\"{'], "b": {}}, "sig": "x"}, indent="\t")


def test_json_may_go_over_several_lines() -> None:
    assert "\n" in SEAL
    whole = f"HC1:A\n{SEAL}\nHC1:B\n".encode()
    assert lines_of(whole) == ["HC1:A", SEAL, "HC1:B"]
    assert lines_of(*(whole[place : place + 5] for place in range(0, len(whole), 5))) == [
        "HC1:A",
        SEAL,
        "HC1:B",
    ]
    # Without a line end behind it, and with two for each.
    assert lines_of(SEAL.encode()) == [SEAL]
    assert lines_of(f"{SEAL}\n".replace("\n", "\r\n").encode()) == [SEAL.replace("\n", "\n\n")]


def test_json_that_is_never_closed_ends_with_the_text() -> None:
    assert lines_of(b'{"data": {\n"a": 1,\n') == ['{"data": {\n"a": 1,']


@pytest.mark.parametrize(
    "cut", ['{"data":{"a":"b', '{"data":{"a":1', '{"data":{"a":[1]', '{"a":"{']
)
def test_a_scan_that_was_cut_off_takes_no_other_with_it(cut: str) -> None:
    assert lines_of(f"{cut}\nHC1:B\n".encode()) == [cut, "HC1:B"]


def test_json_without_end_is_cut_beyond_what_a_verifier_accepts() -> None:
    first, *_ = lines_of(b"{\n" + (b"[" * 999 + b"\n") * (LINE_BYTES // 1_000 + 1))
    assert len(first) == LINE_BYTES
