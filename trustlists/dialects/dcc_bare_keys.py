"""The lists of the United Kingdom and Norway: unsigned JSON, ids and bare keys (notes, 8).

Both are an array of ``kid`` and ``publicKey``. What the British one does not say is that all its
keys are British: say it with ``--country GB``. Nobody has signed them, so they are taken only with
``--unsigned``.
"""

from typing import Final

from trustlists.dcc import kid_of
from trustlists.json_text import from_base64, read_array, text_of
from trustlists.records import Dialect, KeyRecord, ParsedList, Reading, Refusal, read_entries
from trustlists.unsigned import demand_wanted, unsigned_record


def _recognise(head: bytes) -> bool:
    is_array = head.lstrip(b" \t\r\n").startswith(b"[")
    return is_array and b'"publicKey"' in head and b'"kid"' in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every entry. Raises ``TrustListInvalid``, also when such a list is not wanted."""
    demand_wanted(reading)
    records, refused = read_entries(
        read_array(data), lambda entry: _record(entry, reading), "entry"
    )
    return ParsedList(f"dcc-keys:{reading.label}", records, refused)


def _record(entry: object, reading: Reading) -> KeyRecord | Refusal:
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    kid = kid_of(entry.get("kid"))
    if isinstance(kid, Refusal):
        return kid
    return unsigned_record(kid, from_base64(text_of(entry, "publicKey")), reading)


DIALECT: Final = Dialect(
    ("dcc", "dcc_national", "dcc_united_kingdom", "dcc_norway"), _recognise, _read
)
