import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import AT, MODULE, ROOT, Ran, run, run_on_terminal, run_process

from cli import app

CANARY = "a name that nobody may see"


def fail(_: object) -> int:
    name = CANARY
    raise ValueError(name)


def test_what_nobody_foresaw_is_told_in_fixed_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_dispatch", fail)
    ran = run("verify")
    assert ran.status == 12
    assert ran.err.startswith("pratique: INT-000 ")
    assert len(ran.err.splitlines()) == 2


def test_a_traceback_never_reaches_standard_error() -> None:
    program = (
        "import sys; from cli import app\n"
        "sys.excepthook = app._tell_unforeseen\n"
        f"raise ValueError({CANARY!r})\n"
    )
    ran = run_process(command=(sys.executable, "-c", program))
    assert ran.status == 1
    assert ran.err.startswith("pratique: INT-000")
    assert CANARY not in ran.err


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_dispatch", interrupt)
    assert run("verify") == Ran(130, "", "")


def test_the_process_is_hardened() -> None:
    program = (
        "import os, resource, sys; from cli import app\n"
        "app.run = lambda *_: print(resource.getrlimit(resource.RLIMIT_CORE), "
        "sys.excepthook is app._tell_unforeseen) or 0\n"
        "app.main()\n"
    )
    assert run_process(command=(sys.executable, "-c", program)) == Ran(0, "(0, 0) True\n", "")


@pytest.mark.parametrize("descriptors", ["0", "1", "2", "0 1 2"])
def test_closed_descriptors_do_no_harm(store: Path, specimens: Path, descriptors: str) -> None:
    closing = " ".join(f"{descriptor}>&-" for descriptor in descriptors.split())
    command = f'exec "$@" {closing}'
    ran = run_process(
        "verify", "--json", "--store", store, "--at", AT, specimens / "vaccination.txt",
        command=("sh", "-c", command, "sh", *MODULE),
    )  # fmt: skip
    assert ran.status == (3 if "1" in descriptors else 0)


def test_the_version() -> None:
    ran = run_process("--version")
    assert ran.status == 0
    assert ran.out.startswith("pratique ")


def test_without_a_command_the_help_is_shown_and_the_status_is_that_of_a_wrong_call() -> None:
    ran = run()
    assert ran.status == 2
    assert ran.err.startswith("Usage: pratique")


@pytest.mark.parametrize(
    "arguments", [("bogus",), ("verify", "--bogus"), ("explain", "a", "b"), ("trust", "bogus")]
)
def test_a_wrong_call_is_two_lines(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    what, next_step = ran.err.splitlines()
    assert what.startswith("pratique: ")
    assert next_step.startswith("  See: pratique")


def test_a_reader_that_leaves_ends_the_program_quietly(store: Path, specimens: Path) -> None:
    many = [specimens / "vaccination.txt"] * 2_000
    with subprocess.Popen(
        [*MODULE, "verify", "--json", "--store", store, *many],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.wait() == 141
        assert process.stderr.read() == b""


def test_a_help_that_nobody_reads_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*MODULE, "--help"], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False
    )
    os.close(writing)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 141


def test_a_full_disk_is_a_set_up_problem(store: Path, specimens: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*MODULE, "verify", "--store", store, specimens / "vaccination.txt"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 3
    assert b"No space left" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_ctrl_c_while_waiting_for_a_scan_is_quiet(store: Path) -> None:
    with subprocess.Popen(
        [*MODULE, "verify", "--at", AT, "--store", store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # Whoever runs the tests in the background ignores Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"HC1:A\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert b"Traceback" not in process.stderr.read()


def test_a_terminal_gets_colour_and_the_holder(store: Path, specimens: Path) -> None:
    arguments = ("verify", "--at", AT, "--store", store, specimens / "vaccination.txt")
    ran = run_on_terminal(*arguments, env={"NO_COLOR": ""})
    assert "\033[1;32m✔ AUTHENTIC\033[0m" in ran.out
    assert "Compare with the passport" in ran.out
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\033" not in run_on_terminal(*arguments, env=environment).out


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_every_line_fits_the_terminal(store: Path, specimens: Path, columns: int) -> None:
    ran = run_on_terminal(
        "verify", "--store", store, specimens / "vaccination.txt", specimens / "key-unknown.txt",
        columns=columns, env={"NO_COLOR": "1"},
    )  # fmt: skip
    lines = [line for line in ran.out.splitlines() if str(ROOT) not in line and "..." not in line]
    assert max(map(len, lines)) <= min(columns, 80)


def test_a_terminal_is_told_what_is_awaited(store: Path) -> None:
    ran = run_on_terminal("verify", "--store", store, typed=b"HC1:A\n\x04")
    assert "Waiting for scans" in ran.out
    assert ran.status == 12


def test_an_encoding_without_signs_gets_words(store: Path, specimens: Path) -> None:
    ran = run_process(
        "verify", "--at", AT, "--store", store, specimens / "vaccination.txt",
        env={"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert ran.out.startswith("[OK] AUTHENTIC\n")
    assert ran.out.isascii()
