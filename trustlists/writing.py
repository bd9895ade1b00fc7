"""Changing a trust store: a new file is made beside the old one and takes its place at the end.

Whatever interrupts it, a crash, a kill, a full disk, the old file stays whole, because nobody
writes into it. One import at a time: the next one waits for the lock. What a killed import left
behind is removed by the next.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.levels import Link, issuers_of, level_of
from trustlists.records import (
    Ages,
    Identity,
    KeyRecord,
    KnownAuthority,
    Remark,
    Revocation,
    RevokedSet,
    Role,
)
from trustlists.rules.rows import RuleRow
from trustlists.store import APPLICATION_ID, SCHEMA_VERSION, TrustStore, table_path
from verifier.clock import Instant
from verifier.errors import SetupError, TrustStoreInvalid
from verifier.trust import Environment

# Written as short as can be: SQLite reads this text at each opening, and constraints that only this
# file could break would cost the desk a tenth of that. `authenticated` repeats "has an anchor" so
# that the index can put such keys first.
_SCHEMA: Final = f"""
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {SCHEMA_VERSION};
    CREATE TABLE lists (name, dialect, environment, source, as_of, imported_at, digest, sequence,
        anchor, fingerprint, stale_after, too_old_after, remarks);
    CREATE TABLE keys (list, environment, as_of, stale_after, too_old_after, kid, spki, country,
        issuer, role, schemes, uses, name, not_before, not_after, authenticated, anchor,
        fingerprint, vouched_until, certificate, participant);
    CREATE INDEX keys_by_kid ON keys (kid, authenticated DESC);
    CREATE TABLE revocations (list, issuer, kid, method, counter, ids, whole);
    CREATE TABLE sets (list, file, complete, exact);
    CREATE TABLE revoked (list, country, kid, method, prefix, form, start, size, lapse, rate);
    CREATE INDEX revoked_by_kid ON revoked (kid);
    CREATE TABLE rules (list, kind, country, type, identifier, version, body);
"""

_INSERT_LIST: Final = "INSERT INTO lists VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_KEY: Final = """INSERT INTO keys
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_REVOCATION: Final = "INSERT INTO revocations VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_SET: Final = "INSERT INTO sets VALUES (?, ?, ?, ?)"
_INSERT_REVOKED: Final = "INSERT INTO revoked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_RULE: Final = "INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?)"
_TABLES: Final = ("keys", "revocations", "sets", "revoked", "rules")
_STORED_RULES: Final = """
    SELECT kind, country, type, identifier, version, body FROM rules WHERE list = ?"""
_STORED: Final = """
    SELECT kid, spki, country, issuer, role,
        CASE role WHEN 'authority' THEN certificate END, schemes, uses, name, not_before, not_after,
        authenticated, anchor, fingerprint, vouched_until, certificate, participant
    FROM keys WHERE list = ?"""

# Who may upload for a country, as the gateway's anchor says.
_UPLOADERS: Final = """
    SELECT country, anchor, fingerprint, vouched_until, environment FROM keys
    WHERE kid = ? AND certificate = ? AND role = 'other' AND authenticated > 0"""

_AUTHORITIES: Final = """
    SELECT certificate, anchor, fingerprint, vouched_until FROM keys
    WHERE kid = ? AND role = 'authority' AND certificate IS NOT NULL AND list <> ?
    ORDER BY authenticated DESC"""

Row = tuple[Any, ...]

_IDENTITY: Final = 6
_DCC_KID_BYTES: Final = 8


# The facts of a stored key in the order of `_row`, as reports name them.
_FACTS: Final = (
    "schemes", "uses", "name", "valid from", "valid until", "level", "anchor", "anchor",
    "anchor's end", "certificate", "participant",
)  # fmt: skip
_LEVEL: Final = _FACTS.index("level")
_CERTIFICATE: Final = _FACTS.index("certificate")
_PARTICIPANT: Final = _FACTS.index("participant")


