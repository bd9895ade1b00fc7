"""Counts the keys of a store: by list, by country, by kind; all, or those that are asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from trustlists.public_keys import kind_of
from trustlists.records import Level
from trustlists.rules.rows import DIALECT
from trustlists.store import StoredKey, StoredList, TrustStore
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import SetupError
from verifier.trust import Environment


class KeyCount(NamedTuple):
    """How many keys of one country or kind are in a list, how many vouched for, how many in date.

    ``of`` names the country (ISO 3166-1 alpha-2, empty when unknown) or the kind. The instants are
    the earliest start and the latest end among the keys, None when none of them says.
    """

    of: str
    list: str
    environment: Environment
    keys: int
    authenticated: int
    in_date: int
    not_before: Instant | None
    not_after: Instant | None


class LevelCount(NamedTuple):
    """How many keys of a list are vouched for how well."""

    list: str
    level: Level
    keys: int


class KeyCounts(NamedTuple):
    """The counts by list, by country and list, by kind of key and list, by list and level."""

    lists: tuple[tuple[StoredList, KeyCount], ...]
    countries: tuple[KeyCount, ...]
    algorithms: tuple[KeyCount, ...]
    levels: tuple[LevelCount, ...]


def count_keys(  # noqa: PLR0913 - one argument a choice
    store: TrustStore,
    at: Instant,
    *,
    country: str | None = None,
    list_name: str | None = None,
    algorithm: str | None = None,
    only_in_date: bool = False,
) -> KeyCounts:
    """Count the keys that are asked for; an instant decides which are in date.

    ``country`` has two letters or three, or none for keys of which it is unknown. ``algorithm`` is
    a kind as ``kind_of`` names it, such as ``P-256``, or its first word, such as ``RSA``; its case
    does not matter. A list without any such key is left out once something is asked for. Raises
    ``SetupError`` for what is no country.
    """
    chosen = alpha_2(country) if country else country
    if country and not chosen:
        message = "A country has two or three letters.\nSuch as DE or DEU."
        raise SetupError(message)
    by_list: dict[str, list[StoredKey]] = defaultdict(list)
    by_country: dict[tuple[str, str], list[StoredKey]] = defaultdict(list)
    by_kind: dict[tuple[str, str], list[StoredKey]] = defaultdict(list)
    for stored in store.keys(country=chosen, list_name=list_name):
        key = stored.key
        kind = kind_of(key.spki)
        if algorithm and algorithm.casefold() not in _spellings(kind):
            continue
        if only_in_date and not _in_date(stored, at):
            continue
        by_list[key.list.name].append(stored)
        by_country[key.country, key.list.name].append(stored)
        by_kind[kind, key.list.name].append(stored)
    asked = only_in_date or (country, list_name, algorithm) != (None, None, None)
    lists = tuple(
        (each, _counted("", each.name, each.environment, by_list[each.name], at))
        for each in store.lists()
        if each.dialect != DIALECT and (not asked or each.name in by_list)
    )
    return KeyCounts(lists, _by_name(by_country, at), _by_name(by_kind, at), _levels(by_list))


def _spellings(kind: str) -> set[str]:
    return {kind.casefold(), kind.partition(" ")[0].casefold()}


def _in_date(stored: StoredKey, at: Instant) -> bool:
    start, end = stored.key.not_before, stored.key.not_after
    return (start is None or start <= at) and (end is None or at <= end)


def _by_name(found: dict[tuple[str, str], list[StoredKey]], at: Instant) -> tuple[KeyCount, ...]:
    return tuple(
        _counted(of, list_name, keys[0].key.list.environment, keys, at)
        for (of, list_name), keys in sorted(found.items(), key=lambda item: item[0])
    )


def _levels(by_list: dict[str, list[StoredKey]]) -> tuple[LevelCount, ...]:
    """Count the keys of each list by level, the best first."""
    found = Counter((name, stored.level) for name, keys in by_list.items() for stored in keys)
    best_first = sorted(found.items(), key=lambda item: (item[0][0], -item[0][1]))
    return tuple(LevelCount(name, Level(level), keys) for (name, level), keys in best_first)


def _counted(
    of: str, list_name: str, environment: Environment, keys: Iterable[StoredKey], at: Instant
) -> KeyCount:
    held = list(keys)
    starts = [each.key.not_before for each in held if each.key.not_before is not None]
    ends = [each.key.not_after for each in held if each.key.not_after is not None]
    return KeyCount(
        of,
        list_name,
        environment,
        len(held),
        sum(each.key.authenticated for each in held),
        sum(_in_date(each, at) for each in held),
        min(starts, default=None),
        max(ends, default=None),
    )
