"""The ways in which one subject is run, and what is looked at each time.

As it is on this desk; with all memory overwritten that is given back, so that what is found is what
the program holds on to; with its system calls written down; and on a terminal, as officers have it.
"""

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from cli.exit_codes import STATUS_OF
from cli.problem import printable
from cli.selftest.canaries import Needle
from cli.selftest.looks import changed, offences, open_files, traced, tracer, tree
from cli.selftest.memory import Observed, Unreadable
from cli.selftest.outcome import Look, Material, Result, forms_in, in_memory, judged
from cli.selftest.post import ERASED, Post
from cli.selftest.subjects import (
    WIPING,
    Desk,
    NoAnswer,
    Running,
    Subject,
    children_of,
    on_terminal,
    wipes,
)
from cli.tallying.tally import Tally

# Colours are all that a verdict may ask of a terminal.
_COLOURS: Final = re.compile(rb"\x1b\[[0-9;]*m")
# A desk moves about on its screen as well, and has one of its own.
_SCREEN: Final = re.compile(rb"\x1b\[\??[0-9;]*[A-Za-z]")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")

_ONCE_GONE: Final = "memory, once the last verdict is gone"
# The same program in all but one step of its sealing, for users whom that step shuts out.
_TWIN: Final = (
    sys.executable,
    "-c",
    (
        "import sys, cli.app; from verifier.sealing import kernel; sys.argv[0] = 'pratique'; "
        "kernel.forbid_traces = lambda: None; cli.app.main()"
    ),
)
_AS_A_TWIN: Final = "; in a twin without the seal that lets nobody look in"

# What is there at the end is what the program has been given, and reads from and writes to.
_ITS_OWN: Final = "the store, and what it reads from and writes to"
_AND_COUNTS: Final = "; the tally"


def passes(subject: Subject, material: Material) -> Iterator[Look]:
    """Run a subject in each way and look."""
    desk = material.desk
    if subject.at_desk:
        Tally.open(desk.tally).close()
    before = tree(desk.folder)
    yield from _as_it_is(subject, material)
    if subject.holds:
        yield from _wiping(subject, material)
    yield from _traced(subject, material)
    if subject.at_desk:
        yield from _cleared(subject, material)
    else:
        yield from _shown(subject, material)
    own = (desk.tally,) if subject.at_desk else ()
    found = changed(before, desk.folder, material.given.unmistakable(), own)
    detail = "no file made, changed or removed"
    yield judged(subject.name, "files", found, detail + " but the tally" * subject.at_desk)


def _started(subject: Subject, command: Sequence[str], desk: Desk) -> Running | Post:
    return Post(command, desk) if subject.at_desk else Running(command, desk)


def _hand_over(running: Running | Post, subject: Subject, material: Material) -> None:
    """Serve everybody. At a desk the last one is looked for as well, once the verdict is gone."""
    if isinstance(running, Post):
        running.begin()
        for each in material.given.specimens:
            running.show(each.text)
        running.release()
        return
    for each in (*material.given.specimens, *material.last.specimens):
        running.show(each.text, subject.lines)


def _as_it_is(subject: Subject, material: Material) -> Iterator[Look]:
    """Run it so that it discloses nobody, and look at all that others could see of it."""
    desk, needles = material.desk, material.given.needles
    words = ("none" if word == "clinical" else word for word in subject.command)
    answered = True
    with _started(subject, subject.run(*words), desk) as running:
        try:
            _hand_over(running, subject, material)
            yield _told(subject, running, needles)
            yield _opened(subject, running, desk)
            if not subject.at_desk:
                yield _memory(subject, running, needles)
            running.finish()
        except NoAnswer:
            answered = running.ended_itself()
            yield Look(subject.name, "verdicts", Result.UNKNOWN, "the process did not answer")
    if answered:
        said = bytes(running.out + running.err)
        yield judged(subject.name, "output that is to disclose nobody", forms_in(said, needles))
        yield _ended(subject, running, needles)


