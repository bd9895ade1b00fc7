import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.presenting import COVID, VERA, claims, dose, entries, sample

from verifier.claims import Claims, Holder, Kind, PartialDate, Recovery
from verifier.errors import PolicyViolation
from verifier.reasons import MEANINGS, Check, Reason, Result, check_of
from verifier.rules.payload import contexts_of
from verifier.rules.unknown import UNKNOWN

COMIRNATY, CHADOX, CLASS = ("cvx", "208"), ("cvx", "210"), ("icd11", "XM0GQ8")


def test_every_member_that_is_not_stated_is_unknown() -> None:
    nobody = claims([dose()], holder=None, issuer="", family="who-ddcc")
    (world,) = contexts_of(nobody).worlds
    (entry,) = entries(contexts_of(nobody))
    assert world["ver"] == "1.3.3"
    assert world["nam"] == dict.fromkeys(("fn", "gn", "fnt", "gnt"), UNKNOWN)
    assert world["dob"] is UNKNOWN
    assert entry == dict.fromkeys(
        ("tg", "vp", "mp", "ma", "dn", "sd", "co", "is", "ci"), UNKNOWN
    ) | {"dt": "2026-10-20"}


def test_what_is_stated_stands_in_the_shape_of_the_eu() -> None:
    said = dose(COMIRNATY, disease=COVID, dose=2, doses=2, country="XS")
    (world,) = contexts_of(claims([said], family="who-ddcc")).worlds
    assert world == {
        "ver": "1.3.3",
        "nam": {
            "fn": "Musterfrau-Specimen", "gn": "Vera",
            "fnt": "MUSTERFRAU<SPECIMEN", "gnt": "VERA",
        },
        "dob": "1980-05-17",
        "v": [{
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 2, "sd": 2, "dt": "2026-10-20", "co": "XS", "is": "https://specimen.example",
            # An identifier of another family is no UVCI.
            "ci": UNKNOWN,
        }],
    }  # fmt: skip


def test_a_product_without_eu_code_is_known_and_on_no_list_of_them() -> None:
    (entry,) = entries(contexts_of(claims([dose(("name", "SKYCovione"))])))
    assert entry["mp"] == entry["ma"] == "x-pratique:cov-skycovione"
    assert entry["vp"] == "1162643001"


def test_a_class_fills_the_class_and_nothing_else() -> None:
    presented = contexts_of(claims([dose(CLASS)]))
    (entry,) = entries(presented)
    assert (entry["mp"], entry["ma"], entry["vp"]) == (UNKNOWN, UNKNOWN, "1119349007")
    assert presented.products == ()
    assert Reason.PRODUCT_NOT_NAMED in presented.reasons


def test_there_is_a_world_for_each_product_and_each_end_of_the_date() -> None:
    presented = contexts_of(claims([dose(CHADOX, day="2021-05")]))
    assert presented.products == (
        "cov-covishield", "cov-fiocruz", "cov-r-covi", "cov-vaxzevria",
    )  # fmt: skip
    found = [(each["mp"], each["dt"]) for each in entries(presented)]
    assert len(found) == len(set(found)) == 8
    assert {mp for mp, _ in found} == {
        "Covishield", "Covid-19-recombinant", "R-COVI", "EU/1/21/1529",
    }  # fmt: skip
    assert {day for _, day in found} == {"2021-05-01", "2021-05-31"}
    assert {Reason.PRODUCT_SHARED, Reason.EVENT_DATE_IN_PART} <= {*presented.reasons}


def test_a_birth_date_stays_as_precise_as_it_is() -> None:
    holder = Holder("Specimen", "", "", "", PartialDate("1980"))
    (world,) = contexts_of(claims([dose(COMIRNATY)], holder=holder)).worlds
    assert world["dob"] == "1980"


def test_a_class_of_another_technique_leaves_the_class_open() -> None:
    presented = contexts_of(claims([dose(COMIRNATY, ("icd11", "XM9QW8"))]))
    (entry,) = entries(presented)
    assert (entry["mp"], entry["vp"]) == ("EU/1/20/1528", UNKNOWN)
    assert Reason.CLASS_DIFFERS in presented.reasons


def test_codes_that_contradict_leave_the_product_open() -> None:
    presented = contexts_of(claims([dose(COMIRNATY, ("cvx", "207"))]))
    (entry,) = entries(presented)
    assert (entry["mp"], entry["vp"]) == (UNKNOWN, UNKNOWN)
    assert Reason.PRODUCTS_CONTRADICT in presented.reasons


