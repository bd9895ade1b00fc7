"""DIVOC certificates of third parties and what was derived from them, each as its case says.

The graphs are compared with those that the issuers' own software hashed, and with those of a
general JSON-LD library.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as searching
from hypothesis import strategies as st
from support.conformance import cases_in, conformance
from support.json_ld import graph_of, graph_of_proof
from support.keys import LIST, MemoryKeys

from cli.pictures import read_picture
from fixtures.divoc.content import ABSENT, CONTEXT, VERSION_1, VERSION_2, credential
from fixtures.divoc.graph import canonical as as_issued
from fixtures.divoc.issue import listed, signed
from trustlists import TrustStore, import_sources
from trustlists.pem_text import read_blocks
from verifier import Outcome, Verdict, Verifier
from verifier.claims import Claims, Vaccination
from verifier.codecs import divoc_credential, json_ld
from verifier.errors import DocumentError
from verifier.formats import divoc
from verifier.reasons import Reason
from verifier.scan import read_scan
from verifier.trust import TrustedKey

DATA = ("divoc",)
NOW = 1_787_500_000
AT = datetime.fromtimestamp(NOW, UTC)

# Refused before the label is known, or with two of it. The data say that "refer" is as good.
REFERRED = {
    "d-inline-context": "nested deeper than any certificate",
    "d-proof-array": "several proofs, and so no one label",
    "d-duplicate-name": "a member twice, which no reader should get round",
}

ACCEPTED = {"accept", "accept-with-normalised-claims"}


def cases() -> list[Any]:
    if not (Path(str(conformance_folder())) / "cases.json").exists():
        reason = "conformance data not here: divoc"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    rows = json.loads((conformance_folder() / "cases.json").read_bytes())["cases"]
    return [pytest.param(row, id=row["id"]) for row in rows]


def conformance_folder() -> Path:
    from support.conformance import ROOT  # noqa: PLC0415 - a name that says nothing at the top

    return ROOT / "divoc"


def scan_of(row: dict[str, Any]) -> str | bytes:
    data = conformance("divoc", row["file"]).read_bytes()
    return data if row["file"].endswith(".bin") else data.decode()


def document_in(scan: str | bytes) -> dict[str, Any]:
    scanned = read_scan(scan)
    assert scanned.format is divoc.FORMAT
    return json.loads(scanned.format.open(scanned.text, scanned.container).payload)


def key_in(file: str, label: str) -> TrustedKey:
    (block,) = read_blocks(conformance("divoc", file).read_bytes())
    return TrustedKey(
        kid=label.encode(),
        spki=block.der,
        schemes=frozenset({"divoc"}),
        uses=frozenset(),
        country="",
        name="",
        not_before=None,
        not_after=None,
        authenticated=True,
        list=LIST,
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustStore]:
    """Import the production keys, each vouched for by a person's decision."""
    keys = conformance("divoc", "keys")
    path = tmp_path_factory.mktemp("divoc") / "trust.sqlite"
    anchors = sorted(keys.glob("did-*.pem"))
    import_sources(path, [keys], now=NOW, dialect="divoc", anchors=anchors)
    with TrustStore.open(path) as opened:
        yield opened


def judge(row: dict[str, Any], store: TrustStore) -> Verdict:
    return Verifier(trust=store).verify(scan_of(row), at=AT)


@pytest.mark.parametrize("row", cases())
def test_a_case_has_the_outcome_that_it_proposes(row: dict[str, Any], store: TrustStore) -> None:
    verdict = judge(row, store)
    proposed = row["proposed"]
    if row["id"] in REFERRED:
        assert row["expect"] == "reject-before-signature"
        proposed = "refer"
    if "test key is trusted" in proposed:
        # Its private half is public; no store takes it.
        proposed = "not_authentic"
    assert verdict.outcome.value == proposed
    assert verdict.discloses_holder is (proposed == "authentic")


@pytest.mark.parametrize("row", cases())
def test_a_signature_holds_by_the_key_that_its_case_names(row: dict[str, Any]) -> None:
    if "signature_with_key" not in row:
        assert row["expect"]
        return
    keys = MemoryKeys([key_in(row["key"], row["verification_method"])])
    verdict = Verifier(trust=keys).verify(scan_of(row), at=AT)
    codes = {finding.code for finding in verdict.findings}
    assert (Reason.SIGNATURE_GOOD in codes) is (row["signature_with_key"] == "valid")
    believed = row["signature_with_key"] == "valid" and row["subject_covered"]
    assert verdict.outcome is (Outcome.AUTHENTIC if believed else Outcome.NOT_AUTHENTIC)
    if not row["subject_covered"]:
        assert Reason.HOLDER_NOT_SIGNED in codes


@pytest.mark.parametrize("row", cases())
def test_the_graphs_are_those_that_were_hashed(row: dict[str, Any]) -> None:
    if "canonical_sha256" not in row:
        return
    document = document_in(scan_of(row))
    read = divoc_credential.read(document)
    own = {
        "document": read.canonical(),
        "proof": divoc_credential.canonical_proof(document["proof"]),
    }
    assert {name: sha256(graph).hexdigest() for name, graph in own.items()} == (
        row["canonical_sha256"]
    )
    name = row["id"].removesuffix("-raw-qr")
    for part, graph in own.items():
        assert graph == conformance("divoc", "nquads", f"{name}.{part}.nq").read_bytes()
    assert as_issued(document | {"proof": None}).encode() == own["document"]
    assert read.covered is row["subject_covered"]


