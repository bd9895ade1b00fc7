"""National lists of DCC signers for tests: written by hand, signed by pycryptodome."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from Crypto.Hash import SHA256
from Crypto.PublicKey import ECC
from Crypto.Signature import DSS, pkcs1_15, pss
from support.certificates import (
    CA,
    Key,
    algorithm_of,
    b64,
    b64url,
    certificate,
    ec_key,
    name,
    oid,
    seq,
    sign,
    spki_of,
    tlv,
)

from fixtures.cbor import encode

NOW = 1_795_000_000  # 18 November 2026
HOUR = 3600

ROOT_NAME = name(country="XS", common="Root of nobody")
ROOT = certificate(ec_key("list-root"), subject=ROOT_NAME, extensions=[CA])
SIGNER_NAME = name(country="XS", common="Lists of nobody")
SIGNER = certificate(
    ec_key("list-signer"), signer=ec_key("list-root"), subject=SIGNER_NAME, issuer=ROOT_NAME
)


def raw_signature(key: Key, data: bytes, algorithm: str = "ES256") -> bytes:
    hashed = SHA256.new(data)
    if isinstance(key, ECC.EccKey):
        return bytes(DSS.new(key, "deterministic-rfc6979").sign(hashed))
    scheme = pkcs1_15.new(key) if algorithm == "RS256" else pss.new(key, salt_bytes=32)
    return bytes(scheme.sign(hashed))


def token(
    payload: object,
    *,
    key: Key | None = None,
    chain: Sequence[bytes] = (SIGNER,),
    algorithm: str = "ES256",
    header: dict[str, Any] | None = None,
) -> bytes:
    """Write a compact JWS with certificates in its header."""
    whole = {"alg": algorithm, "x5c": [b64(der) for der in chain], **(header or {})}
    parts = [b64url(json.dumps(part).encode()) for part in (whole, payload)]
    signed = ".".join(parts).encode()
    signature = raw_signature(key or ec_key("list-signer"), signed, algorithm)
    return signed + b"." + b64url(signature).encode()


# Switzerland


def swiss_key(key: Key, kid: bytes, use: str = "sig", **members: object) -> dict[str, object]:
    found: dict[str, object] = {"keyId": b64(kid), "use": use}
    if isinstance(key, ECC.EccKey):
        x, y = (b64(int(part).to_bytes(32, "big")) for part in (key.pointQ.x, key.pointQ.y))
        found |= {"alg": "ES256", "crv": "P-256", "x": x, "y": y, "n": None, "e": None}
    else:
        size = key.size_in_bytes() + 1  # as Java writes it, with a zero in front
        n, e = b64(key.n.to_bytes(size, "big")), b64(key.e.to_bytes(3, "big"))
        found |= {"alg": "RS256", "crv": None, "x": None, "y": None, "n": n, "e": e}
    return found | members


def swiss_list(*kids: bytes, **members: object) -> dict[str, object]:
    ids = [b64(kid) for kid in kids]
    return {"activeKeyIds": ids, "validDuration": 48 * HOUR * 1000, **members}


def swiss_page(*keys: object) -> dict[str, object]:
    return {"certs": keys}


# Sweden


def swedish_key(der: bytes, **members: object) -> dict[str, object]:
    kid = b64(hashlib.sha256(der).digest()[:8])
    return {"kty": "EC", "kid": kid, "x5c": [b64(der)], **members}


def swedish_list(countries: object, **members: object) -> dict[str, object]:
    return {
        "iss": "https://lists.example",
        "id": "1",
        "aud": ["nobody"],
        "iat": NOW - HOUR,
        "exp": NOW + 24 * HOUR,
        "dsc_trust_list": countries,
        **members,
    }


# Austria


def austrian_entry(der: bytes, **members: object) -> dict[str, object]:
    return {"i": hashlib.sha256(der).digest()[:8], "c": der, **members}


def austrian_list(*entries: object) -> bytes:
    return encode({"c": list(entries)})


def austrian_signature(
    content: bytes,
    *,
    key: Key | None = None,
    signer: bytes = SIGNER,
    begins: int = NOW - HOUR,
    ends: int = NOW + 47 * HOUR,
    version: object = 2,
    label: int = 42,
    kid: bytes | None = None,
    claims: dict[Any, Any] | None = None,
    algorithm: int = -7,
) -> bytes:
    """Write the signature file of a list."""
    key = key or ec_key("list-signer")
    kid = hashlib.sha256(signer).digest()[:8] if kid is None else kid
    protected = encode({label: version, 4: kid, 1: algorithm})
    told = {2: hashlib.sha256(content).digest(), 5: begins, 4: ends}
    payload = encode(told if claims is None else claims)
    signed = encode(["Signature1", protected, b"", payload])
    signature = raw_signature(key, signed, "PS256")
    return b"\xd2\x84" + b"".join(map(encode, (protected, {}, payload, signature)))


# CMS


def cms(
    content: bytes,
    *,
    key: Key | None = None,
    signer: bytes = SIGNER,
    issuer: bytes = ROOT_NAME,
    inside: Sequence[bytes] | None = None,
    signed_at: bytes = b"261118120000Z",
) -> bytes:
    """Write detached SignedData with signed attributes (RFC 5652)."""
    key = key or ec_key("list-signer")
    digest = seq(oid("608648016503040201"))
    data = oid("2a864886f70d010701")

    def attribute(kind: str, value: bytes) -> bytes:
        return seq(oid(kind), tlv(0x31, value))

    attributes = [
        attribute("2a864886f70d010903", data),
        attribute("2a864886f70d010904", tlv(0x04, hashlib.sha256(content).digest())),
    ]
    if signed_at:
        attributes.append(attribute("2a864886f70d010905", tlv(0x17, signed_at)))
    attributes.sort()
    info = seq(
        b"\x02\x01\x01",
        seq(issuer, b"\x02\x01\x05"),
        digest,
        tlv(0xA0, *attributes),
        algorithm_of(key),
        tlv(0x04, sign(key, tlv(0x31, *attributes))),
    )
    certificates = (signer,) if inside is None else inside
    return seq(
        oid("2a864886f70d010702"),
        tlv(
            0xA0,
            seq(
                b"\x02\x01\x01",
                tlv(0x31, digest),
                seq(data),
                *((tlv(0xA0, *certificates),) if certificates else ()),
                tlv(0x31, info),
            ),
        ),
    )


# The Netherlands


def dutch_key(key: Key, usage: Sequence[object] = (), **members: object) -> dict[str, object]:
    return {"subjectPk": b64(spki_of(key)), "keyUsage": list(usage), "ian": "NL", **members}


def dutch_list(keys: object, **how: Any) -> bytes:
    payload = json.dumps({"nl_keys": {}, "eu_keys": keys}).encode()
    return json.dumps({"payload": b64(payload), "signature": b64(cms(payload, **how))}).encode()


# The gateway


def gateway_entry(
    kind: str, der: bytes, country: str, signature: bytes, **members: object
) -> dict[str, object]:
    digest = hashlib.sha256(der).digest()
    return {
        "kid": b64(digest[:8]),
        "timestamp": "2026-11-18T12:00:00+01:00",
        "country": country,
        "certificateType": kind,
        "thumbprint": digest.hex(),
        "signature": b64(signature),
        "rawData": b64(der),
        **members,
    }
