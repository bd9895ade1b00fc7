"""The lists as published (dcc-trust-lists notes, 3 to 7 and 11), read where they lie."""

import base64
import json
import random
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from support.certificates import b64, stored_in
from support.conformance import conformance
from support.dcc_lists import NOW, ROOT, cms

from trustlists import TrustStore, import_sources
from trustlists.anchors import pinned_anchors, read_anchors
from trustlists.dialects import named
from trustlists.faults import Fault
from trustlists.public_keys import kind_of
from trustlists.records import Reading, Refusal
from verifier.codecs.x509 import CertificateFacts, read_certificate, uses_of
from verifier.errors import EnvironmentMixed, TrustListInvalid, TrustListRollback
from verifier.trust import Environment, Freshness

ACCEPTANCE, PRODUCTION = "acceptance-list.signed.txt", "production-list.signed.txt"
EDITION_2021, BAD_SIGNATURE = "acceptance-list-2021.signed.txt", "bad-signature-list.signed.txt"
COUNTS = {ACCEPTANCE: 610, PRODUCTION: 829, EDITION_2021: 122}
DECEMBER_2023 = 1_701_500_000
ALL_USES = {"test", "vaccination", "recovery"}


JULY_2021 = 1_626_800_000
MAY_2021 = 1_620_031_000  # the day of the Swedish example


def german(name: str) -> Path:
    return conformance("trustlists-dcc", "de", name)


def swiss(name: str) -> Path:
    return conformance("trustlists-dcc", "ch", name)


@cache
def entries(name: str) -> list[dict[str, Any]]:
    text = german(name).read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text[text.index("{") :])["certificates"]
    return found


@cache
def certificates(name: str) -> list[tuple[bytes, CertificateFacts]]:
    ders = (base64.b64decode(each["rawData"]) for each in entries(name))
    return [(der, read_certificate(der)) for der in ders]


@pytest.mark.parametrize(
    ("name", "list_name"),
    [(PRODUCTION, "de-production"), (ACCEPTANCE, "de-acceptance"), (EDITION_2021, "de-acceptance")],
)
def test_a_published_list_loads_whole(tmp_path: Path, name: str, list_name: str) -> None:
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [german(name)], now=DECEMBER_2023).lists
    assert (taken.keys, taken.authenticated, taken.refused) == (COUNTS[name], COUNTS[name], ())
    assert taken.name == list_name
    with TrustStore.open(store) as opened:
        for entry in entries(name):
            [key] = opened.find(base64.b64decode(entry["kid"]))
            assert (key.country, key.authenticated) == (entry["country"].replace("XX", ""), True)
        newest = opened.newest()
    assert newest is not None
    assert newest.freshness(DECEMBER_2023) is Freshness.FRESH
    assert newest.environment.value == list_name.removeprefix("de-")


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n \n"])
def test_the_2021_edition_loads_with_and_without_its_last_line_feed(
    tmp_path: Path, end: bytes
) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(german(EDITION_2021).read_bytes().rstrip() + end)
    [taken] = import_sources(tmp_path / "store", [path], now=DECEMBER_2023).lists
    assert taken.keys == 122


@pytest.mark.parametrize("with_its_key", [False, True])
def test_the_list_with_a_bad_signature_is_refused(tmp_path: Path, *, with_its_key: bool) -> None:
    anchors = [german("bad-signature-list.key.pem")] if with_its_key else []
    with pytest.raises(TrustListInvalid, match="by no anchor"):
        import_sources(
            tmp_path / "store", [german(BAD_SIGNATURE)], now=DECEMBER_2023, anchors=anchors
        )
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("name", [PRODUCTION, ACCEPTANCE, EDITION_2021])
def test_a_changed_byte_anywhere_refuses_the_list(name: str) -> None:
    (dialect,) = named("dcc_germany")
    reading = Reading("list", pinned_anchors())
    whole = german(name).read_bytes()
    chance = random.Random(name)  # noqa: S311 - the same places each time
    signed = len(whole.rstrip())
    places = [*range(100), *(chance.randrange(signed) for _ in range(60)), signed - 1]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        with pytest.raises(TrustListInvalid):
            dialect.read(bytes(damaged), reading)


