"""The directory of health card issuers: what its signature covers, what costs only itself."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.certificates import (
    b64,
    b64url,
    certificate,
    ec_key,
    extension,
    jwk,
    pem,
    seq,
    spki_of,
    stored_in,
    tlv,
)
from support.vci import (
    INSTANT,
    ISS,
    SIGNER,
    card_key,
    hashed,
    issuer,
    issuers_file,
    metadata_file,
    signature,
    snapshot,
)

import trustlists.dialects.vci
from trustlists import TrustStore, import_sources
from trustlists.anchors import Anchor, pinned_anchors
from trustlists.dialects import is_companion, named, recognised
from trustlists.faults import Fault
from trustlists.records import ParsedList, Reading, Refusal, Revocation
from verifier.errors import TrustListInvalid, TrustListRollback
from verifier.trust import Environment, Freshness

[VCI] = named("vci")
DIRECTORY = Anchor("directory", spki_of(SIGNER), b"f")
PINNED = DIRECTORY._replace(dialect="vci", environment=Environment.PRODUCTION)
ONE, TWO = ec_key("one"), ec_key("two")
DAY = 86_400


def read(data: bytes, *companions: bytes, anchor: Anchor = DIRECTORY, **how: object) -> ParsedList:
    return VCI.read(data, Reading("source", (anchor,), companions=companions, **how))


def read_signed(*issuers: object, beside: tuple[bytes, ...] = (), **members: object) -> ParsedList:
    data = snapshot(*issuers, **members)
    return read(data, signature(data), *beside)


def fault_of(data: bytes, *companions: bytes, **how: object) -> Fault | str | None:
    with pytest.raises(TrustListInvalid) as refused:
        read(data, *companions, **how)
    return refused.value.fault


def refusals(parsed: ParsedList) -> list[tuple[str, Refusal]]:
    return [(entry, reason) for entry, reason in parsed.refused]


def test_a_signed_snapshot_is_read_and_vouched_for() -> None:
    parsed = read_signed(
        issuer(card_key(ONE), card_key(TWO)), issuer(card_key(ONE), iss=ISS + "/b")
    )
    assert (parsed.name, parsed.anchor, parsed.environment) == ("vci:directory", DIRECTORY, None)
    assert (parsed.dated, parsed.sequence, parsed.refused) == (INSTANT, INSTANT, [])
    assert [record.issuer for record in parsed.records] == [ISS, ISS, ISS + "/b"]
    first = parsed.records[0]
    assert first.kid == hashed(jwk(ONE)).encode()
    assert first.spki == spki_of(ONE)
    assert (first.schemes, first.anchor) == ({"smart-health-card"}, DIRECTORY)
    assert (first.name, first.country, first.confirmed) == ("Specimen Health", "", INSTANT)
    assert (first.certificate, first.not_before, first.not_after) == (None, None, None)


def test_a_snapshot_is_no_mere_key_set() -> None:
    found = recognised(snapshot(issuer(card_key(ONE))))
    assert found
    assert found.names == ("vci",)
    assert not VCI.recognise(json.dumps({"keys": []}).encode())


def test_the_pinned_key_names_list_and_environment() -> None:
    data = snapshot(issuer(card_key(ONE)))
    parsed = read(data, signature(data), anchor=PINNED)
    assert (parsed.name, parsed.environment) == ("vci", Environment.PRODUCTION)


def test_any_changed_byte_refuses_the_snapshot() -> None:
    data = snapshot(issuer(card_key(ONE)))
    signed = signature(data)
    for at in range(0, len(data), 7):
        changed = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        assert fault_of(changed, signed) == Fault.SIGNER_UNKNOWN
    for end in (b"\n", b" "):
        assert fault_of(data + end, signed) == Fault.SIGNER_UNKNOWN
    # The right signature is found among those of other lists.
    other = signature(b"other")
    assert read(data, other, signed).records
    assert fault_of(data, other) == Fault.SIGNER_UNKNOWN


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor("another", spki_of(ec_key("another", "P-521")), b"f"),
        Anchor("P-256", spki_of(ec_key("directory")), b"f"),
        Anchor("off the curve", spki_of(SIGNER)[:-1] + b"?", b"f"),
    ],
    ids=lambda anchor: anchor.name,
)
def test_a_snapshot_signed_by_no_anchor_is_refused(anchor: Anchor) -> None:
    data = snapshot(issuer(card_key(ONE)))
    assert fault_of(data, signature(data), anchor=anchor) == Fault.SIGNER_UNKNOWN
    # Nor does the operator's word help against a signature that is wrong.
    assert fault_of(data, signature(data), anchor=anchor, unsigned=True) == Fault.SIGNER_UNKNOWN


def test_without_a_signature_nobody_vouches() -> None:
    data = snapshot(issuer(card_key(ONE), card_key(TWO, kid="own-name")))
    assert fault_of(data) == Fault.COMPANION_MISSING
    parsed = read(data, unsigned=True)
    assert (parsed.name, parsed.anchor) == ("vci-unsigned", None)
    assert [record.anchor for record in parsed.records] == [None]
    # Only the signed list may name a key by another id than its hash.
    assert refusals(parsed) == [("issuer 1, key 2", Refusal.KID_DIFFERS)]
    assert len(read(data, signature(data)).records) == 2


@pytest.mark.parametrize(
    "data",
    [
        snapshot(time="2026-08-22"),
        snapshot(time="2026-02-30T00:00:00Z"),
        snapshot(time=5),
        snapshot(issuerInfo={}),
        snapshot(issuerInfo=[1] * 20_001),
    ],
)
def test_a_signed_body_of_another_shape_is_refused(data: bytes) -> None:
    assert fault_of(data, signature(data)) == Fault.MALFORMED
    assert fault_of(b"[]", signature(b"[]")) == Fault.NOT_JSON


@pytest.mark.parametrize(
    "entry",
    [
        5,
        {},
        issuer(iss=5),
        issuer(iss="http://health.example.test/cards"),
        issuer(iss=ISS + "/"),
        issuer(iss="https://" + "a" * 1_000),
        issuer(keys={}),
        issuer(lastRetrieved="yesterday"),
        issuer(issuer=ISS),
    ],
)
def test_a_bad_issuer_costs_only_itself(entry: object) -> None:
    parsed = read_signed(entry, issuer(card_key(ONE)))
    assert refusals(parsed) == [("issuer 1", Refusal.MALFORMED)]
    assert len(parsed.records) == 1


def with_x5c(*ders: bytes) -> dict[str, object]:
    return card_key(ONE, x5c=[b64(der) for der in ders])


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (5, Refusal.MALFORMED),
        (card_key(ONE, d="AAAA"), Refusal.PRIVATE_KEY),
        (card_key(ONE, use="enc"), Refusal.NOT_A_SIGNER),
        (card_key(ONE, use=None), Refusal.NOT_A_SIGNER),
        (card_key(ONE, kty="RSA"), Refusal.KEY_KIND_UNKNOWN),
        (card_key(ONE, crv="P-384"), Refusal.KEY_KIND_UNKNOWN),
        (card_key(ONE, alg="ES384"), Refusal.KEY_KIND_UNKNOWN),
        (card_key(ONE, kid=""), Refusal.KID_UNREADABLE),
        (card_key(ONE, kid="A" * 65), Refusal.KID_UNREADABLE),
        (card_key(ONE, x=""), Refusal.KEY_UNREADABLE),
        (card_key(ONE, y=jwk(TWO)["y"]), Refusal.KEY_UNREADABLE),
        (card_key(ONE, x="AA" + str(jwk(ONE)["x"])), Refusal.KEY_UNREADABLE),
        (card_key(ONE, x5c=[]), Refusal.NOT_A_CERTIFICATE),
        (card_key(ONE, x5c=["AAAA"]), Refusal.NOT_A_CERTIFICATE),
        (with_x5c(certificate(TWO)), Refusal.KEY_DIFFERS),
    ],
)
def test_a_bad_key_costs_only_itself(key: object, reason: Refusal) -> None:
    parsed = read_signed(issuer(card_key(TWO), key))
    assert refusals(parsed) == [("issuer 1, key 2", reason)]
    assert len(parsed.records) == 1


def test_certificates_beside_a_key_say_nothing_more() -> None:
    lapsed = certificate(ONE, not_after=tlv(0x17, b"270101000000Z"))
    [record] = read_signed(issuer(with_x5c(lapsed))).records
    assert (record.certificate, record.not_after, record.spki) == (None, None, spki_of(ONE))


def shortened() -> tuple[object, dict[str, object], dict[str, object]]:
    """Give a key whose x starts with a zero byte, written whole and without it."""
    key = next(
        found
        for found in (ec_key(f"short {n}") for n in range(10_000))
        if int(found.pointQ.x) >> 248 == 0
    )
    x = int(key.pointQ.x)
    return key, card_key(key), card_key(key, x=b64url(x.to_bytes(31, "big")))


def test_a_key_that_lost_a_zero_byte_is_the_same_key() -> None:
    key, whole, short = shortened()
    assert whole["kid"] != short["kid"]
    padded = {**whole, "kid": short["kid"]}  # as real issuers have repaired it
    for written in (short, padded, whole):
        data = snapshot(issuer(written))
        [record] = read(data, unsigned=True).records
        assert record.spki == spki_of(key)
        assert record.kid == str(written["kid"]).encode()


def test_key_sets_of_health_cards_are_read_by_the_same_rules() -> None:
    [jwks] = named("jwks")
    _, whole, short = shortened()
    members = [
        {**whole, "kid": short["kid"]},
        card_key(ONE, kid="own-name"),
        with_x5c(certificate(TWO)),
    ]
    data = json.dumps({"keys": [*members, card_key(TWO)]}).encode()
    [jwks] = named("jwks")
    reading = Reading(
        "source", (Anchor("two", spki_of(TWO), b"f"),), "smart-health-card", issuer=ISS
    )
    parsed = jwks.read(data, reading)
    assert [reason for _, reason in parsed.refused] == [Refusal.KID_DIFFERS, Refusal.KEY_DIFFERS]
    assert [record.issuer for record in parsed.records] == [ISS, ISS]
    assert [bool(record.anchor) for record in parsed.records] == [False, True]


def test_a_certificate_beside_a_foreign_key_names_its_issuer() -> None:
    [jwks] = named("jwks")
    reading = Reading("source", scheme="smart-health-card", issuer=ISS)
    address, host = tlv(0x86, ISS.encode()), tlv(0x82, b"health.example.test")

    def reasons(*extensions: bytes) -> list[Refusal]:
        key = with_x5c(certificate(ONE, extensions=extensions))
        parsed = jwks.read(json.dumps({"keys": [key]}).encode(), reading)
        return [reason for _, reason in parsed.refused]

    named_so = extension("551d11", seq(host, address))
    assert reasons(named_so) == []
    for wrong in ((), (extension("551d11", seq(host)),), (named_so, named_so)):
        assert reasons(*wrong) == [Refusal.ISSUER_DIFFERS]


def crl(kid: object, *rids: object, **members: object) -> dict[str, object]:
    return {"kid": kid, "method": "rid", "ctr": 3, "rids": list(rids), **members}


def test_what_an_issuer_has_withdrawn_is_kept_by_key() -> None:
    key = card_key(ONE, crlVersion=3)
    kid = key["kid"]
    parsed = read_signed(
        issuer(key, card_key(TWO), crls=[crl(kid, "abc", "abc.17", "abc", "_-9.1")])
    )
    assert parsed.revocations == [
        Revocation(ISS, str(kid).encode(), "rid", 3, ("abc", "abc.17", "_-9.1"))
    ]
    assert parsed.refused == []


def test_counters_may_be_text() -> None:
    key = card_key(ONE, crlVersion="1")
    parsed = read_signed(issuer(key, crls=[crl(key["kid"], ctr="1")]))
    assert [each.counter for each in parsed.revocations] == [1]
    assert parsed.refused == []


LIST_1 = "issuer 1, revocation list 1"


@pytest.mark.parametrize(
    ("lists", "refused", "ids"),
    [
        ({}, [(LIST_1, Refusal.MALFORMED)], None),
        ([5], [(LIST_1, Refusal.MALFORMED)], None),
        ([crl("another")], [(LIST_1, Refusal.MALFORMED)], None),
        ([crl("k", method="hash-fhir")], [(LIST_1, Refusal.MALFORMED)], None),
        ([crl("k", rids={})], [(LIST_1, Refusal.MALFORMED)], None),
        ([crl("k", ctr=2)], [(LIST_1, Refusal.REVOCATIONS_DIFFER)], ()),
        ([crl("k", ctr="three")], [(LIST_1, Refusal.REVOCATIONS_DIFFER)], ()),
        ([crl("k", ctr=True)], [(LIST_1, Refusal.REVOCATIONS_DIFFER)], ()),
        ([crl("k", ctr=-3)], [(LIST_1, Refusal.REVOCATIONS_DIFFER)], ()),
        ([crl("k", ctr=None)], [(LIST_1, Refusal.REVOCATIONS_DIFFER)], ()),
        (
            [crl("k", "a b", "good", 5, "", "a.b", "x" * 25)],
            [(f"{LIST_1}, 5 of its entries", Refusal.MALFORMED)],
            ("good",),
        ),
    ],
)
def test_a_bad_list_of_withdrawn_cards_costs_only_what_is_bad(
    lists: object, refused: list[tuple[str, Refusal]], ids: tuple[str, ...] | None
) -> None:
    parsed = read_signed(issuer(card_key(ONE, kid="k", crlVersion=3), crls=lists))
    missing = [("issuer 1, revocation lists", Refusal.REVOCATIONS_MISSING)] if ids is None else []
    assert refusals(parsed) == refused + missing
    assert [each.ids for each in parsed.revocations] == ([] if ids is None else [ids])
    assert len(parsed.records) == 1


def test_the_file_of_issuers_takes_away_and_never_adds() -> None:
    two = issuer(card_key(ONE)), issuer(card_key(TWO), iss=ISS + "/gone")
    beside = (issuers_file(ISS, ISS + "/new"),)
    parsed = read_signed(*two, beside=beside)
    assert [record.issuer for record in parsed.records] == [ISS]
    assert refusals(parsed) == [("issuer 2", Refusal.NOT_LISTED)]


def test_the_file_that_describes_issuers_tells_their_country() -> None:
    def at(host: str, **members: str) -> dict[str, object]:
        address = {"iss": f"https://{host}.example.test/cards", **members}
        return issuer(card_key(ONE), issuer=address)

    alias = at("alias", canonical_iss="https://one.example.test/cards")
    hosts = [at("one"), at("two"), at("long"), at("none"), at("unknown"), alias]
    described = metadata_file(one=["US", "us"], two=["US", "IE"], long=["JPN"], none=[])
    parsed = read_signed(*hosts, beside=(described,))
    assert [record.country for record in parsed.records] == ["US", "", "JP", "", "", "US"]


@pytest.mark.parametrize(
    ("beside", "fault"),
    [
        (b'{"participating_issuers": 5}', Fault.MALFORMED),
        (b'{"issuer_metadata": {}}', Fault.MALFORMED),
        (b'{"participating_issuers": ', Fault.NOT_JSON),
    ],
)
def test_a_second_file_that_cannot_be_read_is_told(beside: bytes, fault: Fault) -> None:
    data = snapshot(issuer(card_key(ONE)))
    assert fault_of(data, signature(data), beside) == fault


def test_what_belongs_to_a_snapshot_is_known() -> None:
    data = snapshot(issuer(card_key(ONE)))
    for part in (signature(data), issuers_file(ISS), metadata_file(one=[])):
        assert is_companion(part)
    long_numbers = seq(tlv(0x02, b"\1" * 68), tlv(0x02, b"\1" * 68))
    one_number = seq(tlv(0x02, b"\1"))
    three = seq(*[tlv(0x02, b"\1")] * 3)
    empty = seq(tlv(0x02), tlv(0x02))
    for other in (data, b"", signature(data) + b"\n", long_numbers, one_number, three, empty):
        assert not is_companion(other)
    for key in (SIGNER, ONE):  # the published certificate of the pinned key is one, no other is
        assert not is_companion(pem(certificate(key)).encode())
    assert not is_companion(b"-----BEGIN CERTIFICATE-----\n")


def test_the_certificate_of_the_pinned_key_is_no_key_for_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trustlists.dialects.vci, "pinned_anchors", lambda: (PINNED,))
    own, other = pem(certificate(SIGNER)), pem(certificate(ec_key("another", "P-521")))
    assert is_companion(own.encode())
    assert not is_companion(other.encode())
    assert not is_companion((own + other).encode())


def test_a_key_is_pinned_for_the_directory_alone() -> None:
    [anchor] = [anchor for anchor in pinned_anchors() if anchor.dialect == "vci"]
    assert (anchor.environment, anchor.schemes) == (Environment.PRODUCTION, {"smart-health-card"})
    assert anchor.until == 1_962_900_642  # 14 March 2032, the end of its certificate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A snapshot, its signature, and the key of its signer."""
    place = tmp_path / "directory"
    place.mkdir()
    (tmp_path / "signer.pem").write_text(pem(spki_of(SIGNER), "PUBLIC KEY"))
    publish(place, snapshot(issuer(card_key(ONE)), issuer(card_key(ONE), iss=ISS + "/b")))
    return place


