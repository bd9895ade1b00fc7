"""Keys of DIVOC certificates: their two forms, their labels, and which keys are sound."""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from Crypto.PublicKey import RSA
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import b64, ec_key, pem, rsa_key, spki_of, stored_in

from trustlists import Refusal, TrustStore, import_sources
from trustlists.anchors import Anchor
from trustlists.dialects import is_companion, named, recognised
from trustlists.faults import Fault
from trustlists.public_keys import from_ed25519, kind_of
from trustlists.records import ParsedList, Reading
from verifier.errors import TrustListInvalid

[DIVOC] = named("divoc")
NOW = 1_790_000_000
LABEL = "did:specimen"
# The alphabet of base58, written as ranges so that the decoder's own text is not repeated.
LETTERS = [chr(code) for code in range(ord("1"), ord("z") + 1) if chr(code).isalnum()]
ALPHABET = [letter for letter in LETTERS if letter not in "0OIl"]


@cache
def soundly() -> RSA.RsaKey:
    return rsa_key(2048)


def base58(data: bytes) -> str:
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def entry(**members: object) -> dict[str, object]:
    written = {"label": LABEL, "country": "IND", "public_key": b64(spki_of(soundly()))}
    return {key: value for key, value in {**written, **members}.items() if value is not None}


def written(*entries: object) -> bytes:
    return json.dumps({"divoc_keys": entries}).encode()


def read(data: bytes, *anchors: Anchor, **how: object) -> ParsedList:
    return DIVOC.read(data, Reading("source", anchors, **how))


def reasons(parsed: ParsedList) -> list[Refusal]:
    return [reason for _, reason in parsed.refused]


def test_the_plain_form_is_read_and_nobody_vouches_for_it() -> None:
    data = written(entry(name="Specimen Health", uses=["vaccination"], issuers=["https://a.test/"]))
    found = recognised(data)
    assert found
    assert found.names == ("divoc",)
    parsed = read(data)
    [record] = parsed.records
    assert (parsed.name, parsed.environment, parsed.anchor) == ("divoc:source", None, None)
    assert (record.kid, record.country, record.schemes) == (b"did:specimen", "IN", {"divoc"})
    assert (record.name, record.uses) == ("Specimen Health", {"vaccination"})
    assert (record.issuer, record.spki) == ("https://a.test/", spki_of(soundly()))
    assert record.anchor is None


def test_an_anchor_vouches_for_the_key_that_it_is() -> None:
    anchor = Anchor("own", spki_of(soundly()), b"f")
    assert [record.anchor for record in read(written(entry()), anchor).records] == [anchor]


def test_a_key_for_several_issuers_becomes_as_many_records() -> None:
    parsed = read(written(entry(issuers=["https://a.test/", "https://b.test/", "https://a.test/"])))
    assert [record.issuer for record in parsed.records] == ["https://a.test/", "https://b.test/"]


def test_a_label_may_have_several_keys(ed25519: bytes) -> None:
    short = entry(public_key=None, public_key_base58=base58(ed25519))
    as_pem = entry(public_key=pem(from_ed25519(ed25519), "PUBLIC KEY"))
    parsed = read(written(entry(), short, as_pem))
    assert [kind_of(record.spki) for record in parsed.records] == ["RSA 2048", "Ed25519", "Ed25519"]
    assert parsed.records[1].spki == parsed.records[2].spki == from_ed25519(ed25519)
    assert {record.kid for record in parsed.records} == {b"did:specimen"}


def test_country_and_issuer_may_be_the_operators_word() -> None:
    bare = entry(country=None)
    [record] = read(written(bare), country="LKA", issuer="https://a.test/").records
    assert (record.country, record.issuer) == ("LK", "https://a.test/")
    [record] = read(written(bare)).records
    assert (record.country, record.issuer) == ("", "")


@cache
def with_exponent_3() -> bytes:
    return spki_of(RSA.construct((soundly().n, 3)))


@cache
def too_long() -> bytes:
    return spki_of(RSA.construct((soundly().n << 2_050 | 1, 65_537), consistency_check=False))


