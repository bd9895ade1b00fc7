"""France's list of DCC document signers: unsigned JSON (dcc-trust-lists notes, 8).

Each key id stands before the base64 of the base64 of a certificate or bare key; both layers are
real. Nobody has signed it, so it is taken only with ``--unsigned``.
"""

from typing import Final

from trustlists.dcc import kid_of
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_object
from trustlists.records import Dialect, KeyRecord, ParsedList, Reading, Refusal, read_entries
from trustlists.unsigned import demand_wanted, unsigned_record
from verifier.limits import LIST_RECORDS

_MEMBER: Final = "certificatesDCC"


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and f'"{_MEMBER}"'.encode() in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every entry. Raises ``TrustListInvalid``, also when such a list is not wanted."""
    demand_wanted(reading)
    entries = read_object(data).get(_MEMBER)
    if not isinstance(entries, dict) or len(entries) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    records, refused = read_entries(
        entries.items(), lambda entry: _record(*entry, reading), "entry"
    )
    return ParsedList(f"dcc-fr:{reading.label}", records, refused)


def _record(text: str, value: object, reading: Reading) -> KeyRecord | Refusal:
    kid = kid_of(text)
    if isinstance(kid, Refusal):
        return kid
    inner = from_base64(value) if isinstance(value, str) else b""
    return unsigned_record(kid, from_base64(inner.decode("ascii", "replace")), reading)


DIALECT: Final = Dialect(("dcc", "dcc_national", "dcc_france"), _recognise, _read)
