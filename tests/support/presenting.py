"""Claims built by hand, for what no issuer of ours writes, and the one entry that rules see."""

from collections.abc import Sequence
from typing import Any

from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Test, Vaccination
from verifier.rules.payload import Presented

VERA = Holder(
    "Musterfrau-Specimen", "Vera", "MUSTERFRAU<SPECIMEN", "VERA", PartialDate("1980-05-17")
)
COVID: Coded = ("icd11", "RA01")


def claims(
    events: Sequence[Event], *, family: str = "smart-health-card", kind: Kind = Kind.VACCINATION,
    holder: Holder | None = VERA, issuer: str = "https://specimen.example",
) -> Claims:  # fmt: skip
    """Give the claims of a document of a family that says these events."""
    said = Claims(
        format=family, scheme=family, country="XS", issued=None, expires=None, issuer=issuer
    )
    said.kind = kind
    said.holder_source = holder
    said.events_source = events
    return said


def dose(
    *codes: Coded,
    day: str = "2026-10-20",
    disease: Coded | None = None,
    maker: Coded | None = None,
    **members: Any,
) -> Vaccination:
    """Give a dose that is named by these codes."""
    return Vaccination(disease, None, None, maker, PartialDate(day), codes=codes, **members)


def sample(
    method: Coded | None = ("loinc", "94500-6"),
    result: Coded | None = ("snomed", "260415000"),
    *,
    day: str = "2026-10-20",
    sampled: int | None = None,
    disease: Coded | None = ("snomed", "840539006"),
    **members: Any,
) -> Test:
    """Give a test."""
    return Test(disease, method, result, PartialDate(day), sampled, **members)


def entries(presented: Presented) -> list[dict[str, Any]]:
    """Give the entry of each world, of a group of one."""
    found = []
    for world in presented.worlds:
        (group,) = world.keys() & {"v", "t", "r"}
        listed: Any = world[group]
        (entry,) = listed
        found.append(entry)
    return found
