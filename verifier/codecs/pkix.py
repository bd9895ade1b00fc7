"""Signatures of certificates, revocation lists and CMS: from an identifier to a check.

ECDSA (RFC 5758), RSA PKCS#1 v1.5 and RSASSA-PSS (RFC 4055) with the SHA-2 family, on every curve of
``curves``. The key of the signer decides, and the identifier has to agree. SHA-1 is read, because
authorities from before 2015 sign themselves with it, and counts only for who asks for it by name.
"""

from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.curves import Curve, curve_of
from verifier.codecs.der import DerReader, NotDer, dotted
from verifier.limits import AUTHORITY_RSA_BITS

_EC_KEY: Final = "1.2.840.10045.2.1"
_RSA_KEY: Final = "1.2.840.113549.1.1.1"
_PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"

_DIGESTS: Final = {
    "1.3.14.3.2.26": "SHA1",
    "2.16.840.1.101.3.4.2.1": "SHA256",
    "2.16.840.1.101.3.4.2.2": "SHA384",
    "2.16.840.1.101.3.4.2.3": "SHA512",
}
_ECDSA: Final = {
    "1.2.840.10045.4.1": "SHA1",
    "1.2.840.10045.4.3.2": "SHA256",
    "1.2.840.10045.4.3.3": "SHA384",
    "1.2.840.10045.4.3.4": "SHA512",
}
_PKCS1: Final = {
    "1.2.840.113549.1.1.5": "SHA1",
    "1.2.840.113549.1.1.11": "SHA256",
    "1.2.840.113549.1.1.12": "SHA384",
    "1.2.840.113549.1.1.13": "SHA512",
}


class Algorithm(NamedTuple):
    """A signature algorithm: its hash, its kind of key, and the salt length (bytes) of PSS."""

    digest: str
    elliptic: bool
    salt: int | None = None

    @property
    def weak(self) -> bool:
        """Whether two contents with one signature can be made (SHA-1)."""
        return self.digest == "SHA1"


class NamedKey(NamedTuple):
    """An EC key on a known curve: the curve and the point, as the key writes it."""

    curve: Curve
    point: bytes


def digest_of(identifier: bytes) -> str | None:
    """Read the identifier (DER) of a hash; None for one that is not known here."""
    try:
        return _digest(DerReader(identifier))
    except NotDer:
        return None


def algorithm_of(identifier: bytes, digest: str | None = None) -> Algorithm | None:
    """Read the identifier (DER) of a signature algorithm; None for one that is not known here.

    ``digest`` is the hash where the identifier names only the kind of key, as CMS may (RFC 3370).
    """
    try:
        return _algorithm(identifier, digest)
    except NotDer:
        return None


def named_key(spki: bytes) -> NamedKey | None:
    """Find the curve and point of an EC key, also where the numbers of the curve are written out.

    None for every other key, and for a curve that is not exactly a known one.
    """
    try:
        outer = DerReader(spki)
        parts = outer.enter(der.SEQUENCE)
        outer.finish()
        algorithm = parts.enter(der.SEQUENCE)
        if dotted(algorithm.content(der.OBJECT_ID)) != _EC_KEY or not algorithm.more():
            return None
        tag, content = algorithm.text()
        algorithm.finish()
        point = der.bits(parts.content(der.BIT_STRING))
        parts.finish()
    except NotDer:
        return None
    curve = curve_of(der.element(tag, content))
    return NamedKey(curve, point) if curve else None


def verifies(
    spki: bytes, algorithm: Algorithm, signature: bytes, signed: bytes, *, weak: bool = False
) -> bool:
    """Tell whether a key has made a signature. ``weak`` lets SHA-1 count."""
    if algorithm.weak and not weak:
        return False
    # Imported here: only who reads certificates checks them.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    chosen: hashes.HashAlgorithm = getattr(hashes, algorithm.digest)()
    try:
        if algorithm.elliptic:
            named = named_key(spki)
            if named is None:
                return False
            curve: ec.EllipticCurve = getattr(ec, _CLASSES[named.curve.name])()
            key = ec.EllipticCurvePublicKey.from_encoded_point(curve, named.point)
            key.verify(signature, signed, ec.ECDSA(chosen))
            return True
        rsa_key = serialization.load_der_public_key(spki)
        if not isinstance(rsa_key, rsa.RSAPublicKey):
            return False
        plain = algorithm.salt is None
        pss = padding.PSS(padding.MGF1(chosen), algorithm.salt or 0)
        rsa_key.verify(signature, signed, padding.PKCS1v15() if plain else pss, chosen)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return rsa_key.key_size in AUTHORITY_RSA_BITS


_CLASSES: Final = {
    "P-256": "SECP256R1",
    "P-384": "SECP384R1",
    "P-521": "SECP521R1",
    "secp256k1": "SECP256K1",
    "brainpoolP256r1": "BrainpoolP256R1",
    "brainpoolP384r1": "BrainpoolP384R1",
    "brainpoolP512r1": "BrainpoolP512R1",
}


def _algorithm(identifier: bytes, digest: str | None) -> Algorithm | None:
    outer = DerReader(identifier)
    parts = outer.enter(der.SEQUENCE)
    outer.finish()
    oid = dotted(parts.content(der.OBJECT_ID))
    if oid == _PSS:
        return _pss(parts)
    # Absent or NULL: both are written for either kind of key, whatever the standards prefer.
    if parts.has(der.NULL):
        parts.content(der.NULL)
    parts.finish()
    elliptic = oid in _ECDSA or oid == _EC_KEY
    name = (_ECDSA if elliptic else _PKCS1).get(oid) or (
        digest if oid in {_EC_KEY, _RSA_KEY} else None
    )
    return Algorithm(name, elliptic=elliptic) if name else None


def _pss(parts: DerReader) -> Algorithm | None:
    """Read RSASSA-PSS-params (RFC 4055, 3.1): what is left out means SHA-1, or a salt of 20."""
    parameters = parts.enter(der.SEQUENCE)
    parts.finish()
    name: str | None = "SHA1"
    masks: str | None = "SHA1"
    salt = b"\x14"
    if parameters.has(0xA0):
        name = _digest(parameters.enter(0xA0))
    if parameters.has(0xA1):
        generator = parameters.enter(0xA1).enter(der.SEQUENCE)
        if dotted(generator.content(der.OBJECT_ID)) != _MGF1:
            return None
        masks = _digest(generator)
    if parameters.has(0xA2):
        salt = parameters.enter(0xA2).content(der.INTEGER)
    if parameters.has(0xA3) and parameters.enter(0xA3).content(der.INTEGER) != b"\1":
        return None
    parameters.finish()
    if name is None or name != masks:
        return None
    return Algorithm(name, elliptic=False, salt=int.from_bytes(salt[:2], "big"))


def _digest(reader: DerReader) -> str | None:
    parts = reader.enter(der.SEQUENCE)
    reader.finish()
    name = _DIGESTS.get(dotted(parts.content(der.OBJECT_ID)))
    if parts.has(der.NULL):
        parts.content(der.NULL)
    parts.finish()
    return name
