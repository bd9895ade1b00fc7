"""Reading what is to be imported, within the limits: files, folders, archives and addresses."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from trustlists.archives import is_archive, unpack
from trustlists.faults import Fault, invalid
from trustlists.records import Refusal, SourceFile
from verifier.errors import SetupError
from verifier.limits import LIST_BYTES, LIST_RECORDS

# Fetches the bytes behind an address. Handed in, because only the back office goes online.
Fetch = Callable[[str], bytes]

_SCHEME_END: Final = "://"


def is_address(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is an address on the net, and not a file of such a name."""
    text = os.fspath(source)
    # Of a name that is too long for a file, a path cannot say that it is none.
    return _SCHEME_END in text and not os.path.exists(text)  # noqa: PTH110


def read_source(source: str, fetch: Fetch | None = None) -> Iterator[SourceFile]:
    """Read a file, the files of a folder or of an archive by name, or what an address has.

    Of a folder only the files in it are read, not those below it. Raises ``SetupError`` when the
    source is not there, cannot be read, or is none of these.
    """
    if is_address(source):
        if fetch is None:
            name, why = "An address", "Only files and folders are: fetch it first, then give it."
            raise _unusable(name, why)
        yield from read_file(SourceFile(name_of(source), fetch(source)))
        return
    path = Path(source)
    try:
        if path.is_dir():
            yield from _files_of(path)
        else:
            yield from read_file(_file(path))
    except OSError as error:
        raise _unusable(path.name, f"{os.strerror(error.errno or 0)}.") from None


def read_below(source: str) -> Iterator[SourceFile]:
    """Read the JSON files in the folders below a folder, each named by its way from there.

    Links and hidden folders are left out. WHO lays the signatures over authorities out in a tree.
    Raises ``SetupError`` as ``read_source`` does.
    """
    left, files = LIST_BYTES, 0
    for folder, below, names in os.walk(source):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if folder == source:
            continue
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix != ".json" or path.is_symlink() or not path.is_file():
                continue
            files += 1
            if files > LIST_RECORDS:
                raise _unusable(Path(source).name, f"It holds more than {LIST_RECORDS} files.")
            try:
                found = _file(path, at_most=left)
            except OSError as error:
                raise _unusable(name, f"{os.strerror(error.errno or 0)}.") from None
            left -= len(found.data or b"")
            yield found._replace(name=path.relative_to(source).as_posix())


def folders_in(source: str) -> list[str]:
    """Name the folders in a folder but hidden ones. Raises ``SetupError`` as ``read_source``."""
    try:
        with os.scandir(source) as entries:
            names = [each.name for each in entries if each.is_dir() and each.name[0] != "."]
    except OSError as error:
        raise _unusable(Path(source).name, f"{os.strerror(error.errno or 0)}.") from None
    return sorted(names)


def name_of(address: str) -> str:
    """Name what an address has: the last part of its path, else its host."""
    plain = address.partition("#")[0].partition("?")[0].partition(_SCHEME_END)[2]
    host, _, path = plain.partition("/")
    return path.rstrip("/").rpartition("/")[2] or host.partition(":")[0].replace(".", "-")


def read_file(file: SourceFile) -> Iterator[SourceFile]:
    """Give a file as it is, or the members of an archive. Raises ``SetupError``."""
    if file.data is None or not is_archive(file.data):
        yield file
        return
    members = unpack(file.data)
    if not members:
        raise _unusable(file.name, "It is empty.")
    yield from members


def _files_of(folder: Path) -> Iterator[SourceFile]:
    left = LIST_BYTES
    entries = sorted(folder.iterdir())
    files = [file for file in entries if not file.is_dir()]
    if not files and entries:
        return  # its folders may hold signatures
    if not files:
        raise folder_of_nothing(folder.name, ())
    if len(files) > LIST_RECORDS:
        raise _unusable(folder.name, f"It holds more than {LIST_RECORDS} files.")
    for file in files:
        found = _file(file, at_most=left)
        left -= len(found.data or b"")
        if found.data and is_archive(found.data):
            found = SourceFile(found.name, None, Refusal.NESTED_ARCHIVE)
        yield found


def read_plain_file(path: Path, at_most: int) -> bytes:
    """Read one file within a limit. Raises ``SetupError``."""
    try:
        found = _file(path, at_most)
    except OSError as error:
        raise _unusable(path.name, f"{os.strerror(error.errno or 0)}.") from None
    if found.data is None:
        raise invalid(Fault.TOO_LARGE)
    return found.data


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


def folder_of_nothing(name: str, folders: Sequence[str]) -> SetupError:
    """Make the error for a folder that holds nothing, or nothing but other folders."""
    return _unusable(name, "Give the folders in it by themselves." if folders else "It is empty.")


def _unusable(name: str, why: str) -> SetupError:
    return SetupError(f"{name} cannot be taken as a trust list.\n{why}")
