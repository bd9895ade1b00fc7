"""Published codes of WHO's families and their claim objects, read where they lie.

The codes are judged with the key that their expectation names, once as a key of every family and
once from the lists that WHO published; what the READMEs say of each has to come out.
"""

import base64
import csv
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from support.conformance import ROOT, cases_in, conformance
from support.envelopes import parts_of
from support.keys import LIST, MemoryKeys, key_of

from fixtures.who import claims, scan
from fixtures.world import of_who
from trustlists import TrustStore, import_sources
from verifier import Disclosure, Outcome, PrivacyPolicy, Verdict, Verifier
from verifier.codecs.icvp_products import LISTED_ON, PRODUCTS
from verifier.reasons import Reason
from verifier.trust import TrustedKey

SCHEMES = frozenset({"eu-dcc", "who-ddcc", "who-icvp"})
FOLDERS = ("icvp", "ddcc", "gdhcn/hcert")
CASES = [
    f"{folder}/{name}" if isinstance(name, str) else name
    for folder in FOLDERS
    for name in cases_in(*folder.split("/"), pattern="*.expected.json")
]
EACH = pytest.mark.parametrize("case", CASES)
AUGUST_2026 = datetime(2026, 8, 25, tzinfo=UTC)
SUMMER_2022 = datetime(2022, 8, 1, tzinfo=UTC)


