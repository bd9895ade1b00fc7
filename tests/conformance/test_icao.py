"""ICAO's trust material as published (icao notes), every case and every mutation, read in place."""

import base64
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.certificates import stored_in
from support.conformance import ROOT, conformance

from trustlists import TrustStore, import_sources
from trustlists.anchors import pinned_anchors, read_anchors
from trustlists.cms import verify_cms
from trustlists.csca import (
    Candidate,
    authority,
    has_signed,
    is_root,
    key_id_of,
    read_candidate,
    state_of,
)
from trustlists.dialects import icao
from trustlists.faults import Fault
from trustlists.public_keys import canonical, kind_of
from trustlists.records import Reading, Refusal, Remark, Role
from verifier.codecs.curves import CURVES
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustListInvalid
from verifier.trust import Authority

AUGUST_2021 = 1_629_900_000
MASTER_LIST = "2.23.136.1.1.2"
FAULTS = {
    "digest-mismatch": Fault.DIGEST_WRONG,
    "signature-invalid": Fault.SIGNATURE_WRONG,
    "wrong-content-type": Fault.CONTENT_TYPE_WRONG,
    "malformed": Fault.MALFORMED,
}


def file(name: str) -> Path:
    return conformance("icao", *name.split("/"))


@cache
def everything() -> dict[str, Any]:
    path = ROOT / "icao" / "cases.json"
    return json.loads(path.read_bytes()) if path.exists() else {}


def cases(kind: str, name: str = "file") -> list[Any]:
    if not everything():
        mark = pytest.mark.skip(reason="conformance data not here: icao/cases.json")
        return [pytest.param({}, marks=mark)]
    return [pytest.param(case, id=case[name]) for case in everything()[kind]]


def certificates_of(path: Path) -> list[bytes]:
    signed = verify_cms(path.read_bytes(), content_type=MASTER_LIST, weak=True, bare_digest=True)
    return icao._certificates(signed.content)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_case_is_of_a_kind_that_is_replayed() -> None:
    kinds = {"masterlists", "crls", "certificates", "health_list", "mutations"}
    conformance("icao", "cases.json")
    assert {kind for kind, listed in everything().items() if isinstance(listed, list)} == kinds


@pytest.mark.parametrize("case", cases("masterlists"))
def test_master_lists_authenticate_below_their_anchor(case: dict[str, Any], tmp_path: Path) -> None:
    path, store = file(case["file"]), tmp_path / "trust.store"
    weak = case["digest"] == "sha1"
    if weak:
        with pytest.raises(TrustListInvalid) as error:
            import_sources(store, [path], now=AUGUST_2021)
        assert error.value.fault == Fault.SHA1_SIGNED
        assert not store.exists()
    allowed = [sha256(path)] if weak else []
    for anchors in ((), (file(case["anchor"]),)):
        [report] = import_sources(
            store, [path], now=AUGUST_2021, anchors=anchors, sha1=allowed
        ).lists
        assert report.keys + len(report.refused) == case["certificates"]
        assert report.authenticated == report.keys
        assert report.remarks == ((Remark.SHA1,) if weak else (Remark.BARE_DIGEST,))
    with TrustStore.open(store) as opened:
        (stored,) = opened.lists()
        assert stored.as_of == _instant(case["signing_time"])
        assert {key.role for key in stored_in(opened)} == {Role.AUTHORITY}


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("case", cases("masterlists"))
def test_an_embedded_authority_is_no_anchor(case: dict[str, Any]) -> None:
    data = file(case["file"]).read_bytes()
    with pytest.raises(TrustListInvalid) as error:
        icao.DIALECT.read(data, Reading("l", sha1=True))
    assert error.value.fault == Fault.SIGNER_UNKNOWN


@pytest.mark.parametrize("case", cases("mutations", "id"))
def test_changed_copies_are_refused_and_nothing_is_stored(
    case: dict[str, Any], tmp_path: Path
) -> None:
    data = bytearray(file(case["file"]).read_bytes())
    if "offset" in case:
        data[case["offset"]] ^= case["xor"]
    data = data[: case.get("cut_to", len(data))] + bytes.fromhex(case.get("append_hex", ""))
    changed, store = tmp_path / "changed.ml", tmp_path / "trust.store"
    changed.write_bytes(data)
    with pytest.raises(TrustListInvalid) as error:
        import_sources(store, [changed], now=AUGUST_2021, sha1=[sha256(changed)])
    assert error.value.fault == FAULTS[case["expect"]]
    assert not store.exists()


