"""The trial itself: what is made for it, the controls without which it is nothing, all subjects."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cli.seals import meaning_of, tried
from cli.selftest.canaries import Canaries, spellings
from cli.selftest.issuing import Issuer
from cli.selftest.looks import changed, tree
from cli.selftest.memory import Unreadable
from cli.selftest.outcome import Batch, Look, Material, Result, Trial, in_memory, judged
from cli.selftest.passes import passes
from cli.selftest.subjects import NoAnswer, Running, Subject, new_desk
from cli.selftest.world import make_store, new_world
from verifier.sealing import State


def run(subjects: Sequence[Subject], *, rounds: int = 1) -> Trial:
    """Try every subject with specimens of every format, so many times each."""
    with tempfile.TemporaryDirectory(prefix="pratique-selftest-") as folder:
        material = _prepare(Path(folder), rounds)
        looks = [*_controls(material), *_seals()]
        for subject in subjects:
            looks += passes(subject, material)
    given = material.given
    formats = {specimen.name.partition(",")[0] for specimen in given.specimens}
    forms = tuple(dict.fromkeys(needle.form for needle in given.needles))
    return Trial(len(given.specimens), len(formats), forms, tuple(looks))


def _prepare(folder: Path, rounds: int) -> Material:
    now = datetime.now(UTC)
    world, strangers = new_world(now), new_world(now)
    desk = new_desk(folder)
    make_store(desk.store, world, now)

    def issue(count: int) -> Batch:
        canaries = Canaries()
        made = Issuer(world, strangers, canaries, now).specimens(count)
        own = [needle for specimen in made for needle in specimen.needles]
        return Batch(made, [*spellings(canaries.stem), *own])

    given, last, absent = issue(rounds), issue(1), issue(1)
    # What all certificates of one signer have in common says nothing of a traveller.
    _drop_common(given, (last, absent))
    _drop_common(absent, (given, last))
    return Material(desk, given, last, absent)


def _drop_common(batch: Batch, others: Sequence[Batch]) -> None:
    text = "\n".join(each.text for other in others for each in other.specimens).encode()
    batch.needles[:] = [
        needle for needle in batch.needles if needle.form != "scan" or needle.pattern not in text
    ]


# A process that keeps what it reads, and one that writes it down: both are to be caught.
_KEEPER: Final = "import sys; kept = sys.stdin.readline(); print('kept', flush=True); input()"
_WRITER: Final = "open('note', 'w').write(input())"


def _controls(material: Material) -> Iterator[Look]:
    """Look for what is there and for what is not: a search that misses either proves nothing."""
    yield from _memory_controls(material)
    desk, given = material.desk, material.given
    before = tree(desk.folder)
    with Running((sys.executable, "-c", _WRITER), desk) as writer:
        writer.process.communicate(given.specimens[0].text.encode() + b"\n")
    caught = changed(before, desk.folder, given.unmistakable())
    yield _caught("a process that writes a scan to a file", len(caught))
    (desk.folder / "here" / "note").unlink(missing_ok=True)


def _memory_controls(material: Material) -> Iterator[Look]:
    desk, given, _, absent = material
    place = "a process that keeps a name"
    try:
        with Running((sys.executable, "-c", _KEEPER), desk) as keeper:
            keeper.show(given.specimens[0].person.family, 1)
            found, _ = in_memory(keeper.observed, given.needles)
            missing, _ = in_memory(keeper.observed, absent.needles)
    except (Unreadable, NoAnswer) as error:
        yield Look("controls", place, Result.UNKNOWN, str(error))
        return
    yield _caught(place, len(found))
    yield judged("controls", "names that nobody was given", missing)


def _caught(place: str, times: int) -> Look:
    if times:
        return Look("controls", place, Result.RIGHT, "caught")
    return Look("controls", place, Result.FOUND, "NOT caught: the search is blind")


def _seals() -> Iterator[Look]:
    """Say which seals this machine has. One that is missing is no find, but has to be known."""
    for step in tried():
        result = Result.RIGHT if step.state is State.ON else Result.NOTE
        yield Look("seals", meaning_of(step), result, step.state.value)