class KeyLabel(NamedTuple):
    """What names a key in a report, and which facts of it have changed, if it is there for that."""

    country: str
    kid: bytes
    facts: tuple[str, ...] = ()


class Changes(NamedTuple):
    """What an import does to the keys of one list."""

    new: tuple[KeyLabel, ...]
    gone: tuple[KeyLabel, ...]
    changed: tuple[KeyLabel, ...]
    unchanged: int


class ListFacts(NamedTuple):
    """What is kept about a list beside its keys."""

    name: str
    dialect: str
    environment: Environment
    source: str
    as_of: Instant
    imported_at: Instant
    digest: bytes
    sequence: int | None
    anchor: Anchor | None
    ages: Ages
    remarks: Sequence[Remark] = ()


class Draft:
    """The new file while it is being made, and the tables of withdrawn certificates beside it."""

    __slots__ = ("_connection", "changed", "store")

    def __init__(self, connection: sqlite3.Connection, store: Path) -> None:
        """Work on a connection to the new edition of a store."""
        self._connection = connection
        self.store = store
        self.changed = False

    def environments(self) -> frozenset[Environment]:
        """Tell which environments the store has lists of."""
        rows = self._connection.execute("SELECT DISTINCT environment FROM lists")
        return frozenset(Environment(name) for (name,) in rows)

    def sequence(self, name: str) -> int | None:
        """Tell how far the list of this name has come, None when it does not count or is new."""
        query = "SELECT sequence FROM lists WHERE name = ?"
        row = self._connection.execute(query, (name,)).fetchone()
        return row[0] if row else None

    def authorities(self, key_id: bytes, *, beside: str) -> tuple[KnownAuthority, ...]:
        """Give the authorities with this key id, those that an anchor vouches for first.

        ``beside`` is the list that asks: its earlier edition is about to go, so it does not count.
        """
        return tuple(
            KnownAuthority(
                certificate, Anchor(name, b"", fingerprint, until=until) if name else None
            )
            for certificate, name, fingerprint, until in self._connection.execute(
                _AUTHORITIES, (key_id, beside)
            )
        )

    def uploader(self, certificate: bytes, country: str) -> Anchor | None:
        """Name the anchor that lets this certificate (DER) sign what its country uploads."""
        kid = hashlib.sha256(certificate).digest()[:_DCC_KID_BYTES]
        for found, name, fingerprint, until, environment in self._connection.execute(
            _UPLOADERS, (kid, certificate)
        ):
            if found == country:
                world = Environment(environment)
                return Anchor(name, b"", fingerprint, until=until, environment=world)
        return None

    def put(
        self,
        facts: ListFacts,
        records: Sequence[KeyRecord],
        revocations: Sequence[Revocation] = (),
        revoked: RevokedSet | None = None,
    ) -> Changes:
        """Put a list in, in place of its earlier edition, and tell what that changes."""
        rows = self._connection.execute(_STORED, (facts.name,))
        old: dict[Identity, Row] = {row[:_IDENTITY]: row[_IDENTITY:] for row in rows}
        known = {record.identity: record for record in records}
        new = {each: _row(record) for each, record in known.items()}
        self._replace(facts)
        added = (_repeated(facts, known[each]) + each[:-1] + row for each, row in new.items())
        self._connection.executemany(_INSERT_KEY, added)
        withdrawn = (
            (facts.name, *each[:4], " ".join(each.ids), each.whole) for each in revocations
        )
        self._connection.executemany(_INSERT_REVOCATION, withdrawn)
        if revoked:
            self._put_table(facts.name, revoked)
        return _difference(old, new)

    def rules(self, name: str) -> list[RuleRow]:
        """Give the rules and value sets of a list, none when it is new."""
        return [RuleRow(*row) for row in self._connection.execute(_STORED_RULES, (name,))]

    def vouched(self, name: str) -> bool:
        """Tell whether an anchor vouches for the list of this name as a whole."""
        query = "SELECT 1 FROM lists WHERE name = ? AND anchor <> ''"
        return self._connection.execute(query, (name,)).fetchone() is not None

    def put_rules(self, facts: ListFacts, rows: Iterable[RuleRow]) -> None:
        """Put a list of rules in, in place of its earlier edition."""
        self._replace(facts)
        self._connection.executemany(_INSERT_RULE, ((facts.name, *row) for row in rows))

    def _replace(self, facts: ListFacts) -> None:
        """Take the earlier edition of a list out, and put in what is said of the new one."""
        self.changed = True
        for table in _TABLES:
            self._connection.execute(f"DELETE FROM {table} WHERE list = ?", (facts.name,))  # noqa: S608 - names of ours
        self._connection.execute("DELETE FROM lists WHERE name = ?", (facts.name,))
        remarks = " ".join(facts.remarks)
        self._connection.execute(
            _INSERT_LIST, (*facts[:-3], *_anchor(facts.anchor), *facts.ages, remarks)
        )

    def _put_table(self, name: str, revoked: RevokedSet) -> None:
        """Give a table its name; nothing refers to it until the new store is in its place."""
        place = Path(table_path(str(self.store), revoked.digest))
        revoked.file.replace(place)
        flush(place.parent)
        complete, exact = (" ".join(sorted(each)) for each in (revoked.complete, revoked.exact))
        self._connection.execute(_INSERT_SET, (name, revoked.digest, complete, exact))
        rows = ((name, *row) for row in revoked.rows)
        self._connection.executemany(_INSERT_REVOKED, rows)

    def tables(self) -> frozenset[str]:
        """Name the tables that the store refers to."""
        return frozenset(file for (file,) in self._connection.execute("SELECT file FROM sets"))


