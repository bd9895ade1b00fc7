from typing import Any

import cbor2
import pytest
from Crypto.Hash import SHA256
from Crypto.Signature import DSS
from hypothesis import given
from hypothesis import strategies as st
from pycose.algorithms import Es256
from pycose.headers import KID, Algorithm
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

from fixtures.cbor import Open, Pairs, Raw, Tag, Wide, encode
from fixtures.eu_dcc.issue import sign1
from fixtures.world import listed
from verifier.codecs import cose
from verifier.errors import DocumentError
from verifier.limits import KID_BYTES
from verifier.reasons import Reason

SIGNER = listed()["all-uses"]
PAYLOAD = encode({1: "XS", 4: 2, 6: 1})
SIGNATURE = bytes(range(64))
KID_ONE, KID_TWO = b"kid-one!", b"kid-two!"


def envelope(
    protected: object = b"\xa1\x01\x26",
    unprotected: object = Raw(b"\xa0"),
    payload: object = PAYLOAD,
    signature: object = SIGNATURE,
    *,
    front: bytes = b"\xd2",
) -> bytes:
    written = encode(protected) if isinstance(protected, dict | Pairs | Open) else protected
    return front + encode([written, unprotected, payload, signature])


def reason_of(data: bytes) -> Reason | None:
    try:
        cose.open_sign1(data)
    except DocumentError as error:
        assert error.__context__ is None
        assert error.__cause__ is None
        return error.reason
    return None


