"""A changed byte anywhere in what was signed is never taken for the issuer's word."""

from collections.abc import Iterator

import pytest
from support import cards, envelopes, passes
from support.cards import CardParts
from support.changes import flips, shifts
from support.envelopes import Parts
from support.passes import PassParts
from support.specimens import cases, store

from fixtures.cases import Case
from verifier import Outcome, Verifier

# Every bit of these; of the others every byte with one mask each, another one from byte to byte.
WHOLLY = {
    f"eu_dcc::{name}"
    for name in ("vaccination", "test", "recovery", "vaccination-ps256", "exemption", "exp-float")
} | {
    "who_icvp::generation-2", "who_icvp::generation-3", "who_icvp::lengths-left-open",
    "who_ddcc::vaccination", "who_ddcc::flat-2021",
    "smart_health_card::two-doses", "smart_health_card::test",
    "nz_covid_pass::vaccinated",
    "nz_covid_pass::kid-text",
}  # fmt: skip
BELIEVED = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}

VERIFIER = Verifier(trust=store())


# What takes documents of a family apart; test_changed_seals.py has the seals.
APART = {
    "eu_dcc": envelopes.parts_of,
    "who_ddcc": envelopes.parts_of,
    "who_icvp": envelopes.parts_of,
    "smart_health_card": cards.parts_of,
    "nz_covid_pass": passes.parts_of,
}
# test_changed_credentials.py has those of DIVOC.
GOOD = [
    case
    for case in cases()
    if case.outcome == Outcome.AUTHENTIC and case.id.partition("::")[0] in APART
]


def parts_of(case: Case, text: str | None = None) -> Parts | CardParts | PassParts:
    return APART[case.id.partition("::")[0]](case.text if text is None else text)


def believed(case: Case, parts: Parts | CardParts | PassParts) -> bool:
    return VERIFIER.verify(parts.text, at=case.instant).outcome in BELIEVED


def changed(
    parts: Parts | CardParts | PassParts, *, wholly: bool
) -> Iterator[Parts | CardParts | PassParts]:
    for name in ("protected", "payload"):
        data = getattr(parts, name)
        for other in flips(data, wholly=wholly):
            yield parts._replace(**{name: other})
        if wholly:
            for other in shifts(data):
                yield parts._replace(**{name: other})


def test_there_are_good_specimens_of_every_kind_and_both_algorithms() -> None:
    assert len(GOOD) > 50
    assert {case.id for case in GOOD} >= WHOLLY


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_taking_apart_and_putting_together_changes_nothing(case: Case) -> None:
    parts = parts_of(case)
    assert parts_of(case, parts.text) == parts
    assert believed(case, parts)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_no_changed_byte_of_what_was_signed_is_believed(case: Case) -> None:
    parts = parts_of(case)
    for other in changed(parts, wholly=case.id in WHOLLY):
        if other.signed != parts.signed:
            assert not believed(case, other)


@pytest.mark.parametrize(
    "case", [case for case in GOOD if case.id in WHOLLY], ids=lambda case: case.id
)
def test_no_changed_bit_of_a_signature_is_believed(case: Case) -> None:
    parts = parts_of(case)
    for other in flips(parts.signature, wholly=True):
        assert not believed(case, parts._replace(signature=other))
    for other in shifts(parts.signature):
        assert not believed(case, parts._replace(signature=other))


def test_signatures_of_one_document_are_not_believed_on_another() -> None:
    whole = [(case, parts_of(case)) for case in GOOD if case.id in WHOLLY]
    for case, parts in whole:
        for _, other in whole:
            if other is not parts:
                assert not believed(case, parts._replace(signature=other.signature))
                assert not believed(case, parts._replace(payload=other.payload))
