"""Filters that may be wrong in one direction: Bloom filters and lists of shortened hashes.

Their bytes as found in the wild (dcc-revocation notes, 4 and 5), read strictly: what is torn, too
long or inconsistent raises ``NotAFilter``. "No" is certain, "yes" is not: ``rate`` says how often a
hash that is not in a filter is answered with yes.
"""

import hashlib
import math
from struct import Struct
from typing import Final, NamedTuple, Protocol

from verifier.revocation import HASH_BYTES

_BLOOM_HEADER: Final = Struct(">HBBfIII")
_LIST_HEADER: Final = Struct(">HfIB")
_WORD: Final = Struct(">I").unpack_from
_WORD_BYTES: Final = 4
_WORD_BITS: Final = 32
_FIRST_BIT: Final = 0x80000000
_VERSION: Final = 1
_ROUNDS: Final = range(1, 128)
_SPARE_BYTES: Final = 4
_SIGN: Final = 0x80
_FILL: Final = 0xFF


class NotAFilter(ValueError):
    """The bytes are no filter of this kind."""


class Buffer(Protocol):
    """Bytes, or a file that is mapped into memory."""

    def __getitem__(self, place: slice, /) -> bytes:
        """Give some of the bytes."""
        ...

    def __len__(self) -> int:
        """Count them."""
        ...


class Filter(Protocol):
    """Answers whether a hash may be listed."""

    def may_hold(self, hashed: bytes) -> bool:
        """Tell whether this may be listed; of the hash 16 bytes count."""
        ...


class Bloom(NamedTuple):
    """A Bloom filter in a buffer: its words begin at ``start``."""

    buffer: Buffer
    start: int
    rounds: int
    bits: int
    rate: float

    def may_hold(self, hashed: bytes) -> bool:
        """Look at one bit a round; the first that is not set says no."""
        element = hashed[:HASH_BYTES]
        buffer, start, bits = self.buffer, self.start, self.bits
        for number in range(self.rounds):
            index = bit_index(element, number, bits)
            (word,) = _WORD(buffer, start + index // _WORD_BITS * _WORD_BYTES)  # type: ignore[arg-type]
            if not word & (_FIRST_BIT >> index % _WORD_BITS):
                return False
        return True


def bit_index(element: bytes, number: int, bits: int) -> int:
    """Choose the bit of a round: SHA-256 as a signed number, modulo the size of the filter."""
    digest = hashlib.sha256(element + bytes((number,))).digest()
    return int.from_bytes(digest, "big", signed=True) % bits


def read_bloom(buffer: Buffer, start: int = 0, size: int | None = None) -> Bloom:
    """Read the Bloom filter that fills this part of a buffer. Raises ``NotAFilter``."""
    size = len(buffer) - start if size is None else size
    if size < _BLOOM_HEADER.size:
        raise NotAFilter
    version, rounds, strategy, rate, _, _, words = _BLOOM_HEADER.unpack_from(buffer, start)  # type: ignore[arg-type]
    if not rounds and strategy:
        rounds, strategy = strategy, rounds  # one of the writers swaps them
    end = _BLOOM_HEADER.size + words * _WORD_BYTES
    spare = size - end
    if version != _VERSION or strategy or rounds not in _ROUNDS or not words:
        raise NotAFilter
    if not 0 <= spare <= _SPARE_BYTES or any(buffer[start + end : start + size]):
        raise NotAFilter
    return Bloom(buffer, start + _BLOOM_HEADER.size, rounds, words * _WORD_BITS, _probability(rate))


def rate_of_bloom(bloom: Bloom) -> float:
    """Give the larger of what the filter says of itself and what its set bits amount to."""
    words = bloom.buffer[bloom.start : bloom.start + bloom.bits // 8]
    full = int.from_bytes(words, "big").bit_count() / bloom.bits
    return max(bloom.rate, full**bloom.rounds)


class ShortHashes(NamedTuple):
    """Sorted hashes in a buffer from ``start`` on: ``size`` of them, of ``width`` bytes each."""

    buffer: Buffer
    start: int
    width: int
    size: int

    def may_hold(self, hashed: bytes) -> bool:
        """Look for the shortened hash, and for the form that one writer makes of it."""
        short = hashed[: self.width]
        if self._holds(short):
            return True
        lost = without_sign(short)
        return lost != short and self._holds(lost)

    def _holds(self, short: bytes) -> bool:
        buffer, start, width = self.buffer, self.start, self.width
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            at = start + middle * width
            found = buffer[at : at + width]
            if found == short:
                return True
            if found < short:
                low = middle + 1
            else:
                high = middle
        return False


def without_sign(short: bytes) -> bytes:
    """Give what a hash becomes as a signed number in its shortest form, padded with zeros.

    The writer in use loses leading ff that way, when the byte after them is 80 or more.
    """
    place = 0
    while place + 1 < len(short) and short[place] == _FILL and short[place + 1] >= _SIGN:
        place += 1
    return bytes(place) + short[place:]


def pack_short_hashes(data: bytes) -> bytes:
    """Bring a list of shortened hashes into the form that is kept: their width, then sorted.

    Writers sort them as signed numbers or not at all. Raises ``NotAFilter``.
    """
    if len(data) < _LIST_HEADER.size:
        raise NotAFilter
    version, rate, _, width = _LIST_HEADER.unpack_from(data)
    elements = data[_LIST_HEADER.size :]
    if version != _VERSION or not 0 < width <= HASH_BYTES or len(elements) % width or not elements:
        raise NotAFilter
    _probability(rate)
    found = {elements[at : at + width] for at in range(0, len(elements), width)}
    return bytes((width,)) + b"".join(sorted(found))


def read_short_hashes(buffer: Buffer, start: int, size: int) -> ShortHashes:
    """Read what ``pack_short_hashes`` made."""
    width = buffer[start : start + 1][0]
    return ShortHashes(buffer, start + 1, width, (size - 1) // width)


def rate_of_short_hashes(data: bytes, packed: bytes, digits: int) -> float:
    """Tell how often a hash that is not listed begins like one that is.

    ``digits`` is how many hexadecimal digits all hashes in the list share.
    """
    width = packed[0]
    count = (len(packed) - 1) // width
    stated: float = _LIST_HEADER.unpack_from(data)[1]
    return min(1.0, max(stated, count * 16.0**digits / 256.0**width))


def _probability(rate: float) -> float:
    if not math.isfinite(rate) or not 0 <= rate <= 1:
        raise NotAFilter
    return rate
