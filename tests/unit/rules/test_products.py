import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.claims import Coded
from verifier.reasons import Reason
from verifier.rules.product import ANY_COVID, INACTIVATED, MRNA, PROTEIN, VECTOR
from verifier.rules.products import (
    PRODUCTS,
    candidates_of,
    class_of,
    find,
    folded,
    made_by,
    product_of,
)
from verifier.rules.vaccine_classes import CLASSES, HOLDERS, SHARED, SHARED_NAMES
from verifier.rules.vaccine_names import NAMES


def test_every_id_of_the_tables_is_that_of_a_product() -> None:
    ids = [each for row in (*SHARED, *SHARED_NAMES, *HOLDERS) for each in row[1].split()]
    assert {product_of(each).id for each in ids} <= set(PRODUCTS)
    assert {product for product, _, _ in NAMES} <= set(PRODUCTS)


def test_every_row_names_its_source() -> None:
    assert all(product.source for product in PRODUCTS.values())
    assert all(row[-1] for row in (*SHARED, *SHARED_NAMES, *HOLDERS, *CLASSES))


def test_no_code_stands_in_two_rows_unless_it_is_told_as_shared() -> None:
    shared = {code for row in SHARED for code in row[0].split()}
    seen: dict[str, str] = {}
    for product in PRODUCTS.values():
        for text in (product.codes, *product.versions.values()):
            for code in text.split():
                if not code.startswith("mvx:") and code not in shared:
                    assert seen.setdefault(code, product.id) == product.id, code


def test_no_spelling_stands_twice_and_all_are_folded() -> None:
    texts = [text for _, _, row in NAMES for text in row.split(" | ")]
    texts += [text for text, *_ in SHARED_NAMES]
    assert len(texts) == len(set(texts))
    assert [folded(text) for text in texts] == texts


def test_what_others_could_be_meant_by_has_a_class_at_least() -> None:
    for codes, _, others, _ in SHARED:
        for code in codes.split():
            system, _, value = code.partition(":")
            assert not others or class_of((system, value)), code
    for text, _, others, _ in SHARED_NAMES:
        assert not others or class_of(("name", text)), text


