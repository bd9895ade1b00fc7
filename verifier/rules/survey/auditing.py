"""Whom a rule set shuts out: asked of the whole matrix, and at every change of its rules to come.

A country that has no rules in force for a kind of certificate has not admitted anybody: that is a
finding of its own, and never "nobody is shut out".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from verifier.clock import Instant
from verifier.rules.diseases import COVID_19
from verifier.rules.regulation import Regulation
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.bench import Bench
from verifier.rules.survey.cells import Cell, covid_matrix, extras, travel_matrix
from verifier.rules.survey.findings import Finding
from verifier.rules.survey.groups import Groups
from verifier.rules.survey.periods import instants_of
from verifier.rules.survey.terms import Term, terms_of


class Period(NamedTuple):
    """What holds from an instant until the rules change again; ``until`` is None for ever.

    ``cells`` and ``admitted`` count what was asked and what met the rules.
    """

    since: Instant
    until: Instant | None
    cells: int
    admitted: int
    findings: tuple[Finding, ...]
    terms: tuple[Term, ...] = ()


class Part(NamedTuple):
    """The rules of one authority about one disease, period by period; the first one is asked for.

    ``authority`` is a country (alpha-2), or the name of an international one.
    """

    authority: str
    disease: str
    periods: tuple[Period, ...]


class Audit(NamedTuple):
    """What an audit of a country found. ``incomplete`` names rules that could not be read."""

    country: str
    at: Instant
    region: str
    incomplete: tuple[str, ...]
    parts: tuple[Part, ...]


def audit(
    rules: RuleSet, at: Instant, *, regulations: Sequence[Regulation] = (), region: str = ""
) -> Audit:
    """Find whom the rules of a country shut out at an instant, and at each later change of them.

    ``regulations`` are international rules that hold there as well. Takes about a second for each
    change. Raises nothing.
    """
    covid = (*covid_matrix(), *extras())
    parts = [Part(rules.country, COVID_19, tuple(_periods(rules, at, covid, region)))]
    for regulation in regulations:
        cells = travel_matrix(regulation.disease)
        if cells:
            held = regulation.for_country(rules.country)
            periods = tuple(_periods(held, at, cells, ""))
            parts.append(Part(regulation.authority, regulation.disease, periods))
    return Audit(rules.country, at, region, rules.incomplete, tuple(parts))


def _periods(rules: RuleSet, at: Instant, cells: Sequence[Cell], region: str) -> Iterator[Period]:
    instants = instants_of((rules,), at)
    for since, until in zip(instants, (*instants[1:], None), strict=True):
        bench = Bench(rules, since, region)
        decided = [cell for cell in cells if bench.decides(cell.kind)]
        table = bench.ask_all(decided)
        admitted = sum(answer.passed for answer in table.values())
        terms = terms_of(bench) if admitted and cells[0].disease == COVID_19 else ()
        kinds = dict.fromkeys(cell.kind for cell in cells)
        findings = merged(Groups(bench, table).findings(kinds))
        yield Period(since, until, len(cells), admitted, findings, terms)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Make one finding of those that differ only in who it is about, or in which code is missing.

    What is the same of several is told once; the changes of all are kept.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        changes = tuple(change[:3] for change in each.changes)
        key = (each._replace(who=(), changes=()), changes)
        groups.setdefault(key, []).append(each)
    return tuple(
        group[0]._replace(
            who=tuple(who for each in group for who in each.who),
            changes=tuple(dict.fromkeys(change for each in group for change in each.changes)),
        )
        for group in groups.values()
    )
