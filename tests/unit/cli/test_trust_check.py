import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import jsonschema
import pytest
from support.certificates import Key, certificate, ec_key, name, pem, tlv

from cli.problem import Problem
from cli.style import Style
from cli.trust_check import check, report_as_sarif, report_lines
from trustlists.anchors import Anchor
from trustlists.checking import RULES, CheckReport, Code, Finding, Severity
from trustlists.public_keys import canonical
from trustlists.records import Ages, Certified, record_of
from trustlists.writing import ListFacts, drafting
from verifier.codecs.x509 import read_certificate
from verifier.trust import Environment

AT = "2027-01-01T00:00:00Z"
ENDED = tlv(0x17, b"261231000000Z")

Command = Callable[..., tuple[int, str, str]]


def expired(key: Key) -> bytes:
    return certificate(key, subject=name(country="DE"), not_after=ENDED)


@pytest.fixture(autouse=True)
def _nothing_published(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("trustlists.published_keys")
    module.is_published = lambda _: False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trustlists.published_keys", module)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run the command and give its exit status, results and remarks."""

    def command(*arguments: object) -> tuple[int, str, str]:
        status = check.main([*map(str, arguments)], "check", standalone_mode=False)
        results, remarks = capfd.readouterr()
        assert all(len(line) <= 80 for line in results.splitlines() if line[:1] != "{")
        assert isinstance(status, int)
        return status, results, remarks

    return command


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.pem"
    path.write_text("".join(pem(expired(ec_key(f"key {number}"))) for number in range(7)))
    return path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust.sqlite"
    der = expired(ec_key("stored"))
    facts = read_certificate(der)
    anchor = Anchor("anchor", canonical(facts.spki), b"f")
    schemes = frozenset({"eu-dcc"})
    certified = Certified(der, facts, canonical(facts.spki))
    record = record_of(certified, schemes=schemes, country="", anchor=anchor)
    with drafting(path) as draft:
        of_list = ListFacts(
            name="stored-list",
            dialect="pem",
            environment=Environment.SPECIMEN,
            source="file",
            as_of=1_798_000_000,
            imported_at=1_798_000_000,
            digest=b"",
            sequence=None,
            anchor=anchor,
            ages=Ages(),
        )
        draft.put(of_list, [record])
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    return path


def test_findings_are_grouped_and_counted_with_a_few_examples(run: Command, keys: Path) -> None:
    status, results, remarks = run("--at", AT, keys)
    assert status == 0
    assert "Judged for 2027-01-01" in remarks
    lines = results.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("TRL-010  warning  7  "))
    group = lines[at : lines.index("", at)]
    assert sum(line.strip().startswith("pem:keys DE ") for line in group) == 5
    assert group[-1].strip() == "and 2 more"
    assert any("→ Ask the publisher" in line for line in group)
    assert lines[-1].startswith("7 keys in 1 list on 2027-01-01: 0 errors, ")