@pytest.mark.parametrize(
    ("codes", "maker", "ids", "reason"),
    [
        # One product, by every system and together with its class.
        ([("cvx", "208")], None, {"cov-comirnaty"}, None),
        ([("cvx", "0208")], None, {"cov-comirnaty"}, None),
        ([("icd11", "XM8NQ0"), ("icd11", "XM0GQ8")], None, {"cov-comirnaty"}, None),
        ([("ema", "EU/1/20/1528")], None, {"cov-comirnaty"}, None),
        ([("eu-dcc-mp", "Covishield")], None, {"cov-covishield"}, None),
        ([("unstated", "Covishield")], None, {"cov-covishield"}, None),
        ([("other", "XM8NQ0")], None, {"cov-comirnaty"}, None),
        ([("unstated", "pfizer comirnaty")], None, {"cov-comirnaty"}, None),
        # A bare number may be of any system.
        ([("unstated", "208")], None, set(), Reason.PRODUCT_UNKNOWN),
        ([("eu-dcc-mp", "eu/1/20/1528")], None, set(), Reason.PRODUCT_UNKNOWN),
        # Two versions are one product.
        ([("cvx", "208"), ("snomed", "33361000087101")], None, {"cov-comirnaty"}, None),
        # Shared, and told apart by the maker or a finer code.
        (
            [("cvx", "210")],
            None,
            {"cov-vaxzevria", "cov-covishield", "cov-fiocruz", "cov-r-covi"},
            Reason.PRODUCT_SHARED,
        ),
        ([("cvx", "210")], ("mvx", "ASZ"), {"cov-vaxzevria"}, None),
        ([("cvx", "210")], ("ema-org", "ORG-100001981"), {"cov-covishield"}, None),
        ([("cvx", "210"), ("icd11", "XM97T2")], None, {"cov-covishield"}, None),
        (
            [("cvx", "210"), ("icd11", "XM4YL8")],
            None,
            {"cov-vaxzevria", "cov-r-covi"},
            Reason.PRODUCT_SHARED,
        ),
        ([("cvx", "211")], ("mvx", "NVX"), {"cov-nuvaxovid"}, None),
        ([("icd11", "XM9T65")], None, {"cov-nuvaxovid", "cov-covovax"}, Reason.PRODUCT_SHARED),
        ([("name", "COVISHIELD"), ("name", "Serum Institute of India")], None,
         {"cov-covishield"}, None),
        ([("name", "Covishield"), ("name", "AstraZeneca")], None, {"cov-covishield"}, None),
        # Contradictions: products, makers, diseases.
        ([("cvx", "208"), ("cvx", "207")], None, set(), Reason.PRODUCTS_CONTRADICT),
        ([("cvx", "208")], ("mvx", "MOD"), set(), Reason.PRODUCTS_CONTRADICT),
        ([("cvx", "208")], ("mvx", "XYZ"), {"cov-comirnaty"}, None),
        ([("cvx", "208"), ("icd11", "XM0N24")], None, set(), Reason.PRODUCTS_CONTRADICT),
        ([("icd11", "XM0GQ8"), ("icd11", "XM0N24")], None, set(), Reason.PRODUCTS_CONTRADICT),
        # Classes, and what is not specified.
        ([("icd11", "XM0GQ8")], None, set(), Reason.PRODUCT_NOT_NAMED),
        ([("cvx", "213")], None, set(), Reason.PRODUCT_NOT_NAMED),
        ([("cvx", "213")], ("mvx", "PFR"), set(), Reason.PRODUCT_NOT_NAMED),
        ([("name", "mRNA")], None, set(), Reason.PRODUCT_NOT_NAMED),
        ([("name", "Sinopharm")], None, {"cov-bbibp-corv", "cov-wibp-corv"}, Reason.PRODUCT_SHARED),
        ([("cvx", "503")], None, set(), Reason.PRODUCT_NOT_NAMED),
        # Any maker may be coded so, unless it is named.
        ([("cvx", "37")], None, set(), Reason.PRODUCT_NOT_NAMED),
        ([("cvx", "37")], ("mvx", "PMC"), {"yf-yf-vax"}, None),
        ([("cvx", "37")], ("mvx", "MSD"), set(), Reason.PRODUCT_NOT_NAMED),
        ([("cvx", "03")], ("mvx", "SKB"), {"mmr-priorix"}, None),
        # A text of a technique with a holder is no product.
        ([("name", "mRNA")], ("ema-org", "ORG-100030215"), set(), Reason.PRODUCT_NOT_NAMED),
        # Nothing that is known.
        ([], None, set(), Reason.PRODUCT_UNKNOWN),
        ([], ("mvx", "PFR"), set(), Reason.PRODUCT_UNKNOWN),
        ([("cvx", "990")], None, set(), Reason.PRODUCT_UNKNOWN),
        ([("icd11", "XM9QW8"), ("name", "Specimen Vaccine")], None, set(),
         Reason.PRODUCT_UNKNOWN),
        ([("name", "COVAX")], None, set(), Reason.PRODUCT_UNKNOWN),
        ([("eu-mp", "")], None, set(), Reason.PRODUCT_UNKNOWN),
        ([("cvx", "998"), ("cvx", "208")], None, set(), Reason.NO_VACCINE_GIVEN),
    ],
)  # fmt: skip
def test_all_codes_together_say_which_it_was(
    codes: list[Coded], maker: Coded | None, ids: set[str], reason: Reason | None
) -> None:
    found = find(codes, maker)
    assert found.ids == ids
    assert found.reason == reason
    # In any order.
    assert find(codes[::-1], maker).ids == ids
    assert found.given == (reason is not Reason.NO_VACCINE_GIVEN)


