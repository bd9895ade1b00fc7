"""Withdrawn certificates by the million: import, file, memory, and the time of a look-up.

``make bench`` compares a look-up among 10**6 with one among 10**4; with ``REVOKED=10000000`` it
takes as many instead. Sets are made in a temporary folder: bare batches of 1,000 hashes and one
signed description. The import runs in a process of its own, which tells its memory.
"""

import hashlib
import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from support.revocation import anchor_file, describe, document

from fixtures.cases import DEMO
from trustlists import TrustStore
from verifier.claims import Claims
from verifier.revocation import Standing, Withdrawals
from verifier.signature import VerifiedEnvelope
from verifier.trust import Environment, TrustedKey, TrustList

NOW = int(DEMO.timestamp())
KID = bytes.fromhex("5052415445535431")
BATCH = 1_000
ASKED = 50_000
_ROUNDS = 9

_IMPORT = """
import resource, sys, time
from trustlists import import_sources
store, source, anchor, now = sys.argv[1:]
start = time.perf_counter()
import_sources(store, [source], now=int(now), anchors=[anchor])
took = time.perf_counter() - start
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


Document = tuple[VerifiedEnvelope, Claims]


class Measured(NamedTuple):
    """What one size came to: seconds and MiB of the import, bytes an entry, microseconds."""

    entries: int
    seconds: float
    memory: float
    bytes_each: float
    absent: float
    listed: float

    def __str__(self) -> str:
        return (
            f"{self.entries:,}: import {self.seconds:.1f} s"
            f" ({self.entries / self.seconds:,.0f}/s, {self.memory:.0f} MiB),"
            f" {self.bytes_each:.1f} bytes each, look-up {self.absent:.2f} us absent,"
            f" {self.listed:.2f} us listed"
        )


def text_of(number: int) -> bytes:
    """Give what stands for an identifier; it was never anybody's."""
    return b"specimen %d" % number


def write_set(
    folder: Path,
    hashes: Sequence[bytes],
    *,
    country: str = "DE",
    kids: Sequence[bytes] = (KID,),
    kinds: Sequence[str] = ("UCI",),
) -> Path:
    """Write batches and their description; give the anchor that vouches for it."""
    folder.mkdir()
    files = {}
    for place, first in enumerate(range(0, len(hashes), BATCH)):
        batch = {
            "country": country,
            "expires": datetime.fromtimestamp(NOW + 86_400, UTC).isoformat(),
            "kid": b64encode(kids[place % len(kids)]).decode(),
            "hashType": kinds[place % len(kinds)],
            "entries": [
                {"hash": b64encode(each[:16]).decode()} for each in hashes[first : first + BATCH]
            ],
        }
        data = json.dumps(batch, separators=(",", ":")).encode()
        name = f"{place:07}.json"
        (folder / name).write_bytes(data)
        files[name] = hashlib.sha256(data).hexdigest()
    describe(folder, files, date=NOW - 3600, complete=[country], exact=[country])
    return anchor_file(folder.parent)


class _Numbered(Sequence[bytes]):
    """Hashes by their numbers, made when they are asked for."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place):  # type: ignore[no-untyped-def,override] # noqa: ANN001, ANN204
        chosen = self._numbers[place]
        return (
            _Numbered(chosen)
            if isinstance(chosen, range)
            else hashlib.sha256(text_of(chosen)).digest()
        )


def hashes_of(numbers: range) -> Sequence[bytes]:
    """Give the hashes of so many texts, made when they are asked for."""
    return _Numbered(numbers)


def key_of(kid: bytes = KID, country: str = "DE") -> TrustedKey:
    """Make a key of which only id and country matter."""
    source = TrustList("bench", Environment.SPECIMEN, NOW)
    return TrustedKey(kid, b"", frozenset(), frozenset(), country, "", None, None, True, source)  # noqa: FBT003 - its place says it


def measure(folder: Path, *sizes: int) -> list[Measured]:
    """Import a set of each size; look others, and some of them, up, in turn among all sizes."""
    imported = [_imported(folder, entries) for entries in sizes]
    with ExitStack() as stack:
        stores = [
            stack.enter_context(TrustStore.open(folder / f"{entries}.sqlite")) for entries in sizes
        ]
        known = [store.withdrawals(key_of(), "eu-dcc") for store in stores]
        absent = [document(text_of(-number)) for number in range(1, ASKED)]
        rounds = [
            [
                (
                    _microseconds(each, absent, Standing.CLEAR),
                    _microseconds(each, _some_of(entries), Standing.LISTED),
                )
                for each, entries in zip(known, sizes, strict=True)
            ]
            for _ in range(_ROUNDS)
        ]
    best = [[min(times) for times in zip(*each, strict=True)] for each in zip(*rounds, strict=True)]
    return [Measured(*facts, *times) for facts, times in zip(imported, best, strict=True)]


def _some_of(entries: int) -> list[Document]:
    return [document(text_of(number * (entries // 10_000))) for number in range(10_000)]


def _imported(folder: Path, entries: int) -> tuple[int, float, float, float]:
    source, store = folder / f"set-{entries}", folder / f"{entries}.sqlite"
    anchor = write_set(source, hashes_of(range(entries)))
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, store, source, anchor, str(NOW)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = map(float, done.stdout.split())
    [table] = folder.glob(f"{entries}.sqlite.revoked-*")
    size = table.stat().st_size
    return entries, seconds, memory, size / entries


def _microseconds(
    known: Withdrawals | None, asked: Sequence[Document], expected: Standing
) -> float:
    """Give the time of one question, its hash included."""
    assert known is not None  # noqa: S101 - a benchmark of nothing would be quick
    start = time.perf_counter()
    for verified, claims in asked:
        if known.standing(verified, claims, NOW) is not expected:
            sys.exit("a look-up went wrong")
    return (time.perf_counter() - start) / len(asked) * 1e6
