"""What an authority brings itself: international rules of the day, and its own count of doses."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.entry_rules import AT, codes, rule_set, specimen
from support.entry_rules import rule as country_rule
from support.rules import anchor, cms, doses, encoded, regulation, take, upload
from support.specimens import FIXTURES, store_path
from support.vaccinated import as_card, as_dcc, as_divoc, as_seal, immunisation

from trustlists import TrustStore
from verifier import Outcome, Verdict, Verifier
from verifier.reasons import Reason
from verifier.rules import bundled
from verifier.rules.products import PRODUCTS
from verifier.rules.regulation import read_regulation
from verifier.rules.report import Asked
from verifier.rules.ruleset import RuleSet
from verifier.rules.series_table import read_series_table

SCHEMA = json.loads((FIXTURES.parent / "verifier" / "verdict.schema.json").read_text())
COMIRNATY = PRODUCTS["cov-comirnaty"]
COMPLETE = country_rule(
    "VR-FR-0001", {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}
)
FRENCH = rule_set(COMPLETE)
ADOPTED = FRENCH._replace(series=read_series_table(doses()), series_from=FRENCH.provenance[0])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "trust.sqlite"
    shutil.copy(store_path(), path)
    return path


def put(place: Path, document: object, called: str = "polio.json", **options: Any) -> None:
    source = place.parent / called
    source.write_bytes(document if isinstance(document, bytes) else encoded(document))
    take(place, source, **options)


def verify(place: Path, scan: str, rules: str = "GH") -> Verdict:
    with TrustStore.open(place) as trust:
        return Verifier(trust=trust, rules=rules).verify(scan, at=AT)


def judged(scan: str, rules: RuleSet) -> Verdict:
    with TrustStore.open(store_path()) as trust:
        return Verifier(trust=trust, rules=rules).verify(scan, at=AT)


def asked(verdict: Verdict) -> Sequence[Asked]:
    assert verdict.rules is not None
    return verdict.rules.asked


# International rules


def test_a_recommendation_of_the_day_takes_the_place_of_the_lapsed_one(place: Path) -> None:
    scan = specimen("who_icvp/poliomyelitis")
    assert codes(verify(place, scan)) == ["RUL-005", "RUL-006"]
    put(place, regulation())
    verdict = verify(place, scan)
    assert verdict.outcome is Outcome.MEETS_RULES
    [each] = asked(verdict)
    assert each == Asked(
        "IHR",
        "poliomyelitis",
        "regulation-ihr-poliomyelitis: Specimen of a statement",
        "2026-10-01",
        authenticated=False,
        complete=True,
    )


def test_it_is_vouched_for_where_its_authority_signed_it(place: Path) -> None:
    anchors = [anchor(place.parent, upload("FR"))]
    put(place, cms(encoded(regulation())), "polio.cms", anchors=anchors)
    verdict = verify(place, specimen("who_icvp/poliomyelitis"))
    assert verdict.outcome is Outcome.MEETS_RULES
    assert asked(verdict)[0].authenticated


def test_it_lapses_again_and_then_somebody_has_to_bring_the_next(place: Path) -> None:
    over = {**regulation()["rules"][0], "ValidTo": "2026-11-20T00:00:00Z"}
    put(place, regulation(rules=[over]))
    verdict = verify(place, specimen("who_icvp/poliomyelitis"))
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict)[-1] == "RUL-006"


def test_other_diseases_keep_what_is_bundled(place: Path) -> None:
    put(place, regulation())
    verdict = verify(place, specimen("who_icvp/generation-3"))
    assert verdict.outcome is Outcome.MEETS_RULES
    assert asked(verdict)[0].authenticated
    assert asked(verdict)[0].source.startswith("International Health Regulations")


def test_another_authority_stands_beside_what_is_bundled(place: Path) -> None:
    from_there = {**regulation()["rules"][0], "Logic": {"===": [1, 2]}}
    put(place, regulation(authority="Specimen authority", rules=[from_there]))
    put(place, regulation())
    verdict = verify(place, specimen("who_icvp/poliomyelitis"))
    assert [each.authority for each in asked(verdict)] == ["IHR", "Specimen authority"]
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES


def test_a_program_that_ships_a_newer_one_uses_that(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, regulation())
    newer = read_regulation(regulation(as_of="2026-10-02", source="Specimen of the next"))
    monkeypatch.setattr(bundled, "regulations", lambda: (newer,))
    verdict = verify(place, specimen("who_icvp/poliomyelitis"))
    assert [each.source for each in asked(verdict)] == ["Specimen of the next"]


# The count of doses


def two_doses(product: str, before: str | None = None) -> str:
    return as_card(
        immunisation([("cvx", before or product)], occurrenceDateTime="2026-09-15"),
        immunisation([("cvx", product)]),
    )


@pytest.mark.parametrize("scan", [two_doses("208"), as_seal("Pfizer Comirnaty")])
def test_of_how_many_doses_it_is_the_country_says(scan: str) -> None:
    without = judged(scan, FRENCH)
    assert without.outcome is Outcome.REFER
    assert codes(without) == [Reason.DOSES_NOT_COUNTED.value, Reason.RULES_OPEN.value]
    assert asked(without)[0].doses_from is None
    verdict = judged(scan, ADOPTED)
    assert verdict.outcome is Outcome.MEETS_RULES
    assert asked(verdict)[0].doses_from == "rules of FR: Specimen of a notice (2026-10-01)"
    jsonschema.validate(verdict.to_json(), SCHEMA)
    assert asked(verdict)[0].authenticated


def test_one_dose_of_two_is_told_as_such() -> None:
    verdict = judged(as_card(immunisation([("cvx", "208")])), ADOPTED)
    assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES


@pytest.mark.parametrize("scan", [as_dcc(COMIRNATY, dn=1, sd=1), as_divoc("pfizer", totalDoses=2)])
def test_what_is_stated_needs_no_table(scan: str) -> None:
    verdict = judged(scan, ADOPTED)
    assert verdict.outcome is Outcome.MEETS_RULES
    assert asked(verdict)[0].doses_from is None


def test_doses_of_several_products_have_no_number_that_a_table_could_know() -> None:
    verdict = judged(two_doses("208", before="212"), ADOPTED)
    assert verdict.outcome is Outcome.REFER
    assert codes(verdict) == [Reason.DOSES_NOT_COUNTED.value, Reason.RULES_OPEN.value]
    assert asked(verdict)[0].doses_from is None


def test_a_product_that_the_table_lacks_leaves_it_open() -> None:
    verdict = judged(two_doses("510"), ADOPTED)
    assert codes(verdict) == [Reason.DOSES_NOT_COUNTED.value, Reason.RULES_OPEN.value]


def test_what_is_open_for_another_reason_does_not_blame_the_doses() -> None:
    from_there = country_rule("VR-FR-0002", {"===": [{"var": "payload.v.0.ci"}, "x"]})
    rules = rule_set(COMPLETE, from_there)._replace(series=ADOPTED.series)
    verdict = judged(two_doses("208"), rules)
    assert codes(verdict) == [Reason.RULES_OPEN.value]
    # A program that brings a table without a list does not say who vouches for it.
    assert asked(verdict)[0].doses_from == "Specimen of a notice (2026-10-01)"
    assert not asked(verdict)[0].authenticated