def publish(place: Path, data: bytes) -> None:
    (place / "snapshot.json").write_bytes(data)
    (place / "snapshot.sig").write_bytes(signature(data))


def test_a_snapshot_goes_into_the_store_with_its_signature(folder: Path, store: Path) -> None:
    anchors = [folder.with_name("signer.pem")]
    files = [folder / "snapshot.json", folder / "snapshot.sig"]
    [taken] = import_sources(store, files, now=INSTANT, anchors=anchors).lists
    assert (taken.name, taken.keys, taken.authenticated) == ("vci:signer", 2, 2)
    [again] = import_sources(store, [folder], now=INSTANT + DAY, anchors=anchors).lists
    assert again.changes
    assert again.changes.unchanged == 2
    publish(folder, snapshot(issuer(card_key(TWO)), time="2026-08-21T04:43:50Z"))
    with pytest.raises(TrustListRollback):
        import_sources(store, [folder], now=INSTANT, anchors=anchors)


def test_an_issuer_is_found_behind_any_number_of_others(folder: Path, store: Path) -> None:
    many = [issuer(card_key(ONE), iss=f"{ISS}/{number}") for number in range(161)]
    publish(folder, snapshot(*many))
    import_sources(store, [folder], now=INSTANT, anchors=[folder.with_name("signer.pem")])
    kid = hashed(jwk(ONE)).encode()
    with TrustStore.open(store) as opened:
        for number in (0, 80, 160):
            [key] = opened.find(kid, f"{ISS}/{number}")
            assert key.issuer == f"{ISS}/{number}"
        assert opened.find(kid, ISS) == ()
        assert len(opened.find(kid)) == 16


