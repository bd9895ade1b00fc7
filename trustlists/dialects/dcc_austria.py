"""Austria's list of DCC document signers: CBOR, and its signature in a file (notes, 4).

The signature file is a COSE_Sign1 over a CWT that holds the hash of the list, and from when until
when it counts. Vaccination exemptions (``AT1:``) have a list of the same form with an anchor of its
own: what a list is for is said by the anchor, or by ``--scheme`` where the anchor does not say.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
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
from trustlists.signatures import holds
from trustlists.signers import demand_not_over, named_by
from verifier.clock import Instant
from verifier.codecs import cbor, cwt
from verifier.codecs.cose import open_sign1
from verifier.errors import DocumentError
from verifier.limits import KID_BYTES, LAST_SECOND, LIST_RECORDS

_AGES: Final = Ages(stale=2 * 86_400, too_old=7 * 86_400)  # its own end comes first: 48 hours

_SIGNATURE_FILE: Final = 4096  # bytes; a hash, two dates and a signature take some 200
_VERSION_LABEL: Final = 42
_VERSION: Final = 2
_HASH: Final = 2

# A map of one member, "c", which is an array (RFC 8949, 3).
_BEGINNING: Final = b"\xa1\x61c"
_ARRAY: Final = 4

_ALGORITHMS: Final = {-7: "ES256", -37: "PS256"}


class _Sign1(NamedTuple):
    """A signature file taken apart; nothing is verified yet."""

    version: object
    algorithm: int | None
    kid: bytes | None
    payload: bytes
    signature: bytes
    signed: bytes


class _Signature(NamedTuple):
    """What an anchor has signed: the hash of the list, and when it counts."""

    anchor: Anchor
    digest: bytes
    begins: Instant
    ends: Instant


def _recognise(head: bytes) -> bool:
    after = head[len(_BEGINNING) : len(_BEGINNING) + 1]
    return head.startswith(_BEGINNING) and bool(after) and after[0] >> 5 == _ARRAY


def _accompanies(data: bytes) -> bool:
    return _opened(data) is not None


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid``."""
    signature = _signature(data, reading)
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


def _signature(data: bytes, reading: Reading) -> _Signature:
    """Find the signature of this list; of another list, as of exemptions, one may lie beside it."""
    files = [file for file in map(_opened, reading.companions) if file]
    if not files:
        raise invalid(Fault.COMPANION_MISSING)
    digest = hashlib.sha256(data).digest()
    own = [file for file in files if digest in file.payload] or files
    signature = _verified(own[0], reading)
    if signature.digest != digest:
        raise invalid(Fault.DIGEST_WRONG)
    demand_not_over(signature.ends, reading)
    return signature


def _opened(data: bytes) -> _Sign1 | None:
    """Take a signature file apart; None when it is none.

    It is told by its version header, which no document of a traveller has.
    """
    if len(data) > _SIGNATURE_FILE or data[:1] not in {b"\xd2", b"\x84"}:
        return None
    try:
        sign1 = open_sign1(data)
        header = _protected(sign1.signed)
    except DocumentError:
        return None
    if _VERSION_LABEL not in header:
        return None
    return _Sign1(
        header[_VERSION_LABEL],
        sign1.algorithm,
        sign1.kid,
        sign1.payload,
        sign1.signature,
        sign1.signed,
    )


def _verified(sign1: _Sign1, reading: Reading) -> _Signature:
    """Check version, anchor and signature, in this order, and read what is signed."""
    if sign1.version != _VERSION:
        raise invalid(Fault.FUTURE_VERSION)
    algorithm = _ALGORITHMS.get(sign1.algorithm or 0)
    if algorithm is None:
        raise invalid(Fault.ALGORITHM_REFUSED)
    named = [anchor for anchor in reading.anchors if _is_named(anchor, sign1.kid)]
    if not named:
        raise invalid(Fault.SIGNER_UNKNOWN)
    for anchor in named:
        if holds(algorithm, anchor.spki, sign1.signature, sign1.signed):
            return _claims(sign1.payload, anchor)
    raise invalid(Fault.SIGNATURE_WRONG)


def _is_named(anchor: Anchor, kid: bytes | None) -> bool:
    """Tell whether a key id is that of an anchor; a bare key has none to compare."""
    return anchor.certificate is None or kid == anchor.certificate.kid


def _claims(payload: bytes, anchor: Anchor) -> _Signature:
    try:
        claims = cwt.read_claims(payload)
        begins, ends = cwt.read_date(claims, cwt.NBF), cwt.read_date(claims, cwt.EXP)
    except DocumentError:
        raise invalid(Fault.MALFORMED) from None
    digest = claims.get(_HASH)
    if not isinstance(digest, bytes) or begins is None or ends is None:
        raise invalid(Fault.MALFORMED)
    return _Signature(anchor, digest, begins, ends)


def _protected(signed: bytes) -> dict[Any, Any]:
    """Read the protected header from what is signed (RFC 9052, 4.4)."""
    parts = cbor.decode(signed)
    encoded = parts[1] if isinstance(parts, list) else b""
    header = cbor.decode(encoded) if encoded else {}
    return header if isinstance(header, dict) else {}


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
