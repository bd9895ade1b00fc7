"""Germany's rules for apps: an archive of ``export.bin`` and ``export.sig`` (notes, 6).

The first is the list as CBOR, with the members of JSON. The second is the signature file of the
exposure notification exports that the same server makes: protobuf, in field 1 one signature after
the other, and in field 4 of each ECDSA on P-256 with SHA-256, in DER, over the whole of the first.
No date and no number is signed, so only the versions of the rules tell an older edition.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.records import Reading, SourceFile
from trustlists.rules.documents import cbor_elements
from trustlists.rules.records import Entries, Form, ParsedRules, RefusedRules, one_each
from trustlists.rules.rows import Kind
from trustlists.signatures import ecdsa_holds
from trustlists.signers import Uploader

# An array of CBOR whose first element is a map (RFC 8949, 3).
_ARRAYS: Final = range(0x80, 0xA0)
_HEAD_BYTES: Final = {0x98: 2, 0x99: 3, 0x9A: 5}  # of longer arrays
_MAPS: Final = range(0xA0, 0xC0)

_SIGNATURE_FILE: Final = 4096  # bytes; one signature takes about 150
_SIGNATURES: Final = 1
_SIGNATURE: Final = 4
_VARINT: Final = 0
_BYTES: Final = 2
_SEQUENCE: Final = b"\x30"


class _NotProtobufError(Exception):
    """Bytes that are no message of protobuf."""


def _recognise(head: bytes) -> bool:
    if not head or head[0] not in _ARRAYS:
        return False
    at = _HEAD_BYTES.get(head[0], 1)
    return len(head) > at and head[at] in _MAPS


def _companion(data: bytes) -> bool:
    return len(data) <= _SIGNATURE_FILE and bool(_signatures(data))


def _read(
    files: Sequence[SourceFile], reading: Reading, _: Uploader
) -> list[ParsedRules | RefusedRules]:
    return one_each(files, lambda file: _from_file(file.data or b"", reading))


def _from_file(data: bytes, reading: Reading) -> ParsedRules:
    """Verify, then read. Raises ``TrustListInvalid``."""
    anchor = _signer(data, reading)
    found = Entries()
    found.add_all(cbor_elements(data, 0))
    # There is an archive for each type of rule, all called alike and signed by one key.
    types = sorted({row.type.lower() for row in found.rows if row.kind == Kind.RULE})
    name = f"rules-de-{'-'.join(types) or 'none'}:{anchor.name}"
    return ParsedRules(
        name, found.rows, found.broken, environment=anchor.environment, anchor=anchor
    )


def _signer(data: bytes, reading: Reading) -> Anchor:
    signatures = [each for file in reading.companions for each in _signatures(file)]
    if not signatures:
        raise invalid(Fault.COMPANION_MISSING)
    if not reading.anchors:
        raise invalid(Fault.SIGNER_UNKNOWN)
    for anchor in reading.anchors:
        if any(ecdsa_holds(anchor.spki, each, data) for each in signatures):
            return anchor
    raise invalid(Fault.SIGNATURE_WRONG)


def _signatures(data: bytes) -> list[bytes]:
    """Give the signatures in a signature file, none when it is no such file."""
    try:
        messages = [value for field, value in _fields(data) if field == _SIGNATURES]
        found = [
            value
            for message in messages
            for field, value in _fields(message)
            if field == _SIGNATURE and value.startswith(_SEQUENCE)
        ]
    except _NotProtobufError:
        return []
    return found


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the fields of a message: texts and bytes as they are, numbers as nothing."""
    at = 0
    while at < len(data):
        tag, at = _number(data, at)
        size, at = _number(data, at)
        if tag & 7 == _VARINT:
            yield tag >> 3, b""
        elif tag & 7 == _BYTES and at + size <= len(data):
            yield tag >> 3, data[at : at + size]
            at += size
        else:
            raise _NotProtobufError


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number in groups of seven bits, the lowest first."""
    number = shift = 0
    while True:
        if at >= len(data) or shift > 63:  # noqa: PLR2004 - protobuf's largest number has 64 bits
            raise _NotProtobufError
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:  # noqa: PLR2004 - the mark of a last group
            return number, at


FORM: Final = Form("germany", _recognise, _read, _companion)
