"""``pratique rules import`` and ``list``: what they do, say, and end with."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.command import Command, printed_by
from support.rules import (
    anchor,
    cms,
    encoded,
    folder,
    gateway,
    rule,
    upload,
    value_set,
)

ONE = rule("GR-FR-0001", ValidTo="2099-01-01T00:00:00Z")
OVER = rule("VR-FR-0002", ValidFrom="2020-01-01T00:00:00Z", ValidTo="2020-02-01T00:00:00Z")
LATER = rule(
    "TR-FR-0003", Region="IDF", ValidFrom="2098-01-01T00:00:00Z", ValidTo="2099-01-01T00:00:00Z"
)
BOOSTER = rule("BN-FR-0001", Country="FR", Type="BoosterNotification", Description=None)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust.sqlite"
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    return path


@pytest.fixture
def rules(capfd: pytest.CaptureFixture[str]) -> Command:
    return printed_by(capfd, "rules")


def told(report: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report)
    return found


def test_an_import_says_what_it_took_and_that_nobody_has_signed_it(
    rules: Command, tmp_path: Path
) -> None:
    place = folder(tmp_path, ONE, OVER)
    status, results, remarks = rules("import", place)
    assert status == 0
    assert results.splitlines()[:4] == [
        "rules-fr:rules: production, 2 rules of FR, signed by nobody",
        "  2 new, 0 gone, 0 changed, 0 unchanged, 0 entries refused",
        "  new      FR GR-FR-0001 1.0.0",
        "  new      FR VR-FR-0002 1.0.0",
    ]
    assert "Nobody has signed rules-fr:rules: every verdict" in remarks


def test_an_import_says_what_changed_and_what_is_broken(rules: Command, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(encoded([ONE, OVER, rule("RR-FR-0001")]))
    rules("import", listed)
    newer = [
        rule("GR-FR-0001", Version="1.0.1"),
        OVER | {"AffectedFields": []},
        rule("TR-FR-0009", Version="\x1b[2J"),
    ]
    listed.write_bytes(encoded(newer))
    status, results, remarks = rules("import", listed)
    assert status == 0
    assert "  changed  FR GR-FR-0001 1.0.0 -> 1.0.1\n" in results
    assert "  changed  FR VR-FR-0002 1.0.0, other content\n" in results
    assert "  gone     FR RR-FR-0001 1.0.0\n" in results
    assert "  broken   TR-FR-0009: Version of the rule is no name." in results
    assert "1 rule of rules:listed cannot be run." in remarks
    assert "\x1b" not in results + remarks


def test_a_refused_list_is_told_and_ends_with_a_setup_error(rules: Command, tmp_path: Path) -> None:
    source = tmp_path / "fr.json"
    source.write_bytes(gateway(ONE))
    status, results, remarks = rules("import", source)
    assert (status, results) == (3, "")
    assert "fr.json (rules-fr:gateway): The signature of the list is by no anchor" in remarks
    assert "--anchor" in remarks
    nothing = tmp_path / "nothing.json"
    nothing.write_bytes(b"{}")
    status, results, remarks = rules("import", nothing)
    assert (status, results) == (3, "  refused  nothing.json: neither a rule nor a value set\n")
    assert "nothing.json: It holds no rule" in remarks


def test_many_entries_are_counted(rules: Command, tmp_path: Path) -> None:
    place = folder(tmp_path, ONE)
    for number in range(25):
        (place / f"{number}.txt").write_text("?")
    several = [rule(f"GR-{cc}-0001") for cc in ("AT", "BE", "DE", "ES", "FI", "FR")]
    (tmp_path / "many.json").write_bytes(
        encoded([*several, *(rule(f"GR-DE-{n:04}") for n in range(20))])
    )
    status, results, remarks = rules("import", place, tmp_path / "many.json")
    assert status == 0
    assert "  refused  and 5 more\n" in results
    assert "of 6 countries" in results
    assert "GR-DE-0003" not in results
    assert "Nobody has signed 2 of the lists" in remarks


def test_a_signed_list_says_who_vouches_for_it(rules: Command, tmp_path: Path) -> None:
    source = tmp_path / "fr.json"
    source.write_bytes(gateway(ONE))
    own = anchor(tmp_path, upload("FR"), "paris.pem")
    status, results, remarks = rules("import", "--anchor", own, source)
    assert (status, remarks) == (0, "")
    assert results.startswith(
        "rules-fr:gateway: production, 1 rule of FR, signed, paris vouches for it\n"
    )
    assert "paris" in rules("list", "FR")[1]


def test_a_signature_from_the_future_is_told(
    rules: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.rules.SystemClock.now", lambda _: 1_793_000_000)
    source = tmp_path / "list.cms"
    source.write_bytes(cms(encoded([ONE])))
    _, _, remarks = rules("import", "--anchor", anchor(tmp_path, upload("FR")), source)
    assert "set the clock" in remarks


def test_an_import_as_json_names_every_entry(rules: Command, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(encoded([ONE, rule("TR-FR-0009", Version="1")]))
    (tmp_path / "values.json").write_bytes(encoded(value_set()))
    status, results, _ = rules("import", "--json", listed, tmp_path / "values.json")
    report = told(results)
    assert (status, report["schema"], report["complete"]) == (0, "pratique.rules_import/1", True)
    first, second = report["lists"]
    assert (first["name"], first["rules"], first["authenticated"]) == ("rules:listed", 1, False)
    assert [each["identifier"] for each in first["new"]] == ["GR-FR-0001", "TR-FR-0009"]
    assert first["broken"][0]["rule"] == "TR-FR-0009"
    assert (second["name"], second["value_sets"]) == ("value-sets:values", 1)
    listed.write_bytes(b"{}")
    status, results, _ = rules("import", "--json", "--quiet", listed)
    [refused] = told(results)["lists"]
    assert (status, refused["refusal"]["fault"]) == (3, "no_rules")
    assert refused["refused"][0]["reason"] == "not_a_rule"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import",), "Missing argument"),
        (("import", "--from", "yaml", "x"), "known are gateway, germany, austria, cms, pratique,"),
        (("import", "--country", "France", "x"), "two letters or three"),
        (("list", "France"), "two letters or three"),
    ],
)
def test_a_wrong_call_is_told(rules: Command, arguments: tuple[str, ...], words: str) -> None:
    status, results, remarks = rules(*arguments)
    assert (status, results) == (2, "")
    assert words in remarks


def test_a_form_may_be_named(rules: Command, tmp_path: Path) -> None:
    place = folder(tmp_path, rule("GR-FR-0001", Country=None) | {"Country": "FR"})
    assert rules("import", "--from", "json", "--country", "fra", "--max-age", "3", place)[0] == 0


def test_the_list_of_countries(rules: Command, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(
        encoded([ONE, OVER, LATER, BOOSTER, rule("IR-DE-0001"), rule("GR-DE-0001", Version="1")])
    )
    (tmp_path / "values.json").write_bytes(encoded(value_set()))
    older = folder(tmp_path, ONE, called="a")
    rules("import", listed, tmp_path / "values.json", older)
    status, results, remarks = rules("list")
    assert (status, remarks) == (0, "")
    rows = [line.split() for line in results.splitlines()]
    assert ["FR", "3", "0", "1", "1", "0", "none", "no"] in rows
    assert rows[1][0] == "DE"
    assert rows[1][5] == "1"
    assert ["covid-19-lab-result", "2", "2026-05-01"] in rows
    assert any(row[:1] == ["rules:listed"] and row[-2:] == ["DE", "FR"] for row in rows)
    assert any(row[:1] == ["rules-fr:a"] and row[-1:] == ["nobody"] for row in rows)
    assert any(row[:1] == ["value-sets:values"] and row[-2:] == ["value", "sets"] for row in rows)
    found = told(rules("list", "--json")[1])
    assert found["schema"] == "pratique.rules/1"
    french = found["countries"][1]
    assert french["rules"] == {"Acceptance": 3, "BoosterNotification": 1}
    assert (french["in_force"], french["authenticated"]) == (1, False)
    assert found["value_sets"][0]["codes"] == 2
    assert [each["name"] for each in found["value_set_lists"]] == ["value-sets:values"]


def test_a_list_of_many_countries_is_counted(rules: Command, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(encoded([rule(f"GR-{cc}-0001") for cc in ("AT", "BE", "DE", "ES", "FI")]))
    rules("import", listed)
    assert "5 countries" in rules("list")[1]


def test_one_country_s_rules(rules: Command, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(encoded([ONE, OVER, LATER, BOOSTER, rule("TR-FR-0009", Version="1")]))
    rules("import", listed)
    status, results, _ = rules("list", "fr")
    assert status == 0
    assert "TR-FR-0009 cannot be read: every result is open" in results
    assert "2020-01-01 to 2020-02-01, over" in results
    assert "2098-01-01 to 2099-01-01, to come" in results
    assert "2026-01-01 to 2099-01-01, in force" in results
    assert "TR-FR-0003 1.0.0 Acceptance, Test, region IDF" in results
    assert "A specimen of a rule" in results
    assert "Eine Regel zur Probe" in rules("list", "FR", "--lang", "de")[1]
    found = told(rules("list", "FR", "--json")[1])
    assert (found["country"], found["broken"]) == ("FR", ["TR-FR-0009"])
    assert [each["identifier"] for each in found["rules"]] == [
        "GR-FR-0001", "TR-FR-0003", "VR-FR-0002", "BN-FR-0001",
    ]  # fmt: skip
    assert found["rules"][0]["version"] == "1.0.0"
    assert [each["in_force"] for each in found["rules"]][:3] == [True, False, False]


def test_a_country_without_rules_is_told(rules: Command, tmp_path: Path) -> None:
    rules("import", folder(tmp_path, ONE))
    status, results, remarks = rules("list", "DE")
    assert (status, results) == (3, "")
    assert "There are no rules of DE in the store." in remarks


def test_a_store_without_rules_is_told(rules: Command, tmp_path: Path) -> None:
    assert rules("list")[0] == 3  # no store at all
    (tmp_path / "values.json").write_bytes(encoded(value_set()))
    rules("import", tmp_path / "values.json")
    status, _, remarks = rules("list")
    assert status == 0
    assert "No entry rules are in the store." in remarks
