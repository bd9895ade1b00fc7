"""Every card, key set and bundle of the public data, held to what its README and cases.json say.

Cards are judged with the whole chain: key sets are imported for the issuers that ``routes.json``
names, with the keys as anchors. What comes unsigned (payloads, bundles, resources) is signed here,
by another library, with a key that is listed for its issuer.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from support.cards import token_in
from support.conformance import ROOT, conformance
from support.drawings import codes_in_svg
from support.keys import LIST, MemoryKeys
from support.skips import CARD_CODES_NOT_SEEN, CARD_SKIPS

from cli.inputs import documents
from fixtures.keys import curve_key
from fixtures.smart_health_card.issue import token
from fixtures.smart_health_card.world import Issuer
from trustlists.dialects import named
from trustlists.published_keys import is_published
from trustlists.records import ParsedList, Reading, Refusal
from verifier import Disclosure, Outcome, PrivacyPolicy, Reason, Result, Verdict, Verifier
from verifier.claims import Claims
from verifier.codecs import jws
from verifier.codecs.deflate import inflate_bare
from verifier.collecting import Collector, split
from verifier.formats.smart_health_card import FORMAT
from verifier.limits import HEALTH_CARD_BYTES
from verifier.trust import TrustedKey

FOLDER = ROOT / "shc"
CASES = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.exists() else {}
ROUTES = json.loads((FOLDER / "routes.json").read_text()) if FOLDER.exists() else {}
NOW = CASES.get("clock", {}).get("now", 0)
EXAMPLE = "https://spec.smarthealth.cards/examples/issuer"
[JWKS] = named("jwks")

# A key of ours, listed for the example issuer: it signs what comes without a signature.
OURS = Issuer(EXAMPLE, "Specimen", curve_key("conformance"))

# What the reference tool calls what is found here (its src/error.ts). A finding may stand for
# several of its codes: it tells more kinds of the same thing apart.
TOOL_CODES: dict[Reason, set[str]] = {
    Reason.SPACE_AROUND: {"TRAILING_CHARACTERS"},
    Reason.PARTS_JOINED: {"QR_CHUNKING_DEPRECATED", "INVALID_QR", "UNBALANCED_QR_CHUNKS"},
    Reason.PARTS_MISSING: {"MISSING_QR_CHUNK", "INVALID_NUMERIC_QR_HEADER"},
    Reason.PART_MALFORMED: {"INVALID_NUMERIC_QR_HEADER"},
    Reason.NOT_DIGITS: {"INVALID_NUMERIC_QR"},
    Reason.NO_CODE_IN_PICTURE: {"QR_DECODE_ERROR"},
    Reason.COMPRESSION_DAMAGED: {"INFLATION_ERROR"},
    Reason.HEADER_MALFORMED: {"JWS_HEADER_ERROR"},
    Reason.SIGNATURE_MALFORMED: {"SIGNATURE_FORMAT_ERROR"},
    Reason.SIGNATURE_BAD: {"JWS_VERIFICATION_ERROR"},
    Reason.UNKNOWN_KEY: {"ISSUER_KEY_DOWNLOAD_ERROR", "JWS_VERIFICATION_ERROR"},
    Reason.ISSUER_DIFFERS: {
        "ISSUER_KEY_DOWNLOAD_ERROR",
        "ISSUER_KID_MISMATCH",
        "INVALID_ISSUER_URL",
    },
    Reason.ISSUER_NOT_LISTED: {"ISSUER_KID_MISMATCH"},
    Reason.ISSUER_MALFORMED: {"INVALID_ISSUER_URL"},
    Reason.NO_CERTIFICATE_INSIDE: {"SCHEMA_ERROR", "CRITICAL_DATA_MISSING"},
    Reason.EXPIRED: {"EXPIRATION_ERROR"},
    Reason.NOT_YET_VALID: {"NOT_YET_VALID"},
    Reason.DATE_IN_MILLISECONDS: {"EXPIRATION_ERROR"},
    Reason.NOT_ONE_PERSON: {"FHIR_SCHEMA_ERROR"},
    Reason.NOT_ONE_GROUP: {"FHIR_SCHEMA_ERROR"},
    Reason.CODE_MISSING: {"FHIR_SCHEMA_ERROR"},
    Reason.EVENT_UNDATED: {"FHIR_SCHEMA_ERROR"},
    Reason.CONTENT_UNUSUAL: {"FHIR_SCHEMA_ERROR"},
    Reason.HEALTH_LINK_MALFORMED: {"SHLINK_NOT_HTTPS_URL"},
}
BAD = {Outcome.NOT_AUTHENTIC, Outcome.DOES_NOT_MEET_RULES, Outcome.REFER}


def cases(group: str, *kinds: str) -> list[Any]:
    found = [each for each in CASES.get(group, ()) if not kinds or each["type"] in kinds]
    absent = pytest.mark.skip(reason="conformance data not here: shc")
    rows = [
        pytest.param(
            each,
            id=each["id"],
            marks=pytest.mark.skip(reason=CARD_SKIPS[each["id"]])
            if each["id"] in CARD_SKIPS
            else (),
        )
        for each in found
    ]
    return rows or [pytest.param({}, marks=absent)]


def key(record: Any, issuer: str) -> TrustedKey:
    """Make of a record the key that a store would give: listed for its issuer, and vouched for."""
    return TrustedKey(
        kid=record.kid,
        spki=record.spki,
        schemes=record.schemes,
        uses=record.uses,
        country=record.country,
        name="",
        not_before=None,
        not_after=None,
        authenticated=True,
        list=LIST,
        issuer=issuer,
    )


def read_keys(path: str, issuer: str = "") -> ParsedList:
    reading = Reading("source", (), scheme="smart-health-card", issuer=issuer)
    return JWKS.read(conformance("shc", *path.split("/")).read_bytes(), reading)


@cache
def listed(extra: str = "") -> tuple[TrustedKey, ...]:
    """Give the keys of routes.json, those of an issuer by TLS, ours, and a key set of no issuer."""
    keys = []
    for address, file in ROUTES.items():
        issuer, _, rest = address.partition("/.well-known/")
        if rest == "jwks.json" and issuer.startswith("https://") and not issuer.endswith("/"):
            keys += [key(record, issuer) for record in read_keys(file).records]
    spki = OURS.key.public_key().export_key(format="DER")
    keys.append(keys[0]._replace(kid=OURS.kid.encode(), spki=spki, issuer=EXAMPLE))
    if extra:
        keys += [key(record, "") for record in read_keys(extra).records]
    return tuple(keys)


def judge(scan: str | bytes | Reason, at: float = NOW, extra: str = "") -> Verdict:
    policy = PrivacyPolicy(Disclosure.IDENTITY)
    verifier = Verifier(trust=MemoryKeys(listed(extra)), policy=policy)
    moment = datetime.fromtimestamp(at, UTC)
    if isinstance(scan, Reason):
        return verifier.unread(scan, at=moment)
    return verifier.verify(scan, at=moment)


def scans(inputs: list[str]) -> list[str | bytes | Reason]:
    """Read the inputs as the command does: pictures, files, lines; parts of cards are joined."""
    collector = Collector()
    found: list[str | bytes | Reason] = []
    for name in inputs:
        path = conformance("shc", *name.split("/"))
        if path.suffix in {".png", ".jpg"}:
            read = [*documents(str(path))]
        else:
            read = [path.read_bytes().decode()]
        for each in read:
            if isinstance(each, Reason):
                found.append(each)
                continue
            for single in split(each) if isinstance(each, str) else [each]:
                found += collector.add(single)
    return found + collector.finish()


def signed(case: dict[str, Any]) -> str:
    """Sign what comes unsigned."""
    text = conformance("shc", *case["inputs"][0].split("/")).read_bytes().decode()
    content = json.loads(text)
    if case["type"] == "jwspayload":
        return token(content, OURS)
    if case["type"] == "resource" and content["resourceType"] != "Bundle":
        content = bundle_round(content)
    subject = {"fhirVersion": "4.0.1", "fhirBundle": content}
    card = {"type": ["https://smarthealth.cards#health-card"], "credentialSubject": subject}
    return token({"iss": EXAMPLE, "nbf": 1_660_000_000, "vc": card}, OURS)


def bundle_round(resource: dict[str, Any]) -> dict[str, Any]:
    """Arrange a resource beside what it needs to be a card."""
    person = {
        "resourceType": "Patient",
        "name": [{"family": "Specimen", "given": ["Vera"]}],
        "birthDate": "1980-05-17",
    }
    dose = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "207"}]},
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": "2021-01-01",
    }
    both = [resource, dose] if resource["resourceType"] == "Patient" else [person, resource]
    entries = [{"fullUrl": f"resource:{at}", "resource": each} for at, each in enumerate(both)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def told(verdicts: list[Verdict]) -> set[Reason]:
    """Give what speaks against documents, or is remarked on them."""
    passes = {Reason(code) for code in Reason if code.endswith("-000")} | {
        Reason.NO_REVOCATION_LIST
    }
    return {finding.code for each in verdicts for finding in each.findings} - passes


def claims_of(scan: str) -> Claims:
    payload = jws.take_apart(token_in(scan).encode()).payload
    return FORMAT.read_claims("jws", inflate_bare(payload, HEALTH_CARD_BYTES))


@pytest.mark.parametrize("case", cases("upstream_cases"))
def test_upstream_cases_are_answered_as_proposed_and_explained(case: dict[str, Any]) -> None:
    if case["type"] in {"jwspayload", "fhirbundle"}:
        verdicts = [judge(signed(case))]
    else:
        extra = case["options"].get("jwkset", "")
        verdicts = [judge(scan, extra=extra) for scan in scans(case["inputs"])]
    outcomes = {verdict.outcome for verdict in verdicts}
    match case["proposed"]:
        case "accept":
            assert outcomes == {Outcome.AUTHENTIC}
        case "reject":
            assert outcomes <= BAD
        case "flag":
            assert outcomes == {Outcome.REFER}
            assert all(codes_of(verdict) >= {"SIG-000", "ISS-000"} for verdict in verdicts)
        case _:
            assert outcomes == {Outcome.REFER}
    reasons = told(verdicts)
    upstream = {*case["errors"], *case["warnings"]}
    unseen = CARD_CODES_NOT_SEEN.get(case["id"], {})
    assert set(unseen) <= upstream
    named_by_us = [TOOL_CODES[reason] for reason in reasons]
    # Each finding is one of the tool's, and each of the tool's has a finding or a reason why not.
    assert all(names & upstream for names in named_by_us), reasons
    assert upstream - set(unseen) <= set().union(*named_by_us), reasons


def codes_of(verdict: Verdict) -> set[str]:
    return {finding.code.value for finding in verdict.findings}


@pytest.mark.parametrize("case", cases("upstream_cases", "healthcard", "fhirhealthcard"))
def test_cards_of_a_file_are_judged_each_by_itself(case: dict[str, Any]) -> None:
    expected = 2 if "multi" in case["inputs"][0] else 1
    assert len(scans(case["inputs"])) == expected


@pytest.mark.parametrize("case", cases("key_cases"))
def test_key_sets_are_taken_or_refused_as_stated(case: dict[str, Any]) -> None:
    parsed = read_keys(case["inputs"][0], case["options"].get("iss", ""))
    refusals = {entry.reason for entry in parsed.refused}
    if case["proposed"] == "accept":
        assert parsed.records
        assert not refusals
        return
    assert not parsed.records
    expected = {
        "INVALID_KEY_WRONG_KID": {Refusal.KID_DIFFERS},
        "INVALID_KEY_WRONG_USE": {Refusal.NOT_A_SIGNER},
        "INVALID_KEY_WRONG_KTY": {Refusal.KEY_KIND_UNKNOWN},
        "INVALID_KEY_X5C": {Refusal.ISSUER_DIFFERS, Refusal.KEY_DIFFERS},
    }
    for code in case["must_contain"]:
        assert refusals & expected[code], (code, refusals)


def test_keys_whose_private_halves_are_published_never_serve_travellers() -> None:
    published = [
        record
        for address, file in ROUTES.items()
        if address.endswith("jwks.json") and address.startswith("https:")
        for record in read_keys(file).records
    ]
    assert published or not ROUTES
    assert all(is_published(record.spki) for record in published)


@pytest.mark.parametrize("case", cases("spec_cases"))
def test_the_specification_s_examples(case: dict[str, Any]) -> None:
    verdicts = [judge(scan, case["at"]) for scan in drawn(case["inputs"])]
    [verdict] = verdicts
    reasons = told(verdicts)
    found = {finding.code: finding.result for finding in verdict.findings}
    match case["verdict"]:
        case "incomplete":
            assert reasons == {Reason.PARTS_MISSING}
            return
        case "untrusted-issuer":
            # A list of issuers limits whose keys are taken; the example's is none of them.
            directory = json.loads(conformance("shc", *case["issuer_list"].split("/")).read_bytes())
            issuers = {each["iss"] for each in directory["participating_issuers"]}
            assert EXAMPLE not in issuers
            only = MemoryKeys(each for each in listed() if each.issuer in issuers)
            moment = datetime.fromtimestamp(case["at"], UTC)
            scan = drawn(case["inputs"])[0]
            assert not isinstance(scan, Reason)
            verdict = Verifier(trust=only).verify(scan, at=moment)
            assert told([verdict]) == {Reason.UNKNOWN_KEY}
            assert verdict.outcome is Outcome.REFER
            return
        case "revoked-and-expired":
            assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
            assert found[Reason.EXPIRED] is Result.FAIL
            identified(case)
            return
        case "revoked":
            identified(case)
    assert found[Reason.SIGNATURE_GOOD] is Result.PASS
    assert found[Reason.DATES_GOOD] is Result.PASS
    if "example-02" in case["inputs"][0]:
        # A report without a person: a true signature, and no vaccination or test of anybody.
        assert verdict.outcome is Outcome.REFER
        assert Reason.NOT_ONE_PERSON in reasons
    else:
        assert verdict.outcome is Outcome.AUTHENTIC
        assert not reasons


def identified(case: dict[str, Any]) -> None:
    """Withdrawal is looked up by this id; no list is kept yet, which the verdict says (REV-002)."""
    [scan] = drawn(case["inputs"])
    assert isinstance(scan, str)
    assert claims_of(scan).identifier == "vwAjHdarZuc"


def drawn(inputs: list[str]) -> list[str | bytes | Reason]:
    """Read inputs, those in SVG with what is drawn in them turned into a picture."""
    if not inputs[0].endswith(".svg"):
        return scans(inputs)
    collector = Collector()
    found: list[str | bytes | Reason] = []
    for name in inputs:
        for code in codes_in_svg(conformance("shc", *name.split("/")).read_text()):
            found += [code] if isinstance(code, Reason) else collector.add(code)
    return found + collector.finish()


def bundle_in(scan: str) -> Any:
    payload = inflate_bare(jws.take_apart(token_in(scan).encode()).payload, HEALTH_CARD_BYTES)
    return json.loads(payload)["vc"]["credentialSubject"]["fhirBundle"]


@pytest.mark.parametrize("number", ["00", "01", "02", "03"])
def test_all_forms_of_an_example_hold_the_same(number: str) -> None:
    stem = f"example-{number}"
    folder = conformance("shc", "spec-examples")
    expanded, minified, bundle = (
        (folder / f"{stem}-{part}.json").read_text()
        for part in ("b-jws-payload-expanded", "c-jws-payload-minified", "a-fhirBundle")
    )
    texts = [
        (folder / f"{stem}-d-jws.txt").read_text(),
        (folder / f"{stem}-e-file.smart-health-card").read_text(),
        "\n".join(path.read_text() for path in sorted(folder.glob(f"{stem}-f-*.txt"))),
    ]
    for text in texts:
        opened = FORMAT.open(text.strip(), FORMAT.recognise(text.strip()) or "")
        assert opened.payload.decode() == minified.strip()
        assert json.loads(opened.payload) == json.loads(expanded)
        assert bundle_in(text) == json.loads(bundle)


@pytest.mark.parametrize("case", cases("ig_cases"))
def test_the_vaccination_guide_s_examples(case: dict[str, Any]) -> None:
    unsigned = case["type"] in {"fhirbundle", "resource"}
    [scan] = [signed(case)] if unsigned else scans(case["inputs"])
    verdict = judge(scan)
    reasons = told([verdict])
    assert isinstance(scan, str)
    claims = claims_of(scan)
    match case["id"]:
        case "IG-09" | "IG-01" | "IG-02" | "IG-03" | "IG-04" | "IG-05" | "IG-06":
            assert (verdict.outcome, reasons) == (Outcome.AUTHENTIC, set())
        case "IG-10" | "IG-07" | "IG-08" | "IG-11":
            # Remarked, and read all the same.
            assert verdict.outcome is Outcome.AUTHENTIC
            assert reasons <= {Reason.CONTENT_UNUSUAL}
    match case["id"]:
        case "IG-01" | "IG-02" | "IG-03":
            assert [event.product for event in claims.events] == [("cvx", "208")] * 2  # type: ignore[union-attr]
        case "IG-04" | "IG-05" | "IG-06":
            [test] = claims.events
            assert (test.method, test.result) == (("loinc", "94558-4"), ("snomed", "260373001"))  # type: ignore[union-attr]
            assert test.sampled is None  # type: ignore[union-attr]
        case "IG-07":
            assert [event.disease for event in claims.events] == [("snomed", "359814004")] * 2
        case "IG-10":
            dose = claims.events[0]
            assert dose.disease == ("snomed", "840539006")
            assert (dose.vaccine, dose.manufacturer) == (("icd11", "XM0GQ8"), ("mvx", "PFR"))  # type: ignore[union-attr]
        case "IG-11":
            # A code of another system is shown, and nothing is concluded from it.
            assert (claims.events[0].disease, reasons) == (("", ""), {Reason.CONTENT_UNUSUAL})
    if case["type"] == "resource":
        assert bool(reasons) is (case["finding"] is not None), reasons
        assert all(TOOL_CODES[reason] == {"FHIR_SCHEMA_ERROR"} for reason in reasons)


def test_every_vaccine_code_of_the_crosswalk_means_the_same_disease() -> None:
    import csv  # noqa: PLC0415 - for this alone

    from verifier import clinical_codes  # noqa: PLC0415 - the same

    diseases, vaccines = (
        list(csv.DictReader(conformance("codes", name).read_text().splitlines()))
        for name in ("diseases.csv", "vaccines.csv")
    )
    snomed = {row["id"]: row["snomed_disease"] for row in diseases}
    checked = 0
    for row in vaccines:
        expected = {snomed[each] for each in row["disease"].split("|")}
        for system in ("cvx", "icd11"):
            for code in filter(None, row[system].split("|")):
                assert clinical_codes.vaccine(system, code).disease in expected, (row["id"], code)
                checked += 1
    assert checked > 60
    for row in csv.DictReader(conformance("codes", "tests.csv").read_text().splitlines()):
        if row["section"] == "kind" and row["kind"] in {"naat", "antigen"} and row["dcc_tt"]:
            checked += clinical_codes.tested_disease(row["code"]) == clinical_codes.COVID_19
    assert checked > 100
