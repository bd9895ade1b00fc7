"""What a new edition of rules changes for travellers, found by asking both editions.

Both are put before the whole matrix at an instant, and again at each later one at which a rule of
either begins or is over, so that a change is told with its day. Waiting times are compared as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from verifier.claims import Kind
from verifier.clock import Instant
from verifier.rules.certlogic import Truth
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.bench import KINDS, Answer, Bench
from verifier.rules.survey.cells import Cell, covid_matrix, extras
from verifier.rules.survey.periods import instants_of
from verifier.rules.survey.terms import Term, terms_of


class Fate(NamedTuple):
    """What becomes of a certificate: under the old rules, under the new."""

    old: Truth
    new: Truth

    @property
    def lost(self) -> bool:
        """Whether who was admitted is no longer."""
        return self.old is Truth.PASSED

    @property
    def gained(self) -> bool:
        """Whether who was not admitted now is."""
        return self.new is Truth.PASSED


class Change(NamedTuple):
    """A group of travellers to whom the same happens.

    ``who`` are ids of products, kinds of tests or proofs of recovery. The others are those of the
    cells that are touched, in the order of the matrix: ``states`` of doses or results, ``agos`` in
    days or hours, ``ages``, ``families``, ``places``. ``whole`` tells that every combination of
    them is touched, and not only some. ``rules`` of the side that does not admit are in the way.
    ``since`` is when it begins, ``until`` when it ends, None for never.
    """

    kind: Kind
    who: tuple[str, ...]
    fate: Fate
    states: tuple[str, ...]
    agos: tuple[int, ...]
    ages: tuple[int, ...]
    families: tuple[str, ...]
    places: tuple[str, ...]
    whole: bool
    cells: int
    rules: tuple[str, ...]
    since: Instant
    until: Instant | None


class TermChange(NamedTuple):
    """A waiting time that changes; None where there is none, because it never does."""

    evidence: str
    state: str
    old: Term | None
    new: Term | None
    since: Instant
    until: Instant | None


_Told = TypeVar("_Told", Change, TermChange)


class Difference(NamedTuple):
    """What changes for travellers to a country.

    ``compared`` are the kinds of certificates about which either edition decides anything from
    ``at`` on; of all others nothing can be told. ``undecided`` names the rules of either that
    cannot be decided here, for want of a value set or because they cannot be run.
    """

    country: str
    at: Instant
    changes: tuple[Change, ...]
    terms: tuple[TermChange, ...]
    compared: tuple[Kind, ...]
    undecided: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changes for travellers, as far as can be told."""
        return not self.changes and not self.terms

    @property
    def conclusive(self) -> bool:
        """Whether every rule could be decided, so that no change can have been missed."""
        return bool(self.compared) and not self.undecided


def difference(old: RuleSet, new: RuleSet, at: Instant, *, region: str = "") -> Difference:
    """Compare two editions of the rules of a country, from an instant on. Raises nothing.

    Where the rules for a kind of certificate have lapsed or cannot be run, nobody is admitted with
    it; whether a certificate would be refused by what is left is not told.
    """
    cells = (*covid_matrix(), *extras())
    changes: list[Change] = []
    terms: list[TermChange] = []
    compared: dict[Kind, None] = {}
    undecided: set[str] = set()
    instants = instants_of((old, new), at)
    for since, until in zip(instants, (*instants[1:], None), strict=True):
        was, now = Bench(old, since, region), Bench(new, since, region)
        kinds = [kind for kind in KINDS if was.decides(kind) or now.decides(kind)]
        compared |= dict.fromkeys(kinds)
        undecided |= {*was.undecided(), *now.undecided()}
        differing = [kind for kind in kinds if not _alike(was, now, kind)]
        if differing:
            asked = [cell for cell in cells if cell.kind in differing]
            changes += _changes(was, now, asked, until)
            terms += _term_changes(was, now, differing, until)
    return Difference(
        new.country,
        at,
        _joined(changes),
        _joined(terms),
        tuple(compared),
        tuple(sorted(undecided)),
    )


