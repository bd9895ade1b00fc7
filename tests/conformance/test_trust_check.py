"""The lint of trust lists on the lists of WHO's network, against their inventory (gdhcn-trust).

The expected numbers are counted from the inventory, which other software made, and by hand from
the certificates where it has no column.
"""

import base64
import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.conformance import conformance

from trustlists import TrustStore, import_sources
from trustlists.checking import CheckReport, Code, JwkProblem, check_sources, check_store, conforms

# The instant for which the inventory says what has expired, and when the production list was made.
AT = int(datetime(2026, 8, 22, 17, 5, 1, tzinfo=UTC).timestamp())
ENVIRONMENTS = ["prod", "uat", "dev"]
Row = dict[str, str]


def root(environment: str) -> Path:
    return conformance("gdhcn", environment, "v2", "trustlist", "did.json")


@cache
def inventory(environment: str) -> list[Row]:
    path = conformance("gdhcn", "inventory", f"{environment}-v2-entries.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def checked(environment: str) -> CheckReport:
    return check_sources([root(environment)], at=AT)


def kids(rows: list[Row]) -> Counter[str]:
    return Counter(row["kid"] for row in rows)


def found(report: CheckReport, *codes: Code) -> Counter[str]:
    return Counter(finding.entry for finding in report.findings if finding.code in codes)


def is_test_nation(row: Row) -> bool:
    return row["participant"] == "XXH"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_json_web_keys_are_judged_as_in_the_inventory(environment: str) -> None:
    entries = json.loads(root(environment).read_bytes())["verificationMethod"]
    keys = [entry["publicKeyJwk"] for entry in entries if isinstance(entry, dict)]
    bad = Counter(jwk["kid"] for jwk in keys if conforms(jwk))
    assert bad == kids([row for row in inventory(environment) if row["jwk_conforms"] == "False"])
    assert environment != "prod" or bad.total() == 402


def test_each_way_of_not_conforming_occurs() -> None:
    entries = json.loads(root("prod").read_bytes())["verificationMethod"]
    ways = {problem for entry in entries for problem in conforms(entry["publicKeyJwk"])}
    assert ways == {JwkProblem.CURVE, JwkProblem.LENGTH, JwkProblem.LEADING_ZERO}


def test_the_production_list_has_what_its_inventory_says() -> None:
    report, rows = checked("prod"), inventory("prod")
    signers = [row for row in rows if row["usage"] == "DSC"]
    authorities = [row for row in rows if row["usage"] == "CSCA"]
    assert found(report, Code.LIST_REFUSED, Code.ENTRY_REFUSED) == Counter()
    assert found(report, Code.LIST_NOT_AUTHENTICATED) == Counter()
    assert report.keys == len(rows)

    expired = [row for row in signers if row["status_2026_08_22"] == "expired"]
    assert found(report, Code.EXPIRED) == kids(expired)
    assert len(expired) == 289

    expired = [row for row in authorities if row["status_2026_08_22"] == "expired"]
    assert found(report, Code.AUTHORITY_EXPIRED) == kids(expired)
    assert len(expired) == 25

    bad = [row for row in rows if row["jwk_conforms"] == "False"]
    assert found(report, Code.JWK_NOT_CONFORMING) == kids(bad)

    by_sha1 = [row for row in signers if row["cert_sig_alg"] == "ecdsa-with-SHA1"]
    assert found(report, Code.ISSUER_SIGNATURE_UNCHECKABLE) == kids(by_sha1)
    assert len(by_sha1) == 5
    assert found(report, Code.ISSUER_SIGNATURE_WRONG) == Counter()

    unreadable = [row for row in rows if row["extensions"] != "ok"]
    assert found(report, Code.EXTENSIONS_UNREADABLE) == kids(unreadable)
    assert len(unreadable) == 12

    assert found(report, Code.TEST_NATION) == kids([row for row in rows if is_test_nation(row)])
    assert found(report, Code.KID_NOT_HASH) == Counter()
    assert found(report, Code.KID_OF_TWO_KEYS) == Counter()


def test_kinds_of_keys_and_ends_of_validity_are_those_of_the_inventory() -> None:
    report, rows = checked("prod"), inventory("prod")
    signers = [row for row in rows if row["usage"] == "DSC"]
    authorities = [row for row in rows if row["usage"] == "CSCA"]

    # The profile asks authorities for RSA of 3,000 bits, and signers for P-256 or RSA to 3,072.
    small = [row for row in authorities if row["key_type"] == "RSA" and bits(row) < 3000]
    other = [
        row
        for row in signers
        if (row["key_type"] == "RSA" and bits(row) > 3072)
        or (row["key_type"] == "EC" and row["curve_or_bits"] != "secp256r1")
    ]
    assert found(report, Code.KEY_UNUSUAL) == kids(small + other)
    assert found(report, Code.KEY_WEAK) == Counter()
    assert found(report, Code.PRIVATE_KEY_PUBLISHED) == Counter()

    limit = (datetime.fromtimestamp(AT, UTC) + timedelta(days=60)).date().isoformat()
    soon = [
        row
        for row in signers + authorities
        if row["status_2026_08_22"] == "valid" and row["not_after"] < limit
    ]
    # The inventory has days and no hours: the last day itself can fall on either side.
    edge = kids([row for row in signers + authorities if row["not_after"] == limit])
    named = found(report, Code.EXPIRES_SOON)
    assert kids(soon) <= named <= kids(soon) + edge
    assert named

    early = [row for row in rows if row["not_before"] > "2026-08-22"]
    assert found(report, Code.NOT_YET_VALID) == kids(early)
    assert found(report, Code.COUNTRY_DIFFERS) == Counter()
    # The list is of the day of the inventory: neither old nor near its end.
    ages = (Code.LIST_STALE, Code.LIST_TOO_OLD, Code.LIST_EXPIRED, Code.LIST_EXPIRES_SOON)
    assert found(report, *ages) == Counter()


def bits(row: Row) -> int:
    return int(row["curve_or_bits"])


def test_no_finding_on_the_production_list_is_unknown_to_these_tests() -> None:
    report = checked("prod")
    counted = {
        Code.EXPIRED, Code.EXPIRES_SOON, Code.AUTHORITY_EXPIRED, Code.KEY_UNUSUAL,
        Code.JWK_NOT_CONFORMING, Code.EXTENSIONS_UNREADABLE, Code.ISSUER_SIGNATURE_UNCHECKABLE,
        Code.OUTLIVES_AUTHORITY, Code.UNDER_EXPIRED_AUTHORITY, Code.KEY_UNDER_TWO_KIDS,
        Code.TEST_NATION, Code.KEY_IDENTIFIERS, *PROFILE,
    }  # fmt: skip
    assert set(report.counts()) <= counted


def test_the_profile_of_certificates_is_judged_as_other_software_reads_it() -> None:
    expected: dict[Code, set[str]] = {code: set() for code in PROFILE}
    for entry in json.loads(root("prod").read_bytes())["verificationMethod"]:
        usage = entry["keyusage"]["code"]
        if usage in {"#DSC", "#CSCA"}:
            jwk = entry["publicKeyJwk"]
            certificate = x509.load_der_x509_certificate(base64.b64decode(jwk["x5c"][0]))
            for code in _departures(certificate, is_authority=usage == "#CSCA"):
                expected[code].add(jwk["kid"])
    report = checked("prod")
    for code in PROFILE:
        assert found(report, code) == Counter(expected[code]), code


PROFILE = (Code.KEY_USAGE, Code.BASIC_CONSTRAINTS, Code.VALIDITY_LENGTH, Code.SUBJECT)


def _departures(certificate: x509.Certificate, *, is_authority: bool) -> Iterator[Code]:
    """Compare a certificate with the table of the notes, section 7."""
    days = (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days
    about_two_years = 2 * 366 + 31
    if not (730 <= days <= 4 * 366 if is_authority else days <= about_two_years):
        yield Code.VALIDITY_LENGTH
    kinds = {each.oid for each in certificate.subject if each.value}
    if not {x509.NameOID.COMMON_NAME, x509.NameOID.COUNTRY_NAME} <= kinds:
        yield Code.SUBJECT
    try:
        extensions = {type(each.value): each.value for each in certificate.extensions}
    except ValueError:
        return
    usage = extensions.get(x509.KeyUsage)
    assert usage is None or isinstance(usage, x509.KeyUsage)
    if usage is None or not (usage.key_cert_sign if is_authority else usage.digital_signature):
        yield Code.KEY_USAGE
    limits = extensions.get(x509.BasicConstraints)
    assert limits is None or isinstance(limits, x509.BasicConstraints)
    is_ca = limits is not None and limits.ca
    if is_ca != is_authority or (is_authority and limits is not None and limits.path_length):
        yield Code.BASIC_CONSTRAINTS


def test_signers_that_hang_on_old_authorities_are_those_of_the_notes() -> None:
    report = checked("prod")
    outlive: set[str] = set()
    under_expired: set[str] = set()
    same_key: dict[bytes, set[str]] = {}
    sha1 = {row["kid"] for row in inventory("prod") if row["cert_sig_alg"] == "ecdsa-with-SHA1"}
    for entry in json.loads(root("prod").read_bytes())["verificationMethod"]:
        if entry["keyusage"]["code"] != "#DSC":
            continue
        jwk = entry["publicKeyJwk"]
        own, above = (base64.b64decode(text) for text in jwk["x5c"][:2])
        certificate, issuer = map(x509.load_der_x509_certificate, (own, above))
        same_key.setdefault(_spki(certificate), set()).add(jwk["kid"])
        if jwk["kid"] in sha1:
            continue
        if certificate.not_valid_after_utc > issuer.not_valid_after_utc:
            outlive.add(jwk["kid"])
        if issuer.not_valid_after_utc.timestamp() < AT:
            under_expired.add(jwk["kid"])
    assert found(report, Code.OUTLIVES_AUTHORITY) == Counter(outlive)
    assert found(report, Code.UNDER_EXPIRED_AUTHORITY) == Counter(under_expired)
    assert (len(outlive), len(under_expired)) == (5, 78)
    twins = {kid for shared in same_key.values() if len(shared) > 1 for kid in shared}
    assert found(report, Code.KEY_UNDER_TWO_KIDS) == Counter(twins)
    countries = {row["participant"] for row in inventory("prod") if row["kid"] in twins}
    assert (len(twins), countries) == (2, {"IRL"})


def _spki(certificate: x509.Certificate) -> bytes:
    key = certificate.public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_store_says_the_same_as_the_file(tmp_path: Path) -> None:
    path = tmp_path / "trust.sqlite"
    import_sources(path, [root("prod")], now=AT)
    with TrustStore.open(path) as store:
        stored = check_store(store, at=AT).counts()
    of_file = checked("prod").counts()
    # Only the file still has the numbers as they were written.
    del of_file[Code.JWK_NOT_CONFORMING]
    assert stored == of_file


@pytest.mark.parametrize("environment", ENVIRONMENTS[1:])
def test_the_other_environments_are_judged_as_in_their_inventories(environment: str) -> None:
    report = checked(environment)
    refused = found(report, Code.ENTRY_REFUSED, Code.PRIVATE_KEY_PUBLISHED)
    rows = [row for row in inventory(environment) if row["kid"] not in refused]
    by_sha1 = {
        row["kid"]
        for row in rows
        if row["usage"] == "DSC" and row["cert_sig_alg"] == "ecdsa-with-SHA1"
    }
    assert set(found(report, Code.ISSUER_SIGNATURE_UNCHECKABLE)) == by_sha1
    unreadable = {row["kid"] for row in rows if row["extensions"] != "ok"}
    assert set(found(report, Code.EXTENSIONS_UNREADABLE)) == unreadable
    odd = {row["kid"] for row in rows if row["kid_is_sha256_8"] == "False"}
    assert set(found(report, Code.KID_NOT_HASH)) == odd


def test_keys_of_the_vci_directory_are_judged_where_they_stand() -> None:
    path = conformance("shc", "vci", "vci_snapshot.json")
    expected = Counter(
        base64.b64encode(jwk["kid"].encode()).decode()
        for issuer in json.loads(path.read_bytes())["issuerInfo"]
        for jwk in issuer["keys"]
        if {len(base64.urlsafe_b64decode(jwk[name] + "==")) for name in "xy"} != {32}
    )
    assert expected.total() == 2
    assert found(check_sources([path], at=AT), Code.JWK_NOT_CONFORMING) == expected
