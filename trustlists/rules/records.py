"""What every form of publishing rules is read into: rows for the store, and lists of them."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.records import Reading, RefusedEntry, SourceFile
from trustlists.rules.documents import read_document
from trustlists.rules.rows import Kind, RuleRow
from trustlists.signers import Uploader
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import RuleSetInvalid, SetupError
from verifier.rules.rule import ACCEPTANCE, INVALIDATION, read_rule, version_text
from verifier.rules.valuesets import read_value_sets
from verifier.trust import Environment

_IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9]{1,3}-([A-Z]{2})-[0-9]{4}")
# What the name of a rule says of its type (notes, 1).
_TYPES: Final = {
    "IR-": INVALIDATION, "GR-": ACCEPTANCE, "VR-": ACCEPTANCE, "TR-": ACCEPTANCE, "RR-": ACCEPTANCE,
}  # fmt: skip
_LABEL: Final = 60  # characters of a name that stands for a rule which has none


class BrokenRule(NamedTuple):
    """A rule that cannot be run: what it is called, whose it is, and what is wrong with it.

    Where its logic alone is none, it is stored as a rule; else its country's set is incomplete.
    """

    identifier: str
    country: str
    what: str


class ParsedRules(NamedTuple):
    """A list of rules, or of value sets, as read; the fields are those of a ``ParsedList``."""

    name: str
    rows: Sequence[RuleRow]
    broken: Sequence[BrokenRule] = ()
    refused: Sequence[RefusedEntry] = ()
    environment: Environment | None = None
    anchor: Anchor | None = None
    dated: Instant | None = None
    sequence: Instant | None = None
    expires: Instant | None = None


class RefusedRules(NamedTuple):
    """A list that was refused whole, and what it would have been called."""

    name: str
    error: SetupError
    refused: Sequence[RefusedEntry] = ()


class Form(NamedTuple):
    """One way of publishing rules. Each file of ``forms`` exports one as ``FORM``.

    ``recognise`` looks at the first bytes of a file, ``companion`` at a whole file that only
    belongs to another. ``read`` gets all files of this form that a source has, and gives the lists
    that they make.
    """

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[Sequence[SourceFile], Reading, Uploader], list[ParsedRules | RefusedRules]]
    companion: Callable[[bytes], bool] = lambda _: False


class Entries:
    """Rows that are being read, and what is wrong with some of them."""

    __slots__ = ("broken", "rows")

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: list[RuleRow] = []
        self.broken: list[BrokenRule] = []

    def add(self, body: bytes, called: str, country: str = "") -> RuleRow:
        """Read a rule; one that cannot be read is kept as such. ``country`` is whose it may be."""
        document: dict[str, Any] = {}
        try:
            document = read_document(body)
            rule = read_rule(owned(document, country))
        except RuleSetInvalid as error:
            row = _broken_row(document, body, called, country)
            self._tell(row, error)
        else:
            version = version_text(rule.version)
            row = RuleRow(Kind.RULE, rule.country, rule.type, rule.identifier, version, body)
            try:
                _ = rule.logic
            except RuleSetInvalid as error:
                # It is known of which certificates it speaks; for those it stays open.
                self._tell(row, error)
        self.rows.append(row)
        return row

    def _tell(self, row: RuleRow, error: RuleSetInvalid) -> None:
        what = " ".join(str(error).splitlines())
        self.broken.append(BrokenRule(row.identifier, row.country, what))

    def add_all(self, bodies: Iterable[bytes], country: str = "") -> None:
        """Read rules that are called by their places, counted from 1."""
        for place, body in enumerate(bodies, 1):
            self.add(body, f"rule {place}", country)


def one_each(
    files: Iterable[SourceFile], read: Callable[[SourceFile], ParsedRules]
) -> list[ParsedRules | RefusedRules]:
    """Read files that are a list each; one that is refused leaves the others as they are."""
    found: list[ParsedRules | RefusedRules] = []
    for file in files:
        try:
            found.append(read(file))
        except SetupError as error:
            found.append(RefusedRules("", error))
    return found


def owned(document: dict[str, Any], country: str) -> dict[str, Any]:
    """Say whose a rule is where it does not say so itself under any of its names."""
    if country and not document.keys() & {"Country", "country", "countryCode"}:
        return {**document, "Country": country}
    return document


def value_rows(body: bytes) -> list[RuleRow]:
    """Read a file of one value set, or of many without a date. Raises ``RuleSetInvalid``."""
    document = read_document(body)
    sets = read_value_sets(document)
    if "valueSetId" in document:
        return [RuleRow(Kind.VALUES, "", "", sets[0].identifier, sets[0].date, body)]
    return [
        RuleRow(
            Kind.VALUES,
            "",
            "",
            each.identifier,
            "",
            json.dumps({each.identifier: each.codes}).encode(),
        )
        for each in sets
    ]


def _broken_row(document: dict[str, Any], body: bytes, called: str, country: str) -> RuleRow:
    """Say of a broken rule what can be said: its name, whose it is, which type it has."""
    said = document.get("Identifier")
    name = said.strip() if isinstance(said, str) else ""
    file = called.rpartition("/")[2]
    texts = (name,) if name else (file, body.decode("utf-8", "replace"), called)
    named = next((found for found in map(_IDENTIFIER.search, texts) if found), None)
    identifier = named.group() if named else name[:_LABEL] or called[-_LABEL:]
    owner = document.get("Country")
    country = (
        (alpha_2(owner) if isinstance(owner, str) else "")
        or (alpha_2(named.group(1)) if named else "")
        or country
    )
    rule_type = document.get("Type")
    text = rule_type if isinstance(rule_type, str) else _TYPES.get(identifier[:3], "")
    return RuleRow(Kind.BROKEN, country, text, identifier, "", body)
