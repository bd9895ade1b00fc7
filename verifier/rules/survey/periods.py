"""The instants at which what rules say may change by itself: as their time begins and ends."""

from collections.abc import Iterable
from typing import Final

from verifier.clock import Instant
from verifier.rules.rule import ACCEPTANCE
from verifier.rules.ruleset import RuleSet
from verifier.rules.turning_days import noon_of

# Whatever ends later has no end.
_FOR_EVER: Final = "2200-01-01"
_HALF_A_DAY: Final = 43_200


def instants_of(sets: Iterable[RuleSet], at: Instant) -> tuple[Instant, ...]:
    """Give an instant, and each one after it at which an acceptance rule begins or is over.

    The first is always given. A value set changes as its day begins (UTC).
    """
    found: set[Instant] = set()
    for rules in sets:
        for rule in rules.rules:
            if rule.type == ACCEPTANCE:
                # The end belongs to the time in which it counts.
                found |= {rule.valid_from, rule.valid_to + 1}
        found |= {noon_of(each.date) - _HALF_A_DAY for each in rules.value_sets.sets if each.date}
    end = noon_of(_FOR_EVER)
    return (at, *sorted(instant for instant in found if at < instant < end))
