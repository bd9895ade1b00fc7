"""Germany's list of DCC document signers: signed JSON (dcc-trust-lists notes, 3).

The signature is over the body from its first brace, without white space at its end, and is checked
before anything is parsed. The list has no date of its own; the newest time stamp in it may only
go up.
"""

from base64 import b64encode
from datetime import datetime
from typing import Final

from trustlists.anchors import Anchor
from trustlists.dcc import SCHEMES
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_object, text_of
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_certified,
    read_entries,
    record_of,
)
from trustlists.signatures import es256_holds
from trustlists.signers import named_by
from verifier.limits import LIST_RECORDS

_NAME: Final = "dcc"
_SIGNATURE_BYTES: Final = 64
_SIGNATURE_TEXT: Final = 88
_WHITE_SPACE: Final = b" \t\r\n"


def _recognise(head: bytes) -> bool:
    text, brace, _ = head.partition(b"{")
    return bool(brace) and len(text.strip(_WHITE_SPACE)) == _SIGNATURE_TEXT


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid`` when no anchor has signed it."""
    signature_text, brace, rest = data.partition(b"{")
    body = (brace + rest).rstrip(_WHITE_SPACE)
    anchor = _signer(signature_text.strip(_WHITE_SPACE), body, reading.anchors)
    if anchor is None:
        raise invalid(Fault.SIGNER_UNKNOWN)
    entries = read_object(body).get("certificates")
    if not isinstance(entries, list) or len(entries) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    records, refused = read_entries(entries, lambda entry: _record(entry, anchor), "entry")
    return ParsedList(
        named_by(anchor, _NAME),
        records,
        refused,
        environment=anchor.environment,
        anchor=anchor,
        sequence=max((_instant(text_of(entry, "timestamp")) for entry in entries), default=0),
    )


def _signer(signature_text: bytes, body: bytes, anchors: tuple[Anchor, ...]) -> Anchor | None:
    """Find the anchor whose key has signed the body."""
    signature = from_base64(signature_text.decode("ascii", "replace"))
    # Written back and compared: the last letter has bits that decode to nothing.
    if len(signature) != _SIGNATURE_BYTES or b64encode(signature) != signature_text:
        return None
    signed_by = (anchor for anchor in anchors if es256_holds(anchor.spki, signature, body))
    return next(signed_by, None)


def _record(entry: object, anchor: Anchor) -> KeyRecord | Refusal:
    """Read one record as the gateway forms them (notes, 2); its certificate decides."""
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    if entry.get("certificateType") != "DSC":
        return Refusal.NOT_A_SIGNER
    certified = read_certified(from_base64(text_of(entry, "rawData")))
    if isinstance(certified, Refusal):
        return certified
    if from_base64(text_of(entry, "kid")) != certified.facts.kid:
        return Refusal.KID_DIFFERS
    country = text_of(entry, "country")
    return record_of(certified, schemes=SCHEMES, country=country, anchor=anchor)


def _instant(text: str) -> int:
    """Read a time stamp; 0 for one that cannot be read or has no time zone."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return 0
    return int(when.timestamp()) if when.tzinfo else 0


DIALECT: Final = Dialect((_NAME, "dcc_national", "dcc_germany"), _recognise, _read)
