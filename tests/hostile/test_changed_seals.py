"""A changed byte of a health seal is never taken for the issuer's word."""

import json

import pytest
from support.changes import flips, shifts
from support.seals import Members, bytes_of, good_seals, put_together, really_signed, taken_apart
from support.specimens import memory_keys

from fixtures.cases import Case
from fixtures.vds_nc.issue import canonical, url_text
from verifier import Outcome, Verifier

GOOD = good_seals()
EACH = pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
WHOLLY = {f"vds_nc::{name}" for name in ("vaccination", "test", "signer-p384", "characters")}
BELIEVED = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}

VERIFIER = Verifier(trust=memory_keys())


def believed(case: Case, text: str | bytes) -> bool:
    return VERIFIER.verify(text, at=case.instant).outcome in BELIEVED


def whole(case: Case) -> Members:
    seal = taken_apart(case.text)
    assert seal is not None
    return seal


def rewritten(seal: Members, content: bytes) -> bytes:
    """Put other bytes in the place of the signed ones; everything else stays."""
    return b'{"data":' + content + b',"sig":' + json.dumps(seal["sig"]).encode() + b"}"


def test_there_are_good_specimens_of_every_kind() -> None:
    assert len(GOOD) > 30
    assert {case.id for case in GOOD} >= WHOLLY


@EACH
def test_taking_apart_and_putting_together_changes_nothing(case: Case) -> None:
    seal = whole(case)
    assert believed(case, put_together(seal))
    assert believed(case, rewritten(seal, canonical(seal["data"])))
    assert really_signed(case.text)


@EACH
def test_no_changed_byte_of_what_was_signed_is_believed(case: Case) -> None:
    seal = whole(case)
    content = canonical(seal["data"])
    wholly = case.id in WHOLLY
    changed = [*flips(content, wholly=wholly), *(shifts(content) if wholly else ())]
    for other in changed:
        text = rewritten(seal, other)
        if believed(case, text):
            # White space between two marks changes no value.
            assert json.loads(text)["data"] == seal["data"], other


@pytest.mark.parametrize("name", sorted(WHOLLY))
def test_no_changed_bit_of_a_signature_is_believed(name: str) -> None:
    (case,) = [case for case in GOOD if case.id == name]
    seal = whole(case)
    signature = bytes_of(seal["sig"]["sigvl"])
    for other in (*flips(signature, wholly=True), *shifts(signature)):
        changed = {**seal, "sig": {**seal["sig"], "sigvl": url_text(other)}}
        assert not believed(case, put_together(changed))


@EACH
def test_no_changed_byte_of_a_certificate_is_believed(case: Case) -> None:
    seal = whole(case)
    certificate = bytes_of(seal["sig"]["cer"])
    for other in flips(certificate, wholly=False):
        changed = {**seal, "sig": {**seal["sig"], "cer": url_text(other)}}
        assert not believed(case, put_together(changed))


def test_parts_of_one_seal_are_not_believed_in_another() -> None:
    seals = [(case, whole(case)) for case in GOOD if case.id in WHOLLY]
    for case, seal in seals:
        for _, other in seals:
            if other is not seal:
                assert not believed(case, put_together({**seal, "data": other["data"]}))
                assert not believed(case, put_together({**seal, "sig": other["sig"]}))