@contextmanager
def drafting(store: Path) -> Iterator[Draft]:
    """Make a new edition of a store; it takes the old one's place when the block ends well.

    Raises ``TrustStoreInvalid`` when the file there is none of ours, and ``SetupError`` when the
    new one cannot be written. A draft that nothing was put into leaves everything as it was.
    """
    store = store.resolve()
    beside = store.with_name(store.name + ".new")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with alone(store), scratch(beside):
            fresh = _begin(store, beside)
            with closing(_connected(beside)) as connection:
                if fresh:
                    connection.executescript(_SCHEMA)
                draft = Draft(connection, store)
                # A desk that has the store open that is there now goes on using its tables.
                kept = draft.tables()
                try:
                    yield draft
                    connection.commit()
                    kept |= draft.tables()
                finally:
                    remove_tables(store, kept)
            if draft.changed:
                put_in_place(beside, store)
    except OSError as error:
        raise unwritable(store, os.strerror(error.errno or 0)) from None
    except sqlite3.Error as error:
        raise unwritable(store, str(error)) from None


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Hold the lock of a store; the system lets go of it when the process ends, however it ends."""
    with store.with_name(store.name + ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def scratch(beside: Path) -> Iterator[None]:
    """Remove what an earlier import left behind, and what this one does."""
    beside.unlink(missing_ok=True)
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)


def remove_tables(store: Path, kept: frozenset[str]) -> None:
    """Remove tables that nobody refers to any more, and what was left of unfinished ones."""
    names = {Path(table_path(str(store), digest)).name for digest in kept}
    for file in store.parent.glob(f"{glob.escape(store.name)}.revoked-*"):
        if file.name not in names:
            file.unlink(missing_ok=True)


def _begin(store: Path, beside: Path) -> bool:
    """Copy the old store, once it is known to be one; true when there is none to copy."""
    if not os.path.lexists(store):
        return True
    TrustStore.open(store).close()
    shutil.copy(store, beside)
    demand_whole(beside, store.name)
    return False


def demand_whole(copy: Path, name: str) -> None:
    """Look at every page: damage must not be carried from one edition into the next."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            whole = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        message = f"The trust store {name} is damaged.\nMove it away and import its lists anew."
        raise TrustStoreInvalid(message)


