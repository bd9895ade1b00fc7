"""The memory of whole processes after a thousand certificates of all formats, read from outside.

With memory overwritten as it is given back (``WIPING``) what is found is what the program still
holds; a parent that lets a worker read each document holds nothing with any allocator.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.canaries import Canaries as OddCanaries
from support.canaries import all_documents
from support.specimens import make_store as make_specimen_store

from cli.selftest.canaries import Canaries, Needle, found_in, spellings
from cli.selftest.issuing import Issuer
from cli.selftest.memory import Observed
from cli.selftest.outcome import in_memory
from cli.selftest.specimen import Specimen
from cli.selftest.subjects import WIPING, Desk, Running, children_of, new_desk, subjects, wipes
from cli.selftest.world import make_store, new_world

ROUNDS = 28  # of nine kinds, each once good and three times broken: 1,008

LIBRARY = """
import os
from trustlists import TrustStore
from verifier import Disclosure, PrivacyPolicy, Verifier

buffer = bytearray(1 << 16)
policy = PrivacyPolicy(Disclosure.CLINICAL)
with TrustStore.open(os.environ["PRATIQUE_STORE"]) as store:
    verifier = Verifier(trust=store, policy=policy)
    while size := os.readv(0, [buffer]):
        verdict = verifier.verify(buffer[:size].decode("utf-8", "replace").rstrip("\\n"))
        if verdict.discloses_holder:
            with verdict.holder() as holder:
                shown = f"{holder.name}{holder.birth_date}{holder.clinical}"
            del holder, shown
        buffer[:] = bytes(len(buffer))
        os.write(1, f"{verdict.outcome}\\n".encode())
        del verdict
"""

# The design of a border post (no-retention notes, 9): the parent never reads a document.
WORKERS = """
import gc, os, sys
from cli.seals import seal_parent, seal_worker
from trustlists import TrustStore
from verifier import Disclosure, PrivacyPolicy, Verifier
import verifier.codecs.json_ld, verifier.codecs.zip_entry, verifier.chain, verifier.codecs.x509

store = TrustStore.open(os.environ["PRATIQUE_STORE"])
held = Verifier(trust=store, policy=PrivacyPolicy(Disclosure.CLINICAL))
seal_parent()
gc.collect()
gc.freeze()

def work():
    seal_worker()
    line = bytearray()
    one = bytearray(1)
    while os.readv(0, [one]) and one != b"\\n":
        line += one
    if not line:
        return 255
    verdict = held.verify(line.decode("utf-8", "replace"))
    if verdict.discloses_holder:
        with verdict.holder() as holder:
            os.write(2, holder.name.encode())
    os.write(1, f"{verdict.outcome}\\n".encode())
    return 0

while True:
    child = os.fork()
    if not child:
        os._exit(work())
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        break
"""


class Shift:
    """A desk, the travellers of a shift, and those who come last and are not looked for."""

    def __init__(self, folder: Path, rounds: int) -> None:
        now = datetime.now(UTC)
        world, strangers = new_world(now), new_world(now)
        self.desk: Desk = new_desk(folder)
        make_store(self.desk.store, world, now)
        canaries = Canaries()
        self.given: list[Specimen] = Issuer(world, strangers, canaries, now).specimens(rounds)
        self.last = Issuer(world, strangers, Canaries(), now).specimens(1)
        common = "\n".join(each.text for each in self.last).encode()
        self.needles: list[Needle] = [
            needle
            for specimen in self.given
            for needle in specimen.needles
            if needle.form != "scan" or needle.pattern not in common
        ] + spellings(canaries.stem)

    def texts(self) -> Iterator[str]:
        yield from (each.text for each in (*self.given, *self.last))

    def found(
        self,
        command: Sequence[str],
        extra: Mapping[str, str] | None = None,
        *,
        children: bool = False,
    ) -> list[str]:
        with Running(command, self.desk, extra) as running:
            for text in self.texts():
                running.show(text, 1)
            found, size = in_memory(running.observed, self.needles)
            assert size > 1 << 20
            if children:
                (waiting,) = children_of(running.process.pid)
                with Observed(waiting) as worker:
                    more, size = in_memory(worker, self.needles)
                    assert size > 1 << 20
                found += more
            running.finish()
        return found


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Shift:
    return Shift(tmp_path_factory.mktemp("shift"), ROUNDS)


def demand_wiping(desk: Desk) -> None:
    if not wipes(desk):
        pytest.skip("the C library here does not overwrite memory that is given back")


def test_a_thousand_travellers_leave_nothing_with_a_parent_of_workers(shift: Shift) -> None:
    assert len(shift.given) >= 1_000
    assert shift.found((sys.executable, "-c", WORKERS), children=True) == []


def test_the_library_holds_on_to_none_of_a_thousand(shift: Shift) -> None:
    demand_wiping(shift.desk)
    assert shift.found((sys.executable, "-c", LIBRARY), WIPING) == []


def test_the_command_holds_on_to_none_of_a_thousand(shift: Shift) -> None:
    demand_wiping(shift.desk)
    assert shift.found(subjects()[0].run(), WIPING) == []


def test_what_a_caller_gets_without_a_worker_is_found(shift: Shift) -> None:
    """The promise of the library is about what it holds, not about memory given back."""
    assert shift.found((sys.executable, "-c", LIBRARY))


def test_odd_documents_are_let_go_of_as_well(tmp_path: Path) -> None:
    """Key ids, headers, members and errors of every stage, each full of canaries."""
    desk = new_desk(tmp_path)
    demand_wiping(desk)
    make_specimen_store(desk.store)
    canaries = OddCanaries()
    # The last question that the store has no answer to is one about a canary.
    documents = sorted(all_documents(canaries), key=lambda each: each.name == "a long key id")
    texts = [document.text.encode("utf-8", "replace") for document in documents]
    lines = [text for text in texts if not set(b"\r\n") & set(text)]
    others = [each.text for each in all_documents(OddCanaries()) if each.good]
    last = [text.encode() for text in others if not set("\r\n") & set(text)]
    command = (sys.executable, "-c", LIBRARY.replace(".verify(", ".verify(at=at, text=").replace(
        "import os\n", "import os, datetime\nat = datetime.datetime.fromisoformat("
        "'2026-12-01T12:00:00+00:00')\n", 1,
    ))  # fmt: skip
    with Running(command, desk, WIPING) as running:
        for line in (*lines, *last):
            running.show(line.decode(), 1)
        memory = b"\0".join(running.observed.memory())
        running.finish()
    assert len(lines) > 150
    assert dict(found_in(memory, spellings(canaries.stem))) == {}
