"""Whether JSON Web Keys are written as RFC 7518 demands, as they stand in the files of a source."""

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from trustlists.checking.codes import Code, Finding
from trustlists.json_text import from_either_base64, read_object, text_of
from trustlists.public_keys import CURVES
from trustlists.sources import read_source
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import KID_BYTES

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


class JwkProblem(StrEnum):
    """How a JSON Web Key departs from RFC 7518. The words are for people."""

    KIND = "kind of key"
    CURVE = "name of the curve"
    MISSING = "a number is missing"
    PADDING = "padding"
    ALPHABET = "not base64url"
    LENGTH = "length of a coordinate"
    LEADING_ZERO = "leading zero"


def conforms(jwk: Mapping[str, Any]) -> list[JwkProblem]:
    """Tell how a public JSON Web Key departs from RFC 7518, 6.2.1 and 6.3.1; empty for a good one.

    Coordinates have the full size of their curve, numbers of RSA as few octets as possible, and
    both are base64url without padding (RFC 7515, 2).
    """
    kind = jwk.get("kty")
    if kind == "OKP":  # RFC 8037 has its own rules; no list here uses it
        return []
    if kind not in ("EC", "RSA"):  # a set would have to hash it
        return [JwkProblem.KIND]
    found: list[JwkProblem] = []
    curve = next((curve for curve in CURVES if curve.name == jwk.get("crv")), None)
    if kind == "EC" and curve is None:
        found.append(JwkProblem.CURVE)
    for name in ("x", "y") if kind == "EC" else ("n", "e"):
        text = jwk.get(name)
        if not isinstance(text, str) or not text:
            found.append(JwkProblem.MISSING)
            continue
        if text.endswith("="):
            found.append(JwkProblem.PADDING)
        if not _BASE64URL.fullmatch(text.rstrip("=")):
            found.append(JwkProblem.ALPHABET)
        number = from_either_base64(text)
        if kind == "RSA" and number[:1] == b"\0":
            found.append(JwkProblem.LEADING_ZERO)
        if kind == "EC" and curve and len(number) != curve.size:
            found.append(JwkProblem.LENGTH)
    return list(dict.fromkeys(found))


def jwk_findings(source: str | os.PathLike[str]) -> Iterator[Finding]:
    """Look at the JSON Web Keys as they are written in the files of a source.

    They stand in ``keys`` of a JWK set (RFC 7517, 5), in ``publicKeyJwk`` of the entries of a DID
    document (gdhcn-trust notes, 3), or in ``keys`` of each issuer of the VCI directory
    (smart-health-cards notes, 10.4), whose key ids are text. What is no such file has none.
    """
    try:
        files = list(read_source(os.fspath(source)))
    except SetupError:  # a finding already
        return
    for file in files:
        document = _document(file.data or b"")
        text_ids = "issuerInfo" in document
        for place, jwk in _jwks_of(document):
            problems = conforms(jwk)
            if problems:
                text = text_of(jwk, "kid")
                kid = text.encode("utf-8", "replace") if text_ids else from_either_base64(text)
                entry = b64encode(kid).decode() if 0 < len(kid) <= KID_BYTES else f"key {place}"
                words = ", ".join(problems)
                yield Finding(Code.JWK_NOT_CONFORMING, file.name, "", entry, detail=words)


def _document(data: bytes) -> dict[str, Any]:
    """Read a file as JSON; empty when it is none."""
    if not data.lstrip().startswith(b"{"):
        return {}
    try:
        return read_object(data)
    except TrustListInvalid:
        return {}


def _jwks_of(document: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Find the keys of a document, each with its place, counted from 1."""
    methods, issuers = _list(document, "verificationMethod"), _list(document, "issuerInfo")
    found = [
        *_list(document, "keys"),
        *(each.get("publicKeyJwk") for each in methods if isinstance(each, dict)),
        *(jwk for each in issuers for jwk in _list(each, "keys")),
    ]
    return ((place, jwk) for place, jwk in enumerate(found, 1) if isinstance(jwk, dict))


def _list(entry: object, member: str) -> list[Any]:
    found = entry.get(member) if isinstance(entry, dict) else None
    return found if isinstance(found, list) else []
