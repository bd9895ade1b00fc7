"""Which vaccine it was: from the codes and texts of any certificate to a product, or to none.

Rules of the look-up (code crosswalk, 2 and 3; ``docs/code-mapping.md`` says what maps how):
codes are compared exactly, texts as whole strings after folding case and blanks. All codes of an
entry are looked at. Two that name different products contradict each other, and so does a maker
who makes none of them; a product beside its class is the product. A class names no product, and a
code that several products share leaves them all as candidates: nothing is chosen among them.

The tables (``covid_vaccines`` and its neighbours) have a date. A code that is not in them may be
younger, so that it proves nothing, in neither direction.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from verifier.claims import Coded
from verifier.reasons import Reason
from verifier.rules.covid_vaccines import COVID_VACCINES
from verifier.rules.product import COVID_19, Product
from verifier.rules.travel_vaccines import TRAVEL_VACCINES
from verifier.rules.vaccine_classes import (
    CLASS_NAMES,
    CLASSES,
    EU_CLASSES,
    HOLDERS,
    MISFILED,
    NO_VACCINE,
    SAME_TECHNIQUE,
    SHARED,
    SHARED_NAMES,
    VaccineClass,
)
from verifier.rules.vaccine_names import NAMES

PRODUCTS: Final = {product.id: product for product in (*COVID_VACCINES, *TRAVEL_VACCINES)}


class Candidates(NamedTuple):
    """What one code may stand for: ids of products or versions; ``open``: or of others."""

    ids: frozenset[str]
    open: bool


class Found(NamedTuple):
    """What the codes of one entry say together.

    ``products`` are those that it can have been: one is known, several are candidates, none means
    that the product is not known. ``named`` are the ids of all that were named, by version where
    codes tell versions apart; where ``products`` is empty they are hints that prove nothing.
    ``stated_class`` is the class as rules see it (``vp``) that was stated, empty for none.
    ``class_differs`` tells that a class was stated which no such product is of, ``given`` is False
    where a code says that no vaccine was. ``reason`` says why the product is not known for sure.
    """

    products: tuple[Product, ...] = ()
    named: tuple[str, ...] = ()
    stated_class: str = ""
    diseases: tuple[str, ...] = ()
    reason: Reason | None = None
    class_differs: bool = False
    given: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the products that it can have been."""
        return frozenset(product.id for product in self.products)


def _pairs(text: str) -> Iterator[Coded]:
    for each in text.split():
        system, _, code = each.partition(":")
        yield system, code


def _named() -> Iterator[tuple[Coded, str]]:
    """Give every code of the rows with the product or version that it stands in the row of."""
    for product in PRODUCTS.values():
        for code in (product.eu_product, product.old_product):
            if code:
                yield ("eu-mp", code), product.id
        for coded in _pairs(product.codes):
            if coded[0] != "mvx":
                yield coded, product.id
        for version, codes in product.versions.items():
            for coded in _pairs(codes):
                yield coded, f"{product.id}.{version}"
    for product_id, _, texts in NAMES:
        for text in texts.split(" | "):
            yield ("name", text), product_id


def _candidates() -> dict[Coded, Candidates]:
    found = {coded: Candidates(frozenset({product}), open=False) for coded, product in _named()}
    for codes, ids, others, _ in SHARED:
        for coded in _pairs(codes):
            found[coded] = Candidates(frozenset(ids.split()), others)
    for text, ids, others, _ in SHARED_NAMES:
        found["name", text] = Candidates(frozenset(ids.split()), others)
    return found


def _classes() -> dict[Coded, VaccineClass]:
    found = {
        coded: VaccineClass(technique, diseases)
        for technique, diseases, codes, _ in CLASSES
        for coded in _pairs(codes)
    }
    for text, technique in CLASS_NAMES.items():
        found["name", text] = VaccineClass(technique, COVID_19)
    return found


def _makers() -> dict[Coded, frozenset[str]]:
    """Give for every code of a maker the products that are known to be theirs."""
    found: dict[Coded, set[str]] = {}
    for product in PRODUCTS.values():
        makers = [coded for coded in _pairs(product.codes) if coded[0] == "mvx"]
        if product.holder:
            makers.append(("eu-ma", product.holder))
        for maker in makers:
            found.setdefault(maker, set()).add(product.id)
    for holder, ids, _ in HOLDERS:
        found.setdefault(("eu-ma", holder), set()).update(ids.split())
    return {maker: frozenset(products) for maker, products in found.items()}


_CANDIDATES: Final = _candidates()
_CLASSES: Final = _classes()
_MAKERS: Final = _makers()

# What formats call a system, where the tables call it otherwise.
_SYSTEMS: Final = {
    "ema": "eu-mp",
    "eu-dcc-mp": "eu-mp",
    "ema-org": "eu-ma",
    "eu-dcc-ma": "eu-ma",
    "who-pq": "icvp",
}
# For a system that is not stated: those whose codes resemble no other's.
_UNSTATED: Final = ("eu-mp", "eu-ma", "icd11", "snomed", "icvp", "icao", "name")
_NO_SYSTEM: Final = frozenset({"unstated", "other"})
_DEPRECATED: Final = " (deprecated)"
_MARKS: Final = str.maketrans("", "", "®™")


