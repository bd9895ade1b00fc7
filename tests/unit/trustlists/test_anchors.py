import hashlib
from pathlib import Path

import pytest
from support.certificates import CA, b64, certificate, ec_key, name, pem, spki_of

import trustlists.anchors
from trustlists.anchors import pinned_anchors, read_anchors, vouching, vouching_for_key
from trustlists.dialects import named
from verifier.codecs.x509 import read_certificate
from verifier.errors import SetupError
from verifier.trust import Environment

ROOT_NAME, MIDDLE_NAME = name(common="root"), name(common="middle")
ROOT = certificate(ec_key("root"), subject=ROOT_NAME, extensions=[CA])
MIDDLE = certificate(
    ec_key("middle"), signer=ec_key("root"), subject=MIDDLE_NAME, issuer=ROOT_NAME, extensions=[CA]
)
LEAF = certificate(ec_key("leaf"), signer=ec_key("middle"), issuer=MIDDLE_NAME)


def _written(folder: Path, content: str | bytes, file: str = "root.pem") -> Path:
    path = folder / file
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_pinned_anchors_have_the_fingerprints_of_their_keys() -> None:
    anchors = {anchor.name: anchor for anchor in pinned_anchors()}
    assert set(anchors) >= {"de-production", "de-acceptance"}
    assert anchors["de-production"].environment is Environment.PRODUCTION
    assert anchors["de-acceptance"].environment is Environment.ACCEPTANCE
    for anchor in anchors.values():
        assert anchor.fingerprint == hashlib.sha256(anchor.spki).digest()
        assert any(named(anchor.dialect))


def test_a_damaged_pinned_anchor_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = next(trustlists.anchors._FOLDER.glob("*.toml")).read_text("utf-8")
    lines = [
        line if not line.startswith("sha256") else 'sha256 = "00"' for line in good.splitlines()
    ]
    _written(tmp_path, "\n".join(lines), "de-test.toml")
    monkeypatch.setattr(trustlists.anchors, "_FOLDER", tmp_path)
    with pytest.raises(SetupError, match="de-test is damaged"):
        pinned_anchors()


def test_an_operator_gives_certificates_or_keys(tmp_path: Path) -> None:
    [anchor] = read_anchors(_written(tmp_path, pem(ROOT)))
    assert (anchor.name, anchor.spki) == ("root", spki_of(ec_key("root")))
    assert anchor.fingerprint == hashlib.sha256(ROOT).digest()
    assert anchor.environment is None
    assert anchor.certificate == read_certificate(ROOT)
    [bare] = read_anchors(_written(tmp_path, pem(spki_of(ec_key("root")), "PUBLIC KEY")))
    assert bare.certificate is None
    assert bare.fingerprint == hashlib.sha256(spki_of(ec_key("root"))).digest()
    assert len(read_anchors(_written(tmp_path, pem(ROOT) + pem(MIDDLE)))) == 2
    assert read_anchors(_written(tmp_path, ROOT, "root.pem")) == (anchor,)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no anchor at all",
        pem(ROOT) + pem(b"rubbish"),
        pem(certificate(ec_key("a"), spki=b"\x30\x00")),
        " " * (1024 * 1024 + 1),
    ],
    ids=["empty", "text", "rubbish beside", "no key inside", "huge"],
)
def test_a_file_that_is_no_anchor_is_not_guessed_at(tmp_path: Path, content: str) -> None:
    with pytest.raises(SetupError, match="no certificate and no public key"):
        read_anchors(_written(tmp_path, content))


def test_a_missing_anchor_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read: No such file"):
        read_anchors(tmp_path / "none.pem")


