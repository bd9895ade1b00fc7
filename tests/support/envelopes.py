"""Takes specimens apart and puts changed ones together, by other code than the verifier's."""

import zlib
from typing import NamedTuple

import base45
import cbor2

from fixtures.cbor import encode

TIDIED = "\r\n\t\0\ufeff"

# A tag of a date round something else is no reason to give up on the rest.
DATES_KEPT = {tag: lambda value, _, tag=tag: cbor2.CBORTag(tag, value) for tag in (0, 1, 100, 1004)}


class Parts(NamedTuple):
    """A COSE_Sign1 in a text: prefix, tags (outermost first), two headers, payload, signature."""

    prefix: str
    tags: bytes
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
    def cose(self) -> bytes:
        """The envelope, every length as it should be."""
        return b"%b\x84%b%b%b%b" % (
            self.tags,
            encode(self.protected),
            self.unprotected,
            encode(self.payload),
            encode(self.signature),
        )

    @property
    def text(self) -> str:
        """The text of a code."""
        return text_of(self.cose, self.prefix)


def text_of(cose: bytes, prefix: str = "HC1:", *, level: int = 1) -> str:
    """Compress and write as base45."""
    return prefix + base45.b45encode(zlib.compress(cose, level)).decode()


def stream_in(text: str) -> bytes:
    """Give the zlib stream of a text. Raises ``ValueError`` when there is none."""
    return base45.b45decode(text.strip(TIDIED)[4:])


def cose_in(text: str) -> bytes:
    """Give the inflated bytes of a text. Raises ``ValueError`` or ``zlib.error``."""
    return zlib.decompress(stream_in(text))


def parts_of(text: str) -> Parts:
    """Take a text apart. Raises whatever the libraries raise when it is no such document."""
    cose = cose_in(text)
    tags = cose[: cose.index(b"\x84")]
    envelope = cbor2.loads(cose, semantic_decoders=DATES_KEPT)
    while isinstance(envelope, cbor2.CBORTag):
        envelope = envelope.value
    protected, unprotected, payload, signature = envelope
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        message = "not three byte strings"
        raise ValueError(message)
    prefix = text.strip(TIDIED)[:4]
    return Parts(prefix, tags, protected, cbor2.dumps(dict(unprotected)), payload, signature)
