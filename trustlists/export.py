"""Writing the keys of a store for other software: PEM, JWK set, or JSON with all that is known.

What is written depends on the store and the choice alone, byte for byte. PEM and JWK sets hold
signers only, because both forms say nothing of what a key is for, and an authority's key that comes
back as a signer's would verify documents. Neither carries who vouches: that is asked again of the
anchors when the file is imported. To carry trust to another desk, see ``trustlists.airgap``.
"""

import json
from base64 import b64encode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from trustlists.jwk import TEXT_IDS
from trustlists.public_keys import NotAKey, modulus_of, point_of
from trustlists.records import Level, Role
from trustlists.store import StoredKey, StoredList, TrustStore
from verifier.clock import Instant
from verifier.codecs.x509 import NotACertificate, read_certificate
from verifier.countries import alpha_2
from verifier.errors import SetupError

SCHEMA: Final = "pratique.trust_export/1"

_PEM_LINE: Final = 64  # RFC 7468, 2

# The curves that JSON Web Keys have a name for (RFC 7518, 6.2.1.1; RFC 8812, 3.1).
_CURVES: Final = frozenset({"P-256", "P-384", "P-521", "secp256k1"})


class Form(StrEnum):
    """How keys are written. ``PEM`` and ``JWKS`` can be imported again; ``JSON`` is for reading."""

    PEM = "pem"
    JWKS = "jwks"
    JSON = "json"


class LeftOut(StrEnum):
    """Why a key that was asked for is not in the export."""

    NOT_A_SIGNER = "not_a_signer"
    NO_CERTIFICATE = "no_certificate"
    OTHER_KID = "other_kid"
    KIND_HAS_NO_NAME = "kind_has_no_name"


LEFT_OUT_WORDS: Final[Mapping[LeftOut, str]] = {
    LeftOut.NOT_A_SIGNER: "the key signs no documents",
    LeftOut.NO_CERTIFICATE: "the key has no certificate, and PEM gives it no id; JWKS does",
    LeftOut.OTHER_KID: "the key id is not that of the certificate, and PEM has no other; JWKS does",
    LeftOut.KIND_HAS_NO_NAME: "JSON Web Keys have no name for this kind of key",
}


class Export(NamedTuple):
    """What was written: the text (ASCII), how many keys are in it, and how many are not and why."""

    form: Form
    text: str
    keys: int
    left_out: Mapping[LeftOut, int]


def export_keys(  # noqa: PLR0913 - one argument a choice of the operator
    store: TrustStore,
    form: Form | str,
    *,
    country: str | None = None,
    list_name: str | None = None,
    scheme: str | None = None,
    vouched: bool = False,
) -> Export:
    """Write the keys of a store, or those of a country, a list, a scheme.

    ``vouched`` leaves out what no anchor vouches for. Raises ``SetupError`` for a country or form
    that is none, and for a list that the store does not have.
    """
    if form not in list(Form):
        message = f"Keys cannot be written in that form.\nThose known are: {', '.join(Form)}."
        raise SetupError(message)
    if country and not alpha_2(country):
        message = "A country has two or three letters.\nSuch as DE or DEU."
        raise SetupError(message)
    lists = [each for each in store.lists() if list_name in {None, each.name}]
    if list_name is not None and not lists:
        message = "There is no list of that name in the store.\nSee: pratique trust list"
        raise SetupError(message)
    wanted = alpha_2(country) if country else None
    chosen = [
        stored
        for stored in store.keys(country=wanted, list_name=list_name)
        if (scheme is None or scheme in stored.key.schemes)
        and (stored.key.authenticated or not vouched)
    ]
    return _WRITERS[Form(form)](sorted(chosen, key=_order), lists)


def _order(stored: StoredKey) -> tuple[str, bytes, str, bytes, str, str]:
    """Put keys into an order that does not depend on when they came into the store."""
    key = stored.key
    return key.country, key.kid, key.list.name, key.spki, stored.role, key.issuer


def _as_pem(keys: Sequence[StoredKey], _: Sequence[StoredList]) -> Export:
    """Write each certificate once, in the order of country and id (RFC 7468, 5)."""
    blocks: dict[bytes, str] = {}
    left_out: Counter[LeftOut] = Counter()
    for stored in keys:
        reason = _unfit_for_pem(stored)
        certificate = stored.certificate or b""
        if reason:
            left_out[reason] += 1
        else:
            blocks[certificate] = _pem(certificate)
    return Export(Form.PEM, "".join(blocks.values()), len(blocks), left_out)


def _unfit_for_pem(stored: StoredKey) -> LeftOut | None:
    if stored.role != Role.SIGNER:
        return LeftOut.NOT_A_SIGNER
    if not stored.certificate:
        return LeftOut.NO_CERTIFICATE
    return None if _is_own_kid(stored) else LeftOut.OTHER_KID


