"""The trial itself: what is run, what is looked at, and the controls without which it is nothing."""

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from cli.selftest.canaries import Canaries, Needle, found_in, spellings
from cli.selftest.issuing import Issuer
from cli.selftest.looks import (
    changed,
    offences,
    open_files,
    told_of,
    traced,
    tracer,
    tree,
)
from cli.selftest.memory import Observed, Unreadable
from cli.selftest.specimen import Specimen
from cli.selftest.subjects import (
    WIPING,
    Desk,
    NoAnswer,
    Running,
    Subject,
    new_desk,
    on_terminal,
    program,
)
from cli.selftest.world import make_store, new_world

# Colours are all that a verdict may ask of a terminal.
_COLOURS: Final = re.compile(rb"\x1b\[[0-9;]*m")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")


class Result(StrEnum):
    """What a look came to. ``could_not_look`` is never folded into ``none_found``."""

    NONE = "none found"
    FOUND = "found"
    UNKNOWN = "could not look"
    NOTE = "note"


class Look(NamedTuple):
    """One thing that was looked at, and what was found there."""

    subject: str
    place: str
    result: Result
    detail: str = ""


class Trial(NamedTuple):
    """Everything that was looked at. ``forms`` are the forms that were searched for."""

    specimens: int
    formats: int
    forms: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def passed(self) -> bool:
        """Nothing found, both controls right, and nothing that could not be looked at."""
        return all(look.result in {Result.NONE, Result.NOTE} for look in self.looks)


class _Set(NamedTuple):
    """Specimens and what they are searched for by."""

    specimens: list[Specimen]
    needles: list[Needle]


class _Material(NamedTuple):
    """What is handed over and looked for; what is handed over last; what nobody ever gets."""

    desk: Desk
    given: _Set
    last: _Set
    absent: _Set


def run(subjects: Sequence[Subject], *, rounds: int = 1) -> Trial:
    """Try every subject with specimens of every format, so many times each."""
    with tempfile.TemporaryDirectory(prefix="pratique-selftest-") as folder:
        material = _prepare(Path(folder), rounds)
        looks = [*_controls(material)]
        for subject in subjects:
            looks += _tried(subject, material)
    given = material.given
    formats = {specimen.name.partition(",")[0] for specimen in given.specimens}
    forms = tuple(dict.fromkeys(needle.form for needle in given.needles))
    return Trial(len(given.specimens), len(formats), forms, tuple(looks))


def _prepare(folder: Path, rounds: int) -> _Material:
    now = datetime.now(UTC)
    world, strangers = new_world(now), new_world(now)
    desk = new_desk(folder)
    make_store(desk.store, world, now)

    def issue(count: int, canaries: Canaries) -> _Set:
        made = Issuer(world, strangers, canaries, now).specimens(count)
        own = [needle for specimen in made for needle in specimen.needles]
        return _Set(made, [*spellings(canaries.stem), *own])

    given, last, absent = issue(rounds, Canaries()), issue(1, Canaries()), issue(1, Canaries())
    # What all certificates of one signer have in common says nothing of a traveller.
    common = "\n".join(each.text for each in (*last.specimens, *absent.specimens)).encode()
    for each in (given, last, absent):
        each.needles[:] = [
            needle
            for needle in each.needles
            if needle.form != "scan" or common.count(needle.pattern) <= (each is not given)
        ]
    return _Material(desk, given, last, absent)


def _judged(subject: str, place: str, found: Sequence[str], detail: str = "") -> Look:
    if found:
        told = ", ".join(dict.fromkeys(found))
        return Look(subject, place, Result.FOUND, f"{len(found)}: {told}")
    return Look(subject, place, Result.NONE, detail)


def _forms_in(data: bytes, needles: Sequence[Needle]) -> list[str]:
    return list(found_in(data, needles).elements())


def _in_memory(observed: Observed, needles: Sequence[Needle]) -> tuple[list[str], int]:
    """Give the forms found and how many bytes were read. Raises ``Unreadable``."""
    found: list[str] = []
    size = 0
    for region in observed.memory():
        size += len(region)
        found += _forms_in(region, needles)
    return found, size


