"""What a process can do before and after it has sealed itself, on the machine that runs this."""

import ctypes
import errno
import os
import resource
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.child import in_child

from verifier import harden, sealing
from verifier.sealing import Seal, State, calls, kernel

LINUX = pytest.mark.skipif(kernel.machine() is None, reason="this machine is sealed in part alone")


def states(**options: Any) -> dict[str, str]:
    return {step.seal.value: step.state.value for step in harden(**options)}


def fault(work: Callable[[], object]) -> int:
    try:
        work()
    except OSError as error:
        return error.errno or -1
    return 0


def test_every_step_is_told_once_and_in_order() -> None:
    told = in_child(lambda: [step.seal for step in harden(file_bytes=0)])
    assert told == [seal.value for seal in Seal]
    told = in_child(lambda: [step.seal for step in harden()])
    assert told == [seal.value for seal in Seal if seal is not Seal.FILE_SIZE]


def _probes(folder: Path) -> dict[str, Callable[[], object]]:
    inside = folder / "inside"
    return {
        "create": lambda: os.open(folder / "new", os.O_WRONLY | os.O_CREAT),
        "truncate": lambda: os.truncate(inside, 0),
        "append": lambda: os.open(inside, os.O_WRONLY | os.O_APPEND),
        "null": partial(os.open, os.devnull, os.O_WRONLY),
        "folder": (folder / "more").mkdir,
        "rename": lambda: inside.rename(folder / "other"),
        "link": lambda: (folder / "link").symlink_to(inside),
        "remove": inside.unlink,
        "chmod": lambda: inside.chmod(0o600),
        "utime": lambda: os.utime(inside),
        "memory file": partial(os.memfd_create, "x"),
        "socket": partial(socket.socket, socket.AF_INET, socket.SOCK_DGRAM),
        "pair": socket.socketpair,
        "program": partial(os.posix_spawn, "/bin/true", ["true"], {}),
    }


@LINUX
def test_a_sealed_process_writes_nothing_and_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "inside").write_text("x")

    def work() -> object:
        steps = states()
        return (
            steps,
            {name: fault(probe) for name, probe in _probes(tmp_path).items()},
            fault(os.fork),
        )

    steps, faults, fork = in_child(work)
    if steps[Seal.SECCOMP.value] != State.ON.value:
        pytest.skip("this machine has no seccomp")
    assert set(faults.values()) == {errno.EPERM}, faults
    assert fork == errno.EPERM
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


@LINUX
def test_a_sealed_process_reads_works_with_threads_and_imports_late(tmp_path: Path) -> None:
    (tmp_path / "inside").write_text("x")

    def work() -> object:
        harden()
        import colorsys  # noqa: PLC0415 - late on purpose

        ran: list[str] = []
        thread = threading.Thread(target=lambda: ran.append("thread"))
        thread.start()
        thread.join()
        return [(tmp_path / "inside").read_text(), ran, colorsys.rgb_to_hls(0, 0, 0)[1]]

    assert in_child(work) == ["x", ["thread"], 0.0]


@LINUX
def test_a_parent_forks_and_its_worker_does_not(tmp_path: Path) -> None:
    def worker() -> object:
        steps = states(file_bytes=0)
        return steps, fault(os.fork), fault(lambda: (tmp_path / "new").write_text("x"))

    def parent() -> object:
        return states(children=True), in_child(worker), fault(_probes(tmp_path)["create"])

    above, (steps, fork, create), own = in_child(parent)
    assert above == {name: state for name, state in steps.items() if name != "file_size"}
    if steps[Seal.SECCOMP.value] == State.ON.value:
        assert fork == create == own == errno.EPERM


def test_a_file_that_is_open_does_not_grow(tmp_path: Path) -> None:
    with (tmp_path / "open").open("wb") as file:

        def work() -> object:
            harden(file_bytes=4)
            return fault(lambda: os.pwrite(file.fileno(), b"12345", 4)), os.pwrite(
                file.fileno(), b"1234", 0
            )

        assert in_child(work) == [errno.EFBIG, 4]


@LINUX
def test_nobody_of_the_same_user_looks_in() -> None:
    def work() -> object:
        before = kernel.is_traceable()
        harden()
        return before, kernel.is_traceable(), resource.getrlimit(resource.RLIMIT_CORE)

    assert in_child(work) == [True, False, [0, 0]]


