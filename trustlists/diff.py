"""What differs between two editions of trust lists: stores, files or folders, in any combination.

Lists are compared by name. Where a side is a file and each side is one list, they are compared
whatever they are called, because the name of a bare set of keys is that of its file. A key is the
same key when its id and its public key are; everything else that is said of it is a fact that may
change. The date of a list is told and makes no difference: many lists are signed anew each day.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.gathering import Gathered, Options, Refused, gather
from trustlists.importing import reading_options
from trustlists.levels import levels_of
from trustlists.records import KeyRecord, Level
from trustlists.store import StoredKey, StoredList, TrustStore
from verifier.clock import Instant
from verifier.trust import Environment

_SQLITE: Final = b"SQLite format 3\0"


class Fact(StrEnum):
    """What a list says of a key beside the key itself. ``VOUCHED`` is who vouches, how well."""

    COUNTRY = "country"
    ISSUER = "issuer"
    ROLE = "role"
    SCHEMES = "schemes"
    USES = "uses"
    NAME = "name"
    NOT_BEFORE = "not_before"
    NOT_AFTER = "not_after"
    CERTIFICATE = "certificate"
    VOUCHED = "vouched"
    VOUCHED_UNTIL = "vouched_until"


class FactChange(NamedTuple):
    """A fact before and after, in words; empty for what is not said."""

    fact: Fact
    old: str
    new: str


class KeyName(NamedTuple):
    """What names a key: its country (ISO 3166-1 alpha-2 or empty) and its id."""

    country: str
    kid: bytes


class ChangedKey(NamedTuple):
    """A key that is in both editions, by its newer country, and what changed."""

    country: str
    kid: bytes
    facts: tuple[FactChange, ...]


class Presence(StrEnum):
    """In which edition a list is."""

    NEW = "new"
    GONE = "gone"
    BOTH = "both"


class ListDiff(NamedTuple):
    """What differs in one list.

    The two names are the same unless each side was one list; one is empty where the list is in one
    edition alone. The environments and dates are None where nothing says. ``refused`` counts the
    entries of old and new that could not be read and so were not compared.
    """

    presence: Presence
    old_name: str
    new_name: str
    old_environment: Environment | None
    new_environment: Environment | None
    old_dated: Instant | None
    new_dated: Instant | None
    new: tuple[KeyName, ...]
    gone: tuple[KeyName, ...]
    changed: tuple[ChangedKey, ...]
    unchanged: int
    refused: tuple[int, int]

    @property
    def name(self) -> str:
        """What the list is called now."""
        return self.new_name or self.old_name

    @property
    def moved(self) -> bool:
        """Whether the list went from one environment to another."""
        old, new = self.old_environment, self.new_environment
        return old is not None and new is not None and old is not new

    @property
    def same(self) -> bool:
        """Whether nothing differs but, perhaps, the date and the name."""
        alike = self.presence is Presence.BOTH and not self.moved
        return alike and not (self.new or self.gone or self.changed)


class CountryDiff(NamedTuple):
    """How many keys of a country are new, gone and changed in a list."""

    list: str
    country: str
    new: int
    gone: int
    changed: int


class DiffReport(NamedTuple):
    """What differs, list by list in the order of their names."""

    lists: tuple[ListDiff, ...]

    @property
    def same(self) -> bool:
        """Whether both editions hold the same keys and say the same of them."""
        return all(each.same for each in self.lists)

    def countries(self) -> tuple[CountryDiff, ...]:
        """Count by list and country; countries in which nothing differs are left out."""
        return tuple(found for each in self.lists for found in _by_country(each))


class _Key(NamedTuple):
    kid: bytes
    spki: bytes
    facts: Mapping[Fact, str]


class _Edition(NamedTuple):
    """One list of one side."""

    name: str
    environment: Environment | None
    dated: Instant | None
    keys: Sequence[_Key]
    refused: int


def compare(  # noqa: PLR0913 - one argument a choice of the operator
    old: str | os.PathLike[str] | None,
    new: str | os.PathLike[str],
    *,
    now: Instant,
    scheme: str = "eu-dcc",
    country: str | None = None,
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
) -> DiffReport:
    """Compare two stores, list files or folders of them; None is nothing. Nothing is written.

    ``scheme``, ``country`` and ``anchors`` are those of ``import_sources`` and are for files; lists
    that nobody signed are compared too. Raises ``SetupError`` when either side cannot be read.
    """
    options = reading_options(
        now=now, scheme=scheme, country=country, anchors=anchors, unsigned=True
    )
    before = [] if old is None else _editions(old, options)
    after = _editions(new, options)
    files = not all(side is None or _is_store(Path(side)) for side in (old, new))
    if files and len(before) == len(after) == 1:
        return DiffReport((_compared(before[0], after[0]),))
    was, now_is = ({each.name: each for each in side} for side in (before, after))
    return DiffReport(
        tuple(_compared(was.get(name), now_is.get(name)) for name in sorted({*was, *now_is}))
    )


def _editions(side: str | os.PathLike[str], options: Options) -> list[_Edition]:
    """Read every list of one side."""
    if _is_store(Path(side)):
        with TrustStore.open(side) as store:
            return [_of_stored(each, store.keys(list_name=each.name)) for each in store.lists()]
    found: list[_Edition] = []
    for outcome in gather(side, options):
        if isinstance(outcome, Refused):
            raise outcome.error
        found.append(_of_gathered(outcome))
    return found


def _is_store(path: Path) -> bool:
    """Tell a store from a list by its first bytes; what cannot be read is for the reader to say."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _of_stored(stored: StoredList, keys: Iterable[StoredKey]) -> _Edition:
    # A list that nobody signed is dated by its import, which says nothing of its edition.
    dated = stored.as_of if stored.anchor else None
    held = [_Key(each.key.kid, each.key.spki, _facts_of_stored(each)) for each in keys]
    return _Edition(stored.name, stored.environment, dated, held, 0)


