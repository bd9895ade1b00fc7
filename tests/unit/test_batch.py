import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count, cycle, islice
from pathlib import Path

import pytest
from support.keys import MemoryKeys
from support.specimens import case, memory_keys, specimen_keys, store, store_path, vaccination

from fixtures.world import DEMO
from verifier import Outcome, Verdict, Verifier, batch
from verifier.errors import SetupError

ROOT = Path(__file__).parents[2]
NAMES = ("vaccination", "expired", "signature-bit", "key-unknown", "empty", "zlib-bomb", "use-test")


def texts() -> list[str | bytes]:
    scans: list[str | bytes] = [case(name).text for name in NAMES]
    return [*scans, vaccination().encode(), b"\xff"]


@pytest.fixture
def held() -> Verifier:
    return Verifier(trust=memory_keys())


@pytest.mark.parametrize("processes", [1, 2])
def test_verdicts_come_in_the_order_of_the_texts(held: Verifier, processes: int) -> None:
    documents = list(islice(cycle(texts()), 400))
    one_by_one = [held.verify(document, at=DEMO) for document in documents]
    assert list(held.verify_many(documents, processes=processes, at=DEMO)) == one_by_one


def test_processes_share_a_real_store() -> None:
    held = Verifier(trust=store())
    documents = list(islice(cycle(texts()), 150))
    one_by_one = [held.verify(document, at=DEMO) for document in documents]
    assert list(held.verify_many(documents, processes=2, at=DEMO)) == one_by_one


@pytest.mark.parametrize("processes", [1, 2])
def test_a_batch_discloses_no_holder(held: Verifier, processes: int) -> None:
    verdicts = list(held.verify_many([vaccination()] * 3, processes=processes, at=DEMO))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.AUTHENTIC] * 3
    assert not any(verdict.discloses_holder for verdict in verdicts)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_endless_iterable_works_and_is_read_as_it_is_needed(
    held: Verifier, processes: int
) -> None:
    taken = count()

    def endless() -> Iterator[str]:
        for _ in taken:
            yield "HC1:"

    verdicts = held.verify_many(endless(), processes=processes, at=DEMO)
    assert len(list(islice(verdicts, 300))) == 300
    verdicts.close()
    assert next(taken) < 3_000


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 129])
def test_every_length_of_batch_is_answered_in_full(
    held: Verifier, processes: int, length: int
) -> None:
    verdicts = list(held.verify_many(["HC1:"] * length, processes=processes, at=DEMO))
    assert len(verdicts) == length
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)


@pytest.mark.parametrize("processes", [0, -1])
def test_fewer_than_one_process_is_refused_at_once(held: Verifier, processes: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        held.verify_many([], processes=processes)


def test_the_rules_asked_for_are_asked_in_a_batch_too() -> None:
    held = Verifier(trust=memory_keys(), rules="XS")
    (verdict,) = held.verify_many([vaccination()], at=DEMO)
    assert verdict.outcome is Outcome.REFER


@pytest.mark.parametrize("processes", [1, 2])
def test_a_naive_instant_is_refused(held: Verifier, processes: int) -> None:
    with pytest.raises(SetupError):
        list(held.verify_many([vaccination()], processes=processes, at=DEMO.replace(tzinfo=None)))


def test_an_iterable_that_fails_ends_the_batch_and_its_processes(held: Verifier) -> None:
    def failing() -> Iterator[str]:
        yield from ["HC1:"] * 10
        message = "no more"
        raise OSError(message)

    for processes in (1, 2):
        with pytest.raises(OSError, match="no more"):
            list(held.verify_many(failing(), processes=processes, at=DEMO))


def test_a_worker_verifies_what_it_is_given_and_leaves_ctrl_c_to_its_parent(
    held: Verifier,
) -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        batch._start_worker(held)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert batch._verify_chunk(texts(), DEMO) == [held.verify(one, at=DEMO) for one in texts()]
    finally:
        signal.signal(signal.SIGINT, before)
        batch._worker.clear()


SCRIPT = """
import sys, itertools
from fixtures.world import DEMO
from trustlists import TrustStore
from verifier import Verifier
verdicts = Verifier(trust=TrustStore.open(sys.argv[1])).verify_many(
    itertools.repeat(sys.stdin.read()), processes=2, at=DEMO
)
try:
    for number, verdict in enumerate(verdicts):
        if number == 200:
            print("under way", flush=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_an_interrupted_batch_ends_quietly_with_its_processes() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, os.fspath(store_path())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        # Whatever happens, the test ends.
        alarm = threading.Timer(30, process.kill)
        alarm.start()
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(vaccination())
        process.stdin.close()
        assert process.stdout.readline() == "under way\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "stopped\n"
        words = process.stderr.read()
        assert process.wait() == 0
        alarm.cancel()
    assert words == ""
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_verifier_crosses_to_processes_that_do_not_fork(
    held: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    seen: list[str | None] = []
    context = batch.multiprocessing.get_context
    monkeypatch.setattr(
        batch.multiprocessing,
        "get_context",
        lambda method=None: seen.append(method) or context("fork"),
    )
    assert len(list(held.verify_many(["HC1:"], processes=2, at=DEMO))) == 1
    assert seen == [None]


def test_keys_in_memory_are_shared_without_being_asked_twice() -> None:
    class Counting(MemoryKeys):
        asked = 0

        def find(self, kid: bytes) -> object:
            self.asked += 1
            return super().find(kid)

    trust = Counting(specimen_keys())
    list(Verifier(trust=trust).verify_many([vaccination()] * 5, at=DEMO))
    assert trust.asked == 5
