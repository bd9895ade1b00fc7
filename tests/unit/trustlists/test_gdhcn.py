"""Lists of the WHO trust network: what is believed of them, and why anything is refused."""

import hashlib
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import certificate, ec_key, spki_of
from support.gdhcn import (
    DAY,
    HEADER,
    Change,
    authority,
    document_signer,
    entry,
    old_entry,
    signed,
    signer,
    unsigned,
)

from trustlists.dialects import named, recognised
from trustlists.faults import FAULT_WORDS, Fault
from trustlists.gdhcn_document import read_document
from trustlists.gdhcn_proof import document_hash, json_of, verify_proof
from trustlists.levels import levels_of
from trustlists.records import Level, ParsedList, Reading, Refusal, Role
from verifier.errors import TrustListInvalid
from verifier.trust import Environment

GERMAN = document_signer("one")
ANCHORS = (
    signer(),
    signer(Environment.ACCEPTANCE, "who-uat"),
    signer(Environment.DEVELOPMENT, "who-dev"),
)


def read(data: bytes, **how: Any) -> ParsedList:
    return named("gdhcn")[0].read(data, Reading("who", ANCHORS, **how))


def fault_of(data: bytes, **how: Any) -> str:
    with pytest.raises(TrustListInvalid) as refused:
        read(data, **how)
    assert str(refused.value) == "\n".join(FAULT_WORDS[Fault(refused.value.fault)])
    return refused.value.fault


