"""COSE_Sign1 (RFC 9052, 4.2) taken apart by hand: three outer forms, two headers, one signature.

The outer structure is four items behind at most two tags, so reading its heads directly is both
stricter and faster than building it as a value first.
"""

import binascii
import re
from typing import Final

from verifier.algorithms import ES256
from verifier.codecs import cbor
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.limits import KID_BYTES
from verifier.reasons import Reason

# Outer forms seen in public documents: tag 18 (99 %), a bare array, tag 61 (CWT) round tag 18.
_TAG_18: Final = b"\xd2\x84"
_BARE: Final = b"\x84"
_TAG_61: Final = b"\xd8\x3d\xd2\x84"

# The tags of COSE and CWT (RFC 9052, 2; RFC 8392, 6) in front of something else than expected.
_COSE_TAGS: Final = re.compile(rb"(?:[\xd0-\xd2]|\xd8[\x3d\x60-\x62])+")

_ALG: Final = 1
_CRIT: Final = 2
_KID: Final = 4

_BYTES: Final = 2
_EMPTY_MAP: Final = b"\xa0"
# null and undefined in place of a payload: it travels elsewhere.
_NIL: Final = (b"\xf6", b"\xf7")

# "Signature1" and the array of four that it heads (RFC 9052, 4.4).
_SIGNATURE1: Final = b"\x84\x6aSignature1"
_NO_EXTERNAL_DATA: Final = b"\x40"


# What nine documents in ten begin with, up to the payload: tag 18, ES256, a key id of 8 bytes in
# either header, a payload of 24 bytes or more. Whatever differs is read the long way round.
_USUAL_BEGINNING: Final = re.compile(
    rb"""\xd2\x84
    (?P<protected>
        \x4d\xa2 (?: \x01\x26 \x04\x48 (?P<kid_last>.{8}) | \x04\x48 (?P<kid_first>.{8}) \x01\x26 )
        | \x43\xa1 \x01\x26
    )
    (?: \xa0 | \xa1 \x04\x48 (?P<kid_unprotected>.{8}) )
    (?P<head> \x58[\x18-\xff] | \x59[^\x00]. )
    """,
    re.DOTALL | re.VERBOSE,
)
# The same where the protected header says everything: a key id of a few bytes, ES256, nothing in
# the other header. Whether the lengths are those of what follows is for the reader to see.
_USUAL_PROTECTED: Final = re.compile(
    rb"""\xd2\x84
    (?P<protected> [\x47-\x57]\xa2\x04 (?P<kid_head> [\x42-\x52] ) (?P<kid> .{2,18}? ) \x01\x26 )
    \xa0
    (?P<head> \x58[\x18-\xff] | \x59[^\x00]. )
    """,
    re.DOTALL | re.VERBOSE,
)
_SHORT_BYTES: Final = 0x40
_USUAL_SIGNATURE: Final = b"\x58\x40"
_USUAL_SIGNATURE_BYTES: Final = 66


def open_sign1(data: bytes, container: str = "") -> Envelope:
    """Take a document with one signature apart.

    ``container`` is what the document came in and goes into the envelope as it is. ``kid`` and
    ``algorithm`` come from the protected header, and from the other one only where the protected
    has none (HCERT 1.0.8, 3.3.2). ``signed`` is the Sig_structure over the protected header as it
    was received. Raises ``DocumentError``.
    """
    usual = _USUAL_BEGINNING.match(data)
    if usual is None:
        return _open_any(data, container)
    protected, last, first, unprotected, head = usual.groups()
    start = usual.end()
    end = start + int.from_bytes(head[1:], "big")
    if len(data) != end + _USUAL_SIGNATURE_BYTES or not data.startswith(_USUAL_SIGNATURE, end):
        return _open_any(data, container)
    signed = _SIGNATURE1 + protected + _NO_EXTERNAL_DATA + head + data[start:end]
    kid = last or first or unprotected
    return Envelope(container, ES256, kid, signed, data[end + 2 :], data[start:end])


def open_protected(data: bytes, container: str) -> Envelope:
    """Take a document apart that has tag 18 and says everything in the header that is signed.

    The other header has to be a map and is not looked at (NZCP 1, section 3). The key id may be a
    text too. Raises ``DocumentError``.
    """
    usual = _USUAL_PROTECTED.match(data)
    if usual is not None:
        protected, kid_head, kid, head = usual.groups()
        start = usual.end()
        end = start + int.from_bytes(head[1:], "big")
        if (
            protected[0] == _SHORT_BYTES + len(protected) - 1
            and kid_head[0] == _SHORT_BYTES + len(kid)
            and data.startswith(_USUAL_SIGNATURE, end)
            and len(data) == end + _USUAL_SIGNATURE_BYTES
        ):
            payload = data[start:end]
            signed = _SIGNATURE1 + protected + _NO_EXTERNAL_DATA + head + payload
            return Envelope(container, ES256, kid, signed, data[end + 2 :], payload)
    if not data.startswith(_TAG_18):
        raise DocumentError(_what_else(data))
    try:
        protected, unprotected, payload, signature = _parts(data, len(_TAG_18))
    except cbor.HeadError as error:
        fault = error.reason
    else:
        _header(unprotected)
        header = _header(protected) if protected else {}
        if isinstance(header.get(_KID), str):
            header[_KID] = str(header[_KID]).encode("utf-8", "replace")
        algorithm, kid, _ = _hints(header, {})
        signed = _sig_structure(protected, payload)
        return Envelope(container, algorithm, kid, signed, signature, payload)
    raise DocumentError(fault)


