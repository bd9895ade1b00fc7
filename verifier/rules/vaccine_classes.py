"""Codes and texts that name no single vaccine: what they leave open, and what they do say.

Facts, entered here in a form of our own, as of 22 November 2026; the last column of a row is its
source in short: EU: eu-dcc-valuesets 2.12.0; WHO: value sets and maps of ddcc (a2f245a2) and
smart-icvp (6a24a8eb); CDC: CVX titles; SHC: dvci/shc-terminology; CH: ch-vacd 3.3.0; ATC: WHOCC,
as in HL7's IPS list; ICAO: names in health seals; DIVOC: certificates seen and documentation;
NZ: tewhatuora/cinc-fhir-ig; BE: dvbern/vacme; use: what people call it.
"""

from typing import Final, NamedTuple

from verifier.rules.product import (
    ANY_COVID,
    COVID_19,
    DNA,
    INACTIVATED,
    MRNA,
    PARTICLE,
    PROTEIN,
    VECTOR,
)

_ANY: Final = ""
_YELLOW_FEVER: Final = ("yellow-fever",)
_POLIO: Final = ("poliomyelitis",)
_MEASLES: Final = ("measles",)
_MR: Final = ("measles", "rubella")
_MMR: Final = ("measles", "mumps", "rubella")
_MMRV: Final = (*_MMR, "varicella")
_MENINGOCOCCAL: Final = ("meningococcal",)
# One code of ICD-11 stands for smallpox and says nothing of mpox.
_SMALLPOX: Final = ("smallpox",)
_MPOX: Final = ("mpox", "smallpox")


_SINOPHARM: Final = "cov-bbibp-corv cov-wibp-corv"
_VERO_CELL: Final = "cov-bbibp-corv cov-wibp-corv cov-coronavac cov-kconvac"
_RECOMBINANT: Final = "cov-zifivax cov-covifenz cov-vidprevtyn-beta"
_CHADOX: Final = "cov-vaxzevria cov-covishield cov-fiocruz cov-r-covi"
_NVX: Final = "cov-nuvaxovid cov-covovax"

# fmt: off
SHARED: Final[tuple[tuple[str, str, bool, str], ...]] = (
    # Codes, products that could be meant, whether others could be, source.
    ("cvx:210", _CHADOX, False, "CDC"),
    ("cvx:211", "cov-nuvaxovid.original cov-covovax", False, "CDC"),
    # The title says a live vaccine, the name is that of an inactivated one.
    ("cvx:503", "cov-covivac", True, "CDC"),
    ("icd11:XM4YL8", "cov-vaxzevria cov-r-covi cov-azd2816", False, "WHO"),
    ("icd11:XM9T65", _NVX, False, "WHO"),
    ("eu-mp:Inactivated-SARS-CoV-2-Vero-Cell",
     "cov-wibp-corv cov-bbibp-corv cov-coronavac cov-kconvac", False, "EU"),
    # Any maker worldwide may be coded so.
    ("cvx:3", "mmr-m-m-r-ii mmr-priorix", True, "CDC"),
    ("cvx:10", "ipv-ipol", True, "CDC"),
    ("cvx:37", "yf-yf-vax", True, "CDC"),
    ("cvx:183", "yf-stamaril", True, "CDC"),
    # The code is that of a third product; these two have none.
    ("cvx:146", "hexavalent-hexaxim hexavalent-hexasiil", True, "CDC"),
    ("icao:ICAO015", _RECOMBINANT, True, "ICAO"),
    ("icao:ICAO073", _SINOPHARM, False, "ICAO"),
    ("icao:ICAO078", _VERO_CELL, False, "ICAO"),
)

