import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import health_card
from verifier.errors import DocumentError
from verifier.limits import CARD_PARTS
from verifier.reasons import Reason

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
TOKENS = st.text(alphabet=ALPHABET, min_size=1, max_size=300)


def digits_of(token: str) -> str:
    return "".join(f"{ord(letter) - 45:02d}" for letter in token)


def chunks(token: str, count: int) -> list[str]:
    size = -(-len(token) // count)
    cut = [token[at : at + size] for at in range(0, len(token), size)]
    return [f"shc:/{at}/{len(cut)}/{digits_of(piece)}" for at, piece in enumerate(cut, 1)]


def read(*texts: str) -> str:
    parts = [health_card.read_part(text) for text in texts]
    return health_card.token_of(health_card.join(parts)).decode("ascii")


def reason_of(*texts: str) -> Reason | None:
    try:
        read(*texts)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@given(TOKENS)
def test_digits_give_the_token_back(token: str) -> None:
    assert read(f"shc:/{digits_of(token)}") == token


@given(TOKENS)
def test_a_card_in_one_code_is_read_at_once(token: str) -> None:
    digits = digits_of(token)
    assert health_card.token_alone(f"shc:/{digits}") == token.encode()
    for other in (f"SHC:/{digits}", f"shc:/1/1/{digits}", f"shc:/{digits} ", "shc:/", "shc:/99"):
        assert health_card.token_alone(other) == b""


@given(TOKENS, st.integers(1, CARD_PARTS), st.integers())
def test_parts_may_come_in_any_order_and_more_than_once(token: str, count: int, seed: int) -> None:
    texts = chunks(token, count)
    random.Random(seed).shuffle(texts)  # noqa: S311 - repeatable
    assert read(*texts, texts[0]) == token
    if len(texts) > 1:
        assert reason_of(*texts[1:]) is Reason.PARTS_MISSING


@given(st.text(max_size=30))
def test_any_text_is_a_part_or_has_a_reason(text: str) -> None:
    for beginning in ("", "shc:/", "shc:/1/2/", "shc:/56"):
        assert reason_of(beginning + text) in {
            None,
            Reason.PART_MALFORMED,
            Reason.NOT_DIGITS,
            Reason.PARTS_MISSING,
        }


def test_only_pairs_that_stand_for_a_letter_are_taken() -> None:
    for pair in range(100):
        known = chr(pair + 45) in ALPHABET
        assert reason_of(f"shc:/56{pair:02d}") is (None if known else Reason.NOT_DIGITS), pair


@pytest.mark.parametrize(
    "text",
    [
        "shc:/5",
        "shc:/",
        "shc:/5a",
        "shc:/\u0665\u0666",
        "shc:/5 6",
        "shc:/56\n",
        "shc:/1/2/",
        "shc:/-5",
    ],
)
def test_what_is_not_digits_is_told(text: str) -> None:
    assert reason_of(text) is Reason.NOT_DIGITS


@pytest.mark.parametrize(
    "text",
    [
        "shc:56", "shc//56", "SHC:", "hc:/56", "shc:/0/2/56", "shc:/3/2/56", "shc:/1/0/56",
        "shc:/01/2/56", "shc:/1/02/56", "shc:/1/21/56", "shc:/1/100/56", "shc:/1/56",
        "shc:/1/2/3/56",
        "shc:/+1/2/56", "shc:/\u0661/2/56", " shc:/56",
    ],
)  # fmt: skip
def test_a_beginning_says_which_of_how_many(text: str) -> None:
    assert reason_of(text) in {Reason.PART_MALFORMED, Reason.NOT_DIGITS}


def test_the_scheme_has_no_case() -> None:
    assert read("ShC:/56") == "e"
    assert read("SHC:/1/1/56") == "e"


def test_parts_of_different_cards_are_told_where_it_shows() -> None:
    one, two, three = chunks("A" * 9, 3)
    other = chunks("B" * 9, 3)
    assert reason_of(one, other[0]) is Reason.PARTS_MIXED
    assert reason_of(one, chunks("A" * 8, 4)[1]) is Reason.PARTS_MIXED
    # Nothing tells these apart but the signature.
    assert reason_of(one, other[1], three) is None
    assert reason_of(one, two, three, one) is None


def test_a_part_masks_itself() -> None:
    part = health_card.read_part("shc:/565656")
    assert "5656" not in f"{part!r} {part}"


def answer(*values: object) -> str:
    parameters = [{"name": "verifiableCredential", "valueString": value} for value in values]
    return json.dumps({"resourceType": "Parameters", "parameter": parameters})


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('{"verifiableCredential":["a.b.c"]}', ["a.b.c"]),
        ('{"verifiableCredential":[" a.b.c\\n","d.e.f"],"more":1}', ["a.b.c", "d.e.f"]),
        ('{"verifiableCredential":["a.b.c",5,null]}', ["a.b.c", "", ""]),
        (answer("a.b.c", "d.e.f"), ["a.b.c", "d.e.f"]),
        (answer("a.b.c", None), ["a.b.c", ""]),
        (
            answer("a.b.c").replace("[", '[{"name":"resourceLink"},5,'),
            ["a.b.c"],
        ),
        ('https://x.example/#{"verifiableCredential":["a.b.c"]}', ["a.b.c"]),
        ("https://x.example/#%7B%22verifiableCredential%22%3A%5B%22a.b.c%22%5D%7D", ["a.b.c"]),
    ],
)
def test_files_answers_and_links_give_their_tokens(text: str, tokens: list[str]) -> None:
    assert health_card.is_file(text)
    assert health_card.tokens_in(text) == tokens


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"verifiableCredential":[]}', Reason.NO_CARD_INSIDE),
        ('{"verifiableCredential":"a.b.c"}', Reason.NO_CARD_INSIDE),
        ('{"other":["verifiableCredential"]}', Reason.NO_CARD_INSIDE),
        ('{"resourceType":"Parameters","verifiableCredential":["a"]}', Reason.NO_CARD_INSIDE),
        ('{"verifiableCredential":["a.b.c"]', Reason.NOT_JSON),
        ('{"verifiableCredential":["a"],"verifiableCredential":["b"]}', Reason.DUPLICATE_KEY),
        ("https://x.example/#verifiableCredential", Reason.NOT_JSON),
        ("https://x.example/#%ff%22verifiableCredential", Reason.NOT_JSON),
        ("https://x.example/#[%22verifiableCredential%22]", Reason.NO_CARD_INSIDE),
    ],
)
def test_a_file_without_a_card_says_why(text: str, reason: Reason) -> None:
    assert health_card.is_file(text)
    with pytest.raises(DocumentError) as caught:
        health_card.tokens_in(text)
    assert caught.value.reason is reason
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"vc":1}',
        "verifiableCredential",
        "https://x.example/",
        "https://x/#a",
        "http://x/#{verifiableCredential",
    ],
)
def test_other_texts_are_no_files(text: str) -> None:
    assert not health_card.is_file(text)
