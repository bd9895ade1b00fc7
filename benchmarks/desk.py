"""From the last character of a scan to the verdict on the screen, through a pseudo-terminal.

``PYTHONPATH=.:tests python -m benchmarks.desk``. Beside it, in the same run, what the verification
itself takes. A scan is typed up to its end, then the desk has time to take that in, and the clock
runs from the end of the scan until the last part of the screen has arrived.
"""

import os
import statistics
import sys
import time
from datetime import datetime

from support.border_post import AT, BorderPost, border_post
from support.specimens import FIXTURES, store, store_path

from cli.selftest.subjects import heard
from verifier import Verifier

_ROUNDS = 40
_FAMILIES = (
    ("EU DCC", "eu_dcc", "vaccination"),
    ("SMART Health Card", "smart_health_card", "two-doses"),
    ("NZ COVID Pass", "nz_covid_pass", "vaccinated"),
    ("VDS-NC", "vds_nc", "vaccination"),
    ("WHO DDCC", "who_ddcc", "vaccination"),
    ("not authentic", "eu_dcc", "signature-other-key"),
)


def _verified(text: str) -> list[float]:
    """Take the seconds of verifications in one process, the first few of them left out."""
    verifier, at = Verifier(trust=store()), datetime.fromisoformat(AT)
    taken = []
    for _ in range(_ROUNDS + 5):
        start = time.perf_counter()
        verifier.verify(text, at=at)
        taken.append(time.perf_counter() - start)
    return taken[5:]


def _shown(post: BorderPost, text: str) -> float:
    """Scan, and give the seconds from the end of the scan to the end of the screen."""
    post.send(text)
    post.settle(0.03)
    start = time.perf_counter()
    os.write(post.terminal, b"\r")
    seen = b""
    while not seen.rstrip().endswith(b"clear"):
        heard([post.terminal], 10)
        seen += os.read(post.terminal, 65_536)
    taken = time.perf_counter() - start
    post.look(0.4)
    os.write(post.terminal, b" ")
    post.settle(0.05)
    return taken


def main() -> int:
    """Print a line a format, and leave with 1 if a median is beyond 3 verifications and 5 ms."""
    print(f"{'':22}{'verify':>8}{'shown':>8}{'bound':>8}   quartiles, slowest (ms)")
    missed = 0
    with border_post("--store", store_path(), "--at", AT) as post:
        for name, family, case in _FAMILIES:
            text = (FIXTURES / family / f"{case}.txt").read_text().rstrip("\n")
            verify = 1e3 * statistics.median(_verified(text))
            shown = sorted(1e3 * _shown(post, text) for _ in range(_ROUNDS))
            low, median, high = statistics.quantiles(shown, n=4)
            bound = 3 * verify + 5
            missed += median > bound
            print(
                f"{name:22}{verify:8.2f}{median:8.2f}{bound:8.2f}"
                f"   {low:.2f} to {high:.2f}, {shown[-1]:.2f}"
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
