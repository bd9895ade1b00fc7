"""The seal in Python: ``with verifier.sealed():``."""

import asyncio
import importlib
import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from support.child import in_child
from support.specimens import store, vaccination

import verifier
from fixtures.world import DEMO
from verifier import Verifier, sealed
from verifier.errors import SealBroken
from verifier.sealing import audit, watch_process

SECRET = "Kanarienvogel"


def offences(folder: Path) -> dict[str, Callable[[], object]]:
    """Give one way to break each kind of promise, with a name in what is passed."""
    name = folder / SECRET
    return {
        "open": lambda: name.open("w"),
        "append": lambda: name.open("ab"),
        "update": lambda: os.open(name, os.O_RDWR),
        "temporary": tempfile.mkdtemp,
        "log": lambda: logging.FileHandler(name),
        "database": lambda: sqlite3.connect(name),
        "folder": name.mkdir,
        "remove": name.unlink,
        "copy": lambda: shutil.copyfile(__file__, name),
        "connection": lambda: socket.create_connection(("localhost", 9)),
        "look-up": lambda: socket.getaddrinfo("localhost", 9),
        "program": lambda: subprocess.run([SECRET], check=True),
        "shell": lambda: os.system(SECRET),  # noqa: S605 - never run
        "process": os.fork,
        "environment": lambda: os.environ.update({"X": SECRET}),
    }


@pytest.mark.parametrize("offence", offences(Path()))
def test_what_would_keep_or_tell_something_is_refused_by_name(tmp_path: Path, offence: str) -> None:
    break_it = offences(tmp_path)[offence]
    with pytest.raises(SealBroken) as caught, sealed():
        break_it()
    told = str(caught.value)
    assert told.startswith(f"{__name__}, line ")
    assert told.count("\n") == 1
    assert SECRET not in told
    assert not list(tmp_path.iterdir())
    assert "X" not in os.environ


def test_what_was_caught_is_raised_at_the_end(tmp_path: Path) -> None:
    def library() -> None:
        with suppress(Exception):
            (tmp_path / "x").write_text(SECRET)

    with pytest.raises(SealBroken, match="opened a file for writing"), sealed():
        library()


def test_an_error_of_the_block_is_not_hidden(tmp_path: Path) -> None:
    def block() -> None:
        with suppress(SealBroken):
            (tmp_path / "x").write_text("")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), sealed():
        block()


def test_documents_are_verified_and_files_read_in_a_sealed_block() -> None:
    trust = store()
    with sealed(), Verifier(trust=trust) as held:
        assert Path(__file__).read_text()
        verdict = held.verify(vaccination(), at=DEMO)
        connection = sqlite3.connect(f"file:{store().path}?mode=ro", uri=True)
        connection.close()
    assert verdict.outcome is verifier.Outcome.AUTHENTIC


def test_the_seal_ends_with_the_block_and_binds_no_other_thread(tmp_path: Path) -> None:
    def write(name: str) -> None:
        (tmp_path / name).write_text("x")

    wait, go = threading.Event(), threading.Event()

    def other() -> None:
        go.wait()
        write("other")
        wait.set()

    thread = threading.Thread(target=other)
    thread.start()
    with sealed():
        go.set()
        assert wait.wait(10)
    thread.join()
    write("after")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after", "other"]


def test_another_task_goes_on_while_one_is_sealed(tmp_path: Path) -> None:
    async def verifying() -> None:
        with sealed():
            await asyncio.sleep(0.02)

    async def writing() -> None:
        await asyncio.sleep(0.01)
        (tmp_path / "x").write_text("x")

    async def both() -> None:
        await asyncio.gather(verifying(), writing())

    asyncio.run(both())
    assert (tmp_path / "x").exists()


def test_blocks_within_blocks(tmp_path: Path) -> None:
    with sealed():
        with sealed():
            pass
        with pytest.raises(SealBroken):
            (tmp_path / "x").write_text("")
        audit._watch.get().broken.clear()  # type: ignore[union-attr]


def test_a_late_import_keeps_no_bytecode_and_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_module.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    with sealed():
        assert importlib.import_module("late_module").VALUE == 1
    assert [path.name for path in tmp_path.iterdir()] == ["late_module.py"]


def test_a_whole_process_is_watched_whoever_acts(tmp_path: Path) -> None:
    def work() -> object:
        told = []
        sealed_by_now = threading.Event()

        def write() -> None:
            sealed_by_now.wait()
            try:
                (tmp_path / SECRET).write_text("x")
            except SealBroken as error:
                told.append(str(error))

        thread = threading.Thread(target=write)
        thread.start()
        watch = watch_process()
        watch.demand_unbroken()
        sealed_by_now.set()
        thread.join()
        try:
            watch.demand_unbroken()
        except SealBroken as error:
            told.append(str(error))
        return told

    first, again = in_child(work)
    assert first == again
    assert "test_sealed, line" in first
    assert SECRET not in first


class _Frame:
    def __init__(self, name: str, back: "_Frame | None") -> None:
        self.f_globals = {"__name__": name}
        self.f_back = back
        self.f_lineno = 1


@pytest.mark.parametrize(
    ("event", "arguments", "what"),
    [
        ("open", (SECRET, "r", os.O_RDONLY | os.O_CLOEXEC), None),
        ("open", (SECRET, "w", os.O_WRONLY), "opened a file for writing"),
        ("open", (SECRET, None, None), None),
        ("sqlite3.connect", (f"file:{SECRET}?mode=ro",), None),
        ("sqlite3.connect", (SECRET,), "opened a database for writing"),
        ("os.system", (SECRET,), "started a program"),
        ("socket.connect", (SECRET,), "opened a connection"),
        ("import", (SECRET,), None),
        ("ctypes.dlopen", (SECRET,), None),
    ],
)
def test_each_event_is_judged(event: str, arguments: tuple[object, ...], what: str | None) -> None:
    watch = audit.Watch()
    if what is None:
        watch.look_at(event, arguments)
        watch.demand_unbroken()
        return
    with pytest.raises(SealBroken, match=what) as caught:
        watch.look_at(event, arguments)
    assert SECRET not in str(caught.value)
    with pytest.raises(SealBroken, match=what):
        watch.demand_unbroken()


@pytest.mark.parametrize(
    ("names", "offender"),
    [
        (["os", "a.package", "b"], "a.package, line 1,"),
        (["os", "shutil"], "This program"),
        (["verifier.sealing.audit", "__main__"], "__main__, line 1,"),
    ],
)
def test_the_innermost_code_that_is_not_python_s_own_is_named(
    names: list[str], offender: str
) -> None:
    frame: _Frame | None = None
    for name in reversed(names):
        frame = _Frame(name, frame)
    assert audit._offender(frame) == offender  # type: ignore[arg-type]


def test_the_import_system_is_told_in_its_own_way() -> None:
    frame = _Frame("verifier.sealing.audit", _Frame("_frozen_importlib_external", None))
    assert audit._writes_bytecode(frame)  # type: ignore[arg-type]
    assert not audit._writes_bytecode(_Frame("verifier.sealing.audit", None))  # type: ignore[arg-type]


def test_the_import_system_goes_on_without_what_it_would_keep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "_writes_bytecode", lambda _: True)
    watch = audit.Watch()
    with pytest.raises(PermissionError):
        watch.look_at("os.mkdir", ("__pycache__",))
    watch.demand_unbroken()


def test_the_package_has_no_other_name_for_it() -> None:
    with pytest.raises(AttributeError, match="seal"):
        verifier.seal  # type: ignore[attr-defined]  # noqa: B018 - the look-up is the test