@pytest.mark.parametrize("row", cases())
def test_a_general_library_makes_the_same_graph_of_what_is_taken(row: dict[str, Any]) -> None:
    try:
        document = document_in(scan_of(row))
        read = divoc_credential.read(document)
    except DocumentError:
        return
    assert divoc_credential.canonical_proof(document["proof"]) == graph_of_proof(document["proof"])
    if " " not in read.subject_id:
        assert read.canonical() == graph_of(document)


def claims_of(name: str) -> Claims:
    row = next(case.values[0] for case in cases() if case.id == name)
    assert isinstance(row, dict)
    scanned = read_scan(scan_of(row))
    envelope = scanned.format.open(scanned.text, scanned.container)
    return scanned.format.read_claims(envelope.container, envelope.payload)


def test_claims_are_those_of_the_signed_sets() -> None:
    conformance("divoc", "cases.json")
    told = claims_of("india-production")
    (event,) = told.events
    assert isinstance(event, Vaccination)
    assert (event.dose, event.doses, event.date.text) == (1, 2, "2021-03-03")
    assert event.product == ("eu-dcc-mp", "Covishield")
    assert told.travel_document == "Dummy256"
    assert told.identifier == "92047670169"
    assert told.holder is not None
    assert told.holder.name() == "Third March User One"
    assert told.holder.birth_date.text == ""


@pytest.mark.parametrize(
    "name",
    [
        case.id
        for case in cases()
        if isinstance(row := case.values[0], dict) and row.get("expect") in ACCEPTED
    ],
)
def test_exchanged_labels_change_nothing_that_is_read(name: str) -> None:
    facts = [
        (told.identifier, told.travel_document, told.events[0].facts())
        for told in (claims_of("india-production"), claims_of(name))
    ]
    assert facts[0] == facts[1]


def test_a_code_on_a_screen_is_read_as_bytes(store: TrustStore) -> None:
    picture = conformance("divoc", "vectors", "jamaica-demo.png").read_bytes()
    (scan,) = read_picture(bytearray(picture))
    assert scan == conformance("divoc", "vectors", "jamaica-demo-raw-qr.bin").read_bytes()
    assert isinstance(scan, bytes)
    assert Verifier(trust=store).verify(scan, at=AT).outcome is Outcome.NOT_AUTHENTIC


def test_a_document_of_one_country_does_not_pass_by_the_key_of_another() -> None:
    conformance("divoc")
    row = next(case.values[0] for case in cases() if case.id == "india-production")
    assert isinstance(row, dict)
    keys = [key_in(f"keys/did-{name}.pem", "did:india") for name in ("srilanka-moh", "philippines")]
    verdict = Verifier(trust=MemoryKeys(keys)).verify(scan_of(row), at=AT)
    assert verdict.outcome is Outcome.NOT_AUTHENTIC


# Any document of the closed shape, compared with the general library.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t"), max_size=12)
SCALARS = TEXTS | st.integers(-(2**53) + 1, 2**53 - 1)
ADDRESSES = st.dictionaries(
    st.sampled_from(["streetAddress", "streetAddress2", "city", "district", "postalCode"]), SCALARS
)
HOLDERS = st.fixed_dictionaries(
    {"name": TEXTS, "id": st.sampled_from([ABSENT, "", "did:Passport:X1", "1", "words"])},
    optional={
        "refId": SCALARS,
        "uhid": SCALARS,
        "age": SCALARS,
        "address": ADDRESSES,
        "dob": SCALARS,
    },
)
DOSES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(ABSENT),
        "dose": SCALARS,
        "totalDoses": SCALARS,
        "vaccine": SCALARS,
        "batch": SCALARS,
        "icd11Code": SCALARS,
        "prophylaxis": SCALARS,
        "verifier": st.dictionaries(st.sampled_from(["name", "sign-image"]), SCALARS),
        "facility": st.fixed_dictionaries({}, optional={"name": SCALARS, "address": ADDRESSES}),
    },
)


@searching(max_examples=60)
@given(HOLDERS, DOSES)
def test_any_document_of_the_shape_has_the_graph_of_the_general_library(
    holder: dict[str, object], dose: dict[str, object]
) -> None:
    conformance("divoc", "contexts")
    newer = {"dob", "icd11Code", "prophylaxis"} & (holder.keys() | dose.keys())
    contexts = {"@context": [CONTEXT, VERSION_2 if newer else VERSION_1]}
    document = signed(credential(1, holder=holder, dose=dose, **contexts), listed()["ed25519"])
    try:
        own = divoc_credential.read(document).canonical()
    except DocumentError as error:
        assert error.reason is Reason.PARTS_ALIKE
        return
    assert own == graph_of(document)
    assert own == as_issued(document).encode()


STATEMENT = re.compile(r"(\S+) (\S+) (\S+|\".*\"\S*) \.")


@pytest.mark.parametrize("name", cases_in("divoc", "rdf-canon", pattern="*-in.nq"))
def test_graphs_of_the_w3c_come_out_in_order_or_are_refused(name: str) -> None:
    given_text = conformance("divoc", "rdf-canon", name).read_text("utf-8")
    found = [STATEMENT.fullmatch(line.strip()) for line in given_text.splitlines() if line.strip()]
    statements = [each.groups() for each in found if each]
    if len(statements) != len(found):
        return  # of several graphs, or with spellings that no certificate has
    expected = name.replace("-in.nq", "-rdfc10.nq")
    try:
        own = json_ld.canonical(statements)
    except DocumentError as error:
        assert error.reason is Reason.PARTS_ALIKE
        return
    path = conformance("divoc", "rdf-canon") / expected
    if path.exists():
        assert own == path.read_bytes()
