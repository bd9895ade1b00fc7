"""Compares the name of a certificate with the name field of a machine-readable zone.

Only full agreement is "the same": every letter of the certificate in a spelling that ICAO Doc
9303-3, section 6, gives, the parts in their places or in one of the two orders of a name that its
issuer did not divide. Likeness is never agreement; it only keeps a difference from being called
one. A difference is called so when nothing is alike and all of it could be seen.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from verifier.claims import Holder
from verifier.mrz import FILLER
from verifier.privacy import private
from verifier.reasons import Reason
from verifier.transliteration import Word, fits, spell, words_of

DIFFERENT: Final = frozenset({Reason.NAME_DIFFERS, Reason.GIVEN_NAME_DIFFERS})

# What issuers write for a name that is missing, and what stands before one.
_NO_NAMES: Final = frozenset(
    {"FNU", "LNU", "XXX", "UNKNOWN", "MR", "MRS", "MS", "MISS", "DR", "PROF"}
)

# The longest name field, of a passport. Seals (VDS-NC) cut names at the same length.
_LONGEST_FIELD: Final = 39

# Spellings that go back to one letter or sound: of the table's own alternatives (9303-3, section 6)
# and of usual transcriptions (mrz-9303 notes, 5.5). To be alike, never to be the same.
_FOLDS: Final = (
    ("XX", ""), ("SHCH", "S"), ("SHT", "S"), ("TSCH", "C"), ("SCH", "S"), ("SH", "S"), ("TS", "C"),
    ("TZ", "C"), ("ZH", "Z"), ("CH", "C"), ("TH", "T"), ("DJ", "D"), ("DZ", "D"), ("KH", "H"),
    ("PH", "F"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A"), ("Y", "I"), ("J", "I"),
    ("IO", "E"), ("GI", "G"), ("KI", "K"), ("W", "V"), ("G", "H"),
)  # fmt: skip
# Transcriptions of Arabic and of the scripts of India agree in consonants at best.
_VOWELS: Final = re.compile("[AEIOU]")
_ENOUGH_CONSONANTS: Final = 3

_DOUBLED: Final = re.compile(r"(.)\1+")

# Letters that may differ between two words that are alike, by the length of the shorter.
_SLIPS: Final = ((8, 2), (4, 1))


@private
class PassportName:
    """The words of a name field. ``full`` tells that it is full to its last position.

    Then something may be missing: the last position of a cut name is a letter (9303-4, 4.2.3).
    ``secondary`` has no words where the issuer did not divide the name.
    """

    __slots__ = ("full", "primary", "secondary")

    def __init__(self, primary: list[str], secondary: list[str], *, full: bool) -> None:
        """Take the words of both identifiers."""
        self.primary = primary
        self.secondary = secondary
        self.full = full

    def words(self) -> list[str]:
        """Give all words in the order of the field."""
        return self.primary + self.secondary


def read_passport_name(field: str) -> PassportName | None:
    """Take a name field apart (9303-3, 4.6); None if it is not written as names are."""
    name = field.rstrip(FILLER)
    parts = [part.split(FILLER) for part in name.split(FILLER * 2)]
    in_place = all(word.isalpha() for part in parts for word in part)
    if not in_place or len(parts) not in {1, 2}:
        return None
    return PassportName(parts[0], parts[1] if len(parts) > 1 else [], full=name == field)


def compare_names(holder: Holder, passport: PassportName) -> Reason | None:
    """Compare in every spelling that the certificate has; None when they agree."""
    spellings = ((holder.family_mrz, holder.given_mrz), (holder.family, holder.given))
    told = [
        _compare(words_of(family), words_of(given), passport, undivided=holder.undivided)
        for family, given in spellings
        if family or given
    ]
    if None in told:
        return Reason.NAME_SPELLINGS_CONTRADICT if DIFFERENT.intersection(told) else None
    undecided = [reason for reason in told if reason not in DIFFERENT]
    return (undecided or told or [Reason.NAME_PARTS_DIFFER])[0]


class _Pair(NamedTuple):
    """The words of both sides, spelt. The certificate's have no division where it states none."""

    family: Sequence[Word]
    given: Sequence[Word]
    passport: PassportName
    undivided: bool

    @property
    def words(self) -> list[Word]:
        return [*self.family, *self.given]


