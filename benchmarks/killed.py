"""``python -m benchmarks.killed [ENTRIES [KILLS]]``: imports of withdrawals killed at any moment.

Two editions of a set, of 10**7 hashes each if nothing else is asked for, are imported in turn, each
import killed at a random moment of its duration. After each kill the store has to open, to be one
of the two editions whole, and to list what that edition lists. Tells what was seen, and exits with
1 when the store was neither or an import took more memory than it may.
"""

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from support.revocation import document

from benchmarks.revocation import NOW, hashes_of, key_of, text_of, write_set
from trustlists import TrustStore, import_sources
from verifier.revocation import Standing

_MOST_MEMORY = 512  # MiB
_ASKED = 1_000
_SEED = 20261125


def _import(store: Path, source: Path, anchor: Path, after: float | None) -> tuple[int, float, int]:
    """Import in a child, killed after so many seconds; give status, seconds and memory (MiB)."""
    start = time.perf_counter()
    child = os.fork()
    if not child:
        status = 1
        try:
            import_sources(store, [source], now=NOW, anchors=[anchor])
            status = 0
        finally:
            os._exit(status)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    took = time.perf_counter() - start
    return os.waitstatus_to_exitcode(status), took, used.ru_maxrss // 1024


def _edition(store: Path, entries: int) -> int:
    """Tell which edition the store is, looking at what only one has and at some of the rest."""
    with TrustStore.open(store) as opened:
        known = opened.withdrawals(key_of(), "eu-dcc")
        if known is None:
            sys.exit("the store has lost the set")

        def standing(number: int) -> Standing:
            return known.standing(*document(text_of(number)), NOW)

        both = range(1, entries, max(entries // _ASKED, 1))
        if any(standing(number) is not Standing.LISTED for number in both):
            sys.exit("the store does not list what both editions list")
        if any(standing(-number) is not Standing.CLEAR for number in range(1, _ASKED)):
            sys.exit("the store lists what neither edition lists")
        first, last = (standing(number) is Standing.LISTED for number in (0, entries))
    if first == last:
        sys.exit("the store is neither edition")
    return int(last)


def main(entries: int = 10**7, kills: int = 20) -> int:
    """Kill, look and tell."""
    chance = random.Random(_SEED)  # noqa: S311 - the same moments each time
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = folder / "trust.sqlite"
        editions = []
        for number in (0, 1):
            source = folder / str(number)
            anchor = write_set(source, hashes_of(range(number, number + entries)))
            editions.append((source, anchor))
        longest, most = 0.0, 0
        for edition in (0, 1):
            status, longest, memory = _import(store, *editions[edition], None)
            most = max(most, memory)
            if status or _edition(store, entries) != edition:
                sys.exit("an import that nobody killed went wrong")
        print(f"{entries:,} entries: an import takes {longest:.1f} s and {memory} MiB", flush=True)
        held, seen = 1, {"old": 0, "new": 0}
        for _ in range(kills):
            moment = chance.uniform(0, longest * 1.05)
            status, took, memory = _import(store, *editions[1 - held], moment)
            longest = longest if status else took  # the machine may have become faster
            most = max(most, memory)
            found = _edition(store, entries)
            seen["old" if found == held else "new"] += 1
            tables = len([*folder.glob(f"{store.name}.revoked-*")])
            print(
                f"killed after {moment:6.1f} s ({status}): edition {found}, {tables} tables",
                flush=True,
            )
            held = found
    print(f"{kills} kills: {seen}, at most {most} MiB")
    return int(most > _MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
