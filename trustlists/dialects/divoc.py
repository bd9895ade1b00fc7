"""Keys of DIVOC certificates by their labels (DIVOC notes, 8): as JSON, or as PEM with a label.

No state publishes such keys in a way that can be checked, so they come in two plain forms. JSON is
an object whose member ``divoc_keys`` has an object for each key: ``label``; ``public_key``
(SubjectPublicKeyInfo in base64, or PEM) or ``public_key_base58`` (Ed25519); perhaps ``country``,
``name``, ``issuers`` (whom documents may name, else anyone), ``uses`` (vaccination, test, else
both). PEM files hold bare keys; a JSON array beside them may give for each ``file`` its
``verification_method`` and ``country``. Else the operator says the label, or the name of the file
does: ``did-srilanka-moh.pem`` is ``did:srilanka:moh``. Each key needs an anchor that is this key.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from trustlists.bare_keys import DIVOC, bare_record
from trustlists.faults import Fault, invalid
from trustlists.json_text import from_base64, read_array, read_object, text_of
from trustlists.pem_text import Block, looks_like_blocks, read_blocks
from trustlists.public_keys import NotAKey, canonical, from_ed25519
from trustlists.records import (
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    read_entries,
)
from verifier.countries import alpha_2
from verifier.limits import KID_BYTES, LIST_RECORDS, TEXT_CHARACTERS

_KEYS: Final = "divoc_keys"
_MEMBERS: Final = frozenset(
    {"label", "public_key", "public_key_base58", "country", "issuers", "uses", "name"}
)
_USES: Final = frozenset({"vaccination", "test"})
_ISSUERS: Final = 16  # a country has one or two
_LABEL: Final = re.compile(rf"[!-~]{{1,{KID_BYTES}}}", re.ASCII)
_FILE_OF_LABEL: Final = re.compile(r"did(-[A-Za-z0-9.]+)+", re.ASCII)

# Without what looks alike: no zero, no capital o, no capital i, no small L.
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_CHARACTERS: Final = 44  # of 32 bytes


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and f'"{_KEYS}"'.encode() in head


def _companion(data: bytes) -> bool:
    """Know the array that says which label each file of a folder is for."""
    return data.lstrip(b" \t\r\n").startswith(b"[") and b'"verification_method"' in data


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Read every key. Raises ``TrustListInvalid`` for what is in neither form."""
    reading = reading._replace(scheme=DIVOC)
    name = f"divoc:{reading.label}"
    if looks_like_blocks(data) and not _recognise(data):
        label, country = _said_of_file(reading)
        beside = reading._replace(country=country or reading.country)
        records, refused = read_entries(
            read_blocks(data), lambda block: _from_block(block, label, beside), "block"
        )
        return ParsedList(name, records, refused)
    entries = read_object(data).get(_KEYS)
    if not isinstance(entries, list) or len(entries) > LIST_RECORDS:
        raise invalid(Fault.MALFORMED)
    return _from_json(name, entries, reading)


def _from_json(name: str, entries: Sequence[object], reading: Reading) -> ParsedList:
    """Read the entries; a key for several issuers becomes as many records."""
    records: list[KeyRecord] = []
    refused: list[RefusedEntry] = []
    for place, entry in enumerate(entries, 1):
        found = _from_entry(entry, reading)
        if isinstance(found, Refusal):
            refused.append(RefusedEntry(f"key {place}", found))
        else:
            records.extend(found)
    return ParsedList(name, records, refused)


def _from_entry(entry: object, reading: Reading) -> list[KeyRecord] | Refusal:
    if not isinstance(entry, dict) or not entry.keys() <= _MEMBERS:
        return Refusal.MALFORMED
    country = entry.get("country", reading.country)
    issuers, uses = entry.get("issuers", [reading.issuer]), entry.get("uses", [])
    texts = [country, entry.get("name", ""), *_texts(issuers), *_texts(uses)]
    if not all(isinstance(text, str) and len(text) <= TEXT_CHARACTERS for text in texts):
        return Refusal.MALFORMED
    known = set(uses) <= _USES and bool(country) == bool(alpha_2(country))
    if not known or not 0 < len(issuers) <= _ISSUERS:
        return Refusal.MALFORMED
    record = _labelled(_key(entry), text_of(entry, "label"), reading._replace(country=country))
    if isinstance(record, Refusal):
        return record
    named = record._replace(name=text_of(entry, "name"), uses=frozenset(uses))
    return [named._replace(issuer=issuer) for issuer in dict.fromkeys(issuers)]


def _texts(member: object) -> Sequence[object]:
    """Give the elements of an array; what is none gives what is no text."""
    return member if isinstance(member, list) else [None]


def _key(entry: dict[str, Any]) -> bytes:
    """Read the key of an entry, which has one of two members; empty when it cannot be read."""
    text, short = text_of(entry, "public_key"), text_of(entry, "public_key_base58")
    if bool(text) == bool(short):
        return b""
    if short:
        try:
            return from_ed25519(_from_base58(short))
        except NotAKey:
            return b""
    blocks = read_blocks(text.encode("utf-8", "replace"))
    return blocks[0].der if len(blocks) == 1 else from_base64(text)


def _from_base58(text: str) -> bytes:
    """Decode 32 bytes of base58; empty for what is not that."""
    digits = [_BASE58.find(letter) for letter in text[: _BASE58_CHARACTERS + 1]]
    if not digits or len(digits) > _BASE58_CHARACTERS or min(digits) < 0:
        return b""
    number = 0
    for digit in digits:
        number = number * len(_BASE58) + digit
    zeros = len(text) - len(text.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _from_block(block: Block, label: str, reading: Reading) -> KeyRecord | Refusal:
    if block.label.endswith("PRIVATE KEY"):
        return Refusal.PRIVATE_KEY
    return _labelled(block.der, label, reading)


def _labelled(key: bytes, label: str, reading: Reading) -> KeyRecord | Refusal:
    try:
        spki = canonical(key)
    except NotAKey:
        return Refusal.KEY_UNREADABLE
    if not label:
        return Refusal.NO_KEY_ID
    if not _LABEL.fullmatch(label):
        return Refusal.KID_UNREADABLE
    return bare_record(label.encode(), spki, reading)


def _said_of_file(reading: Reading) -> tuple[str, str]:
    """Give label and country of a file: the operator's word, the array's, or the file's name."""
    file = PurePosixPath(reading.file)
    for companion in reading.companions:
        for entry in read_array(companion) if _companion(companion) else ():
            if PurePosixPath(text_of(entry, "file")).name == file.name:
                label = reading.kid or text_of(entry, "verification_method")
                return label, alpha_2(text_of(entry, "country"))
    named = file.stem if _FILE_OF_LABEL.fullmatch(file.stem) else ""
    return reading.kid or named.replace("-", ":"), ""


DIALECT: Final = Dialect((DIVOC,), _recognise, _read, gathers=True, companion=_companion)
