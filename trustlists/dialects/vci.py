"""The VCI directory of SMART Health Card issuers: a daily snapshot and its signature (notes, 10).

The signature lies in a file of its own, covers the exact bytes of the snapshot, and is checked
before anything is parsed. A key is its issuer's alone. The directory's other two files are signed
by nobody: who is no longer in the file of issuers is left out, and the file that describes them
tells their country; neither can add anything.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from trustlists.anchors import Anchor, pinned_anchors
from trustlists.card_keys import SCHEME, CardKey, read_card_key
from trustlists.faults import Fault, invalid
from trustlists.json_text import read_object, text_of
from trustlists.pem_text import read_blocks
from trustlists.public_keys import kind_of
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    Revocation,
    read_certified,
)
from verifier.clock import Instant
from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer
from verifier.codecs.pkix import Algorithm, verifies
from verifier.countries import alpha_2
from verifier.limits import LIST_RECORDS, TEXT_CHARACTERS

_NAME: Final = "vci"
_CURVE: Final = "P-521"
_ALGORITHM: Final = Algorithm("SHA512", elliptic=True)
_NUMBER_BYTES: Final = 66
_CERTIFICATE_TEXT: Final = 4_096  # theirs has 814 bytes
_HEAD: Final = 4_096
_ISSUERS: Final = b'"participating_issuers"'
_METADATA: Final = b'"issuer_metadata"'
_WITHDRAWN: Final = re.compile(r"[A-Za-z0-9_-]{1,24}(\.\d{1,15})?", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_COUNTERS: Final = 10**9
_COUNTER_DIGITS: Final = re.compile(r"\d{1,9}", re.ASCII)
_CARDS: Final = frozenset({SCHEME})


class _Around(NamedTuple):
    """What holds for every issuer. ``listed`` is None when the file of issuers is not there."""

    anchor: Anchor | None
    listed: frozenset[str] | None
    countries: Mapping[str, str]


class _Found(NamedTuple):
    """What was read so far."""

    records: list[KeyRecord]
    revocations: list[Revocation]
    refused: list[RefusedEntry]

    def refuse(self, entry: str, reason: Refusal) -> None:
        self.refused.append(RefusedEntry(entry, reason))


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and b'"issuerInfo"' in head


def _companion(data: bytes) -> bool:
    """Know the signature, the two unsigned files, and the signer's certificate, which is no key."""
    return _is_signature(data) or _is_description(data) or _is_signer(data)


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid``; without a signature unless told otherwise."""
    signatures = [each for each in reading.companions if _is_signature(each)]
    anchor = None
    if signatures:
        anchor = _signer(data, signatures, reading.anchors)
        if anchor is None:
            raise invalid(Fault.SIGNER_UNKNOWN)
    elif not reading.unsigned:
        raise invalid(Fault.COMPANION_MISSING)
    snapshot = read_object(data)
    time = _instant(snapshot.get("time"))
    issuers = snapshot.get("issuerInfo")
    if time is None or not isinstance(issuers, list) or len(issuers) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    found = _Found([], [], [])
    around = _around(anchor, reading.companions)
    for place, entry in enumerate(issuers, 1):
        _read_issuer(entry, f"issuer {place}", around, found)
    return ParsedList(
        _name(anchor),
        found.records,
        found.refused,
        environment=anchor.environment if anchor else None,
        anchor=anchor,
        dated=time,
        sequence=time,
        revocations=found.revocations,
    )


def _name(anchor: Anchor | None) -> str:
    """Name the list, so that no edition replaces one that is better vouched for."""
    if anchor is None:
        return f"{_NAME}-unsigned"
    return _NAME if anchor.environment else f"{_NAME}:{anchor.name}"


def _read_issuer(entry: object, called: str, around: _Around, found: _Found) -> None:
    """Read the keys and the revocation lists of one issuer."""
    members = entry if isinstance(entry, dict) else {}
    issuer, keys = members.get("issuer"), members.get("keys")
    confirmed = _instant(members.get("lastRetrieved"))
    iss = text_of(issuer, "iss")
    if not isinstance(keys, list) or confirmed is None or not _is_issuer(iss):
        found.refuse(called, Refusal.MALFORMED)
        return
    if around.listed is not None and iss not in around.listed:
        found.refuse(called, Refusal.NOT_LISTED)
        return
    alias = around.countries.get(text_of(issuer, "canonical_iss"), "")
    country = around.countries.get(iss, alias)
    counters: dict[str, int] = {}
    for place, jwk in enumerate(keys, 1):
        key = _read_key(jwk, around.anchor)
        if isinstance(key, Refusal):
            found.refuse(f"{called}, key {place}", key)
            continue
        counters[text_of(jwk, "kid")] = _counter(jwk.get("crlVersion"))
        record = KeyRecord(
            kid=key.kid,
            spki=key.spki,
            certificate=None,
            schemes=_CARDS,
            uses=frozenset(),
            country=country,
            name=_shown(text_of(issuer, "name")),
            not_before=None,
            not_after=None,
            anchor=around.anchor,
            issuer=iss,
            confirmed=confirmed,
        )
        found.records.append(record)
    _read_withdrawn(members.get("crls", []), iss, called, counters, found)


def _read_key(jwk: object, anchor: Anchor | None) -> CardKey | Refusal:
    """Read a key. The signed list may name it by another id than its hash, nobody else may."""
    key = read_card_key(jwk)
    if isinstance(key, Refusal) or key.named_by_hash or anchor:
        return key
    return Refusal.KID_DIFFERS


def _read_withdrawn(
    lists: object, iss: str, called: str, counters: dict[str, int], found: _Found
) -> None:
    """Read what an issuer has withdrawn (notes, 9); what is wrong in a list costs only itself.

    ``counters`` has the number of the list that each key names, 0 for none.
    """
    for place, crl in enumerate(lists if isinstance(lists, list) else [None], 1):
        kid, rids = text_of(crl, "kid"), crl.get("rids") if isinstance(crl, dict) else None
        named = f"{called}, revocation list {place}"
        if kid not in counters or text_of(crl, "method") != "rid" or not isinstance(rids, list):
            found.refuse(named, Refusal.MALFORMED)
            continue
        legal = [rid for rid in rids if isinstance(rid, str) and _WITHDRAWN.fullmatch(rid)]
        if len(legal) != len(rids):
            found.refuse(f"{named}, {len(rids) - len(legal)} of its entries", Refusal.MALFORMED)
        counter = _counter(crl.get("ctr"))
        newest = counters.pop(kid)
        if counter != newest:
            found.refuse(named, Refusal.REVOCATIONS_DIFFER)
        ids = tuple(dict.fromkeys(legal))
        whole = counter == newest and len(legal) == len(rids)
        found.revocations.append(Revocation(iss, kid.encode(), "rid", counter, ids, whole))
    if any(counters.values()):
        found.refuse(f"{called}, revocation lists", Refusal.REVOCATIONS_MISSING)


def _counter(number: object) -> int:
    """Read a counter, which one issuer writes as text; 0 for none."""
    if isinstance(number, str) and _COUNTER_DIGITS.fullmatch(number):
        return int(number)
    if not isinstance(number, int) or isinstance(number, bool):
        return 0
    return number if 0 < number < _COUNTERS else 0


def _around(anchor: Anchor | None, companions: Sequence[bytes]) -> _Around:
    """Read the two files that nobody signs, as far as they are here."""
    described = [read_object(each) for each in companions if _is_description(each)]
    listings = [
        each["participating_issuers"] for each in described if "participating_issuers" in each
    ]
    listed = {text_of(issuer, "iss") for listing in listings for issuer in _entries(listing)}
    countries = {
        text_of(issuer, "canonical_iss"): _country(issuer)
        for each in described
        for issuer in _entries(each.get("issuer_metadata", []))
    }
    return _Around(anchor, frozenset(listed) if listings else None, countries)


def _entries(listing: object) -> list[object]:
    if not isinstance(listing, list):
        raise invalid(Fault.MALFORMED)
    return listing


def _country(issuer: object) -> str:
    """Tell the country of an issuer when all its locations are in one."""
    locations = issuer.get("locations") if isinstance(issuer, dict) else None
    found = {
        alpha_2(text_of(location, "country"))
        for location in (locations if isinstance(locations, list) else ())
    }
    return found.pop() if len(found) == 1 else ""


def _signer(data: bytes, signatures: Sequence[bytes], anchors: Sequence[Anchor]) -> Anchor | None:
    """Find the anchor whose key has signed the snapshot."""
    suited = [anchor for anchor in anchors if kind_of(anchor.spki) == _CURVE]
    return next(
        (
            anchor
            for anchor in suited
            if any(verifies(anchor.spki, _ALGORITHM, signature, data) for signature in signatures)
        ),
        None,
    )


def _is_signature(data: bytes) -> bool:
    """Tell whether a file is an ECDSA signature in DER (RFC 3279, 2.2.3) and nothing else."""
    if len(data) > 3 * _NUMBER_BYTES:
        return False
    try:
        outer = DerReader(data)
        numbers = outer.enter(der.SEQUENCE)
        outer.finish()
        lengths = [len(numbers.content(der.INTEGER)) for _ in range(2)]
        numbers.finish()
    except NotDer:
        return False
    return all(0 < length <= _NUMBER_BYTES + 1 for length in lengths)


def _is_description(data: bytes) -> bool:
    head = data[:_HEAD]
    return not _recognise(head) and (
        head.lstrip(b" \t\r\n").startswith(b"{") and (_ISSUERS in head or _METADATA in head)
    )


def _is_signer(data: bytes) -> bool:
    """Know the published certificate of the pinned key, which lies beside the snapshot."""
    if len(data) > _CERTIFICATE_TEXT or not data.startswith(b"-----BEGIN CERT"):
        return False
    found = [read_certified(block.der) for block in read_blocks(data)]
    keys = {None if isinstance(each, Refusal) else each.spki for each in found}
    if not all(spki and kind_of(spki) == _CURVE for spki in keys):
        return False
    return keys <= {anchor.spki for anchor in pinned_anchors() if anchor.dialect == _NAME}


def _is_issuer(iss: str) -> bool:
    """Tell whether a text is the address of an issuer as cards carry it (notes, 6)."""
    return iss.startswith("https://") and not iss.endswith("/") and len(iss) <= TEXT_CHARACTERS


def _instant(text: object) -> Instant | None:
    """Read a time of the snapshot; None for what is none."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:  # there is no such day
        return None


def _shown(name: str) -> str:
    """Keep of a name what is short and can be shown anywhere."""
    return "".join(letter for letter in name if letter.isprintable())[:80]


DIALECT: Final = Dialect((_NAME,), _recognise, _read, companion=_companion)
