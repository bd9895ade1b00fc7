"""One vaccination, whatever it is written in: the rules of real countries say the same of it.

What is expected is worked out beside the pipeline: the rules are asked about the vaccination as an
EU certificate would state it, and, where a family does not say of how many doses a series is, about
the same one with that number unknown.
"""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from support.conformance import conformance
from support.entry_rules import AT, codes
from support.specimens import NOW, store_path
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
)

from fixtures.vds_nc.issue import dose as seal_dose
from fixtures.who_ddcc.content import coding
from trustlists import TrustStore, import_rules
from trustlists.rules.importing import PRIMARY_DOSES
from verifier import Outcome, Verifier
from verifier.claims import Coded, Kind
from verifier.reasons import Reason
from verifier.rules.asking import Asking, Subject
from verifier.rules.certlogic import Truth
from verifier.rules.product import COVID_19, Product
from verifier.rules.products import PRODUCTS, find
from verifier.rules.series_table import read_series_table
from verifier.rules.unknown import UNKNOWN

COUNTRIES = ("AT", "DE", "EU", "FR", "IE", "NL", "PL")
COVID = [product for product in PRODUCTS.values() if product.diseases == COVID_19]
YELLOW_FEVER = [each for each in PRODUCTS.values() if "yellow-fever" in each.diseases]
ADOPTED = read_series_table(json.loads(PRIMARY_DOSES.read_text())).doses
DAYS = ("2026-08-10", "2026-09-15", DAY)  # of three doses, or of the last of them

# Families that do not say of how many doses a series is.
UNTOLD = frozenset({"smart-health-card", "vds-nc"})
OUTCOME = {
    Truth.PASSED: Outcome.MEETS_RULES,
    Truth.FAILED: Outcome.DOES_NOT_MEET_RULES,
    Truth.OPEN: Outcome.REFER,
}
OPEN_BY_DOSES = [Reason.DOSES_NOT_COUNTED.value, Reason.RULES_OPEN.value]

