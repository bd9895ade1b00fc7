"""The canonical form of JSON against the rules of RFC 8785, and against another writer of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import json_strict
from verifier.codecs.json_canonical import encode
from verifier.errors import DocumentError
from verifier.limits import SEAL_CHARACTERS_A_TEXT, SEAL_ELEMENTS, SEAL_MEMBERS
from verifier.reasons import Reason

LARGEST = 2**53 - 1


def reason_of(value: Any) -> Reason | None:
    try:
        encode(value)
    except DocumentError as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({}, b"{}"),
        ([], b"[]"),
        ("", b'""'),
        (0, b"0"),
        (-7, b"-7"),
        (LARGEST, b"9007199254740991"),
        (-LARGEST, b"-9007199254740991"),
        ({"b": 1, "a": [], "B": {}, "": "x", "aa": 2}, b'{"":"x","B":{},"a":[],"aa":2,"b":1}'),
        ([3, "2", [1, []]], b'[3,"2",[1,[]]]'),
        # RFC 8785, 3.2.2.2
        ('"\\/\b\f\n\r\t\x00\x1f\x7f', b'"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"'),
        ("é漢😀\u2028", '"é漢😀\u2028"'.encode()),
        # No letter is put together or taken apart.
        ("A\u030a", '"A\u030a"'.encode()),
        ({'a"\n': 1}, b'{"a\\"\\n":1}'),
    ],
)
def test_each_value_is_written_in_one_way(value: Any, written: bytes) -> None:
    assert encode(value) == written


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 1.0, 0.5, float("nan"), 2**53, -(2**53), b"x", {"a": None}, [[True]],
        {"ä": 1},
    ],
)  # fmt: skip
def test_what_no_seal_holds_is_refused(value: Any) -> None:
    assert reason_of(value) is Reason.NOT_CANONICAL


@pytest.mark.parametrize(
    ("most", "more"),
    [
        ("x" * SEAL_CHARACTERS_A_TEXT, "x" * (SEAL_CHARACTERS_A_TEXT + 1)),
        ([0] * SEAL_ELEMENTS, [0] * (SEAL_ELEMENTS + 1)),
        (
            {f"m{number}": 0 for number in range(SEAL_MEMBERS)},
            {f"m{number}": 0 for number in range(SEAL_MEMBERS + 1)},
        ),
    ],
)
def test_more_than_any_seal_has_is_refused(most: Any, more: Any) -> None:
    assert reason_of(most) is None
    assert reason_of({"deep": [most]}) is None
    assert reason_of({"deep": [more]}) is Reason.TOO_MANY_ITEMS


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(-LARGEST, LARGEST),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


@given(VALUES)
def test_another_writer_gives_the_same_bytes(value: Any) -> None:
    other = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert encode(value) == other.encode()


@given(VALUES)
def test_what_was_written_reads_back_as_it_was_and_is_written_the_same(value: Any) -> None:
    again = json_strict.decode(encode(value), integers=True)
    assert again == value
    assert encode(again) == encode(value)


@given(VALUES, st.randoms())
def test_the_order_of_members_does_not_count(value: Any, chance: Any) -> None:
    def shuffled(inner: Any) -> Any:
        if isinstance(inner, dict):
            names = list(inner)
            chance.shuffle(names)
            return {name: shuffled(inner[name]) for name in names}
        return [shuffled(one) for one in inner] if isinstance(inner, list) else inner

    assert encode(shuffled(value)) == encode(value)
