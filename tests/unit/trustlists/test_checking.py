import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.certificates import (
    NULL,
    Key,
    b64,
    b64url,
    certificate,
    ec_key,
    extension,
    jwk,
    name,
    oid,
    pem,
    rsa_key,
    seq,
    signed_list,
    spki_of,
    tlv,
)

from trustlists import checking
from trustlists.anchors import Anchor
from trustlists.checking import (
    RULES,
    CheckReport,
    Code,
    Finding,
    JwkProblem,
    Severity,
    check_sources,
    check_store,
    conforms,
)
from trustlists.gathering import Gathered
from trustlists.records import (
    Ages,
    Certified,
    Dialect,
    KeyRecord,
    ParsedList,
    Refusal,
    RefusedEntry,
    Role,
    read_certified,
    record_of,
)
from trustlists.store import TrustStore
from trustlists.writing import ListFacts, drafting
from verifier.trust import Environment

DAY = 86_400
AT = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
ANCHOR = Anchor("anchor", spki_of(ec_key("list")), b"f")
DCC = frozenset({"eu-dcc"})

DSC_USAGE = extension("551d0f", b"\x03\x02\x07\x80")
CA_USAGE = extension("551d0f", b"\x03\x02\x02\x04")
CA_0 = extension("551d13", seq(b"\x01\x01\xff", b"\x02\x01\x00"), critical=b"\x01\x01\xff")
CA_1 = extension("551d13", seq(b"\x01\x01\xff", b"\x02\x01\x01"), critical=b"\x01\x01\xff")
ROOT_NAME = name(country="DE", common="Root")
SUBJECT = name(country="DE", common="Signer")
ECDSA_SHA1 = seq(oid("2a8648ce3d0401"))


def own_id(key_id: bytes) -> bytes:
    return extension("551d0e", tlv(0x04, key_id))


def id_above(key_id: bytes) -> bytes:
    return extension("551d23", seq(tlv(0x80, key_id)))


def day(text: str) -> bytes:
    return tlv(0x18, text.replace("-", "").encode() + b"000000Z")


def root(key: Key | None = None, **how: Any) -> bytes:
    """Write the certificate of an authority that meets the profile."""
    parts: dict[str, Any] = {
        "subject": ROOT_NAME,
        "not_before": day("2026-06-01"),
        "not_after": day("2029-06-01"),
        "extensions": [CA_0, CA_USAGE, own_id(b"root")],
    }
    return certificate(key or ec_key("root"), **{**parts, **how})


def signer(key: Key | None = None, **how: Any) -> bytes:
    """Write the certificate of a signer that meets the profile, under ``root``."""
    parts: dict[str, Any] = {
        "signer": ec_key("root"),
        "issuer": ROOT_NAME,
        "subject": SUBJECT,
        "not_before": day("2026-07-01"),
        "not_after": day("2028-07-01"),
        "extensions": [DSC_USAGE, own_id(b"dsc"), id_above(b"root")],
    }
    return certificate(key or ec_key("dsc"), **{**parts, **how})


def record(der: bytes, role: Role = Role.SIGNER, **how: Any) -> KeyRecord:
    certified = read_certified(der)
    assert isinstance(certified, Certified)
    made = record_of(certified, schemes=DCC, country="", anchor=ANCHOR)
    return made._replace(role=role, **how)


ROOT = record(root(), Role.AUTHORITY)


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> set[bytes]:
    """Stand in for the table of private keys that are public."""
    keys: set[bytes] = set()
    module = ModuleType("trustlists.published_keys")
    module.is_published = keys.__contains__  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trustlists.published_keys", module)
    return keys


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """Put records into a store and check it."""

    def checked(records: Sequence[KeyRecord], **how: Any) -> CheckReport:
        facts: dict[str, Any] = {
            "name": "list",
            "dialect": "pem",
            "environment": Environment.PRODUCTION,
            "source": "file",
            "as_of": AT,
            "imported_at": AT,
            "digest": b"",
            "sequence": None,
            "anchor": ANCHOR,
            "ages": Ages(),
        }
        soon = how.pop("soon", checking.SOON)
        path = tmp_path / "trust.sqlite"
        with drafting(path) as draft:
            draft.put(ListFacts(**{**facts, **how}), records)
        with TrustStore.open(path) as store:
            return check_store(store, at=AT, soon=soon)

    return checked


