"""From the text of a code to what rules say: the cases of Germany's app, all of them.

The signatures are by keys that were never published, so nothing is said about these here: what is
tested is what rules see of a certificate and beside it.
"""

import base64
import json
from collections import Counter
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Any

import pytest
from support.conformance import conformance
from support.protobuf import fields

from verifier.claims import Claims, Kind
from verifier.countries import alpha_2
from verifier.envelope import Envelope
from verifier.rules.asking import Asking, Subject
from verifier.rules.certlogic import Truth
from verifier.rules.payload import contexts_of
from verifier.rules.rule import read_rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.valuesets import ValueSet, ValueSets
from verifier.scan import read_scan

# Field by field, as the file of the values has them.
SETS = (
    "sct-vaccines-covid-19",
    "vaccines-covid-19-names",
    "vaccines-covid-19-auth-holders",
    "disease-agent-targeted",
    "covid-19-lab-test-type",
    "covid-19-lab-test-manufacturer-and-name",
    "covid-19-lab-result",
)
# Participants of the WHO's network that are no countries. Others of them, and Kosovo, begin with X.
NO_COUNTRIES = {"IOM", "WHO"}


@cache
def suite() -> dict[str, Any]:
    path = conformance("rules", "end-to-end", "dcc-validation-rules-common-test-cases.json")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@cache
def countries() -> tuple[str, ...]:
    codes = map("".join, product(ascii_uppercase, repeat=3))
    found = {alpha_2(code) for code in codes if code[0] != "X" and code not in NO_COUNTRIES}
    return tuple(sorted(found - {""}))


@cache
def value_sets() -> ValueSets:
    message = base64.b64decode(suite()["general"]["valueSetProtocolBuffer"])
    sets = [ValueSet("country-2-codes", "", countries(), {})]
    for number, content in fields(message):
        items = (dict(fields(item)) for field, item in fields(content) if field == 1)
        codes = tuple(item[1].decode() for item in items)
        sets.append(ValueSet(SETS[number - 1], "", codes, {}))
    return ValueSets(tuple(sets))


def opened(scan: str) -> tuple[Envelope, Claims]:
    """Read a code as the pipeline does, but for its signature."""
    text = read_scan(scan)
    envelope = text.format.open(text.text, text.container)
    return envelope, text.format.read_claims(envelope.container, envelope.payload)


def said(case: dict[str, Any]) -> Counter[Truth]:
    envelope, claims = opened(case["dcc"])
    presented = contexts_of(claims)
    subject = Subject(
        presented.worlds,
        claims.kind or Kind.VACCINATION,
        issuer=claims.country,
        kid=envelope.kid,
        issued=claims.issued,
        expires=claims.expires,
        of_dcc=claims.format == "eu-dcc",
    )
    rules = tuple(map(read_rule, case["rules"]))
    asking = Asking(RuleSet(case["countryOfArrival"], rules, value_sets()))
    answers = asking.all(subject, case["validationClock"])
    assert not answers.selection.open
    assert len(answers.truths) == len(rules), "every rule speaks of the certificate"
    return Counter(truth for _, truth in answers.truths)


def test_all_cases_are_seen_and_the_list_of_countries_is_iso_s() -> None:
    assert len(suite()["testCases"]) == 14
    assert len(countries()) == 249
    assert {each.identifier for each in value_sets().sets} == {"country-2-codes", *SETS}
    assert all(each.codes for each in value_sets().sets)


@pytest.mark.parametrize("number", range(14))
def test_a_code_gives_what_its_case_expects(number: int) -> None:
    case = suite()["testCases"][number]
    expected = {
        Truth.PASSED: case["expPass"], Truth.FAILED: case["expFail"], Truth.OPEN: case["expOpen"],
    }  # fmt: skip
    assert said(case) == Counter(expected), case["description"]