def _alike(was: Bench, now: Bench, kind: Kind) -> bool:
    """Tell whether the same rules are in force and see the same value sets."""
    same_sets = was.rules.value_sets.in_force(was.at) == now.rules.value_sets.in_force(now.at)
    return same_sets and was.selections[kind] == now.selections[kind]


class _Alike(NamedTuple):
    """What a group of travellers has in common, but for the product, proof or test."""

    kind: Kind
    fate: Fate
    cells: tuple[Cell, ...]
    rules: tuple[str, ...]


def _changes(was: Bench, now: Bench, cells: Sequence[Cell], until: Instant | None) -> list[Change]:
    before, after = _table(was, cells), _table(now, cells)
    touched: dict[tuple[str, Fate], list[tuple[Cell, tuple[str, ...]]]] = {}
    for cell in cells:
        old, new = before[cell], after[cell]
        both = was.decides(cell.kind) and now.decides(cell.kind)
        if old.truth is not new.truth and (both or old.passed or new.passed):
            against = old.against if new.passed else new.against
            fate = Fate(old.truth, new.truth)
            touched.setdefault((cell.evidence, fate), []).append((cell, against))
    groups: dict[_Alike, list[str]] = {}
    for (evidence, fate), found in touched.items():
        rules = dict.fromkeys(rule for _, against in found for rule in against)
        unnamed = tuple(cell._replace(evidence="") for cell, _ in found)
        group = _Alike(found[0][0].kind, fate, unnamed, tuple(rules))
        groups.setdefault(group, []).append(evidence)
    return [_change(group, who, was.at, until) for group, who in groups.items()]


def _table(bench: Bench, cells: Sequence[Cell]) -> dict[Cell, Answer]:
    """Ask about cells; without rules that can be run nobody is admitted."""
    kinds = dict.fromkeys(cell.kind for cell in cells)
    nobody = {kind: Answer(Truth.OPEN, (), bench.left_open(kind)) for kind in kinds}
    asked = bench.ask_all(cell for cell in cells if bench.decides(cell.kind))
    return {cell: asked.get(cell) or nobody[cell.kind] for cell in cells}


def _change(group: _Alike, who: list[str], since: Instant, until: Instant | None) -> Change:
    cells = group.cells
    states = dict.fromkeys(cell.state for cell in cells)
    ages = dict.fromkeys(cell.age for cell in cells)
    families = dict.fromkeys(cell.family for cell in cells)
    places = dict.fromkeys(cell.place for cell in cells)
    timed = {(cell.state, cell.ago) for cell in cells}
    return Change(
        group.kind,
        tuple(who),
        group.fate,
        tuple(states),
        tuple(dict.fromkeys(cell.ago for cell in cells)),
        tuple(ages),
        tuple(families),
        tuple(places),
        len(timed) * len(ages) * len(families) * len(places) == len(cells),
        len(cells) * len(who),
        group.rules,
        since,
        until,
    )


def _term_changes(
    was: Bench, now: Bench, kinds: Collection[Kind], until: Instant | None
) -> Iterator[TermChange]:
    before, after = _by_asked(terms_of(was, kinds)), _by_asked(terms_of(now, kinds))
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new:
            evidence, state, _ = key
            yield TermChange(evidence, state, old, new, was.at, until)


def _by_asked(terms: Iterable[Term]) -> Mapping[tuple[str, str, str], Term]:
    return {(term.evidence, term.state, term.place): term for term in terms}


def _joined(changes: Iterable[_Told]) -> tuple[_Told, ...]:
    """Make one of changes that go on from one period to the next."""
    found: list[_Told] = []
    for each in changes:
        for place, before in enumerate(found):
            if before == each._replace(since=before.since, until=each.since):
                found[place] = each._replace(since=before.since)
                break
        else:
            found.append(each)
    return tuple(found)
