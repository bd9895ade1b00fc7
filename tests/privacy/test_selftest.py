"""The self-test finds nothing in the program, everything that is leaked, and says what it cannot.

Leaks are put into the real program by the start of a process; they begin before it is sealed where
the seal would stop them otherwise.
"""

import fcntl
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from support.command import ROOT, run_process

from cli.selftest import looks, memory, passes, post, report, subjects, trial
from cli.selftest.canaries import PARTS_OTHERS_SHARE, Canaries, Needle, base45, found_in, spellings
from cli.selftest.outcome import Look, Result, Trial, judged
from cli.selftest.subjects import Subject, children_of
from cli.style import Style

VERIFY = subjects.subjects()[0]

# What is leaked, by what has to find it. Each changes the real program and then runs it.
START = "import sys, cli.app; from verifier.verifier import _Judgement, Verifier\n"
WRAP = """

plain = Verifier.verify
def verify(self, text, **options):
    leak(text)
    return plain(self, text, **options)
Verifier.verify = verify
sys.argv[0] = "pratique"
cli.app.main()
"""
LEAKS = {
    "a global": ("kept = []; leak = kept.append", "memory, what is held on to"),
    "a cache": (
        "from functools import cache; leak = cache(lambda text: None)",
        "memory, what is held on to",
    ),
    "an error": (
        """
kept = []
def leak(text):
    try:
        raise ValueError(text)
    except ValueError as error:
        kept.append(error)
""",
        "memory, what is held on to",
    ),
    "a logger": (
        """
import logging
logging.basicConfig(filename="log", level=logging.DEBUG)
leak = lambda text: logging.debug("read %s", text)
""",
        "files",
    ),
    "an open file": ("leak = open('kept', 'w').write", "open files"),
    "a temporary file": (
        "import tempfile; leak = lambda text: tempfile.TemporaryFile().write(text.encode())",
        "attempts at what is sealed",
    ),
    "a file in memory": (
        "import os; file = os.memfd_create('x'); leak = lambda text: os.write(file, b'x')",
        "system calls",
    ),
    "standard error": (
        "leak = lambda text: print(text, file=sys.stderr)",
        "output that is to disclose nobody",
    ),
    "a connection": (
        "import socket; leak = lambda text: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "attempts at what is sealed",
    ),
    "the title of the terminal": (
        "import os; leak = lambda text: os.write(1, b'\\x1b]0;title\\x07')",
        "terminal, what steers it",
    ),
    # A program may write over the place where the kernel shows its environment to others.
    "the environment": (
        """
import ctypes
facts = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
told = []
def leak(text):
    if not told:
        told.append(True)
        ctypes.memmove(int(facts[47]), text.encode(), 300)
""",
        "command line and environment",
    ),
}


# What a desk with workers could leak, beside what a worker takes along when it ends.
SCAN = subjects.subjects()[1]
LEAKS_OF_DESK = {
    "a pipe to the parent": (
        """
import os
import resource
from cli.post.workers import Workers
ends = os.pipe()
kept = []
leak = lambda text: os.write(ends[1], text.encode()[:60000])
serve = Workers.run
def run(self, work):
    ending = serve(self, work)
    os.set_blocking(ends[0], False)
    try:
        kept.append(os.read(ends[0], 65536))
    except BlockingIOError:
        pass
    return ending
Workers.run = run
""",
        "memory, once the last verdict is gone",
    ),
    "an open file": ("leak = open('kept', 'w').write", "open files"),
    "the title of the terminal": (
        "import os; leak = lambda text: os.write(1, b'\\x1b]0;title\\x07')",
        "terminal, what steers it",
    ),
    "what stays on the terminal": (
        """
import os
import resource
from cli.post import terminal
kept = []
leak = lambda text: os.write(1, text.encode()[:400])
terminal.CLEAR = ""
terminal._LEAVE = "\\033[?1049l"
""",
        "terminal, screen and scrollback",
    ),
}


def tried(subject: Subject, rounds: int = 1) -> Trial:
    return trial.run([subject], rounds=rounds)


def of(found: Trial, result: Result) -> set[str]:
    return {look.place for look in found.looks if look.result is result}


