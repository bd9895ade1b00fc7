"""What else would meet the rules: other certificates, asked about and not guessed.

Certificates of nobody are put before the same rules for the same instant: tests of all ages, a
recovery, a vaccination, one more dose. What passes is named with its limits. They have the
traveller's birth date, since rules often depend on it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeGuard

from verifier.claims import Kind
from verifier.clock import Instant, day_of
from verifier.rules.asking import Asking, Subject, judge
from verifier.rules.certlogic import Truth
from verifier.rules.imagined import (
    ANTIGEN,
    COMIRNATY,
    NAAT,
    NOT_DETECTED,
    Code,
    Payload,
    recovered,
    tested,
    vaccinated,
)
from verifier.rules.report import Alternative, Way
from verifier.rules.selection import Selection
from verifier.rules.turning_days import spans_of

_HOUR: Final = 3_600
_DAY: Final = 86_400
_MOST_HOURS: Final = 24 * 14  # no rule is known that takes an older test
_MOST_DAYS: Final = 400  # what is accepted for longer has no end that would matter
_WAIT_FOR_DOSE: Final = 60
_RECOVERY_FROM: Final = 11
_RECOVERY_UNTIL: Final = 180
_DEVICES: Final = "covid-19-lab-test-manufacturer-and-name"
_TO_THE_SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"


class Question:
    """The rules of one country, at one instant, for a person of one age."""

    __slots__ = ("_asking", "_at", "_born")

    def __init__(self, asking: Asking, at: Instant, born: Code) -> None:
        """Take what is asked; ``born`` is a birth date as a DCC writes it."""
        self._asking = asking
        self._at = at
        self._born = born

    def alternatives(self, own: Mapping[str, Any] | None) -> tuple[Alternative, ...]:
        """Find what else would meet the rules; ``own`` is a vaccination that may be continued."""
        tests, recoveries = self._rules_for(Kind.TEST), self._rules_for(Kind.RECOVERY)
        vaccinations = self._rules_for(Kind.VACCINATION)
        found = (
            self._one_more_dose(own, vaccinations),
            self._test(Way.NAAT_TEST, NAAT, tests),
            self._test(Way.ANTIGEN_TEST, ANTIGEN, tests),
            self._days_ago(Way.RECOVERY, recoveries, self._recovered),
            self._days_ago(Way.VACCINATION, vaccinations, self._vaccinated),
        )
        return tuple(each for each in found if each is not None)

    def _rules_for(self, kind: Kind) -> "_RulesFor":
        nobody = self._subject({}, kind, self._at)
        selection = self._asking.select(nobody, self._at)
        return _RulesFor(kind, selection, self._asking.external(nobody, self._at))

    def _subject(self, payload: Payload, kind: Kind, at: Instant) -> Subject:
        country = self._asking.rules.country
        return Subject((payload,), kind, issuer=country, issued=at - _DAY, expires=at + _DAY)

    def _meets(self, payload: Payload, rules: "_RulesFor") -> bool:
        subject = self._subject(payload, rules.kind, self._at)
        return all(
            judge(rule, subject, rules.external) is Truth.PASSED
            for rule in rules.selection.acceptance
        )

    def _test(self, way: Way, kind: str, rules: "_RulesFor") -> Alternative | None:
        """Find below how many hours of age a negative test does."""
        devices = self._asking.rules.value_sets.in_force(self._at).get(_DEVICES, ())
        device = devices[0] if kind == ANTIGEN and devices else None

        def passes(hours: int) -> bool:
            # A second less than that, since some rules take the very hour in and others do not.
            taken_at = self._at - hours * _HOUR + 1
            sampled = datetime.fromtimestamp(taken_at, UTC).strftime(_TO_THE_SECOND)
            taken = tested(kind, NOT_DETECTED, sampled, born=self._born, device=device)
            return self._meets(taken, rules)

        run = rules.decided and run_of_passes(passes, rules.ages(24, _MOST_HOURS))
        return Alternative(way, hours=run[1]) if run else None

    def _days_ago(
        self, way: Way, rules: "_RulesFor", imagine: Callable[[str], Payload]
    ) -> Alternative | None:
        """Find how many days ago a recovery or a last dose may lie."""

        def passes(days: int) -> bool:
            return self._meets(imagine(day_of(self._at - days * _DAY)), rules)

        run = rules.decided and run_of_passes(passes, rules.ages(1, _MOST_DAYS))
        if not run:
            return None
        first, last = run
        return Alternative(way, days=(first, None if last == _MOST_DAYS else last))

    def _recovered(self, day: str) -> Payload:
        # Issuers let it count from the 11th to the 180th day (Regulation (EU) 2021/953, annex).
        first = date.fromisoformat(day)
        return recovered(
            day,
            (first + timedelta(days=_RECOVERY_FROM)).isoformat(),
            (first + timedelta(days=_RECOVERY_UNTIL)).isoformat(),
            born=self._born,
        )

    def _vaccinated(self, day: str) -> Payload:
        return vaccinated(COMIRNATY, day, dose=2, doses=2, born=self._born)

    def _one_more_dose(
        self, own: Mapping[str, Any] | None, rules: "_RulesFor"
    ) -> Alternative | None:
        """Find from which day one more dose of the same product, given today, would do."""
        dose, doses = (None, None) if own is None else (own.get("dn"), own.get("sd"))
        if own is None or not _is_number(dose) or not _is_number(doses):
            return None
        more = {**own, "dn": dose + 1, "sd": max(dose + 1, doses), "dt": day_of(self._at)}
        payload: Payload = {"ver": "1.3.0", "dob": self._born, "v": [more]}
        for days in rules.ages(1, _WAIT_FOR_DOSE):
            later = self._at + days * _DAY
            subject = self._subject(payload, Kind.VACCINATION, later)
            if self._asking.all(subject, later).total is Truth.PASSED:
                return Alternative(Way.ONE_MORE_DOSE, day=day_of(later))
        return None


class _RulesFor(NamedTuple):
    """The rules in force for one kind of certificate, and what they see beside it."""

    kind: Kind
    selection: Selection
    external: Mapping[str, object]

    @property
    def decided(self) -> bool:
        """Whether there are rules for the kind, and all of them can be asked."""
        return bool(self.selection.acceptance) and not self.selection.open

    def ages(self, units_a_day: int, most: int) -> list[int]:
        """List the ages, in parts of a day, round which any of the rules may change its mind.

        A recovery also begins and ends to count by its own dates.
        """
        days = {0.0, float(_RECOVERY_FROM), float(_RECOVERY_UNTIL)}
        for rule in self.selection.acceptance:
            spans = spans_of(rule.expression.raw)
            days |= {moved - back for moved in spans.of_dates for back in spans.of_clock}
        middles = {round(span * units_a_day) for span in days} | {most}
        around = {age + beside for age in middles for beside in (-1, 0, 1)}
        return sorted(age for age in around if 0 <= age <= most)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def run_of_passes(passes: Callable[[int], bool], ages: Sequence[int]) -> tuple[int, int] | None:
    """Give the first and the last of the first ages in a row that pass.

    ``ages`` are those round which the answer may change; where it does between two that are not
    neighbours after all, the change is looked for.
    """
    first: int | None = None
    last = before = 0
    for age in ages:
        passed = passes(age)
        if passed and first is None:
            first = _edge(passes, before, age) if age > before + 1 else age
        if passed:
            last = age
        elif first is not None:
            return first, _edge(lambda each: not passes(each), last, age) - 1
        before = age
    return None if first is None else (first, last)


def _edge(passes: Callable[[int], bool], fails: int, passing: int) -> int:
    """Give the first age that passes, between one that fails and one that passes."""
    while passing - fails > 1:
        middle = (fails + passing) // 2
        if passes(middle):
            passing = middle
        else:
            fails = middle
    return passing