def _denying(*names: str) -> None:
    """Let some functions of the kernel file answer as on a machine without them."""
    for name in names:

        def deny(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSYS, "absent")

        setattr(kernel, name, deny)


def test_what_is_absent_and_what_is_refused_is_told_apart() -> None:
    def work() -> object:
        _denying("close_files", "refuse_calls")

        def refuse() -> None:
            raise OSError(errno.ENOMEM, "no")

        kernel.lock_memory = refuse
        return [list(step) for step in harden()]

    steps = {seal: (state, fault) for seal, state, fault in in_child(work)}
    assert steps["landlock"] == steps["seccomp"] == ("absent", errno.ENOSYS)
    assert steps["memory_locked"] == ("refused", errno.ENOMEM)


def test_a_step_that_was_taken_and_does_not_hold_is_no_seal() -> None:
    def work() -> object:
        # The kernel says yes to everything and does nothing.
        kernel.close_files = lambda **_: None
        kernel.renounce_privileges = lambda: None
        kernel.refuse_calls = lambda *_: None
        kernel.lock_memory = kernel.forbid_traces = lambda: None
        resource.setrlimit = lambda *_: None
        return [list(step) for step in harden(file_bytes=0)]

    told = in_child(work)
    assert [state for _, state, _ in told][1:] == ["refused"] * 6, told
    assert not any(fault for *_, fault in told)


def test_an_unknown_machine_is_sealed_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "machine", lambda: None)
    steps = in_child(lambda: states(file_bytes=0))
    assert steps["core_limit"] == steps["file_size"] == "on"
    assert set(steps.values()) == {"on", "absent"}
    assert len(steps) == len(Seal)


@pytest.mark.parametrize(("system", "size"), [("darwin", 1 << 62), ("linux", 1 << 30)])
def test_only_known_machines_are_talked_to(
    monkeypatch: pytest.MonkeyPatch, system: str, size: int
) -> None:
    monkeypatch.setattr(kernel.sys, "platform", system)
    monkeypatch.setattr(kernel.sys, "maxsize", size)
    assert kernel.machine() is None


@pytest.mark.parametrize("version", range(1, 9))
def test_landlock_is_asked_for_what_its_version_has(
    monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    asked: list[tuple[object, ...]] = []

    def syscall(number: int, *arguments: object) -> int:
        asked.append((number, *arguments))
        if number == 446:
            return 0
        return version if arguments[-1] == 1 else os.open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(kernel, "_syscall", syscall)
    kernel.close_files()
    _, (_, _, size, _), (restrict, _, _) = asked
    assert size == (8 if version < 4 else 16 if version < 6 else 24)
    assert restrict == 446


@LINUX
def test_memory_is_not_locked_where_a_limit_would_starve_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel.resource, "getrlimit", lambda _: (8 << 20, 8 << 20))
    monkeypatch.setattr(kernel, "_status", lambda *_: 0)
    with pytest.raises(OSError, match="allocate"):
        kernel.lock_memory()


@LINUX
def test_a_thread_with_a_filter_of_its_own_is_no_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = kernel.machine()
    assert machine
    monkeypatch.setattr(kernel, "_syscall", lambda *_: 4711)
    with pytest.raises(PermissionError):
        kernel.refuse_calls(machine, b"")


@LINUX
def test_the_probes_do_nothing_in_a_process_that_is_not_sealed(tmp_path: Path) -> None:
    machine = kernel.machine()
    assert machine
    assert kernel.fault_of_writing(calls.openat(machine)) == 0
    assert not kernel.ends_files_at(0)
    untried = sealing._UNTRIED

    def work() -> object:
        os.chdir(tmp_path)
        return {
            name: kernel.fault_of(number, -1, -1, -1, -1, -1, -1)
            for name, number in calls.refused(machine).items()
            if name not in untried
        }

    faults = in_child(work)
    assert all(faults.values()), faults
    assert not list(tmp_path.iterdir())
    getppid = {"x86_64": 110, "aarch64": 173}[os.uname().machine]
    assert kernel.fault_of(getppid) == 0


def test_the_c_library_is_the_one_that_python_runs_on() -> None:
    assert kernel._libc().getpid() == os.getpid()
    assert isinstance(kernel._libc(), ctypes.CDLL)
