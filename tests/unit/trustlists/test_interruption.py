"""Imports that are killed, run out of room, or meet each other: the store is the old or the new."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, entry, name, pem, signed_list, stored_in

import trustlists
from trustlists import TrustStore, import_sources

NOW = 1_795_000_000
KILLS = 45

_ROOT = Path(trustlists.__file__).parents[1]

_IMPORT_FOR_EVER = """
import sys
from trustlists import import_sources
from trustlists.importing import gather  # loaded before the clock of the test starts
store, anchor, *editions = sys.argv[1:]
print("ready", flush=True)
while True:
    for edition in editions:
        import_sources(store, [edition], now=1_795_000_000, anchors=[anchor])
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


def _start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=_ROOT
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


def test_a_killed_import_leaves_the_old_store_or_the_new(tmp_path: Path, list_key: Path) -> None:
    store = tmp_path / "trust.sqlite"
    editions = [tmp_path / "first.txt", tmp_path / "second.txt"]
    whole = []
    for edition, count in zip(editions, (40, 150), strict=True):
        edition.write_bytes(signed_list(list(map(entry, _certificates(edition.stem, count)))))
        import_sources(store, [edition], now=NOW, anchors=[list_key])
        whole.append(_kids(store))
    chance = random.Random(20261122)  # noqa: S311 - the same moments each time
    seen = set()
    for _ in range(KILLS):
        with _start(_IMPORT_FOR_EVER, store, list_key, *editions) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        found = _kids(store)
        assert found in whole
        seen.add(whole.index(found))
        _demand_whole(store)
    assert seen == {0, 1}
    import_sources(store, editions[:1], now=NOW, anchors=[list_key])
    assert not store.with_name("trust.sqlite.new").exists()


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
