"""The rules of one country, where they come from, and whether anything of them is missing.

``trustlists.TrustStore`` implements ``RuleSource``; an embedding program may bring its own.
"""

from typing import NamedTuple, Protocol

from verifier.clock import Instant
from verifier.rules.rule import Rule
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

    ``provenance`` has the lists that the rules are from, ``values_from`` those of the value sets.
    ``incomplete`` names the rules that could not be read; while there is one, nobody knows what the
    country demands, and the result is open.
    """

    country: str
    rules: tuple[Rule, ...]
    value_sets: ValueSets
    provenance: tuple[Provenance, ...]
    values_from: tuple[Provenance, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def authenticated(self) -> bool:
        """Whether an anchor vouches for every list that this rests on."""
        lists = self.provenance + self.values_from
        return bool(self.provenance) and all(each.authenticated for each in lists)

    @property
    def as_of(self) -> Instant | None:
        """The date of the oldest list that its rules are from, None where nobody says."""
        return min((each.list.as_of for each in self.provenance), default=None)


class RuleSource(Protocol):
    """Anything that finds the rules of a country."""

    def rule_set(self, country: str) -> RuleSet | None:
        """Give the rules of a country (ISO 3166-1 alpha-2); None when nothing is known of it."""
        ...
