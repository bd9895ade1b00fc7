from pathlib import Path

import pytest

from trustlists.configuration import (
    Subscription,
    example_configuration,
    read_configuration,
)
from verifier.errors import SetupError
from verifier.trust import Environment

WHOLE = """
hosts = ["Lists.Example"]
[[source]]
name = "One"
url = "https://lists.example/one"
companions = ["https://lists.example/one.sig"]
dialect = "dcc"
scheme = "at-exemption"
country = "AT"
anchors = ["keys/one.pem", "/etc/two.pem"]
environment = "acceptance"
test-nations = true
max-age = 3
[[source]]
name = "Two"
url = "https://lists.example/two"
"""
HEAD = 'hosts = ["a.example"]\n[[source]]\nname = "One"\nurl = "https://a.example/"\n'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "sources.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_configuration_says_what_is_fetched_and_how(tmp_path: Path) -> None:
    found = read_configuration(written(tmp_path, WHOLE))
    assert found.hosts == {"lists.example"}
    assert found.sources == (
        Subscription(
            "One",
            "https://lists.example/one",
            ("https://lists.example/one.sig",),
            "dcc",
            "at-exemption",
            "AT",
            (tmp_path / "keys" / "one.pem", Path("/etc/two.pem")),
            Environment.ACCEPTANCE,
            test_nations=True,
            max_age=3 * 86_400,
        ),
        Subscription("Two", "https://lists.example/two"),
    )


def test_the_example_is_one(tmp_path: Path) -> None:
    found = read_configuration(written(tmp_path, example_configuration()))
    assert found.hosts == {"tng-cdn.who.int"}
    assert [source.dialect for source in found.sources] == ["gdhcn"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it needs hosts"),
        ("hosts = []", "it needs hosts"),
        ('hosts = ["a"]', "at least one"),
        ('hosts = ["a"]\nsource = 5', "at least one"),
        ('hosts = ["a"]\nsource = [5]', "source is no table"),
        ('hosts = [5]\n[[source]]\nname = "x"\nurl = "y"', "hosts of it is no list of texts"),
        ('hosts = "a"\n[[source]]\nname = "x"\nurl = "y"', "hosts of it is no list of texts"),
        ('hosts = ["a"]\n[[source]]\nname = "x"', "needs a name and a url"),
        ('hosts = ["a"]\n[[source]]\nurl = "x"', "needs a name and a url"),
        ('hosts = ["a"]\n[[source]]\nname = 5', "name of a source is no plain text"),
        ('hosts = ["a"]\n[[source]]\nname = "\\u001b"', "name of a source is no plain text"),
        (HEAD + "unsigned = true", "by hand only"),
        (HEAD + 'colour = "red"', "source One has the unknown member colour"),
        (HEAD + '"\\u001b" = 1', r"unknown member \?"),
        ("other = 1\n" + HEAD, "it has the unknown member other"),
        (HEAD + 'max-age = "3"', "no number of days"),
        (HEAD + "max-age = true", "no number of days"),
        (HEAD + "max-age = 0", "no number of days"),
        (HEAD + 'environment = "moon"', "is none of production"),
        (HEAD + "test-nations = 1", "neither true nor false"),
        (HEAD + "companions = [1]", "no list of texts"),
        (HEAD + '[[source]]\nname = "One"\nurl = "z"', "two sources are called One"),
        ("hosts = [", "not TOML"),
        (b"\xff", "not TOML"),
        ("#" * 2_000_000, "larger than any"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(SetupError, match=said) as caught:
        read_configuration(written(tmp_path, text))
    assert str(caught.value).count("\n") == 1


def test_a_configuration_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file or directory"):
        read_configuration(tmp_path / "sources.toml")
