import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.problem import printable, shown
from cli.style import Style, cells, wrap

TEXTS = st.text(st.characters(categories=["L", "M", "N", "P", "Zs"]), max_size=200).map(printable)


@given(TEXTS, st.integers(8, 100), st.sampled_from(["", "  ", "> "]))
def test_wrapped_lines_fit_and_nothing_is_lost(text: str, width: int, first: str) -> None:
    lines = wrap(text, width, first).split("\n")
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join((first + text).split())


def test_wide_letters_take_two_columns() -> None:
    assert cells("張偉") == 4
    assert cells("e\u0301") == 1
    assert wrap("張偉張偉", 6) == "張偉張\n偉"


@given(st.text())
def test_printable_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@pytest.mark.parametrize("hidden", "\x00\x07\x1b\x7f\x9b\u061c\u200b\u200f\u2028\u202e\u2066\ufeff")
def test_hidden_characters_become_visible_or_a_space(hidden: str) -> None:
    assert printable(f"a{hidden}b") in {"a\ufffdb", "a b"}


def test_long_names_keep_their_end() -> None:
    assert shown("x" * 100 + ".png").endswith("x.png")
    assert len(shown("x" * 100)) < 70


def test_signs_and_punctuation_have_a_spelling_in_ascii() -> None:
    plain = Style(signs=False)
    assert [plain.sign(sign) for sign in "✔✖?!"] == ["[OK]", "[X]", "[?]", "[!]"]
    assert plain.words("a — b → c · d").isascii()


def test_colour_is_an_addition_only() -> None:
    assert Style().paint("AUTHENTIC", "green") == "AUTHENTIC"
    assert "AUTHENTIC" in Style(colour=True).paint("AUTHENTIC", "green")
