"""Envelope and keys in, verified envelope out: the only place where a signature is believed.

The key decides the algorithm and the header has to agree; there is no fallback to another one.
All keys with the hinted id are tried, at most ``KEYS_PER_KID`` (HCERT 1.0.8, A.1).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.algorithms import EDDSA, ES256, ES384, ES512, HCERT_KEYS, PS256, KeyKind
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.limits import KEYS_PER_KID, RSA_BITS
from verifier.privacy import private
from verifier.reasons import Reason
from verifier.trust import TrustedKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

# A SubjectPublicKeyInfo of P-256 with an uncompressed point always starts like this (RFC 5480, 2).
_P256_SPKI: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_P256_SPKI_BYTES: Final = 91

_SHA256: Final = hashes.SHA256()
_ECDSA_SHA256: Final = ec.ECDSA(_SHA256)
_RAW_HALF: Final = 32
_LARGEST_POSITIVE: Final = 0x7F
# What stands before and between two numbers of 32 bytes: a leading one bit would make a number
# negative, so that it gets a zero byte. By which of them have that bit: none, s, r, both.
_FORMS: Final = (
    (b"\x30\x44\x02\x20", b"\x02\x20"),
    (b"\x30\x45\x02\x20", b"\x02\x21\0"),
    (b"\x30\x45\x02\x21\0", b"\x02\x20"),
    (b"\x30\x46\x02\x21\0", b"\x02\x21\0"),
)
_PSS_SALT_BYTES: Final = 32

# Takes a raw signature and the signed bytes, tells whether they belong together.
Holds = Callable[[bytes, bytes], bool]


class Checker(NamedTuple):
    """A parsed key: its kind, its one algorithm, its check, and whether it is too weak."""

    kind: KeyKind
    algorithm: int
    holds: Holds
    weak: bool = False


@private
class VerifiedEnvelope:
    """An envelope whose signature holds, and the key that holds it. Made here and nowhere else.

    What is in the envelope is the signer's word from here on; a document may also be withdrawn by
    its signature, or by its signer's certificate.
    """

    __slots__ = ("envelope", "key", "weak")

    def __init__(self, envelope: Envelope, key: TrustedKey, *, weak: bool) -> None:
        """Take what ``verify`` has checked."""
        self.envelope = envelope
        self.key = key
        self.weak = weak


def verify(
    envelope: Envelope, keys: Sequence[TrustedKey], kinds: frozenset[KeyKind] = HCERT_KEYS
) -> VerifiedEnvelope:
    """Find the key that signed an envelope, among keys of the kinds that its format allows.

    ``keys`` has at least one. Raises ``DocumentError`` with the weightiest reason met: a flaw of
    the envelope, else a signature that does not hold under a proper key, else a header that
    disagrees with the key, else a key that may not be used.
    """
    if envelope.flaw is not None:
        raise DocumentError(envelope.flaw)
    reasons = []
    for key in keys[:KEYS_PER_KID]:
        checker = load_key(key.spki)
        if isinstance(checker, Reason):
            reasons.append(checker)
            continue
        kind, algorithm, holds, weak = checker
        if kind not in kinds:
            reasons.append(Reason.KEY_TYPE_NOT_ALLOWED)
        elif algorithm != envelope.algorithm:
            reasons.append(Reason.ALGORITHM_MISMATCH)
        elif holds(envelope.signature, envelope.signed):
            return VerifiedEnvelope(envelope, key, weak=weak)
        else:
            reasons.append(Reason.SIGNATURE_BAD)
    raise DocumentError(min(reasons, key=_WEIGHTIEST_FIRST.index))


def contradiction(envelope: Envelope, spki: bytes, kinds: frozenset[KeyKind]) -> Reason | None:
    """Tell what is wrong with a signature by the key that a document itself brings.

    Nothing good follows from None: nobody vouches for that key. A signature that does not hold even
    so is wrong whoever the signer is. The key is a document's and is not remembered.
    """
    checker = _parsed(spki)
    if isinstance(checker, Reason) or checker.kind not in kinds:
        return None
    if checker.algorithm != envelope.algorithm:
        return Reason.ALGORITHM_MISMATCH
    holds = checker.holds(envelope.signature, envelope.signed)
    return None if holds else Reason.SIGNATURE_BAD


_WEIGHTIEST_FIRST: Final = (
    Reason.SIGNATURE_BAD,
    Reason.ALGORITHM_MISMATCH,
    Reason.KEY_TYPE_NOT_ALLOWED,
    Reason.KEY_UNREADABLE,
)


@lru_cache(maxsize=1024)
def load_key(spki: bytes) -> Checker | Reason:
    """Parse a public key once and give its algorithm and check, or why it may not be used.

    Keys of trust lists and of signers chained to them, never one that only a document vouches for:
    what is cached here names an issuer.
    """
    return _parsed(spki)


def _parsed(spki: bytes) -> Checker | Reason:
    if len(spki) == _P256_SPKI_BYTES and spki.startswith(_P256_SPKI):
        point = spki[len(_P256_SPKI) - 1 :]
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            return Reason.KEY_UNREADABLE
        return Checker(KeyKind.P256, ES256, _es256(key))
    return _load_other_key(spki)


def _load_other_key(spki: bytes) -> Checker | Reason:
    # Loaded late: nine keys in ten are P-256, and this import costs a third of a cold start.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        return Reason.KEY_UNREADABLE
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _curve_checker(key)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return Checker(KeyKind.ED25519, EDDSA, _eddsa(key))
    if not isinstance(key, rsa.RSAPublicKey):
        return Reason.KEY_TYPE_NOT_ALLOWED
    if key.key_size >= RSA_BITS.stop:
        return Reason.KEY_TYPE_NOT_ALLOWED
    return Checker(KeyKind.RSA, PS256, _ps256(key), weak=key.key_size < RSA_BITS.start)


# Kind, algorithm and hash of each curve other than P-256 in its usual form (RFC 7518, 3.4; ICAO TR
# VDS-NC lets brainpool curves of the same sizes use the same names).
_CURVES: Final = {
    "secp256r1": (KeyKind.P256, ES256, _SHA256),
    "secp384r1": (KeyKind.P384, ES384, hashes.SHA384()),
    "secp521r1": (KeyKind.P521, ES512, hashes.SHA512()),
    "brainpoolP256r1": (KeyKind.BRAINPOOL_P256, ES256, _SHA256),
    "brainpoolP384r1": (KeyKind.BRAINPOOL_P384, ES384, hashes.SHA384()),
    "brainpoolP512r1": (KeyKind.BRAINPOOL_P512, ES512, hashes.SHA512()),
}


def _curve_checker(key: ec.EllipticCurvePublicKey) -> Checker | Reason:
    found = _CURVES.get(key.curve.name)
    if found is None:
        return Reason.KEY_TYPE_NOT_ALLOWED
    kind, algorithm, hashed = found
    holds = _es256(key) if kind is KeyKind.P256 else _ecdsa(key, ec.ECDSA(hashed))
    return Checker(kind, algorithm, holds)


def _ecdsa(key: ec.EllipticCurvePublicKey, scheme: ec.ECDSA) -> Holds:
    from cryptography.hazmat.primitives.asymmetric import utils  # noqa: PLC0415 - rare curves only

    half = (key.key_size + 7) // 8

    def holds(signature: bytes, signed: bytes) -> bool:
        if len(signature) != 2 * half:
            return False
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        try:
            key.verify(utils.encode_dss_signature(r, s), signed, scheme)
        except InvalidSignature:
            return False
        return True

    return holds


def _eddsa(key: "ed25519.Ed25519PublicKey") -> Holds:
    def holds(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return holds


def _es256(key: ec.EllipticCurvePublicKey) -> Holds:
    check = key.verify

    def holds(signature: bytes, signed: bytes) -> bool:
        encoded = der_of(signature)
        if not encoded:
            return False
        try:
            check(encoded, signed, _ECDSA_SHA256)
        except InvalidSignature:
            return False
        return True

    return holds


def _ps256(key: "rsa.RSAPublicKey") -> Holds:
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - RSA only

    pss = padding.PSS(mgf=padding.MGF1(_SHA256), salt_length=_PSS_SALT_BYTES)

    def holds(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed, pss, _SHA256)
        except InvalidSignature:
            return False
        return True

    return holds


def der_of(raw: bytes) -> bytes:
    """Re-encode r and s, 32 bytes each, as the DER that X.509 uses (RFC 3279, 2.2.3).

    Gives nothing for any other length and for a zero, which no signature has.
    """
    if len(raw) != 2 * _RAW_HALF:
        return b""
    if raw[0] and raw[_RAW_HALF]:
        # Both have all their bytes, as in all but one of 128 signatures.
        form = (raw[0] > _LARGEST_POSITIVE) * 2 + (raw[_RAW_HALF] > _LARGEST_POSITIVE)
        head, between = _FORMS[form]
        return head + raw[:_RAW_HALF] + between + raw[_RAW_HALF:]
    r = _positive(raw[:_RAW_HALF])
    s = _positive(raw[_RAW_HALF:])
    if not r or not s:
        return b""
    return b"\x30%c%b%b" % (len(r) + len(s), r, s)


def _positive(number: bytes) -> bytes:
    """Write a number as a DER integer; nothing for a zero."""
    number = number.lstrip(b"\0")
    if not number:
        return b""
    if number[0] > _LARGEST_POSITIVE:
        number = b"\0" + number
    return b"\x02%c%b" % (len(number), number)
