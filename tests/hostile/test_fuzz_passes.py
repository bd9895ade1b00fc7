"""The fuzzer of NZ COVID Passes runs clean for a little while, and makes what it should."""

import random

import pytest
from hostile import fuzz, fuzz_passes
from support.passes import really_signed
from support.specimens import cases

INPUTS = 3_000


def test_a_short_run_finds_nothing() -> None:
    found = fuzz.fuzz(INPUTS, seed=7, make_watch=fuzz_passes.watch_passes)
    assert found.violations == []
    assert found.inputs == INPUTS
    assert found.outcomes["authentic"] > 10
    assert len(found.codes) > 35


def test_every_way_of_making_inputs_is_used() -> None:
    mutator = fuzz_passes.PassMutator()
    kinds = {mutator.make(random.Random(place)).kind for place in range(500)}  # noqa: S311 - repeatable
    signed = {"headers", "claim bytes", "claims"}
    assert kinds == {"text", "bytes of a text", "envelope"} | signed | {
        f"{kind}, signed" for kind in signed
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vaccinated", True),
        ("one-name", True),
        ("lapsed", True),
        ("key-unknown", True),
        ("signature-other-key", False),
        ("base32-nothing", False),
        ("prefix-lower-case", False),
    ],
)
def test_other_libraries_tell_what_was_signed(name: str, *, expected: bool) -> None:
    text = next(case.text for case in cases() if case.id == f"nz_covid_pass::{name}")
    assert really_signed(text) is expected
    assert really_signed(text.encode()) is expected


def test_the_command_ends_with_one_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz_passes.main(["--inputs", "30", "--processes", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("30 inputs: 0 escaped exceptions")
    assert fuzz_passes.main(["--only", "1:0:5"]) == 0
    assert "Input(" in capsys.readouterr().out