def _compare(
    family: list[str], given: list[str], passport: PassportName, *, undivided: bool
) -> Reason | None:
    spelt = [spell(word) for word in family + given]
    known = [word for word in spelt if word is not None]
    if len(known) < len(spelt):
        return Reason.NAME_IN_OTHER_LETTERS
    if not known:
        return Reason.NAME_PARTS_DIFFER
    pair = _Pair(known[: len(family)], known[len(family) :], passport, undivided)
    whole = _NO_NAMES.isdisjoint(family + given + passport.words()) and not _has_initial(pair)
    if whole and _agree(pair):
        # Two names that fill their fields may both be cut, and a name in one text may be too.
        length = sum(len(word) + 1 for word in family + given)
        cut = passport.full and (undivided or length >= _LONGEST_FIELD)
        return Reason.NAME_CUT if cut else None
    if not all(word.decides for word in known):
        return Reason.NAME_IN_OTHER_LETTERS
    if not whole:
        return Reason.NAME_NOT_WHOLE
    return Reason.NAME_CUT if passport.full else _tell_apart(pair)


def _has_initial(pair: _Pair) -> bool:
    """Tell whether a given name is one letter: it may stand for any that begins with it."""
    words = pair.words if pair.undivided else pair.given
    passport = pair.passport.words() if pair.undivided else pair.passport.secondary
    return any(len(word.table) == 1 for word in words) or any(len(word) == 1 for word in passport)


def _agree(pair: _Pair) -> bool:
    """Tell whether every letter agrees. Where words end does not matter, nor does a hyphen."""
    primary, secondary = "".join(pair.passport.primary), "".join(pair.passport.secondary)
    family, given = _letters(pair.family), _letters(pair.given)
    if pair.undivided:
        return fits(family + given, primary + secondary) or fits(
            family + given, secondary + primary
        )
    if not secondary and not (family and given):
        # One name: each issuer decides whether it is a family or a given one.
        return fits(family + given, primary)
    return fits(family, primary) and fits(given, secondary)


def _letters(words: Iterable[Word]) -> list[Sequence[str]]:
    return [forms for word in words for forms in word.table]


def _tell_apart(pair: _Pair) -> Reason:
    """Say how two names differ that do not agree, are whole, and can be read."""
    words, passport = pair.words, pair.passport
    if not _any_alike(words, passport.words()):
        return Reason.NAME_DIFFERS
    if not pair.undivided and pair.family and pair.given and passport.secondary:
        # A twin, spouse or parent shares family name and perhaps birth date.
        if not (_any_alike(pair.given, passport.words()) or _any_alike(words, passport.secondary)):
            return Reason.GIVEN_NAME_DIFFERS
        if fits(_letters(pair.given), "".join(passport.secondary)) and not _any_alike(
            pair.family, passport.primary
        ):
            return Reason.FAMILY_NAME_DIFFERS
    agreeing = [
        (word, text) for word in words for text in passport.words() if fits(word.table, text)
    ]
    all_here = {text for _, text in agreeing}.issuperset(passport.words())
    all_there = all(any(word is each for each, _ in agreeing) for word in words)
    return Reason.NAME_PARTS_DIFFER if all_here or all_there else Reason.NAME_CLOSE


def _any_alike(words: Sequence[Word], texts: Sequence[str]) -> bool:
    """Tell whether any word is like any other, or all together are like all together."""
    joined = Word(
        _letters(words), [forms for word in words for forms in word.widened], decides=True
    )
    return any(_alike(word, text) for word in words for text in texts) or _alike(
        joined, "".join(texts)
    )


def _alike(word: Word, text: str) -> bool:
    """Tell whether two words may be one.

    A short form, another spelling, the same consonants, or a letter or two off.
    """
    spelt = word.recommended()
    if fits(word.widened, text) or spelt.startswith(text) or text.startswith(spelt):
        return True
    one, other = _fold(spelt), _fold(text)
    skeleton = _VOWELS.sub("", one)
    if len(skeleton) >= _ENOUGH_CONSONANTS and skeleton == _VOWELS.sub("", other):
        return True
    shorter = min(len(one), len(other))
    allowed = next((slips for least, slips in _SLIPS if shorter >= least), 0)
    return _within(one, other, allowed)


def _fold(text: str) -> str:
    for long, short in _FOLDS:
        text = text.replace(long, short)
    return _DOUBLED.sub(r"\1", text)


def _within(one: str, other: str, slips: int) -> bool:
    """Tell whether so many letters added, left out or exchanged make one text of the other."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    if not one or not other:
        return len(one) + len(other) <= slips
    return slips > 0 and (
        _within(one[1:], other[1:], slips - 1)
        or _within(one[1:], other, slips - 1)
        or _within(one, other[1:], slips - 1)
    )
