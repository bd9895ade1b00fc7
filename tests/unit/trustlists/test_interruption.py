"""Imports that are killed, run out of room, or meet each other: the store is the old or the new."""

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support import revocation, rules
from support.certificates import certificate, ec_key, entry, name, pem, signed_list, stored_in
from support.web import Handler, publishing, resumable

import trustlists
from trustlists import TrustStore, import_sources
from verifier.revocation import Standing

NOW = 1_795_000_000
KILLS = 100
_WITHDRAWN = 2_000

_ROOT = Path(trustlists.__file__).parents[1]

# Forks a child for each line that it reads, kills it after so many seconds (0: lets it end), and
# tells how long it lasted. Everything is loaded and warm before, so that a moment falls into the
# work and not into the start of Python.
_KILLED_AGAIN_AND_AGAIN = """
import os, signal, sys, time
from pathlib import Path
from trustlists import import_rules, import_sources, refresh
from trustlists.configuration import Configuration, Subscription
from trustlists.fetch import Machine

what, store, anchor, *editions = sys.argv[1:]

def work(store, edition):
    if what == "rules":
        import_rules(store, [editions[edition]], now=1_795_000_000, anchors=[anchor])
        return
    if what == "import":
        import_sources(store, [editions[edition]], now=1_795_000_000, anchors=[anchor])
        return
    source = Subscription("list", editions[0], anchors=(Path(anchor),))
    configuration = Configuration(frozenset({"127.0.0.1"}), (source,))
    machine = Machine(plain_loopback=True)
    done = refresh(store, configuration, now=1_795_000_000, machine=machine)
    assert done.complete, done

work(store + ".warm", 0)
print("ready", flush=True)
for line in sys.stdin:
    edition, delay = line.split()
    start = time.perf_counter()
    child = os.fork()
    if not child:
        status = 1
        try:
            work(store, int(edition))
            status = 0
        finally:
            os._exit(status)
    if float(delay):
        time.sleep(float(delay))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), time.perf_counter() - start, flush=True)
"""

_IMPORT_WITHOUT_ROOM = """
import resource, sys
from trustlists import import_sources
from verifier.errors import SetupError
store, source, room = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
try:
    import_sources(store, [source], now=1_795_000_000)
except SetupError as error:
    print(error)
    sys.exit(3)
"""

_IMPORT_ALL = """
import sys
from trustlists import import_sources
store, *sources = sys.argv[1:]
for source in sources:
    import_sources(store, [source], now=1_795_000_000)
"""


def _start(script: str, *arguments: object, stdin: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=_ROOT,
    )


def _certificates(prefix: str, count: int) -> list[bytes]:
    return [
        certificate(ec_key("one"), subject=name(common=f"{prefix} {number}"))
        for number in range(count)
    ]


def _kids(store: Path) -> frozenset[bytes]:
    with TrustStore.open(store) as opened:
        found = [each.key for each in stored_in(opened)]
        assert all(opened.find(key.kid) == (key,) for key in found)
    return frozenset(key.kid for key in found)


def _demand_whole(store: Path) -> None:
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


class Worker:
    """A process whose work is cut short at a given moment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert self._line() == "ready"

    def run(self, edition: int, delay: float = 0) -> tuple[int, float]:
        """Do the work, killed after a delay if there is one; give its status and duration."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{edition} {delay}\n")
        self.process.stdin.flush()
        status, seconds = self._line().split()
        return int(status), float(seconds)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def _editions(folder: Path) -> list[Path]:
    paths = [folder / "first.txt", folder / "second.txt"]
    for path, count in zip(paths, (40, 150), strict=True):
        path.write_bytes(signed_list(list(map(entry, _certificates(path.stem, count)))))
    return paths


def _withdrawn(store: Path) -> frozenset[bytes]:
    """Tell which of the hashes of both editions are withdrawn, by asking for each."""
    with TrustStore.open(store) as opened:
        known = opened.withdrawals(revocation.key(), "eu-dcc")
        assert known
        asked = [b"%d" % number for number in range(3 * _WITHDRAWN)]
        found = {each: known.standing(*revocation.document(each), NOW) for each in asked}
    assert set(found.values()) == {Standing.LISTED, Standing.CLEAR}
    return frozenset(each for each, standing in found.items() if standing is Standing.LISTED)


def _sets(folder: Path) -> list[Path]:
    """Write two editions of a set, the second with twice as many withdrawn."""
    made = []
    for number, count in ((1, _WITHDRAWN), (2, 2 * _WITHDRAWN)):
        listed = revocation.hashes(*map(str, range(number, number + count)))
        files = {
            f"{first}.batch": revocation.batch_json(
                listed[first : first + 500], kid=revocation.KID, expires=NOW + 86_400
            )
            for first in range(0, count, 500)
        }
        # The same number: both may follow the other, as a list of the same day may be sent twice.
        made.append(revocation.write_set(folder / str(number), files))
    return made


def _rules(store: Path) -> frozenset[bytes]:
    with TrustStore.open(store) as opened:
        found = opened.rule_set("FR")
        assert found
        assert not found.incomplete
    return frozenset(f"{each.identifier} {each.version}".encode() for each in found.rules)


def _lists_of_rules(folder: Path) -> list[Path]:
    """Write two editions of a list; the versions are the same, so either may follow the other."""
    paths = [folder / "first" / "list.json", folder / "second" / "list.json"]
    for path, count in zip(paths, (40, 150), strict=True):
        path.parent.mkdir()
        documents = [rules.rule(f"GR-FR-{number:04}") for number in range(count)]
        path.write_bytes(rules.encoded(documents))
    return paths


