import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, bits, dotted, element


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x05" + bytes(5),
        b"\x30\x82\x00\x85" + bytes(0x85),
        b"\x30\x85\x00\x00\x00\x00\x01\x00",
        b"\x30\x05\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x82\x01",
        b"\x31\x00",
    ],
    ids=lambda data: data[:6].hex() or "empty",
)
def test_lengths_are_definite_shortest_and_inside(data: bytes) -> None:
    with pytest.raises(NotDer):
        DerReader(data).enter(der.SEQUENCE)


def test_tags_of_many_bytes_are_refused() -> None:
    with pytest.raises(NotDer):
        DerReader(b"\x1f\x81\x00\x00").text()


def test_an_element_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotDer):
        DerReader(b"").text()


def test_bytes_left_over_are_noticed() -> None:
    reader = DerReader(b"\x05\x00\x05\x00")
    reader.content(0x05)
    with pytest.raises(NotDer):
        reader.finish()
    assert reader.has(0x05)
    reader.content(0x05)
    reader.finish()
    assert not reader.has(0x05)


def test_the_ends_of_consecutive_elements_are_found() -> None:
    first, second = element(der.INTEGER, b"1"), element(der.SEQUENCE, bytes(200))
    tags = bytes((der.INTEGER, der.SEQUENCE))
    assert der.ends(first + second, 0, len(first + second), tags) == [3, 3 + len(second)]
    for wrong in (second + first, first, first + second[:-1], b"\x02\x7f1"):
        with pytest.raises(NotDer):
            der.ends(wrong, 0, len(wrong), tags)


@example(bytes(200))
@example(bytes(70_000))
@given(st.binary(max_size=300))
def test_what_is_written_is_read_back(content: bytes) -> None:
    written = element(der.OCTET_STRING, content)
    assert DerReader(written).content(der.OCTET_STRING) == content
    assert DerReader(written).whole(der.OCTET_STRING) == written


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("2b060104018e378f650102", "1.3.6.1.4.1.1847.2021.1.2"),
        ("551d25", "2.5.29.37"),
        ("883703", "2.999.3"),
        ("00", "0.0"),
        ("27", "0.39"),
        ("28", "1.0"),
    ],
)
def test_object_identifiers_are_written_out(content: str, text: str) -> None:
    assert dotted(bytes.fromhex(content)) == text


@pytest.mark.parametrize("content", ["", "8001", "2b80", "2b8001", "2b" * 65])
def test_object_identifiers_that_are_none_are_refused(content: str) -> None:
    with pytest.raises(NotDer):
        dotted(bytes.fromhex(content))


@pytest.mark.parametrize("content", [b"", b"\x01\x80"])
def test_bit_strings_have_whole_bytes(content: bytes) -> None:
    with pytest.raises(NotDer):
        bits(content)
