"""What an edition of a list of rules changes against the one before, and what it may not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trustlists.rules.rows import Kind, RuleRow
from verifier.errors import TrustListRollback


class RuleLabel(NamedTuple):
    """What names a rule or value set in a report, with its versions or dates."""

    country: str
    identifier: str
    versions: tuple[str, ...]
    before: tuple[str, ...] = ()


class RuleChanges(NamedTuple):
    """What an import does to the rules and value sets of one list."""

    new: tuple[RuleLabel, ...]
    gone: tuple[RuleLabel, ...]
    changed: tuple[RuleLabel, ...]
    unchanged: int


_Key = tuple[str, str, str]


def difference(old: Iterable[RuleRow], new: Iterable[RuleRow]) -> RuleChanges:
    """Compare two editions, rule by rule; a rule has changed when any of its versions has."""
    was, now = _by_rule(old), _by_rule(new)
    both = was.keys() & now.keys()
    changed = [key for key in both if set(was[key]) != set(now[key])]
    return RuleChanges(
        tuple(_label(key, now[key]) for key in sorted(now.keys() - both)),
        tuple(_label(key, was[key]) for key in sorted(was.keys() - both)),
        tuple(
            _label(key, now[key])._replace(before=_label(key, was[key]).versions)
            for key in sorted(changed)
        ),
        len(both) - len(changed),
    )


def with_earlier_values(old: Iterable[RuleRow], new: Sequence[RuleRow]) -> list[RuleRow]:
    """Keep the value sets of earlier dates: certificates are judged for other days too."""
    dated = {(row.identifier, row.version) for row in new if row.kind == Kind.VALUES}
    listed = {identifier for identifier, _ in dated}
    kept = [
        row
        for row in old
        if row.kind == Kind.VALUES
        and row.identifier in listed
        and (row.identifier, row.version) not in dated
    ]
    return [*kept, *new]


def demand_no_lower_version(old: Iterable[RuleRow], new: Iterable[RuleRow]) -> None:
    """Refuse an edition whose newest version of a rule is lower than that of the one before.

    Raises ``TrustListRollback``.
    """
    was, now = _highest(old), _highest(new)
    for key in sorted(was.keys() & now.keys()):
        if now[key] < was[key]:
            message = (
                f"This edition has {key[1]} in a lower version than the store.\n"
                "Fetch the newest one. The store keeps what it has."
            )
            raise TrustListRollback(message)


def _by_rule(rows: Iterable[RuleRow]) -> dict[_Key, list[RuleRow]]:
    found: dict[_Key, list[RuleRow]] = defaultdict(list)
    for row in rows:
        # What was broken and is mended is the same rule.
        kind = Kind.VALUES if row.kind == Kind.VALUES else Kind.RULE
        found[row.country, row.identifier, kind].append(row)
    return found


def _label(key: _Key, rows: Sequence[RuleRow]) -> RuleLabel:
    return RuleLabel(
        key[0], key[1], tuple(sorted({row.version for row in rows} - {""}, key=_parts))
    )


def _highest(rows: Iterable[RuleRow]) -> dict[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for key, version in _versions(rows):
        found[key] = max(found.get(key, version), version)
    return found


def _versions(rows: Iterable[RuleRow]) -> Iterator[tuple[tuple[str, str], tuple[int, ...]]]:
    for row in rows:
        if row.kind == Kind.RULE:
            yield (row.country, row.identifier), _parts(row.version)


def _parts(version: str) -> tuple[int, ...]:
    """Read a version, or a date, as numbers that can be compared."""
    return tuple(map(int, version.replace("-", ".").split(".")))
