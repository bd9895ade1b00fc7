"""The list of the DCC gateway, as national back ends fetched it (dcc-trust-lists notes, 2).

Nobody signs the list; each entry is signed with CMS. The gateway's anchor has signed the states'
CSCA and UPLOAD certificates, a state's UPLOAD certificate its document signers, and its CSCA their
certificates. A signer counts only when both hold, and both are of its own country. A back end of
those days only noted that a signature was wrong, and tied no countries together; here it costs the
entry. No anchor is pinned, because none was published: give the gateway's with ``--anchor``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from trustlists.anchors import Anchor, that_is
from trustlists.cms import CmsInvalid, Signer, verify_cms
from trustlists.dcc import SCHEMES, kid_of
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_array, text_of
from trustlists.records import (
    Certified,
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
from trustlists.signers import named_by
from verifier.clock import Instant
from verifier.codecs.x509 import signed_by_key
from verifier.countries import alpha_2
from verifier.limits import CLOCK_SKEW

# What the anchor itself has signed, and what each is for.
_ROLES: Final = {
    "CSCA": Role.AUTHORITY,
    "UPLOAD": Role.OTHER,
    "AUTHENTICATION": Role.OTHER,
}


class _Entry(NamedTuple):
    """An entry whose certificate is what the entry says it is; nothing is verified yet."""

    kind: str
    certified: Certified
    country: str
    signature: bytes


class _States(NamedTuple):
    """What the anchor has signed: who may upload for a country, and who certifies its signers."""

    uploaders: dict[tuple[str, bytes], Anchor]
    authorities: dict[tuple[str, bytes], list[bytes]]


def _recognise(head: bytes) -> bool:
    is_array = head.lstrip(b" \t\r\n").startswith(b"[")
    return is_array and b'"rawData"' in head and b'"certificateType"' in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify every entry. Raises ``TrustListInvalid`` when no anchor has signed any of them."""
    entries = [_entry(entry) for entry in read_array(data)]
    vouched = {
        entry: _anchor_of(entry, reading.anchors)
        for entry in entries
        if isinstance(entry, _Entry) and entry.kind in _ROLES
    }
    anchor = next((found for found in vouched.values() if isinstance(found, Anchor)), None)
    if anchor is None:
        raise invalid(Fault.SIGNER_UNKNOWN)
    states = _states(vouched)
    seen: list[Instant] = []

    def read(entry: _Entry | Refusal) -> KeyRecord | Refusal:
        if isinstance(entry, Refusal):
            return entry
        if entry.kind in _ROLES:
            found = vouched[entry]
            return found if isinstance(found, Refusal) else _record(entry, found)
        return _document_signer(entry, states, seen)

    records, refused = read_entries(entries, read, "entry")
    # A signing time in the future is some state's wrong clock and must not keep newer lists out.
    past = [instant for instant in seen if instant <= reading.now + CLOCK_SKEW]
    return ParsedList(
        named_by(anchor, "dcc-gateway"),
        records,
        refused,
        environment=anchor.environment,
        sequence=max(past, default=None),
    )


def _entry(entry: object) -> _Entry | Refusal:
    """Read an entry whose id and hash are those of its certificate."""
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    kind = text_of(entry, "certificateType")
    if kind not in {"DSC", *_ROLES}:
        return Refusal.NOT_A_SIGNER
    certified = read_certified(from_base64(text_of(entry, "rawData")))
    if isinstance(certified, Refusal):
        return certified
    if kid_of(entry.get("kid")) != certified.facts.kid:
        return Refusal.KID_DIFFERS
    if text_of(entry, "thumbprint").lower() != hashlib.sha256(certified.der).hexdigest():
        return Refusal.DIGEST_WRONG
    # What the certificate says is signed, what the entry says is not.
    country = alpha_2(certified.facts.country) or alpha_2(text_of(entry, "country"))
    return _Entry(kind, certified, country, from_base64(text_of(entry, "signature")))


def _anchor_of(entry: _Entry, anchors: Sequence[Anchor]) -> Anchor | Refusal:
    """Name the anchor that has signed the certificate of an entry itself."""
    signer = _signer(entry)
    if isinstance(signer, Refusal):
        return signer
    return that_is(signer.certificate.facts, anchors) or Refusal.SIGNER_UNKNOWN


def _signer(entry: _Entry) -> Signer | Refusal:
    try:
        signed = verify_cms(entry.signature, content=entry.certified.der)
    except CmsInvalid as error:
        unknown = error.fault is Fault.SIGNER_UNKNOWN
        return Refusal.SIGNER_UNKNOWN if unknown else Refusal.SIGNATURE_WRONG
    return signed.signers[0]


def _states(vouched: dict[_Entry, Anchor | Refusal]) -> _States:
    states = _States({}, defaultdict(list))
    for entry, anchor in vouched.items():
        if isinstance(anchor, Refusal):
            continue
        if entry.kind == "UPLOAD":
            states.uploaders[entry.country, entry.certified.der] = anchor
        elif entry.kind == "CSCA":
            subject = entry.certified.facts.subject
            states.authorities[entry.country, subject].append(entry.certified.spki)
    return states


def _document_signer(entry: _Entry, states: _States, seen: list[Instant]) -> KeyRecord | Refusal:
    """Check the state's signature over a signer, and that of its authority."""
    signer = _signer(entry)
    if isinstance(signer, Refusal):
        return signer
    anchor = states.uploaders.get((entry.country, signer.certificate.der))
    if anchor is None:
        return Refusal.SIGNER_UNKNOWN
    facts = entry.certified.facts
    keys = states.authorities.get((entry.country, facts.issuer), ())
    if not any(signed_by_key(facts, spki) for spki in keys):
        return Refusal.NO_AUTHORITY
    if signer.signed_at is not None:
        seen.append(signer.signed_at)
    return _record(entry, anchor)


def _record(entry: _Entry, anchor: Anchor) -> KeyRecord:
    role = _ROLES.get(entry.kind, Role.SIGNER)
    is_signer = role is Role.SIGNER
    record = record_of(
        entry.certified,
        schemes=SCHEMES if is_signer else frozenset(),
        country=entry.country,
        anchor=anchor,
    )
    return record._replace(role=role, chain=Level.CHAIN if is_signer else Level.NONE)


DIALECT: Final = Dialect(("dcc", "dcc_national", "dcc_gateway"), _recognise, _read)