def _of_gathered(gathered: Gathered) -> _Edition:
    parsed = gathered.parsed
    levels = levels_of(parsed.records)
    held = [
        _Key(each.kid, each.spki, _facts_of_record(each, level))
        for each, level in zip(parsed.records, levels, strict=True)
    ]
    dated = parsed.dated if parsed.anchor else None
    return _Edition(parsed.name, parsed.environment, dated, held, len(parsed.refused))


def _facts_of_stored(stored: StoredKey) -> dict[Fact, str]:
    key = stored.key
    return {
        Fact.COUNTRY: key.country,
        Fact.ISSUER: key.issuer,
        Fact.ROLE: stored.role,
        Fact.SCHEMES: " ".join(sorted(key.schemes)),
        Fact.USES: " ".join(sorted(key.uses)),
        Fact.NAME: key.name,
        Fact.NOT_BEFORE: _instant(key.not_before),
        Fact.NOT_AFTER: _instant(key.not_after),
        Fact.CERTIFICATE: _digest(stored.certificate),
        Fact.VOUCHED: _vouched(stored.anchor_fingerprint, stored.level),
        Fact.VOUCHED_UNTIL: _instant(stored.vouched_until),
    }


def _facts_of_record(record: KeyRecord, level: int) -> dict[Fact, str]:
    anchor = record.anchor
    return {
        Fact.COUNTRY: record.country,
        Fact.ISSUER: record.issuer,
        Fact.ROLE: record.role.value,
        Fact.SCHEMES: " ".join(sorted(record.schemes)),
        Fact.USES: " ".join(sorted(record.uses)),
        Fact.NAME: record.name,
        Fact.NOT_BEFORE: _instant(record.not_before),
        Fact.NOT_AFTER: _instant(record.not_after),
        Fact.CERTIFICATE: _digest(record.certificate),
        Fact.VOUCHED: _vouched(anchor.fingerprint if anchor else b"", level),
        Fact.VOUCHED_UNTIL: _instant(anchor.until if anchor else None),
    }


def _instant(instant: Instant | None) -> str:
    return "" if instant is None else datetime.fromtimestamp(instant, UTC).isoformat()


def _digest(certificate: bytes | None) -> str:
    return sha256(certificate).hexdigest() if certificate else ""


def _vouched(fingerprint: bytes, level: int) -> str:
    """Name an anchor by its fingerprint: an operator's own is called after a file."""
    return f"{Level(level).name.lower()} {fingerprint.hex()}" if fingerprint else ""


def _compared(old: _Edition | None, new: _Edition | None) -> ListDiff:
    before, after = _grouped(old), _grouped(new)
    fresh: list[KeyName] = []
    gone: list[KeyName] = []
    changed: list[ChangedKey] = []
    unchanged = 0
    for identity in sorted({*before, *after}):
        was, now_is = before.get(identity, []), after.get(identity, [])
        alike = [facts for facts in was if facts in now_is]
        unchanged += len(alike)
        was = [facts for facts in was if facts not in alike]
        now_is = [facts for facts in now_is if facts not in alike]
        kid, pairs = identity[0], min(len(was), len(now_is))
        changed += [_changed(kid, *pair) for pair in zip(was, now_is, strict=False)]
        gone += [KeyName(facts[Fact.COUNTRY], kid) for facts in was[pairs:]]
        fresh += [KeyName(facts[Fact.COUNTRY], kid) for facts in now_is[pairs:]]
    presence = Presence.GONE if new is None else Presence.NEW if old is None else Presence.BOTH
    return ListDiff(
        presence,
        old.name if old else "",
        new.name if new else "",
        old.environment if old else None,
        new.environment if new else None,
        old.dated if old else None,
        new.dated if new else None,
        tuple(sorted(fresh)),
        tuple(sorted(gone)),
        tuple(sorted(changed)),
        unchanged,
        (old.refused if old else 0, new.refused if new else 0),
    )


def _grouped(edition: _Edition | None) -> dict[tuple[bytes, bytes], list[Mapping[Fact, str]]]:
    """Put together what is said of the same key, such as for two countries, in a fixed order."""
    found: dict[tuple[bytes, bytes], list[Mapping[Fact, str]]] = defaultdict(list)
    for key in edition.keys if edition else ():
        found[key.kid, key.spki].append(key.facts)
    for said in found.values():
        said.sort(key=lambda facts: tuple(facts.values()))
    return found


def _changed(kid: bytes, old: Mapping[Fact, str], new: Mapping[Fact, str]) -> ChangedKey:
    facts = [FactChange(fact, old[fact], new[fact]) for fact in Fact if old[fact] != new[fact]]
    return ChangedKey(new[Fact.COUNTRY], kid, tuple(facts))


def _by_country(each: ListDiff) -> list[CountryDiff]:
    new, gone, changed = (
        Counter(key.country for key in keys) for keys in (each.new, each.gone, each.changed)
    )
    countries = sorted({*new, *gone, *changed})
    return [
        CountryDiff(each.name, country, new[country], gone[country], changed[country])
        for country in countries
    ]
