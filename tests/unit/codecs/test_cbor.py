import math
import random
import struct
from collections.abc import Iterator, Mapping

import cbor2
import pytest
from cbor2 import CBORTag, undefined
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import cbor
from verifier.errors import DocumentError
from verifier.limits import CBOR_DEPTH, CBOR_ITEMS
from verifier.reasons import Reason

# How wide an argument may be written, by the additional information that says so.
WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}

# What cbor2 makes objects of: none of it belongs into a certificate.
FOREIGN_TAGS = (2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 256, 258, 260, 261, 43000, 55799)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=20)
)
KEYS = st.integers(-300, 300) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def reason_of(data: bytes) -> Reason | None:
    try:
        cbor.decode(data)
    except DocumentError as error:
        return error.reason
    return None


def head(major: int, info: int, argument: int = 0) -> bytes:
    return bytes((major << 5 | info,)) + argument.to_bytes(WIDTHS[info], "big")


def content_of(major: int, argument: int) -> bytes:
    """Write what a head with a small argument announces."""
    return {
        0: b"",
        1: b"",
        2: b"a" * argument,
        3: b"a" * argument,
        4: b"\0" * argument,
        5: b"".join(bytes((0x61, 0x61 + number, 0)) for number in range(argument)),
        6: b"\0",
    }[major]


def long_heads() -> Iterator[tuple[int, int, int]]:
    least = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
    for major in range(7):
        for info, width in WIDTHS.items():
            for argument in {0, 1, 10, 23, least[info] - 1, 24, 255, 256, 65_535}:
                fits = argument < least[info] and argument < 1 << 8 * width
                if fits and (major in {0, 1, 6} or argument <= 23):
                    yield major, info, argument


def holds_float(value: object) -> bool:
    if isinstance(value, CBORTag):
        return holds_float(value.value)
    if isinstance(value, Mapping):
        return any(map(holds_float, value)) or any(map(holds_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_float, value))
    return isinstance(value, float)


@given(VALUES)
def test_what_another_encoder_writes_comes_back(value: object) -> None:
    decoded = cbor.decode(cbor2.dumps(value))
    assert decoded == value
    assert cbor2.dumps(decoded) == cbor2.dumps(value)


@given(VALUES, st.randoms(use_true_random=False))
def test_what_is_accepted_is_the_only_spelling_of_its_value(
    value: object, chance: random.Random
) -> None:
    data = bytearray(cbor2.dumps(value))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(3):
            case 0 if place < len(data):
                data[place] = chance.randrange(256)
            case 1 if place < len(data) > 1:
                del data[place]
            case _:
                data.insert(place, chance.randrange(256))
    if reason_of(bytes(data)) is not None:
        return
    decoded = cbor.decode(bytes(data))
    # Floats have three widths, and NaN has more spellings than can be told apart.
    assert holds_float(decoded) or cbor2.dumps(decoded) == bytes(data)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_document_error(data: bytes) -> None:
    reason_of(data)
    assert cbor.explain(data) is None or isinstance(cbor.explain(data), Reason)


@given(VALUES)
def test_an_item_cut_anywhere_is_refused(value: object) -> None:
    data = cbor2.dumps(value)
    for end in range(len(data)):
        assert reason_of(data[:end]) is Reason.NOT_CBOR


@given(VALUES, st.binary(min_size=1, max_size=20))
def test_bytes_after_the_item_are_refused(value: object, more: bytes) -> None:
    assert reason_of(cbor2.dumps(value) + more) is Reason.BYTES_AFTER_ENVELOPE


@given(VALUES)
def test_walking_over_an_item_ends_where_it_ends(value: object) -> None:
    data = cbor2.dumps(value)
    assert cbor.skip(b"\0\0" + data + b"\xff", 2) == len(data) + 2
    assert cbor.explain(data) is None


@pytest.mark.parametrize(("major", "info", "argument"), sorted(long_heads()))
def test_a_head_longer_than_needed_is_refused(major: int, info: int, argument: int) -> None:
    item = head(major, info, argument) + content_of(major, min(argument, 23))
    assert reason_of(item) is Reason.NOT_CANONICAL
    # The same inside others, where it has to be found between things that look alike.
    for around in (
        b"\x81%b",
        b"\x82\x18\x18%b",
        b"\xa1\x61\x18%b",
        b"\x83\x41\x18%b\x00",
        b"\x82\x78\x19" + b"\x18" * 25 + b"%b",
        b"\xc1%b",
    ):
        assert reason_of(around % item) is Reason.NOT_CANONICAL


def test_a_map_key_longer_than_needed_is_refused() -> None:
    assert reason_of(b"\xa1\x18\x01\x00") is Reason.NOT_CANONICAL
    assert reason_of(b"\xa1\x78\x01a\x00") is Reason.NOT_CANONICAL


