import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, name, pem, rsa_key, spki_of, stored_in

import trustlists
from trustlists import TrustStore, import_sources, writing
from trustlists.store import _CACHED_KIDS
from verifier.codecs.x509 import read_certificate
from verifier.errors import TrustStoreInvalid
from verifier.limits import KEYS_PER_KID
from verifier.trust import Environment, KeySource, TrustedKey, TrustList

NOW = 1_795_000_000
DSC = certificate(ec_key("dsc"), subject=name(country="AT", organisation="Ministry"))
KID = read_certificate(DSC).kid


@pytest.fixture
def opened(store: Path, german: Path, list_key: Path, tmp_path: Path) -> Iterator[TrustStore]:
    """A store of one list that an anchor signed and one that none did."""
    (tmp_path / "loose.pem").write_text(pem(DSC))
    import_sources(store, [german], now=NOW, anchors=[list_key])
    import_sources(store, [tmp_path / "loose.pem"], now=NOW + 50)
    with TrustStore.open(store) as found:
        yield found


def test_a_key_is_found_with_all_that_its_list_says(opened: TrustStore) -> None:
    source: KeySource = opened
    assert source.find(KID) == (
        TrustedKey(
            kid=KID,
            spki=spki_of(ec_key("dsc")),
            schemes=frozenset({"eu-dcc"}),
            uses=frozenset(),
            country="AT",
            name="Ministry",
            not_before=1767225600,
            not_after=2082758400,
            authenticated=False,
            list=TrustList("pem:loose", Environment.PRODUCTION, NOW + 50),
        ),
    )
    german = next(opened.keys(country="DE")).key
    assert german.authenticated
    assert opened.find(german.kid) == (german,)


def test_found_keys_are_kept_and_unknown_ids_are_not(opened: TrustStore) -> None:
    assert opened.find(KID) is opened.find(KID)
    for number in range(100):
        assert opened.find(number.to_bytes(8, "big")) == ()
    assert list(opened._known) == [KID]


def test_what_is_kept_is_bounded(opened: TrustStore) -> None:
    opened._known.update({bytes((0, *divmod(n, 256))): () for n in range(_CACHED_KIDS)})
    opened.find(KID)
    assert list(opened._known) == [KID]


def test_the_newest_list_and_the_floor(opened: TrustStore) -> None:
    assert opened.newest() == TrustList("pem:loose", Environment.PRODUCTION, NOW + 50)
    assert opened.newest() is opened.newest()
    assert opened.floor() == NOW + 50


def test_lists_are_described(opened: TrustStore, list_key: Path) -> None:
    german, loose = opened.lists()
    assert (german.name, german.dialect, german.keys) == ("dcc:list-key", "dcc", 2)
    assert (german.source, german.as_of, german.imported_at) == ("german.txt", NOW, NOW)
    assert german.anchor == list_key.stem
    assert len(german.anchor_fingerprint) == len(german.digest) == 32
    assert german.sequence == 1793523600
    assert (loose.name, loose.anchor, loose.anchor_fingerprint) == ("pem:loose", "", b"")
    assert loose.sequence is None


def test_keys_are_listed_with_certificate_and_anchor(opened: TrustStore) -> None:
    everything = stored_in(opened)
    assert [each.key.country for each in everything] == ["AT", "DE", "FR"]
    assert everything[0].certificate == DSC
    assert (everything[0].anchor, everything[0].anchor_fingerprint) == ("", b"")
    assert everything[1].anchor == "list-key"
    assert [each.key.country for each in opened.keys(list_name="dcc:list-key")] == ["DE", "FR"]
    assert list(opened.keys(kid=KID)) == everything[:1]


@pytest.mark.usefixtures("opened")
def test_an_empty_store_has_no_newest_list_and_no_floor(store: Path) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM lists")
    connection.close()
    with TrustStore.open(store) as empty:
        assert (empty.newest(), empty.floor(), empty.lists()) == (None, None, ())


def test_vouched_keys_come_first_and_few_are_given(store: Path, opened: TrustStore) -> None:
    german = next(opened.keys(country="DE")).key.kid
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE keys SET kid = ? WHERE kid = ?", (KID, german))
        connection.executemany(
            "INSERT INTO keys (kid, list, environment, as_of, spki, schemes, uses, country, name,"
            " issuer, role, authenticated)"
            " VALUES (?, 'x', 'production', 1, ?, '', '', '', '', '', 'signer', 0)",
            [(KID, bytes((number,))) for number in range(30)],
        )
    connection.close()
    with TrustStore.open(store) as crowded:
        found = crowded.find(KID)
    assert len(found) == KEYS_PER_KID
    assert [key.authenticated for key in found] == [True] + [False] * (KEYS_PER_KID - 1)


