"""X.509 certificates: the facts that a trust list needs, read by a small walk (RFC 5280, 4.1).

Libraries refuse a certificate as a whole for an extension that they dislike; whole countries have
issued such certificates (hcert-dcc notes, section 8). Here the structure has to be right, while an
extension that cannot be read costs nothing but itself. Nothing is verified by reading;
``signed_by`` is a check of its own. ``NotACertificate`` is the one error and quotes nothing.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, dotted
from verifier.limits import RSA_BITS

# The largest of 1,439 published document signers has 2.2 KB; 64 KiB leaves room for post-quantum
# signatures.
CERTIFICATE_BYTES: Final = 64 * 1024

_NAME_CHARACTERS: Final = 80
_UTC_PIVOT: Final = 50  # RFC 5280, 4.1.2.5.1

_COUNTRY: Final = b"\x55\x04\x06"
_ORGANISATION: Final = b"\x55\x04\x0a"
_COMMON_NAME: Final = b"\x55\x04\x03"
_BASIC_CONSTRAINTS: Final = b"\x55\x1d\x13"
_EXTENDED_KEY_USAGE: Final = b"\x55\x1d\x25"

_VERSION: Final = 0xA0
_ISSUER_ID: Final = 0x81
_SUBJECT_ID: Final = 0x82
_EXTENSIONS: Final = 0xA3

_ENCODINGS: Final = {0x0C: "utf-8", 0x14: "latin-1", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}

# hcert-dcc notes, section 8: the arc as registered, and with the slip of many real certificates.
_USES: Final = {
    f"1.3.6.1.4.1.{arc}.{number}": use
    for arc in ("1847.2021.1", "0.1847.2021.1")
    for number, use in ((1, "test"), (2, "vaccination"), (3, "recovery"))
}

_PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"


class _Algorithm(NamedTuple):
    """A signature algorithm: its hash, its kind of key, and the salt length of PSS."""

    hash: str
    elliptic: bool
    salt: int | None = None


_ALGORITHMS: Final = {
    "1.2.840.10045.4.3.2": _Algorithm("SHA256", elliptic=True),
    "1.2.840.10045.4.3.3": _Algorithm("SHA384", elliptic=True),
    "1.2.840.10045.4.3.4": _Algorithm("SHA512", elliptic=True),
    "1.2.840.113549.1.1.11": _Algorithm("SHA256", elliptic=False),
    "1.2.840.113549.1.1.12": _Algorithm("SHA384", elliptic=False),
    "1.2.840.113549.1.1.13": _Algorithm("SHA512", elliptic=False),
}
_HASHES: Final = {
    "2.16.840.1.101.3.4.2.1": "SHA256",
    "2.16.840.1.101.3.4.2.2": "SHA384",
    "2.16.840.1.101.3.4.2.3": "SHA512",
}


class NotACertificate(ValueError):
    """The bytes are no X.509 certificate."""


class CertificateFacts(NamedTuple):
    """What a certificate says of itself.

    ``kid`` is the start of the hash of its DER (T1, appendix A). ``country`` and ``name`` are empty
    when the subject names none; ``name`` is printable and short. ``is_ca`` is true when
    BasicConstraints say so. ``issuer`` and ``subject`` are DER names, ``signed`` the DER under the
    signature; ``signature_algorithm`` is DER, and empty when the two places that name it differ.
    """

    kid: bytes
    spki: bytes
    country: str
    name: str
    not_before: int
    not_after: int
    extended_key_usage: tuple[str, ...]
    is_ca: bool
    issuer: bytes
    subject: bytes
    signature_algorithm: bytes
    signed: bytes
    signature: bytes


def read_certificate(certificate: bytes) -> CertificateFacts:
    """Read the facts of a DER certificate. Raises ``NotACertificate`` and nothing else."""
    if len(certificate) > CERTIFICATE_BYTES:
        message = "longer than any certificate"
        raise NotACertificate(message)
    try:
        return _read(certificate)
    except NotDer:
        message = "not a DER certificate"
        raise NotACertificate(message) from None


def uses_of(purposes: Iterable[str]) -> frozenset[str]:
    """Tell the kinds of certificate that an extended key usage limits its key to.

    Empty means all: also when only purposes of other trades are named (hcert-dcc notes, 8).
    """
    return frozenset(_USES[purpose] for purpose in purposes if purpose in _USES)


def signed_by(certificate: CertificateFacts, authority: CertificateFacts) -> bool:
    """Tell whether an authority, one that may sign certificates, has signed this certificate.

    Checks names and signature (RFC 5280, 6.1.3), by ECDSA or RSA with SHA-256, SHA-384 or SHA-512.
    Dates are the caller's business. Whatever cannot be checked is not signed.
    """
    if not authority.is_ca or certificate.issuer != authority.subject:
        return False
    return signed_by_key(certificate, authority.spki)


def signed_by_key(certificate: CertificateFacts, spki: bytes) -> bool:
    """Tell whether this very key has signed the certificate, whatever its name is."""
    try:
        algorithm = _algorithm(certificate.signature_algorithm)
    except NotDer:
        return False
    return algorithm is not None and _verifies(spki, certificate, algorithm)


def _read(certificate: bytes) -> CertificateFacts:
    outer = DerReader(certificate)
    parts = outer.enter(der.SEQUENCE)
    outer.finish()
    signed = parts.whole(der.SEQUENCE)
    algorithm = parts.whole(der.SEQUENCE)
    signature = der.bits(parts.content(der.BIT_STRING))
    parts.finish()

    body = DerReader(signed).enter(der.SEQUENCE)
    if body.has(_VERSION):
        body.whole(_VERSION)
    body.whole(der.INTEGER)
    inner_algorithm = body.whole(der.SEQUENCE)
    issuer = body.whole(der.SEQUENCE)
    validity = body.enter(der.SEQUENCE)
    not_before, not_after = _instant(validity), _instant(validity)
    validity.finish()
    subject = body.whole(der.SEQUENCE)
    country, name = _country_and_name(subject)
    spki = body.whole(der.SEQUENCE)
    for identifier in (_ISSUER_ID, _SUBJECT_ID):
        if body.has(identifier):
            body.whole(identifier)
    extensions = _extensions(body)
    body.finish()
    return CertificateFacts(
        kid=hashlib.sha256(certificate).digest()[:8],
        spki=spki,
        country=country,
        name=name,
        not_before=not_before,
        not_after=not_after,
        extended_key_usage=_purposes(extensions.get(_EXTENDED_KEY_USAGE, b"")),
        is_ca=_is_ca(extensions.get(_BASIC_CONSTRAINTS, b"")),
        issuer=issuer,
        subject=subject,
        signature_algorithm=algorithm if algorithm == inner_algorithm else b"",
        signed=signed,
        signature=signature,
    )


def _instant(validity: DerReader) -> int:
    """Read a time, in the two forms that RFC 5280, 4.1.2.5 allows."""
    tag, content = validity.text()
    digits = content[:-1]
    long = tag == der.GENERALIZED_TIME
    if content[-1:] != b"Z" or not digits.isdigit() or len(digits) != (14 if long else 12):
        raise NotDer
    if not long:
        if tag != der.UTC_TIME:
            raise NotDer
        digits = (b"19" if int(digits[:2]) >= _UTC_PIVOT else b"20") + digits
    year, *rest = int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2))
    month, day, hour, minute, second = rest
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        raise NotDer from None


def _country_and_name(subject: bytes) -> tuple[str, str]:
    """Read from a name the country, and what an issuer is best shown as."""
    found: dict[bytes, str] = {}
    sets = DerReader(subject).enter(der.SEQUENCE)
    while sets.more():
        attributes = sets.enter(der.SET)
        while attributes.more():
            attribute = attributes.enter(der.SEQUENCE)
            kind = attribute.content(der.OBJECT_ID)
            tag, content = attribute.text()
            attribute.finish()
            found.setdefault(kind, _printable(tag, content))
    return found.get(_COUNTRY, ""), found.get(_ORGANISATION) or found.get(_COMMON_NAME, "")


def _printable(tag: int, content: bytes) -> str:
    """Write a text of a name so that it can be shown anywhere."""
    text = content[: 4 * _NAME_CHARACTERS].decode(_ENCODINGS.get(tag, "ascii"), "replace")
    shown = text
    if not text.isprintable():
        shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_NAME_CHARACTERS].rstrip()


def _extensions(body: DerReader) -> dict[bytes, bytes]:
    """Read the extensions as they stand; the first of a kind counts."""
    found: dict[bytes, bytes] = {}
    if not body.has(_EXTENSIONS):
        return found
    wrapped = body.enter(_EXTENSIONS)
    extensions = wrapped.enter(der.SEQUENCE)
    wrapped.finish()
    while extensions.more():
        extension = extensions.enter(der.SEQUENCE)
        kind = extension.content(der.OBJECT_ID)
        if extension.has(der.BOOLEAN):
            extension.content(der.BOOLEAN)
        found.setdefault(kind, extension.content(der.OCTET_STRING))
        extension.finish()
    return found


def _purposes(value: bytes) -> tuple[str, ...]:
    """Read the extended key usage as far as it can be read."""
    found: list[str] = []
    try:
        purposes = DerReader(value).enter(der.SEQUENCE)
        while purposes.more():
            found.append(dotted(purposes.content(der.OBJECT_ID)))
    except NotDer:
        return tuple(found)
    return tuple(found)


def _is_ca(value: bytes) -> bool:
    """Read from BasicConstraints whether the subject may sign certificates."""
    try:
        constraints = DerReader(value).enter(der.SEQUENCE)
        return constraints.has(der.BOOLEAN) and constraints.content(der.BOOLEAN) == b"\xff"
    except NotDer:
        return False


def _algorithm(identifier: bytes) -> _Algorithm | None:
    """Read the identifier of a signature algorithm; None for one that is not allowed."""
    parts = DerReader(identifier).enter(der.SEQUENCE)
    oid = dotted(parts.content(der.OBJECT_ID))
    if oid != _PSS:
        return _ALGORITHMS.get(oid)
    # RFC 4055, 3.1. What is left out means SHA-1, which is not allowed, or a salt of 20 bytes.
    parameters = parts.enter(der.SEQUENCE)
    name = _hash(parameters.enter(0xA0))
    generator = parameters.enter(0xA1).enter(der.SEQUENCE)
    salt = b"\x14"
    if dotted(generator.content(der.OBJECT_ID)) != _MGF1 or _hash(generator) != name:
        return None
    if parameters.has(0xA2):
        salt = parameters.enter(0xA2).content(der.INTEGER)
    return _Algorithm(name, elliptic=False, salt=int.from_bytes(salt[:2], "big")) if name else None


def _hash(reader: DerReader) -> str | None:
    return _HASHES.get(dotted(reader.enter(der.SEQUENCE).content(der.OBJECT_ID)))


def _verifies(spki: bytes, certificate: CertificateFacts, algorithm: _Algorithm) -> bool:
    """Check the signature; the kind of key and the kind of algorithm must agree."""
    # Imported here: only who builds a trust store checks certificates.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    chosen: hashes.HashAlgorithm = getattr(hashes, algorithm.hash)()
    signature, signed = certificate.signature, certificate.signed
    try:
        key = serialization.load_der_public_key(spki)
        if isinstance(key, ec.EllipticCurvePublicKey) and algorithm.elliptic:
            key.verify(signature, signed, ec.ECDSA(chosen))
            return True
        if isinstance(key, rsa.RSAPublicKey) and not algorithm.elliptic:
            plain = algorithm.salt is None
            pss = padding.PSS(padding.MGF1(chosen), algorithm.salt or 0)
            key.verify(signature, signed, padding.PKCS1v15() if plain else pss, chosen)
            return key.key_size in RSA_BITS
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return False
