"""Documents that their issuers have withdrawn, from scan to verdict, with a real store."""

import base64
import hashlib
import json
import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import dcc_lists
from support.certificates import certificate, ec_key, name, pem, seq, spki_of, tlv
from support.icao import crl
from support.revocation import anchor_file, batch, distribution, document, when, write_set
from support.seals import good_seals, signers, taken_apart
from support.specimens import NOW, key_named, store_path, vaccination
from support.vci import ISS, SIGNER, card_key, issuer, signature, snapshot

from fixtures.cases import DEMO
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import certificate as certified
from fixtures.vds_nc.authorities import COUNTRY, authorities
from fixtures.world import listed as listed_signers
from trustlists import TrustStore, import_sources
from trustlists.revocation.summary import withdrawn
from verifier import Outcome, Reason, Verdict, Verifier, scan
from verifier.codecs.x509 import read_certificate
from verifier.revocation import Standing
from verifier.trust import Freshness, TrustedKey

DOCUMENT = vaccination()
KEY = key_named("all-uses")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return Path(shutil.copy(store_path(), tmp_path / "trust.sqlite"))


def verdict(store: Path, document: str = DOCUMENT, **options: Any) -> Verdict:
    at = options.pop("at", DEMO)
    with TrustStore.open(store) as opened:
        return Verifier(trust=opened, **options).verify(document, at=at)


def code(store: Path, document: str = DOCUMENT, **options: Any) -> Reason:
    [finding] = [
        each
        for each in verdict(store, document, **options).findings
        if each.check == "revocation" and each.code is not Reason.REVOCATION_DEMANDED
    ]
    return finding.code


def lookups() -> dict[str, bytes]:
    """Hash the document in the three ways, by code of the test alone."""
    scanned = scan.read_scan(DOCUMENT)
    envelope = scanned.format.open(scanned.text, scanned.container)
    claims = scanned.format.read_claims(envelope.container, envelope.payload)
    texts = {
        "SIGNATURE": envelope.signature[: len(envelope.signature) // 2],
        "UCI": claims.identifier.encode(),
        "COUNTRYCODEUCI": (claims.country + claims.identifier).encode(),
    }
    return {kind: hashlib.sha256(text).digest() for kind, text in texts.items()}


def take(store: Path, files: dict[str, bytes], **members: Any) -> None:
    members = {"complete": [KEY.country], "date": NOW - 3600, **members}
    folder = write_set(store.parent / members.get("name", "set"), files, **members)
    import_sources(
        store, [folder], now=NOW, anchors=[anchor_file(store.parent)], environment="specimen"
    )


@pytest.mark.parametrize("kind", ["SIGNATURE", "UCI", "COUNTRYCODEUCI"])
@pytest.mark.parametrize("any_key", [True, False])
def test_a_document_is_withdrawn_by_each_of_its_hashes(
    store: Path, kind: str, *, any_key: bool
) -> None:
    assert code(store) is Reason.NO_REVOCATION_LIST
    hashes = [bytes(16), lookups()[kind]]
    kid = None if any_key else KEY.kid
    listed = {"country": KEY.country, "kind": kind, "kid": kid, "expires": NOW + 86_400}
    take(store, {"one.batch": batch(hashes, **listed)})
    assert code(store) is Reason.REVOKED
    assert verdict(store).outcome is Outcome.DOES_NOT_MEET_RULES
    other = certified(says.content("v", says.vaccination(901)), listed_signers()["all-uses"])
    assert code(store, other) is Reason.NOT_REVOKED
    assert code(store, other, demand_revocation=True) is Reason.NOT_REVOKED
    old = DEMO + timedelta(days=8)
    assert code(store, other, at=old) is Reason.REVOCATION_TOO_OLD
    demanding = verdict(store, other, at=old, demand_revocation=True)
    assert demanding.findings[-1].code is Reason.REVOCATION_DEMANDED
    assert demanding.outcome is Outcome.REFER


def test_a_filter_s_hit_goes_to_a_person(store: Path) -> None:
    take(store, distribution(KEY.kid, [lookups()["UCI"]], expires=NOW + 86_400))
    assert code(store) is Reason.POSSIBLY_REVOKED
    assert verdict(store).outcome is Outcome.REFER
    [told] = [each for each in describe(store) if each[1] == ""]
    assert told[2:4] == (0, 1)
    assert 0 < told[4] < 1e-6


def test_a_table_that_is_gone_goes_to_a_person(store: Path) -> None:
    take(store, {"one.batch": batch([bytes(16)], country=KEY.country, expires=NOW + 60)})
    [table] = store.parent.glob("*.revoked-*")
    table.unlink()
    assert verdict(store).outcome is Outcome.REFER


def describe(store: Path, at: int = NOW) -> list[tuple[Any, ...]]:
    with TrustStore.open(store) as opened:
        return [tuple(each) for each in withdrawn(opened, at)]


def test_the_desk_writes_nothing_while_it_looks(store: Path, tmp_path: Path) -> None:
    take(store, {"one.batch": batch([lookups()["UCI"]], country=KEY.country, expires=NOW + 60)})

    def state() -> dict[str, tuple[int, int, int]]:
        return {
            str(each): (each.stat().st_size, each.stat().st_mtime_ns, each.stat().st_ino)
            for each in tmp_path.rglob("*")
        }

    before = state()
    for file in tmp_path.iterdir():
        if file.is_file():
            os.chmod(file, stat.S_IRUSR)  # noqa: PTH101 - as an operator would
    with TrustStore.open(store) as opened:
        verifier = Verifier(trust=opened)
        codes = [verifier.verify(DOCUMENT, at=DEMO).findings[-1].code for _ in range(3)]
        assert codes == [Reason.REVOKED] * 3
        asked = b"".join(lookups().values())
        held = repr([opened._withdrawn, opened._tables, opened._known]).encode()
        assert lookups()["UCI"][:16] not in held
        assert asked
    assert state() == before


def _seal() -> tuple[str, bytes]:
    for each in good_seals():
        seal = taken_apart(each.text)
        assert seal is not None
        for signer in signers():
            bare = seal["sig"]["cer"].rstrip("=")
            if base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)) == signer:
                return each.text, signer
    pytest.fail("there is no good seal")


