"""Keys without a certificate, of which the operator alone says more; which kinds schemes allow."""

from typing import Final

from trustlists.anchors import vouching_for_key
from trustlists.public_keys import (
    ED25519,
    NotAKey,
    ed25519_point,
    from_ed25519,
    kind_of,
    rsa_exponent,
)
from trustlists.records import KeyRecord, Reading, Refusal
from verifier.countries import alpha_2
from verifier.limits import RSA_BITS

DIVOC: Final = "divoc"

_EXPONENT: Final = 65_537


def bare_record(kid: bytes, spki: bytes, reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a key, or say why it is none for the scheme of the reading."""
    unfit = unfitness(spki, reading.scheme)
    if unfit:
        return unfit
    return KeyRecord(
        kid=kid,
        spki=spki,
        certificate=None,
        schemes=frozenset({reading.scheme}),
        uses=frozenset(),
        country=alpha_2(reading.country),
        name="",
        not_before=None,
        not_after=None,
        anchor=vouching_for_key(spki, reading.anchors),
        issuer=reading.issuer,
    )


def unfitness(spki: bytes, scheme: str) -> Refusal | None:
    """Tell why a key signs no documents of a scheme. DIVOC has two kinds (DIVOC notes, 8)."""
    if scheme != DIVOC:
        return None
    kind, _, bits = kind_of(spki).partition(" ")
    if kind == ED25519:
        return None if _is_usual(spki) else Refusal.KEY_UNREADABLE
    if kind != "RSA":
        return Refusal.KEY_KIND_UNKNOWN
    sound = int(bits) in RSA_BITS and rsa_exponent(spki) == _EXPONENT
    return None if sound else Refusal.KEY_WEAK


def _is_usual(spki: bytes) -> bool:
    """Tell whether an Ed25519 key is in its one form, and a point that signs."""
    try:
        return from_ed25519(ed25519_point(spki)) == spki
    except NotAKey:
        return False
