import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.collecting import PATIENCE, Collector, split, whole_texts
from verifier.limits import DOCUMENT_CHARACTERS
from verifier.reasons import Reason


def part(number: int, of: int, digits: str = "56") -> str:
    return f"shc:/{number}/{of}/{digits}"


def collected(*scans: str | bytes) -> list[str | bytes]:
    collector = Collector()
    return [found for scan in scans for found in collector.add(scan)] + collector.finish()


@pytest.mark.parametrize(
    "scan",
    [
        "",
        "HC1:ABC",
        b"HC1:ABC",
        b"PK\3\4",
        "shc:/5656",
        part(1, 1),
        part(3, 2),
        part(1, 21),
        "shc:/1/2/x",
        "{}",
    ],
)
def test_what_is_no_part_of_a_card_is_handed_on_at_once(scan: str | bytes) -> None:
    collector = Collector()
    assert collector.add(scan) == [scan]
    assert collector.waiting is None
    assert collector.finish() == []


@given(st.integers(2, 20), st.integers())
def test_parts_are_held_until_all_are_there_whatever_their_order(of: int, seed: int) -> None:
    texts = [part(number, of) for number in range(1, of + 1)]
    random.Random(seed).shuffle(texts)  # noqa: S311 - repeatable
    collector = Collector()
    for held, text in enumerate(texts[:-1], 1):
        assert collector.add(text) == []
        assert collector.add(text) == []
        assert collector.waiting == (held, of)
    assert collector.add(texts[-1]) == ["\n".join(texts)]
    assert collector.waiting is None


def test_other_documents_pass_while_a_card_is_collected() -> None:
    assert collected(part(1, 2), "HC1:A", " SHC:/2/2/57\n") == [
        "HC1:A",
        "shc:/1/2/56\n SHC:/2/2/57\n",
    ]


def test_what_is_left_is_handed_out_at_the_end() -> None:
    assert collected(part(2, 3), part(1, 3)) == [f"{part(2, 3)}\n{part(1, 3)}"]


@pytest.mark.parametrize("stranger", [part(1, 2, "5757"), part(2, 3)])
def test_a_part_of_another_card_is_handed_out_with_what_it_does_not_fit(stranger: str) -> None:
    collector = Collector()
    collector.add(part(1, 2))
    assert collector.add(stranger) == [f"{part(1, 2)}\n{stranger}"]
    # And it begins a card of its own.
    assert collector.waiting == (1, int(stranger[7]))
    rest = [part(number, 3) for number in (1, 3)] if stranger[7] == "3" else [part(2, 2)]
    assert [found for text in rest for found in collector.add(text)] == [
        "\n".join((stranger, *rest))
    ]


def test_a_card_that_is_not_finished_in_time_is_handed_out() -> None:
    collector = Collector()
    assert collector.overdue(1e9) == []
    collector.add(part(1, 3), at=100.0)
    collector.add(part(2, 3), at=120.0)
    assert collector.overdue(120.0 + PATIENCE) == []
    assert collector.overdue(120.1 + PATIENCE) == [f"{part(1, 3)}\n{part(2, 3)}"]
    assert collector.waiting is None


def test_what_is_collected_is_masked() -> None:
    collector = Collector()
    collector.add(part(1, 2, "5657585960"))
    assert "5657" not in f"{collector!r} {collector}"


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("HC1:ABC", ["HC1:ABC"]),
        ("", [""]),
        ('{"data":1}', ['{"data":1}']),
        ('{"verifiableCredential":["a.b.c","d.e.f"]}', ["a.b.c", "d.e.f"]),
        (' \n{"verifiableCredential":["a.b.c"]}\n', ["a.b.c"]),
        ("https://x.example/", ["https://x.example/"]),
        ('https://x.example/#{"verifiableCredential":["a","b"]}', ["a", "b"]),
        ('{"verifiableCredential":["a"', ['{"verifiableCredential":["a"']),
        ('{"verifiableCredential":[]}', ['{"verifiableCredential":[]}']),
    ],
)
def test_a_file_with_several_cards_is_taken_apart(text: str, documents: list[str]) -> None:
    assert split(text) == documents


def test_a_text_that_is_too_long_is_left_as_it_is() -> None:
    text = '{"verifiableCredential":["a","b"]}'.ljust(DOCUMENT_CHARACTERS + 1)
    assert split(text) == [text]


FILE = '{\n  "verifiableCredential": [\n    "a.b.c"\n  ]\n}'


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ([], []),
        (["HC1:A", "HC1:B"], ["HC1:A", "HC1:B"]),
        (['{"a":1}', '{"b":{"c":[2]}}'], ['{"a":1}', '{"b":{"c":[2]}}']),
        (FILE.split("\n"), [FILE]),
        (["HC1:A", *FILE.split("\n"), "HC1:B"], ["HC1:A", FILE, "HC1:B"]),
        (['{"a":"{["}', "HC1:A"], ['{"a":"{["}', "HC1:A"]),
        (['{"a":"\\"{"}', "HC1:A"], ['{"a":"\\"{"}', "HC1:A"]),
        (['{"a":"\\\\"}', "HC1:A"], ['{"a":"\\\\"}', "HC1:A"]),
        # What is never closed ends where something else begins.
        (["{", "HC1:A"], ["{", "HC1:A"]),
        (['{"a":[', '{"b":1}'], ['{"a":[', '{"b":1}']),
        (["{", ' "a":1', "shc:/56"], ['{\n "a":1', "shc:/56"]),
        (["{", ' "a":', "eyJ.a.b"], ['{\n "a":', "eyJ.a.b"]),
        (["{", '"a":', "true", ",", '"b":', "[1]", "}"], ['{\n"a":\ntrue\n,\n"b":\n[1]\n}']),
        (["{", ' "a":1'], ['{\n "a":1']),
        (["{", b"PK", Reason.EMPTY], ["{", b"PK", Reason.EMPTY]),
        ([Reason.NO_CODE_IN_PICTURE], [Reason.NO_CODE_IN_PICTURE]),
    ],
)
def test_objects_over_several_lines_are_put_together(lines: list[object], texts: list[str]) -> None:
    assert list(whole_texts(lines)) == texts


def test_no_more_is_held_than_a_document_may_have() -> None:
    line = '"' + "x" * 1_000
    first, *others = whole_texts(["{", *[line] * 200])
    assert len(first) <= DOCUMENT_CHARACTERS
    assert len(first) > DOCUMENT_CHARACTERS - 2_000
    assert "".join((first, *others)).count("x") == 200_000
