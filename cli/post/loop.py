"""The shift: a worker for each traveller, the tally of how they ended, and what a desk survives.

This process lives for eight hours and never reads a scan. Between two travellers it takes a new
trust store, finds a scanner that was plugged in again, and says what went wrong.
"""

import gc
import os
import signal
import time
from collections.abc import Callable
from typing import Final

from cli.exit_codes import STATUS_OF
from cli.output import OutputFailedError, remark
from cli.post import pages, worker
from cli.post.camera import Camera
from cli.post.desk import Desk
from cli.post.endings import Ending, Told
from cli.post.opened import Opened
from cli.post.screens import Screen
from cli.post.sources import Source, device_source, open_device
from cli.post.worker import Turn
from cli.post.workers import Workers
from cli.problem import Problem
from verifier.errors import PolicyViolation, SealBroken
from verifier.verdict import Outcome

# Counts one more of an outcome and a format, None for none; raises ``Problem`` when it cannot.
Count = Callable[[Outcome, str | None], object]

_BY_SIGNAL: Final = 128  # and its number: what shells report
_AFTER_CRASH: Final = 1.0  # seconds, so that a desk on which every worker dies does not spin

# What ends a shift: nobody shall go on at a desk where something of a traveller may be kept.
_SEE: Final = "See: pratique privacy show; pratique privacy selftest"
_UNSAFE: Final = {
    Ending.SEAL_BROKEN: SealBroken(
        f"Some code tried to write a file, open a connection or start a program.\n{_SEE}"
    ),
    Ending.UNSEALED: PolicyViolation(f"Not every seal holds in a worker of this desk.\n{_SEE}"),
}

# What the officer answered without a scan, and what it counts as: a referral, of no format.
_REFERRED: Final = frozenset({Ending.NO_CERTIFICATE, Ending.WAIVER})


