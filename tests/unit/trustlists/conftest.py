"""Places and lists that the tests of this folder share."""

from pathlib import Path

import pytest
from Crypto.PublicKey import ECC
from support.certificates import certificate, ec_key, entry, name, pem, signed_list, spki_of


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "made by import" / "trust.sqlite"


@pytest.fixture
def list_key(tmp_path: Path) -> Path:
    """The operator's own anchor for lists in the German form."""
    path = tmp_path / "list-key.pem"
    path.write_text(pem(spki_of(ec_key("list")), "PUBLIC KEY"))
    return path


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A signed list of two countries."""
    entries = [
        entry(certificate(ec_key("one"), subject=name(country="DE", organisation="RKI"))),
        entry(certificate(ec_key("two"), subject=name(country="FR"))),
    ]
    path = tmp_path / "german.txt"
    path.write_bytes(signed_list(entries))
    return path


@pytest.fixture
def ed25519() -> bytes:
    """A point of edwards25519 as it is encoded, made by other code than reads it."""
    key = ECC.construct(curve="Ed25519", seed=bytes(range(32)))
    point: bytes = key.public_key().export_key(format="raw")
    return point