@pytest.mark.parametrize("place", range(0, 424_000, 8_117))
def test_a_changed_byte_of_icao_s_list_is_noticed(place: int) -> None:
    data = bytearray(file("masterlists/icao-2021-01-29.ml").read_bytes())
    data[place] ^= 1
    with pytest.raises(TrustListInvalid):
        icao.DIALECT.read(bytes(data), Reading("l", anchors=pinned_anchors()))


def rows(case: dict[str, Any]) -> Iterator[tuple[bytes, dict[str, str]]]:
    path = file(case["file"])
    table = path.with_name(path.name.replace(".ml", ".certificates.csv"))
    with table.open(newline="", encoding="utf-8") as stream:
        listed = list(csv.DictReader(stream))
    yield from zip(certificates_of(path), listed, strict=True)


KINDS = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


@pytest.mark.parametrize("case", cases("masterlists"))
def test_every_certificate_is_what_the_table_says(case: dict[str, Any]) -> None:
    for certificate, row in rows(case):
        facts = read_certificate(certificate)
        kind = kind_of(canonical(facts.spki))
        assert hashlib.sha256(certificate).hexdigest() == row["sha256"]
        assert (key_id_of(facts).hex(), facts.authority_key_id.hex()) == (row["ski"], row["aki"])
        assert state_of(facts) == row["country"].upper()
        assert kind.replace("RSA ", "rsa") == KINDS.get(row["key"], row["key"])
        assert (facts.subject == facts.issuer) == (row["self_issued"] == "yes")
        assert is_root(facts) == (row["self_signature"] == "valid")
        assert f"{facts.serial:x}" == row["serial_hex"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("deu-2021-03-15", {"taken": 407, "not_an_authority": 9, "other_use": 7}),
        ("icao-2021-01-29", {"taken": 283, "other_use": 1}),
    ],
)
def test_bad_entries_are_dropped_and_counted(name: str, expected: dict[str, int]) -> None:
    counts: Counter[str] = Counter()
    for certificate in certificates_of(file(f"masterlists/{name}.ml")):
        read = read_candidate(certificate)
        if isinstance(read, Candidate):
            taken = authority(read, anchor=None, seals=True, test_nations=False)
            counts[taken.value if isinstance(taken, Refusal) else "taken"] += 1
        else:
            counts[read.value] += 1
    assert counts == expected


@pytest.mark.parametrize("case", cases("certificates"))
def test_single_certificates_are_what_they_are_called(case: dict[str, Any]) -> None:
    certificate = file(case["file"]).read_bytes()
    facts = read_certificate(certificate)
    read = read_candidate(certificate)
    assert isinstance(read, Candidate)
    taken = authority(read, anchor=None, seals=True, test_nations=False)
    assert (not isinstance(taken, Refusal)) == ("issuer" not in case)
    if "self_signature" in case:
        assert is_root(facts) == (case["self_signature"] == "valid")
    if "issuer" in case:
        issuer = read_certificate(file(case["issuer"]).read_bytes())
        assert has_signed(issuer, facts) == (case["signature"] == "valid")


def test_a_signer_of_other_seals_is_refused_though_it_chains(tmp_path: Path) -> None:
    path = file("anchors/deu-20201022-ca-me-046f.der")
    with pytest.raises(TrustListInvalid, match="Nothing in"):
        import_sources(
            tmp_path / "trust.store",
            [path],
            now=AUGUST_2021,
            dialect="icao",
            anchors=[file("anchors/deu-csca-044d.der")],
        )


def test_both_certificates_of_the_australian_key_are_found(tmp_path: Path) -> None:
    store = tmp_path / "trust.store"
    sources = [file("masterlists/icao-2021-01-29.ml"), file("anchors")]
    import_sources(store, sources[:1], now=AUGUST_2021)
    import_sources(store, sources[1:], now=AUGUST_2021, dialect="icao")
    with TrustStore.open(store) as opened:
        key_id = read_certificate(file("anchors/aus-csca-16f2.der").read_bytes()).subject_key_id
        found = opened.authorities(key_id)
        assert found
        certificates = {key.certificate for key in opened.keys(kid=key_id)}
    names = ("anchors/aus-csca-16f2.der", "anchors/aus-link-16f5.der")
    assert {file(name).read_bytes() for name in names} <= certificates
    assert {each.spki for each in found} == {found[0].spki}
    assert all(isinstance(each, Authority) and each.authenticated for each in found)


