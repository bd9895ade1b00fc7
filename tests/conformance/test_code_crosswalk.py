"""Replays the shared tables of codes: every row of them against the look-ups of the rules."""

import csv
import json
import re
from collections.abc import Iterator

import pytest
from support.conformance import ROOT, conformance

from verifier.claims import Coded
from verifier.codecs.icvp_products import PRODUCTS as ICVP_PRODUCTS
from verifier.reasons import Reason
from verifier.rules.diseases import disease_of, target_of
from verifier.rules.product import Product
from verifier.rules.products import (
    PRODUCTS,
    candidates_of,
    class_of,
    find,
    folded,
    made_by,
    product_of,
)
from verifier.rules.sample_codes import DETECTED, NOT_DETECTED, kind_of, result_of

Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    path = ROOT / "codes" / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


VACCINES, NAMES, AMBIGUITIES = _rows("vaccines"), _rows("names"), _rows("ambiguities")
TESTS, DISEASES = _rows("tests"), _rows("diseases")
SYSTEMS = {"sct": "snomed", "eu-tt": "loinc", "vds-nc tc": "vds-nc", "vds-nc r": "vds-nc"}
SYSTEMS |= {"divoc testType": "divoc", "divoc result": "divoc", "eu-tr": "snomed"}
COLUMNS = {
    "eu_mp": "eu-mp", "cvx": "cvx", "snomed": "snomed", "icd11": "icd11", "air": "air",
    "gtin_example": "gtin", "icvp_product_ids": "icvp",
}  # fmt: skip

UNCERTAIN = {
    (SYSTEMS.get(row["system"], row["system"]), code)
    for row in AMBIGUITIES
    if row["kind"] in {"shared", "homonym", "class", "deprecated"}
    for code in row["code"].split("|")
}


def _split(cell: str) -> list[str]:
    return [each for each in cell.split("|") if each]


def _ids(row: Row) -> str:
    return row.get("id") or f"{row.get('system')} {row.get('code')}"


def _pins(rows: list[Row]) -> list[object]:
    reason = pytest.mark.skip(reason="conformance data not here: codes")
    return [pytest.param(row, id=_ids(row)) for row in rows] or [pytest.param({}, marks=reason)]


def _product(row: Row) -> Product:
    return product_of(row["id"])


def _codes(row: Row) -> Iterator[Coded]:
    for column, system in COLUMNS.items():
        for code in _split(row[column]):
            yield system, code
    for code in _split(row["eu_mp_deprecated"]):
        yield "eu-mp", code


def test_the_tables_have_every_product_and_no_other() -> None:
    conformance("codes")
    assert set(PRODUCTS) == {row["id"] for row in VACCINES if row["level"] == "product"}
    versions = {f"{p.id}.{each}" for p in PRODUCTS.values() for each in p.versions}
    assert versions == {row["id"] for row in VACCINES if row["level"] == "variant"}


@pytest.mark.parametrize("row", _pins(VACCINES))
def test_every_code_of_a_row_names_it_alone_or_among_those_it_shares_it_with(row: Row) -> None:
    for coded in _codes(row):
        found = candidates_of(coded)
        assert found is not None, coded
        assert row["id"] in found.ids, coded
        if coded not in UNCERTAIN:
            assert found.ids == {row["id"]}, coded
            assert not found.open
            assert [each.id for each in find([coded]).products] == [_product(row).id]


