"""Switzerland's list of DCC document signers: two kinds of JWS (dcc-trust-lists notes, 7).

One token names the ids in force, others hold the keys, a page each; a key counts only when it is in
both. The government's root signs much else, so the signer's name is pinned beside it. The tokens of
2021 have no date: they count as of their import.
"""

from typing import Any, Final

from trustlists.dcc import bare_record, kid_of, uses_of_letters
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, text_of
from trustlists.jws import begins_with, verify_token
from trustlists.public_keys import P256, NotAKey, from_modulus, from_point
from trustlists.records import (
    Ages,
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    Role,
    read_entries,
)
from trustlists.signers import named_by
from verifier.limits import LIST_RECORDS

_MILLISECONDS: Final = 1000
_TOO_OLD: Final = 7 * 86_400  # fresh for 48 hours, as a rule; the rest is for a desk off line
_YEAR: Final = 366 * 86_400


def _recognise(head: bytes) -> bool:
    return begins_with(head, b"activeKeyIds")


def _accompanies(data: bytes) -> bool:
    return begins_with(data, b"certs")


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify all tokens, then read. Raises ``TrustListInvalid``."""
    token = verify_token(data, reading)
    active = _active(token.members)
    entries: list[object] = []
    for companion in filter(_accompanies, reading.companions):
        page = verify_token(companion, reading)
        if page.anchor != token.anchor:
            raise invalid(Fault.SIGNER_NOT_FOR_LISTS)
        entries += _certs(page.members)
    if not entries:
        raise invalid(Fault.COMPANION_MISSING)
    if len(entries) > LIST_RECORDS:
        raise invalid(Fault.TOO_LARGE)
    records, refused = read_entries(entries, lambda entry: _record(entry, active), "key")
    given = {text_of(entry, "keyId") for entry in entries}
    missing = [RefusedEntry(f"id {kid}", Refusal.KEY_MISSING) for kid in sorted(active - given)]
    return ParsedList(
        named_by(token.anchor, "dcc-ch"),
        [record._replace(anchor=token.anchor) for record in records],
        refused + missing,
        environment=token.anchor.environment,
        anchor=token.anchor,
        dated=token.issued,
        sequence=token.issued,
        expires=token.expires,
        ages=_ages(token.members),
    )


def _active(members: dict[str, Any]) -> frozenset[str]:
    ids = members.get("activeKeyIds")
    if not isinstance(ids, list) or len(ids) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    if not all(isinstance(kid_of(text), bytes) for text in ids):
        raise invalid(Fault.MALFORMED)
    return frozenset(ids)


def _certs(members: dict[str, Any]) -> list[object]:
    certs = members.get("certs")
    if not isinstance(certs, list):
        raise invalid(Fault.MALFORMED)
    return certs


def _ages(members: dict[str, Any]) -> Ages:
    """Read for how long the list is fresh (milliseconds)."""
    duration = members.get("validDuration")
    if type(duration) is not int or not 0 < duration <= _YEAR * _MILLISECONDS:
        raise invalid(Fault.MALFORMED)
    fresh = duration // _MILLISECONDS
    return Ages(fresh, max(fresh, _TOO_OLD))


def _record(entry: object, active: frozenset[str]) -> KeyRecord | Refusal:
    text = text_of(entry, "keyId")
    kid = kid_of(text)
    if not isinstance(entry, dict) or isinstance(kid, Refusal):
        return Refusal.KID_UNREADABLE if isinstance(entry, dict) else Refusal.MALFORMED
    if text not in active:
        return Refusal.NOT_ACTIVE
    try:
        spki = _spki(entry)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    if spki is None:
        return Refusal.KEY_KIND_UNKNOWN
    use = text_of(entry, "use")
    uses = uses_of_letters(use)
    record = bare_record(kid, spki, anchor=None, uses=uses)
    if uses or use == "sig":
        return record
    # Such as "l": certificates light, which are valid in Switzerland alone and no DCC.
    return record._replace(role=Role.OTHER, schemes=frozenset())


def _spki(entry: dict[str, Any]) -> bytes | None:
    """Write the key as SubjectPublicKeyInfo; numbers may have leading zeros, or lack them."""
    n, e, x, y = (from_base64(text_of(entry, name)) for name in ("n", "e", "x", "y"))
    kind = text_of(entry, "alg")
    if kind == "RS256":  # here this only means RSA: documents are signed with PS256
        return from_modulus(n, e)
    if kind != "ES256" or text_of(entry, "crv") != P256.name:
        return None
    point = (number.lstrip(b"\0").rjust(P256.size, b"\0") for number in (x, y))
    return from_point(P256, *point)


DIALECT: Final = Dialect(
    ("dcc", "dcc_national", "dcc_switzerland"), _recognise, _read, companion=_accompanies
)