def first(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["verificationMethod"][0]
    return found


def test_a_signed_list_is_read() -> None:
    parsed = read(signed(unsigned(entry(authority(), usage="CSCA"), entry(GERMAN))))
    assert (parsed.name, parsed.environment) == ("gdhcn-prod", Environment.PRODUCTION)
    assert parsed.anchor == ANCHORS[0]
    assert (parsed.dated, parsed.sequence) == (DAY, DAY)
    sca, dsc = parsed.records
    assert (sca.role, sca.schemes, sca.level) == (Role.AUTHORITY, frozenset(), Level.LIST)
    assert (dsc.role, dsc.country, dsc.level) == (Role.SIGNER, "DE", Level.LIST)
    assert levels_of(parsed.records) == [Level.LIST, Level.CHAIN]
    assert dsc.schemes == {"eu-dcc", "who-ddcc", "who-icvp"}
    assert dsc.spki == spki_of(ec_key("one"))


def test_it_is_recognised_by_its_host() -> None:
    assert recognised(signed(unsigned())) is named("gdhcn")[0]
    assert not named("gdhcn")[0].recognise(b"did:web:tng-cdn")


def test_both_forms_of_the_signature_and_of_attributes_are_good() -> None:
    plain = entry(GERMAN)
    plain["domain"], plain["participant"] = "DCC", "#DEU"
    assert read(signed(unsigned(plain), raw=True)).anchor == ANCHORS[0]


def test_only_an_authority_of_the_same_participant_and_name_makes_a_chain() -> None:
    foreign = entry(authority(), "FRA", "CSCA")
    stranger = entry(authority("another"), usage="CSCA")
    parsed = read(signed(unsigned(foreign, stranger, entry(GERMAN))))
    assert levels_of(parsed.records) == [Level.LIST] * 3


def test_keys_for_other_uses_and_of_test_nations_verify_nothing() -> None:
    data = signed(unsigned(entry(GERMAN, "XXH"), entry(document_signer("two"), usage="DECA")))
    nation, other = read(data).records
    assert (nation.role, other.role) == (Role.TEST_NATION, Role.OTHER)
    assert nation.country == "XH"
    assert read(data, test_nations=True).records[0].role is Role.SIGNER


def test_the_published_key_id_counts() -> None:
    odd = entry(GERMAN, kid="custom.kid")
    assert read(signed(unsigned(odd))).records[0].kid == b"custom.kid"


def test_a_bad_entry_costs_only_itself() -> None:
    bad = [entry(b"\x30\x00"), entry(certificate(ec_key("x"), spki=b"\x30\x00")), entry(GERMAN)]
    bad += [entry(GERMAN, kid=""), entry(GERMAN, kid="*" * 65)]
    parsed = read(signed(unsigned(*bad, "did:web:tng-cdn.who.int:v2:trustlist-ref:DCC")))
    assert len(parsed.records) == 1
    assert [reason for _, reason in parsed.refused] == [
        Refusal.NOT_A_CERTIFICATE,
        Refusal.KEY_UNREADABLE,
        Refusal.KID_UNREADABLE,
        Refusal.KID_UNREADABLE,
        Refusal.LINKS_ELSEWHERE,
    ]


def test_version_1_is_taken_only_when_asked_for_and_nobody_vouches() -> None:
    data = json.dumps(unsigned(old_entry(GERMAN), version=1)).encode()
    assert fault_of(data) == Fault.NOT_SIGNED
    parsed = read(data, unsigned=True)
    assert (parsed.name, parsed.anchor) == ("gdhcn-prod-v1", None)
    [record] = parsed.records
    assert (record.country, record.level, record.role) == ("DE", Level.NONE, Role.SIGNER)
    assert levels_of(parsed.records) == [Level.NONE]


def test_unsigned_lists_allowed_does_not_excuse_a_bad_proof() -> None:
    data = signed(unsigned(entry(GERMAN)), key="somebody")
    assert fault_of(data, unsigned=True) == Fault.SIGNATURE_WRONG


def put(place: str, member: str, value: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        within = {"": document, "entry": first(document), "proof": document["proof"]}
        within["jwk"] = first(document)["publicKeyJwk"]
        within[place][member] = value

    return change


def without(member: str) -> Change:
    return lambda document: document.pop(member)


ELSEWHERE = "did:web:tng-cdn-dev.who.int:trustlist"
CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put("entry", "keyusage", {"code": "#CSCA"}), Fault.ATTRIBUTE_CONTRADICTS),
        (put("entry", "participant", {"code": "#FRA"}), Fault.ATTRIBUTE_CONTRADICTS),
        (put("entry", "domain", {"code": "#DDCC"}), Fault.ATTRIBUTE_CONTRADICTS),
        (put("entry", "domain", {"code": "#DCC", "more": 1}), Fault.MALFORMED),
        (put("entry", "domain", {"code": "# >"}), Fault.MALFORMED),
        (put("entry", "domain", 7), Fault.MALFORMED),
        (put("entry", "id", "did:web:tng-cdn.who.int:v2:trustlist#AAAA"), Fault.ID_CONTRADICTS),
        (put("jwk", "kid", "AAAA"), Fault.ID_CONTRADICTS),
        (put("entry", "id", "did:web:tng-cdn.who.int:v2> <x"), Fault.MALFORMED),
        (put("entry", "id", 5), Fault.MALFORMED),
        (put("entry", "type", "JsonWebKey2021"), Fault.MALFORMED),
        (put("entry", "controller", ELSEWHERE), Fault.FOREIGN_REFERENCE),
        (put("entry", "revoked", "never"), Fault.MEMBER_UNKNOWN),
        (put("jwk", "alg", "ES256"), Fault.MEMBER_UNKNOWN),
        (put("jwk", "x", 5), Fault.MALFORMED),
        (put("jwk", "x", "\u00e4"), Fault.MALFORMED),
        (put("jwk", "x", "AAAA"), Fault.SIGNATURE_WRONG),
        (put("jwk", "x5c", []), Fault.MALFORMED),
        (put("jwk", "x5c", "AAAA"), Fault.MALFORMED),
        (put("entry", "publicKeyJwk", []), Fault.MALFORMED),
        (put("", "note", "never"), Fault.MEMBER_UNKNOWN),
        (put("", "controller", ELSEWHERE), Fault.FOREIGN_REFERENCE),
        (put("", "controller", 1), Fault.MALFORMED),
        (put("", "verificationMethod", {}), Fault.MALFORMED),
        (put("", "verificationMethod", [[]]), Fault.MALFORMED),
        (put("", "verificationMethod", ["not a name"]), Fault.MALFORMED),
        (put("", "verificationMethod", [ELSEWHERE]), Fault.FOREIGN_REFERENCE),
        (put("", "verificationMethod", []), Fault.SIGNATURE_WRONG),
        (without("controller"), Fault.MALFORMED),
        (put("", "@context", [*CONTEXT, "https://example.org"]), Fault.CONTEXT_UNKNOWN),
        (put("", "@context", "https://www.w3.org/ns/did/v1"), Fault.CONTEXT_UNKNOWN),
        (
            put(
                "", "@context", [*CONTEXT, "https://smart.who.int/trust/tng-context/v1-DEV.jsonld"]
            ),
            Fault.WRONG_ENVIRONMENT,
        ),
        (put("", "id", "did:web:tng-cdn.who.int:v2:trustlist:DCC:DEU"), Fault.WRONG_SLOT),
        (put("", "id", "did:web:example.org"), Fault.WRONG_SLOT),
        (put("", "id", "urn:x"), Fault.MALFORMED),
        (put("", "proof", []), Fault.MEMBER_UNKNOWN),
        (put("proof", "domain", "x"), Fault.MEMBER_UNKNOWN),
        (put("proof", "nonce", 5), Fault.MALFORMED),
        (put("proof", "nonce", "line\nend"), Fault.MALFORMED),
        (put("proof", "nonce", "another"), Fault.SIGNATURE_WRONG),
        (put("proof", "created", "2026-11-01T00:00:01Z"), Fault.SIGNATURE_WRONG),
        (put("proof", "created", "2026-13-01T00:00:01Z"), Fault.MALFORMED),
        (put("proof", "created", "yesterday"), Fault.MALFORMED),
        (put("proof", "proofPurpose", "authentication"), Fault.MALFORMED),
        (put("proof", "type", "Ed25519Signature2018"), Fault.MALFORMED),
        (put("proof", "verificationMethod", ELSEWHERE), Fault.WRONG_ENVIRONMENT),
        (put("proof", "jws", "e30..AAAA"), Fault.ALGORITHM_REFUSED),
        (put("proof", "jws", "AAAA..AAAA"), Fault.ALGORITHM_REFUSED),
        (put("proof", "jws", "A..AAAA"), Fault.ALGORITHM_REFUSED),
        (put("proof", "jws", "e30.AAAA.AAAA"), Fault.MALFORMED),
        (put("proof", "jws", "e30..A"), Fault.MALFORMED),
        (put("proof", "jws", "e30.."), Fault.MALFORMED),
        (put("proof", "jws", ""), Fault.MALFORMED),
    ],
)
def test_a_changed_list_is_refused_with_its_own_fault(change: Change, fault: Fault) -> None:
    assert fault_of(signed(unsigned(entry(GERMAN)), change=change)) == fault


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256"},
        {**HEADER, "b64": True},
        {**HEADER, "crit": ["b64", "exp"]},
        {**HEADER, "alg": "EC"},
        {**HEADER, "kid": "x"},
    ],
)
def test_any_other_header_is_refused(header: dict[str, Any]) -> None:
    assert fault_of(signed(unsigned(entry(GERMAN)), header=header)) == Fault.ALGORITHM_REFUSED