@pytest.mark.parametrize("row", _pins([row for row in VACCINES if row["level"] == "product"]))
def test_a_product_is_as_its_row_says(row: Row) -> None:
    product = _product(row)
    assert product.name == row["name"]
    assert product.diseases == tuple(_split(row["disease"]))
    assert product.eu_product == row["eu_mp"]
    assert product.holder == row["eu_ma"]
    assert (product.mp, product.ma) == (
        row["eu_mp"] or f"x-pratique:{row['id']}",
        row["eu_ma"] or f"x-pratique:{row['id']}",
    )
    assert bool(product.eul) == (row["who_eul"] == "listed")
    assert bool(product.pq) == (row["who_pq"] == "prequalified")
    unverified = _split(row["unverified"])
    if product.eul and product.eul != "listed":
        assert "who_eul_date" not in unverified
        assert product.eul == row["who_eul_date"]
    if product.pq:
        assert product.pq == min(_split(row["who_pq_date"]))
    if row["eu_vp"]:
        assert product.vp in _split(row["eu_vp"])
    elif row["snomed_class"]:
        assert product.vp in _split(row["snomed_class"])
    else:
        assert product.vp == row["atc"]
    for column in ("atc", "snomed_class", "icd11_class"):
        for code in _split(row[column]):
            system = column.removesuffix("_class")
            found = class_of((system, code))
            assert found is not None, (system, code)
            assert set(found.diseases) & set(product.diseases), (system, code)
            both = find([(system, code), *_codes(row)]) if [*_codes(row)] else None
            if both is not None and both.products:
                assert not both.class_differs, (system, code)


@pytest.mark.parametrize("row", _pins([row for row in VACCINES if row["mvx"]]))
def test_a_makers_code_confirms_the_product(row: Row) -> None:
    for maker in _split(row["mvx"]):
        assert _product(row).id in made_by(("mvx", maker))
        for code in _split(row["cvx"]):
            found = find([("cvx", code)], ("mvx", maker))
            assert [each.id for each in found.products] == [_product(row).id]


@pytest.mark.parametrize("row", [*_pins(NAMES)])
def test_every_spelling_is_compared_as_a_whole(row: Row) -> None:
    assert folded(row["text"]) == row["match_key"]
    spaced = f"  {row['text'].upper()}  ".replace(" ", "  ")
    for text in (row["text"], spaced):
        found = candidates_of(("name", text))
        ids = found.ids if found else frozenset()
        assert ids == set(_split(row["candidates"]))
        looked_up = find([("name", text)])
        if row["status"] == "exact":
            assert [each.id for each in looked_up.products] == [row["candidates"]]
        else:
            assert len(looked_up.products) != 1
    # Never by a part of the text.
    assert candidates_of(("name", f"{row['text']} x")) is None
    assert candidates_of(("name", row["text"][1:])) is None or row["text"][1:] in {
        each["text"] for each in NAMES
    }


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] == "class"]))
def test_a_class_never_names_a_product(row: Row) -> None:
    system = SYSTEMS.get(row["system"], row["system"])
    if system == "loinc" or row["system"] == "eu-tt":
        assert kind_of([("loinc", row["code"])]).tt == row["code"]
        return
    found = find([(system, row["code"])])
    assert not found.products
    assert found.diseases
    assert found.reason is Reason.PRODUCT_NOT_NAMED
    named = {product_of(each).id for each in found.named}
    assert named == {product_of(each).id for each in _split(row["candidates"])}


@pytest.mark.parametrize(
    "row",
    _pins([
        r for r in AMBIGUITIES
        if r["kind"] in {"shared", "deprecated"} and r["system"] in {"cvx", "icd11", "eu-mp"}
    ]),
)  # fmt: skip
def test_a_shared_code_leaves_all_that_could_be_meant(row: Row) -> None:
    found = candidates_of((row["system"], row["code"]))
    assert found is not None
    assert found.ids == set(_split(row["candidates"]))


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["system"] in {"eu-ma", "mvx"}]))
def test_a_maker_of_several_products_names_none_of_them(row: Row) -> None:
    theirs = made_by((row["system"], row["code"]))
    listed = {each for each in _split(row["candidates"]) if each != "ipv-imovax-polio"}
    assert listed <= theirs
    assert not find([], (row["system"], row["code"])).products
    for product in listed & set(PRODUCTS):
        name = PRODUCTS[product].eu_product
        if name:
            found = find([("eu-mp", name)], (row["system"], row["code"]))
            assert [each.id for each in found.products] == [product]


