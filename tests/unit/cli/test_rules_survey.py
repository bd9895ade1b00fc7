import json
from pathlib import Path
from typing import Any

import pytest
from support.command import Command, printed_by, run_on_terminal, run_process
from support.rules import rule, take

AT = "2026-11-22T12:00:00Z"
PRODUCT = {"var": "payload.v.0.mp"}


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    return printed_by(capfd, "rules")


def folder(place: Path, *codes: str, **members: Any) -> Path:
    """Write rules: these products, and another rule that reads how many doses there are."""
    listed = rule("VR-FR-0001", Logic={"in": [PRODUCT, [*codes]]}, **members)
    doses = {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}
    counted = rule("VR-FR-0002", Logic=doses, AffectedFields=["v.0.dn", "v.0.sd"])
    for document in (listed, counted):
        below = place / "FR" / document["Identifier"]
        below.mkdir(parents=True)
        (below / "rule.json").write_text(json.dumps(document))
    return place


def store(tmp_path: Path, *codes: str, **members: Any) -> Path:
    made = tmp_path / "trust.sqlite"
    take(made, folder(tmp_path / "stored", *codes, **members))
    return made


def test_an_audit_says_who_is_shut_out_on_what_ground_and_the_remedy(
    command: Command, tmp_path: Path
) -> None:
    held = store(tmp_path, "EU/1/20/1528")
    status, results, remarks = command("audit", "fr", "--store", held, "--at", AT)
    assert status == 0
    said = " ".join(results.split())
    assert "Vaccinated with Spikevax, Vaxzevria, Covishield" in said
    assert "VR-FR-0001: add EU/1/20/1507, EU/1/21/1529, Covishield" in said
    assert "Shown by VDS-NC seal: Comirnaty never meets the rules. rests on the format" in said
    assert "VR-FR-0002: decide without v.0.sd" in said
    assert "whole series, from day 0 with no end: Comirnaty" in said
    assert "From 2027-01-01" in said
    assert "International: IHR, yellow-fever" in said
    assert "Nobody that was asked about is shut out." in said
    assert "Nobody has signed all of the rules of FR" in remarks


def test_an_audit_is_data_as_well(command: Command, tmp_path: Path) -> None:
    held = store(tmp_path, "EU/1/20/1528", "Sputnik-V")
    status, results, _ = command("audit", "FR", "--store", held, "--at", AT, "--json")
    assert status == 0
    assert results.isascii()
    found = json.loads(results)
    assert found["schema"] == "pratique.rules_audit/1"
    assert [each["authority"] for each in found["parts"]] == ["FR", "IHR", "IHR"]
    now = found["parts"][0]["periods"][0]
    assert now["until"] == "2027-01-01T00:00:01Z"
    by_code = {each["code"]: each for each in now["findings"]}
    assert by_code["format"]["basis"] == "format"
    assert by_code["unlisted_accepted"]["who"] == ["cov-sputnik-v"]
    assert not by_code["unlisted_accepted"]["shuts_out"]
    assert by_code["product"]["changes"][0]["way"] == "add_to_list"
    assert {each["unit"] for each in now["terms"]} == {"days"}


def test_what_begins_and_ends_later_is_told_with_its_day(command: Command, tmp_path: Path) -> None:
    held = tmp_path / "trust.sqlite"
    narrow, wide = (
        {"in": [PRODUCT, [*codes]]} for codes in (["Covaxin"], ["Covaxin", "CoronaVac"])
    )
    place = tmp_path / "rules"
    for name, document in {
        "a": rule("VR-FR-0001", Logic=narrow, ValidTo="2026-11-30T23:59:59Z"),
        "b": rule("VR-FR-0001", Logic=wide, Version="2.0.0", ValidFrom="2026-12-01T00:00:00Z"),
        "c": rule("TR-FR-0001", Logic={"===": [1, 1]}, ValidTo="2026-12-24T18:30:00Z"),
    }.items():
        place.mkdir(exist_ok=True)
        (place / f"{name}.json").write_text(json.dumps(document))
    take(held, place)
    _, results, _ = command("audit", "FR", "--store", held, "--at", AT)
    said = " ".join(results.split())
    assert "From 2026-12-01:" in said
    assert "No longer: Vaccinated with" in said
    assert "From 2026-12-24 18:30:01:" in said