@pytest.mark.parametrize("ending", ["", "-UAT", "-DEV"])
@pytest.mark.parametrize("key", ["who", "who-uat", "who-dev"])
def test_no_environment_signs_for_another(ending: str, key: str) -> None:
    host = f"tng-cdn{ending.lower()}.who.int"
    data = signed(unsigned(entry(GERMAN, host=host), ending=ending), key=key)
    if key == "who" + ending.lower():
        assert read(data).environment is ANCHORS[["", "-UAT", "-DEV"].index(ending)].environment
    else:
        assert fault_of(data) == Fault.WRONG_ENVIRONMENT


def test_an_operators_anchor_counts_and_a_key_of_another_kind_is_passed_over() -> None:
    own = signer(None, "own")
    large = signer()._replace(spki=spki_of(ec_key("large", "P-384")))
    reading = Reading("who", (large, own))
    parsed = named("gdhcn")[0].read(signed(unsigned(entry(GERMAN)), key="own"), reading)
    assert parsed.anchor == own


def test_a_part_of_a_list_has_a_proof_of_its_own() -> None:
    part = unsigned(entry(GERMAN), "did:web:tng-cdn.who.int:v2:trustlist:DCC")
    part["id"] += ":DCC:DEU"
    assert verify_proof(read_document(signed(part)), ANCHORS) == ANCHORS[0]