# A process that keeps what it reads, and one that writes it down: both are to be caught.
_KEEPER: Final = "import sys; kept = sys.stdin.readline(); print('kept', flush=True); input()"
_WRITER: Final = "open('note', 'w').write(input())"


def _controls(material: _Material) -> Iterator[Look]:
    """Look for what is there and for what is not: a search that misses either proves nothing."""
    desk, given, _, absent = material
    name = "control"
    try:
        with Running((sys.executable, "-c", _KEEPER), desk) as keeper:
            keeper.show(given.specimens[0].person.family, 1)
            found, _ = _in_memory(keeper.observed, given.needles)
            missing, _ = _in_memory(keeper.observed, absent.needles)
    except (Unreadable, NoAnswer) as error:
        yield Look(name, "a process that keeps a name", Result.UNKNOWN, str(error))
    else:
        good = Result.NOTE if found else Result.FOUND
        told = f"caught, {len(found)} times" if found else "NOT caught: the search is blind"
        yield Look(name, "a process that keeps a name", good, told)
        yield _judged(name, "names that nobody was given", missing, "as it has to be")
    before = tree(desk.folder)
    with Running((sys.executable, "-c", _WRITER), desk) as writer:
        writer.process.communicate(given.specimens[0].text.encode() + b"\n")
    caught = changed(before, desk.folder, given.needles)
    told = "caught" if caught else "NOT caught: the comparison is blind"
    yield Look(
        name,
        "a process that writes a scan to a file",
        Result.NOTE if caught else Result.FOUND,
        told,
    )
    (desk.folder / "here" / "note").unlink(missing_ok=True)


def _tried(subject: Subject, material: _Material) -> Iterator[Look]:
    """Run a subject as it is, with its memory wiped on release, traced, and on a terminal."""
    before = tree(material.desk.folder)
    yield from _as_it_is(subject, material)
    if subject.holds:
        yield from _wiping(subject, material)
    yield from _traced(subject, material)
    yield from _shown(subject, material)
    found = changed(before, material.desk.folder, material.given.needles)
    yield _judged(subject.name, "files", found, "no file made, changed or removed")


def _hand_over(running: Running, subject: Subject, material: _Material) -> None:
    for each in (*material.given.specimens, *material.last.specimens):
        running.show(each.text, subject.lines)


def _as_it_is(subject: Subject, material: _Material) -> Iterator[Look]:
    desk, given = material.desk, material.given
    command = _quiet(subject)
    try:
        with Running(program(*command), desk) as running:
            _hand_over(running, subject, material)
            pid = running.process.pid
            yield _judged(
                subject.name, "command line and environment", _forms_in(told_of(pid), given.needles)
            )
            yield _opened(subject, pid, desk)
            yield _memory(subject, running, given.needles)
            running.finish()
            said = bytes(running.out) + running.err
    except NoAnswer:
        yield Look(subject.name, "verdicts", Result.UNKNOWN, "the process did not answer")
        return
    yield _judged(subject.name, "output that is to disclose nobody", _forms_in(said, given.needles))


def _quiet(subject: Subject) -> list[str]:
    """Ask for verdicts that disclose nobody."""
    return ["none" if word == "clinical" else word for word in subject.command]


def _opened(subject: Subject, pid: int, desk: Desk) -> Look:
    place = "open files"
    try:
        found = open_files(pid, desk.store)
    except Unreadable as error:
        if tracer():
            detail = f"{error}; those that it opens are among the system calls below"
            return Look(subject.name, place, Result.NOTE, detail)
        return Look(subject.name, place, Result.UNKNOWN, f"{error}: run as root or install strace")
    return _judged(subject.name, place, found, "the store, and what it reads from and writes to")


