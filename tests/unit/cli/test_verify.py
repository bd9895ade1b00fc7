import json
from pathlib import Path

import jsonschema
import pytest
from support.command import AT, ROOT, Ran, run

from cli.exit_codes import STATUS_OF
from verifier import Outcome, Reason
from verifier.reasons import Check, Result

SCHEMA = json.loads((ROOT / "verifier" / "verdict.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def verify(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("verify", "--store", store, "--at", AT, *arguments, stdin=stdin)


def verdicts(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_every_outcome_has_an_exit_status() -> None:
    assert set(STATUS_OF) == set(Outcome)


@pytest.mark.parametrize(
    ("file", "outcome", "status"),
    [
        ("vaccination.txt", "authentic", 0),
        ("vaccination.png", "authentic", 0),
        ("aztec.png", "authentic", 0),
        ("test.webp", "authentic", 0),
        ("recovery.jpg", "authentic", 0),
        ("expired.txt", "does_not_meet_rules", 10),
        ("signature-bit.txt", "not_authentic", 11),
        ("key-unknown.txt", "refer", 12),
        ("no-code.png", "refer", 12),
        ("cut-off.png", "refer", 12),
    ],
)
def test_a_file_gives_its_verdict_and_exit_status(
    store: Path, specimens: Path, file: str, outcome: str, status: int
) -> None:
    ran = verify(store, "--json", specimens / file)
    assert [verdict["outcome"] for verdict in verdicts(ran)] == [outcome]
    assert ran.status == status


@pytest.mark.parametrize("disclose", ["none", "identity", "clinical"])
def test_every_specimen_gives_json_that_fits_the_schema(
    store: Path, specimens: Path, disclose: str
) -> None:
    files = sorted(specimens.glob("*.txt")) + sorted(specimens.glob("*.png"))
    ran = verify(store, "--json", "--disclose", disclose, *files)
    assert ran.status == 12
    for verdict in verdicts(ran):
        VALIDATOR.validate(verdict)


def test_the_schema_names_what_the_code_names() -> None:
    finding = SCHEMA["properties"]["findings"]["items"]["properties"]
    assert SCHEMA["properties"]["outcome"]["enum"] == list(Outcome)
    assert finding["check"]["enum"] == list(Check)
    assert finding["result"]["enum"] == list(Result)
    assert finding["code"]["enum"] == list(Reason)


def test_nothing_of_the_holder_is_printed_unasked_when_this_is_no_terminal(
    store: Path, specimens: Path
) -> None:
    file = specimens / "vaccination.txt"
    told = verdicts(verify(store, "--json", "--disclose", "identity", file))[0]["holder"]
    assert isinstance(told, dict)
    for shown in (verify(store, "--json", file).out, verify(store, file).out):
        assert not [value for value in told.values() if str(value) in shown]


def test_disclosure_shows_what_it_names_and_no_more(store: Path, specimens: Path) -> None:
    def holder(level: str) -> dict[str, object]:
        ran = verify(store, "--json", "--disclose", level, specimens / "vaccination.txt")
        shown = verdicts(ran)[0]["holder"]
        return shown if isinstance(shown, dict) else {}

    assert set(holder("none")) == set()
    assert set(holder("identity")) == {"name", "name_mrz", "birth_date"}
    assert set(holder("clinical")) == {"name", "name_mrz", "birth_date", "clinical"}


def test_words_show_the_holder_to_compare(store: Path, specimens: Path) -> None:
    ran = verify(store, "--disclose", "clinical", specimens / "vaccination.txt")
    assert ran.out.startswith("✔ AUTHENTIC\n  Compare with the passport\n    MRZ")
    assert "<<" in ran.out
    assert "dose" in ran.out


def test_a_rejected_document_shows_no_holder(store: Path, specimens: Path) -> None:
    ran = verify(store, "--disclose", "clinical", specimens / "signature-bit.txt")
    assert "Compare" not in ran.out


def test_standard_input_is_read_a_line_a_scan(store: Path, specimens: Path) -> None:
    good = (specimens / "vaccination.txt").read_bytes()
    bad = (specimens / "signature-bit.txt").read_bytes()
    for arguments in ((), ("-",)):
        ran = verify(store, "--json", *arguments, stdin=good + b"\r\n\n" + bad.strip())
        assert [verdict["outcome"] for verdict in verdicts(ran)] == ["authentic", "not_authentic"]
        assert ran.status == 11


def test_a_picture_may_come_through_standard_input(store: Path, specimens: Path) -> None:
    ran = verify(store, "--json", stdin=(specimens / "vaccination.png").read_bytes())
    assert ran.status == 0


def test_a_picture_with_several_codes_gives_the_certificates_among_them(
    store: Path, specimens: Path
) -> None:
    ran = verify(store, "--json", specimens / "two-codes.png")
    assert [verdict["outcome"] for verdict in verdicts(ran)] == ["authentic"]


def test_an_instant_is_told_on_standard_error(store: Path, specimens: Path) -> None:
    ran = verify(store, "--json", specimens / "vaccination.txt")
    assert "2026-12-01T12:00:00+00:00" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_day_alone_is_judged_for_its_noon(store: Path, specimens: Path) -> None:
    ran = run("verify", "--store", store, "--at", "2026-12-01", specimens / "vaccination.txt")
    assert ran.status == 0
    assert "2026-12-01T12:00:00+00:00" in ran.err


@pytest.mark.parametrize("at", ["yesterday", "2026-12-01T12:00:00", "", "HC1:AB"])
def test_an_instant_that_is_none_is_a_wrong_call(store: Path, at: str) -> None:
    ran = run("verify", "--store", store, f"--at={at}", "x")
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 2
    assert not at or at not in ran.err


def test_rules_of_a_country_without_rules_refer(store: Path, specimens: Path) -> None:
    ran = verify(store, "--json", "--rules", "nl", specimens / "vaccination.txt")
    assert ran.status == 12
    assert "RUL-002" in ran.out


@pytest.mark.parametrize("country", ["NLD", "N", "1a", "É!"])
def test_what_is_no_country_code_is_a_wrong_call(store: Path, country: str) -> None:
    assert verify(store, "--rules", country, "x").status == 2


def test_an_unknown_level_of_disclosure_is_a_wrong_call(store: Path) -> None:
    ran = verify(store, "--disclose", "everything", "x")
    assert ran.status == 2
    assert "none, identity, clinical" in ran.err


def test_a_language_without_words_is_a_wrong_call(store: Path, specimens: Path) -> None:
    ran = verify(store, "--lang", "qq", specimens / "vaccination.txt")
    assert ran.status == 2
    assert "no words in the language qq" in ran.err
    assert "Choose one: en, ar, de, es, fr, pt, ru, zh." in ran.err
    hidden = verify(store, "--lang", "HC1:not a language", specimens / "vaccination.txt")
    assert "no words in that language" in hidden.err


def test_without_a_store_the_set_up_is_wrong(tmp_path: Path) -> None:
    ran = run("verify", "--store", tmp_path / "nowhere", "x")
    assert ran.status == 3
    assert len(ran.err.splitlines()) == 2


def test_the_default_store_is_used(
    store: Path, specimens: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRATIQUE_STORE", str(store))
    assert run("verify", "--at", AT, "--json", specimens / "vaccination.txt").status == 0


def test_several_files_have_headings_and_one_has_none(store: Path, specimens: Path) -> None:
    good, bad = specimens / "vaccination.txt", specimens / "expired.txt"
    assert ":\n" not in verify(store, good).out
    both = verify(store, good, bad)
    assert both.out.count("vaccination.txt:\n") == 1
    assert both.out.count("expired.txt:\n") == 1
    assert both.status == 10


def test_retired_keys_are_accepted_for_the_formats_that_are_named(
    store: Path, specimens: Path
) -> None:
    retired = specimens / "key-retired.txt"
    assert verify(store, retired).status == 12
    assert "DAT-004" in verify(store, "--json", retired).out
    accepting = verify(store, "--json", "--accept-retired", "eu-dcc", retired)
    assert (accepting.status, "DAT-010" in accepting.out) == (0, True)
    assert "retired since; this desk is" in verify(store, "--accept-retired=eu-dcc", retired).out
    wrong = verify(store, "--accept-retired", "eu-dccc", retired)
    assert (wrong.status, wrong.out) == (3, "")
    assert "Those known are: " in wrong.err


def test_a_check_for_withdrawal_can_be_demanded(store: Path, specimens: Path) -> None:
    document = specimens / "vaccination.txt"
    assert verify(store, "--json", document).status == 0
    demanding = verify(store, "--json", "--demand-revocation", document)
    assert demanding.status == 12
    assert '"REV-002"' in demanding.out
    assert '"REV-007"' in demanding.out
    told = verify(store, "--demand-revocation", document).out
    assert told.index("orders demand") < told.index("has no list")


def test_a_file_of_something_else_gets_one_verdict_and_a_count(
    store: Path, specimens: Path, tmp_path: Path
) -> None:
    """Who names the wrong file is not shown a verdict for each of its lines."""
    wrong = tmp_path / "readme.md"
    wrong.write_text("one\ntwo\nthree\nfour\n")
    ran = verify(store, wrong)
    assert ran.status == 12
    assert ran.out.count("REFER") == 1
    assert "3 more lines of this file are no certificate." in ran.out
    good = (specimens / "vaccination.txt").read_text().strip()
    wrong.write_text(f"one\ntwo\n{good}\nthree\n")
    ran = verify(store, wrong)
    told = [
        line for line in ran.out.splitlines() if "REFER" in line or "more" in line or "✔" in line
    ]
    assert [line.strip()[:15] for line in told] == [
        "? REFER — a per", "1 more line of ", "✔ AUTHENTIC", "? REFER — a per",
    ]  # fmt: skip
    assert len(verdicts(verify(store, "--json", wrong))) == 4


def test_each_line_of_a_pipe_has_its_verdict(store: Path) -> None:
    ran = verify(store, "-", stdin=b"one\ntwo\nthree\n")
    assert (ran.status, ran.out.count("REFER")) == (12, 3)
