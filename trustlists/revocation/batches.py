"""A batch of the DCC gateway: hashes that a state has withdrawn, signed by its upload certificate.

CMS with the JSON inside, in base64 or DER (dcc-revocation notes, 2). A batch counts for one key id,
or for any of its country, until it lapses. Bare JSON proves nothing by itself and is read only
where a signed description of the whole set vouches for the file.
"""

import math
from binascii import Error as NotBase64
from binascii import a2b_base64
from datetime import datetime
from typing import Final, NamedTuple

from trustlists.cms import DATA, CmsInvalid, Signed, verify_cms
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_either_base64, read_object, text_of
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.limits import BATCH_ENTRIES
from verifier.revocation import HASH_BYTES, Method

ANY_KEY: Final = b""
UNKNOWN_KID: Final = "UNKNOWN_KID"
_KID_BYTES: Final = 8
_METHODS: Final = frozenset({Method.SIGNATURE, Method.UCI, Method.COUNTRY_AND_UCI})
_MEMBERS: Final = (b'"hashType"', b'"entries"')
_SEQUENCE: Final = b"\x30"
_ENTRY: Final = 24  # characters of base64 for 16 bytes


class Batch(NamedTuple):
    """Hashes of one kind, 16 bytes each, one after the other. ``signed`` is None for bare JSON."""

    country: str
    kid: bytes
    method: Method
    lapse: Instant
    hashes: bytes
    signed: Signed | None


def is_batch(head: bytes) -> bool:
    """Tell from the first bytes, some thousand of them, whether a file is a batch."""
    return all(member in _plain(head) for member in _MEMBERS)


def read_batch(data: bytes) -> Batch:
    """Read a batch and verify its signature. Raises ``TrustListInvalid``.

    Whether the signer may be believed is for the caller to find out.
    """
    signed, content = _opened(data)
    batch = read_object(content)
    kid = _kid(batch.get("kid"))
    method = batch.get("hashType")
    lapse = instant_of_text(batch.get("expires"))
    country = alpha_2(text_of(batch, "country"))
    if kid is None or method not in _METHODS or lapse is None or not country:
        raise invalid(Fault.MALFORMED)
    return Batch(country, kid, Method(method), lapse, _hashes(batch.get("entries")), signed)


def _opened(data: bytes) -> tuple[Signed | None, bytes]:
    plain = data.lstrip(b" \t\r\n")
    if plain.startswith(b"{"):
        return None, plain
    return opened_cms(data)


def opened_cms(data: bytes) -> tuple[Signed, bytes]:
    """Open CMS with content inside, in DER or base64. Raises ``TrustListInvalid``."""
    der = data if data.startswith(_SEQUENCE) else from_either_base64("".join(_text(data).split()))
    try:
        signed = verify_cms(der, content_type=DATA)
    except CmsInvalid as error:
        raise invalid(error.fault) from None
    return signed, signed.content


def _plain(head: bytes) -> bytes:
    """Decode the beginning of base64; what is cut off at its end is left out."""
    if head.lstrip(b" \t\r\n").startswith(b"{") or head.startswith(_SEQUENCE):
        return head
    text = b"".join(head.split())
    try:
        return a2b_base64(text[: len(text) // 4 * 4])
    except NotBase64:
        return b""


def _text(data: bytes) -> str:
    return data.decode("ascii", "replace")


def _kid(text: object) -> bytes | None:
    if text == UNKNOWN_KID:
        return ANY_KEY
    kid = from_either_base64(text) if isinstance(text, str) else b""
    return kid if len(kid) == _KID_BYTES else None


def _hashes(entries: object) -> bytes:
    if not isinstance(entries, list) or not 0 < len(entries) <= BATCH_ENTRIES:
        raise invalid(Fault.MALFORMED)
    texts = [text_of(entry, "hash") for entry in entries]
    try:
        hashes = [a2b_base64(text, strict_mode=True) for text in texts if len(text) == _ENTRY]
    except ValueError:
        raise invalid(Fault.MALFORMED) from None
    joined = b"".join(hashes)
    if len(joined) != HASH_BYTES * len(entries) or any(len(h) != HASH_BYTES for h in hashes):
        raise invalid(Fault.MALFORMED)
    return joined


def instant_of_text(text: object) -> Instant | None:
    """Read a date and time with its offset, the next whole second; None for what is none."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return None
    return math.ceil(found.timestamp())
