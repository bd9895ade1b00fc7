"""Has the issuer withdrawn this certificate? What is looked up for which format, and what follows.

Asked only after the signature holds: else anybody could ask a list about invented identifiers.
What is looked up is put together here, lives as long as the question and is kept nowhere. DCC:
three texts, of which lists hold the first 16 bytes of SHA-256 (dcc-revocation notes, 1). SMART
Health Cards: ``rid`` (notes, 9). VDS-NC: the serial number of the signer's certificate (notes, 7).

``trustlists.TrustStore`` implements ``RevocationSource``; a program may bring its own.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final, Protocol

from verifier.algorithms import PS256
from verifier.clock import Instant
from verifier.envelope import Envelope
from verifier.findings import FINDINGS
from verifier.reasons import Reason
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


# Under names of their own they are found at once: they are asked for with every document.
_SIGNATURE: Final = Method.SIGNATURE
_UCI: Final = Method.UCI
_COUNTRY_AND_UCI: Final = Method.COUNTRY_AND_UCI
_CARD: Final = Method.CARD
_SIGNER: Final = Method.SIGNER

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
    ``NOT_LISTABLE`` is clear but for a number that the document lacks, and that the lists go by.
    """

    LISTED = "listed"
    POSSIBLE = "possible"
    CLEAR = "clear"
    NOT_LISTABLE = "not_listable"
    TOO_OLD = "too_old"
    INCOMPLETE = "incomplete"


class Signed(Protocol):
    """What lists may look at of a document whose signature holds: a ``VerifiedEnvelope``."""

    @property
    def envelope(self) -> Envelope:
        """The envelope, for its signature and its signer's certificate."""
        ...

    @property
    def key(self) -> TrustedKey:
        """The key that holds it."""
        ...


class Numbered(Protocol):
    """What lists may look at of the claims; they are to know nothing of a holder."""

    @property
    def identifier(self) -> str:
        """The number of the certificate as it stands there, empty when it has none."""
        ...

    @property
    def country(self) -> str:
        """The country of the issuer."""
        ...

    @property
    def entry_country(self) -> str:
        """The country that the entry itself names."""
        ...

    @property
    def issued(self) -> Instant | None:
        """When it was issued."""
        ...


class Withdrawals(Protocol):
    """What is withdrawn among the documents of one key."""

    def standing(self, signed: Signed, claims: Numbered, at: Instant) -> Standing:
        """Look a document up, for an instant. Must not write or keep anything."""
        ...


class RevocationSource(Protocol):
    """Anything that knows what is withdrawn. Asked once a document, about its key alone."""

    def withdrawals(self, key: TrustedKey, format: str) -> Withdrawals | None:  # noqa: A002 - the interface contract's word
        """Give what is known for documents of this key and format; None when there is no list."""
        ...


FINDING_OF: Final = {
    Standing.LISTED: (FINDINGS[Reason.REVOKED],),
    Standing.POSSIBLE: (FINDINGS[Reason.POSSIBLY_REVOKED],),
    Standing.CLEAR: (FINDINGS[Reason.NOT_REVOKED],),
    Standing.NOT_LISTABLE: (FINDINGS[Reason.NOT_LISTABLE],),
    Standing.TOO_OLD: (FINDINGS[Reason.REVOCATION_TOO_OLD],),
    Standing.INCOMPLETE: (FINDINGS[Reason.REVOCATION_INCOMPLETE],),
}

# Lists may write these countries in their own way or in ISO's: both are looked up.
_OTHER_SPELLING: Final = {"GR": "EL", "GB": "UK"}

# What goes by the number of a document, as it stands in the payload: a trimmed or re-cased one
# never matches.
BY_NUMBER: Final = frozenset({Method.UCI, Method.COUNTRY_AND_UCI, Method.CARD})


def texts_of(methods: Collection[Method], signed: Signed, claims: Numbered) -> list[bytes]:
    """Put together what the lists of these methods have of a document, or hold the hash of."""
    envelope, number = signed.envelope, claims.identifier.encode()
    texts = []
    if _SIGNATURE in methods:
        texts.append(counted(envelope.signature, envelope.algorithm))
    if number and (_UCI in methods or _CARD in methods):
        texts.append(number)
    if number and _COUNTRY_AND_UCI in methods:
        texts += [country.encode() + number for country in _countries(claims, signed.key)]
    if envelope.certificate and _SIGNER in methods:
        texts.append(_serial(envelope.certificate))
    return texts


def counted(signature: bytes, algorithm: int | None) -> bytes:
    """Give what counts of a signature: of ECDSA the first half alone.

    With s replaced by n - s it is a second valid signature over the same document.
    """
    return signature if algorithm == PS256 else signature[: len(signature) // 2]


def _countries(claims: Numbered, key: TrustedKey) -> Iterable[str]:
    """Name the countries that stand before the identifier by either reading (notes, 1)."""
    issuer, entry = claims.country or key.country, claims.entry_country
    if issuer == entry and issuer not in _OTHER_SPELLING:
        return (issuer,)
    found = {issuer, entry}
    found.update(_OTHER_SPELLING[each] for each in (issuer, entry) if each in _OTHER_SPELLING)
    return found


def _serial(certificate: bytes) -> bytes:
    from verifier.codecs.x509 import read_certificate  # noqa: PLC0415 - few documents carry one

    return b"%d" % read_certificate(certificate).serial
