"""A changed byte of a credential is refused, or it changes nothing of what was signed."""

import json
from typing import Any

import pytest
from support.credentials import credential_keys, document_in, really_signed
from support.keys import MemoryKeys
from support.specimens import cases

from fixtures.cases import Case
from fixtures.divoc.issue import scan, text
from verifier import Outcome, Verifier, signature
from verifier.algorithms import KeyKind
from verifier.errors import DocumentError
from verifier.formats.divoc import FORMAT

GOOD = [
    case for case in cases() if case.outcome == Outcome.AUTHENTIC and case.id.startswith("divoc::")
]

# Every byte of these with several masks; of the others some bytes with one, another from case to
# case. Each is verified whole.
WHOLLY = {f"divoc::{name}" for name in ("vaccination", "ed25519", "version-2")}
STEP = 9

KEYS = MemoryKeys(credential_keys())
VERIFIER = Verifier(trust=KEYS)
BELIEVED = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}


def document_of(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = document_in(case.scan)
    return found


def signed_by(carried: str) -> bytes:
    return FORMAT.open(carried, "DIVOC").signed


def told(carried: str) -> object:
    payload = FORMAT.open(carried, "DIVOC").payload
    claims = FORMAT.read_claims("DIVOC", payload)
    assert claims.holder is not None
    facts = [event.facts() for event in claims.events]
    return (claims.holder.name(), claims.holder.birth_date.text, claims.travel_document,
            claims.identifier, claims.issuer, claims.own_terms().starts, facts)  # fmt: skip


def test_there_are_good_specimens_of_both_algorithms() -> None:
    assert len(GOOD) > 25
    assert {case.id for case in GOOD} >= WHOLLY


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_no_changed_byte_of_a_document_is_believed_to_say_anything_else(case: Case) -> None:
    whole = text(document_of(case)).encode()
    signed, said = signed_by(whole.decode()), told(whole.decode())
    wholly = case.id in WHOLLY
    start = 0 if wholly else GOOD.index(case) % STEP
    for place in range(start, len(whole), 1 if wholly else STEP):
        for mask in (1, 2, 4, 16) if wholly else (1 << place % 7,):
            changed = bytearray(whole)
            changed[place] ^= mask
            if VERIFIER.verify(bytes(changed), at=case.instant).outcome in BELIEVED:
                # A label for another of its term, or a blank that is none of the content.
                assert signed_by(changed.decode()) == signed
                assert told(changed.decode()) == said


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_no_value_can_be_changed_left_out_or_added(case: Case) -> None:
    document = document_of(case)
    signed = signed_by(text(document))
    for path in paths(document):
        for change in (drop, lambda old: [old], lambda _: None, lambda _: "x", lambda _: 7):
            other = json.loads(json.dumps(document))
            node = other
            for step in path[:-1]:
                node = node[step]
            if change is drop:
                del node[path[-1]]
            else:
                node[path[-1]] = change(node[path[-1]])
            carried = text(other)
            if VERIFIER.verify(carried, at=case.instant).outcome in BELIEVED:
                assert signed_by(carried) == signed
                assert told(carried) == told(text(document))


def drop(_: object) -> None:
    """Stands for leaving a member out."""


def paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return [
        found for step, value in steps for found in ((*path, step), *paths(value, (*path, step)))
    ]


@pytest.mark.parametrize(
    "case", [case for case in GOOD if case.id in WHOLLY], ids=lambda case: case.id
)
def test_no_changed_bit_of_what_is_signed_or_of_a_signature_holds(case: Case) -> None:
    envelope = FORMAT.open(text(document_of(case)), "DIVOC")
    keys = KEYS.find(envelope.kid or b"")
    kinds = frozenset({KeyKind.RSA, KeyKind.ED25519})
    assert signature.verify(envelope, keys, kinds).envelope is envelope
    good = envelope.signed, envelope.signature
    for part in (0, 1):
        for place in range(len(good[part])):
            for bit in range(8):
                changed = bytearray(good[part])
                changed[place] ^= 1 << bit
                envelope.signed, envelope.signature = (
                    (bytes(changed), good[1]) if part == 0 else (good[0], bytes(changed))
                )
                with pytest.raises(DocumentError):
                    signature.verify(envelope, keys, kinds)


def test_proofs_of_one_document_are_not_believed_on_another() -> None:
    documents = [document_of(case) for case in GOOD]
    for document in documents:
        for other in documents:
            mixed = scan({**document, "proof": other["proof"]})
            if VERIFIER.verify(mixed, at=GOOD[0].instant).outcome in BELIEVED:
                assert signed_by(mixed) == signed_by(text(document))


def test_other_libraries_tell_what_was_signed() -> None:
    wrong = {"name-changed", "dose-as-text", "created-changed", "salt-short", "key-other",
             "signature-zeros", "holder-relative", "label-unknown"}  # fmt: skip
    for case in cases():
        if case in GOOD or case.id.removeprefix("divoc::") in wrong:
            assert really_signed(case.scan) is (case in GOOD), case.id
