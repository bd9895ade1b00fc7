"""Takes health cards apart and puts changed ones together, by other code than the verifier's."""

import base64
import json
import re
import zlib
from typing import Any, NamedTuple

_WINDOW = -15  # no frame
_PAIRS = re.compile(r"\d\d", re.ASCII)


class CardParts(NamedTuple):
    """A token: header, packed payload, signature, each decoded."""

    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes under the signature (RFC 7515, 5.1)."""
        return b".".join(map(_b64url, (self.protected, self.payload)))

    @property
    def token(self) -> str:
        """The three parts."""
        return b".".join((self.signed, _b64url(self.signature))).decode()

    @property
    def text(self) -> str:
        """The text of a code."""
        return numeric(self.token)

    @property
    def content(self) -> bytes:
        """The payload, unpacked. Raises ``zlib.error``."""
        return zlib.decompressobj(_WINDOW).decompress(self.payload)


def _b64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def numeric(token: str) -> str:
    """Write a token as the text of one code."""
    return "shc:/" + "".join(f"{ord(letter) - 45:02d}" for letter in token)


def packed(content: bytes, level: int = 9) -> bytes:
    """Pack a payload as cards do."""
    packer = zlib.compressobj(level, wbits=_WINDOW)
    return packer.compress(content) + packer.flush()


def token_in(text: str) -> str:
    """Find the one token in a text. Raises ``ValueError`` when it is no such text."""
    bare = text.strip()
    if bare[:4].lower() == "shc:":
        pieces = {}
        for word in bare.split():
            *place, digits = word[5:].split("/")
            pieces[int((place or ["1"])[0])] = digits
        joined = "".join(pieces[number] for number in sorted(pieces))
        return "".join(chr(int(pair) + 45) for pair in _PAIRS.findall(joined))
    if bare.startswith("https://"):
        escaped = bare.partition("#")[2]
        bare = re.sub("%(..)", lambda found: chr(int(found[1], 16)), escaped)
    if bare.startswith("{"):
        found: dict[str, Any] = json.loads(bare)
        listed = found.get("verifiableCredential") or [
            each["valueString"] for each in found["parameter"] if "valueString" in each
        ]
        return str(listed[0])
    return bare


def parts_of(text: str) -> CardParts:
    """Take the card in a text apart. Raises ``ValueError`` when there is none."""
    header, payload, signature = token_in(text).split(".")
    return CardParts(*(_decoded(part) for part in (header, payload, signature)))


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
