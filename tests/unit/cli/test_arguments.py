from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.arguments import read_arguments
from cli.commands import pratique
from cli.request import ask
from cli.verify import verify

WORDS = st.sampled_from(
    ["--json", "--store", "--store=s", "--at", "--at=", "--rules", "NL", "--disclose", "none",
     "--accept-retired", "--accept-retired=eu-dcc", "--demand-revocation",
     "--lang=en", "--mrz", "--mrz=zone.txt",
     "-", "--", "file", "--js", "--help", "-h", "--version", "--store=--json", "-x",
     "--json=1", "", "---", "a b", "--storepath"]
)  # fmt: skip


def by_click(arguments: list[str]) -> dict[str, Any] | None:
    # Below the group, as it is called: a command keeps the help option that it is asked for first.
    group = click.Context(pratique, **pratique.context_settings)
    try:
        return verify.make_context("verify", list(arguments), parent=group).params
    except (click.ClickException, click.exceptions.Exit):
        return None


@given(st.lists(WORDS, max_size=6))
def test_what_is_read_without_click_is_read_the_same(arguments: list[str]) -> None:
    read = read_arguments(arguments)
    if read is None:
        return
    left_out = dict.fromkeys(["store", "at", "rules", "region", "disclose", "lang", "mrz"])
    plain = {
        **left_out, "json": False, "accept_retired": (), "enable_format": (),
        "demand_revocation": False, "counts": False,
    }  # fmt: skip
    assert {**plain, "files": read.files, **read.named} == by_click(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--json"],
        ["--demand-revocation"],
        ["--mrz", "zone.txt", "a"],
        ["--store", "s", "--json", "a.png", "-"],
        ["--accept-retired", "eu-dcc", "a", "--accept-retired=who-icvp"],
        ["--at=2026-12-01T12:00:00Z", "a", "--rules", "NL", "--disclose", "none", "--lang", "en"],
    ],
)
def test_the_plain_case_needs_no_click(arguments: list[str]) -> None:
    assert read_arguments(arguments) is not None


@pytest.mark.parametrize("arguments", [["--help"], ["--"], ["--jsn"], ["--store"], ["-v"]])
def test_everything_else_is_left_to_click(arguments: list[str]) -> None:
    assert read_arguments(arguments) is None


def test_completion_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PRATIQUE_COMPLETE", "bash_complete")
    assert read_arguments([]) is None


def test_options_have_the_names_that_a_request_asks_for() -> None:
    names = {parameter.name for parameter in verify.params}
    assert names == set(ask.__annotations__) - {"return"}
