"""Whatever a list holds, reading it ends in records, reasons, or ``TrustListInvalid``."""

import json
import math
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.certificates import b64, certificate, ec_key, entry, jwk, pem, sign_body, spki_of

from trustlists.anchors import Anchor
from trustlists.dialects import dialects, named, recognised
from trustlists.pem_text import read_blocks
from trustlists.records import Reading
from verifier.errors import TrustListInvalid

DSC = certificate(ec_key("dsc"))
READING = Reading("source", (Anchor("list", spki_of(ec_key("list")), b"f"),))

texts = st.one_of(st.text(max_size=20), st.sampled_from(["DSC", "EC", "RSA", "P-256", b64(DSC)]))
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        texts,
        st.just(math.inf),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)
members = st.sampled_from(
    ["kty", "crv", "x", "y", "n", "e", "kid", "x5c", "use", "d",
     "certificateType", "country", "rawData", "timestamp"]
)  # fmt: skip
entries = st.one_of(
    values,
    st.dictionaries(members, values),
    st.dictionaries(members, values, max_size=2).map(lambda some: {**jwk(ec_key("a")), **some}),
    st.dictionaries(members, values, max_size=2).map(lambda some: {**entry(DSC), **some}),
)


def read(dialect: str, data: bytes) -> None:
    parsed = named(dialect)[0].read(data, READING)
    for record in parsed.records:
        assert record.kid
        assert record.spki


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    recognised(data)
    for dialect in dialects():
        dialect.companion(data)
        with suppress(TrustListInvalid):
            read(dialect.names[-1], data)


parts_of_pem = st.sampled_from(
    [b"-----BEGIN ", b"-----END ", b"CERTIFICATE", b"-----", b"\n", b"AAAA", pem(DSC).encode()]
)


@given(st.lists(parts_of_pem, max_size=12))
def test_any_order_of_the_parts_of_pem(parts: list[bytes]) -> None:
    data = b"".join(parts)
    if b"-----BEGIN " in data:
        read("pem", data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries, max_size=3))
def test_any_entries_of_a_key_set(found: list[object]) -> None:
    data = json.dumps({"keys": found}).encode()
    try:
        read("jwks", data)
    except TrustListInvalid:
        assert b"Infinity" in data


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries, max_size=3))
def test_any_entries_of_a_signed_list(found: list[object]) -> None:
    body = json.dumps({"certificates": found}).encode()
    try:
        read("dcc_germany", sign_body(body, ec_key("list")) + b"\n" + body)
    except TrustListInvalid:
        assert b"Infinity" in body


@pytest.mark.parametrize("piece", [b"-----BEGIN ", b"-----BEGIN A-----", b"-----END "])
def test_time_does_not_grow_with_the_square_of_the_size(piece: bytes) -> None:
    # A million pieces: anything but one pass would outlast every patience.
    assert len(read_blocks(piece * 1_000_000)) <= 1
