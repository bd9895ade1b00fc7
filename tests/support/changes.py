"""Bytes changed one place after the other, for tests that nothing changed is believed."""

from collections.abc import Iterator

BITS = tuple(1 << bit for bit in range(8))


def flips(data: bytes, *, wholly: bool) -> Iterator[bytes]:
    """Change each byte: wholly by every bit and all of them, otherwise by one bit in turn."""
    for place, byte in enumerate(data):
        for mask in (*BITS, 0xFF) if wholly else (BITS[place % 8],):
            yield data[:place] + bytes((byte ^ mask,)) + data[place + 1 :]


def shifts(data: bytes) -> Iterator[bytes]:
    """Take each byte out, and put one in at each place: a zero, and the byte that is there."""
    for place in range(len(data)):
        yield data[:place] + data[place + 1 :]
        yield data[:place] + b"\0" + data[place:]
        yield data[:place] + data[place : place + 1] + data[place:]
    yield data + b"\0"
    yield b""
