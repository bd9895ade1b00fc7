"""The rules of one country, where they come from, and whether anything of them is missing.

``trustlists.TrustStore`` implements ``RuleSource``; an embedding program may bring its own.
"""

from typing import NamedTuple, Protocol

from verifier.clock import Instant
from verifier.rules.rule import ACCEPTANCE, INVALIDATION, Rule
from verifier.rules.valuesets import ValueSets
from verifier.trust import TrustList


class Provenance(NamedTuple):
    """A list that rules or value sets were taken from.

    ``source`` is the name of the file. ``sequence`` is what only goes up from one edition to the
    next, a signed instant in all forms that have one, None for the others. ``anchor`` has signed
    the list or each rule of it, and is empty where nobody did.
    """

    list: TrustList
    source: str
    form: str
    sequence: Instant | None
    anchor: str

    @property
    def authenticated(self) -> bool:
        """Whether an anchor vouches for the list."""
        return bool(self.anchor)


class RuleSet(NamedTuple):
    """What a country has published: rules of every type and version, and all value sets at hand.

    ``sources`` names for each type of rule the list that its rules are from, ``values_from`` has
    the lists of the value sets. ``incomplete`` names the rules that could not be read; while there
    is one, nobody knows what the country demands, and the result is open.
    """

    country: str
    rules: tuple[Rule, ...]
    value_sets: ValueSets = ValueSets()
    sources: tuple[tuple[str, Provenance], ...] = ()
    values_from: tuple[Provenance, ...] = ()
    incomplete: tuple[str, ...] = ()

    def source_of(self, rule_type: str) -> Provenance | None:
        """Give the list that the rules of a type are from, None where nobody says."""
        return dict(self.sources).get(rule_type)

    @property
    def provenance(self) -> tuple[Provenance, ...]:
        """The lists of the rules that decide on entry; other types never do."""
        found = map(self.source_of, (ACCEPTANCE, INVALIDATION))
        return tuple(dict.fromkeys(each for each in found if each))

    @property
    def authenticated(self) -> bool:
        """Whether an anchor vouches for all that decides on entry, value sets included."""
        rules = self.provenance
        return bool(rules) and all(each.authenticated for each in rules + self.values_from)


class RuleSource(Protocol):
    """Anything that finds the rules of a country."""

    def rule_set(self, country: str) -> RuleSet | None:
        """Give the rules of a country (ISO 3166-1 alpha-2); None when nothing is known of it."""
        ...
