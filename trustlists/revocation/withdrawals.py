"""What a desk knows to be withdrawn among the documents of one key, ready to be asked.

Made once for a key of a trust list, from rows that name key ids and issuers; kept as long as the
store is open. Of what is asked nothing is kept: it is compared, in memory, and let go of.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from trustlists.revocation.filters import Filter, read_bloom, read_short_hashes
from trustlists.revocation.slices import BLOOM
from trustlists.revocation.table import NEVER, NUMBERS, Table, mask_of
from trustlists.store import TrustStore
from verifier.clock import Instant
from verifier.revocation import (
    BY_NUMBER,
    HASH_BYTES,
    METHODS,
    Method,
    Numbered,
    Signed,
    Standing,
    Withdrawals,
    counted,
    texts_of,
)
from verifier.trust import TrustedKey

_SETS: Final = """
    SELECT list, file, complete, exact, fingerprint, as_of, too_old_after
    FROM sets JOIN lists ON name = list"""

# Where a key's list does not say its country, every country that lists the key id counts.
_REVOKED: Final = """
    SELECT country, kid, method, prefix, form, start, size, lapse FROM revoked
    WHERE kid IN (?, x'') AND list = ? AND (country IN (?, '') OR ? = '')"""

_LISTED: Final = """
    SELECT ids, whole, fingerprint, as_of, too_old_after FROM revocations JOIN lists ON name = list
    WHERE kid = ? AND method = ? AND issuer IN (?, ?)"""

_CLEAR: Final = Standing.CLEAR
_UCI: Final = Method.UCI
_SIGNATURE: Final = Method.SIGNATURE
_DIGITS: Final = 3
_sha256: Final = hashlib.sha256
_numbers_in: Final = NUMBERS.unpack


class _Exact(NamedTuple):
    """A table, the number to combine a hash with, and whether an anchor vouches for the list."""

    table: Table
    mask: int
    vouched: bool


class _Filtered(NamedTuple):
    """The filters of one list by the digits that hashes begin with, and the date of the list."""

    as_of: Instant
    by_prefix: Mapping[str, Sequence[tuple[Instant, Filter]]]


class _Complete(NamedTuple):
    """A complete list that an anchor vouches for: its date, and until when it is relied on."""

    as_of: Instant
    until: Instant
    exact: bool


class HashWithdrawals:
    """What is withdrawn by hashes of the DCC, in all lists that may know the key."""

    __slots__ = (
        "_alone", "_by_number", "_complete", "_exact", "_filtered", "_marks", "_methods",
        "_quiet_until", "_until",
    )  # fmt: skip

    def __init__(
        self,
        methods: frozenset[Method],
        exact: Sequence[_Exact],
        filtered: Sequence[_Filtered],
        complete: Sequence[_Complete],
    ) -> None:
        """Take what was found for a key."""
        self._methods = methods
        self._by_number = not methods.isdisjoint(BY_NUMBER)
        self._alone = next(iter(methods)) if len(methods) == 1 else None
        self._exact = exact
        self._marks = tuple(each.table.marks(each.mask) for each in exact)
        self._filtered = filtered
        self._complete = complete
        self._until = max((each.until for each in complete), default=None)
        # Until when it is clear that a document is not listed, once no table has a mark of it.
        self._quiet_until = NEVER if filtered or self._until is None else self._until

    def standing(self, signed: Signed, claims: Numbered, at: Instant) -> Standing:
        """Look for the marks that listed hashes have in their tables, and closely where both are.

        Where complete lists go by numbers alone, or by signatures alone, that is done here in as
        few steps as can be: it is on the way of every document, and a step costs as much as a look.
        """
        text = b""
        if at <= self._quiet_until:
            if self._alone is _UCI:
                text = claims.identifier.encode()
            elif self._alone is _SIGNATURE:
                text = counted(signed.envelope.signature, signed.envelope.algorithm)
        if not text:
            return self._standing(signed, claims, at)
        one, other = _numbers_in(_sha256(text).digest())
        for buffer, start, shift, one_mask, other_mask in self._marks:
            bit = (one ^ one_mask) >> shift
            if buffer[start + (bit >> 3)] >> (bit & 7) & 1:
                bit = (other ^ other_mask) >> shift
                if buffer[start + (bit >> 3)] >> (bit & 7) & 1:
                    return self.look_up([text], at)
        return _CLEAR

    def _standing(self, signed: Signed, claims: Numbered, at: Instant) -> Standing:
        """Do the same for lists of every method, age and kind."""
        asked = texts_of(self._methods, signed, claims)
        closely = at > self._quiet_until
        for text in asked:
            one, other = _numbers_in(_sha256(text).digest())
            for buffer, start, shift, one_mask, other_mask in self._marks:
                bit = (one ^ one_mask) >> shift
                if buffer[start + (bit >> 3)] >> (bit & 7) & 1:
                    bit = (other ^ other_mask) >> shift
                    if buffer[start + (bit >> 3)] >> (bit & 7) & 1:
                        closely = True
        standing = self.look_up(asked, at) if closely else _CLEAR
        nameless = self._by_number and not claims.identifier
        return Standing.NOT_LISTABLE if nameless and standing is _CLEAR else standing

    def look_up(self, asked: Sequence[bytes], at: Instant) -> Standing:
        """Look for an exact hit, then for a possible one, then say how complete the lists are."""
        hashes = [_sha256(text).digest() for text in asked]
        doubtful = False
        for table, mask, vouched in self._exact:
            for hashed in hashes:
                if table.lapse(int.from_bytes(hashed[:HASH_BYTES], "big") ^ mask) >= at:
                    if vouched:
                        return Standing.LISTED
                    doubtful = True
        if doubtful or self._may_be_listed(hashes, at):
            return Standing.POSSIBLE
        if self._until is None:
            return Standing.INCOMPLETE
        return _CLEAR if at <= self._until else Standing.TOO_OLD

    def _may_be_listed(self, hashes: Sequence[bytes], at: Instant) -> bool:
        """Ask the filters. A complete list of hashes that is no older knows better than they do."""
        newest = max(
            (each.as_of for each in self._complete if each.exact and at <= each.until),
            default=None,
        )
        return any(
            (newest is None or each.as_of > newest) and _hits(each.by_prefix, hashes, at)
            for each in self._filtered
        )


def _hits(
    by_prefix: Mapping[str, Sequence[tuple[Instant, Filter]]], hashes: Sequence[bytes], at: Instant
) -> bool:
    for hashed in hashes:
        digits = hashed[:2].hex()
        for count in range(1, _DIGITS + 1):
            for lapse, each in by_prefix.get(digits[:count], ()):
                if lapse >= at and each.may_hold(hashed):
                    return True
    return False


class IdWithdrawals:
    """What is withdrawn by identifiers: cards by their ``rid``, signers by serial numbers.

    An identifier may count only for what was issued before an instant (SHC notes, 9).
    """

    __slots__ = ("_before", "_doubtful", "_method", "_until")

    def __init__(
        self,
        method: Method,
        ids: Iterable[tuple[str, bool]],
        complete: Sequence[_Complete],
    ) -> None:
        """Take the identifiers as published, each with whether an anchor vouches for its list."""
        self._method = method
        self._before: dict[bytes, Instant | None] = {}
        self._doubtful: set[bytes] = set()
        for text, vouched in ids:
            name, _, before = text.partition(".")
            self._add(name.encode(), int(before) if before else None, vouched=vouched)
        self._until = max((each.until for each in complete), default=None)

    def _add(self, name: bytes, before: Instant | None, *, vouched: bool) -> None:
        if not vouched:
            self._doubtful.add(name)
            return
        known = self._before.get(name, -1)
        # Entries of one identifier combine: the one that counts for more documents stands.
        always = known is None or before is None
        self._before[name] = None if always else max(known or 0, before or 0)

    def standing(self, signed: Signed, claims: Numbered, at: Instant) -> Standing:
        """Compare, then say how complete the list is."""
        asked = texts_of((self._method,), signed, claims)
        standing = self.look_up(asked, at, claims.issued)
        nameless = self._method in BY_NUMBER and not claims.identifier
        return Standing.NOT_LISTABLE if nameless and standing is _CLEAR else standing

    def look_up(self, asked: Sequence[bytes], at: Instant, issued: Instant | None) -> Standing:
        """Look up identifiers of a document that was issued at an instant."""
        for name in asked:
            if name in self._before:
                before = self._before[name]
                if before is None or (issued is not None and issued < before):
                    return Standing.LISTED
                if issued is None:
                    return Standing.POSSIBLE
            if name in self._doubtful:
                return Standing.POSSIBLE
        if self._until is None:
            return Standing.INCOMPLETE
        return _CLEAR if at <= self._until else Standing.TOO_OLD


def of(store: TrustStore, key: TrustedKey, format: str) -> Withdrawals | None:  # noqa: A002 - the interface contract's word
    """Collect what is known for documents of a key; None when there is no list for its issuer."""
    methods = METHODS.get(format)
    if methods is None:
        return None
    if Method.UCI in methods:
        return _by_hashes(store, key)
    (method,) = methods
    return _by_ids(store, key, method)


def _by_hashes(store: TrustStore, key: TrustedKey) -> HashWithdrawals | None:
    methods: set[Method] = set()
    exact: dict[tuple[str, int], _Exact] = {}
    filtered: list[_Filtered] = []
    complete: list[_Complete] = []
    for name, file, whole, precise, fingerprint, as_of, too_old in store.rows(_SETS):
        rows = store.rows(_REVOKED, (key.kid, name, key.country, key.country))
        table = store.table(file)
        by_prefix: dict[str, list[tuple[Instant, Filter]]] = {}
        for country, kid, words, prefix, form, start, size, lapse in rows:
            methods.update(map(Method, words.split()))
            if prefix:
                by_prefix.setdefault(prefix, []).append((lapse, _filter(table, form, start, size)))
            else:
                mask = mask_of(country, kid)
                known = exact.get((file, mask))
                # Two lists of the same content share a table: who vouches for one vouches for it.
                vouched = bool(fingerprint) or (known is not None and known.vouched)
                exact[file, mask] = _Exact(table, mask, vouched)
        if by_prefix:
            filtered.append(_Filtered(as_of, by_prefix))
        if key.country in whole.split() and fingerprint:
            complete.append(_Complete(as_of, as_of + too_old, key.country in precise.split()))
    if not (exact or filtered or complete):
        return None
    return HashWithdrawals(frozenset(methods), tuple(exact.values()), filtered, complete)


def _filter(table: Table, form: str, start: int, size: int) -> Filter:
    if form == BLOOM:
        return read_bloom(table.buffer, start, size)
    return read_short_hashes(table.buffer, start, size)


def _by_ids(store: TrustStore, key: TrustedKey, method: Method) -> IdWithdrawals | None:
    rows = store.rows(_LISTED, (key.kid, method, key.issuer, key.country))
    if not rows:
        return None
    ids = [
        (each, bool(fingerprint)) for texts, _, fingerprint, *_ in rows for each in texts.split()
    ]
    complete = [
        _Complete(as_of, as_of + too_old, exact=True)
        for _, whole, fingerprint, as_of, too_old in rows
        if whole and fingerprint
    ]
    return IdWithdrawals(method, ids, complete)
