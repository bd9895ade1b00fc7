"""JSON Web Key sets (RFC 7517, 5). A member that does not conform is refused, the set is not.

Where a key has a certificate (``x5c``), the certificate says everything; numbers beside it that
are another key refuse the entry (RFC 7517, 4.7). Nothing signs a set as a whole: each key needs an
anchor of its own.
"""

from typing import Any, Final

from trustlists.anchors import vouching, vouching_for_key
from trustlists.json_text import (
    from_base64,
    from_base64url,
    from_either_base64,
    read_object,
    text_of,
)
from trustlists.public_keys import CURVES, NotAKey, canonical, from_modulus, from_point
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    read_entries,
    record_of,
)
from verifier.codecs.x509 import CertificateFacts, NotACertificate, read_certificate
from verifier.countries import alpha_2
from verifier.errors import TrustListInvalid
from verifier.limits import KID_BYTES, LIST_RECORDS

# In documents of these schemes a key id is text; in all others it is bytes, written as base64.
TEXT_IDS: Final = frozenset({"smart-health-card", "nz-covid-pass", "divoc"})

_WHITE_SPACE: Final = b" \t\r\n"


def _recognise(head: bytes) -> bool:
    return head.lstrip(_WHITE_SPACE).startswith(b"{") and b'"keys"' in head


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every key of the set. Raises ``TrustListInvalid`` when it is no set."""
    entries = read_object(data).get("keys")
    if not isinstance(entries, list) or len(entries) > LIST_RECORDS:
        message = "The list is no JWK set.\nFetch it again, or name its dialect with --from."
        raise TrustListInvalid(message)
    records, refused = read_entries(entries, lambda entry: _record(entry, reading), "key")
    return ParsedList(f"jwks:{reading.label}", records, refused)


def _record(entry: object, reading: Reading) -> KeyRecord | Refusal:
    if not isinstance(entry, dict):
        return Refusal.MALFORMED
    if "d" in entry:
        return Refusal.PRIVATE_KEY
    if entry.get("use", "sig") != "sig":
        return Refusal.NOT_A_SIGNER
    return _certified(entry, reading) if "x5c" in entry else _bare(entry, reading)


def _bare(entry: dict[str, Any], reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a key that has no certificate."""
    try:
        spki = _spki(entry)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    kid = _kid(entry, reading.scheme)
    if spki is None or isinstance(kid, Refusal):
        return Refusal.KEY_KIND_UNKNOWN if isinstance(kid, bytes) else kid
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
    )


def _certified(entry: dict[str, Any], reading: Reading) -> KeyRecord | Refusal:
    """Make the record of a key that has a certificate."""
    try:
        chain = _chain(entry["x5c"])
        spki = canonical(chain[0][1].spki)
    except (NotACertificate, NotAKey):
        return Refusal.NOT_A_CERTIFICATE
    if _contradicts(entry, spki):
        return Refusal.KEY_DIFFERS
    certificate, facts = chain[0]
    record = record_of(
        certificate,
        facts,
        spki=spki,
        schemes=frozenset({reading.scheme}),
        country=reading.country,
        anchor=vouching([link for _, link in chain], reading.anchors),
    )
    if "kid" not in entry and reading.scheme not in TEXT_IDS:
        return record
    kid = _kid(entry, reading.scheme)
    if isinstance(kid, Refusal):
        return kid
    if reading.scheme not in TEXT_IDS and kid != facts.kid:
        return Refusal.KID_DIFFERS
    return record._replace(kid=kid)


def _contradicts(entry: dict[str, Any], spki: bytes) -> bool:
    """Tell whether the numbers beside a certificate are another key. Unreadable ones are none."""
    try:
        return _spki(entry) not in {None, spki}
    except NotAKey:
        return False


def _chain(member: object) -> list[tuple[bytes, CertificateFacts]]:
    """Read the certificates of ``x5c``: standard base64, the key's own first."""
    texts = member if isinstance(member, list) else []
    certificates = [from_base64(text) if isinstance(text, str) else b"" for text in texts]
    if not certificates:
        message = "no certificate"
        raise NotACertificate(message)
    return [(certificate, read_certificate(certificate)) for certificate in certificates]


def _spki(entry: dict[str, Any]) -> bytes | None:
    """Write the key as SubjectPublicKeyInfo; None for a kind that is not known here."""
    numbers = {name: from_base64url(text_of(entry, name)) for name in ("x", "y", "n", "e")}
    kind = text_of(entry, "kty")
    if kind == "RSA":
        return from_modulus(numbers["n"], numbers["e"])
    curve = next((curve for curve in CURVES if curve.name == text_of(entry, "crv")), None)
    if kind != "EC" or curve is None:
        return None
    return from_point(curve, numbers["x"], numbers["y"])


def _kid(entry: dict[str, Any], scheme: str) -> bytes | Refusal:
    """Read the key id as the documents of the scheme write it."""
    text = text_of(entry, "kid")
    if not text:
        return Refusal.NO_KEY_ID if "kid" not in entry else Refusal.KID_UNREADABLE
    kid = text.encode("utf-8", "replace") if scheme in TEXT_IDS else from_either_base64(text)
    return kid if 0 < len(kid) <= KID_BYTES else Refusal.KID_UNREADABLE


DIALECT: Final = Dialect(("jwks",), _recognise, _read, gathers=True)
