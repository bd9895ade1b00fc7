"""Replays the EU's test data: every stage label of every case, against our own stages.

The README of the data says what each label means and which of its fields a test reads.
"""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from support.conformance import cases_in, conformance
from support.keys import MemoryKeys, key_of
from support.skips import LABEL_SKIPS

from verifier import Check, Outcome, Result, Verdict, Verifier, validity
from verifier.claims import Claims
from verifier.clock import instant_of
from verifier.codecs import base45, cose, deflate
from verifier.errors import DocumentError
from verifier.formats import eu_dcc

Case = dict[str, Any]

_LABELS = {
    "EXPECTEDUNPREFIX",
    "EXPECTEDB45DECODE",
    "EXPECTEDCOMPRESSION",
    "EXPECTEDVERIFY",
    "EXPECTEDDECODE",
    "EXPECTEDVALIDJSON",
    "EXPECTEDSCHEMAVALIDATION",
    "EXPECTEDEXPIRATIONCHECK",
    "EXPECTEDKEYUSAGE",
}

_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d\d)(\d\d)$")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


def _instant(text: str) -> datetime:
    text = _LONG_FRACTION.sub(r"\1", _OFFSET_WITHOUT_COLON.sub(r"\1:\2", text))
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _certificate(case: Case) -> bytes:
    return base64.b64decode(case["TESTCTX"]["CERTIFICATE"])


def _text(case: Case) -> str:
    """The text of the case; rebuilt from the COSE bytes where the case has no text."""
    if case.get("PREFIX"):
        return str(case["PREFIX"])
    import zlib  # noqa: PLC0415

    import base45 as oracle  # noqa: PLC0415

    return "HC1:" + oracle.b45encode(zlib.compress(bytes.fromhex(case["COSE"]))).decode()


def _kid_claimed(case: Case) -> bytes:
    """The key id that the document names, so that a wrong one does not hide the later stages."""
    try:
        compressed = base45.decode(_text(case)[4:])
        return cose.open_sign1(deflate.inflate(compressed)).kid or b""
    except DocumentError:
        return b""


def _judge(case: Case, *, scheme: str = "eu-dcc") -> Verdict:
    key = key_of(_certificate(case), scheme=scheme, kid=_kid_claimed(case) or None)
    clock = case["TESTCTX"].get("VALIDATIONCLOCK")
    at = _instant(clock) if clock else datetime(2021, 6, 1, tzinfo=UTC)
    return Verifier(trust=MemoryKeys([key])).verify(_text(case), at=at)


def _key_use_passes(case: Case) -> bool:
    findings = validity.judge_key_use(_claims(case), key_of(_certificate(case)))
    return all(finding.result is Result.PASS for finding in findings)


def _schema_passes(case: Case) -> bool:
    return not _claims(case).doubts


def _dates_pass(case: Case) -> bool:
    at = instant_of(_instant(case["TESTCTX"]["VALIDATIONCLOCK"]))
    findings = validity.judge_dates(_claims(case), key_of(_certificate(case)), at, None)
    return all(finding.result is Result.PASS for finding in findings)


def _claims(case: Case) -> Claims:
    """Read the claims without asking for the signature: some cases spoil only that."""
    compressed = base45.decode(_text(case)[4:])
    payload = cose.open_sign1(deflate.inflate(compressed)).payload
    return eu_dcc.FORMAT.read_claims("HC1", payload)


def _passed(verdict: Verdict, check: Check) -> bool:
    results = [finding.result for finding in verdict.findings if finding.check is check]
    return bool(results) and all(result is Result.PASS for result in results)


def _unprefix(case: Case) -> bool:
    text = case["PREFIX"]
    return text.startswith("HC1:") and text[4:] == case["BASE45"]


def _base45(case: Case) -> bool:
    try:
        decoded = base45.decode(case["BASE45"])
    except DocumentError:
        return False
    return "COMPRESSED" not in case or decoded == bytes.fromhex(case["COMPRESSED"])


def _compression(case: Case) -> bool:
    try:
        inflated = deflate.inflate(bytes.fromhex(case["COMPRESSED"]))
    except DocumentError:
        return False
    return "COSE" not in case or inflated == bytes.fromhex(case["COSE"])


def _verify(case: Case) -> bool:
    own_id = hashlib.sha256(_certificate(case)).digest()[:8]
    return _kid_claimed(case) == own_id and _passed(_judge(case), Check.SIGNATURE)