def test_pinned_keys_are_those_of_the_published_key_files() -> None:
    pinned = {
        anchor.environment: anchor.spki
        for anchor in pinned_anchors()
        if anchor.dialect == "dcc_germany"
    }
    for environment in (Environment.PRODUCTION, Environment.ACCEPTANCE):
        lines = german(f"{environment}-list.key.pem").read_text().splitlines()
        assert pinned[environment] == base64.b64decode("".join(lines[1:-1]))


def test_an_acceptance_list_is_refused_by_a_production_store(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [german(PRODUCTION)], now=DECEMBER_2023)
    with pytest.raises(EnvironmentMixed):
        import_sources(store, [german(ACCEPTANCE)], now=DECEMBER_2023)
    with pytest.raises(EnvironmentMixed):
        import_sources(store, [german(ACCEPTANCE)], now=DECEMBER_2023, environment="production")
    with TrustStore.open(store) as opened:
        assert [each.keys for each in opened.lists()] == [829]


def test_an_older_edition_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [first] = import_sources(store, [german(EDITION_2021)], now=DECEMBER_2023).lists
    [second] = import_sources(store, [german(ACCEPTANCE)], now=DECEMBER_2023).lists
    assert first.changes is not None
    assert second.changes is not None
    assert len(second.changes.gone) + second.changes.unchanged == 122
    with pytest.raises(TrustListRollback):
        import_sources(store, [german(EDITION_2021)], now=DECEMBER_2023)
    with TrustStore.open(store) as opened:
        assert [each.keys for each in opened.lists()] == [610]


@pytest.mark.parametrize("name", [PRODUCTION, ACCEPTANCE])
def test_facts_agree_with_the_library(name: str) -> None:
    refused = 0
    for der, facts in certificates(name):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # long serial numbers and the like
            oracle = x509.load_der_x509_certificate(der)
        assert facts.not_before == int(oracle.not_valid_before_utc.timestamp())
        assert facts.not_after == int(oracle.not_valid_after_utc.timestamp())
        assert facts.signed == oracle.tbs_certificate_bytes
        assert facts.signature == oracle.signature
        assert facts.subject == oracle.subject.public_bytes()
        assert facts.issuer == oracle.issuer.public_bytes()
        key = oracle.public_key()
        assert facts.spki == key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        countries = oracle.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)
        assert facts.country == countries[0].value
        try:
            extensions = {each.oid: each.value for each in oracle.extensions}
        except ValueError:
            refused += 1
            continue
        purposes = extensions.get(x509.ExtendedKeyUsage.oid, ())
        assert facts.extended_key_usage == tuple(each.dotted_string for each in purposes)
    assert refused == 6  # five or six Finnish, and one Spanish in production


def test_certificates_that_the_library_refuses_keep_their_purposes() -> None:
    for name, number in ((PRODUCTION, 5), (ACCEPTANCE, 6)):
        finnish = [facts for _, facts in certificates(name) if facts.country == "FI"]
        limited = [facts for facts in finnish if uses_of(facts.extended_key_usage) == ALL_USES]
        assert len(finnish) == number
        assert len(limited) == 5
    spanish = {
        facts.extended_key_usage for _, facts in certificates(PRODUCTION) if facts.country == "ES"
    }
    assert ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4") in spanish


def test_kinds_of_keys_are_counted_as_in_the_notes() -> None:
    for name, expected in (
        (PRODUCTION, {"P-256": 791, "RSA 2048": 35, "RSA 4096": 3}),
        (
            ACCEPTANCE,
            {"P-256": 523, "RSA 2048": 74, "RSA 4096": 9, "RSA 3072": 3, "RSA 1024": 1},
        ),
    ):
        kinds = [kind_of(facts.spki) for _, facts in certificates(name)]
        assert {kind: kinds.count(kind) for kind in kinds} == expected


