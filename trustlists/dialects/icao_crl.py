"""Revocation lists of state authorities (CRL, RFC 5280, 5): which signers of seals are withdrawn.

A list of serial numbers that its authority has signed; the authority has to be in the store, or in
a list taken with it, or an anchor. An empty list is a good one (icao-trust notes, 8). What only
deltas and lists of others have, an extension that must be understood, refuses the list.
"""

from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.csca import key_id_of, state_of
from trustlists.faults import Fault, invalid
from trustlists.pem_text import read_blocks
from trustlists.records import (
    Ages,
    Authorities,
    Dialect,
    ParsedList,
    Reading,
    Revocation,
)
from verifier.clock import Instant
from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, bits, dotted
from verifier.codecs.pkix import algorithm_of, verifies
from verifier.codecs.x509 import (
    CertificateFacts,
    instant,
    key_id_in,
    read_certificate,
    same_name,
)
from verifier.limits import LIST_RECORDS

_LABEL: Final = "X509 CRL"
_BEGIN: Final = b"-----BEGIN X509 CRL-----"
_VERSION_2: Final = b"\1"
_TIMES: Final = frozenset({der.UTC_TIME, der.GENERALIZED_TIME})
_EXTENSIONS: Final = 0xA0
_LONG_FORM: Final = 0x80

_NUMBER: Final = "2.5.29.20"
_AUTHORITY_KEY_ID: Final = "2.5.29.35"
_REASON: Final = "2.5.29.21"
_INVALID_SINCE: Final = "2.5.29.24"
_UNDERSTOOD: Final = frozenset({_NUMBER, _AUTHORITY_KEY_ID, _REASON, _INVALID_SINCE})

# A state issues a new one every 90 days at the latest (Doc 9303-12, as in notes, 7); the list's own
# end comes before this.
_AGES: Final = Ages(stale=90 * 86_400, too_old=90 * 86_400)


class _RevocationList(NamedTuple):
    """A CRL as read. ``signed`` is the DER under the signature."""

    issuer: bytes
    this_update: Instant
    next_update: Instant | None
    serials: tuple[int, ...]
    number: int | None
    key_id: bytes
    algorithm: bytes
    signed: bytes
    signature: bytes


def _recognise(head: bytes) -> bool:
    """Look at the start of the inner sequence: version 2, algorithm, name, and then a time."""
    if head.lstrip().startswith(b"-----"):
        return _BEGIN in head
    try:
        body = DerReader(head, _after_heads(head))
        body.content(der.INTEGER)
        body.whole(der.SEQUENCE)
        body.whole(der.SEQUENCE)
    except NotDer:
        return False
    return any(map(body.has, _TIMES))


