"""Wrong keyboards: forwards by the third-party table, and back by ours."""

import json
import random
from functools import cache
from typing import Any

import pytest
from support.conformance import ROOT, conformance

from cli.post.identifiers import without_identifier
from cli.post.layouts import candidates, is_typed_by_numbers, layouts, row_of_digits, suspected

PREFIXES = {
    "base45": "HC1:", "shc": "shc:/", "nzcp": "NZCP:/1/", "vds_nc": '{"', "json": '{"',
    "jws": "eyJ", "shlink": "shlink:/",
}  # fmt: skip


@cache
def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(conformance("scanners", "layouts.json").read_text())
    return found


def names(direction: str) -> list[Any]:
    if not (ROOT / "scanners").exists():
        return [pytest.param("", marks=pytest.mark.skip(reason="conformance data not here"))]
    return list(table()[direction])


def sent(alphabet: str, seed: str) -> str:
    letters = table()["alphabets"][alphabet]
    return PREFIXES[alphabet] + "".join(random.Random(seed).choices(letters, k=300))  # noqa: S311 - the same texts in every run


@pytest.mark.parametrize("name", names("us_scanner"))
def test_what_can_be_undone_is_and_what_cannot_is_not(name: str) -> None:
    damage = table()["us_scanner"][name]
    for alphabet in PREFIXES:
        text = sent(alphabet, name + alphabet)
        verdict = damage["verdict"][alphabet]
        arrived = "".join((damage["map"].get(each, each) or "") for each in text)
        found = [candidate.text for candidate in candidates(arrived)]
        if verdict["result"] == "invertible":
            assert text in found, alphabet
        elif verdict.get("dead") or verdict["result"] == "lossy":
            assert text not in found, alphabet


@pytest.mark.parametrize("name", names("us_host"))
def test_the_other_way_round(name: str) -> None:
    damage = table()["us_host"][name]
    for alphabet in ("base45", "shc", "nzcp"):
        letters = table()["alphabets"][alphabet]
        moved = {each: damage["map"].get(each, each) for each in letters}
        # A key with AltGr sends an Alt that a terminal turns into an escape: not told back here.
        if damage["verdict"][alphabet]["result"] != "invertible" or any(
            each is None or each.startswith("alt+") for each in moved.values()
        ):
            continue
        text = sent(alphabet, name + alphabet)
        arrived = "".join(moved[each] for each in text)
        if arrived != text:
            assert text in [candidate.text for candidate in candidates(arrived)], alphabet


def test_capitals_lock_is_undone() -> None:
    assert [each.text for each in candidates("hc1:ab")] == ["HC1:AB"]
    assert candidates("hc1:ab")[0].layout == "Caps Lock"


def test_nothing_comes_of_other_texts() -> None:
    assert candidates("hello") == []
    assert candidates("HC1:AB") == []


@pytest.mark.parametrize(
    ("text", "layout"),
    [("HC1Öabc", "German"), ("HC&Mabc", "French"), ("+Q1HC1Ö", "German"), ("ΗΨ1", "Greek")],
)
def test_a_damaged_text_names_its_keyboard(text: str, layout: str) -> None:
    assert suspected(text).startswith(layout)


def test_texts_that_are_whole_name_none() -> None:
    for text in ("HC1:6BF", "shc:/567", "NZCP:/1/", '{"data":', "hello", ""):
        assert suspected(text) == ""


def test_the_row_of_digits_is_unambiguous() -> None:
    row = row_of_digits()
    assert [row[str(digit)] for digit in range(1, 10)] == list(range(1, 10))
    assert (row["&"], row["é"], row["ě"], row["٣"], row["۴"]) == (1, 2, 2, 3, 4)
    assert '"' not in row  # 3 on a French keyboard, 2 elsewhere


def test_numbers_of_characters_are_known() -> None:
    text = "HC1:" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert is_typed_by_numbers("".join(f"{ord(each):03}" for each in text))
    assert is_typed_by_numbers("".join(f"{ord(each):04}" for each in text))
    assert not is_typed_by_numbers("072067")
    assert not is_typed_by_numbers("9" * 90)
    assert not is_typed_by_numbers("A" * 90)


def test_every_layout_has_a_name_and_its_own_id() -> None:
    assert len({layout.id for layout in layouts()}) == len(layouts()) > 100
    assert all(layout.name for layout in layouts())


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("]Q1HC1:AB", "HC1:AB"),
        ("]d1HC1:AB", "HC1:AB"),
        (r"]Q2\000026a\\b", r"a\b"),
        ("]C0M1", "]C0M1"),
        ("HC1:]Q1", "HC1:]Q1"),
        ("]Q1]Q1HC1:", "]Q1HC1:"),
    ],
)
def test_one_identifier_is_taken_off(text: str, bare: str) -> None:
    assert without_identifier(text) == bare