def test_purposes_are_counted_as_in_the_notes() -> None:
    facts = [facts for _, facts in certificates(PRODUCTION)]
    foreign = [each for each in facts if each.extended_key_usage]
    foreign = [each for each in foreign if not uses_of(each.extended_key_usage)]
    # The notes say 50: they counted with the library, which cannot read the Spanish one.
    assert len(foreign) == 51
    assert sum(not each.extended_key_usage for each in facts) == 334


def test_a_weak_key_is_kept_so_that_a_verdict_can_say_so(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [german(ACCEPTANCE)], now=DECEMBER_2023)
    with TrustStore.open(store) as opened:
        weak = [each.key for each in stored_in(opened) if kind_of(each.key.spki) == "RSA 1024"]
    assert [key.country for key in weak] == ["MK"]


def test_every_p256_key_has_the_form_that_the_desk_knows(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [german(PRODUCTION)], now=DECEMBER_2023)
    with TrustStore.open(store) as opened:
        keys = [each.key.spki for each in stored_in(opened) if kind_of(each.key.spki) == "P-256"]
    prefix = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
    assert {(len(spki), spki[: len(prefix)]) for spki in keys} == {(91, prefix)}


# Switzerland


def swiss_files() -> list[Path]:
    return [swiss("keys-list.jwt"), swiss("keys-updates.jwt")]


def test_the_swiss_keys_are_those_expected(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, swiss_files(), now=JULY_2021).lists
    assert (taken.name, taken.environment) == ("ch-production", Environment.PRODUCTION)
    assert (taken.keys, taken.authenticated, taken.refused) == (131, 131, ())
    expected = json.loads(swiss("expected-keys.json").read_text())
    with TrustStore.open(store) as opened:
        stored = {each.key.kid: each for each in stored_in(opened)}
        [held] = opened.lists()
    assert (held.stale_after, held.too_old_after) == (172_800, 7 * 86_400)
    assert set(stored) == {base64.b64decode(kid) for kid in expected}
    letters = {"t": "test", "v": "vaccination", "r": "recovery"}
    for kid, [said] in expected.items():
        each = stored[base64.b64decode(kid)]
        assert numbers_of(each.key.spki) == expected_numbers(said)
        uses = "" if said["use"] == "sig" else said["use"]
        assert each.key.uses == {letters[use] for use in uses if use in letters}
        assert each.role == ("other" if said["use"] == "l" else "signer")
        assert each.key.schemes == (frozenset() if said["use"] == "l" else {"eu-dcc"})


def numbers_of(spki: bytes) -> tuple[int, ...]:
    key = load_der_public_key(spki)
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_numbers().n, key.public_numbers().e
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key.public_numbers().x, key.public_numbers().y


def expected_numbers(said: dict[str, str]) -> tuple[int, ...]:
    names = ("n", "e") if said["n"] else ("x", "y")
    return tuple(int.from_bytes(base64.b64decode(said[each]), "big") for each in names)


@pytest.mark.parametrize("name", ["keys-list.jwt", "keys-updates.jwt"])
def test_a_changed_byte_anywhere_refuses_the_swiss_list(tmp_path: Path, name: str) -> None:
    whole = swiss(name).read_bytes()
    other = swiss_files()[name == "keys-list.jwt"]
    chance = random.Random(name)  # noqa: S311 - the same places each time
    places = [*range(8), *(chance.randrange(len(whole)) for _ in range(80)), len(whole) - 1]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        (tmp_path / name).write_bytes(damaged)
        sources = [tmp_path / name, other]
        report = import_sources(tmp_path / "store", sources, now=JULY_2021, keep_going=True)
        assert not report.complete
        assert not (tmp_path / "store").exists()


def test_the_swiss_root_is_pinned_with_the_name_of_its_signer() -> None:
    [anchor] = [each for each in pinned_anchors() if each.name == "ch-production"]
    root = x509.load_pem_x509_certificate(swiss("root.pem").read_bytes())
    assert anchor.spki == root.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    assert anchor.until == int(root.not_valid_after_utc.timestamp())
    stranger = anchor._replace(signer="Somebody else")
    reading = Reading("list", (stranger,), now=JULY_2021)
    with pytest.raises(TrustListInvalid) as refused:
        named("dcc_switzerland")[0].read(swiss("keys-list.jwt").read_bytes(), reading)
    assert refused.value.fault == Fault.SIGNER_NOT_FOR_LISTS