def codes(report: CheckReport) -> list[Code]:
    return [finding.code for finding in report.findings]


def details(report: CheckReport) -> dict[Code, str]:
    return {finding.code: finding.detail for finding in report.findings}


def test_every_code_has_words_and_codes_are_not_reused() -> None:
    assert set(RULES) == set(Code)
    assert [code.value for code in Code] == [f"TRL-{n:03}" for n in range(1, len(Code) + 1)]
    assert all(rule.what.endswith(".") and rule.next_step.endswith(".") for rule in RULES.values())


def test_a_list_that_meets_the_profile_has_no_findings(check: Any) -> None:
    report = check([ROOT, record(signer())])
    assert report.findings == ()
    assert (report.lists, report.keys, report.counts()) == (("list",), 2, {})
    assert not report.reaches(Severity.NOTE)


def test_levels_include_the_worse_ones(check: Any) -> None:
    report = check([ROOT, record(signer(not_after=day("2026-12-01")))])
    assert report.reaches(Severity.NOTE)
    assert report.reaches(Severity.WARNING)
    assert not report.reaches(Severity.ERROR)


@pytest.mark.parametrize(
    ("how", "code", "detail"),
    [
        ({"not_after": day("2026-12-31")}, Code.EXPIRED, "2026-12-31"),
        ({"not_after": day("2027-02-28")}, Code.EXPIRES_SOON, "2027-02-28"),
        ({"not_before": day("2027-01-02")}, Code.NOT_YET_VALID, "2027-01-02"),
        ({"not_after": day("2029-05-31")}, Code.VALIDITY_LENGTH, "1065 days"),
        ({"subject": name(country="DE", common="")}, Code.SUBJECT, "common name"),
        ({"subject": name(country=None)}, Code.SUBJECT, "country"),
        ({"signer": ec_key("other")}, Code.ISSUER_SIGNATURE_WRONG, ""),
        ({"signer": rsa_key(2048)}, Code.ISSUER_SIGNATURE_WRONG, ""),
        ({"algorithm": ECDSA_SHA1}, Code.ISSUER_SIGNATURE_UNCHECKABLE, ""),
        ({"algorithm": seq(oid("608648016503040302"))}, Code.ISSUER_SIGNATURE_UNCHECKABLE, ""),
        ({"algorithm": seq(oid("2b6570"))}, Code.ISSUER_SIGNATURE_UNCHECKABLE, ""),
        ({"algorithm": seq(oid("2b0601"))}, Code.ISSUER_SIGNATURE_UNCHECKABLE, ""),
        ({"issuer": name(common="Nobody")}, Code.AUTHORITY_NOT_LISTED, ""),
        (
            {"signer": ec_key("dsc"), "issuer": SUBJECT},
            Code.AUTHORITY_NOT_LISTED,
            "it signed itself",
        ),
        (
            {
                "signer": ec_key("new root"),
                "extensions": [DSC_USAGE, own_id(b"d"), id_above(b"new")],
            },
            Code.AUTHORITY_NOT_LISTED,
            "only another key of the same name is",
        ),
        ({"extensions": [own_id(b"d"), id_above(b"root")]}, Code.KEY_USAGE, "none said"),
        (
            {"extensions": [CA_USAGE, own_id(b"d"), id_above(b"root")]},
            Code.KEY_USAGE,
            "without digitalSignature",
        ),
        (
            {"extensions": [DSC_USAGE, CA_0, own_id(b"d"), id_above(b"root")]},
            Code.BASIC_CONSTRAINTS,
            "a signer that is a CA",
        ),
        (
            {"extensions": [DSC_USAGE]},
            Code.KEY_IDENTIFIERS,
            "no id of its own key; no id of the authority's key",
        ),
        (
            {"extensions": [DSC_USAGE, own_id(b"d"), extension("551d23", seq())]},
            Code.KEY_IDENTIFIERS,
            "no id of the authority's key",
        ),
        (
            {"extensions": [DSC_USAGE, own_id(b"d"), id_above(b"another")]},
            Code.KEY_IDENTIFIERS,
            "id of another key than the authority's",
        ),
    ],
)
def test_each_oddity_of_a_signer_is_found_alone(
    check: Any, how: dict[str, Any], code: Code, detail: str
) -> None:
    report = check([ROOT, record(signer(**how))])
    assert [(finding.code, finding.detail) for finding in report.findings] == [(code, detail)]
    assert report.findings[0].entry == b64(record(signer(**how)).kid)