def test_a_seal_is_withdrawn_with_its_signer_for_all_times(store: Path) -> None:
    text, certificate = _seal()
    facts = read_certificate(certificate)
    authority = next(
        each
        for each in authorities().values()
        if read_certificate(each.certificate).subject_key_id == facts.authority_key_id
    )
    above = read_certificate(authority.certificate)

    def revoked(number: int, *serials: int) -> None:
        entries = [
            seq(tlv(2, serial.to_bytes(20, "big")), tlv(0x17, b"261101000000Z"))
            for serial in serials
        ]
        file = store.parent / "state.crl"
        file.write_bytes(
            crl(
                COUNTRY, *entries, key=authority.key, issuer=above.subject, number=number,
                key_id=above.subject_key_id,
            )
        )  # fmt: skip
        import_sources(store, [file], now=NOW, environment="specimen")

    assert code(store, text) is Reason.NO_REVOCATION_LIST
    revoked(1)
    assert code(store, text) is Reason.NOT_REVOKED
    revoked(2, facts.serial + 1)
    assert code(store, text) is Reason.NOT_REVOKED
    revoked(3, facts.serial + 1, facts.serial)
    assert code(store, text) is Reason.REVOKED
    [told] = describe(store)
    assert told[1:4] == (COUNTRY, 2, 0)


def _directory(folder: Path, *entries: object) -> Path:
    folder.mkdir(exist_ok=True)
    data = snapshot(*entries, time=when(NOW - 3600))
    (folder / "snapshot.json").write_bytes(data)
    (folder / "snapshot.sig").write_bytes(signature(data))
    return folder


def test_cards_are_withdrawn_by_the_directory_s_lists(tmp_path: Path) -> None:
    anchor = tmp_path / "directory.pem"
    anchor.write_text(pem(spki_of(SIGNER), "PUBLIC KEY"))
    place = tmp_path / "cards.sqlite"
    keys = [card_key(ec_key("one"), crlVersion=3), card_key(ec_key("two"), crlVersion=2)]
    crls = [
        {"kid": keys[0]["kid"], "method": "rid", "ctr": 3, "rids": ["abc", "def.1000"]},
        {"kid": keys[1]["kid"], "method": "rid", "ctr": 1, "rids": ["abc"]},
    ]
    entry = issuer(*keys, crls=crls, lastRetrieved=when(NOW - 3600))
    import_sources(place, [_directory(tmp_path / "vci", entry)], now=NOW, anchors=[anchor])
    with TrustStore.open(place) as opened:
        found = [opened.find(str(key["kid"]).encode(), ISS)[0] for key in keys]

        def standing(key: TrustedKey, rid: bytes, issued: int | None = NOW) -> Standing:
            known = opened.withdrawals(key, "smart-health-card")
            assert known
            verified, claims = document(rid)
            claims.issued = issued
            return known.standing(verified, claims, NOW)

        assert standing(found[0], b"abc") is Standing.LISTED
        assert standing(found[0], b"def", 999) is Standing.LISTED
        assert standing(found[0], b"def") is Standing.CLEAR
        assert standing(found[1], b"abc") is Standing.LISTED
        # The issuer names a newer list than the one that is here.
        assert standing(found[1], b"def") is Standing.INCOMPLETE
        unlisted = found[0]._replace(issuer="https://other.example")
        assert opened.withdrawals(unlisted, "smart-health-card") is None
    [told] = describe(place)
    assert (told[1], told[2], told[5]) == (ISS, 3, False)
    assert told[8] is Freshness.FRESH


def test_batches_count_on_the_word_of_the_gateway(tmp_path: Path) -> None:
    anchor_name = name(country="EU", common="TA")
    gateway = certificate(ec_key("ta"), subject=anchor_name, issuer=anchor_name)
    upload = certificate(ec_key("up"), subject=name(country="DE", common="UPLOAD"))
    by_gateway = dcc_lists.cms(upload, key=ec_key("ta"), signer=gateway, issuer=anchor_name)
    entry = dcc_lists.gateway_entry("UPLOAD", upload, "DE", by_gateway)
    listed = tmp_path / "gateway.json"
    listed.write_text(json.dumps([entry]))
    own = {"key": ec_key("up"), "signer": upload, "expires": NOW + 60}
    own["signer_name"] = name(country="DE", common="UPLOAD")
    german, french = tmp_path / "german", tmp_path / "french"
    german.write_bytes(
        batch([hashlib.sha256(b"withdrawn").digest()], kid=KEY.kid, country="DE", **own)
    )
    french.write_bytes(batch([bytes(16)], kid=KEY.kid, country="FR", **own))
    anchors = [anchor_file(tmp_path, gateway, "ta.pem")]
    place = tmp_path / "trust.sqlite"
    done = import_sources(
        place, [german, french, listed], now=NOW, anchors=anchors, keep_going=True
    )
    assert [each.withdrawn for each in done.lists] == [None, 1, None]
    assert done.lists[2].refusal
    with TrustStore.open(place) as opened:
        known = opened.withdrawals(KEY._replace(country="DE"), "eu-dcc")
        assert known
        assert known.standing(*document(b"withdrawn"), NOW) is Standing.LISTED