def test_rules_that_cannot_be_read_are_told_first(command: Command, tmp_path: Path) -> None:
    place = folder(tmp_path / "rules", "EU/1/20/1528")
    (place / "FR" / "broken.json").write_text('{"Identifier": "VR-FR-0009", "Country": "FR"')
    held = tmp_path / "trust.sqlite"
    take(held, place)
    _, results, _ = command("audit", "FR", "--store", held, "--at", AT)
    assert results.startswith("Rules of FR that cannot be read: VR-FR-0009\n")
    assert "No certificate of a vaccination is decided" in " ".join(results.split())


def test_a_country_of_which_nothing_is_known_is_a_problem(command: Command, tmp_path: Path) -> None:
    held = store(tmp_path, "EU/1/20/1528")
    status, results, remarks = command("audit", "DE", "--store", held)
    assert (status, results) == (3, "")
    assert "There are no rules of DE in the store." in remarks
    assert command("audit", "Nowhere", "--store", held)[0] == 2


def test_rules_that_are_all_over_admit_nobody(command: Command, tmp_path: Path) -> None:
    held = store(tmp_path, "EU/1/20/1528", ValidTo="2026-11-01T00:00:00Z")
    _, results, _ = command("audit", "FR", "--store", held, "--at", "2028-01-01")
    said = " ".join(results.split())
    assert "No rule is in force for a vaccination: nobody is admitted with one." in said
    assert "rests on the rules themselves" in said


@pytest.mark.parametrize("columns", [40, 80])
def test_an_audit_and_a_difference_fit_the_terminal(tmp_path: Path, columns: int) -> None:
    held = store(tmp_path, "EU/1/20/1528")
    new = folder(tmp_path / "new", "EU/1/20/1507")
    for arguments in (
        ("audit", "FR", "--store", held, "--at", AT),
        ("diff", held, new, "--at", AT),
        ("check", new),
    ):
        ran = run_on_terminal("rules", *map(str, arguments), columns=columns)
        plain = ran.out.replace("\033[1;31m", "").replace("\033[1;33m", "").replace("\033[0m", "")
        # Remarks are one line, however long.
        lines = [line for line in plain.splitlines() if not line.startswith("pratique: ")]
        assert max(map(len, lines)) <= columns
        assert "Traceback" not in ran.out


def test_signs_that_a_terminal_lacks_are_spelt_out(tmp_path: Path) -> None:
    held = store(tmp_path, "EU/1/20/1528")
    ran = run_process(
        "rules", "audit", "FR", "--store", held, "--at", AT, env={"PYTHONIOENCODING": "ascii"}
    )
    assert ran.status == 0
    assert "[X] Vaccinated with" in ran.out
    assert "?" not in ran.out