def test_an_anchor_vouches_for_what_it_signed_and_for_itself(tmp_path: Path) -> None:
    root = read_anchors(_written(tmp_path, pem(ROOT)))
    middle = read_anchors(_written(tmp_path, pem(MIDDLE)))
    bare_leaf = read_anchors(_written(tmp_path, pem(spki_of(ec_key("leaf")), "PUBLIC KEY")))
    bare_root = read_anchors(_written(tmp_path, pem(spki_of(ec_key("root")), "PUBLIC KEY")))
    leaf_facts, middle_facts, root_facts = map(read_certificate, (LEAF, MIDDLE, ROOT))
    assert vouching([leaf_facts], middle) == middle[0]
    assert vouching([leaf_facts], root) is None
    assert vouching([leaf_facts, middle_facts], root) == root[0]
    assert vouching([leaf_facts, middle_facts, root_facts], root) == root[0]
    assert vouching([leaf_facts, root_facts], root) is None
    assert vouching([root_facts], root) == root[0]
    assert vouching([leaf_facts], bare_leaf) == bare_leaf[0]
    # A bare key is no authority: it vouches for itself alone.
    assert vouching([middle_facts], bare_root) is None
    assert vouching([leaf_facts], ()) is None
    broken = leaf_facts._replace(spki=b"\x30\x00")
    assert vouching([broken], bare_leaf) is None


def test_another_certificate_of_the_same_key_is_not_the_anchor(tmp_path: Path) -> None:
    other = certificate(ec_key("root"), subject=name(common="other"))
    root = read_anchors(_written(tmp_path, pem(ROOT)))
    assert vouching([read_certificate(other)], root) is None


def test_an_anchor_vouches_for_its_bare_key(tmp_path: Path) -> None:
    root = read_anchors(_written(tmp_path, pem(ROOT)))
    assert vouching_for_key(spki_of(ec_key("root")), root) == root[0]
    assert vouching_for_key(spki_of(ec_key("leaf")), root) is None


def test_a_signer_is_no_authority() -> None:
    signer = certificate(ec_key("middle"), subject=MIDDLE_NAME)
    assert vouching([read_certificate(LEAF), read_certificate(signer)], ()) is None


def described(**changes: str | None) -> str:
    facts: dict[str, str | None] = {
        "dialect": '"dcc_austria"',
        "certificate": f'"{b64(ROOT)}"',
        "sha256": f'"{hashlib.sha256(ROOT).hexdigest()}"',
        **changes,
    }
    return "\n".join(f"{name} = {value}" for name, value in facts.items() if value)


def test_an_operator_describes_an_anchor_as_the_pinned_ones_are(tmp_path: Path) -> None:
    text = described(
        environment='"acceptance"',
        schemes='["at-exemption"]',
        countries='["AT"]',
        until="2027-01-01T00:00:00Z",
        signer='"Lists"',
    )
    [anchor] = read_anchors(_written(tmp_path, text, "own.toml"))
    assert (anchor.name, anchor.dialect, anchor.signer) == ("own", "dcc_austria", "Lists")
    assert (anchor.environment, anchor.until) == (Environment.ACCEPTANCE, 1_798_761_600)
    assert (anchor.schemes, anchor.countries) == ({"at-exemption"}, {"AT"})
    assert anchor.certificate == read_certificate(ROOT)
    spki = spki_of(ec_key("root"))
    text = described(
        certificate=None,
        public_key=f'"{b64(spki)}"',
        sha256=f'"{hashlib.sha256(spki).hexdigest()}"',
    )
    [anchor] = read_anchors(_written(tmp_path, text, "own.toml"))
    assert (anchor.spki, anchor.certificate, anchor.environment) == (spki, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "= no TOML",
        "x = '\xff'",
        described(certificate=None),
        described(certificate='"AAAA"'),
        described(certificate='"?"'),
        described(certificate="5"),
        described(sha256='"00"'),
        described(dialect=None),
        described(environment='"elsewhere"'),
        described(schemes='"eu-dcc"'),
        described(until="2027-01-01"),
        described(until='"tomorrow"'),
    ],
)
def test_a_description_that_is_not_right_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SetupError, match="not described"):
        read_anchors(path)
