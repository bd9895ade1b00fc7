"""From a FILE argument to the documents in it: text with a scan a line, a picture or a PDF.

What a file is follows from its first bytes, never from its name. Whatever is wrong with a file is
a ``Problem`` of that file alone; no other file is affected. Nothing is ever written to disk.
"""

import os
import stat
from collections.abc import Iterator

from cli.lines import CHUNK_BYTES, read_lines
from cli.problem import Problem, shown
from verifier.limits import PICTURE_BYTES, TEXT_FILE_BYTES
from verifier.reasons import Reason

STANDARD_INPUT = "-"

_ZONE_LINE = 30  # the shortest line of a machine-readable zone

# A scan as text, as the bytes of a code that holds bytes, or why there is none.
Document = str | bytes | Reason

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

# Some writers put a byte order mark or a line end before it.
_PDF = b"%PDF-"

# What a scan begins with that no scheme stands before, and how long schemes of documents are. An
# issuer's name (DID) and an address have schemes too.
_UNNAMED = ("{", "eyJ")
_SCHEME = range(3, 7)
_ISSUER = "did"
_ADDRESSES = ("http", "https")

# Known, but not read: (where the mark stands, mark, what it is, what to do).
_NOT_READ = (
    (0, b"GIF8", "a GIF, which is not read", "Save it as PNG."),
    (4, b"ftyp", "a HEIC picture or a film, which is not read", "Save it as JPEG or PNG."),
    (0, b"PK\x03\x04", "an archive, which is not read", "Give the pictures or texts in it."),
)


def documents(name: str) -> Iterator[Document]:
    """Yield the documents of one FILE, ``-`` for standard input, as soon as each is there.

    Raises ``Problem`` when the file cannot be used or holds no scan.
    """
    descriptor = 0 if name == STANDARD_INPUT else _open(name)
    said = "standard input" if name == STANDARD_INPUT else shown(name)
    fault = 0
    try:
        _require_usable(os.fstat(descriptor), said)
        yield from _read(descriptor, said)
    except OSError as error:
        fault = error.errno or 0
    finally:
        if descriptor:
            os.close(descriptor)
    if fault:
        message = f"Cannot read {said}: {os.strerror(fault)}."
        raise Problem(message, "Check the file, or copy it to this machine first.")


def _read(descriptor: int, said: str) -> Iterator[Document]:
    buffer = bytearray(CHUNK_BYTES)
    size = os.readv(descriptor, [buffer])
    head = bytes(buffer[:16])
    for at, mark, what, next_step in _NOT_READ:
        if head.startswith(mark, at):
            message = f"{said[:1].upper()}{said[1:]} is {what}."
            raise Problem(message, next_step)
    if _is_picture(head):
        from cli.pictures import read_picture  # noqa: PLC0415 - loads an optional, slow package

        yield from read_picture(_whole(descriptor, buffer, size))
    elif _PDF in head:
        from cli.pdf import read_pdf  # noqa: PLC0415 - the same

        yield from read_pdf(_whole(descriptor, buffer, size))
    else:
        yield from read_lines(descriptor, buffer, size, said)


def _is_picture(head: bytes) -> bool:
    """Recognise PNG, JPEG, TIFF, WebP and BMP, the last by the zeros that its header demands."""
    return (
        head.startswith(_PICTURES)
        or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
        or (head.startswith(b"BM") and head[6:10] == bytes(4))
    )


def _whole(descriptor: int, buffer: bytearray, size: int) -> bytearray:
    """Read a picture or PDF to its end, or until it is one byte longer than they may be."""
    data = bytearray()
    while size and len(data) <= PICTURE_BYTES:
        data += memoryview(buffer)[:size]
        size = os.readv(descriptor, [buffer])
    buffer[:] = bytes(len(buffer))
    return data


def _open(name: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        fault = error.errno or 0
    if looks_like_scan(name):
        raise scan_as_argument()
    message = f"Cannot open {shown(name)}: {os.strerror(fault)}."
    raise Problem(message, "Check the name and the rights of the file.")


def _require_usable(status: os.stat_result, said: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        message = f"Cannot verify {said}: it is a folder."
        raise Problem(message, "Name the files in it.")
    if stat.S_ISREG(status.st_mode) and status.st_size > TEXT_FILE_BYTES:
        message = f"Cannot verify {said}: it is larger than {TEXT_FILE_BYTES >> 20} MiB."
        raise Problem(message, "Split it, or pass its lines on standard input.")


def looks_like_scan(argument: str) -> bool:
    """Tell whether an argument begins as a document's text does, or the value of an option in it.

    Such as ``HC1:``, ``shc:/``, ``{``; an address with something hidden in its fragment, as a link
    to a card has; and lines of a passport.
    """
    bare = argument.lstrip("-")
    if looks_like_zone(argument):
        return True
    if bare == argument:
        return _begins_scan(bare)
    return _begins_scan(bare) or _begins_scan(bare.partition("=")[2])


def looks_like_zone(argument: str) -> bool:
    """Tell whether an argument looks like lines of a passport, by their fillers."""
    tidy = "".join(argument.split())
    return "<<" in tidy or ("<" in tidy and len(tidy) >= _ZONE_LINE)


def _begins_scan(text: str) -> bool:
    text = text.strip()
    scheme, colon, _ = text.partition(":")
    if scheme.lower() in _ADDRESSES:
        return "#" in text
    if text.startswith(_UNNAMED):
        return True
    return bool(colon) and len(scheme) in _SCHEME and scheme.isalnum() and scheme != _ISSUER


def scan_as_argument() -> Problem:
    """Say that a document's text is no argument, without quoting it."""
    return Problem(
        "A scan is never given as an argument: other programs of this machine can read those.",
        "Pass it on standard input. This one may now stand in the shell's history: remove it.",
    )
