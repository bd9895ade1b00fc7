"""The commands that see documents seal themselves, in processes of their own."""

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from errno import EFBIG, EPERM
from functools import partial
from pathlib import Path

import pytest
from support.child import in_child
from support.command import AT, MODULE, ROOT, answered, run_process

from cli import seals
from cli.post.terminal import make_raw, waiting
from verifier.errors import PolicyViolation, SealBroken
from verifier.sealing import Seal, State, Step, Watch


def test_a_demanded_seal_that_does_not_hold_is_a_matter_of_the_set_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = (Step(Seal.CORE_LIMIT, State.ON), Step(Seal.LANDLOCK, State.ABSENT, errno.ENOSYS))
    monkeypatch.setattr(seals, "harden", lambda **_: steps)
    monkeypatch.setattr(seals, "watch_process", Watch)
    assert seals.seal_process(demand=False)
    with pytest.raises(PolicyViolation, match="landlock") as caught:
        seals.seal_process(demand=True)
    assert "core_limit" not in str(caught.value)


def test_a_demand_that_is_met_changes_nothing(store: Path, specimens: Path) -> None:
    if any(step.state is not State.ON for step in seals.tried()):
        pytest.skip("this machine cannot enforce every seal")
    options = ("--json", "--store", store, "--at", AT, specimens / "vaccination.txt")
    plain = run_process("verify", *options)
    assert run_process("verify", "--require-seals", *options) == plain
    assert plain.status == 0


MEDDLER = """
import sys
from verifier import verifier
def read_scan(text, extensions):
    open({path!r}, "w")
verifier.scan.read_scan = read_scan
sys.argv[0] = "pratique"
import cli.app
cli.app.main()
"""


def test_an_attempt_to_write_is_told_by_name_and_fails_the_set_up(
    store: Path, specimens: Path, tmp_path: Path
) -> None:
    program = MEDDLER.format(path=str(tmp_path / "kept"))
    ran = run_process(
        "verify", "--store", store, "--at", AT, specimens / "vaccination.txt",
        command=(sys.executable, "-c", program),
    )  # fmt: skip
    assert ran.status == 3
    assert "__main__, line 5, opened a file for writing" in ran.err
    assert "INT-000" not in ran.err
    assert "REFER" in ran.out
    assert not list(tmp_path.glob("kept"))


@pytest.mark.parametrize("command", ["verify", "inspect", "rules explain XS"])
def test_the_real_command_is_sealed_while_it_reads(
    store: Path, specimens: Path, command: str
) -> None:
    scan = (specimens / "vaccination.txt").read_bytes()
    with answered(command, scan, "--store", store) as process:
        status = Path(f"/proc/{process.pid}/status").read_text()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    facts = dict(line.split(":", 1) for line in status.splitlines())
    assert facts["NoNewPrivs"].strip() == "1"
    assert facts["Seccomp"].strip() in {"2", "0"}
    assert "Max core file size        0                    0" in limits
    for step in seals.tried():
        if step.seal is Seal.SECCOMP:
            assert (facts["Seccomp"].strip() == "2") is (step.state is State.ON)


def test_results_go_into_a_file_all_the_same(store: Path, specimens: Path, tmp_path: Path) -> None:
    with (tmp_path / "results").open("wb") as file:
        done = subprocess.run(
            [*MODULE, "verify", "--store", store, "--at", AT, specimens / "vaccination.txt"],
            stdout=file,
            check=False,
            cwd=ROOT,
        )
    assert done.returncode == 0
    assert "AUTHENTIC" in (tmp_path / "results").read_text()


def test_workers_let_their_output_be_a_file_and_nothing_else(tmp_path: Path) -> None:
    def limited() -> bool:
        seals.seal_worker(demand=False)
        return resource.getrlimit(resource.RLIMIT_FSIZE) == (0, 0)

    def into_a_file() -> bool:
        os.dup2(os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT), 1)
        return limited()

    def into_pipes() -> bool:
        for descriptor in (1, 2):
            os.dup2(os.pipe()[1], descriptor)
        return limited()

    def into_nothing() -> bool:
        os.close(1)
        return limited()

    assert in_child(into_pipes)
    assert not in_child(into_a_file)
    assert isinstance(in_child(into_nothing), bool)


def in_worker(work: Callable[[], object]) -> object:
    """Fork from a sealed parent, which cannot do what ``in_child`` does, and give what came out."""
    reading, writing = os.pipe()
    if not os.fork():
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    told = os.read(reading, 4096)
    os.wait()
    return json.loads(told)


@pytest.mark.parametrize("camera", [False, True])
def test_a_parent_goes_on_forking(tmp_path: Path, camera: bool) -> None:  # noqa: FBT001
    """And on writing to the tally, as far as it reaches; its workers do neither."""
    tally = tmp_path / "tally"
    tally.write_bytes(b"0" * 100)

    def fault(work: Callable[[], object]) -> int:
        try:
            work()
        except OSError as error:
            return error.errno or -1
        except SealBroken:
            return EPERM  # Python's own wall stands before the system's
        return 0

    def parent() -> object:
        for descriptor in (1, 2):
            os.dup2(os.pipe()[1], descriptor)
        counts = os.open(tally, os.O_RDWR)
        seals.seal_parent(tally=counts, camera=camera, demand=False)

        def tried() -> list[int]:
            return [
                fault(lambda: os.pwrite(counts, b"1", 99)),
                fault(lambda: os.pwrite(counts, b"1", 100)),
                fault(lambda: os.open(tally, os.O_WRONLY)),
                fault(lambda: os.open(os.devnull, os.O_WRONLY | os.O_CREAT)),
                fault(lambda: os.open(os.devnull, os.O_WRONLY)),
            ]

        def worker() -> list[int]:
            seals.seal_worker(demand=False)
            return tried()

        return tried(), in_worker(worker)

    above, below = in_child(parent)
    existing = 0 if camera else EPERM
    assert above == [0, EFBIG, existing, EPERM, existing]
    assert below == [EFBIG, EFBIG, EPERM, EPERM, EPERM]


def test_a_parent_goes_on_setting_up_devices_and_its_workers_use_them() -> None:
    def parent() -> object:
        seals.seal_parent(tally=None, camera=False, demand=False)
        # As when a scanner is plugged in again: opened after the sealing.
        descriptor = os.open("/dev/ptmx", os.O_RDONLY | os.O_NOCTTY)
        make_raw(descriptor)

        def worker() -> int:
            seals.seal_worker(demand=False)
            return waiting(descriptor)

        return in_worker(worker)

    assert in_child(parent) == 0


def test_seals_that_are_demanded_and_do_not_hold_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_one = (Step(Seal.LANDLOCK, State.ABSENT),)
    monkeypatch.setattr(seals, "harden", lambda **_: open_one)
    monkeypatch.setattr(seals, "watch_process", Watch)
    seals.seal_parent(tally=None, camera=False, demand=False)
    assert seals.seal_worker(demand=False).broken == []
    for seal in (partial(seals.seal_parent, tally=None, camera=False), seals.seal_worker):
        with pytest.raises(PolicyViolation, match="landlock"):
            seal(demand=True)


def test_a_child_that_cannot_tell_is_no_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[Step, ...]:
        raise MemoryError

    monkeypatch.setattr(seals, "harden", fail)
    assert {step.state for step in seals.tried()} == {State.REFUSED}
