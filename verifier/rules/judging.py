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
from verifier.rules.diseases import COVID_19
from verifier.rules.payload import contexts_of
from verifier.rules.regulation import Regulation
from verifier.rules.report import Alternative, Asked, RuleResult, RulesReport, Way
from verifier.rules.rule import Rule, version_text
from verifier.rules.ruleset import RuleSet, RuleSource
from verifier.rules.selection import OpenRule, Why
from verifier.rules.turning_days import (
    Term,
    date_of,
    dates_in,
    days_of_change,
    first_from,
    noon_of,
    spans_of,
    term_of,
)
from verifier.rules.unknown import UNKNOWN
from verifier.trust import Freshness

_EU: Final = "eu-dcc"
_NOT_STATED: Final = ""
_OPEN: Final = Reason.RULES_OPEN

_RESULT: Final = {
    Truth.PASSED: Result.PASS,
    Truth.FAILED: Result.FAIL,
    Truth.OPEN: Result.UNKNOWN,
}


class Judged(NamedTuple):
    """What came of asking: the reasons to find, the report, and whether paper is the way out.

    ``paper`` tells that the certificate is one of the International Health Regulations, for which
    the paper procedure takes over whenever the digital one cannot tell.
    """

    reasons: tuple[Reason, ...]
    report: RulesReport
    paper: bool


class Signer(NamedTuple):
    """The key that signed: its id, and its country (alpha-2, empty when its list names none)."""

    kid: bytes
    country: str


class Moment(NamedTuple):
    """The instant to judge for, how many seconds the point of entry is ahead of UTC then.

    ``aged`` is when the age of a rule set is told.
    """

    at: Instant
    zone: int
    aged: Instant


class _Set(NamedTuple):
    """One rule set that is asked, what it is called, and whose it is if it is international."""

    asked: Asked
    asking: Asking
    regulation: Regulation | None


class _Asked(NamedTuple):
    """A rule set, what it said, and of what."""

    of: _Set
    answers: Answers
    subject: Subject


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

    def judge(self, claims: Claims, signer: Signer, moment: Moment) -> Judged:
        """Ask the rules about a certificate."""
        at, country = moment.at, signer.country
        presented = contexts_of(claims, key_country=country)
        kind = claims.kind
        today = day_of(at + moment.zone)
        if kind is None or not presented.worlds:
            nothing = RulesReport(self._country, today, (), ())
            return Judged(presented.reasons, nothing, paper=False)
        asked: list[_Asked] = []
        reasons: list[Reason] = []
        for disease in presented.diseases or (_NOT_STATED,):
            about = (
                presented
                if disease in {presented.disease, _NOT_STATED}
                else contexts_of(claims, disease=disease, key_country=country)
            )
            subject = Subject(
                about.worlds,
                kind,
                issuer=claims.country or country,
                kid=signer.kid,
                issued=claims.issued,
                expires=claims.expires,
                of_dcc=claims.format == _EU,
                zone=moment.zone,
            )
            found = [
                _Asked(each, each.asking.all(subject, at), subject)
                for each in self._sets(disease, subject.issuer)
            ]
            asked += found
            reasons += about.reasons if found else ()
        # A document on several diseases is judged by what there are rules for.
        asked = [each for each in asked if not each.answers.selection.none_in_force] or asked
        reason = _reason_of(asked, moment.aged)
        if reason is Reason.RULES_MET and not presented.diseases:
            reason = Reason.RULES_OPEN  # what the certificate is about may be another disease
        report = RulesReport(
            self._country,
            today,
            tuple(each.of.asked for each in asked),
            tuple(chain.from_iterable(_results(*each) for each in asked)),
            ()
            if reason is Reason.RULES_MET
            else tuple(chain.from_iterable(_alternatives(*each, at) for each in asked)),
        )
        told = reasons if reason is Reason.RULES_OPEN else ()
        paper = any(each.of.regulation is not None for each in asked)
        return Judged((*dict.fromkeys(told), reason), report, paper=paper)

    def _sets(self, disease: str, issuer: str) -> Iterator[_Set]:
        """Find the rules about a disease: those of countries are about COVID-19."""
        source = self._source
        about_theirs = disease in {COVID_19, _NOT_STATED}
        rules = source.rule_set(self._country) if source and about_theirs else None
        if source and rules:
            issuer_rules = source.rule_set(issuer) if issuer else None
            yield _Set(_asked(rules), Asking(rules, issuer_rules, self._region), None)
        for regulation in regulations():
            if regulation.disease == disease:
                asking = Asking(regulation.for_country(self._country))
                yield _Set(_asked_of(regulation), asking, regulation)


def _asked(rules: RuleSet) -> Asked:
    source = ", ".join(dict.fromkeys(each.list.name for each in rules.provenance))
    oldest = min((each.list.as_of for each in rules.provenance), default=None)
    as_of = None if oldest is None else day_of(oldest)
    return Asked(rules.country, COVID_19, source, as_of, rules.authenticated, not rules.incomplete)


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


def _reason_of(asked: list[_Asked], aged: Instant) -> Reason:
    """Say in one reason what all rule sets said."""
    answers = [each.answers for each in asked]
    totals = {each.total for each in answers}
    lists = [source.list for each in asked for source in each.of.asking.rules.provenance]
    left_open = [rule for each in answers for rule in each.selection.open]
    lapsed = any(rule.why is Why.LAPSED for rule in left_open)
    if not answers or any(each.selection.none_in_force for each in answers):
        return Reason.RULES_LAPSED if lapsed else Reason.NO_RULES_IN_FORCE
    if any(each.freshness(aged) is Freshness.TOO_OLD for each in lists):
        return Reason.RULES_TOO_OLD
    if Truth.FAILED in totals:
        return Reason.RULES_NOT_MET
    if totals == {Truth.PASSED}:
        return Reason.RULES_MET
    if lapsed:
        return Reason.RULES_LAPSED
    return Reason.RULES_INCOMPLETE if left_open else Reason.RULES_OPEN


def _results(of: _Set, answers: Answers, subject: Subject) -> Iterator[RuleResult]:
    """Say what each rule said, and of one that is not met on which days it is."""
    for rule, truth in answers.truths:
        result = _result(of, rule, _RESULT[truth])
        if truth is Truth.FAILED:
            term = _term(rule, of.asking, subject)
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


def _term(rule: Rule, asking: Asking, subject: Subject) -> Term:
    days = _days(rule, asking, subject)
    return term_of(days, lambda day: asking.one(rule, subject, noon_of(day)))


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
