import json
from pathlib import Path
from typing import Any

import pytest
from support.rules import NOW, archive, rule, take, value_set

from trustlists import TrustStore
from trustlists.rules.checking import RulesCheck, check_rules
from trustlists.rules.editions import compare_rules, read_edition
from verifier.errors import SetupError
from verifier.rules.linting.codes import Code, Severity
from verifier.rules.ruleset import RuleSet

NUMBERED = {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}
PASSED = {"payload": {"v": [{"dn": 2, "sd": 2}]}, "external": {}, "expected": True}
FAILED = {"payload": {"v": [{"dn": 1, "sd": 2}]}, "expected": True}


def numbered(identifier: str = "VR-FR-0001", **members: Any) -> dict[str, Any]:
    return rule(identifier, Logic=NUMBERED, AffectedFields=["v.0.dn", "v.0.sd"], **members)


def laid(place: Path, name: str, document: object) -> Path:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return path


def codes(report: RulesCheck) -> set[Code]:
    return set(report.counts())


def test_a_folder_of_one_sound_rule_passes(tmp_path: Path) -> None:
    laid(tmp_path, "FR/VR-FR-0001/rule.json", numbered())
    laid(tmp_path, "FR/VR-FR-0001/tests/a.json", PASSED)
    laid(tmp_path, "values/tt.json", value_set("covid-19-lab-test-type"))
    report = check_rules(tmp_path)
    assert (report.rules, report.value_sets, report.tests, report.passed) == (1, 1, 1, 1)
    assert report.findings == ()
    assert not report.reaches(Severity.NOTE)


def test_a_test_that_fails_is_an_error_that_names_its_file(tmp_path: Path) -> None:
    laid(tmp_path, "rule.json", numbered())
    laid(tmp_path, "tests/a.json", PASSED)
    laid(tmp_path, "tests/b.json", FAILED)
    report = check_rules(tmp_path)
    assert (report.tests, report.passed) == (2, 1)
    [told] = [each for each in report.findings if each.code is Code.TEST_FAILED]
    assert (told.file, told.detail) == ("rule.json", "tests/b.json")
    assert report.by_severity()[Severity.ERROR] == 1
    assert report.reaches(Severity.ERROR)


def test_what_cannot_be_read_is_told_and_counted(tmp_path: Path) -> None:
    laid(tmp_path, "a/rule.json", b'{"Identifier": "VR-FR-0001", "Logic": [,]}')
    laid(tmp_path, "b/rule.json", {"Identifier": "VR-FR-0002"})
    laid(tmp_path, "c/list.json", b'[{"Identifier": 1},')
    laid(tmp_path, "d/notes.json", {"author": "nobody"})
    laid(tmp_path, "d/readme.txt", b"no rule")
    laid(tmp_path, "e/.hidden.json", numbered())
    laid(tmp_path, ".git/rule.json", numbered())
    report = check_rules(tmp_path)
    assert report.counts() == {Code.RULE_BROKEN: 3, Code.FILE_UNKNOWN: 1}
    assert report.rules == 3
    assert [each.file for each in report.findings] == [
        "a/rule.json", "b/rule.json", "c/list.json", "d/notes.json",
    ]  # fmt: skip


def test_tests_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    laid(tmp_path, "rule.json", numbered())
    laid(tmp_path, "tests/a.json", b"{")
    laid(tmp_path, "tests/b.json", {"payload": {}})
    laid(tmp_path, "tests/c.json", {"expected": True, "external": []})
    laid(tmp_path, "tests/d.json", PASSED)
    (tmp_path / "tests/e.json").symlink_to(tmp_path / "tests/d.json")
    report = check_rules(tmp_path)
    assert report.counts()[Code.TEST_BROKEN] == 4
    assert report.passed == 1


@pytest.mark.parametrize("others", [["other.json"], []])
def test_tests_beside_several_rules_or_none_are_nobody_s(tmp_path: Path, others: list[str]) -> None:
    for name in ("rule.json", *others) if others else ():
        laid(tmp_path, name, numbered())
    laid(tmp_path, "tests/a.json", PASSED)
    report = check_rules(tmp_path)
    assert Code.TESTS_UNASSIGNED in codes(report)
    assert (Code.NO_RULES in codes(report)) == (not others)


