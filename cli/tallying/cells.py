"""What is counted: one partition, so that every document adds one to exactly one cell.

A second breakdown of the same documents would give equations between the tables, and a rare
combination in them is a person. So there is one list of cells, always whole, in a fixed order.
"""

from collections.abc import Mapping
from typing import Final

from verifier import Outcome

OUTCOMES: Final = (
    Outcome.MEETS_RULES,
    Outcome.AUTHENTIC,
    Outcome.DOES_NOT_MEET_RULES,
    Outcome.NOT_AUTHENTIC,
    Outcome.REFER,
)
# Everything rare is one family, with what was not recognised and travellers without a document.
OTHER: Final = "other"
FAMILIES: Final = ("eu-dcc", "who", "smart-health-card", OTHER)
_FAMILY_OF: Final[Mapping[str | None, str]] = {
    "eu-dcc": "eu-dcc",
    "who-ddcc": "who",
    "who-icvp": "who",
    "smart-health-card": "smart-health-card",
}

CELLS: Final = tuple((outcome, family) for outcome in OUTCOMES for family in FAMILIES)


def cell_of(outcome: Outcome, format_name: str | None) -> int:
    """Give the place of a document's cell. ``None`` is a document of no known format, or none."""
    return CELLS.index((outcome, _FAMILY_OF.get(format_name, OTHER)))
