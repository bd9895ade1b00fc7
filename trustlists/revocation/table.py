"""The table of exact hashes at the desk: one file, mapped into memory, never written to.

After a head of 64 bytes stand the hashes in order, 16 bytes each; when each lapses, 4 bytes; a
filter of 8 to 16 bits for each hash, two of which are its marks; an index of where each stretch of
the order begins; and after that, Bloom filters and the like. A hash that is not listed, which is
nearly every one, costs a look at one bit, one in 5 to 9 at a second one, and one in 20 to 70 at a
stretch of 8 to 16 hashes, however long the table is. A hash is kept combined with the key id that
it counts for (``mask_of``), so that one table serves all keys. The file is named by its SHA-256.
docs/decisions/0032 has the sums.
"""

import hashlib
import mmap
import os
from struct import Struct
from typing import Final, NamedTuple

from verifier.clock import Instant
from verifier.errors import TrustStoreInvalid
from verifier.revocation import HASH_BYTES

_MAKE: Final = b"PRATREV"
MAGIC: Final = _MAKE + b"2"
HEAD: Final = Struct(">8sQQBB38x")
LAPSE: Final = Struct(">I")
PLACE: Final = Struct(">I")
_STRETCH: Final = Struct(">II").unpack_from

# A hash that never lapses; the last second that four bytes can say is in the year 2106.
FOREVER: Final = 0xFFFF_FFFF

# What each mark is chosen by: the first bytes of a hash, and the next. The index goes by the first.
MARK_BYTES: Final = 4
_MARK_BITS: Final = MARK_BYTES * 8
# The numbers that marks are chosen by, in a SHA-256.
NUMBERS: Final = Struct(f">II{hashlib.sha256().digest_size - 2 * MARK_BYTES}x")
_AFTER_ONE: Final = HASH_BYTES * 8 - _MARK_BITS
_AFTER_BOTH: Final = _AFTER_ONE - _MARK_BITS

NEVER: Final = -1


class Layout(NamedTuple):
    """Where each part of a table begins."""

    hashes: int
    lapses: int
    filter: int
    stretches: int
    filters: int


class Marks(NamedTuple):
    """Where the filter begins, in what, and what of a hash gives the bits of its marks.

    Each of its first two numbers of ``MARK_BYTES``, combined with ``one`` or ``other`` and less the
    last ``shift`` bits, is the number of a bit.
    """

    buffer: mmap.mmap
    start: int
    shift: int
    one: int
    other: int


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
        "_filter_shift", "_index_at", "_index_shift", "_layout", "_map", "entries",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        """Map a file. Raises ``TrustStoreInvalid`` when it is missing or none of ours."""
        self._map = _mapped(path)
        magic, size, self.entries, filter_bits, index_bits = HEAD.unpack_from(self._map)
        if magic != MAGIC and magic.startswith(_MAKE):
            raise _unusable(path, "was made by another version")
        fits = filter_bits <= _MARK_BITS and index_bits <= _MARK_BITS
        if magic != MAGIC or size != len(self._map) or not fits:
            raise _unusable(path, "is torn")
        self._layout = layout_of(self.entries, filter_bits, index_bits)
        if self._layout.filters > size:
            raise _unusable(path, "is torn")
        self._filter_shift = _MARK_BITS - filter_bits
        self._index_at = self._layout.stretches
        self._index_shift = HASH_BYTES * 8 - index_bits

    @property
    def buffer(self) -> mmap.mmap:
        """The whole file, for the filters in it."""
        return self._map

    def marks(self, mask: int) -> Marks:
        """Say where to look for the marks of hashes that are combined with a mask."""
        start, shift = self._layout.filter, self._filter_shift
        one, other = mask >> _AFTER_ONE, mask >> _AFTER_BOTH & (1 << _MARK_BITS) - 1
        return Marks(self._map, start, shift, one, other)

    def lapse(self, number: int) -> Instant:
        """Tell until when a combined hash is listed; ``NEVER`` when it is not.

        Whoever has looked for its marks need not ask: they answer most questions.
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
