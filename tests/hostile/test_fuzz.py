"""The fuzzer itself: it runs clean for a little while, and it does see what it looks for."""

import random
import time
from typing import Any

import pytest
from hostile import fuzz
from support.specimens import case, memory_keys

from verifier import Verifier, signature, validity
from verifier.algorithms import KeyKind
from verifier.signature import Checker

INPUTS = 3_000


def test_a_short_run_finds_nothing() -> None:
    found = fuzz.fuzz(INPUTS, seed=7)
    assert found.violations == []
    assert found.inputs == INPUTS
    assert sum(found.outcomes.values()) == INPUTS
    assert len(found.codes) > 45


def test_the_same_seed_gives_the_same_inputs_and_another_seed_others() -> None:
    mutator, again = fuzz.Mutator(), fuzz.Mutator()

    def made(which: fuzz.Mutator, seed: int) -> list[fuzz.Input]:
        return [which.make(random.Random(f"{seed}:0:{place}")) for place in range(200)]  # noqa: S311 - repeatable

    assert made(mutator, 1) == made(again, 1)
    assert made(mutator, 1) != made(again, 2)


def test_every_way_of_making_inputs_is_used() -> None:
    mutator = fuzz.Mutator()
    kinds = {mutator.make(random.Random(place)).kind for place in range(500)}  # noqa: S311 - repeatable
    assert kinds == {
        "text", "stream", "envelope", "claims unsigned", "claims signed", "claim bytes signed",
        "headers unsigned", "headers signed", "seal text", "seal unsigned", "seal certificate",
        "seal signed",
        "credential container", "credential text",
        "credential unsigned", "credential signed", "credential proof",
    }  # fmt: skip


def watch() -> fuzz.Watch:
    return fuzz.Watch(fuzz.Mutator())


def test_a_verifier_that_believes_everything_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "load_key", lambda _: Checker(KeyKind.P256, -7, lambda *_: True))
    watched = watch()
    watched.block(1, 0, 300)
    assert any("believed what nobody signed" in each for each in watched.found.violations)


def test_a_verifier_that_raises_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Verifier, "verify", fail)
    watched = watch()
    watched.block(1, 0, 3)
    escaped = [each for each in watched.found.violations if "escaped: ZeroDivisionError" in each]
    assert len(escaped) >= 3
    assert any("from inspect" in each for each in escaped)


def test_a_stage_that_is_surprised_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(validity, "judge_issuer", fail)
    watched = watch()
    watched.block(1, 0, 200)
    assert any("surprised" in each for each in watched.found.violations)


def test_a_slow_verifier_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    verify = Verifier.verify

    def slowly(self: Verifier, *arguments: Any, **options: Any) -> Any:
        time.sleep(0.06)
        return verify(self, *arguments, **options)

    monkeypatch.setattr(Verifier, "verify", slowly)
    watched = watch()
    watched.block(1, 0, 1)
    assert any("slow" in each for each in watched.found.violations)


def test_a_greedy_verifier_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    verify = Verifier.verify

    def greedily(self: Verifier, *arguments: Any, **options: Any) -> Any:
        assert bytearray(40 * 1024 * 1024)
        return verify(self, *arguments, **options)

    monkeypatch.setattr(Verifier, "verify", greedily)
    watched = watch()
    watched.block(1, 0, 1)
    assert any("large" in each for each in watched.found.violations)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vaccination", True),
        ("vaccination-ps256", True),
        ("exemption", True),
        ("protected-empty-map", True),
        ("expired", True),
        ("signature-bit", False),
        ("content-changed", False),
        ("key-unknown", False),
        ("signature-other-key", False),
        ("empty", False),
        ("zlib-bomb", False),
    ],
)
def test_other_libraries_tell_what_was_signed(name: str, *, expected: bool) -> None:
    assert fuzz.really_signed(case(name).text) is expected
    assert fuzz.really_signed(case(name).text.encode()) is expected


def test_the_command_ends_with_one_line_and_a_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fuzz.main(["--inputs", "30", "--processes", "1"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("30 inputs: 0 escaped exceptions")
    assert last.endswith("0 violations")
    assert fuzz.main(["--only", "1:0:5"]) == 0
    assert "<Verdict " in capsys.readouterr().out
    bad = fuzz.Found(1, ["slow: 60 ms (text)"], fuzz.Counter(), fuzz.Counter(), 0.06, "", 0, 0)
    monkeypatch.setattr(fuzz, "fuzz", lambda *_, **__: bad)
    assert fuzz.main([]) == 1


def test_the_fuzzers_verifier_believes_the_specimens() -> None:
    verifier = Verifier(trust=memory_keys())
    good = case("vaccination")
    assert verifier.verify(good.text, at=good.instant).outcome in fuzz.BELIEVED
