"""What a national relay of the gateway gives out, Italy's among them: unsigned (notes, 2 and 8).

One file is the answer of ``signercertificateStatus``, an array of the ids in force; the others are
answers of ``signercertificateUpdate``, a certificate each, as base64 of its DER. Several of these
may stand in one file, a line each. A key counts only when it is in both. Only the transport vouched
for them, so they are taken only with ``--unsigned``.
"""

import re
from collections.abc import Sequence
from typing import Final

from trustlists.anchors import vouching
from trustlists.dcc import SCHEMES, kid_of
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_array
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    read_certified,
    read_entries,
    record_of,
)
from trustlists.unsigned import demand_wanted
from verifier.limits import LIST_RECORDS

_STATUS: Final = re.compile(rb'\s*\[\s*"')
# DER of a certificate begins with 30 82, which is MII in base64.
# Nothing is tried twice (++, *+), so that the time grows with the size alone.
_UPDATE: Final = re.compile(rb"\s*+MII[A-Za-z0-9+/]++=*+(?:\s++MII[A-Za-z0-9+/]++=*+)*+\s*+")


def _recognise(head: bytes) -> bool:
    return _STATUS.match(head) is not None


def _accompanies(data: bytes) -> bool:
    return _UPDATE.fullmatch(data) is not None


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every certificate. Raises ``TrustListInvalid``, also when such a list is not wanted."""
    demand_wanted(reading)
    ids = _ids(read_array(data))
    lines = [line for file in filter(_accompanies, reading.companions) for line in file.split()]
    if not lines:
        raise invalid(Fault.COMPANION_MISSING)
    if max(len(ids), len(lines)) > LIST_RECORDS:
        raise invalid(Fault.TOO_LARGE)
    records, refused = read_entries(lines, lambda line: _record(line, reading), "certificate")
    given = {record.kid for record in records}
    refused += [_unpaired(kid, Refusal.NOT_ACTIVE) for kid in sorted(given - ids)]
    refused += [_unpaired(kid, Refusal.KEY_MISSING) for kid in sorted(ids - given)]
    active = [record for record in records if record.kid in ids]
    return ParsedList(f"dcc-relay:{reading.label}", active, refused)


def _ids(texts: Sequence[object]) -> frozenset[bytes]:
    kids = [kid_of(text) for text in texts]
    found = frozenset(kid for kid in kids if not isinstance(kid, Refusal))
    if Refusal.KID_UNREADABLE in kids:
        raise invalid(Fault.MALFORMED)
    return found


def _record(line: bytes, reading: Reading) -> KeyRecord | Refusal:
    certified = read_certified(from_base64(line.decode("ascii")))
    if isinstance(certified, Refusal):
        return certified
    anchor = vouching((certified.facts,), reading.anchors)
    return record_of(certified, schemes=SCHEMES, country=reading.country, anchor=anchor)


def _unpaired(kid: bytes, reason: Refusal) -> RefusedEntry:
    return RefusedEntry(f"key {kid.hex()}", reason)


DIALECT: Final = Dialect(
    ("dcc", "dcc_national", "dcc_relay", "dcc_italy"),
    _recognise,
    _read,
    companion=_accompanies,
)
