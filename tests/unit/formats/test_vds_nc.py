"""The health seal as it is recognised, opened, and read once its signature holds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.vds_nc.authorities import good_signers
from fixtures.vds_nc.issue import (
    PERSON,
    Members,
    canonical,
    data,
    dose,
    issue,
    negative_test,
    seal,
    text,
    vaccination,
    vaccine,
    without,
)
from verifier import formats, scan
from verifier.algorithms import ES256, ES384
from verifier.claims import Claims, Kind, Test, Vaccination
from verifier.codecs.x509 import read_certificate
from verifier.errors import DocumentError
from verifier.formats.vds_nc import FORMAT
from verifier.limits import SEAL_CHARACTERS
from verifier.reasons import Reason

DAY = 86_400
MIDNIGHT = 1_792_454_400  # 2026-10-20T00:00:00Z


def read(message: Any, kind: str = "icao.vacc", **header: Any) -> Claims:
    return FORMAT.read_claims("VDS-NC", canonical(data(message, kind, **header)))


def doubts(message: Any, kind: str = "icao.vacc", **header: Any) -> list[Reason]:
    try:
        return list(read(message, kind, **header).doubts)
    except DocumentError as error:
        assert error.__context__ is None
        return [error.reason]


def person(**changes: Any) -> Members:
    return vaccination(pid={**PERSON, **changes})


def jab(**changes: Any) -> Members:
    return vaccination(ve=[vaccine(dose(**{"number": 1, "day": "2026-10-20", **changes}))])


# Recognising.
@pytest.mark.parametrize(
    "scanned",
    [
        issue(vaccination()),
        json.dumps(seal(data(vaccination())), indent=2),
        f"\n  {issue(vaccination())}",
        '{"data":{"hdr":{"t" \t:\r\n "icao.other"',
    ],
)
def test_a_text_that_may_be_a_seal_is_taken(scanned: str) -> None:
    assert FORMAT.recognise(scanned) == "VDS-NC"
    assert scan.read_scan(scanned).format is FORMAT


@pytest.mark.parametrize(
    "scanned",
    [
        "", "{", "{}", "x" + issue(vaccination()), '{"t":"ICAO.vacc"}', '{"T":"icao.vacc"}',
        '["icao.vacc"]', "HC1:ICAO", '{"x":"\\"t\\":\\"icao.vacc\\""}', "icao.vacc", '"icao."',
        "{" + " " * SEAL_CHARACTERS + '"t":"icao.vacc"}',
    ],
)  # fmt: skip
def test_other_texts_are_left_to_other_formats(scanned: str) -> None:
    assert FORMAT.recognise(scanned) is None


def test_no_other_format_takes_a_seal() -> None:
    scanned = issue(vaccination())
    for other in formats.each():
        if other is not FORMAT:
            assert other.recognise(scanned) is None


# Opening.
def test_an_envelope_has_what_was_signed_and_hints_at_the_signer() -> None:
    signer = good_signers()["p384"]
    sealed = seal(data(vaccination()), signer)
    envelope = FORMAT.open(text(sealed), "VDS-NC")
    assert envelope.signed == envelope.payload == canonical(sealed["data"])
    assert envelope.certificate == signer.certificate
    assert envelope.kid == read_certificate(signer.certificate).authority_key_id
    assert (envelope.algorithm, len(envelope.signature)) == (ES384, 96)
    assert FORMAT.open(issue(vaccination()), "VDS-NC").algorithm == ES256


def test_an_algorithm_that_no_seal_uses_is_none() -> None:
    for word in ("none", "es256", "ES256K", "PS256", "HS256", ""):
        sealed = seal(data(vaccination()))
        sealed["sig"]["alg"] = word
        assert FORMAT.open(text(sealed), "VDS-NC").algorithm is None


# Reading.
def test_a_vaccination_is_read_whole() -> None:
    told = read(vaccination(7))
    assert (told.format, told.scheme, told.country) == ("vds-nc", "vds-nc", "XS")
    assert (told.kind, told.identifier) == (Kind.VACCINATION, "XSPEC000007")
    assert (told.issued, told.expires, told.own_terms().dated, told.own_terms().chained) == (
        None,
        None,
        False,
        True,
    )
    assert told.travel_document == "XSPECIMEN"
    assert told.own_terms().starts == MIDNIGHT - DAY
    assert list(told.doubts) == []
    first, second = told.events
    assert isinstance(second, Vaccination)
    assert first.facts() != second.facts()
    assert dict(second.facts()) == {
        "disease": "RA01.0", "vaccine": "XM68M6", "product": "Specimen Vaccine",
        "date": "2026-10-20", "dose": "2", "country": "XS", "centre": "Specimen Hospital",
        "lot": "SP0002",
    }  # fmt: skip
    assert second.vaccine == ("icd11", "XM68M6")
    # A seal never says how many doses there are to be.
    assert second.doses is None


def test_doses_stand_in_the_order_of_their_days_whatever_vaccine_they_are_of() -> None:
    later = vaccine(dose(3, "2026-11-20"), dose(1, "2026-01-05"), nam="One")
    between = vaccine(dose(2, "2026-06-01"), nam="Other")
    events = read(vaccination(ve=[later, between])).events
    assert [event.dose for event in events if isinstance(event, Vaccination)] == [1, 2, 3]


def test_a_test_is_read_whole() -> None:
    told = read(negative_test(7), "icao.test")
    assert (told.kind, told.identifier) == (Kind.TEST, "XSTES000007")
    assert told.travel_document == "XSPECIMEN"
    (event,) = told.events
    assert isinstance(event, Test)
    assert event.sampled == 1_796_000_400  # 2026-11-30T01:00:00Z
    assert told.own_terms().starts == 1_796_034_600 - DAY  # the report, half past ten
    assert dict(event.facts()) == {
        "method": "molecular(PCR)", "result": "negative", "date": "2026-11-30", "country": "XS",
        "centre": "Specimen Laboratory",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown", "letters"),
    [
        ("MUSTERFRAU SPECIMEN  VERA", "MUSTERFRAU SPECIMEN, VERA", "MUSTERFRAU<SPECIMEN<<VERA"),
        ("SPECIMEN VERA", "SPECIMEN VERA", "SPECIMEN<VERA"),
        ("SPECIMEN   VERA", "SPECIMEN, VERA", "SPECIMEN<<VERA"),
        ("Muster-Specimen  Vera Zoe", "Muster-Specimen, Vera Zoe", "MUSTER<SPECIMEN<<VERA<ZOE"),
        ("D'SPECIMEN  VERA", "D'SPECIMEN, VERA", "DSPECIMEN<<VERA"),
        ("Größwång-Specimen  Zoë", "Größwång-Specimen, Zoë", ""),
        ("SPECIMEN 2", "SPECIMEN 2", ""),
    ],
)
def test_names_are_split_where_two_blanks_stand(name: str, shown: str, letters: str) -> None:
    holder = read(person(n=name)).holder
    assert holder is not None
    assert (holder.name(), holder.name_mrz()) == (shown, letters)
    assert holder.undivided is ("," not in shown)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("1980-05-17", "1980-05-17"),
        ("1980-05", "1980-05"),
        ("1980", "1980"),
        ("1980-05-00", "1980-05"),
        ("1980-05-XX", "1980-05"),
        ("1980-00-00", "1980"),
        ("1980-xx-xx", "1980"),
        ("1980-XX", "1980"),
        (" 1980-05-17 ", "1980-05-17"),
    ],
)
def test_a_birth_date_is_what_is_known_of_it(written: str, known: str) -> None:
    holder = read(person(dob=written)).holder
    assert holder is not None
    assert holder.birth_date.text == known


@pytest.mark.parametrize(
    "written",
    [
        "1980-13", "1980-02-30", "80-05-17", "1980-XX-17", "1980-00-17", "0000", "1980-5-1",
        "1980/05/17", "1980-05-17T00:00:00Z", "XXXX-05-17", "١٩٨٠", "17 May 1980",
    ],
)  # fmt: skip
def test_nothing_is_guessed_into_a_birth_date(written: str) -> None:
    assert doubts(person(dob=written)) == [Reason.FIELD_MALFORMED]


def test_either_birth_date_or_passport_is_enough_for_a_vaccination() -> None:
    assert doubts(vaccination(pid=without(PERSON, "dob"))) == []
    told = read(vaccination(pid=without(PERSON, "i")))
    assert (list(told.doubts), told.travel_document) == ([], "")
    assert doubts(vaccination(pid=without(PERSON, "i", "dob"))) == [Reason.FIELD_MISSING]


@pytest.mark.parametrize(
    ("written", "compared"),
    [("XS 123<45<<", "XS12345"), ("xs12345", "XS12345"), ("", "")],
)
def test_a_passport_number_is_kept_as_it_is_compared(written: str, compared: str) -> None:
    assert read(person(i=written)).travel_document == compared


@pytest.mark.parametrize(
    ("kind", "number"),
    [("P", "XSPECIMEN"), ("AC", "XSPECIMEN"), ("V", ""), ("D", ""), ("?", "")],
)
def test_a_visas_number_is_no_passports(kind: str, number: str) -> None:
    of = {**negative_test()["pid"], "dt": kind}
    told = read(negative_test(pid=of), "icao.test")
    assert (told.travel_document, list(told.doubts)) == (number, [])


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (1, None), (99, None), ("2", None), ("02", None), (0, Reason.FIELD_MALFORMED),
        (100, Reason.FIELD_MALFORMED), (-1, Reason.FIELD_MALFORMED), ("", Reason.FIELD_MALFORMED),
        ("two", Reason.FIELD_MALFORMED), ("²", Reason.FIELD_MALFORMED),
        ([1], Reason.FIELD_MALFORMED),
    ],
)  # fmt: skip
def test_a_dose_has_a_number_below_a_hundred(value: Any, fault: Reason | None) -> None:
    assert doubts(jab(seq=value)) == ([] if fault is None else [fault])


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-30", "2026-11-30T09:00:00", "2026-11-30 09:00:00Z", "2026-11-30T09:00Z",
        "2026-11-30T09:00:00+0800", "2026-13-30T09:00:00Z", "2026-11-30T24:30:00Z", "in May",
        "2026-W48-1T09:00:00Z", "2026-11-30T09:00:00+99:00",
    ],
)  # fmt: skip
def test_an_instant_has_a_day_a_time_and_an_offset(moment: str) -> None:
    for member in ("sc", "ri"):
        times = {**negative_test()["dat"], member: moment}
        assert doubts(negative_test(dat=times), "icao.test") == [Reason.FIELD_MALFORMED]


@pytest.mark.parametrize(
    "moment", ["2026-11-30t01:00:00z", "2026-11-30T01:00:00.5Z", "2026-11-29T17:00:00-08:00"]
)
def test_an_instant_may_be_written_in_each_way_of_the_standard(moment: str) -> None:
    times = {**negative_test()["dat"], "sc": moment}
    (event,) = read(negative_test(dat=times), "icao.test").events
    assert isinstance(event, Test)
    assert event.sampled == 1_796_000_400


def test_dates_that_contradict_each_other_are_doubts() -> None:
    assert doubts(jab(day="1980-05-16")) == [Reason.EVENTS_CONTRADICT]
    assert doubts(jab(day="1980-05-17")) == []
    reported_first = {"sc": "2026-11-30T10:00:00Z", "ri": "2026-11-30T09:59:59Z"}
    assert doubts(negative_test(dat=reported_first), "icao.test") == [Reason.EVENTS_CONTRADICT]
    unborn = {**negative_test()["pid"], "dob": "2026-12-24"}
    assert doubts(negative_test(pid=unborn), "icao.test") == [Reason.EVENTS_CONTRADICT]
    # A birth date of which the day is unknown contradicts nothing within its month.
    assert doubts(vaccination(pid={**PERSON, "dob": "2026-09-XX"})) == []


@pytest.mark.parametrize(
    ("state", "message", "is_sample"),
    [
        ("AUS", vaccination() | {"uvci": "VB0009999995"}, True),
        ("AUS", vaccination() | {"uvci": "VB0000000017"}, True),
        ("AUS", vaccination() | {"uvci": "VB0010000004"}, False),
        ("AUS", vaccination() | {"uvci": "VB9999999995"}, False),
        ("AUS", without(vaccination(), "uvci"), False),
        ("AUS", person(i="TR0000000"), False),
        ("JPN", person(i="TR0000000"), True),
        ("JPN", person(i="TK0000000"), True),
        ("JPN", person(i="TR0000001"), False),
        ("XS", vaccination() | {"uvci": "VB0009999995"}, False),
    ],
)
def test_samples_that_states_published_are_known(
    state: str, message: Members, *, is_sample: bool
) -> None:
    expected = [Reason.SPECIMEN_NUMBER] if is_sample else []
    assert doubts(message, **{"is": state}) == expected


@pytest.mark.parametrize(
    ("code", "country"),
    [("AUS", "AU"), ("D", "DE"), ("EUE", "EU"), ("UTO", "UT"), ("QQQ", ""), ("XXA", "")],
)
def test_the_state_is_told_by_two_letters(code: str, country: str) -> None:
    assert read(vaccination(), **{"is": code}).country == country


def test_the_kind_is_known_though_the_rest_is_at_fault() -> None:
    told = read(without(vaccination(), "ve"))
    assert (told.kind, list(told.doubts)) == (Kind.VACCINATION, [Reason.FIELD_MISSING])
    told = read({}, "icao.test")
    assert (told.kind, list(told.doubts)) == (Kind.TEST, [Reason.FIELD_MISSING])


@pytest.mark.parametrize("payload", [b"", b"{", b"null", b"[]", b"\xff", b"[" * 100_000, b"{}"])
def test_a_payload_that_is_no_data_is_refused(payload: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        FORMAT.read_claims("VDS-NC", payload)
    assert refused.value.reason is Reason.PARTS_DIFFER
    assert refused.value.__context__ is None


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = (
    TEXTS
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.sampled_from(["2026-10-20", "1980", "2026-10-20T00:00:00Z", "P", "1", "XS"])
)
NAMES = st.sampled_from(
    [
        "pid", "n", "dob", "i", "dt", "dn", "ve", "des", "nam", "dis", "vd", "dvc", "seq", "ctr",
        "adm", "lot", "dvn", "dat", "sc", "ri", "tr", "tc", "r", "m", "sp", "spn", "uvci", "utci",
        "more",
    ]
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=25,
)


@given(TREES, st.sampled_from(["icao.vacc", "icao.test"]))
def test_whatever_an_issuer_signs_is_read_or_refused(message: Any, kind: str) -> None:
    if not isinstance(message, dict):
        assert doubts(message, kind) == [Reason.CLAIMS_MALFORMED]
        return
    told = read(message, kind)
    assert told.kind is not None
    if not told.doubts:
        assert told.holder is not None
        assert told.events
        for event in told.events:
            event.facts()


@given(TREES)
def test_any_value_in_the_place_of_a_member_is_read_or_refused(value: Any) -> None:
    for member in ("uvci", "pid", "ve"):
        told = read({**vaccination(), member: value})
        assert told.kind is Kind.VACCINATION
        assert [event.facts() for event in told.events] or told.doubts
    for member in ("utci", "pid", "sp", "dat", "tr"):
        told = read({**negative_test(), member: value}, "icao.test")
        assert told.kind is Kind.TEST
        assert [event.facts() for event in told.events] or told.doubts


@given(st.text(max_size=60), st.integers(0, 2_000))
def test_a_seal_with_any_text_put_into_it_is_opened_or_refused(foreign: str, place: int) -> None:
    scanned = issue(vaccination())
    place %= len(scanned)
    try:
        FORMAT.open(scanned[:place] + foreign + scanned[place:], "VDS-NC")
    except DocumentError as error:
        assert error.__context__ is None
