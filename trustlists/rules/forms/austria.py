"""Austria's rules and value sets: CBOR, each with its signature in a file (notes, 6).

``{"r": [{"i": identifier, "r": rule as JSON text}]}``, and ``{"v": [{"n": name, "v": value set as
JSON text}]}``. For the signature files see ``cose_file``: from when a list counts is signed.
"""

from collections.abc import Sequence
from typing import Any, Final

from trustlists.cose_file import (
    RULES,
    VALUE_SETS,
    FileSignature,
    demand_signature,
    is_signature,
)
from trustlists.faults import Fault, invalid
from trustlists.records import Reading, SourceFile
from trustlists.rules.documents import cbor_elements
from trustlists.rules.records import Entries, Form, ParsedRules, RefusedRules, value_rows
from trustlists.rules.rows import RuleRow
from trustlists.signers import Uploader
from verifier.codecs import cbor
from verifier.errors import DocumentError, RuleSetInvalid, SetupError
from verifier.limits import RULE_DEPTH, RULE_ITEMS

# A map of one member, "r" or "v", which is an array (RFC 8949, 3).
_OF_RULES: Final = b"\xa1\x61r"
_OF_VALUES: Final = b"\xa1\x61v"
_ARRAYS: Final = range(0x80, 0xA0)


def _recognise(head: bytes) -> bool:
    after = head[len(_OF_RULES) : len(_OF_RULES) + 1]
    return head.startswith((_OF_RULES, _OF_VALUES)) and bool(after) and after[0] in _ARRAYS


def _companion(data: bytes) -> bool:
    return is_signature(data, RULES) or is_signature(data, VALUE_SETS)


def _read(
    files: Sequence[SourceFile], reading: Reading, _: Uploader
) -> list[ParsedRules | RefusedRules]:
    found: list[ParsedRules | RefusedRules] = []
    for file in files:
        data = file.data or b""
        read = _rules if data.startswith(_OF_RULES) else _values
        try:
            found.append(read(data, reading))
        except SetupError as error:
            found.append(RefusedRules("", error))
    return found


def _rules(data: bytes, reading: Reading) -> ParsedRules:
    """Verify, then read. Raises ``TrustListInvalid``."""
    signature = demand_signature(data, RULES, reading)
    found = Entries()
    for place, entry in enumerate(_entries(data), 1):
        found.add(_text(entry, "r"), _text(entry, "i").decode() or f"rule {place}", reading.country)
    return _signed("rules-at", signature, found)


def _values(data: bytes, reading: Reading) -> ParsedRules:
    """Read value sets in the same way; one that is broken costs the whole list."""
    signature = demand_signature(data, VALUE_SETS, reading)
    rows: list[RuleRow] = []
    try:
        for entry in _entries(data):
            rows += value_rows(_text(entry, "v"))
    except RuleSetInvalid:
        raise invalid(Fault.MALFORMED) from None
    found = Entries()
    found.rows = rows
    return _signed("value-sets-at", signature, found)


def _signed(kind: str, signature: FileSignature, found: Entries) -> ParsedRules:
    anchor = signature.anchor
    return ParsedRules(
        f"{kind}:{anchor.name}",
        found.rows,
        found.broken,
        environment=anchor.environment,
        anchor=anchor,
        dated=signature.begins,
        sequence=signature.begins,
        expires=signature.ends,
    )


def _entries(data: bytes) -> list[dict[str, Any]]:
    """Give the entries of the array, which ends the data. Raises ``TrustListInvalid``."""
    found: list[dict[str, Any]] = []
    for encoded in cbor_elements(data, len(_OF_RULES)):
        try:
            entry = cbor.decode_open(encoded, items=RULE_ITEMS, depth=RULE_DEPTH)
        except DocumentError:
            raise invalid(Fault.MALFORMED) from None
        if not isinstance(entry, dict):
            raise invalid(Fault.MALFORMED)
        found.append(entry)
    return found


def _text(entry: dict[str, Any], name: str) -> bytes:
    text = entry.get(name)
    return text.encode() if isinstance(text, str) else b""


FORM: Final = Form("austria", _recognise, _read, _companion)