@pytest.mark.parametrize("front", [b"", b"\xd2", b"\xd8\x3d\xd2"])
def test_each_outer_form_gives_the_same_parts(front: bytes) -> None:
    opened = cose.open_sign1(envelope({1: -7, 4: KID_ONE}, front=front))
    assert opened.algorithm == -7
    assert opened.kid == KID_ONE
    assert opened.payload == PAYLOAD
    assert opened.signature == SIGNATURE
    assert opened.signed == cbor2.dumps(
        ["Signature1", cbor2.dumps({1: -7, 4: KID_ONE}), b"", PAYLOAD]
    )


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        (b"\xd2\xd2", Reason.NOT_SIGN1),
        (b"\xd8\x3d", Reason.NOT_SIGN1),
        (b"\xd8\x3d\xd8\x3d\xd2", Reason.NOT_SIGN1),
        (b"\xd2\xd8\x3d", Reason.NOT_SIGN1),
        (b"\xd8\x62", Reason.NOT_SIGN1),
        (b"\xd1", Reason.NOT_SIGN1),
        (b"\xd0", Reason.NOT_SIGN1),
        (b"\xd8\x60", Reason.NOT_SIGN1),
        (b"\xd8\x12", Reason.NOT_CANONICAL),
        (b"\xd9\x00\x12", Reason.NOT_CANONICAL),
        (b"\xd9\xd9\xf7", Reason.TAG_NOT_ALLOWED),
        (b"\xd8\x1c", Reason.TAG_NOT_ALLOWED),
        (b"\xc2", Reason.TAG_NOT_ALLOWED),
    ],
)
def test_any_other_outer_form_is_refused(front: bytes, reason: Reason) -> None:
    assert reason_of(envelope(front=front)) is reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_CBOR),
        (b"\xd2", Reason.NOT_CBOR),
        (b"\x84", Reason.NOT_CBOR),
        (b"\xd2\x84", Reason.NOT_CBOR),
        (b"\xff", Reason.NOT_CANONICAL),
        (b"\x9f\x40\xa0\x40\x40\xff", Reason.NOT_CANONICAL),
        (b"\x98\x04\x40\xa0\x40\x40", Reason.NOT_CANONICAL),
        (encode({}), Reason.NOT_SIGN1),
        (encode([]), Reason.NOT_SIGN1),
        (encode([b"", {}, b""]), Reason.NOT_SIGN1),
        (encode([b"", {}, b"", b"", b""]), Reason.NOT_SIGN1),
        (encode("text"), Reason.NOT_SIGN1),
        (envelope() + b"\0", Reason.BYTES_AFTER_ENVELOPE),
        (envelope() + envelope(), Reason.BYTES_AFTER_ENVELOPE),
        (envelope(protected=Raw(encode({1: -7}))), Reason.NOT_SIGN1),
        (envelope(protected="text"), Reason.NOT_SIGN1),
        (envelope(protected=None), Reason.NOT_SIGN1),
        (envelope(payload="text"), Reason.NOT_SIGN1),
        (envelope(payload={}), Reason.NOT_SIGN1),
        (envelope(payload=Raw(b"\xf5")), Reason.NOT_SIGN1),
        (envelope(payload=None), Reason.DETACHED_PAYLOAD),
        (envelope(payload=Raw(b"\xf7")), Reason.DETACHED_PAYLOAD),
        (envelope(signature=None), Reason.NOT_SIGN1),
        (envelope(signature="text"), Reason.NOT_SIGN1),
        (envelope(signature=[b""]), Reason.NOT_SIGN1),
        (envelope(payload=Raw(b"\x58\x01a")), Reason.NOT_CANONICAL),
        (envelope(payload=Raw(b"\x59\x00\xffa")), Reason.NOT_CANONICAL),
        (envelope(payload=Raw(b"\x5f\x41a\xff")), Reason.NOT_CANONICAL),
        (envelope(signature=Raw(b"\x58\xff")), Reason.NOT_CBOR),
        (envelope(signature=Raw(b"\x57")), Reason.NOT_CBOR),
        (envelope(signature=Raw(b"\x5b" + b"\xff" * 8)), Reason.NOT_CBOR),
        (envelope(payload=Raw(b"\x5c")), Reason.NOT_CBOR),
        (envelope(protected=b"\xa1\x01"), Reason.NOT_CBOR),
        (envelope(protected=b"\xa0\x00"), Reason.BYTES_AFTER_ENVELOPE),
        (envelope(protected=b"\x80"), Reason.HEADER_MALFORMED),
        (envelope(protected=b"\x00"), Reason.HEADER_MALFORMED),
        (envelope(protected=Pairs([(1, -7), (1, -7)])), Reason.DUPLICATE_KEY),
        (envelope(unprotected=Pairs([(4, KID_ONE), (4, KID_TWO)])), Reason.DUPLICATE_KEY),
        (envelope(protected=Open({1: -7})), Reason.NOT_CANONICAL),
        (envelope(unprotected=Open({})), Reason.NOT_CANONICAL),
        (envelope(protected={1: Wide(5)}), Reason.NOT_CANONICAL),
        (envelope(unprotected={1: Wide(5)}), Reason.NOT_CANONICAL),
        (envelope(unprotected={9: Raw(b"\x81" * 20 + b"\0")}), Reason.NESTED_TOO_DEEP),
        (envelope(unprotected={9: [0] * 1_000}), Reason.TOO_MANY_ITEMS),
        (envelope(protected={1: -7, 9: [0] * 1_000}), Reason.TOO_MANY_ITEMS),
        (envelope(unprotected={9: Tag(2, b"a")}), Reason.TAG_NOT_ALLOWED),
        (envelope(protected={1: -7, 9: Tag(28, [0])}), Reason.TAG_NOT_ALLOWED),
        (envelope(unprotected=[]), Reason.HEADER_MALFORMED),
        (envelope(unprotected=b"\xa0"), Reason.HEADER_MALFORMED),
        (envelope(unprotected=None), Reason.HEADER_MALFORMED),
    ],
)
def test_a_malformed_envelope_is_refused_with_its_reason(data: bytes, reason: Reason) -> None:
    assert reason_of(data) is reason


def test_an_envelope_cut_anywhere_is_refused() -> None:
    for data in (envelope(), envelope({1: -7}, {4: KID_ONE}), sign1(PAYLOAD, SIGNER)):
        for end in range(len(data)):
            assert reason_of(data[:end]) is Reason.NOT_CBOR


