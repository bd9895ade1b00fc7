"""A key source in memory, for tests that are not about the store."""

from collections.abc import Iterable, Sequence

from trustlists.csca import Candidate, read_candidate
from verifier.clock import Instant
from verifier.codecs.x509 import read_certificate, uses_of
from verifier.countries import alpha_2
from verifier.trust import Authority, Environment, TrustedKey, TrustList

LIST = TrustList(
    "memory", Environment.SPECIMEN, 4_000_000_000
)  # newer than every instant that tests judge for


def key_of(
    certificate: bytes,
    *,
    scheme: str = "eu-dcc",
    source: TrustList = LIST,
    authenticated: bool = True,
    kid: bytes | None = None,
) -> TrustedKey:
    """Make the key of a certificate in DER."""
    facts = read_certificate(certificate)
    return TrustedKey(
        kid=kid or facts.kid,
        spki=facts.spki,
        schemes=frozenset({scheme}),
        uses=uses_of(facts.extended_key_usage),
        country=alpha_2(facts.country),
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        authenticated=authenticated,
        list=source,
    )


class MemoryKeys:
    """Keys by id."""

    def __init__(
        self,
        keys: Iterable[TrustedKey],
        *,
        floor: Instant | None = None,
        authorities: Iterable[Authority] = (),
    ) -> None:
        self._keys: dict[bytes, list[TrustedKey]] = {}
        for key in keys:
            self._keys.setdefault(key.kid, []).append(key)
        self._authorities: dict[bytes, list[Authority]] = {}
        for authority in authorities:
            self._authorities.setdefault(authority.key_id, []).append(authority)
        self._floor = floor

    def find(self, kid: bytes, issuer: str = "") -> Sequence[TrustedKey]:
        found = self._keys.get(kid, [])
        return [key for key in found if key.issuer == issuer] if issuer else found

    def authorities(self, key_id: bytes) -> Sequence[Authority]:
        return self._authorities.get(key_id, ())

    def floor(self) -> Instant | None:
        return self._floor

    def newest(self) -> TrustList | None:
        return next((keys[0].list for keys in self._keys.values()), None)


def authority_of(
    certificate: bytes,
    *,
    scheme: str = "vds-nc",
    source: TrustList = LIST,
    authenticated: bool = True,
) -> Authority:
    """Make the authority of a certificate in DER, as the import of such lists does."""
    candidate = read_candidate(certificate)
    assert isinstance(candidate, Candidate), candidate
    facts = candidate.facts
    return Authority(
        key_id=candidate.key_id,
        spki=candidate.spki,
        schemes=frozenset({scheme}),
        country=candidate.country,
        subject=facts.subject,
        not_before=facts.not_before,
        not_after=facts.not_after,
        authenticated=authenticated,
        list=source,
    )
