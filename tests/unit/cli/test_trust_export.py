import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, jwk, name, pem
from support.office import Office, countries_in

from cli.app import run
from cli.exit_codes import SETUP, USAGE
from trustlists import import_sources

NOW = 1_795_000_000
ONE = certificate(ec_key("one"), subject=name(country="DE"))
TWO = certificate(ec_key("two"), subject=name(country="FR"))

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def trust(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``pratique trust`` and give its exit status, results and remarks."""

    def command(*arguments: object) -> tuple[int, str, str]:
        status = run(["trust", *map(str, arguments)])
        results, remarks = capfd.readouterr()
        return status, results, remarks

    return command


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path, keys = tmp_path / "trust.sqlite", tmp_path / "keys.pem"
    keys.write_text(pem(ONE) + pem(TWO))
    import_sources(path, [keys], now=NOW)
    keys = tmp_path / "set.json"
    keys.write_text(json.dumps({"keys": [jwk(ec_key("a"))]}))
    import_sources(path, [keys], now=NOW, scheme="at-exemption", country="AT")
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    return path


def test_certificates_are_written_and_the_rest_is_told(trust: Command, store: Path) -> None:
    status, results, remarks = trust("export")
    assert (status, results.count("BEGIN CERTIFICATE")) == (0, 2)
    assert remarks.startswith("pratique: Left out 1: the key has no certificate")
    assert trust("export", "--store", store, "--form", "pem")[1] == results


def test_choices_are_passed_on(trust: Command, store: Path) -> None:
    assert store.exists()
    assert trust("export", "--country", "DEU")[1] == pem(ONE)
    assert trust("export", "--list", "pem:keys")[1].count("BEGIN") == 2
    found = json.loads(trust("export", "--form", "jwks", "--scheme", "at-exemption")[1])
    assert [key["kid"] for key in found["keys"]] == ["AAECAwQFBgc="]
    assert len(json.loads(trust("export", "--form", "json")[1])["keys"]) == 3


@pytest.mark.parametrize(
    ("arguments", "expected", "said"),
    [
        (("--vouched",), SETUP, "No key of the store"),
        (("--country", "Austria"), SETUP, "two or three letters"),
        (("--list", "nobody's"), SETUP, "no list of that name"),
        (("--form", "der"), USAGE, "'der'"),
        (("--key", "a"), USAGE, "are for --bundle FILE"),
        (("--days", "3"), USAGE, "are for --bundle FILE"),
        (("--bundle", "b", "--roots", "r", "--key", "k", "--country", "DE"), USAGE, "whole store"),
        (("--bundle", "b", "--roots", "r"), USAGE, "--key FILE"),
        (("--bundle", "b", "--key", "k"), USAGE, "--roots FOLDER"),
        (("--bundle", "b", "--key", "k", "--roots", "nowhere"), SETUP, "There is no root in"),
    ],
)
def test_wrong_calls_are_told(
    trust: Command, store: Path, arguments: tuple[str, ...], expected: int, said: str
) -> None:
    assert store.exists()
    status, results, remarks = trust("export", *arguments)
    assert (status, results) == (expected, "")
    assert said in remarks
    assert not Path("b").exists()


def test_an_office_and_a_desk_from_the_first_key_to_the_second_bundle(
    trust: Command, store: Path, tmp_path: Path
) -> None:
    roots, bundle = tmp_path / "roots", tmp_path / "office.bundle"
    desk = tmp_path / "desk" / "trust.sqlite"
    for who in ("head", "deputy", "clerk"):
        status, results, _ = trust("keys", "new", tmp_path / who)
        assert (status, results.split()[1:]) == (0, [f"{who},", f"{who}.pub"])
    status, results, remarks = trust(
        "keys", "root", roots, "--root-threshold", 2, "--days", 20,
        "--root-key", tmp_path / "head.pub", "--root-key", tmp_path / "deputy.pub",
        "--bundle-key", tmp_path / "clerk.pub", "--key", tmp_path / "head",
    )  # fmt: skip
    assert status == 0
    assert results.startswith("1.root.json: 2 of 2 keys sign roots, 1 of 1 sign bundles, until ")
    assert "1 more signature needed: pratique trust keys sign 1.root.json" in remarks
    status, results, remarks = trust(
        "keys", "sign", roots / "1.root.json", "--key", tmp_path / "deputy"
    )
    assert (status, results, remarks) == (0, "1.root.json: signed.\n", "")

    status, results, remarks = trust(
        "export", "--bundle", bundle, "--roots", roots, "--key", tmp_path / "clerk"
    )
    assert (status, results.startswith("Bundle ")) == (0, True)
    assert "under root 1." in results
    assert "The root ends on" in remarks

    status, results, remarks = trust("import", "--store", desk, bundle)
    assert (status, "whose bundles it may take" in remarks) == (3, True)
    status, results, remarks = trust(
        "import", "--store", desk, "--root", roots / "1.root.json", bundle
    )
    assert (status, remarks) == (0, "")
    assert "taken, good until" in results
    assert "pem:keys (new): 2 new" in results
    assert countries_in(desk) == {"DE", "FR", "AT"}
    again = trust("import", "--store", desk, bundle)
    assert (again[0], again[1].splitlines()[-1]) == (0, "The same.")
    found = json.loads(trust("import", "--store", desk, "--json", bundle)[1])
    assert (found["schema"], found["root_version"]) == ("pratique.trust_bundle/1", 1)
    assert (found["from_future"], found["changes"]["same"]) == (False, True)
    assert store.read_bytes() == desk.read_bytes()


def test_a_bundle_is_imported_alone(trust: Command, store: Path, tmp_path: Path) -> None:
    central = Office(tmp_path / "office")
    root = central.root()
    bundle = central.bundle("DE").path
    for arguments in (
        (bundle, store.with_name("keys.pem")),
        (bundle, "--country", "DE"),
        (bundle, "--max-age", "3"),
        (bundle, "--unsigned"),
        (bundle, "--scheme", "eu-dcc"),
        (bundle, "--issuer", "specimen"),
        (bundle, "--kid", "one"),
        (bundle, "--accept-sha1", "00" * 32),
        ("--root", root, bundle, bundle),
    ):
        status, _, remarks = trust("import", *arguments)
        assert (status, "A bundle is imported alone" in remarks) == (USAGE, True)
    status, _, remarks = trust("import", "--root", root, store.with_name("keys.pem"))
    assert (status, "was not made by this program" in remarks) == (SETUP, True)


def test_a_bundle_from_the_future_says_to_set_the_clock(trust: Command, tmp_path: Path) -> None:
    central = Office(tmp_path / "office")
    root = central.root("a", bundle_keys="bc", bundle_threshold=2)
    made = central.bundle("DE", at=2_500_000_000, signers="b")
    _, results, remarks = trust("keys", "sign", made.path, "--key", central.key("c").private)
    assert (results, remarks) == (f"{made.path.name}: signed.\n", "")
    desk = tmp_path / "desk.sqlite"
    _, results, remarks = trust("import", "--store", desk, "--root", root, made.path)
    assert "of 2049-03-22 taken" in results
    assert "set the clock" in remarks


def test_how_many_signatures_are_missing_is_told(
    trust: Command, store: Path, tmp_path: Path
) -> None:
    central = Office(tmp_path / "office")
    central.root("a", bundle_keys="bcd", bundle_threshold=3)
    bundle = tmp_path / "b.bundle"
    _, _, remarks = trust(
        "export", "--store", store, "--bundle", bundle, "--roots", central.roots, "--days", 5,
        "--key", central.key("b").private,
    )  # fmt: skip
    assert "2 more signatures needed: pratique trust keys sign b.bundle --key" in remarks
