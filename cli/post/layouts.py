"""Wrong keyboard layouts: what they make of a scan, and how to undo it.

A scanner types keys, the computer's layout turns keys into characters, and when the two disagree
a certificate arrives as other characters. ``candidates`` gives the texts that may have been sent;
the signature decides which one was, so that a wrong guess does no harm (scanners notes, 4). What
each layout types is data: ``layouts.tsv``.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Final, NamedTuple
from unicodedata import normalize

from cli.post.identifiers import IDENTIFIERS

_DIGITS: Final = "0123456789"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS: Final = _UPPER + _UPPER.lower()
_ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))

# How a family's texts begin, and every character that they may hold.
_FAMILIES: Final = (
    ("HC1:", _DIGITS + _UPPER + " $%*+-./:"),
    ("shc:/", "shc:/" + _DIGITS),
    ("NZCP:/1/", _UPPER + _DIGITS + ":/"),
    # A seal holds less than ASCII, and on more layouts that can be told back.
    ('{"', _DIGITS + _LETTERS + ' {}[]":,-_=+/.'),
    ('{"', _ASCII),
    ("shlink:/", _DIGITS + _LETTERS + "-_:/#.?=&"),
    ("eyJ", _DIGITS + _LETTERS + "-_."),
)
_TURNED: Final = "@"  # ids of scanners set to a layout on a computer set to US
_TELLING: Final = 3  # so many characters of a beginning tell a layout; two are found in any text
_NAMED: Final = 3  # of several that look alike, as many as an officer can try
_CANDIDATES: Final = 8  # a signature each; more layouts than these never share a beginning

# A scanner that presses Alt and types the number of each character: three or four digits each.
_ALT_DIGITS: Final = (3, 4)
_ALT_LEAST: Final = 60

# Where the digits of Latin, Arabic, Persian and Hindi stand in Unicode.
_ZEROS: Final = (0x30, 0x660, 0x6F0, 0x966)


class Layout(NamedTuple):
    """What arrives for each character sent (absent: itself); ``lost`` are dead keys."""

    id: str
    name: str
    typed: Mapping[str, str]
    lost: frozenset[str]

    def types(self, text: str) -> str | None:
        """Give what arrives for a text, None when a dead key is in it."""
        if not self.lost.isdisjoint(text):
            return None
        return "".join(self.typed.get(character, character) for character in text)

    def undo(self, text: str, alphabet: str) -> str | None:
        """Give what was sent, None when that cannot be told of a text in this alphabet."""
        if not self.lost.isdisjoint(alphabet):
            return None
        sent = {self.typed.get(character, character): character for character in alphabet}
        if len(sent) < len(set(alphabet)):
            return None  # two keys give the same character
        longest = max(map(len, sent))
        if longest > 1 and any(len(typed) > 1 and set(typed) <= sent.keys() for typed in sent):
            return None  # one key's two letters are those of two other keys
        return _read(text, sent, longest)


class Candidate(NamedTuple):
    """A text that may have been sent, and the layout that would explain it."""

    text: str
    layout: str


@cache
def layouts() -> tuple[Layout, ...]:
    """Read the table that lies beside this file."""
    path = os.path.join(os.path.dirname(__file__), "layouts.tsv")  # noqa: PTH118, PTH120 - as elsewhere at start
    with open(path, encoding="utf-8") as table:  # noqa: PTH123 - the same
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    return tuple(
        Layout(name, title, {pair[0]: pair[1:] for pair in pairs.split()}, frozenset(lost))
        for name, title, pairs, lost in rows
    )


@cache
def row_of_digits() -> Mapping[str, int]:
    """Map what the keys 1 to 9 type on any layout to their digit, where that is unambiguous."""
    meant = {chr(zero + digit): {digit} for zero in _ZEROS for digit in range(1, 10)}
    for layout in layouts():
        for digit in range(1, 10):
            typed = None if layout.id.startswith(_TURNED) else layout.types(str(digit))
            if typed:
                # Digits of any script mean what they say, wherever a layout has put them.
                meant.setdefault(typed, set()).add(int(typed) if typed.isdigit() else digit)
    return {typed: digits.pop() for typed, digits in meant.items() if len(digits) == 1}


def candidates(text: str) -> list[Candidate]:
    """Give the texts that a keyboard may have turned into this one, at most eight, none twice."""
    found: dict[str, Candidate] = {}
    # As it came first: composing changes the order of marks, which some layouts type for letters.
    for version in dict.fromkeys((text, normalize("NFC", text))):
        for candidate in _guesses(version):
            if candidate.text != text:
                found.setdefault(candidate.text, candidate)
            if len(found) == _CANDIDATES:
                return list(found.values())
    return list(found.values())


def suspected(text: str) -> str:
    """Name the layouts that a damaged text looks like, a few at most; empty when none does."""
    composed = normalize("NFC", text)
    named = dict.fromkeys(
        opening.layout.name.partition(" (")[0]  # whose keyboard; variants are told apart by nobody
        for opening in _openings().get(composed[:_TELLING], ())
        if opening.damaged
        and composed.startswith(opening.surviving)
        and len(opening.surviving) >= _TELLING
    )
    return ", ".join(list(named)[:_NAMED])


def is_typed_by_numbers(text: str) -> bool:
    """Tell whether a text is what a scanner in Alt mode types here: numbers of characters."""
    if len(text) < _ALT_LEAST or not (text.isascii() and text.isdigit()):
        return False
    for size in _ALT_DIGITS:
        numbers = [int(text[at : at + size]) for at in range(0, len(text), size)]
        if len(text) % size == 0 and all(32 <= number < 127 for number in numbers):  # noqa: PLR2004 - the ends of ASCII
            return True
    return False


class _Opening(NamedTuple):
    """How a family's texts begin when a layout has changed them.

    ``typed`` is None where a dead key stands in it; then ``surviving`` still tells the layout.
    ``skip`` are the characters of an identifier before the text. ``damaged`` tells whether the
    opening itself was changed.
    """

    layout: Layout
    typed: str | None
    surviving: str
    skip: int
    alphabet: str
    damaged: bool = True


@cache
def _openings() -> Mapping[str, tuple[_Opening, ...]]:
    """Give every opening by its first characters, in the order in which they are tried."""
    found: dict[str, list[_Opening]] = {}
    for opening in chain.from_iterable(map(_openings_of, _FAMILIES)):
        found.setdefault(opening.surviving[:_TELLING], []).append(opening)
    return {head: tuple(openings) for head, openings in found.items()}


def _openings_of(family: tuple[str, str]) -> Iterator[_Opening]:
    prefix, alphabet = family
    for layout in layouts():
        for identifier in ("", *IDENTIFIERS):
            sent = identifier + prefix
            typed = layout.types(sent)
            surviving = layout.types("".join(each for each in sent if each not in layout.lost))
            if typed != sent and surviving:
                skip = len(layout.types(identifier) or "")
                yield _Opening(layout, typed, surviving, skip, alphabet)
        # Some layouts leave an opening as it is and change what follows (Hebrew, Canadian).
        if layout.types(prefix) == prefix:
            yield _Opening(layout, prefix, prefix, 0, alphabet, damaged=False)


def _guesses(text: str) -> Iterator[Candidate]:
    swapped = text.swapcase() if text.isascii() else ""
    if swapped.startswith(tuple(dict(_FAMILIES))):
        yield Candidate(swapped, "Caps Lock")
    openings = _openings()
    short = [opening for size in (2, 1) for opening in openings.get(text[:size], ())]
    for opening in (*openings.get(text[:_TELLING], ()), *short):
        if opening.typed is None or not text.startswith(opening.typed):
            continue
        sent = opening.layout.undo(text[opening.skip :], opening.alphabet)
        if sent is not None:
            yield Candidate(sent, opening.layout.name)


def _read(text: str, sent: Mapping[str, str], longest: int) -> str | None:
    """Read a text by the longest pieces that stand for a character."""
    if longest == 1:
        if not set(text) <= sent.keys():
            return None
        return "".join(map(sent.__getitem__, text))
    pieces = []
    at = 0
    while at < len(text):
        for size in range(longest, 0, -1):
            character = sent.get(text[at : at + size])
            if character is not None and len(text) >= at + size:
                break
        else:
            return None
        pieces.append(character)
        at += size
    return "".join(pieces)
