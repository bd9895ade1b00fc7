import json

import pytest
from support.certificates import (
    CA,
    CLIENT,
    VACCINATION,
    b64,
    b64url,
    certificate,
    ec_key,
    eku,
    entry,
    jwk,
    name,
    pem,
    rsa_key,
    sign_body,
    signed_list,
    spki_of,
)

from trustlists.anchors import Anchor
from trustlists.dialects import dialects, named, recognised
from trustlists.json_text import read_array, read_object
from trustlists.pem_text import read_blocks
from trustlists.public_keys import kind_of
from trustlists.records import REFUSAL_WORDS, ParsedList, Reading, Refusal
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustListInvalid
from verifier.trust import Environment

LIST_KEY = Anchor("list-key", spki_of(ec_key("list")), b"fingerprint")
ROOT_NAME = name(common="root")
ROOT = certificate(ec_key("root"), subject=ROOT_NAME, extensions=[CA])
ROOT_ANCHOR = Anchor("root", spki_of(ec_key("root")), b"r", read_certificate(ROOT))
DSC = certificate(
    ec_key("dsc"), signer=ec_key("root"), issuer=ROOT_NAME, extensions=[eku(VACCINATION)]
)
SELF_SIGNED = certificate(ec_key("self"), subject=name(country="uk"))


def read(dialect: str, data: bytes | str, *anchors: Anchor, **how: object) -> ParsedList:
    found = named("dcc_germany" if dialect == "dcc" else dialect)[0]
    content = data.encode() if isinstance(data, str) else data
    return found.read(content, Reading("source", anchors, **how))


def reasons(parsed: ParsedList) -> list[Refusal]:
    return [reason for _, reason in parsed.refused]


def test_dialects_are_found_by_scanning_the_folder() -> None:
    found = [dialect.names[0] for dialect in dialects()]
    assert {"dcc", "divoc", "gdhcn", "icao", "jwks", "nzcp", "pem", "vci"} <= set(found)
    # Collections of keys come last: a published list may look like one.
    gathering = [dialect.gathers for dialect in dialects()]
    assert gathering == sorted(gathering)
    assert {dialect.names[-1] for dialect in named("dcc")} == {
        "dcc_austria",
        "dcc_france",
        "dcc_gateway",
        "dcc_germany",
        "dcc_italy",
        "dcc_netherlands",
        "dcc_norway",
        "dcc_sweden",
        "dcc_switzerland",
    }
    assert named("dcc_germany")[0] in named("dcc")
    assert not named("nothing")


def test_every_refusal_has_words() -> None:
    assert set(REFUSAL_WORDS) == set(Refusal)


@pytest.mark.parametrize(
    ("head", "name_"),
    [
        (signed_list([]), "dcc"),
        (b'\n {"keys": []}', "jwks"),
        (pem(DSC).encode(), "pem"),
        (b"Subject: somebody\n" + pem(DSC).encode(), "pem"),
        (DSC, "pem"),
        (b'{"certificates": []}', None),
        (b"", None),
        (b"0" * 100, None),
    ],
)
def test_lists_are_recognised_by_their_first_bytes(head: bytes, name_: str | None) -> None:
    found = recognised(head)
    assert (found.names[0] if found else None) == name_


# The lists of Germany


def test_a_signed_list_is_read_and_vouched_for() -> None:
    newer = entry(SELF_SIGNED, timestamp="2026-11-02T00:00:00+00:00")
    parsed = read("dcc", signed_list([entry(DSC), newer]), LIST_KEY)
    assert parsed.name == "dcc:list-key"
    assert (parsed.anchor, parsed.environment, parsed.dated) == (LIST_KEY, None, None)
    assert parsed.sequence == 1793577600
    first, second = parsed.records
    assert first.certificate == DSC
    assert first.spki == spki_of(ec_key("dsc"))
    assert first.uses == {"vaccination"}
    assert first.schemes == {"eu-dcc"}
    assert first.anchor == LIST_KEY
    assert (first.country, second.country) == ("XS", "GB")
    assert (first.not_before, first.not_after) == (1767225600, 2082758400)


def test_a_pinned_key_names_list_and_environment() -> None:
    pinned = LIST_KEY._replace(name="xs-production", environment=Environment.PRODUCTION)
    parsed = read("dcc", signed_list([entry(DSC)]), pinned)
    assert (parsed.name, parsed.environment) == ("xs-production", Environment.PRODUCTION)


@pytest.mark.parametrize("end", [b"", b"\n", b" \r\n\t"])
def test_white_space_at_the_end_is_not_signed(end: bytes) -> None:
    assert len(read("dcc", signed_list([entry(DSC)], end=end), LIST_KEY).records) == 1


