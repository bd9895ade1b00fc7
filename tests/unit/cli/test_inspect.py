import json
from pathlib import Path

import pytest
from support.command import AT, Ran, run

from cli.inspect import _section
from cli.style import Style, cells
from verifier.inspection import Section


def inspect(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("inspect", "--store", store, "--at", AT, *arguments, stdin=stdin)


def holder(store: Path, file: Path) -> dict[str, str]:
    arguments = ("--store", store, "--at", AT, "--json", "--disclose", "identity", file)
    shown: dict[str, str] = json.loads(run("verify", *arguments).out)["holder"]
    return shown


def test_every_stage_is_shown_and_the_status_is_that_of_verify(
    store: Path, specimens: Path
) -> None:
    ran = inspect(store, specimens / "vaccination.txt")
    assert ran.status == 0
    for title in ("Input", "Envelope", "Candidate key 1", "Signed content", "Checks"):
        assert f"\n{title}\n" in ran.out
    assert "✔ AUTHENTIC" in ran.out
    assert inspect(store, specimens / "signature-bit.txt").status == 11
    assert inspect(store, specimens / "no-code.png").status == 12


def test_values_are_masked_unless_asked_for(store: Path, specimens: Path) -> None:
    file = specimens / "vaccination.txt"
    for arguments in ((), ("--json",), ("--disclose", "none")):
        ran = inspect(store, file, *arguments)
        assert not [value for value in holder(store, file).values() if value in ran.out]
    ran = inspect(store, file, "--disclose", "clinical", "--json")
    assert holder(store, file)["birth_date"] in ran.out


def test_json_has_an_object_a_document(store: Path, specimens: Path) -> None:
    scans = (specimens / "vaccination.txt").read_bytes() + b"HC1:A\n"
    ran = inspect(store, "--json", stdin=scans)
    first, second = map(json.loads, ran.out.splitlines())
    assert first["schema"] == "pratique.inspection/1"
    assert first["verdict"]["outcome"] == "authentic"
    assert second["verdict"]["outcome"] == "refer"
    assert {row[0] for row in first["sections"][1]["rows"]} >= {"format", "container"}


@pytest.mark.parametrize("width", [20, 40, 80])
def test_long_labels_and_hostile_values_stay_within_the_lines(width: int) -> None:
    rows = (("a/rather/long/label/of/a/claim", "x" * 100), ("b\x1b[2J", "c\u202ed"))
    text = _section(Section("Title", rows), Style(width))
    assert all(line.isprintable() and cells(line) <= width for line in text.split("\n"))
