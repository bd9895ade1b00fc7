"""Signatures of lists: ECDSA on P-256 and RSA, both with SHA-256 (RFC 7518, 3.3 to 3.5).

Whatever cannot be checked, because of the key or of the signature, does not hold.
"""

from typing import Final

from trustlists.public_keys import P256, kind_of
from verifier.limits import RSA_BITS

_HALF: Final = P256.size
_POINT: Final = 2 * P256.size + 1
_SALT: Final = 32

ALGORITHMS: Final = ("ES256", "RS256", "PS256")


def holds(algorithm: str, spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check a signature by one of ``ALGORITHMS``, which has to suit the kind of the key."""
    if algorithm == "ES256":
        return es256_holds(spki, signature, signed)
    return algorithm in ALGORITHMS and _rsa_holds(spki, signature, signed, pss=algorithm == "PS256")


def es256_holds(spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check an ECDSA signature that is r and s, 32 bytes each."""
    if len(signature) != 2 * _HALF:
        return False
    from cryptography.hazmat.primitives.asymmetric import utils  # noqa: PLC0415 - see below

    r, s = (int.from_bytes(part, "big") for part in (signature[:_HALF], signature[_HALF:]))
    return ecdsa_holds(spki, utils.encode_dss_signature(r, s), signed)


def ecdsa_holds(spki: bytes, signature: bytes, signed: bytes) -> bool:
    """Check an ECDSA signature in DER (RFC 3279, 2.2.3), by a P-256 key."""
    # Imported here: the list of dialects is read also when nothing is verified.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    if kind_of(spki) != P256.name:
        return False
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), spki[-_POINT:])
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _rsa_holds(spki: bytes, signature: bytes, signed: bytes, *, pss: bool) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415

    sha256 = hashes.SHA256()
    pad = padding.PSS(padding.MGF1(sha256), _SALT) if pss else padding.PKCS1v15()
    try:
        key = serialization.load_der_public_key(spki)
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
            return False
        key.verify(signature, signed, pad, sha256)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
