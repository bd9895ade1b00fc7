"""Strict CBOR (RFC 8949): one item, shortest heads, definite lengths, no key twice, bounded.

cbor2 builds the values. What it lets pass is caught here: bytes after the item, heads that are
longer than they need to be, tags that build objects of their own. Of 993 public documents none
needs any of these, and each of them is a second spelling of the same content.
"""

import os
from collections.abc import Callable
from typing import Final, NoReturn

import cbor2
from cbor2 import CBORTag

from verifier.errors import DocumentError
from verifier.limits import CBOR_DEPTH, CBOR_ITEMS
from verifier.reasons import Reason

# Date tags are kept as they are: what a date may look like is for the schema to say. CWT allows
# tag 1 round a NumericDate, DCC allows tag 0 round a sample time, and some libraries of WHO's
# issuers write whole days behind the tags of RFC 8943. Every other tag is refused.
_DATE_TAGS: Final = (0, 1, 100, 1004)

# Those that cbor2 would turn into objects of its own (numbers without bound, shared and cyclic
# references, regular expressions, MIME messages ...).
_BUILDING_TAGS: Final = (
    2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 256, 258, 260, 261, 43000, 55799,
)  # fmt: skip


class _ForeignTagError(Exception):
    """A tag that has no place in a certificate."""


def _refuse_tag(value: object, immutable: bool) -> NoReturn:  # noqa: ARG001, FBT001 - cbor2's shape
    raise _ForeignTagError


def _keep_tag(tag: int) -> Callable[[object, bool], CBORTag]:
    return lambda value, _immutable: CBORTag(tag, value)


_SEMANTIC: Final[dict[int, Callable[[object, bool], object]]] = {
    **dict.fromkeys(_BUILDING_TAGS, _refuse_tag),
    **{tag: _keep_tag(tag) for tag in _DATE_TAGS},
}

# Heads of one to eight more bytes (1) and arguments that could have fitted a shorter head (2). Only
# where a 2 follows a 1 can a head be longer than it need be; in a text or a byte string that means
# nothing, so it only calls for the exact walk below. One legitimate pair is in every HCERT, the
# claim key -260, and is taken out first.
_KIND_OF_BYTE: Final = bytes(
    2 if byte < 24 else 1 if 24 <= byte % 32 <= 27 and byte < 224 else 0  # noqa: PLR2004 - RFC 8949, 3
    for byte in range(256)
)
_MAYBE_LONG_HEAD: Final = b"\1\2"
_MINUS_260: Final = b"\x39\x01\x03"

# cbor2 stops after one item and does not say where. So the data are read as the first of two
# items, the second being this mark, which nobody outside this process can guess: unless the mark
# comes back whole, the data end too early or too late.
_MARK: Final = os.urandom(16)
_PAIR: Final = b"\x82"
_ENCODED_MARK: Final = b"\x50" + _MARK


def decode(data: bytes, *, items: int = CBOR_ITEMS, depth: int = CBOR_DEPTH) -> object:
    """Decode exactly one item, of at most so many items and levels.

    Texts, integers, floats, byte strings, ``None``, booleans, lists, maps and ``CBORTag`` come
    back. Raises ``DocumentError``; see ``explain`` for the reasons.
    """
    if len(data) > items:
        # An item takes at least a byte, so only longer data need a count. It comes first, because
        # thousands of keys chosen to have one hash would keep a map busy for a tenth of a second.
        _require_sound(data, items, depth)
    value: object = None
    mark: object = None
    try:
        value, mark = cbor2.loads(
            _PAIR + data + _ENCODED_MARK,
            semantic_decoders=_SEMANTIC,
            tag_hook=_refuse_tag,
            max_depth=depth + 1,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    # cbor2 lets a TypeError through for a map key that cannot be hashed.
    except (cbor2.CBORDecodeError, TypeError, ValueError, RecursionError):
        mark = None
    if mark != _MARK:
        raise DocumentError(explain(data, items, depth) or _repeats_key(data, depth))
    # Writing the value again proves the usual suspects innocent: the walk is for floats of other
    # widths, and for faults.
    kinds = data.replace(_MINUS_260, b"").translate(_KIND_OF_BYTE)
    if _MAYBE_LONG_HEAD in kinds and cbor2.dumps(value) != data:
        _require_sound(data, items, depth)
    return value


def _require_sound(data: bytes, items: int, depth: int) -> None:
    fault = explain(data, items, depth)
    if fault is not None:
        raise DocumentError(fault)


def _repeats_key(data: bytes, depth: int) -> Reason:
    """Tell apart what else cbor2 refuses in data of sound form: a key twice, or a bad text."""
    try:
        cbor2.loads(data, semantic_decoders=_SEMANTIC, max_depth=depth + 1)
    except (cbor2.CBORDecodeError, TypeError, ValueError, RecursionError):
        return Reason.NOT_CBOR
    return Reason.DUPLICATE_KEY


# The additional information of a head (RFC 8949, 3): how many bytes its argument takes, and the
# smallest argument that needs them.
_ARGUMENT: Final = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16), 27: (8, 1 << 32)}
_STRINGS: Final = (2, 3)
_TAG: Final = 6
_SIMPLE: Final = 7

