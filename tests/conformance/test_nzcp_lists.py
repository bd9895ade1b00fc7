"""Documents of the issuers of NZ COVID Passes (NZCP notes, 6), read where they lie."""

import json
from pathlib import Path

import pytest
from support.certificates import pem, stored_in
from support.conformance import conformance

from trustlists import TrustStore, import_sources
from trustlists.faults import Fault
from trustlists.json_text import from_base64url
from trustlists.public_keys import from_coordinates
from trustlists.records import Refusal
from verifier.errors import EnvironmentMixed, TrustListInvalid
from verifier.trust import Environment

NOW = 1_787_500_000
LIVE, EXAMPLE, THIRD_PARTY = "did-live.json", "did-example.json", "did-third-party.json"
MINISTRY = "did:web:nzcp.identity.health.nz"


def document(name: str) -> Path:
    return conformance("nzcp", "keys", name)


def test_the_live_document_is_vouched_for_by_the_pinned_key(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [document(LIVE)], now=NOW).lists
    assert (taken.keys, taken.authenticated, taken.refused) == (1, 1, ())
    assert taken.environment is Environment.PRODUCTION
    with TrustStore.open(store) as opened:
        [key] = opened.find(b"z12Kf7UQ", MINISTRY)
        assert (key.country, key.schemes, key.issuer) == ("NZ", {"nz-covid-pass"}, MINISTRY)
        assert opened.find(b"z12Kf7UQ", "did:web:nzcp.covid19.health.nz") == ()


@pytest.mark.parametrize("name", [EXAMPLE, THIRD_PARTY])
def test_keys_that_anybody_can_sign_with_are_for_tests_alone(name: str, tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(store, [document(name)], now=NOW)
    assert refused.value.fault == Fault.EMPTY
    [report] = import_sources(store, [document(name)], now=NOW, keep_going=True).lists
    assert [reason for _, reason in report.refused] == [Refusal.PRIVATE_KEY_PUBLISHED]
    [taken] = import_sources(store, [document(name)], now=NOW, environment="specimen").lists
    assert (taken.keys, taken.authenticated) == (1, 0)


def test_the_example_never_joins_the_live_issuer(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [document(LIVE)], now=NOW)
    with pytest.raises(EnvironmentMixed):
        import_sources(store, [document(EXAMPLE)], now=NOW, environment="specimen")
    with TrustStore.open(store) as opened:
        assert [each.key.issuer for each in stored_in(opened)] == [MINISTRY]


def test_an_operator_vouches_with_the_key_itself(tmp_path: Path) -> None:
    jwk = json.loads(document(EXAMPLE).read_bytes())["verificationMethod"][0]["publicKeyJwk"]
    anchor = tmp_path / "example.pem"
    spki = from_coordinates(from_base64url(jwk["x"]), from_base64url(jwk["y"]))
    anchor.write_text(pem(spki, "PUBLIC KEY"))
    for name, vouched in ((EXAMPLE, 1), (THIRD_PARTY, 0)):
        store = tmp_path / f"{name}.sqlite"
        [taken] = import_sources(
            store, [document(name)], now=NOW, environment="specimen", anchors=[anchor]
        ).lists
        assert taken.authenticated == vouched


def test_a_changed_document_is_not_vouched_for(tmp_path: Path) -> None:
    text = document(LIVE).read_text()
    copy, store = tmp_path / "did.json", tmp_path / "trust.sqlite"
    other = json.loads(document(THIRD_PARTY).read_bytes())["verificationMethod"][0]["publicKeyJwk"]
    live = json.loads(text)["verificationMethod"][0]["publicKeyJwk"]
    copy.write_text(text.replace(live["x"], other["x"]).replace(live["y"], other["y"]))
    with pytest.raises(TrustListInvalid):  # the third party's key again, under the live name
        import_sources(store, [copy], now=NOW)
    for member in ("x", "y"):
        value = live[member]
        copy.write_text(text.replace(value, ("B" if value[0] != "B" else "C") + value[1:]))
        with pytest.raises(TrustListInvalid):  # no point of the curve any more
            import_sources(store, [copy], now=NOW)
    copy.write_text(text.replace('"assertionMethod"', '"authentication"'))
    with pytest.raises(TrustListInvalid):
        import_sources(store, [copy], now=NOW, dialect="nzcp")
    secret = json.loads(text)
    secret["verificationMethod"][0]["publicKeyJwk"]["d"] = "AAAA"
    copy.write_text(json.dumps(secret))
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(store, [copy], now=NOW)
    assert refused.value.fault == Fault.PRIVATE_KEY
    assert not store.exists()
