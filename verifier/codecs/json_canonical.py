"""The canonical form of JSON (RFC 8785), for the types that health seals use: one form per value.

Texts, integers, arrays and objects alone (ICAO TR VDS-NC 1.1; vds-nc notes, 2 and 3). The rules for
fractions are the hard part of the RFC; no seal has any, and 1.0 would be written as 1, so that a
reader who lets them pass finds a good signature over an altered text.
"""

from json.encoder import encode_basestring as _quoted
from typing import Final

from verifier.errors import DocumentError
from verifier.limits import SEAL_CHARACTERS_A_TEXT, SEAL_ELEMENTS, SEAL_MEMBERS
from verifier.reasons import Reason

# RFC 8785, 3.2.2.3: beyond this, not every integer is a double.
_LARGEST: Final = 2**53 - 1


def encode(value: object) -> bytes:
    """Write a value that ``json_strict`` has read.

    Raises ``DocumentError``: ``TOO_MANY_ITEMS`` for more members, elements or characters than any
    seal has, ``NOT_CANONICAL`` for another type, an integer that is no double, or a name with
    letters beyond ASCII, which the RFC sorts as UTF-16 does and no seal has.
    """
    written: list[str] = []
    _write("", value, written)
    return "".join(written).encode()


def _write(before: str, value: object, written: list[str]) -> None:
    """Write what stands before a value, and the value."""
    kind = type(value)
    if isinstance(value, str):
        if len(value) > SEAL_CHARACTERS_A_TEXT:
            raise DocumentError(Reason.TOO_MANY_ITEMS)
        written.append(before + _quoted(value))
    elif isinstance(value, dict):
        _write_object(f"{before}{{", value, written)
    elif isinstance(value, list):
        if len(value) > SEAL_ELEMENTS:
            raise DocumentError(Reason.TOO_MANY_ITEMS)
        before += "["
        for element in value:
            _write(before, element, written)
            before = ","
        written.append("]" if value else before + "]")
    # The type itself, because true and false are integers too.
    elif kind is int and isinstance(value, int) and -_LARGEST <= value <= _LARGEST:
        written.append(before + str(value))
    else:
        raise DocumentError(Reason.NOT_CANONICAL)


def _write_object(before: str, members: dict[str, object], written: list[str]) -> None:
    if len(members) > SEAL_MEMBERS:
        raise DocumentError(Reason.TOO_MANY_ITEMS)
    for name in sorted(members):
        if not name.isascii():
            raise DocumentError(Reason.NOT_CANONICAL)
        _write(f"{before}{_quoted(name)}:", members[name], written)
        before = ","
    written.append("}" if members else before + "}")
