"""WHO's DDCC as it is read once its signature holds: two kinds, three shapes, single changes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.cbor import Raw, Tag, encode
from fixtures.eu_dcc.issue import ABSENT
from fixtures.who import claims
from fixtures.who_ddcc import content as says
from verifier.claims import Claims, Kind, Test, Vaccination
from verifier.errors import DocumentError
from verifier.formats import who_ddcc
from verifier.limits import LAST_SECOND
from verifier.reasons import Reason

UNDEFINED = Raw(b"\xf7")


def read_payload(said: object) -> Claims:
    return who_ddcc.FORMAT.read_claims("HC1", encode(said))


def read(content: object, key: int = 3, **parts: object) -> Claims:
    return read_payload(claims(key, content, **parts))


def dose(**changes: object) -> Claims:
    return read(says.core(vaccination=says.dose(**changes)))


def sample(**changes: object) -> Claims:
    return read(says.core(test=says.sample(**changes)), 4)


def refused(said: object) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read_payload(said)
    assert caught.value.__context__ is None
    return caught.value.reason


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def test_the_container_is_recognised_by_the_family_that_most_texts_belong_to() -> None:
    assert who_ddcc.FORMAT.recognise("HC1:ABC") is None
    assert who_ddcc.FORMAT.containers == {"HC1": "who-ddcc"}


def test_a_vaccination_is_read_whole() -> None:
    told = read(says.core(vaccination=says.dose()), issuer="KEN", issued=5, expires=9, not_before=7)
    assert (told.format, told.scheme, told.country) == ("who-ddcc", "who-ddcc", "KE")
    assert (told.own_terms().participant, told.own_terms().dated, told.kind) == (
        "KEN",
        False,
        Kind.VACCINATION,
    )
    assert (told.issued, told.expires, told.own_terms().starts) == (5, 9, 7)
    assert told.identifier == "SPECIMEN-HCID-1"
    assert told.own_terms().days == ("2026-11-02", "2027-11-02")
    assert told.holder is not None
    assert told.holder.name() == "Musterfrau-Specimen Vera"
    assert told.holder.undivided
    assert told.holder.birth_date.text == "1980-05-17"
    (event,) = told.events
    assert isinstance(event, Vaccination)
    assert event.vaccine == ("icd11", "XM0GQ8")
    assert event.product == ("icd11", "XM8NQ0")
    assert event.manufacturer == ("other", "M1")
    assert event.disease == ("icd11", "RA01")
    assert dict(event.facts()) == {
        "disease": "RA01",
        "vaccine": "XM0GQ8",
        "product": "XM8NQ0",
        "manufacturer": "M1",
        "date": "2026-10-20",
        "dose": "2",
        "doses": "2",
        "country": "XS",
        "centre": "Specimen centre",
        "lot": "SPECIMEN-0004",
        "valid_from": "2026-11-03",
    }


def test_a_test_is_read_whole() -> None:
    told = sample(brand=says.coding("https://specimen.example", "D1"))
    (event,) = told.events
    assert isinstance(event, Test)
    assert told.kind is Kind.TEST
    assert event.sampled == instant(2026, 11, 30, 8)
    assert (event.disease, event.method) == (("icd11", "XN109"), ("loinc", "LP6464-4"))
    assert (event.result, event.device) == (("snomed", "260415000"), ("other", "D1"))
    assert (event.date.text, event.country, event.centre) == ("2026-11-30", "XS", "Specimen centre")


@pytest.mark.parametrize("result", [ABSENT, None, UNDEFINED, "", {}])
def test_a_result_that_is_not_stated_is_none_and_never_negative(result: object) -> None:
    told = sample(result=result)
    assert told.doubts == ()
    event = told.events[0]
    assert isinstance(event, Test)
    assert event.result is None


def test_a_sample_of_a_day_has_no_instant() -> None:
    event = sample(date="2026-11-30").events[0]
    assert isinstance(event, Test)
    assert (event.date.text, event.sampled) == ("2026-11-30", None)


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, "", {}])
@pytest.mark.parametrize("member", ["vaccine", "brand", "manufacturer", "lot", "country"])
def test_what_a_dose_has_to_state(member: str, value: object) -> None:
    if member == "lot" and value == {}:
        value = " "
    told = dose(**{member: value})
    assert list(told.doubts) == [Reason.FIELD_MISSING]
    assert (told.kind, told.holder) == (Kind.VACCINATION, None)


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, "", {}])
@pytest.mark.parametrize("member", ["pathogen", "type", "country"])
def test_what_a_test_has_to_state(member: str, value: object) -> None:
    assert list(sample(**{member: value}).doubts) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED, ""])
def test_neither_goes_without_a_date(value: object) -> None:
    assert list(dose(date=value).doubts) == [Reason.FIELD_MISSING]
    assert list(sample(date=value).doubts) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize("value", [ABSENT, None, UNDEFINED])
@pytest.mark.parametrize("member", ["validFrom", "totalDoses", "centre", "disease"])
def test_what_a_dose_may_leave_out(member: str, value: object) -> None:
    assert dose(**{member: value}).doubts == ()


@pytest.mark.parametrize(
    ("number", "count"),
    [
        (1, "1"),
        (3.0, "3"),
        (999, "999"),
        (0, None),
        (-1, None),
        (1_000, None),
        (1.5, None),
        (float("nan"), None),
        (True, None),
        ("2", None),
        ([2], None),
        (2**64 - 1, None),
    ],
)
def test_doses_are_counted_from_one(number: object, count: str | None) -> None:
    for member, fact in (("dose", "dose"), ("totalDoses", "doses")):
        told = dose(**{member: number})
        if count is None:
            assert list(told.doubts) == [Reason.FIELD_MALFORMED]
        else:
            assert dict(told.events[0].facts())[fact] == count


def test_the_older_name_of_the_total_counts_where_the_newer_is_absent() -> None:
    assert dict(dose(totalDoses=ABSENT, total_doses=3).events[0].facts())["doses"] == "3"
    assert dict(dose(totalDoses=2, total_doses=3).events[0].facts())["doses"] == "2"


@pytest.mark.parametrize(
    ("country", "read_as"),
    [
        (says.coding("urn:iso:std:iso:3166", "SGP"), "SG"),
        (says.coding("urn:iso:std:iso:3166-1-3", "SGP"), "SG"),
        ("SG", "SG"),
        ("Nowhere", "Nowhere"),
    ],
)
def test_countries_come_in_two_and_three_letters(country: object, read_as: str) -> None:
    assert dict(dose(country=country).events[0].facts())["country"] == read_as


@pytest.mark.parametrize(
    ("period", "starts", "ends", "days"),
    [
        ({}, 0, LAST_SECOND, ("", "")),
        ({"start": "2026-11-02"}, 0, LAST_SECOND, ("2026-11-02", "")),
        (
            {"start": "2026-11-02T08:00:00Z", "end": "2026-12-02"},
            instant(2026, 11, 2, 8),
            LAST_SECOND,
            ("", "2026-12-02"),
        ),
        ({"end": "2026-12-02T08:00:00+01:00"}, 0, instant(2026, 12, 2, 7), ("", "")),
        ({"start": None, "end": UNDEFINED}, 0, LAST_SECOND, ("", "")),
    ],
)
def test_the_period_is_said_in_days_or_instants(
    period: object, starts: int, ends: int, days: tuple[str, str]
) -> None:
    said = says.core(vaccination=says.dose(), certificate=says.certificate(period=period))
    told = read(said)
    assert (told.own_terms().starts, told.own_terms().ends, told.own_terms().days) == (
        starts,
        ends,
        days,
    )
    assert told.doubts == ()


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("text", Reason.FIELD_MALFORMED),
        ({}, Reason.FIELD_MISSING),
        (says.certificate(hcid=""), Reason.FIELD_MISSING),
        (says.certificate(issuer={}), Reason.FIELD_MISSING),
        (says.certificate(version=None), Reason.FIELD_MISSING),
        (says.certificate(version=1), Reason.FIELD_MALFORMED),
        (says.certificate(period="2026"), Reason.FIELD_MALFORMED),
        (says.certificate(period={"end": "soon"}), Reason.FIELD_MALFORMED),
    ],
)
def test_what_is_said_of_the_certificate_is_complete(certificate: object, reason: Reason) -> None:
    told = read(says.core(vaccination=says.dose(), certificate=certificate))
    assert list(told.doubts) == [reason]


@pytest.mark.parametrize("certificate", [ABSENT, None, says.certificate(period=ABSENT)])
def test_nothing_has_to_be_said_of_it(certificate: object) -> None:
    told = read(says.core(vaccination=says.dose(), certificate=certificate))
    assert (told.doubts, told.own_terms().days) == ((), None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ([], Reason.NOT_ONE_ENTRY),
        ("text", Reason.FIELD_MALFORMED),
        ({}, Reason.FIELD_MISSING),
        (says.core(vaccination=says.dose(), name=" "), Reason.FIELD_MISSING),
        (says.core(vaccination=says.dose(), name=5), Reason.FIELD_MALFORMED),
        (says.core(vaccination=says.dose(), birthDate="soon"), Reason.FIELD_MALFORMED),
        (says.core(vaccination=says.dose(), birthDate="2027"), Reason.BORN_AFTER_ISSUE),
        (says.core(vaccination="text"), Reason.FIELD_MALFORMED),
        (says.core(test=says.sample()), Reason.FIELD_MISSING),
    ],
)
def test_the_core_data_set_is_a_map_with_a_name_and_one_event(
    content: object, reason: Reason
) -> None:
    assert list(read(content).doubts) == [reason]


@pytest.mark.parametrize("born", [ABSENT, None, "", "1980", "1980-05"])
def test_a_birth_date_may_be_partial_or_absent(born: object) -> None:
    told = read(says.core(vaccination=says.dose(), birthDate=born))
    assert told.doubts == ()
    assert told.holder is not None
    assert told.holder.birth_date.text == (born if isinstance(born, str) else "")


def test_the_flat_shape_of_2021_is_read() -> None:
    told = read_payload(says.of_2021())
    assert list(told.doubts) == [Reason.OLDER_FORM]
    assert (told.country, told.own_terms().participant, told.issued, told.expires) == (
        "",
        "",
        None,
        None,
    )
    assert (told.identifier, told.own_terms().days) == (
        "SPECIMEN-HCID-2",
        ("2026-11-02", "2027-11-02"),
    )
    assert dict(told.events[0].facts()) == {
        "disease": "840539006",
        "vaccine": "1119349007",
        "product": "B1",
        "manufacturer": "M1",
        "date": "2026-10-20",
        "dose": "1",
        "doses": "2",
        "country": "XS",
        "centre": "Specimen centre",
        "lot": "SPECIMEN-0005",
        "valid_from": "2026-11-03",
    }


def test_undefined_days_of_the_flat_shape_are_missing_and_no_surprise() -> None:
    told = read_payload(says.of_2021(date=UNDEFINED, total_doses=UNDEFINED))
    assert list(told.doubts) == [Reason.FIELD_MISSING, Reason.OLDER_FORM]
    assert read_payload(says.of_2021(total_doses=UNDEFINED)).doubts == (Reason.OLDER_FORM,)


def test_the_flat_shape_may_say_nothing_of_the_certificate() -> None:
    bare = says.of_2021(hcid=ABSENT, pha=ABSENT, valid_from=ABSENT, valid_until=ABSENT)
    told = read_payload(bare)
    assert (told.doubts, told.own_terms().days) == ((Reason.OLDER_FORM,), None)


def test_the_core_data_set_among_the_claims_is_read() -> None:
    for content, kind in (
        (says.core(test=says.sample(), meta={"passportNumber": "X"}), Kind.TEST),
        (says.core(vaccination=says.dose()), Kind.VACCINATION),
    ):
        told = read_payload(content)
        assert (told.kind, list(told.doubts)) == (kind, [Reason.OLDER_FORM])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, Reason.NO_CERTIFICATE_INSIDE),
        ({1: "XS", 6: 5}, Reason.NO_CERTIFICATE_INSIDE),
        ({"name": "Specimen"}, Reason.NO_CERTIFICATE_INSIDE),
        (says.of_2021(name=ABSENT), Reason.NO_CERTIFICATE_INSIDE),
        ({**says.of_2021(), "test": says.sample()}, Reason.SEVERAL_CERTIFICATES),
        (claims(1, {}), Reason.OTHER_CERTIFICATE_INSIDE),
        (claims(-6, {}), Reason.OTHER_CERTIFICATE_INSIDE),
        ({"name": "x", "vaccine": {}, -260: "text"}, Reason.CLAIMS_MALFORMED),
    ],
)
def test_what_is_none_of_these_shapes_is_left_to_others(said: object, reason: Reason) -> None:
    assert refused(said) is reason


def test_the_claim_goes_before_members_among_the_claims() -> None:
    told = read_payload({**says.of_2021(), **claims(4, says.core(test=says.sample()))})
    assert (told.kind, told.doubts) == (Kind.TEST, ())


@pytest.mark.parametrize(
    "date", [Tag(0, "2026-10-20T00:00:00Z"), Tag(1004, "2026-10-20"), Tag(100, 20_746)]
)
def test_dates_come_behind_tags_too(date: object) -> None:
    assert dict(dose(date=date).events[0].facts())["date"] == "2026-10-20"


ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=12)
    | st.sampled_from(("2026-10-20", "1980-05", "XM0GQ8", "SGP")),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(("code", "system", "value", "start", "end", "hcid")), inner),
    max_leaves=5,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(tuple(says.of_2021())), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from((*says.dose(), *says.sample())), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from(tuple(says.core())), ANYTHING, max_size=2),
)
def test_no_content_raises_anything_but_a_document_error(
    flat: dict[object, Any], inner: dict[object, Any], outer: dict[object, Any]
) -> None:
    for said in (
        says.of_2021(**flat),  # type: ignore[arg-type]
        claims(3, {**says.core(vaccination={**says.dose(), **inner}), **outer}),
        claims(4, {**says.core(test={**says.sample(), **inner}), **outer}),
    ):
        try:
            told = read_payload(said)
        except DocumentError as error:
            assert error.__context__ is None
        else:
            assert told.kind is not None
            assert all(event.facts() for event in told.events)
            assert told.holder is None or told.holder.name() != ""
