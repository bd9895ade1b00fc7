"""The words of the interface, one catalogue a language.

The sentences of the reasons stand in ``verifier.reasons``; ``meaning`` hands them out by language,
so that a translation has one place to come in.
"""

from collections.abc import Mapping

from cli.messages.en import WORDS as _ENGLISH
from verifier.reasons import MEANINGS, Meaning, Reason

DEFAULT = "en"

_CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH}


def languages() -> tuple[str, ...]:
    """List the languages that there are words in."""
    return tuple(_CATALOGUES)


def word(key: str, lang: str = DEFAULT) -> str:
    """Give one word or sentence of the interface.

    What no catalogue has, such as a format that was added since, is named by its own code.
    """
    return _CATALOGUES[lang].get(key, key.partition(".")[2])


def meaning(reason: Reason, lang: str = DEFAULT) -> Meaning:
    """Give what a reason says, and what to do next, in a language that there is."""
    if lang not in _CATALOGUES:
        raise KeyError(lang)
    return MEANINGS[reason]