def _is_own_kid(stored: StoredKey) -> bool:
    """Tell whether an import of the certificate alone would give the key the id that it has."""
    try:
        return read_certificate(stored.certificate or b"").kid == stored.key.kid
    except NotACertificate:
        return False


def _pem(certificate: bytes) -> str:
    text = b64encode(certificate).decode()
    lines = [text[at : at + _PEM_LINE] for at in range(0, len(text), _PEM_LINE)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def _as_jwks(keys: Sequence[StoredKey], _: Sequence[StoredList]) -> Export:
    """Write each key once as RFC 7517 and 7518 demand, with its certificate where that fits."""
    written: dict[str, dict[str, Any]] = {}
    left_out: Counter[LeftOut] = Counter()
    for stored in keys:
        numbers = _numbers(stored.key.spki)
        if stored.role != Role.SIGNER:
            left_out[LeftOut.NOT_A_SIGNER] += 1
        elif numbers is None:
            left_out[LeftOut.KIND_HAS_NO_NAME] += 1
        else:
            jwk = {**numbers, "kid": _kid(stored), "use": "sig", **_chain(stored)}
            written[_json(jwk)] = jwk
    text = _json({"keys": list(written.values())}) + "\n"
    return Export(Form.JWKS, text, len(written), left_out)


def _numbers(spki: bytes) -> dict[str, str] | None:
    """Give the members that hold the key (RFC 7518, 6.2.1, 6.3.1), None for what has no name."""
    try:
        point, modulus = point_of(spki), modulus_of(spki)
    except NotAKey:
        return None
    if point and point[0].name in _CURVES:
        curve, x, y = point
        return {"kty": "EC", "crv": curve.name, "x": _base64url(x), "y": _base64url(y)}
    if modulus:
        n, e = modulus
        return {"kty": "RSA", "n": _base64url(n), "e": _base64url(e)}
    return None


def _kid(stored: StoredKey) -> str:
    """Write the key id as the documents of the scheme do: as text, or as base64 of bytes."""
    kid = stored.key.kid
    if stored.key.schemes & TEXT_IDS:
        return kid.decode("utf-8", "replace")
    return b64encode(kid).decode()


def _chain(stored: StoredKey) -> dict[str, list[str]]:
    """Give the certificate, unless readers would take its own id for that of the key."""
    fits = bool(stored.key.schemes & TEXT_IDS) or _is_own_kid(stored)
    certificate = stored.certificate if fits else None
    return {"x5c": [b64encode(certificate).decode()]} if certificate else {}


def _as_json(keys: Sequence[StoredKey], lists: Sequence[StoredList]) -> Export:
    """Write everything that the store knows, of all kinds of keys; no instant of an import."""
    held = {stored.key.list.name for stored in keys}
    members = {
        "schema": SCHEMA,
        "lists": [_list_members(each) for each in lists if each.name in held],
        "keys": [_key_members(stored) for stored in keys],
    }
    return Export(Form.JSON, _json(members) + "\n", len(keys), {})


def _list_members(each: StoredList) -> dict[str, Any]:
    return {
        "name": each.name,
        "dialect": each.dialect,
        "environment": each.environment.value,
        "as_of": _instant(each.as_of) if each.anchor else None,
        "sha256": each.digest.hex(),
        "sequence": each.sequence,
        "anchor": each.anchor or None,
        "anchor_sha256": each.anchor_fingerprint.hex() or None,
        "stale_after": each.stale_after,
        "too_old_after": each.too_old_after,
    }


def _key_members(stored: StoredKey) -> dict[str, Any]:
    key = stored.key
    return {
        "list": key.list.name,
        "country": key.country or None,
        "kid": b64encode(key.kid).decode(),
        "role": stored.role,
        "schemes": sorted(key.schemes),
        "uses": sorted(key.uses),
        "issuer": key.issuer or None,
        "name": key.name or None,
        "not_before": _instant(key.not_before),
        "not_after": _instant(key.not_after),
        "vouched": Level(stored.level).name.lower(),
        "anchor": stored.anchor or None,
        "anchor_sha256": stored.anchor_fingerprint.hex() or None,
        "vouched_until": _instant(stored.vouched_until),
        "spki": b64encode(key.spki).decode(),
        "certificate": b64encode(stored.certificate).decode() if stored.certificate else None,
    }


def _instant(instant: Instant | None) -> str | None:
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _json(members: dict[str, Any]) -> str:
    return json.dumps(members, separators=(",", ":"), sort_keys=True)


_WRITERS: Final[Mapping[Form, Callable[[Sequence[StoredKey], Sequence[StoredList]], Export]]] = {
    Form.PEM: _as_pem,
    Form.JWKS: _as_jwks,
    Form.JSON: _as_json,
}