@pytest.mark.usefixtures("opened")
def test_finding_a_key_needs_no_sorting(store: Path) -> None:
    # A sort could spill into a file; while verifying nothing is written anywhere.
    with sqlite3.connect(store) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {trustlists.store._FIND}", (KID,)).fetchall()
    connection.close()
    steps = " ".join(step for *_, step in plan)
    assert "USING INDEX keys_by_kid" in steps
    assert "TEMP B-TREE" not in steps


def test_the_store_is_opened_read_only(opened: TrustStore) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._connection.execute("DELETE FROM keys")


def test_a_store_with_an_odd_path_is_found(tmp_path: Path, german: Path, list_key: Path) -> None:
    odd = tmp_path / "a b?c#d%20e" / "trust store?.sqlite"
    import_sources(odd, [german], now=NOW, anchors=[list_key])
    with TrustStore.open(odd) as found:
        assert found.path == str(odd)
        assert len(stored_in(found)) == 2


@pytest.mark.usefixtures("opened")
def test_a_relative_path_holds_when_the_folder_changes(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(store.parent)
    with TrustStore.open("trust.sqlite") as found:
        monkeypatch.chdir("/")
        assert found.path == str(store)
        copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
        assert copy.find(KID) == found.find(KID)
        copy.close()


def test_a_closed_store_gives_nothing(opened: TrustStore) -> None:
    opened.find(KID)
    opened.close()
    with pytest.raises(TrustStoreInvalid, match="closed or damaged"):
        opened.find(KID)
    opened.close()


@pytest.mark.parametrize(
    "content",
    [None, b"", b"not a database at all", b"SQLite format 3\0" + bytes(84), b"folder"],
    ids=["missing", "empty", "text", "no pages", "folder"],
)
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "trust.sqlite"
    if content == b"folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(TrustStoreInvalid) as caught:
        TrustStore.open(path)
    what, _, next_step = str(caught.value).partition("\n")
    assert "trust store" in what
    assert "pratique trust import" in next_step


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("pragma", ["application_id", "user_version"])
def test_a_store_of_another_program_or_version_is_refused(store: Path, pragma: str) -> None:
    with sqlite3.connect(store) as connection:
        connection.execute(f"PRAGMA {pragma} = 99")
    connection.close()
    with pytest.raises(TrustStoreInvalid, match="of this version"):
        TrustStore.open(store)


@pytest.mark.usefixtures("opened")
def test_a_store_that_was_cut_off_is_refused(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:-1])
    with pytest.raises(TrustStoreInvalid, match="not whole"):
        TrustStore.open(store)


@pytest.mark.usefixtures("opened")
def test_a_damaged_page_is_told_when_it_is_met(store: Path) -> None:
    whole = store.read_bytes()
    store.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    with TrustStore.open(store) as damaged, pytest.raises(TrustStoreInvalid, match="damaged"):
        damaged.find(KID)


