"""From bytes, one after another, to scans and keys (scanners notes, 2, 5 and 6).

A scan ends with Enter, or when nothing more comes; a key is one character that nothing follows.
A person types slower than a scanner, so that speed tells the two apart where the text does not. No
clock is read here: whoever feeds the bytes says when each came, in seconds that never go back.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

from cli.lines import goes_on
from cli.post.keys import Key, key_of_sequence
from verifier.privacy import private

# Seconds. Nothing more comes after QUIET; what came fast may be whole after PAUSE already, and the
# signature tells; a character is a key when nothing follows it for ALONE.
QUIET: Final = 2.0
PAUSE: Final = 0.25
ALONE: Final = 0.15
_SEQUENCE: Final = 0.05  # between the ESC of a sequence and the next of its bytes
_LONGEST: Final = 30.0  # a scan takes ten at most

# A person needs 60 milliseconds for a key and more, a scanner rarely 30.
_BY_HAND: Final = 0.035
_FEW: Final = 4  # characters whose pace tells nothing

# The longest code, 7,089 digits, and a text of several cards. What is beyond is not held.
SCAN_BYTES: Final = 16 * 1024

_ENDS: Final = b"\r\n"
_MAY_END: Final = b"\t\3\4"  # suffixes of scanners; none of them stands in a certificate
_BEFORE: Final = b"\r\n\t\2\3\4\0"  # ends of the scan before, and STX
_ESCAPE: Final = 0x1B
_PASTED: Final = "[200~"
_PASTE_ENDS: Final = "[201~"

# A zip (DIVOC) holds line ends. Its last record has 22 bytes and a remark (APPNOTE.TXT, 4.3.16).
_ZIP: Final = b"PK\3\4"
_ZIP_END: Final = b"PK\5\6"
_ZIP_END_BYTES: Final = 22


class Ear(NamedTuple):
    """How to listen: whether keys and a pace are to be told, and what the scanner adds."""

    keys: Mapping[str, Key]
    keyboard: bool = True  # keys, escape sequences, a pace; else bytes of a device or a pipe
    silence: bool = True  # whether a scan may end by silence; in a pipe only a line does
    prefix: bytes = b""
    suffix: bytes = b""


class Heard(Enum):
    """What is there to be fetched: a whole scan, or one that may be whole."""

    WHOLE = "whole"
    PERHAPS = "perhaps"


@private
class Listener:
    """Gathers one scan, or one key. ``wipe`` when done: the buffer is ours."""

    __slots__ = (
        "_asked", "_buffer", "_ear", "_first", "_last", "_sequence", "_size",
    )  # fmt: skip

    def __init__(self, ear: Ear) -> None:
        """Begin with nothing heard."""
        self._ear = ear
        self._buffer = bytearray()
        self._sequence: bytearray | None = None
        self._first = self._last = 0.0
        self._size = 0
        self._asked = False

    @property
    def heard(self) -> int:
        """How many bytes of a scan have come so far."""
        return self._size

    @property
    def by_hand(self) -> bool:
        """Whether this came so slowly that a person may have typed it."""
        if not self._ear.keyboard:
            return False
        return self._size < _FEW or (self._last - self._first) / (self._size - 1) > _BY_HAND

    def take(self, byte: int, at: float) -> Heard | Key | None:
        """Take one byte, and tell what that completes."""
        if self._ear.keyboard and (byte == _ESCAPE or self._sequence is not None):
            return self._in_sequence(byte, at)
        return self._take(byte, at)

    def silent(self, at: float) -> Heard | Key | None:
        """Tell what is complete because nothing has come until now."""
        if self._sequence is not None and at - self._last >= _SEQUENCE:
            self._give_up_sequence()
        if not self._size or not self._ear.silence:
            return None
        since = at - self._last
        if since >= ALONE and self._ear.keyboard:
            key = self._alone()
            if key is not None:
                self.wipe()
                return key
        if since >= QUIET or at - self._first >= _LONGEST:
            return Heard.WHOLE
        if since >= PAUSE and not self._asked and not self.by_hand:
            self._asked = True
            return Heard.PERHAPS
        return None

    def waits(self, at: float) -> float | None:
        """Tell in how many seconds ``silent`` has to be asked, None while nothing was heard."""
        if self._sequence is not None:
            return max(0.0, self._last + _SEQUENCE - at)
        if not self._size or not self._ear.silence:
            return None
        due = [self._last + QUIET, self._first + _LONGEST]
        if self._alone() is not None:
            due.append(self._last + ALONE)
        if not self._asked:
            due.append(self._last + PAUSE)
        return max(0.0, min(each for each in due if each > at) - at) if max(due) > at else 0.0

    def scan(self) -> str | bytes:
        """Give what was heard, as text; as bytes where they are none."""
        data = bytes(self._buffer)
        ear = self._ear
        data = data.removeprefix(ear.prefix)
        if ear.suffix:
            data = data.removesuffix(ear.suffix)
        if not ear.keyboard and data.startswith(_ZIP):
            return data
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data

    def wipe(self) -> None:
        """Overwrite and forget what was heard."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()
        self._sequence = None
        self._size = 0
        self._asked = False

    def _take(self, byte: int, at: float) -> Heard | Key | None:
        if not self._size:
            if byte in _BEFORE and not self._is_control_key(byte):
                return None
            self._first = at
        elif self._ends(byte):
            # Not the suffix of a scanner: somebody types, and wants to leave.
            return self._leaving(byte) if self._size < _FEW else Heard.WHOLE
        self._size += 1
        self._last = at
        self._asked = False
        if self._size <= SCAN_BYTES:
            self._buffer.append(byte)
        ear = self._ear
        if ear.suffix and self._buffer.endswith(ear.suffix):
            return Heard.WHOLE
        return Heard.WHOLE if self._is_whole_zip() else None

    def _ends(self, byte: int) -> bool:
        if byte in _ENDS:
            return not self._goes_on()
        return byte in _MAY_END and not (self._buffer.startswith(b"{") or self._may_be_zip())

    def _leaving(self, byte: int) -> Heard | Key:
        key = self._ear.keys.get(chr(byte)) if self._ear.keyboard else None
        if key is None:
            return Heard.WHOLE
        self.wipe()
        return key

    def _is_control_key(self, byte: int) -> bool:
        return self._ear.keyboard and chr(byte) in self._ear.keys

    def _goes_on(self) -> bool:
        """Tell whether a line end stands inside a certificate."""
        return self._may_be_zip() or goes_on(self._buffer)

    def _may_be_zip(self) -> bool:
        """Tell whether this is an archive, as far as it has come; a keyboard cannot type one."""
        head = self._buffer[: len(_ZIP)]
        return not self._ear.keyboard and len(head) > 1 and _ZIP.startswith(head)

    def _is_whole_zip(self) -> bool:
        if self._ear.keyboard or not self._buffer.startswith(_ZIP):
            return False
        at = self._buffer.rfind(_ZIP_END)
        if at < 0 or len(self._buffer) < at + _ZIP_END_BYTES:
            return False
        remark = int.from_bytes(self._buffer[at + 20 : at + 22], "little")
        return len(self._buffer) >= at + _ZIP_END_BYTES + remark

    def _alone(self) -> Key | None:
        """Give the key that the only character heard stands for."""
        if self._size > 4:  # noqa: PLR2004 - the longest character in UTF-8
            return None
        return self._ear.keys.get(self._buffer.decode("utf-8", "replace"))

    def _in_sequence(self, byte: int, at: float) -> Heard | Key | None:
        """Swallow an escape sequence (ECMA-48, 5.4): an arrow, a function key, a focus report."""
        if self._sequence is None:
            self._sequence = bytearray((byte,))
            self._last = at
            return None
        slow = at - self._last >= _SEQUENCE
        self._last = at
        if slow or (len(self._sequence) == 1 and byte not in b"[O"):
            self._give_up_sequence()
            return self.take(byte, at) if slow else self._take(byte, at)
        self._sequence.append(byte)
        inner = self._sequence[1:].decode("latin-1")
        if len(inner) == 1 or inner == "[[" or not 0x40 <= byte <= 0x7E:  # noqa: PLR2004 - the final bytes
            return None
        self._sequence = None
        if inner in {_PASTED, _PASTE_ENDS}:
            return Heard.WHOLE if inner == _PASTE_ENDS and self._size else None
        return None if self._size else key_of_sequence(inner)

    def _give_up_sequence(self) -> None:
        """Take what only began like a sequence for what it is: characters."""
        sequence, self._sequence = self._sequence or b"", None
        for byte in sequence:
            self._take(byte, self._last)