@pytest.mark.parametrize(
    ("how", "code", "detail"),
    [
        ({"not_after": day("2026-12-31")}, Code.AUTHORITY_EXPIRED, "2026-12-31"),
        ({"not_after": day("2031-01-01")}, Code.VALIDITY_LENGTH, "1675 days"),
        ({"extensions": [CA_0, DSC_USAGE, own_id(b"r")]}, Code.KEY_USAGE, "without keyCertSign"),
        (
            {"extensions": [CA_USAGE, own_id(b"r")]},
            Code.BASIC_CONSTRAINTS,
            "an authority that is no CA",
        ),
        (
            {"extensions": [CA_1, CA_USAGE, own_id(b"r")]},
            Code.BASIC_CONSTRAINTS,
            "path length above 0",
        ),
        ({"extensions": [CA_0, CA_USAGE]}, Code.KEY_IDENTIFIERS, "no id of its own key"),
    ],
)
def test_each_oddity_of_an_authority_is_found(
    check: Any, how: dict[str, Any], code: Code, detail: str
) -> None:
    report = check([record(root(**how), Role.AUTHORITY)])
    assert details(report)[code] == detail


def test_the_shell_model_is_looked_at(check: Any) -> None:
    short = record(root(not_after=day("2026-12-31")), Role.AUTHORITY)
    report = check([short, record(signer())])
    assert details(report)[Code.OUTLIVES_AUTHORITY] == "authority until 2026-12-31"
    assert details(report)[Code.UNDER_EXPIRED_AUTHORITY] == "2026-12-31"
    assert Code.EXPIRED not in codes(report)


def test_an_authority_under_two_certificates_counts_by_the_longer(check: Any) -> None:
    short = record(root(not_after=day("2026-12-31")), Role.AUTHORITY)
    report = check([short, ROOT, record(signer())])
    assert Code.OUTLIVES_AUTHORITY not in codes(report)


def test_signatures_by_rsa_are_checked(check: Any) -> None:
    authority = record(root(rsa_key(2048)), Role.AUTHORITY)
    for salt in (None, 32):
        good = record(signer(signer=rsa_key(2048), salt=salt))
        # 2048 bits are few for an authority.
        assert details(check([authority, good])) == {Code.KEY_UNUSUAL: "RSA 2048"}
    large = record(root(rsa_key(3072)), Role.AUTHORITY)
    assert codes(check([large, record(signer(signer=rsa_key(3072)))])) == []
    elliptic = record(signer())
    assert Code.ISSUER_SIGNATURE_WRONG in codes(check([authority, elliptic]))
    not_rsa = record(signer(signer=rsa_key(2048)))
    assert codes(check([ROOT, not_rsa])) == [Code.ISSUER_SIGNATURE_WRONG]


def test_a_key_that_no_library_reads_leaves_the_signature_uncheckable(check: Any) -> None:
    spki = seq(seq(oid("2a8648ce3d0201"), oid("2b0601")), tlv(0x03, b"\0\4xxxx"))
    strange = record(root(spki=spki), Role.AUTHORITY)
    report = check([strange, record(signer())])
    assert Code.ISSUER_SIGNATURE_UNCHECKABLE in codes(report)


def test_a_list_without_authorities_is_told_once(check: Any) -> None:
    report = check([record(signer()), record(signer(ec_key("two")))])
    assert codes(report) == [Code.NO_AUTHORITIES]
    assert report.findings[0].entry == ""


