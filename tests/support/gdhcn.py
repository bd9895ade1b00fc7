"""Lists of the WHO trust network for tests, signed by keys made here."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from support.certificates import b64, b64url, certificate, ec_key, name, sign, spki_of

from trustlists.anchors import Anchor
from trustlists.gdhcn_document import read_document
from trustlists.gdhcn_proof import document_hash, proof_hash
from verifier.trust import Environment

HEADER = {"b64": False, "crit": ["b64"], "alg": "ES256"}
CREATED = "2026-11-01T00:00:00Z"
DAY = 1_793_491_200

Change = Callable[[dict[str, Any]], object]


def signer(environment: Environment | None = Environment.PRODUCTION, key: str = "who") -> Anchor:
    return Anchor(f"gdhcn-{key}", spki_of(ec_key(key)), b"f", None, "gdhcn", environment)


AUTHORITY = name(country="DE", common="SCA of nobody")


def authority(key: str = "sca", subject: bytes = AUTHORITY) -> bytes:
    return certificate(ec_key(key), subject=subject, issuer=subject)


def document_signer(key: str, signed_by: str = "sca", issuer: bytes = AUTHORITY) -> bytes:
    subject = name(country="DE", common="DSC of nobody")
    return certificate(ec_key(key), signer=ec_key(signed_by), subject=subject, issuer=issuer)


def entry(
    der: bytes,
    participant: str = "DEU",
    usage: str = "DSC",
    *,
    host: str = "tng-cdn.who.int",
    kid: str | None = None,
) -> dict[str, Any]:
    kid = b64(hashlib.sha256(der).digest()[:8]) if kid is None else kid
    level = "SCA" if usage == "CSCA" else usage
    return {
        "id": f"did:web:{host}:v2:trustlist:DCC:{participant}:{level}#{kid}",
        "type": "JsonWebKey2020",
        "controller": f"did:web:{host}:v2:trustlist",
        "publicKeyJwk": {"kty": "EC", "kid": kid, "x5c": [b64(der)], "crv": "UNKNOWN CURVE"},
        "domain": {"code": "#DCC"},
        "participant": {"code": f"#{participant}"},
        "keyusage": {"code": f"#{usage}"},
    }


def old_entry(der: bytes, participant: str = "deu") -> dict[str, Any]:
    """An entry of version 1."""
    kid = b64(hashlib.sha256(der).digest()[:8])
    return {
        "id": f"did:web:tng-cdn.who.int:trustlist:{participant}#{kid}",
        "type": "JsonWebKey2020",
        "controller": f"did:web:tng-cdn.who.int:trustlist:{participant}",
        "publicKeyJwk": {"kty": "EC", "x5c": [b64(der)]},
    }


def unsigned(
    *entries: dict[str, Any] | str, ending: str = "", version: int = 2, created: str = CREATED
) -> dict[str, Any]:
    host = f"tng-cdn{ending.lower()}.who.int"
    root = f"did:web:{host}:" + ("v2:trustlist" if version > 1 else "trustlist")
    context = [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/suites/jws-2020/v1",
        f"https://smart.who.int/trust/tng-context/v1{ending}.jsonld",
    ]
    environment = {"": "prod", "-UAT": "uat", "-DEV": "dev"}[ending]
    who = f"WorldHealthOrganization:tng-participants-{environment}:main:WHO:signing:DID"
    return {
        "@context": context[: version + 1],
        "id": root,
        "controller": root,
        "verificationMethod": list(entries),
        "proof": {
            "type": "JsonWebSignature2020",
            "created": created,
            "nonce": 'no"nce',
            "proofPurpose": "assertionMethod",
            "verificationMethod": f"did:web:raw.githubusercontent.com:{who}",
            "jws": "e30..AAAA",
        },
    }


def signed(
    document: dict[str, Any],
    key: str = "who",
    *,
    header: dict[str, Any] = HEADER,
    raw: bool = False,
    change: Change | None = None,
) -> bytes:
    """Sign a document as it is, and change it afterwards."""
    read = read_document(json.dumps(document).encode())
    protected = b64url(json.dumps(header).encode())
    data = f"{protected}.".encode() + proof_hash(read) + document_hash(read)
    signature = sign(ec_key(key), data)
    if raw:
        signature = _raw(signature)
    document["proof"]["jws"] = f"{protected}..{b64url(signature)}"
    if change:
        change(document)
    return json.dumps(document).encode()


def _raw(signature: bytes) -> bytes:
    numbers, at = [], 2
    for _ in range(2):
        size = signature[at + 1]
        numbers.append(int.from_bytes(signature[at + 2 : at + 2 + size], "big"))
        at += 2 + size
    return b"".join(number.to_bytes(32, "big") for number in numbers)