class Shift:
    """One shift at one desk."""

    __slots__ = (
        "_again", "_camera", "_camera_at", "_count", "_descriptor", "_desk", "_notes", "_opened",
        "_page", "_status", "_undone_told", "_workers",
    )  # fmt: skip

    def __init__(
        self, desk: Desk, opened: Opened, *, count: Count | None, camera: Camera | None
    ) -> None:
        """Take the desk, its open store, what counts (None: nothing does) and a camera."""
        self._desk = desk
        self._opened = opened
        self._count = count
        self._camera = camera
        self._camera_at = 0.0
        self._workers = Workers()
        self._page: Screen | None = None
        self._notes: list[str] = []
        self._again = False
        self._undone_told = False
        self._descriptor = -1
        self._status = 0

    def run(self, page: Screen | None) -> int:
        """Serve until the shift ends and give the exit status; ``page`` is shown at first.

        Raises ``OutputFailedError`` when the screen, or what stands for it, takes nothing more, and
        ``PolicyViolation`` when a seal that is demanded does not hold, or one is broken.
        """
        self._page = page
        self._open_device()
        self._desk.seal_parent()
        gc.collect()
        gc.freeze()  # a worker that collects garbage would copy all that is shared otherwise
        with self._desk.terminal.held():
            ending: Ending | Told | None = Ending.NOTHING
            while ending is not Ending.END:
                ending = self._after(self._turn())
        return self._status

    def _turn(self) -> Ending | Told | None:
        if self._workers.signalled:
            return Ending.LEASH
        if self._opened.renew():
            self._notes.append(self._word("desk.store_new"))
        if self._descriptor < 0:
            self._open_device()
        camera = self._camera if time.monotonic() >= self._camera_at else None
        turn = Turn(
            verifier=self._opened.verifier,
            basis=self._opened.basis(),
            notes=(*self._notes, *self._lasting(camera)),
            page=self._page,
            again=self._again,
            undone_told=self._undone_told,
            device=self._device(),
            camera=camera,
            changed=self._changed,
        )
        self._notes.clear()
        self._page = None
        return self._workers.run(lambda leash: self._serve(turn, leash))

    def _serve(self, turn: Turn, leash: int) -> int:
        """Be the worker of one turn."""
        return worker.run(self._desk, turn, leash, self._opened.warm)

    def _after(self, ending: Ending | Told | None) -> Ending | Told | None:
        """Do what the ending of a worker asks for, and give it; END ends the shift."""
        again, self._again = self._again, ending is Ending.AGAIN
        if isinstance(ending, Told):
            self._tell(ending, count=not again)
        elif ending in _REFERRED:
            self._add(Outcome.REFER, None)
        elif ending is Ending.SOURCE_LOST:
            self._lose_source()
        elif ending is Ending.OUTPUT_FAILED:
            message = "the terminal takes nothing more"
            raise OutputFailedError(message)
        elif ending in _UNSAFE:
            raise _UNSAFE[ending]
        elif ending in {Ending.CLOSED, Ending.END}:
            return Ending.END
        elif ending is Ending.SUSPEND or self._workers.signalled == signal.SIGTSTP:
            self._pause()
        elif self._workers.signalled or ending is Ending.LEASH:
            self._status = _BY_SIGNAL + self._workers.signalled
            return Ending.END
        elif ending is None:
            self._crashed()
        return ending

    def _tell(self, told: Told, *, count: bool) -> None:
        if told.incomplete:
            self._add(Outcome.REFER, "smart-health-card")
        if count:
            self._add(told.outcome, told.format)
        self._undone_told |= told.undone
        if not self._desk.terminal.keys:
            self._status = max(self._status, STATUS_OF[told.outcome])

    def _add(self, outcome: Outcome, form: str | None) -> None:
        if self._count is None:
            return
        try:
            self._count(outcome, form)
        except Problem:
            self._notes.append(self._word("desk.tally_failed"))

    def _crashed(self) -> None:
        """Show INT-000: a worker that dies of a fault leaves the traveller to a person."""
        self._desk.terminal.clear()
        self._add(Outcome.REFER, None)
        self._page = pages.crashed(self._desk.words, self._opened.basis())
        if not self._desk.terminal.screen:
            remark(self._word("desk.crashed"))
            self._status = max(self._status, STATUS_OF[Outcome.REFER])
        time.sleep(_AFTER_CRASH)

    def _pause(self) -> None:
        self._desk.terminal.leave()
        self._workers.pause()
        self._desk.terminal.enter()

    def _word(self, key: str) -> str:
        return self._desk.words.painter.word(key)

    def _lasting(self, camera: Camera | None) -> list[str]:
        """Give the notes that hold as long as what they tell of."""
        notes = []
        missing = self._desk.settings.device and self._descriptor < 0
        if missing or (self._camera is not None and camera is None):
            notes.append(self._word("desk.device_lost"))
        if not self._opened.usable:
            notes.append(self._word("desk.store_lost"))
        return notes

    def _changed(self) -> bool:
        """Tell an idle worker to end, because the next one will find another desk."""
        if self._opened.has_changed():
            return True
        if self._camera is not None and 0 < self._camera_at <= time.monotonic():
            return True
        path = self._desk.settings.device
        return bool(path) and self._descriptor < 0 and os.path.exists(path)  # noqa: PTH110 - as elsewhere

    def _open_device(self) -> None:
        path = self._desk.settings.device
        if path:
            found = open_device(path)
            self._descriptor = -1 if found is None else found

    def _device(self) -> Source | None:
        if self._descriptor < 0:
            return None
        return device_source(self._desk.settings.device, self._descriptor)

    def _lose_source(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        if self._camera is not None:
            self._camera_at = time.monotonic() + 3 * _AFTER_CRASH
        if not self._desk.terminal.screen:
            remark(self._word("desk.device_lost"))
        # A device that is listed but cannot be read yet is not asked without pause.
        time.sleep(_AFTER_CRASH)
