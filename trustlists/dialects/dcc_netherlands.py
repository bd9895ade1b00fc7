"""The Netherlands' list of DCC document signers: JSON in JSON, signed with CMS (notes, 6).

Keys are bare, several may share an id, and ids are of any length. Behind the issuer NL stand
territories of their own; a key's ``san`` names its territory, which is kept as its name. No root is
pinned, because none was published where it could be checked: give the signer's certificate, or the
authority above it, with ``--anchor``. What is signed may also come bare, with ``--unsigned``.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.dcc import bare_record, kid_of, uses_of_letters
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_object, text_of
from trustlists.public_keys import NotAKey, canonical
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    Role,
    read_entries,
)
from trustlists.signers import demand_cms_signer, named_by
from trustlists.unsigned import demand_wanted
from verifier.clock import Instant
from verifier.limits import LIST_RECORDS

_WRAPPED: Final = re.compile(rb'\s*\{[^{}]*?"payload"\s*:\s*"([A-Za-z0-9+/]+)')
_BARE: Final = re.compile(rb'\s*\{\s*"(?:eu|nl)_keys"\s*:')
_INSIDE: Final = re.compile(rb'"(?:eu|nl)_keys"')
_MEMBERS: Final = frozenset({"payload", "signature"})
_TERRITORY: Final = re.compile(r"[A-Z]{2,3}")


class _Payload(NamedTuple):
    """The JSON inside, the anchor that has signed it, if any, and when."""

    members: dict[str, Any]
    anchor: Anchor | None
    signed_at: Instant | None


def _recognise(head: bytes) -> bool:
    if _BARE.match(head):
        return True
    match = _WRAPPED.match(head)
    if match is None:
        return False
    encoded = match[1][: len(match[1]) // 4 * 4]
    return _INSIDE.search(from_base64(encoded.decode("ascii"))) is not None


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid``."""
    payload = _payload(data, reading)
    entries = list(_entries(payload.members.get("eu_keys")))
    if len(entries) > LIST_RECORDS:
        raise invalid(Fault.TOO_LARGE)
    anchor = payload.anchor
    records, refused = read_entries(entries, lambda entry: _record(*entry, anchor), "key")
    return ParsedList(
        named_by(anchor, "dcc-nl") if anchor else f"dcc-nl-unsigned:{reading.label}",
        records,
        refused,
        environment=anchor.environment if anchor else None,
        anchor=anchor,
        dated=payload.signed_at,
        sequence=payload.signed_at,
    )


def _payload(data: bytes, reading: Reading) -> _Payload:
    members = read_object(data)
    if members.keys().isdisjoint(_MEMBERS):
        demand_wanted(reading)
        return _Payload(members, None, None)
    if members.keys() - _MEMBERS:
        raise invalid(Fault.MEMBER_UNKNOWN)
    content, signature = (_decoded(text_of(members, name)) for name in ("payload", "signature"))
    anchor, signed_at = demand_cms_signer(signature, content, reading)
    return _Payload(read_object(content), anchor, signed_at)


def _decoded(text: str) -> bytes:
    """Decode base64 in its only spelling. Raises ``TrustListInvalid``."""
    found = from_base64(text)
    if not found or b64encode(found).decode("ascii") != text:
        raise invalid(Fault.MALFORMED)
    return found


def _entries(keys: object) -> Iterator[tuple[str, object]]:
    """Give each key with its id."""
    if not isinstance(keys, dict):
        raise invalid(Fault.MALFORMED)
    for kid, held in keys.items():
        if not isinstance(held, list):
            raise invalid(Fault.MALFORMED)
        yield from ((kid, entry) for entry in held)


def _record(text: str, entry: object, anchor: Anchor | None) -> KeyRecord | Refusal:
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    kid = kid_of(text)
    letters = entry.get("keyUsage")
    if isinstance(kid, Refusal) or not isinstance(letters, list):
        return kid if isinstance(kid, Refusal) else Refusal.MALFORMED
    try:
        spki = canonical(from_base64(text_of(entry, "subjectPk")))
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    territory = _TERRITORY.fullmatch(text_of(entry, "san"))
    uses = uses_of_letters(letter for letter in letters if isinstance(letter, str))
    record = bare_record(
        kid,
        spki,
        anchor=anchor,
        uses=uses,
        country=text_of(entry, "ian"),
        name=territory[0] if territory else "",
    )
    if uses or not letters:
        return record
    # Uses are named, and none of them is one of a health certificate.
    return record._replace(role=Role.OTHER, schemes=frozenset())


DIALECT: Final = Dialect(("dcc", "dcc_national", "dcc_netherlands"), _recognise, _read)
