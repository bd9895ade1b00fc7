"""Lists as compact JWS whose header carries the signer's certificates (RFC 7515, 3.1 and 4.1.6).

The order of work: take the token apart, find the anchor above the header's certificate, check the
signature, and only then parse what was signed.
"""

import re
from base64 import urlsafe_b64encode
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64url, read_object, text_of
from trustlists.jwk import read_chain
from trustlists.records import Reading, Refusal
from trustlists.signatures import ALGORITHMS, holds
from trustlists.signers import demand_not_over, demand_signer
from verifier.clock import Instant
from verifier.limits import LAST_SECOND

_WHITE_SPACE: Final = b" \t\r\n"
_HEAD: Final = re.compile(rb"\s*(eyJ[A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_PARTS: Final = 3
_HEAD_BYTES: Final = 64 * 1024


class SignedPayload(NamedTuple):
    """What an anchor has signed, and which. The dates are None where the payload has none."""

    members: dict[str, Any]
    anchor: Anchor
    issued: Instant | None
    expires: Instant | None


def begins_with(data: bytes, member: bytes) -> bool:
    """Tell whether this is a token in whose payload a member stands near the start."""
    match = _HEAD.match(data[:_HEAD_BYTES])
    if match is None:
        return False
    encoded = match[2][: len(match[2]) // 4 * 4]
    return b'"%b"' % member in from_base64url(encoded.decode("ascii"))


def verify_token(data: bytes, reading: Reading) -> SignedPayload:
    """Read the payload of a token that an anchor has signed and whose time is not over.

    Raises ``TrustListInvalid``.
    """
    parts = data.strip(_WHITE_SPACE).split(b".")
    decoded = [_decoded(part) for part in parts]
    if len(parts) != _PARTS or not all(decoded):
        raise invalid(Fault.MALFORMED)
    header = read_object(decoded[0])
    # Nothing that a signer could mark as critical is implemented here (RFC 7515, 4.1.11).
    algorithm = text_of(header, "alg")
    if algorithm not in ALGORITHMS or "crit" in header:
        raise invalid(Fault.ALGORITHM_REFUSED)
    chain = read_chain(header.get("x5c"))
    if isinstance(chain, Refusal):
        raise invalid(Fault.SIGNER_UNKNOWN)
    anchor = demand_signer([link.facts for link in chain], reading)
    signed = parts[0] + b"." + parts[1]
    if not holds(algorithm, chain[0].spki, decoded[2], signed):
        raise invalid(Fault.SIGNATURE_WRONG)
    members = read_object(decoded[1])
    payload = SignedPayload(members, anchor, _date(members, "iat"), _date(members, "exp"))
    demand_not_over(payload.expires, reading)
    return payload


def _date(members: dict[str, Any], name: str) -> Instant | None:
    """Read a NumericDate (RFC 7519, 2) of the payload."""
    value = members.get(name)
    # The type itself, because a boolean is an instance of int too.
    if value is not None and not (type(value) in {int, float} and 0 <= value <= LAST_SECOND):
        raise invalid(Fault.MALFORMED)
    return None if value is None else int(value)


def _decoded(part: bytes) -> bytes:
    """Decode a part; empty when it is not base64url in its only spelling."""
    found = from_base64url(part.decode("ascii", "replace"))
    # Written back and compared: the last letter may have bits that decode to nothing.
    return found if urlsafe_b64encode(found).rstrip(b"=") == part else b""
