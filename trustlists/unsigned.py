"""Lists that nobody has signed: taken only by the operator's explicit word (notes, 8)."""

from trustlists.anchors import vouching, vouching_for_key
from trustlists.dcc import SCHEMES, bare_record, certificate_or_key
from trustlists.faults import Fault, invalid
from trustlists.records import KeyRecord, Reading, Refusal, record_of


def demand_wanted(reading: Reading) -> None:
    """Refuse a list that nobody has signed unless it is wanted all the same.

    Raises ``TrustListInvalid``.
    """
    if not reading.unsigned:
        raise invalid(Fault.NOT_SIGNED)


def unsigned_record(kid: bytes, der: bytes, reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a certificate or bare key.

    Nobody vouches for it, unless an anchor is its key or has signed its certificate. A certificate
    has the id that follows from it, a bare key that of the list.
    """
    found = certificate_or_key(der)
    if isinstance(found, Refusal):
        return found
    if isinstance(found, bytes):
        anchor = vouching_for_key(found, reading.anchors)
        return bare_record(kid, found, anchor=anchor, country=reading.country)
    if kid != found.facts.kid:
        return Refusal.KID_DIFFERS
    anchor = vouching((found.facts,), reading.anchors)
    return record_of(found, schemes=SCHEMES, country=reading.country, anchor=anchor)