@pytest.mark.parametrize(
    "broken",
    [
        extension("551d13", seq(b"\x01\x01\x00")),  # Finland: the default, written out
        extension("551d13", seq(b"\x02\x01\x00")),  # Spain: a path length without cA
    ],
)
def test_extensions_that_a_strict_reader_refuses_cost_only_the_profile(
    check: Any, broken: bytes
) -> None:
    report = check([ROOT, record(signer(extensions=[broken]))])
    assert codes(report) == [Code.EXTENSIONS_UNREADABLE]


def test_an_extension_twice_is_unreadable(check: Any) -> None:
    report = check([ROOT, record(signer(extensions=[DSC_USAGE, DSC_USAGE]))])
    assert codes(report) == [Code.EXTENSIONS_UNREADABLE]


def test_a_certificate_that_the_library_refuses_is_still_looked_at(check: Any) -> None:
    report = check([ROOT, record(signer(version=b"\xa0\x03\x02\x01\x07"))])
    assert codes(report) == [Code.EXTENSIONS_UNREADABLE, Code.ISSUER_SIGNATURE_UNCHECKABLE]


def test_a_subject_that_the_library_refuses_is_not_judged(check: Any) -> None:
    odd = seq(tlv(0x31, seq(oid("550406"), tlv(0x13, b"DE"))), tlv(0x31, seq(oid("550403"), NULL)))
    report = check([ROOT, record(signer(subject=odd))])
    assert Code.SUBJECT not in codes(report)


def test_what_is_no_certificate_has_no_facts(check: Any) -> None:
    report = check([record(signer())._replace(certificate=b"rubbish")])
    assert codes(report) == []


@pytest.mark.parametrize(
    ("spki", "code", "detail"),
    [
        (spki_of(rsa_key(1024)), Code.KEY_WEAK, "RSA 1024"),
        (spki_of(rsa_key(4096)), Code.KEY_UNUSUAL, "RSA 4096"),
        (spki_of(ec_key("k", "P-384")), Code.KEY_UNUSUAL, "P-384"),
    ],
)
def test_kinds_of_keys(check: Any, spki: bytes, code: Code, detail: str) -> None:
    bare = ROOT._replace(role=Role.SIGNER, certificate=None, spki=spki)
    report = check([bare])
    assert details(report) == {code: detail}


def test_a_key_whose_private_half_is_public_is_an_error(check: Any, published: set[bytes]) -> None:
    published.add(spki_of(ec_key("dsc")))
    report = check([ROOT, record(signer())])
    assert codes(report) == [Code.PRIVATE_KEY_PUBLISHED]
    assert report.reaches(Severity.ERROR)


def test_ids_and_keys_that_clash(check: Any) -> None:
    one, two = record(signer()), record(signer(ec_key("two")))
    report = check([ROOT, one, two._replace(kid=one.kid)])
    assert report.counts() == {Code.KID_OF_TWO_KEYS: 2, Code.KID_NOT_HASH: 1}
    again = record(signer(not_after=day("2028-06-01")))
    assert check([ROOT, one, again]).counts() == {Code.KEY_UNDER_TWO_KIDS: 2}
    as_authority = again._replace(role=Role.OTHER, kid=one.kid)
    assert check([ROOT, one, as_authority]).counts() == {Code.KID_NOT_HASH: 1}


def test_test_nations_are_found_by_role_and_by_country(check: Any) -> None:
    nowhere = name(country="XH", common="X")
    nation = record(signer(subject=nowhere), Role.TEST_NATION)
    authority = record(root(ec_key("x"), subject=nowhere), Role.TEST_NATION)
    assert check([ROOT, authority, nation]).counts() == {Code.TEST_NATION: 2}
    trusted = nation._replace(role=Role.SIGNER)
    assert codes(check([ROOT, trusted])) == [Code.TEST_NATION]
    assert codes(check([ROOT, trusted], environment=Environment.DEVELOPMENT)) == []
    kosovo = record(signer(subject=name(country="XK", common="K")))
    assert codes(check([ROOT, kosovo])) == []


