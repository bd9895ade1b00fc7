import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.certificates import certificate, ec_key, entry, name, pem, signed_list, spki_of
from support.web import Publisher, publishing, resumable, status, tls_for

from cli.app import run
from trustlists import TrustStore
from trustlists.faults import FAULT_WORDS, Fault

ONE = certificate(ec_key("one"), subject=name(country="DE"))
LIST = signed_list([entry(ONE)])

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust.sqlite"
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    for variable in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    (tmp_path / "key.pem").write_text(pem(spki_of(ec_key("list")), "PUBLIC KEY"))
    return path


@pytest.fixture
def trust(capfd: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: object) -> tuple[int, str, str]:
        code = run(["trust", *map(str, arguments)])
        results, remarks = capfd.readouterr()
        return code, results, remarks

    return command


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A publisher over TLS, whose certificate this system trusts."""
    context, trusted = tls_for(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with publishing(resumable(LIST), tls=context) as made:
        yield made


def source(title: str, url: str, *more: str) -> str:
    return "\n".join(["[[source]]", f'name = "{title}"', f'url = "{url}"', *more, ""])


def configured(folder: Path, *sources: str) -> Path:
    path = folder / "sources.toml"
    path.write_text("\n".join(['hosts = ["localhost"]', *sources]))
    return path


def test_configured_lists_come_in(
    trust: Command, server: Publisher, tmp_path: Path, store: Path
) -> None:
    url = server.url(host="localhost")
    configured(tmp_path, source("Germany", url, 'anchors = ["key.pem"]'))
    code, results, remarks = trust("refresh")
    assert code == 0
    assert results.splitlines()[:2] == [
        "Germany: fetched",
        "dcc:key: production, 1 key, 1 vouched for",
    ]
    assert remarks == ""
    code, results, _ = trust("refresh", "--quiet")
    assert results.startswith("Germany: not changed since the last fetch\n")
    with TrustStore.open(store) as opened:
        assert len(opened.lists()) == 1


def test_each_failure_has_its_line_and_the_others_come_in(
    trust: Command, server: Publisher, tmp_path: Path
) -> None:
    url = server.url(host="localhost")
    file = configured(
        tmp_path,
        source("Elsewhere", "https://example.invalid/x"),
        source("Germany", url, 'anchors = ["key.pem"]'),
        source("No anchor", url),
    )
    code, results, remarks = trust("refresh", "--config", file)
    assert code == 3
    assert "Germany: fetched" in results
    assert remarks.splitlines() == [
        "pratique: Elsewhere: example.invalid is not among the hosts that may be fetched from.",
        "  Add it to hosts in the configuration, if it is right.",
        f"pratique: No anchor: {FAULT_WORDS[Fault.SIGNER_UNKNOWN][0]}",
        "  Fetch it again, or name the key that signs it with --anchor.",
    ]


def test_a_refresh_as_json(trust: Command, server: Publisher, tmp_path: Path) -> None:
    url = server.url(host="localhost")
    configured(
        tmp_path,
        source("Germany", url, 'anchors = ["key.pem"]'),
        source("Elsewhere", "https://example.invalid/x"),
    )
    code, results, _ = trust("refresh", "--json")
    assert code == 3
    found = json.loads(results)
    assert results.count("\n") == 1
    assert (found["schema"], found["complete"]) == ("pratique.trust_refresh/1", False)
    germany, elsewhere = found["sources"]
    assert (germany["name"], germany["sent"], germany["failure"]) == ("Germany", True, None)
    assert germany["lists"][0]["keys"] == 1
    assert elsewhere["failure"]["fault"] == "host_not_listed"


def test_without_a_configuration_the_way_to_one_is_shown(trust: Command) -> None:
    code, results, remarks = trust("refresh")
    assert (code, results) == (3, "")
    assert "sources.toml cannot be read" in remarks
    assert "pratique trust refresh --example" in remarks


def test_the_example_is_shown(trust: Command) -> None:
    code, results, _ = trust("refresh", "--example")
    assert code == 0
    assert "https://tng-cdn.who.int/v2/trustlist/did.json" in results


def test_an_address_is_imported(
    trust: Command, server: Publisher, tmp_path: Path, store: Path
) -> None:
    url = server.url("/german.txt", host="localhost")
    code, results, remarks = trust("import", "--anchor", tmp_path / "key.pem", url)
    assert (code, remarks) == (0, "")
    assert results.startswith("dcc:key: production, 1 key, 1 vouched for\n")
    assert store.exists()


def test_an_address_that_fails_is_told(trust: Command, server: Publisher) -> None:
    server.script[:] = [status(404)]
    code, _, remarks = trust("import", server.url(host="localhost"))
    assert code == 3
    assert "localhost does not give the list: it answers 404." in remarks