def expected_of(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(conformance(*case.split("/")).read_bytes())
    return found


def text_of(case: str) -> str:
    folder, _, _ = case.rpartition("/")
    return conformance(folder, expected_of(case)["qr_file"]).read_text().removesuffix("\n")


def key_file(case: str) -> TrustedKey:
    """Read the key that an expectation names, under the id that the document names."""
    folder, _, _ = case.rpartition("/")
    pem = conformance(folder, expected_of(case)["key_file"]).read_bytes()
    kid = base64.b64decode(expected_of(case)["kid_base64"])
    if b"CERTIFICATE" in pem:
        der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        return key_of(der, kid=kid)._replace(schemes=SCHEMES)
    spki = load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return TrustedKey(kid, spki, SCHEMES, frozenset(), "", "", None, None, True, LIST)  # noqa: FBT003


def judge(text: str, *keys: TrustedKey, at: datetime = AUGUST_2026) -> Verdict:
    policy = PrivacyPolicy(Disclosure.CLINICAL)
    return Verifier(trust=MemoryKeys(keys), policy=policy).verify(text, at=at)


def codes(verdict: Verdict) -> list[Reason]:
    return [finding.code for finding in verdict.findings]


def clinical(verdict: Verdict) -> dict[str, str]:
    with verdict.holder() as holder:
        return dict(holder.clinical)


def test_there_are_seven_codes() -> None:
    conformance("icvp")
    assert len(CASES) == 7


@EACH
def test_headers_and_signed_bytes_are_those_of_the_expectation(case: str) -> None:
    expected = expected_of(case)
    parts = parts_of(text_of(case))
    assert hashlib.sha256(parts.signed).hexdigest() == expected["sig_structure_sha256"]
    assert expected["expected"]["decodes"]
    verdict = judge(text_of(case))
    assert codes(verdict)[-1] is Reason.UNKNOWN_KEY
    assert verdict.issuer is not None
    assert verdict.issuer.key == expected["kid_base64"]


@EACH
def test_a_signature_holds_where_it_is_expected_to(case: str) -> None:
    verdict = judge(text_of(case), key_file(case))
    holds = expected_of(case)["expected"]["signature_valid"]
    assert (Reason.SIGNATURE_GOOD in codes(verdict)) is holds
    assert (verdict.outcome is Outcome.NOT_AUTHENTIC) >= (not holds)


# What the READMEs and expectations say of each, at the time that they were written.
@pytest.mark.parametrize(
    ("case", "format_name", "outcome", "told"),
    [
        ("icvp/dvc-gen1-wrong-key", "eu-dcc", Outcome.NOT_AUTHENTIC, {Reason.SIGNATURE_BAD}),
        (
            "icvp/icvp-gen2-yellow-fever-valid",
            "who-icvp",
            Outcome.NOT_AUTHENTIC,
            {Reason.PARTICIPANT_DIFFERS, Reason.NOBODY_NAMED, Reason.FIRST_DAY_DIFFERS},
        ),
        ("ddcc/ddcc-flat-vaccination", "who-ddcc", Outcome.DOES_NOT_MEET_RULES, {Reason.EXPIRED}),
        ("ddcc/ddcc-flat-test-result", "who-ddcc", Outcome.REFER, {Reason.KEY_RETIRED}),
        ("gdhcn/hcert/dcc-cl-specimen", "eu-dcc", Outcome.DOES_NOT_MEET_RULES, {Reason.EXPIRED}),
        ("gdhcn/hcert/dcc-it-acceptance", "eu-dcc", Outcome.DOES_NOT_MEET_RULES, {Reason.EXPIRED}),
    ],
)
def test_each_code_has_its_verdict(
    case: str, format_name: str, outcome: Outcome, told: set[Reason]
) -> None:
    case = f"{case}.expected.json"
    verdict = judge(text_of(case), key_file(case))
    assert (verdict.format, verdict.outcome) == (format_name, outcome)
    assert told <= set(codes(verdict))


def test_a_key_that_is_listed_under_another_id_signs_nothing() -> None:
    case = "gdhcn/hcert/dcc-sr-signed-by-key-of-another-kid.expected.json"
    other = key_file(case)._replace(kid=base64.b64decode("jd4FUVxAJjY="))
    verdict = judge(text_of(case), other, at=SUMMER_2022)
    assert (verdict.outcome, codes(verdict)[-1]) == (Outcome.REFER, Reason.UNKNOWN_KEY)


@pytest.mark.parametrize("name", ["vaccination", "test-result"])
def test_both_flat_shapes_were_authentic_in_their_time(name: str) -> None:
    case = f"ddcc/ddcc-flat-{name}.expected.json"
    at = datetime(2021, 8, 1, tzinfo=UTC) if name == "vaccination" else SUMMER_2022
    key = key_file(case)._replace(not_before=None)
    verdict = judge(text_of(case), key, at=at)
    assert verdict.outcome is Outcome.AUTHENTIC
    assert Reason.OLDER_FORM in codes(verdict)
    assert verdict.kind == name.partition("-")[0]
    said = expected_of(case)["claims"]
    with verdict.holder() as holder:
        assert (holder.name, holder.birth_date) == (said["name"], said["birthDate"])
        facts = dict(holder.clinical)
    if name == "vaccination":
        assert (facts["vaccine"], facts["lot"]) == (said["vaccine"]["code"], said["lot"])
        assert (facts["country"], facts["valid_from"]) == ("US", said["vaccine_valid"])
    else:
        assert (facts["result"], facts["country"]) == (said["test"]["result"]["code"], "SG")


# From the lists that WHO published.
@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Import a published list once, its test nations too."""

    @cache
    def imported(environment: str) -> Path:
        path = tmp_path_factory.mktemp(environment) / "store"
        source = conformance("gdhcn", environment, "v2", "trustlist", "did.json")
        import_sources(path, [source], now=int(AUGUST_2026.timestamp()), test_nations=True)
        return path

    return imported


@EACH
@pytest.mark.parametrize("environment", ["prod", "uat", "dev"])
def test_the_published_lists_know_the_keys_that_they_are_said_to_know(
    case: str, environment: str, published: Callable[[str], Path]
) -> None:
    trusted = expected_of(case)["expected"].get("trusted_in")
    with TrustStore.open(published(environment)) as store:
        verdict = Verifier(trust=store).verify(text_of(case), at=AUGUST_2026)
        known = store.find(base64.b64decode(expected_of(case)["kid_base64"]))
    if trusted is not None:
        assert bool(known) is bool(trusted[environment])
    assert verdict.outcome is not Outcome.AUTHENTIC
    assert bool(known) is (Reason.UNKNOWN_KEY not in codes(verdict))


def test_the_pilot_is_verified_by_the_list_and_held_to_its_participant(
    published: Callable[[str], Path],
) -> None:
    case = "icvp/icvp-gen2-yellow-fever-valid.expected.json"
    with TrustStore.open(published("dev")) as store:
        verdict = Verifier(trust=store).verify(text_of(case), at=AUGUST_2026)
    assert verdict.issuer is not None
    assert (verdict.issuer.country, verdict.format, verdict.kind) == (
        "XJ",
        "who-icvp",
        "vaccination",
    )
    assert Reason.PARTICIPANT_DIFFERS in codes(verdict)
    assert verdict.outcome is Outcome.NOT_AUTHENTIC


def test_what_speaks_against_the_pilot_is_its_issuer_and_that_it_names_nobody() -> None:
    case = "icvp/icvp-gen2-yellow-fever-valid.expected.json"
    same = key_file(case)._replace(country="XL")
    verdict = judge(text_of(case), same)
    assert verdict.outcome is Outcome.REFER
    expected = expected_of(case)["expected"]
    facts = clinical(verdict)
    assert facts["disease"] == "1D47"
    assert (facts["valid_from"], facts["valid_until"]) == (
        expected["valid_from"],
        expected["valid_until"],
    )
    early = judge(
        text_of(case), same._replace(not_before=None), at=datetime(2017, 12, 20, tzinfo=UTC)
    )
    assert Reason.NOT_YET_VALID in codes(early)


# Claim objects that nobody signed, signed here.
SIGNED = {
    "gen2-a": (Outcome.AUTHENTIC, {Reason.END_NOT_COUNTED, Reason.FIRST_DAY_DIFFERS}),
    "gen2-b": (Outcome.REFER, {Reason.NOBODY_NAMED, Reason.FIRST_DAY_DIFFERS}),
    # Its authority is Kenya, whose key it is not.
    "gen3-synthetic": (Outcome.NOT_AUTHENTIC, {Reason.PARTICIPANT_DIFFERS}),
}


@pytest.mark.parametrize("name", SIGNED)
def test_each_claim_object_is_read_when_somebody_signs_it(name: str) -> None:
    document = json.loads(conformance("icvp", "claims", f"{name}.json").read_bytes())
    signer = of_who()["who-icvp"]["icvp"]
    text = scan(claims(document["claim_key"], document["claim"], issued=1_780_000_000), signer)
    key = key_of(signer.certificate, scheme="who-icvp")
    verdict = judge(text, key)
    outcome, told = SIGNED[name]
    assert verdict.format == "who-icvp"
    assert verdict.outcome is outcome
    assert told <= set(codes(verdict))
    said = document["claim"]
    with judge(text, key._replace(country="")).holder() as holder:
        assert (holder.name, holder.birth_date) == (said["n"], said["dob"])
        assert dict(holder.clinical)["lot"] == said.get("vx", said["v"])["bo"]


def test_the_model_of_2026_is_authentic_with_the_key_of_its_participant() -> None:
    document = json.loads(conformance("icvp", "claims", "gen3-synthetic.json").read_bytes())
    signer = of_who()["who-icvp"]["icvp"]
    said = claims(-6, document["claim"], issuer="KEN", issued=1_777_700_000)
    key = key_of(signer.certificate, scheme="who-icvp")._replace(country="KE")
    verdict = judge(scan(said, signer), key, at=datetime(2026, 5, 11, tzinfo=UTC))
    assert verdict.outcome is Outcome.AUTHENTIC
    assert Reason.SCHEMA_GOOD in codes(verdict)
    before = judge(scan(said, signer), key, at=datetime(2026, 5, 10, 23, 59, tzinfo=UTC))
    assert (before.outcome, before.valid_from) == (Outcome.DOES_NOT_MEET_RULES, "2026-05-11")


def test_the_list_of_products_is_that_of_who() -> None:
    rows = conformance("icvp", "product-catalogue.csv").read_text(encoding="utf-8").splitlines()
    listed = {row["product_id"]: row for row in csv.DictReader(rows)}
    assert set(listed) == set(PRODUCTS)
    for product, row in listed.items():
        ours = PRODUCTS[product]
        assert ours.disease == row["disease_icd11"]
        assert ours.since == "-".join(reversed(row["prequalified_on"].split("/")))
        assert ours.maker.split("/")[0].split()[0] in row["manufacturer"]
        assert ours.since <= LISTED_ON


def test_nothing_of_this_is_copied_into_the_project() -> None:
    ours = Path(__file__).parents[2]
    for path in sorted((ROOT / "icvp").glob("*.qr.txt")):
        text = path.read_text()[:60]
        assert not [each for each in ours.glob("fixtures/who_*/*.txt") if text in each.read_text()]
