"""Waiting for what comes first: a key, a scan from any source, the end of patience, the parent."""

import os
import select
import time
from enum import Enum
from typing import Final, NamedTuple

from cli.post.camera import Watch
from cli.post.endings import Ending
from cli.post.keys import Key
from cli.post.listening import ALONE, Heard, Listener
from cli.post.sources import Source, SourceLost
from cli.post.terminal import waiting
from verifier.privacy import private

# How often the size of the screen is looked at, in seconds: often enough for who drags a window.
_TICK: Final = 0.5
# What is read without asking again whether anything is there: the longest code and more.
_AT_ONCE: Final = 8 * 1024
# What a scanner adds behind a scan comes within this many seconds of it.
_SUFFIX_COMES: Final = 0.3
_SUFFIXES: Final = b"\r\n\t\2\3\4\0"


class EndOfTurn(Exception):
    """This worker has to end, and how."""

    def __init__(self, ending: Ending) -> None:
        """Take how it ends."""
        super().__init__()
        self.ending = ending


class Tick(Enum):
    """Nothing came, but time has passed."""

    TICK = "tick"


@private
class Scan:
    """A scan, where it came from, and whether it may only be the beginning of one."""

    __slots__ = ("by_hand", "keyboard", "perhaps", "text")

    def __init__(self, text: str | bytes, *, keyboard: bool, by_hand: bool, perhaps: bool) -> None:
        """Take what a listener has gathered."""
        self.text = text
        self.keyboard = keyboard
        self.by_hand = by_hand
        self.perhaps = perhaps


class Input(NamedTuple):
    """A source, what listens to it, and how this worker ends when it is lost."""

    source: Source
    listener: Listener
    lost: Ending
    keyboard: bool


@private
class Hearing:
    """Everything that a worker can hear. The leash is closed by a parent that wants it to end."""

    __slots__ = ("_inputs", "_leash", "_poll", "_watch")

    def __init__(self, inputs: list[Input], leash: int, watch: Watch | None = None) -> None:
        """Take the inputs, the end of a pipe that only the parent keeps open, and a camera."""
        self._inputs = inputs
        self._leash = leash
        self._watch = watch
        self._poll = select.poll()
        self._poll.register(leash, select.POLLIN)
        for each in inputs:
            self._poll.register(each.source.descriptor, select.POLLIN)

    @property
    def heard(self) -> int:
        """How many bytes of scans are half heard."""
        return sum(each.listener.heard for each in self._inputs)

    def wipe(self) -> None:
        """Overwrite what was heard, and let the camera go."""
        for each in self._inputs:
            each.listener.wipe()
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def next(self, until: float | None = None) -> Scan | Key | Tick:
        """Wait for a scan, a key, or some time to pass, at most until then.

        Raises ``EndOfTurn`` when the parent wants an end or a source is lost.
        """
        while True:
            now = time.monotonic()
            for each in self._inputs:
                found = self._told(each, each.listener.silent(now))
                if found is not None:
                    return found
            ready = self._ready(now, until)
            for each in self._inputs:
                if each.source.descriptor in ready:
                    found = self._read(each)
                    if found is not None:
                        return found
            if self._watch is not None:
                code = self._watch.look()
                if code is not None:
                    return Scan(code, keyboard=False, by_hand=False, perhaps=False)
            if not ready:
                return Tick.TICK

    def after_verdict(self, since: float, until: float) -> Key | Tick | None:
        """Wait for what ends the showing of a verdict: None for the next scan, unread.

        One byte that nothing follows is a key; more are a scan, which the next worker reads.
        """
        now = time.monotonic()
        ready = self._ready(now, until)
        if not ready:
            return Tick.TICK
        for each in self._inputs:
            if each.source.descriptor in ready:
                return self._after_verdict(each, since)
        return Tick.TICK

    def _after_verdict(self, each: Input, since: float) -> Key | Tick | None:
        descriptor = each.source.descriptor
        time.sleep(ALONE / 3)
        count = _waiting(descriptor)
        if not count:
            # The scanner was unplugged; the verdict stays, and the next worker finds out.
            self._poll.unregister(descriptor)
            return Tick.TICK
        if count > 1:
            return None
        byte = self._byte(each)[0]
        now = time.monotonic()
        if byte in _SUFFIXES and (not each.keyboard or now - since < _SUFFIX_COMES):
            return Tick.TICK
        if not each.keyboard:
            return None  # one byte alone on a line is noise
        key = each.listener.take(byte, now) or each.listener.silent(now + 2 * ALONE)
        each.listener.wipe()
        return key if isinstance(key, Key) else Key.ANY

    def _ready(self, now: float, until: float | None) -> set[int]:
        waits = [each.listener.waits(now) for each in self._inputs]
        limits = [each for each in waits if each is not None]
        if until is not None:
            limits.append(max(0.0, until - now))
        longest = 0.0 if self._watch is not None else _TICK
        ready = {descriptor for descriptor, _ in self._poll.poll(1000 * min([longest, *limits]))}
        if self._leash in ready:
            raise EndOfTurn(Ending.LEASH)
        return ready

    def _read(self, each: Input) -> Scan | Key | None:
        """Read what is there, byte by byte, and not one byte behind a scan."""
        for _ in range(_count(each.source.descriptor)):
            for byte in self._byte(each):
                found = self._told(each, each.listener.take(byte, time.monotonic()))
                if found is not None:
                    return found
        return None

    def _byte(self, each: Input) -> bytes:
        lost = False
        try:
            return each.source.read()
        except SourceLost:
            lost = True
        if lost and each.lost is Ending.CLOSED and each.listener.heard:
            return b"\n"  # the last line of a pipe may lack its end
        raise EndOfTurn(each.lost)

    def _told(self, each: Input, found: Heard | Key | None) -> Scan | Key | None:
        if not isinstance(found, Heard):
            return found
        listener = each.listener
        perhaps = found is Heard.PERHAPS
        scan = Scan(
            listener.scan(), keyboard=each.keyboard, by_hand=listener.by_hand, perhaps=perhaps
        )
        if not perhaps:
            listener.wipe()
        return scan


def leash() -> tuple[int, int]:
    """Make the pipe by which a worker learns that its parent wants an end, or is gone."""
    return os.pipe()


def _count(descriptor: int) -> int:
    """Tell how often a descriptor can be read without waiting; once where that is not known."""
    count = _waiting(descriptor)
    return max(1, count) if count < _AT_ONCE else 1


def _waiting(descriptor: int) -> int:
    """Count what can be read; many where the system does not say, as of a scanner's keys."""
    try:
        return waiting(descriptor)
    except OSError:
        return _AT_ONCE