def test_any_changed_byte_refuses_the_list() -> None:
    whole = signed_list([entry(DSC)], end=b"\n")
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        with pytest.raises(TrustListInvalid):
            read("dcc", bytes(damaged), LIST_KEY)


def test_the_unused_bits_of_the_signature_text_are_not_free() -> None:
    whole = signed_list([entry(DSC)])
    place = whole.index(b"==\n") - 1
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(whole[place : place + 1]) ^ 1]
    with pytest.raises(TrustListInvalid, match="by no anchor"):
        read("dcc", whole[:place] + bytes((other,)) + whole[place + 1 :], LIST_KEY)


@pytest.mark.parametrize(
    "anchor",
    [
        LIST_KEY._replace(spki=spki_of(ec_key("another"))),
        LIST_KEY._replace(spki=spki_of(ec_key("list", "P-384"))),
        LIST_KEY._replace(spki=spki_of(rsa_key(2048))),
        LIST_KEY._replace(spki=spki_of(ec_key("list"))[:-1] + b"?"),
    ],
    ids=["another", "P-384", "RSA", "off the curve"],
)
def test_a_list_signed_by_no_anchor_is_refused(anchor: Anchor) -> None:
    with pytest.raises(TrustListInvalid, match="by no anchor"):
        read("dcc", signed_list([entry(DSC)]), anchor)


@pytest.mark.parametrize(
    "body",
    [
        b'{"certificates": 1}',
        b"{}",
        b'{"certificates": [], "certificates": []}',
        b'{"certificates": [NaN]}',
        b'{"a": "\xff"}',
        b'{"a":' * 100_000,
        b'{"certificates": [' + b"1," * 20_000 + b"1]}",
    ],
    ids=["number", "none", "twice", "NaN", "not UTF-8", "deep", "many"],
)
def test_a_signed_body_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(TrustListInvalid):
        read("dcc", sign_body(body, ec_key("list")) + b"\n" + body, LIST_KEY)


def test_a_bad_record_costs_only_itself() -> None:
    no_key = certificate(ec_key("dsc"), spki=b"\x30\x00")
    entries = [
        1,
        entry(DSC, certificateType="CSCA"),
        entry(DSC, rawData="?"),
        entry(DSC, rawData=5),
        entry(DSC, kid="AAAAAAAAAAA="),
        entry(no_key),
        entry(DSC, timestamp="never"),
        entry(SELF_SIGNED, timestamp="2026-01-01"),
    ]
    parsed = read("dcc", signed_list(entries), LIST_KEY)
    assert reasons(parsed) == [
        Refusal.MALFORMED,
        Refusal.NOT_A_SIGNER,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.KID_DIFFERS,
        Refusal.KEY_UNREADABLE,
    ]
    assert len(parsed.records) == 2
    assert parsed.sequence == 1793523600


def test_a_certificate_without_country_takes_that_of_its_entry() -> None:
    nowhere = certificate(ec_key("dsc"), subject=name(country=None))
    parsed = read("dcc", signed_list([entry(nowhere, country="EL")]), LIST_KEY)
    assert parsed.records[0].country == "GR"


# Certificates


def test_certificates_are_read_with_or_without_an_anchor() -> None:
    parsed = read("pem", pem(DSC) + "words between\n" + pem(SELF_SIGNED), ROOT_ANCHOR)
    assert parsed.name == "pem:source"
    assert [record.anchor for record in parsed.records] == [ROOT_ANCHOR, None]
    assert parsed.records[0].kid == read_certificate(DSC).kid
    assert parsed.anchor is None


def test_der_alone_is_one_certificate() -> None:
    parsed = read("pem", DSC, scheme="at-exemption")
    assert parsed.records[0].schemes == {"at-exemption"}


def test_the_operator_names_the_country_of_who_names_none() -> None:
    nowhere = certificate(ec_key("dsc"), subject=name(country=None))
    parsed = read("pem", pem(nowhere) + pem(DSC), country="DE")
    assert [record.country for record in parsed.records] == ["DE", "XS"]


def test_blocks_that_are_no_certificate_are_refused_one_by_one() -> None:
    text = (
        pem(spki_of(ec_key("dsc")), "PUBLIC KEY")
        + pem(b"0", "EC PRIVATE KEY")
        + pem(b"rubbish")
        + pem(DSC, "CERTIFICATE REQUEST")
        + "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n"
        + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END SOMETHING-----\n"
        + pem(certificate(ec_key("dsc"), spki=b"\x30\x00"))
        + pem(DSC)
        + "-----BEGIN CERTIFICATE-----\nAAAA"
    )
    parsed = read("pem", text)
    assert reasons(parsed) == [
        Refusal.NO_KEY_ID,
        Refusal.PRIVATE_KEY,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.KEY_UNREADABLE,
        Refusal.NOT_A_CERTIFICATE,
    ]
    assert len(parsed.records) == 1


