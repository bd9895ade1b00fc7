"""JSON Web Keys of any list (RFC 7517, 4 and RFC 7518, 6): numbers, certificates, key ids.

Where a key has a certificate (``x5c``), the certificate says everything; numbers beside it that
are another key contradict it (RFC 7517, 4.7).
"""

from typing import Any, Final

from trustlists.json_text import from_base64, from_base64url, from_either_base64, text_of
from trustlists.public_keys import CURVES, ED25519, NotAKey, from_ed25519, from_modulus, from_point
from trustlists.records import Certified, Refusal, read_certified
from verifier.limits import KID_BYTES

# In documents of these schemes a key id is text; in all others it is bytes, written as base64.
TEXT_IDS: Final = frozenset({"smart-health-card", "nz-covid-pass", "divoc"})

# Chains of lists and of health cards have two or three certificates.
_CHAIN: Final = 8


def spki_of(jwk: dict[str, Any]) -> bytes | None:
    """Write a key as SubjectPublicKeyInfo; None for a kind that is not known here.

    Raises ``NotAKey`` when the numbers are no key.
    """
    numbers = {name: from_base64url(text_of(jwk, name)) for name in ("x", "y", "n", "e")}
    kind, on = text_of(jwk, "kty"), text_of(jwk, "crv")
    if kind == "RSA":
        return from_modulus(numbers["n"], numbers["e"])
    if kind == "OKP" and on == ED25519:  # RFC 8037, 2
        return from_ed25519(numbers["x"])
    curve = next((curve for curve in CURVES if curve.name == on), None)
    if kind != "EC" or curve is None:
        return None
    return from_point(curve, numbers["x"], numbers["y"])


def certificates_of(jwk: dict[str, Any]) -> list[Certified] | Refusal:
    """Read the certificates of ``x5c``: standard base64, the key's own first, at least one.

    Numbers beside them that are another key refuse the whole. Unreadable ones are none.
    """
    chain = read_chain(jwk.get("x5c"))
    if isinstance(chain, Refusal):
        return chain
    try:
        beside = spki_of(jwk)
    except NotAKey:
        beside = None
    return chain if beside in {None, chain[0].spki} else Refusal.KEY_DIFFERS


def read_chain(member: object) -> list[Certified] | Refusal:
    """Read the certificates of an ``x5c`` member, at least one and at most ``_CHAIN``."""
    found: list[Certified] = []
    texts = member if isinstance(member, list) else []
    if len(texts) > _CHAIN:
        return Refusal.TOO_LARGE
    for text in texts:
        certified = read_certified(from_base64(text) if isinstance(text, str) else b"")
        if isinstance(certified, Refusal):
            return certified
        found.append(certified)
    return found or Refusal.NOT_A_CERTIFICATE


def kid_of(jwk: dict[str, Any], scheme: str) -> bytes | Refusal:
    """Read the key id as the documents of the scheme write it."""
    text = text_of(jwk, "kid")
    if not text:
        return Refusal.NO_KEY_ID if "kid" not in jwk else Refusal.KID_UNREADABLE
    kid = text.encode("utf-8", "replace") if scheme in TEXT_IDS else from_either_base64(text)
    return kid if 0 < len(kid) <= KID_BYTES else Refusal.KID_UNREADABLE
