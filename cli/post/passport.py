"""The lines at the bottom of a passport, scanned or typed, until they are all there."""

from typing import Final

from verifier.privacy import private

# How many lines follow from the length of the first (ICAO Doc 9303-4 to -7); a scanner may send
# all of them as one.
_LINES_OF: Final = {44: 2, 36: 2, 30: 3}
_LINE: Final = "\n"


@private
class ZoneLines:
    """Gathers the lines of one machine-readable zone."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: list[str] = []

    @property
    def characters(self) -> int:
        """How many characters there are, which is all that is shown of them."""
        return sum(map(len, self._lines))

    def add(self, line: str) -> bool:
        """Take a line, and tell whether that was the last one."""
        bare = "".join(line.split())
        if bare:
            self._lines.append(bare)
        return len(self._lines) >= _LINES_OF.get(len(self._lines[0]) if self._lines else 0, 1)

    def take(self) -> str:
        """Give the lines and forget them."""
        text = _LINE.join(self._lines)
        self._lines.clear()
        return text
