"""The document of the issuers of NZ COVID Passes: which of its keys count, and who vouches."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import b64url, ec_key, jwk, pem, spki_of, stored_in

from trustlists import Refusal, TrustStore, import_sources
from trustlists.anchors import Anchor, pinned_anchors
from trustlists.dialects import named, recognised
from trustlists.faults import Fault
from trustlists.records import ParsedList, Reading
from verifier.errors import TrustListInvalid
from verifier.trust import Environment

[NZCP] = named("nzcp")
DID = "did:web:passes.example.test"
NOW = 1_790_000_000
# The example key of the specification; its private half is printed there as well.
PUBLISHED = {
    "x": "zRR-XGsCp12Vvbgui4DD6O6cqmhfPuXMhi1OxPl8760",
    "y": "Iv5SU6FuW-TRYh5_GOrJlcV_gpF_GpFQhCOD8LSk3T0",
}


def method(fragment: str = "key-1", *, key: str = "a", **members: object) -> dict[str, object]:
    written = {
        "id": f"{DID}#{fragment}",
        "controller": DID,
        "type": "JsonWebKey2020",
        "publicKeyJwk": jwk(ec_key(key)),
    }
    return {**written, **members}


def document(*methods: object, asserts: object = None, **members: object) -> bytes:
    if asserts is None:
        asserts = [each["id"] for each in methods if isinstance(each, dict) and "id" in each]
    written = {"id": DID, "verificationMethod": methods, "assertionMethod": asserts}
    return json.dumps({**written, **members}).encode()


def read(data: bytes, *anchors: Anchor) -> ParsedList:
    return NZCP.read(data, Reading("source", anchors))


def test_a_document_is_read_and_nobody_vouches_for_it() -> None:
    data = document(method(), method("z12", key="b"))
    found = recognised(data)
    assert found
    assert found.names == ("nzcp",)
    parsed = read(data)
    assert (parsed.name, parsed.environment, parsed.anchor) == (
        "nzcp:passes.example.test",
        None,
        None,
    )
    assert [record.kid for record in parsed.records] == [b"key-1", b"z12"]
    first = parsed.records[0]
    assert (first.issuer, first.country, first.schemes) == (DID, "NZ", {"nz-covid-pass"})
    assert (first.spki, first.anchor, parsed.refused) == (spki_of(ec_key("a")), None, [])


def test_an_anchor_vouches_for_the_key_that_it_is() -> None:
    anchor = Anchor("own", spki_of(ec_key("b")), b"f")
    parsed = read(document(method(), method("z12", key="b")), anchor)
    assert [record.anchor for record in parsed.records] == [None, anchor]
    pinned = anchor._replace(dialect="nzcp", environment=Environment.PRODUCTION)
    assert read(document(method(key="b")), pinned).environment is Environment.PRODUCTION


def test_the_key_of_the_ministry_is_pinned() -> None:
    [anchor] = [anchor for anchor in pinned_anchors() if anchor.dialect == "nzcp"]
    assert (anchor.environment, anchor.schemes) == (Environment.PRODUCTION, {"nz-covid-pass"})


@pytest.mark.parametrize(
    "asserts", [[f"{DID}#key-1"], [{"id": f"{DID}#key-1"}], [5, f"{DID}#key-1", f"{DID}#other"]]
)
def test_only_keys_for_assertions_count(asserts: object) -> None:
    parsed = read(document(method(), method("login", key="b"), asserts=asserts))
    assert [record.kid for record in parsed.records] == [b"key-1"]
    assert parsed.refused == [("key 2", Refusal.NOT_A_SIGNER)]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in jwk(ec_key("a")).items() if key != name}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (5, Refusal.MALFORMED),
        (method(id="did:web:another.example.test#key-1"), Refusal.MALFORMED),
        (method(id=DID), Refusal.MALFORMED),
        (method(controller="did:web:another.example.test"), Refusal.MALFORMED),
        (method(type="Ed25519VerificationKey2018"), Refusal.MALFORMED),
        (method(""), Refusal.KID_UNREADABLE),
        (method("A" * 65), Refusal.KID_UNREADABLE),
        (method(publicKeyJwk=5), Refusal.KEY_KIND_UNKNOWN),
        (method(publicKeyJwk={**jwk(ec_key("a")), "crv": "P-384"}), Refusal.KEY_KIND_UNKNOWN),
        (method(publicKeyJwk=without("y")), Refusal.KEY_UNREADABLE),
        (method(publicKeyJwk={**jwk(ec_key("a")), "x": "AAAA"}), Refusal.KEY_UNREADABLE),
    ],
)
def test_a_bad_key_costs_only_itself(wrong: object, reason: Refusal) -> None:
    parsed = read(document(wrong, method("good", key="b")))
    assert parsed.refused == [("key 1", reason)]
    assert [record.kid for record in parsed.records] == [b"good"]


def test_coordinates_have_their_full_length() -> None:
    key = next(found for found in map(ec_key, map(str, range(10_000))) if _is_short(found))
    written = jwk(key)
    full = read(document(method(publicKeyJwk=written)))
    assert [record.spki for record in full.records] == [spki_of(key)]
    bare = {**written, "x": _unpadded(key)}
    assert read(document(method(publicKeyJwk=bare))).refused == [("key 1", Refusal.KEY_UNREADABLE)]


def _is_short(key: Any) -> bool:
    return int(key.pointQ.x) >> 248 == 0


def _unpadded(key: Any) -> str:
    return b64url(int(key.pointQ.x).to_bytes(31, "big"))


def test_two_keys_of_one_name_are_none() -> None:
    parsed = read(document(method(), method(key="b"), method("good", key="c")))
    assert parsed.refused == [("key 1", Refusal.MALFORMED), ("key 2", Refusal.MALFORMED)]
    assert [record.kid for record in parsed.records] == [b"good"]


SECRET = method("secret", publicKeyJwk={**jwk(ec_key("b")), "d": "AAAA"})


@pytest.mark.parametrize("data", [document(method(), SECRET), document(method(), asserts=[SECRET])])
def test_a_private_key_refuses_the_document(data: bytes) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        read(data)
    assert refused.value.fault == Fault.PRIVATE_KEY


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"[]", Fault.NOT_JSON),
        (document(method(), id=5), Fault.MALFORMED),
        (document(method(), id="did:key:z6Mk"), Fault.MALFORMED),
        (document(method(), id=DID + "\n"), Fault.MALFORMED),
        (document(method(), verificationMethod={}), Fault.MALFORMED),
        (document(method(), asserts="all"), Fault.MALFORMED),
        (document(*[1] * 20_001), Fault.MALFORMED),
    ],
)
def test_what_is_no_such_document_is_refused(data: bytes, fault: Fault) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        read(data)
    assert refused.value.fault == fault


def test_a_path_is_part_of_the_name() -> None:
    did = DID + ":passes:v1"
    written = method(id=f"{did}#key-1", controller=did)
    parsed = read(document(written, id=did))
    assert (parsed.name, parsed.records[0].issuer) == ("nzcp:passes.example.test:passes:v1", did)


def test_a_key_that_anybody_has_is_for_tests_alone(tmp_path: Path, store: Path) -> None:
    published = {**jwk(ec_key("a")), **PUBLISHED}
    file = tmp_path / "did.json"
    file.write_bytes(document(method(publicKeyJwk=published)))
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(store, [file], now=NOW)
    assert refused.value.fault == Fault.EMPTY
    [taken] = import_sources(store, [file], now=NOW, environment="specimen").lists
    assert (taken.keys, taken.authenticated) == (1, 0)


@pytest.mark.parametrize("anchored", [False, True])
def test_a_document_goes_into_the_store(tmp_path: Path, store: Path, *, anchored: bool) -> None:
    file, anchor = tmp_path / "did.json", tmp_path / "key.pem"
    file.write_bytes(document(method()))
    anchor.write_text(pem(spki_of(ec_key("a")), "PUBLIC KEY"))
    import_sources(store, [file], now=NOW, anchors=[anchor] if anchored else [])
    with TrustStore.open(store) as opened:
        [stored] = stored_in(opened)
        assert stored.key.authenticated is anchored
        assert opened.find(b"key-1", DID) == (stored.key,)
        assert opened.find(b"key-1", "did:web:another.example.test") == ()


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=10) | st.sampled_from([DID, f"{DID}#key-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
names = st.sampled_from(["id", "controller", "type", "publicKeyJwk"])
methods = st.dictionaries(names, values, max_size=2).map(lambda some: {**method(), **some})


@given(st.lists(values | methods, max_size=3), st.none() | values)
def test_any_members_of_a_document(found: list[object], asserts: object) -> None:
    with suppress(TrustListInvalid):
        parsed = read(document(*found, asserts=asserts))
        assert all(record.kid and record.spki and record.issuer == DID for record in parsed.records)


@pytest.mark.parametrize(
    "make", [lambda: b'{"assertionMethod": []}', lambda: b'{"verificationMethod": ["did:web:a"]}']
)
def test_other_documents_are_not_recognised(make: Callable[[], bytes]) -> None:
    assert not NZCP.recognise(make())