def canonical(document: dict[str, Any]) -> str:
    """Write the lines of a document as the notes say (5.1), each by itself, then sort them."""
    trust, security = "https://smart.who.int/trust/", "https://w3id.org/security#"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    subject = f"<{document['id']}>"
    lines = {f"{subject} <{security}controller> <{document['controller']}> ."}
    for member in document["verificationMethod"]:
        node = f"<{member if isinstance(member, str) else member['id']}>"
        lines.add(f"{subject} <{security}verificationMethod> {node} .")
        if isinstance(member, str):
            continue
        jwk = json.dumps(member["publicKeyJwk"], sort_keys=True, separators=(",", ":"))
        jwk = jwk.replace("\\", "\\\\").replace('"', '\\"')
        lines.add(f"{node} <{rdf}type> <{security}JsonWebKey2020> .")
        lines.add(f"{node} <{security}controller> <{member['controller']}> .")
        lines.add(f'{node} <{security}publicKeyJwk> "{jwk}"^^<{rdf}JSON> .')
        for attribute, words in (
            ("domain", "Domains"),
            ("participant", "Participants"),
            ("keyusage", "KeyUsage"),
        ):
            if attribute in member:
                value_set = f"{trust}ValueSet-{words}.jsonld"
                code = member[attribute]["code"].removeprefix("#")
                lines.add(f"{node} <{value_set}> <{value_set}#{code}> .")
    return "".join(f"{line}\n" for line in sorted(lines))


kids = st.sampled_from(["a", "ab", "a-", "a.b", "+/="])
jwk_texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=5)


@given(
    st.lists(st.tuples(kids, jwk_texts, st.sampled_from(["DSC", "CSCA"])), max_size=6),
    st.sampled_from([1, 2]),
    st.sampled_from(['"', "nonce"]),
)
def test_the_canonical_form_is_the_sorted_set_of_lines(
    keys: list[tuple[str, str, str]], version: int, nonce: str
) -> None:
    """Also where a name stands twice, or a text has to be escaped."""
    entries: list[dict[str, Any] | str] = ["did:web:tng-cdn.who.int:v2:trustlist-ref:DCC"]
    for kid, text, usage in keys:
        made = entry(b"?", usage=usage, kid=kid) if version > 1 else old_entry(kid.encode())
        made["publicKeyJwk"] |= {"x": text, "x5c": [text, text + "+"]}
        entries.append(made)
    document = unsigned(*entries, version=version)
    document["proof"]["nonce"] = nonce
    read_as = read_document(json.dumps(document).encode())
    odd = any(set('"\\') & set(text) for text in (nonce, *(each[1] for each in keys)))
    assert read_as.plain is not odd
    assert document_hash(read_as) == hashlib.sha256(canonical(document).encode()).digest()


def test_names_beyond_ascii_have_a_place_in_the_canonical_form() -> None:
    """They sort by their letters, and what ends a line elsewhere is a letter like any other."""
    document = unsigned(entry(GERMAN), "did:web:é", "did:web:e\u2028f", "did:web:e")
    document["verificationMethod"][0]["controller"] += ":é"
    read_as = read_document(json.dumps(document, ensure_ascii=False).encode())
    assert document_hash(read_as) == hashlib.sha256(canonical(document).encode()).digest()


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with suppress(TrustListInvalid):
        read(data)
    json_of(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
places = st.sampled_from(["", "entry", "jwk", "proof"])
members = st.sampled_from([*unsigned(), *unsigned()["proof"], *entry(GERMAN), "x5c", "kid", "x"])


@given(places, members, json_values)
def test_any_value_anywhere(place: str, member: str, value: object) -> None:
    data = signed(unsigned(entry(GERMAN)), change=put(place, member, value))
    with suppress(TrustListInvalid):
        read(data)
