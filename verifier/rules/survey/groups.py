"""From the answers to the cells of one kind of certificate to groups of travellers."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from verifier.claims import Kind
from verifier.rules.survey.bench import Bench, Table
from verifier.rules.survey.cells import (
    AFTER_RECOVERY,
    BOOSTERS,
    COMPLETE,
    EU,
    LISTED_DEVICE,
    NAAT_TEST,
    NEGATIVE,
    NO_DEVICE,
    OTHER_PRODUCT,
    PROOFS,
    RECOVERY,
    STATUS_ONLY,
    TOTAL_UNKNOWN,
    UNLISTED,
    Cell,
)
from verifier.rules.survey.findings import Code, Finding
from verifier.rules.survey.remedies import Change, needed_paths, smallest_change

_NOTHING = {
    Kind.VACCINATION: Code.NO_VACCINATION,
    Kind.TEST: Code.NO_TEST,
    Kind.RECOVERY: Code.NO_RECOVERY,
}
# Of how many cells a change is sought, those first that fewest rules are against.
_TRIED = 8
_UNLISTED = frozenset(product.id for product in UNLISTED)
_NEGATIVE_TESTS = (NAAT_TEST, LISTED_DEVICE)


class Groups:
    """Groups the cells of a matrix that were put before the rules of one instant."""

    __slots__ = ("_bench", "_cells", "_passing", "_table")

    def __init__(self, bench: Bench, table: Table) -> None:
        """Take the rules and their answers."""
        self._bench = bench
        self._table = table
        self._cells = tuple(table)
        self._passing = frozenset(cell for cell, answer in table.items() if answer.passed)

    def findings(self, kinds: Iterable[Kind]) -> tuple[Finding, ...]:
        """Find every group that is shut out, and what else is worth a look.

        ``kinds`` are those that the matrix has; of a kind without rules no cell was asked.
        """
        found: list[Finding] = []
        judged: list[Kind] = []
        for kind in kinds:
            open_or_none = self._without_decision(kind)
            found += open_or_none
            if not open_or_none:
                judged.append(kind)
        if judged and not self._passing:
            rules = self._in_the_way(self._cells)
            return (*found, Finding(Code.NOBODY, None, rules=rules))
        for kind in judged:
            found += self._of_kind(kind)
        found += self._ages()
        return tuple(found)

    def _without_decision(self, kind: Kind) -> list[Finding]:
        """Say that there are no rules for a kind, or none by which anything is decided."""
        selection = self._bench.selections[kind]
        left_open = self._bench.left_open(kind)
        if selection.none_in_force:
            return [Finding(Code.NO_RULES, kind, rules=left_open)]
        if left_open:
            return [Finding(Code.UNDECIDED, kind, rules=left_open)]
        answers = [self._table[cell] for cell in self._cells if cell.kind is kind]
        # A value set that is not here leaves every certificate open.
        undecided = set.intersection(*(set(answer.undecided) for answer in answers))
        if undecided:
            return [Finding(Code.UNDECIDED, kind, rules=tuple(sorted(undecided)))]
        return []

    def _of_kind(self, kind: Kind) -> Iterator[Finding]:
        cells = [cell for cell in self._cells if cell.kind is kind]
        if not any(cell in self._passing for cell in cells):
            yield self._shut_out(_NOTHING[kind], kind, cells)
            return
        if kind is Kind.VACCINATION:
            yield from self._products(cells)
        if kind is Kind.TEST:
            yield from self._tests(cells)
        yield from self._families(kind, cells)
        yield from self._places(kind, cells)

    def _products(self, cells: Sequence[Cell]) -> Iterator[Finding]:
        """Look at each vaccine by itself: doses of another product do not speak for it."""
        own = [cell for cell in cells if cell.state != OTHER_PRODUCT]
        for group in _by_evidence(own):
            product = group[0].evidence
            states = {cell.state for cell in group if cell in self._passing}
            if product in _UNLISTED:
                if states:
                    yield Finding(Code.UNLISTED_ACCEPTED, Kind.VACCINATION, (product,))
            elif product == STATUS_ONLY:
                continue
            elif not states:
                yield self._shut_out(Code.PRODUCT, Kind.VACCINATION, group, (product,))
            elif states <= BOOSTERS:
                first = [cell for cell in group if cell.state == COMPLETE]
                yield self._shut_out(Code.BOOSTER_ONLY, Kind.VACCINATION, first, (product,))
            elif AFTER_RECOVERY in {cell.state for cell in group} - states:
                one = [cell for cell in group if cell.state == AFTER_RECOVERY]
                yield self._shut_out(Code.RECOVERED_ONE_DOSE, Kind.VACCINATION, one, (product,))

    def _tests(self, cells: Sequence[Cell]) -> Iterator[Finding]:
        by_evidence = {group[0].evidence: group for group in _by_evidence(cells)}
        for test in _NEGATIVE_TESTS:
            negative = [cell for cell in by_evidence[test] if cell.state == NEGATIVE]
            if not self._any(negative):
                yield self._shut_out(Code.TEST_KIND, Kind.TEST, negative, (test,))
        without = [cell for cell in by_evidence[NO_DEVICE] if _says_all(cell)]
        listed = [cell for cell in by_evidence[LISTED_DEVICE] if _says_all(cell)]
        if self._any(listed) and not self._any(without):
            passing = {cell[3:] for cell in listed if cell in self._passing}
            near = [cell for cell in without if cell[3:] in passing]
            yield self._shut_out(Code.TEST_WITHOUT_DEVICE, Kind.TEST, near, (NO_DEVICE,))
        recovered = [cell for cell in self._passing if cell.evidence == RECOVERY]
        proofs = [proof for proof in PROOFS if proof != RECOVERY]
        shut = tuple(proof for proof in proofs if not self._any(by_evidence[proof]))
        if recovered and shut:
            rules = self._in_the_way(by_evidence[shut[0]])
            yield Finding(Code.RECOVERY_BY_TEST, Kind.TEST, shut, rules=rules)

    def _families(self, kind: Kind, cells: Sequence[Cell]) -> Iterator[Finding]:
        """Find what passes in some family of certificates and never in another that has it."""
        for evidence, family, group in self._by(cells, lambda cell: cell.family):
            if evidence == STATUS_ONLY:
                yield Finding(Code.FORMAT, kind, family=family)
                continue
            here = {cell.state for cell in group if cell in self._passing}
            admitted = {cell._replace(family=family): cell for cell in self._of(evidence)}
            shut = [cell for cell in group if cell in admitted and cell.state not in here]
            if not shut:
                continue
            nearest = self._nearest(shut)[0]
            states = dict.fromkeys(cell.state for cell in shut) if here else ()
            yield Finding(
                Code.FORMAT,
                kind,
                (evidence,),
                tuple(states),
                family=family,
                rules=self._table[nearest].against,
                changes=needed_paths(self._bench, nearest, admitted[nearest]),
            )

    def _places(self, kind: Kind, cells: Sequence[Cell]) -> Iterator[Finding]:
        """Find what fares worse for where it was issued."""
        for evidence, place, group in self._by(cells, lambda cell: cell.place):
            admitted = {cell._replace(place=place) for cell in self._of(evidence)}
            worse = [cell for cell in group if cell in admitted and cell not in self._passing]
            if worse:
                yield Finding(
                    Code.PLACE,
                    kind,
                    (evidence,),
                    place=place,
                    rules=self._in_the_way(worse),
                    changes=self._change(worse),
                )

    def _ages(self) -> Iterator[Finding]:
        """Find the ages at which no certificate of any kind helps."""
        ages = sorted({cell.age for cell in self._cells})
        helped = {cell.age for cell in self._passing}
        without = tuple(age for age in ages if age not in helped)
        if without and helped:
            near = [cell for cell in self._cells if cell.age in without]
            yield Finding(Code.AGE, None, ages=without, rules=self._in_the_way(near))

    def _by(
        self, cells: Sequence[Cell], of: Callable[[Cell], str]
    ) -> Iterator[tuple[str, str, list[Cell]]]:
        """Give the cells of each evidence that passes anywhere, by something else; and a status."""
        groups: dict[tuple[str, str], list[Cell]] = {}
        for cell in cells:
            if _speaks_for_itself(cell):
                groups.setdefault((cell.evidence, of(cell)), []).append(cell)
        passing = {cell.evidence for cell in self._passing} | {STATUS_ONLY}
        for (evidence, value), group in groups.items():
            if evidence in passing:
                yield evidence, value, group

    def _of(self, evidence: str) -> list[Cell]:
        return [cell for cell in self._cells if cell in self._passing and cell.evidence == evidence]

    def _any(self, cells: Iterable[Cell]) -> bool:
        return any(cell in self._passing for cell in cells)

    def _shut_out(
        self, code: Code, kind: Kind, cells: Sequence[Cell], who: tuple[str, ...] = ()
    ) -> Finding:
        return Finding(code, kind, who, rules=self._in_the_way(cells), changes=self._change(cells))

    def _nearest(self, cells: Sequence[Cell]) -> list[Cell]:
        """Sort cells by how many rules are against them; who says the most comes first."""
        return sorted(cells, key=lambda cell: (len(self._table[cell].against), cell.family != EU))

    def _in_the_way(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        return self._table[self._nearest(cells)[0]].against if cells else ()

    def _change(self, cells: Sequence[Cell]) -> tuple[Change, ...]:
        found = (smallest_change(self._bench, cell) for cell in self._nearest(cells)[:_TRIED])
        return next((changes for changes in found if changes), ())


def _by_evidence(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.evidence, []).append(cell)
    yield from groups.values()


def _says_all(cell: Cell) -> bool:
    """Tell whether it is a negative test in the family that states the most."""
    return cell.family == EU and cell.state == NEGATIVE


def _speaks_for_itself(cell: Cell) -> bool:
    """Leave out what tells nothing of a family or place: see the three cases."""
    own = cell.state != OTHER_PRODUCT  # the certificate is one of the other product
    listed = cell.evidence not in _UNLISTED
    # An EU certificate that does not state the series is none.
    whole = not (cell.family == EU and cell.state == TOTAL_UNKNOWN)
    return own and listed and whole