def _told(subject: Subject, running: Running | Post, needles: Sequence[Needle]) -> Look:
    place = "command line and environment"
    try:
        return judged(subject.name, place, forms_in(running.observed.told(), needles))
    except Unreadable as error:
        return Look(subject.name, place, Result.UNKNOWN, str(error))


def _opened(subject: Subject, running: Running | Post, desk: Desk) -> Look:
    place = "open files"
    first = running.process.pid
    try:
        found = open_files(first, desk.store, *([desk.tally] if subject.at_desk else []))
        for pid in subject.others(first):
            # A worker has what its parent has, and may not write to it.
            found += open_files(pid, desk.store, desk.tally)
    except Unreadable as error:
        if tracer():
            detail = f"{error}; what it opens is among the system calls below"
            return Look(subject.name, place, Result.NOTE, detail)
        return Look(subject.name, place, Result.UNKNOWN, f"{error}: run as root or install strace")
    return judged(subject.name, place, found, _ITS_OWN + _AND_COUNTS * subject.at_desk)


def _memory(subject: Subject, running: Running | Post, needles: Sequence[Needle]) -> Look:
    """Look into the memory while the process waits for the next traveller."""
    place = "memory, waiting"
    pids = subject.others(running.process.pid)
    try:
        found, size = in_memory(running.observed, needles)
        for pid in pids:
            with Observed(pid) as other:
                more, more_size = in_memory(other, needles)
            found, size = found + more, size + more_size
    except Unreadable as error:
        return Look(subject.name, place, Result.UNKNOWN, str(error))
    if subject.holds and found:
        detail = f"{len(found)} remains in what was given back, until the process ends"
        return Look(subject.name, place, Result.NOTE, detail)
    return judged(subject.name, place, found, f"{size >> 10} KiB of {1 + len(pids)} process(es)")


def _ended(subject: Subject, running: Running | Post, needles: Sequence[Needle]) -> Look:
    """Look at how it ended: who tried what is sealed ends it with the status of the set-up."""
    place = "attempts at what is sealed"
    if running.process.returncode in STATUS_OF.values():
        return Look(subject.name, place, Result.NONE)
    said = running.err.decode("utf-8", "replace").splitlines()
    hidden = not said or bool(forms_in(bytes(running.err), needles))
    told = "it ended in error" if hidden else printable(said[0])
    return Look(subject.name, place, Result.FOUND, told)


def _wiping(subject: Subject, material: Material) -> Iterator[Look]:
    """Look for what the program holds on to, where all that it gives back is overwritten."""
    place, needles = "memory, what is held on to", material.given.needles
    if not wipes(material.desk):
        why = "the C library here does not overwrite memory that is given back"
        yield Look(subject.name, place, Result.UNKNOWN, why)
        return
    try:
        with Running(subject.run(), material.desk, WIPING, attach=True) as running:
            _hand_over(running, subject, material)
            found, size = in_memory(running.observed, needles)
            sealed = running.observed.is_sealed_against_us()
            seen = "; opened before it sealed itself" if sealed else ""
            yield judged(subject.name, place, found, f"{size >> 10} KiB{seen}")
            place = "registers"
            registers = b"".join(running.observed.registers())
            yield judged(subject.name, place, forms_in(registers, needles))
    except (Unreadable, NoAnswer) as error:
        yield Look(subject.name, place, Result.UNKNOWN, str(error))


def _is_shut(subject: Subject, desk: Desk) -> bool:
    """Tell whether this user cannot look into a worker, which is sealed from its beginning."""
    with Post(subject.run(), desk) as post:
        post.begin()
        shut = post.observed.is_sealed_against_us()
        post.finish()
    return shut


