"""Anchors: the keys that a list, or the certificates in it, must be signed by to be believed.

Pinned anchors lie as data in the folder ``anchors``, each with where it came from and how it was
checked. An operator adds more by handing over a file; handing it over is the act of trust.
"""

import hashlib
import os
import tomllib
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trustlists.pem_text import read_blocks
from trustlists.public_keys import NotAKey, canonical
from verifier.clock import Instant
from verifier.codecs.x509 import (
    CertificateFacts,
    NotACertificate,
    read_certificate,
    signed_by,
    signed_by_key,
)
from verifier.errors import SetupError
from verifier.trust import Environment

_FOLDER = Path(__file__).with_name("anchors")
_ANCHOR_BYTES = 1024 * 1024  # a root certificate is a few kilobytes
_CHAIN = 4  # certificates between a signer and its anchor; DCC and IHR lists have one at most


class Anchor(NamedTuple):
    """A key that may vouch for others.

    ``fingerprint`` is SHA-256 over the certificate, or over the SubjectPublicKeyInfo where there
    is no certificate. ``dialect`` and ``environment`` are empty and None for an operator's own.
    ``schemes`` and ``countries`` (ISO 3166-1 alpha-2) limit what it may vouch for; empty means
    whatever its lists are for. After ``until`` it vouches for nothing more. ``signer`` is the
    common name of the only certificate below it that signs lists; empty means any. ``signs`` is
    ``authorities`` for one that signs those and no lists, empty where nothing is said.
    """

    name: str
    spki: bytes
    fingerprint: bytes
    certificate: CertificateFacts | None = None
    dialect: str = ""
    environment: Environment | None = None
    schemes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    until: Instant | None = None
    signer: str = ""
    signs: str = ""


def pinned_anchors() -> tuple[Anchor, ...]:
    """Read the anchors that come with the program. Raises ``SetupError`` if one is damaged."""
    found: list[Anchor] = []
    for file in sorted(_FOLDER.glob("*.toml")):
        anchor = _described(file.stem, file.read_bytes())
        if anchor is None:
            message = f"The pinned anchor {file.stem} is damaged.\nInstall the program anew."
            raise SetupError(message)
        found.append(anchor)
    return tuple(found)


def read_anchors(path: str | os.PathLike[str]) -> tuple[Anchor, ...]:
    """Read an operator's anchors: certificates or public keys, PEM or DER.

    They are named after the file. A TOML file holds one in the form of the pinned ones, with what
    it is limited to. Raises ``SetupError`` when the file holds none, or anything else beside them:
    an anchor is not guessed at.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            data = stream.read(_ANCHOR_BYTES + 1)
    except OSError as error:
        what = f"The anchor {file.name} cannot be read: {error.strerror}."
        raise _unusable(what) from None
    if file.suffix == ".toml":
        anchor = _described(file.stem, data)
        if anchor is None:
            what = f"The anchor {file.name} is not described as the pinned ones are."
            raise _unusable(what)
        return (anchor,)
    blocks = read_blocks(data) if len(data) <= _ANCHOR_BYTES else []
    anchors = tuple(_anchor(file.stem, block.der) for block in blocks)
    found = tuple(anchor for anchor in anchors if anchor)
    if not found or len(found) != len(anchors):
        what = f"The anchor {file.name} is no certificate and no public key."
        raise _unusable(what)
    return found


def vouching(certificates: Sequence[CertificateFacts], anchors: Sequence[Anchor]) -> Anchor | None:
    """Name the anchor that vouches for the first certificate, None when there is none.

    It does so when it is that certificate, or its bare key, or has signed it, directly or through
    the certificates that follow.
    """
    found = chained(certificates, anchors)
    return found[0] if found else None


def chained(
    certificates: Sequence[CertificateFacts], anchors: Sequence[Anchor]
) -> tuple[Anchor, Sequence[CertificateFacts]] | None:
    """Name the anchor that vouches for the first certificate, and those that lead up to it.

    None of them does where the anchor is the certificate itself, or its key.
    """
    for place, certificate in enumerate(certificates[:_CHAIN]):
        if place and not signed_by(certificates[place - 1], certificate):
            return None
        for anchor in anchors:
            if not place and _is(anchor, certificate):
                return anchor, ()
            if _has_signed(anchor, certificate):
                return anchor, certificates[: place + 1]
    return None


def that_is(certificate: CertificateFacts, anchors: Sequence[Anchor]) -> Anchor | None:
    """Name the anchor that is this certificate, or its bare key, None when there is none."""
    return next((anchor for anchor in anchors if _is(anchor, certificate)), None)


def vouching_for_key(spki: bytes, anchors: Sequence[Anchor]) -> Anchor | None:
    """Name the anchor that is this very key, None when there is none."""
    return next((anchor for anchor in anchors if anchor.spki == spki), None)


def _is(anchor: Anchor, certificate: CertificateFacts) -> bool:
    if anchor.certificate:
        return anchor.certificate == certificate
    try:
        return anchor.spki == canonical(certificate.spki)
    except NotAKey:
        return False


def _has_signed(anchor: Anchor, certificate: CertificateFacts) -> bool:
    """Tell whether an anchor has signed a certificate; one pinned without its own has no name."""
    if anchor.certificate:
        return signed_by(certificate, anchor.certificate)
    return bool(anchor.dialect) and signed_by_key(certificate, anchor.spki)


def _anchor(name: str, block: bytes) -> Anchor | None:
    facts = _facts(block)
    try:
        spki = canonical(facts.spki if facts else block)
    except NotAKey:
        return None
    return Anchor(name, spki, hashlib.sha256(block).digest(), facts)


def _facts(block: bytes) -> CertificateFacts | None:
    try:
        return read_certificate(block)
    except NotACertificate:
        return None


def _described(name: str, data: bytes) -> Anchor | None:
    """Read the description of an anchor; None when it is none, or damaged."""
    try:
        return _from_facts(name, tomllib.loads(data.decode("utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _from_facts(name: str, facts: dict[str, Any]) -> Anchor | None:
    """Make an anchor of its description; None when the fingerprint is that of something else."""
    held = facts["certificate"] if "certificate" in facts else facts["public_key"]
    anchor = _anchor(name, b64decode(held, validate=True))
    if anchor is None or anchor.fingerprint.hex() != facts["sha256"]:
        return None
    environment, until = facts.get("environment"), facts.get("until")
    return anchor._replace(
        dialect=str(facts["dialect"]),
        environment=Environment(environment) if environment else None,
        schemes=_texts(facts, "schemes"),
        countries=_texts(facts, "countries"),
        until=int(until.timestamp()) if until else None,
        signer=str(facts.get("signer", "")),
        signs=str(facts.get("signs", "")),
    )


def _texts(facts: dict[str, Any], name: str) -> frozenset[str]:
    listed = facts.get(name, [])
    if not isinstance(listed, list):  # the letters of a text are no scheme
        raise TypeError
    return frozenset(map(str, listed))


def _unusable(what: str) -> SetupError:
    return SetupError(f"{what}\nGive a certificate or public key as PEM or DER.")
