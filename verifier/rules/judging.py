"""The rules of a country on one certificate: what each says, and what they say together.

The rules of the destination and of the country that issued the certificate are those of ``select``
(certlogic-rules notes, 2); a certificate against a disease of the International Health Regulations
is held to those, in every country. Any rule that fails: the rules are not met. All met: they are.
Anything else is open, and a person decides: no rule at all, a rule set of which a part could not
be read, a fact that the certificate does not state.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from verifier.claims import Claims
from verifier.clock import Instant, day_of
from verifier.reasons import Reason, Result
from verifier.rules.alternatives import Question
from verifier.rules.asking import Answers, Asking, Subject
from verifier.rules.bundled import regulations
from verifier.rules.certlogic import Truth
from verifier.rules.payload import contexts_of
from verifier.rules.regulation import Regulation
from verifier.rules.report import Alternative, Asked, RuleResult, RulesReport, Way
from verifier.rules.rule import Rule, version_text
from verifier.rules.ruleset import RuleSet, RuleSource
from verifier.rules.selection import OpenRule, Why
from verifier.rules.turning_days import (
    date_of,
    dates_in,
    days_of_change,
    first_from,
    noon_of,
    spans_of,
    term_of,
)
from verifier.rules.unknown import UNKNOWN

COVID_19: Final = "covid-19"

_OPEN: Final = Reason.RULES_OPEN

_RESULT: Final = {
    Truth.PASSED: Result.PASS,
    Truth.FAILED: Result.FAIL,
    Truth.OPEN: Result.UNKNOWN,
}


class Judged(NamedTuple):
    """What came of asking the rules: the reasons to find, the report, whether paper is the way out.

    ``paper`` tells that the certificate is one of the International Health Regulations, for which
    the paper procedure takes over whenever the digital one cannot tell.
    """

    reasons: tuple[Reason, ...]
    report: RulesReport
    paper: bool


class _Set(NamedTuple):
    """One rule set that is asked, what it is called, and whose it is if it is international."""

    asked: Asked
    asking: Asking
    regulation: Regulation | None


class Given:
    """The rules of one country that an embedding program brings itself."""

    __slots__ = ("_rules",)

    def __init__(self, rules: RuleSet) -> None:
        """Take the rule set."""
        self._rules = rules

    def rule_set(self, country: str) -> RuleSet | None:
        """Give it for its country, and nothing for others."""
        return self._rules if country == self._rules.country else None


class RuleBook:
    """The rules that a desk asks: those of one country, and the international ones."""

    __slots__ = ("_country", "_region", "_source")

    def __init__(self, country: str, source: RuleSource | None, region: str = "") -> None:
        """Take the country (ISO 3166-1 alpha-2), where its rules are, and a region of it."""
        self._country = country
        self._source = source
        self._region = region

    def judge(self, claims: Claims, kid: bytes | None, at: Instant, zone: int) -> Judged:
        """Ask the rules about a certificate; the point of entry is ``zone`` seconds ahead of UTC.

        Raises ``DocumentError`` where the claims cannot be brought into the shape of rules.
        """
        presented = contexts_of(claims)
        subject = Subject(
            presented.worlds,
            presented.kind,
            issuer=claims.country,
            kid=kid,
            issued=claims.issued,
            expires=claims.expires,
            of_dcc=presented.of_dcc,
            zone=zone,
        )
        sets = [each for disease in presented.diseases for each in self._sets(disease, claims)]
        today = day_of(at + zone)
        report = RulesReport(self._country, today, tuple(each.asked for each in sets), ())
        paper = any(each.regulation is not None for each in sets)
        if not presented.worlds:
            return Judged(presented.reasons, report, paper)
        if not sets:
            return Judged((*presented.reasons, Reason.NO_RULES_IN_FORCE), report, paper)
        answers = [each.asking.all(subject, at) for each in sets]
        reason = _reason_of(answers)
        asked = list(zip(sets, answers, strict=True))
        report = report._replace(
            results=tuple(chain.from_iterable(_results(*each, subject, at) for each in asked)),
            alternatives=()
            if reason is Reason.RULES_MET
            else tuple(chain.from_iterable(_alternatives(*each, subject, at) for each in asked)),
        )
        return Judged((*presented.reasons, reason) if reason is _OPEN else (reason,), report, paper)

    def _sets(self, disease: str, claims: Claims) -> Iterator[_Set]:
        """Find the rules about a disease: those of countries are about COVID-19."""
        source = self._source
        rules = source.rule_set(self._country) if source and disease == COVID_19 else None
        if source and rules:
            issuer_rules = source.rule_set(claims.country) if claims.country else None
            yield _Set(_asked(rules), Asking(rules, issuer_rules, self._region), None)
        for regulation in regulations():
            if regulation.disease == disease:
                asking = Asking(regulation.for_country(self._country))
                yield _Set(_asked_of(regulation), asking, regulation)


def _asked(rules: RuleSet) -> Asked:
    source = ", ".join(dict.fromkeys(each.list.name for each in rules.provenance))
    as_of = None if rules.as_of is None else day_of(rules.as_of)
    return Asked(
        rules.country, COVID_19, source, as_of, rules.authenticated, not rules.incomplete
    )


def _asked_of(regulation: Regulation) -> Asked:
    # What the program ships is as trustworthy as the program.
    return Asked(
        regulation.authority,
        regulation.disease,
        regulation.source,
        regulation.as_of,
        authenticated=True,
        complete=True,
    )


def _reason_of(answers: list[Answers]) -> Reason:
    """Say in one reason what all rule sets said."""
    totals = {each.total for each in answers}
    if Truth.FAILED in totals:
        return Reason.RULES_NOT_MET
    if any(each.selection.none_in_force for each in answers):
        return Reason.NO_RULES_IN_FORCE
    if totals == {Truth.PASSED}:
        return Reason.RULES_MET
    left_open = [rule for each in answers for rule in each.selection.open]
    if any(rule.why is Why.LAPSED for rule in left_open):
        return Reason.RULES_LAPSED
    return Reason.RULES_INCOMPLETE if left_open else Reason.RULES_OPEN


def _results(of: _Set, answers: Answers, subject: Subject, at: Instant) -> Iterator[RuleResult]:
    """Say what each rule said, and of one that is not met on which days it is."""
    for rule, truth in answers.truths:
        result = _result(of, rule, _RESULT[truth])
        if truth is Truth.FAILED:
            term = term_of(
                _days(rule, of.asking, subject),
                lambda day, rule=rule: of.asking.one(rule, subject, noon_of(day)),
            )
            result = result._replace(first_day=term.first, last_day=term.last)
        yield result
    for left_open in answers.selection.open:
        yield _open_result(of, left_open)


def _alternatives(
    of: _Set, answers: Answers, subject: Subject, at: Instant
) -> Iterator[Alternative]:
    """Find what would meet the rules: this certificate on a later day, or another."""
    if answers.total is Truth.FAILED:
        rules = [rule for rule, _ in answers.truths]
        days = sorted({day for rule in rules for day in _days(rule, of.asking, subject)})
        day = first_from(days, at, lambda day: of.asking.all(subject, noon_of(day)).total)
        if day is not None:
            yield Alternative(Way.WAIT, day=day)
    if of.regulation is None:
        payload = subject.worlds[0]
        doses = payload.get("v")
        own = doses[0] if isinstance(doses, list) and doses else None
        yield from Question(of.asking, at, payload.get("dob", UNKNOWN)).alternatives(own)


def _days(rule: Rule, asking: Asking, subject: Subject) -> list[str]:
    """List the days round which a rule may change its mind about a subject."""
    dates = {day for world in subject.worlds for day in dates_in(world)}
    dates |= {date_of(instant) for instant in (subject.issued, subject.expires) if instant}
    spans = spans_of(rule.expression.raw)
    return days_of_change(
        spans._replace(named_days=spans.named_days | asking.changes), frozenset(dates)
    )


def _result(of: _Set, rule: Rule, result: Result) -> RuleResult:
    regulation = of.regulation
    return RuleResult(
        rule.identifier,
        version_text(rule.version),
        of.asked.authority,
        result,
        rule.descriptions,
        regulation.bases[rule.identifier] if regulation else "",
        (regulation.consequences[rule.identifier] or None) if regulation else None,
    )


def _open_result(of: _Set, left_open: OpenRule) -> RuleResult:
    """Name a rule that cannot be run here."""
    if left_open.rule is not None:
        return _result(of, left_open.rule, Result.UNKNOWN)
    return RuleResult(
        left_open.identifier, left_open.version, of.asked.authority, Result.UNKNOWN, {}
    )
