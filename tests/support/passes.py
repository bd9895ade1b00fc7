"""Takes NZ COVID Passes apart and puts changed ones together, by other code than the verifier's."""

import base64
from typing import NamedTuple

import cbor2
from Crypto.Hash import SHA256
from Crypto.Signature import DSS
from support.envelopes import DATES_KEPT, TIDIED

from fixtures.cbor import encode
from fixtures.keys import curve_key

PREFIX = "NZCP:/1/"
_LISTED = ("nzcp", "nzcp-withdrawn")


class PassParts(NamedTuple):
    """A COSE_Sign1 in a pass: two headers, payload, signature."""

    protected: bytes
    unprotected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes under the signature (RFC 9052, 4.4)."""
        header = b"" if self.protected == b"\xa0" else self.protected
        return encode(["Signature1", header, b"", self.payload])

    @property
    def text(self) -> str:
        """The text of a code."""
        return text_of(
            b"\xd2\x84%b%b%b%b"
            % (
                encode(self.protected),
                self.unprotected,
                encode(self.payload),
                encode(self.signature),
            )
        )


def text_of(envelope: bytes) -> str:
    """Write an envelope in base32."""
    return PREFIX + base64.b32encode(envelope).decode().rstrip("=")


def envelope_in(text: str) -> bytes:
    """Give the bytes of a text. Raises ``ValueError`` when there are none."""
    body = text.strip(TIDIED)
    if not body.startswith(PREFIX):
        message = "no pass"
        raise ValueError(message)
    body = body[len(PREFIX) :]
    return base64.b32decode(body + "=" * (-len(body) % 8))


def parts_of(text: str) -> PassParts:
    """Take a text apart. Raises whatever the libraries raise when it is no such document."""
    envelope = cbor2.loads(envelope_in(text), semantic_decoders=DATES_KEPT)
    while isinstance(envelope, cbor2.CBORTag):
        envelope = envelope.value
    protected, unprotected, payload, signature = envelope
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        message = "not three byte strings"
        raise ValueError(message)
    return PassParts(protected, cbor2.dumps(dict(unprotected)), payload, signature)


def really_signed(document: str | bytes) -> bool:
    """Tell whether the specimen issuer signed a document, by other code than the verifier."""
    try:
        parts = parts_of(document.decode() if isinstance(document, bytes) else document)
    except (ValueError, cbor2.CBORError, TypeError):
        return False
    digest = SHA256.new(parts.signed)
    return any(_holds(name, digest, parts.signature) for name in _LISTED)


def _holds(name: str, digest: SHA256.SHA256Hash, signature: bytes) -> bool:
    try:
        DSS.new(curve_key(name).public_key(), "fips-186-3").verify(digest, signature)
    except ValueError:
        return False
    return True
