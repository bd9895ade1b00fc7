"""What the rules said of one certificate: each rule, its days, and what would meet the rules.

Nothing here names the traveller. A first or last day follows from the day of a dose or a test,
so that a policy that discloses nothing leaves the days out (``without_days``).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Self

from verifier.reasons import Result


class Asked(NamedTuple):
    """One rule set that was asked.

    ``authority`` is the country (ISO 3166-1 alpha-2), or ``IHR`` for the International Health
    Regulations; ``disease`` the one that it is about; ``source`` the list or document it came
    from, ``as_of`` its day (UTC, ``YYYY-MM-DD``), None when it states none. ``authenticated`` tells
    whether an anchor vouches for it, ``complete`` whether each of its rules could be read.
    """

    authority: str
    disease: str
    source: str
    as_of: str | None
    authenticated: bool
    complete: bool


class RuleResult(NamedTuple):
    """What one rule said: identifier, version, the text of its authority by language.

    ``first_day`` and ``last_day`` (``YYYY-MM-DD``) are those between which this very certificate
    meets the rule, None where there is no such end, and both None when it never does or the policy
    discloses nothing. ``consequence`` is what the authority says to do while it is not met.
    """

    rule: str
    version: str
    authority: str
    result: Result
    texts: Mapping[str, str]
    basis: str = ""
    consequence: Mapping[str, str] | None = None
    first_day: str | None = None
    last_day: str | None = None

    def text(self, lang: str) -> str:
        """Give the rule in words, in English where there are none in the language."""
        return _in_language(self.texts, lang)

    def what_follows(self, lang: str) -> str:
        """Give the consequence in words, empty when the authority states none."""
        return _in_language(self.consequence or {}, lang)


def _in_language(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


class Way(StrEnum):
    """A kind of certificate that would meet the rules."""

    WAIT = "wait"
    ONE_MORE_DOSE = "one_more_dose"
    NAAT_TEST = "naat_test"
    ANTIGEN_TEST = "antigen_test"
    RECOVERY = "recovery"
    VACCINATION = "vaccination"


class Alternative(NamedTuple):
    """What else would meet the rules on the day that was asked about.

    ``day`` is the first day for ``WAIT`` and for a dose given today; ``hours`` the age that a test
    has to be under; ``days`` how many days ago, at least and at most (None: no such end), the last
    dose was given or the infection first found. What does not belong to the way is None.
    """

    way: Way
    day: str | None = None
    hours: int | None = None
    days: tuple[int, int | None] | None = None


class RulesReport(NamedTuple):
    """What was asked of which rules for which day, and what they said.

    ``country`` is where the traveller wants to enter, ``day`` the calendar day there.
    """

    country: str
    day: str
    asked: tuple[Asked, ...]
    results: tuple[RuleResult, ...]
    alternatives: tuple[Alternative, ...] = ()

    def without_days(self) -> Self:
        """Leave out what tells when a dose was given or a sample taken."""
        return self._replace(
            results=tuple(each._replace(first_day=None, last_day=None) for each in self.results),
            alternatives=tuple(each for each in self.alternatives if each.way is not Way.WAIT),
        )

    def to_json(self) -> dict[str, object]:
        """Give plain data, as the JSON Schema of the verdict describes them."""
        return {
            "country": self.country,
            "day": self.day,
            "asked": [each._asdict() for each in self.asked],
            "results": [
                {
                    "rule": each.rule,
                    "version": each.version,
                    "authority": each.authority,
                    "result": each.result.value,
                    "text": each.text("en"),
                    "basis": each.basis or None,
                    "consequence": each.what_follows("en") or None,
                    "first_day": each.first_day,
                    "last_day": each.last_day,
                }
                for each in self.results
            ],
            "alternatives": [
                {
                    "way": each.way.value,
                    "day": each.day,
                    "hours": each.hours,
                    "days": each.days and list(each.days),
                }
                for each in self.alternatives
            ],
        }
