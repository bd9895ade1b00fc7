"""Signatures of lists: ECDSA on P-256 and RSA, both with SHA-256 (RFC 7518, 3.3 to 3.5).

Whatever cannot be checked, because of the key or of the signature, does not hold.
"""

from typing import Final

from trustlists.public_keys import P256, kind_of
from verifier.codecs.pkix import Algorithm, verifies

_HALF: Final = P256.size
_ECDSA: Final = Algorithm("SHA256", elliptic=True)
_RSA: Final = {
    "RS256": Algorithm("SHA256", elliptic=False),
    "PS256": Algorithm("SHA256", elliptic=False, salt=32),
}

ALGORITHMS: Final = frozenset({"ES256", *_RSA})


def holds(algorithm: str, spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check a signature by one of ``ALGORITHMS``, which has to suit the kind of the key."""
    if algorithm == "ES256":
        return es256_holds(spki, signature, signed)
    return verifies(spki, _RSA[algorithm], signature, signed)


def es256_holds(spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check an ECDSA signature that is r and s, 32 bytes each."""
    if len(signature) != 2 * _HALF:
        return False
    # Imported here: the list of dialects is read also when nothing is verified.
    from cryptography.hazmat.primitives.asymmetric import utils  # noqa: PLC0415

    r, s = (int.from_bytes(part, "big") for part in (signature[:_HALF], signature[_HALF:]))
    return ecdsa_holds(spki, utils.encode_dss_signature(r, s), signed)


def ecdsa_holds(spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check an ECDSA signature in DER (RFC 3279, 2.2.3), by a P-256 key."""
    return kind_of(spki) == P256.name and verifies(spki, _ECDSA, signature, signed)
