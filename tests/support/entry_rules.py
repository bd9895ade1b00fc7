"""Rule sets on the spot, and what a desk says of a specimen that is held to them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from support.specimens import FIXTURES, NOW, store

from verifier import PrivacyPolicy, Verdict, Verifier
from verifier.clock import Instant
from verifier.privacy import Disclosure
from verifier.rules.rule import Rule, read_rule
from verifier.rules.ruleset import Provenance, RuleSet
from verifier.rules.valuesets import ValueSet, ValueSets
from verifier.trust import Environment, TrustList

CLOCK: Final = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}
DOSE: Final = {"var": "payload.v.0.dt"}
SAMPLE: Final = {"var": "payload.t.0.sc"}
AT: Final = datetime.fromtimestamp(NOW, UTC)
TYPES: Final = {"V": "Vaccination", "T": "Test", "R": "Recovery", "I": "General", "G": "General"}


def rule(identifier: str, logic: object, **members: Any) -> Rule:
    """Write a rule; its identifier tells type, country and certificate."""
    document = {
        "Identifier": identifier,
        "Type": "Invalidation" if identifier.startswith("IR") else "Acceptance",
        "Country": identifier[3:5],
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.0.0",
        "CertificateType": TYPES[identifier[0]],
        "Description": [{"lang": "en", "desc": f"The rule {identifier} of a specimen."}],
        "ValidFrom": "2020-01-01T00:00:00Z",
        "ValidTo": "2040-01-01T00:00:00Z",
        "AffectedFields": ["v.0"],
        "Logic": logic,
    }
    return read_rule({**document, **members})


def aged(first: int, last: int, value: object = DOSE, unit: str = "day") -> dict[str, object]:
    """Write a logic: what has this date is between so many units old."""
    return {
        "not-after": [{"plusTime": [value, first, unit]}, CLOCK, {"plusTime": [value, last, unit]}]
    }


def rule_set(*rules: Rule, country: str = "FR", as_of: Instant = NOW, **members: Any) -> RuleSet:
    """Make a rule set that an anchor vouches for, as of the day of the specimens."""
    made = TrustList(f"rules of {country}", Environment.SPECIMEN, as_of)
    provenance = Provenance(made, "rules.json", "folder", None, "an anchor")
    values = ValueSets(
        (
            ValueSet("covid-19-lab-test-manufacturer-and-name", "", ("1232",), {}),
            ValueSet("covid-19-lab-test-type", "", ("LP6464-4", "LP217198-3"), {}),
        )
    )
    sources = tuple((each, provenance) for each in ("Acceptance", "Invalidation"))
    whole = RuleSet(country, rules, values, sources)
    return whole._replace(**members)


class Rules:
    """Rule sets of several countries, to look up."""

    def __init__(self, *sets: RuleSet) -> None:
        self._sets = {each.country: each for each in sets}

    def rule_set(self, country: str) -> RuleSet | None:
        return self._sets.get(country)


def specimen(name: str) -> str:
    """Read a specimen, such as ``eu_dcc/vaccination``."""
    return (FIXTURES / f"{name}.txt").read_text().strip()


def judged(
    name: str,
    rules: RuleSet | str,
    *,
    at: datetime = AT,
    disclosure: Disclosure = Disclosure.IDENTITY,
    region: str = "",
) -> Verdict:
    """Give the verdict of a desk on a specimen that is held to rules."""
    verifier = Verifier(trust=store(), rules=rules, region=region, policy=PrivacyPolicy(disclosure))
    return verifier.verify(specimen(name), at=at)


def codes(verdict: Verdict) -> Sequence[str]:
    """List the codes of what the rules found."""
    return [each.code.value for each in verdict.findings if each.code.value.startswith("RUL")]
