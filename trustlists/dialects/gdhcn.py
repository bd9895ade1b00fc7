"""WHO's trust network: DID documents that WHO signs (gdhcn-trust notes).

A key comes from the certificate of its entry and from nowhere else; its id is the published one.
Of authorities (SCA) and of keys for logging in nothing is believed but what they are. Links to
other lists are never followed: a signed production list links to the list of the developers.
Signatures of WHO's offline root over the authorities may lie beside a list, and raise the level of
the keys below them.
"""

from functools import partial
from typing import Final

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.gdhcn_document import Document, Entry, read_document
from trustlists.gdhcn_offline import (
    SIGNS_AUTHORITIES,
    covered_authorities,
    is_signed_authority,
)
from trustlists.gdhcn_proof import verify_proof
from trustlists.json_text import from_base64
from trustlists.records import (
    Ages,
    Dialect,
    KeyRecord,
    Level,
    ParsedList,
    Reading,
    Refusal,
    Role,
    read_certified,
    read_entries,
)
from verifier.codecs.x509 import read_certificate, uses_of
from verifier.countries import alpha_2, is_test_nation
from verifier.limits import KID_BYTES

_NAMES: Final = {
    "tng-cdn.who.int": "gdhcn-prod",
    "tng-cdn-uat.who.int": "gdhcn-uat",
    "tng-cdn-dev.who.int": "gdhcn-dev",
}

# Every domain is one of health certificates in the same envelope, and no domain of its own exists
# for newer ones (notes, 2): what a key may sign is limited by its extended key usage alone.
_SCHEMES: Final = frozenset({"eu-dcc", "who-ddcc", "who-icvp"})

_NO_SCHEMES: Final[frozenset[str]] = frozenset()

_ROLES: Final = {"DSC": Role.SIGNER, "SCA": Role.AUTHORITY, "CSCA": Role.AUTHORITY}
_SIGNING: Final = frozenset({Role.SIGNER, Role.TEST_NATION})

_AGES: Final = Ages(stale=7 * 86_400, too_old=30 * 86_400)  # notes, 5.3


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and b"did:web:tng-cdn" in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid`` as those two do.

    Version 1 cannot be verified, because nobody has published its key: it is refused unless the
    operator takes unsigned lists, and then nobody vouches for its keys.
    """
    document = read_document(data)
    if document.id != document.slot:
        raise invalid(Fault.WRONG_SLOT)
    if document.points_elsewhere:
        raise invalid(Fault.FOREIGN_REFERENCE)
    taken_unsigned = document.version == 1 and reading.unsigned
    signers = [each for each in reading.anchors if each.signs != SIGNS_AUTHORITIES]
    anchor = None if taken_unsigned else verify_proof(document, signers)
    read_entry = partial(
        _entry, document=document, anchor=anchor, test_nations=reading.test_nations
    )
    found, refused = read_entries(document.entries, read_entry, "entry")
    offline = [each for each in reading.anchors if each.signs or each.environment is None]
    environment = document.world.environment
    covered = covered_authorities(reading.companions, offline, environment, reading.now)
    records = _covered(found, covered.certificates)
    return ParsedList(
        _NAMES[document.world.host] + ("" if document.version > 1 else "-v1"),
        records,
        [*refused, *covered.refused],
        environment=environment,
        anchor=anchor,
        dated=document.created,
        sequence=document.created,
    )


def _entry(
    entry: Entry | str, *, document: Document, anchor: Anchor | None, test_nations: bool
) -> KeyRecord | Refusal:
    if isinstance(entry, str):
        return Refusal.LINKS_ELSEWHERE
    certified = read_certified(from_base64(entry.jwk["x5c"][0]))
    if isinstance(certified, Refusal):
        return certified
    kid = _kid(entry.kid)
    if kid is None:
        return Refusal.KID_UNREADABLE
    participant, usage = _said_of(entry, document)
    role = _ROLES.get(usage, Role.OTHER)
    if role is Role.SIGNER and is_test_nation(participant) and not test_nations:
        role = Role.TEST_NATION
    facts = certified.facts
    return KeyRecord(
        kid=kid,
        spki=certified.spki,
        certificate=certified.der,
        schemes=_SCHEMES if role in _SIGNING else _NO_SCHEMES,
        uses=uses_of(facts.extended_key_usage),
        # The list says who the participant is; what the certificate says may be anything.
        country=alpha_2(participant) or alpha_2(facts.country),
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        anchor=anchor,
        role=role,
        participant=participant,
    )


def _said_of(entry: Entry, document: Document) -> tuple[str, str]:
    """Tell participant and usage of an entry; version 1 has signers only, named in the id."""
    if document.version > 1:
        return entry.participant, entry.usage
    return entry.id.partition("#")[0].rpartition(":")[2].upper(), "DSC"


def _kid(text: str) -> bytes | None:
    """Read the published key id: base64 where it is that, else the text itself (notes, 4)."""
    kid = from_base64(text) or text.encode()
    return kid if 0 < len(kid) <= KID_BYTES else None


def _covered(records: list[KeyRecord], covered: frozenset[bytes]) -> list[KeyRecord]:
    """Mark the authorities whose certificate the offline root has signed, and their equals.

    An equal has the same participant, name and key. What follows for signers is for ``levels``.
    """
    if not covered:
        return records
    authorities = [record for record in records if record.role is Role.AUTHORITY]
    known = {_equal(record) for record in authorities if record.certificate in covered}
    return [
        record._replace(chain=Level.OFFLINE_ROOT)
        if record.role is Role.AUTHORITY and _equal(record) in known
        else record
        for record in records
    ]


def _equal(authority: KeyRecord) -> tuple[str, bytes, bytes]:
    subject = read_certificate(authority.certificate or b"").subject
    return authority.participant, subject, authority.spki


DIALECT: Final = Dialect(("gdhcn",), _recognise, _read, companion=is_signed_authority, ages=_AGES)
