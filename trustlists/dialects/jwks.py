"""JSON Web Key sets (RFC 7517, 5). A member that does not conform is refused, the set is not.

Nothing signs a set as a whole: each key needs an anchor of its own. Nor does anybody speak for a
health card key under an id that is not its hash, or whose certificate names another issuer than the
operator (SHC notes, 7.1 and 10.4).
"""

from typing import Any, Final

from trustlists.anchors import vouching
from trustlists.bare_keys import bare_record
from trustlists.card_keys import SCHEME as HEALTH_CARDS
from trustlists.card_keys import names_issuer, read_card_key
from trustlists.json_text import read_object
from trustlists.jwk import TEXT_IDS, certificates_of, kid_of, spki_of
from trustlists.public_keys import NotAKey
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_entries,
    record_of,
)
from verifier.errors import TrustListInvalid
from verifier.limits import LIST_RECORDS

_WHITE_SPACE: Final = b" \t\r\n"


def _recognise(head: bytes) -> bool:
    return head.lstrip(_WHITE_SPACE).startswith(b"{") and b'"keys"' in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every key of the set. Raises ``TrustListInvalid`` when it is no set."""
    entries = read_object(data).get("keys")
    if not isinstance(entries, list) or len(entries) > LIST_RECORDS:
        message = "The list is no JWK set.\nFetch it again, or name its dialect with --from."
        raise TrustListInvalid(message)
    records, refused = read_entries(entries, lambda entry: _record(entry, reading), "key")
    return ParsedList(f"jwks:{reading.label}", records, refused)


def _record(entry: object, reading: Reading) -> KeyRecord | Refusal:
    if reading.scheme == HEALTH_CARDS:
        return _card_record(entry, reading)
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    if "d" in entry:
        return Refusal.PRIVATE_KEY
    if entry.get("use", "sig") != "sig":
        return Refusal.NOT_A_SIGNER
    return _certified(entry, reading) if "x5c" in entry else _bare(entry, reading)


def _bare(entry: dict[str, Any], reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a key that has no certificate."""
    try:
        spki = spki_of(entry)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    kid = kid_of(entry, reading.scheme)
    if spki is None or isinstance(kid, Refusal):
        return Refusal.KEY_KIND_UNKNOWN if isinstance(kid, bytes) else kid
    return bare_record(kid, spki, reading)


def _card_record(entry: object, reading: Reading) -> KeyRecord | Refusal:
    key = read_card_key(entry)
    if isinstance(key, Refusal):
        return key
    if not key.named_by_hash:
        return Refusal.KID_DIFFERS
    if reading.issuer and key.certificate and not names_issuer(key.certificate, reading.issuer):
        return Refusal.ISSUER_DIFFERS
    return bare_record(key.kid, key.spki, reading)


def _certified(entry: dict[str, Any], reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a key that has a certificate."""
    chain = certificates_of(entry)
    if isinstance(chain, Refusal):
        return chain
    record = record_of(
        chain[0],
        schemes=frozenset({reading.scheme}),
        country=reading.country,
        anchor=vouching([link.facts for link in chain], reading.anchors),
    )._replace(issuer=reading.issuer)
    if "kid" not in entry and reading.scheme not in TEXT_IDS:
        return record
    kid = kid_of(entry, reading.scheme)
    if isinstance(kid, Refusal):
        return kid
    if reading.scheme not in TEXT_IDS and kid != record.kid:
        return Refusal.KID_DIFFERS
    return record._replace(kid=kid)


DIALECT: Final = Dialect(("jwks",), _recognise, _read, gathers=True)