def test_the_shortest_head_of_every_width_is_read() -> None:
    for number in (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1):
        assert cbor.decode(cbor2.dumps(number)) == number
        assert cbor.decode(cbor2.dumps(-1 - number)) == -1 - number
    for length in (0, 23, 24, 255, 256, 65_535, 65_536):
        assert cbor.decode(cbor2.dumps(b"\x18" * length)) == b"\x18" * length
        assert cbor.decode(cbor2.dumps("\x00" * length)) == "\x00" * length


@pytest.mark.parametrize(
    "text",
    [
        "\x18\x00",
        "x\x00",
        "\x19\x00\x00",
        "\x1a\x00\x00\x00",
        "9\x00\x01",
        "z\0\0\0",
        "{" + "\0" * 7,
    ],
)
def test_a_text_that_looks_like_long_heads_is_read(text: str) -> None:
    assert cbor.decode(cbor2.dumps([text, text.encode(), {text: text}])) == [
        text,
        text.encode(),
        {text: text},
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\x5f\xff",
        b"\x7f\x61a\xff",
        b"\x9f\xff",
        b"\x9f\x01\xff",
        b"\xbf\xff",
        b"\x81\x9f\xff",
        b"\xff",
    ],
)
def test_indefinite_lengths_are_refused(data: bytes) -> None:
    assert reason_of(data) is Reason.NOT_CANONICAL


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1c",
        b"\x1d",
        b"\x1e",
        b"\x3c",
        b"\x5d",
        b"\x7e",
        b"\x9c",
        b"\xbd",
        b"\xdc",
        b"\xfc",
        b"\xfd",
        b"\xfe",
        b"\x1f",
        b"\x3f",
        b"\xdf\x00",
        b"\x61\xff",
        b"\x62\xc3\x28",
        b"\x63\xed\xa0\x80",
        b"\x62\xc0\x80",
        b"\x64\xf4\x90\x80\x80",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x9a\x7f\xff\xff\xff\x00",
        b"\xba\x00\x01\x00\x00\x00\x00",
    ],
)
def test_what_is_no_item_is_refused(data: bytes) -> None:
    assert reason_of(data) in {Reason.NOT_CBOR, Reason.NOT_CANONICAL, Reason.TOO_MANY_ITEMS}


@pytest.mark.parametrize("simple", range(32))
def test_a_simple_value_in_two_bytes_that_fits_one_is_refused(simple: int) -> None:
    assert reason_of(bytes((0xF8, simple))) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"\xa2\x01\x00\x01\x00",
        b"\xa2\x01\x00\x01\x02",
        b"\xa2\x61a\x00\x61a\x01",
        b"\xa3\x01\x00\x02\x00\x01\x00",
        b"\x81\xa2\x04\x41a\x04\x41b",
        b"\xa1\x01\xa2\x61a\x00\x61a\x01",
        b"\xa2\x20\x00\x20\x00",
        b"\xa2\x41a\x00\x41a\x00",
        b"\xa2\xf6\x00\xf6\x00",
    ],
)
def test_a_key_that_comes_twice_is_refused_as_such(data: bytes) -> None:
    assert reason_of(data) is Reason.DUPLICATE_KEY


@pytest.mark.parametrize(
    "key", [b"\x80", b"\xa0", b"\x81\xa0", b"\xc1\x80", b"\xf7", b"\xf9\x7e\x00"]
)
def test_an_odd_map_key_never_raises_anything_else(key: bytes) -> None:
    assert reason_of(b"\xa1%b\x00" % key) in {None, Reason.NOT_CBOR}
    # NaN differs from itself, so that only it can stand twice.
    assert reason_of(b"\xa2%b\x00%b\x00" % (key, key)) is not None or key == b"\xf9\x7e\x00"


def test_keys_that_are_equal_in_python_alone_never_overwrite_one_another() -> None:
    for data in (b"\xa2\x01\x00\xf5\x01", b"\xa2\x01\x00\xfb\x3f\xf0" + bytes(6) + b"\x01"):
        if reason_of(data) is None:
            decoded = cbor.decode(data)
            assert isinstance(decoded, dict)
            assert len(decoded) == 2


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\x00", b"\xc1"])
def test_nesting_is_read_to_its_limit_and_no_further(opening: bytes) -> None:
    assert reason_of(opening * CBOR_DEPTH + b"\x00") is None
    assert reason_of(opening * (CBOR_DEPTH + 1) + b"\x00") is Reason.NESTED_TOO_DEEP
    assert reason_of(opening * 60_000 + b"\x00") is Reason.NESTED_TOO_DEEP


