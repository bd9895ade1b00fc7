"""BER of indefinite lengths written with definite ones, so that the strict reader can read it.

The gateways of the DCC world write their CMS like that (X.690, 8.1.3.6). Only what is open-ended is
rewritten, from the outside in; every element of definite length inside stays byte for byte.
"""

from typing import Final

from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer, element

_INDEFINITE: Final = 0x80
_CONSTRUCTED: Final = 0x20
_OCTETS_IN_PARTS: Final = der.OCTET_STRING | _CONSTRUCTED
_END: Final = b"\0\0"

# CMS opens seven at most: its own wrapping, the signed data, the content and its text in parts.
_DEPTH: Final = 16

# Writers cut content into pieces of a thousand bytes or more; the largest list has 16 MiB.
_ELEMENTS: Final = 50_000


def definite(data: bytes) -> bytes:
    """Give the same value with definite lengths. Raises ``NotDer`` for what is no single value."""
    if data[1:2] != bytes((_INDEFINITE,)):
        return data
    opened: list[tuple[int, list[bytes]]] = [(0, [])]
    at = elements = 0
    while at < len(data):
        tag = data[at]
        elements += 1
        if elements > _ELEMENTS:
            raise NotDer
        if data[at : at + 2] == _END and len(opened) > 1:
            closed, parts = opened.pop()
            opened[-1][1].append(_closed(closed, parts))
            at += 2
        elif data[at + 1 : at + 2] == bytes((_INDEFINITE,)):
            if not tag & _CONSTRUCTED or len(opened) > _DEPTH:
                raise NotDer
            opened.append((tag, []))
            at += 2
        else:
            whole = DerReader(data, at).whole(tag)
            opened[-1][1].append(whole)
            at += len(whole)
    if len(opened) != 1 or len(opened[0][1]) != 1:
        raise NotDer
    return opened[0][1][0]


def _closed(tag: int, parts: list[bytes]) -> bytes:
    """Write an element whose end was found; octets that came in parts become one."""
    if tag != _OCTETS_IN_PARTS:
        return element(tag, *parts)
    return element(der.OCTET_STRING, *(DerReader(part).content(der.OCTET_STRING) for part in parts))
