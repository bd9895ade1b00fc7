"""How many doses a series has: what a country's table says, and what it never touches."""

import csv
import json
from typing import Any

import pytest
from support.conformance import conformance
from support.rules import doses

from trustlists.rules.importing import PRIMARY_DOSES
from verifier.errors import RuleSetInvalid
from verifier.rules.products import PRODUCTS
from verifier.rules.series_table import SeriesTable, read_series_table
from verifier.rules.unknown import UNKNOWN

COVID_19 = "840539006"
TABLE = read_series_table(doses())


def entry(**members: Any) -> dict[str, Any]:
    said = {"tg": COVID_19, "mp": "EU/1/20/1528", "dn": 1, "sd": UNKNOWN}
    return {"v": [said | members]}


def filled(**members: Any) -> object:
    (world,) = TABLE.fill([entry(**members)])
    return world["v"][0]["sd"]


def test_what_is_not_stated_is_filled_in_by_product() -> None:
    assert filled() == 2
    assert filled(mp="EU/1/20/1525") == 1


def test_a_booster_stays_one() -> None:
    (world,) = TABLE.fill([entry(dn=3)])
    assert (world["v"][0]["dn"], world["v"][0]["sd"]) == (3, 2)


@pytest.mark.parametrize("stated", [1, 2, 7, None])
def test_what_a_certificate_states_stays(stated: object) -> None:
    assert filled(sd=stated) is stated


@pytest.mark.parametrize(
    "members",
    [{"mp": "Covaxin"}, {"mp": UNKNOWN}, {"dn": UNKNOWN}, {"tg": "398102009"}, {"tg": UNKNOWN}],
)
def test_what_the_table_cannot_know_stays_unknown(members: dict[str, object]) -> None:
    assert filled(**members) is UNKNOWN


@pytest.mark.parametrize("world", [{"t": [{"tg": COVID_19}]}, {"v": None}, {"v": [{}]}])
def test_other_payloads_stay_as_they_are(world: dict[str, object]) -> None:
    assert TABLE.fill([world]) == (world,)


def test_the_given_payloads_are_not_written_to() -> None:
    world = entry()
    assert TABLE.fill([world, world])[1]["v"][0]["sd"] == 2
    assert world == entry()


def test_whose_a_table_is() -> None:
    counted = {"EU/1/20/1528": 2, "EU/1/20/1525": 1}
    whole = SeriesTable("FR", "Specimen of a notice", "2026-10-01", counted)
    assert read_series_table(doses()) == whole
    assert read_series_table(doses(country="deu")).country == "DE"
    assert read_series_table(doses(country=None), "NL").country == "NL"
    assert read_series_table(doses(), "NL").country == "FR"
    assert read_series_table(doses(country=None)).country == ""


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("schema", "pratique.doses/2"), ("country", 7), ("country", "Utopia"), ("source", None),
        ("source", ""), ("as_of", None), ("as_of", "2026-02-30"), ("as_of", "20261001"),
        ("products", None), ("products", []), ("products", ["EU/1/20/1528"]),
        ("product", [{"product": "", "doses": 2}]), ("product", [{"doses": 2}]),
        ("doses", [{"product": "a", "doses": 0}]), ("doses", [{"product": "a", "doses": 10}]),
        ("doses", [{"product": "a", "doses": True}]), ("doses", [{"product": "a", "doses": "2"}]),
        ("doses", [{"product": "a"}]),
        ("products", [{"product": "a", "doses": 2}, {"product": "a", "doses": 3}]),
    ],
)  # fmt: skip
def test_a_table_that_is_broken_names_the_member(member: str, value: object) -> None:
    name = "products" if member in {"product", "doses"} else member
    with pytest.raises(RuleSetInvalid, match=f"^{member} of the table of doses"):
        read_series_table(doses(**{name: value}))


def test_the_table_that_comes_with_the_program_is_nobody_s() -> None:
    bundled = json.loads(PRIMARY_DOSES.read_text())
    table = read_series_table(bundled)
    assert table.country == ""
    assert all(each["source"] and each["name"] for each in bundled["products"])
    names = {product.mp: product for product in PRODUCTS.values() if product.listed}
    assert table.doses.keys() <= names.keys()
    for each in bundled["products"]:
        assert names[each["product"]].name.startswith(each["name"])


def test_it_has_what_a_source_says_of_each_product_that_who_lists() -> None:
    text = conformance("codes", "vaccines.csv").read_text()
    said = {
        PRODUCTS[row["id"]].mp: int(row["primary_doses"])
        for row in csv.DictReader(text.splitlines())
        if row["level"] == "product"
        and row["disease"] == "covid-19"
        and (row["who_eul"] == "listed" or row["who_pq"])
        and row["primary_doses"]
        and "primary_doses" not in row["unverified"].split("|")
    }
    # One dose of it is a booster after other vaccines: nobody has said what a series of it is.
    assert said.pop(PRODUCTS["cov-bimervax"].mp) == 1
    assert read_series_table(json.loads(PRIMARY_DOSES.read_text())).doses == said
