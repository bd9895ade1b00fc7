"""Snapshots of a directory of health card issuers, made by hand and signed by pycryptodome."""

import hashlib
import json
from collections.abc import Sequence

from Crypto.PublicKey import ECC
from support.certificates import b64url, ec_key, jwk, sign

SIGNER = ec_key("directory", "P-521")
TIME = "2026-08-22T04:43:50Z"
INSTANT = 1_787_373_830
ISS = "https://health.example.test/cards"


def hashed(members: dict[str, object]) -> str:
    """Give the hash that names a key (RFC 7638)."""
    text = json.dumps({name: members[name] for name in ("crv", "kty", "x", "y")})
    return b64url(hashlib.sha256(text.replace(" ", "").encode()).digest())


def card_key(key: ECC.EccKey, **members: object) -> dict[str, object]:
    """Write a key as issuers do, its members replaced; its id is the hash of what is left."""
    written = {**jwk(key), "use": "sig", "alg": "ES256", **members}
    return {**written, "kid": members.get("kid", hashed(written))}


def issuer(
    *keys: object, iss: object = ISS, name: object = "Specimen Health", **members: object
) -> dict[str, object]:
    """Write the entry of an issuer."""
    written = {"issuer": {"iss": iss, "name": name}, "keys": list(keys), "lastRetrieved": TIME}
    return {**written, **members}


def snapshot(*issuers: object, time: object = TIME, **members: object) -> bytes:
    found = {"directory": "https://directory.example.test", "time": time, "issuerInfo": issuers}
    return json.dumps({**found, **members}, indent=4).encode()


def signature(data: bytes, key: ECC.EccKey = SIGNER) -> bytes:
    return sign(key, data, "sha512")


def issuers_file(*addresses: str) -> bytes:
    listed = [{"iss": iss, "name": "Specimen"} for iss in addresses]
    return json.dumps({"participating_issuers": listed}).encode()


def metadata_file(**countries: Sequence[str]) -> bytes:
    """Write the file that describes issuers; a name stands for the address of the same host."""
    described = [
        {
            "canonical_iss": f"https://{host}.example.test/cards",
            "locations": [{"country": country} for country in found],
        }
        for host, found in countries.items()
    ]
    return json.dumps({"issuer_metadata": described}).encode()
