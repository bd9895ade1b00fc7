"""Replays the signature edge cases of C2SP/wycheproof against our own signature functions.

A case that is ``invalid`` has to be refused without an exception, a ``valid`` one accepted; one
that is ``acceptable`` may go either way.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from support import certificates
from support.conformance import conformance
from support.skips import WYCHEPROOF_SKIPS

from verifier.codecs import x509
from verifier.signature import Checker, Holds, load_key

# File -> the COSE algorithm whose signatures it holds, or None for DER as X.509 carries it.
FILES: dict[str, int | None] = {
    "ecdsa_secp256r1_sha256_p1363_test.json": -7,
    "ecdsa_secp256r1_sha256_test.json": None,
    "rsa_pss_2048_sha256_mgf1_32_test.json": -37,
}
COUNTS = {
    "ecdsa_secp256r1_sha256_p1363_test.json": 262,
    "ecdsa_secp256r1_sha256_test.json": 484,
    "rsa_pss_2048_sha256_mgf1_32_test.json": 108,
}


class EdgeCase(NamedTuple):
    """One signature: the key as SubjectPublicKeyInfo, what was signed, and what it is."""

    number: int
    spki: bytes
    message: bytes
    signature: bytes
    result: str
    comment: str


def edge_cases(name: str) -> Iterator[EdgeCase]:
    document: dict[str, Any] = json.loads(conformance("wycheproof", name).read_text())
    for group in document["testGroups"]:
        spki = bytes.fromhex(group["publicKeyDer"])
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            yield EdgeCase(case["tcId"], spki, message, signature, case["result"], case["comment"])


def holds_in_an_envelope(spki: bytes, algorithm: int) -> Holds:
    checker = load_key(spki)
    assert isinstance(checker, Checker)
    assert checker.algorithm == algorithm
    assert not checker.weak
    return checker.holds


def holds_in_a_certificate(spki: bytes) -> Holds:
    """Give our check of DER signatures: that of a certificate whose signed part is the message."""
    authority = x509.read_certificate(
        certificates.certificate(certificates.ec_key("wycheproof"), extensions=[certificates.CA])
    )._replace(spki=spki)

    def holds(signature: bytes, message: bytes) -> bool:
        return x509.signed_by(authority._replace(signed=message, signature=signature), authority)

    return holds


def wrongly_judged(name: str, check_of: Callable[[bytes], Holds]) -> list[str]:
    wrong = []
    for case in edge_cases(name):
        if case.number in WYCHEPROOF_SKIPS.get(name, {}) or case.result == "acceptable":
            check_of(case.spki)(case.signature, case.message)
        elif check_of(case.spki)(case.signature, case.message) is not (case.result == "valid"):
            wrong.append(f"{case.number} should be {case.result}: {case.comment}")
    return wrong


@pytest.mark.parametrize("name", FILES)
def test_every_edge_case_is_judged_as_labelled(name: str) -> None:
    algorithm = FILES[name]
    if algorithm is None:
        assert not wrongly_judged(name, holds_in_a_certificate)
    else:
        assert not wrongly_judged(name, lambda spki: holds_in_an_envelope(spki, algorithm))


@pytest.mark.parametrize("name", FILES)
def test_every_edge_case_of_a_file_is_there(name: str) -> None:
    results = [case.result for case in edge_cases(name)]
    assert len(results) == COUNTS[name]
    assert set(results) <= {"valid", "invalid", "acceptable"}


def test_a_der_signature_is_never_taken_in_an_envelope() -> None:
    for case in edge_cases("ecdsa_secp256r1_sha256_test.json"):
        if len(case.signature) != 64:
            assert not holds_in_an_envelope(case.spki, -7)(case.signature, case.message)
