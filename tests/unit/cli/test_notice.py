"""The privacy notice is what the program does."""

import runpy
import sys
from pathlib import Path

import pytest
from support.command import ROOT

from cli.notice import notice
from cli.tallying.cells import CELLS
from verifier import Disclosure, PrivacyPolicy
from verifier.sealing import Seal

NOTICE = ROOT / "docs" / "privacy-notice.md"


def test_the_notice_is_written_from_the_program() -> None:
    told = "run: python -m cli.notice docs/privacy-notice.md"
    assert NOTICE.read_text("utf-8") == notice(), told


def test_writing_it_is_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["notice", str(tmp_path / "notice.md")])
    monkeypatch.delitem(sys.modules, "cli.notice")
    runpy.run_module("cli.notice", run_name="__main__")
    assert (tmp_path / "notice.md").read_text("utf-8") == notice()


def test_it_says_every_level_seal_and_count() -> None:
    text = " ".join(notice().split())
    for level in Disclosure:
        assert dict(PrivacyPolicy(level).explain())["What the officer sees"] in text
    assert all(f"`{seal.value}`" in text for seal in Seal)
    assert f"counts {len(CELLS)} cells" in text


def test_it_names_the_law_and_the_deviation() -> None:
    text = " ".join(notice().split())
    for named in ("(2005), article 45", "2021/953, article 10", "2016/679 (GDPR), article 5(1)(c)"):
        assert named in text
    assert "This program does not, and has no switch for it" in text


def test_every_limit_has_a_remedy() -> None:
    _, _, limits = notice().partition("## What cannot be promised")
    rows = [line.strip("| ").split(" | ") for line in limits.splitlines() if line.startswith("| ")]
    assert len(rows) > 10
    assert all(len(row) == 2 and all(row) for row in rows)
