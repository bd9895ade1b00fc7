"""Withdrawn certificates by the million: import, file, memory, and the time of a look-up.

``make bench`` compares a look-up among 10**6 with one among 10**4; ``make bench REVOKED=10000000``
takes as many instead. Sets are made in a temporary folder: bare batches of 1,000 hashes and one
signed description. The import runs in a process of its own, which tells its memory.
"""

import hashlib
import json
import statistics
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from support.revocation import anchor_file, describe

from fixtures.cases import DEMO
from trustlists import TrustStore
from verifier.revocation import Standing, Withdrawals
from verifier.trust import Environment, TrustedKey, TrustList

NOW = int(DEMO.timestamp())
KID = bytes.fromhex("5052415445535431")
BATCH = 1_000
ASKED = 50_000

_IMPORT = """
import resource, sys, time
from trustlists import import_sources
store, source, anchor, now = sys.argv[1:]
start = time.perf_counter()
import_sources(store, [source], now=int(now), anchors=[anchor])
took = time.perf_counter() - start
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


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


def key_of(kid: bytes = KID, country: str = "DE") -> TrustedKey:
    """Make a key of which only id and country matter."""
    source = TrustList("bench", Environment.SPECIMEN, NOW)
    return TrustedKey(kid, b"", frozenset(), frozenset(), country, "", None, None, True, source)  # noqa: FBT003 - its place says it


def measure(folder: Path, entries: int) -> Measured:
    """Import a set of so many entries and look others, and some of them, up."""
    source, store = folder / f"set-{entries}", folder / f"{entries}.sqlite"
    anchor = write_set(source, _Numbered(range(entries)))
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, store, source, anchor, str(NOW)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = map(float, done.stdout.split())
    [table] = folder.glob(f"{entries}.sqlite.revoked-*")
    size = table.stat().st_size
    with TrustStore.open(store) as opened:
        known = opened.withdrawals(key_of(), "eu-dcc")
        assert known is not None  # noqa: S101 - a benchmark of nothing would be quick
        absent = [text_of(-number) for number in range(1, ASKED)]
        listed = [text_of(number * (entries // 10_000)) for number in range(10_000)]
        times = (
            _microseconds(known, absent, Standing.CLEAR),
            _microseconds(known, listed, Standing.LISTED),
        )
    return Measured(entries, seconds, memory, size / entries, *times)


def _microseconds(known: Withdrawals, asked: Sequence[bytes], expected: Standing) -> float:
    """Give the time of one question, its hash included, as the median of rounds."""
    rounds = []
    for _ in range(7):
        start = time.perf_counter()
        for each in asked:
            if known.standing([each], NOW, None) is not expected:
                sys.exit("a look-up went wrong")
        rounds.append((time.perf_counter() - start) / len(asked) * 1e6)
    return statistics.median(rounds)


def main() -> int:
    """Print what each size comes to."""
    import tempfile  # noqa: PLC0415 - a script's own

    for entries in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            print(measure(Path(folder), entries), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