@pytest.mark.parametrize("case", cases("crls"))
def test_revocation_lists_verify_against_their_authority(
    case: dict[str, Any], tmp_path: Path
) -> None:
    path, store = file(case["file"]), tmp_path / "trust.store"
    with pytest.raises(TrustListInvalid):
        import_sources(store, [path], now=AUGUST_2021)
    [report] = import_sources(store, [path], now=AUGUST_2021, anchors=[file(case["issuer"])]).lists
    assert report.withdrawn == len(case["revoked"])
    with TrustStore.open(store) as opened:
        (stored,) = opened.lists()
    assert stored.as_of == _instant(case["this_update"])
    assert stored.as_of + stored.too_old_after == _instant(case["next_update"])
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    altered = tmp_path / "changed.crl"
    altered.write_bytes(changed)
    with pytest.raises(TrustListInvalid) as error:
        import_sources(
            tmp_path / "other.store", [altered], now=AUGUST_2021, anchors=[file(case["issuer"])]
        )
    assert error.value.fault == Fault.SIGNATURE_WRONG


def test_revocation_lists_find_their_authority_in_the_same_import(tmp_path: Path) -> None:
    sources = [file("crls"), file("masterlists/icao-2021-01-29.ml")]
    report = import_sources(tmp_path / "trust.store", sources, now=AUGUST_2021)
    assert [each.withdrawn for each in report.lists] == [None, 0, 0]


@pytest.mark.parametrize("case", cases("health_list"))
def test_entries_of_the_health_list_are_told_apart(case: dict[str, Any]) -> None:
    certificate = file(case["file"]).read_bytes()
    facts = read_certificate(certificate)
    assert (facts.country, facts.is_ca) == (case["country"], case["ca"])
    assert list(facts.extended_key_usage) == (case["eku"] or [])
    assert is_root(facts) == (case["self_signature"] != "not self-signed")
    assert key_id_of(facts) == base64.b64decode(case["listed_subject_key_identifier"])
    anchor = next(each for each in pinned_anchors() if each.name == "icao-health")
    record = icao._record(certificate, anchor, Reading("l"), is_health=True)
    assert not isinstance(record, Refusal)
    assert record.role is (Role.AUTHORITY if case["ca"] else Role.SIGNER)
    seals = case["country"] in {"AU", "JP"}
    assert record.schemes == ({"vds-nc"} if seals else set() if case["ca"] else {"eu-dcc"})


def test_the_signer_of_the_health_list_needs_its_own_anchor() -> None:
    facts = read_certificate(file("anchors/icao-health-ml-signer-1.der").read_bytes())
    pinned = [each for each in pinned_anchors() if each.dialect == "icao"]
    found = icao._anchor(facts, pinned)
    assert found
    assert found.name == "icao-health"
    assert icao._is_health(found)
    assert not any(icao._is_health(each) for each in pinned if each != found)


def test_the_curves_are_those_of_the_table() -> None:
    known = {curve.oid: curve for curve in CURVES}
    listed = json.loads(file("curves.json").read_bytes())["curves"]
    assert len(listed) >= 6
    for row in listed:
        curve = known[row["oid"]]
        numbers = [int(row[name], 16) for name in ("p", "a", "b", "gx", "gy", "n")]
        assert [curve.p, curve.a, curve.b, curve.x, curve.y, curve.n] == numbers
        assert (curve.size, row["h"]) == (row["bytes"], 1)


def test_pinned_anchors_are_the_certificates_that_they_name() -> None:
    files = {
        "icao": "un-csca-59960409",
        "icao-de": "deu-csca-044d",
        "icao-health": "icao-health-ca",
    }
    pinned = {each.name: each for each in pinned_anchors()}
    for name, certificate in files.items():
        [own] = read_anchors(file(f"anchors/{certificate}.der"))
        assert own.certificate
        assert pinned[name].spki == own.spki
        assert pinned[name].until == own.certificate.not_after
