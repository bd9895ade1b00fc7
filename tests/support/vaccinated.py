"""One vaccination written as a certificate of each family, and read by the real pipeline."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from support.specimens import store

from fixtures import who
from fixtures.divoc import content as divoc
from fixtures.divoc.issue import listed as divoc_signers
from fixtures.divoc.issue import scan as divoc_scan
from fixtures.divoc.issue import signed as divoc_signed
from fixtures.eu_dcc import content as dcc
from fixtures.eu_dcc.issue import certificate
from fixtures.smart_health_card import content as card
from fixtures.smart_health_card.issue import numeric, token
from fixtures.smart_health_card.world import MINISTRY
from fixtures.vds_nc import issue as seal
from fixtures.who_ddcc import content as ddcc
from fixtures.who_icvp import content as icvp
from fixtures.world import DEMO, listed, of_who
from verifier import Verifier
from verifier.claims import Claims, Coded
from verifier.errors import DocumentError
from verifier.formats import reading
from verifier.rules.product import Product
from verifier.rules.products import find
from verifier.rules.vaccine_names import NAMES
from verifier.scan import read_scan

DAY = "2026-10-20"
ADDRESSES = {
    "cvx": card.CVX,
    "snomed": card.SNOMED,
    "icd11": card.ICD_11,
    "mvx": "http://hl7.org/fhir/sid/mvx",
    "air": "https://www.humanservices.gov.au/organisations/health-professionals/enablers/"
    "air-vaccine-code-formats",
    "gtin": "https://www.gs1.org/gtin",
    "eu-mp": "https://ec.europa.eu/health/documents/community-register/html/",
}


@cache
def _verifier() -> Verifier:
    return Verifier(trust=store())


def read(scan: str) -> Claims:
    """Read the claims of a scan whose signature a desk holds for good."""
    verdict = _verifier().verify(scan, at=DEMO)
    assert "SIG-000" in {finding.code.value for finding in verdict.findings}
    text = read_scan(scan)
    envelope = text.format.open(text.text, text.container)
    for form in (text.format, *reading(text.container)):
        try:
            return form.read_claims(envelope.container, envelope.payload)
        except DocumentError:
            continue
    message = "no format reads it"
    raise AssertionError(message)


def codes_of(product: Product) -> Iterator[tuple[Coded, Coded | None]]:
    """Give every code that names a product, and the maker's code that it may need."""
    pairs = [each for text in (product.codes, *product.versions.values()) for each in text.split()]
    codes = [(system, code) for system, _, code in (each.partition(":") for each in pairs)]
    makers = [coded for coded in codes if coded[0] == "mvx"]
    if product.eu_product:
        codes.append(("eu-mp", product.eu_product))
    for coded in codes:
        for maker in (None, *makers):
            if coded not in makers and find([coded], maker).ids == {product.id}:
                yield coded, maker
                break


def names_of(product: Product) -> list[str]:
    """Give every spelling that names a product alone."""
    return [
        text
        for identifier, _, texts in NAMES
        for text in texts.split(" | ")
        if identifier == product.id
    ]


def as_dcc(product: Product, **changes: object) -> str:
    """Write a DCC."""
    said = {"mp": product.mp, "ma": product.ma, "vp": product.vp, "dt": DAY, "dn": 2, "sd": 2}
    entry = dcc.vaccination(910, **{**said, **changes})
    return certificate(dcc.content("v", entry), listed()["all-uses"])


def immunisation(codes: list[Coded], maker: Coded | None = None, **members: Any) -> dict[str, Any]:
    """Describe a dose as a health card does."""
    concept = {"coding": [{"system": ADDRESSES[system], "code": code} for system, code in codes]}
    made = {"system": ADDRESSES["mvx"], "value": maker[1]} if maker else None
    stated = {"manufacturer": {"identifier": made}} if made else {}
    return card.dose(day=DAY, vaccineCode=concept, **stated) | members


def as_card(*resources: dict[str, Any]) -> str:
    """Write a health card."""
    return numeric(token(card.payload(card.bundle(card.patient(), *resources)), MINISTRY))


def as_ddcc(*, brand: object, vaccine: object = None, **changes: object) -> str:
    """Write a vaccination of WHO's DDCC."""
    stated = vaccine or {"code": "specimen"}
    dose = ddcc.dose(brand=brand, vaccine=stated, date=DAY, **changes)
    said = who.claims(3, ddcc.core(vaccination=dose))
    return who.scan(said, of_who()["who-ddcc"]["ddcc"])


def as_ddcc_test(**changes: object) -> str:
    """Write a test of WHO's DDCC."""
    said = who.claims(4, ddcc.core(test=ddcc.sample(**changes)))
    return who.scan(said, of_who()["who-ddcc"]["ddcc"])


def as_icvp(product_id: str) -> str:
    """Write a certificate of vaccination or prophylaxis."""
    content = icvp.third(icvp.details(vp=product_id, dv=DAY))
    return who.scan(who.claims(-6, content), of_who()["who-icvp"]["icvp"])


def as_seal(
    name: str, disease: str = "RA01.0", *doses: dict[str, Any], kind: str = "XM68M6"
) -> str:
    """Write a health seal."""
    given = doses or (seal.dose(1, "2026-09-15"), seal.dose(2, DAY))
    vaccine = seal.vaccine(*given, nam=name, des=kind, dis=disease)
    return seal.issue(seal.vaccination(ve=[vaccine]))


def as_divoc(name: str, **changes: object) -> str:
    """Write a credential of DIVOC."""
    dose = {"vaccine": name, "date": f"{DAY}T09:30:00.000Z", "dose": 2, "totalDoses": 2} | changes
    return divoc_scan(divoc_signed(divoc.credential(dose=dose), divoc_signers()["rsa"]))
