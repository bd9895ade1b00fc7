"""Unmistakable values in every field of good and bad documents, looked for where none may be.

Those of the process as a whole (memory, files, what the command prints) are in the files beside
this one.
"""

import copy
import dataclasses
import json
import logging
import os
import pickle
import sys
import traceback
import warnings
from collections.abc import Iterator

import pytest
from support.canaries import Canaries, Document, all_documents, good_documents
from support.reachable import PLAIN, reachable
from support.specimens import store

from fixtures.world import DEMO
from verifier import (
    Disclosure,
    Outcome,
    PrivacyPolicy,
    Verdict,
    Verifier,
    chain,
    formats,
    scan,
    signature,
)
from verifier.errors import DocumentError, PolicyViolation
from verifier.inspection import inspect
from verifier.reasons import Result

CANARIES = Canaries()
DOCUMENTS = all_documents(CANARIES)
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
LEVELS = pytest.mark.parametrize("disclosure", list(Disclosure))


def judge(document: Document, disclosure: Disclosure = Disclosure.IDENTITY) -> Verdict:
    policy = PrivacyPolicy(disclosure)
    return Verifier(trust=store(), policy=policy).verify(document.text, at=DEMO)


def leaks(shown: str | bytes, document: Document) -> list[str]:
    return CANARIES.found_in(shown, document.text)


def test_the_search_finds_what_it_looks_for() -> None:
    canary = CANARIES.new("here")
    for shown in (
        canary,
        canary.lower(),
        canary.encode().hex(),
        json.dumps({"x": canary}),
        repr(canary.encode()),
        CANARIES.born,
        *(f"{b64}" for b64 in _base64_of(canary)),
        DOCUMENTS[0].text[:60],
    ):
        assert CANARIES.found_in(shown, DOCUMENTS[0].text), shown
    assert not CANARIES.found_in("nothing of the kind")
    assert CANARIES.identity_in(canary)
    assert not CANARIES.identity_in(f"{CANARIES.stem}FNT<<{CANARIES.stem}GNT {CANARIES.born}")


def _base64_of(canary: str) -> Iterator[str]:
    import base64  # noqa: PLC0415 - for this alone

    for before in (b"", b"x", b"xx"):
        yield base64.b64encode(before + canary.encode()).decode()


def test_the_documents_are_good_and_fail_in_every_stage() -> None:
    failed = set()
    for document in DOCUMENTS:
        verdict = judge(document)
        assert (verdict.outcome is Outcome.AUTHENTIC) is document.good or document.name in {
            # Odd, and nothing speaks against them.
            "a date tag", "an issuer's name", "a key that cannot be one",
        }, document.name  # fmt: skip
        failed |= {
            found.check.value for found in verdict.findings if found.result is not Result.PASS
        }
    assert failed >= {
        "input", "encoding", "envelope", "issuer", "signature", "key_use", "schema", "dates",
    }  # fmt: skip


def test_the_good_documents_do_show_their_names_when_they_are_asked() -> None:
    for document in good_documents(CANARIES):
        with judge(document, Disclosure.CLINICAL).holder() as holder:
            spelt = holder.name_mrz or holder.name  # some families have no passport spelling
            for shown in (holder.name, spelt, holder.birth_date):
                assert CANARIES.found_in(shown)
            # A NZ COVID Pass says nothing medical but by what it is.
            assert CANARIES.found_in(str(holder.clinical)) or "pass" in document.name


@EACH
@LEVELS
def test_nothing_that_can_be_shown_of_a_verdict_has_a_canary(
    document: Document, disclosure: Disclosure
) -> None:
    verdict = judge(document, disclosure)
    shown = [
        repr(verdict),
        str(verdict),
        f"{verdict}",
        f"{verdict!s:>10}",
        "%s %r" % (verdict, verdict),  # noqa: UP031 - logging does it like this
        repr([verdict]),
        repr(verdict.findings),
        " ".join(f"{found.what} {found.next}" for found in verdict.findings),
        json.dumps(verdict.to_json()),
        json.dumps({"verdict": verdict}, default=str),
        json.dumps({"verdict": verdict}, default=repr),
        repr(verdict.issuer),
        repr(verdict.trust),
        repr(
            [
                getattr(verdict, name)
                for name in dir(verdict)
                if not callable(getattr(verdict, name))
            ]
        ),
        repr([(name, getattr(verdict, name)) for name in getattr(verdict, "__slots__", ())]),
    ]
    assert not leaks(" ".join(shown), document)
    assert not hasattr(verdict, "__dict__")


