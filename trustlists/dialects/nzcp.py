"""The issuers of NZ COVID Passes: a did:web document (NZCP notes, 6).

Nobody signs such a document: each key needs an anchor that is this very key. Only keys that the
document names for assertions count, and a document that holds a private key is refused whole. It is
never fetched here.
"""

import re
from collections import Counter
from typing import Any, Final

from trustlists.anchors import vouching_for_key
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64url, read_object, text_of
from trustlists.public_keys import P256, NotAKey, from_coordinates
from trustlists.records import Dialect, KeyRecord, ParsedList, Reading, Refusal, read_entries
from verifier.limits import KID_BYTES, LIST_RECORDS

_NAME: Final = "nzcp"
_PASSES: Final = frozenset({"nz-covid-pass"})
_COUNTRY: Final = "NZ"
_METHOD: Final = "did:web:"

# did:web, 3.1: a host, perhaps with an escaped port, and then perhaps parts of a path.
_DID: Final = re.compile(r"did:web:[A-Za-z0-9.%-]{1,253}(:[A-Za-z0-9._%-]{1,80}){0,8}", re.ASCII)


def _recognise(head: bytes) -> bool:
    return (
        head.lstrip(b" \t\r\n").startswith(b"{")
        and b'"assertionMethod"' in head
        and b'"verificationMethod"' in head
        and _METHOD.encode() in head
    )


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read the keys. Raises ``TrustListInvalid`` for what is no such document, or has a secret."""
    document = read_object(data)
    issuer = text_of(document, "id")
    methods = _entries(document, "verificationMethod")
    asserting = _entries(document, "assertionMethod")
    if not _DID.fullmatch(issuer):
        raise invalid(Fault.MALFORMED)
    if any(_has_secret(each) for each in (*methods, *asserting)):
        raise invalid(Fault.PRIVATE_KEY)
    ids = Counter(text_of(method, "id") for method in methods)
    named = {each if isinstance(each, str) else text_of(each, "id") for each in asserting}
    usable = {reference for reference, number in ids.items() if number == 1} & named

    def record(method: object) -> KeyRecord | Refusal:
        if ids[text_of(method, "id")] > 1:
            return Refusal.MALFORMED  # nobody can tell which of them is meant
        return _record(method, issuer, usable, reading)

    records, refused = read_entries(methods, record, "key")
    vouched = [found.anchor.environment for found in records if found.anchor]
    environment = next((each for each in vouched if each), None)
    name = f"{_NAME}:{issuer.removeprefix(_METHOD)}"
    return ParsedList(name, records, refused, environment=environment)


def _record(method: object, issuer: str, usable: set[str], reading: Reading) -> KeyRecord | Refusal:
    """Read a key, whose id in passes is what follows the mark in its name."""
    reference = text_of(method, "id")
    kid = reference.removeprefix(f"{issuer}#").encode("utf-8", "replace")
    right = reference.startswith(f"{issuer}#") and text_of(method, "controller") == issuer
    if not right or text_of(method, "type") != "JsonWebKey2020":
        return Refusal.MALFORMED
    if reference not in usable:
        return Refusal.NOT_A_SIGNER
    if not 0 < len(kid) <= KID_BYTES:
        return Refusal.KID_UNREADABLE
    spki = _key(method)
    if isinstance(spki, Refusal):
        return spki
    return KeyRecord(
        kid=kid,
        spki=spki,
        certificate=None,
        schemes=_PASSES,
        uses=frozenset(),
        country=_COUNTRY,
        name="",
        not_before=None,
        not_after=None,
        anchor=vouching_for_key(spki, reading.anchors),
        issuer=issuer,
    )


def _key(method: object) -> bytes | Refusal:
    jwk = _jwk_of(method)
    if [text_of(jwk, member) for member in ("kty", "crv")] != ["EC", P256.name]:
        return Refusal.KEY_KIND_UNKNOWN
    x, y = (from_base64url(text_of(jwk, member)) for member in ("x", "y"))
    try:
        spki = from_coordinates(x, y)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    return spki if len(x) == len(y) == P256.size else Refusal.KEY_UNREADABLE


def _has_secret(method: object) -> bool:
    return "d" in _jwk_of(method)


def _jwk_of(method: object) -> dict[str, Any]:
    jwk = method.get("publicKeyJwk") if isinstance(method, dict) else None
    return jwk if isinstance(jwk, dict) else {}


def _entries(document: dict[str, Any], member: str) -> list[object]:
    found = document.get(member)
    if not isinstance(found, list) or len(found) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    return found


DIALECT: Final = Dialect((_NAME,), _recognise, _read)
