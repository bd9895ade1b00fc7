"""One language's catalogue, read from its file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from cli.messages.plurals import PLURALS
from cli.messages.po import parse


class Catalogue(NamedTuple):
    """Translations by context and English text. What is missing is given in English."""

    texts: Mapping[tuple[str, str], tuple[str, ...]]
    form_of: Callable[[int], int]

    def text(self, english: str, context: str = "") -> str:
        """Give the translation of a text."""
        return self.texts.get((context, english), (english,))[0]

    def counted(self, english: tuple[str, str], context: str, number: int) -> str:
        """Give the form for a number of a text that has a singular and a plural in English."""
        forms = self.texts.get((context, english[0]))
        return forms[self.form_of(number)] if forms else english[number != 1]


def path_of(lang: str) -> Path:
    """Tell where the catalogue of a language lies."""
    return Path(__file__).with_name(f"{lang}.po")


def read_catalogue(lang: str) -> Catalogue:
    """Read the catalogue of a language; what is marked as fuzzy or empty does not count."""
    texts = {
        (entry.context, entry.text): entry.translations
        for entry in parse(path_of(lang).read_text("utf-8"))
        if all(entry.translations) and not entry.fuzzy
    }
    return Catalogue(texts, PLURALS[lang].form_of)
