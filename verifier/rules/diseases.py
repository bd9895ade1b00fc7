"""Diseases: how certificates code them, and how the rules do (``tg``).

Facts, entered here in a form of our own, as of 22 November 2026. Sources: eu-dcc-valuesets 2.12.0
(disease-agent-targeted), WHO's ddcc (a2f245a2; agents and variants) and smart-icvp (6a24a8eb;
ICD-11), ch-vacd 3.3.0 (SNOMED CT), KDE/khealthcertificate (mpox, smallpox). SNOMED CT codes of
cholera, mpox and smallpox are those of the international edition; no list at hand confirms them.
"""

from collections.abc import Iterator
from typing import Final

from verifier.claims import Coded

# Id here; SNOMED CT, which the rules read; ICD-11 and what else stands for the disease.
# RA01.1 is COVID-19 without the virus being found: a result, and no disease.
_DISEASES: Final = """
covid-19 840539006 icd11:RA01 icd11:RA01.0 icd11:XN109 snomed:840533007
yellow-fever 16541001 icd11:1D47
poliomyelitis 398102009 icd11:1C81
measles 14189004 icd11:1F03
mumps 36989005 icd11:1D80
rubella 36653000 icd11:1F02
meningococcal 23511006 icd11:1C1C
cholera 63650001 icd11:1A00
varicella 38907003 icd11:1E90
mpox 359814004 icd11:1E71
smallpox 67924001 icd11:1E70
"""

# Variants of the agent, in tests (ICD-11): the same disease.
_VARIANTS: Final = """
XN0HL XN4Q7 XN5BQ XN8V6 XN1GK XN3ZE XN2V4 XN4Q1 XN3UD XN9L8 XN6AM XN39J XN161
"""


def _codes() -> Iterator[tuple[Coded, str]]:
    for row in _DISEASES.strip().splitlines():
        disease, snomed, *others = row.split()
        yield ("snomed", snomed), disease
        for each in others:
            system, _, code = each.partition(":")
            yield (system, code), disease
    for code in _VARIANTS.split():
        yield ("icd11", code), "covid-19"


_BY_CODE: Final = dict(_codes())
_SNOMED: Final = {row.split()[0]: row.split()[1] for row in _DISEASES.strip().splitlines()}

COVID_19: Final = "covid-19"


def disease_of(coded: Coded | None) -> str:
    """Tell which disease a code stands for, empty when it says none that is known here.

    A code whose system is not stated is taken as ICD-11 or SNOMED CT, which no other resembles.
    """
    if coded is None:
        return ""
    system, code = coded
    places = (system,) if system in {"snomed", "icd11"} else ("icd11", "snomed")
    return next((_BY_CODE[place, code] for place in places if (place, code) in _BY_CODE), "")


def target_of(disease: str) -> str:
    """Give the code by which rules know a disease (SNOMED CT). Raises ``KeyError``."""
    return _SNOMED[disease]