def test_another_country_in_the_certificate(check: Any) -> None:
    report = check([ROOT, record(signer(), country="FR")])
    assert details(report) == {Code.COUNTRY_DIFFERS: "certificate of DE"}


def test_keys_of_other_uses_and_schemes_are_not_held_to_the_profile(check: Any) -> None:
    other = record(signer(extensions=(), not_after=day("2026-12-31")), Role.OTHER)
    assert codes(check([ROOT, other])) == []
    card = record(signer(extensions=()), schemes=frozenset({"vds-nc"}), kid=b"card")
    bare_root = record(root(extensions=[CA_0]), Role.AUTHORITY, schemes=frozenset())
    assert codes(check([bare_root, card])) == []


def test_lists_are_named_when_they_are_old_or_nobody_vouches(check: Any) -> None:
    report = check([ROOT._replace(anchor=None)], anchor=None, as_of=AT - 8 * DAY)
    assert codes(report) == [Code.LIST_NOT_AUTHENTICATED, Code.LIST_STALE]
    assert details(report)[Code.LIST_NOT_AUTHENTICATED] == "1 of 1 keys"
    assert codes(check([ROOT], as_of=AT - 90 * DAY)) == [Code.LIST_TOO_OLD]
    assert check([], as_of=AT).findings == ()


def test_an_anchor_whose_time_is_over(check: Any) -> None:
    ended = ANCHOR._replace(until=AT - DAY)
    report = check([ROOT._replace(anchor=ended)])
    assert details(report) == {Code.ANCHOR_ENDED: "2026-12-31"}


def test_soon_is_the_operators_word(check: Any) -> None:
    records = [ROOT, record(signer(not_after=day("2027-02-28")))]
    assert codes(check(records, soon=30 * DAY)) == []
    assert codes(check(records, soon=90 * DAY)) == [Code.EXPIRES_SOON]


def test_files_are_looked_into_without_being_stored(tmp_path: Path) -> None:
    path = tmp_path / "keys.pem"
    path.write_text(pem(signer()) + pem(b"rubbish") + pem(b"x", "PRIVATE KEY"))
    report = check_sources([path], at=AT)
    assert codes(report) == [
        Code.PRIVATE_KEY_PUBLISHED,
        Code.ENTRY_REFUSED,
        Code.LIST_NOT_AUTHENTICATED,
        Code.NO_AUTHORITIES,
    ]
    refused = report.findings[1]
    assert refused == Finding(
        Code.ENTRY_REFUSED,
        "keys.pem",
        "pem:keys",
        "block 2",
        detail="not a certificate that can be read",
    )
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(pem(root()))
    vouched = check_sources([path], at=AT, anchors=[anchor])
    assert Code.LIST_NOT_AUTHENTICATED not in codes(vouched)
    by_object = check_sources([path], at=AT, anchors=[ANCHOR])
    assert Code.LIST_NOT_AUTHENTICATED in codes(by_object)


def test_sources_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(signed_list([]))
    report = check_sources([wrong, tmp_path / "none"], at=AT)
    assert codes(report) == [Code.LIST_REFUSED, Code.LIST_REFUSED]
    assert report.findings[0].source == "wrong.txt"
    assert "no anchor known here" in report.findings[0].detail
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "stray").write_text("nothing")
    assert codes(check_sources([folder], at=AT)) == [Code.LIST_REFUSED, Code.ENTRY_REFUSED]


@pytest.mark.parametrize(
    ("days", "code"),
    [(-1, Code.LIST_EXPIRED), (2, Code.LIST_EXPIRES_SOON), (4, None)],
)
def test_what_a_list_says_of_its_own_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: int, code: Code | None
) -> None:
    parsed = ParsedList(
        "list",
        [ROOT],
        [RefusedEntry("entry 2", Refusal.PRIVATE_KEY_PUBLISHED)],
        anchor=ANCHOR,
        dated=AT - 8 * DAY,
        expires=AT + days * DAY,
    )
    dialect = Dialect(("x",), lambda _: True, lambda _, __: parsed)
    outcome = Gathered("file", dialect, b"", parsed)
    monkeypatch.setattr(checking, "gather_all", lambda *_: [outcome])
    report = check_sources([tmp_path / "none"], at=AT)
    expected = [Code.PRIVATE_KEY_PUBLISHED, code, Code.LIST_STALE]
    assert sorted(codes(report)) == sorted(each for each in expected if each)


