"""The terminal of the desk: keys as they come and unseen, a screen that is cleared for good.

Lines of the terminal's own are never relied on: it cuts them at 4,095 bytes (termios(3)). Nothing
typed is echoed, and no key of the terminal's own ends or stops the program, because scanners type
control characters (scanners notes, 6).
"""

import array
import fcntl
import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from cli.output import RESULTS, write

KEYBOARD: Final = 0

# Home, erase the screen, erase what was scrolled off it (ECMA-48, 8.3.39; the last is xterm's).
CLEAR: Final = "\033[H\033[2J\033[3J"
# A screen of its own, a cursor that does not blink where nothing is written.
_ENTER: Final = "\033[?1049h\033[?25l" + CLEAR
_LEAVE: Final = CLEAR + "\033[?25h\033[?1049l"
# What a desk sees again when the program is gone; also where there is no screen of its own.
_LEAVE_PLAIN: Final = CLEAR

_LOCAL, _INPUT, _CONTROL = 3, 0, 6  # of what tcgetattr gives


class Size(NamedTuple):
    """Columns and rows."""

    columns: int
    rows: int


class Terminal:
    """The keyboard and screen, or a pipe in place of either."""

    __slots__ = ("_before", "keys", "plain", "screen")

    def __init__(self, *, plain: bool) -> None:
        """Look at what there is: ``keys`` and ``screen`` tell whether each is a terminal."""
        self.keys = os.isatty(KEYBOARD)
        self.screen = os.isatty(RESULTS)
        self.plain = plain or not self.screen or os.environ.get("TERM", "dumb") == "dumb"
        self._before: list[Any] | None = None

    def enter(self) -> None:
        """Take the keyboard and the screen; what was typed before is dropped."""
        if self.keys:
            self._before = termios.tcgetattr(KEYBOARD)
            termios.tcsetattr(KEYBOARD, termios.TCSAFLUSH, _unseen(self._before))
        if not self.plain:
            write(_ENTER)

    def leave(self) -> None:
        """Clear the screen and give both back as they were."""
        before, self._before = self._before, None
        try:
            if before is not None:
                termios.tcsetattr(KEYBOARD, termios.TCSANOW, before)
        except termios.error:
            pass  # the terminal is gone, and its mode with it
        if self.screen:
            write(_LEAVE_PLAIN if self.plain else _LEAVE)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the terminal for a shift."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def clear(self) -> None:
        """Erase what a traveller could be known by; a screen reader hears nothing of it."""
        if self.screen and os.environ.get("TERM", "dumb") != "dumb":
            write(CLEAR)

    def size(self) -> Size:
        """Tell the size of the screen now."""
        try:
            columns, rows = os.get_terminal_size(RESULTS)
        except OSError:
            columns = rows = 0
        return Size(columns or 80, rows or 24)


def waiting(descriptor: int) -> int:
    """Count the bytes that can be read now, without reading any."""
    count = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, count)
    return count[0]


def _unseen(attributes: list[Any]) -> list[Any]:
    """Give the mode in which every byte comes at once, unchanged and without echo."""
    mode = [*attributes[:_CONTROL], [*attributes[_CONTROL]]]
    mode[_LOCAL] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
    mode[_INPUT] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.ISTRIP)
    mode[_CONTROL][termios.VMIN] = 1
    mode[_CONTROL][termios.VTIME] = 0
    return mode


def make_raw(descriptor: int) -> None:
    """Let a serial line give every byte as it is."""
    mode = _unseen(termios.tcgetattr(descriptor))
    mode[_INPUT] &= ~(termios.IXOFF | termios.BRKINT | termios.PARMRK)
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)
