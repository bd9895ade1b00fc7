"""The fuzzer of health cards runs clean for a little while, and makes what it should."""

import random

import pytest
from hostile import fuzz, fuzz_cards
from support.specimens import case_of

INPUTS = 3_000


def test_a_short_run_finds_nothing() -> None:
    found = fuzz.fuzz(INPUTS, seed=7, make_watch=fuzz_cards.watch_cards)
    assert found.violations == []
    assert found.inputs == INPUTS
    assert found.outcomes["authentic"] > 10
    assert len(found.codes) > 45


def test_every_way_of_making_inputs_is_used() -> None:
    mutator = fuzz_cards.CardMutator()
    kinds = {mutator.make(random.Random(place)).kind for place in range(500)}  # noqa: S311 - repeatable
    signed = {"packed bytes", "header", "payload bytes", "payload"}
    assert kinds == {"text", "bytes of a text", "several codes", "token"} | signed | {
        f"{kind}, signed" for kind in signed
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("two-doses", True),
        ("parts-any-order", True),
        ("file", True),
        ("deep-link", True),
        ("expired", True),
        ("signature-bit", False),
        ("key-unknown", False),
        ("link", False),
        ("digits-none", False),
    ],
)
def test_other_libraries_tell_what_was_signed(name: str, *, expected: bool) -> None:
    text = case_of("smart_health_card", name).text
    assert fuzz_cards.really_signed(text) is expected
    assert fuzz_cards.really_signed(text.encode()) is expected


def test_the_command_ends_with_one_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz_cards.main(["--inputs", "30", "--processes", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("30 inputs: 0 escaped exceptions")
    assert fuzz_cards.main(["--only", "1:0:5"]) == 0
    assert "Input(" in capsys.readouterr().out
