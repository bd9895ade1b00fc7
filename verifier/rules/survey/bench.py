"""Puts certificates of nobody before the rules that a country has in force at one instant."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.clock import Instant
from verifier.rules.asking import Answers, Asking, Subject, judge
from verifier.rules.certlogic import Truth
from verifier.rules.rule import Rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.selection import Selection, Why
from verifier.rules.survey.cells import ANYWHERE, OTHER_PRODUCT, Cell
from verifier.rules.survey.issuers import is_of_issuer
from verifier.rules.survey.papers import DEVICES, Printer

_SETS: Final = "external.valueSets."
KINDS: Final = (Kind.VACCINATION, Kind.TEST, Kind.RECOVERY)


class Answer(NamedTuple):
    """What the rules say of one cell: together, and the identifiers of those that are not met.

    ``refusing`` fail, ``undecided`` are open. Rules that cannot be run at all are in neither.
    """

    truth: Truth
    refusing: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the certificate meets the rules."""
        return self.truth is Truth.PASSED

    @property
    def against(self) -> tuple[str, ...]:
        """The rules that are not met, whether they fail or are open."""
        return (*self.refusing, *self.undecided)


Table = Mapping[Cell, Answer]


def value_sets_read(paths: Iterable[str]) -> frozenset[str]:
    """Name the value sets that a logic reads, from the paths in it."""
    return frozenset(path.removeprefix(_SETS) for path in paths if path.startswith(_SETS))


class Bench:
    """The acceptance rules of one set and region at one instant.

    Rules by which an issuing country withdraws certificates are not asked: they are not the
    destination's.
    """

    __slots__ = ("_asking", "_externals", "_printer", "at", "rules", "selections")

    def __init__(self, rules: RuleSet, at: Instant, region: str = "") -> None:
        """Select the rules in force."""
        self.rules = rules
        self.at = at
        self._asking = Asking(rules, None, region)
        devices = rules.value_sets.in_force(at).get(DEVICES, ())
        self._printer = Printer(rules.country, at, devices)
        self._externals: dict[tuple[str, str], dict[str, object]] = {}
        self.selections: Mapping[Kind, Selection] = {
            kind: self._asking.select(Subject((), kind, issuer=""), at) for kind in KINDS
        }

    def decides(self, kind: Kind) -> bool:
        """Tell whether there are rules for a kind of certificate, and all of them can be run."""
        selection = self.selections[kind]
        return not selection.open and not selection.none_in_force

    def left_open(self, kind: Kind) -> tuple[str, ...]:
        """Name the rules about a kind of certificate that cannot be run."""
        return tuple(each.identifier for each in self.selections[kind].open)

    def undecided(self) -> frozenset[str]:
        """Name the rules of which nothing can be told here, though their time is not over.

        They cannot be run, or they read a value set that is not at hand.
        """
        known = self.rules.value_sets.in_force(self.at)
        found = {
            each.identifier
            for selection in self.selections.values()
            for each in selection.open
            if each.why is not Why.LAPSED
        }
        for selection in self.selections.values():
            for rule in selection.acceptance:
                if not known.keys() >= value_sets_read(rule.logic.paths):
                    found.add(rule.identifier)
        return frozenset(found)

    def subject(self, cell: Cell) -> Subject:
        """Write the certificate of a cell, with the country's own count of doses if it has one.

        A series of several products has no number that a table could know.
        """
        subject = self._printer.subject(cell)
        if self.rules.series is not None and cell.state != OTHER_PRODUCT:
            subject.worlds = self.rules.series.fill(subject.worlds)
        return subject

    def external(self, cell: Cell) -> Mapping[str, object]:
        """Give what rules see beside the certificate of a cell."""
        # The envelope depends on the family and the place alone.
        key = cell.family, cell.place
        known = self._externals.get(key)
        if known is None:
            known = self._asking.external(self.subject(cell), self.at)
            self._externals[key] = known
        return known

    def truths(self, cell: Cell) -> tuple[tuple[Rule, Truth], ...]:
        """Ask each rule about a cell."""
        subject, external = self.subject(cell), self.external(cell)
        return tuple(
            (rule, judge(rule, subject, external)) for rule in self.selections[cell.kind].acceptance
        )

    def ask(self, cell: Cell) -> Answer:
        """Ask the rules about a cell."""
        truths = self.truths(cell)
        return Answer(
            Answers(self.selections[cell.kind], truths).total,
            tuple(rule.identifier for rule, truth in truths if truth is Truth.FAILED),
            tuple(rule.identifier for rule, truth in truths if truth is Truth.OPEN),
        )

    def minds_place(self, kind: Kind) -> bool:
        """Tell whether any rule about a kind of certificate reads where it was issued."""
        rules = self.selections[kind].acceptance
        return any(is_of_issuer(path) for rule in rules for path in rule.logic.paths)

    def ask_all(self, cells: Iterable[Cell]) -> dict[Cell, Answer]:
        """Ask the rules about many cells; where nobody minds the place, about one of it alone."""
        minding = {kind for kind in KINDS if self.minds_place(kind)}
        known: dict[Cell, Answer] = {}
        found: dict[Cell, Answer] = {}
        for cell in cells:
            asked = cell if cell.kind in minding else cell._replace(place=ANYWHERE)
            answer = known.get(asked)
            if answer is None:
                answer = known[asked] = self.ask(asked)
            found[cell] = answer
        return found
