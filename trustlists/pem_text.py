"""PEM: text round DER (RFC 7468), and DER alone. Anything may stand between the blocks."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Final, NamedTuple

_BEGIN: Final = b"-----BEGIN "
_END: Final = b"-----END "
_DASHES: Final = b"-----"
_LABEL_BYTES: Final = 64
_SEQUENCE: Final = 0x30
_LONG_FORM: Final = 0x80  # as certificates have, which are longer than 127 bytes; text is ASCII


class Block(NamedTuple):
    """A block: what it says it is, and its DER, empty when it cannot be read."""

    label: str
    der: bytes


def looks_like_blocks(head: bytes) -> bool:
    """Tell whether bytes start as DER or hold the start of a PEM block."""
    return _is_der(head) or _BEGIN in head


def read_blocks(data: bytes) -> list[Block]:
    """Read every block. DER alone is one block without a label; a block without end is empty."""
    if _is_der(data):
        return [Block("", data)]
    blocks: list[Block] = []
    at = data.find(_BEGIN)
    while at >= 0:
        label_start = at + len(_BEGIN)
        label_end = data.find(_DASHES, label_start, label_start + _LABEL_BYTES)
        end = data.find(_END, label_start)
        if label_end < 0 or end < 0:
            blocks.append(Block("", b""))
            break
        label = data[label_start:label_end]
        closed = data.startswith(label + _DASHES, end + len(_END))
        body = data[label_end + len(_DASHES) : end]
        blocks.append(Block(label.decode("ascii", "replace"), _decode(body) if closed else b""))
        at = data.find(_BEGIN, end)
    return blocks


def _is_der(data: bytes) -> bool:
    """Tell whether bytes are DER: long as a certificate, or short as a key, and then whole."""
    if len(data) < 2 or data[0] != _SEQUENCE:  # noqa: PLR2004 - tag and length
        return False
    return data[1] >= _LONG_FORM or len(data) == 2 + data[1]


def _decode(body: bytes) -> bytes:
    try:
        return b64decode(b"".join(body.split()), validate=True)
    except NotBase64:
        return b""
