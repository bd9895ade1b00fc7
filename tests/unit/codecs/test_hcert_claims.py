"""Claim -260 and the liberties that are taken with it (who-hcert-payloads notes, 1, 3, 8)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.cbor import Open, Pairs, Raw, Tag, encode
from verifier.codecs import hcert_claims
from verifier.codecs.hcert_claims import HealthClaims
from verifier.errors import DocumentError
from verifier.limits import CBOR_ITEMS, LAST_SECOND, TEXT_CHARACTERS
from verifier.privacy import MASK
from verifier.reasons import Reason

UNDEFINED = Raw(b"\xf7")
BODY = {"n": "Specimen"}


def read(claims: Any) -> HealthClaims | Reason:
    payload = claims if isinstance(claims, bytes) else encode(claims)
    try:
        return HealthClaims(payload)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason


def good(claims: Any) -> HealthClaims:
    found = read(claims)
    assert isinstance(found, HealthClaims)
    return found


@pytest.mark.parametrize("key", [1, 3, 4, -6])
def test_the_one_certificate_is_found_under_its_key(key: int) -> None:
    for container in ({key: BODY}, {key: BODY, 99: 1}, {key: BODY, 5: None, -7: UNDEFINED}):
        found = good({1: "XS", 6: 5, -260: container})
        assert (found.key, found.content, found.unusual) == (key, BODY, False)
        assert (found.issuer, found.issued, found.expires, found.not_before) == (
            "XS",
            5,
            None,
            None,
        )


@pytest.mark.parametrize(
    ("container", "reason"),
    [
        ([], Reason.CLAIMS_MALFORMED),
        ("text", Reason.CLAIMS_MALFORMED),
        ({}, Reason.NO_CERTIFICATE_INSIDE),
        ({-6: None}, Reason.NO_CERTIFICATE_INSIDE),
        ({3: UNDEFINED, 4: None}, Reason.NO_CERTIFICATE_INSIDE),
        ({2: BODY}, Reason.OTHER_CERTIFICATE_INSIDE),
        ({"x": BODY}, Reason.OTHER_CERTIFICATE_INSIDE),
        ({5: "shlink:/eyJ9"}, Reason.HEALTH_LINK_INSIDE),
        ({5: 7}, Reason.HEALTH_LINK_INSIDE),
        ({"5": [{"u": "vhlink:/eyJ9"}]}, Reason.HEALTH_LINK_INSIDE),
        ({-7: BODY}, Reason.MEDICINES_INSIDE),
        ({1: BODY, -6: BODY}, Reason.SEVERAL_CERTIFICATES),
        ({3: BODY, 4: BODY}, Reason.SEVERAL_CERTIFICATES),
        ({-6: BODY, 5: "shlink:/eyJ9"}, Reason.SEVERAL_CERTIFICATES),
        ({-6: BODY, "4": BODY}, Reason.SEVERAL_CERTIFICATES),
        ({-6: BODY, "-6": BODY}, Reason.CLAIMS_MALFORMED),
    ],
)
def test_what_is_no_one_certificate_is_named(container: Any, reason: Reason) -> None:
    assert read({1: "XS", -260: container}) is reason


def test_without_the_claim_the_claims_are_the_content() -> None:
    for absent in ({}, {-260: None}, {"-260": UNDEFINED}):
        found = good({**absent, "name": "Specimen"})
        assert found.key is None
        assert isinstance(found.content, dict)
        assert found.content["name"] == "Specimen"


def test_keys_written_as_text_are_read_and_told() -> None:
    found = good({"1": "XS", "4": 9, "5": 7, "6": 8, "-260": {"-6": BODY}})
    assert (found.issuer, found.expires, found.not_before, found.issued) == ("XS", 9, 7, 8)
    assert (found.key, found.content, found.unusual) == (-6, BODY, True)
    assert read({1: "XS", "1": "XS", -260: {-6: BODY}}) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize(
    ("written", "issued", "unusual"),
    [
        (1_757_271_643, 1_757_271_643, False),
        (1_757_271_643.9, 1_757_271_643, False),
        (1_757_271_643_804, 1_757_271_643, True),
        (float(1_757_271_643_804), 1_757_271_643, True),
        (LAST_SECOND, LAST_SECOND, False),
        (None, None, False),
        (UNDEFINED, None, False),
        (Tag(1, 5), 5, False),
    ],
)
def test_times_are_seconds_or_milliseconds(written: Any, issued: int | None, unusual: bool) -> None:  # noqa: FBT001 - a column
    found = good({6: written, -260: {-6: BODY}})
    assert (found.issued, found.unusual) == (issued, unusual)


@pytest.mark.parametrize("end", [2**63 / 1000, 2**63, 1e300, 2**64 - 1])
def test_an_end_beyond_all_calendars_is_never(end: Any) -> None:
    found = good({4: end, -260: {-6: BODY}})
    assert (found.expires, found.unusual) == (LAST_SECOND, True)
    assert read({6: end, -260: {-6: BODY}}) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize(
    "time", [float("nan"), float("inf"), -1, True, "5", b"5", [5], Tag(0, "x")]
)
@pytest.mark.parametrize("label", [4, 5, 6])
def test_a_time_that_is_none_is_malformed(label: int, time: Any) -> None:
    assert read({label: time, -260: {-6: BODY}}) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize("issuer", [5, b"XS", ["XS"], {}, "x" * (TEXT_CHARACTERS + 1)])
def test_an_issuer_that_is_no_text_is_malformed(issuer: Any) -> None:
    assert read({1: issuer, -260: {-6: BODY}}) is Reason.CLAIMS_MALFORMED


def test_lengths_left_open_are_read_and_told() -> None:
    found = good(Open({-260: Open({-6: Open({"n": Raw(b"\x7f\x63Spe\x65cimen\xff")})})}))
    assert (found.content, found.unusual) == (BODY, True)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\xa0\0", b"\xbf\x01\xff", encode([]), encode(5), encode(Open([])),
        encode(Pairs([(1, 1), (1, 2)])), encode(Open({-260: Pairs([(1, 1), (1, 2)])})),
    ],
)  # fmt: skip
def test_what_is_no_map_of_claims_is_malformed(payload: bytes) -> None:
    assert read(payload) is Reason.CLAIMS_MALFORMED


def test_items_are_counted_with_lengths_left_open_too() -> None:
    assert read(encode(Open({-260: {-6: [0] * CBOR_ITEMS}}))) is Reason.CLAIMS_MALFORMED
    assert isinstance(read(encode(Open({-260: {-6: [0] * (CBOR_ITEMS - 10)}}))), HealthClaims)


@given(st.binary(max_size=80) | st.binary(max_size=40).map(lambda tail: b"\xbf" + tail))
def test_no_bytes_raise_anything_but_a_document_error(payload: bytes) -> None:
    read(payload)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(-300, 9) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from((1, 4, 5, 6, -260, "1", "-260")), VALUES, max_size=5))
def test_no_claims_raise_anything_but_a_document_error(claims: Any) -> None:
    read(claims)


def test_claims_mask_themselves() -> None:
    assert repr(good({1: "Kanarienvogel", -260: {-6: BODY}})) == MASK


@pytest.mark.parametrize(
    ("value", "coded"),
    [
        ({"code": "XM0GQ8", "system": "http://id.who.int/icd11/mms"}, ("icd11", "XM0GQ8")),
        ({"code": "XM0GQ8", "system": "http://id.who.int/icd/release/11/mms"}, ("icd11", "XM0GQ8")),
        ({"code": "1", "system": "http://snomed.info/sct", "display": "x"}, ("snomed", "1")),
        ({"code": "1", "system": "https://example.org"}, ("other", "1")),
        ({"code": "1"}, ("unstated", "1")),
        ("1", ("unstated", "1")),
        ({}, None),
        ({"display": "x"}, None),
        ("", None),
        (None, None),
    ],
)
def test_a_coding_is_a_map_or_a_text(value: Any, coded: Any) -> None:
    assert hcert_claims.coding(value) == coded


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        ("text", "text"),
        ({"value": "id"}, "id"),
        ({"identifier": {"value": "id"}}, "id"),
        ({"identifier": "id"}, "id"),
        ({"reference": "Organization/1", "display": "x"}, "Organization/1"),
        ({"display": "Ministry"}, "Ministry"),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_reference_is_a_map_or_a_text(value: Any, stated: str) -> None:
    assert hcert_claims.reference(value) == stated


@pytest.mark.parametrize("value", [5, b"x", [], True, "x" * (TEXT_CHARACTERS + 1)])
def test_what_is_no_text_is_malformed(value: Any) -> None:
    for reader in (hcert_claims.text, hcert_claims.coding, hcert_claims.reference):
        with pytest.raises(DocumentError) as refused:
            reader(value)
        assert refused.value.reason is Reason.FIELD_MALFORMED
    with pytest.raises(DocumentError):
        hcert_claims.coding({"code": value})


def test_a_map_has_to_be_there() -> None:
    assert hcert_claims.members({}) == {}
    for value, reason in ((None, Reason.FIELD_MISSING), ("x", Reason.FIELD_MALFORMED)):
        with pytest.raises(DocumentError) as refused:
            hcert_claims.members(value)
        assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"code": "x", "display": " Specimen "}, "Specimen"),
        ({"code": "x"}, ""),
        ({"display": None}, ""),
        ({"display": 5}, ""),
        ({"display": "x" * (TEXT_CHARACTERS + 1)}, ""),
        ("Specimen", ""),
        (None, ""),
    ],
)
def test_words_beside_a_code_are_read_where_they_can_be(value: Any, words: str) -> None:
    assert hcert_claims.label(value) == words
