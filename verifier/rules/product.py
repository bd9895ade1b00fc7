"""What the table says of one vaccine: who holds it, what it is against, and its codes.

Codes stand as ``system:code`` with blanks between them. The systems: ``cvx`` and ``mvx`` (CDC),
``snomed``, ``icd11`` (either base address), ``air`` (Australian register), ``gtin`` (packs),
``icvp`` (WHO's product ids), ``eu-mp`` and ``eu-ma`` (EU value sets), ``atc``, ``name`` (texts).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

COVID_19: Final = ("covid-19",)

# Techniques of COVID-19 vaccines: the class of the vaccine (``vp``) in the EU's value set.
MRNA: Final = "1119349007"
VECTOR: Final = "29061000087103"
INACTIVATED: Final = "1157024006"
PROTEIN: Final = "1162643001"
PARTICLE: Final = "30141000087107"
DNA: Final = "1187593009"
# The class that says no more than that it is against COVID-19.
ANY_COVID: Final = "28531000087107"

# On WHO's emergency use list, the day of which no document of WHO's was at hand for.
LISTED: Final = "listed"

# Stands before the id of a product where the EU has no code: known, and on no list of EU codes.
_OWN: Final = "x-pratique:"


class Product(NamedTuple):
    """One vaccine.

    ``technique`` is one of the above, empty for other diseases. ``source`` says in short where the
    row comes from (heads of the tables). ``eu_product`` is its EU number or name, ``old_product``
    one that is out of use, ``holder`` the EU's code of who holds or makes it, ``own_class`` the
    class where it is not that of the technique, ``versions`` are strengths and seasons that have
    codes of their own. ``eul`` and ``pq`` are the days of WHO's emergency listing and
    prequalification, empty where the lists at hand do not have it.
    """

    id: str
    name: str
    technique: str
    source: str
    diseases: tuple[str, ...] = COVID_19
    eu_product: str = ""
    old_product: str = ""
    holder: str = ""
    own_class: str = ""
    eul: str = ""
    pq: str = ""
    codes: str = ""
    versions: Mapping[str, str] = MappingProxyType({})

    @property
    def mp(self) -> str:
        """The product as a DCC names it; of one without EU code a private value."""
        return self.eu_product or _OWN + self.id

    @property
    def ma(self) -> str:
        """The holder as a DCC names it; of a product without EU code a private value."""
        return self.holder or _OWN + self.id

    @property
    def vp(self) -> str:
        """The class as a DCC names it; empty where no system has a code of it."""
        return self.own_class or self.technique

    @property
    def listed(self) -> bool:
        """Whether WHO listed it for emergency use or prequalified it."""
        return bool(self.eul or self.pq)
