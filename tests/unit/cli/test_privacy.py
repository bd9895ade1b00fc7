import errno
import os
import resource

import pytest
from support.command import run, run_on_terminal, run_process

from cli import seals
from cli.messages import word
from verifier import Disclosure, PrivacyPolicy
from verifier.sealing import Seal, State, Step


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


def test_the_real_process_tells_what_it_tried() -> None:
    out = " ".join(run_process("privacy", "show").out.split())
    assert "What this machine enforces" in out
    for step in seals.tried():
        assert f"{step.state} {seals.meaning_of(step)}" in out


def test_what_does_not_hold_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (
        Step(Seal.CORE_LIMIT, State.ON),
        Step(Seal.MEMORY_LOCKED, State.REFUSED, errno.ENOMEM),
        Step(Seal.LANDLOCK, State.ABSENT, errno.EOPNOTSUPP),
    )
    monkeypatch.setattr(seals, "tried", lambda: steps)
    out = " ".join(run("privacy", "show").out.split())
    assert "refused Its memory is not swapped to a disk (Cannot allocate memory)" in out
    assert "absent No file is opened for writing" in out
    assert word("notice.unsealed") in out
    monkeypatch.setattr(seals, "tried", lambda: steps[:1])
    out = " ".join(run("privacy", "show").out.split())
    assert word("notice.sealed") in out
    assert "refused" not in out


def test_looking_seals_nothing_here() -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    run("privacy", "show")
    assert resource.getrlimit(resource.RLIMIT_CORE) == before
    os.close(os.open(os.devnull, os.O_WRONLY))
