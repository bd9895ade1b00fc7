"""The signer's certificate in a document, chained to an authority that the desk knows.

ICAO Doc 9303-12 and vds-nc notes, 5 and 6: a health seal brings the certificate of its signer, and
the state's authority (CSCA) stands one level above it, never more. Nothing is fetched and no
longer path is built. A certificate found in a document is evidence only once an authority of the
trust store is found to have signed it; before that, whatever it says of itself proves nothing.

A chain that held is remembered: it names an issuer and no traveller, and holds for as long as the
store answers with the same authorities. Dates are judged for every document anew.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from verifier.clock import Instant
from verifier.codecs import der
from verifier.codecs.pkix import algorithm_of, named_key
from verifier.codecs.x509 import (
    CertificateFacts,
    NotACertificate,
    country_of,
    read_certificate,
    same_name,
    signed_by_key,
)
from verifier.countries import state_of
from verifier.errors import DocumentError
from verifier.limits import KEYS_PER_KID, REMEMBERED_SIGNERS
from verifier.reasons import Reason
from verifier.trust import Authority, Freshness, KeySource, TrustedKey

# ICAO's arc: may sign seals (TR VDS-NC 1.1), and the kinds of certificate behind the two codes of
# health documents.
_SEAL_SIGNER: Final = "2.23.136.1.1.14.2"
_KINDS: Final = {"NV": "vaccination", "NT": "test"}

# What may be critical: key usage, basic constraints, extended key usage, the list of document
# types, all of which are looked at here, and the authority's key id, which one maker marks so.
_UNDERSTOOD: Final = frozenset(
    ("2.5.29.15", "2.5.29.19", "2.5.29.37", "2.23.136.1.1.6.2", "2.5.29.35")
)

# MD5 with RSA (RFC 3279, 2.2.1). It is known and refused; what is not known cannot be checked.
_MD5: Final = bytes.fromhex("06092a864886f70d010104")

_EC_KEY: Final = bytes.fromhex("06072a8648ce3d0201")


class Signer(NamedTuple):
    """A signer whose certificate an authority of the store has signed.

    ``fault`` says why the certificate lets it sign no such document, None when it does.
    """

    key: TrustedKey
    fault: Reason | None


def find_signer(
    certificate: bytes, key_id: bytes | None, trust: KeySource, scheme: str, at: Instant
) -> Signer:
    """Chain a signer's certificate (DER) to an authority of the store.

    ``key_id`` is the authority's, as the certificate gives it; ``scheme`` the one that the
    authority has to be trusted for. Of several authorities that have signed, one is chosen that
    somebody vouches for, of a list that is not too old, and that is in date ``at`` the instant.

    Raises ``DocumentError``: ``NO_KEY_ID`` when the certificate names no authority,
    ``NO_AUTHORITY`` when the store has none of its state, key and name, ``NOT_ISSUED_BY_AUTHORITY``
    when the one that it has did not sign, ``AUTHORITY_UNCHECKED`` for a kind of signature that is
    not known here, ``SIGNER_UNREADABLE`` for what is no certificate.
    """
    if not key_id:
        _read(certificate)
        raise DocumentError(Reason.NO_KEY_ID)
    known = trust.authorities(key_id)
    fitting = tuple(authority for authority in known if scheme in authority.schemes)
    if not fitting:
        raise DocumentError(Reason.NO_AUTHORITY)
    keys, fault = _chained(certificate, fitting[:KEYS_PER_KID])
    key = keys[0] if len(keys) == 1 else min(keys, key=lambda key: _drawbacks(key, at))
    return Signer(key, fault)


def public_key_of(certificate: bytes) -> bytes:
    """Give the key (DER SubjectPublicKeyInfo) of a certificate, whoever has signed it."""
    return _spki(_read(certificate))


def _drawbacks(key: TrustedKey, at: Instant) -> tuple[bool, bool]:
    reliable = key.authenticated and key.list.freshness(at) is not Freshness.TOO_OLD
    begun = key.not_before is None or key.not_before <= at
    ended = key.not_after is not None and key.not_after < at
    return not reliable, ended or not begun


@lru_cache(maxsize=REMEMBERED_SIGNERS)
def _chained(
    certificate: bytes, authorities: tuple[Authority, ...]
) -> tuple[tuple[TrustedKey, ...], Reason | None]:
    """Give the signer's key as each authority vouches for it, and the fault of the certificate.

    What raises is not remembered, so that certificates that nobody has vouched for are not kept.
    """
    facts = _read(certificate)
    state = state_of(country_of(facts.issuer))
    candidates = [
        authority
        for authority in authorities
        if state
        and state_of(authority.country) == state
        and authority.key_id == facts.authority_key_id
    ]
    if not candidates:
        raise DocumentError(Reason.NO_AUTHORITY)
    # Link certificates repeat a key: each key is tried once.
    spkis = {authority.spki for authority in candidates}
    signing = {spki for spki in spkis if signed_by_key(facts, spki)}
    if not signing:
        raise DocumentError(_why_not(facts.signature_algorithm))
    keys = tuple(
        _key(facts, authority, state)
        for authority in candidates
        if authority.spki in signing and same_name(facts.issuer, authority.subject)
    )
    # Signed by that key under another name, an old or a new one: which of them, is not known here.
    if not keys:
        raise DocumentError(Reason.NO_AUTHORITY)
    return keys, _fault(facts, state)


def _read(certificate: bytes) -> CertificateFacts:
    facts: CertificateFacts | None = None
    try:
        facts = read_certificate(certificate)
    except NotACertificate:
        facts = None
    if facts is None:
        raise DocumentError(Reason.SIGNER_UNREADABLE)
    return facts


def _why_not(algorithm: bytes) -> Reason:
    """Tell a signature that is wrong or of a broken kind from one that cannot be checked here."""
    unknown = algorithm and algorithm_of(algorithm) is None and _MD5 not in algorithm
    return Reason.AUTHORITY_UNCHECKED if unknown else Reason.NOT_ISSUED_BY_AUTHORITY


def _fault(facts: CertificateFacts, state: str) -> Reason | None:
    """Look for what lets the signer sign no seals. The form of its name is not looked at."""
    if _SEAL_SIGNER not in facts.extended_key_usage or not _kinds(facts):
        return Reason.KEY_NOT_FOR_FORMAT
    may_sign = facts.key_usage is None or "digital_signature" in facts.key_usage
    of_state = not facts.country or state_of(facts.country) == state
    if facts.is_ca or not may_sign or not facts.critical <= _UNDERSTOOD or not of_state:
        return Reason.SIGNER_NOT_PERMITTED
    return None


def _kinds(facts: CertificateFacts) -> frozenset[str]:
    return frozenset(kind for code, kind in _KINDS.items() if code in facts.document_types)


def _key(facts: CertificateFacts, authority: Authority, state: str) -> TrustedKey:
    """Make a key that is in date while both certificates are."""
    return TrustedKey(
        kid=authority.key_id,
        spki=_spki(facts),
        schemes=authority.schemes,
        uses=_kinds(facts),
        country=state,
        name=facts.name,
        not_before=max(_known(facts.not_before, authority.not_before)),
        not_after=min(_known(facts.not_after, authority.not_after)),
        authenticated=authority.authenticated,
        list=authority.list,
    )


def _known(*instants: Instant | None) -> Iterable[Instant]:
    return (instant for instant in instants if instant is not None)


def _spki(facts: CertificateFacts) -> bytes:
    """Give the key, with the numbers of its curve brought to the curve's name."""
    named = named_key(facts.spki)
    if named is None:
        return facts.spki
    curve = der.element(der.OBJECT_ID, named.curve.identifier)
    algorithm = der.element(der.SEQUENCE, _EC_KEY, curve)
    return der.element(der.SEQUENCE, algorithm, der.element(der.BIT_STRING, b"\0", named.point))
