"""Entry rules as officers and travellers meet them: ``verify --rules`` and ``rules explain``."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.command import AT, Ran, run
from support.entry_rules import CLOCK, SAMPLE, aged
from support.rules import folder, rule

from cli.bidi import RIGHT_TO_LEFT

LATER = "2027-10-01"
DOSES = rule(
    "VR-FR-0001",
    Description=[
        {"lang": "en", "desc": "The last dose is two weeks old."},
        {"lang": "fr", "desc": "La dernière dose date de deux semaines."},
    ],
    Logic=aged(14, 270),
    ValidTo="2090-01-01T00:00:00Z",
)
TESTS = rule(
    "TR-FR-0001",
    Logic={"before": [CLOCK, {"plusTime": [SAMPLE, 48, "hour"]}]},
    ValidTo="2090-01-01T00:00:00Z",
)


@pytest.fixture(scope="module")
def ruled(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the specimen world, with two rules of France."""
    place = tmp_path_factory.mktemp("ruled")
    path = Path(shutil.copy(store, place / "trust.sqlite"))
    ran = run("rules", "import", "--store", path, folder(place, DOSES, TESTS))
    assert ran.status == 0, ran.err
    return path


def verify(store: Path, *arguments: str | Path, at: str = AT) -> Ran:
    return run("verify", "--store", store, "--at", at, *arguments)


def explain(store: Path, *arguments: str | Path, at: str = AT, stdin: bytes = b"") -> Ran:
    return run("rules", "explain", "--store", store, "--at", at, *arguments, stdin=stdin)


def test_an_officer_sees_that_the_rules_are_met_and_whose_they_are(
    ruled: Path, specimens: Path
) -> None:
    ran = verify(ruled, "--rules", "fr", specimens / "vaccination.txt")
    assert ran.status == 0
    assert "MEETS THE RULES" in ran.out
    assert "Entry rules of FR, judged for 2026-12-01" in ran.out
    assert "Nobody vouches for the rules" in ran.out
    assert "for the entry into FR at 2026-12-01T12:00:00+00:00" in ran.err


def test_what_is_not_met_is_told_with_its_days_and_what_else_would_do(
    ruled: Path, specimens: Path
) -> None:
    shown = verify(
        ruled, "--rules", "FR", "--disclose", "identity", specimens / "test.txt", at="2026-12-24"
    )
    assert shown.status == 10
    words = " ".join(shown.out.split())
    assert "Not met: A specimen of a rule, which says nothing. (TR-FR-0001)" in words
    assert "a negative PCR test (NAAT) less than 48 hours old" in words
    assert "a complete vaccination, the last dose 14 to 269 days ago" in words
    hidden = verify(ruled, "--rules", "FR", specimens / "test.txt", at="2026-12-24")
    assert "met it until" in words
    assert "met it until" not in " ".join(hidden.out.split())


def test_the_json_of_a_verdict_has_the_rules_and_no_days_without_disclosure(
    ruled: Path, specimens: Path
) -> None:
    ran = verify(ruled, "--rules", "FR", "--json", specimens / "vaccination.txt", at=LATER)
    rules: dict[str, Any] = json.loads(ran.out)["rules"]
    assert rules["day"] == LATER
    assert [(each["rule"], each["result"]) for each in rules["results"]] == [("VR-FR-0001", "fail")]
    assert rules["results"][0]["last_day"] is None
    told = verify(
        ruled, "--rules", "FR", "--json", "--disclose", "identity", specimens / "vaccination.txt",
        at=LATER,
    )  # fmt: skip
    assert json.loads(told.out)["rules"]["results"][0]["last_day"] == "2027-07-16"


def test_a_region_without_rules_has_none_in_force(ruled: Path, specimens: Path) -> None:
    ran = verify(ruled, "--rules", "FR", "--region", "IDF", specimens / "vaccination.txt")
    assert ran.status == 12


