"""What the verifier needs to know of keys: a trusted key, where it comes from, how old the list is.

``trustlists.TrustStore`` implements ``KeySource``; an embedding program may bring its own.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from verifier.clock import Instant
from verifier.limits import FRESH_SECONDS, STALE_SECONDS


class Environment(StrEnum):
    """Which world a list belongs to. Keys of two worlds never meet in one store unasked."""

    PRODUCTION = "production"
    ACCEPTANCE = "acceptance"
    DEVELOPMENT = "development"
    SPECIMEN = "specimen"


class Freshness(StrEnum):
    """How old a list is: ``STALE`` is told, ``TOO_OLD`` makes the outcome REFER."""

    FRESH = "fresh"
    STALE = "stale"
    TOO_OLD = "too_old"


_FRESH: Final = Freshness.FRESH


class TrustList(NamedTuple):
    """The list that a key came from.

    ``as_of`` is the signed date of the list where it has one, else the instant of its import. So
    many seconds later it is stale, and too old to rely on.
    """

    name: str
    environment: Environment
    as_of: Instant
    stale_after: int = FRESH_SECONDS
    too_old_after: int = STALE_SECONDS

    def freshness(self, at: Instant) -> Freshness:
        """Tell how old the list is at an instant. A list from later than that is fresh."""
        age = at - self.as_of
        if age <= self.stale_after and age <= self.too_old_after:
            return _FRESH
        return Freshness.STALE if age <= self.too_old_after else Freshness.TOO_OLD


class TrustedKey(NamedTuple):
    """A public key and what its list vouches for.

    ``spki`` is the DER SubjectPublicKeyInfo (RFC 5280, 4.1). ``schemes`` names the families of
    documents that the key may sign, ``uses`` the kinds of certificate (empty: all of the scheme).
    ``country`` is ISO 3166-1 alpha-2, empty when unknown. The two instants are None when the list
    does not say. ``issuer`` is the only issuer (``iss``, DID) whose documents it may sign, empty
    where documents name none. ``authenticated`` tells whether an anchor vouches for the key.
    """

    kid: bytes
    spki: bytes
    schemes: frozenset[str]
    uses: frozenset[str]
    country: str
    name: str
    not_before: Instant | None
    not_after: Instant | None
    authenticated: bool
    list: TrustList
    issuer: str = ""


class Authority(NamedTuple):
    """An authority (CSCA) that may vouch for the certificate in a document.

    ``subject`` is its subject name as DER, as the certificates that it signed name their issuer.
    The rest is as for ``TrustedKey``.
    """

    key_id: bytes
    spki: bytes
    schemes: frozenset[str]
    country: str
    subject: bytes
    not_before: Instant | None
    not_after: Instant | None
    authenticated: bool
    list: TrustList


class KeySource(Protocol):
    """Anything that finds keys. Called once for each document; must not write anything."""

    def find(self, kid: bytes, issuer: str = "") -> Sequence[TrustedKey]:
        """Give every key with this id, of every scheme, at most ``KEYS_PER_KID``; empty if none.

        A key that a list names for something else than documents has no schemes. With ``issuer``,
        only the keys that are listed for that very issuer.
        """
        ...

    def authorities(self, key_id: bytes) -> Sequence[Authority]:
        """Give every authority whose subject key identifier this is; empty if none.

        Asked only for documents that carry their signer's certificate (VDS-NC). Authorities never
        verify a document themselves.
        """
        ...

    def floor(self) -> Instant | None:
        """Tell the latest instant that an authenticated list proves to have passed, if any.

        A desk whose clock is behind it has a wrong clock.
        """
        ...

    def newest(self) -> TrustList | None:
        """Name the list with the latest date, None when there is no list at all."""
        ...
