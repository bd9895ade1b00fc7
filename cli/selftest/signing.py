"""The issuer of the self-test: keys that live as long as one run, and what they sign with.

It signs with the packages that the program verifies with, because those are all that a desk has:
whether verdicts are right is for the project's own tests, with an issuer that shares nothing.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

COUNTRY: Final = "XS"  # a code that ISO 3166 leaves to users for ever
_NUMBER: Final = 32

_SEAL_SIGNER: Final = x509.ObjectIdentifier("2.23.136.1.1.14.2")
_DOCUMENT_TYPES: Final = x509.ObjectIdentifier("2.23.136.1.1.6.2")
# Version 0 and the set of NT and NV (ICAO Doc 9303-12, 7.1.3), as DER.
_VACCINATION_AND_TEST: Final = bytes.fromhex("300d020100310813024e5413024e56")


class Signer(NamedTuple):
    """A key on P-256 and the id that documents name it by."""

    key: ec.EllipticCurvePrivateKey
    kid: bytes

    @property
    def spki(self) -> bytes:
        """The public key as DER."""
        return spki_of(self.key)

    def sign(self, message: bytes) -> bytes:
        """Sign as ES256: r and s side by side (RFC 7518, 3.4)."""
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_NUMBER, "big") + s.to_bytes(_NUMBER, "big")

    def numbers(self) -> tuple[bytes, bytes]:
        """Give the two numbers of the public key."""
        point = self.key.public_key().public_numbers()
        return point.x.to_bytes(_NUMBER, "big"), point.y.to_bytes(_NUMBER, "big")


def new_signer() -> Signer:
    """Make a key; its id is what DCC signers have, 8 bytes of a hash."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Signer(key, hashlib.sha256(spki_of(key)).digest()[:8])


def spki_of(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """Write the public half of a key as DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign1(payload: bytes, signer: Signer, protected: bytes) -> tuple[bytes, bytes, bytes]:
    """Give a COSE_Sign1 (RFC 9052, 4.2), its signature, and the hash that was signed."""
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    signature = signer.sign(signed)
    envelope = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    return envelope, signature, hashlib.sha256(signed).digest()


class SealAuthority(NamedTuple):
    """An authority (CSCA) and the certificate of the seal signer below it, both as DER."""

    key_id: bytes
    spki: bytes
    certificate: bytes
    signer: Signer
    signer_certificate: bytes


def new_seal_authority(now: datetime) -> SealAuthority:
    """Make an authority and a signer of seals (ICAO Doc 9303-12, 7.1.3)."""
    above, below = new_signer(), new_signer()
    authority = _certificate("Self-test CSCA, never trust", above, above, now)
    authority = authority.add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    authority = authority.add_extension(_usage(certify=True), critical=True)
    key_id = x509.SubjectKeyIdentifier.from_public_key(above.key.public_key())
    authority = authority.add_extension(key_id, critical=False)
    signer = _certificate("Self-test signer, never trust", below, above, now)
    signer = signer.add_extension(x509.ExtendedKeyUsage([_SEAL_SIGNER]), critical=True)
    types = x509.UnrecognizedExtension(_DOCUMENT_TYPES, _VACCINATION_AND_TEST)
    signer = signer.add_extension(types, critical=False)
    written = [
        each.sign(above.key, hashes.SHA256()).public_bytes(Encoding.DER)
        for each in (authority, signer)
    ]
    return SealAuthority(key_id.digest, above.spki, written[0], below, written[1])


def _certificate(
    name: str, subject: Signer, issuer: Signer, now: datetime
) -> x509.CertificateBuilder:
    def named(common: str) -> x509.Name:
        parts = ((NameOID.COUNTRY_NAME, COUNTRY), (NameOID.COMMON_NAME, common))
        return x509.Name([x509.NameAttribute(*part) for part in parts])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named("Self-test CSCA, never trust"))
        .public_key(subject.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=400))
        .not_valid_after(now.astimezone(UTC) + timedelta(days=400))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )


def _usage(*, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certify,
        key_cert_sign=certify,
        crl_sign=certify,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
