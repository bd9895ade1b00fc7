import base64
import hashlib
import json
from pathlib import Path

import pytest
from support.certificates import (
    VACCINATION,
    certificate,
    ec_key,
    eku,
    jwk,
    name,
    pem,
    rsa_key,
    spki_of,
)
from support.command import Command, printed_by
from support.gdhcn import document_signer, signed, unsigned
from support.gdhcn import entry as gdhcn_entry
from support.icao import crl, csca, master_list, revoked
from support.revocation import anchor_file, batch, distribution, write_set

from cli.stores import default_store_path
from verifier.codecs.x509 import read_certificate

ONE = certificate(
    ec_key("one"),
    subject=name(country="DE", organisation="Institut \x1b]0;x\x07"),
    extensions=[eku(VACCINATION)],
)
KID = read_certificate(ONE).kid


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "trust.sqlite"
    monkeypatch.setenv("PRATIQUE_STORE", str(path))
    return path


@pytest.fixture
def trust(capfd: pytest.CaptureFixture[str]) -> Command:
    return printed_by(capfd, "trust")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.pem"
    path.write_text(pem(ONE) + pem(certificate(ec_key("two"), subject=name(country="FR"))))
    return path


def test_an_import_tells_what_is_new_and_what_nobody_vouches_for(
    trust: Command, keys: Path, store: Path
) -> None:
    status, results, remarks = trust("import", keys)
    assert status == 0
    assert results.splitlines()[:2] == [
        "pem:keys: production, 2 keys, 0 vouched for",
        "  2 new, 0 gone, 0 changed, 0 unchanged, 0 entries refused",
    ]
    assert f"  new      DE {base64.b64encode(KID).decode()}" in results.splitlines()
    assert "No anchor vouches for 2 of the keys of pem:keys" in remarks
    assert store.exists()


def test_an_import_tells_what_is_gone_and_what_was_refused(trust: Command, keys: Path) -> None:
    trust("import", keys)
    keys.write_text(pem(ONE) + pem(spki_of(ec_key("x")), "PUBLIC KEY"))
    status, results, _ = trust("import", "--anchor", keys.with_name("a.pem"), keys)
    assert status == 3  # the anchor is not there
    keys.with_name("a.pem").write_text(pem(ONE))
    status, results, remarks = trust("import", "--anchor", keys.with_name("a.pem"), keys)
    assert status == 0
    assert "  0 new, 1 gone, 1 changed, 0 unchanged, 1 entry refused" in results
    assert "  gone     FR" in results
    assert "  changed  DE" in results
    assert "  refused  block 1: a bare key" not in results
    assert "  refused  block 2: a bare key without an id" in results
    assert remarks == ""


def test_long_lists_are_counted_instead(trust: Command, tmp_path: Path) -> None:
    many = tmp_path / "many.pem"
    blocks = [pem(b"rubbish")] * 25
    blocks += [pem(certificate(ec_key("k"), subject=name(common=str(n)))) for n in range(25)]
    many.write_text("".join(blocks))
    _, results, _ = trust("import", many)
    assert "  refused  and 5 more" in results
    assert "  new      " not in results


def test_a_refused_list_is_told_and_the_others_are_taken(
    trust: Command, keys: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("not a list")
    status, results, remarks = trust("import", bad, keys, tmp_path / "none")
    assert status == 3
    assert "pem:keys: production, 2 keys" in results
    told = remarks.splitlines()
    assert told[0].startswith("pratique: bad.txt: This is no kind of trust list")
    assert told[1] == "  See --from."
    assert "none cannot be taken" in remarks


def test_environments_are_mixed_only_in_so_many_words(trust: Command, keys: Path) -> None:
    assert trust("import", "--environment", "specimen", keys)[0] == 0
    other = keys.with_name("other.pem")
    other.write_text(keys.read_text())
    status, _, remarks = trust("import", "--environment", "production", other)
    assert (status, "belongs to production" in remarks) == (3, True)
    mixed = trust("import", "--environment", "production", "--mix-environments", other)
    assert mixed[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "Missing argument 'SOURCE...'"),
        (("import", "--from", "gdhcm", "x"), "known are dcc, "),
        (("import", "--country", "Austria", "x"), "two letters or three"),
        (("import", "--environment", "moon", "x"), "'moon'"),
    ],
)
def test_wrong_calls_are_told(trust: Command, arguments: tuple[str, ...], said: str) -> None:
    status, results, remarks = trust(*arguments)
    assert status == 2
    assert results == ""
    assert said in remarks


