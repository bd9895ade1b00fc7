"""Certificates as PEM or DER, one or many to a file (dcc-trust-lists notes, 9).

The key id is the start of the hash of the certificate, as documents of the DCC family name it.
Nothing signs such a collection as a whole: each certificate needs an anchor of its own. A bare
public key carries no id that a document could name: the operator says it, or it is refused.
"""

from typing import Final

from trustlists.anchors import vouching
from trustlists.bare_keys import bare_record
from trustlists.jwk import kid_of
from trustlists.pem_text import Block, looks_like_blocks, read_blocks
from trustlists.public_keys import NotAKey, canonical
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_certified,
    read_entries,
    record_of,
)
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
        is_key = block.label == "PUBLIC KEY"
        return _bare(block.der, reading) if is_key else Refusal.NOT_A_CERTIFICATE
    certified = read_certified(block.der)
    if isinstance(certified, Refusal):
        is_key = certified is Refusal.NOT_A_CERTIFICATE and _is_key(block.der)
        return _bare(block.der, reading) if is_key else certified
    return record_of(
        certified,
        schemes=frozenset({reading.scheme}),
        country=reading.country,
        anchor=vouching((certified.facts,), reading.anchors),
    )._replace(issuer=reading.issuer)


def _bare(der: bytes, reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a bare public key under the id that the operator gives it."""
    try:
        spki = canonical(der)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    kid = kid_of({"kid": reading.kid} if reading.kid else {}, reading.scheme)
    return kid if isinstance(kid, Refusal) else bare_record(kid, spki, reading)


def _is_key(der: bytes) -> bool:
    try:
        canonical(der)
    except NotAKey:
        return False
    return True


DIALECT: Final = Dialect(("pem",), _recognise, _read, gathers=True)
