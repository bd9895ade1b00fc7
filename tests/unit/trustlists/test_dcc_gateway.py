"""The list of the gateway: every entry is checked up to the anchor, within one country."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.certificates import b64, certificate, ec_key, name, spki_of, tlv
from support.dcc_lists import NOW, cms, gateway_entry
from support.gateway import TA, TA_NAME, State

from trustlists import import_sources
from trustlists.anchors import Anchor
from trustlists.dialects import named, recognised
from trustlists.faults import Fault
from trustlists.records import Level, ParsedList, Reading, Refusal, Role
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustListInvalid, TrustListRollback

ANCHOR = Anchor("ta", spki_of(ec_key("ta")), b"f", read_certificate(TA))
SIGNED_AT = 1_795_003_200  # 18 November 2026, 12:00

NOON, MORNING = b"261118120000Z", b"261118080000Z"


GERMANY, FRANCE = State("DE"), State("FR")
BOTH = GERMANY.entries() + FRANCE.entries()


def read(entries: list[Any], *anchors: Anchor, **how: Any) -> ParsedList:
    data = json.dumps(entries).encode()
    [found] = named("dcc_gateway")
    if entries:
        assert recognised(data) is found
    return found.read(data, Reading("source", anchors or (ANCHOR,), now=NOW + 9000, **how))


def reasons(parsed: ParsedList) -> list[Refusal]:
    return [reason for _, reason in parsed.refused]


def test_a_signer_counts_when_anchor_state_and_authority_agree() -> None:
    parsed = read(BOTH)
    assert (parsed.name, parsed.anchor, parsed.environment) == ("dcc-gateway:ta", None, None)
    assert parsed.sequence == SIGNED_AT
    assert not parsed.refused
    csca, upload, dsc, *_ = parsed.records
    assert (csca.role, upload.role, dsc.role) == (Role.AUTHORITY, Role.OTHER, Role.SIGNER)
    assert (csca.level, dsc.level) == (Level.LIST, Level.CHAIN)
    assert (csca.schemes, upload.schemes, dsc.schemes) == (set(), set(), {"eu-dcc"})
    assert (dsc.country, dsc.certificate, dsc.anchor) == ("DE", GERMANY.dsc, ANCHOR)


def test_entries_come_in_any_order() -> None:
    assert len(read(BOTH[::-1]).records) == len(BOTH)


def only_the_last(entries: list[Any]) -> Refusal:
    parsed = read(entries)
    assert [record.certificate for record in parsed.records].count(GERMANY.dsc) == 0
    [(place, reason)] = parsed.refused
    assert place == f"entry {len(entries)}"
    return reason


TRUSTED = GERMANY.entries()[:2] + FRANCE.entries()


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (5, Refusal.MALFORMED),
        ({**GERMANY.signer(), "certificateType": "OTHER"}, Refusal.NOT_A_SIGNER),
        ({**GERMANY.signer(), "rawData": "AAAA"}, Refusal.NOT_A_CERTIFICATE),
        ({**GERMANY.signer(), "kid": "AAAAAAAAAAA="}, Refusal.KID_DIFFERS),
        ({**GERMANY.signer(), "kid": 5}, Refusal.KID_DIFFERS),
        ({**GERMANY.signer(), "thumbprint": "00"}, Refusal.DIGEST_WRONG),
        ({**GERMANY.signer(), "signature": "?"}, Refusal.SIGNATURE_WRONG),
        ({**GERMANY.signer(), "signature": FRANCE.signer()["signature"]}, Refusal.SIGNATURE_WRONG),
        (GERMANY.signer(key=ec_key("stranger")), Refusal.SIGNATURE_WRONG),
        (GERMANY.signer(inside=[]), Refusal.SIGNER_UNKNOWN),
        # Another state has signed it.
        (
            GERMANY.signer(key=ec_key("up FR"), signer=FRANCE.up, issuer=FRANCE.up_name),
            Refusal.SIGNER_UNKNOWN,
        ),
        # An uploader that no anchor has signed.
        (
            GERMANY.signer(
                key=ec_key("x"),
                signer=certificate(ec_key("x"), subject=GERMANY.up_name),
            ),
            Refusal.SIGNER_UNKNOWN,
        ),
        # The anchor itself uploads no signers, and no state its authority.
        (
            GERMANY.signer(key=ec_key("ta"), signer=TA, issuer=TA_NAME),
            Refusal.SIGNER_UNKNOWN,
        ),
        (
            GERMANY.by_anchor(
                "CSCA",
                GERMANY.dsc,
                key=ec_key("up DE"),
                signer=GERMANY.up,
                issuer=GERMANY.up_name,
            ),
            Refusal.SIGNER_UNKNOWN,
        ),
        # What the authority of another state, or of the same name, has certified.
        (
            GERMANY.signer(
                certificate(
                    ec_key("y"),
                    signer=ec_key("csca FR"),
                    subject=name(country="DE"),
                    issuer=FRANCE.csca_name,
                )
            ),
            Refusal.NO_AUTHORITY,
        ),
        (
            GERMANY.signer(
                certificate(
                    ec_key("y"),
                    signer=ec_key("csca FR"),
                    subject=name(country="DE"),
                    issuer=GERMANY.csca_name,
                )
            ),
            Refusal.NO_AUTHORITY,
        ),
    ],
)
def test_a_bad_entry_costs_only_itself(entry: object, reason: Refusal) -> None:
    assert only_the_last([*TRUSTED, entry]) == reason


def test_a_certificate_for_logging_in_is_kept_and_signs_nothing() -> None:
    login = certificate(ec_key("login"), subject=GERMANY.up_name)
    by_login = GERMANY.signer(key=ec_key("login"), signer=login)
    parsed = read([*TRUSTED, GERMANY.by_anchor("AUTHENTICATION", login), by_login])
    assert (parsed.records[-1].role, parsed.records[-1].schemes) == (Role.OTHER, frozenset())
    assert reasons(parsed) == [Refusal.SIGNER_UNKNOWN]


def test_an_authority_that_no_anchor_has_signed_is_refused() -> None:
    forged = GERMANY.by_anchor("CSCA", GERMANY.csca, key=ec_key("stranger"))
    assert reasons(read([*FRANCE.entries(), forged])) == [Refusal.SIGNATURE_WRONG]


def test_the_country_of_a_certificate_is_not_changed_by_its_entry() -> None:
    # Somebody on the way moves all of France to Germany: its own certificates say otherwise.
    moved = [{**entry, "country": "DE"} for entry in FRANCE.entries()]
    assert {record.country for record in read(moved).records} == {"FR"}


def test_what_no_anchor_has_signed_makes_no_list() -> None:
    stranger = ANCHOR._replace(certificate=read_certificate(FRANCE.csca), spki=b"")
    for entries, anchor in (([], ANCHOR), (GERMANY.entries()[2:], ANCHOR), (BOTH, stranger)):
        with pytest.raises(TrustListInvalid) as refused:
            read(entries, anchor)
        assert refused.value.fault == Fault.SIGNER_UNKNOWN


def test_without_its_authority_or_uploader_a_signer_is_refused() -> None:
    csca, upload, dsc = GERMANY.entries()
    assert only_the_last([upload, dsc]) is Refusal.NO_AUTHORITY
    assert only_the_last([csca, dsc]) is Refusal.SIGNER_UNKNOWN


def test_a_changed_byte_of_a_certificate_or_signature_costs_the_entry() -> None:
    csca, upload, dsc = GERMANY.entries()
    signature = cms(GERMANY.dsc, key=ec_key("up DE"), signer=GERMANY.up, issuer=GERMANY.up_name)
    for place in (*range(0, len(GERMANY.dsc), 7), len(GERMANY.dsc) - 1):
        der = bytearray(GERMANY.dsc)
        der[place] ^= 1
        changed = gateway_entry("DSC", bytes(der), "DE", signature)
        assert not [each for each in read([csca, upload, changed]).records if each.schemes]
    for place in range(len(signature) - 64, len(signature)):
        beside = bytearray(signature)
        beside[place] ^= 1
        changed = {**dsc, "signature": b64(bytes(beside))}
        assert only_the_last([csca, upload, changed]) is Refusal.SIGNATURE_WRONG


def test_signing_times_of_the_future_do_not_count_for_the_order() -> None:
    dsc = GERMANY.signer(signed_at=b"300101000000Z")
    assert read([*GERMANY.entries()[:2], dsc]).sequence is None
    assert read([*BOTH, dsc]).sequence == SIGNED_AT
    silent = GERMANY.signer(signed_at=b"")
    assert read([*GERMANY.entries()[:2], silent]).sequence is None


def test_an_older_edition_is_refused(tmp_path: Path, store: Path) -> None:
    anchor = tmp_path / "ta.pem"
    anchor.write_bytes(TA)
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps(BOTH))
    import_sources(store, [path], now=NOW + 9000, anchors=[anchor])
    older = [*GERMANY.entries()[:2], GERMANY.signer(signed_at=MORNING)]
    path.write_text(json.dumps(older))
    with pytest.raises(TrustListRollback):
        import_sources(store, [path], now=NOW + 9000, anchors=[anchor])


def test_an_expired_signer_is_kept_for_what_it_signed_in_its_time() -> None:
    ended = certificate(
        ec_key("dsc DE"),
        signer=ec_key("csca DE"),
        subject=name(country="DE"),
        issuer=GERMANY.csca_name,
        not_after=tlv(0x17, b"260201000000Z"),
    )
    records = read([*GERMANY.entries()[:2], GERMANY.signer(ended)]).records
    assert records[-1].not_after == 1_769_904_000


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(b64(GERMANY.dsc)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*GERMANY.signer()]), values), values)
def test_any_value_in_an_entry(members: Any, other: object) -> None:
    parsed = read([*BOTH, {**GERMANY.signer(), **members}, other])
    assert len(parsed.records) >= len(BOTH)
