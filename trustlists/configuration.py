"""Which lists are fetched, from where, and how each is read: a small TOML file of the back office.

Lists that nobody signs have no place in it: they are taken by hand, by somebody who looks at them
(dcc-trust-lists notes, 8).
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from verifier.errors import SetupError
from verifier.trust import Environment

_DAY: Final = 86_400
_FILE_BYTES: Final = (
    1024 * 1024
)  # a source takes some 300 bytes, and there are fewer than 200 states
_LONGEST_AGE: Final = 3_650  # days, as the command has it

_EXAMPLE: Final = Path(__file__).with_name("sources.example.toml")


class Subscription(NamedTuple):
    """One list that is fetched. What is not said is as for ``import_sources``.

    ``companions`` are the addresses of detached signatures and second parts, ``anchors`` files that
    vouch for it beside the pinned ones. ``max_age`` is in seconds.
    """

    name: str
    url: str
    companions: tuple[str, ...] = ()
    dialect: str | None = None
    scheme: str = "eu-dcc"
    country: str | None = None
    anchors: tuple[Path, ...] = ()
    environment: Environment | None = None
    test_nations: bool = False
    max_age: int | None = None


class Configuration(NamedTuple):
    """The hosts that may be asked at all, and what is fetched from them."""

    hosts: frozenset[str]
    sources: tuple[Subscription, ...]


def example_configuration() -> str:
    """Give the example that comes with the program, with the publishers known to it."""
    return _EXAMPLE.read_text("utf-8")


def read_configuration(path: str | os.PathLike[str]) -> Configuration:
    """Read a configuration. Raises ``SetupError`` for whatever is not as it should be."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            data = stream.read(_FILE_BYTES + 1)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        message = f"The configuration {file.name} cannot be read: {why}.\n"
        raise SetupError(message + "See an example: pratique trust refresh --example") from None
    try:
        return _configuration(_table(data), file.absolute().parent)
    except _Wrong as wrong:
        message = f"The configuration {file.name} cannot be used: {wrong}.\n"
        raise SetupError(message + "See an example: pratique trust refresh --example") from None


class _Wrong(ValueError):
    """What is wrong, in words."""


def _table(data: bytes) -> dict[str, Any]:
    if len(data) > _FILE_BYTES:
        message = "it is larger than any configuration"
        raise _Wrong(message)
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        message = "it is not TOML"
        raise _Wrong(message) from None


def _configuration(table: dict[str, Any], folder: Path) -> Configuration:
    _demand_known(table, {"hosts", "source"}, "it")
    hosts = _texts(table, "hosts", "it")
    entries = table.get("source")
    if not hosts or not isinstance(entries, list) or not entries:
        message = "it needs hosts = [...] and at least one [[source]]"
        raise _Wrong(message)
    sources = tuple(_subscription(entry, folder) for entry in entries)
    names = [source.name for source in sources]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        message = f"two sources are called {twice}"
        raise _Wrong(message)
    return Configuration(frozenset(host.lower() for host in hosts), sources)


_MEMBERS: Final = {
    "name", "url", "companions", "dialect", "scheme", "country", "anchors", "environment",
    "test-nations", "max-age",
}  # fmt: skip


def _subscription(entry: object, folder: Path) -> Subscription:
    if not isinstance(entry, dict):
        message = "source is no table; write [[source]]"
        raise _Wrong(message)
    name = _text(entry, "name", "a source")
    url = _text(entry, "url", f"source {name}")
    if not name or not url:
        message = "each source needs a name and a url"
        raise _Wrong(message)
    where = f"source {name}"
    if "unsigned" in entry:
        message = f"{where}: a list that nobody has signed is imported by hand only"
        raise _Wrong(message)
    _demand_known(entry, _MEMBERS, where)
    return Subscription(
        name,
        url,
        companions=_texts(entry, "companions", where),
        dialect=_text(entry, "dialect", where) or None,
        scheme=_text(entry, "scheme", where) or "eu-dcc",
        country=_text(entry, "country", where) or None,
        anchors=tuple(folder / anchor for anchor in _texts(entry, "anchors", where)),
        environment=_environment(_text(entry, "environment", where), where),
        test_nations=_flag(entry, "test-nations", where),
        max_age=_age(entry, "max-age", where),
    )


def _demand_known(table: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        message = f"{where} has the unknown member {_shown(unknown[0])}"
        raise _Wrong(message)


def _text(table: dict[str, Any], member: str, where: str) -> str:
    found = table.get(member, "")
    if not isinstance(found, str) or not found.isprintable():
        message = f"{member} of {where} is no plain text"
        raise _Wrong(message)
    return found


def _texts(table: dict[str, Any], member: str, where: str) -> tuple[str, ...]:
    found = table.get(member, [])
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
        message = f"{member} of {where} is no list of texts"
        raise _Wrong(message)
    return tuple(found)


def _flag(table: dict[str, Any], member: str, where: str) -> bool:
    found = table.get(member, False)
    if not isinstance(found, bool):
        message = f"{member} of {where} is neither true nor false"
        raise _Wrong(message)
    return found


def _age(table: dict[str, Any], member: str, where: str) -> int | None:
    found = table.get(member)
    if found is None:
        return None
    if type(found) is not int or not 1 <= found <= _LONGEST_AGE:
        message = f"{member} of {where} is no number of days from 1 to {_LONGEST_AGE}"
        raise _Wrong(message)
    return found * _DAY


def _environment(word: str, where: str) -> Environment | None:
    try:
        return Environment(word) if word else None
    except ValueError:
        known = ", ".join(Environment)
        message = f"environment of {where} is none of {known}"
        raise _Wrong(message) from None


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:40]