Stores = dict[bool, TrustStore]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Give a store with the rules of all countries, and one where they adopted the table too."""
    folder = tmp_path_factory.mktemp("rules")
    sources = [conformance("rules", "country-rules"), conformance("rules", "value-set-keys.json")]
    opened = {}
    for adopted in (False, True):
        path = folder / f"{adopted}.sqlite"
        shutil.copy(store_path(), path)
        whose = COUNTRIES if adopted else ()
        import_rules(path, sources, now=NOW, adopt_doses=whose)
        opened[adopted] = TrustStore.open(path)
    yield opened
    for each in opened.values():
        each.close()


def doses_of(product: Product) -> int:
    """Tell how many doses the vaccination of a product in these tests has."""
    return ADOPTED.get(product.mp, 2)


def expected(store: TrustStore, country: str, product: Product, total: object) -> Truth:
    """Ask the rules about the vaccination as an EU certificate would state it."""
    rules = store.rule_set(country)
    assert rules is not None
    entry = {
        "tg": "840539006", "mp": product.mp, "ma": product.ma, "vp": product.vp or UNKNOWN,
        "dn": doses_of(product), "sd": total, "dt": DAY, "co": "XS", "is": "", "ci": "",
    }  # fmt: skip
    payload = {"ver": "1.3.0", "dob": "1980-05-17", "v": [entry]}
    subject = Subject([payload], Kind.VACCINATION, issuer="XS", of_dcc=True)
    return Asking(rules).all(subject, int(AT.timestamp())).total


def certificates(product: Product) -> Iterator[tuple[str, str]]:
    """Write the vaccination in every family that can express the product."""
    number = doses_of(product)
    if product.eu_product:
        yield "eu-dcc", as_dcc(product, dn=number, sd=number)
    # One code of each system: that all codes of a product are the same is tested elsewhere.
    for coded, maker in {coded[0]: (coded, maker) for coded, maker in codes_of(product)}.values():
        yield from by_code(coded, maker, number)
    for name in names_of(product)[:1]:
        yield "vds-nc", as_seal(name, "RA01.0", *seal_doses(number))
        brand = {"code": "S1", "display": name}
        yield "who-ddcc", as_ddcc(brand=brand, dose=number, totalDoses=number)
        yield "divoc", as_divoc(name, dose=number, totalDoses=number)


def by_code(coded: Coded, maker: Coded | None, number: int) -> Iterator[tuple[str, str]]:
    system, code = coded
    if system in {"cvx", "snomed", "icd11", "air", "gtin"}:
        yield "smart-health-card", card(coded, maker, number)
    if system in {"cvx", "snomed", "icd11", "eu-mp"} and maker is None:
        brand = coding(ADDRESSES[system], code)
        yield "who-ddcc", as_ddcc(brand=brand, dose=number, totalDoses=number)


def card(coded: Coded, maker: Coded | None, number: int) -> str:
    days = DAYS[-number:]
    return as_card(*(immunisation([coded], maker, occurrenceDateTime=day) for day in days))


def seal_doses(number: int) -> list[dict[str, Any]]:
    return [seal_dose(each, day) for each, day in enumerate(DAYS[-number:], 1)]


# One verifier for each country and store: rules are read once.
@pytest.fixture(scope="module")
def desks(stores: Stores) -> dict[tuple[bool, str], Verifier]:
    return {
        (adopted, country): Verifier(trust=store, rules=country)
        for adopted, store in stores.items()
        for country in COUNTRIES
    }


Desks = dict[tuple[bool, str], Verifier]


def test_all_countries_have_rules_and_their_own_table(stores: Stores) -> None:
    for adopted, store in stores.items():
        for country in COUNTRIES:
            rules = store.rule_set(country)
            assert rules is not None
            assert not rules.incomplete
            assert (rules.series is not None) is adopted


@pytest.mark.parametrize("product", COVID, ids=[product.id for product in COVID])
def test_a_vaccination_has_one_outcome_in_every_family(
    product: Product, stores: Stores, desks: Desks
) -> None:
    families = set()
    for family, scan in certificates(product):
        families.add(family)
        for (adopted, country), desk in desks.items():
            if not adopted and family not in UNTOLD and not product.listed:
                continue  # a table is nothing to them: seen with the others
            verdict = desk.verify(scan, at=AT)
            whole = expected(stores[adopted], country, product, doses_of(product))
            told = family not in UNTOLD or (adopted and product.mp in ADOPTED)
            truth = whole if told else expected(stores[adopted], country, product, UNKNOWN)
            where = (family, country, adopted, codes(verdict))
            assert verdict.outcome is OUTCOME[truth], where
            if not told:
                # What a family does not say may leave a rule open, and never decides it.
                assert truth in {whole, Truth.OPEN}, where
            if truth is Truth.OPEN:
                assert codes(verdict) == OPEN_BY_DOSES, where
            assert verdict.rules is not None
            used = any(each.doses_from for each in verdict.rules.asked)
            assert used == (adopted and family in UNTOLD and product.mp in ADOPTED), where
    assert {"vds-nc", "divoc", "who-ddcc"} <= families or not product.listed
    assert "eu-dcc" in families or not product.eu_product


def test_the_matrix_has_all_outcomes(stores: Stores) -> None:
    met = {
        (country, product.id)
        for country in COUNTRIES
        for product in COVID
        if expected(stores[True], country, product, doses_of(product)) is Truth.PASSED
    }
    assert {country for country, _ in met} == set(COUNTRIES)
    assert 0 < len(met) < len(COUNTRIES) * len(COVID)
    for country in COUNTRIES:
        open_without = {
            product.id
            for product in COVID
            if expected(stores[False], country, product, UNKNOWN) is Truth.OPEN
        }
        # The Netherlands ask for nothing of a vaccination; and six weeks after a dose Austria takes
        # it, whether it was the last of the series or not.
        assert bool(open_without) is (country not in {"AT", "NL"})


@pytest.mark.parametrize("code", ["210", "213"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_code_of_several_products_is_decided_where_all_come_to_the_same(
    country: str, code: str, stores: Stores, desks: Desks
) -> None:
    """No code of a health card tells Vaxzevria from Covishield, and one means any vaccine."""
    candidates = find([("cvx", code)]).products
    truths = {
        expected(stores[True], country, each, ADOPTED.get(each.mp, UNKNOWN)) for each in candidates
    }
    verdict = desks[True, country].verify(card(("cvx", code), None, 2), at=AT)
    if len(truths) == 1:
        assert verdict.outcome is OUTCOME[truths.pop()]
    elif candidates:
        assert verdict.outcome is Outcome.REFER
        assert codes(verdict)[0] == Reason.PRODUCT_SHARED.value
    else:
        wanted = Outcome.MEETS_RULES if country == "NL" else Outcome.REFER
        assert verdict.outcome is wanted


@pytest.mark.parametrize("product", YELLOW_FEVER, ids=[product.id for product in YELLOW_FEVER])
def test_yellow_fever_has_one_outcome_in_every_family(product: Product, stores: Stores) -> None:
    desk = Verifier(trust=stores[False], rules="GH")
    disease = coding(ADDRESSES["icd11"], "1D47")
    families = set()
    for family, scan in _against_yellow_fever(product, disease):
        verdict = desk.verify(scan, at=AT)
        wanted = Outcome.MEETS_RULES if product.pq else Outcome.DOES_NOT_MEET_RULES
        assert verdict.outcome is wanted, (family, codes(verdict))
        families.add(family)
    assert families >= {"who-icvp", "who-ddcc"} or not product.pq


def _against_yellow_fever(product: Product, disease: object) -> Iterator[tuple[str, str]]:
    for (system, code), maker in codes_of(product):
        if system == "icvp":
            yield "who-icvp", as_icvp(code)
            yield "who-ddcc", as_ddcc(brand=code, disease=disease)
        elif system in {"cvx", "snomed", "icd11"}:
            yield "smart-health-card", as_card(immunisation([(system, code)], maker))
    for name in names_of(product)[:1]:
        yield "vds-nc", as_seal(name, "1D47", seal_dose(1, DAY), kind="XM0N24")
        brand = {"code": "S1", "display": name}
        yield "who-ddcc", as_ddcc(brand=brand, disease=disease)
