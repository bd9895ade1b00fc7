"""What a rule says of itself, held to what the gateway demands (certlogic-rules notes, 1)."""

import re
from collections.abc import Iterator
from typing import Final

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import ENGINE, LANGUAGE_VERSION, check_logic
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.written import WrittenRule
from verifier.rules.rule import ACCEPTANCE, GENERAL, INVALIDATION, Rule, version_text
from verifier.rules.selection import PAYLOAD

_IDENTIFIER: Final = re.compile(r"(GR|VR|TR|RR|IR)-([A-Z]{2})-[0-9]{4}").fullmatch
_REGION: Final = re.compile(r"[A-Z0-9]{0,5}").fullmatch
_CERTIFICATES: Final = {"GR": GENERAL, "VR": "Vaccination", "TR": "Test", "RR": "Recovery"}
_INVALIDATING: Final = "IR"

_LEAST_SECONDS: Final = 72 * 3_600
_LEAST_CHARACTERS: Final = 20
_PAYLOAD: Final = "payload."


def form_findings(written: WrittenRule) -> Iterator[Finding]:
    """Find what is wrong with the members of a rule, and with the form of its logic."""
    rule = written.rule
    for issue in check_logic(rule.expression.raw):
        yield written.finding(Code.NOT_CERTLOGIC, issue.where, issue.what)
    yield from _engine(written)
    yield from _types(written)
    yield from _identifier(written)
    if not _REGION(rule.region):
        yield written.finding(Code.REGION_FORM, "Region", rule.region)
    if rule.valid_to - rule.valid_from < _LEAST_SECONDS:
        yield written.finding(Code.WINDOW_SHORT, "ValidTo")
    english = rule.descriptions.get("en")
    if english is None:
        yield written.finding(Code.NO_ENGLISH, "Description")
    elif len(english) < _LEAST_CHARACTERS:
        yield written.finding(Code.DESCRIPTION_SHORT, "Description")
    yield from _fields(written)


def _engine(written: WrittenRule) -> Iterator[Finding]:
    rule = written.rule
    if rule.engine != ENGINE:
        yield written.finding(Code.ENGINE_UNKNOWN, "Engine", rule.engine)
    if rule.engine_version > LANGUAGE_VERSION:
        known = version_text(LANGUAGE_VERSION)
        detail = f"{version_text(rule.engine_version)}, known is {known}"
        yield written.finding(Code.ENGINE_TOO_NEW, "EngineVersion", detail)
    schema = rule.schema_version
    if schema[0] != PAYLOAD[0] or schema > PAYLOAD:
        detail = f"{version_text(schema)}, known is {version_text(PAYLOAD)}"
        yield written.finding(Code.SCHEMA_TOO_NEW, "SchemaVersion", detail)


def _types(written: WrittenRule) -> Iterator[Finding]:
    rule = written.rule
    if rule.certificate_type not in _CERTIFICATES.values():
        yield written.finding(
            Code.CERTIFICATE_TYPE_UNKNOWN, "CertificateType", rule.certificate_type
        )
    if not is_for_entry(rule):
        yield written.finding(Code.NOT_FOR_ENTRY, "Type", rule.type)


def is_for_entry(rule: Rule) -> bool:
    """Tell whether a rule is of a type that decides on entry."""
    return rule.type in {ACCEPTANCE, INVALIDATION}


def _identifier(written: WrittenRule) -> Iterator[Finding]:
    rule = written.rule
    if not is_for_entry(rule):
        return
    named = _IDENTIFIER(rule.identifier)
    if named is None:
        yield written.finding(Code.IDENTIFIER_FORM, "Identifier")
        return
    prefix, country = named.groups()
    if (prefix == _INVALIDATING) != (rule.type == INVALIDATION):
        yield written.finding(Code.PREFIX_DIFFERS, "Identifier", rule.type)
    elif prefix != _INVALIDATING and _CERTIFICATES[prefix] != rule.certificate_type:
        yield written.finding(Code.PREFIX_DIFFERS, "Identifier", rule.certificate_type)
    if country != rule.country:
        yield written.finding(Code.COUNTRY_DIFFERS, "Country", rule.country)


def _fields(written: WrittenRule) -> Iterator[Finding]:
    """Compare the fields that a rule names with those that it reads; a part stands for both."""
    rule = written.rule
    try:
        paths = rule.logic.paths
    except RuleSetInvalid:  # told already
        return
    read = {path.removeprefix(_PAYLOAD) for path in paths if path.startswith(_PAYLOAD)}
    for path in sorted(read - set(rule.affected)):
        # What only guards against a missing entry is named by its members.
        if not any(each.startswith(f"{path}.") for each in rule.affected):
            yield written.finding(Code.FIELD_NOT_LISTED, path)
    for path in sorted(set(rule.affected) - read):
        above = any(path.startswith(f"{each}.") or each.startswith(f"{path}.") for each in read)
        if not above:
            yield written.finding(Code.FIELD_NOT_READ, path)
