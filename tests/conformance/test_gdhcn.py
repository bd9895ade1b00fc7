"""The lists of the WHO trust network as published (gdhcn notes, 3 to 6), read where they lie."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.certificates import stored_in
from support.conformance import ROOT, conformance

from trustlists import TrustStore, import_sources
from trustlists.anchors import Anchor, pinned_anchors
from trustlists.dialects import recognised
from trustlists.faults import Fault
from trustlists.gdhcn_document import WORLDS, read_document
from trustlists.gdhcn_proof import document_hash, proof_hash, verify_proof
from trustlists.records import Level, Role
from verifier.errors import EnvironmentMixed, TrustListInvalid, TrustListRollback

AUGUST_2026 = 1_787_500_000
ROOTS = {"prod": "prod/v2/trustlist/did.json", "uat": "uat/v2/trustlist/did.json"}
WHO = [anchor for anchor in pinned_anchors() if anchor.dialect == "gdhcn"]


def expected() -> list[Any]:
    file = ROOT / "gdhcn" / "expected-proofs.json"
    if not file.exists():
        mark = pytest.mark.skip(reason="conformance data not here: gdhcn/expected-proofs.json")
        return [pytest.param({}, marks=mark)]
    return [pytest.param(proof, id=proof["file"]) for proof in json.loads(file.read_bytes())]


def published(name: str) -> bytes:
    return conformance("gdhcn", *name.split("/")).read_bytes()


def by_name(part: str) -> Anchor:
    return next(anchor for anchor in WHO if anchor.name == f"gdhcn-{part}")


@pytest.mark.parametrize("proof", expected())
def test_every_proof_is_as_expected(proof: dict[str, Any]) -> None:
    document = read_document(published(proof["file"]))
    assert document.id == proof["id"]
    assert document_hash(document).hex() == proof["document_nquads_sha256"]
    assert proof_hash(document).hex() == proof["proof_nquads_sha256"]
    if proof["verifies_with"] is None:
        with pytest.raises(TrustListInvalid) as refused:
            verify_proof(document, WHO)
        assert refused.value.fault == Fault.NOT_SIGNED
    else:
        assert verify_proof(document, WHO).environment is document.world.environment


def test_53_of_54_verify() -> None:
    conformance("gdhcn")
    proofs = [parameter.values[0] for parameter in expected()]
    assert Counter(bool(proof["verifies_with"]) for proof in proofs) == {True: 53, False: 1}


@cache
def production_text() -> str:
    return published(ROOTS["prod"]).decode()


def first_member(name: str, value: str) -> Callable[[str], str]:
    """Change one character of the first value of a member."""

    def change(text: str) -> str:
        at = text.index(value, text.index(f'"{name}"', text.index('"verificationMethod"')))
        last = at + len(value) - 1
        return text[:last] + ("X" if text[last] != "X" else "Y") + text[last + 1 :]

    return change


def added(where: str, what: str) -> Callable[[str], str]:
    return lambda text: text.replace(where, what + where, 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (first_member("keyusage", "#DSC"), Fault.ATTRIBUTE_CONTRADICTS),
        (first_member("participant", "#PRT"), Fault.ATTRIBUTE_CONTRADICTS),
        (first_member("domain", "#DCC"), Fault.ATTRIBUTE_CONTRADICTS),
        (first_member("id", "trustlist:DCC:PRT:DSC#+6w2r2RfO1M="), Fault.ID_CONTRADICTS),
        (first_member("controller", "v2:trustlist"), Fault.SIGNATURE_WRONG),
        (first_member("x5c", "MIICKDCC"), Fault.SIGNATURE_WRONG),
        (lambda text: text.replace("17:05:01Z", "17:05:02Z"), Fault.SIGNATURE_WRONG),
        (added('"publicKeyJwk"', '"note":"x",'), Fault.MEMBER_UNKNOWN),
        (added('"https://w3id.org', '"https://example.org",'), Fault.CONTEXT_UNKNOWN),
        (added('"verificationMethod"', '"id":"did:web:twice",'), Fault.NOT_JSON),
    ],
)
def test_a_changed_character_refuses_the_list(
    change: Callable[[str], str], fault: Fault, tmp_path: Path
) -> None:
    changed = change(production_text())
    assert changed != production_text()
    (tmp_path / "did.json").write_text(changed)
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(tmp_path / "store", [tmp_path / "did.json"], now=AUGUST_2026)
    assert refused.value.fault == fault
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("prod/v2/trustlist/DCC/PRT/did.json", Fault.WRONG_SLOT),
        ("prod/v2/trustlist-ref/did.json", Fault.WRONG_SLOT),
        ("prod/trustlist/did.json", Fault.NOT_SIGNED),
    ],
)
def test_what_is_not_the_whole_signed_list_is_refused(
    name: str, fault: Fault, tmp_path: Path
) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(tmp_path / "store", [conformance("gdhcn", name)], now=AUGUST_2026)
    assert refused.value.fault == fault


@pytest.mark.parametrize("name", ["prod", "uat", "dev"])
@pytest.mark.parametrize("key", ["production", "acceptance", "development"])
def test_a_list_checked_with_the_key_of_another_environment_fails(name: str, key: str) -> None:
    document = read_document(published(f"{name}/v2/trustlist/did.json"))
    anchor = by_name(key)._replace(environment=None)
    if {"prod": "production", "uat": "acceptance", "dev": "development"}[name] == key:
        assert verify_proof(document, [anchor]) == anchor
        return
    with pytest.raises(TrustListInvalid) as refused:
        verify_proof(document, [anchor])
    assert refused.value.fault == Fault.SIGNATURE_WRONG


def test_the_production_list_is_taken_whole(tmp_path: Path) -> None:
    store = tmp_path / "store"
    source = conformance("gdhcn", ROOTS["prod"])
    [taken] = import_sources(store, [source], now=AUGUST_2026).lists
    assert (taken.keys, taken.authenticated, taken.refused) == (501, 501, ())
    with TrustStore.open(store) as opened:
        kept = list(opened.keys())
        roles = Counter(stored.role for stored in kept)
        levels = Counter(stored.level for stored in kept if stored.role == Role.SIGNER)
        countries = {stored.key.country for stored in kept}
        signers = [stored.key.kid for stored in kept if stored.role == Role.SIGNER]
        others = [stored.key.kid for stored in kept if stored.role != Role.SIGNER]
        assert all(opened.find(kid) for kid in signers)
        assert not any(key.schemes for kid in others for key in opened.find(kid))
        [listed] = opened.lists()
    assert roles == {Role.SIGNER: 433, Role.AUTHORITY: 61, Role.OTHER: 2, Role.TEST_NATION: 5}
    assert levels == {Level.CHAIN: 428, Level.LIST: 5}  # five are signed with SHA-1
    assert "" not in countries
    assert {"IO", "XH"} < countries
    assert (listed.stale_after, listed.too_old_after) == (7 * 86_400, 30 * 86_400)
    with pytest.raises(EnvironmentMixed):
        import_sources(store, [conformance("gdhcn", ROOTS["uat"])], now=AUGUST_2026)


def test_twelve_unreadable_certificates_neither_stop_nor_vanish(tmp_path: Path) -> None:
    store = tmp_path / "store"
    import_sources(store, [conformance("gdhcn", ROOTS["prod"])], now=AUGUST_2026)
    inventory = published("inventory/prod-v2-entries.csv").decode().splitlines()
    with TrustStore.open(store) as opened:
        kept = list(opened.keys())
    assert {base64.b64encode(stored.key.kid).decode() for stored in kept} == {
        line.split(",")[3] for line in inventory[1:]
    }
    assert sum(not extensions_readable(stored.certificate or b"") for stored in kept) == 12


def extensions_readable(certificate: bytes) -> bool:
    try:
        len(x509.load_der_x509_certificate(certificate).extensions)
    except ValueError:
        return False
    return True


def test_an_older_edition_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, store = conformance("gdhcn", ROOTS["prod"]), tmp_path / "store"
    dialect = recognised(source.read_bytes()[:65536])
    assert dialect is not None

    def newer(data: bytes, reading: Any) -> Any:
        parsed = dialect.read(data, reading)
        return parsed._replace(sequence=(parsed.sequence or 0) + 1)

    with monkeypatch.context() as patched:
        tomorrow = (dialect._replace(read=newer),)
        patched.setattr("trustlists.dialects.dialects", lambda: tomorrow)
        import_sources(store, [source], now=AUGUST_2026)
    before = store.read_bytes()
    with pytest.raises(TrustListRollback):
        import_sources(store, [source], now=AUGUST_2026)
    assert store.read_bytes() == before


def test_every_world_has_a_pinned_signer() -> None:
    assert {anchor.environment for anchor in WHO} == {world.environment for world in WORLDS}


def test_signers_below_an_authority_that_the_offline_root_signed_rest_on_it(tmp_path: Path) -> None:
    store = tmp_path / "store"
    source, tree = conformance("gdhcn", ROOTS["prod"]), conformance("gdhcn", "ta-signed-sca")
    [taken] = import_sources(store, [source, tree], now=AUGUST_2026).lists
    assert taken.refused == ()
    files = [json.loads(file.read_bytes()) for file in tree.rglob("*.json")]
    covered = {base64.b64decode(file["certificateRawData"]) for file in files}
    assert len(covered) == len(files) == 15
    with TrustStore.open(store) as opened:
        kept = list(opened.keys())
    listed = [each.certificate for each in kept if each.role == Role.AUTHORITY]
    issuers = [x509.load_der_x509_certificate(each) for each in listed if each in covered]
    assert issuers
    expected = {
        each.key.kid
        for each in kept
        if each.role in {Role.SIGNER, Role.TEST_NATION}
        and each.certificate
        and any(_issued(each.certificate, issuer) for issuer in issuers)
    }
    found = {
        each.key.kid
        for each in kept
        if each.role in {Role.SIGNER, Role.TEST_NATION} and each.level == Level.OFFLINE_ROOT
    }
    assert found == expected
    assert len(found) > 150


def _issued(certificate: bytes, issuer: x509.Certificate) -> bool:
    """Ask the library whether an authority has issued a certificate."""
    try:
        x509.load_der_x509_certificate(certificate).verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def test_altered_signatures_of_the_offline_root_raise_no_level(tmp_path: Path) -> None:
    file = conformance("gdhcn", "ta-signed-sca", "NLD", "TNG_TA.signed.SCA.json")
    members = json.loads(file.read_bytes())
    cms = bytearray(base64.b64decode(members["trustAnchorSignature"]))
    cms[-1] ^= 1
    altered = tmp_path / "altered.json"
    altered.write_text(
        json.dumps(members | {"trustAnchorSignature": base64.b64encode(cms).decode()})
    )
    source = conformance("gdhcn", ROOTS["prod"])
    [taken] = import_sources(tmp_path / "store", [source, altered], now=AUGUST_2026).lists
    assert [each.entry for each in taken.refused] == ["offline signature 1"]
    with TrustStore.open(tmp_path / "store") as opened:
        assert max(each.level for each in stored_in(opened)) == Level.CHAIN


@pytest.mark.parametrize(
    ("name", "environment"),
    [("prod", "production"), ("uat", "acceptance"), ("dev", "development")],
)
def test_pinned_offline_keys_are_those_of_the_published_chains(name: str, environment: str) -> None:
    chain = x509.load_pem_x509_certificates(
        published(f"trust-anchor/{name}/TNG_TA.chain.pem").strip()
    )
    trust_anchor, above, root = chain
    trust_anchor.verify_directly_issued_by(above)
    above.verify_directly_issued_by(root)
    pinned = by_name(f"offline-{environment}")
    spki = above.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert pinned.spki == spki
    assert pinned.until == int(above.not_valid_after_utc.timestamp())
