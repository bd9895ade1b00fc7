"""The trust store at the desk: one SQLite file, read-only, as quick to open when it is large.

The file never changes while it is open: an import puts a new one in its place, and who has the old
one open goes on reading that. A key is looked up by its id when a document names it and parsed by
whoever verifies. This file is on the way of every start, so it imports next to nothing.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from verifier.clock import Instant
from verifier.errors import TrustStoreInvalid
from verifier.limits import KEYS_PER_KID
from verifier.trust import Authority, Environment, TrustedKey, TrustList

if TYPE_CHECKING:
    from trustlists.revocation.table import Table
    from verifier.revocation import Withdrawals
    from verifier.rules.regulation import Regulation
    from verifier.rules.ruleset import RuleSet

APPLICATION_ID: Final = 0x50524154  # "PRAT", what `file` and SQLite know the file by
SCHEMA_VERSION: Final = 6

# Keys looked up once stay parsed: 512 are more issuers than one post meets in a shift, and about
# half a megabyte.
_CACHED_KIDS: Final = 512

_TABLE_DIGITS: Final = 32

# SQLite's file format, 1.3: where the first 100 bytes say what matters here.
_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_PAGE_SIZE: Final = slice(16, 18)
_PAGES: Final = slice(28, 32)
_USER_VERSION: Final = slice(60, 64)
_APPLICATION_ID: Final = slice(68, 72)

# Every row of a key repeats what a verdict says of its list: joining the two tables costs a tenth
# of opening the store and finding a key.
_KEY: Final = """
    SELECT kid, spki, schemes, uses, country, name, not_before, not_after, authenticated,
        list, environment, as_of, stale_after, too_old_after, issuer"""

_KEY_COLUMNS: Final = 15

# Keys that are better vouched for come first, so that no others can crowd them out of the cap.
_FIND: Final = f"""{_KEY} FROM keys WHERE kid = ? AND role = 'signer'
    ORDER BY authenticated DESC LIMIT {KEYS_PER_KID}"""

_AUTHORITIES: Final = """
    SELECT kid, spki, schemes, country, certificate, not_before, not_after, authenticated,
        list, environment, as_of, stale_after, too_old_after
    FROM keys WHERE kid = ? AND role = 'authority' AND certificate IS NOT NULL
    ORDER BY authenticated DESC LIMIT ?"""

# Keys that sign no documents: of authorities, for logging in, for encryption. Those without schemes
# come, so that what they signed is told from what an unknown key signed; it is never believed.
_FIND_OTHER: Final = f"""{_KEY} FROM keys
    WHERE kid = ? AND role IN ('authority', 'other') AND schemes = ''
    ORDER BY authenticated DESC LIMIT {KEYS_PER_KID}"""

# One key can serve 161 issuers under one id (SHC notes, 7), far beyond the cap: whoever knows the
# issuer that a document names asks for its keys.
_FIND_OF: Final = _FIND.replace("kid = ?", "kid = ? AND issuer = ?")

# A signed date is only ever kept from a list that an anchor vouches for. A list of withdrawals or
# of rules holds no keys, so that no verdict is as new as it is.
_TIMES: Final = """
    SELECT name, environment, as_of, stale_after, too_old_after,
        (SELECT max(max(as_of, imported_at)) FROM lists)
    FROM lists WHERE dialect NOT IN ('icao-crl', 'revocations', 'rules')
    ORDER BY as_of DESC, name LIMIT 1"""

_LISTS: Final = """
    SELECT name, dialect, environment, source, as_of, imported_at, digest, sequence, anchor,
        fingerprint, (SELECT count(*) FROM keys WHERE list = lists.name), stale_after,
        too_old_after, remarks
    FROM lists ORDER BY name"""

_KEYS: Final = f"""{_KEY}, certificate, anchor, fingerprint, authenticated, role, vouched_until,
        participant
    FROM keys
    WHERE (:kid IS NULL OR kid = :kid) AND (:country IS NULL OR country = :country)
        AND (:list IS NULL OR list = :list)
    ORDER BY country, kid, list, rowid"""


_TABLES: Final = "SELECT file FROM sets"
_ANY_WITHDRAWN: Final = "SELECT 1 FROM sets UNION ALL SELECT 1 FROM revocations LIMIT 1"

# Where a list leaves it to the authorities in it how well a key is vouched for (see ``levels``).
_LINKS: Final = """
    SELECT list, role, participant, spki, certificate, authenticated
    FROM keys WHERE role = 'authority' AND participant <> ''"""


class StoredList(NamedTuple):
    """A list in the store. ``sequence`` only goes up; the anchor's fields are empty for none.

    ``remarks`` holds the words of each ``Remark`` on its signature, apart by a space.
    """

    name: str
    dialect: str
    environment: Environment
    source: str
    as_of: Instant
    imported_at: Instant
    digest: bytes
    sequence: int | None
    anchor: str
    anchor_fingerprint: bytes
    keys: int
    stale_after: int
    too_old_after: int
    remarks: str


class StoredKey(NamedTuple):
    """A key in the store, its certificate if it has one, and the anchor that vouches for it.

    ``level`` is the number of a ``Level``, ``role`` the word of a ``Role``. ``vouched_until`` is
    when the anchor's word ends, None when it does not say.
    """

    key: TrustedKey
    certificate: bytes | None
    anchor: str
    anchor_fingerprint: bytes
    level: int
    role: str
    vouched_until: Instant | None


class TrustStore:
    """Keys, where they come from, whether to believe them, what is withdrawn, and entry rules.

    A ``KeySource``, ``RevocationSource`` and ``RuleSource`` for the verifier. Safe to share between
    threads; survives a fork; pickles as its path.
    """

    __slots__ = (
        "_authorities", "_connection", "_known", "_lock", "_path", "_process", "_regulations",
        "_rule_sets", "_ruled", "_tables", "_times", "_withdrawn",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        """Open the store at an absolute path; callers say ``TrustStore.open``."""
        self._path = path
        self._times: tuple[TrustList | None, Instant | None] | None = None
        self._regulations: tuple[Regulation, ...] | None = None
        self._ruled: frozenset[str] | None = None
        # By their names, which follow from what is in them; good in a fork as well.
        self._tables: dict[str, Table] = {}
        self._connect()

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, tables: bool = False) -> Self:
        """Open a store read-only. Raises ``TrustStoreInvalid`` if it is missing or none of ours.

        With ``tables`` those of withdrawn certificates are opened too, so that one that cannot be
        used is told before the first document of its issuer, and not by that document's verdict.
        """
        store = cls(os.path.abspath(path))  # noqa: PTH100 - pathlib is slow to import
        try:
            for (file,) in store.rows(_TABLES) if tables else ():
                store.table(file)
        except TrustStoreInvalid:
            store.close()
            raise
        return store

    @property
    def path(self) -> str:
        """Where the store lies."""
        return self._path

    def find(self, kid: bytes, issuer: str = "") -> tuple[TrustedKey, ...]:
        """Give every key with this id, at most ``KEYS_PER_KID``, vouched ones first.

        Where there is none that signs documents, those of no scheme that sign none come. With
        ``issuer``, only those listed for that very issuer.
        """
        wanted = (kid, issuer) if issuer else kid
        found = self._known.get(wanted)
        return self._look_up(wanted, kid, issuer) if found is None else found

    def authorities(self, key_id: bytes) -> tuple[Authority, ...]:
        """Give every authority with this subject key identifier, vouched ones first."""
        known = self._authorities
        found = known.get(key_id)
        if found is None:
            rows = self._rows(_AUTHORITIES, (key_id, KEYS_PER_KID))
            found = tuple(_authority(*row) for row in rows)
            if found:  # as with keys: what is in no list comes from a document
                if len(known) >= _CACHED_KIDS:
                    known.clear()
                known[key_id] = found
        return found

    def withdrawals(self, key: TrustedKey, format: str) -> "Withdrawals | None":  # noqa: A002 - the interface contract's word
        """Give what is withdrawn among the documents of a key; None when there is no list of it."""
        # By the very object: this is on the way of every document, and keys are held already.
        wanted = id(key), format
        held = self._withdrawn.get(wanted)
        if held is not None and held[0] is key:
            return held[1]
        if len(self._withdrawn) >= _CACHED_KIDS:
            self._withdrawn.clear()
        found = self._look_up_withdrawals(key, format)
        self._withdrawn[wanted] = key, found
        return found

    def rule_set(self, country: str) -> "RuleSet | None":
        """Give the rules of a country (ISO 3166-1), read once; None when there are none of it."""
        found = self._rule_sets.get(country)
        if found is None:
            from trustlists.rules import stored  # noqa: PLC0415 - most desks ask for no rules
            from verifier.countries import alpha_2  # noqa: PLC0415 - the same

            if self._ruled is None:
                self._ruled = frozenset(stored.countries(self))
            code = alpha_2(country)
            if code not in self._ruled:
                return None  # not remembered: as with keys, it comes from a document
            found = self._rule_sets[country] = stored.rule_set(self, code)
        return found

    def regulations(self) -> "tuple[Regulation, ...]":
        """Give the international rules that were imported, read once."""
        if self._regulations is None:
            from trustlists.rules import stored  # noqa: PLC0415 - most desks ask for no rules

            self._regulations = stored.regulations(self)
        return self._regulations

    def newest(self) -> TrustList | None:
        """Name the list with the latest date, None when there is no list at all."""
        return self._known_times()[0]

    def floor(self) -> Instant | None:
        """Give the latest instant that is past for sure: a desk's clock before it is wrong.

        It is the signed date of a list or the instant of an import, None in an empty store.
        """
        return self._known_times()[1]

    def lists(self) -> tuple[StoredList, ...]:
        """Describe every list, by name."""
        rows = self._rows(_LISTS)
        return tuple(StoredList(row[0], row[1], Environment(row[2]), *row[3:]) for row in rows)

    def keys(
        self, *, kid: bytes | None = None, country: str | None = None, list_name: str | None = None
    ) -> Iterator[StoredKey]:
        """Give every key, or those with an id, of a country, or of a list; by country and id.

        How well a key is vouched for is found out here, where its list leaves that to the
        authorities in it: that costs a signature a key.
        """
        rows = self._rows(_KEYS, {"kid": kid, "country": country, "list": list_name})
        level = self._levels() if any(row[-1] for row in rows) else None
        for *row, participant in rows:
            stored = StoredKey(_key(*row[:_KEY_COLUMNS]), *row[_KEY_COLUMNS:])
            if level and participant:
                stored = stored._replace(level=level(stored, participant))
            yield stored

    def _levels(self) -> Callable[[StoredKey, str], int]:
        """Give what tells the level of a key, with the authorities of every list at hand."""
        from trustlists.levels import Link, issuers_of, level_of  # noqa: PLC0415 - not at the desk

        links: dict[str, list[Link]] = {}
        for name, *link in self._rows(_LINKS):
            links.setdefault(name, []).append(Link(*link))
        issuers = {name: issuers_of(of_list) for name, of_list in links.items()}

        def level(stored: StoredKey, participant: str) -> int:
            key = stored.key
            link = Link(stored.role, participant, key.spki, stored.certificate, stored.level)
            return level_of(link, issuers.get(key.list.name, {}))

        return level

    def rows(self, query: str, arguments: tuple[object, ...] = ()) -> list[Any]:
        """Ask the file; for the parts of this package that a desk rarely needs."""
        return self._rows(query, arguments)

    def table(self, digest: str) -> "Table":
        """Open a table of withdrawn certificates, once. Raises ``TrustStoreInvalid``."""
        from trustlists.revocation.table import Table  # noqa: PLC0415 - not every store has one

        opened = self._tables.get(digest)
        if opened is None:
            opened = Table(table_path(os.path.realpath(self._path), digest))
            self._tables[digest] = opened
        return opened

    def close(self) -> None:
        """Let go of the file. Looking anything up afterwards raises ``TrustStoreInvalid``."""
        self._survive_fork()
        self._known.clear()
        self._withdrawn.clear()
        self._tables.clear()
        self._rule_sets.clear()
        self._ruled = None
        self._regulations = None
        self._authorities.clear()
        self._times = None
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self._path,)

    def _connect(self) -> None:
        self._known: dict[bytes | tuple[bytes, str], tuple[TrustedKey, ...]] = {}
        # For keys of lists: nothing of a document.
        self._withdrawn: dict[tuple[int, str], tuple[TrustedKey, Withdrawals | None]] = {}
        self._rule_sets: dict[str, RuleSet] = {}
        self._authorities: dict[bytes, tuple[Authority, ...]] = {}
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._connection = _opened(self._path)

    def _look_up(
        self, wanted: bytes | tuple[bytes, str], kid: bytes, issuer: str
    ) -> tuple[TrustedKey, ...]:
        rows = self._rows(_FIND_OF, (kid, issuer)) if issuer else self._rows(_FIND, (kid,))
        found = tuple(_key(*row) for row in rows)
        if not found and not issuer:
            found = tuple(_key(*row) for row in self._rows(_FIND_OTHER, (kid,)))
        if found:  # ids that are in no list come from documents, and nothing of those is kept
            known = self._known
            if len(known) >= _CACHED_KIDS:
                known.clear()
            known[wanted] = found
        return found

    def _look_up_withdrawals(self, key: TrustedKey, format: str) -> "Withdrawals | None":  # noqa: A002 - as above
        if not self._rows(_ANY_WITHDRAWN):
            return None
        from trustlists.revocation import withdrawals  # noqa: PLC0415 - not every store has any

        return withdrawals.of(self, key, format)

    def _known_times(self) -> tuple[TrustList | None, Instant | None]:
        times = self._times
        if times is None:
            rows = self._rows(_TIMES)
            times = (_list(*rows[0][:-1]), rows[0][-1]) if rows else (None, None)
            self._times = times
        return times

    def _rows(
        self, query: str, arguments: tuple[object, ...] | dict[str, object] = ()
    ) -> list[Any]:
        self._survive_fork()
        try:
            with self._lock:
                return self._connection.execute(query, arguments).fetchall()
        except sqlite3.Error:
            raise _unusable(self._path, "is closed or damaged") from None

    def _survive_fork(self) -> None:
        """Open the file anew in a child: SQLite's connections do not survive a fork."""
        if self._process == os.getpid():
            return
        inherited, busy = self._connection, self._lock.locked()
        self._connect()
        if not busy:  # else another thread of the parent was using it, and closing would hang
            inherited.close()


