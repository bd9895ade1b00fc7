"""Has the issuer withdrawn this certificate? What is looked up for which format, and what follows.

Asked only after the signature holds: else anybody could ask a list about invented identifiers.
What is looked up is computed here, lives as long as the question and is kept nowhere. DCC: the
first 16 bytes of SHA-256 over three texts (dcc-revocation notes, 1). SMART Health Cards: ``rid``
(notes, 9). VDS-NC: the serial number of the signer's certificate (notes, 7).

``trustlists.TrustStore`` implements ``RevocationSource``; a program may bring its own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, Protocol

from verifier.algorithms import PS256
from verifier.claims import Claims
from verifier.clock import Instant
from verifier.findings import FINDINGS, Finding
from verifier.reasons import Reason
from verifier.signature import VerifiedEnvelope
from verifier.trust import TrustedKey

HASH_BYTES: Final = 16


class Method(StrEnum):
    """What stands in a list of withdrawn certificates.

    The first three are the words of the DCC gateway (notes, 2), then a card's ``rid``, then the
    serial number of a signer.
    """

    SIGNATURE = "SIGNATURE"
    UCI = "UCI"
    COUNTRY_AND_UCI = "COUNTRYCODEUCI"
    CARD = "rid"
    SIGNER = "crl"


# Formats for which lists are known, and what those hold.
METHODS: Final[dict[str, frozenset[Method]]] = {
    "eu-dcc": frozenset({Method.SIGNATURE, Method.UCI, Method.COUNTRY_AND_UCI}),
    "smart-health-card": frozenset({Method.CARD}),
    "vds-nc": frozenset({Method.SIGNER}),
}


class Standing(StrEnum):
    """What the lists of an issuer say of one certificate.

    ``CLEAR`` needs a complete list that somebody vouches for and that is not too old.
    ``POSSIBLE`` is a hit that may be an accident, or in a list that nobody vouches for.
    """

    LISTED = "listed"
    POSSIBLE = "possible"
    CLEAR = "clear"
    TOO_OLD = "too_old"
    INCOMPLETE = "incomplete"


class Withdrawals(Protocol):
    """What is withdrawn among the documents of one key."""

    @property
    def methods(self) -> frozenset[Method]:
        """What has to be asked for; what is in no list of the issuer need not be computed."""
        ...

    def standing(self, asked: Sequence[bytes], at: Instant, issued: Instant | None) -> Standing:
        """Look up every one of ``asked``, for an instant, for a document issued at another.

        A hash of the DCC has 16 bytes or more, of which 16 count. Must not write or keep anything.
        """
        ...


class RevocationSource(Protocol):
    """Anything that knows what is withdrawn. Asked once a document, about its key alone."""

    def withdrawals(self, key: TrustedKey, format: str) -> Withdrawals | None:  # noqa: A002 - the interface contract's word
        """Give what is known for documents of this key and format; None when there is no list."""
        ...


_FINDING_OF: Final = {
    Standing.LISTED: (FINDINGS[Reason.REVOKED],),
    Standing.POSSIBLE: (FINDINGS[Reason.POSSIBLY_REVOKED],),
    Standing.CLEAR: (FINDINGS[Reason.NOT_REVOKED],),
    Standing.TOO_OLD: (FINDINGS[Reason.REVOCATION_TOO_OLD],),
    Standing.INCOMPLETE: (FINDINGS[Reason.REVOCATION_INCOMPLETE],),
}
_NOT_LISTABLE: Final = (FINDINGS[Reason.NOT_LISTABLE],)

# Lists may write these countries in their own way or in ISO's: both are looked up.
_OTHER_SPELLING: Final = {"GR": "EL", "GB": "UK"}

_SIGNATURE: Final = Method.SIGNATURE
_UCI: Final = Method.UCI
_COUNTRY_AND_UCI: Final = Method.COUNTRY_AND_UCI
_CARD: Final = Method.CARD
_CLEAR: Final = Standing.CLEAR
_WITHOUT_IDENTIFIER: Final = frozenset({Method.SIGNATURE, Method.SIGNER})
_sha256: Final = hashlib.sha256


def judge(
    known: Withdrawals, verified: VerifiedEnvelope, claims: Claims, at: Instant
) -> tuple[Finding, ...]:
    """Look a document up, and say what follows."""
    methods = known.methods
    if _CARD in methods:
        asked = [claims.identifier.encode()] if claims.identifier else []
    elif Method.SIGNER in methods:
        asked = _serial(verified.certificate)
    else:
        asked = _hashes(methods, verified, claims)
    standing = known.standing(asked, at, claims.issued)
    if standing is _CLEAR and not claims.identifier and not methods <= _WITHOUT_IDENTIFIER:
        # It could only stand in the list under a number that it does not have.
        return _NOT_LISTABLE
    return _FINDING_OF[standing]


def _hashes(methods: frozenset[Method], verified: VerifiedEnvelope, claims: Claims) -> list[bytes]:
    asked = []
    if _SIGNATURE in methods:
        asked.append(signature_hash(verified.signature, verified.algorithm))
    # As it stands in the payload: a trimmed or re-cased one never matches.
    identifier = claims.identifier
    if identifier and (_UCI in methods or _COUNTRY_AND_UCI in methods):
        text = identifier.encode("utf-8", "surrogatepass")
        if _UCI in methods:
            asked.append(_sha256(text).digest())
        if _COUNTRY_AND_UCI in methods:
            for country in _countries(claims, verified.key):
                asked.append(_sha256(country.encode() + text).digest())  # noqa: PERF401 - quicker than a list of its own
    return asked


def signature_hash(signature: bytes, algorithm: int | None) -> bytes:
    """Hash a signature: of ECDSA its first half alone.

    With s replaced by n - s it is a second valid signature over the same document.
    """
    counted = signature if algorithm == PS256 else signature[: len(signature) // 2]
    return _sha256(counted).digest()


def _countries(claims: Claims, key: TrustedKey) -> Iterable[str]:
    """Name the countries that stand before the identifier by either reading (notes, 1)."""
    issuer = claims.country or key.country
    found = {issuer}
    found.update(event.country for event in claims.events)
    found.update(_OTHER_SPELLING[each] for each in tuple(found) if each in _OTHER_SPELLING)
    return found


def _serial(certificate: bytes) -> list[bytes]:
    from verifier.codecs.x509 import read_certificate  # noqa: PLC0415 - few documents carry one

    return [b"%d" % read_certificate(certificate).serial] if certificate else []