@pytest.mark.parametrize("size", [0, 1, 22, 23, 24, 25, 254, 255, 256, 257, 65_000])
def test_signed_bytes_have_the_shortest_heads_whatever_their_length(size: int) -> None:
    payload = bytes(size)
    header = encode({1: -7, 9: bytes(size)})
    opened = cose.open_sign1(envelope(header, payload=payload, signature=bytes(size)))
    assert opened.signed == cbor2.dumps(["Signature1", header, b"", payload])
    assert opened.payload == payload
    assert opened.signature == bytes(size)


def test_an_empty_protected_header_is_signed_as_no_bytes() -> None:
    expected = cbor2.dumps(["Signature1", b"", b"", PAYLOAD])
    for protected in (b"", b"\xa0"):
        opened = cose.open_sign1(envelope(protected, {1: -37, 4: KID_ONE}))
        assert (opened.signed, opened.algorithm, opened.kid) == (expected, -37, KID_ONE)


# The matrix of the notes, section 5: protected wins; the other counts only where it has none.
@pytest.mark.parametrize(
    ("protected", "unprotected", "kid"),
    [
        ({}, {}, None),
        ({4: KID_ONE}, {}, KID_ONE),
        ({}, {4: KID_TWO}, KID_TWO),
        ({4: KID_ONE}, {4: KID_TWO}, KID_ONE),
        ({4: KID_ONE}, {4: KID_ONE}, KID_ONE),
        ({4: b""}, {}, None),
        ({4: b""}, {4: KID_TWO}, None),
        ({4: b"1"}, {}, b"1"),
        ({4: b"123456789"}, {}, b"123456789"),
        ({}, {4: bytes(KID_BYTES)}, bytes(KID_BYTES)),
        ({4: KID_ONE}, {3: 61, "x": [1, {"y": None}]}, KID_ONE),
    ],
)
def test_the_key_id_comes_from_the_header_that_has_precedence(
    protected: dict[object, object], unprotected: dict[object, object], kid: bytes | None
) -> None:
    for first in ({1: -7, **protected}, {**protected, 1: -7}):
        assert cose.open_sign1(envelope(first, unprotected)).kid == kid


@pytest.mark.parametrize(
    ("written", "kid"),
    [
        ("AQIDBAUGBwg=", b"\1\2\3\4\5\6\7\x08"),
        ("ABCDEFGH", b"\x00\x10\x83\x10\x51\x87"),
        ("no base64", b"no base64"),
        ("ABC", b"ABC"),
        ("é", "é".encode()),
        ("", None),
    ],
)
def test_a_key_id_as_text_is_base64_of_one_or_the_text_itself(
    written: str, kid: bytes | None
) -> None:
    for opened in (
        cose.open_sign1(envelope({1: -7, 4: written})),
        cose.open_sign1(envelope({1: -7}, {4: written})),
    ):
        assert (opened.kid, opened.remarks) == (kid, (Reason.ENVELOPE_UNUSUAL,))
    assert not cose.open_sign1(envelope({1: -7, 4: KID_ONE})).remarks
    assert reason_of(envelope({1: -7, 4: "ä" * KID_BYTES})) is Reason.HEADER_MALFORMED


@pytest.mark.parametrize(
    "kid", [5, None, [KID_ONE], {}, True, 1.5, Tag(1, KID_ONE), bytes(KID_BYTES + 1)]
)
def test_a_key_id_that_is_no_short_byte_string_is_malformed_or_none(kid: object) -> None:
    expected = None if kid is None else Reason.HEADER_MALFORMED
    assert reason_of(envelope({1: -7, 4: kid})) is expected
    assert reason_of(envelope({1: -7}, {4: kid})) is expected


@pytest.mark.parametrize(
    ("protected", "unprotected", "algorithm"),
    [
        ({1: -7}, {}, -7),
        ({}, {1: -7}, -7),
        ({1: -37}, {1: -7}, -37),
        ({1: -257}, {}, -257),
        ({}, {}, None),
        ({1: -(2**40)}, {}, -(2**40)),
    ],
)
def test_the_algorithm_comes_from_the_header_that_has_precedence(
    protected: dict[object, object], unprotected: dict[object, object], algorithm: int | None
) -> None:
    assert cose.open_sign1(envelope(protected, unprotected)).algorithm == algorithm


