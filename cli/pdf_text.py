"""Codes that stand on a page as text, as in a mail that was printed into a PDF.

A page breaks a long code into lines, and a blank at the end of a line is lost. So lines are joined,
without and with a blank, until what they make can be opened: every container that is read here
notices when something of it is missing, but for a bare text that is signed as it stands (VDS-NC):
one that lost a blank would look as if somebody had changed it. Those are not taken from text.
"""

from collections.abc import Iterator

from verifier.errors import DocumentError
from verifier.scan import read_scan

# A code of 4,296 characters has 80 lines of 54. A page that begins more codes than that holds none.
_LINES = 80
_BEGINNINGS = 16

_SIGNED_AS_IT_STANDS = "{"


def codes_written(text: str) -> Iterator[str]:
    """Yield the codes in the text of a page that can be opened."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    tried = at = 0
    while at < len(lines) and tried < _BEGINNINGS:
        used = 0
        if _recognised(lines[at]):
            tried += 1
            code, used = _joined(lines[at : at + _LINES])
            if code:
                yield code
        at += used or 1


def _joined(lines: list[str]) -> tuple[str, int]:
    """Join the fewest lines that make a code; give it and their number, nothing where none do."""
    for count in range(1, len(lines) + 1):
        for between in ("", " ") if count > 1 else ("",):
            code = between.join(lines[:count])
            if _opens(code):
                return code, count
    return "", 0


def _recognised(line: str) -> bool:
    if line.startswith(_SIGNED_AS_IT_STANDS):
        return False
    try:
        read_scan(line)
    except DocumentError:
        return False
    return True


def _opens(code: str) -> bool:
    try:
        scanned = read_scan(code)
        scanned.format.open(scanned.text, scanned.container)
    except DocumentError:
        return False
    return True
