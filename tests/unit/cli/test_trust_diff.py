import base64
import json
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, jwk, name, pem
from support.command import Command, printed_by

from cli.style import Style
from cli.trust_diff import report_lines
from trustlists import import_sources
from trustlists.diff import compare
from verifier.codecs.x509 import read_certificate

NOW = 1_795_000_000
ONE = certificate(ec_key("one"), subject=name(country="DE", organisation="A\x1b[2JB"))
TWO = certificate(ec_key("two"), subject=name(country="FR"))


@pytest.fixture
def trust_diff(capfd: pytest.CaptureFixture[str]) -> Command:
    return printed_by(capfd, "trust", "diff")


def written(path: Path, *ders: bytes) -> Path:
    path.write_text("".join(map(pem, ders)))
    return path


def test_the_same_ends_with_0(trust_diff: Command, tmp_path: Path) -> None:
    keys = written(tmp_path / "keys.pem", ONE, TWO)
    status, results, remarks = trust_diff(keys, keys)
    assert (status, remarks) == (0, "")
    assert results.splitlines() == [
        "pem:keys: 0 new, 0 gone, 0 changed, 2 unchanged",
        "The same.",
    ]


def test_what_differs_is_shown_by_country_and_key(trust_diff: Command, tmp_path: Path) -> None:
    old = written(tmp_path / "old.pem", ONE)
    new = written(tmp_path / "a-rather-long-name-of-a-list-of-keys.pem", TWO, b"rubbish")
    status, results, _ = trust_diff(old, new)
    assert status == 10
    lines = results.splitlines()
    assert lines[0].split() == ["list", "country", "new", "gone", "changed"]
    assert lines[1].split() == ["pem:a-rather-long-name-of...", "DE", "0", "1", "0"]
    assert lines[2].split()[1:] == ["FR", "1", "0", "0"]
    assert "  1 entry of NEW could not be read" in lines
    assert any(line.startswith("  new      FR ") for line in lines)
    assert any(line.startswith("  gone     DE ") for line in lines)
    assert lines[-1] == "Different."


def stores(tmp_path: Path) -> tuple[Path, Path]:
    keys = tmp_path / "k.json"
    keys.write_text(json.dumps({"keys": [jwk(ec_key("a"))]}))
    made = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    for store, country, environment in zip(
        made, ("DE", None), ("production", "acceptance"), strict=True
    ):
        import_sources(store, [keys], now=NOW, country=country, environment=environment)
    return made


def test_changes_are_shown_with_both_values(trust_diff: Command, tmp_path: Path) -> None:
    _, results, _ = trust_diff(*stores(tmp_path))
    assert "  changed  -- AAECAwQFBgc=\n           country: DE → -\n" in results
    assert "  environment  production → acceptance\n" in results
    plain = report_lines(compare(*stores(tmp_path), now=NOW), Style(width=60, signs=False))
    assert all(line.isascii() and len(line) <= 60 for line in plain)


def test_long_lists_are_counted(trust_diff: Command, tmp_path: Path) -> None:
    many = [certificate(ec_key("k"), subject=name(common=str(n))) for n in range(25)]
    old, new = written(tmp_path / "old.pem", ONE), written(tmp_path / "new.pem", *many)
    assert "  new      and 5 more\n" in trust_diff(old, new)[1]


def test_the_same_as_json(trust_diff: Command, tmp_path: Path) -> None:
    status, results, _ = trust_diff("--json", *stores(tmp_path))
    found = json.loads(results)
    assert (status, results.count("\n"), results.isascii()) == (10, 1, True)
    assert (found["schema"], found["same"]) == ("pratique.trust_diff/1", False)
    [only] = found["lists"]
    assert only["environment"] == ["production", "acceptance"]
    assert only["changed"] == [
        {
            "country": None,
            "kid": "AAECAwQFBgc=",
            "facts": [{"fact": "country", "old": "DE", "new": None}],
        }
    ]
    assert found["countries"] == [
        {"list": "jwks:k", "country": None, "new": 0, "gone": 0, "changed": 1}
    ]


def test_control_characters_of_a_list_do_not_reach_the_terminal(
    trust_diff: Command, tmp_path: Path
) -> None:
    named, other = tmp_path / "a.sqlite", tmp_path / "b.json"
    import_sources(named, [written(tmp_path / "k.pem", ONE)], now=NOW)
    kid = read_certificate(ONE).kid
    bare = jwk(ec_key("one"), kid=base64.b64encode(kid).decode())
    other.write_text(json.dumps({"keys": [bare]}))
    _, results, _ = trust_diff(named, other)
    assert "name: A" in results
    assert "\x1b" not in results


def test_what_cannot_be_read_is_told(trust_diff: Command, tmp_path: Path) -> None:
    keys = written(tmp_path / "keys.pem", ONE)
    status, results, remarks = trust_diff(keys, tmp_path / "nothing")
    assert (status, results, len(remarks.splitlines())) == (3, "", 2)
    assert trust_diff(keys)[0] == 2
    assert trust_diff("--anchor", tmp_path / "none", keys, keys)[0] == 3


def test_an_anchor_vouches(trust_diff: Command, tmp_path: Path) -> None:
    keys, store = written(tmp_path / "keys.pem", ONE), tmp_path / "trust.sqlite"
    import_sources(store, [keys], now=NOW, anchors=[keys])
    assert trust_diff(store, keys)[0] == 10
    assert trust_diff("--anchor", keys, store, keys)[0] == 0