def test_a_bare_key_as_der_has_no_id() -> None:
    assert reasons(read("pem", spki_of(rsa_key(2048)))) == [Refusal.NO_KEY_ID]


def test_a_file_without_blocks_is_no_list() -> None:
    with pytest.raises(TrustListInvalid):
        read("pem", "nothing here")


def test_a_label_without_end_ends_the_reading() -> None:
    assert [block.der for block in read_blocks(b"-----BEGIN " + b"X" * 100)] == [b""]


# Key sets


def keys(*entries: object) -> str:
    return json.dumps({"keys": entries})


def test_bare_keys_are_read() -> None:
    parsed = read("jwks", keys(jwk(ec_key("a")), jwk(ec_key("b"), kid="+/8=")), country="de")
    first, second = parsed.records
    assert parsed.name == "jwks:source"
    assert (first.kid, second.kid) == (bytes(range(8)), b"\xfb\xff")
    assert first.spki == spki_of(ec_key("a"))
    assert (first.country, first.certificate, first.not_before, first.anchor) == (
        "DE",
        None,
        None,
        None,
    )


def test_key_ids_are_text_where_documents_write_text() -> None:
    parsed = read("jwks", keys(jwk(ec_key("a"), kid="key-1")), scheme="nz-covid-pass")
    assert parsed.records[0].kid == b"key-1"


def test_rsa_and_other_curves_are_kept() -> None:
    rsa = rsa_key(1024)
    modulus = b64url(rsa.n.to_bytes(128, "big"))
    rsa_entry = {"kty": "RSA", "kid": "AAAA", "n": modulus, "e": "AQAB"}
    entries = (rsa_entry, jwk(ec_key("a", "P-384")), jwk(ec_key("a", "P-521")))
    parsed = read("jwks", keys(*entries))
    kinds = [kind_of(record.spki) for record in parsed.records]
    assert kinds == ["RSA 1024", "P-384", "P-521"]


def test_an_edwards_key_is_read(ed25519: bytes) -> None:
    members = {"kty": "OKP", "crv": "Ed25519", "kid": "AAAA"}
    good, short = ({**members, "x": b64url(point)} for point in (ed25519, ed25519[1:]))
    parsed = read("jwks", keys(good, short, {**good, "crv": "Ed448"}))
    assert [kind_of(record.spki) for record in parsed.records] == ["Ed25519"]
    assert reasons(parsed) == [Refusal.KEY_UNREADABLE, Refusal.KEY_KIND_UNKNOWN]


def test_the_operator_names_issuer_and_id_of_bare_keys() -> None:
    said = {"issuer": "did:example:a", "kid": "key-1", "scheme": "nz-covid-pass"}
    bare = spki_of(ec_key("a"))
    for text in (pem(bare, "PUBLIC KEY"), bare):
        [record] = read("pem", text, **said).records
        assert (record.kid, record.spki, record.issuer) == (b"key-1", bare, "did:example:a")
    [record] = read("jwks", keys(jwk(ec_key("a"))), **said).records
    assert (record.kid, record.issuer) == (b"AAECAwQFBgc", "did:example:a")
    [record] = read("pem", pem(bare, "PUBLIC KEY"), kid="AAECAwQFBgc=").records
    assert record.kid == bytes(range(8))
    for kid in ("?", "A" * 120):
        assert reasons(read("pem", pem(bare, "PUBLIC KEY"), kid=kid)) == [Refusal.KID_UNREADABLE]
    broken = pem(b"\x30\x00", "PUBLIC KEY")
    assert reasons(read("pem", broken, kid="AAAA")) == [Refusal.KEY_UNREADABLE]


def test_a_certificate_beside_a_key_says_everything() -> None:
    kid = b64(read_certificate(DSC).kid)
    entries = [jwk(ec_key("dsc"), kid=kid, x5c=[b64(DSC)])]
    entries.append({"kty": "EC", "x5c": [b64(DSC)]})
    entries.append(jwk(ec_key("dsc"), kid=kid, x="AA", x5c=[b64(DSC)]))
    entries.append({"kty": "OKP", "crv": "Ed25519", "x": "AA", "x5c": [b64(DSC)]})
    parsed = read("jwks", keys(*entries), ROOT_ANCHOR)
    for record in parsed.records:
        assert record.certificate == DSC
        assert record.uses == {"vaccination"}
        assert record.anchor == ROOT_ANCHOR
        assert b64(record.kid) == kid
    assert len(parsed.records) == 4