def test_nothing_is_found_in_the_program_and_the_report_says_so() -> None:
    found = tried(VERIFY)
    unknown = of(found, Result.UNKNOWN)
    assert not of(found, Result.FOUND), report.in_words(found, Style())
    assert not unknown, report.in_words(found, Style())
    assert found.passed
    assert found.specimens == 36
    assert found.formats == 7
    text = report.in_words(found, Style())
    assert "Nothing was found, and the search was shown to find" in text
    assert "NOT caught" not in text
    assert max(map(len, text.splitlines())) <= 72
    assert report.in_json(found)["passed"] is True


# In one run, each found in a place of its own; the others share one, or end the program.
TOGETHER = (
    "a logger", "an open file", "a file in memory", "standard error", "the title of the terminal",
    "the environment",
)  # fmt: skip
RUNS = [TOGETHER, *((name,) for name in LEAKS if name not in TOGETHER)]


def all_of(leaks: Iterable[str]) -> str:
    """Write a program with several leaks, each called with every scan."""
    codes = [f"{code}\nleaks.append(leak)" for code in leaks]
    every = "leak = lambda text: [each(text) for each in leaks]"
    return START + "\n".join(["leaks = []", *codes, every]) + WRAP


@pytest.mark.parametrize("leaks", RUNS)
def test_each_leak_is_caught(leaks: tuple[str, ...]) -> None:
    code = all_of(LEAKS[leak][0] for leak in leaks)
    found = tried(VERIFY._replace(program=(sys.executable, "-c", code)))
    places = {LEAKS[leak][1] for leak in leaks}
    assert len(places) == len(leaks)
    assert places <= of(found, Result.FOUND), report.in_words(found, Style())
    assert not found.passed
    assert "Do not use this desk" in report.in_words(found, Style())


def test_each_leak_of_a_desk_is_caught() -> None:
    """All in one run, each in its own place; what leaks is called with every scan."""
    code = all_of(code for code, _ in LEAKS_OF_DESK.values())
    found = tried(SCAN._replace(program=(sys.executable, "-c", code)))
    places = {place for _, place in LEAKS_OF_DESK.values()}
    assert places <= of(found, Result.FOUND), report.in_words(found, Style())


def test_what_a_desk_tries_although_it_is_sealed_ends_the_shift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(post, "_PATIENCE", 3.0)
    code, place = LEAKS["a temporary file"]
    found = tried(SCAN._replace(program=(sys.executable, "-c", START + code + WRAP)))
    assert place in of(found, Result.FOUND), report.in_words(found, Style())


def test_a_desk_that_does_not_answer_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_PATIENCE", 0.5)
    silent = (sys.executable, "-c", "import sys; sys.stdin.read()")
    unknown = of(tried(SCAN._replace(program=silent)), Result.UNKNOWN)
    assert unknown >= {"verdicts", "system calls", "memory, once the last verdict is gone"}


def test_the_command_runs_offline_and_is_read_by_programs() -> None:
    ran = run_process("privacy", "selftest", "--json")
    told = json.loads(ran.out)
    assert told["schema"] == "pratique.selftest/1"
    assert ran.status == (0 if told["passed"] else 3)
    results = {look["result"] for look in told["looks"]}
    assert told["passed"] is not bool(results & {"found", "unknown"})
    assert not ran.err


def test_a_user_without_rights_still_looks_into_the_sealed_program() -> None:
    """Opened while it starts, read when it is sealed: dumpable is off by then."""
    drop = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-all"]
    if os.geteuid() or subprocess.run([*drop, "true"], check=False).returncode:
        pytest.skip("rights can be dropped by root alone, with setpriv")
    ran = run_process("privacy", "selftest", command=(*drop, sys.executable, "-m", "cli"))
    assert "opened before it sealed itself" in " ".join(ran.out.split())
    assert "registers: none found" in ran.out
    assert "in a twin without the seal" in " ".join(ran.out.split())
    assert ran.status == 0, ran.out


