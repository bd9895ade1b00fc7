"""Certificates of ICAO's tree: which are authorities of states (CSCA), which sign seals below them.

One level below an authority stand its signers, never more (icao-trust notes, 1 and 6). Each
certificate is judged alone, and a bad one costs only itself. In a list that somebody vouches for an
authority's link certificates count like itself: they carry the same key, signed by another one.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.public_keys import CURVES, NotAKey, canonical, kind_of, point_or_numbers
from trustlists.records import KeyRecord, KnownAuthority, Level, Refusal, Role
from verifier.codecs.x509 import (
    CertificateFacts,
    NotACertificate,
    read_certificate,
    same_name,
    signed_by_key,
    uses_of,
)
from verifier.countries import alpha_2

SCHEME: Final = "vds-nc"

HEALTH_AUTHORITY: Final = "2.23.136.1.1.14.1"
SEAL_SIGNER: Final = "2.23.136.1.1.14.2"

# The largest of 707 certificates in two lists has 2.3 KB (notes, 10).
_CERTIFICATE_BYTES: Final = 8 * 1024
_VERSION: Final = 3

# What a reader has to understand and this one does, or may leave aside: key ids, key usage and its
# period, other names, policies, basic constraints, distribution points, extended key usage; and
# ICAO's own, the change of a name and the list of document types.
_UNDERSTOOD: Final = frozenset(
    f"2.5.29.{number}" for number in (14, 15, 16, 17, 18, 19, 31, 32, 35, 37)
) | {
    "2.23.136.1.1.6.1",
    "2.23.136.1.1.6.2",
}

_CURVES: Final = frozenset(curve.name for curve in CURVES) - {"secp256k1"}
_LEAST_RSA_BITS: Final = 2_048

# ICAO's own nation for tests, which must never sign for a traveller (notes, 6).
_TEST_STATE: Final = "UT"

# Codes that ICAO knows and ISO 3166-1 does not, or writes with other letters.
_AS_ALPHA_2: Final = {"D": "DE", "EUE": "EU", "UNO": "UN", "UTO": "UT", "RKS": "KS"}


class Candidate(NamedTuple):
    """A certificate that can be read and whose key is of a kind that counts."""

    certificate: bytes
    facts: CertificateFacts
    spki: bytes
    country: str
    key_id: bytes


def read_candidate(certificate: bytes) -> Candidate | Refusal:
    """Read a certificate, with the numbers of its curve brought to the curve's name."""
    if len(certificate) > _CERTIFICATE_BYTES:
        return Refusal.TOO_LARGE
    try:
        facts = read_certificate(certificate)
        spki = canonical(facts.spki)
    except NotACertificate:
        return Refusal.NOT_A_CERTIFICATE
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    state = state_of(facts)
    refusal = _refusal(facts, spki, state)
    return refusal or Candidate(certificate, facts, spki, state, key_id_of(facts))


def _refusal(facts: CertificateFacts, spki: bytes, state: str) -> Refusal | None:
    if facts.version != _VERSION:
        return Refusal.MALFORMED
    if not facts.critical <= _UNDERSTOOD:
        return Refusal.CRITICAL_UNKNOWN
    if not _counts(kind_of(spki)):
        return Refusal.KEY_KIND_UNKNOWN
    return None if state else Refusal.NO_COUNTRY


def state_of(facts: CertificateFacts) -> str:
    """Give the state of a certificate: two capital letters, also those that ISO 3166-1 lacks.

    An authority without a state could sign for all of them, so codes for "none" stay what they are.
    """
    code = facts.country.strip().upper()
    code = _AS_ALPHA_2.get(code, code)
    two = len(code) == 2 and code.isascii() and code.isalpha()  # noqa: PLR2004 - letters
    return alpha_2(code) or (code if two else "")


def is_root(facts: CertificateFacts) -> bool:
    """Tell whether a certificate has signed itself. SHA-1 is no harm there: it proves nothing."""
    return same_name(facts.issuer, facts.subject) and signed_by_key(facts, facts.spki, weak=True)


