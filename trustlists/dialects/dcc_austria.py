"""Austria's list of DCC document signers: CBOR, and its signature in a file (notes, 4).

For the signature file see ``cose_file``. Vaccination exemptions (``AT1:``) have a list of the same
form with an anchor of its own: what a list is for is said by the anchor, or by ``--scheme`` where
the anchor does not say.
"""

from collections.abc import Iterator
from typing import Any, Final

from trustlists.cose_file import KEYS, demand_signature, is_signature
from trustlists.dcc import bare_record
from trustlists.faults import Fault, invalid
from trustlists.public_keys import NotAKey, canonical
from trustlists.records import (
    Ages,
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_certified,
    read_entries,
    record_of,
)
from trustlists.signers import named_by
from verifier.clock import Instant
from verifier.codecs import cbor
from verifier.errors import DocumentError
from verifier.limits import KID_BYTES, LAST_SECOND, LIST_RECORDS

_AGES: Final = Ages(stale=2 * 86_400, too_old=7 * 86_400)  # its own end comes first: 48 hours

# A map of one member, "c", which is an array (RFC 8949, 3).
_BEGINNING: Final = b"\xa1\x61c"
_ARRAY: Final = 4


def _recognise(head: bytes) -> bool:
    after = head[len(_BEGINNING) : len(_BEGINNING) + 1]
    return head.startswith(_BEGINNING) and bool(after) and after[0] >> 5 == _ARRAY


def _accompanies(data: bytes) -> bool:
    return is_signature(data, KEYS)


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid``."""
    signature = demand_signature(data, KEYS, reading)
    anchor = signature.anchor
    schemes = anchor.schemes or frozenset({reading.scheme})
    records, refused = read_entries(
        _entries(data), lambda entry: _record(entry, schemes, reading), "entry"
    )
    return ParsedList(
        named_by(anchor, "dcc-at"),
        [record._replace(anchor=anchor) for record in records],
        refused,
        environment=anchor.environment,
        anchor=anchor,
        dated=signature.begins,
        sequence=signature.begins,
        expires=signature.ends,
    )


def _entries(data: bytes) -> Iterator[bytes]:
    """Walk over the array and give each entry as it is encoded; nothing may follow it."""
    try:
        _, count, at = cbor.read_head(data, len(_BEGINNING))
        if count > LIST_RECORDS:
            raise invalid(Fault.TOO_LARGE)
        for _ in range(count):
            end = cbor.skip(data, at)
            yield data[at:end]
            at = end
    except cbor.HeadError:
        raise invalid(Fault.MALFORMED) from None
    if at != len(data):
        raise invalid(Fault.MALFORMED)


def _record(encoded: bytes, schemes: frozenset[str], reading: Reading) -> KeyRecord | Refusal:
    """Read an entry: id and certificate, or id, key and what is known of a key alone."""
    try:
        entry = cbor.decode(encoded)
    except DocumentError:
        return Refusal.MALFORMED
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    kid = entry.get("i")
    if not isinstance(kid, bytes) or not 0 < len(kid) <= KID_BYTES:
        return Refusal.KID_UNREADABLE
    read = _certified if "c" in entry else _bare
    return read(entry, kid, schemes, reading)


def _certified(
    entry: dict[Any, Any], kid: bytes, schemes: frozenset[str], reading: Reading
) -> KeyRecord | Refusal:
    certified = read_certified(_bytes(entry, "c"))
    if isinstance(certified, Refusal):
        return certified
    if kid != certified.facts.kid:
        return Refusal.KID_DIFFERS
    return record_of(certified, schemes=schemes, country=reading.country, anchor=None)


def _bare(
    entry: dict[Any, Any], kid: bytes, schemes: frozenset[str], reading: Reading
) -> KeyRecord | Refusal:
    try:
        spki = canonical(_bytes(entry, "k"))
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    record = bare_record(kid, spki, anchor=None, schemes=schemes, country=reading.country)
    return record._replace(not_before=_instant(entry, "nb"), not_after=_instant(entry, "na"))


def _bytes(entry: dict[Any, Any], name: str) -> bytes:
    value = entry.get(name)
    return value if isinstance(value, bytes) else b""


def _instant(entry: dict[Any, Any], name: str) -> Instant | None:
    value = entry.get(name)
    return value if type(value) is int and 0 <= value <= LAST_SECOND else None


DIALECT: Final = Dialect(
    ("dcc", "dcc_national", "dcc_austria"),
    _recognise,
    _read,
    companion=_accompanies,
    ages=_AGES,
)