# Texts, in the same way.
SHARED_NAMES: Final[tuple[tuple[str, str, bool, str], ...]] = (
    # These two stand for a group of vaccines, whoever makes them.
    ("mrna", "cov-comirnaty cov-spikevax", True, "use"),
    ("recombinant sars-cov-2 vaccine", _RECOMBINANT, True, "ICAO"),
    ("inactivated sars-cov-2 vaccine, vero cell", _VERO_CELL, False, "ICAO"),
    ("sars-cov-2 vaccine (vero cell)", _VERO_CELL, False, "BE"),
    ("sinopharm covid-19 vaccine", _SINOPHARM, False, "ICAO"),
    ("sinopharm (vero cell)", _SINOPHARM, False, "DIVOC"),
    ("bbibp- corv or sinopharm", _SINOPHARM, False, "DIVOC"),
    ("sinopharm", _SINOPHARM, False, "use"),
    ("novavax/covovax nvx - cov2373", _NVX, False, "DIVOC"),
    ("novavax", _NVX, False, "NZ"),
    ("astrazeneca / covishield", "cov-vaxzevria cov-covishield", False, "NZ"),
    ("astrazeneca", _CHADOX, False, "use"),
    ("serum institute of india", "cov-covishield cov-covovax", False, "DIVOC"),
)

# Who holds several products. A holder alone never names one.
HOLDERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("ORG-100001981", "cov-covishield cov-covovax", "EU"),
    ("Gamaleya-Research-Institute", "cov-sputnik-v cov-sputnik-light cov-sputnik-m", "EU"),
    ("ORG-100001699", "cov-vaxzevria cov-azd2816", "EU"),
    ("Vector-Institute", "cov-epivaccorona cov-epivaccorona-n", "EU"),
    ("Finlay-Institute", "cov-soberana-02 cov-soberana-plus", "EU"),
    ("ORG-100010771", _SINOPHARM, "EU"),
    ("ORG-100024420", _SINOPHARM, "EU"),
    ("ORG-100020693", _SINOPHARM, "EU"),
)

