"""Looks at a list as a whole and at its keys: its age, what it refused, weak and clashing keys."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from trustlists.checking.certificates import DCC_FAMILY, certificate_findings
from trustlists.checking.codes import Code, Finding
from trustlists.checking.entries import Entry
from trustlists.gathering import Gathered, Refused
from trustlists.public_keys import P256, kind_of
from trustlists.records import REFUSAL_WORDS, Refusal, RefusedEntry, Role
from verifier.clock import Instant, day_of
from verifier.limits import RSA_BITS
from verifier.trust import Environment, Freshness, TrustList

# A signed end of validity this near leaves a desk that is offline over a weekend without a list.
_LIST_SOON: Final = 3 * 86_400
_AUTHORITY_RSA_BITS: Final = 3_000
_SIGNER_RSA_BITS: Final = 3_072

# ISO 3166-1 leaves these to whoever wants them; XK is Kosovo by common use.
_USER_ASSIGNED: Final = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")


def of_refused(refused: Refused) -> Iterator[Finding]:
    """Name a source that was refused whole, and why."""
    words = str(refused.error).partition("\n")[0]
    yield Finding(Code.LIST_REFUSED, refused.source, "", detail=words)
    yield from _entries_refused(refused.source, "", refused.entries)


def gathered_findings(gathered: Gathered, at: Instant) -> Iterator[Finding]:
    """Look at what a list says of itself, and at what was not taken from it."""
    parsed, source = gathered.parsed, gathered.source
    yield from _entries_refused(source, parsed.name, parsed.refused)
    if parsed.anchor and parsed.dated is not None:  # a date that nobody signed says nothing
        environment = parsed.environment or Environment.PRODUCTION
        ages = parsed.ages or gathered.dialect.ages
        named = TrustList(parsed.name, environment, parsed.dated, *ages)
        yield from age_findings(source, named, at)
    if parsed.expires is not None and parsed.expires < at + _LIST_SOON:
        over = parsed.expires < at
        code = Code.LIST_EXPIRED if over else Code.LIST_EXPIRES_SOON
        yield Finding(code, source, parsed.name, detail=day_of(parsed.expires))


def _entries_refused(
    source: str, list_name: str, entries: Iterable[RefusedEntry]
) -> Iterator[Finding]:
    for entry, reason in entries:
        published = reason in {Refusal.PRIVATE_KEY, Refusal.PRIVATE_KEY_PUBLISHED}
        code = Code.PRIVATE_KEY_PUBLISHED if published else Code.ENTRY_REFUSED
        yield Finding(code, source, list_name, entry, detail=REFUSAL_WORDS[reason])


def age_findings(source: str, named: TrustList, at: Instant) -> Iterator[Finding]:
    """Name a list that is stale or too old (gdhcn-trust notes, 5.3)."""
    freshness = named.freshness(at)
    if freshness is not Freshness.FRESH:
        too_old = freshness is Freshness.TOO_OLD
        code = Code.LIST_TOO_OLD if too_old else Code.LIST_STALE
        yield Finding(code, source, named.name, detail=f"as of {day_of(named.as_of)}")


def list_findings(entries: Sequence[Entry], at: Instant, soon: int) -> Iterator[Finding]:
    """Look at the keys of one list, each by itself and under the authorities of the list."""
    bare = sum(not entry.vouched for entry in entries)
    if bare:
        detail = f"{bare} of {len(entries)} keys"
        yield Finding(
            Code.LIST_NOT_AUTHENTICATED, entries[0].source, entries[0].list, detail=detail
        )
    authorities: dict[bytes, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.facts and entry.is_authority:
            authorities[entry.facts.subject].append(entry)
    certified = [entry for entry in entries if entry.facts and entry.is_signer]
    if certified and not authorities:
        yield Finding(Code.NO_AUTHORITIES, certified[0].source, certified[0].list)
    dcc = any(entry.schemes & DCC_FAMILY for entry in entries)
    for entry in entries:
        yield from key_findings(entry)
        if entry.is_signer or entry.is_authority:
            yield from date_findings(entry, at, soon)
        if entry.facts and entry.certificate:
            yield from certificate_findings(
                entry, entry.facts, entry.certificate, authorities, at, dcc=dcc
            )


def key_findings(entry: Entry) -> Iterator[Finding]:
    """Look at the key itself, and at whose it is."""
    from trustlists.published_keys import is_published  # noqa: PLC0415 - its table is long

    if is_published(entry.spki):
        yield entry.finding(Code.PRIVATE_KEY_PUBLISHED)
    kind = kind_of(entry.spki)
    bits = int(kind.removeprefix("RSA ")) if kind.startswith("RSA ") else 0
    if bits and bits < RSA_BITS.start:
        yield entry.finding(Code.KEY_WEAK, kind)
    elif entry.is_authority and bits:
        if bits < _AUTHORITY_RSA_BITS:
            yield entry.finding(Code.KEY_UNUSUAL, kind)
    elif entry.is_signer and kind != P256.name and not 0 < bits <= _SIGNER_RSA_BITS:
        yield entry.finding(Code.KEY_UNUSUAL, kind)
    assigned = _USER_ASSIGNED.fullmatch(entry.country)
    if entry.role is Role.TEST_NATION or (assigned and entry.environment is Environment.PRODUCTION):
        yield entry.finding(Code.TEST_NATION)


def date_findings(entry: Entry, at: Instant, soon: int) -> Iterator[Finding]:
    """Look at the times of a signer or authority, and of the anchor that vouches for it."""
    start, end = entry.not_before, entry.not_after
    if entry.vouched_until is not None and entry.vouched_until < at:
        yield entry.finding(Code.ANCHOR_ENDED, day_of(entry.vouched_until))
    if start is not None and start > at:
        yield entry.finding(Code.NOT_YET_VALID, day_of(start))
    if end is None or end >= at + soon:
        return
    if end >= at:
        code = Code.EXPIRES_SOON
    else:
        code = Code.AUTHORITY_EXPIRED if entry.is_authority else Code.EXPIRED
    yield entry.finding(code, day_of(end))


def clash_findings(entries: Iterable[Entry]) -> Iterator[Finding]:
    """Compare signers: ids of several keys in all lists, keys of several ids in one.

    Other uses are left out: lists show one certificate as signer and as authority (notes, 4).
    """
    by_kid: dict[tuple[bytes, str], list[Entry]] = defaultdict(list)
    by_key: dict[tuple[str, bytes, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_signer:
            by_kid[entry.kid, entry.issuer].append(entry)
            by_key[entry.list, entry.spki, entry.issuer].append(entry)
    for same in by_kid.values():
        if len({entry.spki for entry in same}) > 1:
            yield from (entry.finding(Code.KID_OF_TWO_KEYS) for entry in same)
    for same in by_key.values():
        kids = {entry.kid for entry in same}
        if len(kids) > 1:
            detail = f"{len(kids)} ids"
            yield from (entry.finding(Code.KEY_UNDER_TWO_KIDS, detail) for entry in same)
