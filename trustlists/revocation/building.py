"""Making a table of withdrawn certificates, in memory that does not grow with it much.

Entries are spread over 256 temporary files by their first byte while they come, and sorted file by
file at the end. Nothing of the table is where a desk would look before the whole of it is on the
disk, under the name that its content gives it.
"""

import hashlib
import math
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Final, Self

from trustlists.revocation.table import (
    FOREVER,
    HEAD,
    LAPSE,
    MAGIC,
    MARK_BYTES,
    PLACE,
    layout_of,
    mask_of,
)
from trustlists.writing import flush
from verifier.clock import Instant
from verifier.revocation import HASH_BYTES

_BUCKETS: Final = 256
_RECORD: Final = HASH_BYTES + LAPSE.size
_HELD_BYTES: Final = 32 * 1024 * 1024
_BLOCK: Final = 1 << 20
_SWAPPED: Final = array("I", [1]).tobytes()[0] == 1  # this machine writes the last byte first

# Bits of the filter for each hash, at least, and hashes in a stretch of the index, at most.
_BITS_EACH: Final = 8
_STRETCH: Final = 16


def _untold(_: int, __: int) -> None:
    """Take no note."""


class TableBuilder:
    """Takes entries and filters, then writes the table. Use as a context."""

    __slots__ = ("_buckets", "_filters", "_filters_size", "_folder", "_held", "_spool", "added")

    def __init__(self, folder: Path) -> None:
        """Work with temporary files without names in a folder."""
        self._folder = folder
        self._held = [bytearray() for _ in range(_BUCKETS)]
        self._buckets: list[list[tuple[int, int]]] = [[] for _ in range(_BUCKETS)]
        self._filters_size = 0
        self.added = 0

    def __enter__(self) -> Self:
        self._spool: IO[bytes] = TemporaryFile(dir=self._folder)
        self._filters: IO[bytes] = TemporaryFile(dir=self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()
        self._filters.close()

    def add(self, country: str, kid: bytes, hashes: bytes, lapse: Instant | None) -> int:
        """Take hashes of 16 bytes each for one key, all listed until ``lapse``; count them."""
        count = len(hashes) // HASH_BYTES
        mask = mask_of(country, kid).to_bytes(HASH_BYTES, "big") * count
        combined = int.from_bytes(hashes, "big") ^ int.from_bytes(mask, "big")
        records = combined.to_bytes(len(hashes), "big")
        end = LAPSE.pack(FOREVER if lapse is None else max(0, min(lapse, FOREVER)))
        held = self._held
        for at in range(0, len(records), HASH_BYTES):
            held[records[at]] += records[at : at + HASH_BYTES] + end
        before = self.added * _RECORD // _HELD_BYTES
        self.added += count
        if self.added * _RECORD // _HELD_BYTES > before:
            self._spill()
        return count

    def add_filter(self, data: bytes) -> int:
        """Take a filter, and tell at which place among the filters it begins."""
        start = self._filters_size
        self._filters.write(data)
        self._filters_size += len(data)
        return start

    def _spill(self) -> None:
        """Write out what is held; where the pieces of each bucket lie is remembered."""
        for held, pieces in zip(self._held, self._buckets, strict=True):
            pieces.append((self._spool.tell(), len(held)))
            self._spool.write(held)
            held.clear()

    def write(self, path: Path, report: Callable[[int, int], None] = _untold) -> tuple[str, int]:
        """Write the table into a file and flush it; give its SHA-256, and where filters begin.

        ``report`` is told how many of how many parts are sorted.
        """
        self._spill()
        filter_bits, index_bits = sizes_for(self.added)
        bits = bytearray((1 << filter_bits) // 8)
        stretches = array("I", bytes(((1 << index_bits) + 1) * PLACE.size))
        lapses = array("I")
        shift, index_shift = 8 * MARK_BYTES - filter_bits, 8 * MARK_BYTES - index_bits
        marks_of = Struct(f">II{_RECORD - 2 * MARK_BYTES}x").unpack
        with path.open("wb") as table:
            table.write(bytes(HEAD.size))
            for number, block in enumerate(self._sorted()):
                report(number, _BUCKETS)
                table.write(b"".join(record[:HASH_BYTES] for record in block))
                for record in block:
                    one, other = marks_of(record)
                    for bit in (one >> shift, other >> shift):
                        bits[bit >> 3] |= 1 << (bit & 7)
                    stretches[(one >> index_shift) + 1] += 1
                    lapses.append(int.from_bytes(record[HASH_BYTES:], "big"))
            entries = len(lapses)
            _write_numbers(table, lapses)
            table.write(bits)
            for place in range(1, len(stretches)):
                stretches[place] += stretches[place - 1]
            _write_numbers(table, stretches)
            self._filters.seek(0)
            while piece := self._filters.read(_BLOCK):
                table.write(piece)
            size = table.tell()
            table.seek(0)
            table.write(HEAD.pack(MAGIC, size, entries, filter_bits, index_bits))
        flush(path)
        return digest_of(path), layout_of(entries, filter_bits, index_bits).filters

    def _sorted(self) -> Iterator[list[bytes]]:
        """Give the records of each bucket in order, each hash once, with its latest lapse."""
        for pieces in self._buckets:
            data = bytearray()
            for start, size in pieces:
                self._spool.seek(start)
                data += self._spool.read(size)
            records = sorted(
                [bytes(data[at : at + _RECORD]) for at in range(0, len(data), _RECORD)]
            )
            yield [
                record
                for record, after in zip(records, [*records[1:], b""], strict=False)
                if record[:HASH_BYTES] != after[:HASH_BYTES]
            ]


def sizes_for(entries: int) -> tuple[int, int]:
    """Choose the bits of the filter and of the index for so many entries, as powers of two."""
    filter_bits = max(3, math.ceil(math.log2(max(entries, 1) * _BITS_EACH)))
    index_bits = math.ceil(math.log2(max(entries / _STRETCH, 1)))
    return filter_bits, index_bits


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_numbers(table: IO[bytes], numbers: "array[int]") -> None:
    if _SWAPPED:
        numbers.byteswap()
    numbers.tofile(table)
    if _SWAPPED:
        numbers.byteswap()
