"""A key of a list, stored or just read, with all that the checks look at."""

from base64 import b64encode
from typing import NamedTuple

from trustlists.checking.codes import Code, Finding
from trustlists.gathering import Gathered
from trustlists.records import KeyRecord, Role
from trustlists.store import StoredKey
from verifier.clock import Instant
from verifier.codecs.x509 import CertificateFacts, NotACertificate, read_certificate
from verifier.trust import Environment


class Entry(NamedTuple):
    """A key of a list with all that the checks look at; ``facts`` is None without certificate."""

    source: str
    list: str
    environment: Environment | None
    kid: bytes
    spki: bytes
    role: Role
    country: str
    schemes: frozenset[str]
    issuer: str
    not_before: Instant | None
    not_after: Instant | None
    vouched: bool
    vouched_until: Instant | None
    certificate: bytes | None
    facts: CertificateFacts | None

    @property
    def is_authority(self) -> bool:
        """Whether it signs certificates; test nations have authorities too."""
        certified = self.facts is not None and self.facts.is_ca
        return self.role is Role.AUTHORITY or (self.role is Role.TEST_NATION and certified)

    @property
    def is_signer(self) -> bool:
        """Whether it signs documents, or would if its nation existed."""
        return self.role in {Role.SIGNER, Role.TEST_NATION} and not self.is_authority

    def finding(self, code: Code, detail: str = "") -> Finding:
        """Make a finding about this entry."""
        kid = b64encode(self.kid).decode()
        return Finding(code, self.source, self.list, kid, self.country, detail)


def of_stored(stored: StoredKey) -> Entry:
    """Make the entry of a key in a store, where no file is known."""
    key = stored.key
    return Entry(
        source="",
        list=key.list.name,
        environment=key.list.environment,
        kid=key.kid,
        spki=key.spki,
        role=Role(stored.role),
        country=key.country,
        schemes=key.schemes,
        issuer=key.issuer,
        not_before=key.not_before,
        not_after=key.not_after,
        vouched=key.authenticated,
        vouched_until=stored.vouched_until,
        certificate=stored.certificate,
        facts=_facts(stored.certificate),
    )


def of_record(record: KeyRecord, gathered: Gathered) -> Entry:
    """Make the entry of a key that was just read from a file."""
    return Entry(
        source=gathered.source,
        list=gathered.parsed.name,
        environment=gathered.parsed.environment,
        kid=record.kid,
        spki=record.spki,
        role=record.role,
        country=record.country,
        schemes=record.schemes,
        issuer=record.issuer,
        not_before=record.not_before,
        not_after=record.not_after,
        vouched=record.anchor is not None,
        vouched_until=record.anchor.until if record.anchor else None,
        certificate=record.certificate,
        facts=_facts(record.certificate),
    )


def _facts(certificate: bytes | None) -> CertificateFacts | None:
    try:
        return read_certificate(certificate) if certificate else None
    except NotACertificate:
        return None
