import pytest
from support.presenting import claims, entries, sample
from support.specimens import NOW

from verifier.claims import Coded, Kind, Test
from verifier.reasons import Reason
from verifier.rules.payload import Presented, contexts_of
from verifier.rules.sample_codes import ANTIGEN, DETECTED, NAAT, NOT_DETECTED
from verifier.rules.unknown import UNKNOWN

PCR, RAPID = ("loinc", "94500-6"), ("loinc", "94558-4")
ANTIBODY, NUMBER = ("loinc", "98069-8"), ("loinc", "94311-8")
NEGATIVE, POSITIVE = ("snomed", "260415000"), ("snomed", "260373001")


def _presented(*tests: Test, family: str = "smart-health-card") -> Presented:
    return contexts_of(claims(tests, family=family, kind=Kind.TEST))


def test_a_test_stands_in_the_shape_of_the_eu() -> None:
    said = sample(PCR, NEGATIVE, sampled=NOW, centre="Specimen Laboratory", country="XS")
    presented = _presented(said)
    assert presented.certificate_type == "Test"
    assert presented.diseases == ("covid-19",)
    assert presented.reasons == ()
    assert entries(presented) == [{
        "tg": "840539006", "tt": NAAT, "nm": UNKNOWN, "ma": UNKNOWN,
        "sc": "2026-12-01T12:00:00Z", "tr": NOT_DETECTED, "tc": "Specimen Laboratory",
        "co": "XS", "is": "https://specimen.example", "ci": UNKNOWN,
    }]  # fmt: skip


def test_a_day_without_a_time_lies_between_two_instants() -> None:
    presented = _presented(sample(PCR, NEGATIVE, day="2026-10-20"))
    assert [each["sc"] for each in entries(presented)] == [
        "2026-10-20T00:00:00+14:00", "2026-10-20T23:59:59-12:00",
    ]  # fmt: skip
    assert presented.reasons == (Reason.EVENT_DATE_IN_PART,)


@pytest.mark.parametrize("second", [-62_135_596_801, 10**15])
def test_an_instant_that_no_calendar_has_is_only_its_day(second: int) -> None:
    assert len(_presented(sample(sampled=second)).worlds) == 2
    presented = _presented(sample(sampled=second, day=""))
    assert entries(presented)[0]["sc"] is UNKNOWN
    assert presented.reasons == (Reason.EVENT_DATE_UNKNOWN,)


@pytest.mark.parametrize(
    ("method", "result", "tt", "tr", "reasons"),
    [
        (RAPID, POSITIVE, ANTIGEN, DETECTED, set()),
        # No answer is never a negative one.
        (PCR, None, NAAT, UNKNOWN, {Reason.RESULT_UNCLEAR}),
        (PCR, ("snomed", "419984006"), NAAT, UNKNOWN, {Reason.RESULT_UNCLEAR}),
        (NUMBER, NEGATIVE, UNKNOWN, NOT_DETECTED, {Reason.TEST_KIND_UNKNOWN}),
        (("loinc", "0"), NEGATIVE, UNKNOWN, NOT_DETECTED, {Reason.TEST_KIND_UNKNOWN}),
        (None, NEGATIVE, UNKNOWN, NOT_DETECTED, {Reason.TEST_KIND_UNKNOWN}),
        # Not the absence of an infection, whatever it says.
        (ANTIBODY, NEGATIVE, None, UNKNOWN, {Reason.TEST_PROVES_NOTHING, Reason.RESULT_UNCLEAR}),
    ],
)
def test_type_and_result_are_known_or_are_not(
    method: Coded | None, result: Coded | None, tt: object, tr: object, reasons: set[Reason]
) -> None:
    presented = _presented(sample(method, result, sampled=NOW))
    (entry,) = entries(presented)
    assert (entry["tt"], entry["tr"]) == (tt, tr)
    assert {*presented.reasons} == reasons


def test_all_codes_of_a_test_and_of_its_answer_count() -> None:
    said = sample(PCR, NEGATIVE, sampled=NOW, codes=[PCR, RAPID], answers=[NEGATIVE, POSITIVE])
    (entry,) = entries(_presented(said))
    assert (entry["tt"], entry["tr"]) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("device", "number"),
    [
        (("eu-dcc-device", "1232"), "1232"),
        (("other", "1232"), "1232"),
        (("unstated", "1232"), "1232"),
        (("unstated", "Panbio"), UNKNOWN),
        (("icd11", "1232"), UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_device_is_its_number_in_the_common_list(device: Coded | None, number: object) -> None:
    (entry,) = entries(_presented(sample(RAPID, sampled=NOW, device=device, name="Specimen")))
    assert (entry["ma"], entry["nm"]) == (number, "Specimen")


def test_the_latest_test_of_each_type_counts() -> None:
    presented = _presented(
        sample(PCR, NEGATIVE, sampled=NOW - 90_000, day="2026-11-30"),
        sample(PCR, POSITIVE, sampled=NOW - 900_000, day="2026-11-20"),
        sample(RAPID, POSITIVE, sampled=NOW, day="2026-12-01"),
        sample(ANTIBODY, NEGATIVE, sampled=NOW + 60, day="2026-12-01"),
    )
    assert {(each["tt"], each["tr"]) for each in entries(presented)} == {
        (NAAT, NOT_DETECTED), (ANTIGEN, DETECTED),
    }  # fmt: skip


def test_two_tests_of_one_time_that_differ_leave_the_result_open() -> None:
    for results in ((NEGATIVE, POSITIVE), (POSITIVE, NEGATIVE)):
        presented = _presented(*(sample(PCR, result, day="2026-12-01") for result in results))
        assert {each["tr"] for each in entries(presented)} == {UNKNOWN}
    same = _presented(*(sample(PCR, NEGATIVE, day="2026-12-01") for _ in range(2)))
    assert {each["tr"] for each in entries(same)} == {NOT_DETECTED}


def test_a_test_for_something_unknown_may_have_found_this_disease() -> None:
    known = sample(PCR, NEGATIVE, sampled=NOW)
    presented = _presented(known, sample(("loinc", "0"), POSITIVE, sampled=NOW, disease=None))
    assert {each["tg"] for each in entries(presented)} == {"840539006", UNKNOWN}
    assert Reason.DISEASE_UNKNOWN in presented.reasons
    # One that found nothing changes nothing.
    other = _presented(known, sample(("loinc", "0"), NEGATIVE, sampled=NOW, disease=None))
    assert [each["tg"] for each in entries(other)] == ["840539006"]
    assert other.reasons == ()


def test_health_seals_do_not_say_what_their_tests_look_for() -> None:
    words = (("vds-nc", "molecular(other)"), ("vds-nc", "positive"))
    presented = _presented(sample(*words, sampled=NOW, disease=("icd11", "")), family="vds-nc")
    (entry,) = entries(presented)
    assert (entry["tg"], entry["tt"], entry["tr"]) == (UNKNOWN, NAAT, DETECTED)
    assert presented.disease == ""