def test_what_cannot_be_looked_at_is_said_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_opened", lambda _: None)
    monkeypatch.setattr(passes, "tracer", lambda: None)
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(()))
    found = tried(VERIFY)
    assert of(found, Result.UNKNOWN) >= {
        "a process that keeps a name", "memory, waiting", "memory, what is held on to",
        "open files", "command line and environment",
    }  # fmt: skip
    assert not found.passed
    assert "not everything could be looked at" in " ".join(report.in_words(found, Style()).split())


def test_a_part_that_cannot_be_read_is_no_absence() -> None:
    code = "print('ready', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        assert process.stdout
        assert process.stdout.readline()
        with memory.Observed(process.pid) as observed:
            assert sum(map(len, observed.memory())) > 1 << 20
            process.kill()
            process.wait()
            with pytest.raises(memory.Unreadable):
                list(observed.memory())
            with pytest.raises(memory.Unreadable):
                observed.registers()


def test_memory_that_is_not_overwritten_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "wipes", lambda _: False)
    assert "memory, what is held on to" in of(tried(VERIFY), Result.UNKNOWN)


def test_the_settings_that_overwrite_are_known_by_their_effect(tmp_path: Path) -> None:
    desk = subjects.new_desk(tmp_path)
    with subjects.Running((sys.executable, "-c", subjects._EFFECT), desk) as plain:
        plain.finish()
        assert plain.out.strip() == b"False"


def test_a_program_that_does_not_answer_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_PATIENCE", 0.5)
    silent = (sys.executable, "-c", "import sys; sys.stdin.read()")
    found = tried(VERIFY._replace(program=silent))
    assert of(found, Result.UNKNOWN) >= {"verdicts", "memory, what is held on to", "system calls"}


