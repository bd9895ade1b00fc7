"""DIVOC's credentials for tests: keys in memory, and what other libraries say of a signature."""

import base64
import io
import json
import zipfile
from functools import cache
from hashlib import sha256
from typing import Any

from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import eddsa, pss
from support.keys import LIST

from fixtures.divoc.graph import canonical, canonical_proof
from fixtures.divoc.issue import Signer, listed
from fixtures.keys import spki
from verifier.trust import TrustedKey

ZIP = b"PK\3\4"
HEADERS = {
    "RsaSignature2018": {"alg": "PS256", "b64": False, "crit": ["b64"]},
    "Ed25519Signature2018": {"alg": "EdDSA", "b64": False, "crit": ["b64"]},
}


@cache
def credential_keys() -> tuple[TrustedKey, ...]:
    """Give the keys of the specimen list, one for each issuer that a key is listed for."""
    return tuple(
        TrustedKey(
            kid=signer.label.encode(),
            spki=spki(signer.key),
            schemes=frozenset({"divoc"}),
            uses=frozenset(signer.uses),
            country="XS",
            name="",
            not_before=None,
            not_after=None,
            authenticated=True,
            list=LIST,
            issuer=issuer,
        )
        for signer in listed().values()
        for issuer in signer.issuers or ("",)
    )


def is_credential(scan: str | bytes) -> bool:
    """Tell whether a scan can be one of this family and of no other."""
    text = scan.decode("latin-1") if isinstance(scan, bytes) else scan
    is_object = text.lstrip().startswith("{") and '"proof"' in text
    return is_object or text.startswith((ZIP.decode(), "B64:", "b64:"))


def document_in(scan: str | bytes) -> Any:
    """Take a document out of a scan with the libraries of others. May raise anything."""
    if isinstance(scan, str) and scan.startswith(ZIP.decode()):
        scan = scan.encode("latin-1")
    if isinstance(scan, bytes) and scan.startswith(ZIP):
        try:
            return _in_zip(scan)
        except Exception:  # noqa: BLE001 - the other reading of such bytes
            return _in_zip(scan.decode().encode("latin-1"))
    text = scan.decode() if isinstance(scan, bytes) else scan
    if text[:4].upper() == "B64:":
        return _in_zip(base64.b64decode(text[4:]))
    return json.loads(text)


def _in_zip(data: bytes) -> Any:
    try:
        return _content(data)
    except Exception:  # noqa: BLE001 - Python refuses what claims to need a later reader
        # That claim is no part of the content.
        needed = bytearray(data)
        for place in (4, data.rindex(b"PK\1\2") + 6):
            needed[place : place + 2] = b"\x14\0"
        return _content(bytes(needed))


def _content(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("certificate.json"))


def really_signed(scan: str | bytes) -> bool:
    """Tell whether a specimen key signed a document, by other libraries than the verifier's."""
    try:
        document = document_in(scan)
        proof = document.pop("proof")
        head, middle, signature = (_url(part) for part in proof["jws"].split("."))
        usual = not middle and json.loads(head) == HEADERS[proof["type"]]
        hashes = [
            sha256(graph.encode()).digest()
            for graph in (canonical_proof(proof), canonical(document))
        ]
    except Exception:  # noqa: BLE001 - whatever it is, nobody signed it
        return False
    signed = proof["jws"].partition(".")[0].encode() + b"." + b"".join(hashes)
    return usual and any(
        signer.label == proof["verificationMethod"] and _holds(signer, signed, signature)
        for signer in listed().values()
    )


def _url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _holds(signer: Signer, signed: bytes, signature: bytes) -> bool:
    try:
        if isinstance(signer.key, RSA.RsaKey):
            pss.new(signer.key, salt_bytes=32).verify(SHA256.new(signed), signature)
        else:
            eddsa.new(signer.key.public_key(), "rfc8032").verify(signed, signature)
    except ValueError:
        return False
    return True
