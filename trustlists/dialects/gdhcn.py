"""WHO's trust network: DID documents that WHO signs (gdhcn-trust notes).

A key comes from the certificate of its entry and from nowhere else; its id is the published one.
Of authorities (SCA) and of keys for logging in nothing is believed but what they are. Links to
other lists are never followed: a signed production list links to the list of the developers.
Signatures of WHO's offline root over the authorities may lie beside a list, and raise the level of
the keys below them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from trustlists.faults import Fault, invalid
from trustlists.gdhcn_offline import (
    SIGNS_AUTHORITIES,
    covered_authorities,
    is_signed_authority,
)
from trustlists.gdhcn_proof import Document, code_of, read_document, verify_proof
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
    record_of,
)
from verifier.codecs.x509 import CertificateFacts, signed_by_key
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

_ROLES: Final = {"DSC": Role.SIGNER, "SCA": Role.AUTHORITY, "CSCA": Role.AUTHORITY}

_AGES: Final = Ages(stale=7 * 86_400, too_old=30 * 86_400)  # notes, 5.3


class _Issuer(NamedTuple):
    """The key of an authority, and whether the offline root has signed its certificate."""

    spki: bytes
    covered: bool


# A key vouches within its country and, of a name, only under the same one.
_Issuers = dict[tuple[str, bytes], list[_Issuer]]


class _Entry(NamedTuple):
    """An entry as read: its record, the facts of its certificate, which participant it is of."""

    record: KeyRecord
    facts: CertificateFacts
    participant: str


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and b"did:web:tng-cdn" in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid`` with one of the faults of ``gdhcn_proof``.

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
    found: list[_Entry] = []

    def read_entry(entry: dict[str, Any] | str) -> KeyRecord | Refusal:
        read = _entry(entry, document, reading)
        if isinstance(read, Refusal):
            return read
        found.append(read)
        return read.record

    _, refused = read_entries(document.entries, read_entry, "entry")
    offline = [each for each in reading.anchors if each.signs or each.environment is None]
    environment = document.world.environment
    covered = covered_authorities(reading.companions, offline, environment, reading.now)
    issuers = _issuers(found, covered.certificates)
    records = [
        entry.record._replace(anchor=anchor, chain=_chain(entry, issuers)) for entry in found
    ]
    return ParsedList(
        _NAMES[document.world.host] + ("" if document.version > 1 else "-v1"),
        records,
        [*refused, *covered.refused],
        environment=environment,
        anchor=anchor,
        dated=document.created,
        sequence=document.created,
    )


def _entry(entry: dict[str, Any] | str, document: Document, reading: Reading) -> _Entry | Refusal:
    if isinstance(entry, str):
        return Refusal.LINKS_ELSEWHERE
    certified = read_certified(from_base64(entry["publicKeyJwk"]["x5c"][0]))
    if isinstance(certified, Refusal):
        return certified
    kid = _kid(entry["id"].partition("#")[2])
    if kid is None:
        return Refusal.KID_UNREADABLE
    participant, usage = _said_of(entry, document)
    role = _ROLES.get(usage, Role.OTHER)
    if role is Role.SIGNER and is_test_nation(participant) and not reading.test_nations:
        role = Role.TEST_NATION
    record = record_of(
        certified,
        schemes=_SCHEMES if role in {Role.SIGNER, Role.TEST_NATION} else frozenset(),
        country=participant,
        anchor=None,
    )
    # The list says who the participant is; what the certificate says may be anything.
    country = alpha_2(participant) or record.country
    return _Entry(
        record._replace(kid=kid, country=country, role=role), certified.facts, participant
    )


def _said_of(entry: dict[str, Any], document: Document) -> tuple[str, str]:
    """Tell participant and usage of an entry; version 1 has signers only, named in the id."""
    if document.version > 1:
        return code_of(entry["participant"]), code_of(entry["keyusage"])
    return entry["id"].partition("#")[0].rpartition(":")[2].upper(), "DSC"


def _kid(text: str) -> bytes | None:
    """Read the published key id: base64 where it is that, else the text itself (notes, 4)."""
    kid = from_base64(text) or text.encode()
    return kid if 0 < len(kid) <= KID_BYTES else None


def _issuers(entries: Sequence[_Entry], covered: frozenset[bytes]) -> _Issuers:
    found: _Issuers = defaultdict(list)
    for entry in entries:
        if entry.record.role is Role.AUTHORITY:
            issuer = _Issuer(entry.record.spki, entry.record.certificate in covered)
            found[entry.participant, entry.facts.subject].append(issuer)
    return found


def _chain(entry: _Entry, issuers: _Issuers) -> Level:
    """Tell who stands above a key in its own participant's part of the list.

    For a signer that is an authority that signed its certificate, and with it the offline root when
    that has signed the authority. Of an authority itself only the latter can be said.
    """
    if entry.record.role is Role.AUTHORITY:
        own = issuers[entry.participant, entry.facts.subject]
        covered = _Issuer(entry.record.spki, covered=True) in own
        return Level.OFFLINE_ROOT if covered else Level.NONE
    if entry.record.role not in {Role.SIGNER, Role.TEST_NATION}:
        return Level.NONE
    above = issuers.get((entry.participant, entry.facts.issuer), ())
    signed = [issuer for issuer in above if signed_by_key(entry.facts, issuer.spki)]
    if any(issuer.covered for issuer in signed):
        return Level.OFFLINE_ROOT
    return Level.CHAIN if signed else Level.NONE


DIALECT: Final = Dialect(("gdhcn",), _recognise, _read, companion=is_signed_authority, ages=_AGES)