def test_blind_controls_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "in_memory", lambda *_: ([], 0))
    monkeypatch.setattr(trial, "changed", lambda *_: [])
    found = trial.run([])
    assert of(found, Result.FOUND) == {
        "a process that keeps a name", "a process that writes a scan to a file",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_texts_are_found_in_every_form(form: str) -> None:
    canaries = Canaries()
    needles = spellings(canaries.stem)
    text = f"ab{canaries.new('X')}Ł"
    assert found_in(b"\1" + text.encode(form) + b"\2", needles)
    assert not found_in(("ab" + Canaries().new("X")).encode(form), needles)


@pytest.mark.parametrize("before", range(9))
def test_encoded_texts_are_found_wherever_they_begin(before: int) -> None:
    import base64  # noqa: PLC0415 - for this alone

    canaries = Canaries()
    needles = spellings(canaries.stem)
    data = b"x" * before + canaries.stem.encode() + b"after"
    for encoded in (base64.b64encode(data), data.hex().encode(), base45(data)):
        assert found_in(encoded, needles), encoded


def test_base45_is_that_of_the_standard() -> None:
    assert base45(b"AB") == b"BB8"
    assert base45(b"Hello!!") == b"%69 VD92EX0"


def test_an_empty_place_holds_nothing() -> None:
    assert not found_in(b"", spellings("X" * 10))
    assert found_in(b"aaaaaaaaaa", [Needle("x", b"aaaaaaaa")])["x"] == 3


def test_calls_of_a_process_are_judged() -> None:
    log = """100 execve("/usr/bin/python", 0x1, 0x2) = 0
100 openat(AT_FDCWD, "/x", O_RDONLY|O_CLOEXEC) = 3
100 openat(AT_FDCWD, "/dev/null", O_WRONLY) = -1 EPERM (Operation not permitted)
[pid 7] write(1, ""..., 4) = 4
100 socket(AF_UNIX, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)
100 +++ exited with 0 +++"""
    assert looks.offences({100: log}, 100) == []
    bad = (
        '100 openat(AT_FDCWD, "/x", O_WRONLY|O_CREAT, 0600) = 3\n'
        '100 write(5, ""..., 4) = 4\n100 mkdir("/x", 0777) = 0\n'
    )
    assert looks.offences({100: f"{log}\n{bad}"}, 100) == [
        "openat for writing", "write to descriptor 5", "mkdir",
    ]  # fmt: skip


def test_only_the_parent_of_workers_forks_and_counts() -> None:
    tally = Path("/desk/tally")
    opening = 'openat(AT_FDCWD, "/desk/tally", O_RDWR|O_NOFOLLOW|O_CLOEXEC) = 7\n'
    fork = "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x1) = 8\n"
    thread = "clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 9\n"
    seal = "seccomp(SECCOMP_SET_MODE_FILTER, 0x1, 0x2) = 0\n"
    start, memory, count = "execve(...) = 0\n", 'memfd_create(""..., 0) = 9\n', "pwrite64(7,"
    counting = f'{count} ""..., 4, 0) = 4\n'
    parent = start + opening + memory + thread + seal + fork + counting
    assert looks.offences({1: parent, 2: seal + 'write(1, ""..., 4) = 4\n'}, 1, tally) == []
    assert looks.offences({1: parent, 2: counting}, 1, tally) == ["pwrite64 to descriptor 7"]
    assert looks.offences({1: parent, 2: fork}, 1, tally) == ["another process"]
    assert looks.offences({1: parent, 2: opening}, 1, tally) == ["openat for writing"]
    assert looks.offences({1: parent + memory + opening}, 1, tally) == [
        "memfd_create", "openat for writing",
    ]  # fmt: skip
    assert looks.offences({1: parent}, 1) == [
        "openat for writing", "memfd_create", "another process", "pwrite64 to descriptor 7",
    ]  # fmt: skip


def test_files_elsewhere_count_when_they_hold_a_canary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, common = tmp_path / "desk", tmp_path / "common"
    desk.mkdir()
    common.mkdir()
    monkeypatch.setattr(looks, "_COMMON", (str(common),))
    canaries = Canaries()
    needles = spellings(canaries.stem)
    (desk / "old").write_text("")
    before = looks.tree(desk)
    (common / "another's").write_text("nothing of ours")
    assert looks.changed(before, desk, needles) == []
    (common / "kept").write_text(canaries.new("X"))
    (desk / "old").unlink()
    assert looks.changed(before, desk, needles) == [
        f"a file elsewhere: {common / 'kept'}", "a file of the desk is gone: old",
    ]  # fmt: skip
    monkeypatch.setattr(looks, "_FILE_BYTES", 3)
    assert len(looks.changed(before, desk, needles)) == 1


def test_scans_of_others_elsewhere_are_no_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of other certificates has stretches of scans and birth dates in common with ours."""
    (tmp_path / "desk").mkdir()
    desk, common = tmp_path / "desk", tmp_path / "common"
    common.mkdir()
    monkeypatch.setattr(looks, "_COMMON", (str(common),))
    given = trial._prepare(desk, 1).given
    before = looks.tree(desk)
    own = given.unmistakable()
    parts = [needle.pattern for needle in given.needles if needle.form in PARTS_OTHERS_SHARE]
    alike = [part for part in parts if not found_in(part, own)]
    assert len(alike) > 100
    (common / "scans").write_bytes(b"\n".join(alike))
    assert looks.changed(before, desk, own) == []
    for number, each in enumerate(given.specimens):
        (common / "scan").write_text(f"{number} {each.text}")
        assert looks.changed(before, desk, own) == [f"a file elsewhere: {common / 'scan'}"]


def test_it_hears_processes_beyond_a_thousand_descriptors() -> None:
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ours, theirs = os.pipe()
    far = fcntl.fcntl(ours, fcntl.F_DUPFD, 1_025)
    try:
        assert subjects.heard((far,), 0) == []
        os.write(theirs, b"x")
        assert subjects.heard((far,), 1) == [far]
    finally:
        for each in (ours, theirs, far):
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))


def test_a_find_is_told_by_its_forms() -> None:
    assert judged("a", "b", ["x", "x", "y"]) == Look("a", "b", Result.FOUND, "3: x, y")


def test_children_are_named() -> None:
    assert os.getpid() not in children_of(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.pid in children_of(os.getpid())
        process.kill()


def test_no_command_that_sees_travellers_loads_it() -> None:
    for path in (ROOT / "cli").glob("*.py"):
        if path.name not in {"privacy.py", "notice.py"}:
            assert "cli.selftest" not in path.read_text()
