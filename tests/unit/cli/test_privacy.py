import resource
from pathlib import Path

import pytest
from support.command import run, run_on_terminal, run_process

from cli import privacy
from verifier import Disclosure, PrivacyPolicy


@pytest.mark.parametrize("level", Disclosure)
def test_the_notice_says_what_the_policy_says(level: Disclosure) -> None:
    ran = run("privacy", "show", "--disclose", level.value)
    text = " ".join(ran.out.split())
    for heading, sentence in PrivacyPolicy(level).explain():
        assert f"{heading} {sentence}" in text
    assert max(map(len, ran.out.splitlines())) <= 72
    assert ran.status == 0


def test_the_strict_policy_is_the_default() -> None:
    assert run("privacy", "show").out == run("privacy", "show", "--disclose", "identity").out


def test_an_unknown_level_is_a_wrong_call() -> None:
    assert run("privacy", "show", "--disclose", "all").status == 2


def test_the_notice_fits_a_narrow_terminal() -> None:
    ran = run_on_terminal("privacy", "show", columns=40)
    assert max(map(len, ran.out.splitlines())) <= 40


def test_what_the_machine_enforces_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = tmp_path / "core_pattern"
    monkeypatch.setattr(privacy, "_CORE_PATTERN", str(pattern))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, 0))
    assert "No memory image is written" in run("privacy", "show").out
    pattern.write_text("core")
    assert "No memory image is written" in run("privacy", "show").out
    pattern.write_text("|/usr/bin/collector %p")
    assert "A memory image may be written" in run("privacy", "show").out
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1, 1))
    pattern.write_text("core")
    assert "A memory image may be written" in run("privacy", "show").out


def test_the_real_process_tells_of_its_own_limit() -> None:
    piped = Path("/proc/sys/kernel/core_pattern").read_text().startswith("|")
    expected = "may be written" if piped else "No memory image is written"
    assert expected in run_process("privacy", "show").out
