"""What ``pratique trust show`` says of lists of withdrawn certificates."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final

from cli.problem import printable
from cli.tables import table
from trustlists import TrustStore
from trustlists.revocation.summary import Withdrawn, withdrawn
from verifier.clock import Instant, day_of

_HEAD: Final = ("issuer", "listed", "filters", "wrong in", "complete")
_ISSUER_CHARACTERS: Final = 40
_NOTHING: Final = (
    "No list of withdrawn certificates is in the store, so none is checked for that.\n"
)


def as_text(store: TrustStore, at: Instant) -> str:
    """Write a table a list, with a line an issuer, or say that there is nothing."""
    return "\n".join(_lists(store, at)) or _NOTHING


def _lists(store: TrustStore, at: Instant) -> Iterator[str]:
    for name, rows in groupby(withdrawn(store, at), key=attrgetter("list")):
        found = list(rows)
        age = found[0].freshness.value.replace("_", " ")
        vouched = "" if found[0].vouched else ", nobody vouches for it"
        head = f"{printable(name)}\n  as of {day_of(found[0].as_of)}, {age}{vouched}\n"
        yield head + table(_HEAD, map(_row, found))


def _row(each: Withdrawn) -> tuple[str, ...]:
    return (
        printable(each.issuer).removeprefix("https://")[:_ISSUER_CHARACTERS] or "any country",
        str(each.entries),
        str(each.filters),
        f"{1 / each.rate:.0e}" if each.rate else "never",
        "yes" if each.complete else "in part",
    )
