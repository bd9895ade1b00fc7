"""Brings the catalogues up to date with the English words.

``python -m cli.messages.merge`` rewrites each: in the order of the English, new messages empty,
and what was translated from an English that has changed since marked ``fuzzy``, so that it is not
used before somebody has looked at it. A test says which messages a language lacks.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from cli.messages import DEFAULT, languages
from cli.messages.catalogue import path_of
from cli.messages.en import COUNTED, WORDS
from cli.messages.en_desk import DESK_WORDS
from cli.messages.plurals import PLURALS
from cli.messages.po import Entry, parse, write
from verifier.privacy import Disclosure, PrivacyPolicy
from verifier.reasons import MEANINGS

_HEADER: Final = """\
Project-Id-Version: pratique
Language: {lang}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: {plurals}
X-Read-By-Native-Reader: not yet
"""


def english() -> tuple[Entry, ...]:
    """Give every message: words by their key, sentences by their text, once each."""
    every = {**WORDS, **DESK_WORDS}
    words = [Entry(text, context=key, references=(key,)) for key, text in every.items() if text]
    counts = [Entry(one, ("", ""), key, many, (key,)) for key, (one, many) in COUNTED.items()]
    places: dict[str, list[str]] = {}
    for text, place in _sentences():
        places.setdefault(text, []).append(place)
    sentences = [Entry(text, references=tuple(where)) for text, where in places.items()]
    return (*words, *counts, *sentences)


def _sentences() -> Iterator[tuple[str, str]]:
    for reason, said in MEANINGS.items():
        yield said.what, f"{reason.value}.what"
        yield said.next, f"{reason.value}.next"
    notices = dict.fromkeys(
        text for level in Disclosure for pair in PrivacyPolicy(level).explain() for text in pair
    )
    yield from ((text, f"privacy.{number}") for number, text in enumerate(notices, 1))


def merged(lang: str, old: Iterable[Entry]) -> list[Entry]:
    """Give the entries of a language, its old translations put where they still belong."""
    header, *entries = list(old) or [_header(lang)]
    by_text = {(entry.context, entry.text): entry for entry in entries}
    by_place = {place: entry for entry in entries for place in entry.references}
    forms = PLURALS[lang].forms
    found = [header]
    for entry in english():
        known = by_text.get((entry.context, entry.text))
        changed = next(filter(None, map(by_place.get, entry.references)), None)
        last = known or changed
        wanted = forms if entry.plural else 1
        translations = last.translations if last else ("",) * wanted
        if len(translations) != wanted:
            translations = ("",) * wanted
        fuzzy = known.fuzzy if known else any(translations)
        found.append(entry._replace(translations=translations, fuzzy=fuzzy))
    return found


def _header(lang: str) -> Entry:
    return Entry("", (_HEADER.format(lang=lang, plurals=PLURALS[lang].header),))


def main() -> None:
    """Rewrite every catalogue; one that is not there yet is begun."""
    for lang in languages():
        if lang != DEFAULT:
            path = path_of(lang)
            old = parse(path.read_text("utf-8")) if path.exists() else ()
            path.write_text(write(merged(lang, old)), "utf-8")


if __name__ == "__main__":
    main()
