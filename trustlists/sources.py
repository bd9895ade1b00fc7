"""Reading what is to be imported: files and folders, each within the limits."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from verifier.errors import SetupError
from verifier.limits import LIST_BYTES, LIST_RECORDS


class SourceFile(NamedTuple):
    """A file and its content; the content is None when it is larger than any list."""

    name: str
    data: bytes | None


def read_source(source: str) -> Iterator[SourceFile]:
    """Read a file, or the files of a folder in the order of their names, not those below it.

    Raises ``SetupError`` when the source is not there, cannot be read, or is neither.
    """
    path = Path(source)
    if "://" in source and not path.exists():
        name, why = "An address", "Only files and folders are: fetch it first, then give the file."
        raise _unusable(name, why)
    try:
        if path.is_dir():
            yield from _files_of(path)
        else:
            yield _file(path)
    except OSError as error:
        raise _unusable(path.name, f"{os.strerror(error.errno or 0)}.") from None


def read_below(source: str) -> Iterator[SourceFile]:
    """Read the files in the folders below a folder, by their names; links are not followed.

    Publishers lay signatures out in a tree. Raises ``SetupError`` as ``read_source`` does.
    """
    left, files = LIST_BYTES, 0
    for folder, below, names in os.walk(source):
        below.sort()
        if folder == source:
            continue
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_symlink() or not path.is_file():
                continue
            files += 1
            if files > LIST_RECORDS:
                raise _unusable(Path(source).name, f"It holds more than {LIST_RECORDS} files.")
            try:
                found = _file(path, at_most=left)
            except OSError as error:
                raise _unusable(name, f"{os.strerror(error.errno or 0)}.") from None
            left -= len(found.data or b"")
            yield found


def _files_of(folder: Path) -> Iterator[SourceFile]:
    left = LIST_BYTES
    entries = sorted(folder.iterdir())
    files = [file for file in entries if not file.is_dir()]
    if not files and entries:
        return  # its folders may hold signatures
    if not files:
        raise empty_folder(folder.name)
    if len(files) > LIST_RECORDS:
        raise _unusable(folder.name, f"It holds more than {LIST_RECORDS} files.")
    for file in files:
        found = _file(file, at_most=left)
        left -= len(found.data or b"")
        yield found


def _file(path: Path, at_most: int = LIST_BYTES) -> SourceFile:
    """Read a file. Anything but a plain file is refused: a pipe or device has no end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise _unusable(path.name, "It is neither a file nor a folder.")
        data = stream.read(at_most + 1) if facts.st_size <= at_most else b""
    fits = facts.st_size <= at_most and len(data) <= at_most
    return SourceFile(path.name, data if fits else None)


def empty_folder(name: str) -> SetupError:
    """Make the error for a folder that holds nothing."""
    return _unusable(name, "It is empty.")


def _unusable(name: str, why: str) -> SetupError:
    return SetupError(f"{name} cannot be taken as a trust list.\n{why}")