@pytest.mark.parametrize("algorithm", [True, "ES256", -7.0, None])
def test_an_algorithm_that_is_no_number_is_never_taken_for_one(algorithm: object) -> None:
    data = envelope({1: algorithm}, {1: -7})
    if reason_of(data) is None:
        assert cose.open_sign1(data).algorithm is None
    else:
        assert reason_of(data) is Reason.HEADER_MALFORMED


@pytest.mark.parametrize("algorithm", [[-7], {1: -7}, b"\x26", Tag(1, -7)])
def test_an_algorithm_that_is_neither_number_nor_text_is_malformed(algorithm: object) -> None:
    assert reason_of(envelope({1: algorithm})) is Reason.HEADER_MALFORMED


@pytest.mark.parametrize("names", [[1], [99], ["x"], [], None, 5])
def test_a_critical_header_is_refused(names: object) -> None:
    assert reason_of(envelope({1: -7, 2: names})) is Reason.CRITICAL_HEADER


def test_both_usual_headers_are_read_like_any_other() -> None:
    for kid in (b"12345678", bytes(8), b"\x01\x26" * 4):
        for header in ({1: -7, 4: kid}, {4: kid, 1: -7}):
            opened = cose.open_sign1(envelope(header))
            assert (opened.algorithm, opened.kid) == (-7, kid)
            opened = cose.open_sign1(envelope(header, {4: b"another!"}))
            assert (opened.algorithm, opened.kid) == (-7, kid)


def test_headers_of_the_usual_length_that_are_others_are_read_as_they_are() -> None:
    header = encode({1: -8, 4: KID_ONE})
    assert len(header) == len(encode({1: -7, 4: KID_ONE}))
    assert cose.open_sign1(envelope(header)).algorithm == -8
    twice = Raw(encode(encode(Pairs([(4, KID_ONE), (4, -7)]))))
    assert reason_of(envelope(twice)) is Reason.DUPLICATE_KEY


def test_what_another_library_writes_is_read() -> None:
    point = SIGNER.key.pointQ
    numbers = (point.x, point.y, SIGNER.key.d)
    x, y, d = (int(number).to_bytes(32, "big") for number in numbers)
    message: Any = Sign1Message(phdr={Algorithm: Es256, KID: SIGNER.kid}, payload=PAYLOAD)
    message.key = EC2Key(crv=P256, x=x, y=y, d=d)
    opened = cose.open_sign1(message.encode())
    assert (opened.algorithm, opened.kid, opened.payload) == (-7, SIGNER.kid, PAYLOAD)
    verifier = DSS.new(SIGNER.key.public_key(), "fips-186-3")
    verifier.verify(SHA256.new(opened.signed), opened.signature)


HEADERS = st.dictionaries(
    st.integers(-5, 10) | st.text(max_size=3),
    st.integers(-300, 300) | st.binary(max_size=12) | st.text(max_size=5) | st.none(),
    max_size=4,
)


@given(HEADERS, HEADERS, st.binary(max_size=300), st.binary(max_size=100))
def test_parts_come_back_as_they_were_put_in(
    protected: dict[object, object],
    unprotected: dict[object, object],
    payload: bytes,
    signature: bytes,
) -> None:
    data = envelope(protected, unprotected, payload, signature)
    if reason_of(data) is None:
        opened = cose.open_sign1(data)
        header = encode(protected) if protected else b""
        assert opened.signed == cbor2.dumps(["Signature1", header, b"", payload])
        assert (opened.payload, opened.signature) == (payload, signature)
    else:
        assert reason_of(data) in {Reason.HEADER_MALFORMED, Reason.CRITICAL_HEADER}


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x84", b"\xd2\x84", b"\xd8\x3d\xd2\x84"]))
def test_no_bytes_raise_anything_but_a_document_error(data: bytes, front: bytes) -> None:
    reason_of(front + data)


@given(st.data())
def test_no_changed_byte_raises_anything_but_a_document_error(data: st.DataObject) -> None:
    whole = bytearray(envelope({1: -7, 4: KID_ONE}, {4: KID_TWO, 9: [1, {"a": b"b"}]}))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    reason_of(bytes(whole))
