"""The real command, as a process of its own: what it prints, writes and leaves behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support.canaries import Canaries, all_documents, good_documents
from support.specimens import make_store

ROOT = Path(__file__).parents[2]
AT = "2026-12-01T12:00:00Z"

CANARIES = Canaries()
DOCUMENTS = all_documents(CANARIES)
TEXTS = [document.text for document in DOCUMENTS]

# A line break would make two scans of one, and a lone surrogate has no bytes.
LINES = [text.encode("utf-8", "replace") for text in TEXTS if not set("\r\n") & set(text)]

# One of them is a file with two cards.
VERDICTS = len(LINES) + 1


class World(NamedTuple):
    """Folders of which everything is known."""

    store: Path
    folders: tuple[Path, ...]
    environment: dict[str, str]

    def content(self) -> dict[str, bytes]:
        """Read every file there is."""
        return {
            str(path): path.read_bytes() if path.is_file() else b""
            for folder in self.folders
            for path in sorted(folder.rglob("*"))
        }


@pytest.fixture
def world(tmp_path: Path) -> World:
    names = ("home", "temporary", "here", "state")
    folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    home, temporary, here, state = folders
    store = make_store(state / "trust.sqlite")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        "PWD": str(here),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }
    return World(store, tuple(folders), environment)


class Ran(NamedTuple):
    """What a command said."""

    status: int
    out: str
    err: str


def run(world: World, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        input=stdin,
        capture_output=True,
        env={**world.environment, **environment},
        cwd=world.folders[2],
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def asked(world: World, command: str, *options: str) -> list[str]:
    return [command, "--store", str(world.store), "--at", AT, *options]


@pytest.mark.parametrize("command", ["verify", "inspect"])
@pytest.mark.parametrize(
    "form", [(), ("--json",), ("--disclose", "none"), ("--json", "--disclose", "none")]
)
def test_nothing_of_any_document_is_printed_unasked(
    world: World, command: str, form: tuple[str, ...]
) -> None:
    ran = run(world, *asked(world, command, *form), stdin=b"\n".join(LINES))
    assert ran.status == 12
    assert not CANARIES.found_in(ran.out + ran.err, *TEXTS)
    assert "Traceback" not in ran.err
    if "--json" in form:
        assert len(ran.out.splitlines()) == VERDICTS


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_each_document_by_itself_says_no_more_on_standard_error(world: World, command: str) -> None:
    # What ends a whole run is only seen when a document comes alone; a few of each stage.
    for document in DOCUMENTS[:4] + DOCUMENTS[4::9]:
        stdin = document.text.encode("utf-8", "replace")
        ran = run(world, *asked(world, command, "--disclose", "none"), stdin=stdin)
        assert not CANARIES.found_in(ran.out + ran.err, document.text)
        assert ran.status in {0, 10, 11, 12}


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_identity_shows_names_and_birth_date_and_nothing_else(
    world: World, form: tuple[str, ...]
) -> None:
    ran = run(
        world, *asked(world, "verify", "--disclose", "identity", *form), stdin=b"\n".join(LINES)
    )
    assert not CANARIES.identity_in(ran.out + ran.err)
    assert CANARIES.found_in(ran.out)
    assert CANARIES.born in ran.out


def test_identity_shows_nobody_of_whom_something_failed(world: World) -> None:
    ran = run(
        world, *asked(world, "verify", "--disclose", "clinical", "--json"), stdin=b"\n".join(LINES)
    )
    verdicts = [json.loads(line) for line in ran.out.splitlines()]
    assert len(verdicts) == VERDICTS
    for verdict in verdicts:
        failed = any(found["result"] == "fail" for found in verdict["findings"])
        assert not (failed and verdict["holder"])
        assert not CANARIES.found_in(json.dumps({**verdict, "holder": None}))


@pytest.mark.parametrize("disclose", ["none", "identity", "clinical"])
def test_no_file_is_made_changed_or_taken_away(world: World, disclose: str) -> None:
    scans = world.folders[2] / "scans.txt"
    scans.write_bytes(b"\n".join(LINES))
    run(world, *asked(world, "verify", "--disclose", disclose), stdin=LINES[0])  # byte code
    before = world.content()
    for command in ("verify", "inspect"):
        for source in ((), ("scans.txt",)):
            for form in ((), ("--json",)):
                options = asked(world, command, "--disclose", disclose, *form, *source)
                run(world, *options, stdin=b"\n".join(LINES))
    assert world.content() == before
    assert not any(
        CANARIES.found_in(content, *TEXTS)
        for name, content in before.items()
        if not name.endswith("scans.txt")
    )


def test_nothing_is_printed_when_the_output_or_the_store_is_gone(world: World) -> None:
    stdin = b"\n".join(LINES)
    missing = run(world, "verify", "--store", "nowhere", "--at", AT, stdin=stdin)
    assert missing.status == 3
    wrong = run(world, "verify", "--store", str(world.store), "--at", "soon", stdin=stdin)
    assert wrong.status == 2
    other = run(world, "verify", "--disclose", "everything", stdin=stdin)
    assert other.status == 2
    for ran in (missing, wrong, other):
        assert not CANARIES.found_in(ran.out + ran.err, *TEXTS)


def test_a_scan_that_went_astray_into_an_argument_is_not_repeated(world: World) -> None:
    scan = good_documents(CANARIES)[0].text
    for arguments in (
        ("verify", scan),
        ("inspect", scan),
        (scan,),
        ("explain", scan),
        asked(world, "verify", scan),
        ("verify", "--lang", scan),
        ("verify", f"--lang={scan}"),
        ("inspect", f"--disclose={scan}"),
        ("verify", "--disclose", scan),
        ("verify", "--at", scan),
        ("verify", "--rules", scan),
        ("verify", "--store", str(world.store), f"--{scan}"),
    ):
        ran = run(world, *arguments)
        assert not CANARIES.found_in(ran.out + ran.err, scan), arguments[:-1]
        assert ran.status


@pytest.mark.parametrize(
    "setting", ["PYTHONDEVMODE", "PYTHONVERBOSE", "PYTHONFAULTHANDLER", "DEBUG"]
)
def test_no_setting_of_the_environment_makes_it_talk(world: World, setting: str) -> None:
    ran = run(world, *asked(world, "verify"), stdin=b"\n".join(LINES), **{setting: "1"})
    assert not CANARIES.found_in(ran.out + ran.err, *TEXTS)


SURPRISE = """
import sys
from verifier.verifier import Verifier
def verify(self, text, **_):
    name = text
    raise RuntimeError(text)
Verifier.verify = verify
import cli.app
sys.argv = ["pratique", *sys.argv[1:]]
cli.app.main()
"""


def test_an_error_that_nobody_foresaw_shows_no_value(world: World) -> None:
    for command in ("verify", "inspect"):
        done = subprocess.run(
            [sys.executable, "-c", SURPRISE, *asked(world, command)],
            input=LINES[0],
            capture_output=True,
            env=world.environment,
            cwd=world.folders[2],
            check=False,
        )
        assert done.returncode == 12
        assert b"INT-000" in done.stdout + done.stderr
        assert not CANARIES.found_in(done.stdout + done.stderr, *TEXTS)
        assert b"Traceback" not in done.stderr
