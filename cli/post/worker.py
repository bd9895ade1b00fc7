"""The worker of one traveller: listens, judges, shows, waits, clears, and is gone.

It is forked before the traveller comes. Everything of the traveller is in this process alone, is
written to the screen alone, and ends with it: no exit handler runs and no buffer is left.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from cli.json_lines import JsonLines
from cli.output import OutputClosedError, OutputFailedError, write
from cli.post import pages
from cli.post.camera import Camera, Watch
from cli.post.desk import Desk
from cli.post.endings import Ending, Told, status_of
from cli.post.hearing import EndOfTurn, Hearing, Input, Scan, Tick
from cli.post.judging import Judge, Judged, nothing_of_a_certificate
from cli.post.keys import Key
from cli.post.listening import Ear, Listener
from cli.post.passport import ZoneLines
from cli.post.screens import Painter, Part, Screen
from cli.post.sources import Bytes, Source, SourceLost
from cli.post.terminal import KEYBOARD, Size
from verifier import Verifier
from verifier.errors import PolicyViolation, SealBroken
from verifier.privacy import private

_SHOWN_AS_READING: Final = 8  # bytes after which "Reading" is shown: a key is never taken for it
_PATIENCE_FOR_ZONE: Final = 60.0  # seconds in which a passport is found and opened

_ENDINGS: Final = {
    Key.NO_CERTIFICATE: Ending.NO_CERTIFICATE,
    Key.WAIVER: Ending.WAIVER,
    Key.PROTECTION: Ending.PROTECTION,
    Key.ILL: Ending.ILL,
    Key.HELP: Ending.NOTHING,
}


class Turn(NamedTuple):
    """What the parent tells the worker of one turn."""

    verifier: Verifier
    basis: pages.Basis
    notes: tuple[str, ...] = ()
    page: Screen | None = None  # shown instead of the ready screen until something comes
    again: bool = False
    undone_told: bool = False
    device: Source | None = None
    camera: Camera | None = None
    # Asked now and then, while nothing comes, whether the desk has changed.
    changed: Callable[[], bool] = lambda: False


def run(desk: Desk, turn: Turn, leash: int, warm: Callable[[], object] = lambda: None) -> int:
    """Serve one traveller in this process and give the exit status.

    The camera is opened first, as no sealed process may; nothing is read before the seals are on.
    ``warm`` rehearses then.
    """
    ending: Ending | Told = Ending.OUTPUT_FAILED
    worker = None
    try:
        worker = _Worker(desk, turn, leash)
        watch = desk.seal_worker()
        warm()
        ending = worker.serve()
        watch.demand_unbroken()
    except SealBroken:
        ending = Ending.SEAL_BROKEN
    except PolicyViolation:
        ending = Ending.UNSEALED
    except EndOfTurn as end:
        ending = end.ending
    except SourceLost:
        ending = Ending.SOURCE_LOST
    except (OutputClosedError, OutputFailedError):
        ending = Ending.OUTPUT_FAILED
    finally:
        if worker is not None:
            worker.release()
    return status_of(ending)


@private
class _Worker:
    __slots__ = ("_desk", "_hearing", "_judge", "_painter", "_screen", "_size", "_turn")

    def __init__(self, desk: Desk, turn: Turn, leash: int) -> None:
        self._desk = desk
        self._turn = turn
        self._painter: Painter = desk.words.painter
        self._judge = Judge(turn.verifier, desk.settings.at)
        self._screen: Screen | None = None
        self._size = desk.terminal.size()
        watch = None if turn.camera is None else Watch(turn.camera())
        self._hearing = Hearing(_inputs(desk, turn), leash, watch)

    def serve(self) -> Ending | Told:
        """Show that the desk is ready, and do what comes."""
        self._show(self._turn.page or self._ready())
        while True:
            found = self._hearing.next()
            if isinstance(found, Tick):
                judged = self._at_tick()
            elif isinstance(found, Key):
                if found is not Key.ANY:
                    return self._at_key(found)
                self._show(self._ready())
                continue
            else:
                judged = self._at_scan(found)
            if judged is not None:
                return self._verdict(judged)

    def release(self) -> None:
        """Clear the screen and wipe what was heard."""
        self._hearing.wipe()
        self._screen = None
        with suppress(OutputClosedError, OutputFailedError):  # nobody looks any more
            self._desk.terminal.clear()

    def _ready(self, status: str = "", *more: str) -> Screen:
        notes = list(self._turn.notes)
        if self._turn.again:
            notes.append(self._painter.word("desk.again"))
        return pages.ready(self._desk.words, self._turn.basis, [*notes, *more], status=status)

    def _show(self, screen: Screen) -> None:
        """Show what is of no traveller; only where there is a screen."""
        self._screen = screen
        if self._desk.terminal.screen and not self._desk.settings.json:
            self._size = self._desk.terminal.size()
            write(self._painter.paint(screen, self._size))

    def _at_tick(self) -> Judged | None:
        self._redraw()
        if self._hearing.heard >= _SHOWN_AS_READING:
            if not self._painter.plain:
                self._show(self._ready(self._painter.word("desk.reading")))
        elif self._judge.waiting is None and self._turn.changed():
            raise EndOfTurn(Ending.NOTHING)
        return self._judge.overdue(time.monotonic())

    def _redraw(self) -> None:
        """Draw anew on a screen that has another size now; lines that were read out stay."""
        if self._painter.plain or self._screen is None:
            return
        size: Size = self._desk.terminal.size()
        if size != self._size:
            self._show(self._screen)

    def _at_scan(self, scan: Scan) -> Judged | None:
        if scan.perhaps:
            return self._judge.if_whole(scan.text)
        judged = self._judge.judge(scan.text, keyboard=scan.keyboard, now=time.monotonic())
        if judged is None:
            have, of = self._judge.waiting or (0, 0)
            self._show(self._ready(self._painter.word("desk.parts", have=have, of=of)))
        elif scan.by_hand and nothing_of_a_certificate(judged.verdict):
            self._show(self._ready("", self._painter.word("desk.by_hand")))
            return None
        return judged

    def _at_key(self, key: Key) -> Ending:
        if key is Key.INTERRUPT:
            return Ending.END
        if key is Key.SUSPEND:
            return Ending.SUSPEND
        if key is Key.END:
            return self._asked_to_end()
        if key is Key.AGAIN:
            return Ending.AGAIN
        if pages.has_guidance(key):
            self._show(pages.guidance(self._desk.words, key))
            self._released()
            return _ENDINGS[key]
        if key is Key.SLIP:
            self._show(pages.slip(self._desk.words, None))
            self._released()
        return Ending.NOTHING

    def _asked_to_end(self) -> Ending:
        """Ask once more: a key that is touched by accident ends no shift."""
        self._show(self._ready(self._painter.word("desk.again_ends", digit=Key.END.value)))
        return Ending.END if self._released() is Key.END else Ending.NOTHING

    def _verdict(self, judged: Judged) -> Ending | Told:
        """Show a verdict until it is released."""
        self._hearing.wipe()
        settings = self._desk.settings
        told = Told(
            judged.verdict.outcome,
            judged.verdict.format,
            undone=bool(judged.undone),
            incomplete=judged.incomplete,
        )
        if settings.json:
            write(JsonLines(settings.disclosure).write(judged.verdict))
            return told
        compares = self._desk.compare is not None and judged.verdict.compares_holder
        if self._turn.undone_told:
            judged = judged._replace(undone="")
        words = self._desk.words
        holder = pages.holder_parts(words, judged.verdict)
        remarks = self._remarks(judged)
        screen = pages.verdict_screen(words, judged, holder, remarks, passport=compares)
        self._result(screen)
        if not self._desk.terminal.screen:
            return told
        return self._shown(screen, holder, judged, told)

    def _shown(
        self, screen: Screen, holder: list[Part], judged: Judged, told: Told
    ) -> Ending | Told:
        """Do what is asked for while a verdict is shown."""
        while True:
            key = self._released()
            if key is Key.AGAIN:
                return Ending.ANEW
            if key in {Key.PROTECTION, Key.ILL}:
                # Nothing is counted of who needs something else than a check.
                return self._at_key(key)
            if key in {Key.INTERRUPT, Key.SUSPEND}:
                return self._at_key(key)
            if key is Key.SLIP:
                self._show(pages.slip(self._desk.words, judged.verdict))
                self._released()
                return told
            if key is not Key.PASSPORT or self._desk.compare is None:
                return told
            compared = self._passport(judged)
            if compared is not None:
                judged = compared
                told = told._replace(outcome=judged.verdict.outcome)
                words = self._desk.words
                screen = pages.verdict_screen(words, judged, holder, (), passport=True)
            self._show(screen)

    def _passport(self, judged: Judged) -> Judged | None:
        """Ask for the passport's lines and judge once more; None when it was given up."""
        compare = self._desk.compare
        zone = ZoneLines()
        until = time.monotonic() + _PATIENCE_FOR_ZONE
        self._show(pages.passport_asked(self._desk.words, 0))
        while time.monotonic() < until:
            found = self._hearing.next(until)
            if isinstance(found, Key):
                return None
            if isinstance(found, Tick) or found.perhaps or isinstance(found.text, bytes):
                continue
            if zone.add(found.text) and compare is not None:
                return judged._replace(verdict=compare(judged.verdict, zone.take()))
            self._show(pages.passport_asked(self._desk.words, zone.characters))
        return None

    def _result(self, screen: Screen) -> None:
        if self._desk.terminal.screen:
            self._show(screen)
        else:
            write(self._painter.paint(screen, self._size) + "\n")

    def _remarks(self, judged: Judged) -> Sequence[str]:
        remarks = []
        if judged.incomplete:
            remarks.append(self._painter.word("desk.incomplete"))
        if self._turn.again:
            remarks.append(self._painter.word("desk.again"))
        return remarks

    def _released(self) -> Key | None:
        """Wait until what is shown is to be cleared: a key, the next scan (None), or time."""
        since = time.monotonic()
        until = since + self._desk.settings.clear_after
        while True:
            found = self._hearing.after_verdict(since, until)
            if not isinstance(found, Tick):
                return found
            if time.monotonic() >= until:
                return Key.ANY
            self._redraw()


def _inputs(desk: Desk, turn: Turn) -> list[Input]:
    inputs = []
    if turn.device is not None:
        ear = Ear({}, keyboard=False, prefix=desk.settings.prefix, suffix=desk.settings.suffix)
        inputs.append(Input(turn.device, Listener(ear), Ending.SOURCE_LOST, keyboard=False))
    if desk.keyboard is not None:
        listener = Listener(desk.keyboard)
        keyboard = desk.keyboard.keyboard
        inputs.append(Input(Bytes(KEYBOARD), listener, Ending.CLOSED, keyboard=keyboard))
    return inputs
