import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs.base45 import ALPHABET, decode
from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason

LETTERS = ALPHABET.decode()
MOST_BYTES = SCAN_CHARACTERS // 3 * 2


def reason_of(text: str) -> Reason | None:
    try:
        decode(text)
    except DocumentError as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("BB8", b"AB"),
        ("%69 VD92EX0", b"Hello!!"),
        ("UJCLQE7W581", b"base-45"),
        ("QED8WEX0", b"ietf!"),
        ("FGW", b"\xff\xff"),
        ("U5", b"\xff"),
        ("00", b"\0"),
        ("000", b"\0\0"),
    ],
)
def test_known_texts_give_known_bytes(text: str, data: bytes) -> None:
    assert decode(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "ABCD",
        "BB8B",
        "GGW",
        ":::",
        "000GGW",
        "GGW000",
        "V5",
        "::",
        "000V5",
        "bb8",
        "Bb8",
        "BB8é",
        "BB\u20ac",
        "BB\U0001f600",
        "B\ud800",
        "\udfff8B",
        "B\n8",
        "B,8",
        "B\08",
        "B_8",
        "\u0661\u0662\u0663",
        "BB\xff",
        "BB?",
        "\uff22\uff22\uff18",
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    assert reason_of(text) is Reason.NOT_BASE45


def test_each_character_outside_the_alphabet_is_refused_wherever_it_stands() -> None:
    for code in range(0x180):
        letter = chr(code)
        if letter in LETTERS:
            continue
        for place in range(6):
            text = "000000"[:place] + letter + "000000"[place + 1 :]
            assert reason_of(text) is Reason.NOT_BASE45, code


def test_every_group_of_three_decodes_as_the_formula_says() -> None:
    values = {letter: value for value, letter in enumerate(LETTERS)}
    for c in LETTERS:
        for d in LETTERS:
            for e in LETTERS[::7] + LETTERS[-13:]:
                number = values[c] + 45 * values[d] + 2025 * values[e]
                if number > 0xFFFF:
                    assert reason_of(c + d + e) is Reason.NOT_BASE45
                else:
                    assert decode(c + d + e) == number.to_bytes(2, "big")


def test_every_last_pair_decodes_as_the_formula_says() -> None:
    for low, c in enumerate(LETTERS):
        for high, d in enumerate(LETTERS):
            number = low + 45 * high
            if number > 0xFF:
                assert reason_of("BB8" + c + d) is Reason.NOT_BASE45
            else:
                assert decode("BB8" + c + d) == b"AB" + bytes((number,))


def test_the_longest_scan_decodes_and_a_longer_one_is_too_large() -> None:
    longest = "0" * (SCAN_CHARACTERS - SCAN_CHARACTERS % 3)
    assert decode(longest) == bytes(MOST_BYTES)
    assert decode("0" * SCAN_CHARACTERS)
    assert reason_of("0" * (SCAN_CHARACTERS + 1)) is Reason.TOO_LARGE
    full = "FGW" * (SCAN_CHARACTERS // 3)
    assert decode(full) == b"\xff" * MOST_BYTES


@given(st.binary(min_size=1, max_size=MOST_BYTES))
def test_what_another_encoder_writes_comes_back(data: bytes) -> None:
    assert decode(base45.b45encode(data).decode()) == data


@given(st.text(alphabet=LETTERS, min_size=1, max_size=200))
def test_what_is_accepted_is_the_only_text_of_its_bytes(text: str) -> None:
    if reason_of(text) is None:
        assert base45.b45encode(decode(text)).decode() == text


@given(st.text(alphabet=LETTERS, min_size=1, max_size=60))
def test_another_decoder_accepts_the_same_texts(text: str) -> None:
    try:
        theirs = base45.b45decode(text)
    except ValueError:
        theirs = None
    ours = decode(text) if reason_of(text) is None else None
    assert ours == theirs


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_no_text_raises_anything_but_a_document_error(text: str) -> None:
    assert reason_of(text) in {None, Reason.NOT_BASE45}
