"""The matrix of certificates that a rule set is asked about, one cell each.

Source: code crosswalk, section 7. It has every COVID-19 vaccine on WHO's lists, in the states that
rules tell apart, for ages at their limits; proofs of a recovery; tests. Each cell is multiplied by
the families of certificates that can express it, and by where it was issued. The last two are no
health evidence: cells that differ in them alone should fare alike.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.rules.covid_vaccines import COVID_VACCINES
from verifier.rules.diseases import COVID_19
from verifier.rules.product import Product
from verifier.rules.travel_vaccines import TRAVEL_VACCINES


class Cell(NamedTuple):
    """One certificate of nobody.

    ``evidence`` is the id of a product, a proof of a recovery, or a kind of test. ``state`` is that
    of a series of doses, or the result of a test, empty for a recovery. ``ago`` is in days since
    the last dose or the first positive test, of a test in hours. ``age`` is in years. ``family`` is
    that of the certificate, ``place`` one of ``PLACES``.
    """

    disease: str
    kind: Kind
    evidence: str
    state: str
    ago: int
    age: int
    family: str
    place: str


COMPLETE: Final = "complete"
PARTIAL: Final = "partial"
BOOSTER: Final = "booster"
BOOSTER_OF_THREE: Final = "booster-of-three"
OTHER_PRODUCT: Final = "other-product"
AFTER_RECOVERY: Final = "after-recovery"
TOTAL_UNKNOWN: Final = "total-unknown"
BOOSTERS: Final = frozenset((BOOSTER, BOOSTER_OF_THREE))

_SOME_TIME: Final = 30  # days after a dose that no known rule finds too few or too many
# By the doses of a series: what is asked, and how many days after the last dose.
_DOSE_STATES: Final = {
    1: (
        *((COMPLETE, days) for days in (0, 13, 14, 180, 271)),
        (BOOSTER, 7),
        (TOTAL_UNKNOWN, _SOME_TIME),
    ),
    2: (
        (PARTIAL, _SOME_TIME),
        *((COMPLETE, days) for days in (13, 14, 180, 271)),
        (BOOSTER, _SOME_TIME),
        (BOOSTER_OF_THREE, _SOME_TIME),
        (OTHER_PRODUCT, _SOME_TIME),
        (AFTER_RECOVERY, _SOME_TIME),
        (TOTAL_UNKNOWN, _SOME_TIME),
    ),
}
# How their makers and WHO's lists have them (code crosswalk, ``primary_doses``). For the matrix
# alone: what a whole series is, is for the rules of a country to say.
_ONE_DOSE: Final = frozenset(("cov-jcovden", "cov-convidecia", "cov-bimervax"))

AGES: Final = (4, 5, 11, 12, 17, 18, 59, 60)
ADULT: Final = 18

EU: Final = "eu-dcc"
CARD: Final = "smart-health-card"
SEAL: Final = "vds-nc"
DDCC: Final = "who-ddcc"
DIVOC: Final = "divoc"
ICVP: Final = "who-icvp"
STATUS_ONLY: Final = "nz-covid-pass"

# Where certificates come from: an example, and another one where the first is the destination.
PLACES: Final = {
    "union": ("DE", "AT"),
    "neighbour": ("CH", "NO"),
    "elsewhere": ("IN", "BR"),
}
ANYWHERE: Final = "union"  # stands for every place where none makes a difference

RECOVERY: Final = "dcc-r"
NAAT_POSITIVE: Final = "naat-positive"
ANTIGEN_POSITIVE: Final = "antigen-positive"
PROOFS: Final = (RECOVERY, NAAT_POSITIVE, ANTIGEN_POSITIVE)
_PROOF_DAYS: Final = (10, 11, 90, 180, 181, 365)
_PROOF_FAMILIES: Final = (EU, CARD, SEAL)

NAAT_TEST: Final = "naat"
LISTED_DEVICE: Final = "antigen-listed-device"
UNLISTED_DEVICE: Final = "antigen-unlisted-device"
NO_DEVICE: Final = "antigen-no-device"
ANTIBODY: Final = "antibody"
UNKNOWN_TEST: Final = "unknown"
TESTS: Final = (NAAT_TEST, LISTED_DEVICE, UNLISTED_DEVICE, NO_DEVICE, ANTIBODY, UNKNOWN_TEST)
NEGATIVE: Final = "not-detected"
POSITIVE: Final = "detected"
UNCLEAR: Final = "unknown"
_TEST_HOURS: Final = (1, 24, 25, 48, 49, 72, 73)
_TEST_FAMILIES: Final = (EU, DDCC, CARD, SEAL)

# Codes that a health card can carry.
_CARD_CODES: Final = ("cvx:", "snomed:", "icd11:")

LISTED: Final = tuple(each for each in COVID_VACCINES if each.listed)
UNLISTED: Final = tuple(each for each in COVID_VACCINES if not each.listed)

# Days since a dose against the diseases of the International Health Regulations.
_TRAVEL_DAYS: Final = {
    "yellow-fever": (9, 10, 11, 3_650, 14_600),
    "poliomyelitis": (7, 28, 364, 367),
}


def series_of(product: str) -> int:
    """Tell how many doses the matrix takes for a whole series; two where nobody says."""
    return 1 if product in _ONE_DOSE else 2


def doses_in(state: str, series: int) -> tuple[int, int | None]:
    """Give the number of the last dose, and of how many; None where that is not stated."""
    return {
        PARTIAL: (1, series),
        BOOSTER: (series + 1, series),
        BOOSTER_OF_THREE: (3, 3),
        AFTER_RECOVERY: (1, 1),
        TOTAL_UNKNOWN: (series, None),
    }.get(state, (series, series))


def families_of(product: Product) -> tuple[str, ...]:
    """Name the families that can express a vaccine; some take any text."""
    codes = [
        *product.codes.split(),
        *(code for each in product.versions.values() for code in each.split()),
    ]
    covid = COVID_19 in product.diseases
    able = {
        EU: covid and bool(product.eu_product),
        DDCC: True,
        DIVOC: covid,
        SEAL: True,
        CARD: any(code.startswith(_CARD_CODES) for code in codes),
        ICVP: any(code.startswith("icvp:") for code in codes),
    }
    return tuple(family for family, can in able.items() if can)


def covid_matrix() -> tuple[Cell, ...]:
    """Give every cell about COVID-19: 9408 for each place of issue."""
    return tuple(_everywhere([*_vaccinations(), *_recoveries(), *_tests()]))


def extras() -> tuple[Cell, ...]:
    """Give what is asked beside the matrix: vaccines on no list of WHO's, and a bare status."""
    asked = ((COMPLETE, 14), (COMPLETE, _SOME_TIME), (BOOSTER, _SOME_TIME))
    cells = [
        Cell(COVID_19, Kind.VACCINATION, product.id, state, ago, ADULT, family, "")
        for product in UNLISTED
        for family in families_of(product)
        for state, ago in asked
    ]
    status = Cell(COVID_19, Kind.VACCINATION, STATUS_ONLY, "", 0, ADULT, STATUS_ONLY, "")
    return tuple(_everywhere([*cells, status]))


