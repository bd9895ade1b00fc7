"""DER, read strictly and flat: the few shapes that keys and certificates need (X.690, 8 and 10).

Lengths are definite and as short as can be, tags have one byte, and nothing recurses: the caller
goes down step by step. ``NotDer`` is the one error, and it never quotes what was read.
"""

from typing import Final, Self

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_ID: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_LONG_FORM: Final = 0x80
_MANY_BYTE_TAG: Final = 0x1F
_LENGTH_BYTES: Final = 4

# The longest object identifier seen in a certificate has 20 bytes; the cap keeps the time of
# writing one out from growing with the square of its length.
_OBJECT_ID_BYTES: Final = 64


class NotDer(ValueError):
    """The bytes are not the DER that was asked for."""

    def __init__(self) -> None:
        """Say nothing about the bytes."""
        super().__init__("not the DER that was asked for")


class DerReader:
    """A place in DER bytes, moving forward one element at a time."""

    __slots__ = ("_at", "_end", "_whole")

    def __init__(self, whole: bytes, at: int = 0, end: int | None = None) -> None:
        """Read ``whole[at:end]``."""
        self._whole = whole
        self._at = at
        self._end = len(whole) if end is None else end

    def more(self) -> bool:
        """Tell whether anything is left."""
        return self._at < self._end

    def has(self, tag: int) -> bool:
        """Tell whether the next element has this tag."""
        return self._at < self._end and self._whole[self._at] == tag

    def finish(self) -> None:
        """Demand that nothing is left."""
        if self._at != self._end:
            raise NotDer

    def enter(self, tag: int) -> Self:
        """Take the next element, of this tag, and give a reader of what it holds."""
        start, stop = self._take(tag)
        return self.__class__(self._whole, start, stop)

    def content(self, tag: int) -> bytes:
        """Take the next element, of this tag, and give what it holds."""
        start, stop = self._take(tag)
        return self._whole[start:stop]

    def whole(self, tag: int) -> bytes:
        """Take the next element, of this tag, and give it with its tag and length."""
        at = self._at
        _, stop = self._take(tag)
        return self._whole[at:stop]

    def text(self) -> tuple[int, bytes]:
        """Take the next element whatever it is; give its tag and what it holds."""
        if not self.more():
            raise NotDer
        tag = self._whole[self._at]
        return tag, self.content(tag)

    def _take(self, tag: int) -> tuple[int, int]:
        start, stop = span(self._whole, self._at, self._end, tag)
        self._at = stop
        return start, stop


def span(whole: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Find where the content of the element at a place, of this tag, begins and ends.

    Nothing at or after ``end`` is looked at. Raises ``NotDer``.
    """
    start = at + 2
    if start > end or whole[at] != tag or tag & _MANY_BYTE_TAG == _MANY_BYTE_TAG:
        raise NotDer
    length = whole[at + 1]
    if length >= _LONG_FORM:
        size = length - _LONG_FORM
        if not 1 <= size <= _LENGTH_BYTES or size > end - start:
            raise NotDer
        length = int.from_bytes(whole[start : start + size], "big")
        start += size
        if length < _LONG_FORM or length >> 8 * (size - 1) == 0:
            raise NotDer
    stop = start + length
    if stop > end:
        raise NotDer
    return start, stop


def ends(whole: bytes, at: int, end: int, tags: bytes) -> list[int]:
    """Find where each of the elements ends that follow one another from a place, of these tags.

    Nothing at or after ``end`` is looked at. Raises ``NotDer``.
    """
    found = []
    for tag in tags:
        start = at + 2
        # Most are short, and a call takes longer than finding the end of those.
        if start <= end and whole[at] == tag and whole[at + 1] < _LONG_FORM:
            at = start + whole[at + 1]
            if at > end:
                raise NotDer
        else:
            at = span(whole, at, end, tag)[1]
        found.append(at)
    return found


def dotted(content: bytes) -> str:
    """Write an object identifier in dotted form (X.690, 8.19)."""
    if not content or len(content) > _OBJECT_ID_BYTES or content[-1] >= _LONG_FORM:
        raise NotDer
    numbers: list[int] = []
    number = 0
    fresh = True
    for byte in content:
        if fresh and byte == _LONG_FORM:
            raise NotDer
        number = number << 7 | byte & 0x7F
        fresh = byte < _LONG_FORM
        if fresh:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def bits(content: bytes) -> bytes:
    """Give the bytes of a bit string that has no loose bits at its end."""
    if not content or content[0] != 0:
        raise NotDer
    return content[1:]


def element(tag: int, *parts: bytes) -> bytes:
    """Write an element."""
    content = b"".join(parts)
    length = len(content)
    if length < _LONG_FORM:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, _LONG_FORM + size)) + length.to_bytes(size, "big") + content
