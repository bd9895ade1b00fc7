"""Reads certificates as other software does, and finds out whose key has signed one.

This is the strict reader that a list's other users have; what it refuses is a finding.
"""

import warnings
from contextlib import AbstractContextManager
from enum import Enum
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_SHA2: Final = {"sha256", "sha384", "sha512"}

# How the library refuses a certificate or a part of it; these errors have no root of their own.
REFUSED: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


class Signed(Enum):
    """Whether an authority has signed a certificate, as far as can be told."""

    YES = "yes"
    NO = "no"
    UNCHECKABLE = "uncheckable"


def quietly() -> AbstractContextManager[object]:
    """Keep the library's remarks on odd certificates out of the results."""
    return warnings.catch_warnings(action="ignore")


def loaded(der: bytes) -> x509.Certificate | None:
    """Read a certificate; None when a strict reader refuses it."""
    try:
        with quietly():
            return x509.load_der_x509_certificate(der)
    except REFUSED:
        return None


def extensions_of(certificate: x509.Certificate | None) -> x509.Extensions | None:
    """Read all extensions; None when a strict reader refuses any (notes, 3.5)."""
    try:
        with quietly():
            return certificate.extensions if certificate else None
    except REFUSED:
        return None


def value_of(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    """Find the extension of a kind, None when there is none."""
    return next((each.value for each in extensions if isinstance(each.value, kind)), None)


def own_id(der: bytes | None) -> bytes | None:
    """Give the id of a certificate's own key (RFC 5280, 4.2.1.2)."""
    extensions = extensions_of(loaded(der)) if der else None
    own = value_of(extensions, x509.SubjectKeyIdentifier) if extensions else None
    return own.digest if own else None


def authority_id(extensions: x509.Extensions | None) -> bytes | None:
    """Give the id of the key that has signed a certificate (RFC 5280, 4.2.1.1)."""
    above = value_of(extensions, x509.AuthorityKeyIdentifier) if extensions else None
    return above.key_identifier if above else None


def signed(certificate: x509.Certificate | None, spki: bytes) -> Signed:
    """Check who signed a certificate by ECDSA or RSA with SHA-2.

    SHA-1 proves nothing today, so it is not checkable, as is what the library does not know
    (gdhcn-trust notes, 3.5).
    """
    if certificate is None:
        return Signed.UNCHECKABLE
    try:
        digest = certificate.signature_hash_algorithm
        fits = digest is not None and digest.name in _SHA2 and _verify(certificate, digest, spki)
    except InvalidSignature:
        return Signed.NO
    except REFUSED:
        return Signed.UNCHECKABLE
    return Signed.YES if fits else Signed.UNCHECKABLE


def _verify(certificate: x509.Certificate, digest: hashes.HashAlgorithm, spki: bytes) -> bool:
    """Verify; false for a kind of signature not known here. Raises ``InvalidSignature``."""
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    parameters = certificate.signature_algorithm_parameters
    key = serialization.load_der_public_key(spki)
    if isinstance(parameters, ec.ECDSA):
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(signature, signed, parameters)
        return True
    if isinstance(parameters, padding.PKCS1v15 | padding.PSS):
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        key.verify(signature, signed, parameters, digest)
        return True
    return False