# Items that one unit of the argument stands for: an array's elements, a map's pairs.
_CONTAINERS: Final = {4: 1, 5: 2, _TAG: 1}


class HeadError(Exception):
    """A head that is cut short, reserved, longer than needed, or of indefinite length."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(reason.value)
        self.reason = reason


def read_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Read the head at an offset: major type, argument, offset after it.

    Raises ``HeadError``.
    """
    if at >= len(data):
        raise HeadError(Reason.NOT_CBOR)
    major, info = data[at] >> 5, data[at] & 0x1F
    at += 1
    if info < 24:  # noqa: PLR2004 - RFC 8949, 3: the argument itself
        return major, info, at
    if info not in _ARGUMENT:
        raise HeadError(Reason.NOT_CANONICAL if info == 31 else Reason.NOT_CBOR)  # noqa: PLR2004 - indefinite
    size, least = _ARGUMENT[info]
    argument = int.from_bytes(data[at : at + size], "big")
    at += size
    if at > len(data):
        raise HeadError(Reason.NOT_CBOR)
    # Floats are kept in the width that the issuer chose; only their bytes would tell otherwise.
    if argument < least and major != _SIMPLE:
        raise HeadError(Reason.NOT_CANONICAL)
    return major, argument, at


def skip(data: bytes, at: int, items: int = CBOR_ITEMS, depth: int = CBOR_DEPTH) -> int:
    """Walk over one item without building it and give the offset after it.

    Reads at most so many items and levels. Raises ``HeadError``.
    """
    open_items = [1]
    walked = 0
    while open_items:
        if not open_items[-1]:
            open_items.pop()
            continue
        open_items[-1] -= 1
        walked += 1
        if walked > items:
            raise HeadError(Reason.TOO_MANY_ITEMS)
        major, argument, at = read_head(data, at)
        if major in _STRINGS:
            at += argument
            if at > len(data):
                raise HeadError(Reason.NOT_CBOR)
        elif major in _CONTAINERS:
            if major == _TAG and argument not in _DATE_TAGS:
                raise HeadError(Reason.TAG_NOT_ALLOWED)
            if len(open_items) > depth:
                raise HeadError(Reason.NESTED_TOO_DEEP)
            open_items.append(argument * _CONTAINERS[major] if major != _TAG else 1)
    return at


def explain(data: bytes, items: int = CBOR_ITEMS, depth: int = CBOR_DEPTH) -> Reason | None:
    """Say what is wrong with the form of one encoded item; None when its form is sound.

    Needed because cbor2 names no cause, and takes forms that are refused here.
    """
    try:
        end = skip(data, 0, items, depth)
    except HeadError as fault:
        return fault.reason
    return None if end == len(data) else Reason.BYTES_AFTER_ENVELOPE


