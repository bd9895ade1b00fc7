"""The machine-readable zone of a travel document: lines in, fields out (ICAO Doc 9303-3 to -7).

A zone is as private as a certificate. Whatever can be read is read; which check digits do not
agree, and which characters look like a scanner's slip, is told beside it. No list of countries
decides over a zone: people without a passport bring other papers (9303-3, 5, codes XXA to XXX).
"""

from enum import StrEnum
from typing import Final, NamedTuple

from verifier.errors import DocumentError
from verifier.limits import ZONE_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

FILLER: Final = "<"


class Field(StrEnum):
    """The fields with a check digit."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    COMPOSITE = "composite"


class _Layout(NamedTuple):
    """Where the fields stand in the lines, joined; a check digit follows its field.

    ``spare`` is the field that takes the rest of a long document number, None where there is no
    such rule; ``optional`` is a field of its own check digit. ``composite`` are the parts that the
    last check digit, at ``last``, goes over.
    """

    name: slice
    number: slice
    birth: slice
    expiry: slice
    spare: slice | None = None
    optional: slice | None = None
    composite: tuple[slice, ...] = ()
    last: int = 0


# 9303-5, 4.2.2; 9303-6, 4.2.2; 9303-4, 4.2.2; 9303-7, 4.2 and 5.2 (visas, which have no
# composite check digit). Keyed by lines, their width, and whether it is a visa.
_CARD: Final = _Layout(
    slice(60, 90), slice(5, 14), slice(30, 36), slice(38, 44), slice(15, 30), None,
    (slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)), 59,
)  # fmt: skip
_PASSPORT: Final = _Layout(
    slice(5, 44), slice(44, 53), slice(57, 63), slice(65, 71), None, slice(72, 86),
    (slice(44, 54), slice(57, 64), slice(65, 87)), 87,
)  # fmt: skip
_SMALL: Final = _Layout(
    slice(5, 36), slice(36, 45), slice(49, 55), slice(57, 63), slice(64, 71), None,
    (slice(36, 46), slice(49, 56), slice(57, 71)), 71,
)  # fmt: skip
_LAYOUTS: Final = {
    (3, 30, False): _CARD,
    (3, 30, True): _CARD,  # no visa has three lines
    (2, 44, False): _PASSPORT,
    (2, 44, True): _PASSPORT._replace(optional=None, composite=()),
    (2, 36, False): _SMALL,
    (2, 36, True): _SMALL._replace(spare=None, composite=()),
}
# A scanner that sends all in one line.
_SHAPES: Final = {90: (3, 30), 88: (2, 44), 72: (2, 36)}
_VISA: Final = "V"

_WEIGHTS: Final = (7, 3, 1)

# What a scanner takes a digit for, where only digits may stand (9303-3, 4.9 allows it no check on
# names, so that letters are never put right).
_DIGIT_MEANT: Final = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
}  # fmt: skip

# Some scanners print two fillers as one sign.
_QUOTES: Final = str.maketrans({"\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": "<<",
                                "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "<"})  # fmt: skip
_CHARACTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")


@private
class Slip:
    """A character that looks exchanged: where it stands (from 1), what was read, what was meant."""

    __slots__ = ("line", "meant", "place", "read")

    def __init__(self, line: int, place: int, read: str, meant: str) -> None:
        """Take the place and the two characters."""
        self.line = line
        self.place = place
        self.read = read
        self.meant = meant


@private
class Zone:
    """The fields of one zone, as they stand there.

    ``name`` is the whole name field, fillers included. ``birth`` are six characters, year, month
    and day, fillers or zeros for what is unknown (9303-3, 4.8). ``number`` is whole, without
    fillers at its end. ``failing`` are the fields whose check digit does not agree, ``slips`` what
    may explain it: putting them right makes the check digits agree.
    """

    __slots__ = ("birth", "document", "expiry", "failing", "name", "number", "slips")

    def __init__(self, document: str, name: str, number: str, birth: str, expiry: str) -> None:
        """Take the fields; what is wrong with them is added by whoever reads them."""
        self.document = document
        self.name = name
        self.number = number
        self.birth = birth
        self.expiry = expiry
        self.failing: frozenset[Field] = frozenset()
        self.slips: tuple[Slip, ...] = ()


def read(text: str) -> Zone:
    """Read a zone: TD1, TD2, TD3 or a visa, told by the number and the length of its lines.

    Blanks, line ends, control characters and small letters of scanners do no harm. Raises
    ``DocumentError``: ``ZONE_LENGTH`` or ``ZONE_CHARACTERS``.
    """
    lines = _lines(text)
    count, width = len(lines), len(lines[0])
    if count == 1:
        count, width = _SHAPES.get(width, (0, 0))
    elif any(len(line) != width for line in lines):
        raise DocumentError(Reason.ZONE_LENGTH)
    whole = "".join(lines)
    layout = _LAYOUTS.get((count, width, whole.startswith(_VISA)))
    if layout is None:
        raise DocumentError(Reason.ZONE_LENGTH)
    number, _ = _number(whole, layout)
    zone = Zone(
        whole[:2].rstrip(FILLER),
        whole[layout.name],
        number.rstrip(FILLER),
        whole[layout.birth],
        whole[layout.expiry],
    )
    zone.failing = _failing(whole, layout)
    zone.slips = _slips(whole, layout, width)
    return zone


def check_digit(text: str) -> str:
    """Compute the check digit over a text (9303-3, 4.9): letters count from 10, fillers 0."""
    values = (0 if character == FILLER else int(character, 36) for character in text)
    return str(sum(value * _WEIGHTS[at % 3] for at, value in enumerate(values)) % 10)


def _lines(text: str) -> list[str]:
    """Tidy what a scanner sent. Raises ``DocumentError``."""
    if len(text) > ZONE_CHARACTERS:
        raise DocumentError(Reason.ZONE_LENGTH)
    lines = []
    for line in text.translate(_QUOTES).splitlines():
        kept = "".join(sign for sign in line if not sign.isspace() and (sign >= " "))
        # Beyond ASCII, capital letters of other scripts could pass for those of a zone.
        tidy = kept.upper() if kept.isascii() else kept
        if not _CHARACTERS.issuperset(tidy):
            raise DocumentError(Reason.ZONE_CHARACTERS)
        if tidy:
            lines.append(tidy)
    if not lines:
        raise DocumentError(Reason.ZONE_LENGTH)
    return lines


def _number(whole: str, layout: _Layout) -> tuple[str, str]:
    """Give the document number and its check digit.

    On cards a number longer than nine characters goes on in the optional field, a filler in the
    place of its check digit, which follows the rest (9303-5, 4.2.2.1; 9303-6, 4.2.2.1).
    """
    number, digit = whole[layout.number], whole[layout.number.stop]
    if layout.spare is not None and digit == FILLER:
        rest = whole[layout.spare].partition(FILLER)[0]
        if rest:
            return number + rest[:-1], rest[-1]
    return number, digit


def _failing(whole: str, layout: _Layout) -> frozenset[Field]:
    checked = {
        Field.NUMBER: _number(whole, layout),
        Field.BIRTH: _with_digit(whole, layout.birth),
        Field.EXPIRY: _with_digit(whole, layout.expiry),
    }
    if layout.optional is not None:
        content, digit = _with_digit(whole, layout.optional)
        # A field of fillers alone may have one for its check digit too (9303-4, 4.2.2.2).
        if content.strip(FILLER) or digit != FILLER:
            checked[Field.OPTIONAL] = content, digit
    if layout.composite:
        checked[Field.COMPOSITE] = _composite(whole, layout), whole[layout.last]
    return frozenset(
        field for field, (content, digit) in checked.items() if check_digit(content) != digit
    )


def _with_digit(whole: str, field: slice) -> tuple[str, str]:
    return whole[field], whole[field.stop]


def _composite(whole: str, layout: _Layout) -> str:
    return "".join(whole[part] for part in layout.composite)


def _slips(whole: str, layout: _Layout, width: int) -> tuple[Slip, ...]:
    """Find letters where only digits may stand, if the check digits agree with these in place."""
    only_digits = [
        *range(layout.birth.start, layout.birth.stop + 1),
        *range(layout.expiry.start, layout.expiry.stop + 1),
        layout.number.stop,
    ]
    if layout.optional is not None:
        only_digits.append(layout.optional.stop)
    if layout.composite:
        only_digits.append(layout.last)
    meant = {at: _DIGIT_MEANT[whole[at]] for at in only_digits if whole[at] in _DIGIT_MEANT}
    repaired = "".join(meant.get(at, character) for at, character in enumerate(whole))
    if not meant or _failing(repaired, layout):
        return ()
    return tuple(
        Slip(at // width + 1, at % width + 1, whole[at], digit)
        for at, digit in sorted(meant.items())
    )
