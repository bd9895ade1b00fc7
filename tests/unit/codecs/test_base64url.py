import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs.base64url import decode
from verifier.errors import DocumentError
from verifier.reasons import Reason


def reason_of(text: str) -> Reason | None:
    try:
        decode(text)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


# RFC 4648, 10, and the two letters in which the alphabets differ.
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", b""),
        ("Zg", b"f"),
        ("Zg==", b"f"),
        ("Zm8", b"fo"),
        ("Zm8=", b"fo"),
        ("Zm9v", b"foo"),
        ("-_8", b"\xfb\xff"),
    ],
)
def test_known_texts_give_known_bytes(text: str, data: bytes) -> None:
    assert decode(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "+_8", "-/8", "Z", "Zm9vZ", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v====", "=", "====",
        "Zg==Zg==", "Z=g=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v\0", "Zm9é", "Zm9\ud800", "Zh",
        "Zh==", "Zm9", "Zm9=", "Zm9v,",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    assert reason_of(text) is Reason.NOT_BASE64URL


@given(st.binary(max_size=200), st.booleans())
def test_what_another_library_writes_is_read(data: bytes, padded: bool) -> None:  # noqa: FBT001
    text = base64.urlsafe_b64encode(data).decode()
    assert decode(text if padded else text.rstrip("=")) == data


@given(st.text(alphabet="ABCDwxyz0129-_+/= \n", max_size=40) | st.text(max_size=20))
def test_every_text_is_read_in_one_spelling_alone(text: str) -> None:
    if reason_of(text) is None:
        assert base64.urlsafe_b64encode(decode(text)).decode().rstrip("=") == text.rstrip("=")
