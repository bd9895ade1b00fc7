"""The keys of one self-test, and the trust store that a desk of its own gets.

Keys are made anew each time and never leave memory. The store is in a folder that is removed at the
end, and nothing else on the machine refers to it.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ed25519

from cli.selftest.signing import (
    COUNTRY,
    SealAuthority,
    Signer,
    new_seal_authority,
    new_signer,
    spki_of,
)
from trustlists.anchors import Anchor
from trustlists.records import Ages, KeyRecord, Role
from trustlists.writing import ListFacts, drafting
from verifier.trust import Environment

CARD_ISSUER: Final = "https://selftest.example/cards"
PASS_ISSUER: Final = "did:web:selftest.example"  # noqa: S105 - a pass of the other kind
PASS_KEY: Final = "selftest-1"  # noqa: S105 - the same
DIVOC_ISSUER: Final = "https://selftest.example/divoc"
DIVOC_LABEL: Final = "did:selftest"

_LIST: Final = "selftest"
_NAME: Final = "Self-test, never trust"


class World(NamedTuple):
    """Who signs: certificates in an HCERT, cards, passes, seals, credentials."""

    hcert: Signer
    card: Signer
    covid_pass: Signer
    seal: SealAuthority
    credential: ed25519.Ed25519PrivateKey


def new_world(now: datetime) -> World:
    """Make all keys."""
    card = new_signer()
    x, y = (urlsafe_b64encode(each).rstrip(b"=").decode() for each in card.numbers())
    members = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    return World(
        new_signer(),
        card._replace(kid=urlsafe_b64encode(digest).rstrip(b"=")),
        new_signer()._replace(kid=PASS_KEY.encode()),
        new_seal_authority(now),
        ed25519.Ed25519PrivateKey.generate(),
    )


def make_store(path: Path, world: World, now: datetime) -> None:
    """Write the trust store of a desk that believes this world.

    It is no drill, so that the desk counts as it does for travellers, into a tally of its own.
    """
    at = int(now.timestamp())
    anchor = Anchor(_LIST, b"", hashlib.sha256(world.hcert.spki).digest())

    def record(kid: bytes, spki: bytes, *schemes: str, issuer: str = "") -> KeyRecord:
        return KeyRecord(
            kid, spki, None, frozenset(schemes), frozenset(), COUNTRY, _NAME, None, None, anchor,
            issuer=issuer,
        )  # fmt: skip

    seal = world.seal
    records = [
        record(world.hcert.kid, world.hcert.spki, "eu-dcc", "who-ddcc", "who-icvp"),
        record(world.card.kid, world.card.spki, "smart-health-card", issuer=CARD_ISSUER),
        record(world.covid_pass.kid, world.covid_pass.spki, "nz-covid-pass", issuer=PASS_ISSUER),
        record(DIVOC_LABEL.encode(), spki_of(world.credential), "divoc", issuer=DIVOC_ISSUER),
        record(seal.key_id, seal.spki, "vds-nc")._replace(
            certificate=seal.certificate, role=Role.AUTHORITY
        ),
    ]
    facts = ListFacts(
        _LIST, "selftest", Environment.PRODUCTION, _LIST, at, at, b"", None, anchor, Ages()
    )
    with drafting(path) as draft:
        draft.put(facts, records)
