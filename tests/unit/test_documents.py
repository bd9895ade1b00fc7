"""Runs the examples of the documents, so that they stay true."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from support.office import NOW

from cli.app import run
from trustlists import import_sources

ROOT = Path(__file__).parents[2]
_EXAMPLE = re.compile(r"(?ms)^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?")
_COMMAND = re.compile(r"^\$ pratique (.*)$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(text: str) -> str:
    """Run every example of a document in one namespace and give the document with what they print.

    ``today`` is the present instant, which an example cannot write down.
    """
    names: dict[str, object] = {"today": NOW}

    def run_one(example: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example[1], "example", "exec"), names)  # noqa: S102 - our own document
        if example[2] is None:
            assert not printed.getvalue()
            return example[0]
        return f"```python\n{example[1]}```\n\n```text\n{printed.getvalue()}```\n"

    return _EXAMPLE.sub(run_one, text)


def test_the_examples_of_trust_lists_print_what_they_say(folder: Path) -> None:
    assert folder.exists()
    text = (ROOT / "docs/trust-lists.md").read_text()
    assert len(_EXAMPLE.findall(text)) == 7
    assert ran(text) == text


def test_the_commands_of_the_air_gap_work(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import_sources("office.sqlite", ["fixtures/trust/eu-dcc"], now=NOW, environment="specimen")
    commands = _COMMAND.findall((ROOT / "docs/air-gap.md").read_text())
    assert len(commands) == 12
    for command in commands:
        assert run(shlex.split(command)) == 0, command
    told, remarks = capfd.readouterr()
    assert told.endswith("The same.\n")
    assert remarks.count("signature") == 1  # the deputy's, before it was given
    assert (folder / "desk.sqlite").read_bytes() == (folder / "office.sqlite").read_bytes()
