"""Replays the EU's quality-assurance codes against Germany's signed acceptance list.

The codes have no instant of their own and most have expired: each is judged for one between its
dates, and what is asked is key, signature and content.
"""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import cbor2
import pytest
from support.conformance import conformance
from support.envelopes import parts_of

from trustlists import TrustStore, import_sources
from verifier import Check, Reason, Result, Verdict, Verifier

LIST = ("trustlists-dcc", "de", "acceptance-list.signed.txt")
IMPORTED = int(datetime(2021, 12, 1, tzinfo=UTC).timestamp())


@cache
def codes() -> tuple[dict[str, Any], ...]:
    path = conformance("dcc", "quality-assurance", "qr-dev.jsonl")
    return tuple(json.loads(line) for line in path.read_text().splitlines())


def instant_for(text: str) -> datetime:
    """Give the second in which a code begins, as another library reads it."""
    claims = cbor2.loads(parts_of(text).payload)
    return datetime.fromtimestamp(int(claims[6]), UTC)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], Verdict]]:
    """Judge every code with a store into which the signed list was imported."""
    path: Path = tmp_path_factory.mktemp("acceptance") / "trust.sqlite"
    report = import_sources(path, [conformance(*LIST)], now=IMPORTED)
    assert report.complete
    assert report.lists[0].authenticated == report.lists[0].keys > 600
    with TrustStore.open(path) as store:
        verifier = Verifier(trust=store)
        return [(code, verifier.verify(code["qr"], at=instant_for(code["qr"]))) for code in codes()]


def reasons(verdict: Verdict) -> set[Reason]:
    return {finding.code for finding in verdict.findings}


def test_every_code_of_this_half_is_there() -> None:
    assert len(codes()) == 238


def test_every_code_agrees_with_its_label(
    verdicts: list[tuple[dict[str, Any], Verdict]],
) -> None:
    expected = {"valid": Reason.SIGNATURE_GOOD, "no-key": Reason.UNKNOWN_KEY}
    wrong = [
        code["file"]
        for code, verdict in verdicts
        if expected[code["signature"]] not in reasons(verdict)
    ]
    assert not wrong


def test_210_codes_verify_and_28_have_no_key(
    verdicts: list[tuple[dict[str, Any], Verdict]],
) -> None:
    found = [reasons(verdict) for _, verdict in verdicts]
    assert sum(Reason.SIGNATURE_GOOD in each for each in found) == 210
    assert sum(Reason.UNKNOWN_KEY in each for each in found) == 28
    assert not any(Reason.SIGNATURE_BAD in each for each in found)


def test_every_content_whose_signature_holds_is_readable(
    verdicts: list[tuple[dict[str, Any], Verdict]],
) -> None:
    wrong = {
        code["file"]: [finding.code.value for finding in verdict.findings]
        for code, verdict in verdicts
        if code["signature"] == "valid"
        and any(
            finding.check is Check.SCHEMA and finding.result is Result.FAIL
            for finding in verdict.findings
        )
    }
    assert not wrong


def test_every_content_that_names_one_kind_has_it_in_its_verdict(
    verdicts: list[tuple[dict[str, Any], Verdict]],
) -> None:
    kinds = {"v": "vaccination", "t": "test", "r": "recovery"}
    wrong = [
        code["file"]
        for code, verdict in verdicts
        if code["signature"] == "valid"
        and len(code["groups"]) == 1
        and verdict.kind != kinds[code["groups"][0]]
    ]
    assert not wrong


def test_no_stage_was_surprised(verdicts: list[tuple[dict[str, Any], Verdict]]) -> None:
    assert not any(Reason.UNFORESEEN in reasons(verdict) for _, verdict in verdicts)
