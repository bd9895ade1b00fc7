"""Certificates as PEM or DER, one or many to a file (dcc-trust-lists notes, 9).

The key id is the start of the hash of the certificate, as documents of the DCC family name it.
Nothing signs such a collection as a whole: each certificate needs an anchor of its own. A bare
public key carries no id that a document could name, so it is refused with that reason.
"""

from typing import Final

from trustlists.anchors import vouching
from trustlists.pem_text import Block, looks_like_blocks, read_blocks
from trustlists.public_keys import NotAKey, canonical
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_entries,
    record_of,
)
from verifier.codecs.x509 import NotACertificate, read_certificate
from verifier.errors import TrustListInvalid

_CERTIFICATE_LABELS: Final = {"", "CERTIFICATE", "X509 CERTIFICATE"}


def _recognise(head: bytes) -> bool:
    return looks_like_blocks(head)


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every block. Raises ``TrustListInvalid`` when there is none."""
    if reading.scheme == "vds-nc":
        message = "Documents of this scheme carry their signer's certificate.\n"
        raise TrustListInvalid(message + "Import the authority above it with: --from icao")
    blocks = read_blocks(data)
    if not blocks:
        message = "There is no certificate in the file, neither PEM nor DER.\nFetch the file again."
        raise TrustListInvalid(message)
    records, refused = read_entries(blocks, lambda block: _record(block, reading), "block")
    return ParsedList(f"pem:{reading.label}", records, refused)


def _record(block: Block, reading: Reading) -> KeyRecord | Refusal:
    if block.label.endswith("PRIVATE KEY"):
        return Refusal.PRIVATE_KEY
    if block.label not in _CERTIFICATE_LABELS:
        return Refusal.NO_KEY_ID if block.label == "PUBLIC KEY" else Refusal.NOT_A_CERTIFICATE
    try:
        facts = read_certificate(block.der)
    except NotACertificate:
        return _not_a_certificate(block.der)
    try:
        spki = canonical(facts.spki)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    return record_of(
        block.der,
        facts,
        spki=spki,
        schemes=frozenset({reading.scheme}),
        country=reading.country,
        anchor=vouching((facts,), reading.anchors),
    )


def _not_a_certificate(der: bytes) -> Refusal:
    try:
        canonical(der)
    except NotAKey:
        return Refusal.NOT_A_CERTIFICATE
    return Refusal.NO_KEY_ID


DIALECT: Final = Dialect(("pem",), _recognise, _read, gathers=True)
