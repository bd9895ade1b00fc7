"""Single certificates of ICAO's tree, PEM or DER: authorities (CSCA) and the signers below them.

Nothing signs such a collection. A root is believed when it is an anchor itself; a link certificate
when an authority that is believed has signed it, and a signer likewise (icao-trust notes, 2 and 6).
Certificates of other worlds look the same, so the operator has to name the dialect.
"""

from typing import Final

from trustlists.anchors import Anchor
from trustlists.csca import (
    Candidate,
    authorities_of,
    authority,
    chained,
    has_signed,
    is_root,
    read_candidate,
    signer,
)
from trustlists.faults import Fault, invalid
from trustlists.pem_text import Block, looks_like_blocks, read_blocks
from trustlists.records import (
    Authorities,
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    Role,
    read_entries,
)
from verifier.codecs.x509 import read_certificate, signed_by_key

_LABELS: Final = {"", "CERTIFICATE", "X509 CERTIFICATE"}


def _recognise(head: bytes) -> bool:
    return looks_like_blocks(head)


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every block. Raises ``TrustListInvalid`` when there is none."""
    blocks = read_blocks(data)
    if not blocks:
        raise invalid(Fault.MALFORMED)
    records, refused = read_entries(blocks, lambda block: _record(block, reading), "block")
    return ParsedList(f"icao:{reading.label}", records, refused, settle=_settle)


def _record(block: Block, reading: Reading) -> KeyRecord | Refusal:
    if block.label.endswith("PRIVATE KEY"):
        return Refusal.PRIVATE_KEY
    if block.label not in _LABELS:
        return Refusal.NOT_A_CERTIFICATE
    candidate = read_candidate(block.der)
    if isinstance(candidate, Refusal):
        return candidate
    anchor = _anchor(candidate, reading)
    if not candidate.facts.is_ca:
        return signer(candidate, anchor=anchor, test_nations=reading.test_nations)
    return authority(candidate, anchor=anchor, seals=True, test_nations=reading.test_nations)


def _anchor(candidate: Candidate, reading: Reading) -> Anchor | None:
    """Name the anchor that is this certificate, or signed it; a bare key signs only its own."""
    facts = candidate.facts
    for anchor in reading.anchors:
        above = anchor.certificate
        if above == facts or (anchor.spki == candidate.spki and signed_by_key(facts, anchor.spki)):
            return anchor
        if above and has_signed(above, facts):
            return anchor
    return None


def _settle(parsed: ParsedList, authorities: Authorities) -> ParsedList:
    """Chain signers and link certificates to the authorities beside them and in the store."""
    beside = [each for each in authorities_of(parsed.records) if each.anchor]
    kept: list[KeyRecord] = []
    refused: list[RefusedEntry] = list(parsed.refused)
    for record in parsed.records:
        facts = read_certificate(record.certificate or b"")
        above = chained(record, [*beside, *authorities(facts.authority_key_id or record.kid)])
        if record.role is Role.SIGNER:
            kept.append(above)
        elif above.anchor or is_root(facts):
            kept.append(record._replace(anchor=above.anchor))
        else:
            refused.append(RefusedEntry(f"key {record.kid.hex()}", Refusal.LINK_UNPROVEN))
    return parsed._replace(records=kept, refused=refused)


DIALECT: Final = Dialect(
    ("icao-certificates", "icao"), _recognise, _read, gathers=True, on_request=True
)