@pytest.mark.usefixtures("opened")
def test_a_store_that_sqlite_cannot_open_is_refused(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(TrustStoreInvalid, match="cannot be read"):
        TrustStore.open(store)


def test_threads_share_a_store(opened: TrustStore) -> None:
    kids = [each.key.kid for each in stored_in(opened)]
    failures: list[object] = []

    def look(offset: int) -> None:
        for number in range(300):
            kid = kids[(number + offset) % len(kids)]
            opened._known.clear()
            if [key.kid for key in opened.find(kid)] != [kid]:
                failures.append(kid)

    threads = [threading.Thread(target=look, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "in use when forked"])
def test_a_child_opens_the_store_anew(
    opened: TrustStore, monkeypatch: pytest.MonkeyPatch, *, busy: bool
) -> None:
    inherited = opened._connection
    if busy:
        opened._lock.acquire()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert opened.find(KID)
    assert opened._connection is not inherited
    if busy:
        inherited.execute("SELECT 1")
        inherited.close()
    else:
        with pytest.raises(sqlite3.ProgrammingError):
            inherited.execute("SELECT 1")


_FORKING = """
import os, sys
from trustlists import TrustStore
with TrustStore.open(sys.argv[1]) as store:
    kid = bytes.fromhex(sys.argv[2])
    before = store.find(kid)
    store._known.clear()
    child = os.fork()
    same = store.find(kid) == before
    if child == 0:
        os._exit(0 if same else 1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(status or not same)
"""


def test_parent_and_child_both_find_keys_after_a_fork(opened: TrustStore) -> None:
    command = [sys.executable, "-c", _FORKING, opened.path, KID.hex()]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0


@pytest.mark.usefixtures("opened")
def test_opening_costs_nothing_that_grows(store: Path) -> None:
    # Counted in steps of SQLite's machine and not in seconds: none at all are needed to open.
    with TrustStore.open(store) as fresh:
        steps: list[int] = []
        fresh._connection.set_progress_handler(lambda: steps.append(1), 1)
        fresh.find(KID)
        few = len(steps)
    with sqlite3.connect(store) as connection:
        connection.executemany(
            "INSERT INTO keys (kid, list, environment, as_of, spki, schemes, uses, country, name,"
            " authenticated)"
            " VALUES (?, 'x', 'production', 1, x'', '', '', '', '', 0)",
            [(number.to_bytes(8, "big"),) for number in range(5_000)],
        )
    connection.close()
    with TrustStore.open(store) as large:
        steps.clear()
        large._connection.set_progress_handler(lambda: steps.append(1), 1)
        large.find(KID)
    assert len(steps) <= few + 5


_IMPORTS = """
import sys, types
# The verifier's own front door is not what is measured here.
package = types.ModuleType("verifier")
package.__path__ = [sys.argv[1]]
sys.modules["verifier"] = package
import trustlists.store
heavy = {"json", "pathlib", "cryptography", "dataclasses", "tomllib", "trustlists.importing",
         "trustlists.dialects", "trustlists.writing", "urllib.parse"}
loaded_before = set(sys.argv[2].split(","))
print(sorted(heavy & (set(sys.modules) - loaded_before)))
"""


def test_the_desk_loads_nothing_heavy() -> None:
    start = subprocess.run(
        [sys.executable, "-c", "import sys; print(','.join(sys.modules))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    root = Path(trustlists.__file__).parents[1]
    command = [sys.executable, "-c", _IMPORTS, str(root / "verifier"), start]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    assert found.stdout.strip() == "[]"


def test_the_package_loads_the_rest_when_it_is_asked_for() -> None:
    for public in trustlists.__all__:
        assert getattr(trustlists, public).__name__ == public
    with pytest.raises(AttributeError, match="nothing"):
        trustlists.nothing  # noqa: B018 - the access is what is tested


def test_keys_that_verify_nothing_are_kept(store: Path, tmp_path: Path) -> None:
    odd = (ec_key("a", "P-384"), ec_key("a", "P-521"), rsa_key(1024))
    (tmp_path / "odd.pem").write_text("".join(pem(certificate(key)) for key in odd))
    report = import_sources(store, [tmp_path / "odd.pem"], now=NOW)
    assert report.lists[0].keys == 3
    with TrustStore.open(store) as found:
        assert {each.key.spki for each in stored_in(found)} == set(map(spki_of, odd))


@pytest.fixture
def by_issuer(store: Path) -> Iterator[TrustStore]:
    """A store with one key that is listed for many issuers, and an authority under the same id."""
    key = ec_key("shared")
    rows = [(f"https://{number}.example", "signer") for number in range(3 * KEYS_PER_KID)]
    der = certificate(key, subject=name(country="AT", organisation="Ministry"))
    store.parent.mkdir(parents=True)
    with closing(sqlite3.connect(store)) as made:
        made.executescript(writing._SCHEMA)
        for issuer, role in [*rows, ("", "authority")]:
            made.execute(
                "INSERT INTO keys (list, environment, as_of, stale_after, too_old_after, kid, spki,"
                " country, issuer, role, schemes, uses, name, authenticated, certificate)"
                " VALUES ('l', 'production', 5, 6, 7, ?, ?, 'AT', ?, ?, 'vds-nc', '', '', 1, ?)",
                (KID, spki_of(key), issuer, role, der),
            )
        made.commit()
    with TrustStore.open(store) as found:
        yield found


def test_a_key_of_many_issuers_is_found_for_each(by_issuer: TrustStore) -> None:
    last = f"https://{3 * KEYS_PER_KID - 1}.example"
    assert [key.issuer for key in by_issuer.find(KID, last)] == [last]
    assert by_issuer.find(KID, last) is by_issuer.find(KID, last)
    assert by_issuer.find(KID, "https://nobody.example") == ()
    assert len(by_issuer.find(KID)) == KEYS_PER_KID


def test_an_authority_is_found_as_that_and_verifies_nothing(by_issuer: TrustStore) -> None:
    (authority,) = by_issuer.authorities(KID)
    assert authority.country == "AT"
    assert authority.subject == read_certificate(DSC).subject
    assert authority.schemes == {"vds-nc"}
    assert authority.authenticated
    assert authority.list == TrustList("l", Environment.PRODUCTION, 5, 6, 7)
    assert all(key.issuer for key in by_issuer.find(KID))
    assert by_issuer.authorities(b"unknown") == ()
    # What is listed is looked up once; what a document names and no list does is not kept.
    assert by_issuer.authorities(KID) is by_issuer.authorities(KID)
    assert set(by_issuer._authorities) == {KID}
    by_issuer.close()
    with pytest.raises(TrustStoreInvalid):
        by_issuer.authorities(KID)


def test_no_more_authorities_are_kept_than_keys(
    by_issuer: TrustStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trustlists.store, "_CACHED_KIDS", 1)
    by_issuer._authorities[b"other"] = by_issuer.authorities(KID)
    del by_issuer._authorities[KID]
    assert by_issuer.authorities(KID)
    assert set(by_issuer._authorities) == {KID}
