"""Text from a camera or keyboard-wedge scanner: tidied, capped, and given to a format."""

from verifier.errors import DocumentError
from verifier.formats import FORMATS
from verifier.formats.base import Format
from verifier.limits import SCAN_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

# What scanners add at the ends. A space is never touched: it is a character of base45 and may
# stand first or last.
_SCANNER_ADDS = "\r\n\t\0\ufeff"


@private
class ScannedText:
    """A tidied text, the format that reads it and the container that it has."""

    __slots__ = ("container", "format", "text")

    def __init__(self, text: str, format: Format, container: str) -> None:  # noqa: A002 - the contract's word
        """Take what ``read_scan`` found."""
        self.text = text
        self.format = format
        self.container = container


def read_scan(scan: str | bytes) -> ScannedText:
    """Tidy a scan and pick the format that recognises it.

    Raises ``DocumentError``: empty, too long, not recognised, or a relative known by name.
    """
    if isinstance(scan, bytes):
        scan = _text_of(scan)
    # Twice the largest code, so that tidying never walks over megabytes.
    if len(scan) > 2 * SCAN_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    text = scan.strip(_SCANNER_ADDS)
    if not text or text.isspace():
        raise DocumentError(Reason.EMPTY)
    if len(text) > SCAN_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    for candidate in FORMATS:
        container = candidate.recognise(text)
        if container is not None:
            return ScannedText(text, candidate, container)
    raise DocumentError(Reason.NOT_RECOGNISED)


def _text_of(scan: bytes) -> str:
    if len(scan) > 2 * SCAN_CHARACTERS:
        raise DocumentError(Reason.TOO_LARGE)
    text = scan.decode("utf-8", "replace")
    if "\ufffd" in text:
        raise DocumentError(Reason.NOT_RECOGNISED)
    return text
