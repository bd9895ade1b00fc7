"""The doses of one document: which are the same, how many there were, which was the last.

Source: code crosswalk, section 5. Doses of one day and one product are one dose written twice. Two
products on one day contradict each other, and two doses that lie two days apart or less are
suspected to be one dose with a mistake in it: what follows from them is not known. A number on a
document attests earlier doses, whether the document lists them or not; where a family states none,
the doses are counted. The number of a series is never filled in.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from verifier.claims import Vaccination
from verifier.privacy import private
from verifier.reasons import Reason
from verifier.rules import products
from verifier.rules.diseases import disease_of
from verifier.rules.products import Found

# Doses so few days apart are suspected to be one.
_SUSPICIOUS: Final = 2


@private
class Dose:
    """One dose: what was given against what, and the first and the last day that it can have been.

    ``diseases`` are ids, none when it is not known; the days are ``YYYY-MM-DD``, empty when they
    are not known.
    """

    __slots__ = ("diseases", "event", "first", "found", "last")

    def __init__(
        self, event: Vaccination, found: Found, diseases: tuple[str, ...], first: str, last: str
    ) -> None:
        """Take the event and what its codes mean."""
        self.event = event
        self.found = found
        self.diseases = diseases
        self.first = first
        self.last = last


@private
class Series:
    """The doses of one disease: the last of them, its number, and the number of the series.

    ``number`` and ``total`` are None when they are not known.
    """

    __slots__ = ("last", "number", "reasons", "total")

    def __init__(
        self, last: Dose, number: int | None, total: int | None, reasons: Sequence[Reason]
    ) -> None:
        """Take the last dose and what is known of those before it."""
        self.last = last
        self.number = number
        self.total = total
        self.reasons = reasons


def read_dose(event: Vaccination, *, derived: bool = False) -> Dose:
    """Look a dose up in the tables.

    ``derived`` tells that the family does not state a disease: the one of the event was found by
    the same codes, and more coarsely.
    """
    stated = event.codes or [code for code in (event.product, event.vaccine) if code]
    found = products.find([code for code in stated if code[1]], event.manufacturer)
    disease = disease_of(event.disease)
    diseases = found.diseases
    if disease and not (derived and diseases):
        if diseases and disease not in diseases:
            # No vaccine is known that is against that disease and of these codes.
            found = Found(named=found.named, reason=Reason.DISEASES_DIFFER)
            diseases = ()
        else:
            diseases = (disease,)
    return Dose(event, found, diseases, event.date.earliest(), event.date.latest())


def series_of(doses: Sequence[Dose], *, counted: bool) -> Series:
    """Add up the doses of one disease, of which there is at least one.

    ``counted`` tells that the family lists doses, so that they can be counted. A dose without a
    date does not count where others have one.
    """
    dated = [dose for dose in doses if dose.first]
    if not dated:
        last = doses[0] if len(doses) == 1 else _merged(doses)
        return Series(last, *_attested(doses), [Reason.EVENT_DATE_UNKNOWN])
    groups = _groups(sorted(dated, key=lambda dose: (dose.first, dose.last)))
    last = _merged(groups[-1])
    number, total = _attested(dated)
    if any(len(group) > 1 for group in groups):
        return Series(last, None, total, [Reason.DOSES_CONTRADICT])
    if counted:
        number = max(number or 0, len(groups))
    return Series(last, number, total, [])


def _attested(doses: Sequence[Dose]) -> tuple[int | None, int | None]:
    """Give the greatest number of a dose that is stated, and the number of the series with it."""
    numbers = [dose.event.dose for dose in doses if dose.event.dose is not None]
    totals = {dose.event.doses for dose in doses}
    return max(numbers, default=None), totals.pop() if len(totals) == 1 else None


def _groups(doses: Sequence[Dose]) -> list[list[Dose]]:
    """Arrange doses, in order, by those that may be the same; what is surely one becomes one."""
    groups: list[list[Dose]] = []
    reach = ""
    for dose in doses:
        if not groups or _days_between(reach, dose.first) > _SUSPICIOUS:
            groups.append([dose])
        elif _same(groups[-1][-1], dose):
            groups[-1][-1] = _merged([groups[-1][-1], dose])
        else:
            groups[-1].append(dose)
        reach = max(reach, dose.last)
    return groups


def _days_between(earlier: str, later: str) -> int:
    return date.fromisoformat(later).toordinal() - date.fromisoformat(earlier).toordinal()


def _same(one: Dose, other: Dose) -> bool:
    """Tell whether two doses are surely one: of one day, and of one product or not known."""
    if not one.first == one.last == other.first == other.last:
        return False
    ids, others = one.found.ids, other.found.ids
    return not ids or not others or not ids.isdisjoint(others)


def _merged(doses: Sequence[Dose]) -> Dose:
    """Make one dose of several, of which it is known what they have in common."""
    first, *others = doses
    for other in others:
        first = Dose(
            other.event,
            _both(first.found, other.found),
            first.diseases or other.diseases,
            min(first.first, other.first),
            max(first.last, other.last),
        )
    return first


def _both(one: Found, other: Found) -> Found:
    """Give what two look-ups say of one dose; one that names no product says nothing."""
    if not one.products or not other.products:
        return one if one.products else other
    shared = tuple(product for product in one.products if product.id in other.ids)
    if not shared:
        named = tuple(sorted({*one.named, *other.named}))
        return Found(named=named, diseases=one.diseases, reason=Reason.PRODUCTS_CONTRADICT)
    finer = one if len(shared) == len(one.products) else other
    return finer._replace(products=shared)
