"""Which rules decide: each step of the notes, 2 and 3, by itself and in any order of the list."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rules import read

from verifier.claims import Kind
from verifier.rules.rule import ACCEPTANCE, INVALIDATION, Rule
from verifier.rules.ruleset import Provenance, RuleSet
from verifier.rules.selection import OpenRule, Selection, Why, select
from verifier.trust import Environment, TrustList

BEGINS, ENDS = 1_767_225_600, 1_798_761_600  # the year 2026, as the rules have it
AT = 1_780_000_000
DAY = 86_400


def provenance(name: str = "list", *, as_of: int = AT, anchor: str = "somebody") -> Provenance:
    listed = TrustList(name, Environment.SPECIMEN, as_of)
    return Provenance(listed, "rules.json", "json", None, anchor)


def rule_set(*rules: Rule, country: str = "FR", as_of: int = AT, **members: Any) -> RuleSet:
    source = provenance(as_of=as_of)
    return RuleSet(
        country, rules, sources=((ACCEPTANCE, source), (INVALIDATION, source)), **members
    )


def chosen(*rules: Rule, issuer_set: RuleSet | None = None, **how: Any) -> Selection:
    asked: dict[str, Any] = {"issuer": "DE", "kind": Kind.VACCINATION, "at": AT, **how}
    return select(rule_set(*rules), issuer_set, **asked)


def names(rules: Sequence[Rule | OpenRule]) -> list[str]:
    return [rule.identifier for rule in rules]


# 1. Countries and types


def test_acceptance_is_the_destination_s_and_invalidation_the_issuer_s() -> None:
    french = [read("GR-FR-0001"), read("IR-FR-0001")]
    german = rule_set(read("GR-DE-0001"), read("IR-DE-0001"), country="DE")
    found = chosen(*french, issuer_set=german)
    assert (names(found.acceptance), names(found.invalidation)) == (["GR-FR-0001"], ["IR-DE-0001"])
    assert (found.open, found.none_in_force) == ((), False)


def test_an_issuer_without_rules_is_usual() -> None:
    for german in (None, rule_set(read("GR-DE-0001"), country="DE")):
        found = chosen(read(), issuer_set=german)
        assert (found.invalidation, found.open) == ((), ())


def test_at_home_one_set_has_both() -> None:
    own = rule_set(read("GR-FR-0001"), read("IR-FR-0001"))
    found = select(own, own, issuer="FR", kind=Kind.VACCINATION, at=AT)
    assert (names(found.acceptance), names(found.invalidation)) == (["GR-FR-0001"], ["IR-FR-0001"])


def test_countries_are_compared_without_case_and_by_their_usual_second_names() -> None:
    german = rule_set(read("IR-DE-0001", Country="de"), country="DE")
    assert chosen(read(Country="fr"), issuer_set=german, issuer="deu").invalidation
    greek = rule_set(read("IR-EL-0001"), country="GR")
    assert chosen(read(), issuer_set=greek, issuer="EL").invalidation


def test_other_types_never_decide_on_entry() -> None:
    found = chosen(read("GR-FR-0001", Type="BoosterNotification"))
    assert (found.acceptance, found.open, found.none_in_force) == ((), (), True)


def test_rules_of_another_country_in_a_set_do_not_count() -> None:
    assert chosen(read("GR-DE-0001")).none_in_force


# 2. The type of certificate


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Kind.VACCINATION, ["GR-FR-0001", "VR-FR-0001"]),
        (Kind.TEST, ["GR-FR-0001", "TR-FR-0001"]),
        (Kind.RECOVERY, ["GR-FR-0001", "RR-FR-0001"]),
        (Kind.EXEMPTION, ["GR-FR-0001"]),
    ],
)
def test_a_rule_is_for_its_kind_or_for_all(kind: Kind, wanted: list[str]) -> None:
    every = [read(f"{letter}R-FR-0001") for letter in "GVTR"]
    assert names(chosen(*every, kind=kind).acceptance) == wanted


def test_a_rule_for_a_kind_that_nobody_knows_is_open() -> None:
    found = chosen(read(), read("VR-FR-0002", CertificateType="Pet"))
    assert [(each.identifier, each.why) for each in found.open] == [
        ("VR-FR-0002", Why.CERTIFICATE_TYPE)
    ]


# 3. Time


@pytest.mark.parametrize(
    ("at", "counts"), [(BEGINS - 1, False), (BEGINS, True), (ENDS, True), (ENDS + 1, False)]
)
def test_both_ends_of_the_time_belong_to_it(at: int, *, counts: bool) -> None:
    found = select(rule_set(read(), as_of=ENDS + 1), None, issuer="DE", kind=Kind.TEST, at=at)
    assert (bool(found.acceptance), found.none_in_force) == (counts, not counts)
    assert not found.open


def test_a_rule_that_was_over_when_its_list_was_made_is_over() -> None:
    old = read("GR-FR-0002", ValidTo="2026-02-01T00:00:00Z")
    assert not chosen(read(), old).open


def test_a_rule_that_has_lapsed_since_its_list_was_made_is_open() -> None:
    old = read("GR-FR-0002", ValidTo="2026-06-01T00:00:00Z")
    found = select(
        rule_set(read(), old, as_of=BEGINS + DAY), None, issuer="DE", kind=Kind.TEST, at=ENDS - DAY
    )
    assert names(found.acceptance) == ["GR-FR-0001"]
    assert [(each.identifier, each.version, each.why) for each in found.open] == [
        ("GR-FR-0002", "1.0.0", Why.LAPSED)
    ]


def test_nobody_knows_when_a_list_without_a_source_was_made() -> None:
    old = read(ValidTo="2026-02-01T00:00:00Z")
    found = select(RuleSet("FR", (old,)), None, issuer="DE", kind=Kind.TEST, at=AT)
    assert ([each.why for each in found.open], found.none_in_force) == ([Why.LAPSED], True)


def test_a_rule_whose_next_version_is_in_force_has_not_lapsed() -> None:
    old = read(ValidTo="2026-03-01T00:00:00Z")
    new = read(Version="1.0.1", ValidFrom="2026-03-01T00:00:01Z")
    found = select(rule_set(old, new, as_of=BEGINS), None, issuer="DE", kind=Kind.TEST, at=AT)
    assert ([rule.version for rule in found.acceptance], found.open) == ([(1, 0, 1)], ())


# 4. Region


def test_a_region_s_rules_take_the_place_of_the_country_s() -> None:
    both = [read("GR-FR-0001"), read("GR-FR-0002", Region=" idf ")]
    assert names(chosen(*both).acceptance) == ["GR-FR-0001"]
    assert names(chosen(*both, region="IDF").acceptance) == ["GR-FR-0002"]
    assert names(chosen(*both, region=" Idf ").acceptance) == ["GR-FR-0002"]
    assert chosen(*both, region="BRE").none_in_force


def test_invalidation_knows_no_region() -> None:
    german = rule_set(read("IR-DE-0001", Region="BY"), country="DE")
    assert chosen(read(), issuer_set=german).invalidation
    assert chosen(read(Region="IDF"), issuer_set=german, region="IDF").invalidation


# 5. Versions


def test_versions_are_compared_as_numbers() -> None:
    [found] = chosen(*(read(Version=f"1.{n}.0") for n in (9, 10, 100, 2))).acceptance
    assert found.version == (1, 100, 0)


def test_a_version_to_come_does_not_hide_the_one_in_force() -> None:
    future = read(Version="2.0.0", ValidFrom="2026-12-01T00:00:00Z")
    [found] = chosen(read(), future).acceptance
    assert found.version == (1, 0, 0)
    [found] = chosen(read(), future, at=ENDS).acceptance
    assert found.version == (2, 0, 0)


def test_two_texts_of_one_version_both_decide() -> None:
    one, other = read(), read(Logic={"!": [True]})
    assert len(chosen(one, other, one).acceptance) == 2


# 6. No rule


def test_no_rule_is_said_and_is_not_a_rule_that_is_met() -> None:
    empty = chosen()
    assert (empty.acceptance, empty.open, empty.none_in_force) == ((), (), True)
    assert chosen(read("TR-FR-0001")).none_in_force  # only for tests


# Section 3: what cannot be run here


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"Engine": "AT-METADATA"}, Why.ENGINE),
        ({"EngineVersion": "1.3.4"}, Why.ENGINE_VERSION),
        ({"EngineVersion": "2.0.1"}, Why.ENGINE_VERSION),
        ({"SchemaVersion": "1.3.1"}, Why.SCHEMA_VERSION),
        ({"SchemaVersion": "2.0.0"}, Why.SCHEMA_VERSION),
        ({"SchemaVersion": "0.9.0"}, Why.SCHEMA_VERSION),
        ({"Logic": {"no such operator": [1]}}, Why.LOGIC),
    ],
)
def test_what_cannot_be_run_is_open_and_named(members: dict[str, Any], why: Why) -> None:
    found = chosen(read("GR-FR-0001"), read("VR-FR-0002", Version="1.0.9", **members))
    assert names(found.acceptance) == ["GR-FR-0001"]
    [left] = found.open
    assert (left.identifier, left.version, left.why) == ("VR-FR-0002", "1.0.9", why)
    assert left.rule is not None
    alone = chosen(read("VR-FR-0002", **members))
    assert (alone.acceptance, len(alone.open), alone.none_in_force) == ((), 1, False)


def test_an_older_version_does_not_stand_in_for_one_that_cannot_be_run() -> None:
    found = chosen(read(), read(Version="1.0.1", EngineVersion="9.0.0"))
    assert (found.acceptance, names(found.open)) == ((), ["GR-FR-0001"])


@pytest.mark.parametrize("version", ["0.1.0", "0.7.5", "0.8.0", "1.0.0", "1.3.3"])
def test_published_engine_versions_can_be_run(version: str) -> None:
    assert chosen(read(EngineVersion=version)).acceptance


def test_the_payload_s_version_may_be_given() -> None:
    assert chosen(read(SchemaVersion="1.0.0"), payload=(1, 0, 0)).acceptance
    assert chosen(read(SchemaVersion="1.2.0"), payload=(1, 0, 0)).open


# Rules that could not be read


def test_an_incomplete_set_is_open() -> None:
    french = rule_set(read(), incomplete=("TR-FR-0009", "odd.json", "IR-FR-0009"))
    german = rule_set(country="DE", incomplete=("IR-DE-0009", "VR-DE-0009"))
    found = select(french, german, issuer="DE", kind=Kind.TEST, at=AT)
    assert found.open == tuple(
        OpenRule(name, "", Why.BROKEN, None) for name in ("TR-FR-0009", "odd.json", "IR-DE-0009")
    )


# The order of the list

VERSIONS = st.builds(
    lambda number, version, starts, ends, region, logic: read(
        f"GR-FR-000{number}",
        Version=f"1.{version}.0",
        ValidFrom=f"2026-{starts:02d}-01T00:00:00Z",
        ValidTo=f"2026-{ends:02d}-28T00:00:00Z",
        Region=region,
        Logic={"===": [logic, 1]},
    ),
    st.integers(1, 3),
    st.integers(0, 12),
    st.integers(1, 6),
    st.integers(6, 12),
    st.sampled_from(["", "IDF"]),
    st.integers(1, 2),
)


@given(st.lists(VERSIONS, max_size=8), st.randoms(), st.integers(BEGINS, ENDS))
def test_the_order_of_the_list_does_not_matter(rules: list[Rule], chance: Any, at: int) -> None:
    first = chosen(*rules, at=at)
    chance.shuffle(rules)
    assert chosen(*rules, at=at) == first


@given(st.lists(VERSIONS, max_size=8), st.integers(BEGINS, ENDS), st.integers(1, 3))
def test_what_is_to_come_never_changes_what_is(rules: list[Rule], at: int, number: int) -> None:
    future = read(f"GR-FR-000{number}", Version="9.0.0", ValidFrom="2027-01-01T00:00:00Z")
    future = future._replace(valid_from=at + 1, valid_to=max(at + 1, ENDS))
    assert chosen(*rules, future, at=at) == chosen(*rules, at=at)


@given(st.lists(VERSIONS, max_size=8), st.integers(BEGINS, ENDS))
def test_what_is_selected_is_the_highest_in_force(rules: list[Rule], at: int) -> None:
    found = chosen(*rules, at=at)
    for identifier in {rule.identifier for rule in rules}:
        current = [
            rule.version
            for rule in rules
            if rule.identifier == identifier
            and not rule.region
            and rule.valid_from <= at <= rule.valid_to
        ]
        got = {rule.version for rule in found.acceptance if rule.identifier == identifier}
        assert got == ({max(current)} if current else set())


# Whose rules they are


def test_a_set_says_where_it_is_from_and_whether_to_believe_it() -> None:
    signed, bare = provenance("signed"), provenance("bare", anchor="")
    both = RuleSet("FR", (), sources=((ACCEPTANCE, signed), (INVALIDATION, signed)))
    assert (both.provenance, both.authenticated) == ((signed,), True)
    assert not both._replace(values_from=(bare,)).authenticated
    mixed = both._replace(sources=((ACCEPTANCE, signed), (INVALIDATION, bare)))
    assert (mixed.provenance, mixed.authenticated) == ((signed, bare), False)
    assert mixed.source_of("BoosterNotification") is None
    other = both._replace(sources=(("BoosterNotification", bare), (ACCEPTANCE, signed)))
    assert other.authenticated
    assert not RuleSet("FR", ()).authenticated
