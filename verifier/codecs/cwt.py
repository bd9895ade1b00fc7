"""CBOR Web Token claims (RFC 8392): the map, and its dates as whole seconds."""

import math
import re
from typing import Final

from cbor2 import CBORTag

from verifier.codecs import cbor
from verifier.errors import DocumentError
from verifier.limits import LAST_SECOND
from verifier.reasons import Reason

ISS: Final = 1
EXP: Final = 4
NBF: Final = 5
IAT: Final = 6

_EPOCH_TAG: Final = 1

_NUMBER: Final = re.compile(r"-?[1-9][0-9]{0,4}").fullmatch


def read_claims(payload: bytes) -> dict[object, object]:
    """Decode a payload as a map of claims. Raises ``DocumentError(CLAIMS_MALFORMED)``."""
    try:
        claims = cbor.decode(payload)
    except DocumentError:
        claims = None
    if isinstance(claims, dict):
        return claims
    raise DocumentError(Reason.CLAIMS_MALFORMED)


def is_number(key: str) -> bool:
    """Tell whether a key is a number written as text."""
    return _NUMBER(key) is not None


def with_numbers(claims: dict[object, object]) -> tuple[dict[object, object], bool]:
    """Turn keys that are numbers written as text into numbers, as pilots of WHO write all of them.

    Tells also whether there were any. Raises ``DocumentError(CLAIMS_MALFORMED)`` when a key is
    there in both forms.
    """
    turned = {
        int(key) if isinstance(key, str) and is_number(key) else key: value
        for key, value in claims.items()
    }
    if len(turned) != len(claims):
        raise DocumentError(Reason.CLAIMS_MALFORMED)
    return turned, turned.keys() != claims.keys()


def read_date(claims: dict[object, object], label: int) -> int | None:
    """Read a NumericDate (RFC 8392, 2), rounded down; None when it is absent.

    Tag 1 round the number and floats are taken, as issuers write them (HU, ES, LI). Raises
    ``DocumentError(CLAIMS_MALFORMED)`` for a boolean, a text, and a number that is no date.
    """
    value = claims.get(label)
    # The type itself, because a boolean is an instance of int too.
    if type(value) is int and 0 <= value <= LAST_SECOND:
        return value
    if value is None:
        return None
    if isinstance(value, CBORTag) and value.tag == _EPOCH_TAG:
        value = value.value
        if type(value) is int and 0 <= value <= LAST_SECOND:
            return value
    if isinstance(value, float) and 0 <= value <= LAST_SECOND:
        return math.floor(value)
    raise DocumentError(Reason.CLAIMS_MALFORMED)
