import pytest
from cbor2 import CBORTag, undefined
from hypothesis import given
from hypothesis import strategies as st
from support.vaccinated import read

from fixtures.cbor import Tag
from fixtures.eu_dcc import content as says
from fixtures.eu_dcc.issue import certificate
from fixtures.world import exempting, listed
from verifier.reasons import Reason
from verifier.rules.dcc_form import normalised
from verifier.rules.payload import Presented, contexts_of


def _presented(group: str, entry: object, **parts: object) -> Presented:
    scan = certificate(says.content(group, entry, **parts), listed()["all-uses"])
    return contexts_of(read(scan))


def test_a_certificate_of_the_eu_is_seen_as_it_was_signed() -> None:
    entry = says.vaccination(920)
    presented = _presented("v", entry)
    assert presented.certificate_type == "Vaccination"
    assert presented.diseases == ("covid-19",)
    assert presented.products == ("cov-comirnaty",)
    assert presented.worlds == (
        {"ver": "1.3.0", "nam": says.VERA, "dob": "1980-05-17", "v": [entry]},
    )
    assert presented.reasons == ()


def test_liberties_of_issuers_change_nothing() -> None:
    entry = says.vaccination(921, dn=2.0, sd=2.0, mp=" EU/1/20/1528 ", co=None)
    (world,) = _presented("v", entry, t=None, r=None).worlds
    expected = says.vaccination(921)
    del expected["co"]
    assert world == {"ver": "1.3.0", "nam": says.VERA, "dob": "1980-05-17", "v": [expected]}
    assert type(world["v"][0]["dn"]) is int  # type: ignore[index]


def test_a_time_behind_a_tag_is_its_text() -> None:
    entry = says.negative_test(922, sc=Tag(0, "2026-11-02T08:00:00Z"))
    presented = _presented("t", entry)
    assert presented.certificate_type == "Test"
    assert presented.worlds[0]["t"] == [says.negative_test(922)]


def test_a_recovery_is_that_of_its_issuer() -> None:
    presented = _presented("r", says.recovery(923))
    assert presented.certificate_type == "Recovery"
    assert presented.diseases == ("covid-19",)
    assert presented.worlds[0]["r"] == [says.recovery(923)]


def test_what_a_certificate_does_not_say_is_not_there() -> None:
    entry = says.without(says.vaccination(924, mp=None, sd=None))
    (world,) = _presented("v", entry).worlds
    assert not {"mp", "sd"} & set(world["v"][0])  # type: ignore[index]


def test_a_holder_of_another_product_is_told_and_changes_nothing() -> None:
    entry = says.vaccination(925, ma="ORG-100031184")
    presented = _presented("v", entry)
    assert presented.reasons == (Reason.PRODUCTS_CONTRADICT,)
    assert presented.worlds[0]["v"] == [entry]
    # A text in place of a code is as it is; which product is meant is known all the same.
    named = _presented("v", says.vaccination(926, mp="Pfizer"))
    assert named.products == ("cov-comirnaty",)
    assert named.worlds[0]["v"][0]["mp"] == "Pfizer"  # type: ignore[index]
    assert _presented("v", says.vaccination(927, mp="Specimen")).reasons == ()


def test_a_certificate_with_a_fault_in_its_content_is_not_evaluated() -> None:
    presented = _presented("v", says.vaccination(928), name={})
    assert presented.worlds == ()
    assert presented.reasons == (Reason.NOTHING_FOR_RULES,)


def test_an_exemption_goes_to_a_person() -> None:
    said = says.content("ve", says.exemption(929), version="AT-1.0.0")
    scan = certificate(said, next(iter(exempting().values())), prefix="AT1:")
    presented = contexts_of(read(scan))
    assert (presented.certificate_type, presented.worlds) == ("", ())
    assert presented.reasons == (Reason.EXEMPTION_BY_PAPER,)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (" a ", "a"),
        (True, True),
        (2.0, 2),
        (2.5, 2.5),
        (float("inf"), float("inf")),
        ([1.0, None, " b "], [1, None, "b"]),
        ({"c": None, "d": " e ", 5: "f"}, {"d": "e"}),
        (CBORTag(0, " 2026-11-02T08:00:00Z "), "2026-11-02T08:00:00Z"),
    ],
)
def test_values_are_taken_as_they_were_meant(value: object, plain: object) -> None:
    found = normalised({"x": value})
    assert found == {"x": plain}
    assert type(found["x"]) is type(plain)


@pytest.mark.parametrize("value", [None, undefined, b"x", CBORTag(1, 5), object()])
def test_what_is_no_value_of_json_is_left_out(value: object) -> None:
    assert normalised({"x": value}) == {}


@given(
    st.dictionaries(
        st.text() | st.integers(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
            max_leaves=10,
        ),
    )
)
def test_any_content_is_normalised_and_then_stays_as_it_is(content: dict[object, object]) -> None:
    once = normalised(content)
    assert repr(normalised(dict(once))) == repr(once)