@pytest.mark.parametrize(
    ("codes", "stated"),
    [
        ([("icd11", "XM0GQ8")], MRNA),
        ([("icd11", "XM9QW8"), ("icd11", "XM68M6")], VECTOR),
        ([("atc", "J07BN03")], INACTIVATED),
        ([("snomed", "399651000221108")], INACTIVATED),
        ([("name", "mrna")], MRNA),
        # Codes that the EU has are a class as they stand.
        ([("snomed", "1119305005")], "1119305005"),
        ([("snomed", "28531000087107")], ANY_COVID),
        ([("atc", "J07BX03")], "J07BX03"),
        # No technique is said, or one that the EU has no class for, or two.
        ([("icd11", "XM68M6")], ""),
        ([("cvx", "213")], ""),
        ([("icd11", "XM0CX4")], ""),
        ([("icd11", "XM0GQ8"), ("icd11", "XM9QW8")], ""),
        ([("icd11", "XM0N24")], ""),
    ],
)
def test_a_class_is_stated_as_rules_know_it(codes: list[Coded], stated: str) -> None:
    assert find(codes).stated_class == stated


def test_a_class_that_no_such_product_is_of_is_told() -> None:
    wrong = find([("cvx", "208"), ("icd11", "XM9QW8")])
    assert wrong.ids == {"cov-comirnaty"}
    assert wrong.class_differs
    assert wrong.reason is Reason.CLASS_DIFFERS
    # Words for the same technique, and published maps.
    for code, name in (("XM3CT4", "Zifivax"), ("XM0CX4", "Janssen"), ("XM3CT4", "Covifenz")):
        right = find([("icd11", code), ("name", name)])
        assert len(right.products) == 1
        assert not right.class_differs


def test_versions_are_told_apart_and_are_one_product() -> None:
    infant = find([("cvx", "219")])
    assert infant.named == ("cov-comirnaty.3-infant",)
    assert infant.ids == {"cov-comirnaty"}


def test_makers_are_known_by_their_codes_and_never_by_their_names() -> None:
    assert made_by(("mvx", "PFR")) == {"cov-comirnaty"}
    assert made_by(("eu-dcc-ma", "Sinopharm-WIBP")) == {"cov-wibp-corv"}
    assert made_by(("unstated", "ORG-100001981")) == {"cov-covishield", "cov-covovax"}
    assert made_by(("name", "Pfizer")) == set()


systems = st.sampled_from(
    ["cvx", "snomed", "icd11", "ema", "eu-dcc-mp", "name", "unstated", "other", "who-pq", "x"]
)
known = st.sampled_from(
    ["208", "210", "213", "998", "37", "XM0GQ8", "XM8NQ0", "Pfizer", "Sinopharm", "EU/1/20/1528"]
)
coded = st.tuples(systems, known | st.text(max_size=20))


@given(st.lists(coded, max_size=5), st.none() | st.tuples(st.just("mvx"), st.text(max_size=4)))
def test_a_look_up_never_raises_and_never_names_what_no_code_names(
    codes: list[Coded], maker: Coded | None
) -> None:
    found = find(codes, maker)
    named = {product_of(each).id for each in found.named}
    assert found.ids <= named
    assert not found.products or len(found.products) == 1 or found.reason is not None
    assert bool(found.products) or found.reason is not None
    for each in codes:
        one = candidates_of(each)
        if one and not one.open and found.products:
            assert found.ids <= {product_of(name).id for name in one.ids}


def test_a_protein_is_no_vector() -> None:
    # WHO's maps have these three as recombinant proteins.
    assert PRODUCTS["cov-fiocruz"].technique == VECTOR
    assert PRODUCTS["cov-sputnik-m"].technique == VECTOR
    assert PRODUCTS["cov-covifenz"].technique != PROTEIN
