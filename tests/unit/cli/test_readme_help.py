import pytest
from support.command import ROOT

from cli.helptext import END, helps, mark, with_helps

README = ROOT / "README.md"


def test_the_readme_shows_the_help_of_every_command_as_it_is() -> None:
    text = README.read_text("utf-8")
    assert with_helps(text) == text, "run: python -m cli.helptext README.md"


def test_help_fits_a_terminal() -> None:
    for path, text in helps().items():
        assert max(map(len, text.splitlines())) <= 80, path


def test_a_missing_section_is_an_error() -> None:
    text = "".join(f"{mark(path)}\n{END}\n" for path in helps())
    filled = with_helps(text)
    assert with_helps(filled) == filled
    with pytest.raises(ValueError, match="pratique explain"):
        with_helps(text.replace(mark("pratique explain"), ""))
