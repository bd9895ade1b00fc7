"""Replays the cases of machine-readable zones, names and birth dates, and the table of letters."""

import csv
import json
from typing import Any

from support.conformance import conformance

from verifier.claims import Holder, PartialDate
from verifier.errors import DocumentError
from verifier.identity import compare_births
from verifier.mrz import read
from verifier.names import compare_names, read_passport_name
from verifier.reasons import MEANINGS, Reason, Result
from verifier.transliteration import spell, words_of

Case = dict[str, Any]

# Counted by the authors of the cases, who looked at each (their README).
MORE_OF_THE_SAME = 18


def cases(group: str) -> list[Case]:
    loaded = json.loads(conformance("mrz", "cases.json").read_text())
    found: list[Case] = loaded[group]
    return found


def holder_of(names: dict[str, str]) -> Holder:
    undivided = "n" in names
    return Holder(
        names.get("fn", ""),
        names["n"] if undivided else names.get("gn", ""),
        names.get("fnt", ""),
        names.get("gnt", ""),
        PartialDate(""),
        undivided=undivided,
    )


def word_for(reason: Reason | None) -> str:
    if reason is None:
        return "same"
    return "different" if MEANINGS[reason].result is Result.FAIL else "look"


def test_every_zone_reads_and_fails_the_check_digits_that_it_should() -> None:
    wrong = []
    for case in cases("documents"):
        try:
            failing = sorted(field.value for field in read("\n".join(case["lines"])).failing)
        except DocumentError as error:
            assert error.reason is Reason.ZONE_LENGTH
            failing = ["length"]
        if failing != sorted(case["failing"]):
            wrong.append((case["id"], failing))
    assert not wrong


def test_every_slip_in_a_date_is_found_where_it_is() -> None:
    found = 0
    for case in cases("documents"):
        fault = case.get("fault", "")
        if case["id"].endswith(("birth-ocr", "expiry-ocr")) and case["failing"]:
            (slip,) = read("\n".join(case["lines"])).slips
            assert fault.endswith(f"line {slip.line} position {slip.place}"), case["id"]
            found += 1
    assert found >= 20


def test_a_zone_reads_the_same_in_one_line() -> None:
    for case in cases("documents"):
        if "length" not in case["failing"]:
            apart, joined = read("\r\n".join(case["lines"])), read("".join(case["lines"]))
            assert (apart.name, apart.number, apart.birth, apart.failing) == (
                joined.name, joined.number, joined.birth, joined.failing,
            )  # fmt: skip


def test_every_pair_of_names_is_the_same_different_or_for_the_officer() -> None:
    wrong = []
    for case in cases("names"):
        passport = read_passport_name(case["mrz_name"])
        assert passport is not None
        told = word_for(compare_names(holder_of(case["certificate"]), passport))
        assert told == case["expect"] or told != "same", (case["id"], "a false same")
        if told != case["expect"]:
            wrong.append((case["id"], told))
    assert not wrong


def test_certificates_beside_the_passports_of_all_others_give_no_new_same() -> None:
    """All pairs of all cases: 18 more agree, each the same spelling of the same name."""
    zones = [(case["mrz_name"], read_passport_name(case["mrz_name"])) for case in cases("names")]
    expected = {
        (str(case["certificate"]), case["mrz_name"])
        for case in cases("names")
        if case["expect"] == "same"
    }
    found = {
        (str(case["certificate"]), field)
        for case in cases("names")
        for field, passport in zones
        if passport is not None and compare_names(holder_of(case["certificate"]), passport) is None
    }
    assert len(found - expected) == MORE_OF_THE_SAME, found - expected


def test_every_pair_of_birth_dates_is_the_same_different_or_for_the_officer() -> None:
    wrong = []
    for case in cases("births"):
        told = word_for(compare_births(case["certificate"] or "", case["mrz_birth"]))
        if told != case["expect"]:
            wrong.append((case["id"], told))
    assert not wrong


# The table gives these rows to no letter of a word: marks that are dropped or double another, and
# letters of Greek, which has no table in Doc 9303.
NOT_LETTERS = {"vowel sign", "shadda", "tatweel"}


def rows() -> list[dict[str, str]]:
    with conformance("mrz", "transliteration.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_letter_has_the_spellings_of_the_table() -> None:
    checked = 0
    for row in rows():
        if row["source"] == "ELOT 743" or row["note"].split(":")[0] in NOT_LETTERS:
            continue
        variants = [each.split("=") for each in filter(None, row["language_variants"].split("|"))]
        inside = {form for place, form in variants if not place.endswith(("-initial", "final"))}
        at_start = {form for place, form in variants if place.endswith("-initial")}
        at_end = {form for place, form in variants if place == "final"}
        allowed = set(filter(None, row["allowed_alternatives"].split("|")))
        table = {row["mrz"]} | inside | allowed
        # Between two letters that are spelt as they are.
        letters = words_of(f"A{row['char']}A")[0]
        word = spell(letters)
        assert word is not None, row["codepoint"]
        if row["char"] == "ß":
            assert word.recommended() == "ASSA"
            continue
        assert word.table[1][0] == row["mrz"], row["codepoint"]
        assert set(word.table[1]) == table, row["codepoint"]
        practice = set(row["practice"].split("|")) if row["practice"] else set()
        assert set(word.widened[1]) == table | practice, row["codepoint"]
        first, last = spell(letters[1:]), spell(letters[:2])
        assert first is not None
        assert last is not None
        assert set(first.table[0]) == table | at_start, row["codepoint"]
        assert set(last.table[-1]) == (at_end or table), row["codepoint"]
        checked += 1
    assert checked > 400


def test_marks_are_not_written_and_shadda_doubles() -> None:
    for row in rows():
        note = row["note"].split(":")[0]
        if note in NOT_LETTERS:
            (letters,) = words_of(f"\u0628{row['char']}\u062f")
            word = spell(letters)
            assert word is not None
            assert word.recommended() == ("BBD" if note == "shadda" else "BD"), row["codepoint"]


def test_greek_has_no_table() -> None:
    greek = [row["char"] for row in rows() if row["source"] == "ELOT 743"]
    assert len(greek) == 24
    assert not any(spell(letter) for letter in greek)
