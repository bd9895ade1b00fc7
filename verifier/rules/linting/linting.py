"""Everything that is wrong or odd in rules, in the order of the codes."""

from collections.abc import Iterable, Sequence
from typing import Final

from verifier.rules.linting.behaviour import Behaviour
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.form import form_findings, is_for_entry
from verifier.rules.linting.reading import known_values, reading_findings
from verifier.rules.linting.trials import trial_findings
from verifier.rules.linting.versions import version_findings
from verifier.rules.linting.written import WrittenRule
from verifier.rules.survey.papers import COMMON_DEVICE, DEVICES
from verifier.rules.valuesets import ValueSet, ValueSets

# Of these a rule cannot be run, so that nothing can be told of how it behaves.
_NOT_RUN: Final = frozenset(
    {
        Code.NOT_CERTLOGIC,
        Code.ENGINE_UNKNOWN,
        Code.ENGINE_TOO_NEW,
        Code.SCHEMA_TOO_NEW,
        Code.CERTIFICATE_TYPE_UNKNOWN,
    }
)


def lint(rules: Sequence[WrittenRule], values: ValueSets) -> tuple[Finding, ...]:
    """Look at rules of any countries. Raises nothing.

    ``values`` are the value sets that lie with them. Without any, the codes that this program knows
    are used, which is a finding; the numbers of devices are then not looked up.
    """
    assumed = not values.sets
    if assumed:
        values = ValueSets(tuple(_set(name, codes) for name, codes in known_values().items()))
    codes = _codes(values)
    if assumed:
        values = ValueSets((*values.sets, _set(DEVICES, (COMMON_DEVICE,))))
    found = [Finding(Code.VALUES_ASSUMED)] if assumed and rules else []
    runnable: list[WrittenRule] = []
    for written in rules:
        of_form = list(form_findings(written))
        found += of_form
        wrong = {each.code for each in of_form}
        if Code.NOT_CERTLOGIC not in wrong:
            found += reading_findings(written, codes, names=_codes(values).keys())
            found += trial_findings(written)
        if is_for_entry(written.rule) and not wrong & _NOT_RUN:
            runnable.append(written)
    found += version_findings([each for each in rules if is_for_entry(each.rule)])
    for country in sorted({written.rule.country for written in runnable}):
        own = [each for each in runnable if each.rule.country == country]
        found += Behaviour(country, own, values).findings()
    return in_order(found)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by their codes, and otherwise leave them as they are."""
    order = list(Code)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.code)))


def _set(name: str, codes: tuple[str, ...]) -> ValueSet:
    return ValueSet(name, "", codes, {})


def _codes(values: ValueSets) -> dict[str, frozenset[str]]:
    """Give the codes that any edition of a value set has: older certificates carry older ones."""
    found: dict[str, frozenset[str]] = {}
    for each in values.sets:
        found[each.identifier] = found.get(each.identifier, frozenset()) | set(each.codes)
    return found
