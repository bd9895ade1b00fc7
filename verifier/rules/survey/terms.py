"""From when until when a dose, a test or a recovery meets the rules: every day and hour is asked.

Nothing is concluded from the texts of rules, nor from how they are written.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.rules.diseases import COVID_19
from verifier.rules.product import Product
from verifier.rules.survey.bench import KINDS, Bench
from verifier.rules.survey.cells import (
    ADULT,
    AFTER_RECOVERY,
    ANYWHERE,
    BOOSTER,
    COMPLETE,
    DDCC,
    EU,
    LISTED,
    LISTED_DEVICE,
    NAAT_TEST,
    NEGATIVE,
    PARTIAL,
    PLACES,
    RECOVERY,
    Cell,
    families_of,
    series_of,
)

MOST_DAYS: Final = 400  # what is accepted for longer has no end that would matter
MOST_HOURS: Final = 24 * 14  # no rule is known that takes an older test
_STATES: Final = {1: (COMPLETE, BOOSTER), 2: (PARTIAL, COMPLETE, BOOSTER, AFTER_RECOVERY)}


class Term(NamedTuple):
    """The first and last day after a dose or an infection, or hour after a test, that will do.

    It is that of an adult, with a certificate that states everything, issued in ``place``.
    ``last`` is None where there was no end within ``MOST_DAYS`` or ``MOST_HOURS``. Where several
    stretches will do it is the first of them.
    """

    kind: Kind
    evidence: str
    state: str
    first: int
    last: int | None
    place: str


def terms_of(bench: Bench, kinds: Collection[Kind] = KINDS) -> tuple[Term, ...]:
    """Find the terms of all listed vaccines, of tests and of recoveries; none for what never does.

    Where a certificate was issued is told once unless it makes a difference.
    """
    found: list[Term] = []
    for cell in _asked():
        if cell.kind not in kinds or not bench.decides(cell.kind):
            continue
        most = MOST_HOURS if cell.kind is Kind.TEST else MOST_DAYS
        places = PLACES if bench.minds_place(cell.kind) else (ANYWHERE,)
        here: list[Term] = []
        for place in places:
            run = _first_run(_passes(bench, cell._replace(place=place)), most)
            if run is not None:
                first, last = run
                end = None if last == most else last
                here.append(Term(cell.kind, cell.evidence, cell.state, first, end, place))
        alike = len(here) == len(places) and len({each[3:5] for each in here}) == 1
        found += [here[0]._replace(place="")] if alike else here
    return tuple(found)


def _asked() -> Iterator[Cell]:
    for product in LISTED:
        for state in _STATES[series_of(product.id)]:
            yield _cell(Kind.VACCINATION, product.id, state, _best(product))
    for test in (NAAT_TEST, LISTED_DEVICE):
        yield _cell(Kind.TEST, test, NEGATIVE, EU)
    yield _cell(Kind.RECOVERY, RECOVERY, "", EU)


def _cell(kind: Kind, evidence: str, state: str, family: str) -> Cell:
    return Cell(COVID_19, kind, evidence, state, 0, ADULT, family, "")


def _best(product: Product) -> str:
    """Name the family that states the most of a vaccine."""
    return EU if EU in families_of(product) else DDCC


def _passes(bench: Bench, cell: Cell) -> Callable[[int], bool]:
    return lambda ago: bench.ask(cell._replace(ago=ago)).passed


def _first_run(passes: Callable[[int], bool], most: int) -> tuple[int, int] | None:
    """Give the first and last of the first numbers in a row that pass."""
    first = next((ago for ago in range(most + 1) if passes(ago)), None)
    if first is None:
        return None
    end = next((ago for ago in range(first + 1, most + 1) if not passes(ago)), most + 1)
    return first, end - 1
