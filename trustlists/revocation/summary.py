"""What the store knows of withdrawn certificates, by issuer: how much, how whole, how old."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from trustlists.store import TrustStore
from verifier.clock import Instant
from verifier.trust import Environment, Freshness, TrustList

_SETS: Final = """
    SELECT list, complete, exact, fingerprint <> x'', environment, as_of, stale_after,
        too_old_after
    FROM sets JOIN lists ON name = list ORDER BY list"""

_OF_SET: Final = """
    SELECT country, sum(size * (form = 'exact')), sum(form <> 'exact'),
        max(CASE form WHEN 'exact' THEN NULL ELSE rate END)
    FROM revoked WHERE list = ? GROUP BY country"""

_LISTED: Final = """
    SELECT issuer, ids, whole, list, fingerprint <> x'', environment, as_of, stale_after,
        too_old_after
    FROM revocations JOIN lists ON name = list ORDER BY list, issuer"""


class Withdrawn(NamedTuple):
    """What one list says of one issuer; an empty issuer stands for keys of any country.

    ``entries`` counts what is listed one by one, ``filters`` the filters beside, of which the worst
    takes one in ``1 / rate`` certificates for a withdrawn one. ``complete`` and ``vouched`` tell
    whether a certificate that is not listed is called good because of it.
    """

    list: str
    issuer: str
    entries: int
    filters: int
    rate: float
    complete: bool
    vouched: bool
    as_of: Instant
    freshness: Freshness


def withdrawn(store: TrustStore, at: Instant) -> Iterator[Withdrawn]:
    """Describe every list of withdrawn certificates, an issuer at a time, as old as at an instant.

    An issuer with several lists of its own, one for each key, is told once for all of them.
    """
    for name, complete, _, vouched, *age in store.rows(_SETS):
        rows = {country: counts for country, *counts in store.rows(_OF_SET, (name,))}
        whole = set(complete.split())
        for country in sorted(rows.keys() | whole):
            entries, filters, rate = rows.get(country, (0, 0, None))
            yield Withdrawn(
                name,
                country,
                entries,
                filters,
                rate or 0.0,
                country in whole,
                bool(vouched),
                age[1],
                _freshness(name, at, *age),
            )
    found: dict[tuple[str, str], Withdrawn] = {}
    for issuer, ids, whole, name, vouched, *age in store.rows(_LISTED):
        before = found.get((name, issuer))
        found[name, issuer] = Withdrawn(
            name,
            issuer,
            len(ids.split()) + (before.entries if before else 0),
            0,
            0.0,
            bool(whole) and (before is None or before.complete),
            bool(vouched),
            age[1],
            _freshness(name, at, *age),
        )
    yield from found.values()


def _freshness(  # noqa: PLR0913, PLR0917 - the columns of a list
    name: str, at: Instant, environment: str, as_of: Instant, stale_after: int, too_old_after: int
) -> Freshness:
    source = TrustList(name, Environment(environment), as_of, stale_after, too_old_after)
    return source.freshness(at)