def test_a_key_is_as_old_as_the_last_word_of_its_issuer(folder: Path, store: Path) -> None:
    old = issuer(card_key(TWO), iss=ISS + "/old", lastRetrieved="2024-04-09T04:34:09Z")
    future = issuer(card_key(TWO), iss=ISS + "/new", lastRetrieved="2026-08-23T00:00:00Z")
    publish(folder, snapshot(issuer(card_key(ONE)), old, future))
    import_sources(store, [folder], now=INSTANT, anchors=[folder.with_name("signer.pem")])
    with TrustStore.open(store) as opened:
        ages = {each.key.issuer: each.key.list.as_of for each in stored_in(opened)}
        assert ages == {ISS: INSTANT, ISS + "/old": 1_712_637_249, ISS + "/new": INSTANT}
        [key] = opened.find(hashed(jwk(TWO)).encode(), ISS + "/old")
        assert key.list.freshness(INSTANT) is Freshness.TOO_OLD
        newest = opened.newest()
        assert newest
        assert newest.as_of == INSTANT


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
members = st.sampled_from(["issuer", "keys", "crls", "lastRetrieved"])
key_members = st.sampled_from(
    ["kty", "crv", "use", "alg", "x", "y", "kid", "x5c", "crlVersion", "d"]
)
some_keys = st.dictionaries(key_members, values, max_size=2).map(
    lambda some: {**card_key(ONE), **some}
)
some_issuers = st.dictionaries(members, values, max_size=2).map(lambda some: {**issuer(), **some})


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(values | some_issuers | some_keys.map(issuer), max_size=3))
def test_any_entries_of_a_snapshot(entries: list[object]) -> None:
    parsed = read(snapshot(*entries), unsigned=True)
    assert all(record.kid and record.spki and record.issuer for record in parsed.records)


@given(st.binary(max_size=150))
def test_any_bytes_beside_a_snapshot(beside: bytes) -> None:
    is_companion(beside)
    with suppress(TrustListInvalid):
        read(snapshot(), beside, unsigned=True)
