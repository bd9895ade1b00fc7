"""The words of the interface in every language that there are words in.

English stands in Python, in ``en.py`` and beside each reason in ``verifier.reasons``, because the
first verdict does not wait for a file. Every other language is a gettext catalogue, ``fr.po`` and
so on, read when it is asked for. What a catalogue lacks is said in English.
"""

from collections.abc import Mapping
from functools import lru_cache

from cli.bidi import isolated
from cli.messages.en import COUNTED as _COUNTED
from cli.messages.en import WORDS as _ENGLISH
from verifier.reasons import MEANINGS, Meaning, Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.messages.catalogue import Catalogue

DEFAULT = "en"

# Each with letters that an output must be able to show before it is used there.
LETTERS: Mapping[str, str] = {
    "en": "English",
    "ar": "العربية",
    "de": "äöüß",
    "es": "español",
    "fr": "français",
    "pt": "português",
    "ru": "русский",
    "zh": "中文",
}
_RIGHT_TO_LEFT = ("ar",)
_OF_THE_DESK = "desk."


def languages() -> tuple[str, ...]:
    """List the languages that there are words in."""
    return tuple(LETTERS)


def is_right_to_left(lang: str) -> bool:
    """Tell whether a language is written from right to left."""
    return lang in _RIGHT_TO_LEFT


def word(key: str, lang: str = DEFAULT, **values: object) -> str:
    """Give one word or sentence of the interface, its placeholders filled in if there are values.

    What no catalogue has, such as a format that was added since, is named by its own code.
    """
    english = _ENGLISH.get(key) or _desk_words(key).get(key)
    if english is None:
        return key.partition(".")[2]
    text = english if lang == DEFAULT else _catalogue(lang).text(english, key)
    return _filled(text, lang, values) if values else text


def counted(key: str, number: int, lang: str = DEFAULT, **values: object) -> str:
    """Give a sentence with ``{number}`` in it, in the plural form that the number demands."""
    english = _COUNTED[key]
    if lang == DEFAULT:
        text = english[number != 1]
    else:
        text = _catalogue(lang).counted(english, key, number)
    return _filled(text, lang, {**values, "number": number})


def said(sentence: str, lang: str = DEFAULT) -> str:
    """Give a sentence of the library, such as one of the privacy policy, in a language."""
    return sentence if lang == DEFAULT else _catalogue(lang).text(sentence)


def meaning(reason: Reason, lang: str = DEFAULT) -> Meaning:
    """Give what a reason says, and what to do next, in a language that there is."""
    english = MEANINGS[reason]
    if lang == DEFAULT:
        return english
    return english._replace(what=said(english.what, lang), next=said(english.next, lang))


def _desk_words(key: str) -> Mapping[str, str]:
    """Give the words of the border post, for a key of theirs: nothing else waits for them."""
    if not key.startswith(_OF_THE_DESK):
        return _ENGLISH
    from cli.messages.en_desk import DESK_WORDS  # noqa: PLC0415 - see above

    return DESK_WORDS


def _filled(text: str, lang: str, values: Mapping[str, object]) -> str:
    right_to_left = is_right_to_left(lang)
    return text.format(
        **{name: isolated(str(value), within=right_to_left) for name, value in values.items()}
    )


@lru_cache
def _catalogue(lang: str) -> "Catalogue":
    """Read the catalogue of a language. Raises ``KeyError`` where there is none."""
    from cli.messages.catalogue import read_catalogue  # noqa: PLC0415 - English needs none

    if lang not in LETTERS:
        raise KeyError(lang)
    return read_catalogue(lang)
