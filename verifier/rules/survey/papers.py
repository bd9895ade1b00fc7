"""From a cell of the matrix to a certificate of nobody, as rules would see it on a given day.

What each family states is that of ``payload`` (code crosswalk, 2 and 4): what it cannot state is
``UNKNOWN``. In an EU certificate what is missing is missing, since its rules are written for that.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, cast

from verifier.claims import Kind
from verifier.clock import Instant, day_of
from verifier.rules.asking import Subject
from verifier.rules.diseases import COVID_19, target_of
from verifier.rules.imagined import (
    ANTIGEN,
    DETECTED,
    NAAT,
    NOT_DETECTED,
    Payload,
    VaccineCodes,
    recovered,
    tested,
    vaccinated,
)
from verifier.rules.products import PRODUCTS
from verifier.rules.survey.cells import (
    ANTIBODY,
    ANTIGEN_POSITIVE,
    CARD,
    DDCC,
    DIVOC,
    EU,
    ICVP,
    LISTED_DEVICE,
    NAAT_POSITIVE,
    NAAT_TEST,
    NEGATIVE,
    NO_DEVICE,
    OTHER_PRODUCT,
    PLACES,
    POSITIVE,
    PROOFS,
    RECOVERY,
    SEAL,
    STATUS_ONLY,
    UNKNOWN_TEST,
    UNLISTED_DEVICE,
    Cell,
    doses_in,
    series_of,
)
from verifier.rules.unknown import UNKNOWN

DEVICES: Final = "covid-19-lab-test-manufacturer-and-name"

_DAY: Final = 86_400
_HOUR: Final = 3_600
_TO_THE_SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"
_BIRTHDAY_AGO: Final = 100  # days since the last birthday, so that no rule is asked on its edge

# Issuers let a recovery count from the 11th to the 180th day (Regulation (EU) 2021/953, annex).
_COUNTS_FROM: Final = 11
_COUNTS_UNTIL: Final = 180

# A device that most lists have, where the value set is not at hand; and a number that none has.
COMMON_DEVICE: Final = "1232"
_STRANGE_DEVICE: Final = "0"
# LOINC: an antibody in serum. EU certificates carried it; it tells nothing of an infection.
_ANTIBODY_TEST: Final = "94504-8"

_OTHERS: Final = ("cov-comirnaty", "cov-spikevax")
_KID: Final = b"imagined"


class Family(NamedTuple):
    """What the certificates of a family state, beside the day and the product.

    ``place`` is the country of the event, or of the key where that stands for it.
    """

    number: bool = False
    total: bool = False
    place: bool = False
    device: bool = False
    issued: bool = False
    expires: bool = False


FAMILIES: Final[Mapping[str, Family]] = {
    EU: Family(number=True, total=True, place=True, device=True, issued=True, expires=True),
    DDCC: Family(number=True, total=True, place=True, device=True, issued=True, expires=True),
    DIVOC: Family(number=True, total=True, place=True),
    SEAL: Family(number=True, place=True),
    CARD: Family(number=True, issued=True),
    ICVP: Family(issued=True, expires=True),
    STATUS_ONLY: Family(issued=True, expires=True),
}

# The type of a test in an EU certificate and in all others; no type is known for the last.
_TYPES: Final[Mapping[str, tuple[object, object]]] = {
    **dict.fromkeys((NAAT_TEST, NAAT_POSITIVE), (NAAT, NAAT)),
    **dict.fromkeys((LISTED_DEVICE, UNLISTED_DEVICE, NO_DEVICE), (ANTIGEN, ANTIGEN)),
    ANTIGEN_POSITIVE: (ANTIGEN, ANTIGEN),
    ANTIBODY: (_ANTIBODY_TEST, None),
    UNKNOWN_TEST: (None, UNKNOWN),
}


class Printer:
    """Writes the certificates of cells for one instant of arrival in one country."""

    __slots__ = ("_at", "_country", "_device", "_today")

    def __init__(self, country: str, at: Instant, devices: tuple[str, ...] = ()) -> None:
        """Take the destination, the instant, and the devices that its list of tests has."""
        self._country = country
        self._at = at
        self._today = date.fromisoformat(day_of(at))
        listed = not devices or COMMON_DEVICE in devices
        self._device = COMMON_DEVICE if listed else devices[0]

    def subject(self, cell: Cell) -> Subject:
        """Write the certificate of a cell; a family that has no such statement has no payload."""
        family = FAMILIES[cell.family]
        nothing = cell.evidence == STATUS_ONLY or (cell.evidence == RECOVERY and cell.family != EU)
        return Subject(
            () if nothing else (self._payload(cell, family),),
            cell.kind,
            issuer=self.issuer(cell.place),
            kid=_KID,
            issued=self._at - _DAY if family.issued else None,
            expires=self._at + _DAY if family.expires else None,
            of_dcc=cell.family == EU,
        )

    def issuer(self, place: str) -> str:
        """Name a country in a part of the world, other than the destination."""
        first, second = PLACES[place]
        return second if first == self._country else first

    def _payload(self, cell: Cell, family: Family) -> Payload:
        if cell.kind is Kind.VACCINATION:
            payload, group = self._vaccination(cell, family), "v"
        elif cell.evidence == RECOVERY:
            payload, group = self._recovery(cell), "r"
        else:
            payload, group = self._test(cell, family), "t"
        stated = cell.family == EU
        entry = _entry(payload, group)
        members = {
            **entry,
            "tg": target_of(cell.disease),
            "co": self.issuer(cell.place) if family.place else UNKNOWN,
            "is": entry["is"] if stated else UNKNOWN,
            "ci": entry["ci"] if stated else UNKNOWN,
        }
        if stated:
            # What an EU certificate does not say is not there.
            members = {
                name: value
                for name, value in members.items()
                if value is not UNKNOWN and value is not None
            }
        return {**payload, group: [members]}

    def _born(self, age: int) -> str:
        birthday = self._today - timedelta(days=_BIRTHDAY_AGO)
        # The first of a month: every year has it.
        return birthday.replace(year=birthday.year - age, day=1).isoformat()

    def _ago(self, days: int) -> str:
        return (self._today - timedelta(days=days)).isoformat()

    def _vaccination(self, cell: Cell, family: Family) -> Payload:
        product = cell.evidence
        number, total = doses_in(cell.state, series_of(product))
        if cell.disease != COVID_19:
            number, total = 1, None
        if cell.state == OTHER_PRODUCT:
            product = next(each for each in _OTHERS if each != product)
        vaccine = PRODUCTS[product]
        return vaccinated(
            VaccineCodes(vaccine.mp, vaccine.vp or UNKNOWN, vaccine.ma),
            self._ago(cell.ago),
            dose=number if family.number else UNKNOWN,
            doses=total if family.total and total else UNKNOWN,
            born=self._born(cell.age),
        )

    def _recovery(self, cell: Cell) -> Payload:
        return recovered(
            self._ago(cell.ago),
            self._ago(cell.ago - _COUNTS_FROM),
            self._ago(cell.ago - _COUNTS_UNTIL),
            born=self._born(cell.age),
        )

    def _test(self, cell: Cell, family: Family) -> Payload:
        old = cell.evidence in PROOFS
        taken = self._at - cell.ago * (_DAY if old else _HOUR)
        state = POSITIVE if old else cell.state
        payload = tested(
            "",
            {POSITIVE: DETECTED, NEGATIVE: NOT_DETECTED}.get(state, UNKNOWN),
            datetime.fromtimestamp(taken, UTC).strftime(_TO_THE_SECOND),
            born=self._born(cell.age),
            device=None,
        )
        entry = _entry(payload, "t")
        in_dcc, elsewhere = _TYPES[cell.evidence]
        entry["tt"] = in_dcc if cell.family == EU else elsewhere
        entry["ma"] = (self._device_in(cell.evidence) if family.device else None) or UNKNOWN
        entry["nm"] = UNKNOWN
        return payload

    def _device_in(self, evidence: str) -> str | None:
        if evidence in {LISTED_DEVICE, ANTIGEN_POSITIVE}:
            return self._device
        return _STRANGE_DEVICE if evidence == UNLISTED_DEVICE else None


def _entry(payload: Payload, group: str) -> Payload:
    """Give the one entry that an imagined certificate has."""
    return cast("list[Payload]", payload[group])[0]
