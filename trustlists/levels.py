"""Which authority of a list has signed a key's certificate: found out when somebody asks.

The proof of a list authenticates every key in it, whatever stands above the key. What an authority
says besides is for people who look at a list, and costs a signature a key: half of an import, if it
were done there. So a list says of each key only which participant it is of, and of each authority
whether the scheme's offline root has signed it (gdhcn-trust notes, 3.2 and 5.4); the rest follows
from certificates that are kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trustlists.records import KeyRecord, Level, Role
from verifier.codecs.x509 import read_certificate, signed_by_key

_BELOW_AUTHORITIES = frozenset({Role.SIGNER.value, Role.TEST_NATION.value})


class Link(NamedTuple):
    """What the level of a key depends on, its list and the authorities in that apart.

    ``level`` is what is known without them. ``participant`` is empty where the list's own word
    settles the level.
    """

    role: str
    participant: str
    spki: bytes
    certificate: bytes | None
    level: int


class Issuer(NamedTuple):
    """The key of an authority, and whether the offline root has signed its certificate."""

    spki: bytes
    covered: bool


# A key vouches within its participant and, of a name, only under the same one.
Issuers = dict[tuple[str, bytes], list[Issuer]]


def issuers_of(links: Iterable[Link]) -> Issuers:
    """Find the authorities among the keys of one list."""
    found: Issuers = defaultdict(list)
    for link in links:
        if link.role == Role.AUTHORITY and link.participant and link.certificate:
            subject = read_certificate(link.certificate).subject
            covered = link.level == Level.OFFLINE_ROOT
            found[link.participant, subject].append(Issuer(link.spki, covered))
    return found


def level_of(link: Link, issuers: Issuers) -> int:
    """Tell how well a key is vouched for, counting the authorities of its list.

    Only below an anchor does it count that an authority has signed a key's certificate, and with it
    that the offline root has signed that authority.
    """
    below = bool(link.participant) and link.role in _BELOW_AUTHORITIES
    if link.level != Level.LIST or not below or not link.certificate:
        return link.level
    facts = read_certificate(link.certificate)
    above = issuers.get((link.participant, facts.issuer), ())
    signed = [issuer for issuer in above if signed_by_key(facts, issuer.spki)]
    if any(issuer.covered for issuer in signed):
        return Level.OFFLINE_ROOT
    return Level.CHAIN if signed else Level.LIST


def levels_of(records: Sequence[KeyRecord]) -> list[int]:
    """Tell the level of each key of one list as it was read."""
    links = [link_of(record) for record in records]
    issuers = issuers_of(links)
    return [level_of(link, issuers) for link in links]


def link_of(record: KeyRecord) -> Link:
    """Give what the level of a key as it was read depends on."""
    return Link(
        record.role.value, record.participant, record.spki, record.certificate, int(record.level)
    )
