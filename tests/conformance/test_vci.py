"""The VCI directory as published (SHC notes, 9 and 10), read where it lies."""

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.certificates import stored_in
from support.conformance import ROOT, conformance

from trustlists import ListReport, TrustStore, import_sources
from trustlists.anchors import pinned_anchors
from trustlists.dialects import is_companion, named
from trustlists.faults import Fault
from trustlists.published_keys import is_published
from trustlists.records import ParsedList, Reading, Refusal
from verifier.errors import TrustListInvalid, TrustListRollback
from verifier.trust import Environment, Freshness

SIGNED_AT = 1_787_373_830  # 2026-08-22T04:43:50Z
SNAPSHOT, SIGNATURE = "vci_snapshot.json", "vci_snapshot.sig"
ISSUERS, METADATA = "vci-issuers.json", "vci-issuers-metadata.json"
ANCHORS = tuple(anchor for anchor in pinned_anchors() if anchor.dialect == "vci")
[VCI] = named("vci")
DAY = 86_400


def file(*name: str) -> Path:
    return conformance("shc", "vci", *name)


@cache
def read(*beside: str, unsigned: bool = False) -> ParsedList:
    companions = tuple(file(name).read_bytes() for name in beside)
    anchors = () if unsigned else ANCHORS
    reading = Reading("source", anchors, companions=companions, unsigned=unsigned)
    return VCI.read(file(SNAPSHOT).read_bytes(), reading)


@cache
def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file(SNAPSHOT).read_bytes())["issuerInfo"]
    return found


def test_the_snapshot_authenticates_and_loads_whole(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [file(SNAPSHOT), file(SIGNATURE)], now=SIGNED_AT).lists
    assert (taken.name, taken.environment) == ("vci", Environment.PRODUCTION)
    assert (taken.keys, taken.authenticated, taken.refused) == (961, 961, ())
    with TrustStore.open(store) as opened:
        keys = stored_in(opened)
        for entry in entries():
            for jwk in entry["keys"]:
                iss = entry["issuer"]["iss"]
                assert [key.issuer for key in opened.find(jwk["kid"].encode(), iss)] == [iss]
        assert opened.floor() == SIGNED_AT
        [stored] = opened.lists()
    assert (stored.as_of, stored.sequence, stored.anchor) == (
        SIGNED_AT,
        SIGNED_AT,
        "vci-production",
    )
    assert len({each.key.issuer for each in keys}) == 650  # one of the 651 has no keys
    assert len({each.key.kid for each in keys}) == 596
    issuers = Counter(kid for kid, _ in {(each.key.kid, each.key.issuer) for each in keys})
    assert sum(number > 1 for number in issuers.values()) == 46
    assert max(issuers.values()) == 161
    assert all(each.key.schemes == {"smart-health-card"} for each in keys)
    assert not any(is_published(each.key.spki) for each in keys)


def test_what_was_withdrawn_is_as_published(tmp_path: Path) -> None:
    published = json.loads(file("crl", "index.json").read_bytes())
    expected = {
        (each["iss"], each["kid"].encode()): json.loads(file(*each["file"].split("/")).read_bytes())
        for each in published
    }
    found = read(SIGNATURE).revocations
    assert {(each.issuer, each.kid): list(each.ids) for each in found} == {
        key: crl["rids"] for key, crl in expected.items()
    }
    assert {(each.issuer, each.kid): each.counter for each in found} == {
        key: int(crl["ctr"]) for key, crl in expected.items()
    }
    assert sorted(len(each.ids) for each in found) == [0, 0, 0, 17, 555, 771]
    store = tmp_path / "trust.sqlite"
    import_sources(store, [file(SNAPSHOT), file(SIGNATURE)], now=SIGNED_AT)
    with closing(sqlite3.connect(store)) as connection:
        rows = connection.execute("SELECT kid, method, counter, ids FROM revocations")
        kept = {kid: (method, counter, len(ids.split())) for kid, method, counter, ids in rows}
    assert kept == {each.kid: ("rid", each.counter, len(each.ids)) for each in found}


def test_every_key_is_named_by_its_hash() -> None:
    # Unsigned, a key under another id would be refused.
    parsed = read(unsigned=True)
    assert (len(parsed.records), parsed.refused, parsed.anchor) == (961, [], None)