def _plain(value: Any) -> Any:
    """Bring payloads of CBOR and JSON to one form (README of the data, "Comparing")."""
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, datetime):
        return value.replace(microsecond=0).astimezone(UTC)
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
        return _instant(value).replace(microsecond=0).astimezone(UTC)
    return value


def _payload_of_cose(data: bytes) -> Any:
    claims = cbor2.loads(cose.open_sign1(data).payload)
    return claims[-260][1]


def _decode(case: Case) -> bool:
    try:
        payload = _plain(_payload_of_cose(bytes.fromhex(case["COSE"])))
    except (DocumentError, KeyError, TypeError, IndexError):
        return False
    encoded = cbor2.loads(bytes.fromhex(case["CBOR"])) if case.get("CBOR") else None
    if isinstance(encoded, dict) and -260 in encoded:
        encoded = encoded[-260][1]
    return (encoded is None or _plain(encoded) == payload) and _plain(case["JSON"]) == payload


def _valid_json(case: Case) -> bool:
    try:
        payload = _payload_of_cose(deflate.inflate(base45.decode(_text(case)[4:])))
    except (DocumentError, KeyError, TypeError):
        return False
    return _plain(payload) == _plain(case["JSON"])


_JUDGES = {
    "EXPECTEDUNPREFIX": _unprefix,
    "EXPECTEDB45DECODE": _base45,
    "EXPECTEDCOMPRESSION": _compression,
    "EXPECTEDVERIFY": _verify,
    "EXPECTEDDECODE": _decode,
    "EXPECTEDVALIDJSON": _valid_json,
    "EXPECTEDSCHEMAVALIDATION": lambda case: _passed(_judge(case), Check.SCHEMA),
    "EXPECTEDEXPIRATIONCHECK": lambda case: _passed(_judge(case), Check.DATES),
    "EXPECTEDKEYUSAGE": lambda case: _passed(_judge(case), Check.KEY_USE),
}

# Nothing after a failed signature runs; these ask the later stages by themselves.
_UNSIGNED_JUDGES = {
    "EXPECTEDSCHEMAVALIDATION": _schema_passes,
    "EXPECTEDEXPIRATIONCHECK": _dates_pass,
    "EXPECTEDKEYUSAGE": _key_use_passes,
}

# What each label needs to be judged at all.
_NEEDS = {
    "EXPECTEDUNPREFIX": ("PREFIX", "BASE45"),
    "EXPECTEDB45DECODE": ("BASE45",),
    "EXPECTEDCOMPRESSION": ("COMPRESSED",),
    "EXPECTEDDECODE": ("COSE", "JSON"),
    "EXPECTEDVALIDJSON": ("JSON",),
}


@pytest.mark.parametrize("name", cases_in("dcc", "dgc-testdata", pattern="**/*.json"))
def test_every_label_of_a_case_is_met(name: str) -> None:
    case = json.loads(Path(conformance("dcc", "dgc-testdata", name)).read_text())
    expected = case["EXPECTEDRESULTS"]
    wrong = []
    for label in _LABELS & expected.keys():
        if label in LABEL_SKIPS.get(name, {}) or expected[label] is None:
            continue
        if not all(case.get(field) is not None for field in _NEEDS.get(label, ())):
            continue
        judges = _UNSIGNED_JUDGES if expected.get("EXPECTEDVERIFY") is False else {}
        if judges.get(label, _JUDGES[label])(case) is not expected[label]:
            wrong.append(f"{label} should be {expected[label]}: {_judge(case).findings}")
    assert not wrong


def test_every_case_of_this_half_is_there() -> None:
    folder = conformance("dcc", "dgc-testdata")
    assert len(list(folder.glob("**/*.json"))) == 319


@pytest.mark.parametrize("name", cases_in("dcc", "at-exemption", pattern="*.json"))
def test_exemptions_and_certificates_are_kept_apart(name: str) -> None:
    case = json.loads(Path(conformance("dcc", "at-exemption", name)).read_text())
    keys = [key_of(_certificate(case))] if "CERTIFICATE" in case["TESTCTX"] else []
    if "AT_CERTIFICATE" in case["TESTCTX"]:
        exemption = base64.b64decode(case["TESTCTX"]["AT_CERTIFICATE"])
        keys.append(key_of(exemption, scheme="at-exemption"))
    at = _instant(case["TESTCTX"]["VALIDATIONCLOCK"])
    verdict = Verifier(trust=MemoryKeys(keys)).verify(case["PREFIX"], at=at)
    assert (verdict.outcome is Outcome.AUTHENTIC) is (name == "ve_good.json")