# Strings, arrays and maps whose length is left open, and what closes them (RFC 8949, 3.2).
_OPEN: Final = (b"\x5f", b"\x7f", b"\x9f", b"\xbf")
_BREAK: Final = b"\xff"
_ARRAY: Final = 4
_OPEN_ARRAY: Final = b"\x9f"


def decode_open(data: bytes, *, items: int = CBOR_ITEMS, depth: int = CBOR_DEPTH) -> object:
    """Decode exactly one item in which lengths may be left open, and otherwise as ``decode`` does.

    For signed content alone, whose bytes are proved by then: there, a second spelling of the same
    content gives nobody anything. Raises ``DocumentError``.
    """
    try:
        closed, end = _close(data, 0, depth, [items])
        fault = None if end == len(data) else Reason.BYTES_AFTER_ENVELOPE
    except HeadError as error:
        closed, fault = b"", error.reason
    if fault is not None:
        raise DocumentError(fault)
    return decode(closed, items=items, depth=depth)


def elements_of(data: bytes, at: int, *, most: int, items: int, depth: int) -> list[bytes]:
    """Give the elements, as encoded, of the array that begins at an offset and ends the data.

    Lengths may be left open. There are at most ``most`` elements, each of at most so many items and
    levels. Raises ``HeadError``.
    """
    is_open = data[at : at + 1] == _OPEN_ARRAY
    major, count, at = (_ARRAY, 0, at + 1) if is_open else read_head(data, at)
    if major != _ARRAY:
        raise HeadError(Reason.NOT_CBOR)
    found: list[bytes] = []
    while data[at : at + 1] != _BREAK if is_open else len(found) < count:
        if len(found) == most:
            raise HeadError(Reason.TOO_MANY_ITEMS)
        _, end = _close(data, at, depth, [items])
        found.append(data[at:end])
        at = end
    if at + is_open != len(data):
        raise HeadError(Reason.BYTES_AFTER_ENVELOPE)
    return found


def _close(data: bytes, at: int, depth: int, items_left: list[int]) -> tuple[bytes, int]:
    """Write the item at an offset with its lengths; gives the offset after it too."""
    items_left[0] -= 1
    if items_left[0] < 0:
        raise HeadError(Reason.TOO_MANY_ITEMS)
    if depth < 0:
        raise HeadError(Reason.NESTED_TOO_DEEP)
    if data[at : at + 1] in _OPEN:
        return _close_open(data, at, depth, items_left)
    major, argument, after = read_head(data, at)
    if major in _STRINGS:
        end = after + argument
        if end > len(data):
            raise HeadError(Reason.NOT_CBOR)
        return data[at:end], end
    parts = [data[at:after]]
    if major in _CONTAINERS:
        for _ in range(argument * _CONTAINERS[major] if major != _TAG else 1):
            part, after = _close(data, after, depth - 1, items_left)
            parts.append(part)
    return b"".join(parts), after


def _close_open(data: bytes, at: int, depth: int, items_left: list[int]) -> tuple[bytes, int]:
    major = data[at] >> 5
    at += 1
    parts = []
    while data[at : at + 1] != _BREAK:
        if major in _STRINGS and (data[at : at + 1] in _OPEN or data[at : at + 1] == b""):
            raise HeadError(Reason.NOT_CBOR)
        part, at = _close(data, at, depth - 1, items_left)
        if major in _STRINGS:
            kind, _, start = read_head(part, 0)
            if kind != major:
                raise HeadError(Reason.NOT_CBOR)
            part = part[start:]
        parts.append(part)
    body = b"".join(parts)
    if major in _STRINGS:
        return _write_head(major, len(body)) + body, at + 1
    count, rest = divmod(len(parts), _CONTAINERS[major])
    if rest:
        raise HeadError(Reason.NOT_CBOR)
    return _write_head(major, count) + body, at + 1


def _write_head(major: int, number: int) -> bytes:
    """Write the shortest head; what is read here is far shorter than four bytes can say."""
    for info, (size, least) in reversed(_ARGUMENT.items()):
        if number >= least:
            return bytes((major << 5 | info,)) + number.to_bytes(size, "big")
    return bytes((major << 5 | number,))