def test_ages_are_those_of_the_issuers() -> None:
    issuers = {record.issuer: record.confirmed for record in read(SIGNATURE).records}
    confirmed = [at for at in issuers.values() if at is not None]
    ages = [(SIGNED_AT - at) // DAY for at in confirmed]
    # The notes count 94 and 28 of all 651: the issuer without keys is one of the old ones.
    assert len(ages) == 650
    assert sum(at >= SIGNED_AT - DAY for at in confirmed) == 554
    assert sum(age >= 30 for age in ages) == 93
    assert sum(age >= 1_000 for age in ages) == 27


def test_keys_of_issuers_not_heard_of_are_too_old_to_rely_on(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    import_sources(store, [file(SNAPSHOT), file(SIGNATURE)], now=SIGNED_AT)
    quebec = "https://covid19.quebec.ca/PreuveVaccinaleApi/issuer"
    california = "https://myvaccinerecord.cdph.ca.gov/creds"
    with TrustStore.open(store) as opened:
        freshness = {
            each.key.issuer: each.key.list.freshness(SIGNED_AT) for each in stored_in(opened)
        }
    assert (freshness[quebec], freshness[california]) == (Freshness.TOO_OLD, Freshness.FRESH)


def test_the_whole_folder_makes_one_list_without_those_that_left(tmp_path: Path) -> None:
    # The signer's certificate lies beside; the odd keys are a file of our own data.
    store = tmp_path / "trust.sqlite"
    [taken] = import_sources(store, [file()], now=SIGNED_AT, keep_going=True).lists
    assert (taken.name, taken.keys, taken.authenticated) == ("vci", 946, 946)
    assert sum(reason is Refusal.NOT_LISTED for _, reason in taken.refused) == 14
    assert is_companion(file("vci_snapshot.crt").read_bytes())


def test_countries_are_told_where_all_locations_are_in_one() -> None:
    parsed = read(SIGNATURE, ISSUERS, METADATA)
    countries = {record.issuer: record.country for record in parsed.records}
    found = Counter(countries.values())
    assert set(found) == {"", "AU", "CA", "FM", "JP", "KY", "MH", "PW", "SN", "US"}
    assert countries["https://myvaccinerecord.cdph.ca.gov/creds"] == "US"
    # Canada's provinces, Quebec among them; and the one that is written with three letters.
    assert countries["https://covid19.quebec.ca/PreuveVaccinaleApi/issuer"] == "CA"
    assert found["JP"] == 1


def test_altered_copies_do_not_authenticate() -> None:
    snapshot, signature = file(SNAPSHOT).read_bytes(), file(SIGNATURE).read_bytes()
    dice = random.Random(3)  # noqa: S311 - the same places in every run
    places = [0, len(snapshot) - 1, *(dice.randrange(len(snapshot)) for _ in range(100))]
    altered = [snapshot[:at] + bytes((snapshot[at] ^ 1,)) + snapshot[at + 1 :] for at in places]
    altered += [snapshot + b"\n", snapshot[:-1], snapshot.replace(b"\n", b"")]
    pairs = [(data, signature) for data in altered]
    for at in range(len(signature)):
        changed = signature[:at] + bytes((signature[at] ^ 1,)) + signature[at + 1 :]
        pairs.append((snapshot, changed))
    for data, beside in pairs:
        with pytest.raises(TrustListInvalid) as refused:
            VCI.read(data, Reading("source", ANCHORS, companions=(beside,)))
        assert refused.value.fault in {Fault.SIGNER_UNKNOWN, Fault.COMPANION_MISSING}


def test_nothing_of_an_altered_copy_is_stored(tmp_path: Path) -> None:
    store, copy = tmp_path / "trust.sqlite", tmp_path / "copy.json"
    snapshot = file(SNAPSHOT).read_bytes()
    for data, beside, fault in (
        (
            snapshot.replace(b"State of California", b"Stade of California"),
            True,
            Fault.SIGNER_UNKNOWN,
        ),
        (snapshot, False, Fault.COMPANION_MISSING),
    ):
        copy.write_bytes(data)
        with pytest.raises(TrustListInvalid) as refused:
            import_sources(store, [copy, *[file(SIGNATURE)] * beside], now=SIGNED_AT)
        assert refused.value.fault == fault
        assert not store.exists()


def test_a_refused_copy_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store, copy = tmp_path / "trust.sqlite", tmp_path / "copy.json"
    import_sources(store, [file(SNAPSHOT), file(SIGNATURE)], now=SIGNED_AT)
    before = store.read_bytes()
    copy.write_bytes(file(SNAPSHOT).read_bytes().replace(b"2026-08-22T04", b"2026-08-21T04", 1))
    with pytest.raises(TrustListInvalid):
        import_sources(store, [copy, file(SIGNATURE)], now=SIGNED_AT)
    # Unsigned and older, it is another list, and never stands for the signed one.
    import_sources(store, [copy], now=SIGNED_AT, unsigned=True, environment="production")
    with TrustStore.open(store) as opened:
        assert {each.name: each.anchor for each in opened.lists()} == {
            "vci": "vci-production",
            "vci-unsigned": "",
        }
    assert before != store.read_bytes()


def test_an_unsigned_edition_may_not_go_back_either(tmp_path: Path) -> None:
    store, copy = tmp_path / "trust.sqlite", tmp_path / "copy.json"
    copy.write_bytes(file(SNAPSHOT).read_bytes())
    import_sources(store, [copy], now=SIGNED_AT, unsigned=True)
    copy.write_bytes(copy.read_bytes().replace(b"2026-08-22T04", b"2026-08-21T04", 1))
    with pytest.raises(TrustListRollback):
        import_sources(store, [copy], now=SIGNED_AT, unsigned=True)


def test_odd_keys_are_taken_or_refused_one_by_one() -> None:
    odd = json.loads(file("odd-keys.json").read_bytes())["keys"]
    [jwks] = named("jwks")
    reading = Reading("source", scheme="smart-health-card", issuer="https://specimen.test")
    parsed = jwks.read(json.dumps({"keys": [each["key"] for each in odd]}).encode(), reading)
    usable = [each for each in odd if each["why"] == ["kid-is-thumbprint-of-unpadded-coordinates"]]
    assert [record.kid.decode() for record in parsed.records] == [
        each["key"]["kid"] for each in usable
    ]
    assert 0 < len(parsed.records) < len(odd)
    assert len(parsed.records) + len(parsed.refused) == len(odd)
    reasons = {reason for _, reason in parsed.refused}
    assert reasons <= {Refusal.KID_DIFFERS, Refusal.KEY_KIND_UNKNOWN, Refusal.NOT_A_SIGNER}


def key_cases() -> list[Any]:
    path = ROOT / "shc" / "cases.json"
    if not path.exists():
        mark = pytest.mark.skip(reason="conformance data not here: shc/cases.json")
        return [pytest.param({}, marks=mark)]
    found = json.loads(path.read_bytes())["key_cases"]
    return [pytest.param(case, id=case["id"]) for case in found]


CODES = {
    "INVALID_KEY_WRONG_KID": {Refusal.KID_DIFFERS},
    "INVALID_KEY_WRONG_USE": {Refusal.NOT_A_SIGNER},
    "INVALID_KEY_WRONG_KTY": {Refusal.KEY_KIND_UNKNOWN},
    "INVALID_KEY_X5C": {Refusal.KEY_DIFFERS, Refusal.ISSUER_DIFFERS, Refusal.NOT_A_CERTIFICATE},
}


@pytest.mark.parametrize("case", key_cases())
def test_key_sets_are_judged_as_the_reference_tool_does(case: dict[str, Any]) -> None:
    [jwks] = named("jwks")
    reading = Reading("source", scheme="smart-health-card", issuer=case["options"].get("iss", ""))
    data = conformance("shc", *case["inputs"][0].split("/")).read_bytes()
    parsed = jwks.read(data, reading)
    reasons = {reason for _, reason in parsed.refused}
    assert bool(parsed.records) == (case["proposed"] == "accept")
    for code in case["must_contain"]:
        assert reasons & CODES[code]
    assert bool(reasons) == bool(case["must_contain"])


@pytest.mark.parametrize(
    "name",
    ["spec-examples/issuer/.well-known/jwks.json", "dev-tools/valid_keys.json"],
    ids=["the example issuer", "the tools"],
)
def test_keys_that_anybody_can_sign_with_are_for_tests_alone(name: str, tmp_path: Path) -> None:
    store, path = tmp_path / "trust.sqlite", conformance("shc", *name.split("/"))

    def taken(**how: str) -> ListReport:
        how |= {"dialect": "jwks", "scheme": "smart-health-card"}
        [report] = import_sources(store, [path], now=SIGNED_AT, keep_going=True, **how).lists
        return report

    assert taken().refusal
    assert {reason for _, reason in taken().refused} == {Refusal.PRIVATE_KEY_PUBLISHED}
    assert taken(environment="development").keys > 0