def rsa_jwk(**members: object) -> dict[str, object]:
    modulus = b64url(int(rsa_key(2048).n).to_bytes(256, "big"))
    return {"kty": "RSA", "n": modulus, "e": "AQAB", **members}


GOOD = jwk(ec_key("jwk"))
X = int(ec_key("jwk").pointQ.x).to_bytes(32, "big")


@pytest.mark.parametrize(
    ("key", "problems"),
    [
        (GOOD, []),
        (rsa_jwk(), []),
        (jwk(ec_key("jwk", "P-384")), []),
        ({"kty": "OKP"}, []),
        ({}, [JwkProblem.KIND]),
        ({"kty": ["EC"]}, [JwkProblem.KIND]),
        ({**GOOD, "crv": "UNKNOWN CURVE"}, [JwkProblem.CURVE]),
        ({**GOOD, "crv": ["P-256"]}, [JwkProblem.CURVE]),
        ({**GOOD, "x": b64url(b"\0" + X)}, [JwkProblem.LENGTH]),
        ({**GOOD, "x": b64url(X[1:])}, [JwkProblem.LENGTH]),
        ({**GOOD, "x": b64url(X) + "="}, [JwkProblem.PADDING]),
        ({**GOOD, "x": b64(b"\xff" * 32)}, [JwkProblem.PADDING, JwkProblem.ALPHABET]),
        ({**GOOD, "y": 7}, [JwkProblem.MISSING]),
        ({"kty": "EC"}, [JwkProblem.CURVE, JwkProblem.MISSING]),
        (rsa_jwk(e="AAEAAQ"), [JwkProblem.LEADING_ZERO]),
        (rsa_jwk(n=""), [JwkProblem.MISSING]),
    ],
)
def test_json_web_keys_are_held_to_their_standard(
    key: dict[str, object], problems: list[JwkProblem]
) -> None:
    assert conforms(key) == problems


def test_json_web_keys_are_looked_at_as_they_are_written(tmp_path: Path) -> None:
    bad = {**GOOD, "x": b64url(b"\0" + X)}
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [GOOD, bad, {**bad, "kid": ""}, "no key"]}))
    found = check_sources([path], at=AT).findings
    jwks = [each for each in found if each.code is Code.JWK_NOT_CONFORMING]
    assert [(each.entry, each.detail) for each in jwks] == [
        ("AAECAwQFBgc=", "length of a coordinate"),
        ("key 3", "length of a coordinate"),
    ]
    methods = [{"publicKeyJwk": bad}, {"publicKeyJwk": 7}, "did:web:example.org"]
    path.write_text(json.dumps({"verificationMethod": methods}))
    assert Code.JWK_NOT_CONFORMING in codes(check_sources([path], at=AT))
    path.write_text("{not JSON")
    assert codes(check_sources([path], at=AT)) == [Code.LIST_REFUSED]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_bytes_make_a_check_fail(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "file"
    for data in (rubbish, b"{" + rubbish, b'{"keys": [' + rubbish + b"]}"):
        path.write_bytes(data)
        check_sources([path], at=AT)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_certificate_makes_a_check_fail(tmp_path: Path, place: int, octet: int) -> None:
    der = bytearray(signer())
    der[place % len(der)] = octet
    path = tmp_path / "file.pem"
    path.write_text(pem(bytes(der)) + pem(root()))
    check_sources([path], at=AT)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "n", "e"]),
        st.one_of(
            st.none(), st.text(), st.integers(), st.lists(st.text()), st.sampled_from(["EC", "RSA"])
        ),
    )
)
def test_no_json_web_key_makes_a_check_fail(key: dict[str, object]) -> None:
    assert isinstance(conforms(key), list)