def test_tests_of_a_rule_that_is_broken_are_not_given_to_another(tmp_path: Path) -> None:
    laid(tmp_path, "rule.json", numbered())
    laid(tmp_path, "broken.json", {"Identifier": "VR-FR-0002"})
    laid(tmp_path, "tests/a.json", PASSED)
    assert Code.TESTS_UNASSIGNED in codes(check_rules(tmp_path))


def test_tests_of_a_rule_without_sound_logic_count_as_not_passed(tmp_path: Path) -> None:
    laid(tmp_path, "rule.json", rule("VR-FR-0001", Logic={"zz": [1]}))
    laid(tmp_path, "tests/a.json", PASSED)
    report = check_rules(tmp_path)
    assert (report.tests, report.passed) == (1, 0)
    assert Code.NOT_CERTLOGIC in codes(report)


def test_a_file_may_hold_a_list_or_one_rule(tmp_path: Path) -> None:
    both = laid(tmp_path, "list.json", [numbered(), numbered("VR-FR-0002"), {"Identifier": "x"}])
    report = check_rules(both)
    assert report.rules == 3
    [broken] = [each for each in report.findings if each.code is Code.RULE_BROKEN]
    assert broken.file == "list.json#3"
    assert check_rules(laid(tmp_path, "one.json", numbered())).rules == 1


def test_a_folder_that_is_not_there_is_a_problem_of_the_set_up(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        check_rules(tmp_path / "nowhere")


def test_an_edition_is_a_store_or_anything_that_can_be_imported(tmp_path: Path) -> None:
    loose = laid(tmp_path, "rules/rule.json", numbered()).parent
    packed = tmp_path / "rules.zip"
    packed.write_bytes(archive({"rule.json": json.dumps(numbered()).encode()}))
    store = tmp_path / "trust.sqlite"
    take(store, loose)
    editions = [read_edition(each, now=NOW) for each in (loose, packed, store)]
    assert {tuple(each.sets) for each in editions} == {("FR",)}
    for old in editions:
        for new in editions:
            assert [each.same for each in compare_rules(old, new, at=NOW)] == [True]
    with TrustStore.open(store) as opened:
        assert opened.rule_set("FR") == editions[2].of("FR")


def test_a_country_that_one_edition_lacks_has_no_rules_there(tmp_path: Path) -> None:
    old = read_edition(laid(tmp_path, "a/rule.json", numbered()), now=NOW)
    new = read_edition(laid(tmp_path, "b/rule.json", numbered("VR-DE-0001")), now=NOW)
    assert old.of("DE") == RuleSet("DE", ())
    found = {each.country: each for each in compare_rules(old, new, at=NOW)}
    assert all(change.fate.lost for change in found["FR"].changes)
    assert all(change.fate.gained for change in found["DE"].changes)
    assert [each.country for each in compare_rules(old, new, at=NOW, country="DE")] == ["DE"]
    for country in ("PL", ""):
        with pytest.raises(SetupError, match="Neither edition has rules"):
            compare_rules(
                old if country else old._replace(sets={}),
                new if country else new._replace(sets={}),
                at=NOW,
                country=country,
            )


def test_value_sets_can_be_given_for_an_edition_that_has_none(tmp_path: Path) -> None:
    logic = {"in": [{"var": "payload.t.0.tr"}, {"var": "external.valueSets.covid-19-lab-result"}]}
    rules = laid(tmp_path, "a/rule.json", rule("TR-FR-0001", Logic=logic))
    values = laid(tmp_path, "values.json", value_set())
    without = read_edition(rules, now=NOW)
    [found] = compare_rules(without, without, at=NOW)
    assert not found.conclusive
    given = read_edition(rules, now=NOW, values=[values])
    [found] = compare_rules(given, given, at=NOW)
    assert found.conclusive


def test_an_edition_that_cannot_be_read_is_a_problem_of_the_set_up(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        read_edition(tmp_path / "nowhere", now=NOW)
    with pytest.raises(SetupError):
        read_edition(laid(tmp_path, "x.json", {"author": "nobody"}), now=NOW)