def _demand_old_or_new(
    worker: Worker,
    store: Path,
    seed: int,
    publish: Callable[[int], None] = lambda _: None,
    state: Callable[[Path], frozenset[bytes]] = _kids,
) -> None:
    """Kill the work at random moments of its duration; the store is always one of two editions."""
    print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
    whole, durations = [], []
    for edition in (0, 1, 0, 1):
        publish(edition)
        status, seconds = worker.run(edition)
        assert status == 0
        whole.append(state(store))
        durations.append(seconds)
    assert whole[:2] == whole[2:]
    assert whole[0] != whole[1]
    longest = max(durations[2:]) * 1.1
    chance = random.Random(seed)  # noqa: S311 - the same moments each time
    held, left = 1, {"old": 0, "new": 0}
    for _ in range(KILLS):
        wanted = 1 - held
        publish(wanted)
        status, _ = worker.run(wanted, chance.uniform(0.0001, longest))
        assert status in {0, -signal.SIGKILL}
        found = state(store)
        assert found in whole[:2]
        _demand_whole(store)
        left["new" if found == whole[wanted] else "old"] += 1
        held = whole.index(found)
    assert min(left.values()) >= KILLS // 20, left
    # What the kills left behind is in nobody's way.
    publish(0)
    assert worker.run(0)[0] == 0
    assert state(store) == whole[0]
    assert not store.with_name(store.name + ".new").exists()


def test_an_import_killed_at_any_moment_leaves_the_old_store_or_the_new(
    tmp_path: Path, list_key: Path
) -> None:
    store = tmp_path / "trust.sqlite"
    arguments = ("import", store, list_key, *_editions(tmp_path))
    with _start(_KILLED_AGAIN_AND_AGAIN, *arguments, stdin=subprocess.PIPE) as process:
        _demand_old_or_new(Worker(process), store, seed=20261122)


def test_withdrawals_killed_at_any_moment_are_the_old_ones_or_the_new(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"
    anchor = revocation.anchor_file(tmp_path)
    arguments = ("import", store, anchor, *_sets(tmp_path))
    with _start(_KILLED_AGAIN_AND_AGAIN, *arguments, stdin=subprocess.PIPE) as process:
        _demand_old_or_new(Worker(process), store, seed=20261126, state=_withdrawn)
    # Two editions at most are left, and nothing of what was cut short.
    assert len(list(tmp_path.glob("trust.sqlite.revoked-*"))) <= 2


def test_rules_killed_at_any_moment_are_the_old_ones_or_the_new(
    tmp_path: Path, list_key: Path
) -> None:
    store = tmp_path / "trust.sqlite"
    arguments = ("rules", store, list_key, *_lists_of_rules(tmp_path))
    with _start(_KILLED_AGAIN_AND_AGAIN, *arguments, stdin=subprocess.PIPE) as process:
        _demand_old_or_new(Worker(process), store, seed=20261127, state=_rules)


def test_a_refresh_killed_at_any_moment_leaves_the_old_store_or_the_new(
    tmp_path: Path, list_key: Path
) -> None:
    store = tmp_path / "trust.sqlite"
    bodies = [path.read_bytes() for path in _editions(tmp_path)]
    current = [0]

    def publish(edition: int) -> None:
        current[0] = edition

    def answer(handler: Handler) -> None:
        resumable(bodies[current[0]], f'"{current[0]}"', pieces=16)(handler)

    with (
        publishing(answer) as server,
        _start(
            _KILLED_AGAIN_AND_AGAIN, "refresh", store, list_key, server.url(), stdin=subprocess.PIPE
        ) as process,
    ):
        _demand_old_or_new(Worker(process), store, seed=20261125, publish=publish)
    asked = [headers for _, headers in server.requests]
    assert any("Range" in headers for headers in asked)  # some were killed in the midst of a body
    assert any("If-None-Match" in headers for headers in asked)  # and some after it


@pytest.mark.parametrize("room", [0, 4096, 40_000, 64 * 1024])
def test_an_import_without_room_leaves_the_old_store(tmp_path: Path, room: int) -> None:
    store = tmp_path / "trust.sqlite"
    source = tmp_path / "keys.pem"
    source.write_text("".join(map(pem, _certificates("old", 50))))
    import_sources(store, [source], now=NOW)
    before = store.read_bytes()
    assert len(before) > 40_000  # the second and third limit cut the copy off
    source.write_text("".join(map(pem, _certificates("new", 300))))
    with _start(_IMPORT_WITHOUT_ROOM, store, source, room) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    assert process.returncode == 3, said
    assert said.startswith("The trust store trust.sqlite cannot be written")
    assert store.read_bytes() == before
    assert not store.with_name("trust.sqlite.new").exists()


def test_two_imports_at_once_lose_nothing(tmp_path: Path) -> None:
    store = tmp_path / "trust.sqlite"

    def sources(prefix: str) -> Sequence[Path]:
        paths = [tmp_path / f"{prefix}{number}.pem" for number in range(6)]
        for path in paths:
            path.write_text(pem(*_certificates(path.stem, 1)))
        return paths

    running = [_start(_IMPORT_ALL, store, *sources(prefix)) for prefix in ("a", "b", "c")]
    for process in running:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output
    with TrustStore.open(store) as opened:
        assert len(opened.lists()) == 18
    assert not store.with_name("trust.sqlite.new").exists()
