"""Reads and writes catalogues in the text form of GNU gettext ("The Format of PO Files").

Only what these catalogues use: contexts, plural forms, references, the mark ``fuzzy``. A program of
the translator's choice may edit them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_ESCAPES: Final = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}
_ESCAPED: Final = re.compile(r"\\.")
_STRING: Final = re.compile(r'^(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) )?"(.*)"$')


class Entry(NamedTuple):
    """One message: its English, where it is used, and its translations, one a plural form."""

    text: str
    translations: tuple[str, ...] = ("",)
    context: str = ""
    plural: str = ""
    references: tuple[str, ...] = ()
    fuzzy: bool = False


def parse(document: str) -> Iterator[Entry]:
    """Read the entries, the header first; its text is empty. Raises ``ValueError``."""
    for block in re.split(r"\n[ \t\r]*\n", document):
        strings: dict[str, str] = {}
        references: list[str] = []
        fuzzy, field = False, ""
        for line in filter(None, block.split("\n")):
            if line.startswith("#"):
                references += line[2:].split() if line.startswith("#:") else ()
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            found = _STRING.match(line)
            field = (found and found[1]) or field
            if not found or not field:
                message = f"no line of a catalogue: {line}"
                raise ValueError(message)
            strings[field] = strings.get(field, "") + _unescaped(found[2])
        if strings:
            yield Entry(
                strings["msgid"],
                tuple(text for field, text in strings.items() if field.startswith("msgstr")),
                strings.get("msgctxt", ""),
                strings.get("msgid_plural", ""),
                tuple(references),
                fuzzy,
            )


def write(entries: Iterable[Entry]) -> str:
    """Write entries, each string in one line but for the header's."""
    return "\n".join(map(_block, entries))


def _block(entry: Entry) -> str:
    lines = [f"#: {' '.join(entry.references)}"] if entry.references else []
    lines += ["#, fuzzy"] if entry.fuzzy else []
    lines += [f"msgctxt {_quoted(entry.context)}"] if entry.context else []
    lines.append(f"msgid {_quoted(entry.text)}")
    if entry.plural:
        lines.append(f"msgid_plural {_quoted(entry.plural)}")
        lines += [f"msgstr[{i}] {_quoted(text)}" for i, text in enumerate(entry.translations)]
    else:
        lines.append(f"msgstr {_quoted(entry.translations[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write a string; one of several lines, such as the header, a line each."""
    if "\n" in text:
        *whole, last = text.split("\n")
        lines = [line + "\n" for line in whole] + [last] * bool(last)
        return "\n".join(['""', *map(_quoted_line, lines)])
    return _quoted_line(text)


def _quoted_line(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)