def folded(text: str) -> str:
    """Write a text as it is compared: without marks of trade, blanks joined, case folded."""
    return " ".join(text.translate(_MARKS).split()).casefold()


def _places(coded: Coded) -> Iterator[Coded]:
    """Give the entries of the tables that a code of a certificate may be."""
    system, code = coded
    system = _SYSTEMS.get(system, system)
    code = code.strip()
    for each in _UNSTATED if system in _NO_SYSTEM else (system,):
        if each == "name":
            yield each, folded(code)
        elif each == "cvx":
            yield each, code.lstrip("0")
        else:
            yield each, code
        if each == "eu-mp":
            # Some write a name where the code should stand; the EU's own instructions write
            # behind three codes that they are out of use.
            yield each, code.removesuffix(_DEPRECATED)
            yield "name", folded(code)


def candidates_of(coded: Coded) -> Candidates | None:
    """Tell which products one code or text may stand for, None when it names none."""
    return next((_CANDIDATES[place] for place in _places(coded) if place in _CANDIDATES), None)


def class_of(coded: Coded) -> VaccineClass | None:
    """Tell the class that one code or text stands for, None when it stands for none."""
    return next((_CLASSES[place] for place in _places(coded) if place in _CLASSES), None)


def made_by(maker: Coded) -> frozenset[str]:
    """Tell which products a maker or holder has by its code; none when it is not known."""
    return next((_MAKERS[place] for place in _places(maker) if place in _MAKERS), frozenset())


def product_of(product_or_version: str) -> Product:
    """Give the product by its id, or by that of a version of it. Raises ``KeyError``."""
    return PRODUCTS[product_or_version.partition(".")[0]]


def find(codes: Iterable[Coded], maker: Coded | None = None) -> Found:
    """Tell which vaccine an entry is about, by all of its codes and by its maker's code."""
    stated = [*codes]
    if not NO_VACCINE.isdisjoint(stated):
        return Found(reason=Reason.NO_VACCINE_GIVEN, given=False)
    candidates = [each for coded in stated if (each := candidates_of(coded))]
    classes = [(coded, of) for coded in stated if (of := class_of(coded))]
    named = tuple(sorted({name for each in candidates for name in each.ids}))
    left = _left(candidates, maker)
    products = tuple(map(product_of, sorted(left or ())))
    against = [of.diseases for of in products]
    said = [of.diseases for _, of in classes]
    if (left is not None and not left) or _shared([*against, *said]) is None:
        return Found(named=named, reason=Reason.PRODUCTS_CONTRADICT)
    differs = any(_differs(of.technique, product) for _, of in classes for product in products)
    reason = Reason.CLASS_DIFFERS if differs else None
    if len(products) > 1:
        reason = Reason.PRODUCT_SHARED
    elif not products:
        told = stated and all(candidates_of(coded) or class_of(coded) for coded in stated)
        reason = Reason.PRODUCT_NOT_NAMED if told else Reason.PRODUCT_UNKNOWN
    diseases = _shared(against or said) or ()
    return Found(products, named, _class_of(classes), diseases, reason, class_differs=differs)


def _left(candidates: list[Candidates], maker: Coded | None) -> frozenset[str] | None:
    """Give the products that are left when all codes hold; None when any could be.

    A maker chooses among products that codes name, and never names one alone. A code that any
    maker's vaccine may have names one together with the CDC's code of its maker.
    """
    theirs = made_by(maker) if maker else frozenset()
    left: frozenset[str] | None = None
    for found in candidates:
        products = frozenset(product_of(each).id for each in found.ids)
        if found.open:
            if maker is None or maker[0] != "mvx" or not products & theirs:
                continue
            products &= theirs
        left = products if left is None else left & products
    return left & theirs if left and theirs else left


def _shared(diseases: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Give the diseases that all have in common: none for none, None when they share none."""
    if not diseases:
        return ()
    first, *others = sorted(diseases, key=len)
    return tuple(each for each in first if all(each in other for other in others)) or None


def _class_of(classes: list[tuple[Coded, VaccineClass]]) -> str:
    """Give the class that was stated as rules know it, empty when they do not or it is unclear.

    One that says no technique is known to rules only where it is a code that the EU has.
    """
    techniques = {found.technique for _, found in classes if found.technique}
    if len(techniques) > 1:
        return ""
    stated = [*techniques] or [code for (_, code), _ in classes]
    return next((code for code in stated if code in EU_CLASSES), "")


def _differs(technique: str, product: Product) -> bool:
    return (
        bool(technique and product.technique)
        and technique != product.technique
        and (technique, product.id) not in MISFILED
        and (technique, product.technique) not in SAME_TECHNIQUE
    )
