"""What every dialect is read into: neutral records, refused entries, a parsed list.

One shape for certificates, bare keys and published lists (dcc-trust-lists notes, section 1).
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from trustlists.anchors import Anchor
from verifier.clock import Instant
from verifier.codecs.x509 import CertificateFacts, uses_of
from verifier.countries import alpha_2
from verifier.trust import Environment


class Refusal(StrEnum):
    """Why one entry of a list was not taken. The rest of the list is not affected."""

    DUPLICATE = "duplicate"
    KEY_DIFFERS = "key_differs"
    KEY_KIND_UNKNOWN = "key_kind_unknown"
    KEY_UNREADABLE = "key_unreadable"
    KID_DIFFERS = "kid_differs"
    KID_UNREADABLE = "kid_unreadable"
    MALFORMED = "malformed"
    NOT_A_CERTIFICATE = "not_a_certificate"
    NOT_A_SIGNER = "not_a_signer"
    NOT_A_TRUST_LIST = "not_a_trust_list"
    NO_KEY_ID = "no_key_id"
    PRIVATE_KEY = "private_key"
    TOO_LARGE = "too_large"


REFUSAL_WORDS = {
    Refusal.DUPLICATE: "the same key twice; taken once",
    Refusal.KEY_DIFFERS: "its certificate holds another key than the entry itself",
    Refusal.KEY_KIND_UNKNOWN: "a kind of key that signs no health certificate",
    Refusal.KEY_UNREADABLE: "the public key cannot be read",
    Refusal.KID_DIFFERS: "the key id is not that of its certificate",
    Refusal.KID_UNREADABLE: "the key id cannot be read",
    Refusal.MALFORMED: "not formed as the list's own rules demand",
    Refusal.NOT_A_CERTIFICATE: "not a certificate that can be read",
    Refusal.NOT_A_SIGNER: "not marked as a signer of documents",
    Refusal.NOT_A_TRUST_LIST: "no kind of trust list that is known here",
    Refusal.NO_KEY_ID: "a bare key without an id; give its certificate or a JWK set",
    Refusal.PRIVATE_KEY: "holds a private key, so whatever it signs proves nothing",
    Refusal.TOO_LARGE: "larger than any trust list",
}


class RefusedEntry(NamedTuple):
    """An entry that was not taken: what it is called, fit to be shown, and why."""

    entry: str
    reason: Refusal


class KeyRecord(NamedTuple):
    """A key and what its list says of it. ``anchor`` vouches for it, None when nobody does."""

    kid: bytes
    spki: bytes
    certificate: bytes | None
    schemes: frozenset[str]
    uses: frozenset[str]
    country: str
    name: str
    not_before: Instant | None
    not_after: Instant | None
    anchor: Anchor | None


class Reading(NamedTuple):
    """What the operator says about a source: what it is called, and how to take it.

    ``label`` is short and stable and becomes part of the list's name. ``country`` is for entries
    that name none.
    """

    label: str
    anchors: tuple[Anchor, ...] = ()
    scheme: str = "eu-dcc"
    country: str = ""


class ParsedList(NamedTuple):
    """A list as read.

    ``environment`` is None when neither list nor anchor says. ``anchor`` has signed the list as a
    whole. ``dated`` is its signed date. ``sequence`` is a number that only goes up from one
    edition to the next, None when there is none.
    """

    name: str
    records: Sequence[KeyRecord]
    refused: Sequence[RefusedEntry]
    environment: Environment | None = None
    anchor: Anchor | None = None
    dated: Instant | None = None
    sequence: int | None = None


class Dialect(NamedTuple):
    """One way of writing a trust list. Each file of ``dialects`` exports one as ``DIALECT``.

    ``recognise`` looks at the first bytes. ``read`` raises ``TrustListInvalid`` when the whole
    cannot be believed or read. ``gathers`` is true when the files of a folder make one list.
    """

    names: tuple[str, ...]
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, Reading], ParsedList]
    gathers: bool = False


def record_of(  # noqa: PLR0913 - what is known beside the certificate, by keyword
    certificate: bytes,
    facts: CertificateFacts,
    *,
    spki: bytes,
    schemes: frozenset[str],
    country: str,
    anchor: Anchor | None,
) -> KeyRecord:
    """Make the record of a certificate. ``country`` counts when the certificate names none."""
    return KeyRecord(
        kid=facts.kid,
        spki=spki,
        certificate=certificate,
        schemes=schemes,
        uses=uses_of(facts.extended_key_usage),
        country=alpha_2(facts.country) or alpha_2(country),
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        anchor=anchor,
    )
