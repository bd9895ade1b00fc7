"""Keys of SMART Health Cards as their issuers write them (SHC notes, 7 and 10.4).

Such a key is its numbers: the certificates beside it lapse and name whom they like without that
meaning anything, so that they are looked at for contradiction alone.
"""

import hashlib
import json
import warnings
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from trustlists.json_text import from_base64url, text_of, to_base64url
from trustlists.jwk import kid_of, read_chain
from trustlists.public_keys import P256, NotAKey, from_coordinates
from trustlists.records import Refusal

SCHEME: Final = "smart-health-card"


class CardKey(NamedTuple):
    """A key: its id as cards write it, its SPKI, and its own certificate if it came with one.

    ``named_by_hash`` tells whether the id is the hash of the key.
    """

    kid: bytes
    spki: bytes
    named_by_hash: bool
    certificate: bytes | None


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
    certificate = _certificate(jwk, spki)
    if isinstance(certificate, Refusal):
        return certificate
    return CardKey(kid, spki, kid in _hashes(spki, x, y), certificate)


def names_issuer(certificate: bytes, issuer: str) -> bool:
    """Tell whether a certificate names an issuer, by its address; a host is none (notes, 7.1)."""
    from cryptography import x509  # noqa: PLC0415 - rarely needed, and slow to import

    # How the library refuses a certificate or a part of it; these errors have no root of their own.
    refused = (
        ValueError,
        x509.DuplicateExtension,
        x509.ExtensionNotFound,
        x509.InvalidVersion,
        x509.UnsupportedGeneralNameType,
    )
    try:
        with warnings.catch_warnings(action="ignore"):  # its remarks on odd certificates
            found = x509.load_der_x509_certificate(certificate).extensions
            names = found.get_extension_for_class(x509.SubjectAlternativeName).value
    except refused:
        return False
    return issuer in names.get_values_for_type(x509.UniformResourceIdentifier)


def _unfitness(jwk: Mapping[str, Any]) -> Refusal | None:
    """Tell whether a key is none for health cards by what it says of itself (notes, 7)."""
    if "d" in jwk:
        return Refusal.PRIVATE_KEY
    kind = [text_of(jwk, member) for member in ("kty", "crv", "alg")]
    if kind != ["EC", P256.name, "ES256"]:
        return Refusal.KEY_KIND_UNKNOWN
    return None if text_of(jwk, "use") == "sig" else Refusal.NOT_A_SIGNER


def _certificate(jwk: Mapping[str, Any], spki: bytes) -> bytes | Refusal | None:
    """Give the certificate of a key, None for none; refuse one of another key or that is none."""
    if "x5c" not in jwk:
        return None
    chain = read_chain(jwk["x5c"])
    if isinstance(chain, Refusal):
        return chain
    return chain[0].der if chain[0].spki == spki else Refusal.KEY_DIFFERS


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
