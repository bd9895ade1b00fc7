"""What others have got wrong (code crosswalk, section 6), each on a document that was read."""

import pytest
from support.presenting import entries
from support.vaccinated import (
    as_card,
    as_dcc,
    as_ddcc,
    as_ddcc_test,
    as_divoc,
    as_icvp,
    as_seal,
    immunisation,
    read,
)

from fixtures import who
from fixtures.nz_covid_pass.issue import covid_pass, subject
from fixtures.smart_health_card import content as card
from fixtures.smart_health_card.issue import numeric, token
from fixtures.smart_health_card.world import MINISTRY
from fixtures.vds_nc import issue as seal
from fixtures.who_ddcc.content import ICD11, LOINC, SNOMED, coding
from fixtures.who_icvp import content as icvp
from fixtures.world import of_who
from verifier.codecs.icvp_products import PRODUCTS as ICVP_PRODUCTS
from verifier.reasons import Reason
from verifier.rules.payload import Presented, contexts_of
from verifier.rules.products import PRODUCTS, product_of
from verifier.rules.unknown import UNKNOWN

NEGATIVE = coding(SNOMED, "260415000")


def _seen(scan: str, **options: str) -> Presented:
    return contexts_of(read(scan), **options)


def _products(scan: str) -> tuple[str, ...]:
    return _seen(scan).products


def _shc(*codes: tuple[str, str], maker: tuple[str, str] | None = None) -> str:
    return as_card(immunisation([*codes], maker))


def _swab(**members: object) -> str:
    said = card.payload(card.bundle(card.patient(), card.swab(**members)))
    return numeric(token(said, MINISTRY))


# Wrongful acceptance.


def test_an_antibody_test_is_no_naat() -> None:
    for scan in (
        _swab(loinc="98069-8"),
        as_ddcc_test(type=coding(LOINC, "98069-8")),
        as_ddcc_test(type=coding(LOINC, "94504-8")),
    ):
        (entry,) = entries(_seen(scan))
        assert (entry["tt"], entry["tr"]) == (None, UNKNOWN)


def test_a_missing_result_is_not_negative() -> None:
    for scan in (
        as_ddcc_test(result=None),
        as_ddcc_test(result=coding("https://specimen.example", "negative")),
        _swab(valueCodeableConcept=card.ABSENT, valueString="negative"),
    ):
        assert entries(_seen(scan))[0]["tr"] is UNKNOWN


def test_an_answer_in_numbers_is_not_negative() -> None:
    for loinc in ("94311-8", "94306-8"):
        scan = _swab(
            loinc=loinc, valueCodeableConcept=card.ABSENT, valueQuantity={"value": 0},
            referenceRange=[{}],
        )  # fmt: skip
        (entry,) = entries(_seen(scan))
        assert (entry["tt"], entry["tr"]) == (UNKNOWN, UNKNOWN)


def test_no_vaccine_and_an_unspecified_one_are_no_listed_product() -> None:
    assert _seen(_shc(("cvx", "998"))).worlds == ()
    assert _seen(_shc(("cvx", "999"))).worlds == ()
    for code in ("213", "500"):
        (entry,) = entries(_seen(_shc(("cvx", code))))
        assert (entry["mp"], entry["vp"]) == (UNKNOWN, UNKNOWN)


def test_a_class_is_not_the_best_known_product_of_it() -> None:
    for scan in (
        _shc(("icd11", "XM0GQ8")),
        as_seal("mRNA vaccine", kind="XM0GQ8"),
        as_ddcc(brand=coding(SNOMED, "1119349007")),
    ):
        (entry,) = entries(_seen(scan))
        assert (entry["mp"], entry["vp"]) == (UNKNOWN, "1119349007")


def test_a_component_is_not_the_product_of_one_dose() -> None:
    assert _products(_shc(("snomed", "399801000221105"), ("cvx", "505"))) == ("cov-sputnik-v",)


def test_a_small_dose_is_told_from_a_full_one_by_its_version_alone() -> None:
    # The EU has one number for all of them, and nobody may conclude more.
    for code in ("219", "221", "207"):
        (entry,) = entries(_seen(_shc(("cvx", code))))
        assert entry["mp"] in {"EU/1/20/1528", "EU/1/20/1507"}
        assert entry["sd"] is UNKNOWN


def test_one_sinopharm_is_not_the_other() -> None:
    for name in ("Sinopharm", "SINOPHARM (VERO CELL)", "Sinopharm COVID-19 vaccine"):
        assert set(_products(as_divoc(name))) == {"cov-bbibp-corv", "cov-wibp-corv"}
        assert len(_seen(as_divoc(name)).worlds) == 2
    assert _products(as_divoc("Sinopharm WIBP-CorV")) == ("cov-wibp-corv",)


