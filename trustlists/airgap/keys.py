"""The keys that sign roots and bundles: Ed25519, as PEM files (RFC 8410).

A private half is as secret as its place: keep it on a medium of its own, in a locked drawer.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata

from verifier.errors import SetupError

_KEY_BYTES = 64 * 1024  # an Ed25519 key has some hundred

PathLike = str | os.PathLike[str]


class KeyPair(NamedTuple):
    """The two files of a key, and the id by which roots name it (hexadecimal)."""

    private: Path
    public: Path
    key_id: str


def new_key(path: PathLike) -> KeyPair:
    """Make a key: the private half at ``path``, for its owner alone, the public one at ``.pub``.

    Raises ``SetupError`` when there is a file already or none can be made.
    """
    private = Path(path)
    public = private.with_name(private.name + ".pub")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    spoken = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        _write_new(public, spoken, mode=0o644)
        _write_new(private, secret, mode=0o600)
    except FileExistsError as error:
        message = f"{Path(error.filename).name} is there already.\nChoose another name."
        raise SetupError(message) from None
    except OSError as error:
        message = f"{private.name} cannot be written: {error.strerror}.\nChoose another place."
        raise SetupError(message) from None
    return KeyPair(private, public, SSlibKey.from_crypto(key.public_key()).keyid)


def _write_new(path: Path, data: bytes, *, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def read_public(path: PathLike) -> SSlibKey:
    """Read the public half of a key. Raises ``SetupError``."""
    try:
        key = load_pem_public_key(_read(path))
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        message = f"{Path(path).name} is not the public half of a key.\n"
        raise SetupError(message + "Give the file that ends in .pub.")
    return SSlibKey.from_crypto(key)


def read_signers(paths: Sequence[PathLike]) -> list[CryptoSigner]:
    """Read the private halves of keys. Raises ``SetupError``."""
    return [_signer(path) for path in paths]


def _signer(path: PathLike) -> CryptoSigner:
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{Path(path).name} is not the private half of a key.\n"
        raise SetupError(message + "Make one with: pratique trust keys new FILE")
    return CryptoSigner(key)


def _read(path: PathLike) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            return stream.read(_KEY_BYTES)
    except OSError as error:
        message = f"{Path(path).name} cannot be read: {error.strerror}.\nCheck the name."
        raise SetupError(message) from None


def sign(
    metadata: Metadata[Any], signers: Sequence[CryptoSigner], allowed: frozenset[str]
) -> Metadata[Any]:
    """Add signatures. Raises ``SetupError`` for a key that the root does not name for this."""
    for signer in signers:
        if signer.public_key.keyid not in allowed:
            message = f"The root does not name the key {signer.public_key.keyid[:16]} for this.\n"
            raise SetupError(message + "See which keys sign what: docs/air-gap.md.")
        metadata.sign(signer, append=True)
    return metadata
