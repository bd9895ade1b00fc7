"""What ``pratique trust show`` says of lists of withdrawn certificates."""

from typing import Final

from cli.problem import printable
from cli.tables import cut, table
from trustlists import TrustStore
from trustlists.revocation.summary import Withdrawn, withdrawn
from verifier.clock import Instant, day_of

_HEAD: Final = ("issuer", "listed", "filters", "wrong at", "complete", "as of", "age", "list")
_ISSUER_CHARACTERS: Final = 24
_ANY: Final = "any"
_NOTHING: Final = (
    "No list of withdrawn certificates is in the store, so none is checked for that.\n"
)


def as_text(store: TrustStore, at: Instant) -> str:
    """Write a line an issuer, or say that there is nothing."""
    rows = [_row(each) for each in withdrawn(store, at)]
    return table(_HEAD, rows) if rows else _NOTHING


def _row(each: Withdrawn) -> tuple[str, ...]:
    whole = "yes" if each.complete else "in part"
    return (
        printable(each.issuer).removeprefix("https://")[:_ISSUER_CHARACTERS] or _ANY,
        str(each.entries),
        str(each.filters),
        f"{each.rate:.0e}" if each.filters else "",
        whole if each.vouched else "unsigned",
        day_of(each.as_of),
        each.freshness.value.replace("_", " "),
        cut(each.list),
    )