def _memory(subject: Subject, running: Running, needles: Sequence[Needle]) -> Look:
    """Look into the memory while the process waits for the next traveller."""
    place = "memory, waiting"
    pids = subject.others(running.process.pid)
    try:
        found, size = _in_memory(running.observed, needles)
        for pid in pids:
            with Observed(pid) as other:
                more, more_size = _in_memory(other, needles)
                found, size = found + more, size + more_size
    except Unreadable as error:
        return Look(subject.name, place, Result.UNKNOWN, str(error))
    if subject.holds and found:
        detail = f"{len(found)} remains in memory given back, until the process ends"
        return Look(subject.name, place, Result.NOTE, detail)
    return _judged(subject.name, place, found, f"{size >> 10} KiB of {1 + len(pids)} process(es)")


def _wiping(subject: Subject, material: _Material) -> Iterator[Look]:
    """Look for what the program holds on to, where all that it gives back is overwritten."""
    place, needles = "memory, what is held on to", material.given.needles
    if not _wipes(material.desk):
        why = "the C library here does not overwrite memory that is given back"
        yield Look(subject.name, place, Result.UNKNOWN, why)
        return
    try:
        command = program(*subject.command)
        with Running(command, material.desk, WIPING, attach=True) as running:
            _hand_over(running, subject, material)
            found, size = _in_memory(running.observed, needles)
            sealed = running.observed.is_sealed_against_us()
            seen = "; opened before it sealed itself" if sealed else ""
            yield _judged(subject.name, place, found, f"{size >> 10} KiB{seen}")
            registers = b"".join(running.observed.registers())
            yield _judged(subject.name, "registers", _forms_in(registers, needles))
    except (Unreadable, NoAnswer) as error:
        yield Look(subject.name, place, Result.UNKNOWN, str(error) or "no answer")


# Gives a block back and looks at where it was.
_EFFECT: Final = """
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
block = libc.malloc(2000)
ctypes.memset(block, 0x41, 2000)
kept = libc.malloc(16)
libc.free(ctypes.c_void_p(block))
print(ctypes.string_at(block + 512, 512) != b"A" * 512)
"""


def _wipes(desk: Desk) -> bool:
    """Tell whether the settings have an effect: an unknown name is ignored without a word."""
    with Running((sys.executable, "-c", _EFFECT), desk, WIPING) as running:
        running.finish()
        return running.out.strip() == b"True"


def _traced(subject: Subject, material: _Material) -> Iterator[Look]:
    place = "system calls"
    if tracer() is None:
        detail = "strace is not installed; the files were compared instead"
        yield Look(subject.name, place, Result.NOTE, detail)
        return
    with tempfile.TemporaryDirectory(prefix="pratique-calls-") as folder:
        log = Path(folder) / "calls"
        try:
            with Running(traced(program(*subject.command), log), material.desk) as running:
                _hand_over(running, subject, material)
                running.finish()
        except NoAnswer:
            yield Look(subject.name, place, Result.UNKNOWN, "no answer while it was traced")
            return
        found = offences(log.read_text("utf-8", "replace"))
    yield _judged(subject.name, place, found, "no file written, no connection, no program")


def _shown(subject: Subject, material: _Material) -> Iterator[Look]:
    """Look at what stands on a terminal, and so in its scrollback, when an officer is shown it."""
    given = material.given.specimens
    words = [word for word in subject.command if word not in {"--json", "--disclose", "clinical"}]
    scans = "".join(f"{each.text}\n" for each in given).encode()
    seen = on_terminal(program(*words), material.desk, scans)
    rest = seen
    for each in given:
        if each.good:
            for shown in each.person:
                rest = rest.replace(shown.encode(), b"")
    yield _judged(
        subject.name,
        "terminal, beside names and birth dates",
        _forms_in(rest.replace(b"\r\n", b""), material.given.needles),
    )
    steering = _CONTROLS.findall(_COLOURS.sub(b"", seen))
    yield _judged(
        subject.name, "terminal, what steers it", [repr(each) for each in steering], "colours alone"
    )
    count = sum(each.person.family_mrz.encode() in seen for each in given)
    detail = f"{count} names stay in it until it is closed or cleared"
    yield Look(subject.name, "terminal, scrollback", Result.NOTE, detail)