@EACH
@LEVELS
def test_no_pickle_and_no_copy_has_a_canary(document: Document, disclosure: Disclosure) -> None:
    verdict = judge(document, disclosure)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert not leaks(pickle.dumps(verdict, protocol), document)
    for again in (copy.copy(verdict), copy.deepcopy(verdict), pickle.loads(pickle.dumps(verdict))):  # noqa: S301 - our own
        assert not again.discloses_holder
        assert not leaks(repr(again), document)
    for take in (dataclasses.asdict, dataclasses.astuple):
        try:
            taken = take(verdict)
        except (PolicyViolation, TypeError):
            continue  # it raises, or it is empty
        assert not leaks(repr(taken), document)


@EACH
@LEVELS
def test_no_object_within_a_verdict_shows_a_canary(
    document: Document, disclosure: Disclosure
) -> None:
    for within in reachable(judge(document, disclosure)):
        if not isinstance(within, PLAIN):
            assert not leaks(f"{within!r} {within}", document), type(within)


@EACH
def test_no_object_within_claims_shows_a_canary_or_can_be_pickled(document: Document) -> None:
    try:
        scanned = scan.read_scan(document.text)
        envelope = scanned.format.open(scanned.text, scanned.container)
        claims = scanned.format.read_claims(envelope.container, envelope.payload)
    except DocumentError:
        return
    for within in reachable(claims):
        if isinstance(within, PLAIN):
            continue
        assert not leaks(f"{within!r} {within}", document), type(within)
        try:
            pickled = pickle.dumps(within)
        except (PolicyViolation, TypeError, AttributeError, pickle.PicklingError):
            continue
        assert not leaks(pickled, document), type(within)


@EACH
def test_a_holder_that_is_shown_masks_itself_everywhere_else(document: Document) -> None:
    verdict = judge(document, Disclosure.CLINICAL)
    if not verdict.discloses_holder:
        with pytest.raises(PolicyViolation) as refused:
            verdict.holder()
        assert not leaks(str(refused.value), document)
        return
    with verdict.holder() as holder:
        shown = [repr(holder), str(holder), f"{holder}", json.dumps({"a": holder}, default=str)]
        assert not leaks(" ".join(shown), document)
        for take in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(PolicyViolation):
                take(holder)
        with pytest.raises(TypeError):
            vars(holder)
    # Closed: its slots are empty, whatever reaches for them.
    kept = [getattr(holder, name, None) for name in type(holder).__slots__]
    assert not leaks(repr(kept), document)
    assert not leaks(
        repr([getattr(verdict, name, None) for name in type(verdict).__slots__]), document
    )


@EACH
def test_no_holder_is_disclosed_of_a_document_that_failed(document: Document) -> None:
    verdict = judge(document, Disclosure.CLINICAL)
    failed = any(found.result is Result.FAIL for found in verdict.findings)
    assert not (failed and verdict.discloses_holder)
    assert document.good <= verdict.discloses_holder


@EACH
def test_under_a_policy_of_none_nothing_can_be_had(document: Document) -> None:
    verdict = judge(document, Disclosure.NONE)
    assert not verdict.discloses_holder
    with pytest.raises(PolicyViolation):
        verdict.holder()