def small_order() -> bytes:
    return from_ed25519(b"\x09" + bytes(31))[:-32] + bytes(32)  # 9 is of full order, 0 of order 4


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (lambda: spki_of(rsa_key(1024)), Refusal.KEY_WEAK),
        (with_exponent_3, Refusal.KEY_WEAK),
        (too_long, Refusal.KEY_WEAK),
        (lambda: spki_of(ec_key("a")), Refusal.KEY_KIND_UNKNOWN),
        (small_order, Refusal.KEY_UNREADABLE),
        (lambda: b"\x30\x00", Refusal.KEY_UNREADABLE),
    ],
)
def test_an_unsound_key_is_refused_in_either_form(key: object, reason: Refusal) -> None:
    der = key()
    parsed = read(written(entry(public_key=b64(der)), entry()))
    assert parsed.refused == [("key 1", reason)]
    assert len(parsed.records) == 1
    for dialect in (DIVOC, *named("pem")):
        reading = Reading("source", scheme="divoc", kid=LABEL)
        assert reasons(dialect.read(pem(der, "PUBLIC KEY").encode(), reading)) == [reason]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (5, Refusal.MALFORMED),
        (entry(colour="blue"), Refusal.MALFORMED),
        (entry(country="India"), Refusal.MALFORMED),
        (entry(country=5), Refusal.MALFORMED),
        (entry(name=5), Refusal.MALFORMED),
        (entry(issuers="https://a.test/"), Refusal.MALFORMED),
        (entry(issuers=[]), Refusal.MALFORMED),
        (entry(issuers=[5]), Refusal.MALFORMED),
        (entry(issuers=["a" * 1_001]), Refusal.MALFORMED),
        (entry(issuers=[str(number) for number in range(17)]), Refusal.MALFORMED),
        (entry(uses={}), Refusal.MALFORMED),
        (entry(uses=["boat"]), Refusal.MALFORMED),
        (entry(label=None), Refusal.NO_KEY_ID),
        (entry(label="did:spéc"), Refusal.KID_UNREADABLE),
        (entry(label="d" * 65), Refusal.KID_UNREADABLE),
        (entry(public_key=None), Refusal.KEY_UNREADABLE),
        (entry(public_key="?"), Refusal.KEY_UNREADABLE),
        (entry(public_key_base58="1"), Refusal.KEY_UNREADABLE),
        (entry(public_key=None, public_key_base58="0" * 43), Refusal.KEY_UNREADABLE),
        (entry(public_key=None, public_key_base58="z" * 45), Refusal.KEY_UNREADABLE),
        (entry(public_key=None, public_key_base58="1" * 32), Refusal.KEY_UNREADABLE),
    ],
)
def test_a_bad_entry_costs_only_itself(wrong: object, reason: Refusal) -> None:
    parsed = read(written(entry(), wrong))
    assert parsed.refused == [("key 2", reason)]
    assert len(parsed.records) == 1


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"[]", Fault.NOT_JSON),
        (b'{"divoc_keys": 5}', Fault.MALFORMED),
        (written(*[1] * 20_001), Fault.MALFORMED),
    ],
)
def test_what_is_in_neither_form_is_refused(data: bytes, fault: Fault) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        read(data)
    assert refused.value.fault == fault


def files(folder: Path, *names: str) -> Sequence[Path]:
    found = []
    for name in names:
        file = folder / name
        file.write_text(
            pem(spki_of(rsa_key(2048) if name != names[0] else soundly()), "PUBLIC KEY")
        )
        found.append(file)
    return found


def labels_in(store: Path) -> list[tuple[bytes, str]]:
    with TrustStore.open(store) as opened:
        return [(each.key.kid, each.key.country) for each in stored_in(opened)]


def test_files_are_named_for_their_labels(tmp_path: Path, store: Path) -> None:
    found = files(tmp_path, "did-specimen-moh.pem")
    [taken] = import_sources(store, found, now=NOW, dialect="divoc", country="XS").lists
    assert (taken.name, taken.authenticated) == ("divoc:did-specimen-moh", 0)
    assert labels_in(store) == [(b"did:specimen:moh", "XS")]
    [taken] = import_sources(store, found, now=NOW, dialect="divoc", kid="did:own").lists
    assert labels_in(store) == [(b"did:own", "")]


def test_an_array_beside_the_files_says_their_labels(tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    files(folder, "one.pem", "two.pem", "three.pem")
    said = [
        {"file": "keys/one.pem", "verification_method": "did:one", "country": "IND"},
        {"file": "two.pem", "verification_method": "did:two", "country": None},
    ]
    index = folder / "index.json"
    index.write_text(json.dumps(said))
    assert is_companion(index.read_bytes())
    [taken] = import_sources(store, [folder], now=NOW, dialect="divoc", country="LK").lists
    assert taken.refused == (("three.pem, block 1", Refusal.NO_KEY_ID),)
    assert labels_in(store) == [(b"did:one", "IN"), (b"did:two", "LK")]
    import_sources(store, [folder / "one.pem", index], now=NOW, dialect="divoc")
    assert (b"did:one", "IN") in labels_in(store)
    index.write_text('[{"verification_method": ')
    [report] = import_sources(store, [folder], now=NOW, dialect="divoc", keep_going=True).lists
    assert report.refusal


def test_a_private_key_is_none() -> None:
    parsed = read(pem(b"\x30\x00", "PRIVATE KEY").encode(), kid=LABEL)
    assert reasons(parsed) == [Refusal.PRIVATE_KEY]


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
members = st.sampled_from(["label", "country", "name", "issuers", "uses", "public_key"])
entries = st.dictionaries(members, values, max_size=2).map(lambda some: {**entry(), **some})


@given(st.lists(values | entries, max_size=3))
def test_any_entries(found: list[object]) -> None:
    assert all(record.kid and record.spki for record in read(written(*found)).records)


@given(st.text(max_size=60))
def test_any_base58(text: str) -> None:
    with suppress(TrustListInvalid):
        parsed = read(written(entry(public_key=None, public_key_base58=text)))
        assert all(len(record.spki) == 44 for record in parsed.records)


@given(st.lists(values | st.dictionaries(st.sampled_from(["file", "verification_method"]), values)))
def test_any_array_beside_a_file(found: list[object]) -> None:
    beside = json.dumps([*found, {"verification_method": ""}]).encode()
    data = pem(spki_of(soundly()), "PUBLIC KEY").encode()
    parsed = read(data, companions=(beside,), file="one.pem")
    assert len(parsed.records) + len(parsed.refused) == 1
