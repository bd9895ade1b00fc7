"""ICAO's health seals as states and tool makers published them, and each with one change."""

import hashlib
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.conformance import ROOT, conformance
from support.keys import MemoryKeys, authority_of

from verifier import Disclosure, Outcome, PrivacyPolicy, Reason, Verdict, Verifier
from verifier.codecs import json_canonical, json_strict
from verifier.errors import DocumentError
from verifier.reasons import Check, Result

FOLDER = ("vds-nc",)


@cache
def table() -> dict[str, Any]:
    path = ROOT.joinpath(*FOLDER, "cases.json")
    return json.loads(path.read_text()) if path.exists() else {"cases": []}


ABSENT = pytest.mark.skip(reason="conformance data not here: vds-nc")
CASES = table()["cases"] or [pytest.param({"id": "absent"}, marks=ABSENT)]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])

SIGNATURE = {
    "valid": {Result.PASS, None},
    "invalid": {Result.FAIL, None},
    "wrong-length": {Result.FAIL},
    "unsupported-algorithm": {Result.FAIL},
}


def text_of(case: dict[str, Any]) -> str:
    return conformance(*FOLDER, case["file"]).read_bytes().decode()


def judge(case: dict[str, Any], **options: Any) -> Verdict:
    authorities = []
    if case["csca"]:
        certificate = conformance(*FOLDER, case["csca"]).read_bytes()
        authorities = [authority_of(certificate)]
    verifier = Verifier(trust=MemoryKeys([], authorities=authorities), **options)
    return verifier.verify(text_of(case), at=datetime.fromisoformat(table()["at"]))


def result(verdict: Verdict, check: Check) -> Result | None:
    return next((found.result for found in verdict.findings if found.check is check), None)


@EACH
def test_a_seal_has_the_outcome_that_its_case_proposes(case: dict[str, Any]) -> None:
    assert judge(case).outcome.value == case["proposed"], case["note"]


@EACH
def test_each_finding_is_the_one_of_the_case(case: dict[str, Any]) -> None:
    verdict, expect = judge(case), case["expect"]
    codes = {found.code for found in verdict.findings}
    if expect["parse"] == "malformed" or case["id"] == "d-standard-base64":
        early = (Check.INPUT, Check.ENCODING, Check.ENVELOPE)
        assert any(result(verdict, check) not in {Result.PASS, None} for check in early)
        assert result(verdict, Check.SIGNATURE) is None
        return
    if "certificate" in expect:
        assert Reason.SIGNER_UNREADABLE in codes
        return
    assert verdict.format == "vds-nc"
    assert result(verdict, Check.SIGNATURE) in SIGNATURE[expect["signature"]]
    match expect["chain"]:
        case "valid":
            assert verdict.issuer
            assert verdict.issuer.country
        case "issuer-unknown":
            assert codes & {Reason.NO_AUTHORITY, Reason.NO_KEY_ID}
            assert result(verdict, Check.SIGNATURE) is None
        case "invalid":
            assert codes & {Reason.NO_AUTHORITY, Reason.NOT_ISSUED_BY_AUTHORITY}


@EACH
def test_what_was_signed_is_the_canonical_form_of_the_data(case: dict[str, Any]) -> None:
    digest = case["expect"].get("data_sha256")
    if case["expect"]["parse"] == "malformed" or digest is None:
        return  # nothing was signed, or nothing is said of it
    data = json_strict.decode(text_of(case).encode(), integers=True)
    assert isinstance(data, dict)
    assert hashlib.sha256(json_canonical.encode(data["data"])).hexdigest() == digest


def canonical_files() -> list[Any]:
    folder = ROOT.joinpath(*FOLDER, "canonical")
    return sorted(folder.glob("*.data.json")) or [pytest.param(Path(), marks=ABSENT)]


@pytest.mark.parametrize("file", canonical_files(), ids=lambda path: path.name)
def test_the_signed_bytes_of_published_seals_come_out_to_the_byte(file: Path) -> None:
    name = file.name.removesuffix(".data.json")
    seal = json_strict.decode((file.parent.parent / "vectors" / f"{name}.txt").read_bytes())
    assert isinstance(seal, dict)
    assert json_canonical.encode(seal["data"]) == file.read_bytes()


@EACH
def test_a_published_sample_is_told_from_a_real_certificate(case: dict[str, Any]) -> None:
    verdict = judge(case)
    flagged = "flag" in case or (case.get("base") and verdict.outcome is Outcome.AUTHENTIC)
    told = any(found.code is Reason.SPECIMEN_NUMBER for found in verdict.findings)
    assert told is bool(flagged)


def test_names_are_split_where_their_issuer_split_them() -> None:
    shown = {}
    for case in table()["cases"] or [pytest.skip("conformance data not here: vds-nc")]:
        if case["id"] in {"aus-jane-catherine", "jpn-hanako"}:
            verdict = judge(case, policy=PrivacyPolicy(Disclosure.IDENTITY))
            with verdict.holder() as holder:
                shown[case["id"]] = holder.name, holder.name_mrz, holder.birth_date
    assert shown == {
        "aus-jane-catherine": (
            "CITIZEN, JANE CATHERINE",
            "CITIZEN<<JANE<CATHERINE",
            "1977-05-16",
        ),
        "jpn-hanako": ("NIHON HANAKO", "NIHON<HANAKO", "1991-12-01"),
    }


# RFC 8785, as its author's test data have it. A seal holds no fraction, no truth value and no null.
@pytest.mark.parametrize("name", ["arrays", "structures", "unicode", "values"])
def test_the_canonical_form_is_that_of_its_author(name: str) -> None:
    source = json.loads(conformance(*FOLDER, "jcs", "input", f"{name}.json").read_bytes())
    wanted = conformance(*FOLDER, "jcs", "output", f"{name}.json").read_bytes()
    if name == "unicode":
        assert json_canonical.encode(source) == wanted
        return
    with pytest.raises(DocumentError) as refused:
        json_canonical.encode(source)
    assert refused.value.reason is Reason.NOT_CANONICAL
    # Without what a seal cannot hold, the rest comes out as it does there.
    assert json_canonical.encode(_without_foreign_types(source)) == _without_their_text(
        wanted, name
    )


def _without_foreign_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_foreign_types(member)
            for name, member in value.items()
            if _is_ours(member)
        }
    if isinstance(value, list):
        return [_without_foreign_types(member) for member in value if _is_ours(member)]
    return value


def _is_ours(value: Any) -> bool:
    return isinstance(value, dict | list | str) or type(value) is int


def _without_their_text(wanted: bytes, name: str) -> bytes:
    """Take the same members out of the expected text by hand."""
    cuts = {
        "arrays": [b',"10":null', b',"d":true'],
        "structures": [b'"\\n":56,'],
        "values": [b"null,true,false", b"333333333.3333333,1e+30,4.5,0.002,1e-27"],
    }
    for cut in cuts[name]:
        assert wanted.count(cut) == 1, cut
        wanted = wanted.replace(cut, b"")
    return wanted
