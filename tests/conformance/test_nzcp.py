"""Replays every New Zealand COVID Pass of the public data, each with the one document it trusts."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.conformance import ROOT, conformance

from trustlists import TrustStore, import_sources
from trustlists.public_keys import P256, from_coordinates
from verifier import Check, Outcome, Reason, Verdict, Verifier
from verifier.formats import nz_covid_pass

CASES = ROOT / "nzcp" / "cases.json"
DATA: dict[str, Any] = json.loads(CASES.read_text()) if CASES.exists() else {}

_IMPORTED = int(datetime(2021, 10, 1, tzinfo=UTC).timestamp())
_AGES = 20 * 366 * 86_400

# What the data call an outcome, as outcome and reasons of ours. A pass of another issuer and one of
# the draft period stop before their signature.
EXPECTED = {
    "valid": (Outcome.AUTHENTIC, {Reason.SIGNATURE_GOOD}),
    "malformed": (
        Outcome.REFER,
        {
            Reason.NOT_BASE32,
            Reason.NOT_RECOGNISED,
            Reason.PREFIX_WRONG_CASE,
            Reason.NOT_SIGN1,
            Reason.BYTES_AFTER_ENVELOPE,
            Reason.NO_KEY_ID,
            Reason.DUPLICATE_KEY,
        },
    ),
    "unsupported-version": (Outcome.REFER, {Reason.NEWER_VERSION}),
    "algorithm-not-allowed": (Outcome.NOT_AUTHENTIC, {Reason.ALGORITHM_MISMATCH}),
    "issuer-untrusted": (Outcome.REFER, {Reason.UNKNOWN_KEY, Reason.TAG_NOT_ALLOWED}),
    "key-not-found": (Outcome.REFER, {Reason.UNKNOWN_KEY}),
    "signature-invalid": (Outcome.NOT_AUTHENTIC, {Reason.SIGNATURE_BAD}),
    "not-active": (Outcome.DOES_NOT_MEET_RULES, {Reason.NOT_YET_VALID}),
    "expired": (Outcome.DOES_NOT_MEET_RULES, {Reason.EXPIRED}),
}


@cache
def store_of(document: str, folder: Path) -> Path:
    """Import one issuer's document into a store for tests, its keys pinned by the operator."""
    source = conformance("nzcp", document)
    keys = []
    for number, method in enumerate(json.loads(source.read_text())["verificationMethod"]):
        jwk = method["publicKeyJwk"]
        spki = from_coordinates(_number(jwk["x"]), _number(jwk["y"]))
        anchor = folder / f"{source.stem}-{number}.der"
        anchor.write_bytes(spki)
        keys.append(anchor)
    path = folder / f"{source.stem}.sqlite"
    # Nothing dates such a document: here it counts for as long as the passes are judged.
    import_sources(
        path, [source], now=_IMPORTED, anchors=keys, environment="specimen", max_age=_AGES
    )
    return path


def _number(text: str) -> bytes:
    from base64 import urlsafe_b64decode  # noqa: PLC0415 - here alone

    found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert len(found) == P256.size
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nzcp")


def judge(case: dict[str, Any], folder: Path, at: datetime) -> Verdict:
    text = conformance("nzcp", case["file"]).read_text()
    with TrustStore.open(store_of(case["did_document"], folder)) as store:
        return Verifier(trust=store).verify(text, at=at)


@pytest.mark.parametrize(
    "case",
    DATA.get("cases") or [pytest.param({}, marks=pytest.mark.skip(reason="no nzcp data here"))],
    ids=lambda case: case.get("id", ""),
)
def test_every_pass_has_the_verdict_that_the_data_state(case: dict[str, Any], folder: Path) -> None:
    verdict = judge(case, folder, datetime.fromisoformat(case["at"]))
    outcome, reasons = EXPECTED[case["expect"]]
    assert verdict.outcome is outcome
    assert {finding.code for finding in verdict.findings} & reasons
    assert verdict.outcome.value == case["proposed"]


def test_a_pass_begins_and_ends_with_the_second_that_the_data_name(folder: Path) -> None:
    conformance("nzcp", "cases.json")
    for boundary in DATA["boundaries"]:
        at = datetime.fromtimestamp(boundary["at_unix"], UTC)
        case = {**boundary, "did_document": "keys/did-example.json"}
        assert judge(case, folder, at).outcome is EXPECTED[boundary["expect"]][0], boundary


def test_what_is_signed_is_what_the_specification_shows() -> None:
    text = conformance("nzcp", "vectors", "valid.txt").read_text()
    envelope = nz_covid_pass.FORMAT.open(text, nz_covid_pass.CONTAINER)
    assert envelope.signed.hex() == DATA["valid_sig_structure_hex"]


def test_the_holder_is_the_one_of_the_specification(folder: Path) -> None:
    (case,) = [case for case in DATA.get("cases", []) if case["id"] == "valid"] or [{}]
    if not case:
        pytest.skip("no nzcp data here")
    verdict = judge(case, folder, datetime.fromisoformat(case["at"]))
    assert all(finding.check is not Check.INPUT or finding.code for finding in verdict.findings)
    with verdict.holder() as holder:
        assert (holder.name, holder.birth_date) == ("Sparrow, Jack", "1960-04-16")
