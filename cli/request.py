"""What ``pratique verify`` and ``inspect`` are asked to do, checked and in one piece."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cli.messages import DEFAULT, LETTERS
from cli.output import RESULTS, encoding_of, remark
from cli.problem import Problem
from verifier.privacy import Disclosure

_EXAMPLE = "2026-11-22T12:00:00Z"
_SHOWN_LANGUAGE = 12  # longer than any language code; more may be a scan that went astray


class Request(NamedTuple):
    """The arguments of one call. ``store`` is empty for the default one, ``mrz`` names a FILE."""

    files: tuple[str, ...]
    store: str
    at: datetime | None
    rules: str | None
    disclosure: Disclosure
    lang: str
    json: bool
    accept_retired: tuple[str, ...]
    demand_revocation: bool
    extensions: tuple[str, ...]
    mrz: str | None
    region: str
    counts: bool
    require_seals: bool


def ask(  # noqa: PLR0913 - one argument an option of the interface contract
    files: Sequence[str] = (),
    *,
    store: str | None = None,
    at: str | None = None,
    rules: str | None = None,
    disclose: str | None = None,
    lang: str | None = None,
    json: bool = False,
    accept_retired: Sequence[str] = (),
    demand_revocation: bool = False,
    enable_format: Sequence[str] = (),
    mrz: str | None = None,
    region: str | None = None,
    counts: bool = False,
    require_seals: bool = False,
) -> Request:
    """Check the arguments and fill in what was left out. Raises ``Problem``; quotes no argument."""
    if region and not rules:
        what = "--region names a part of a country, and no country was named."
        raise Problem(what, "Add the country whose rules to ask: --rules DE")
    if counts and disclose is not None:
        what = "--counts tells of nobody, and --disclose how much to tell of somebody."
        raise Problem(what, "Choose one of them.")
    return Request(
        tuple(files),
        store or "",
        _instant(at, rules),
        _country(rules),
        Disclosure.NONE if counts else _disclosure(disclose, json=json),
        language(lang, json=json),
        json,
        tuple(accept_retired),
        demand_revocation,
        tuple(enable_format),
        mrz,
        region or "",
        counts,
        require_seals,
    )


_DAY = len("2026-11-22")


def _instant(text: str | None, rules: str | None) -> datetime | None:
    if text is None:
        return None
    at = instant_after("--at", text)
    what = f"for the entry into {_country(rules)} at" if rules else "for"
    remark(f"Judged {what} {at.isoformat()} and not for now, because of --at.")
    return at


def instant_after(option: str, text: str) -> datetime:
    """Read the instant that follows an option. Raises ``Problem``; quotes no argument."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None:
        what = f"What follows {option} is no instant."
        raise Problem(what, f"Write it as ISO 8601 does: {_EXAMPLE}")
    if len(text) == _DAY:
        # A day alone, such as that of an arrival, is judged for its noon.
        at = at.replace(hour=12, tzinfo=UTC)
    if at.utcoffset() is None:
        what = f"The instant after {option} has no time zone."
        raise Problem(what, f"Add one, Z for UTC: {_EXAMPLE}")
    return at


def _country(code: str | None) -> str | None:
    if code is None:
        return None
    if len(code) != len("NL") or not (code.isascii() and code.isalpha()):
        what = "What follows --rules is no country code."
        raise Problem(what, "Write its two letters (ISO 3166-1), such as NL.")
    return code.upper()


def _disclosure(word: str | None, *, json: bool) -> Disclosure:
    if word is None:
        for_eyes = not json and os.isatty(RESULTS)
        return Disclosure.IDENTITY if for_eyes else Disclosure.NONE
    return disclosure_of(word)


def disclosure_of(word: str) -> Disclosure:
    """Read a level of disclosure. Raises ``Problem``."""
    try:
        return Disclosure(word.lower())
    except ValueError:
        words = ", ".join(Disclosure)
    what = "What follows --disclose is none of the three levels."
    raise Problem(what, f"Choose one: {words}.")


def language(code: str | None, *, json: bool = False) -> str:
    """Choose a language: the one asked for, else that of the environment, else English.

    JSON is the same in every language. Raises ``Problem`` for one that there are no words in;
    quotes nothing that may be a scan gone astray.
    """
    if code is None:
        found = DEFAULT if json else _language_of_environment()
        return found if _can_show(found) else DEFAULT
    found = _primary(code)
    if found not in LETTERS:
        plain = len(code) <= _SHOWN_LANGUAGE and code.replace("-", "").isalnum() and code.isascii()
        what = f"There are no words in {f'the language {code}' if plain else 'that language'}."
        raise Problem(what, f"Choose one: {', '.join(LETTERS)}.")
    if not _can_show(found):
        remark(f"Standard output cannot show the letters of {found}; the words are in {DEFAULT}.")
        return DEFAULT
    return found


def _language_of_environment() -> str:
    """Read the locale's language, as POSIX has it (XBD 8.2): the first variable that is set."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next(filter(None, map(os.environ.get, names)), "")
    found = _primary(locale.partition(".")[0])
    return found if found in LETTERS else DEFAULT


def _primary(code: str) -> str:
    """Give the language of a code such as pt-BR or fr_CA."""
    return code.replace("_", "-").partition("-")[0].lower()


def _can_show(lang: str) -> bool:
    try:
        LETTERS[lang].encode(encoding_of(RESULTS))
    except UnicodeEncodeError:
        return False
    return True