def test_items_are_read_to_their_limit_and_no_further() -> None:
    assert cbor.decode(cbor2.dumps([0] * (CBOR_ITEMS - 1))) == [0] * (CBOR_ITEMS - 1)
    assert reason_of(cbor2.dumps([0] * CBOR_ITEMS)) is Reason.TOO_MANY_ITEMS
    pairs = dict.fromkeys(range((CBOR_ITEMS - 1) // 2), 0)
    assert cbor.decode(cbor2.dumps(pairs)) == pairs
    assert reason_of(cbor2.dumps({**pairs, -1: 0})) is Reason.TOO_MANY_ITEMS


@pytest.mark.parametrize("tag", FOREIGN_TAGS)
@pytest.mark.parametrize("inner", [b"\x00", b"\x41a", b"\x61a", b"\x82\x01\x02", b"\xa0"])
def test_tags_that_build_objects_are_refused(tag: int, inner: bytes) -> None:
    data = cbor2.dumps(CBORTag(tag, 0))[:-1] + inner
    assert reason_of(data) is Reason.TAG_NOT_ALLOWED
    assert reason_of(b"\x81" + data) is Reason.TAG_NOT_ALLOWED


def test_no_tag_of_all_those_that_exist_raises_or_builds_anything() -> None:
    for tag in [*range(1_200), *range(43_000, 43_010), *range(55_790, 55_810), 2**32, 2**64 - 1]:
        for inner in (0, "a", b"a", [0], {}, "2026-01-01", [b"a", 1], 1.5):
            data = cbor2.dumps(CBORTag(tag, inner))
            if reason_of(data) is None:
                decoded = cbor.decode(data)
                assert isinstance(decoded, CBORTag)
                assert (decoded.tag, decoded.value) == (tag, inner)


@pytest.mark.parametrize("tag", [0, 1])
def test_date_tags_are_kept_as_they_are(tag: int) -> None:
    for inner in ("2026-11-02T08:00:00Z", "no date", 1_700_000_000, -1, 1e300, math.inf, [0], None):
        decoded = cbor.decode(cbor2.dumps(CBORTag(tag, inner)))
        assert isinstance(decoded, CBORTag)
        assert (decoded.tag, decoded.value) == (tag, inner)


def test_cyclic_and_shared_references_are_refused() -> None:
    for data in (
        b"\xd8\x1c\x81\xd8\x1d\x00",
        b"\xd8\x1d\x00",
        b"\xd9\x01\x00\x82\x63aaa\xd8\x19\x00",
    ):
        assert reason_of(data) is Reason.TAG_NOT_ALLOWED


def test_undefined_and_floats_of_each_width_are_read() -> None:
    assert cbor.decode(b"\xf7") is undefined
    assert cbor.decode(b"\xf9" + struct.pack(">e", 1.5)) == 1.5
    assert cbor.decode(b"\xfa" + struct.pack(">f", 1.5)) == 1.5
    assert cbor.decode(b"\xfb" + struct.pack(">d", 1.1)) == 1.1
    assert cbor.decode(b"\xf9\x00\x00") == 0.0
    assert math.isnan(float(str(cbor.decode(b"\xf9\x7e\x00"))))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_CBOR),
        (b"\x18", Reason.NOT_CBOR),
        (b"\x62a", Reason.NOT_CBOR),
        (b"\x1c", Reason.NOT_CBOR),
        (b"\x18\x17", Reason.NOT_CANONICAL),
        (b"\x9f\xff", Reason.NOT_CANONICAL),
        (b"\x00\x00", Reason.BYTES_AFTER_ENVELOPE),
        (b"\xc2\x41a", Reason.TAG_NOT_ALLOWED),
        (b"\x81" * 17 + b"\0", Reason.NESTED_TOO_DEEP),
        (b"\x00", None),
        (b"\xfb\x00\x00\x00\x00\x00\x00\x00\x00", None),
    ],
)
def test_what_is_wrong_with_the_form_is_named(data: bytes, reason: Reason | None) -> None:
    assert cbor.explain(data) is reason


