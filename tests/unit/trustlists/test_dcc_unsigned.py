"""National DCC lists that nobody has signed: France, Britain and Norway, relays such as Italy's."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import (
    CA,
    b64,
    certificate,
    ec_key,
    name,
    rsa_key,
    spki_of,
)
from support.dcc_lists import NOW

from trustlists import TrustStore, import_sources
from trustlists.anchors import Anchor
from trustlists.dialects import is_companion, named, recognised
from trustlists.faults import Fault
from trustlists.records import ParsedList, Reading, Refusal
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustListInvalid

CSCA_NAME = name(country="DE", common="CSCA of nobody")
CSCA = certificate(ec_key("csca"), subject=CSCA_NAME, extensions=[CA])
ANCHOR = Anchor("csca", spki_of(ec_key("csca")), b"f", read_certificate(CSCA))
DSC = certificate(ec_key("dsc"), signer=ec_key("csca"), issuer=CSCA_NAME)
OTHER = certificate(ec_key("other"), subject=name(country="IT"))
KID, OTHER_KID = (read_certificate(der).kid for der in (DSC, OTHER))


def read(dialect: str, data: bytes, *companions: bytes, **how: Any) -> ParsedList:
    [found] = named(dialect)
    assert recognised(data) is found
    how = {"unsigned": True, **how}
    return found.read(data, Reading("file", (ANCHOR,), companions=companions, now=NOW, **how))


def fault_of(dialect: str, data: bytes, *companions: bytes, **how: Any) -> str:
    with pytest.raises(TrustListInvalid) as refused:
        read(dialect, data, *companions, **how)
    return refused.value.fault


def reasons(parsed: ParsedList) -> list[Refusal]:
    return [reason for _, reason in parsed.refused]


def french(keys: object) -> bytes:
    return json.dumps({"certificatesDCC": keys}).encode()


def twice(data: bytes) -> str:
    return b64(b64(data).encode())


def array(*keys: object) -> bytes:
    return json.dumps(keys).encode()


def bare(kid: bytes, der: bytes) -> dict[str, str]:
    return {"kid": b64(kid), "publicKey": b64(der)}


FRENCH = french({b64(KID).rstrip("="): twice(DSC), "AAECAw": twice(spki_of(ec_key("bare")))})
BRITISH = array(bare(b"one", spki_of(ec_key("one"))), bare(b"two", spki_of(rsa_key(2048))))
STATUS = array(b64(KID), b64(OTHER_KID))
UPDATES = (b64(DSC).encode(), b64(OTHER).encode() + b"\n")


@pytest.mark.parametrize(
    ("dialect", "data", "companions"),
    [
        ("dcc_france", FRENCH, ()),
        ("dcc_united_kingdom", BRITISH, ()),
        ("dcc_norway", BRITISH, ()),
        ("dcc_italy", STATUS, UPDATES),
    ],
)
def test_what_nobody_has_signed_is_taken_only_when_it_is_wanted(
    dialect: str, data: bytes, companions: tuple[bytes, ...]
) -> None:
    assert fault_of(dialect, data, *companions, unsigned=False) == Fault.NOT_SIGNED
    parsed = read(dialect, data, *companions)
    assert len(parsed.records) == 2
    assert (parsed.anchor, parsed.dated, parsed.sequence, parsed.environment) == (None,) * 4
    assert {scheme for record in parsed.records for scheme in record.schemes} == {"eu-dcc"}


def test_a_french_entry_is_base64_of_base64() -> None:
    certified, key = read("dcc_france", FRENCH, country="FR").records
    assert (certified.kid, certified.certificate, certified.country) == (KID, DSC, "XS")
    assert (key.kid, key.spki) == (bytes(range(4)), spki_of(ec_key("bare")))
    assert (key.country, key.certificate) == ("FR", None)


def test_an_anchor_may_vouch_for_a_certificate_in_an_unsigned_list() -> None:
    certified, key = read("dcc_france", FRENCH).records
    assert (certified.anchor, key.anchor) == (ANCHOR, None)
    for_itself = bare(b"csca", spki_of(ec_key("csca")))
    assert read("dcc_norway", array(for_itself)).records[0].anchor == ANCHOR
    first, second = read("dcc_italy", STATUS, *UPDATES).records
    assert (first.anchor, second.anchor) == (ANCHOR, None)


def test_a_bad_french_entry_costs_only_itself() -> None:
    bad = {
        "?": twice(DSC),
        "AAAA": twice(DSC),
        "AAAB": 5,
        "AAAC": b64(DSC),
        "AAAD": twice(certificate(ec_key("x"), spki=b"\x30\x00")),
        b64(KID): twice(DSC),
    }
    parsed = read("dcc_france", french(bad))
    assert [record.kid for record in parsed.records] == [KID]
    assert reasons(parsed) == [
        Refusal.KID_UNREADABLE,
        Refusal.KID_DIFFERS,
        Refusal.KEY_UNREADABLE,
        Refusal.KEY_UNREADABLE,
        Refusal.KEY_UNREADABLE,
    ]


@pytest.mark.parametrize(
    "keys",
    [None, [], {f"{number:08}": "" for number in range(20_001)}],
    ids=["no", "array", "many"],
)
def test_a_french_list_of_another_shape_is_refused(keys: object) -> None:
    assert fault_of("dcc_france", french(keys)) == Fault.MALFORMED


def test_bare_keys_keep_the_id_and_country_of_their_list() -> None:
    one, two = read("dcc_united_kingdom", BRITISH, country="UK").records
    assert (one.kid, one.spki, one.country) == (b"one", spki_of(ec_key("one")), "GB")
    assert (two.kid, two.spki) == (b"two", spki_of(rsa_key(2048)))


def test_a_bad_bare_key_costs_only_itself() -> None:
    good = bare(b"one", spki_of(ec_key("one")))
    parsed = read("dcc_norway", array(good, 5, {**good, "kid": ""}, {**good, "publicKey": "AAAA"}))
    assert reasons(parsed) == [Refusal.MALFORMED, Refusal.KID_UNREADABLE, Refusal.KEY_UNREADABLE]


@pytest.mark.parametrize(
    ("tail", "fault"), [(b"x", Fault.NOT_JSON), (b"[" + b"1," * 20_000 + b"1]", Fault.NOT_JSON)]
)
def test_an_array_is_read_strictly(tail: bytes, fault: Fault) -> None:
    assert fault_of("dcc_norway", BRITISH + tail) == fault


def test_an_array_is_not_longer_than_any_list() -> None:
    entries = [bare(b"one", spki_of(ec_key("one"))), *[1] * 20_000]
    assert fault_of("dcc_norway", array(*entries)) == Fault.TOO_LARGE


def test_an_object_is_no_array() -> None:
    [dialect] = named("dcc_norway")
    with pytest.raises(TrustListInvalid) as refused:
        dialect.read(b"{}", Reading("file", unsigned=True))
    assert refused.value.fault == Fault.NOT_JSON


def test_a_relayed_key_counts_when_it_is_in_both() -> None:
    third = certificate(ec_key("third"))
    assert all(is_companion(update) for update in UPDATES)
    lines = b"\n".join([UPDATES[0], b64(third).encode(), b"MIIA", b"MIIB"])
    parsed = read("dcc_italy", STATUS, lines)
    assert [record.kid for record in parsed.records] == [KID]
    assert parsed.refused == [
        ("certificate 3", Refusal.NOT_A_CERTIFICATE),
        ("certificate 4", Refusal.NOT_A_CERTIFICATE),
        (f"key {read_certificate(third).kid.hex()}", Refusal.NOT_ACTIVE),
        (f"key {OTHER_KID.hex()}", Refusal.KEY_MISSING),
    ]


def test_a_relay_without_certificates_or_with_odd_ids_is_refused() -> None:
    assert fault_of("dcc_italy", STATUS) == Fault.COMPANION_MISSING
    assert fault_of("dcc_italy", array("", 5), *UPDATES) == Fault.MALFORMED
    many = b"\n".join([b"MIIA"] * 20_001)
    assert fault_of("dcc_italy", STATUS, many) == Fault.TOO_LARGE


@pytest.mark.parametrize("data", [b"", b"MII", b"MIIA MIIA x", b"[]", b64(DSC).encode()[1:]])
def test_other_texts_accompany_no_list(data: bytes) -> None:
    assert not is_companion(data)


def test_what_rests_on_an_unsigned_list_is_not_authenticated(tmp_path: Path, store: Path) -> None:
    (tmp_path / "relay").mkdir()
    (tmp_path / "relay" / "status.json").write_bytes(STATUS)
    for number, update in enumerate(UPDATES):
        (tmp_path / "relay" / f"{number}.txt").write_bytes(update)
    (tmp_path / "gb.json").write_bytes(BRITISH)
    sources = [tmp_path / "relay", tmp_path / "gb.json"]
    report = import_sources(store, sources, now=NOW, keep_going=True)
    assert [each.refusal.fault for each in report.lists if each.refusal] == [
        Fault.NOT_SIGNED,
        Fault.NOT_SIGNED,
    ]
    assert not store.exists()
    report = import_sources(store, sources, now=NOW, unsigned=True)
    assert [(each.name, each.keys, each.authenticated) for each in report.lists] == [
        ("dcc-relay:relay", 2, 0),
        ("dcc-keys:gb", 2, 0),
    ]
    with TrustStore.open(store) as opened:
        assert not any(key.authenticated for kid in (KID, b"one") for key in opened.find(kid))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(b64(DSC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.text(max_size=12), values | st.just(twice(DSC))))
def test_any_value_in_a_french_list(keys: object) -> None:
    read("dcc_france", french(keys))


@given(st.lists(values | st.fixed_dictionaries({"kid": values, "publicKey": values})))
def test_any_value_in_an_array_of_keys(keys: list[object]) -> None:
    read("dcc_norway", array(bare(b"one", spki_of(ec_key("one"))), *keys))
