"""From what a scanner, a picture or a file gives to documents, one a verdict.

A health card may be spread over several codes, and a file may hold several cards or be written over
several lines. Chunks are collected until a card is whole; nothing is decoded and nothing is judged
here. What is collected is held until it is handed out: whoever collects decides how long to wait.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from verifier.errors import DocumentError
from verifier.limits import DOCUMENT_CHARACTERS
from verifier.privacy import private

T = TypeVar("T")

# Seconds within which a traveller shows the next code of one card; then somebody else's turn has
# come, and what was collected is handed out as it is.
PATIENCE: Final = 30.0

# What texts of cards begin with. Others are not looked at, and what reads cards is not loaded.
_CARD: Final = "shc:"
_OBJECT: Final = "{"
_ADDRESS: Final = "https://"

# What a line of an object in JSON may begin with. No text of a code begins like that.
_IN_OBJECTS: Final = (*'"{}[],:-0123456789', "true", "false", "null")

_LINE: Final = "\n"
_OPENS: Final = "{["
_CLOSES: Final = "}]"


@private
class Collector:
    """Collects the codes of a card, which may come in any order and more than once.

    ``at`` is an instant in seconds of any clock that does not go back; who never asks ``overdue``
    need not tell it.
    """

    __slots__ = ("_parts", "_since")

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: dict[tuple[int, int], str] = {}
        self._since = 0.0

    @property
    def waiting(self) -> tuple[int, int] | None:
        """How many codes there are of how many, None when no card is begun."""
        return next(((len(self._parts), of) for _, of in self._parts), None)

    def add(self, scan: str | bytes, at: float = 0.0) -> list[str | bytes]:
        """Take a scan and give the documents that are whole by now, in the order of the scans.

        What belongs to no card in several codes is a document by itself. A code that cannot belong
        to the card that is begun is handed out together with it, so that the verdict says so, and
        begins a card of its own.
        """
        part = _part_of(scan) if isinstance(scan, str) else None
        if part is None or not isinstance(scan, str):
            return [scan]
        mixed: list[str | bytes] = []
        known = self._parts.get(part, scan)
        if known != scan or (self.waiting or part)[1] != part[1]:
            mixed = [_LINE.join((*self._parts.values(), scan))]
            self._parts.clear()
        self._parts[part] = scan
        self._since = at
        return mixed + (self.finish() if len(self._parts) == part[1] else [])

    def overdue(self, at: float) -> list[str | bytes]:
        """Give what is begun when the last code of it came more than ``PATIENCE`` seconds ago."""
        return self.finish() if at - self._since > PATIENCE else []

    def finish(self) -> list[str | bytes]:
        """Give what is begun as one document, whole or not; nothing is left behind."""
        found: list[str | bytes] = [_LINE.join(self._parts.values())] if self._parts else []
        self._parts.clear()
        return found


def _part_of(scan: str) -> tuple[int, int] | None:
    """Tell which code of how many a scan is; None for a card in one code, and for what is none."""
    if not scan[: len(_CARD) + 1].lstrip().lower().startswith(_CARD):
        return None
    from verifier.codecs import health_card  # noqa: PLC0415 - see above

    try:
        part = health_card.read_part(scan.strip())
    except DocumentError:
        return None
    return (part.number, part.of) if part.of > 1 else None


def split(text: str) -> list[str]:
    """Take a file, an answer or a link with several cards apart, a token each.

    Anything else, and what cannot be read, comes back as it is: the verdict says what it is.
    """
    if len(text) > DOCUMENT_CHARACTERS or not text.lstrip().startswith((_OBJECT, _ADDRESS)):
        return [text]
    from verifier.codecs import health_card  # noqa: PLC0415 - see above

    bare = text.strip()
    try:
        return health_card.tokens_in(bare) if health_card.is_file(bare) else [text]
    except DocumentError:
        return [text]


def whole_texts(lines: Iterable[str | T]) -> Iterator[str | T]:
    """Put texts back together that were written over several lines: objects in JSON.

    A line that opens an object takes the lines that follow, until it is closed, as long as no
    document may be, or something else begins.
    """
    held: list[str] = []
    size = depth = 0
    for line in lines:
        text = line if isinstance(line, str) else ""
        if held and (not text or _begins_anew(text) or size + len(text) > DOCUMENT_CHARACTERS):
            yield _LINE.join(held)
            held, size, depth = [], 0, 0
        # The usual line is a document.
        if not held and not text.lstrip().startswith(_OBJECT):
            yield line
            continue
        held.append(text)
        size += len(text) + 1
        depth += _levels(text)
        if depth <= 0:
            yield _LINE.join(held)
            held, size, depth = [], 0, 0
    if held:
        yield _LINE.join(held)


def _begins_anew(line: str) -> bool:
    """Tell whether a line is the beginning of another document, and no line of an object."""
    return line.startswith('{"') or not line.lstrip().startswith(_IN_OBJECTS)


def _levels(line: str) -> int:
    """Count the brackets that a line opens, less those that it closes, outside its strings."""
    outside = "".join(line.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    return sum(map(outside.count, _OPENS)) - sum(map(outside.count, _CLOSES))
