"""The guidance at the desk: texts that an authority can replace with a TOML file of its own.

    station = "Terminal 2, desk 4"
    [en]
    ill_number = "extension 4711"
    [fr]
    protection = "…"

Every name is one of the catalogue's keys below ``desk.text.``, or ``say.`` or ``tell.`` with an
outcome, such as ``say_refer``. What the file leaves out is as the catalogue says.
"""

import tomllib
from collections.abc import Mapping
from typing import Final, NamedTuple

from cli.messages import languages, word
from cli.messages.en_desk import DESK_WORDS
from cli.problem import Problem, setup_problem, shown

_FILE_BYTES: Final = 256 * 1024
_LONGEST: Final = 800  # characters: more does not fit on a screen beside what else is there
_GUIDANCE: Final = "desk.text."
_SPOKEN: Final = ("desk.say.", "desk.tell.")


def _replaceable() -> Mapping[str, str]:
    """Map the name in the file to the key of the catalogue."""
    names = {key.removeprefix(_GUIDANCE): key for key in DESK_WORDS if key.startswith(_GUIDANCE)}
    for key in DESK_WORDS:
        if key.startswith(_SPOKEN):
            names[key.removeprefix("desk.").replace(".", "_", 1)] = key
    return names


class Texts(NamedTuple):
    """The texts by language and catalogue key that stand in for the catalogue's."""

    replaced: Mapping[tuple[str, str], str]

    def get(self, key: str, lang: str) -> str:
        """Give a text: the authority's in this language, else the catalogue's."""
        own = self.replaced.get((lang, key)) or self.replaced.get(("", key))
        return own or word(key, lang)


def read_texts(path: str) -> Texts:
    """Read the file of an authority. Raises ``Problem`` naming what is wrong and where."""
    said = shown(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as elsewhere at start
            content = tomllib.loads(file.read(_FILE_BYTES).decode())
    except OSError as error:
        what = f"The texts in {said} cannot be read: {error.strerror}."
        raise setup_problem(what, "Check the name and the rights of the file.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        what = f"The texts in {said} are no TOML in UTF-8."
        raise setup_problem(what, "See docs/operators-guide.md for how the file looks.") from None
    replaced: dict[tuple[str, str], str] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            if name not in languages():
                raise _wrong(said, name, f"is no language here: {', '.join(languages())}")
            for inner, text in value.items():
                replaced[name, _key(said, inner)] = _text(said, inner, text)
        else:
            replaced["", _key(said, name)] = _text(said, name, value)
    return Texts(replaced)


def _key(said: str, name: str) -> str:
    key = _replaceable().get(name)
    if key is None:
        raise _wrong(said, name, f"is none of: {', '.join(_replaceable())}")
    return key


def _text(said: str, name: str, text: object) -> str:
    if not isinstance(text, str):
        raise _wrong(said, name, "is no text")
    if len(text) > _LONGEST:
        raise _wrong(said, name, f"has more than {_LONGEST} characters")
    if not text.replace("\n", " ").isprintable():
        raise _wrong(said, name, "holds characters that cannot be shown")
    unfilled = text.replace("{number}", "") if name == "ill" else text
    if "{" in unfilled or "}" in unfilled:
        raise _wrong(said, name, "holds a brace; only {number} in ill is filled in")
    return " ".join(text.split())


def _wrong(said: str, name: str, what: str) -> Problem:
    return setup_problem(f"In {said}, {shown(name)} {what}.", "Mend that line and start again.")