def test_the_same_rules_end_with_0(command: Command, tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", "EU/1/20/1528")
    status, results, remarks = command("diff", rules, rules)
    assert (status, results, remarks) == (0, "No change for travellers.\n", "")


def test_who_comes_and_goes_is_a_sentence_with_the_day(command: Command, tmp_path: Path) -> None:
    old = store(tmp_path, "Covishield", "Covaxin")
    new = folder(tmp_path / "new", "CoronaVac", "Covaxin")
    status, results, _ = command("diff", old, new, "--at", AT, "--country", "FRA")
    assert status == 10
    said = " ".join(results.split())
    gone, came = said.index("No longer admitted"), said.index("Newly admitted")
    assert (
        gone < said.index("vaccination: Covishield") < came < said.index("vaccination: CoronaVac")
    )
    assert "meets the rules before, and does not meet the rules from 2026-11-22 12:00:00" in said
    assert "by VR-FR-0001" in said
    assert "Waiting times of an adult" in said
    assert "from day 0 with no end before, and never" in said
    assert said.endswith("Travellers are affected.")
    status, results, _ = command("diff", old, new, "--at", AT, "--json")
    assert status == 10
    [country] = json.loads(results)["countries"]
    lost = [each for each in country["changes"] if each["admitted"] == "lost"]
    assert [each["who"] for each in lost] == [["cov-covishield"]]
    assert lost[0]["since"] == AT
    assert lost[0]["sentence"].startswith("vaccination: Covishield (whole series")
    assert {each["admitted"] for each in country["changes"]} == {"lost", "gained", "neither"}
    assert country["terms"][0]["old"]["first"] == 0


def test_what_cannot_be_told_is_no_success(command: Command, tmp_path: Path) -> None:
    place = folder(tmp_path / "rules", "EU/1/20/1528")
    names = {"in": [PRODUCT, {"var": "external.valueSets.vaccines-covid-19-names"}]}
    (place / "FR" / "c.json").write_text(json.dumps(rule("VR-FR-0003", Logic=names)))
    status, results, remarks = command("diff", place, place)
    assert (status, results) == (12, "No change that can be told.\n")
    assert "FR: VR-FR-0003 cannot be decided here" in remarks
    values = tmp_path / "values.json"
    values.write_text(json.dumps({"vaccines-covid-19-names": ["EU/1/20/1528"]}))
    assert command("diff", place, place, "--values", values)[0] == 0
    over = folder(tmp_path / "over", "EU/1/20/1528", ValidTo="2026-11-01T00:00:00Z")
    status, _, remarks = command("diff", over, over, "--at", "2030-01-01")
    assert status == 12
    assert "neither edition has rules in force" in remarks


def test_what_is_asked_wrongly_is_a_problem(command: Command, tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", "EU/1/20/1528")
    assert command("diff", rules, rules, "--country", "Nowhere")[0] == 2
    assert command("diff", rules, tmp_path / "nowhere")[0] == 3
    assert command("diff", rules, rules, "--country", "DE")[0] == 3
    assert command("check", tmp_path / "nowhere")[0] == 3


def test_a_check_tells_each_code_with_examples_and_ends_with_the_counts(
    command: Command, tmp_path: Path
) -> None:
    rules = folder(tmp_path / "rules", *(f"NONE-{number}" for number in range(7)))
    status, results, _ = command("check", rules)
    assert status == 0
    assert "ERC-027  warning  7  The logic names a code" in results
    assert "FR/VR-FR-0001/rule.json: VR-FR-0001 1.0.0 /in/1/0 NONE-0" in results
    assert "           and 2 more\n" in results
    assert results.splitlines()[-1].startswith("2 rules, 0 of 0 tests passed: 0 errors,")
    assert command("check", rules, "--fail-on", "warning")[0] == 10
    status, results, _ = command("check", rules, "--json")
    found = json.loads(results)
    assert list(found)[-1] == "counts"
    assert found["counts"]["rules"] == 2
    assert found["codes"]["ERC-027"] == 7
    assert found["findings"][0]["severity"] == "warning"


def test_a_test_that_fails_ends_with_10(command: Command, tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", "EU/1/20/1528")
    tests = rules / "FR" / "VR-FR-0002" / "tests"
    tests.mkdir()
    test = {"payload": {"v": [{"dn": 1, "sd": 2}]}, "expected": False}
    (tests / "a.json").write_text(json.dumps(test))
    assert command("check", rules)[0] == 0
    (tests / "b.json").write_text(json.dumps(test | {"expected": True}))
    status, results, _ = command("check", rules)
    assert status == 10
    assert "1 of 2 tests passed" in results