ONE_PRODUCT = {"strength", "variant", "season", "covers variants", "covers makers", "component"}


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] in ONE_PRODUCT]))
def test_versions_and_components_are_the_product_and_no_finer_is_concluded(row: Row) -> None:
    system = SYSTEMS.get(row["system"], row["system"])
    found = find([(system, row["code"])])
    assert {each.id for each in found.products} == {
        product_of(each).id for each in _split(row["candidates"])
    }


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] == "unspecified"]))
def test_a_vaccine_that_is_not_specified_is_of_no_class_either(row: Row) -> None:
    found = find([(row["system"], row["code"])])
    assert (found.products, found.stated_class) == ((), "")
    assert found.diseases == ("covid-19",)


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] == "homonym"]))
def test_a_homonym_names_candidates_and_no_product(row: Row) -> None:
    found = find([(row["system"], row["code"])])
    assert (found.products, found.stated_class) == ((), "")
    assert set(found.named) == set(_split(row["candidates"]))


def test_codes_that_say_nothing() -> None:
    conformance("codes")
    none = [row for row in AMBIGUITIES if row["kind"] == "no vaccine"]
    assert none
    for row in none:
        assert not find([(row["system"], row["code"])]).given
    for row in AMBIGUITIES:
        if row["kind"] == "unknown code":
            assert find([(row["system"], row["code"])]).reason is Reason.PRODUCT_UNKNOWN


def test_what_stands_in_place_of_an_eu_code() -> None:
    conformance("codes")
    (national,) = (row for row in AMBIGUITIES if row["code"] == "*_T")
    for each in _split(national["candidates"]):
        assert find([("eu-mp", f"{PRODUCTS[each].eu_product}_T")]).ids == {each}
    for code in ("NVX-CoV2373", "Vidprevtyn", "VLA2001"):
        plain, marked = find([("eu-mp", code)]), find([("eu-mp", f"{code} (deprecated)")])
        assert plain.ids == marked.ids != frozenset()
    assert not find([("eu-mp", "")]).products
    assert find([("eu-mp", "Pfizer")]).ids == {"cov-comirnaty"}
    assert find([("eu-mp", "COVID-19 Vaccine Moderna")]).ids == {"cov-spikevax"}


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] == "mapping-error"]))
def test_errors_of_published_maps_are_not_repeated(row: Row) -> None:
    system, code = row["system"], row["code"]
    stated, _, mapped = code.partition("@")
    if system == "icd11":
        found = find([("icd11", stated), ("name", mapped)])
        assert found.ids == {row["candidates"]}
        assert not found.class_differs
    elif system == "eu-mp":
        found = find([("eu-mp", stated), ("icd11", mapped)])
        assert found.ids == {row["candidates"]}
        assert not found.class_differs
    elif system == "icao-map":
        first, _, last = code.partition("-")
        numbers = range(int(first[4:]), int((last or first)[4:]) + 1)
        for number in numbers:
            assert find([("icao", f"ICAO{number:03d}")]).ids == {row["candidates"]}
    elif system == "icao-test":
        assert kind_of([("vds-nc", code)]).tt == "LP6464-4"
    else:
        assert system == "loinc"
        assert kind_of([(system, code)]).kind == "antibody"
        assert kind_of([(system, code)]).tt == ""


@pytest.mark.parametrize("row", _pins([r for r in AMBIGUITIES if r["kind"] == "multi-target"]))
def test_a_test_for_several_viruses_never_says_that_it_was_this_one(row: Row) -> None:
    code = ("loinc", row["code"])
    assert result_of([code], [("snomed", DETECTED)]) == ""
    assert result_of([code], [("snomed", NOT_DETECTED)]) == NOT_DETECTED