def _stages(text: str) -> None:
    """Run the stages one by one, as an embedding program might."""
    scanned = scan.read_scan(text)
    envelope = scanned.format.open(scanned.text, scanned.container)
    assert not CANARIES.found_in(f"{scanned!r} {envelope!r} {scanned} {envelope}", text)
    keys = store().find(envelope.kid or b"")
    if envelope.certificate:
        at = int(DEMO.timestamp())
        signer = chain.find_signer(envelope.certificate, envelope.kid, store(), "vds-nc", at)
        assert not CANARIES.found_in(f"{signer!r}", text)
        keys = (signer.key,)
    if keys:
        verified = signature.verify(envelope, keys, scanned.format.keys)
        assert not CANARIES.found_in(f"{verified!r} {verified}", text)
        for reader in formats.reading(envelope.container):
            claims = reader.read_claims(envelope.container, envelope.payload)
            kept = [claims, claims.holder, *claims.events, claims.doubts]
            assert not CANARIES.found_in(f"{kept!r} {claims}", text)


@EACH
def test_an_error_leaves_its_stage_with_a_code_and_nothing_else(document: Document) -> None:
    try:
        _stages(document.text)
    except DocumentError as error:
        assert error.__cause__ is None
        assert error.__context__ is None
        assert error.args == (error.reason.value,)
        assert vars(error) == {"reason": error.reason}
        assert not hasattr(error, "__notes__")
        told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
        assert not leaks(told, document)
        assert error.reason.value in told


@EACH
def test_nothing_is_logged_warned_of_or_left_behind_in_the_interpreter(
    document: Document, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before = dict(os.environ)
    with warnings.catch_warnings(record=True) as warned, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        judge(document, Disclosure.CLINICAL)
    assert not caplog.records
    assert not warned
    assert capfd.readouterr() == ("", "")
    assert dict(os.environ) == before
    assert sys.exc_info() == (None, None, None)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        assert not leaks(repr(getattr(sys, name, None)), document)


def test_the_verdict_on_the_next_document_has_nothing_of_the_one_before() -> None:
    other = Canaries()
    verifier = Verifier(trust=store(), policy=PrivacyPolicy(Disclosure.CLINICAL))
    (next_one, *_) = good_documents(other)
    for document in DOCUMENTS:
        verifier.verify(document.text, at=DEMO)
        verdict = verifier.verify(next_one.text, at=DEMO)
        with verdict.holder() as holder:
            shown = (
                f"{verdict!r} {holder.name} {holder.name_mrz} {holder.birth_date} {holder.clinical}"
            )
        assert other.stem in shown
        assert CANARIES.stem not in shown


@pytest.mark.parametrize("processes", [1, 2])
def test_a_batch_has_no_canary(processes: int) -> None:
    verifier = Verifier(trust=store(), policy=PrivacyPolicy(Disclosure.CLINICAL))
    texts = [document.text for document in DOCUMENTS]
    verdicts = list(verifier.verify_many(texts, processes=processes, at=DEMO))
    assert len(verdicts) == len(texts)
    assert not any(verdict.discloses_holder for verdict in verdicts)
    assert not CANARIES.found_in(repr(verdicts), *texts)
    assert not CANARIES.found_in(pickle.dumps(verdicts), *texts)


@EACH
@pytest.mark.parametrize("disclosure", [Disclosure.NONE, Disclosure.IDENTITY])
def test_an_inspection_masks_what_it_shows(document: Document, disclosure: Disclosure) -> None:
    seen = inspect(document.text, trust=store(), at=DEMO, disclosure=disclosure)
    assert not leaks(repr(seen), document)


@EACH
def test_an_inspection_shows_values_only_when_nothing_speaks_against_them(
    document: Document,
) -> None:
    seen = inspect(document.text, trust=store(), at=DEMO, disclosure=Disclosure.CLINICAL)
    if not seen.verdict.discloses_holder:
        assert not leaks(repr(seen), document)


@pytest.mark.parametrize("name", ["a long key id", "a far too long key id"])
def test_a_key_id_that_is_longer_than_any_is_not_shown(name: str) -> None:
    (document,) = [document for document in DOCUMENTS if document.name == name]
    issuer = judge(document).issuer
    assert issuer is None or issuer.key is None
