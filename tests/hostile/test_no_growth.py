"""Memory and time do not grow with the number of documents verified in one process.

PYTHONPATH=.:tests python tests/hostile/test_no_growth.py 100000
"""

import gc
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from support.envelopes import parts_of
from support.specimens import case, memory_keys, store

from fixtures.cbor import encode
from fixtures.world import DEMO
from verifier import Verifier
from verifier.trust import KeySource

IN_THE_SUITE = 20_000
WARM_UP = 2_000
SLICES = 20

# RSS is counted in pages and moves with the allocator's arenas, which are 1 MiB each.
MOST_GROWTH = 3 * 1024 * 1024
MOST_SLOWING = 1.5

_SPECIMENS = (
    "vaccination", "test", "recovery", "exemption", "expired", "key-unknown", "signature-bit",
    "zlib-bomb", "envelope-nested", "claims-no-map", "born-after-issue", "kid-missing", "empty",
)  # fmt: skip


class Growth(NamedTuple):
    """What a run of documents did to its process."""

    documents: int
    bytes: int
    slowing: float
    seconds: float


def _resident() -> int:
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def _documents() -> Iterator[str]:
    """Give documents without end. Half of them have never been seen before."""
    known = [case(name).text for name in _SPECIMENS]
    parts = parts_of(known[0])
    for number in itertools.count():
        yield known[number % len(known)]
        serial = number.to_bytes(8, "big")
        match number % 3:
            case 0:  # a key id that nobody has, and nobody should remember
                yield parts._replace(protected=encode({1: -7, 4: serial})).text
            case 1:  # a payload that nobody signed
                yield parts._replace(payload=parts.payload + serial).text
            case _:  # a text that is none
                yield f"HC1:{number:X}"


def measure(documents: int, trust: KeySource) -> Growth:
    """Verify so many documents and tell how memory and time moved."""
    verifier = Verifier(trust=trust)
    scans = _documents()

    def verify(count: int) -> float:
        taken = 0.0
        for scan in itertools.islice(scans, count):
            begin = time.process_time()
            verifier.verify(scan, at=DEMO)
            taken += time.process_time() - begin
        return taken

    verify(WARM_UP)
    before = _resident()
    times = [verify(documents // SLICES) for _ in range(SLICES)]
    grown = _resident() - before
    # The best of each end: other programs of the machine are no fault of ours.
    slowing = min(times[-5:]) / min(times[:5])
    return Growth(documents, grown, slowing, sum(times))


def test_memory_and_time_do_not_grow_with_the_documents() -> None:
    grown = measure(IN_THE_SUITE, memory_keys())
    assert grown.bytes < MOST_GROWTH
    assert grown.slowing < MOST_SLOWING


def test_memory_does_not_grow_with_a_real_store_either() -> None:
    grown = measure(IN_THE_SUITE // 4, store())
    assert grown.bytes < MOST_GROWTH


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name, trust in (("keys in memory", memory_keys()), ("a trust store", store())):
        grown = measure(count, trust)
        print(  # noqa: T201 - a script
            f"{grown.documents} documents, {name}: {grown.bytes / 1024:.0f} KiB more, "
            f"last quarter {grown.slowing:.2f} times the first, {grown.seconds:.1f} s"
        )