def _within_a_second(
    subject: Subject, post: Post, needles: Sequence[Needle], released: float
) -> Look:
    try:
        with Observed(post.worker()) as worker:
            regions = [b"\0".join(each.memory()) for each in (post.observed, worker)]
    except Unreadable as error:
        return Look(subject.name, _ONCE_GONE, Result.UNKNOWN, str(error))
    after = time.monotonic() - released
    found = [form for region in regions for form in forms_in(region, needles)]
    size = sum(map(len, regions)) >> 10
    detail = f"{size} KiB of the desk and of the worker that waits, {after:.2f} s after it"
    return judged(subject.name, _ONCE_GONE, found, detail)


def _traced(subject: Subject, material: Material) -> Iterator[Look]:
    place = "system calls"
    if tracer() is None:
        detail = "strace is not installed; files were compared instead"
        yield Look(subject.name, place, Result.NOTE, detail)
        return
    with tempfile.TemporaryDirectory(prefix="pratique-calls-") as folder:
        log = Path(folder) / "calls"
        try:
            with _started(subject, traced(subject.run(), log), material.desk) as running:
                _hand_over(running, subject, material)
                (first,) = children_of(running.process.pid)
                running.finish()
        except NoAnswer:
            yield Look(subject.name, place, Result.UNKNOWN, "no answer while it was traced")
            return
        logs = {
            int(path.suffix[1:]): path.read_text("utf-8", "replace")
            for path in log.parent.iterdir()
        }
    own = material.desk.tally if subject.at_desk else None
    found = offences(logs, first, own)
    detail = f"of {len(logs)} processes; " if own else ""
    beside = " but the tally" if own else ""
    detail += f"no file written{beside}, no connection, no program"
    yield judged(subject.name, place, found, detail)


def _cleared(subject: Subject, material: Material) -> Iterator[Look]:
    """Look, within a second of the end of the last verdict, for what is left of anybody."""
    needles = material.given.needles
    try:
        shut = _is_shut(subject, material.desk)
        twin = subject._replace(program=_TWIN) if shut else subject
        with Post(twin.run(), material.desk) as post:
            post.begin()
            for each in material.given.specimens:
                post.show(each.text)
            released = post.release()
            look = _within_a_second(twin, post, needles, released)
            yield look._replace(detail=look.detail + _AS_A_TWIN) if shut else look
            post.finish()
    except NoAnswer:
        yield Look(subject.name, _ONCE_GONE, Result.UNKNOWN, "the desk did not answer")
        return
    # What was sent before is erased, in the scrollback as well, where the terminal does as asked.
    rest = bytes(post.out).rpartition(ERASED)[2]
    yield judged(subject.name, "terminal, screen and scrollback", forms_in(rest, needles))
    steering = [repr(each) for each in _CONTROLS.findall(_SCREEN.sub(b"", bytes(post.out)))]
    detail = "colours, places and erasing alone"
    yield judged(subject.name, "terminal, what steers it", steering, detail)


def _shown(subject: Subject, material: Material) -> Iterator[Look]:
    """Look at what stands on a terminal, and so in its scrollback, when an officer is shown it."""
    given = material.given.specimens
    words = [word for word in subject.command if word not in {"--json", "--disclose", "clinical"}]
    scans = "".join(f"{each.text}\n" for each in given).encode()
    seen = on_terminal(subject.run(*words), material.desk, scans)
    rest = seen.replace(b"\r\n", b"\n")
    for each in given:
        if each.good:
            for shown in each.person:
                rest = rest.replace(shown.encode(), b"")
    beside = forms_in(rest, material.given.needles)
    yield judged(subject.name, "terminal, beside names and birth dates", beside)
    steering = [repr(each) for each in _CONTROLS.findall(_COLOURS.sub(b"", seen))]
    yield judged(subject.name, "terminal, what steers it", steering, "colours alone")
    count = sum(each.person.family_mrz.encode() in seen for each in given)
    detail = f"{count} names stay in it until it is closed or cleared"
    yield Look(subject.name, "terminal, scrollback", Result.NOTE, detail)