def travel_matrix(disease: str) -> tuple[Cell, ...]:
    """Give the cells about a disease of the IHR: each prequalified vaccine, by days since a dose.

    Empty for a disease of which the matrix knows nothing.
    """
    return tuple(
        _everywhere(
            Cell(disease, Kind.VACCINATION, product.id, COMPLETE, days, age, family, "")
            for product in TRAVEL_VACCINES
            if product.pq and disease in product.diseases
            for family in families_of(product)
            for days in _TRAVEL_DAYS.get(disease, ())
            for age in AGES
        )
    )


def _everywhere(cells: Iterable[Cell]) -> Iterator[Cell]:
    for cell in cells:
        for place in PLACES:
            yield cell._replace(place=place)


def _vaccinations() -> Iterator[Cell]:
    for product in LISTED:
        for family in families_of(product):
            for state, ago in _DOSE_STATES[series_of(product.id)]:
                for age in AGES:
                    yield Cell(COVID_19, Kind.VACCINATION, product.id, state, ago, age, family, "")


def _recoveries() -> Iterator[Cell]:
    """Give the proofs of a recovery; an old positive test is a certificate of a test."""
    for proof in PROOFS:
        kind = Kind.RECOVERY if proof == RECOVERY else Kind.TEST
        for family in _PROOF_FAMILIES:
            for ago in _PROOF_DAYS:
                for age in AGES:
                    yield Cell(COVID_19, kind, proof, "", ago, age, family, "")


def _tests() -> Iterator[Cell]:
    for test in TESTS:
        for family in _TEST_FAMILIES:
            for result in (NEGATIVE, POSITIVE, UNCLEAR):
                for ago in _TEST_HOURS:
                    for age in AGES:
                        yield Cell(COVID_19, Kind.TEST, test, result, ago, age, family, "")
