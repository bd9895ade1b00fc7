"""``python -m benchmarks.rules``: entry rules against certlogic-js, country by country.

Compared is, for each test that a country published with a rule: ``Logic.judge`` of the rule, which
was compiled before, with ``evaluate`` of certlogic-js, which reads the rule anew each time. Rules
and data are the same, both sides are warm, and what each gives is checked before. The rounds of
both alternate in one run; the best of the rounds counts for each test, and the median of the ratios
over the tests of a country is its result. The ratio of all tests' time together stands beside it.

Node and npm are needed, and the registry once in a run; the package goes to a temporary folder.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.material import country_rules
from benchmarks.measure import Row
from verifier.rules.certlogic import Truth, compile_logic

_PACKAGE = "certlogic-js@1.2"
_WORKER = Path(__file__).with_name("certlogic_js.cjs")
_ROUNDS = 60
_EVALUATIONS = 20
_GOAL, _BOUND = 0.65, 1.0


class NotMeasuredError(Exception):
    """What the comparison needs is not here; says what."""


class Job(NamedTuple):
    """One rule on the data of one test, and what its country expects."""

    logic: dict[str, Any]
    data: dict[str, Any]
    expected: bool


def rows() -> list[Row]:
    """Measure each country that published tests. Raises ``NotMeasuredError``."""
    folder = country_rules()
    if folder is None:
        message = "the shared country rules are not here"
        raise NotMeasuredError(message)
    with _certlogic_js() as modules:
        return [
            _compare(country.name, jobs, modules)
            for country in sorted(folder.iterdir())
            if (jobs := _jobs(country))
        ]


def _jobs(country: Path) -> list[Job]:
    jobs = []
    for path in sorted(country.glob("*/tests/*.json")):
        test = json.loads(path.read_text())
        logic = json.loads((path.parents[1] / "rule.json").read_text())["Logic"]
        data = {"payload": test.get("payload"), "external": test["external"]}
        jobs.append(Job(logic, data, test["expected"]))
    return jobs


@contextmanager
def _certlogic_js() -> Iterator[Path]:
    """Install the package for as long as it is needed; give the folder of its modules."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        message = "Node and npm are not here"
        raise NotMeasuredError(message)
    with tempfile.TemporaryDirectory() as folder:
        install = [
            npm,
            "install",
            "--prefix",
            folder,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]
        done = subprocess.run([*install, _PACKAGE], capture_output=True, check=False)
        if done.returncode:
            message = f"npm could not install {_PACKAGE}"
            raise NotMeasuredError(message)
        yield Path(folder) / "node_modules"


def _compare(country: str, jobs: Sequence[Job], modules: Path) -> Row:
    measured = _compiled(jobs)
    ours, theirs = [float("inf")] * len(jobs), [float("inf")] * len(jobs)
    with _worker(jobs, modules) as ask:
        for _ in range(_ROUNDS):
            theirs = list(map(min, theirs, ask()))
            ours = list(map(min, ours, measured()))
    ratio = statistics.median(after / before for after, before in zip(ours, theirs, strict=True))
    together = sum(ours) / sum(theirs)
    note = (
        f"{len(jobs)} tests; all their time {together:.2f};"
        f" median {statistics.median(ours):.0f} ns, certlogic-js {statistics.median(theirs):.0f} ns"
    )
    return Row(f"rules of {country}, to certlogic-js", ratio, _GOAL, _BOUND, note)


def _compiled(jobs: Sequence[Job]) -> Callable[[], list[float]]:
    """Compile the rules; give what judges each some times and tells the nanoseconds."""
    judges = [(compile_logic(job.logic).judge, job.data) for job in jobs]
    for (judge, data), job in zip(judges, jobs, strict=True):
        if judge(data) is not (Truth.PASSED if job.expected else Truth.FAILED):
            sys.exit("a rule is judged wrongly")
    turns = range(_EVALUATIONS)
    clock = time.perf_counter_ns

    def measure() -> list[float]:
        taken = []
        for judge, data in judges:
            start = clock()
            for _ in turns:
                judge(data)
            taken.append((clock() - start) / _EVALUATIONS)
        return taken

    return measure


@contextmanager
def _worker(jobs: Sequence[Job], modules: Path) -> Iterator[Callable[[], list[float]]]:
    """Start Node with the jobs; give what asks it for a round of nanoseconds."""
    environment = {**os.environ, "NODE_PATH": str(modules)}
    with subprocess.Popen(
        ["node", str(_WORKER)],  # noqa: S607 - whichever Node there is
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        lines = [json.dumps({"jobs": jobs, "evaluations": _EVALUATIONS})]

        def ask() -> list[float]:
            assert process.stdin is not None  # noqa: S101 - both are pipes
            assert process.stdout is not None  # noqa: S101
            process.stdin.write(f"{lines.pop() if lines else 'again'}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                sys.exit("certlogic-js gives something else than the rules' tests expect")
            return json.loads(answer)

        yield ask


def main() -> int:
    """Print a line for each country."""
    try:
        found = rows()
    except NotMeasuredError as reason:
        print(f"not measured: {reason}")
        return 0
    for row in found:
        print(f"{row.name:36} {row.ratio:6.2f}  {row.verdict}")
        print(f"    {row.note}")
    return int(any(row.verdict == "OUT OF BOUND" for row in found))


if __name__ == "__main__":
    sys.exit(main())
