"""The table of exact hashes at the desk: one file, mapped into memory, never written to.

After a head of 64 bytes stand the hashes in order, 16 bytes each; when each lapses, 4 bytes; a
filter of one bit for each hash in 8 to 16 bits; an index of where each stretch of the order begins;
and after that, Bloom filters and the like. A hash that is not listed, which is nearly every one,
costs a look at one bit and in one of 8 to 16 cases a look at a stretch of 8 to 16 hashes, however
long the table is. A hash is kept combined with the key id that it counts for (``mask_of``), so that
one table serves all keys. The file is named by its SHA-256. docs/decisions/0032 has the sums.
"""

import hashlib
import mmap
import os
from struct import Struct
from typing import Final, NamedTuple

from verifier.clock import Instant
from verifier.errors import TrustStoreInvalid
from verifier.revocation import HASH_BYTES

MAGIC: Final = b"PRATREV1"
HEAD: Final = Struct(">8sQQBB38x")
LAPSE: Final = Struct(">I")
PLACE: Final = Struct(">I")
_STRETCH: Final = Struct(">II").unpack_from

# A hash that never lapses; the last second that four bytes can say is in the year 2106.
FOREVER: Final = 0xFFFF_FFFF

# What filter and index look at of a hash.
PREFIX_BYTES: Final = 4
_PREFIX_BITS: Final = PREFIX_BYTES * 8
REST_BITS: Final = HASH_BYTES * 8 - _PREFIX_BITS

NEVER: Final = -1


class Layout(NamedTuple):
    """Where each part of a table begins."""

    hashes: int
    lapses: int
    filter: int
    stretches: int
    filters: int


def layout_of(entries: int, filter_bits: int, index_bits: int) -> Layout:
    """Add up the parts of a table with so many entries and 2 to the so many bits and stretches."""
    lapses = HEAD.size + entries * HASH_BYTES
    bits = lapses + entries * LAPSE.size
    index = bits + (1 << filter_bits) // 8
    return Layout(HEAD.size, lapses, bits, index, index + ((1 << index_bits) + 1) * PLACE.size)


def mask_of(country: str, kid: bytes) -> int:
    """Give the number that hashes for this key are combined with; no key id stands for any key."""
    digest = hashlib.sha256(country.encode() + b"\0" + kid).digest()
    return int.from_bytes(digest[:HASH_BYTES], "big")


class Table:
    """A table that is open. Safe to share between threads and to keep over a fork."""

    __slots__ = (
        "_index_at", "_index_shift", "_layout", "_map", "entries", "filter_at", "filter_shift",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        """Map a file. Raises ``TrustStoreInvalid`` when it is missing or none of ours."""
        self._map = _mapped(path)
        magic, size, self.entries, filter_bits, index_bits = HEAD.unpack_from(self._map)
        fits = filter_bits <= _PREFIX_BITS and index_bits <= _PREFIX_BITS
        if magic != MAGIC or size != len(self._map) or not fits:
            raise _unusable(path, "is torn")
        self._layout = layout_of(self.entries, filter_bits, index_bits)
        if self._layout.filters > size:
            raise _unusable(path, "is torn")
        # The bit of a hash: its first `PREFIX_BYTES`, less the last `filter_shift` bits.
        self.filter_at = self._layout.filter
        self.filter_shift = _PREFIX_BITS - filter_bits
        self._index_at = self._layout.stretches
        self._index_shift = HASH_BYTES * 8 - index_bits

    @property
    def buffer(self) -> mmap.mmap:
        """The whole file, for the filters in it."""
        return self._map

    def lapse(self, number: int) -> Instant:
        """Tell until when a combined hash is listed; ``NEVER`` when it is not.

        The filter is for the caller to look at: it answers most questions with less than a call.
        """
        stretch = number >> self._index_shift
        first, last = _STRETCH(self._map, self._index_at + stretch * PLACE.size)
        wanted = number.to_bytes(HASH_BYTES, "big")
        start, end = (self._layout.hashes + place * HASH_BYTES for place in (first, last))
        at = self._map.find(wanted, start, end)
        while at >= 0 and (at - start) % HASH_BYTES:
            at = self._map.find(wanted, at + 1, end)
        if at < 0:
            return NEVER
        place = (at - self._layout.hashes) // HASH_BYTES
        lapse: int = LAPSE.unpack_from(self._map, self._layout.lapses + place * LAPSE.size)[0]
        return lapse

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()


def _mapped(path: str) -> mmap.mmap:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if os.fstat(descriptor).st_size < HEAD.size:
                raise _unusable(path, "is torn")
            mapped = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unusable(path, f"cannot be read: {os.strerror(error.errno or 0)}") from None
    # Neighbours of a hash say nothing of the next one: reading ahead would only fill the memory.
    mapped.madvise(mmap.MADV_RANDOM)
    return mapped


def _unusable(path: str, what: str) -> TrustStoreInvalid:
    message = f"The list of withdrawn certificates {path} {what}.\n"
    return TrustStoreInvalid(message + "Import it anew: pratique trust import SOURCE")
