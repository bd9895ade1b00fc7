"""Reading one rule: leniently what it is called, strictly what it says."""

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rules import read, rule

from verifier.errors import RuleSetInvalid
from verifier.rules.certlogic import Truth
from verifier.rules.rule import Expression, read_rule, version_text


def test_a_rule_says_what_its_members_say() -> None:
    found = read("VR-FR-0001", Version="1.2.30", Region="IDF", EngineVersion="1.0.0")
    assert (found.identifier, found.type, found.country) == ("VR-FR-0001", "Acceptance", "FR")
    assert (found.version, found.engine_version) == ((1, 2, 30), (1, 0, 0))
    assert (found.schema_version, found.engine) == ((1, 0, 0), "CERTLOGIC")
    assert (found.certificate_type, found.region) == ("Vaccination", "IDF")
    assert (found.valid_from, found.valid_to) == (1_767_225_600, 1_798_761_600)
    assert found.affected == ("v.0",)
    assert version_text(found.version) == "1.2.30"
    assert found == read("VR-FR-0001", Version="1.2.30", Region="IDF", EngineVersion="1.0.0")


@pytest.mark.parametrize("region", [None, "", "  "])
def test_no_region_is_the_whole_country(region: str | None) -> None:
    assert not read(Region=region).region


def test_renamed_members_are_found() -> None:
    renamed = {name[0].lower() + name[1:]: value for name, value in rule().items()}
    assert read_rule(renamed) == read()
    renamed["countryCode"] = renamed.pop("country")
    renamed["ruleCertificateType"] = renamed.pop("certificateType").upper()
    renamed["affectedString"] = renamed.pop("affectedFields")
    renamed["type"] = "ACCEPTANCE"
    del renamed["description"]
    renamed["descriptions"] = {each["lang"]: each["desc"] for each in rule()["Description"]}
    assert read_rule(renamed) == read()


def test_members_and_types_that_nobody_knows_are_no_fault() -> None:
    found = read(hash="00", Type="BoosterNotification", Engine="at-metadata")
    assert (found.type, found.engine) == ("BoosterNotification", "AT-METADATA")


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("Identifier", None, "Identifier of the rule is missing"),
        ("Identifier", "  ", "Identifier of the rule is missing"),
        ("Identifier", 7, "Identifier of the rule is missing"),
        ("Identifier", "x" * 101, "Identifier of the rule is no name"),
        ("Identifier", "GR-\x1b[2J", "Identifier of the rule is no name"),
        ("Type", None, "Type of the rule is missing"),
        ("Country", "Frankreich", "Country of the rule is no code"),
        ("Country", "XX", "Country of the rule is no code"),
        ("Region", 7, "Region of the rule is missing"),
        ("Version", "1.0", "Version of the rule is no version"),
        ("Version", "1.0.x", "Version of the rule is no version"),
        ("SchemaVersion", None, "SchemaVersion of the rule is missing"),
        ("EngineVersion", "one", "EngineVersion of the rule is no version"),
        ("ValidFrom", "2026-01-01", "ValidFrom of the rule is no date"),
        ("ValidFrom", "2026-01-01T00:00:00", "ValidFrom of the rule is no date"),
        ("ValidFrom", "22022-01-15T00:00:00Z", "ValidFrom of the rule is no date"),
        ("ValidTo", "2026-02-30T00:00:00Z", "ValidTo of the rule is no date"),
        ("ValidTo", "2025-01-01T00:00:00Z", "ValidTo of the rule is before ValidFrom"),
        ("Logic", None, "Logic of the rule is no CertLogic"),
        ("Logic", True, "Logic of the rule is no CertLogic"),
        ("Logic", {}, "Logic of the rule is no CertLogic"),
    ],
)
def test_a_broken_member_is_named(member: str, value: object, words: str) -> None:
    with pytest.raises(RuleSetInvalid, match=words) as raised:
        read(**{member: value})
    assert raised.value.fault == "rule_broken"
    assert str(raised.value).count("\n") == 1


def test_times_have_an_offset_and_may_have_a_fraction() -> None:
    found = read(ValidFrom="2026-01-01t01:00:00.000+01:00", ValidTo="2027-01-01T00:00:00z")
    assert (found.valid_from, found.valid_to) == (read().valid_from, read().valid_to)


def test_descriptions_fall_back_to_english_and_then_to_any() -> None:
    found = read()
    assert found.describe("de").startswith("Eine Regel")
    assert found.describe("DE-at").startswith("Eine Regel")
    assert found.describe("fr").startswith("A specimen")
    assert read(Description=[{"lang": "de", "desc": " Nur so. "}]).describe("fr") == "Nur so."


@pytest.mark.parametrize(
    "listed", [None, "text", [], [7, {"lang": 1, "desc": "x"}, {"lang": "en"}]]
)
def test_a_rule_without_a_description_is_a_rule(listed: object) -> None:
    assert not read(Description=listed).describe("en")


@pytest.mark.parametrize("listed", [None, "v.0", [1]])
def test_a_rule_that_names_no_fields_is_a_rule(listed: object) -> None:
    assert read(AffectedFields=listed).affected == ()


def test_logic_is_compiled_when_it_is_asked_for_and_once() -> None:
    found = read(Logic={"===": [{"var": "payload.v.0.dn"}, 2]})
    assert found.logic is found.logic
    assert found.logic.judge({"payload": {"v": [{"dn": 2}]}}) is Truth.PASSED
    broken = read(Logic={"no such operator": [1]})
    with pytest.raises(RuleSetInvalid):
        _ = broken.logic


def test_another_process_gets_the_rule_and_compiles_for_itself() -> None:
    found = read()
    _ = found.logic
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert copy == found
    assert copy.logic.judge({}) is found.logic.judge({})


def test_expressions_are_equal_by_what_they_say() -> None:
    one, same, other = Expression({"a": 1}), Expression({"a": 1}), Expression({"a": 2})
    assert one == same
    assert hash(one) == hash(same)
    assert one not in {other, "a"}
    assert Expression({"a": True}) != one


@given(
    st.dictionaries(
        st.sampled_from([*rule(), "identifier", "countryCode", "descriptions", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=30),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
            ),
        ),
    )
)
def test_any_members_make_a_rule_or_are_refused(members: dict[str, Any]) -> None:
    try:
        found = read_rule({**rule(), **members})
    except RuleSetInvalid:
        return
    assert found.valid_from <= found.valid_to
    assert isinstance(found.describe("en"), str)
