import json
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import json_strict
from verifier.errors import DocumentError
from verifier.limits import JSON_BYTES, JSON_CONTAINERS, JSON_DEPTH
from verifier.reasons import Reason

TEXTS = st.text(max_size=12) | st.text(alphabet='"\\[]{}/u', max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


def reason_of(data: bytes, **options: int) -> Reason | None:
    try:
        json_strict.decode(data, **options)
    except DocumentError as error:
        return error.reason
    return None


def levels_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(levels_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(levels_of, value), default=0)
    return 0


def has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    if isinstance(value, list):
        return any(map(has_float, value))
    return isinstance(value, float)


@given(value=VALUES, escaped=st.booleans(), indent=st.sampled_from([None, 1]))
def test_what_another_encoder_writes_is_read_as_it_was(
    *, value: object, escaped: bool, indent: int | None
) -> None:
    written = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    assert json_strict.decode(written) == value


@given(VALUES)
def test_depth_is_measured_exactly(value: object) -> None:
    written = json.dumps(value).encode()
    levels = levels_of(value)
    assert reason_of(written, depth=levels) is None
    if levels:
        assert reason_of(written, depth=levels - 1) is Reason.NESTED_TOO_DEEP


@given(VALUES)
def test_whole_numbers_only_when_asked_for(value: object) -> None:
    written = json.dumps(value).encode()
    expected = Reason.NOT_JSON if has_float(value) else None
    assert reason_of(written, integers=True) is expected


@given(st.dictionaries(TEXTS, SCALARS, max_size=4), st.data())
def test_a_cut_object_is_refused(value: object, data: st.DataObject) -> None:
    written = json.dumps(value).encode()
    length = data.draw(st.integers(0, len(written) - 1))
    assert reason_of(written[:length]) is Reason.NOT_JSON


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_reason(data: bytes) -> None:
    # The standard library's own reading is the oracle: here only less is let pass.
    if reason_of(data) is None:
        assert json_strict.decode(data) == json.loads(data.decode())


@given(VALUES, st.data())
def test_a_changed_byte_gives_a_value_or_a_reason(value: object, data: st.DataObject) -> None:
    written = bytearray(json.dumps(value).encode())
    written[data.draw(st.integers(0, len(written) - 1))] = data.draw(st.integers(0, 255))
    if reason_of(bytes(written)) is None:
        assert json_strict.decode(bytes(written)) == json.loads(bytes(written).decode())


@given(VALUES, st.text(alphabet='{}[]",:1a', min_size=1, max_size=4))
def test_anything_after_the_value_is_refused(value: object, more: str) -> None:
    written = json.dumps({"a": value}) + more
    assert reason_of(written.encode(), depth=100) is Reason.NOT_JSON


@given(st.dictionaries(TEXTS, SCALARS, min_size=1, max_size=5), st.data())
def test_a_member_that_stands_twice_is_refused(
    value: dict[str, object], data: st.DataObject
) -> None:
    again = data.draw(st.sampled_from(sorted(value)))
    members = [*value.items(), (again, data.draw(SCALARS))]
    order = data.draw(st.permutations(members))
    written = ",".join(f"{json.dumps(key)}:{json.dumps(member)}" for key, member in order)
    for shown in (f"{{{written}}}", f'[0,{{"deep":{{{written}}}}}]'):
        assert reason_of(shown.encode()) is Reason.DUPLICATE_KEY


def test_a_member_is_the_same_however_it_is_escaped() -> None:
    assert reason_of(rb'{"vc":1,"v\u0063":2}') is Reason.DUPLICATE_KEY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b"01",
        b"+1",
        b".5",
        b"1.",
        b"0x10",
        b"'a'",
        b'"\t"',
        b'"\x00"',
        b'"\\x"',
        b'"\\u12"',
        b"[1,]",
        b'{"a":1,}',
        b"{a:1}",
        b"{1:1}",
        b"[1] // said",
        b"/* said */ 1",
        b"\xef\xbb\xbf{}",
        b"\xa0{}",
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\xed\xa0\x80"',
        "{}".encode("utf-16"),
        b"True",
        b"nul",
        b"\x0b{}",
        b"]",
        b"}{",
        b'["',
        b"1" * 5_000,
    ],
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    assert reason_of(data) is Reason.NOT_JSON


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (rb'"\ud83d\ude00"', True),
        (rb'"\uD83D\uDE00 and \ud7ff"', True),
        (rb'"\\ud83d"', True),
        (rb'"\ud83d"', False),
        (rb'"\ude00\ud83d"', False),
        (rb'{"\udfff":1}', False),
        (rb'[{"a":["\uDAAA "]}]', False),
    ],
)
def test_half_a_surrogate_pair_is_no_character(*, data: bytes, good: bool) -> None:
    assert reason_of(data) is (None if good else Reason.NOT_JSON)


def test_numbers_keep_their_kind() -> None:
    found = json_strict.decode(b"[1, -0, 1.0, 1e2, 1620992383.218]")
    assert [type(number) for number in found] == [int, int, float, float, float]  # type: ignore[attr-defined]


def test_size_is_bounded_before_anything_is_read() -> None:
    assert reason_of(b'"' + b"a" * (JSON_BYTES - 2) + b'"') is None
    assert reason_of(b'"' + b"a" * (JSON_BYTES - 1) + b'"') is Reason.TOO_MANY_ITEMS
    assert reason_of(b"[1]", limit=2) is Reason.TOO_MANY_ITEMS


def test_arrays_and_objects_are_counted_before_any_is_built() -> None:
    for one in (b"[]", b"{}"):
        assert reason_of(b"[" + b",".join([one] * (JSON_CONTAINERS - 1)) + b"]") is None
        assert reason_of(b"[" + b",".join([one] * JSON_CONTAINERS) + b"]") is Reason.TOO_MANY_ITEMS


def test_depth_is_bounded_before_the_scanner_starts() -> None:
    deep = b"[" * (JSON_BYTES // 2)
    assert reason_of(deep) is Reason.NESTED_TOO_DEEP
    assert reason_of(b"[" * JSON_DEPTH + b"]" * JSON_DEPTH) is None
    assert reason_of(b'{"a":' * (JSON_DEPTH + 1)) is Reason.NESTED_TOO_DEEP
    assert reason_of(b'["' + b"[" * 100 + b'"]') is None
    assert reason_of(b'["\\"' + b"[" * 100 + b'"]') is None
    assert reason_of(b'["\\\\"' + b",[" * 100) is Reason.NESTED_TOO_DEEP


def test_a_caller_deep_in_its_own_stack_gets_a_reason() -> None:
    def call(levels: int) -> Reason | None:
        return call(levels - 1) if levels else reason_of(b"[" * 900 + b"]" * 900, depth=1_000)

    room = sys.getrecursionlimit()
    depth = 0
    frame = sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]
    # Where Python counts the depth of C code by itself (3.12 and later) there is room to read it.
    assert call(room - depth - 100) in {Reason.NOT_JSON, None}


def test_the_error_carries_nothing_of_the_document() -> None:
    with pytest.raises(DocumentError) as caught:
        json_strict.decode(b'{"name":"Specimen"')
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert "Specimen" not in str(caught.value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_finite_and_exact(number: float) -> None:
    found = json_strict.decode(json.dumps([number]).encode())
    assert isinstance(found, list)
    assert math.isfinite(found[0])
    assert found[0] == number
