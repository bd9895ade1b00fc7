"""Rules as plain JSON, which nobody has signed: files of a folder, or a published list.

A folder holds a rule a file, in the layout of the shared country rules (``RULE/rule.json``) or in
any other, and may hold value sets. Each country's rules make one list. An array of rules, such as
Germany's published ones, is a list by itself.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from trustlists.faults import Fault, invalid
from trustlists.gathering import label_of
from trustlists.records import Reading, Refusal, RefusedEntry, SourceFile
from trustlists.rules.documents import json_elements, read_document
from trustlists.rules.records import (
    BrokenRule,
    Entries,
    Form,
    ParsedRules,
    RefusedRules,
    value_rows,
)
from trustlists.rules.rows import Kind, RuleRow
from trustlists.signers import Uploader
from verifier.errors import RuleSetInvalid, SetupError

_WHITE_SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_NAMES: Final = ("Identifier", "identifier", "Logic", "logic")
_AUSTRIAN: Final = {"profiles", "conditions"}


def _recognise(head: bytes) -> bool:
    return head.lstrip(_WHITE_SPACE)[:1] in {b"{", b"["}


def _read(
    files: Sequence[SourceFile], reading: Reading, _: Uploader
) -> list[ParsedRules | RefusedRules]:
    """Read files: arrays are lists by themselves, what is left makes a list a country."""
    found: list[ParsedRules | RefusedRules] = []
    gathered = _Gathered(reading)
    for file in files:
        data = (file.data or b"").strip(_WHITE_SPACE)
        if data.startswith(b"["):
            try:
                found.append(read_list(data, file.name, reading))
            except SetupError as error:
                found.append(RefusedRules(f"rules:{_label(file.name)}", error))
        else:
            gathered.take(data, file.name)
    return [*found, *gathered.lists()]


def read_list(data: bytes, called: str, reading: Reading) -> ParsedRules:
    """Read an array of rules, or one rule or file of value sets, as one list.

    Raises ``TrustListInvalid``.
    """
    data = data.strip(_WHITE_SPACE)
    found = Entries()
    label = _label(called)
    if data.startswith(b"["):
        found.add_all(json_elements(data), reading.country)
    elif (values := _values_of(data)) is not None:
        return ParsedRules(f"value-sets:{label}", values)
    else:
        found.add(data, label, reading.country)
    if not any(row.kind == Kind.RULE for row in found.rows):
        raise invalid(Fault.NO_RULES)
    return ParsedRules(f"rules:{label}", found.rows, found.broken)


class _Gathered:
    """The rules and value sets of loose files."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._rules = Entries()
        self._values: list[RuleRow] = []
        self._refused: list[RefusedEntry] = []

    def take(self, data: bytes, name: str) -> None:
        """Take one file, or note why not."""
        values = _values_of(data)
        if values is not None:
            self._values += values
            return
        refusal = _no_rule(data)
        if refusal:
            self._refused.append(RefusedEntry(name, refusal))
        else:
            self._rules.add(data, name, self._reading.country)

    def lists(self) -> Iterator[ParsedRules | RefusedRules]:
        """Give a list for each country, and one of the value sets."""
        label = self._reading.label
        refused = self._refused
        rows, broken = self._rules.rows, self._rules.broken
        # A rule that names no country may be anybody's, and leaves all of these incomplete.
        for country in sorted({row.country for row in rows if row.kind == Kind.RULE}):
            yield ParsedRules(
                f"rules-{country.lower()}:{label}",
                [row for row in rows if row.country in {country, ""}],
                [each for each in broken if each.country in {country, ""}],
                refused,
            )
            refused = []
        if self._values:
            yield ParsedRules(f"value-sets:{label}", self._values, refused=refused)
            refused = []
        strays = _strays(rows, broken)
        if strays or refused:
            yield RefusedRules("", invalid(Fault.NO_RULES), [*strays, *refused])


def _strays(rows: Sequence[RuleRow], broken: Sequence[BrokenRule]) -> list[RefusedEntry]:
    """Name the broken rules of countries that have no other, and so no list."""
    countries = {row.country for row in rows if row.kind == Kind.RULE}
    return [
        RefusedEntry(each.identifier, Refusal.RULE_BROKEN)
        for each in broken
        if each.country not in countries and (each.country or not countries)
    ]


def _values_of(data: bytes) -> list[RuleRow] | None:
    """Read value sets; None where a file holds none."""
    try:
        return value_rows(data)
    except RuleSetInvalid:
        return None


def _no_rule(data: bytes) -> Refusal | None:
    """Say why a file is not even a broken rule; None when it is a rule, be it a broken one."""
    document: Mapping[str, Any] | None = None
    try:
        document = read_document(data)
    except RuleSetInvalid:
        document = None
    if document is None:
        # What cannot be read may have been a rule: then its country must not seem complete.
        return None if looks_like_a_rule(data) else Refusal.NOT_A_RULE
    if document.keys() >= _AUSTRIAN:
        return Refusal.OTHER_RULE_LANGUAGE
    return None if any(name in document for name in _NAMES) else Refusal.NOT_A_RULE


def looks_like_a_rule(data: bytes) -> bool:
    """Tell whether a file names what rules have, be it readable or not."""
    return any(json.dumps(name).encode() in data for name in _NAMES)


def _label(name: str) -> str:
    return label_of(name.rpartition("/")[2].partition(".")[0])


FORM: Final = Form("json", _recognise, _read)