def test_of_a_manifest_there_are_counts_alone(ruled: Path, specimens: Path, tmp_path: Path) -> None:
    names = ("vaccination", "test", "recovery", "signature-bit", "vaccination")
    manifest = tmp_path / "manifest.txt"
    manifest.write_text("".join((specimens / f"{name}.txt").read_text() for name in names))
    ran = verify(ruled, "--rules", "FR", "--counts", manifest)
    assert ran.status == 12
    assert [line.split()[0] for line in ran.out.splitlines()] == ["2", "0", "1", "1", "1", "5"]
    assert "MUSTER" not in ran.out.upper()
    counted = json.loads(verify(ruled, "--counts", "--json", manifest, manifest).out)
    assert counted["documents"] == 10
    assert counted["rules"] is None
    assert counted["outcomes"]["authentic"] == 8


def test_a_traveller_learns_what_each_rule_says(ruled: Path, specimens: Path) -> None:
    ran = explain(ruled, "FR", specimens / "vaccination.txt", "--lang", "en")
    assert ran.status == 0
    words = " ".join(ran.out.split())
    assert "Met: The last dose is two weeks old. (VR-FR-0001)" in words
    assert "Musterfrau" not in ran.out
    assert "MUSTERFRAU" not in ran.out


def test_a_traveller_learns_on_which_days_it_does(ruled: Path, specimens: Path) -> None:
    ran = explain(ruled, "FR", specimens / "vaccination.txt", at="2026-10-25")
    assert ran.status == 10
    words = " ".join(ran.out.split())
    assert "This certificate meets it from 2026-11-03 until 2027-07-16." in words
    assert "this certificate, from 2026-11-03" in words


def test_an_explanation_is_data_too(ruled: Path, specimens: Path) -> None:
    text = (specimens / "vaccination.txt").read_bytes()
    ran = explain(ruled, "FR", "--json", at=LATER, stdin=text)
    told = json.loads(ran.out)
    assert told["outcome"] == "does_not_meet_rules"
    assert told["rules"]["results"][0]["last_day"] == "2027-07-16"
    assert {each["way"] for each in told["rules"]["alternatives"]} == {
        "naat_test", "antigen_test", "vaccination", "one_more_dose",
    }  # fmt: skip


def test_where_rules_are_not_reached_the_reason_is_told(ruled: Path, specimens: Path) -> None:
    ran = explain(ruled, "FR", specimens / "signature-bit.txt", specimens / "no-code.png")
    assert ran.status == 12
    assert "NOT AUTHENTIC" in ran.out
    assert "The signature" in ran.out
    refused = explain(ruled, "FR", "--json", specimens / "signature-bit.txt")
    assert json.loads(refused.out)["rules"] is None


def test_a_country_is_two_letters(ruled: Path, specimens: Path) -> None:
    ran = explain(ruled, "France", specimens / "vaccination.txt")
    assert ran.status == 2
    assert "no country code" in ran.err


def test_an_explanation_shows_no_control_character_of_a_rule(
    store: Path, specimens: Path, tmp_path: Path
) -> None:
    """A list that nobody signed may hold what would move the cursor or paint the screen."""
    hostile = rule(
        "VR-FR-0002",
        Description=[{"lang": "en", "desc": "Green\x1b[32m text\x07"}],
        Logic=aged(14, 270),
        ValidTo="2090-01-01T00:00:00Z",
    )
    path = Path(shutil.copy(store, tmp_path / "trust.sqlite"))
    assert run("rules", "import", "--store", path, folder(tmp_path, hostile)).status == 0
    for shown in (
        explain(path, "FR", specimens / "vaccination.txt"),
        verify(path, "--rules", "FR", specimens / "vaccination.txt", at=LATER),
    ):
        assert "Green" in shown.out
        assert "\x1b" not in shown.out
        assert "\x07" not in shown.out


def test_an_explanation_in_arabic_runs_from_right_to_left(ruled: Path, specimens: Path) -> None:
    ran = explain(ruled, "FR", specimens / "test.txt", "--lang", "ar", at="2026-12-24")
    lines = list(filter(None, ran.out.splitlines()))
    assert len(lines) > 5
    assert all(line.startswith(RIGHT_TO_LEFT) for line in lines)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--region", "IDF"), "no country was named"),
        (("--counts", "--disclose", "identity"), "--counts tells of nobody"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    ruled: Path, specimens: Path, options: tuple[str, ...], named: str
) -> None:
    ran = verify(ruled, *options, specimens / "vaccination.txt")
    assert ran.status == 2
    assert named in ran.err
    assert ran.out == ""
