"""Certificates and lists made by hand and signed by pycryptodome, for tests of trust lists.

Small on purpose: every part can be replaced, also by something wrong.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache

from Crypto.Hash import SHA1, SHA256, SHA384, SHA512
from Crypto.PublicKey import ECC, RSA
from Crypto.Signature import DSS, pkcs1_15, pss

from trustlists import StoredKey, TrustStore

Key = ECC.EccKey | RSA.RsaKey

_HASHES = {"sha1": SHA1, "sha256": SHA256, "sha384": SHA384, "sha512": SHA512}
_ECDSA = {
    "sha1": "2a8648ce3d0401",
    "sha256": "2a8648ce3d040302",
    "sha384": "2a8648ce3d040303",
    "sha512": "2a8648ce3d040304",
}
_PKCS1 = {
    "sha1": "2a864886f70d010105",
    "sha256": "2a864886f70d01010b",
    "sha384": "2a864886f70d01010c",
    "sha512": "2a864886f70d01010d",
}
_HASH_OIDS = {
    "sha256": "608648016503040201",
    "sha384": "608648016503040202",
    "sha512": "608648016503040203",
}
_PSS = "2a864886f70d01010a"
_MGF1 = "2a864886f70d010108"
NULL = b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 + width)) + size.to_bytes(width, "big") + content


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def oid(content: str) -> bytes:
    return tlv(0x06, bytes.fromhex(content))


@cache
def ec_key(name: str, curve: str = "P-256") -> ECC.EccKey:
    """Derive a key from its name."""
    scalar = int.from_bytes(hashlib.sha256(name.encode()).digest()[:31], "big")
    return ECC.construct(curve=curve, d=scalar)


@cache
def rsa_key(bits: int) -> RSA.RsaKey:
    return RSA.generate(bits)


def spki_of(key: Key) -> bytes:
    spki: bytes = key.public_key().export_key(format="DER")
    return spki


def name(*, country: str | None = "XS", organisation: str = "", common: str = "Issuer") -> bytes:
    parts = [("550406", 0x13, country), ("55040a", 0x0C, organisation), ("550403", 0x0C, common)]
    return seq(
        *(tlv(0x31, seq(oid(kind), tlv(tag, text.encode()))) for kind, tag, text in parts if text)
    )


def extension(kind: str, value: bytes, *, critical: bytes = b"") -> bytes:
    return seq(oid(kind), critical, tlv(0x04, value))


def eku(*purposes: str) -> bytes:
    return extension("551d25", seq(*map(oid, purposes)))


CA = extension("551d13", seq(b"\x01\x01\xff"), critical=b"\x01\x01\xff")
VACCINATION = "2b060104018e378f650102"  # 1.3.6.1.4.1.1847.2021.1.2
TEST = "2b060104018e378f650101"
RECOVERY_SLIPPED = "2b06010401008e378f650103"
CLIENT = "2b06010505070302"


def algorithm_of(key: Key, digest: str = "sha256", *, salt: int | None = None) -> bytes:
    if isinstance(key, ECC.EccKey):
        return seq(oid(_ECDSA[digest]))
    if salt is None:
        return seq(oid(_PKCS1[digest]), NULL)
    hashed = seq(oid(_HASH_OIDS[digest]), NULL)
    parameters = (tlv(0xA0, hashed), tlv(0xA1, seq(oid(_MGF1), hashed)))
    length = () if salt == 20 else (tlv(0xA2, tlv(0x02, bytes((salt,)))),)
    return seq(oid(_PSS), seq(*parameters, *length))


def sign(key: Key, data: bytes, digest: str = "sha256", *, salt: int | None = None) -> bytes:
    hashed = _HASHES[digest].new(data)
    if isinstance(key, ECC.EccKey):
        return bytes(DSS.new(key, "deterministic-rfc6979", encoding="der").sign(hashed))
    if salt is None:
        return bytes(pkcs1_15.new(key).sign(hashed))
    return bytes(pss.new(key, salt_bytes=salt).sign(hashed))


def certificate(
    key: Key,
    *,
    signer: Key | None = None,
    digest: str = "sha256",
    salt: int | None = None,
    subject: bytes | None = None,
    issuer: bytes | None = None,
    not_before: bytes = tlv(0x17, b"260101000000Z"),
    not_after: bytes = tlv(0x18, b"20360101000000Z"),
    extensions: Sequence[bytes] = (),
    spki: bytes | None = None,
    version: bytes = b"\xa0\x03\x02\x01\x02",
    ids: bytes = b"",
    tail: bytes = b"",
    inner_algorithm: bytes | None = None,
    algorithm: bytes | None = None,
    serial: bytes = b"\x02\x01\x05",
) -> bytes:
    """Write a certificate; without a signer it signs itself."""
    signer = signer or key
    subject = subject or name()
    algorithm = algorithm or algorithm_of(signer, digest, salt=salt)
    wrapped = tlv(0xA3, seq(*extensions)) if extensions else b""
    body = seq(
        version,
        serial,
        inner_algorithm or algorithm,
        issuer or subject,
        seq(not_before, not_after),
        subject,
        spki or spki_of(key),
        ids,
        wrapped,
        tail,
    )
    return seq(body, algorithm, tlv(0x03, b"\0", sign(signer, body, digest, salt=salt)))


def pem(der: bytes, label: str = "CERTIFICATE") -> str:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: ECC.EccKey, kid: str = "AAECAwQFBgc", **members: object) -> dict[str, object]:
    size = {"P-256": 32, "P-384": 48, "P-521": 66}[
        {"NIST P-256": "P-256", "NIST P-384": "P-384", "NIST P-521": "P-521"}[key.curve]
    ]
    point = key.pointQ
    return {
        "kty": "EC",
        "crv": f"P-{ {32: 256, 48: 384, 66: 521}[size] }",
        "kid": kid,
        "x": b64url(int(point.x).to_bytes(size, "big")),
        "y": b64url(int(point.y).to_bytes(size, "big")),
        **members,
    }


def entry(der: bytes, **members: object) -> dict[str, object]:
    """Write a record of the German list."""
    kid = hashlib.sha256(der).digest()[:8]
    return {
        "certificateType": "DSC",
        "country": "XS",
        "kid": b64(kid),
        "rawData": b64(der),
        "timestamp": "2026-11-01T10:00:00+01:00",
        **members,
    }


def signed_list(entries: object, key: ECC.EccKey | None = None, *, end: bytes = b"") -> bytes:
    """Write a list as Germany does: signature, line feed, body; ``end`` is not signed."""
    body = json.dumps({"certificates": entries}).encode()
    return sign_body(body, key or ec_key("list")) + b"\n" + body + end


def sign_body(body: bytes, key: ECC.EccKey) -> bytes:
    raw = DSS.new(key, "deterministic-rfc6979").sign(SHA256.new(body))
    return base64.b64encode(raw)


def stored_in(store: TrustStore) -> list[StoredKey]:
    """List every key of an opened store."""
    return list(store.keys())


def explicit_spki(key: ECC.EccKey, **replaced: int | bytes | None) -> bytes:
    """Write an EC key whose curve is described by its numbers (SEC 1, C.2), any of them replaced.

    ``seed`` and ``cofactor`` may be None: left out.
    """
    point = bytes(key.public_key().export_key(format="raw"))
    curve = ECC._curves[key.curve]
    size = (len(point) - 1) // 2
    prime = int(curve.p)
    numbers: dict[str, int | bytes | None] = {
        "p": prime,
        "a": prime - 3,
        "b": int(curve.b),
        "g": b"\4" + int(curve.Gx).to_bytes(size, "big") + int(curve.Gy).to_bytes(size, "big"),
        "n": int(curve.order),
        "cofactor": 1,
        "seed": None,
    } | replaced

    def integer(name: str) -> bytes:
        value = numbers[name]
        assert isinstance(value, int)
        return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))

    def octets(name: str) -> bytes:
        value = numbers[name]
        return tlv(0x04, value if isinstance(value, bytes) else (value or 0).to_bytes(size, "big"))

    seed = numbers["seed"]
    parameters = seq(
        b"\x02\x01\x01",
        seq(oid("2a8648ce3d0101"), integer("p")),
        seq(octets("a"), octets("b"), tlv(0x03, b"\0", seed) if isinstance(seed, bytes) else b""),
        octets("g"),
        integer("n"),
        integer("cofactor") if numbers["cofactor"] is not None else b"",
    )
    return seq(seq(oid("2a8648ce3d0201"), parameters), tlv(0x03, b"\0", point))


def called(part: object) -> str:
    """Name a part of a case for its id: a key by its kind, which is the same in every run."""
    if isinstance(part, ECC.EccKey):
        return str(part.curve)
    return "RSA" if isinstance(part, RSA.RsaKey) else str(part)
