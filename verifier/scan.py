"""Text from a camera or keyboard-wedge scanner: tidied, capped, and given to a format."""

from collections.abc import Iterable
from itertools import chain

from verifier import formats
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import DOCUMENT_CHARACTERS, SCAN_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

# What scanners add at the ends. A space is never touched: it is a character of base45 and may
# stand first or last.
_SCANNER_ADDS = "\r\n\t\0\ufeff"

# The start of a zip (DIVOC). Its bytes are handed on as characters, and none of them is tidied.
_ZIP = "PK\3\4"


@private
class ScannedText:
    """A tidied text, the format that reads it and the container that it has."""

    __slots__ = ("container", "format", "text")

    def __init__(self, text: str, format: Format, container: str) -> None:  # noqa: A002 - the contract's word
        """Take what ``read_scan`` found."""
        self.text = text
        self.format = format
        self.container = container


def read_scan(scan: str | bytes, extensions: Iterable[Format] = ()) -> ScannedText:
    """Tidy a scan and pick the format that recognises it, one from outside last.

    Raises ``DocumentError``: empty, too long, not recognised, or a relative known by name.
    """
    if isinstance(scan, bytes):
        scan = _text_of(scan)
    # Twice the longest document, so that tidying never walks over megabytes.
    if len(scan) > 2 * DOCUMENT_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    text = scan if scan.startswith(_ZIP) else scan.strip(_SCANNER_ADDS)
    if not text or text.isspace():
        raise DocumentError(Reason.EMPTY)
    every = chain(formats.each(), extensions) if extensions else formats.each()
    for candidate in every:
        container = candidate.recognise(text)
        if container is not None:
            if len(text) > candidate.characters:
                raise DocumentError(Reason.TOO_LARGE)
            return ScannedText(text, candidate, container)
    from verifier import lookalikes  # noqa: PLC0415 - most desks scan certificates

    named = lookalikes.name(text)
    if named is None:
        named = Reason.NOT_RECOGNISED if len(text) <= SCAN_CHARACTERS else Reason.TOO_LARGE
    raise DocumentError(named)


def _text_of(scan: bytes) -> str:
    if len(scan) > 2 * DOCUMENT_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    if scan.startswith(_ZIP.encode()):
        return scan.decode("latin-1")
    text = scan.decode("utf-8", "replace")
    if "\ufffd" in text:
        from verifier import lookalikes  # noqa: PLC0415 - most codes hold text

        raise DocumentError(lookalikes.name_bytes(scan) or Reason.NOT_RECOGNISED)
    return text
