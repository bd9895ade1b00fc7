"""International rules and tables of doses on the command line: taken, shown, and used."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.command import Command, printed_by
from support.rules import doses, encoded, regulation, rule
from support.specimens import FIXTURES, store_path
from support.vaccinated import as_card, immunisation

POLIO = FIXTURES / "who_icvp" / "poliomyelitis.txt"
DAY = "2026-12-01T12:00:00Z"
COMPLETE = rule("VR-FR-0001", Logic={">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]})


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust.sqlite"
    shutil.copy(store_path(), path)
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    return path


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    return printed_by(capfd)


@pytest.fixture
def taken(command: Command, tmp_path: Path) -> Callable[[str, object], str]:
    """Import a document from a file of this name, and give what was said."""

    def take(called: str, document: object) -> str:
        (tmp_path / called).write_bytes(encoded(document))
        status, results, _ = command("rules", "import", tmp_path / called)
        assert status == 0
        return results

    return take


def test_a_polio_certificate_meets_the_recommendation_that_was_imported(
    command: Command, taken: Callable[[str, object], str]
) -> None:
    assert command("verify", "--rules", "GH", "--at", DAY, POLIO)[0] == 12
    said = taken("polio.json", regulation())
    assert "regulation-ihr-poliomyelitis: specimen, international rules, signed by" in said
    assert "  new      regulation-ihr-poliomyelitis 2026-10-01\n" in said
    status, results, _ = command("verify", "--rules", "GH", "--at", DAY, POLIO)
    assert status == 0
    status, results, _ = command("rules", "explain", "GH", "--at", DAY, POLIO)
    assert status == 0
    shown = " ".join(results.split())
    assert "regulation-ihr-poliomyelitis: Specimen of a statement" in shown
    assert "as of 2026-10-01" in shown


def test_the_list_shows_international_rules(
    command: Command, taken: Callable[[str, object], str]
) -> None:
    taken("polio.json", regulation())
    status, results, remarks = command("rules", "list")
    assert (status, remarks) == (0, "")
    rows = [line.split() for line in results.splitlines()]
    # The specimen counts from September to the end of December 2026.
    assert any(row[:4] == ["IHR", "poliomyelitis", "2026-10-01", "1"] for row in rows)
    assert any(row[-2:] == ["every", "country"] for row in rows)
    [found] = json.loads(command("rules", "list", "--json")[1])["regulations"]
    assert (found["authority"], found["disease"], found["as_of"], found["rules"]) == (
        "IHR", "poliomyelitis", "2026-10-01", 1,
    )  # fmt: skip
    assert not found["authenticated"]
    assert found["list"]["name"] == "regulation-ihr-poliomyelitis"


def test_without_international_rules_the_list_has_no_table_of_them(
    command: Command, taken: Callable[[str, object], str]
) -> None:
    taken("fr.json", [COMPLETE])
    assert "international" not in command("rules", "list")[1]
    assert json.loads(command("rules", "list", "--json")[1])["regulations"] == []


def test_a_table_of_doses_is_adopted_shown_and_used(
    command: Command, taken: Callable[[str, object], str], tmp_path: Path
) -> None:
    card = as_card(
        immunisation([("cvx", "208")], occurrenceDateTime="2026-09-15"),
        immunisation([("cvx", "208")]),
    )
    scan = tmp_path / "card.txt"
    scan.write_text(card)
    taken("fr.json", [COMPLETE])
    asked = ("verify", "--rules", "FR", "--at", DAY, scan)
    assert command(*asked)[0] == 12
    status, results, remarks = command("rules", "import", "--adopt-doses", "FRA")
    assert status == 0
    assert results.startswith("doses-fr: specimen, doses of FR, signed by nobody\n")
    assert "Nobody has signed doses-fr" in remarks
    status, results, _ = command(*asked)
    assert status == 0
    told = " ".join(results.split())
    assert "How many doses a series has is from doses-fr: Doses of a primary series" in told
    verdict = json.loads(command("verify", "--json", *asked[1:])[1])
    assert verdict["rules"]["asked"][0]["doses_from"].endswith("(2026-11-22)")
    shown = " ".join(command("rules", "explain", "FR", "--at", DAY, scan)[1].split())
    assert "How many doses a series has is from doses-fr" in shown


def test_the_list_shows_whose_count_is_used(
    command: Command, taken: Callable[[str, object], str]
) -> None:
    taken("rules.json", [COMPLETE, rule("GR-DE-0001")])
    taken("doses.json", doses())
    rows = [line.split() for line in command("rules", "list")[1].splitlines()]
    counted = {row[0]: row[-2] for row in rows if row[:1] in (["FR"], ["DE"])}
    assert counted == {"FR": "2026-10-01", "DE": "none"}
    assert any(row[:1] == ["doses-fr"] and row[-1] == "FR" for row in rows)
    german, french = json.loads(command("rules", "list", "--json")[1])["countries"]
    assert german["doses"] is None
    assert (french["doses"]["as_of"], french["doses"]["products"]) == ("2026-10-01", 2)
    assert "doses of a series: Specimen of a notice, as of" in command("rules", "list", "FR")[1]
    whole = json.loads(command("rules", "list", "FR", "--json")[1])
    assert whole["doses"]["source"] == "Specimen of a notice"
    assert [each["name"] for each in whole["doses"]["lists"]] == ["doses-fr"]


def test_an_import_as_json_counts_them(command: Command, tmp_path: Path) -> None:
    for called, document in (("a.json", regulation()), ("b.json", doses())):
        (tmp_path / called).write_bytes(encoded(document))
    done = json.loads(
        command("rules", "import", "--json", tmp_path / "a.json", tmp_path / "b.json")[1]
    )
    assert [(each["regulations"], each["doses"]) for each in done["lists"]] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--adopt-doses", "France"), "two letters or three"),
        ((), "Missing argument 'SOURCE...'"),
    ],
)
def test_a_wrong_call_is_told(command: Command, arguments: tuple[str, ...], words: str) -> None:
    status, results, remarks = command("rules", "import", *arguments)
    assert (status, results) == (2, "")
    assert words in remarks
