import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs.base32 import decode
from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def reason_of(text: str) -> Reason | None:
    try:
        decode(text)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("MY", b"f"),
        ("MZXQ", b"fo"),
        ("MZXW6", b"foo"),
        ("MZXW6YQ", b"foob"),
        ("MZXW6YTB", b"fooba"),
        ("MZXW6YTBOI", b"foobar"),
        ("AAAAAAAA", bytes(5)),
        ("77777777", b"\xff" * 5),
    ],
)
def test_the_vectors_of_the_standard_decode(text: str, data: bytes) -> None:
    assert decode(text) == data


NO_TEXTS = ("", "M", "MZX", "MZXW6Y", "MY======", "my", "MY\n", " MY", "M1", "M8", "M_", "MZ")


@pytest.mark.parametrize("text", [*NO_TEXTS, "M\u0661", "M\u00e9", "M\ud800"])
def test_every_other_spelling_is_refused(text: str) -> None:
    assert reason_of(text) is Reason.NOT_BASE32


def test_a_text_beyond_the_limit_is_too_large() -> None:
    assert reason_of("A" * (SCAN_CHARACTERS + 1)) is Reason.TOO_LARGE


@given(st.binary(min_size=1, max_size=400))
def test_what_a_library_writes_is_read(data: bytes) -> None:
    assert decode(base64.b32encode(data).decode().rstrip("=")) == data


@given(st.text(alphabet=LETTERS, max_size=60))
def test_each_sequence_of_bytes_has_one_text(text: str) -> None:
    if reason_of(text) is None:
        assert base64.b32encode(decode(text)).decode().rstrip("=") == text


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_no_text_raises_anything_but_a_document_error(text: str) -> None:
    reason_of(text)
