import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.cbor import Pairs, Raw, Tag, encode
from verifier.codecs import cwt
from verifier.errors import DocumentError
from verifier.limits import LAST_SECOND
from verifier.reasons import Reason


def claims_of(payload: bytes) -> dict[object, object] | Reason:
    try:
        return cwt.read_claims(payload)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason


def date_of(value: object) -> int | Reason | None:
    claims = cwt.read_claims(encode({4: value}))
    try:
        return cwt.read_date(claims, cwt.EXP)
    except DocumentError as error:
        return error.reason


def test_claims_are_read_with_their_labels() -> None:
    assert claims_of(encode({1: "XS", 4: 5, 6: 6, -260: {1: {}}})) == {
        1: "XS",
        4: 5,
        6: 6,
        -260: {1: {}},
    }
    assert claims_of(encode({})) == {}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xa1",
        b"\xa0\x00",
        b"\xbf\xff",
        encode([]),
        encode(5),
        encode("text"),
        encode(None),
        encode(Pairs([(4, 1), (4, 2)])),
        encode(Tag(61, {})),
        encode({1: Raw(b"\x18\x01")}),
        encode({1: Tag(2, b"a")}),
        encode({1: Raw(b"\x61\xff")}),
    ],
)
def test_what_is_no_strict_map_is_malformed(payload: bytes) -> None:
    assert claims_of(payload) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (0, 0),
        (42, 42),
        (1_793_610_000, 1_793_610_000),
        (LAST_SECOND, LAST_SECOND),
        (1_793_610_000.0, 1_793_610_000),
        (1_793_610_000.9, 1_793_610_000),
        (0.5, 0),
        (Raw(b"\xf9\x3c\x00"), 1),
        (Raw(b"\xfa\x3f\xc0\x00\x00"), 1),
        (Tag(1, 5), 5),
        (Tag(1, 5.9), 5),
        (float(LAST_SECOND), LAST_SECOND),
    ],
)
def test_a_date_is_the_whole_seconds_of_a_number(value: object, date: int) -> None:
    assert date_of(value) == date


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        "1793610000",
        "",
        b"\x01",
        [1],
        {},
        -1,
        -0.5,
        -(2**64),
        2**64 - 1,
        LAST_SECOND + 1,
        float(LAST_SECOND + 1),
        1e300,
        math.nan,
        math.inf,
        -math.inf,
        Tag(1, "2026"),
        Tag(number=1, value=True),
        Tag(1, -1),
        Tag(1, math.nan),
        Tag(1, Tag(1, 5)),
        Tag(1, None),
        Tag(0, 5),
        Tag(0, "2026-11-02T08:00:00Z"),
        Raw(b"\xf7"),
        Raw(b"\xe0"),
        Raw(b"\xf8\xff"),
    ],
)
def test_what_is_no_number_of_a_date_is_malformed(value: object) -> None:
    assert date_of(value) is Reason.CLAIMS_MALFORMED


def test_a_date_that_is_absent_or_null_is_none() -> None:
    assert cwt.read_date({}, cwt.EXP) is None
    assert date_of(None) is None


@given(st.floats())
def test_no_float_escapes(number: float) -> None:
    date = date_of(number)
    if math.isfinite(number) and 0 <= number <= LAST_SECOND:
        assert date == math.floor(number)
    else:
        assert date is Reason.CLAIMS_MALFORMED


@given(st.binary(max_size=100))
def test_no_payload_raises_anything_but_a_document_error(payload: bytes) -> None:
    claims = claims_of(payload)
    if isinstance(claims, dict):
        for label in list(claims):
            if isinstance(label, int):
                try:
                    cwt.read_date(claims, label)
                except DocumentError as error:
                    assert error.reason is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize(
    ("written", "turned", "unusual"),
    [
        ({1: 2, "name": 3}, {1: 2, "name": 3}, False),
        ({"1": 2, "-260": 3}, {1: 2, -260: 3}, True),
        ({"01": 2, "+1": 3, "1.0": 4, "": 5, "123456": 6}, None, False),
        ({"\u0661": 2, " 1": 3, "--1": 4, "0": 5}, None, False),
    ],
)
def test_keys_that_are_numbers_in_text_become_numbers(
    written: dict[object, object],
    turned: dict[object, object] | None,
    unusual: bool,  # noqa: FBT001 - a column
) -> None:
    assert cwt.with_numbers(written) == (written if turned is None else turned, unusual)


def test_a_key_in_both_forms_is_malformed() -> None:
    with pytest.raises(DocumentError) as refused:
        cwt.with_numbers({1: 1, "1": 1})
    assert refused.value.reason is Reason.CLAIMS_MALFORMED
