"""JSON of a trust list, read strictly: no member twice, no bytes after it (RFC 8259, 4)."""

import json
from base64 import urlsafe_b64encode
from binascii import Error as NotBase64
from binascii import a2b_base64
from typing import Any, NoReturn

from trustlists.faults import Fault, invalid
from verifier.limits import LIST_RECORDS


def read_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises ``TrustListInvalid``, which quotes nothing."""
    found = _read(data)
    if not isinstance(found, dict):
        raise invalid(Fault.NOT_JSON)
    return found


def read_array(data: bytes) -> list[Any]:
    """Read a JSON array of at most ``LIST_RECORDS``. Raises ``TrustListInvalid``."""
    found = _read(data)
    if not isinstance(found, list):
        raise invalid(Fault.NOT_JSON)
    if len(found) > LIST_RECORDS:
        raise invalid(Fault.TOO_LARGE)
    return found


def text_of(entry: object, member: str) -> str:
    """Give a member of an entry if it is a text, else an empty text."""
    found = entry.get(member) if isinstance(entry, dict) else None
    return found if isinstance(found, str) else ""


def from_base64(text: str) -> bytes:
    """Decode standard base64 with its padding; empty when it is not that."""
    try:
        return a2b_base64(text, strict_mode=True)
    except (NotBase64, ValueError):
        return b""


def from_base64url(text: str) -> bytes:
    """Decode base64url without padding (RFC 7515, 2); empty when it is not that."""
    if "=" in text or "+" in text or "/" in text:
        return b""
    return from_either_base64(text)


def from_either_base64(text: str) -> bytes:
    """Decode base64 in either alphabet, padded or not; empty when it is neither."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    return from_base64(plain + "=" * (-len(plain) % 4))


def to_base64url(data: bytes) -> str:
    """Encode as base64url without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(data: bytes) -> object:
    try:
        found: object = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_not_a_number
        )
    except (ValueError, RecursionError):
        return None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a member stands twice"
        raise ValueError(message)
    return found


def _not_a_number(_: str) -> NoReturn:
    message = "JSON has no such number"
    raise ValueError(message)
