"""What the lists of DCC document signers share: key ids, letters for uses, certificates or keys."""

from collections.abc import Iterable
from typing import Final

from trustlists.anchors import Anchor
from trustlists.json_text import from_either_base64
from trustlists.public_keys import NotAKey, canonical
from trustlists.records import Certified, KeyRecord, Refusal, read_certified
from verifier.countries import alpha_2
from verifier.limits import KID_BYTES

SCHEMES: Final = frozenset({"eu-dcc"})

_LETTERS: Final = {"t": "test", "v": "vaccination", "r": "recovery"}


def uses_of_letters(letters: Iterable[str]) -> frozenset[str]:
    """Tell the kinds of certificate that letters stand for; others stand for none of ours."""
    return frozenset(_LETTERS[letter] for letter in letters if letter in _LETTERS)


def kid_of(text: object) -> bytes | Refusal:
    """Read a key id in base64, of whatever length the list has given it."""
    kid = from_either_base64(text) if isinstance(text, str) else b""
    return kid if 0 < len(kid) <= KID_BYTES else Refusal.KID_UNREADABLE


def certificate_or_key(der: bytes) -> Certified | bytes | Refusal:
    """Read a certificate, or a bare key in its usual form."""
    certified = read_certified(der)
    if certified is not Refusal.NOT_A_CERTIFICATE:
        return certified
    try:
        return canonical(der)
    except NotAKey:
        return Refusal.KEY_UNREADABLE


def bare_record(  # noqa: PLR0913 - what a list says beside the key, by keyword
    kid: bytes,
    spki: bytes,
    *,
    anchor: Anchor | None,
    schemes: frozenset[str] = SCHEMES,
    uses: frozenset[str] = frozenset(),
    country: str = "",
    name: str = "",
) -> KeyRecord:
    """Make the record of a key without a certificate. Its id is that of the list."""
    return KeyRecord(
        kid=kid,
        spki=spki,
        certificate=None,
        schemes=schemes,
        uses=uses,
        country=alpha_2(country),
        name=name,
        not_before=None,
        not_after=None,
        anchor=anchor,
    )
