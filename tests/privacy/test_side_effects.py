"""What a document could do beside being read: steer a terminal, hide in a line, be listed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import AT, ROOT, answered, run, run_on_terminal
from support.specimens import store_path, vaccination

from cli.problem import printable, shown
from cli.style import Style, wrap
from cli.tables import cut, table
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import certificate
from fixtures.who import claims as who_claims
from fixtures.who import scan as who_scan
from fixtures.who_icvp import content as icvp
from fixtures.world import listed, of_who

# What names have been seen to carry, or could: each ends with a word that has to stay visible.
HOSTILE = {
    "colour": "\x1b[31mredword",
    "clear": "\x1b[2J\x1b[3J\x1b[Hclearword",
    "title": "\x1b]0;owned\x07titleword",
    "title by C1": "\x9d0;owned\x9ctitleword",
    "clipboard": "\x1b]52;c;aGVsbG8=\x07clipword",
    "link": "\x1b]8;;https://example.invalid\x1b\\linkword\x1b]8;;\x1b\\",
    "answerback": "\x1b[c\x1b[6n\x05answerword",
    "keys": '\x1bP$q"p\x1b\\\x1b[21tkeysword',
    "bell": "\a\abellword",
    "backspace": "real\b\b\b\bfakeword",
    "carriage return": "first\rsecondword",
    "line feed": "first\nsecondword",
    "form feed": "\f\vfeedword",
    "C1": "\x80\x84\x8d\x90\x98\x9b31mhighword",
    "override": "\u202ereversed\u202cbidiword",
    "isolate": "\u2066a\u2067b\u2068c\u2069isoword",
    "embedding": "\u202aa\u202bb\u202dmarkword",
    "marks": "\u200e\u200f\u061cmarkword",
    "zero width": "\u200b\u200c\u200d\u2060\ufeffzeroword",
    "separators": "\u2028\u2029lineword",
    "tags": "\U000e0041\U000e007ftagword",
    "invisible": "\u00ad\u180e\u2062\u206a\U0001d173hiddenword",
    "delete": "\x7f\x7fdeleteword",
    "outcome": "\x1b[1;32m✔ AUTHENTIC\x1b[0m\nforgedword",
}
WORDS = {name: re.findall(r"[a-z]+word", text)[-1] for name, text in HOSTILE.items()}

# All that a terminal may be told: bold, three colours, and back.
COLOURS = re.compile(r"\x1b\[(?:0|1;3[123])m")
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)


def dcc(text: str) -> str:
    name = {"fn": text, "gn": text, "fnt": "SPECIMEN", "gnt": "NAME"}
    return vaccination(name=name)


def hostile_scans() -> dict[str, str]:
    """Put hostile texts into every member that an output could show."""
    signer = of_who()["who-icvp"]["icvp"]
    entry = says.vaccination(1)
    scans = {}
    for name, text in HOSTILE.items():
        scans[f"names, {name}"] = dcc(text)
        details = icvp.details(bo=text, cn=text, **{"is": text})
        scans[f"details, {name}"] = who_scan(
            who_claims(-6, icvp.third(details, n=text, id=text)), signer
        )
        odd = {**entry, "is": text, "vp": text, "mp": text, "ma": text, "lot": text}
        scans[f"entry, {name}"] = certificate(says.content("v", odd), listed()["all-uses"])
    scans["not a scan"] = "\x1b]0;owned\x07\x9b31m\u202e"
    return scans


SCANS = hostile_scans()
STDIN = "\n".join(text.replace("\n", " ").replace("\r", " ") for text in SCANS.values()).encode()


def typed(tmp_path: Path) -> Path:
    file = tmp_path / "scans.txt"
    file.write_bytes(STDIN)
    return file


@pytest.mark.parametrize("command", ["verify", "inspect"])
@pytest.mark.parametrize("disclose", ["none", "identity", "clinical"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_nothing_of_a_document_steers_a_terminal(
    tmp_path: Path, command: str, disclose: str, form: tuple[str, ...]
) -> None:
    ran = run_on_terminal(
        command, "--store", store_path(), "--at", AT, "--disclose", disclose, *form,
        typed(tmp_path),
    )  # fmt: skip
    left = COLOURS.sub("", ran.out).replace("\n", "")
    assert STEERING.findall(left) == []
    if disclose != "none" and command == "verify":
        assert sum(word in left for word in set(WORDS.values())) > 15


@pytest.mark.parametrize("disclose", ["identity", "clinical"])
def test_the_same_on_a_pipe_and_for_programs(disclose: str) -> None:
    options = ("--store", store_path(), "--at", AT, "--disclose", disclose)
    plain = run("verify", *options, stdin=STDIN).out
    assert STEERING.findall(plain.replace("\n", "")) == []
    assert "\x1b" not in plain
    lines = run("verify", "--json", *options, stdin=STDIN).out
    assert lines.isascii()
    assert STEERING.findall(lines.replace("\n", "")) == []
    names = [(json.loads(line)["holder"] or {}).get("name") or "" for line in lines.splitlines()]
    # A program gets the name as the issuer wrote it, behind the escapes of JSON.
    assert any("\x1b[31mredword" in name for name in names)


def test_a_forged_outcome_stays_within_its_line(tmp_path: Path) -> None:
    file = tmp_path / "scan.txt"
    file.write_text(dcc(HOSTILE["outcome"]))
    ran = run_on_terminal("verify", "--store", store_path(), "--at", AT, file)
    lines = COLOURS.sub("", ran.out).splitlines()
    (real,) = [line for line in lines if line.startswith("✔ AUTHENTIC")]
    assert real == "✔ AUTHENTIC"
    assert any("forgedword" in line and "Name" in line for line in lines)


@given(st.text())
def test_whatever_is_made_printable_steers_nothing(text: str) -> None:
    assert STEERING.findall(printable(text)) == []
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)
    assert STEERING.findall(wrap(printable(text), 40, "  ").replace("\n", "")) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_files_and_lists_are_neutralised_as_well(name: str, tmp_path: Path) -> None:
    assert STEERING.findall(shown(HOSTILE[name])) == []
    file = tmp_path / HOSTILE[name].replace("/", "_").replace("\0", "_")
    file.write_text("")
    for options in ((file,), (file, file)):
        ran = run("verify", "--store", store_path(), *options)
        assert STEERING.findall((ran.out + ran.err).replace("\n", "")) == []
    rows = table(("list",), [(printable(cut(HOSTILE[name])),)])
    assert STEERING.findall(rows.replace("\n", "")) == []


def test_colours_are_the_only_sequences_that_are_ever_written() -> None:
    for path in sorted((ROOT / "cli").rglob("*.py")):
        source = path.read_text()
        sequences = re.findall(r"\\(?:033|x1b|e)[^\"']{0,6}", source)
        # The desk reads keys that begin so, and clears its screen; the self-test looks for both.
        allowed = path.name in {
            "keys.py", "passes.py", "post.py", "progress.py", "scan.py",
            "screens.py", "style.py", "terminal.py",
        }  # fmt: skip
        assert not sequences or allowed, (path.name, sequences)
        assert "\\a" not in source.replace("\\at", "")
    style = Style(colour=True)
    assert COLOURS.sub("", style.paint("x", "green")) == "x"


def test_no_document_stands_in_the_list_of_processes() -> None:
    scan = vaccination()
    with answered("verify", scan.encode(), "--store", store_path()) as process:
        listed_as = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        name = Path(f"/proc/{process.pid}/comm").read_bytes()
    assert scan[4:40].encode() not in listed_as + name
    assert b"verify" in listed_as


def test_a_scan_in_an_argument_is_refused_and_the_shell_is_mentioned() -> None:
    ran = run("verify", "--store", store_path(), vaccination())
    assert ran.status == 2
    assert "shell's history" in ran.err
    assert vaccination()[4:40] not in ran.err


def test_no_command_reads_lines_in_a_way_that_keeps_a_history() -> None:
    code = (
        "import sys; from cli import app; app.run(['verify', '--store', sys.argv[1]]); "
        "print(sorted({'readline', 'rlcompleter', 'getpass', 'cmd'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, os.fspath(store_path())],
        input=vaccination().encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
