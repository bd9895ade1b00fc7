"""How a screen is laid out: a band with the outcome, what to compare, reasons, keys.

A screen is made of parts, each with a weight; when they do not all fit, the lightest stay away, so
that nothing ever scrolls. The same parts come line by line where no screen can be drawn.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cli.bidi import directed, isolated
from cli.messages import is_right_to_left, word
from cli.post.keys import IN_LEGEND, Key
from cli.post.letters import in_blocks
from cli.post.terminal import CLEAR, Size
from cli.problem import printable
from cli.style import WIDEST, Style, cells, wrap
from verifier.privacy import private

_COLOURS: Final = {"green": "32", "red": "31", "yellow": "33", "": ""}
_RESET: Final = "\033[0m"
_LOW: Final = 14  # rows below which the band is a single one
_TALL: Final = 32  # rows from which on there is room for letters of five rows anyway

# Weights: what is left out first when the screen is small.
MUST, SHOULD, MAY, SPARE = 3, 2, 1, 0

_BETWEEN: Final = "  "


class Part(NamedTuple):
    """A paragraph, its indents, and how much it matters. ``ahead`` asks for a blank line before."""

    text: str
    weight: int = SHOULD
    first: str = ""
    ahead: bool = False
    strong: bool = False


class Band(NamedTuple):
    """The outcome: a sign, a word in large letters and a colour, which never stands alone."""

    sign: str
    words: str
    colour: str


@private
class Screen:
    """What is on the screen: a band if there is an outcome, and the parts below it."""

    __slots__ = ("band", "keys", "parts")

    def __init__(
        self, parts: Iterable[Part], band: Band | None = None, keys: Sequence[Key] = ()
    ) -> None:
        """Take the parts in their order, and the keys to be named at the bottom."""
        self.parts = list(parts)
        self.band = band
        self.keys = keys


class Painter:
    """Lays screens out for one desk: its language, colours, size of letters, plain or not."""

    __slots__ = ("_big", "_lang", "_style", "plain")

    def __init__(self, style: Style, lang: str, *, plain: bool, big: bool) -> None:
        """Take the style of the terminal; its width is asked for each screen."""
        self._style = style
        self._lang = lang
        self.plain = plain
        self._big = big

    def word(self, key: str, **filled: object) -> str:
        """Give words of the desk, with the punctuation that can be shown."""
        return self._style.words(word(key, self._lang, **filled))

    def code(self, text: str) -> str:
        """Give a code or a name in passport letters, kept from being turned round."""
        return isolated(text, within=is_right_to_left(self._lang))

    def sign(self, sign: str) -> str:
        """Give a sign, or its spelling in ASCII."""
        return self._style.sign(sign)

    def arrow(self) -> str:
        """Give the sign that stands before a next step."""
        return self.word("next") + " "

    def paint(self, screen: Screen, size: Size) -> str:
        """Give all that has to be written for a screen."""
        return self._lines(screen) if self.plain else self._whole(screen, size)

    def _lines(self, screen: Screen) -> str:
        lines = []
        if screen.band:
            lines.append(f"{self._style.sign(screen.band.sign)} {screen.band.words}")
        lines += [part.first.lstrip() + part.text for part in screen.parts]
        if screen.keys:
            lines += self._legend(screen.keys, WIDEST)
        return "".join(f"{line}\n" for line in lines if line.strip())

    def _whole(self, screen: Screen, size: Size) -> str:
        width = min(size.columns, WIDEST)
        bottom = self._legend(screen.keys, size.columns)[: max(1, size.rows // 4)]
        room = size.rows - len(bottom) - bool(bottom)
        top = self._band(screen.band, size) if screen.band else []
        fitting = _fitting(screen.parts, width, room - len(top))
        body = [self._strong(line) if strong else self._directed(line) for line, strong in fitting]
        gap = [""] * max(0, size.rows - len(top) - len(body) - len(bottom))
        rows = [*top, *body, *gap, *bottom][: size.rows]
        # No line end after the last row: it would push the first one off.
        return CLEAR + "\n".join(rows)

    def _strong(self, line: str) -> str:
        return f"\033[1m{self._directed(line)}{_RESET}" if line.strip() else line

    def _directed(self, line: str) -> str:
        return directed(line, right_to_left=is_right_to_left(self._lang))

    def _legend(self, keys: Sequence[Key], width: int) -> list[str]:
        """Name the keys, none of them broken over two lines."""
        lines: list[str] = []
        for key in keys:
            shown = f"{key.sign} {word(f'desk.key.{key.word}', self._lang)}"
            if lines and cells(lines[-1] + _BETWEEN + shown) <= width:
                lines[-1] += _BETWEEN + shown
            else:
                lines.append(shown)
        return lines

    def _band(self, band: Band, size: Size) -> list[str]:
        sign = self._style.sign(band.sign)
        blocks = self._blocks(band.words, size)
        if blocks:
            rows = ["", *(f"  {row}" for row in blocks), ""]
        else:
            blank = [""] if size.rows >= _LOW else []
            rows = [*blank, f"  {sign}  {_spaced(band.words, size.columns - 8)}", *blank]
        if blocks:
            rows[-1] = f"  {sign}  {band.words}"
        start = f"\033[1;7;{_COLOURS[band.colour]}m" if self._style.colour else "\033[1;7m"
        return [f"{start}{_padded(row, size.columns)}{_RESET}" for row in rows]

    def _blocks(self, words: str, size: Size) -> list[str]:
        if not (self._big or size.rows >= _TALL) or not self._style.signs:
            return []
        blocks = in_blocks(words, size.columns - 4)
        return blocks if len(blocks) <= size.rows // 2 else []


def legend(*without: Key) -> tuple[Key, ...]:
    """Give the keys in the order of their digits, but for some."""
    return tuple(key for key in IN_LEGEND if key not in without)


def safe(text: str) -> str:
    """Give a name or a text of a document so that it steers no terminal and hides nothing."""
    return printable(text)


def _fitting(parts: Sequence[Part], width: int, room: int) -> list[tuple[str, bool]]:
    """Lay the parts out in so many rows; blank lines go first, then what matters least."""
    for blank in (True, False):
        lines = _laid_out(parts, width, blank=blank)
        if len(lines) <= room:
            return lines
    kept = list(parts)
    for weight in (SPARE, MAY, SHOULD):
        for part in [part for part in reversed(kept) if part.weight == weight]:
            kept.remove(part)
            lines = _laid_out(kept, width, blank=False)
            if len(lines) <= room:
                return lines
    return _laid_out(kept, width, blank=False)[: max(room, 0)]


def _laid_out(parts: Sequence[Part], width: int, *, blank: bool) -> list[tuple[str, bool]]:
    lines: list[tuple[str, bool]] = []
    for part in parts:
        if part.ahead and blank:
            lines.append(("", False))
        lines += [(line, part.strong) for line in wrap(part.text, width, part.first).split("\n")]
    return lines


def _spaced(words: str, width: int) -> str:
    """Put letters apart, which carries further; not those that join or have no capitals."""
    apart = " ".join(words)
    return apart if words.isupper() and cells(apart) <= width else words


def _padded(row: str, columns: int) -> str:
    while cells(row) > columns:
        row = row[:-1]
    return row + " " * (columns - cells(row))