# Lengths left open, for content that is signed already.
def open_of(data: bytes) -> object:
    try:
        return cbor.decode_open(data)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x9f\xff", []),
        (b"\xbf\xff", {}),
        (b"\x5f\xff", b""),
        (b"\x7f\xff", ""),
        (b"\x9f\x01\x82\x02\x9f\x03\xff\xff", [1, [2, [3]]]),
        (b"\xbf\x61a\x9f\x01\xff\xff", {"a": [1]}),
        (b"\x5f\x42ab\x41c\xff", b"abc"),
        (b"\x7f\x62ab\x60\x61c\xff", "abc"),
        (b"\xa1\x01\xf7", {1: undefined}),
        (b"\xc1\x05", CBORTag(1, 5)),
        (b"\x9f" + b"\x00" * 300 + b"\xff", [0] * 300),
        (b"\x7f" + b"\x61a" * 40 + b"\xff", "a" * 40),
        (b"\x5f\x59\x01\x00" + b"a" * 256 + b"\xff", b"a" * 256),
    ],
)
def test_lengths_left_open_are_read_where_they_are_asked_for(data: bytes, value: object) -> None:
    assert open_of(data) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_CBOR),
        (b"\x9f", Reason.NOT_CBOR),
        (b"\x7f", Reason.NOT_CBOR),
        (b"\x9f\x01", Reason.NOT_CBOR),
        (b"\xff", Reason.NOT_CANONICAL),
        (b"\x9f\xff\x00", Reason.BYTES_AFTER_ENVELOPE),
        (b"\xbf\x01\xff", Reason.NOT_CBOR),
        (b"\x7f\x41a\xff", Reason.NOT_CBOR),
        (b"\x5f\x01\xff", Reason.NOT_CBOR),
        (b"\x7f\x7f\x61a\xff\xff", Reason.NOT_CBOR),
        (b"\x62a", Reason.NOT_CBOR),
        (b"\xbf\x01\x01\x01\x02\xff", Reason.DUPLICATE_KEY),
        (b"\x9f\x18\x01\xff", Reason.NOT_CANONICAL),
        (b"\x9f\xc2\x41a\xff", Reason.TAG_NOT_ALLOWED),
        (b"\x9f" * (CBOR_DEPTH + 2) + b"\xff" * (CBOR_DEPTH + 2), Reason.NESTED_TOO_DEEP),
        (b"\x9f" + b"\0" * CBOR_ITEMS + b"\xff", Reason.TOO_MANY_ITEMS),
        (b"\x9b" + b"\xff" * 8, Reason.NOT_CBOR),
    ],
)
def test_everything_else_stays_as_strict_as_it_is(data: bytes, reason: Reason) -> None:
    assert open_of(data) is reason


# Arrays taken apart, for lists that are longer than any document.
def elements(data: bytes, at: int = 0) -> list[bytes] | Reason:
    try:
        return cbor.elements_of(data, at, most=3, items=4, depth=2)
    except cbor.HeadError as error:
        return error.reason


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\x80", []),
        (b"\x9f\xff", []),
        (b"\x83\x01\x61a\x81\x02", [b"\x01", b"\x61a", b"\x81\x02"]),
        (b"\x9f\x01\xbf\x01\x02\xff\xff", [b"\x01", b"\xbf\x01\x02\xff"]),
        (b"\x98\x01\x00", Reason.NOT_CANONICAL),
        (b"", Reason.NOT_CBOR),
        (b"\xa0", Reason.NOT_CBOR),
        (b"\x82\x01", Reason.NOT_CBOR),
        (b"\x9f\x01", Reason.NOT_CBOR),
        (b"\x80\x00", Reason.BYTES_AFTER_ENVELOPE),
        (b"\x9f\xff\x00", Reason.BYTES_AFTER_ENVELOPE),
        (b"\x84\x00\x00\x00\x00", Reason.TOO_MANY_ITEMS),
        (b"\x9f\x00\x00\x00\x00\xff", Reason.TOO_MANY_ITEMS),
        (b"\x81\x84\x00\x00\x00\x00", Reason.TOO_MANY_ITEMS),
        (b"\x81\x81\x81\x81\x00", Reason.NESTED_TOO_DEEP),
    ],
)
def test_an_array_is_taken_apart_within_limits(data: bytes, found: list[bytes] | Reason) -> None:
    assert elements(data) == found
    assert elements(b"\xa1\x61r" + data, at=3) == found


@given(st.lists(VALUES, max_size=3))
def test_the_elements_of_an_array_are_its_parts(values: list[object]) -> None:
    encoded = [cbor2.dumps(value) for value in values]
    found = cbor.elements_of(cbor2.dumps(values), 0, most=3, items=1_000, depth=40)
    assert found == encoded


def test_what_is_larger_than_a_document_is_read_where_that_is_asked_for() -> None:
    deep = b"\x81" * (CBOR_DEPTH + 5) + b"\x00"
    long = cbor2.dumps([0] * (CBOR_ITEMS + 5))
    for data in (deep, long):
        assert reason_of(data) in {Reason.NESTED_TOO_DEEP, Reason.TOO_MANY_ITEMS}
        expected = cbor2.loads(data)
        assert cbor.decode(data, items=2_000, depth=40) == expected
        assert cbor.decode_open(data, items=2_000, depth=40) == expected


@given(VALUES)
def test_what_is_written_with_its_lengths_is_read_the_same(value: object) -> None:
    data = cbor2.dumps(value)
    try:
        expected: object = cbor.decode(data)
    except DocumentError as error:
        expected = error.reason
    assert open_of(data) == expected


@given(st.binary(max_size=60))
def test_no_bytes_with_lengths_left_open_raise_anything_but_a_document_error(data: bytes) -> None:
    open_of(data)
    open_of(b"\x9f" + data + b"\xff")
