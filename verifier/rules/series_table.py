"""How many doses a primary series has, by product: a table that an authority adopts as its own.

SMART Health Cards and VDS-NC say which dose it was and not of how many (code crosswalk, 5.4b).
States counted differently, so that there is no default: a country's rule set has a table because
somebody put it there. It fills in what a certificate leaves out, and changes nothing that it says.

A table is a JSON object of our own form, ``pratique.doses/1``: members ``source`` (what it rests
on, in words), ``as_of`` (a day), ``products`` and, unless it is named at the import, ``country``.
Each product has ``product`` (as rules see it: the EU's code, or a private one, ``x-pratique:ID``),
``doses`` (1 to 9), and may have ``name`` and ``source``, which are for readers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from verifier.clock import is_day
from verifier.countries import alpha_2
from verifier.errors import RuleSetInvalid
from verifier.rules.diseases import COVID_19, target_of
from verifier.rules.unknown import UNKNOWN

SCHEMA: Final = "pratique.doses/1"

# No series is longer; the schema of the DCC has one digit as well.
_MOST_DOSES: Final = 9
_TARGET: Final = target_of(COVID_19)


class SeriesTable(NamedTuple):
    """A country's own table: doses of a primary series by product.

    ``country`` is ISO 3166-1 alpha-2, empty where the table names none. ``as_of`` is a day.
    """

    country: str
    source: str
    as_of: str
    doses: Mapping[str, int]

    def fill(self, worlds: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        """Give the payloads with the number of the series where they do not state it.

        It is filled in where the dose and its product are known, the table has the product, and
        it is a dose against COVID-19. A later dose stays what it is: 3 of 2 is a booster.
        """
        return tuple(map(self._filled, worlds))

    def _filled(self, world: Mapping[str, Any]) -> Mapping[str, Any]:
        entries = world.get("v")
        if not isinstance(entries, list):
            return world
        return {**world, "v": [self._entry(entry) for entry in entries]}

    def _entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        doses = self.doses.get(entry["mp"]) if isinstance(entry.get("mp"), str) else None
        missing = entry.get("sd") is UNKNOWN and isinstance(entry.get("dn"), int)
        if doses is None or not missing or entry.get("tg") != _TARGET:
            return entry
        return {**entry, "sd": doses}


def read_series_table(document: Mapping[str, Any], country: str = "") -> SeriesTable:
    """Read a table from its JSON object; ``country`` is whose it is where it does not say so.

    Raises ``RuleSetInvalid``, which names the member.
    """
    if document.get("schema") != SCHEMA:
        raise _broken(member="schema")
    stated = document.get("country", country)
    owner = alpha_2(stated) if isinstance(stated, str) else ""
    if stated and not owner:
        raise _broken(member="country")
    source = document.get("source")
    if not isinstance(source, str) or not source:
        raise _broken(member="source")
    as_of = document.get("as_of")
    if not is_day(as_of):
        raise _broken(member="as_of")
    listed = document.get("products")
    if not isinstance(listed, list) or not listed:
        raise _broken(member="products")
    doses: dict[str, int] = {}
    for each in listed:
        product, number = _product(each)
        if product in doses:
            raise _broken(member="products")
        doses[product] = number
    return SeriesTable(owner, source, str(as_of), doses)


def _product(entry: object) -> tuple[str, int]:
    if not isinstance(entry, Mapping):
        raise _broken(member="products")
    product, number = entry.get("product"), entry.get("doses")
    if not isinstance(product, str) or not product:
        raise _broken(member="product")
    if isinstance(number, bool) or not isinstance(number, int):
        raise _broken(member="doses")
    if not 1 <= number <= _MOST_DOSES:
        raise _broken(member="doses")
    return product, number


def _broken(*, member: str) -> RuleSetInvalid:
    message = f"{member} of the table of doses is missing or of another form.\nCorrect the file."
    return RuleSetInvalid(message, "doses_broken")
