"""The EU's distribution to verifiers: lists of key ids, partitions, and slices of hashes.

Three resources, JSON and bytes (dcc-revocation notes, 3). Which slices there are stands in the
partitions, each by its SHA-256, so that a slice is known by its bytes alone: what an archive calls
it is never looked at. Nobody signs any of it; it is taken only as files of a signed description.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from trustlists.faults import Fault, invalid
from trustlists.json_text import from_either_base64, text_of
from trustlists.revocation.batches import ANY_KEY, UNKNOWN_KID, instant_of_text
from trustlists.revocation.filters import (
    NotAFilter,
    pack_short_hashes,
    rate_of_bloom,
    rate_of_short_hashes,
    read_bloom,
)
from verifier.clock import Instant
from verifier.limits import KID_BYTES, SLICES
from verifier.revocation import Method

BLOOM: Final = "bloom"
SHORT: Final = "short"

# How many hexadecimal digits of a hash choose partition and chunk.
MODES: Final = {"POINT": 1, "VECTOR": 2, "COORDINATE": 3}
_FORMS: Final = {"BLOOMFILTER": BLOOM, "VARHASHLIST": SHORT}
_VERSION: Final = "1.0"
_METHODS: Final = frozenset({Method.SIGNATURE, Method.UCI, Method.COUNTRY_AND_UCI})
_DIGITS: Final = frozenset("0123456789abcdef")


class ListedKid(NamedTuple):
    """A key id for which something is withdrawn: how it is partitioned, which hashes are used."""

    kid: bytes
    digits: int
    methods: frozenset[Method]


class Slice(NamedTuple):
    """A slice that is promised: for hashes that begin with ``prefix``, until it lapses."""

    kid: bytes
    prefix: str
    lapse: Instant
    form: str


class Promised(NamedTuple):
    """Everything that lists and partitions say, slices by their SHA-256 (hexadecimal digits)."""

    kids: dict[bytes, ListedKid]
    slices: dict[str, list[Slice]]


def is_distribution(entries: list[object]) -> bool:
    """Tell whether a JSON array is a list of key ids or of partitions."""
    return all(isinstance(entry, dict) and "kid" in entry for entry in entries)


def collect(arrays: Iterator[list[object]]) -> Promised:
    """Read all lists and partitions. Raises ``TrustListInvalid``, also for what is not complete."""
    promised = Promised({}, {})
    partitioned: set[bytes] = set()
    entries = [entry for array in arrays for entry in array]
    for entry in entries:
        if isinstance(entry, dict) and "mode" in entry:
            listed = _listed(entry)
            promised.kids[listed.kid] = listed
    for entry in entries:
        if isinstance(entry, dict) and "mode" not in entry:
            partitioned.add(_partition(entry, promised))
    # Else a key would have no slices, and nothing would seem to be withdrawn.
    if partitioned != promised.kids.keys():
        raise invalid(Fault.COMPANION_MISSING)
    return promised


def _listed(entry: dict[str, object]) -> ListedKid:
    kid = _kid(entry)
    digits = MODES.get(text_of(entry, "mode"), 0)
    methods = entry.get("hashTypes")
    if len(kid) > KID_BYTES or not digits or not isinstance(methods, list):
        raise invalid(Fault.MALFORMED)
    if not methods or any(method not in _METHODS for method in methods):
        raise invalid(Fault.MALFORMED)
    return ListedKid(kid, digits, frozenset(Method(method) for method in methods))


def _kid(entry: dict[str, object]) -> bytes:
    """Read a key id. The gateway's words for "any" stand there plainly, or encoded like an id."""
    text = text_of(entry, "kid")
    kid = from_either_base64(text)
    if text == UNKNOWN_KID or kid == UNKNOWN_KID.encode():
        return ANY_KEY
    if not kid:
        raise invalid(Fault.MALFORMED)
    return kid


def _partition(entry: dict[str, object], promised: Promised) -> bytes:
    kid = _kid(entry)
    listed = promised.kids.get(kid)
    chunks = entry.get("chunks")
    if listed is None or not isinstance(chunks, dict):
        raise invalid(Fault.MALFORMED)
    partition = entry.get("id")
    before = "" if partition in {None, "null"} else text_of(entry, "id").lower()
    for chunk, slices in chunks.items():
        prefix = before + chunk.lower()
        if len(prefix) != listed.digits or not _DIGITS.issuperset(prefix):
            raise invalid(Fault.MALFORMED)
        if not isinstance(slices, dict):
            raise invalid(Fault.MALFORMED)
        for expires, described in slices.items():
            _promise(promised, kid, prefix, instant_of_text(expires), described)
    return kid


def _promise(
    promised: Promised, kid: bytes, prefix: str, lapse: Instant | None, described: object
) -> None:
    form = _FORMS.get(text_of(described, "type"))
    digest = text_of(described, "hash").lower()
    if form is None or lapse is None or text_of(described, "version") != _VERSION or not digest:
        raise invalid(Fault.MALFORMED)
    promised.slices.setdefault(digest, []).append(Slice(kid, prefix, lapse, form))
    if len(promised.slices) > SLICES:
        raise invalid(Fault.TOO_LARGE)


def packed(data: bytes, form: str, digits: int) -> tuple[bytes, float]:
    """Check a slice, and give what is kept of it and how often it is wrong.

    Raises ``TrustListInvalid``.
    """
    try:
        if form == BLOOM:
            return data, rate_of_bloom(read_bloom(data))
        kept = pack_short_hashes(data)
    except NotAFilter:
        raise invalid(Fault.MALFORMED) from None
    return kept, rate_of_short_hashes(data, kept, digits)
