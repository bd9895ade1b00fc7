"""The CMS messages that the gateways of the DCC world have published, one over each certificate."""

import base64
import json
from collections import Counter

import pytest
from support.conformance import conformance

from trustlists.cms import CmsInvalid, verify_cms


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Norway's nine rest on SHA-1; one names a signer whose certificate is not there.
        ("production-list", {"good": 819, "algorithm_refused": 9, "signer_unknown": 1}),
        ("acceptance-list", {"good": 608, "algorithm_refused": 1, "signer_unknown": 1}),
        ("acceptance-list-2021", {"good": 120, "algorithm_refused": 2}),
    ],
)
def test_what_gateways_signed_verifies_and_nothing_else(
    name: str, expected: dict[str, int]
) -> None:
    text = conformance("trustlists-dcc", "de", f"{name}.signed.txt").read_bytes()
    counts: Counter[str] = Counter()
    for entry in json.loads(text[text.index(b"{") :])["certificates"]:
        message, certificate = (base64.b64decode(entry[each]) for each in ("signature", "rawData"))
        try:
            assert verify_cms(message, content=certificate).content == certificate
        except CmsInvalid as error:
            counts[error.fault] += 1
            continue
        counts["good"] += 1
        with pytest.raises(CmsInvalid):
            verify_cms(message, content=certificate + b"\0")
        altered = message[:-8] + bytes((message[-8] ^ 1,)) + message[-7:]
        with pytest.raises(CmsInvalid):
            verify_cms(altered, content=certificate)
    assert counts == expected
