"""The memory of whole processes after a thousand certificates of all formats, read from outside.

With memory overwritten as it is given back (``WIPING``) what is found is what the program still
holds; a parent that lets a worker read each document holds nothing with any allocator.
"""

import sys
import time
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
from cli.selftest.post import ERASED, Post
from cli.selftest.specimen import Specimen
from cli.selftest.subjects import WIPING, Desk, Running, new_desk, subjects, wipes
from cli.selftest.world import make_store, new_world
from cli.tallying.tally import Tally

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
    ) -> list[str]:
        with Running(command, self.desk, extra) as running:
            for text in self.texts():
                running.show(text, 1)
            found, size = in_memory(running.observed, self.needles)
            assert size > 1 << 20
            running.finish()
        return found


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Shift:
    return Shift(tmp_path_factory.mktemp("shift"), ROUNDS)


def demand_wiping(desk: Desk) -> None:
    if not wipes(desk):
        pytest.skip("the C library here does not overwrite memory that is given back")


def test_a_thousand_travellers_leave_nothing_at_a_border_post(shift: Shift) -> None:
    """The real command on a terminal, names shown; looked into once the last verdict is gone."""
    assert len(shift.given) >= 1_000
    desk = shift.desk
    Tally.open(desk.tally).close()
    scan = subjects()[1]
    with Post(scan.run(), desk) as post:
        post.begin()
        for each in shift.given:
            post.show(each.text)
        released = post.release()
        with Observed(post.worker()) as worker:
            regions = [b"\0".join(each.memory()) for each in (post.observed, worker)]
        assert time.monotonic() - released < 1
        assert min(map(len, regions)) > 1 << 20
        found = [form for region in regions for form in found_in(region, shift.needles)]
        post.finish()
        assert post.process.returncode == 0
    assert found == []
    names = sum(each.person.family_mrz.encode() in post.out for each in shift.given)
    assert names >= len(shift.given) // 5  # they were shown, and are erased
    assert not found_in(bytes(post.out).rpartition(ERASED)[2], shift.needles)
    assert not found_in(desk.tally.read_bytes(), shift.needles)


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
