"""Austria's signature files: COSE_Sign1 over the hash of another file (dcc-trust-lists notes, 4).

The file is a COSE_Sign1 over a CWT that holds the hash of what is signed, and from when until when
that counts. What kind of thing is signed is told by a header of the file, which no document of a
traveller has.
"""

import hashlib
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.records import Reading
from trustlists.signatures import holds
from trustlists.signers import demand_not_over
from verifier.clock import Instant
from verifier.codecs import cbor, cwt
from verifier.codecs.cose import open_sign1
from verifier.errors import DocumentError

_SIGNATURE_FILE: Final = 4096  # bytes; a hash, two dates and a signature take some 200
_HASH: Final = 2

_ALGORITHMS: Final = {-7: "ES256", -37: "PS256"}


class Sort(NamedTuple):
    """What a signature is for: the header that says so, and the one version of it that counts."""

    label: int
    version: int


KEYS: Final = Sort(42, 2)
RULES: Final = Sort(-65537, 1)
VALUE_SETS: Final = Sort(-65538, 1)


class _Sign1(NamedTuple):
    """A signature file taken apart; nothing is verified yet."""

    version: object
    algorithm: int | None
    kid: bytes | None
    payload: bytes
    signature: bytes
    signed: bytes


class FileSignature(NamedTuple):
    """What an anchor has signed: the hash of the file, and when it counts."""

    anchor: Anchor
    digest: bytes
    begins: Instant
    ends: Instant


def is_signature(data: bytes, sort: Sort) -> bool:
    """Tell whether a file signs a file of this sort."""
    return _opened(data, sort) is not None


def demand_signature(data: bytes, sort: Sort, reading: Reading) -> FileSignature:
    """Find the signature of a file among what came with it, and verify it.

    Of another file, as of exemptions, one may lie beside it. Raises ``TrustListInvalid``.
    """
    files = [file for file in (_opened(each, sort) for each in reading.companions) if file]
    if not files:
        raise invalid(Fault.COMPANION_MISSING)
    digest = hashlib.sha256(data).digest()
    own = [file for file in files if digest in file.payload] or files
    signature = _verified(own[0], sort, reading)
    if signature.digest != digest:
        raise invalid(Fault.DIGEST_WRONG)
    demand_not_over(signature.ends, reading)
    return signature


def _opened(data: bytes, sort: Sort) -> _Sign1 | None:
    """Take a signature file apart; None when it is none of this sort."""
    if len(data) > _SIGNATURE_FILE or data[:1] not in {b"\xd2", b"\x84"}:
        return None
    try:
        sign1 = open_sign1(data)
        header = _protected(sign1.signed)
    except DocumentError:
        return None
    if sort.label not in header:
        return None
    return _Sign1(
        header[sort.label],
        sign1.algorithm,
        sign1.kid,
        sign1.payload,
        sign1.signature,
        sign1.signed,
    )


def _verified(sign1: _Sign1, sort: Sort, reading: Reading) -> FileSignature:
    """Check version, anchor and signature, in this order, and read what is signed."""
    if sign1.version != sort.version:
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


def _claims(payload: bytes, anchor: Anchor) -> FileSignature:
    try:
        claims = cwt.read_claims(payload)
        begins, ends = cwt.read_date(claims, cwt.NBF), cwt.read_date(claims, cwt.EXP)
    except DocumentError:
        raise invalid(Fault.MALFORMED) from None
    digest = claims.get(_HASH)
    if not isinstance(digest, bytes) or begins is None or ends is None:
        raise invalid(Fault.MALFORMED)
    return FileSignature(anchor, digest, begins, ends)


def _protected(signed: bytes) -> dict[Any, Any]:
    """Read the protected header from what is signed (RFC 9052, 4.4)."""
    parts = cbor.decode(signed)
    encoded = parts[1] if isinstance(parts, list) else b""
    header = cbor.decode(encoded) if encoded else {}
    return header if isinstance(header, dict) else {}
