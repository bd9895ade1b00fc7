"""How names are written in the letters of a machine-readable zone (ICAO Doc 9303-3, section 6).

The tables say which spellings there are, not which one an issuer chose: a state may write a letter
in any of those that the table gives, each time anew. So a name is never turned into one spelling
to be compared; ``fits`` asks whether a spelling is one of those that it may have. The way is from
the certificate to the zone alone, because several letters share a spelling.

A letter without a table makes a word without a spelling. Greek, Hebrew, Georgian, Armenian, the
scripts of India, Thai, Chinese, Japanese, Korean and Ethiopic have none in Doc 9303.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from verifier.privacy import private


class _Letter(NamedTuple):
    """The spellings of one letter, the recommended one first.

    ``first`` are more at the start of a word; ``last`` stand in the place of all others at its end;
    ``practice`` are seen in documents and not in the table.
    """

    table: tuple[str, ...]
    practice: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


# A letter, then its spellings by Doc 9303-3, section 6, A and B: the recommended one, others that
# the table allows, and those that it gives for one language (Belarusian, Bulgarian, Macedonian,
# Serbian, Ukrainian). `^` marks one for the start of a word. After `~` what documents have beside
# the table. Letters that only lose a mark are not listed: Unicode takes the mark away. Letters
# that the table lacks (such as those of Azerbaijani, Hausa, Kazakh) are spelt by their base.
_LATIN: Final = """
Ä=AE/A Å=AA/A Æ=AE~A/E Ð=D~DH Ñ=N/NXX Ö=OE/O Ø=OE~O Ü=UE/U/UXX Þ=TH~T Đ=D~DJ Ħ=H Ĳ=IJ~Y Ŀ=L Ł=L
Ŋ=N Œ=OE~O Ŧ=T Ɓ=B Ɔ=O Ɖ=D Ɗ=D Ǝ=E Ə=A~E Ɛ=E Ɣ=G~GH Ƙ=K Ʋ=V Ƴ=Y Ǣ=AE~A/E Ǽ=AE~A/E Ǿ=OE~O Ș=S~SH
ẞ=SS
"""
_CYRILLIC: Final = """
Ѐ=E Ё=E/IO~YO/JO/IE Ђ=D~DJ/DZ Ѓ=G/GJ Є=IE/^YE~YE/JE Ѕ=DZ І=I Ї=I/^YI~YI/JI Ј=J Љ=LJ~L Њ=NJ~N
Ћ=C~CH Ќ=K/KJ Ѝ=I Ў=U Џ=DZ/DJ А=A Б=B В=V~W Г=G/H Д=D Е=E~YE/JE Ж=ZH/Z~J З=Z И=I/Y Й=I/^Y~Y/J
К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U~OU/W Ф=F Х=KH/H~CH Ц=TS/C~TZ Ч=CH/C~TCH/TSCH
Ш=SH/S~CH/SCH Щ=SHCH/SHT~SCH/CHTCH/SHH Ъ=IE~/A/Y Ы=Y~I Ь=~Y Э=E~EH Ю=IU/^YU~YU/JU/IOU
Я=IA/^YA~YA/JA Ѫ=U Ѵ=Y Ґ=G Ғ=G~GH/GJ Қ=K~Q Ң=N~NG Ҥ=N~NG Ҫ=S Ү=U~UE Ұ=U Ҳ=H~KH Ҷ=J~CH Һ=C Ӑ=A
Ӗ=E Ә=A~E/AE Ӣ=I Ө=O~U/OE Ӯ=U Ӳ=U~UE
"""
# Section 6, C, by code point: lines that change direction cannot be read. `$` marks what stands at
# the end of a word.
_ARABIC: Final = """
0621=XE 0622=XAA 0623=XAE 0624=U 0625=I 0626=XI 0627=A 0628=B 0629=XTA/$XAH 062A=T 062B=XTH
062C=J 062D=XH 062E=XKH 062F=D 0630=XDH 0631=R 0632=Z 0633=S 0634=XSH 0635=XSS 0636=XDZ 0637=XTT
0638=XZZ 0639=E 063A=G 0641=F 0642=Q 0643=K 0644=L 0645=M 0646=N 0647=H 0648=W 0649=XAY 064A=Y
0671=XXA 0679=XXT 067C=XRT 067E=P 0681=XKE 0685=XXH 0686=XC 0688=XXD 0689=XDR 0691=XXR 0693=XRR
0696=XRX 0698=XJ 069A=XXS 06A9=XKK 06AB=XXK 06AD=XNG 06AF=XGG 06BA=XNN 06BC=XXN 06BE=XDO
06C0=XYH 06C1=XXG 06C2=XGE 06C3=XTG 06CC=XYA 06CD=XXY 06D0=Y 06D2=XYB 06D3=XBE
"""


def _letter(spellings: str) -> _Letter:
    table, _, practice = spellings.partition("~")
    forms = table.split("/")
    return _Letter(
        tuple(form for form in forms if not form.startswith(("^", "$"))),
        tuple(practice.split("/")) if practice else (),
        tuple(form[1:] for form in forms if form.startswith("^")),
        tuple(form[1:] for form in forms if form.startswith("$")),
    )


def _pairs(table: str) -> Iterable[tuple[str, _Letter]]:
    for entry in table.split():
        letter, _, spellings = entry.partition("=")
        yield letter, _letter(spellings)


_ARABIC_LETTERS: Final = {chr(int(code, 16)): letter for code, letter in _pairs(_ARABIC)}
_LETTERS: Final = {
    **{letter: _Letter((letter,)) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **dict(_pairs(_LATIN)),
    **dict(_pairs(_CYRILLIC)),
    **_ARABIC_LETTERS,
}

# Vowel signs and the stretched line are not written; shadda doubles its letter. Unicode's order
# puts a vowel sign between the two, so that these go first.
_NOT_WRITTEN: Final = re.compile("[\u0640\u064b-\u0650\u0652\u0670]")
_SHADDA: Final = re.compile("(.)\u0651")

# Apostrophes and their like, soft hyphens and joiners leave no gap (9303-3, 4.6).
_DROPPED: Final = re.compile(
    "['\u2019\u2018\u02bc`\u00b4\u02b9\u02bb\u02be\u02bf\u00ad\u200b-\u200d\u2060]"
)
_BETWEEN: Final = re.compile("[\\s<\\-\u2010-\u2015.,\u00b7\u2027]+")
_MARKS: Final = range(0x300, 0x370)


@private
class Word:
    """One word of a name and the spellings of each of its letters.

    ``decides`` tells whether the letters are Latin or Cyrillic: passports of other scripts carry a
    transcription as a rule and not the table's spelling, so that not to fit means nothing there.
    """

    __slots__ = ("decides", "table", "widened")

    def __init__(self, table: Sequence[Sequence[str]], widened: Sequence[Sequence[str]],
                 *, decides: bool) -> None:  # fmt: skip
        """Take for each letter what the table gives, and that with what documents have besides."""
        self.table = table
        self.widened = widened
        self.decides = decides

    def recommended(self) -> str:
        """Write the word as the table recommends."""
        return "".join(forms[0] for forms in self.table)

    def only(self) -> str | None:
        """Write the word if the table leaves no choice; None if it does."""
        return None if any(len(forms) > 1 for forms in self.table) else self.recommended()


def words_of(name: str) -> list[str]:
    """Take a name apart into its words, in capital letters, without apostrophes."""
    tidy = _NOT_WRITTEN.sub("", unicodedata.normalize("NFC", name))
    tidy = _SHADDA.sub(r"\1\1", tidy)
    tidy = unicodedata.normalize("NFC", _DROPPED.sub("", tidy.upper()))
    return [word for word in _BETWEEN.split(_DROPPED.sub("", tidy)) if word]


def spell(word: str) -> Word | None:
    """Find the spellings of a word as ``words_of`` gives it; None if a letter has no table."""
    letters = []
    for character in word:
        found = _LETTERS.get(character) or _base_of(character)
        if found is None:
            if ord(character) not in _MARKS:
                return None
            continue  # a mark that makes no letter of its own with the one before
        letters.append(found)
    last = len(letters) - 1
    table = [
        (letter.last if at == last else ()) or letter.table + (letter.first if at == 0 else ())
        for at, letter in enumerate(letters)
    ]
    widened = [(*forms, *letter.practice) for forms, letter in zip(table, letters, strict=True)]
    return Word(table, widened, decides=_ARABIC_LETTERS.keys().isdisjoint(word))


def _base_of(character: str) -> _Letter | None:
    """Find the letter that is left when Unicode takes all marks away."""
    taken_apart = unicodedata.normalize("NFD", character)
    marks = taken_apart[1:]
    if not marks or any(ord(mark) not in _MARKS for mark in marks):
        return None
    return _LETTERS.get(taken_apart[0])


def fits(letters: Iterable[Sequence[str]], text: str) -> bool:
    """Tell whether a text is one of the spellings of some letters.

    Goes along both at once: a name with ten such letters can have a million spellings.
    """
    reached = {0}
    for forms in letters:
        reached = {at + len(form) for at in reached for form in forms if text.startswith(form, at)}
        if not reached:
            return False
    return len(text) in reached


def passport_spelling(family: str, given: str) -> str:
    """Write a name as a zone would, ``SURNAME<<FORENAMES``, where the table leaves no choice.

    Empty where it does, where a letter has no table, and for Arabic letters: hardly any state
    uses that table. A name of one part has no ``<<``.
    """
    parts = []
    for name in (family, given):
        spelt = []
        for each in words_of(name):
            word = spell(each)
            only = word.only() if word is not None and word.decides else None
            if only is None:
                return ""
            spelt.append(only)
        parts.append("<".join(filter(None, spelt)))
    return "<<".join(filter(None, parts))
