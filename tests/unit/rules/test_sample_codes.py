import pytest

from verifier.claims import Coded
from verifier.rules.diseases import disease_of, target_of
from verifier.rules.sample_codes import (
    ANTIGEN,
    DETECTED,
    NAAT,
    NOT_DETECTED,
    Kind,
    kind_of,
    result_of,
)


@pytest.mark.parametrize(
    ("codes", "kind", "tt"),
    [
        ([("loinc", "94500-6")], Kind.NAAT, NAAT),
        ([("loinc", "94558-4")], Kind.ANTIGEN, ANTIGEN),
        ([("loinc", "LP6464-4")], Kind.NAAT, NAAT),
        ([("icd11", "1334426561")], Kind.NAAT, NAAT),
        ([("ichi", "2056159157")], Kind.ANTIGEN, ANTIGEN),
        ([("vds-nc", "molecular(other)")], Kind.NAAT, NAAT),
        ([("vds-nc", " Molecular(PCR) ")], Kind.NAAT, NAAT),
        ([("divoc", "RT-PCR")], Kind.NAAT, NAAT),
        ([("unstated", "LP217198-3")], Kind.ANTIGEN, ANTIGEN),
        # Numbers and panels are of the kind, and no test of a DCC.
        ([("loinc", "94311-8")], Kind.NAAT, ""),
        ([("loinc", "95942-9")], Kind.ANTIGEN, ""),
        # A number beside the plain answer of the same kind.
        ([("loinc", "94500-6"), ("loinc", "94311-8")], Kind.NAAT, ""),
        ([("loinc", "98069-8")], Kind.ANTIBODY, ""),
        ([("loinc", "94504-8")], Kind.ANTIBODY, ""),
        # What does not agree, what is not known, and what is a word in no such family.
        ([("loinc", "94500-6"), ("loinc", "94558-4")], Kind.UNKNOWN, ""),
        ([("loinc", "99999-9")], Kind.UNKNOWN, ""),
        ([("loinc", "99999-9"), ("loinc", "94500-6")], Kind.NAAT, NAAT),
        ([("loinc", "antigen")], Kind.UNKNOWN, ""),
        ([], Kind.UNKNOWN, ""),
    ],
)
def test_a_test_is_of_the_kind_that_all_its_codes_say(
    codes: list[Coded], kind: Kind, tt: str
) -> None:
    meaning = kind_of(codes)
    assert (meaning.kind, meaning.tt) == (kind, tt)


def test_some_kinds_prove_nothing_about_today() -> None:
    for code in ("94507-1", "95970-0", "94763-0", "96741-4"):
        assert kind_of([("loinc", code)]).proves_nothing
    for code in ("94500-6", "94558-4", "94822-4", "94311-8", "0"):
        assert not kind_of([("loinc", code)]).proves_nothing


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([("snomed", "260415000")], NOT_DETECTED),
        ([("snomed", "10828004")], DETECTED),
        ([("loinc", "LA6577-6")], NOT_DETECTED),
        ([("icd11", "RA01.1")], NOT_DETECTED),
        ([("vds-nc", "NEGATIVE")], NOT_DETECTED),
        # One answer in two systems, and one code that is not known beside it.
        ([("snomed", "260415000"), ("loinc", "LA6577-6")], NOT_DETECTED),
        ([("snomed", "260415000"), ("https://specimen.example", "N")], NOT_DETECTED),
        # Neither, both, none.
        ([("snomed", "419984006")], ""),
        ([("snomed", "260415000"), ("snomed", "419984006")], ""),
        ([("snomed", "260415000"), ("snomed", "260373001")], ""),
        ([("snomed", "0")], ""),
        ([("loinc", "260415000")], ""),
        ([], ""),
    ],
)
def test_a_result_is_a_plain_yes_or_no_or_nothing(answers: list[Coded], result: str) -> None:
    assert result_of([("loinc", "94500-6")], answers) == result


def test_a_positive_answer_of_a_test_for_several_viruses_names_the_one_or_nothing() -> None:
    several, related = [("loinc", "95423-0")], [("loinc", "94310-0")]
    assert result_of(several, [("snomed", "260373001")]) == ""
    assert result_of(several, [("snomed", "407479009")]) == ""
    assert result_of(several, [("snomed", "840533007")]) == DETECTED
    assert result_of(several, [("snomed", "260415000")]) == NOT_DETECTED
    assert result_of(related, [("snomed", "840533007")]) == ""
    assert result_of(related, [("snomed", "260415000")]) == NOT_DETECTED


@pytest.mark.parametrize(
    ("coded", "disease"),
    [
        (("snomed", "840539006"), "covid-19"),
        (("icd11", "RA01"), "covid-19"),
        (("icd11", "RA01.0"), "covid-19"),
        (("icd11", "RA01.1"), ""),
        (("icd11", "XN161"), "covid-19"),
        (("unstated", "840539006"), "covid-19"),
        (("icd11", "840539006"), ""),
        (("icd11", ""), ""),
        (("", ""), ""),
        (None, ""),
    ],
)
def test_a_disease_is_known_by_its_codes(coded: Coded | None, disease: str) -> None:
    assert disease_of(coded) == disease


def test_rules_know_diseases_by_snomed() -> None:
    assert target_of("covid-19") == "840539006"
    assert target_of("yellow-fever") == "16541001"
