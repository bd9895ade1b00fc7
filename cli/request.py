"""What ``pratique verify`` and ``inspect`` are asked to do, checked and in one piece."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cli.messages import DEFAULT, languages
from cli.output import RESULTS, remark
from cli.problem import Problem
from verifier.privacy import Disclosure

_EXAMPLE = "2026-11-22T12:00:00Z"
_SHOWN_LANGUAGE = 12  # longer than any language code; more may be a scan that went astray


class Request(NamedTuple):
    """The arguments of one call. ``store`` is empty for the default one."""

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
    require_seals: bool = False,
) -> Request:
    """Check the arguments and fill in what was left out. Raises ``Problem``; quotes no argument."""
    return Request(
        tuple(files),
        store or "",
        _instant(at),
        _country(rules),
        _disclosure(disclose, json=json),
        _language(lang),
        json,
        tuple(accept_retired),
        demand_revocation,
        tuple(enable_format),
        require_seals,
    )


_DAY = len("2026-11-22")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = instant_after("--at", text)
    remark(f"Judged for {at.isoformat()} and not for now, because of --at.")
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


def _language(code: str | None) -> str:
    if code is None or code in languages():
        return code or DEFAULT
    plain = len(code) <= _SHOWN_LANGUAGE and code.replace("-", "").isalnum() and code.isascii()
    name = f"the language {code}" if plain else "that language"
    remark(f"This version has no words in {name}; it uses {DEFAULT}.")
    return DEFAULT
