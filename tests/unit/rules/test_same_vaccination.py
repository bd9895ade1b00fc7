"""The same vaccination is the same to rules, whichever family of certificate it stands in."""

from collections.abc import Iterator

import pytest
from support.vaccinated import (
    ADDRESSES,
    DAY,
    as_card,
    as_dcc,
    as_ddcc,
    as_divoc,
    as_icvp,
    as_seal,
    codes_of,
    immunisation,
    names_of,
    read,
)

from fixtures.who_ddcc.content import coding
from verifier.claims import Claims, Coded
from verifier.rules.diseases import target_of
from verifier.rules.payload import contexts_of
from verifier.rules.product import Product
from verifier.rules.products import PRODUCTS
from verifier.rules.unknown import UNKNOWN

# No code and no name that is theirs alone: a generic name, and no system has a code of it.
NAMELESS = {"mmr-sii", "mr-sii", "mr-bioe", "measles-sii", "measles-biofarma"}

# How a health seal and DDCC code a disease.
ICD_11 = {
    "covid-19": "RA01.0", "yellow-fever": "1D47", "poliomyelitis": "1C81", "measles": "1F03",
    "meningococcal": "1C1C", "mpox": "1E71",
}  # fmt: skip
# A class of vaccine against each, for members that have to be there.
CLASSES = {
    "covid-19": "XM68M6", "yellow-fever": "XM0N24", "poliomyelitis": "XM0N50",
    "measles": "XM8TF3", "meningococcal": "XM2EH7", "mpox": "XM95R0",
}  # fmt: skip


def _certificates(product: Product) -> Iterator[tuple[str, str]]:
    """Write the vaccination in every family that can express the product, in every way."""
    for old in filter(None, (product.eu_product, product.old_product)):
        yield "eu-dcc", as_dcc(product, mp=old)
    about = product.diseases[0]
    for coded, maker in codes_of(product):
        yield from _by_code(*coded, maker, coding(ADDRESSES["icd11"], ICD_11[about]))
    for name in names_of(product):
        yield "vds-nc", as_seal(name, ICD_11[about], kind=CLASSES[about])
        brand = {"code": "S1", "display": name.title()}
        yield "who-ddcc", as_ddcc(brand=brand, disease=coding(ADDRESSES["icd11"], ICD_11[about]))
        if about == "covid-19":
            yield "divoc", as_divoc(name.upper())


def _by_code(
    system: str, code: str, maker: Coded | None, disease: object
) -> Iterator[tuple[str, str]]:
    if system in {"icvp", "icao"}:
        yield "who-ddcc", as_ddcc(brand=code, disease=disease)
    else:
        if system != "eu-mp":
            yield "smart-health-card", as_card(immunisation([(system, code)], maker))
        if maker is None and system not in {"air", "gtin"}:
            brand = coding(ADDRESSES[system], code)
            yield "who-ddcc", as_ddcc(brand=brand, disease=disease)
    if system == "icvp":
        yield "who-icvp", as_icvp(code)


def _sure(claims: Claims, product: Product) -> None:
    presented = contexts_of(claims, disease=product.diseases[0])
    assert presented.certificate_type == "Vaccination"
    assert presented.products == (product.id,)
    (world,) = presented.worlds
    (entry,) = world["v"]
    assert entry["tg"] == target_of(product.diseases[0])
    assert entry["vp"] == (product.vp or UNKNOWN)
    assert entry["dt"] == DAY
    if claims.format != "eu-dcc":
        assert entry["mp"] == product.mp
        assert entry["ma"] == product.ma


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=list(PRODUCTS))
def test_a_product_is_the_same_in_every_family_that_can_express_it(product: Product) -> None:
    families = set()
    for family, scan in _certificates(product):
        claims = read(scan)
        assert claims.format == family
        _sure(claims, product)
        families.add(family)
    assert bool(families) == (product.id not in NAMELESS)
    if product.listed and product.diseases == ("covid-19",):
        assert {"vds-nc", "divoc", "who-ddcc"} <= families
    if product.eu_product:
        assert "eu-dcc" in families


def test_the_number_of_a_dose_is_the_same_where_families_state_it() -> None:
    product = PRODUCTS["cov-comirnaty"]
    scans = {
        "eu-dcc": as_dcc(product),
        "who-ddcc": as_ddcc(brand=coding(ADDRESSES["icd11"], "XM8NQ0"), dose=2, totalDoses=2),
        "divoc": as_divoc("pfizer"),
        "vds-nc": as_seal("Pfizer Comirnaty"),
        "smart-health-card": as_card(
            immunisation([("cvx", "208")], occurrenceDateTime="2026-09-15"),
            immunisation([("cvx", "208")]),
        ),
    }
    for family, scan in scans.items():
        (world,) = contexts_of(read(scan)).worlds
        (entry,) = world["v"]
        assert entry["dn"] == 2, family
        stated = family in {"eu-dcc", "who-ddcc", "divoc"}
        assert entry["sd"] == (2 if stated else UNKNOWN), family