def table_path(store: str, digest: str) -> str:
    """Say where a table of withdrawn certificates lies: beside the store, named by its SHA-256."""
    return f"{store}.revoked-{digest[:_TABLE_DIGITS]}"


def _opened(path: str) -> sqlite3.Connection:
    """Connect, once the file is known to be a whole store of this version."""
    _demand_store(path)
    escaped = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    uri = f"file://{escaped}?mode=ro&immutable=1"
    try:
        # A statement that is kept for the next time keeps what it was last asked, and what is not
        # found here comes from a document.
        return sqlite3.connect(uri, uri=True, check_same_thread=False, cached_statements=0)
    except sqlite3.Error:
        raise _unusable(path, "cannot be read") from None


def _demand_store(path: str) -> None:
    """Look at the head of the file alone: asking SQLite the same costs more than finding a key."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            head = os.read(descriptor, _HEADER_BYTES)
            size = os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unusable(path, f"cannot be read: {os.strerror(error.errno or 0)}") from None
    if (
        not head.startswith(_MAGIC)
        or int.from_bytes(head[_APPLICATION_ID], "big") != APPLICATION_ID
        or int.from_bytes(head[_USER_VERSION], "big") != SCHEMA_VERSION
    ):
        raise _unusable(path, "is no trust store of this version")
    # A page size of 65,536 is written as 1; this program never makes one so large.
    if int.from_bytes(head[_PAGE_SIZE], "big") * int.from_bytes(head[_PAGES], "big") != size:
        raise _unusable(path, "is not whole")


def _unusable(path: str, what: str) -> TrustStoreInvalid:
    message = f"The trust store {path} {what}.\n"
    return TrustStoreInvalid(message + "Make one with: pratique trust import SOURCE")


def _list(
    name: str, environment: str, as_of: Instant, stale_after: int, too_old_after: int
) -> TrustList:
    return TrustList(name, Environment(environment), as_of, stale_after, too_old_after)


def _key(  # noqa: PLR0913, PLR0917 - the columns of one row
    kid: bytes,
    spki: bytes,
    schemes: str,
    uses: str,
    country: str,
    name: str,
    not_before: Instant | None,
    not_after: Instant | None,
    authenticated: int,
    list_name: str,
    environment: str,
    as_of: Instant,
    stale_after: int,
    too_old_after: int,
    issuer: str,
) -> TrustedKey:
    return TrustedKey(
        kid,
        spki,
        frozenset(schemes.split()),
        frozenset(uses.split()),
        country,
        name,
        not_before,
        not_after,
        authenticated > 0,
        _list(list_name, environment, as_of, stale_after, too_old_after),
        issuer,
    )


def _authority(  # noqa: PLR0913, PLR0917 - the columns of one row
    kid: bytes,
    spki: bytes,
    schemes: str,
    country: str,
    certificate: bytes,
    not_before: Instant | None,
    not_after: Instant | None,
    authenticated: int,
    *source: Any,  # noqa: ANN401 - the columns of its list
) -> Authority:
    from verifier.codecs.x509 import read_certificate  # noqa: PLC0415 - few documents need it

    return Authority(
        kid,
        spki,
        frozenset(schemes.split()),
        country,
        read_certificate(certificate).subject,
        not_before,
        not_after,
        authenticated > 0,
        _list(*source),
    )
