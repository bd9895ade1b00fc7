"""Sweden's list of DCC document signers: one JWS, keys by country (dcc-trust-lists notes, 5).

The certificate of a key is the norm; the numbers and purposes beside it are conveniences. A key may
stand under several countries and counts for each of them, whatever its certificate says. No root is
pinned, because none was published where it could be checked: it has to come with ``--anchor``.
"""

from collections.abc import Iterator
from typing import Final

from trustlists.dcc import SCHEMES, kid_of
from trustlists.faults import Fault, invalid
from trustlists.json_text import text_of
from trustlists.jwk import certificates_of
from trustlists.jws import begins_with, verify_token
from trustlists.public_keys import kind_of
from trustlists.records import (
    Ages,
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_entries,
    record_of,
)
from trustlists.signers import named_by
from verifier.codecs.x509 import uses_of
from verifier.countries import alpha_2
from verifier.limits import LIST_RECORDS

_AGES: Final = Ages(stale=2 * 86_400, too_old=7 * 86_400)  # its own end comes first, as a rule

# The example of the specification has a key of this kind, with which no document can be signed.
_UNUSABLE: Final = frozenset({"P-521"})

# A key, the country it stands under, and the purposes of that country's keys.
_Entry = tuple[str, object, object]


def _recognise(head: bytes) -> bool:
    return begins_with(head, b"dsc_trust_list")


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid``."""
    token = verify_token(data, reading)
    if token.issued is None or token.expires is None:
        raise invalid(Fault.MALFORMED)
    entries = list(_entries(token.members.get("dsc_trust_list")))
    if len(entries) > LIST_RECORDS:
        raise invalid(Fault.TOO_LARGE)
    records, refused = read_entries(entries, _record, "key")
    return ParsedList(
        named_by(token.anchor, "dcc-se"),
        [record._replace(anchor=token.anchor) for record in records],
        refused,
        environment=token.anchor.environment,
        anchor=token.anchor,
        dated=token.issued,
        sequence=token.issued,
        expires=token.expires,
    )


def _entries(countries: object) -> Iterator[_Entry]:
    if not isinstance(countries, dict):
        raise invalid(Fault.MALFORMED)
    for country, held in countries.items():
        keys = held.get("keys", []) if isinstance(held, dict) else None
        if not isinstance(keys, list):
            raise invalid(Fault.MALFORMED)
        yield from ((country, key, held.get("eku")) for key in keys)


def _record(entry: _Entry) -> KeyRecord | Refusal:
    country, jwk, purposes = entry
    if not isinstance(jwk, dict):
        return Refusal.MALFORMED
    chain = certificates_of(jwk)
    if isinstance(chain, Refusal):
        return chain
    kid = kid_of(jwk.get("kid"))
    if kid != chain[0].facts.kid:
        return kid if isinstance(kid, Refusal) else Refusal.KID_DIFFERS
    if kind_of(chain[0].spki) in _UNUSABLE:
        return Refusal.KEY_KIND_UNKNOWN
    record = record_of(chain[0], schemes=SCHEMES, country=country, anchor=None)
    uses = record.uses or _uses(purposes, text_of(jwk, "kid"))
    return record._replace(country=alpha_2(country) or record.country, uses=uses)


def _uses(purposes: object, kid: str) -> frozenset[str]:
    """Read what the list says of a key whose certificate names no purpose; it may say nothing."""
    named = purposes.get(kid) if isinstance(purposes, dict) else None
    texts = named if isinstance(named, list) else []
    return uses_of(text for text in texts if isinstance(text, str))


DIALECT: Final = Dialect(("dcc", "dcc_national", "dcc_sweden"), _recognise, _read, ages=_AGES)