def _after_heads(head: bytes) -> int:
    """Find where the content of the inner of two sequences begins; what follows may be cut off."""
    at = 0
    for _ in range(2):
        if head[at : at + 1] != bytes((der.SEQUENCE,)) or at + 1 >= len(head):
            raise NotDer
        length = head[at + 1]
        at += 2 + (length - _LONG_FORM if length > _LONG_FORM else 0)
    return at


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read the list; who has signed it is settled later. Raises ``TrustListInvalid``."""
    blocks = read_blocks(data)
    if len(blocks) != 1 or blocks[0].label not in {"", _LABEL}:
        raise invalid(Fault.MALFORMED)
    try:
        crl = _crl(blocks[0].der)
    except NotDer:
        raise invalid(Fault.MALFORMED) from None

    def settle(parsed: ParsedList, authorities: Authorities) -> ParsedList:
        return _settled(parsed, crl, reading, authorities)

    return ParsedList(f"icao-crl:{crl.key_id[:4].hex()}", (), (), settle=settle)


def _settled(
    parsed: ParsedList, crl: _RevocationList, reading: Reading, authorities: Authorities
) -> ParsedList:
    """Find who has signed the list; an authority that nobody vouches for counts on request."""
    candidates: list[tuple[CertificateFacts, Anchor | None]] = [
        (anchor.certificate, anchor) for anchor in reading.anchors if anchor.certificate
    ]
    candidates += [
        (read_certificate(each.certificate), each.anchor)
        for each in authorities(crl.key_id)
        if each.anchor or reading.unsigned
    ]
    named = [(facts, anchor) for facts, anchor in candidates if _is_issuer(facts, crl)]
    if not named:
        raise invalid(Fault.SIGNER_UNKNOWN)
    algorithm = algorithm_of(crl.algorithm)
    if algorithm is None or algorithm.weak:
        raise invalid(Fault.ALGORITHM_REFUSED)
    for facts, anchor in named:
        if verifies(facts.spki, algorithm, crl.signature, crl.signed):
            return _by(parsed, crl, state_of(facts), anchor)
    raise invalid(Fault.SIGNATURE_WRONG)


def _by(parsed: ParsedList, crl: _RevocationList, state: str, anchor: Anchor | None) -> ParsedList:
    number = crl.this_update if crl.number is None else crl.number
    withdrawn = Revocation(state, crl.key_id, "crl", number, tuple(map(str, crl.serials)))
    return parsed._replace(
        name=f"icao-crl:{state}:{crl.key_id[:4].hex()}",
        environment=anchor.environment if anchor else None,
        anchor=anchor,
        dated=crl.this_update,
        sequence=number,
        expires=crl.next_update,
        revocations=(withdrawn,),
    )


def _is_issuer(facts: CertificateFacts, crl: _RevocationList) -> bool:
    return (
        facts.is_ca
        and (facts.key_usage is None or "crl_signature" in facts.key_usage)
        and key_id_of(facts) == crl.key_id
        and same_name(facts.subject, crl.issuer)
    )


def _crl(data: bytes) -> _RevocationList:
    """Read CertificateList (RFC 5280, 5.1). Raises ``NotDer``, or ``TrustListInvalid``."""
    outer = DerReader(data)
    parts = outer.enter(der.SEQUENCE)
    outer.finish()
    signed = parts.whole(der.SEQUENCE)
    algorithm = parts.whole(der.SEQUENCE)
    signature = bits(parts.content(der.BIT_STRING))
    parts.finish()

    body = DerReader(signed).enter(der.SEQUENCE)
    if body.content(der.INTEGER) != _VERSION_2 or body.whole(der.SEQUENCE) != algorithm:
        raise NotDer
    issuer = body.whole(der.SEQUENCE)
    this_update = instant(body)
    next_update = instant(body) if any(map(body.has, _TIMES)) else None
    serials = _serials(body.enter(der.SEQUENCE)) if body.has(der.SEQUENCE) else ()
    extensions = _extensions(body.enter(_EXTENSIONS)) if body.has(_EXTENSIONS) else {}
    body.finish()
    number = extensions.get(_NUMBER)
    return _RevocationList(
        issuer=issuer,
        this_update=this_update,
        next_update=next_update,
        serials=serials,
        number=None if number is None else _integer(DerReader(number)),
        key_id=key_id_in(extensions.get(_AUTHORITY_KEY_ID, b"")),
        algorithm=algorithm,
        signed=signed,
        signature=signature,
    )


def _serials(entries: DerReader) -> tuple[int, ...]:
    found: list[int] = []
    while entries.more():
        entry = entries.enter(der.SEQUENCE)
        found.append(_integer(entry))
        instant(entry)
        if entry.has(der.SEQUENCE):
            _extension_members(entry.enter(der.SEQUENCE))
        entry.finish()
        if len(found) > LIST_RECORDS:
            raise invalid(Fault.TOO_LARGE)
    return tuple(found)


def _extensions(wrapped: DerReader) -> dict[str, bytes]:
    members = _extension_members(wrapped.enter(der.SEQUENCE))
    wrapped.finish()
    return members


def _extension_members(extensions: DerReader) -> dict[str, bytes]:
    """Read extensions; a critical one that is not understood refuses the whole list."""
    found: dict[str, bytes] = {}
    while extensions.more():
        extension = extensions.enter(der.SEQUENCE)
        kind = dotted(extension.content(der.OBJECT_ID))
        critical = extension.has(der.BOOLEAN) and extension.content(der.BOOLEAN) != b"\0"
        found.setdefault(kind, extension.content(der.OCTET_STRING))
        extension.finish()
        if critical and kind not in _UNDERSTOOD:
            raise invalid(Fault.EXTENSION_UNKNOWN)
    return found


def _integer(reader: DerReader) -> int:
    return int.from_bytes(reader.content(der.INTEGER), "big", signed=True)


DIALECT: Final = Dialect(("icao-crl", "icao"), _recognise, _read, ages=_AGES)