def test_the_worst_comes_first(run: Command, keys: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no list")
    _, results, _ = run("--at", AT, keys, tmp_path / "none.txt")
    levels = [line.split()[1] for line in results.splitlines() if line.startswith("TRL-")]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert results.startswith("TRL-002  error  1  ")


def test_the_exit_status_is_10_from_the_level_that_is_asked_for(
    run: Command, keys: Path, tmp_path: Path
) -> None:
    assert run("--at", AT, keys)[0] == 0
    assert run("--at", AT, "--fail-on", "warning", keys)[0] == 10
    assert run("--at", AT, "--fail-on", "note", keys)[0] == 10
    assert run("--at", AT, tmp_path / "none")[0] == 10


def test_the_store_is_looked_into_when_no_file_is_named(run: Command, store: Path) -> None:
    status, results, _ = run("--at", AT)
    assert status == 0
    assert "stored-list DE " in results
    assert results.splitlines()[-1].startswith("1 key in 1 list on 2027-01-01")
    assert run("--at", AT, "--store", store)[1] == results
    assert json.loads(run("--json")[1])["keys"] == 1  # by the clock of this machine


def test_soon_is_counted_in_days(run: Command, store: Path) -> None:
    assert store.exists()
    earlier = "2026-12-01T00:00:00Z"
    assert "TRL-011" in run("--at", earlier)[1]
    assert "TRL-011" not in run("--at", earlier, "--soon", "29")[1]


def test_an_anchor_vouches(run: Command, keys: Path, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(keys.read_text())
    assert "TRL-006" in run("--at", AT, keys)[1]
    assert "TRL-006" not in run("--at", AT, "--anchor", anchor, keys)[1]


def test_the_same_as_json(run: Command, keys: Path) -> None:
    status, results, _ = run("--at", AT, "--json", keys)
    found = json.loads(results)
    assert (status, results.count("\n"), results.isascii()) == (0, 1, True)
    assert (found["schema"], found["at"]) == ("pratique.trust_check/1", "2027-01-01")
    assert (found["lists"], found["keys"]) == (["pem:keys"], 7)
    assert found["codes"]["TRL-010"] == 7
    assert sum(found["counts"].values()) == len(found["findings"])
    first = next(each for each in found["findings"] if each["code"] == "TRL-010")
    assert first == {
        "code": "TRL-010",
        "name": "expired",
        "severity": "warning",
        "source": "keys.pem",
        "list": "pem:keys",
        "entry": first["entry"],
        "country": "DE",
        "detail": "2026-12-31",
    }


def test_the_same_as_sarif(run: Command, keys: Path, tmp_path: Path) -> None:
    _, results, _ = run("--at", AT, "--sarif", keys, tmp_path / "no file")
    found = json.loads(results)
    assert found["version"] == "2.1.0"
    [ran] = found["runs"]
    rules = ran["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.value for code in Code]
    for result in ran["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
    refused, *_, last = ran["results"]
    assert refused["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "no%20file"}}}
    ]
    assert last["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "keys.pem"
    logical = last["locations"][0]["logicalLocations"][0]
    assert logical["fullyQualifiedName"].startswith("pem:keys")


def closed(required: Sequence[str], **members: object) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": members,
    }


def several(of: object, **more: object) -> dict[str, object]:
    return {"type": "array", "items": of, **more}


# The part of SARIF 2.1.0 (OASIS, 3) that is used, as strict as its schema: nothing else may occur.
WORD = {"type": "string", "minLength": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed(["text"], text=WORD)
RULE = closed(
    ["id"],
    id=WORD,
    name={"type": "string", "pattern": "^[A-Z][A-Za-z0-9]+$"},
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed([], level=LEVEL),
)
ARTIFACT = closed(["uri"], uri={"type": "string", "pattern": "^[!-~]+$", "format": "uri-reference"})
LOCATION = closed(
    [],
    physicalLocation=closed(["artifactLocation"], artifactLocation=ARTIFACT),
    logicalLocations=several(closed([], name=WORD, fullyQualifiedName=WORD), uniqueItems=True),
)
RESULT = closed(
    ["message", "ruleId"],
    ruleId=WORD,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=several(LOCATION),
)
DRIVER = closed(["name"], name=WORD, rules=several(RULE, uniqueItems=True))
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=several(RESULT),
)
SARIF = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs=several(RUN),
)


def test_sarif_keeps_to_its_schema(run: Command, keys: Path, store: Path, tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(SARIF)
    for arguments in ((keys, tmp_path / "no file"), ("--store", store)):
        found = json.loads(run("--at", AT, "--sarif", *arguments)[1])
        assert [error.message for error in validator.iter_errors(found)] == []
    every = tuple(Finding(code, "a file", "list", "entry", "DE", "detail") for code in Code)
    found = json.loads(report_as_sarif(CheckReport(0, ("list",), 0, every)))
    assert [error.message for error in validator.iter_errors(found)] == []
    assert not validator.is_valid({**found, "version": "2.0.0"})


def test_findings_of_a_store_have_no_file_in_sarif() -> None:
    finding = Finding(Code.LIST_STALE, "", "list", detail="as of 2026-01-01")
    report = CheckReport(0, ("list",), 0, (finding,))
    [result] = json.loads(report_as_sarif(report))["runs"][0]["results"]
    assert result["locations"] == [
        {"logicalLocations": [{"name": "list", "fullyQualifiedName": "list"}]}
    ]
    assert result["message"]["text"] == "The list is stale: verdicts say so. list: as of 2026-01-01"


def test_every_code_fits_a_narrow_place_and_colour_is_an_addition() -> None:
    findings = tuple(Finding(code, "file\x1b[2J", "", "entry") for code in Code)
    report = CheckReport(0, (), 0, findings)
    for width in (40, 72, 80):
        lines = "\n".join(report_lines(report, Style(width=width, signs=False))).split("\n")
        assert all(len(line) <= width for line in lines)
        assert all(("\x1b" not in line and line.isascii()) or "file" in line for line in lines)
    coloured = "\n".join(report_lines(report, Style(colour=True)))
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert "\x1b[1;33mwarning\x1b[0m" in coloured
    assert "  note  " in coloured
    assert "\x1b[2J" not in coloured
    assert {rule.severity for rule in RULES.values()} == set(Severity)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--json", "--sarif"), click.UsageError),
        (("--store", "x", "y"), click.UsageError),
        (("--soon", "-1"), click.BadParameter),
        (("--soon", "many"), click.BadParameter),
        (("--fail-on", "panic"), click.BadParameter),
        (("--at", "yesterday"), Problem),
    ],
)
def test_wrong_calls_are_told(
    run: Command, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(*arguments)


def test_nothing_is_written(run: Command, keys: Path, store: Path, tmp_path: Path) -> None:
    def contents() -> dict[str, Any]:
        return {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    before = contents()
    run("--at", AT, keys)
    run("--at", AT, "--store", store)
    assert contents() == before
