"""What was fetched before: whole lists, to ask whether they have changed, and parts, to go on with.

Everything here is as public as the lists themselves. A shelf can be thrown away at any moment; the
next fetch is then a whole one. Whatever a kill leaves behind is either of use or not looked at.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from verifier.errors import SetupError
from verifier.limits import LIST_BYTES

_NOTE_BYTES: Final = 8 * 1024


class Marks(NamedTuple):
    """What a server calls an edition: its entity tag and its date, as it writes them."""

    etag: str = ""
    modified: str = ""

    @property
    def strong(self) -> str:
        """The mark that promises the same bytes, fit for If-Range (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class Kept(NamedTuple):
    """A whole list as it was fetched, and its marks."""

    data: bytes
    marks: Marks


@contextmanager
def shelving(folder: Path) -> Iterator[Path]:
    """Make the folder, for this user alone, and hold its lock: one fetches at a time.

    Raises ``SetupError`` when it cannot be written.
    """
    with _written(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("wb")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


class Slot:
    """The place of one address in a folder."""

    __slots__ = ("_note", "_part", "_part_note", "_whole")

    def __init__(self, folder: Path, url: str) -> None:
        """Name the files after the address, so that two addresses never share one."""
        name = hashlib.sha256(url.encode()).hexdigest()[:32]
        self._whole = folder / f"{name}.list"
        self._note = folder / f"{name}.json"
        self._part = folder / f"{name}.part"
        self._part_note = folder / f"{name}.part.json"

    def kept(self) -> Kept | None:
        """Give the whole list of the last fetch, None if there is none or it is damaged."""
        note = _read_note(self._note)
        data = _read(self._whole, LIST_BYTES)
        if not note or data is None or hashlib.sha256(data).hexdigest() != note.get("sha256"):
            return None
        return Kept(data, _marks(note))

    def part(self) -> tuple[int, Marks]:
        """Tell how many bytes are here of an edition, and which; 0 if no server could go on."""
        marks = _marks(_read_note(self._part_note))
        try:
            size = self._part.stat().st_size
        except OSError:
            size = 0
        return (size, marks) if size and marks.strong else (0, Marks())

    def begin(self, marks: Marks) -> BinaryIO:
        """Start a part of an edition, empty."""
        with _written(self._part.parent):
            self._part.unlink(missing_ok=True)  # first: bytes never stand below false marks
            _write(self._part_note, _note(marks))
            return self._part.open("wb")

    def resume(self) -> BinaryIO:
        """Go on with the part."""
        with _written(self._part.parent):
            return self._part.open("ab")

    def add(self, part: BinaryIO, chunk: bytes) -> None:
        """Write what came in to the part, so that a kill does not lose it."""
        with _written(self._part.parent):
            part.write(chunk)
            part.flush()

    def finish(self, marks: Marks) -> bytes:
        """Make the part the whole list and give its bytes."""
        with _written(self._part.parent):
            data = self._part.read_bytes()
            _write(self._note, {**_note(marks), "sha256": hashlib.sha256(data).hexdigest()})
            self._part.replace(self._whole)
            self._part_note.unlink(missing_ok=True)
        return data

    def forget_part(self) -> None:
        """Throw the part away."""
        self._part.unlink(missing_ok=True)
        self._part_note.unlink(missing_ok=True)

    def forget(self) -> None:
        """Throw everything away, so that the next fetch is a whole one."""
        self.forget_part()
        self._note.unlink(missing_ok=True)
        self._whole.unlink(missing_ok=True)


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Tell what the disk refuses. Raises ``SetupError``."""
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno or 0)
        what = f"The folder {folder.name} for fetched lists cannot be written: {why}."
        message = f"{what}\nMake room, or choose another place for the store with --store."
        raise SetupError(message) from None


def _note(marks: Marks) -> dict[str, str]:
    return {"etag": marks.etag, "modified": marks.modified}


def _marks(note: dict[str, str]) -> Marks:
    return Marks(note.get("etag", ""), note.get("modified", ""))


def _write(path: Path, note: dict[str, str]) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(note))
    beside.replace(path)


def _read_note(path: Path) -> dict[str, str]:
    """Read a note; an unreadable one says nothing."""
    try:
        note = json.loads(_read(path, _NOTE_BYTES) or b"")
    except (ValueError, RecursionError):
        return {}
    texts = isinstance(note, dict) and all(isinstance(each, str) for each in note.values())
    return note if texts else {}


def _read(path: Path, at_most: int) -> bytes | None:
    try:
        if path.stat().st_size > at_most:
            return None
        return path.read_bytes()
    except OSError:
        return None