def test_a_chain_leads_to_the_anchor() -> None:
    middle_name = name(common="middle")
    middle = certificate(
        ec_key("m"), signer=ec_key("root"), subject=middle_name, issuer=ROOT_NAME, extensions=[CA]
    )
    leaf = certificate(ec_key("dsc"), signer=ec_key("m"), issuer=middle_name)
    with_chain = jwk(ec_key("dsc"), "id", x5c=[b64(leaf), b64(middle)])
    without = jwk(ec_key("dsc"), "id", x5c=[b64(leaf)])
    parsed = read("jwks", keys(with_chain, without), ROOT_ANCHOR, scheme="nz-covid-pass")
    assert [record.anchor for record in parsed.records] == [ROOT_ANCHOR, None]
    assert parsed.records[0].kid == b"id"


def test_a_bare_key_that_is_the_anchor_is_vouched_for() -> None:
    parsed = read("jwks", keys(jwk(ec_key("list"))), LIST_KEY)
    assert parsed.records[0].anchor == LIST_KEY


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("text", Refusal.MALFORMED),
        (jwk(ec_key("a"), d="AAAA"), Refusal.PRIVATE_KEY),
        (jwk(ec_key("a"), use="enc"), Refusal.NOT_A_SIGNER),
        (jwk(ec_key("a"), x="AAAA"), Refusal.KEY_UNREADABLE),
        (jwk(ec_key("a"), x="A+/="), Refusal.KEY_UNREADABLE),
        (jwk(ec_key("a"), x=5), Refusal.KEY_UNREADABLE),
        (jwk(ec_key("a"), crv="P-999"), Refusal.KEY_KIND_UNKNOWN),
        (jwk(ec_key("a"), kty="oct"), Refusal.KEY_KIND_UNKNOWN),
        (jwk(ec_key("a"), kid=""), Refusal.KID_UNREADABLE),
        (jwk(ec_key("a"), kid=7), Refusal.KID_UNREADABLE),
        (jwk(ec_key("a"), kid="not base64!"), Refusal.KID_UNREADABLE),
        (jwk(ec_key("a"), kid="é"), Refusal.KID_UNREADABLE),
        (jwk(ec_key("a"), kid="A" * 120), Refusal.KID_UNREADABLE),
        ({"kty": "RSA", "kid": "AAAA", "n": "", "e": "AQAB"}, Refusal.KEY_UNREADABLE),
        (
            {key: value for key, value in jwk(ec_key("a")).items() if key != "kid"},
            Refusal.NO_KEY_ID,
        ),
        (jwk(ec_key("a"), x5c=[]), Refusal.NOT_A_CERTIFICATE),
        (jwk(ec_key("a"), x5c="x"), Refusal.NOT_A_CERTIFICATE),
        (jwk(ec_key("a"), x5c=[5]), Refusal.NOT_A_CERTIFICATE),
        (jwk(ec_key("a"), x5c=["AAAA"]), Refusal.NOT_A_CERTIFICATE),
        (jwk(ec_key("dsc"), x5c=[b64(DSC)] * 9), Refusal.TOO_LARGE),
        (jwk(ec_key("a"), x5c=[b64(DSC)]), Refusal.KEY_DIFFERS),
        (jwk(ec_key("dsc"), x5c=[b64(DSC)]), Refusal.KID_DIFFERS),
        (jwk(ec_key("dsc"), kid="?", x5c=[b64(DSC)]), Refusal.KID_UNREADABLE),
    ],
)
def test_a_member_that_does_not_conform_is_refused_alone(member: object, reason: Refusal) -> None:
    parsed = read("jwks", keys(member, jwk(ec_key("good"))))
    assert reasons(parsed) == [reason]
    assert len(parsed.records) == 1


@pytest.mark.parametrize("text", ["[]", '{"keys": {}}', "{", keys(*[1] * 20_001)])
def test_what_is_no_key_set_is_refused(text: str) -> None:
    with pytest.raises(TrustListInvalid):
        read("jwks", text)


def test_foreign_purposes_leave_all_uses() -> None:
    foreign = certificate(ec_key("dsc"), extensions=[eku(CLIENT)])
    assert read("pem", pem(foreign)).records[0].uses == frozenset()


def test_json_of_a_list_is_an_object() -> None:
    assert read_object(b'{"a": 1}') == {"a": 1}
    assert read_array(b"[1]") == [1]
    for read_it, text in ((read_object, b"[1]"), (read_array, b"{}"), (read_array, b"[1,]")):
        with pytest.raises(TrustListInvalid):
            read_it(text)
