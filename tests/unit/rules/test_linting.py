"""Every code of the lint: a rule that it is told of, and one that is nearly so and is not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.entry_rules import aged, rule

from verifier.errors import RuleSetInvalid
from verifier.limits import LOGIC_NODES
from verifier.rules.certlogic import compile_logic
from verifier.rules.linting.codes import MEANINGS, Code, Finding, Severity
from verifier.rules.linting.linting import lint
from verifier.rules.linting.reading import known_values, literals
from verifier.rules.linting.trials import passes, unreached
from verifier.rules.linting.written import Trial, WrittenRule
from verifier.rules.valuesets import ValueSet, ValueSets

ENTRY = {"var": "payload.v.0"}
PRODUCT = {"var": "payload.v.0.mp"}
NUMBER = {"var": "payload.v.0.dn"}
TOTAL = {"var": "payload.v.0.sd"}
COUNTRY = {"var": "payload.v.0.co"}
UVCI = {"var": "payload.v.0.ci"}
SOUND: dict[str, Any] = {">=": [NUMBER, TOTAL]}
TRUE, FALSE = {"===": [1, 1]}, {"===": [1, 2]}
LONG = "A description of at least twenty characters."
SETS = {"var": "external.valueSets.vaccines-covid-19-names"}
ISSUER = {"var": "external.issuerCountryCode"}
CURRENT = {"reduce": [{"var": "payload.v"}, {"===": [{"var": "current.co"}, "DE"]}, True]}


def written(
    logic: Any = SOUND,
    identifier: str = "VR-FR-0001",
    tests: Sequence[tuple[Any, Any]] = (),
    file: str = "rule.json",
    **members: Any,
) -> WrittenRule:
    """Write a rule without a fault; its fields are those that it reads."""
    try:
        paths = sorted(compile_logic(logic).paths)
    except RuleSetInvalid:
        paths = []
    fields = [path.removeprefix("payload.") for path in paths if path.startswith("payload.")]
    members = {
        "AffectedFields": fields or ["v.0"],
        "Description": [{"lang": "en", "desc": LONG}],
        **members,
    }
    trials = tuple(
        Trial(f"tests/{place}.json", payload, {"validationClock": "2026-11-18T12:00:00Z"}, expected)
        for place, (payload, expected) in enumerate(tests)
    )
    return WrittenRule(file, rule(identifier, logic, **members), trials)


def entry(**members: Any) -> dict[str, Any]:
    return {"v": [members]}


PASSED = (entry(dn=2, sd=2), True)


class Case(NamedTuple):
    """Rules that a code is told of, and rules that are nearly so."""

    code: Code
    told: Sequence[WrittenRule]
    near: Sequence[WrittenRule]


def one(code: Code, told: WrittenRule, near: WrittenRule) -> Case:
    return Case(code, [told], [near])


NO_VALUES = ValueSets()
GAP = {"ValidTo": "2024-01-01T00:00:00Z"}
FUTURE = {"Version": "2.0.0", "ValidFrom": "2024-01-02T00:00:00Z"}
SECOND = {"Version": "2.0.0", "ValidFrom": "2024-01-01T00:00:01Z"}

CASES = [
    one(Code.NOT_CERTLOGIC, written({"if": [ENTRY, True]}), written({"if": [ENTRY, True, False]})),
    one(Code.ENGINE_UNKNOWN, written(Engine="OTHER"), written(Engine="certlogic")),
    one(Code.ENGINE_TOO_NEW, written(EngineVersion="1.3.4"), written(EngineVersion="1.3.3")),
    one(Code.SCHEMA_TOO_NEW, written(SchemaVersion="1.3.1"), written(SchemaVersion="1.3.0")),
    one(Code.SCHEMA_TOO_NEW, written(SchemaVersion="2.0.0"), written(SchemaVersion="1.0.0")),
    one(
        Code.CERTIFICATE_TYPE_UNKNOWN,
        written(CertificateType="Exemption"),
        written(CertificateType="VACCINATION"),
    ),
    one(Code.NOT_FOR_ENTRY, written(Type="BoosterNotification"), written(Type="ACCEPTANCE")),
    one(Code.IDENTIFIER_FORM, written(identifier="VR-FR-001"), written(identifier="VR-FR-0010")),
    one(
        Code.PREFIX_DIFFERS,
        written(identifier="IR-FR-0001", Type="Acceptance"),
        written(identifier="IR-FR-0001", Type="Invalidation"),
    ),
    one(Code.PREFIX_DIFFERS, written(CertificateType="Test"), written()),
    one(Code.COUNTRY_DIFFERS, written(Country="DE"), written(Country="FR")),
    one(Code.REGION_FORM, written(Region="BRETAGNE"), written(Region="BR")),
    one(
        Code.WINDOW_SHORT,
        written(ValidFrom="2026-01-01T00:00:00Z", ValidTo="2026-01-03T23:59:59Z"),
        written(ValidFrom="2026-01-01T00:00:00Z", ValidTo="2026-01-04T00:00:00Z"),
    ),
    one(
        Code.NO_ENGLISH,
        written(Description=[{"lang": "fr", "desc": LONG}]),
        written(Description=[{"lang": "EN", "desc": LONG}]),
    ),
    one(
        Code.DESCRIPTION_SHORT,
        written(Description=[{"lang": "en", "desc": "n" * 19}]),
        written(Description=[{"lang": "en", "desc": "n" * 20}]),
    ),
    one(
        Code.FIELD_NOT_LISTED,
        written(AffectedFields=["v.0.dn"]),
        written({"if": [ENTRY, SOUND, True]}, AffectedFields=["v.0.dn", "v.0.sd"]),
    ),
    one(
        Code.FIELD_NOT_READ,
        written(AffectedFields=["v.0.dn", "v.0.sd", "v.0.mp"]),
        written(AffectedFields=["v.0", "v.0.dn", "v.0.sd"]),
    ),
    one(
        Code.ALWAYS_TRUE,
        written({"if": [True, True, ENTRY]}),
        written({"!": [{"var": "payload.v.1"}]}),
    ),
    one(
        Code.ALWAYS_TRUE,
        written({"if": [ENTRY, TRUE, True]}),
        written({"if": [ENTRY, True, False]}),
    ),
    one(
        Code.ALWAYS_FALSE,
        written({"and": [{"===": [NUMBER, 1]}, {"===": [NUMBER, 2]}]}),
        written({"and": [{"===": [NUMBER, 1]}, {"===": [TOTAL, 2]}]}),
    ),
    # A test of its own that it passes shows that it can be met.
    one(
        Code.ALWAYS_FALSE,
        written({"===": [NUMBER, 77]}),
        written({"===": [NUMBER, 77]}, tests=[(entry(dn=77), True)]),
    ),
    one(
        Code.ALWAYS_OPEN,
        written({">": [{"var": "payload.v.0.zz"}, 1]}),
        written({">": [NUMBER, 1]}),
    ),
    Case(
        Code.CONTRADICTORY,
        [
            written({"===": [PRODUCT, "CoronaVac"]}),
            written({"===": [PRODUCT, "Covaxin"]}, identifier="VR-FR-0002"),
        ],
        [
            written({"===": [PRODUCT, "CoronaVac"]}),
            written({"in": [PRODUCT, ["CoronaVac", "Covaxin"]]}, identifier="VR-FR-0002"),
        ],
    ),
    # Rules of other times, regions and certificates are never asked together.
    Case(
        Code.CONTRADICTORY,
        [
            written({"===": [PRODUCT, "CoronaVac"]}),
            written({"===": [PRODUCT, "Covaxin"]}, identifier="VR-FR-0002"),
        ],
        [
            written({"===": [PRODUCT, "CoronaVac"]}, ValidTo="2026-01-01T00:00:00Z"),
            written(
                {"===": [PRODUCT, "Covaxin"]},
                identifier="VR-FR-0002",
                ValidFrom="2026-01-02T00:00:00Z",
            ),
            written({"===": [PRODUCT, "Covishield"]}, identifier="VR-FR-0003", Region="BR"),
            written({"===": [{"var": "payload.t.0.tt"}, "LP6464-4"]}, identifier="TR-FR-0001"),
        ],
    ),
    Case(
        Code.NOBODY_PASSES,
        [
            written({"in": [PRODUCT, ["Covishield", "CoronaVac"]]}),
            written({"in": [PRODUCT, ["Covishield", "Covaxin"]]}, identifier="VR-FR-0002"),
            written({"in": [PRODUCT, ["CoronaVac", "Covaxin"]]}, identifier="VR-FR-0003"),
        ],
        [
            written({"in": [PRODUCT, ["Covishield", "Covaxin"]]}, identifier="VR-FR-0002"),
            written({"in": [PRODUCT, ["CoronaVac", "Covaxin"]]}, identifier="VR-FR-0003"),
        ],
    ),
    Case(
        Code.SHADOWED,
        [written(), written(Version="1.0.1")],
        [written(), written(Version="1.0.1", ValidFrom="2020-01-01T00:00:01Z")],
    ),
    # Two higher versions may cover it together.
    Case(
        Code.SHADOWED,
        [
            written(),
            written(Version="1.0.1", ValidTo="2024-01-01T00:00:00Z"),
            written(Version="1.0.2", ValidFrom="2024-01-01T00:00:01Z"),
        ],
        [
            written(),
            written(Version="1.0.1", ValidTo="2024-01-01T00:00:00Z"),
            written(Version="1.0.2", ValidFrom="2024-01-01T00:00:02Z"),
        ],
    ),
    Case(
        Code.SHADOWED,
        [written(**GAP), written(Version="1.0.1")],
        [written(), written(Version="1.0.1", **GAP)],
    ),
    Case(
        Code.TWO_TEXTS,
        [written(), written({">": [NUMBER, TOTAL]}, file="other.json")],
        [written(), written(file="copy.json")],
    ),
    Case(
        Code.TWO_TEXTS,
        [written(**GAP), written({">": [NUMBER, TOTAL]}, ValidFrom="2024-01-01T00:00:00Z")],
        [written(**GAP), written({">": [NUMBER, TOTAL]}, ValidFrom="2024-01-01T00:00:01Z")],
    ),
    Case(Code.GAP, [written(**GAP), written(**FUTURE)], [written(**GAP), written(**SECOND)]),
    one(
        Code.VALUE_SET_UNKNOWN,
        written({"in": [PRODUCT, {"var": "external.valueSets.nowhere"}]}),
        written({"in": [PRODUCT, SETS]}),
    ),
    one(
        Code.CODE_UNKNOWN,
        written({"in": [PRODUCT, ["CoronaVac", "R-Covi"]]}),
        written({"in": [PRODUCT, ["CoronaVac", "R-COVI"]]}),
    ),
    one(
        Code.CODE_UNKNOWN,
        written({"===": ["840539007", {"var": "payload.v.0.tg"}]}),
        written({"===": ["840539006", {"var": "payload.v.0.tg"}]}),
    ),
    # Devices are not known without their list; texts of other members are no codes.
    one(
        Code.CODE_UNKNOWN,
        written({"===": [COUNTRY, "UK"]}),
        written({"===": [{"var": "payload.v.0.is"}, "A ministry"]}),
    ),
    one(Code.ISSUER_CONDITION, written({"===": [ISSUER, "DE"]}), written({"===": [NUMBER, 1]})),
    one(
        Code.ISSUER_CONDITION,
        written({"===": [COUNTRY, "DE"]}),
        written({"===": [PRODUCT, "DE"]}),
    ),
    one(
        Code.ISSUER_CONDITION,
        written(CURRENT),
        written({"===": [{"var": "external.countryCode"}, "FR"]}),
    ),
    one(
        Code.HOLDER_CONDITION,
        written({"===": [{"var": "payload.nam.fnt"}, "NOBODY"]}),
        written({"===": [{"var": "payload.dob"}, "1990-01-01"]}),
    ),
    one(Code.UNTESTED, written(), written(tests=[PASSED])),
    one(
        Code.BRANCH_UNTESTED,
        written({"if": [ENTRY, SOUND, True]}, tests=[PASSED]),
        written({"if": [ENTRY, SOUND, True]}, tests=[PASSED, ({}, True)]),
    ),
    one(
        Code.BRANCH_UNTESTED,
        written({"and": [{"===": [NUMBER, 1]}, SOUND]}, tests=[(entry(dn=2, sd=2), False)]),
        written({"and": [{"===": [NUMBER, 2]}, SOUND]}, tests=[PASSED]),
    ),
    one(Code.TEST_FAILED, written(tests=[(entry(dn=1, sd=2), True)]), written(tests=[PASSED])),
    # A value that is nearly true is not true, and what cannot be evaluated is nothing.
    one(
        Code.TEST_FAILED,
        written({"+": [NUMBER, 0]}, tests=[(entry(dn=1), True)]),
        written({"+": [NUMBER, 0]}, tests=[(entry(dn=1), 1)]),
    ),
    one(
        Code.TEST_FAILED,
        written(tests=[(None, False)]),
        written({"!": [ENTRY]}, tests=[(None, True)]),
    ),
]  # fmt: skip


def found(rules: Sequence[WrittenRule], values: ValueSets = NO_VALUES) -> list[Finding]:
    return list(lint(rules, values))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.code.name}-{n}" for n, case in enumerate(CASES)]
)
def test_a_fault_is_told_and_what_is_nearly_one_is_not(case: Case) -> None:
    assert case.code in {each.code for each in found(case.told)}
    assert case.code not in {each.code for each in found(case.near)}


def test_every_code_has_words_and_a_case() -> None:
    assert set(MEANINGS) == set(Code)
    elsewhere = {
        # Of files, in the tests of the lists; and of the value sets, below.
        Code.NO_RULES, Code.RULE_BROKEN, Code.TEST_BROKEN, Code.TESTS_UNASSIGNED,
        Code.FILE_UNKNOWN, Code.VALUES_ASSUMED,
    }  # fmt: skip
    assert {case.code for case in CASES} == set(Code) - elsewhere
    assert len({meaning.what for meaning in MEANINGS.values()}) == len(Code)


def test_a_sound_rule_with_a_test_is_told_nothing_but_what_was_assumed() -> None:
    assert [each.code for each in found([written(tests=[PASSED])])] == [Code.VALUES_ASSUMED]
    assert found([]) == []


def test_value_sets_beside_the_rules_are_those_that_count() -> None:
    names = ValueSet("vaccines-covid-19-names", "2026-01-01", ("NEW-ONE",), {})
    devices = ValueSet("covid-19-lab-test-manufacturer-and-name", "2026-01-01", ("7",), {})
    values = ValueSets((names, names._replace(date="2025-01-01", codes=("OLD-ONE",)), devices))
    new = written({"in": [PRODUCT, ["NEW-ONE", "OLD-ONE"]]}, tests=[(entry(mp="NEW-ONE"), True)])
    assert found([new], values) == []
    other = written({"===": [PRODUCT, "CoronaVac"]}, tests=[(entry(mp="CoronaVac"), True)])
    [told] = found([other], values)
    assert (told.code, told.where, told.detail) == (Code.CODE_UNKNOWN, "/===/1", "CoronaVac")
    device = {"===": [{"var": "payload.t.0.ma"}, "8"]}
    test = written(device, identifier="TR-FR-0001", tests=[({"t": [{"ma": "8"}]}, True)])
    assert Code.CODE_UNKNOWN in {each.code for each in found([test], values)}
    assert Code.CODE_UNKNOWN not in {each.code for each in found([test])}
    # What is not there is missing now.
    test = written(
        {"in": [{"var": "payload.t.0.tt"}, {"var": "external.valueSets.covid-19-lab-test-type"}]}
    )
    assert Code.VALUE_SET_UNKNOWN in {each.code for each in found([test], values)}


def test_findings_name_their_place_and_come_in_the_order_of_their_codes() -> None:
    bad = written({"if": [ENTRY, {"zz": [1]}, True]}, Description=[], Region="TOOLONG")
    findings = found([bad])
    told = {each.code: each for each in findings}
    wrong = told[Code.NOT_CERTLOGIC]
    assert (wrong.file, wrong.rule, wrong.version) == ("rule.json", "VR-FR-0001", "1.0.0")
    assert wrong.where == "/if/1"
    assert wrong.severity is Severity.ERROR
    assert told[Code.REGION_FORM].detail == "TOOLONG"
    order = list(Code)
    assert [order.index(each.code) for each in findings] == sorted(
        order.index(each.code) for each in findings
    )


def test_codes_of_reduced_entries_and_numbers_are_not_looked_up() -> None:
    logic = {
        "and": [
            {"===": [NUMBER, 1]},
            {"in": [PRODUCT, [1, PRODUCT]]},
            CURRENT,
            {"in": ["x", ["y"]]},
        ]
    }
    assert list(literals(logic)) == [("/and/2/reduce/1/===/1", "current.co", "DE")]
    assert Code.CODE_UNKNOWN not in {each.code for each in found([written(logic)])}


def test_a_code_that_is_named_twice_is_told_once() -> None:
    unknown = {"in": [PRODUCT, ["NONE", "NONE"]]}
    codes = [each.code for each in found([written({"and": [unknown, unknown]})])]
    assert codes.count(Code.CODE_UNKNOWN) == 1


def test_only_rules_that_can_be_run_are_put_before_certificates() -> None:
    lone = written({"===": [PRODUCT, "CoronaVac"]})
    other = written({"===": [PRODUCT, "Covaxin"]}, identifier="VR-FR-0002", Engine="OTHER")
    national = written({"===": [PRODUCT, "Covaxin"]}, identifier="VR-FR-0003", Type="Domestic")
    abroad = written({"===": [PRODUCT, "Covaxin"]}, identifier="VR-DE-0003")
    codes = {each.code for each in found([lone, other, national, abroad])}
    assert not codes & {Code.CONTRADICTORY, Code.NOBODY_PASSES}


def test_a_rule_that_reads_the_issuer_is_asked_about_all_of_them() -> None:
    abroad = written({"!": [{"in": [ISSUER, ["DE", "AT"]]}]})
    codes = {each.code for each in found([abroad])}
    assert Code.ISSUER_CONDITION in codes
    assert not codes & {Code.ALWAYS_FALSE, Code.ALWAYS_TRUE, Code.NOBODY_PASSES}


def test_invalidation_is_not_mixed_with_acceptance() -> None:
    accept = written({"===": [PRODUCT, "CoronaVac"]})
    withdraw = written(
        {"===": [PRODUCT, "Covaxin"]}, identifier="IR-FR-0001", CertificateType="General"
    )
    codes = {each.code for each in found([accept, withdraw])}
    assert not codes & {Code.CONTRADICTORY, Code.NOBODY_PASSES}


def test_who_no_longer_counts_is_not_among_those_whom_nobody_meets() -> None:
    over = written({"===": [PRODUCT, "CoronaVac"]}, ValidTo="2024-01-01T00:00:00Z")
    now = written(
        {"in": [PRODUCT, ["Covaxin"]]}, identifier="VR-FR-0002", ValidFrom="2025-01-01T00:00:00Z"
    )
    assert Code.NOBODY_PASSES not in {each.code for each in found([over, now])}


def test_what_cannot_be_evaluated_reaches_no_branch() -> None:
    compare = {">": [{"var": "payload.v.0.zz"}, 1]}
    data = [{"payload": entry(dn=1)}]
    assert list(unreached({"if": [compare, ENTRY, PRODUCT]}, data)) == ["/if/1", "/if/2"]
    assert list(unreached({"reduce": [[], compare, 1]}, data)) == []
    assert list(unreached("text", data)) == []


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_a_test_is_passed_by_the_very_value(value: int, expected: int) -> None:
    logic = compile_logic({"+": [{"var": "payload"}, 0]})
    assert passes(logic, Trial("", value, {}, expected)) == (value == expected)
    assert not passes(logic, Trial("", value, {}, expected == 1))


@given(st.integers(1, 400), st.integers(0, 400))
def test_a_waiting_time_is_never_said_to_be_always_true(first: int, length: int) -> None:
    day = datetime(2026, 11, 18, tzinfo=UTC) - timedelta(days=first)
    test = (entry(dt=day.date().isoformat()), True)
    codes = {each.code for each in found([written(aged(first, first + length + 1), tests=[test])])}
    assert not codes & {Code.ALWAYS_TRUE, Code.ALWAYS_FALSE, Code.TEST_FAILED}


def test_known_codes_are_those_of_the_tables() -> None:
    known = known_values()
    assert "EU/1/20/1528" in known["vaccines-covid-19-names"]
    assert "NVX-CoV2373" in known["vaccines-covid-19-names"]
    assert {"DE", "XK"} <= set(known["country-2-codes"])
    assert not {"XX", "UK"} & set(known["country-2-codes"])


def test_a_large_rule_is_looked_at_as_well() -> None:
    large = written({"in": [PRODUCT, ["CoronaVac"] * (LOGIC_NODES - 3)]})
    assert Code.NOT_CERTLOGIC not in {each.code for each in found([large])}
