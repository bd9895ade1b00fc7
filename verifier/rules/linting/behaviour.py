"""How rules behave, alone and beside each other, on the certificates of the audit's matrix.

A rule is asked on a day within its own time. The matrix has no broken certificates: whether a rule
is always true is asked about those as well, and about what its own tests present, because a rule
that only keeps broken ones out is no mistake.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.clock import Instant
from verifier.rules.asking import Asking, Subject
from verifier.rules.certlogic import Truth
from verifier.rules.linting.broken import broken_certificates
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.written import WrittenRule
from verifier.rules.rule import ACCEPTANCE, GENERAL, Rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.bench import KINDS
from verifier.rules.survey.cells import EU, PLACES, Cell, covid_matrix
from verifier.rules.survey.issuers import is_of_issuer
from verifier.rules.survey.papers import DEVICES, Printer
from verifier.rules.valuesets import ValueSets

_DAY: Final = 86_400
_KINDS: Final = {
    "Vaccination": (Kind.VACCINATION,),
    "Test": (Kind.TEST,),
    "Recovery": (Kind.RECOVERY,),
    GENERAL: KINDS,
}


class _Asked(NamedTuple):
    """What a rule said of each cell that is its own, in the order of the matrix, and of others."""

    written: WrittenRule
    truths: Mapping[Cell, Truth]
    others: frozenset[Truth]

    @property
    def passing(self) -> frozenset[Cell]:
        return frozenset(cell for cell, truth in self.truths.items() if truth is Truth.PASSED)


class Behaviour:
    """Asks the rules of one country; ``values`` are the value sets that they see.

    The rules are for entry and can be run.
    """

    __slots__ = ("_cells", "_country", "_rules", "_values")

    def __init__(self, country: str, rules: Sequence[WrittenRule], values: ValueSets) -> None:
        """Take the rules and the value sets."""
        self._country = country
        self._rules = rules
        self._values = values
        paths = {path for written in rules for path in written.rule.logic.paths}
        places = PLACES if any(map(is_of_issuer, paths)) else (next(iter(PLACES)),)
        cells = (cell for cell in covid_matrix() if cell.family == EU)
        self._cells = tuple(cell for cell in cells if cell.place in places)

    def findings(self) -> Iterator[Finding]:
        """Find rules that are always one thing, and those that cannot be met together."""
        papers: dict[Instant, _Papers] = {}
        asked: list[_Asked] = []
        for written in self._rules:
            at = _within(written.rule)
            if at not in papers:
                papers[at] = _Papers(self._country, at, self._values, self._cells)
            one = papers[at].ask(written)
            asked.append(one)
            yield from _alone(one)
        yield from self._together(asked)

    def _together(self, asked: Sequence[_Asked]) -> Iterator[Finding]:
        """Look at rules that are asked about the same certificates at the same time."""
        accepting = [each for each in asked if each.written.rule.type == ACCEPTANCE]
        able = [each for each in accepting if each.passing]
        for one, other in combinations(able, 2):
            if not _meet(one.written.rule, other.written.rule):
                continue
            shared = one.truths.keys() & other.truths.keys()
            mine, theirs = one.passing & shared, other.passing & shared
            if mine and theirs and not mine & theirs:
                detail = other.written.rule.identifier
                yield one.written.finding(Code.CONTRADICTORY, detail=detail)
        yield from self._nobody(able if len(able) == len(accepting) else ())

    def _nobody(self, asked: Sequence[_Asked]) -> Iterator[Finding]:
        """Find a kind of certificate with which nobody passes when the last rule has begun."""
        for region in sorted({each.written.rule.region for each in asked}):
            regional = [each for each in asked if each.written.rule.region == region]
            at = max(each.written.rule.valid_from for each in regional)
            current = [each for each in regional if at <= each.written.rule.valid_to]
            for kind in KINDS:
                speaking = [
                    each for each in current if kind in _KINDS[each.written.rule.certificate_type]
                ]
                cells = [cell for cell in self._cells if cell.kind is kind]
                if speaking and not any(
                    all(cell in each.passing for each in speaking) for cell in cells
                ):
                    yield Finding(Code.NOBODY_PASSES, where=kind.value, detail=_named(speaking))


class _Papers:
    """The certificates of the matrix on one day, and what rules see beside them."""

    __slots__ = ("_at", "_cells", "_externals", "_worlds")

    def __init__(self, country: str, at: Instant, values: ValueSets, cells: Sequence[Cell]) -> None:
        printer = Printer(country, at, values.in_force(at).get(DEVICES, ()))
        asking = Asking(RuleSet(country, (), values))
        subjects = {cell: printer.subject(cell) for cell in cells}
        self._at = at
        self._cells = cells
        self._worlds = {cell: subject.worlds[0] for cell, subject in subjects.items()}
        by_place: dict[str, Subject] = {cell.place: subjects[cell] for cell in cells}
        self._externals = {
            place: asking.external(subject, at) for place, subject in by_place.items()
        }

    def ask(self, written: WrittenRule) -> _Asked:
        """Ask a rule about every certificate that it speaks of, and about broken ones."""
        judge = written.rule.logic.judge
        kinds = _KINDS[written.rule.certificate_type]
        truths = {
            cell: judge({"payload": self._worlds[cell], "external": self._externals[cell.place]})
            for cell in self._cells
            if cell.kind in kinds
        }
        external = next(iter(self._externals.values()))
        broken = {
            judge({"payload": each, "external": external})
            for each in broken_certificates(written.rule.expression.raw, self._at)
        }
        tried = {judge(trial.data) for trial in written.trials}
        return _Asked(written, truths, frozenset(broken | tried))


def _alone(asked: _Asked) -> Iterator[Finding]:
    said = frozenset(asked.truths.values())
    everything = said | asked.others
    if everything == {Truth.PASSED}:
        yield asked.written.finding(Code.ALWAYS_TRUE)
    elif Truth.PASSED not in everything and Truth.FAILED in everything:
        yield asked.written.finding(Code.ALWAYS_FALSE)
    elif everything == {Truth.OPEN}:
        yield asked.written.finding(Code.ALWAYS_OPEN)


def _within(rule: Rule) -> Instant:
    """Give an instant within the time of a rule: a day after its beginning, if it lasts so long."""
    return min(rule.valid_from + _DAY, rule.valid_to)


def _meet(one: Rule, other: Rule) -> bool:
    """Tell whether two rules are ever asked about one certificate."""
    return (
        one.identifier != other.identifier
        and one.region == other.region
        and max(one.valid_from, other.valid_from) <= min(one.valid_to, other.valid_to)
    )


def _named(asked: Iterable[_Asked]) -> str:
    return ", ".join(sorted({each.written.rule.identifier for each in asked}))
