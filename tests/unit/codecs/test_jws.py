import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import jws
from verifier.errors import DocumentError
from verifier.limits import JWS_HEADER_BYTES
from verifier.reasons import Reason

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def reason_of(token: str) -> Reason | None:
    try:
        jws.take_apart(token.encode("ascii", "replace"))
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@given(st.binary(max_size=80), st.binary(max_size=200), st.binary(max_size=80))
def test_what_another_encoder_writes_is_taken_apart(
    header: bytes, payload: bytes, signature: bytes
) -> None:
    token = ".".join(map(b64url, (header, payload, signature)))
    found = jws.take_apart(token.encode())
    assert found == (header, payload, signature, token.rpartition(".")[0].encode())


@given(st.text(alphabet=ALPHABET + "+/=. \n\u00e9\u2028", max_size=12))
def test_a_part_has_one_spelling(text: str) -> None:
    try:
        decoded = jws.decode_part(text.encode("ascii", "replace"))
    except DocumentError as error:
        assert error.reason is Reason.NOT_BASE64URL
        assert error.__context__ is None
    else:
        assert b64url(decoded) == text


@pytest.mark.parametrize("text", ["A", "AAAAA", "AB", "AAB", "A=", "AA==", "A+A", "A/A", "AA A"])
def test_what_no_encoder_writes_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        jws.decode_part(text.encode())
    assert caught.value.reason is Reason.NOT_BASE64URL


@pytest.mark.parametrize("token", ["", "AA", "AA.AA", "AA.AA.AA.AA", "AA..AA.AA"])
def test_a_token_has_three_parts(token: str) -> None:
    assert reason_of(token) is Reason.NOT_SIGN1


@pytest.mark.parametrize("place", range(3))
def test_each_part_is_read_strictly(place: int) -> None:
    parts = ["AAAA", "AAAA", "AAAA"]
    parts[place] = "A*AA"
    assert reason_of(".".join(parts)) is Reason.NOT_BASE64URL


def test_a_header_is_one_object() -> None:
    assert jws.read_header(b'{"alg":"ES256"}') == {"alg": "ES256"}
    for data in (b"", b"[]", b'"alg"', b'{"alg":1,"alg":2}', b"{", b"\xff"):
        with pytest.raises(DocumentError) as caught:
            jws.read_header(data)
        assert caught.value.reason is Reason.HEADER_MALFORMED
        assert caught.value.__context__ is None


def test_a_header_is_short() -> None:
    longest = json.dumps({"a": "b" * (JWS_HEADER_BYTES - 9)}).encode()
    assert len(longest) == JWS_HEADER_BYTES
    jws.read_header(longest)
    with pytest.raises(DocumentError):
        jws.read_header(longest + b" ")
