"""``rules check`` on the rules that countries shared: every test is run, what is broken is told."""

from collections import Counter

import pytest
from support.conformance import conformance

from trustlists.rules.checking import check_rules
from verifier.rules.linting.codes import Code, Severity


def test_all_tests_of_the_shared_rules_are_run_and_passed() -> None:
    report = check_rules(conformance("rules", "country-rules"))
    assert (report.rules, report.tests, report.passed) == (94, 632, 632)
    errors = [each for each in report.findings if each.severity is Severity.ERROR]
    assert [(each.code, each.file) for each in errors] == [
        (Code.RULE_BROKEN, "MT/RR-MT-0001/TR-MT-0001.json"),
        (Code.NOT_CERTLOGIC, "MT/VR-MT-0005/VR-MT-0005.json"),
    ]
    # Only Malta has given none.
    untested = [each.file[:2] for each in report.findings if each.code is Code.UNTESTED]
    assert Counter(untested) == {"MT": 6}


@pytest.mark.parametrize(
    ("country", "tests"),
    [("AT", 101), ("DE", 68), ("EU", 101), ("FR", 130), ("IE", 135), ("NL", 4), ("PL", 93)],
)
def test_a_country_by_itself_has_no_errors(country: str, tests: int) -> None:
    report = check_rules(conformance("rules", "country-rules", country))
    assert (report.tests, report.passed) == (tests, tests)
    assert not report.reaches(Severity.ERROR)


def test_codes_that_no_certificate_carries_are_found_in_published_rules() -> None:
    report = check_rules(conformance("rules", "country-rules", "FR"))
    unknown = {each.detail for each in report.findings if each.code is Code.CODE_UNKNOWN}
    assert unknown == {"R-Covi", "Covid-19 vaccine (recombinante)"}