def test_a_disease_that_the_vaccine_is_not_against_leaves_both_open() -> None:
    said = dose(COMIRNATY, disease=("icd11", "1D47"))
    presented = contexts_of(claims([said], family="who-ddcc"))
    (entry,) = entries(presented)
    assert (entry["tg"], entry["mp"]) == (UNKNOWN, UNKNOWN)
    assert {Reason.DISEASES_DIFFER, Reason.DISEASE_UNKNOWN} <= {*presented.reasons}
    assert presented.disease == ""


def test_a_stated_disease_is_one_of_those_of_the_vaccine() -> None:
    mmr = dose(("name", "Priorix"), disease=("icd11", "1F02"))
    presented = contexts_of(claims([mmr], family="vds-nc"))
    assert presented.diseases == ("rubella",)
    assert entries(presented)[0]["tg"] == "36653000"
    # A card states none: it is against all three.
    card = claims([dose(("cvx", "3"), maker=("mvx", "SKB"), disease=("snomed", "14189004"))])
    assert contexts_of(card).diseases == ("measles", "mumps", "rubella")
    assert entries(contexts_of(card, disease="mumps"))[0]["tg"] == "36989005"
    # A code that no table has: what the format found of it stands.
    other = claims([dose(("cvx", "174"), disease=("snomed", "63650001"))])
    assert contexts_of(other).diseases == ("cholera",)


def test_a_document_of_several_diseases_is_judged_for_one() -> None:
    yellow = dose(("cvx", "37"), day="2026-11-01")
    covid = dose(COMIRNATY, day="2021-05-01")
    both = claims([covid, yellow])
    presented = contexts_of(both)
    assert presented.diseases == ("covid-19", "yellow-fever")
    assert presented.disease == "covid-19"
    (entry,) = entries(presented)
    assert (entry["tg"], entry["dn"], entry["dt"]) == ("840539006", 1, "2021-05-01")
    (entry,) = entries(contexts_of(both, disease="yellow-fever"))
    assert (entry["tg"], entry["dn"], entry["dt"]) == ("16541001", 1, "2026-11-01")
    # Without COVID-19 it is the last of them.
    polio = dose(("cvx", "89"), day="2026-01-01")
    assert contexts_of(claims([yellow, polio])).disease == "yellow-fever"


def test_a_disease_that_the_document_does_not_speak_of_is_nothing_to_evaluate() -> None:
    presented = contexts_of(claims([dose(COMIRNATY)]), disease="yellow-fever")
    assert presented.worlds == ()
    assert presented.reasons == (Reason.NOTHING_FOR_RULES,)


def test_a_dose_of_a_code_that_is_younger_than_the_table_may_be_of_this_disease() -> None:
    presented = contexts_of(
        claims([dose(COMIRNATY, day="2021-05-01"), dose(("cvx", "999999"), day="2026-10-01")])
    )
    found = {(each["mp"], each["dn"], each["dt"]) for each in entries(presented)}
    assert found == {("EU/1/20/1528", 1, "2021-05-01"), (UNKNOWN, 2, "2026-10-01")}
    assert {Reason.DISEASE_UNKNOWN, Reason.PRODUCT_UNKNOWN} <= {*presented.reasons}
    only = contexts_of(claims([dose(("cvx", "999999"))]), disease="yellow-fever")
    assert [each["tg"] for each in entries(only)] == [UNKNOWN]
    assert Reason.DISEASE_UNKNOWN in only.reasons


def test_worlds_are_never_more_than_twelve() -> None:
    shared = dose(CHADOX, day="2021-05")
    other = dose(("cvx", "999999"), ("name", "AstraZeneca"), day="2026-10")
    unknown = dose(("cvx", "999999"), day="2021")
    presented = contexts_of(claims([shared, other, unknown]))
    assert 0 < len(presented.worlds) <= 12
    # Eight and two worlds are few enough; eight and eight are not.
    same = dose(CHADOX, day="2021-05", disease=None)
    nothing = dose(("cvx", "999999"), day="2021-05")
    many = contexts_of(claims([same, nothing]))
    assert {each["mp"] for each in entries(many)} == {UNKNOWN}
    assert 0 < len(many.worlds) <= 12


def test_no_vaccine_given_is_no_dose() -> None:
    presented = contexts_of(claims([dose(COMIRNATY), dose(("cvx", "998"), day="2026-11-01")]))
    (entry,) = entries(presented)
    assert (entry["dn"], entry["dt"]) == (1, "2026-10-20")
    assert Reason.NO_VACCINE_GIVEN in presented.reasons
    none = contexts_of(claims([dose(("cvx", "999"))]))
    assert (none.worlds, none.reasons) == ((), (Reason.NO_VACCINE_GIVEN,))