def test_scheme_and_country_speak_for_bare_keys(trust: Command, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [jwk(ec_key("a"), kid="AAECAwQFBgc=")]}))
    arguments = ("--from", "jwks", "--scheme", "at-exemption", "--country", "at", path)
    assert trust("import", *arguments)[0] == 0
    _, results, _ = trust("show", "0001020304050607")
    facts = dict(line.split("  ", 1) for line in results.splitlines() if line[:1] != " ")
    assert {label: fact.strip() for label, fact in facts.items()} == {
        "key id": "AAECAwQFBgc= (0001020304050607)",
        "country": "AT",
        "issuer": "not said",
        "key": "P-256",
        "for": "at-exemption",
        "uses": "all",
        "valid from": "not said",
        "valid until": "not said",
        "list": "jwks:keys",
        "environment": "production",
        "known as of": facts["known as of"].strip(),
        "role": "signs documents",
        "on the word of": "nobody",
        "vouched for by": "no anchor",
        "public key": facts["public key"].strip(),
    }


@pytest.mark.parametrize(
    "kid",
    [
        base64.b64encode(KID).decode(),
        base64.urlsafe_b64encode(KID).decode().rstrip("=").replace("-", "+"),
        KID.hex(),
        KID.hex(":").upper(),
    ],
    ids=["base64", "unpadded", "hex", "colons"],
)
def test_a_key_is_shown_by_any_spelling_of_its_id(trust: Command, keys: Path, kid: str) -> None:
    keys.with_name("a.pem").write_text(pem(ONE))
    trust("import", "--anchor", keys.with_name("a.pem"), keys)
    status, results, remarks = trust("show", kid)
    assert (status, remarks) == (0, "")
    assert "uses            vaccination\n" in results
    assert "valid until     2036-01-01\n" in results
    assert "vouched for by  a\n" in results
    assert "certificate     SHA-256\n" in results
    assert "issuer          Institut ]0;x\n" in results
    assert "\x1b" not in results


def test_an_unknown_key_is_told(trust: Command, keys: Path) -> None:
    trust("import", keys)
    status, results, remarks = trust("show", "nobody")
    assert (status, results) == (3, "")
    assert "no key with this id" in remarks


def test_countries_and_lists_are_shown(trust: Command, keys: Path) -> None:
    long_name = keys.with_name("a-rather-long-name-of-a-file-of-keys.pem")
    long_name.write_text(pem(certificate(ec_key("x"), subject=name(country=None))))
    trust("import", "--anchor", keys, keys, long_name)
    _, results, _ = trust("list")
    lines = results.splitlines()
    assert lines[0].split() == ["list", "environment", "as", "of", "keys", "vouched"]
    assert lines[1].startswith("pem:a-rather-long-name-of...  production  ")
    assert lines[2].split()[-2:] == ["2", "2"]
    assert lines[4].split()[:3] == ["country", "list", "keys"]
    assert [line.split()[0] for line in lines[5:8]] == ["-", "DE", "FR"]
    assert lines[6].split()[2:] == ["1", "1", "1", "2036-01-01"]
    assert [line.split()[-2:] for line in lines[-2:]] == [["1", "nobody"], ["2", "anchor"]]