def test_a_licensee_s_product_is_not_that_of_the_licensor() -> None:
    shared = _products(as_ddcc(brand=coding(ICD11, "XM4YL8")))
    assert set(shared) == {"cov-vaxzevria", "cov-r-covi", "cov-azd2816"}
    assert _products(as_seal("R-COVI", kind="XM4YL8")) == ("cov-r-covi",)
    assert "cov-fiocruz" in _products(_shc(("cvx", "210")))


def test_one_dose_twice_is_one() -> None:
    twice = as_card(immunisation([("cvx", "208")]), immunisation([("cvx", "213")]))
    assert entries(_seen(twice))[0]["dn"] == 1


def test_a_booster_after_one_dose_is_read_as_it_is_written() -> None:
    (entry,) = entries(_seen(as_dcc(PRODUCTS["cov-jcovden"], dn=2, sd=1)))
    assert (entry["dn"], entry["sd"]) == (2, 1)
    # Labels can be exchanged there under a good signature: never more than so many of so many.
    (entry,) = entries(_seen(as_divoc("Janssen", dose=2, totalDoses=1)))
    assert (entry["dn"], entry["sd"]) == (1, 2)


def test_one_serogroup_is_not_four() -> None:
    presented = _seen(as_seal("MenAfriVac", "1C1C", kind="XM2280"))
    assert presented.products == ("men-menafrivac",)
    assert entries(presented)[0]["vp"] != PRODUCTS["men-menveo"].vp


def test_a_code_that_any_maker_may_use_is_no_product_of_the_icvp() -> None:
    for codes in ((("cvx", "37"),), (("icd11", "XM3418"),), (("cvx", "183"),)):
        presented = _seen(_shc(*codes))
        assert presented.disease == "yellow-fever"
        assert presented.products == ()
        assert entries(presented)[0]["mp"] is UNKNOWN


def test_no_age_is_taken_from_the_day_of_the_vaccination() -> None:
    assert _seen(as_divoc("Covishield")).worlds[0]["dob"] is UNKNOWN


def test_a_dose_that_was_not_completed_does_not_count() -> None:
    scan = as_card(
        immunisation([("cvx", "208")], status="not-done"),
        immunisation([("cvx", "208")], isSubpotent=True),
        immunisation([("cvx", "208")], occurrenceDateTime="2026-09-01"),
    )
    (entry,) = entries(_seen(scan))
    assert (entry["dn"], entry["dt"]) == (1, "2026-09-01")


# Wrongful refusal.


def test_the_doses_of_a_series_are_unknown_and_not_missing() -> None:
    for scan in (_shc(("cvx", "208")), as_seal("Comirnaty"), as_divoc("pfizer", dose="x")):
        presented = _seen(scan)
        assert entries(presented)[0]["sd"] is UNKNOWN
        assert Reason.DOSES_NOT_COUNTED in presented.reasons


@pytest.mark.parametrize(
    ("name", "product", "eu_product"),
    [
        ("Covishield", "cov-covishield", "Covishield"),
        ("COVOVAX", "cov-covovax", "Covovax"),
        ("Hayat-Vax", "cov-hayat-vax", "Hayat-Vax"),
        ("Vacina adsorvida covid-19 (inativada)", "cov-butantan", "Covid-19-adsorvida-inativada"),
        ("Bimervax", "cov-bimervax", "EU/1/22/1709"),
        ("COVID-19 Vaccine AstraZeneca", "cov-vaxzevria", "EU/1/21/1529"),
        ("COVAXIN", "cov-covaxin", "Covaxin"),
    ],
)
def test_a_product_is_known_though_lists_forget_it(
    name: str, product: str, eu_product: str
) -> None:
    presented = _seen(as_seal(name))
    assert presented.products == (product,)
    assert entries(presented)[0]["mp"] == eu_product


def test_what_who_has_listed_stays_listed() -> None:
    # Prequalified without an emergency listing, withdrawn for trade, suspended in supply.
    for product in ("cov-bimervax", "cov-comirnaty", "cov-vaxzevria", "cov-covaxin"):
        assert PRODUCTS[product].listed
    assert not PRODUCTS["cov-wibp-corv"].listed
    assert not product_of("cov-hayat-vax").listed


def test_codes_that_are_out_of_use_are_still_known() -> None:
    for code in ("NVX-CoV2373", "Vidprevtyn", "VLA2001"):
        assert len(_products(as_dcc(PRODUCTS["cov-nuvaxovid"], mp=code, ma=""))) == 1
    assert entries(_seen(as_ddcc(brand="B", vaccine=coding("http://www.whocc.no/atc", "J07BX03"))))[
        0
    ]["vp"] == "J07BX03"  # fmt: skip


