"""The bytes of a rule: one JSON object, or one map of CBOR, as its publisher wrote it.

Rules are stored as these bytes and read anew by each desk. Lists are taken apart here without
writing anything again.
"""

from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from trustlists.faults import Fault, invalid
from verifier.codecs import cbor, json_strict
from verifier.errors import DocumentError, RuleSetInvalid
from verifier.limits import LIST_RECORDS, RULE_BYTES, RULE_DEPTH, RULE_ITEMS
from verifier.reasons import Reason

_CBOR_MAP: Final = 5
_WHITE_SPACE: Final = " \t\r\n"


def read_document(body: bytes) -> dict[str, Any]:
    """Read the object that a rule or a value set is. Raises ``RuleSetInvalid``."""
    if len(body) > RULE_BYTES:
        message = "It is larger than any rule.\nCheck what it is."
        raise RuleSetInvalid(message, "rule_broken")
    try:
        found = _cbor(body) if body[:1] and body[0] >> 5 == _CBOR_MAP else _json(body)
    except DocumentError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        message = "It is no JSON object that can be read.\nAsk its publisher."
        raise RuleSetInvalid(message, "rule_broken")
    return found


def _cbor(body: bytes) -> object:
    return cbor.decode_open(body, items=RULE_ITEMS, depth=RULE_DEPTH)


def _json(body: bytes) -> object:
    return json_strict.decode(body, limit=RULE_BYTES, depth=RULE_DEPTH)


def json_elements(data: bytes) -> list[bytes]:
    """Take an array of JSON apart into the bytes of its elements. Raises ``TrustListInvalid``."""
    decoder = JSONDecoder()
    found: list[bytes] = []
    try:
        text = data.decode("utf-8").strip(_WHITE_SPACE)
        if not text.startswith("["):
            raise invalid(Fault.NOT_JSON)
        at = _next(text, 1)
        while text[at] != "]":
            if len(found) == LIST_RECORDS:
                raise invalid(Fault.TOO_LARGE)
            _, end = decoder.raw_decode(text, at)
            found.append(text[at:end].encode())
            at = _next(text, end)
            if text[at] == ",":
                at = _next(text, at + 1)
                if text[at] == "]":
                    raise invalid(Fault.NOT_JSON)
            elif text[at] != "]":
                raise invalid(Fault.NOT_JSON)
    except (JSONDecodeError, UnicodeError, IndexError, RecursionError, ValueError):
        raise invalid(Fault.NOT_JSON) from None
    if at != len(text) - 1:
        raise invalid(Fault.NOT_JSON)
    return found


def _next(text: str, at: int) -> int:
    while text[at] in _WHITE_SPACE:
        at += 1
    return at


def cbor_elements(data: bytes, at: int) -> list[bytes]:
    """Take the array that begins at an offset apart in the same way."""
    try:
        return cbor.elements_of(data, at, most=LIST_RECORDS, items=RULE_ITEMS, depth=RULE_DEPTH)
    except cbor.HeadError as error:
        large = error.reason is Reason.TOO_MANY_ITEMS
        raise invalid(Fault.TOO_LARGE if large else Fault.MALFORMED) from None