def test_lists_are_shown_by_country_list_kind_and_date(trust: Command, keys: Path) -> None:
    other = keys.with_name("other.pem")
    other.write_text(pem(certificate(rsa_key(2048), subject=name(country="DE"))))
    trust("import", keys, other)

    def counted(*arguments: str) -> list[tuple[str, str, int]]:
        status, results, remarks = trust("list", "--json", *arguments)
        assert (status, "No key" in remarks) == (0, results.endswith('"algorithms":[]}\n'))
        found = json.loads(results)["algorithms"]
        return [(each["algorithm"], each["list"], each["keys"]) for each in found]

    ours, others = ("P-256", "pem:keys", 2), ("RSA 2048", "pem:other", 1)
    assert counted() == [ours, others]
    assert counted("--algorithm", "rsa") == [others]
    assert counted("--list", "pem:keys") == [ours]
    assert counted("--country", "FRA") == [("P-256", "pem:keys", 1)]
    assert counted("--valid-at", "2030-01-01") == [ours, others]
    assert counted("--valid-at", "2040-01-01T00:00:00Z") == []
    _, results, _ = trust("list", "--country", "DE", "--algorithm", "P-256")
    tables = [part.splitlines() for part in results.split("\n\n")]
    assert [table[0].split()[0] for table in tables] == ["list", "country", "key", "list"]
    assert [len(table) for table in tables] == [2, 2, 2, 2]
    assert trust("list", "--country", "DE", "--algorithm", "RSA 2048", "--list", "pem:keys")[2]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--valid-at", "soon"), 2, "What follows --valid-at is no instant."),
        (("--valid-at", "2030-01-01T00:00:00"), 2, "after --valid-at has no time zone"),
        (("--country", "Germany"), 2, "two letters or three"),
    ],
)
def test_wrong_questions_are_told(
    trust: Command, keys: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    trust("import", keys)
    found, _, remarks = trust("list", *arguments)
    assert (found, said in remarks) == (status, True)


def test_issuer_and_id_speak_for_bare_keys(trust: Command, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(pem(spki_of(ec_key("a")), "PUBLIC KEY"))
    said = ("--scheme", "nz-covid-pass", "--kid", "key-1", "--issuer", "did:web:a.example.test")
    assert trust("import", *said, path)[0] == 0
    _, results, _ = trust("show", "key-1")
    assert "signs for       did:web:a.example.test\n" in results


def test_the_same_as_json(trust: Command, keys: Path) -> None:
    trust("import", "--anchor", keys, keys)
    _, results, _ = trust("list", "--json")
    found = json.loads(results)
    assert found["schema"] == "pratique.trust/1"
    [stored] = found["lists"]
    assert (stored["name"], stored["keys"], stored["anchor"]) == ("pem:keys", 2, None)
    assert found["countries"][0] == {
        "country": "DE",
        "list": "pem:keys",
        "environment": "production",
        "keys": 1,
        "authenticated": 1,
        "in_date": 1,
        "not_before": "2026-01-01",
        "not_after": "2036-01-01",
    }


def test_a_missing_store_is_told(trust: Command) -> None:
    status, results, remarks = trust("list")
    assert (status, results) == (3, "")
    assert "cannot be read: No such file" in remarks
    assert "pratique trust import" in remarks


def test_the_store_lies_where_the_user_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRATIQUE_STORE", "/somewhere/else")
    assert default_store_path() == "/somewhere/else"
    monkeypatch.delenv("PRATIQUE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_store_path() == str(tmp_path / "pratique" / "trust.sqlite")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert default_store_path() == "/home/somebody/.local/share/pratique/trust.sqlite"


def test_a_list_from_the_future_tells_that_the_clock_is_wrong(
    trust: Command, tmp_path: Path
) -> None:
    file, anchor = tmp_path / "list.json", tmp_path / "who.pem"
    file.write_bytes(signed(unsigned(gdhcn_entry(document_signer("one"))), key="own"))
    anchor.write_text(pem(spki_of(ec_key("own")), "PUBLIC KEY"))
    status, results, remarks = trust("import", "--anchor", anchor, "--max-age", "3", file)
    assert (status, "set the clock" in remarks) == (0, False)
    assert "gdhcn-prod: production, 1 key, 1 vouched for" in results
    late = unsigned(gdhcn_entry(document_signer("one")), created="2999-01-01T00:00:00Z")
    file.write_bytes(signed(late, key="own"))
    status, _, remarks = trust("import", "--anchor", anchor, file)
    assert (status, "set the clock" in remarks) == (0, True)


def test_check_is_one_of_the_commands(trust: Command, keys: Path) -> None:
    assert "check" in trust("--help")[1]
    status, results, _ = trust("check", keys)
    assert status == 0
    assert "TRL-" in results


@pytest.fixture
def master(tmp_path: Path) -> tuple[Path, Path]:
    """A master list signed with SHA-1, and the anchor that vouches for it."""
    listed, anchor = tmp_path / "master.ml", tmp_path / "un.der"
    listed.write_bytes(master_list(csca("AU"), digest="sha1"))
    anchor.write_bytes(csca("UN"))
    return listed, anchor


def test_sha1_is_taken_for_a_named_file_alone(trust: Command, master: tuple[Path, Path]) -> None:
    listed, anchor = master
    status, results, remarks = trust("import", "--anchor", anchor, listed)
    assert (status, results) == (3, "")
    assert "--accept-sha1" in remarks
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    status, results, remarks = trust("import", "--anchor", anchor, "--accept-sha1", digest, listed)
    assert status == 0
    assert results.startswith("icao:un: production, 1 key, 1 vouched for")
    assert "because you named this very file" in remarks
    _, results, _ = trust("list", "--json")
    [stored] = json.loads(results)["lists"]
    assert (stored["levels"], stored["remarks"]) == ({"list": 1}, ["sha1"])


def test_a_revocation_list_tells_what_it_withdraws(trust: Command, tmp_path: Path) -> None:
    anchor = tmp_path / "au.der"
    anchor.write_bytes(csca("AU"))
    withdrawn = tmp_path / "au.crl"
    withdrawn.write_bytes(crl("AU", revoked(7)))
    status, results, _ = trust("import", "--anchor", anchor, withdrawn)
    assert status == 0
    assert results.startswith(
        "icao-crl:AU:4155: production, a revocation list, 1 certificate withdrawn"
    )


def test_an_authority_is_shown_as_one(trust: Command, tmp_path: Path) -> None:
    path = tmp_path / "au.der"
    path.write_bytes(csca("AU"))
    trust("import", "--from", "icao", "--anchor", path, path)
    _, results, _ = trust("show", "4155")
    facts = dict(line.split("  ", 1) for line in results.splitlines() if line[:1] != " ")
    assert facts["for"].strip() == "vds-nc"
    assert facts["role"].strip() == "signs the certificates of signers"
    assert facts["on the word of"].strip() == "anchor"


def test_an_import_as_json_has_every_entry(trust: Command, keys: Path, tmp_path: Path) -> None:
    status, results, remarks = trust("import", "--json", keys, tmp_path / "none")
    assert status == 3
    found = json.loads(results)
    assert results.count("\n") == 1
    assert (found["schema"], found["complete"]) == ("pratique.trust_import/1", False)
    taken, refused = found["lists"]
    assert (taken["name"], taken["keys"], taken["authenticated"]) == ("pem:keys", 2, 0)
    assert {"country": "DE", "kid": base64.b64encode(KID).decode()} in taken["new"]
    assert taken["refusal"] is None
    assert refused["name"] is None
    assert "No such file" in refused["refusal"]["next"]
    assert "none cannot be taken" in remarks
    keys.write_text(pem(ONE) + pem(b"rubbish"))
    anchor = tmp_path / "anchor.pem"
    anchor.write_text(pem(ONE))
    [taken] = json.loads(trust("import", "--json", "--anchor", anchor, keys)[1])["lists"]
    assert [each["country"] for each in taken["gone"]] == ["FR"]
    [changed] = taken["changed"]
    assert changed["facts"] == ["level", "anchor"]
    [entry] = taken["refused"]
    assert (entry["entry"], entry["reason"]) == ("block 2", "not_a_certificate")
    assert "not a certificate" in entry["words"]


def test_an_import_says_what_of_a_key_has_changed(trust: Command, keys: Path) -> None:
    trust("import", keys)
    anchor = keys.with_name("anchor.pem")
    anchor.write_text(pem(ONE))
    _, results, _ = trust("import", "--anchor", anchor, keys)
    assert f"  changed  DE {base64.b64encode(KID).decode()}: level, anchor" in results


def test_no_progress_is_shown_where_there_is_no_terminal(trust: Command, keys: Path) -> None:
    anchor = keys.with_name("anchor.pem")
    anchor.write_text(keys.read_text())
    assert trust("import", "--anchor", anchor, keys)[2] == ""


def test_show_without_a_key_tells_of_each_issuer_what_is_withdrawn(
    trust: Command, tmp_path: Path
) -> None:
    trust("import", csca_file(tmp_path))
    status, results, _ = trust("show")
    assert (status, results.split("\n")[0]) == (
        0, "No list of withdrawn certificates is in the store, so none is checked for that.",
    )  # fmt: skip
    listed = [bytes([number]) * 16 for number in range(3)]
    files = {"one.batch": batch(listed, country="FR"), **distribution(bytes(8), listed)}
    folder = write_set(tmp_path / "set", files, complete=["DE", "FR"])
    status, results, _ = trust("import", folder, "--anchor", anchor_file(tmp_path), "--quiet")
    assert status == 0
    assert "a revocation list, 3 certificates withdrawn" in " ".join(results.split())
    _, results, _ = trust("show")
    lines = [line.split() for line in results.splitlines()]
    assert lines[0] == ["revocations:office:specimen"]
    assert lines[1][-1] == "fresh" or lines[1][-2:] == ["too", "old"]
    assert lines[2][:3] == ["issuer", "listed", "filters"]
    assert lines[3][:4] == ["any", "country", "0", "1"]
    assert lines[3][-2:] == ["in", "part"]
    assert [line[:2] + line[-1:] for line in lines[4:]] == [["DE", "0", "yes"], ["FR", "3", "yes"]]


def csca_file(folder: Path) -> Path:
    path = folder / "one.pem"
    path.write_text(pem(ONE))
    return path