def test_another_molecular_test_is_no_antigen_test() -> None:
    tested = seal.negative_test(7, tr={"tc": "molecular(other)", "r": "negative"})
    presented = _seen(seal.issue(tested, kind="icao.test"))
    (entry,) = entries(presented)
    assert (entry["tt"], entry["tr"]) == ("LP6464-4", "260415000")
    assert entry["tg"] is UNKNOWN


def test_two_codes_for_one_result_are_one() -> None:
    for code in ("RA01.1", "QA02"):
        scan = as_ddcc_test(result=coding(ICD11, code), pathogen=coding(ICD11, "XN109"))
        (entry,) = entries(_seen(scan))
        assert (entry["tr"], entry["tg"]) == ("260415000", "840539006")


def test_codes_with_a_leading_zero_are_the_same() -> None:
    for code in ("03", "3"):
        assert _products(_shc(("cvx", code), maker=("mvx", "MSD"))) == ("mmr-m-m-r-ii",)


def test_a_disease_may_be_written_with_or_without_its_part() -> None:
    for disease in ("RA01", "RA01.0", ""):
        (entry,) = entries(_seen(as_seal("Comirnaty", disease)))
        assert entry["tg"] == "840539006"


def test_three_doses_are_three() -> None:
    doses = [seal.dose(3, "2026-10-20")]
    (entry,) = entries(_seen(as_seal("CoronaVac", "RA01.0", *doses)))
    assert (entry["dn"], entry["sd"]) == (3, UNKNOWN)


def test_a_year_of_birth_stays_a_year() -> None:
    said = card.payload(card.bundle(card.patient(birthDate="2015"), immunisation([("cvx", "218")])))
    assert _seen(numeric(token(said, MINISTRY))).worlds[0]["dob"] == "2015"


def test_a_device_that_is_not_stated_is_unknown() -> None:
    (entry,) = entries(_seen(_swab(loinc="94558-4")))
    assert (entry["tt"], entry["ma"], entry["nm"]) == ("LP217198-3", UNKNOWN, UNKNOWN)
    rapid = as_ddcc_test(type=coding(LOINC, "94558-4"), brand={"code": "1232"})
    assert entries(_seen(rapid))[0]["ma"] == "1232"


# What families cannot say.


def test_a_pass_that_says_a_status_is_nothing_to_evaluate() -> None:
    presented = _seen(covid_pass(subject(7)))
    assert presented.certificate_type == "Vaccination"
    assert presented.diseases == ("covid-19",)
    assert (presented.worlds, presented.reasons) == ((), (Reason.STATUS_ONLY,))


def test_the_country_of_a_credential_is_that_of_its_key() -> None:
    scan = as_divoc("Covishield")
    assert entries(_seen(scan))[0]["co"] is UNKNOWN
    assert entries(_seen(scan, key_country="IN"))[0]["co"] == "IN"


def test_a_date_that_may_be_any_of_three_is_known_by_its_ends() -> None:
    within = {"effectiveStart": "2026-10-01", "effectiveUntil": "2026-10-30"}
    presented = _seen(as_divoc("Covishield", date="2026-10-20", **within))
    assert [each["dt"] for each in entries(presented)] == ["2026-10-01", "2026-10-31"]
    assert Reason.EVENT_DATE_IN_PART in presented.reasons


def test_a_prophylaxis_is_read_for_its_code() -> None:
    # Under the second version of the terms a class may stand in either of two members.
    from fixtures.divoc.content import VERSION_2  # noqa: PLC0415 - for this one
    from fixtures.divoc.content import credential as divoc_credential  # noqa: PLC0415
    from fixtures.divoc.issue import listed as signers  # noqa: PLC0415
    from fixtures.divoc.issue import scan, signed  # noqa: PLC0415

    said = divoc_credential(dose={"vaccine": "Specimen", "prophylaxis": "XM1NL1"})
    said["@context"][1] = VERSION_2
    (entry, *_) = entries(_seen(scan(signed(said, signers()["rsa"]))))
    assert (entry["mp"], entry["vp"]) == (UNKNOWN, "1157024006")


def test_an_icvp_says_no_numbers_of_doses() -> None:
    presented = _seen(as_icvp(next(iter(ICVP_PRODUCTS))))
    (entry,) = entries(presented)
    assert (entry["tg"], entry["dn"], entry["sd"]) == ("16541001", UNKNOWN, UNKNOWN)
    assert len(presented.products) == 1
    for older in (icvp.second(), icvp.first()):
        scan = who.scan(who.claims(-6, older), of_who()["who-icvp"]["icvp"])
        assert _seen(scan).disease == "yellow-fever"
