"""The little of protobuf that test data need: messages of texts and messages."""

from collections.abc import Iterator


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the number and the bytes of each field that is a text or a message; no other may be."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        assert tag & 7 == 2, "a field of another kind"
        size, at = _number(message, at)
        assert at + size <= len(message), "a field that is cut off"
        yield tag >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
        if message[at - 1] < 0x80:
            return number, at
