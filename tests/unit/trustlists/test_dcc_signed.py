"""National DCC lists that somebody has signed: Switzerland, Sweden, Austria, the Netherlands."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import (
    CA,
    VACCINATION,
    b64,
    certificate,
    ec_key,
    eku,
    jwk,
    name,
    rsa_key,
    spki_of,
    tlv,
)
from support.dcc_lists import (
    HOUR,
    NOW,
    ROOT,
    ROOT_NAME,
    SIGNER,
    SIGNER_NAME,
    austrian_entry,
    austrian_list,
    austrian_signature,
    cms,
    dutch_key,
    dutch_list,
    swedish_key,
    swedish_list,
    swiss_key,
    swiss_list,
    swiss_page,
    token,
)

from fixtures.cbor import Pairs, encode
from trustlists.anchors import Anchor
from trustlists.dialects import is_companion, named, recognised
from trustlists.faults import FAULT_WORDS, Fault
from trustlists.public_keys import kind_of
from trustlists.records import Ages, ParsedList, Reading, Refusal, Role
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustListInvalid
from verifier.trust import Environment

ANCHOR = Anchor("root", spki_of(ec_key("list-root")), b"f", read_certificate(ROOT))
THE_SIGNER = Anchor("signer", spki_of(ec_key("list-signer")), b"f", read_certificate(SIGNER))
PINNED = ANCHOR._replace(
    name="xs-production",
    certificate=None,
    dialect="dcc",
    environment=Environment.PRODUCTION,
    signer="Lists of nobody",
)

ONE, TWO = bytes(range(8)), bytes(range(8, 16))
DSC = certificate(ec_key("dsc"), subject=name(country="DE"), extensions=[eku(VACCINATION)])
OPEN = certificate(ec_key("open"), subject=name(country="SE"))

Read = Callable[..., ParsedList]


def reader(dialect: str) -> Read:
    [found] = named(dialect)

    def read(
        data: bytes,
        *companions: bytes,
        anchors: Sequence[Anchor] = (ANCHOR,),
        now: int = NOW,
        **how: Any,
    ) -> ParsedList:
        assert recognised(data) is found
        reading = Reading("source", tuple(anchors), companions=companions, now=now, **how)
        return found.read(data, reading)

    return read


swiss, swedish, austrian, dutch = (
    reader(f"dcc_{country}") for country in ("switzerland", "sweden", "austria", "netherlands")
)


def fault_of(read: Read, *data: bytes, **how: Any) -> str:
    with pytest.raises(TrustListInvalid) as refused:
        read(*data, **how)
    assert str(refused.value) == "\n".join(FAULT_WORDS[Fault(refused.value.fault)])
    return refused.value.fault


def reasons(parsed: ParsedList) -> list[Refusal]:
    return [reason for _, reason in parsed.refused]


def chain_of(**how: Any) -> bytes:
    parts = {"signer": ec_key("list-root"), "subject": SIGNER_NAME, "issuer": ROOT_NAME, **how}
    return certificate(ec_key("list-signer"), **parts)


# Switzerland

PAGE = token(
    swiss_page(swiss_key(ec_key("one"), ONE), swiss_key(rsa_key(2048), TWO, "tv"))
)  # keys of two ids


def test_a_swiss_key_counts_when_it_is_in_both_tokens() -> None:
    parsed = swiss(token(swiss_list(ONE, TWO)), PAGE)
    assert (parsed.name, parsed.anchor, parsed.environment) == ("dcc-ch:root", ANCHOR, None)
    assert (parsed.dated, parsed.sequence, parsed.expires) == (None, None, None)
    assert parsed.ages == Ages(48 * HOUR, 7 * 24 * HOUR)
    one, two = parsed.records
    assert (one.kid, one.spki, one.uses) == (ONE, spki_of(ec_key("one")), frozenset())
    assert (two.kid, two.spki, two.uses) == (TWO, spki_of(rsa_key(2048)), {"test", "vaccination"})
    assert {record.anchor for record in parsed.records} == {ANCHOR}
    assert {*one.schemes, *two.schemes} == {"eu-dcc"}
    assert not parsed.refused


def test_a_swiss_key_that_is_not_active_or_not_there_is_dropped_with_its_reason() -> None:
    parsed = swiss(token(swiss_list(ONE, b"elsewhere")), PAGE)
    assert [record.kid for record in parsed.records] == [ONE]
    assert parsed.refused == [
        ("key 2", Refusal.NOT_ACTIVE),
        (f"id {b64(b'elsewhere')}", Refusal.KEY_MISSING),
    ]


def test_swiss_keys_come_in_pages_and_some_are_for_switzerland_alone() -> None:
    light = token(swiss_page(swiss_key(ec_key("light"), b"light", "l")))
    parsed = swiss(token(swiss_list(ONE, TWO, b"light")), PAGE, b"no token", light)
    assert [record.role for record in parsed.records] == [Role.SIGNER, Role.SIGNER, Role.OTHER]
    assert parsed.records[2].schemes == frozenset()


def test_a_bad_swiss_key_costs_only_itself() -> None:
    bad = [
        1,
        swiss_key(ec_key("one"), ONE, keyId="?"),
        swiss_key(ec_key("one"), ONE, x=""),
        swiss_key(ec_key("one"), ONE, x=b64(bytes(33) + b"1" * 33)),
        swiss_key(ec_key("one"), ONE, crv="P-384"),
        swiss_key(ec_key("one"), ONE, alg="EdDSA"),
        swiss_key(rsa_key(2048), ONE, n=""),
        swiss_key(ec_key("one"), ONE, x=b64(b"\0" + int(ec_key("one").pointQ.x).to_bytes(32))),
    ]
    parsed = swiss(token(swiss_list(ONE)), token(swiss_page(*bad)))
    assert [record.spki for record in parsed.records if kind_of(record.spki) == "P-256"][-1] == (
        spki_of(ec_key("one"))
    )
    assert reasons(parsed) == [
        Refusal.MALFORMED,
        Refusal.KID_UNREADABLE,
        Refusal.KEY_UNREADABLE,
        Refusal.KEY_KIND_UNKNOWN,
        Refusal.KEY_KIND_UNKNOWN,
        Refusal.KEY_UNREADABLE,
    ]


def test_the_swiss_tokens_belong_together() -> None:
    active = token(swiss_list(ONE))
    assert fault_of(swiss, active) == Fault.COMPANION_MISSING
    assert fault_of(swiss, active, token(swiss_page())) == Fault.COMPANION_MISSING
    assert is_companion(PAGE)
    assert not is_companion(active)
    other = token(swiss_page(swiss_key(ec_key("one"), ONE)), key=ec_key("x"), chain=[OTHER])
    anchors = (ANCHOR, Anchor("other", spki_of(ec_key("x")), b"f", read_certificate(OTHER)))
    assert fault_of(swiss, active, other, anchors=anchors) == Fault.SIGNER_NOT_FOR_LISTS
    assert fault_of(swiss, active, other) == Fault.SIGNER_UNKNOWN


OTHER = certificate(ec_key("x"), subject=name(common="other"))


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (swiss_list(ONE, validDuration=None), Fault.MALFORMED),
        (swiss_list(ONE, validDuration=0), Fault.MALFORMED),
        (swiss_list(ONE, validDuration=True), Fault.MALFORMED),
        (swiss_list(ONE, activeKeyIds="x"), Fault.MALFORMED),
        (swiss_list(ONE, activeKeyIds=[5]), Fault.MALFORMED),
        (swiss_list(ONE, activeKeyIds=["AAAA"] * 20_001), Fault.MALFORMED),
        (swiss_list(ONE, iat="now"), Fault.MALFORMED),
        (swiss_list(ONE, exp=True), Fault.MALFORMED),
        (swiss_list(ONE, exp=NOW - 301), Fault.LIST_EXPIRED),
    ],
)
def test_a_swiss_list_of_another_shape_is_refused(payload: object, fault: Fault) -> None:
    assert fault_of(swiss, token(payload), PAGE) == fault


def test_swiss_pages_of_another_shape_are_refused() -> None:
    active = token(swiss_list(ONE))
    assert fault_of(swiss, active, token({"certs": 1})) == Fault.MALFORMED
    many = token(swiss_page(*[1] * 20_001))
    assert fault_of(swiss, active, many) == Fault.TOO_LARGE


def test_dates_in_swiss_tokens_count_where_they_are() -> None:
    parsed = swiss(token(swiss_list(ONE, iat=NOW - 9, exp=NOW - 300)), PAGE)
    assert (parsed.dated, parsed.sequence, parsed.expires) == (NOW - 9, NOW - 9, NOW - 300)


# What is signed as JWS


def swiss_token(**how: Any) -> bytes:
    return token(swiss_list(ONE), **how)


def test_one_name_below_a_pinned_root_signs_lists() -> None:
    parsed = swiss(swiss_token(), PAGE, anchors=[PINNED])
    assert (parsed.name, parsed.environment) == ("xs-production", Environment.PRODUCTION)
    for common in ("Mail of nobody", ""):
        leaf = chain_of(subject=name(common=common))
        fault = fault_of(swiss, swiss_token(chain=[leaf]), PAGE, anchors=[PINNED])
        assert fault == Fault.SIGNER_NOT_FOR_LISTS


def test_all_certificates_below_the_anchor_are_in_date() -> None:
    middle_name = name(common="middle")
    for ends in (b"261101000000Z", b"270101000000Z"):
        middle = certificate(
            ec_key("middle"),
            signer=ec_key("list-root"),
            subject=middle_name,
            issuer=ROOT_NAME,
            not_after=tlv(0x17, ends),
            extensions=[CA],
        )
        leaf = chain_of(signer=ec_key("middle"), issuer=middle_name)
        chained = swiss_token(chain=[leaf, middle])
        if ends.startswith(b"27"):
            assert swiss(chained, PAGE).anchor == ANCHOR
        else:
            assert fault_of(swiss, chained, PAGE) == Fault.SIGNER_OUT_OF_DATE
    early = chain_of(not_before=tlv(0x17, b"270101000000Z"))
    assert fault_of(swiss, swiss_token(chain=[early]), PAGE) == Fault.SIGNER_OUT_OF_DATE


def test_the_dates_of_an_anchor_itself_do_not_count() -> None:
    ended = chain_of(not_after=tlv(0x17, b"260201000000Z"))
    own = Anchor("own", spki_of(ec_key("list-signer")), b"f", read_certificate(ended))
    page = token(swiss_page(swiss_key(ec_key("one"), ONE)), chain=[ended])
    assert swiss(swiss_token(chain=[ended]), page, anchors=[own]).anchor == own


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (swiss_token(chain=[]), Fault.SIGNER_UNKNOWN),
        (swiss_token(chain=[b"rubbish"]), Fault.SIGNER_UNKNOWN),
        (swiss_token(header={"x5c": None}), Fault.SIGNER_UNKNOWN),
        (swiss_token(chain=[certificate(ec_key("list-signer"))]), Fault.SIGNER_UNKNOWN),
        (swiss_token(key=ec_key("stranger")), Fault.SIGNATURE_WRONG),
        (swiss_token(header={"alg": "none"}), Fault.ALGORITHM_REFUSED),
        (swiss_token(header={"alg": ["ES256"]}), Fault.ALGORITHM_REFUSED),
        (swiss_token(header={"alg": "HS256"}), Fault.ALGORITHM_REFUSED),
        (swiss_token(header={"crit": ["exp"]}), Fault.ALGORITHM_REFUSED),
        (swiss_token(header={"alg": "RS256"}), Fault.SIGNATURE_WRONG),
        (swiss_token() + b".AAAA", Fault.MALFORMED),
        (swiss_token() + b"A", Fault.SIGNATURE_WRONG),
        (swiss_token().rpartition(b".")[0], Fault.MALFORMED),
        (swiss_token().rpartition(b".")[0] + b".", Fault.MALFORMED),
        (swiss_token() + b"=", Fault.MALFORMED),
    ],
)
def test_a_token_that_no_anchor_has_signed_is_refused(data: bytes, fault: Fault) -> None:
    assert fault_of(swiss, data, PAGE) == fault


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_tokens_are_signed_with_rsa_too(algorithm: str) -> None:
    key = rsa_key(2048)
    leaf = certificate(key, signer=ec_key("list-root"), subject=SIGNER_NAME, issuer=ROOT_NAME)
    how = {"key": key, "chain": [leaf], "algorithm": algorithm}
    page = token(swiss_page(swiss_key(ec_key("one"), ONE)), **how)
    assert swiss(swiss_token(**how), page).anchor == ANCHOR
    other = "PS256" if algorithm == "RS256" else "RS256"
    swapped = swiss_token(**{**how, "header": {"alg": other}})
    assert fault_of(swiss, swapped, page) == Fault.SIGNATURE_WRONG
    weak = certificate(
        rsa_key(1024), signer=ec_key("list-root"), subject=SIGNER_NAME, issuer=ROOT_NAME
    )
    short = swiss_token(key=rsa_key(1024), chain=[weak], algorithm=algorithm)
    assert fault_of(swiss, short, page) == Fault.SIGNATURE_WRONG


def test_any_changed_byte_refuses_a_token() -> None:
    whole = token(swedish_list({"SE": {"keys": [swedish_key(OPEN)]}}))
    [dialect] = named("dcc_sweden")
    reading = Reading("source", (ANCHOR,), now=NOW)
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        with pytest.raises(TrustListInvalid):
            dialect.read(bytes(damaged), reading)


def test_what_is_no_token_is_not_taken_for_one() -> None:
    for data in (b"", b"eyJ", b"eyJh.", b"eyJh.e30.AA", b"e30.eyJhY3RpdmVLZXlJZHMi.AA"):
        assert recognised(data) is None
        assert not is_companion(data)


# Sweden


def sweden(*keys: object, country: str = "SE", **held: object) -> bytes:
    return token(swedish_list({country: {"keys": list(keys), **held}}))


def test_a_swedish_list_is_read_by_country() -> None:
    kid = swedish_key(OPEN)["kid"]
    countries = {
        "DE": {"keys": [swedish_key(DSC), swedish_key(OPEN)], "eku": {}},
        "UK": {"keys": [swedish_key(OPEN)], "eku": {kid: ["1.3.6.1.4.1.0.1847.2021.1.1"]}},
    }
    parsed = swedish(token(swedish_list(countries)))
    assert (parsed.name, parsed.anchor) == ("dcc-se:root", ANCHOR)
    assert (parsed.dated, parsed.sequence) == (NOW - HOUR, NOW - HOUR)
    assert parsed.expires == NOW + 24 * HOUR
    dsc, german, british = parsed.records
    assert (dsc.country, dsc.uses, dsc.certificate) == ("DE", {"vaccination"}, DSC)
    # One key under two countries counts for each of them, and where its certificate is silent the
    # list says what it is for.
    assert (german.country, german.uses) == ("DE", frozenset())
    assert (british.country, british.uses) == ("GB", {"test"})
    assert german.kid == british.kid == read_certificate(OPEN).kid


def test_a_bad_swedish_key_costs_only_itself() -> None:
    large = certificate(ec_key("large", "P-521"))
    bad = [
        5,
        swedish_key(DSC, x5c=None),
        swedish_key(DSC, kid="AAAA"),
        swedish_key(DSC, kid=7),
        jwk(ec_key("other"), str(swedish_key(DSC)["kid"]), x5c=[b64(DSC)]),
        swedish_key(large),
        swedish_key(DSC, n="?"),
    ]
    parsed = swedish(sweden(*bad, eku={"x": 5}))
    assert len(parsed.records) == 1
    assert reasons(parsed) == [
        Refusal.MALFORMED,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.KID_DIFFERS,
        Refusal.KID_UNREADABLE,
        Refusal.KEY_DIFFERS,
        Refusal.KEY_KIND_UNKNOWN,
    ]


@pytest.mark.parametrize("purposes", [None, 5, {"x": 5}, {swedish_key(OPEN)["kid"]: 5}])
def test_purposes_may_be_missing(purposes: object) -> None:
    parsed = swedish(sweden(swedish_key(OPEN), country="XX", eku=purposes))
    assert [(record.uses, record.country) for record in parsed.records] == [(frozenset(), "SE")]


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"iat": None}, Fault.MALFORMED),
        ({"exp": None}, Fault.MALFORMED),
        ({"exp": NOW - 301}, Fault.LIST_EXPIRED),
        ({"dsc_trust_list": []}, Fault.MALFORMED),
        ({"dsc_trust_list": {"SE": []}}, Fault.MALFORMED),
        ({"dsc_trust_list": {"SE": {"keys": {}}}}, Fault.MALFORMED),
        ({"dsc_trust_list": {"SE": {"keys": [1] * 20_001}}}, Fault.TOO_LARGE),
    ],
)
def test_a_swedish_list_of_another_shape_is_refused(members: Any, fault: Fault) -> None:
    assert fault_of(swedish, token(swedish_list({}, **members))) == fault


def test_a_swedish_header_certificate_that_no_anchor_has_signed_is_refused() -> None:
    data = token(swedish_list({}), chain=[certificate(ec_key("list-signer"))])
    assert fault_of(swedish, data) == Fault.SIGNER_UNKNOWN


# Austria

CONTENT = austrian_list(austrian_entry(DSC))


def test_an_austrian_list_is_read_with_its_signature() -> None:
    bare = {"i": ONE, "k": spki_of(ec_key("bare")), "nb": NOW, "na": NOW + 9}
    content = austrian_list(austrian_entry(DSC), bare, {**bare, "na": "soon"})
    parsed = austrian(content, austrian_signature(content), anchors=[THE_SIGNER], country="AT")
    assert (parsed.name, parsed.anchor) == ("dcc-at:signer", THE_SIGNER)
    assert (parsed.dated, parsed.sequence) == (NOW - HOUR, NOW - HOUR)
    assert parsed.expires == NOW + 47 * HOUR
    dsc, one, two = parsed.records
    assert (dsc.certificate, dsc.country, dsc.uses) == (DSC, "DE", {"vaccination"})
    assert (one.kid, one.spki, one.country) == (ONE, spki_of(ec_key("bare")), "AT")
    assert (one.not_before, one.not_after, two.not_after) == (NOW, NOW + 9, None)


def test_the_anchor_says_what_an_austrian_list_is_for_or_else_the_operator() -> None:
    own = THE_SIGNER._replace(schemes=frozenset({"at-exemption"}))
    signature = austrian_signature(CONTENT)
    for how in ({"anchors": [own]}, {"anchors": [THE_SIGNER], "scheme": "at-exemption"}):
        [record] = austrian(CONTENT, signature, **how).records
        assert record.schemes == {"at-exemption"}
    [record] = austrian(CONTENT, signature, anchors=[THE_SIGNER]).records
    assert record.schemes == {"eu-dcc"}


def test_the_signature_of_another_list_may_lie_beside_it() -> None:
    other = austrian_signature(b"another list")
    parsed = austrian(CONTENT, other, austrian_signature(CONTENT), anchors=[THE_SIGNER])
    assert len(parsed.records) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"claims": {2: b"0" * 32, 5: NOW, 4: NOW + HOUR}}, Fault.DIGEST_WRONG),
        ({"version": 1}, Fault.FUTURE_VERSION),
        ({"ends": NOW - 301}, Fault.LIST_EXPIRED),
        ({"kid": ONE}, Fault.SIGNER_UNKNOWN),
        ({"key": ec_key("stranger")}, Fault.SIGNATURE_WRONG),
        ({"algorithm": -8}, Fault.ALGORITHM_REFUSED),
        ({"algorithm": -37}, Fault.SIGNATURE_WRONG),
        ({"claims": []}, Fault.MALFORMED),
        ({"claims": {2: b"0" * 32, 5: "x", 4: NOW}}, Fault.MALFORMED),
        ({"claims": {2: "x", 5: NOW, 4: NOW}}, Fault.MALFORMED),
        ({"claims": {2: b"0" * 32, 4: NOW}}, Fault.MALFORMED),
        ({"claims": {2: b"0" * 32, 5: NOW}}, Fault.MALFORMED),
    ],
)
def test_a_bad_austrian_signature_refuses_the_list(changes: Any, fault: Fault) -> None:
    signature = austrian_signature(CONTENT, **changes)
    assert is_companion(signature)
    assert fault_of(austrian, CONTENT, signature, anchors=[THE_SIGNER]) == fault


def test_an_austrian_list_counts_for_300_seconds_after_its_end() -> None:
    signature = austrian_signature(CONTENT, ends=NOW - 300)
    assert austrian(CONTENT, signature, anchors=[THE_SIGNER]).expires == NOW - 300


def test_an_austrian_list_without_its_signature_is_refused() -> None:
    assert fault_of(austrian, CONTENT, anchors=[THE_SIGNER]) == Fault.COMPANION_MISSING


def test_a_bare_key_has_no_id_to_compare_and_rsa_signs_too() -> None:
    bare = THE_SIGNER._replace(certificate=None)
    assert austrian(CONTENT, austrian_signature(CONTENT, kid=ONE), anchors=[bare]).records
    rsa = Anchor("rsa", spki_of(rsa_key(2048)), b"f")
    signature = austrian_signature(CONTENT, key=rsa_key(2048), algorithm=-37)
    assert austrian(CONTENT, signature, anchors=[rsa]).anchor == rsa


def test_other_cose_is_no_signature_file() -> None:
    assert not is_companion(b"\xd2\x84\x43\xa1\x01\x26\xa0\x40" + b"\x40")
    assert not is_companion(b"\xd2\x84\x40\xa0\x40\x40")
    assert not is_companion(b"\xd2rubbish")
    assert not is_companion(b"\xd2" * 5000)


def test_a_bad_austrian_entry_costs_only_itself() -> None:
    bad = [
        5,
        Pairs([("i", ONE), ("i", TWO)]),
        austrian_entry(DSC, i=TWO),
        austrian_entry(DSC, i=b""),
        austrian_entry(DSC, i="x"),
        austrian_entry(b"rubbish"),
        austrian_entry(DSC, c=None),
        {"i": ONE, "k": b"rubbish"},
        {"i": ONE},
        austrian_entry(DSC),
    ]
    content = austrian_list(*bad)
    parsed = austrian(content, austrian_signature(content), anchors=[THE_SIGNER])
    assert len(parsed.records) == 1
    assert reasons(parsed) == [
        Refusal.MALFORMED,
        Refusal.MALFORMED,
        Refusal.KID_DIFFERS,
        Refusal.KID_UNREADABLE,
        Refusal.KID_UNREADABLE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.NOT_A_CERTIFICATE,
        Refusal.KEY_UNREADABLE,
        Refusal.KEY_UNREADABLE,
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (CONTENT + b"\0", Fault.MALFORMED),
        (CONTENT[:-1], Fault.MALFORMED),
        (b"\xa1\x61c\x82\x00", Fault.MALFORMED),
        (b"\xa1\x61c\x9f\xff", Fault.MALFORMED),
        (b"\xa1\x61c\x9a\xff\xff\xff\xff", Fault.TOO_LARGE),
    ],
)
def test_an_austrian_list_that_is_not_cbor_is_refused(content: bytes, fault: Fault) -> None:
    assert fault_of(austrian, content, austrian_signature(content), anchors=[THE_SIGNER]) == fault


def test_any_changed_byte_refuses_an_austrian_list() -> None:
    signature = austrian_signature(CONTENT)
    [dialect] = named("dcc_austria")
    for place in range(len(CONTENT) + len(signature)):
        both = bytearray(CONTENT + signature)
        both[place] ^= 1
        content, beside = bytes(both[: len(CONTENT)]), bytes(both[len(CONTENT) :])
        reading = Reading("source", (THE_SIGNER,), companions=(beside,), now=NOW)
        with pytest.raises(TrustListInvalid):
            dialect.read(content, reading)


# The Netherlands


def test_a_dutch_list_is_read_with_all_keys_of_an_id() -> None:
    keys = {
        b64(ONE): [dutch_key(ec_key("one")), dutch_key(ec_key("two"), ["v"], san="CUW")],
        b64(b"odd"): [dutch_key(rsa_key(2048), ["t", "r"], ian="DE", san="no code")],
        b64(b"none"): [dutch_key(ec_key("none"), ["x", 5])],
    }
    parsed = dutch(dutch_list(keys))
    assert (parsed.name, parsed.anchor) == ("dcc-nl:root", ANCHOR)
    assert parsed.dated == parsed.sequence == 1_795_003_200  # 18 November 2026, 12:00
    one, two, odd, none = parsed.records
    assert (one.kid, two.kid, odd.kid) == (ONE, ONE, b"odd")
    assert (one.uses, two.uses, odd.uses) == (frozenset(), {"vaccination"}, {"test", "recovery"})
    assert (one.country, two.country, odd.country) == ("NL", "NL", "DE")
    assert (one.name, two.name, odd.name) == ("", "CUW", "")
    assert (none.role, none.schemes) == (Role.OTHER, frozenset())


def test_a_bad_dutch_key_costs_only_itself() -> None:
    keys = {
        "?": [dutch_key(ec_key("one"))],
        b64(ONE): [5, dutch_key(ec_key("one"), keyUsage="v"), dutch_key(ec_key("one"), ian=7)],
        b64(TWO): [dutch_key(ec_key("one"), subjectPk="AAAA")],
    }
    parsed = dutch(dutch_list(keys))
    assert [record.country for record in parsed.records] == [""]
    assert reasons(parsed) == [
        Refusal.KID_UNREADABLE,
        Refusal.MALFORMED,
        Refusal.MALFORMED,
        Refusal.KEY_UNREADABLE,
    ]


def test_a_dutch_signer_is_in_date_when_it_signs() -> None:
    ended = chain_of(not_after=tlv(0x17, b"260201000000Z"))
    early = dutch_list({}, signer=ended, signed_at=b"260115000000Z")
    assert dutch(early).dated == 1_768_435_200
    late = dutch_list({}, signer=ended, signed_at=b"260301000000Z")
    assert fault_of(dutch, late) == Fault.SIGNER_OUT_OF_DATE
    silent = dutch_list({}, signer=ended, signed_at=b"")
    assert fault_of(dutch, silent) == Fault.SIGNER_OUT_OF_DATE
    assert dutch(dutch_list({}, signed_at=b"")).dated is None


def wrapped(payload: bytes, signature: bytes, **members: object) -> bytes:
    both = {"payload": b64(payload), "signature": b64(signature), **members}
    return json.dumps(both).encode()


# It says that the root has signed it, and has signed itself.
SELF_MADE = certificate(ec_key("list-signer"), subject=SIGNER_NAME, issuer=ROOT_NAME)
DUTCH = json.dumps({"eu_keys": {b64(ONE): [dutch_key(ec_key("one"))]}}).encode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (wrapped(DUTCH, cms(DUTCH + b" ")), Fault.DIGEST_WRONG),
        (wrapped(DUTCH, cms(DUTCH, key=ec_key("stranger"))), Fault.SIGNATURE_WRONG),
        (wrapped(DUTCH, cms(DUTCH, inside=[])), Fault.SIGNER_UNKNOWN),
        (wrapped(DUTCH, cms(DUTCH, signer=SELF_MADE)), Fault.SIGNER_UNKNOWN),
        (wrapped(DUTCH, b"rubbish"), Fault.MALFORMED),
        (wrapped(DUTCH, cms(DUTCH), more=1), Fault.MEMBER_UNKNOWN),
        (wrapped(DUTCH, b""), Fault.MALFORMED),
        (wrapped(DUTCH, b"\0").replace(b'"AA=="', b'"AB=="'), Fault.MALFORMED),
        (wrapped(DUTCH, b"\0").replace(b'"AA=="', b"5"), Fault.MALFORMED),
    ],
)
def test_a_dutch_list_that_no_anchor_has_signed_is_refused(data: bytes, fault: Fault) -> None:
    assert fault_of(dutch, data) == fault


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b'{"eu_keys": []}', Fault.MALFORMED),
        (b'{"eu_keys": {"AAAA": {}}}', Fault.MALFORMED),
        (b'{"eu_keys": {"AAAA": [' + b"1," * 20_000 + b"1]}}", Fault.TOO_LARGE),
        (b'{"nl_keys": {}}', Fault.MALFORMED),
        (b'{"eu_keys": 1, "eu_keys": 1}', Fault.NOT_JSON),
    ],
)
def test_a_dutch_payload_of_another_shape_is_refused(payload: bytes, fault: Fault) -> None:
    assert fault_of(dutch, wrapped(payload, cms(payload))) == fault


def test_a_dutch_payload_alone_is_unsigned() -> None:
    assert fault_of(dutch, DUTCH) == Fault.NOT_SIGNED
    parsed = dutch(DUTCH, unsigned=True)
    assert (parsed.name, parsed.anchor, parsed.records[0].anchor) == (
        "dcc-nl-unsigned:source",
        None,
        None,
    )


def test_a_changed_byte_of_payload_or_signature_refuses_a_dutch_list() -> None:
    signature = cms(DUTCH)
    for place in range(len(DUTCH)):
        damaged = bytearray(DUTCH)
        damaged[place] ^= 1
        assert fault_of(reader_of_dutch, wrapped(bytes(damaged), signature)) == Fault.DIGEST_WRONG
    for place in range(len(signature) - 64, len(signature)):
        damaged = bytearray(signature)
        damaged[place] ^= 1
        with pytest.raises(TrustListInvalid):
            reader_of_dutch(wrapped(DUTCH, bytes(damaged)))


def reader_of_dutch(data: bytes) -> ParsedList:
    return named("dcc_netherlands")[0].read(data, Reading("source", (ANCHOR,), now=NOW))


# Any values

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(b64(DSC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
swiss_members = st.sampled_from([*swiss_key(ec_key("one"), ONE)])
swedish_members = st.sampled_from(["kty", "kid", "x5c", "crv", "x", "n", "e"])
dutch_members = st.sampled_from(["subjectPk", "keyUsage", "san", "ian"])


@given(st.dictionaries(swiss_members, values), st.sampled_from(["certs", "x"]), values)
def test_any_value_in_a_swiss_page(members: Any, beside: str, value: object) -> None:
    page = {**swiss_page(swiss_key(ec_key("one"), ONE) | members), beside: value}
    with suppress(TrustListInvalid):
        swiss(token(swiss_list(ONE)), token(page))


@given(st.dictionaries(st.sampled_from(["alg", "x5c", "crit", "typ"]), values), values)
def test_any_value_in_a_header(members: Any, payload: object) -> None:
    for content in (swiss_list(ONE), payload):
        with suppress(TrustListInvalid):
            named("dcc_switzerland")[0].read(
                token(content, header=members),
                Reading("source", (ANCHOR,), companions=(PAGE,), now=NOW),
            )


@given(st.dictionaries(swedish_members, values), values)
def test_any_value_in_a_swedish_list(members: Any, purposes: object) -> None:
    swedish(sweden({**swedish_key(DSC), **members}, eku=purposes))


@given(st.dictionaries(dutch_members, values), st.text(max_size=12))
def test_any_value_in_a_dutch_list(members: Any, kid: str) -> None:
    dutch(dutch_list({kid: [{**dutch_key(ec_key("one")), **members}]}))


cbor_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**33) | st.text(max_size=5) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["i", "c", "k", "nb", "na"]), cbor_values), cbor_values)
def test_any_value_in_an_austrian_list(members: Any, other: object) -> None:
    content = austrian_list(austrian_entry(DSC) | members, members, other)
    austrian(content, austrian_signature(content), anchors=[THE_SIGNER])


@given(st.dictionaries(st.sampled_from([2, 4, 5, 6]), cbor_values))
def test_any_value_in_an_austrian_signature(claims: Any) -> None:
    with suppress(TrustListInvalid):
        austrian(CONTENT, austrian_signature(CONTENT, claims=claims), anchors=[THE_SIGNER])


@given(st.binary(max_size=120))
def test_any_bytes_as_a_companion(data: bytes) -> None:
    for beside in (data, b"\xd2\x84" + data, b"eyJ" + data, encode(data)):
        is_companion(beside)
        with suppress(TrustListInvalid):
            austrian(CONTENT, beside, anchors=[THE_SIGNER])