def without_tables(content: bytes) -> bytes:
    """Give a store as bytes without the lists whose tables lie beside it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        if not connection.execute("SELECT 1 FROM sets").fetchone():
            return content
        connection.execute("DELETE FROM lists WHERE name IN (SELECT list FROM sets)")
        connection.execute("DELETE FROM sets")
        connection.execute("DELETE FROM revoked")
        connection.commit()
        connection.execute("VACUUM")
        return connection.serialize()


def _connected(beside: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(beside)
    # Nobody else sees this file, and a torn one is thrown away: no journal is needed.
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def put_in_place(beside: Path, store: Path) -> None:
    """Let a new file take the place of the store, for whoever opens it from now on."""
    flush(beside)
    beside.replace(store)
    flush(store.parent)


def flush(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _row(record: KeyRecord) -> Row:
    """Give the facts that may change."""
    return (
        " ".join(sorted(record.schemes)),
        " ".join(sorted(record.uses)),
        record.name,
        record.not_before,
        record.not_after,
        int(record.level),
        *_anchor(record.anchor),
        record.anchor.until if record.anchor else None,
        record.certificate,
        record.participant,
    )


def _repeated(facts: ListFacts, record: KeyRecord) -> Row:
    """Give what a verdict says of the list. A key is as old as its issuer's last word on it."""
    as_of = facts.as_of if record.confirmed is None else min(facts.as_of, record.confirmed)
    return facts.name, facts.environment, as_of, *facts.ages


def _anchor(anchor: Anchor | None) -> tuple[str, bytes]:
    return (anchor.name, anchor.fingerprint) if anchor else ("", b"")


def _difference(old: dict[Identity, Row], new: dict[Identity, Row]) -> Changes:
    both = old.keys() & new.keys()
    old, new = _levelled(old, new, both)
    changed = [identity for identity in both if old[identity] != new[identity]]
    return Changes(
        _labels(new.keys() - both),
        _labels(old.keys() - both),
        tuple(
            sorted(
                KeyLabel(each[2], each[0], _changed_facts(old[each], new[each])) for each in changed
            )
        ),
        len(both) - len(changed),
    )


def _levelled(
    old: dict[Identity, Row], new: dict[Identity, Row], both: AbstractSet[Identity]
) -> tuple[dict[Identity, Row], dict[Identity, Row]]:
    """Put in how well keys are vouched for (see ``levels``), where that may have changed.

    It does where the key's own facts have, and for all where another authority is in the list.
    """
    if not both:
        return old, new
    before, after = ({each: _link(each, rows[each]) for each in rows} for rows in (old, new))
    ours = {link for link in before.values() if link.role == Role.AUTHORITY}
    same = ours == {link for link in after.values() if link.role == Role.AUTHORITY}
    moved = [each for each in both if not same or before[each] != after[each]]
    if not moved:
        return old, new
    was, now_is = issuers_of(before.values()), issuers_of(after.values())
    return (
        old | {each: _at_level(old[each], level_of(before[each], was)) for each in moved},
        new | {each: _at_level(new[each], level_of(after[each], now_is)) for each in moved},
    )


def _link(identity: Identity, row: Row) -> Link:
    return Link(identity[4], row[_PARTICIPANT], identity[1], row[_CERTIFICATE], row[_LEVEL])


def _at_level(row: Row, level: int) -> Row:
    return (*row[:_LEVEL], level, *row[_LEVEL + 1 :])


def _changed_facts(old: Row, new: Row) -> tuple[str, ...]:
    facts = zip(_FACTS, old, new, strict=True)
    return tuple(dict.fromkeys(name for name, before, after in facts if before != after))


def _labels(identities: set[Identity]) -> tuple[KeyLabel, ...]:
    return tuple(sorted(KeyLabel(country, kid) for kid, _, country, *_ in identities))


def unwritable(store: Path, why: str) -> SetupError:
    """Make the error that tells why a store cannot be written."""
    return SetupError(
        f"The trust store {store.name} cannot be written: {why}.\n"
        "Make room, or choose another place with --store. The old one is untouched."
    )
