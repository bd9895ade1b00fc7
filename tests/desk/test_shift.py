"""A long shift: every format and outcome, no scan lost or merged, nothing of anybody left behind.

200 travellers with the suite; ``PRATIQUE_TRAVELLERS=1000`` for a whole shift.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pytest
from support.border_post import AT, PATIENCE, BorderPost, border_post
from support.canaries import Canaries, all_documents
from support.command import ROOT
from support.process_memory import found_in
from support.specimens import cases, store, store_path

from cli.messages.en_desk import DESK_WORDS
from cli.post.endings import FORMATS
from cli.post.judging import Judge
from cli.selftest.looks import offences, traced
from fixtures.ruled import COUNTRY, OUTCOMES, take_rules
from verifier import Outcome, Verifier

TRAVELLERS = int(os.environ.get("PRATIQUE_TRAVELLERS", "200"))


class Traveller(NamedTuple):
    """A scan, whose canaries are in it, and what has to come of it."""

    canaries: Canaries
    text: str
    outcome: Outcome
    format: str | None


@cache
def sets(count: int) -> list[list[Traveller]]:
    """Make so many sets, once."""
    return list(islice(each_set(), count))


def each_set() -> Iterator[list[Traveller]]:
    """Make documents of all formats, good and bad, each set full of canaries of its own."""
    verifier = Verifier(trust=store())
    while True:
        canaries = Canaries()
        made = []
        for document in all_documents(canaries):
            # A line end is the end of a scan, and what is no text is typed by nobody.
            if any(each in "\n\r" or 0xD800 <= ord(each) < 0xE000 for each in document.text):
                continue
            judged = Judge(verifier, datetime.fromisoformat(AT)).judge(
                document.text, keyboard=True, now=0.0
            )
            if judged is not None:
                verdict = judged.verdict
                made.append(Traveller(canaries, document.text, verdict.outcome, verdict.format))
        yield made


def travellers(count: int) -> list[Traveller]:
    """Make so many, no two in a row of one set."""
    made = sets(max(2, -(-count // len(sets(2)[0]))))
    every = list(chain.from_iterable(zip(*made, strict=True)))
    # Two in a row that are apart by an odd number are of two sets.
    step = max(1, len(every) // count) | 1
    return [every[at * step % len(every)] for at in range(count)]


def spaced(outcome: Outcome) -> bytes:
    return " ".join(DESK_WORDS[f"desk.big.{outcome.value}"]).encode()


def wait_for_verdict(post: BorderPost, since: int) -> bytes:
    """Wait for the band of a verdict, and give everything written until it was complete."""
    until = time.monotonic() + PATIENCE
    ends = [spaced(outcome) for outcome in Outcome]
    while time.monotonic() < until:
        seen = bytes(post.raw[since:])
        # The legend is the last thing that is written.
        if any(end in seen for end in ends) and seen.rstrip().endswith(b"clear"):
            return seen
        post.look(0.01)
    raise AssertionError(post.text)


def shown(seen: bytes) -> Outcome:
    """Name the outcome that was shown; the longer word first, as one is the end of another."""
    wanted = sorted(Outcome, key=lambda outcome: -len(spaced(outcome)))
    return next(outcome for outcome in wanted if spaced(outcome) in seen)


def test_no_scan_is_lost_or_merged_and_nothing_is_left_on_the_screen(tmp_path: Path) -> None:
    served = travellers(TRAVELLERS)
    assert {each.outcome for each in served} == set(Outcome) - {Outcome.MEETS_RULES}
    assert {each.format for each in served} >= set(FORMATS) - {None}
    folder = {"HOME": os.fspath(tmp_path), "TMPDIR": os.fspath(tmp_path)}
    with border_post("--store", store_path(), "--at", AT, env=folder) as post:
        before: Traveller | None = None
        names = 0
        for traveller in served:
            since = len(post.raw)
            post.scan(traveller.text)
            seen = wait_for_verdict(post, since)
            assert shown(seen) is traveller.outcome
            screen = post.text
            names += traveller.canaries.stem in screen
            assert traveller.canaries.identity_in(screen) == []
            if before is not None:
                left = before.canaries.found_in(screen + post.scrollback, before.text)
                assert left == []
            before = traveller
        assert names > len(served) // 10
        assert descriptors_of(post) <= {"terminal", "pipe", "store"}
        post.look(0.35)
        post.send(" ")
        post.wait("Ready.")
        for traveller in served:
            assert traveller.canaries.found_in(post.text + post.scrollback, traveller.text) == []
        # Neither the desk nor the worker that waits for the next one holds anything of anybody.
        kept = {each.canaries.stem for each in served} | {each.text[8:40] for each in served[::20]}
        for pid in (post.pid, *post.workers()):
            assert found_in(pid, *kept) == []
        post.send("\3")
        assert post.end() == 0
    assert list(tmp_path.rglob("*")) == []


def test_with_entry_rules_every_traveller_gets_the_outcome_of_the_rules(tmp_path: Path) -> None:
    path = Path(shutil.copy(store_path(), tmp_path / "trust.sqlite"))
    take_rules(path)
    scans = {case.id: str(case.scan) for case in cases()}
    wanted = {**OUTCOMES, "eu_dcc::signature-other-key": Outcome.NOT_AUTHENTIC}
    # Cards of several codes are another test's.
    served = [name for name in wanted if "\n" not in scans[name].strip()] * 3
    assert {wanted[name] for name in served} == set(Outcome) - {Outcome.AUTHENTIC}
    with border_post("--store", path, "--at", AT, "--rules", COUNTRY) as post:
        for name in served:
            since = len(post.raw)
            post.scan(scans[name].strip())
            assert shown(wait_for_verdict(post, since)) is wanted[name], name
        post.look(0.35)  # until then a control character may be what the scanner adds
        post.send("\3")
        assert post.end() == 0


def descriptors_of(post: BorderPost) -> set[str]:
    """Say what the desk and its worker have open."""
    kinds = set()
    for pid in (post.pid, *post.workers()):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            target = os.fspath(entry.readlink())
            kinds.add(
                "terminal"
                if target.startswith("/dev/pts/")
                else "pipe"
                if target.startswith("pipe:")
                else "store"
                if target == os.fspath(store_path())
                else target
            )
    return kinds


def test_the_test_would_see_what_is_left() -> None:
    """The control: before a verdict is cleared, its canaries are found."""
    (traveller,) = [each for each in travellers(40) if each.outcome is Outcome.AUTHENTIC][:1]
    with border_post("--store", store_path(), "--at", AT) as post:
        since = len(post.raw)
        post.scan(traveller.text)
        wait_for_verdict(post, since)
        assert traveller.canaries.found_in(post.text, traveller.text)
        (worker,) = post.workers()
        assert found_in(worker, traveller.canaries.stem) == [traveller.canaries.stem]
        assert found_in(post.pid, traveller.canaries.stem) == []


def test_a_pipe_gives_a_line_a_traveller_and_the_largest_status() -> None:
    served = travellers(40)
    done = subprocess.run(
        [sys.executable, "-m", "cli", "scan", "--json", "--store", store_path(), "--at", AT],
        input="".join(f"{each.text}\n" for each in served).encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    outcomes = [line.partition('"outcome":"')[2].partition('"')[0] for line in lines]
    verifier = Verifier(trust=store())
    at = datetime.fromisoformat(AT)
    assert outcomes == [verifier.verify(each.text, at=at).outcome.value for each in served]
    assert done.returncode == 12
    for each in served:
        assert each.canaries.found_in(done.stdout + done.stderr, each.text) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not on this machine")
def test_the_system_sees_no_write_but_to_the_terminal(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    served = travellers(20)
    command = (sys.executable, "-m", "cli", "scan", "--json", "--store", store_path(), "--at", AT)
    done = subprocess.run(
        traced(list(map(os.fspath, command)), trace),
        input="".join(f"{each.text}\n" for each in served).encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert len(done.stdout.splitlines()) == len(served)
    logs = {int(each.suffix[1:]): each.read_text() for each in tmp_path.iterdir()}
    (first,) = (pid for pid, log in logs.items() if log.startswith("execve("))
    assert len(logs) > len(served)
    # Nothing is counted of a drill.
    assert offences(logs, first, tmp_path / "no tally") == []