# Technique (empty: not said), diseases, codes, source. A technique that is a class in the EU's
# value set is written as that class, others as words.
CLASSES: Final[tuple[tuple[str, tuple[str, ...], str, str], ...]] = (
    (_ANY, COVID_19, "cvx:213 cvx:500 cvx:503", "CDC"),
    (_ANY, COVID_19, "icd11:XM68M6", "WHO"),
    (_ANY, COVID_19, "snomed:1119305005 snomed:28531000087107", "EU"),
    (_ANY, COVID_19, "atc:J07BX03 atc:J07BN", "ATC"),
    (MRNA, COVID_19, "icd11:XM0GQ8", "WHO"),
    (MRNA, COVID_19, "snomed:1119349007 atc:J07BN01", "EU ATC"),
    (MRNA, COVID_19, (
        "snomed:33581000087104 snomed:399861000221106 snomed:399871000221102 "
        "snomed:399881000221104 snomed:424721000221105 snomed:424741000221101"), "SHC"),
    (VECTOR, COVID_19, "icd11:XM9QW8 snomed:29061000087103 atc:J07BN02", "WHO EU ATC"),
    # Packs without a brand: ChAdOx1, Ad5, Ad26.
    (VECTOR, COVID_19, (
        "snomed:399661000221105 snomed:424561000221107 snomed:425051000221101 "
        "snomed:399681000221103 snomed:424681000221101 snomed:424691000221103 "
        "snomed:424701000221103 snomed:424801000221108 snomed:399691000221100 "
        "snomed:399701000221100 snomed:424601000221107 snomed:424611000221105 "
        "snomed:424621000221100 snomed:424631000221102"), "SHC"),
    (INACTIVATED, COVID_19, "icd11:XM1NL1 icd11:XM3U61 snomed:1157024006 atc:J07BN03",
     "WHO EU ATC"),
    (INACTIVATED, COVID_19,
     "snomed:399651000221108 snomed:424531000221101 snomed:424541000221108", "SHC"),
    (PROTEIN, COVID_19, "icd11:XM5JC5 snomed:1162643001 atc:J07BN04", "WHO EU ATC"),
    (PARTICLE, COVID_19, "icd11:XM1J92 snomed:30141000087107 atc:J07BN05", "WHO EU ATC"),
    (DNA, COVID_19, "icd11:XM6AT1 snomed:1187593009", "WHO EU"),
    ("recombinant protein", COVID_19, "icd11:XM3CT4 icao:ICAO015", "WHO ICAO"),
    ("replicating vector", COVID_19, "icd11:XM0CX4", "WHO"),
    ("live attenuated", COVID_19, "icd11:XM5DF6", "WHO"),
    (_ANY, _YELLOW_FEVER, "cvx:37 cvx:183 cvx:184", "CDC"),
    (_ANY, _YELLOW_FEVER, "icd11:XM0N24 icd11:XM3418 snomed:871717007 atc:J07BL01", "WHO CH ATC"),
    (_ANY, _POLIO, "cvx:2 cvx:10 cvx:89 cvx:146 cvx:178 cvx:179 cvx:182 cvx:324", "CDC"),
    (_ANY, _POLIO, "icd11:XM0N50 icd11:XM0VX8 icd11:XM79H3 icd11:XM0KZ1 icd11:XM5V19", "WHO"),
    # Six diseases, of which certificates ask for this one.
    (_ANY, _POLIO, "icd11:XM84S1 snomed:871895005 atc:J07CA09", "SHC CH ATC"),
    (_ANY, _POLIO, "snomed:871739009 atc:J07BF01 atc:J07BF02 atc:J07BF03 atc:J07BF04", "CH ATC"),
    (_ANY, _MEASLES, "icd11:XM8L15 snomed:871765008 atc:J07BD01", "SHC CH ATC"),
    (_ANY, _MR, "cvx:4 icd11:XM21H2 atc:J07BD53", "CDC SHC ATC"),
    (_ANY, _MMR, "cvx:3 icd11:XM8TF3 snomed:871831003 atc:J07BD52", "CDC SHC CH ATC"),
    (_ANY, _MMRV, "icd11:XM4AJ8 snomed:871908002 atc:J07BD54", "SHC CH ATC"),
    (_ANY, _MENINGOCOCCAL, "cvx:108 cvx:147 cvx:167", "CDC"),
    (_ANY, _MENINGOCOCCAL, ("icd11:XM2EH7 icd11:XM2280 icd11:XM2AR0 snomed:871873006 "
     "atc:J07AH08 atc:J07AH04 atc:J07AH10"), "SHC CH ATC"),
    (_ANY, _SMALLPOX, "icd11:XM95R0", "SHC"),
    (_ANY, _MPOX, "atc:J07BX01", "ATC"),
)
# fmt: on

# Texts that say a technique and no product.
CLASS_NAMES: Final = {
    "mrna": MRNA,
    "recombinant sars-cov-2 vaccine": "recombinant protein",
}

# Codes by which an issuer says that no vaccine was given, or none that is known (CDC).
NO_VACCINE: Final = frozenset({("cvx", "998"), ("cvx", "999")})

# Published maps that file a product under another technique: (technique, product). Who follows
# them does not contradict the product (WHO's maps, DIVOC's documentation).
MISFILED: Final = frozenset({
    ("replicating vector", "cov-jcovden"),
    ("recombinant protein", "cov-fiocruz"),
    ("recombinant protein", "cov-sputnik-m"),
    ("recombinant protein", "cov-covifenz"),
})  # fmt: skip

# Words for a technique that is said otherwise in the EU's value set.
SAME_TECHNIQUE: Final = frozenset({("recombinant protein", PROTEIN)})

# Classes that the EU's value set has, so that a certificate which states one states a ``vp``.
EU_CLASSES: Final = frozenset({
    MRNA, VECTOR, INACTIVATED, PROTEIN, PARTICLE, DNA, ANY_COVID, "1119305005", "J07BX03",
})  # fmt: skip


class VaccineClass(NamedTuple):
    """What a code says of a vaccine without naming it: technique (may be empty) and diseases."""

    technique: str
    diseases: tuple[str, ...]