def test_the_swiss_signer_has_ended_by_now(tmp_path: Path) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(tmp_path / "store", swiss_files(), now=1_795_000_000)
    assert refused.value.fault == Fault.SIGNER_OUT_OF_DATE


# Sweden


def swedish_signer(folder: Path) -> Path:
    """Take the certificate out of the header, as an operator who has checked it would."""
    header = swedish().read_bytes().partition(b".")[0]
    members = json.loads(base64.urlsafe_b64decode(header + b"=="))
    path = folder / "signer.der"
    path.write_bytes(base64.b64decode(members["x5c"][0]))
    return path


def swedish() -> Path:
    return conformance("trustlists-dcc", "se", "example.jws")


def test_the_swedish_example_loads_but_for_its_p521_key(tmp_path: Path) -> None:
    anchors = [swedish_signer(tmp_path)]
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [swedish()], now=MAY_2021, anchors=anchors).lists
    assert (taken.name, taken.keys, taken.authenticated) == ("dcc-se:signer", 3, 3)
    assert {reason for _, reason in taken.refused} == {Refusal.KEY_KIND_UNKNOWN}
    with TrustStore.open(store) as opened:
        found = {(each.key.country, *sorted(each.key.uses)) for each in stored_in(opened)}
        [held] = opened.lists()
    assert found == {("DE", "test"), ("DE", "vaccination"), ("SE", "recovery", "vaccination")}
    assert (held.as_of, held.too_old_after) == (1_620_030_937, 86_400)


def test_the_swedish_example_is_nobody_s_without_its_anchor(tmp_path: Path) -> None:
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(tmp_path / "store", [swedish()], now=MAY_2021)
    assert refused.value.fault == Fault.SIGNER_UNKNOWN
    anchors = [swedish_signer(tmp_path)]
    with pytest.raises(TrustListInvalid) as refused:
        import_sources(tmp_path / "store", [swedish()], now=1_620_117_638, anchors=anchors)
    assert refused.value.fault == Fault.LIST_EXPIRED


def test_a_changed_byte_anywhere_refuses_the_swedish_example(tmp_path: Path) -> None:
    [dialect] = named("dcc_sweden")
    reading = Reading("list", read_anchors(swedish_signer(tmp_path)), now=MAY_2021)
    whole = swedish().read_bytes()
    chance = random.Random("se")  # noqa: S311 - the same places each time
    signed = len(whole.rstrip())
    for place in (*range(60), *(chance.randrange(signed) for _ in range(200)), signed - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        with pytest.raises(TrustListInvalid):
            dialect.read(bytes(damaged), reading)


# The Netherlands


@pytest.mark.parametrize("signed", [False, True])
def test_the_dutch_payload_loads_whole(tmp_path: Path, *, signed: bool) -> None:
    payload = conformance("trustlists-dcc", "nl", "payload-eu-keys.json").read_bytes()
    path, store, anchor = (tmp_path / name for name in ("nl.json", "store", "root.der"))
    anchor.write_bytes(ROOT)
    wrapped = {"payload": b64(payload), "signature": b64(cms(payload))}
    path.write_bytes(json.dumps(wrapped).encode() if signed else payload)
    how: dict[str, Any] = {"anchors": [anchor]} if signed else {"unsigned": True}
    [taken] = import_sources(store, [path], now=NOW, **how).lists
    # Of 32 ids both keys are the same, which is taken once.
    assert (taken.keys, [reason for _, reason in taken.refused]) == (903, [Refusal.DUPLICATE] * 32)
    assert taken.authenticated == (903 if signed else 0)
    with TrustStore.open(store) as opened:
        keys = [each.key for each in stored_in(opened)]
    assert sum(len(key.kid) != 8 for key in keys) == 39
    territories = {key.name for key in keys if key.country == "NL"}
    assert territories == {"NLD", "CUW", "ABW", "SXM"}
