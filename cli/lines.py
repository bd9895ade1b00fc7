"""Scans from a pipe or a text file, a line each, handed on the moment that they are complete.

A certificate in JSON may go over several lines: some issuers break them within the code.

The descriptor is read into one buffer of our own, which is wiped at the end: ``sys.stdin`` would
keep the last scan. However long a line is, only a little more than the limit of a scan is held.
"""

import os
import re
from collections.abc import Iterator

from cli.problem import Problem
from verifier.limits import DOCUMENT_CHARACTERS

# The longest scan in UTF-8 and one character more, so that the verifier finds it too long.
LINE_BYTES = 4 * (DOCUMENT_CHARACTERS + 1)
CHUNK_BYTES = 64 * 1024  # what a pipe holds on Linux

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Bytes that no text of scans holds. Scanners do send line ends, tabs, form feeds and the
# separators 0x1C to 0x1F.
_BINARY = bytes((*range(9), *range(0x0E, 0x1C)))
_BLANK = b" \t\v\f\0"
# Where JSON is broken into lines; a scan that was cut off seldom ends just there.
_GOES_ON = (b"{", b"[", b",", b":")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_WHAT_IS_READ = "Give a picture of the code, a PDF, or a text with one scan a line."


def read_lines(descriptor: int, buffer: bytearray, size: int, name: str) -> Iterator[str]:
    """Yield each scan; ``size`` bytes of the first chunk are in the buffer already.

    CR and LF end a line, alone or together; nothing else is stripped, because a space may be part
    of a scan. JSON that breaks off at the end of a line goes on until its brackets are closed.
    Raises ``Problem`` when there is no scan at all or the first line is no text.
    """
    line = bytearray()
    found = False
    open_brackets = start = 0
    try:
        for chunk, ends in _pieces(descriptor, buffer, size):
            line += chunk[: LINE_BYTES - len(line)]
            chunk.release()
            full = len(line) == LINE_BYTES
            if not found and (ends or full):
                _require_text(line, name)
            if not ends:
                continue
            if start or line.lstrip().startswith(b"{"):
                open_brackets += _brackets(bytes(line[start:]))
            if open_brackets > 0 and not full and (start or line.rstrip().endswith(_GOES_ON)):
                line += b"\n"
                start = len(line)
                continue
            open_brackets = start = 0
            scan = _take(line)
            if scan:
                found = True
                yield scan
        if line:
            found = True
            line[:] = line.rstrip(b"\n")
            yield _take(line)
    finally:
        buffer[:] = bytes(len(buffer))
    if not found:
        message = f"There is no scan in {name}."
        raise Problem(message, _WHAT_IS_READ)


def _brackets(line: bytes) -> int:
    """Count the brackets that a line of JSON opens, less those that it closes; not in its texts.

    No text goes over the end of a line, so that a line with an open one was cut off: all is closed.
    """
    parts = _ESCAPE.sub(b"", line).split(b'"')
    if len(parts) % 2 == 0:
        return -LINE_BYTES
    bare = b"".join(parts[::2])
    opened = bare.count(b"{") + bare.count(b"[")
    return opened - bare.count(b"}") - bare.count(b"]")


def goes_on(text: bytes | bytearray) -> bool:
    """Tell whether a line end after this text is one inside a certificate in JSON."""
    if not text.startswith(b"{") or not text.rstrip().endswith(_GOES_ON):
        return False
    return sum(map(_brackets, bytes(text).split(b"\n"))) > 0


def _pieces(descriptor: int, buffer: bytearray, size: int) -> Iterator[tuple[memoryview, bool]]:
    """Yield pieces of lines and whether the line ends there. The last one always does."""
    while size:
        buffer[:size] = buffer[:size].replace(b"\r", b"\n")
        start = 0
        while (end := buffer.find(b"\n", start, size)) >= 0:
            yield memoryview(buffer)[start:end], True
            start = end + 1
        yield memoryview(buffer)[start:size], False
        size = os.readv(descriptor, [buffer])
    yield memoryview(b""), True


def _take(line: bytearray) -> str:
    """Give the line as text, empty if it is blank, and wipe it.

    Bytes that are no UTF-8 become replacement characters: a decoder then says what was damaged.
    """
    if line.startswith(_BYTE_ORDER_MARK):
        del line[: len(_BYTE_ORDER_MARK)]
    text = line.decode("utf-8", "replace") if line.strip(_BLANK) else ""
    line[:] = bytes(len(line))
    line.clear()
    return text


def _require_text(line: bytearray, name: str) -> None:
    """Refuse what begins like a program, an archive or text in UTF-16 (it is full of NUL)."""
    inner = line.removesuffix(b"\0")  # some scanners end with one
    if len(inner.translate(None, _BINARY)) != len(inner):
        line[:] = bytes(len(line))
        message = f"What is in {name} is neither a picture, a PDF nor text in UTF-8."
        raise Problem(message, _WHAT_IS_READ)
