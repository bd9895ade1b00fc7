from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.codecs import fhir
from verifier.errors import DocumentError
from verifier.reasons import Reason

PLACES = st.sampled_from(["resource", "fullUrl", "resourceType", "coding", "code", "name", "given"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLACES, inner, max_size=3),
)
DOSE = {"resourceType": "Immunization", "status": "completed"}


def entry(resource: object, place: object = "resource:0") -> dict[str, object]:
    return {"fullUrl": place, "resource": resource}


def test_entries_are_read_in_their_order() -> None:
    doubts: list[Reason] = []
    bundle = {"entry": [entry(DOSE, "resource:1"), entry(DOSE)]}
    assert fhir.entries_in(bundle, doubts) == [
        ("Immunization", "resource:1", DOSE),
        ("Immunization", "resource:0", DOSE),
    ]
    assert not doubts


@pytest.mark.parametrize(
    "bundle",
    [
        {"id": "1", "entry": [entry(DOSE)]},
        {"entry": [entry(DOSE, "urn:uuid:1")]},
        {"entry": [entry(DOSE | {"id": "1"})]},
        {"entry": [entry(DOSE | {"meta": {"profile": []}})]},
    ],
    ids=["bundle", "place", "resource", "meta"],
)
def test_what_the_profiles_leave_out_is_remarked_once(bundle: dict[str, object]) -> None:
    doubts: list[Reason] = []
    fhir.entries_in(bundle, doubts)
    assert doubts == [Reason.CONTENT_UNUSUAL]


def test_a_security_label_is_nothing_unusual() -> None:
    doubts: list[Reason] = []
    labelled = DOSE | {"meta": {"security": [{"code": "IAL2"}]}}
    assert fhir.entries_in({"entry": [entry(labelled)]}, doubts)
    assert not doubts


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1963", date(1963, 1, 1)),
        ("1963-05", date(1963, 5, 1)),
        ("1963-05-31", date(1963, 5, 31)),
        ("1963-02-29", None),
        ("1963-W05-1", None),
        ("0000", None),
        ("1963-13", None),
        ("", None),
    ],
)
def test_dates_may_be_partial(text: str, first: date | None) -> None:
    assert fhir.first_day(text) == first


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ({"family": "Specimen", "given": ["Ada", "Bea "]}, ("Specimen", "Ada Bea", False)),
        ({"family": "Specimen", "given": [" ", "Ada"]}, ("Specimen", "Ada", False)),
        ({"text": "Ada Specimen"}, ("", "Ada Specimen", True)),
    ],
)
def test_a_name_has_parts_or_is_one_text(name: object, parts: tuple[str, str, bool]) -> None:
    doubts: list[Reason] = []
    assert fhir.name_in({"name": [name]}, doubts) == parts
    assert not doubts


@given(VALUES)
def test_any_value_is_read_or_refused(value: object) -> None:
    resource = value if isinstance(value, dict) else {"name": value, "entry": value, "when": value}
    for read in (
        lambda: fhir.entries_in(resource, []),
        lambda: fhir.codes_in(value, []),
        lambda: fhir.name_in(resource, []),
        lambda: fhir.when(resource, "when", "given", []),
        lambda: fhir.identifier_in(value),
        lambda: fhir.performer_in(value),
    ):
        try:
            read()
        except DocumentError as error:
            assert error.__context__ is None
