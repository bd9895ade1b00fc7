"""Keys that a list names for something else than documents: told, and never believed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import gdhcn
from support.certificates import ec_key

from fixtures.who import claims, scan
from fixtures.who_icvp import content as says
from fixtures.world import Signer
from trustlists import TrustStore, import_sources
from verifier import Outcome, Verdict, Verifier
from verifier.codecs.x509 import read_certificate
from verifier.reasons import Reason
from verifier.trust import TrustedKey

AUTHORITY = gdhcn.authority()
SIGNER = gdhcn.document_signer("one")
LOGIN = gdhcn.document_signer("two")
AT = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrustStore]:
    entries = (
        gdhcn.entry(AUTHORITY, usage="CSCA"),
        gdhcn.entry(SIGNER),
        gdhcn.entry(LOGIN, usage="DECA"),
    )
    (tmp_path / "did.json").write_bytes(gdhcn.signed(gdhcn.unsigned(*entries)))
    monkeypatch.setattr("trustlists.importing.pinned_anchors", lambda: (gdhcn.signer(),))
    import_sources(tmp_path / "store", [tmp_path / "did.json"], now=gdhcn.DAY)
    with TrustStore.open(tmp_path / "store") as found:
        yield found


def key_of(opened: TrustStore, certificate: bytes) -> TrustedKey:
    [key] = opened.find(read_certificate(certificate).kid)
    return key


def judged(opened: TrustStore, certificate: bytes, name: str) -> Verdict:
    signer = Signer(name, ec_key(name), read_certificate(certificate).kid, b"")
    content = says.third(says.details(**{"is": "DEU"}))
    return Verifier(trust=opened).verify(scan(claims(-6, content, issuer="DEU"), signer), at=AT)


def test_a_signer_is_found_with_its_schemes_and_others_without_any(opened: TrustStore) -> None:
    assert key_of(opened, SIGNER).schemes == {"eu-dcc", "who-ddcc", "who-icvp"}
    for certificate in (AUTHORITY, LOGIN):
        key = key_of(opened, certificate)
        assert (key.schemes, key.country) == (frozenset(), "DE")
        assert opened.find(key.kid) is opened.find(key.kid)
        assert opened.find(key.kid, "https://issuer.example") == ()


def test_what_an_authority_signed_is_not_authentic(opened: TrustStore) -> None:
    assert judged(opened, SIGNER, "one").outcome is Outcome.AUTHENTIC
    for certificate, name in ((AUTHORITY, "sca"), (LOGIN, "two")):
        verdict = judged(opened, certificate, name)
        assert verdict.outcome is Outcome.NOT_AUTHENTIC
        assert Reason.KEY_NOT_FOR_FORMAT in [finding.code for finding in verdict.findings]


def test_what_only_names_an_authority_s_key_is_of_an_unknown_key(opened: TrustStore) -> None:
    verdict = judged(opened, AUTHORITY, "one")
    assert verdict.outcome is Outcome.REFER
    assert verdict.findings[-1].code is Reason.UNKNOWN_KEY
