"""Which rules speak of a certificate: by country, type, time, region and version.

Certlogic-rules notes, 2 and 3. A country that has no rule for a certificate has not said that it
may enter, so that case has a name of its own. What would have spoken and cannot be run here is
named as open, never left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import ENGINE, LANGUAGE_VERSION
from verifier.rules.rule import ACCEPTANCE, GENERAL, INVALIDATION, Rule, Version, version_text
from verifier.rules.ruleset import RuleSet

# The schema of the DCC whose shape all certificates are brought into (hcert-dcc notes).
PAYLOAD: Final[Version] = (1, 3, 0)

_TYPES: Final = {
    "Vaccination": Kind.VACCINATION,
    "Test": Kind.TEST,
    "Recovery": Kind.RECOVERY,
}

# Only rules of this prefix invalidate, and only they do (notes, 1).
_INVALIDATING: Final = "IR-"
_ACCEPTING: Final = ("GR-", "VR-", "TR-", "RR-")


class Why(StrEnum):
    """Why a rule that speaks of a certificate cannot be run, so that its result is open."""

    BROKEN = "broken"  # it could not be read
    CERTIFICATE_TYPE = "certificate_type"  # nobody knows which certificates it is for
    ENGINE = "engine"
    ENGINE_VERSION = "engine_version"
    LOGIC = "logic"  # it is no CertLogic
    LAPSED = "lapsed"  # since its list was made, and what has replaced it is not here
    SCHEMA_VERSION = "schema_version"


class OpenRule(NamedTuple):
    """A rule whose result is open. ``rule`` is None for one that could not even be read."""

    identifier: str
    version: str
    why: Why
    rule: Rule | None


class Selection(NamedTuple):
    """The rules that decide, highest versions alone, by identifier.

    ``acceptance`` are the destination's, ``invalidation`` those of the country that has issued the
    certificate. ``open`` names what would have had a say and cannot be run here: with it the result
    is never better than open. ``none_in_force`` says that the destination has no rule at all
    for such a certificate at that time, which is not the same as a rule that is met.
    """

    acceptance: tuple[Rule, ...]
    invalidation: tuple[Rule, ...]
    open: tuple[OpenRule, ...]
    none_in_force: bool


def select(  # noqa: PLR0913 - what notes 2 says is given
    destination: RuleSet,
    issuer_set: RuleSet | None,
    *,
    issuer: str,
    kind: Kind,
    at: Instant,
    region: str = "",
    payload: Version = PAYLOAD,
) -> Selection:
    """Pick the rules that decide on a certificate of a country (``issuer``) at an instant.

    ``region`` is a part of the destination; its rules take the place of the whole country's.
    ``payload`` is the version of the schema that the payload follows.
    """
    chosen = region.strip().upper()
    accepting = _Search(ACCEPTANCE, destination.country, kind, at, payload, chosen)
    invalidating = _Search(INVALIDATION, issuer, kind, at, payload, None)
    acceptance = accepting.among(destination)
    invalidation = invalidating.among(issuer_set) if issuer_set else _Found((), ())
    unreadable = list(_unreadable(destination, _INVALIDATING))
    if issuer_set:
        unreadable += _unreadable(issuer_set, _ACCEPTING)
    return Selection(
        acceptance.rules,
        invalidation.rules,
        (*dict.fromkeys(unreadable), *acceptance.open, *invalidation.open),
        none_in_force=not acceptance.rules
        and all(each.why is Why.LAPSED for each in acceptance.open),
    )


class _Found(NamedTuple):
    rules: tuple[Rule, ...]
    open: tuple[OpenRule, ...]


class _Search(NamedTuple):
    """What is looked for among the rules of one country. A region of None is any."""

    type: str
    country: str
    kind: Kind
    at: Instant
    payload: Version
    region: str | None

    def among(self, rule_set: RuleSet) -> _Found:
        """Find the rules in force, and those that are open."""
        source = rule_set.source_of(self.type)
        as_of = source.list.as_of if source else None
        versions: dict[str, list[Rule]] = defaultdict(list)
        for rule in rule_set.rules:
            if self._speaks(rule):
                versions[rule.identifier].append(rule)
        rules: list[Rule] = []
        left_open: list[OpenRule] = []
        for identifier in sorted(versions):
            for rule in self._in_force(versions[identifier]):
                why = self._why_not_run(rule)
                if why:
                    left_open.append(_open(rule, why))
                else:
                    rules.append(rule)
            left_open += self._lapsed(versions[identifier], as_of)
        return _Found(tuple(rules), tuple(left_open))

    def _speaks(self, rule: Rule) -> bool:
        """Tell whether a rule is about such a certificate, whatever the time."""
        return (
            rule.type == self.type
            and rule.country == alpha_2(self.country)
            and (self.region is None or rule.region == self.region)
            and _TYPES.get(rule.certificate_type, self.kind) is self.kind
        )

    def _in_force(self, versions: Iterable[Rule]) -> Iterator[Rule]:
        """Give the highest version in force; all of its texts, should there be more than one."""
        current = [rule for rule in versions if rule.valid_from <= self.at <= rule.valid_to]
        highest = max((rule.version for rule in current), default=None)
        seen: list[Rule] = []
        for rule in current:
            if rule.version == highest and rule not in seen:
                seen.append(rule)
        yield from _in_order(seen)

    def _lapsed(self, versions: Iterable[Rule], as_of: Instant | None) -> Iterator[OpenRule]:
        """Name a rule of which every version is over, when its publisher cannot have known that.

        A rule that was over when the list was made is one that the publisher has let end. One that
        ended since has a successor that has not come here, or none: nobody knows (decision 0037).
        """
        begun = [rule for rule in versions if rule.valid_from <= self.at]
        end = max((_end(rule) for rule in begun), default=None)
        if end and end[0] < self.at and (as_of is None or end[0] >= as_of):
            last = [rule for rule in begun if _end(rule) == end]
            yield _open(_in_order(last)[-1], Why.LAPSED)

    def _why_not_run(self, rule: Rule) -> Why | None:
        if rule.engine != ENGINE:
            return Why.ENGINE
        if rule.engine_version > LANGUAGE_VERSION:
            return Why.ENGINE_VERSION
        schema = rule.schema_version
        if schema[0] != self.payload[0] or schema > self.payload:
            return Why.SCHEMA_VERSION
        if rule.certificate_type not in {GENERAL, *_TYPES}:
            return Why.CERTIFICATE_TYPE
        try:
            _ = rule.logic
        except RuleSetInvalid:
            return Why.LOGIC
        return None


def _end(rule: Rule) -> tuple[Instant, Version]:
    return rule.valid_to, rule.version


def _in_order(rules: list[Rule]) -> list[Rule]:
    """Put rules that nothing else tells apart into the order of their texts, which take long."""
    if len(rules) == 1:
        return rules
    return sorted(rules, key=lambda rule: repr((rule[:-1], rule.expression.raw)))


def _open(rule: Rule, why: Why) -> OpenRule:
    return OpenRule(rule.identifier, version_text(rule.version), why, rule)


def _unreadable(rule_set: RuleSet, others: str | tuple[str, ...]) -> Iterator[OpenRule]:
    """Name what could not be read, unless its name says that it is of the other type."""
    for identifier in sorted(rule_set.incomplete):
        if not identifier.startswith(others):
            yield OpenRule(identifier, "", Why.BROKEN, None)
