"""An EU certificate as its rules see it: the signed content after tolerant normalisation.

Source: DCC notes, and business rules (certlogic notes, 3): texts are trimmed, nulls are left out,
floats that are whole count as integers, and a date-time behind CBOR tag 0 is its text. What is no
value of JSON is left out as well. Nothing else changes: rules would rather fail than guess.
"""

from collections.abc import Mapping
from typing import Final

from cbor2 import CBORTag

_DATE_TIME_TAG: Final = 0


def normalised(certificate: Mapping[object, object]) -> dict[str, object]:
    """Give the content of a certificate in the form that EU rules are written for.

    How deep and wide it can be was bounded when it was decoded.
    """
    return {
        name: plain
        for name, value in certificate.items()
        if isinstance(name, str) and (plain := _plain(value)) is not None
    }


def _plain(value: object) -> object:
    if isinstance(value, CBORTag) and value.tag == _DATE_TIME_TAG:
        value = value.value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return normalised(value) if isinstance(value, Mapping) else None