def test_the_country_of_a_vaccination_is_that_of_the_key_in_one_family_alone() -> None:
    for family, country in (("divoc", "IN"), ("smart-health-card", UNKNOWN), ("vds-nc", UNKNOWN)):
        presented = contexts_of(claims([dose(COMIRNATY)], family=family), key_country="IN")
        assert entries(presented)[0]["co"] == country
    stated = contexts_of(claims([dose(COMIRNATY, country="LK")], family="vds-nc"), key_country="IN")
    assert entries(stated)[0]["co"] == "LK"


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (claims([], kind=Kind.EXEMPTION), "", Reason.EXEMPTION_BY_PAPER),
        (claims([], kind=Kind.VACCINATION), "Vaccination", Reason.NOTHING_FOR_RULES),
        (claims([], kind=Kind.TEST), "Test", Reason.NOTHING_FOR_RULES),
        (claims([], kind=Kind.VACCINATION, family="eu-dcc"), "Vaccination",
         Reason.NOTHING_FOR_RULES),
        (claims([dose()], family="nz-covid-pass"), "Vaccination", Reason.STATUS_ONLY),
        # A recovery of any other family: no term of eleven and 180 days is made up for it.
        (claims([Recovery(COVID, *[PartialDate("2026-07-10")] * 3)], kind=Kind.RECOVERY),
         "Recovery", Reason.NOTHING_FOR_RULES),
    ],
)  # fmt: skip
def test_where_there_is_nothing_to_evaluate_there_is_no_world(
    said: Claims, kind: str, reason: Reason
) -> None:
    presented = contexts_of(said)
    assert presented.certificate_type == kind
    assert presented.worlds == ()
    assert presented.reasons == (reason,)


def test_a_document_that_nobody_can_read_is_nothing_to_evaluate() -> None:
    said = claims([])
    said.kind = None
    assert contexts_of(said).reasons == (Reason.NOTHING_FOR_RULES,)


def test_what_is_unknown_is_taken_for_nothing_by_mistake() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)


def test_what_rules_see_is_as_private_as_the_claims() -> None:
    presented = contexts_of(claims([dose(COMIRNATY)]))
    assert "Specimen" not in f"{presented} {presented!r}"
    with pytest.raises(PolicyViolation):
        pickle.dumps(presented)


def test_the_reasons_are_of_the_rules_and_say_that_it_cannot_be_told() -> None:
    mapped = [each for each in Reason if "RUL-030" <= each.value <= "RUL-049"]
    assert len(mapped) == 18
    for reason in mapped:
        assert check_of(reason) is Check.RULES
        assert MEANINGS[reason].result is Result.UNKNOWN


words = st.sampled_from(
    ["208", "210", "213", "998", "XM0GQ8", "XM8NQ0", "Pfizer", "Sinopharm", "94500-6", "98069-8",
     "260415000", "RA01", "RA01.1", "1D47", "negative", "", "x"]
)  # fmt: skip
coded = st.tuples(
    st.sampled_from(
        ["cvx", "icd11", "snomed", "name", "loinc", "unstated", "other", "vds-nc", "mvx", "who-pq"]
    ),
    words,
)
days = st.dates().map(str).flatmap(lambda day: st.sampled_from(["", day, day[:7], day[:4]]))
counts = st.none() | st.integers(0, 9)


@st.composite
def events(draw: Any) -> list[Any]:
    def one() -> Any:
        code = st.none() | coded
        if draw(st.booleans()):
            return dose(
                *draw(st.lists(coded, max_size=3)),
                day=draw(days),
                disease=draw(code),
                maker=draw(code),
                dose=draw(counts),
                doses=draw(counts),
            )
        return sample(
            draw(code),
            draw(code),
            day=draw(days),
            sampled=draw(st.none() | st.integers()),
            disease=draw(code),
            device=draw(code),
        )

    return [one() for _ in range(draw(st.integers(0, 5)))]


FAMILIES = [
    "smart-health-card", "vds-nc", "who-ddcc", "who-icvp", "divoc", "nz-covid-pass", "eu-dcc", "x",
]  # fmt: skip


@given(
    events(),
    st.sampled_from(FAMILIES),
    st.none() | st.sampled_from(Kind),
    st.sampled_from(["", "covid-19", "yellow-fever"]),
    st.sampled_from([None, VERA]),
)
def test_any_claims_have_few_worlds_or_a_reason_why_none(
    said: list[Any], family: str, kind: Kind | None, disease: str, holder: Holder | None
) -> None:
    read = claims(said, family=family, holder=holder)
    read.kind = kind
    if family == "eu-dcc" and kind is not None:
        read.certificate = {"ver": "1.3.0", "v": [{}]}
    presented = contexts_of(read, disease=disease, key_country="IN")
    assert len(presented.worlds) <= 12
    assert presented.worlds or presented.reasons
    assert len(set(presented.reasons)) == len(presented.reasons)
