"""Statements in canonical order: small graphs with the answer beside them, and any others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs.json_ld import canonical, date_time, is_absolute, is_safe, literal
from verifier.errors import DocumentError
from verifier.reasons import Reason

NODES = st.sampled_from(["_:a1", "_:b", "_:c", "<did:x:1>", "<https://specimen.example/>"])
PREDICATES = st.sampled_from(["<a:b>", "<a:c>"])
OBJECTS = NODES | st.text(max_size=4).map(literal) | st.integers().map(literal)
GRAPHS = st.lists(st.tuples(NODES, PREDICATES, OBJECTS), max_size=8)


def written(statements: list[tuple[str, str, str]]) -> bytes | None:
    try:
        return canonical(statements)
    except DocumentError as error:
        assert error.reason is Reason.PARTS_ALIKE
        return None


def test_nothing_is_written_for_nothing() -> None:
    assert canonical([]) == b""


def test_a_statement_is_a_line_and_equal_ones_are_one() -> None:
    statement = ("<did:x:1>", "<a:b>", literal("Vera"))
    assert canonical([statement, statement]) == b'<did:x:1> <a:b> "Vera" .\n'


def test_blank_nodes_are_numbered_by_what_is_said_of_them() -> None:
    graph = [("_:x", "<a:b>", "_:y"), ("_:y", "<a:c>", literal(1))]
    other = [("_:y", "<a:b>", "_:x"), ("_:x", "<a:c>", literal(1))]
    assert canonical(graph) == canonical(other)
    assert canonical(graph).count(b"_:c14n0") == canonical(graph).count(b"_:c14n0 ")


def test_nodes_that_nothing_tells_apart_are_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        canonical([("_:x", "<a:b>", literal("1")), ("_:y", "<a:b>", literal("1"))])
    assert refused.value.reason is Reason.PARTS_ALIKE
    # Told apart two steps away only: that would need the costly algorithm.
    far = [
        ("_:x", "<a:b>", "_:y"), ("_:y", "<a:b>", "<did:x:1>"),
        ("_:v", "<a:b>", "_:w"), ("_:w", "<a:b>", "<did:x:2>"),
    ]  # fmt: skip
    assert written(far) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", '""'),
        ("Vera", '"Vera"'),
        ('a"b\\c\nd\re', '"a\\"b\\\\c\\nd\\re"'),
        ("\t\0\x7f\u2028é", '"\t\0\x7f\u2028é"'),
        (5, '"5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (-5, '"-5"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("5", '"5"'),
    ],
)
def test_values_are_written_as_the_issuers_software_did(value: str | int, text: str) -> None:
    assert literal(value) == text


def test_an_instant_has_its_type() -> None:
    assert date_time("x").endswith('"x"^^<http://www.w3.org/2001/XMLSchema#dateTime>')


def test_lines_stand_in_the_order_of_sixteen_bit_units() -> None:
    # U+10384 is written as two units that come before U+FFEE.
    graph = [("<did:x:1>", "<a:b>", literal(text)) for text in ("\uffee", "\U00010384")]
    assert canonical(graph).decode().splitlines()[0].startswith('<did:x:1> <a:b> "\U00010384')


@pytest.mark.parametrize(
    ("text", "absolute"),
    [
        ("did:x:1", True),
        ("did:Aadhaar Card:*", True),
        ("a+,-.9:", True),
        ("schema:x", True),
        ("", False),
        (":", False),
        ("1a:", False),
        ("199012345678", False),
        ("no colon", False),
        ("di d:x", False),
        ("é:x", False),
        ("_:b0", False),
        ("/did:x", False),
    ],
)
def test_an_identifier_is_absolute_as_the_issuers_software_saw_it(
    text: str, *, absolute: bool
) -> None:
    assert (is_absolute(text) is not None) is absolute


@pytest.mark.parametrize("letter", [*'<>"\\{}|^`', "\n", "\r", "\t", "\0", "\x1f", "\x7f", "\x85"])
def test_what_would_end_an_identifier_is_not_safe(letter: str) -> None:
    assert not is_safe(f"did:x{letter}y")


def test_blanks_and_letters_of_other_scripts_are_safe() -> None:
    assert is_safe("did:Aadhaar Card:********1234 वेरा")


@given(GRAPHS, st.randoms())
def test_neither_names_nor_order_matter(graph: list[tuple[str, str, str]], chance: object) -> None:
    names = {"_:a1": "_:c", "_:b": "_:a1", "_:c": "_:z9"}
    other = [(names.get(s, s), p, names.get(o, o)) for s, p, o in graph]
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert written(graph) == written(other)


@given(GRAPHS, GRAPHS)
def test_different_graphs_are_written_differently(
    one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]
) -> None:
    first, second = written(one), written(other)
    if first is not None and first == second:
        assert sorted(p for _, p, _ in set(one)) == sorted(p for _, p, _ in set(other))
        assert len(set(one)) == len(set(other)) == first.count(b" .\n")
