"""Keys of SMART Health Cards as their issuers write them (SHC notes, 7 and 10.4).

Such a key is its numbers: the certificates beside it lapse and name whom they like without that
meaning anything, so that they are looked at for contradiction alone.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from trustlists.json_text import from_base64url, text_of, to_base64url
from trustlists.jwk import kid_of, read_chain
from trustlists.public_keys import P256, NotAKey, from_coordinates
from trustlists.records import Refusal

SCHEME: Final = "smart-health-card"


class CardKey(NamedTuple):
    """A key: its id as cards write it, and its SPKI. ``named_by_hash``: the id is its hash."""

    kid: bytes
    spki: bytes
    named_by_hash: bool


def read_card_key(jwk: object) -> CardKey | Refusal:
    """Read a key, or say why it is not taken.

    Coordinates are numbers: real keys have lost a leading zero byte, and have kept the id that they
    had without it when they got it back.
    """
    if not isinstance(jwk, dict):
        return Refusal.MALFORMED
    kid = kid_of(jwk, SCHEME)
    unfit = _unfitness(jwk)
    if unfit:
        return unfit
    if isinstance(kid, Refusal):
        return kid
    x, y = text_of(jwk, "x"), text_of(jwk, "y")
    try:
        spki = from_coordinates(from_base64url(x), from_base64url(y))
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    return _contradiction(jwk, spki) or CardKey(kid, spki, kid in _hashes(spki, x, y))


def _unfitness(jwk: Mapping[str, Any]) -> Refusal | None:
    """Tell whether a key is none for health cards by what it says of itself (notes, 7)."""
    if "d" in jwk:
        return Refusal.PRIVATE_KEY
    if text_of(jwk, "use") != "sig":
        return Refusal.NOT_A_SIGNER
    kind = [text_of(jwk, member) for member in ("kty", "crv", "alg")]
    return None if kind == ["EC", P256.name, "ES256"] else Refusal.KEY_KIND_UNKNOWN


def _contradiction(jwk: Mapping[str, Any], spki: bytes) -> Refusal | None:
    """Tell whether there are certificates, and the first is of another key, or any is none."""
    if "x5c" not in jwk:
        return None
    chain = read_chain(jwk["x5c"])
    if isinstance(chain, Refusal):
        return chain
    return None if chain[0].spki == spki else Refusal.KEY_DIFFERS


def _hashes(spki: bytes, x: str, y: str) -> set[bytes]:
    """Give the ids that a key may have by RFC 7638: of its numbers as written, whole, and bare."""
    whole = [spki[-2 * P256.size : -P256.size], spki[-P256.size :]]
    bare = [number.lstrip(b"\0") for number in whole]
    spellings = [(x, y), *(tuple(map(to_base64url, numbers)) for numbers in (whole, bare))]
    return {_hash(*spelling) for spelling in spellings}


def _hash(x: str, y: str) -> bytes:
    members = {"crv": P256.name, "kty": "EC", "x": x, "y": y}
    text = json.dumps(members, separators=(",", ":"))
    return to_base64url(hashlib.sha256(text.encode()).digest()).encode()