def _open_any(data: bytes, container: str) -> Envelope:
    if data.startswith(_TAG_18):
        start = len(_TAG_18)
    elif data.startswith(_BARE):
        start = len(_BARE)
    elif data.startswith(_TAG_61):
        start = len(_TAG_61)
    else:
        raise DocumentError(_what_else(data))
    try:
        protected, unprotected, payload, signature = _parts(data, start)
    except cbor.HeadError as error:
        fault = error.reason
    else:
        first = _header(protected) if protected else {}
        second = _header(unprotected) if unprotected != _EMPTY_MAP else {}
        algorithm, kid, unusual = _hints(first, second)
        if protected == _EMPTY_MAP:
            protected = b""
        signed = _sig_structure(protected, payload)
        remarks = (Reason.ENVELOPE_UNUSUAL,) if unusual else ()
        return Envelope(container, algorithm, kid, signed, signature, payload, remarks=remarks)
    # Raised out here, so that the error carries no context.
    raise DocumentError(fault)


def _what_else(data: bytes) -> Reason:
    """Say what is wrong with data that do not begin as a document with one signature does."""
    tags = _COSE_TAGS.match(data)
    return cbor.explain(data[tags.end() :] if tags else data) or Reason.NOT_SIGN1


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    """Write what is signed (RFC 9052, 4.4) over both parts as they were received."""
    return b"".join(
        (
            _SIGNATURE1,
            _head(len(protected)),
            protected,
            _NO_EXTERNAL_DATA,
            _head(len(payload)),
            payload,
        )
    )


def _parts(data: bytes, at: int) -> tuple[bytes, bytes, bytes, bytes]:
    """Read the four items: protected header, unprotected header, payload, signature."""
    protected, at = _byte_string(data, at)
    end = cbor.skip(data, at)
    unprotected = data[at:end]
    if data[end : end + 1] in _NIL:
        raise cbor.HeadError(Reason.DETACHED_PAYLOAD)
    payload, at = _byte_string(data, end)
    signature, at = _byte_string(data, at)
    if at != len(data):
        raise cbor.HeadError(Reason.BYTES_AFTER_ENVELOPE)
    return protected, unprotected, payload, signature


def _byte_string(data: bytes, at: int) -> tuple[bytes, int]:
    major, length, at = cbor.read_head(data, at)
    if major != _BYTES:
        raise cbor.HeadError(Reason.NOT_SIGN1)
    end = at + length
    if end > len(data):
        raise cbor.HeadError(Reason.NOT_CBOR)
    return data[at:end], end


def _head(length: int) -> bytes:
    """Write the shortest head of a byte string (RFC 8949, 4.2.1)."""
    if length < 24:  # noqa: PLR2004 - RFC 8949, 3: the length itself
        return bytes((0x40 + length,))
    if length <= 0xFF:  # noqa: PLR2004 - one byte
        return bytes((0x58, length))
    # Inflated data have at most 64 KiB, so two bytes are enough.
    return bytes((0x59, length >> 8, length & 0xFF))


def _hints(
    first: dict[object, object], second: dict[object, object]
) -> tuple[int | None, bytes | None, bool]:
    """Read algorithm and key id from the two headers, the protected one first.

    A pilot of WHO's network writes the key id as text, as lists of keys do; told as the third.
    """
    if _CRIT in first:
        # Nothing that an issuer could mark critical is implemented here (RFC 9052, 3.1).
        raise DocumentError(Reason.CRITICAL_HEADER)
    algorithm = first[_ALG] if _ALG in first else second.get(_ALG)
    kid = first[_KID] if _KID in first else second.get(_KID)
    as_text = isinstance(kid, str)
    if isinstance(kid, str):
        kid = _kid_of_text(kid)
    if kid is not None and (not isinstance(kid, bytes) or len(kid) > KID_BYTES):
        raise DocumentError(Reason.HEADER_MALFORMED)
    if isinstance(algorithm, str):
        # A name of an algorithm (RFC 9052, 3.1) that no key here has: a mismatch, later.
        algorithm = None
    if algorithm is not None and (not isinstance(algorithm, int) or isinstance(algorithm, bool)):
        raise DocumentError(Reason.HEADER_MALFORMED)
    return algorithm, kid or None, as_text


def _kid_of_text(text: str) -> bytes:
    """Read a key id that is base64 of one, or else is the text itself (gdhcn-trust notes, 4)."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return text.encode("utf-8", "replace")


def _header(encoded: bytes) -> dict[object, object]:
    header = cbor.decode(encoded)
    if not isinstance(header, dict):
        raise DocumentError(Reason.HEADER_MALFORMED)
    return header