def test_every_kind_of_ambiguity_is_looked_at() -> None:
    conformance("codes")
    looked_at = ONE_PRODUCT | {
        "class", "shared", "deprecated", "unspecified", "homonym", "no vaccine", "unknown code",
        "national", "data error", "text", "mapping-error", "multi-target", "licensed maker",
        "double code",
    }  # fmt: skip
    assert {row["kind"] for row in AMBIGUITIES} <= looked_at
    # A maker under licence, and one result under two codes.
    assert find([("icao", "ICAO024")]).ids == {"cov-soberana-02"}
    assert result_of([], [("icd11", "QA02")]) == result_of([], [("icd11", "RA01.1")])


@pytest.mark.parametrize("row", _pins([row for row in TESTS if row["section"] == "kind"]))
def test_every_kind_of_test(row: Row) -> None:
    system = SYSTEMS.get(row["system"], row["system"])
    for code in {row["code"], row["code"].lower()} if system == "divoc" else {row["code"]}:
        meaning = kind_of([(system, code)])
        assert meaning.kind == row["kind"]
        assert meaning.tt == row["dcc_tt"]
        # As LOINC's, the code that Swiss certificates state is one of a panel.
        if row["kind"] != "unknown" and (row["system"], code) != ("eu-tt", "94504-8"):
            assert meaning.plain == (row["result_form"] == "qualitative")


@pytest.mark.parametrize("row", _pins([row for row in TESTS if row["section"] == "result"]))
def test_every_result(row: Row) -> None:
    system = SYSTEMS.get(row["system"], row["system"])
    expected = {"detected": DETECTED, "not detected": NOT_DETECTED}.get(row["kind"], "")
    assert result_of([], [(system, row["code"])]) == expected


@pytest.mark.parametrize("row", _pins(DISEASES))
def test_every_disease(row: Row) -> None:
    disease = row["id"].partition(".")[0]
    cells = ("icd11", "icd11_agent")
    codes: list[Coded] = [("icd11", code) for cell in cells for code in _split(row[cell])]
    codes += [("snomed", code) for code in _split(row["snomed_disease"])]
    codes += [("snomed", code) for code in re.findall(r"\d+", row["snomed_agent"])]
    assert codes
    for system, code in codes:
        assert disease_of((system, code)) == disease
        assert disease_of(("unstated", code)) == disease
    if row["snomed_disease"]:
        assert target_of(disease) == row["snomed_disease"]
    if disease == "covid-19":
        assert disease_of(("icd11", "RA01.0")) == disease
        # A result, and no disease.
        assert disease_of(("icd11", "RA01.1")) == ""


def test_every_product_of_the_catalogue_is_one_row_against_the_same_disease() -> None:
    listed = {
        code.partition(":")[2]: product
        for product in PRODUCTS.values()
        for code in product.codes.split()
        if code.startswith("icvp:")
    }
    assert listed.keys() == ICVP_PRODUCTS.keys()
    for code, product in listed.items():
        assert find([("who-pq", code)]).ids == {product.id}
        (disease,) = product.diseases
        assert disease_of(("icd11", ICVP_PRODUCTS[code].disease)) == disease
        assert product.pq <= ICVP_PRODUCTS[code].since


def test_a_product_is_looked_for_in_the_order_of_the_routes() -> None:
    routes = json.loads(conformance("codes", "routes.json").read_text())["formats"]
    assert routes["shc"]["product"][0][0] == "cvx + mvx"
    assert find([("cvx", "210")], ("mvx", "ASZ")).ids == {"cov-vaxzevria"}
    examples = {
        "cvx": ("cvx", "208"), "sct": ("snomed", "1031000172108"), "icd11": ("icd11", "XM8NQ0"),
        "air": ("air", "COMIRN"), "eu_mp": ("eu-mp", "EU/1/20/1528"),
        "names.csv": ("name", "Comirnaty"),
    }  # fmt: skip
    for first in examples.values():
        for second in examples.values():
            assert find([first, second]).ids == {"cov-comirnaty"}
            other = ("name", "Spikevax")
            assert find([first, other]).reason is Reason.PRODUCTS_CONTRADICT