def key_id_of(facts: CertificateFacts) -> bytes:
    """Give the key id that a certificate states, or is meant to have (RFC 5280, 4.2.1.2)."""
    if facts.subject_key_id:
        return facts.subject_key_id
    return hashlib.sha1(point_or_numbers(facts.spki), usedforsecurity=False).digest()


def authority(
    candidate: Candidate, *, anchor: Anchor | None, seals: bool, test_nations: bool
) -> KeyRecord | Refusal:
    """Make the record of an authority. ``seals`` says that it may vouch for signers of seals.

    An authority for anything but travel documents in general, or health seals, is refused.
    """
    facts = candidate.facts
    if not facts.is_ca or "certificate_signature" not in (facts.key_usage or ()):
        return Refusal.NOT_AN_AUTHORITY
    purposes = facts.extended_key_usage
    if purposes and HEALTH_AUTHORITY not in purposes:
        return Refusal.OTHER_USE
    is_test = candidate.country == _TEST_STATE and not test_nations
    return _record(
        candidate,
        kid=candidate.key_id,
        role=Role.TEST_NATION if is_test else Role.AUTHORITY,
        schemes={SCHEME} if seals else set(),
        anchor=anchor,
    )


def signer(
    candidate: Candidate, *, anchor: Anchor | None, test_nations: bool
) -> KeyRecord | Refusal:
    """Make the record of an end entity: a signer of seals, or of the DCC family by its purposes."""
    facts = candidate.facts
    if facts.key_usage is not None and "digital_signature" not in facts.key_usage:
        return Refusal.OTHER_USE
    of_seals = SEAL_SIGNER in facts.extended_key_usage
    if not of_seals and not uses_of(facts.extended_key_usage):
        return Refusal.OTHER_USE if facts.extended_key_usage else Refusal.NOT_A_SIGNER
    is_test = candidate.country == _TEST_STATE and not test_nations
    return _record(
        candidate,
        kid=candidate.key_id if of_seals else facts.kid,
        role=Role.TEST_NATION if is_test else Role.SIGNER,
        schemes={SCHEME} if of_seals else {"eu-dcc"},
        anchor=anchor,
    )


def chained(record: KeyRecord, authorities: Iterable[KnownAuthority]) -> KeyRecord:
    """Give a record the anchor of the authority that has signed it, where one has.

    Of several authorities that fit, one that an anchor vouches for comes first.
    """
    facts = read_certificate(record.certificate or b"")
    above = [each for each in authorities if has_signed(read_certificate(each.certificate), facts)]
    if not above:
        return record
    anchor = next((each.anchor for each in above if each.anchor), None)
    return record._replace(anchor=record.anchor or anchor, chain=Level.CHAIN)


def has_signed(issuer: CertificateFacts, facts: CertificateFacts) -> bool:
    """Tell whether an authority has signed a certificate of its own state."""
    return (
        issuer.is_ca
        and state_of(issuer) == state_of(facts)
        and facts.authority_key_id in {b"", key_id_of(issuer)}
        and same_name(facts.issuer, issuer.subject)
        and signed_by_key(facts, issuer.spki)
    )


def authorities_of(records: Sequence[KeyRecord]) -> list[KnownAuthority]:
    """Give the authorities among the records of a list."""
    return [
        KnownAuthority(record.certificate, record.anchor)
        for record in records
        if record.role is Role.AUTHORITY and record.certificate
    ]


def _record(
    candidate: Candidate, *, kid: bytes, role: Role, schemes: set[str], anchor: Anchor | None
) -> KeyRecord:
    facts = candidate.facts
    return KeyRecord(
        kid=kid,
        spki=candidate.spki,
        certificate=candidate.certificate,
        schemes=frozenset(schemes),
        uses=uses_of(facts.extended_key_usage),
        country=candidate.country,
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        anchor=anchor,
        role=role,
    )


def _counts(kind: str) -> bool:
    """Tell whether a key of this kind is allowed and strong enough (notes, 5)."""
    family, _, bits = kind.partition(" ")
    return kind in _CURVES or (family == "RSA" and int(bits) >= _LEAST_RSA_BITS)
