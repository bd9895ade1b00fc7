"""Forking one worker after another, and ending them when the desk has to end or to pause."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

from cli.post.endings import CRASHED, Ending, Told, ending_of
from cli.post.hearing import leash

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
# A worker clears its screen when the leash is pulled, whatever the terminal would have it do.
_LEFT_TO_THE_PARENT: Final = (*_ENDING, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
_GRACE: Final = 2.0  # seconds for a worker to clear its screen; a terminal may take nothing more


class Workers:
    """The workers of a shift, one at a time. ``signalled`` is the signal that came, 0 for none."""

    __slots__ = ("_pid", "_pull", "signalled")

    def __init__(self) -> None:
        """Listen to the signals that end or pause a shift."""
        self._pid = 0
        self._pull = -1
        self.signalled = 0
        for number in (*_ENDING, signal.SIGTSTP):
            signal.signal(number, self._at_signal)
        signal.signal(signal.SIGALRM, self._at_alarm)

    def run(self, serve: Callable[[int], int]) -> Ending | Told | None:
        """Fork a worker, wait for it and tell how it ended; None for one that died of a fault.

        ``serve`` takes the reading end of the leash and gives the exit status; it runs in the
        worker alone.
        """
        reading, self._pull = leash()
        pulled = self._pull
        self._pid = os.fork()
        if not self._pid:
            _serve(serve, reading, pulled)
        os.close(reading)
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._pull_leash()
        return ending_of(os.waitstatus_to_exitcode(status)) if os.WIFEXITED(status) else None

    def pause(self) -> None:
        """Stop this process as Ctrl-Z does, until it is continued."""
        self.signalled = 0
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._at_signal)

    def _at_signal(self, number: int, _frame: FrameType | None) -> None:
        self.signalled = number
        if self._pid:
            signal.setitimer(signal.ITIMER_REAL, _GRACE)
        self._pull_leash()

    def _at_alarm(self, _number: int, _frame: FrameType | None) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)

    def _pull_leash(self) -> None:
        descriptor, self._pull = self._pull, -1
        if descriptor >= 0:
            os.close(descriptor)


def _serve(serve: Callable[[int], int], reading: int, writing: int) -> None:
    """Be the worker, and end without anything that Python does at an end."""
    status = CRASHED
    try:
        for number in _LEFT_TO_THE_PARENT:
            signal.signal(number, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.close(writing)
        status = serve(reading)
    finally:
        # Whatever was raised is dropped here, unsaid: it might quote a document.
        os._exit(status)
