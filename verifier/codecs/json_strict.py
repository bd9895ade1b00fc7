"""Strict JSON (RFC 8259, RFC 7493): UTF-8, no member twice, no text after it, bounded.

The standard library's scanner builds the values. What it lets pass is refused here: ``NaN`` and
``Infinity``, numbers that no double can hold, the same member twice, half a surrogate pair. Depth
is measured before the scanner starts, because it calls itself for every level.
"""

import re
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NoReturn

from verifier.errors import DocumentError
from verifier.limits import JSON_BYTES, JSON_CONTAINERS, JSON_DEPTH
from verifier.reasons import Reason

if TYPE_CHECKING:
    from json import JSONDecoder

# All bytes but those that tell strings and levels apart.
_PLAIN: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')
_ESCAPE: Final = re.compile(rb"\\.", re.DOTALL)
_STEP: Final = {ord(bracket): step for bracket, step in (("[", 1), ("{", 1), ("]", -1), ("}", -1))}

_WHITE_SPACE: Final = " \t\n\r"

# The first two digits of an escaped surrogate; other escapes that look like it only cost a check.
_MAYBE_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class _TwiceError(ValueError):
    """A member stands twice."""


def decode(
    data: bytes, *, limit: int = JSON_BYTES, depth: int = JSON_DEPTH, integers: bool = False
) -> object:
    """Decode exactly one value.

    Objects come back as ``dict``, arrays as ``list``, and texts, integers, finite floats, booleans
    and ``None`` as themselves. ``limit`` is the most bytes and ``depth`` the most levels of arrays
    and objects. With ``integers``, a number with a fraction or an exponent is refused.

    Raises ``DocumentError``: ``TOO_MANY_ITEMS`` beyond the limit, or for more arrays and objects
    than ``JSON_CONTAINERS``, ``NESTED_TOO_DEEP`` beyond the depth, ``DUPLICATE_KEY`` for a member
    that stands twice, ``NOT_JSON`` for all other faults.
    """
    if len(data) > limit:
        raise DocumentError(Reason.TOO_MANY_ITEMS)
    opened = data.count(b"{") + data.count(b"[")
    # Most texts open fewer arrays and objects than may stand in one another.
    if opened > depth and _depth(data) > depth:
        raise DocumentError(Reason.NESTED_TOO_DEEP)
    # Brackets in texts are counted too: nobody writes that many.
    if opened > JSON_CONTAINERS:
        raise DocumentError(Reason.TOO_MANY_ITEMS)
    decoder = _decoder(integers)
    fault: Reason | None = None
    value: object = None
    try:
        text = data.decode("utf-8").strip(_WHITE_SPACE)
        value, end = decoder.raw_decode(text)
        if end != len(text):
            fault = Reason.NOT_JSON
        if b"\\" in data and _MAYBE_SURROGATE.search(data):
            _require_whole_characters(value)
    except _TwiceError:
        fault = Reason.DUPLICATE_KEY
    # RecursionError: the caller may be deep in its own stack already.
    except (ValueError, RecursionError):
        fault = Reason.NOT_JSON
    # Raised out here, so that the error carries no context.
    if fault is not None:
        raise DocumentError(fault)
    return value


@cache
def _decoder(integers: bool) -> "JSONDecoder":  # noqa: FBT001 - remembered by position
    """Make a decoder, which keeps nothing of what it decodes."""
    # Imported here: a desk that scans documents without JSON never pays for it.
    from json import JSONDecoder  # noqa: PLC0415

    number = _refuse if integers else _finite
    return JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse, parse_float=number)


def _depth(data: bytes) -> int:
    """Count the levels of arrays and objects; exact where the data are JSON."""
    if b"\\" in data:
        data = _ESCAPE.sub(b"", data)
    # Every second part between quotes is a string.
    brackets = b"".join(data.translate(None, _PLAIN).split(b'"')[::2])
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _require_whole_characters(value: object) -> None:
    """Raise ``ValueError`` for half a surrogate pair, which no encoder takes."""
    from json import dumps  # noqa: PLC0415

    dumps(value, ensure_ascii=False).encode("utf-8")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _finite(number: str) -> float:
    found = float(number)
    if found - found != 0:
        raise ValueError
    return found


def _refuse(_: str) -> NoReturn:
    raise ValueError
