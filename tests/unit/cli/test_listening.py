"""Bytes to scans and keys, with a clock of our own."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.post.keys import Key, keys_by_character
from cli.post.listening import ALONE, QUIET, SCAN_BYTES, Ear, Heard, Listener

KEYBOARD = Ear(keys_by_character())
LINE = Ear({}, keyboard=False)
PIPE = Ear({}, keyboard=False, silence=False)


def heard(
    data: bytes, ear: Ear = KEYBOARD, *, gap: float = 0.001, silence: float = 10.0
) -> Iterator[str | bytes | Key]:
    """Feed bytes at a pace and give what is heard; silence follows."""
    listener = Listener(ear)
    now = 0.0
    for byte in data:
        now += gap
        found = listener.silent(now)
        if isinstance(found, Key):
            yield found
        found = listener.take(byte, now)
        if found is Heard.WHOLE:
            yield listener.scan()
            listener.wipe()
        elif isinstance(found, Key):
            yield found
    end = now + silence
    while (wait := listener.waits(now)) is not None and now < end:
        now += wait + 0.001
        found = listener.silent(now)
        if found is Heard.WHOLE:
            yield listener.scan()
            listener.wipe()
        elif isinstance(found, Key):
            yield found


@pytest.mark.parametrize(
    ("data", "scans"),
    [
        (b"HC1:AB\r", ["HC1:AB"]),
        (b"HC1:AB\r\nHC1:CD\r\n", ["HC1:AB", "HC1:CD"]),
        (b"\2HC1:AB\3", ["HC1:AB"]),
        (b"HC1:AB\tHC1:CD\t", ["HC1:AB", "HC1:CD"]),
        (b"HC1: A B \r", ["HC1: A B "]),
        (b"HC1:AB", ["HC1:AB"]),
        (b"\xc3\xa9\xc3\xa8abc\r", ["éèabc"]),
        (b"ab\xffcd\r", [b"ab\xffcd"]),
        (b'{"a":\r\n"b"}\r', ['{"a":\r\n"b"}']),
        (b'{"a":"b\r{"c":"d"}\r', ['{"a":"b', '{"c":"d"}']),
        (b"\x1b[200~HC1:AB\nHC1:CD\x1b[201~", ["HC1:AB", "HC1:CD"]),
        (b"HC1:\x1b[15~AB\r", ["HC1:AB"]),
        (b"HC1:AB\x1b4CD\r", ["HC1:AB\x1b4CD"]),
    ],
)
def test_scans_from_a_keyboard(data: bytes, scans: list[str | bytes]) -> None:
    assert list(heard(data)) == scans


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"1", Key.NO_CERTIFICATE),
        ("é".encode(), Key.WAIVER),
        ("٣".encode(), Key.PROTECTION),
        (b"\x1bOS", Key.ILL),
        (b"\x1b[15~", Key.AGAIN),
        (b"\3", Key.INTERRUPT),
        (b"\x1a", Key.SUSPEND),
        (b"\x1b", Key.ANY),
        (b"a\3", Key.INTERRUPT),
    ],
)
def test_keys(data: bytes, key: Key) -> None:
    assert list(heard(data)) == [key]


def test_a_key_at_scanner_speed_is_no_key() -> None:
    assert list(heard(b"12\r")) == ["12"]
    assert list(heard(b"12", gap=ALONE * 2)) == [Key.NO_CERTIFICATE, Key.WAIVER]


def test_arrows_and_focus_are_nothing() -> None:
    for data in (b"\x1b[A", b"\x1b[1;5C", b"\x1b[I", b"\r", b"\n\t\0"):
        assert list(heard(data)) == []


def test_speed_tells_fingers_from_a_scanner() -> None:
    for gap, slow in ((0.01, False), (0.08, True)):
        listener = Listener(KEYBOARD)
        for at, byte in enumerate(b"some text"):
            listener.take(byte, at * gap)
        assert listener.by_hand is slow
    listener = Listener(LINE)
    listener.take(65, 0.0)
    assert not listener.by_hand


def test_silence_ends_a_scan_but_no_line_of_a_pipe() -> None:
    for ear, ended in ((KEYBOARD, Heard.WHOLE), (LINE, Heard.WHOLE), (PIPE, None)):
        listener = Listener(ear)
        for byte in b"HC1:A":
            listener.take(byte, 0.0)
        assert listener.silent(QUIET + 0.1) is ended
    assert listener.waits(0.0) is None


def test_an_archive_on_a_line_ends_with_its_last_record() -> None:
    packed = b"PK\3\4a\r\nb\tc" + b"PK\5\6" + bytes(16) + b"\2\0" + b"xy"
    assert list(heard(packed, LINE)) == [packed]
    assert list(heard(packed + b"HC1:A\r", LINE)) == [packed, "HC1:A"]


def test_what_the_scanner_adds_is_taken_off() -> None:
    ear = KEYBOARD._replace(prefix=b"D4:", suffix=b"#")
    assert list(heard(b"D4:HC1:A#HC1:B#", ear)) == ["HC1:A", "HC1:B"]


def test_a_flood_is_cut_and_still_one_scan() -> None:
    (text,) = heard(b"A" * (SCAN_BYTES + 5_000) + b"\r")
    assert len(text) == SCAN_BYTES


def test_a_long_scan_ends_by_time() -> None:
    listener = Listener(KEYBOARD)
    for at in range(40):
        listener.take(65, float(at) * 0.9)
    assert listener.silent(36.0) is Heard.WHOLE


def test_what_was_heard_is_overwritten() -> None:
    listener = Listener(KEYBOARD)
    for byte in b"HC1:A":
        listener.take(byte, 0.0)
    buffer = listener._buffer
    assert "HC1" not in repr(listener)
    listener.wipe()
    assert (bytes(buffer), listener.heard) == (b"", 0)


@given(st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 $%*+-./:", min_size=4), max_size=5))
def test_no_scan_is_lost_or_merged(scans: list[str]) -> None:
    data = "".join(f"HC1:{scan}\r\n" for scan in scans).encode()
    assert list(heard(data)) == [f"HC1:{scan}" for scan in scans]


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    for ear in (KEYBOARD, LINE, PIPE):
        list(heard(data, ear))
