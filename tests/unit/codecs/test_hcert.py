import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.cbor import encode
from fixtures.deflate import packed
from fixtures.eu_dcc.issue import sign1, text
from fixtures.world import listed
from verifier.codecs import cose
from verifier.codecs.hcert import open_hcert
from verifier.errors import DocumentError
from verifier.reasons import Reason

SIGNER = listed()["all-uses"]
ENVELOPE = sign1(encode({1: "XS"}), SIGNER)


def reason_of(scan: str) -> Reason | None:
    try:
        open_hcert(scan, "HC1")
    except DocumentError as error:
        return error.reason
    return None


@pytest.mark.parametrize("container", ["HC1", "AT1", "LONGER"])
def test_the_chain_ends_in_an_envelope_with_its_container(container: str) -> None:
    opened = open_hcert(text(ENVELOPE, prefix=f"{container}:"), container)
    parts = cose.open_sign1(ENVELOPE)
    assert opened.container == container
    assert (opened.algorithm, opened.kid) == (-7, SIGNER.kid)
    assert (opened.payload, opened.signature) == (parts.payload, parts.signature)
    assert opened.signed == parts.signed


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ("HC1:", Reason.NOT_BASE45),
        ("HC1:A", Reason.NOT_BASE45),
        ("HC1:abc", Reason.NOT_BASE45),
        ("HC1:BB8", Reason.NOT_COMPRESSED),
        ("HC1:" + base45.b45encode(ENVELOPE).decode(), Reason.NOT_COMPRESSED),
        ("HC1:" + base45.b45encode(packed(b"")).decode(), Reason.NOT_CBOR),
        ("HC1:" + base45.b45encode(packed(b"\x80")).decode(), Reason.NOT_SIGN1),
        ("HC1:" + base45.b45encode(packed(ENVELOPE)[:-1]).decode(), Reason.COMPRESSION_INCOMPLETE),
    ],
)
def test_each_step_refuses_with_its_own_reason(scan: str, reason: Reason) -> None:
    assert reason_of(scan) is reason


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=100))
def test_no_text_raises_anything_but_a_document_error(scan: str) -> None:
    reason_of("HC1:" + scan)
