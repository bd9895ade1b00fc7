"""Audits and differences of the shared country rules, recomputed here in other words.

Nothing of the survey is used to recompute: the certificates are written here from the third-party
tables of codes and axes, the rules are read from their files, and the engine is asked directly.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support.conformance import conformance
from support.rules import take

from trustlists import TrustStore
from trustlists.rules.editions import compare_rules, read_edition
from verifier.rules.certlogic import Truth, compile_logic
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.auditing import audit
from verifier.rules.survey.bench import Bench
from verifier.rules.survey.cells import covid_matrix, doses_in, series_of
from verifier.rules.survey.differences import difference
from verifier.rules.survey.findings import Code
from verifier.rules.unknown import UNKNOWN

NOW = 1_795_000_000
COUNTRIES = ["AT", "DE", "EU", "FR", "IE", "NL", "PL"]
PLACES = {"union": "DE", "neighbour": "CH", "elsewhere": "IN"}
# Which of the members that not every family states are stated.
STATES_TOTAL = {"eu-dcc", "who-ddcc", "divoc"}
STATES_PLACE = {"eu-dcc", "who-ddcc", "divoc", "vds-nc"}
STATES_DEVICE = {"eu-dcc", "who-ddcc"}
STATES_ISSUE = {"eu-dcc", "who-ddcc", "smart-health-card"}
STATES_END = {"eu-dcc", "who-ddcc"}

Key = tuple[str, str, str, int, int, str, str]
Loaded = dict[str, Any]


def _axes() -> Loaded:
    return json.loads(conformance("codes", "audit-axes.json").read_text())  # type: ignore[no-any-return]


@cache
def _vaccines() -> dict[str, dict[str, str]]:
    with conformance("codes", "vaccines.csv").open() as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


@cache
def _values() -> Loaded:
    return json.loads(conformance("rules", "value-set-keys.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RuleSet]:
    store = tmp_path_factory.mktemp("audit") / "trust.sqlite"
    take(store, conformance("rules", "country-rules"), conformance("rules", "value-set-keys.json"))
    with TrustStore.open(store) as opened:
        return {each: found for each in COUNTRIES if (found := opened.rule_set(each))}


def _rules_of(files: Sequence[Path], kind: str, at: datetime) -> list[Loaded]:
    """Pick the rules in force for a kind, by hand."""
    return [
        rule
        for rule in (json.loads(path.read_text()) for path in files)
        if rule["CertificateType"].lower() in {"general", kind}
        and datetime.fromisoformat(rule["ValidFrom"])
        <= at
        <= datetime.fromisoformat(rule["ValidTo"])
    ]


def _day(at: datetime, ago: int) -> str:
    return (at.date() - timedelta(days=ago)).isoformat()


def _families(vaccine: str) -> list[str]:
    row = _vaccines()[vaccine]
    versions = [each for each in _vaccines().values() if each["parent"] == vaccine]
    coded = any(each[name] for each in (row, *versions) for name in ("cvx", "snomed", "icd11"))
    able = {"eu-dcc": row["eu_mp"], "smart-health-card": coded}
    families = ["eu-dcc", "who-ddcc", "divoc", "vds-nc", "smart-health-card"]
    return [family for family in families if able.get(family, True)]


def _vaccination(vaccine: str, state: str, family: str) -> Loaded:
    series = int(_vaccines()[vaccine]["primary_doses"])
    number, total = {
        "partial": (1, series),
        "complete": (series, series),
        "booster": (series + 1, series),
        "booster-of-three": (3, 3),
        "other-product": (series, series),
        "after-recovery": (1, 1),
        "total-unknown": (series, None),
    }[state]
    if state == "other-product":
        vaccine = "cov-spikevax" if vaccine == "cov-comirnaty" else "cov-comirnaty"
    row = _vaccines()[vaccine]
    entry: Loaded = {
        "mp": row["eu_mp"] or f"x-pratique:{vaccine}",
        "ma": row["eu_ma"] or f"x-pratique:{vaccine}",
        "vp": _class(row["eu_vp"]),
        "dn": number,
    }
    if family not in STATES_TOTAL:
        entry["sd"] = UNKNOWN
    elif total is not None:
        entry["sd"] = total
    elif family != "eu-dcc":
        entry["sd"] = UNKNOWN
    return entry


def _class(listed: str) -> str:
    """Take the finer of the classes that issuers wrote."""
    classes = listed.split("|")
    finer = [each for each in classes if each != "28531000087107"]
    return (finer or classes)[0] or "1162643001"


def _test(kind: str, result: str, family: str) -> Loaded:
    missing = None if family == "eu-dcc" else UNKNOWN
    naat = kind.startswith("naat")
    types = {"antibody": "94504-8" if family == "eu-dcc" else None, "unknown": missing}
    found = {"detected": "260373001", "not-detected": "260415000", "unknown": missing}[result]
    devices = {
        "antigen-listed-device": "1232",
        "antigen-positive": "1232",
        "antigen-unlisted-device": "0",
    }
    device = devices.get(kind, missing) if family in STATES_DEVICE else UNKNOWN
    entry = {
        "tt": types.get(kind, "LP6464-4" if naat else "LP217198-3"),
        "tr": found,
        "ma": device,
        "nm": missing,
    }
    # To rules, what is null is what is not there.
    return {name: value for name, value in entry.items() if value is not None}


def _cells(at: datetime) -> Iterator[tuple[str, Key, Loaded]]:
    """Write every certificate: its kind, what names it, and the entry of its payload."""
    for age in _axes()["ages"].values():
        for place in PLACES:
            for kind, (evidence, state, group, ago, family), entry in _entries(at):
                yield kind, (evidence, state, group, ago, age, family, place), entry


@cache
def _entries(at: datetime) -> list[tuple[str, tuple[str, str, str, int, str], Loaded]]:
    return [*_vaccinations(at), *_recoveries(at), *_tests(at)]


def _vaccinations(at: datetime) -> Iterator[tuple[str, tuple[str, str, str, int, str], Loaded]]:
    one = [("complete", ago) for ago in (0, 13, 14, 180, 271)]
    one += [("booster", 7), ("total-unknown", 30)]
    two = [("complete", ago) for ago in (13, 14, 180, 271)]
    two += [("partial", 30), ("booster", 30), ("booster-of-three", 30)]
    two += [("other-product", 30), ("after-recovery", 30), ("total-unknown", 30)]
    for vaccine in _axes()["products"]:
        for state, ago in one if _vaccines()[vaccine]["primary_doses"] == "1" else two:
            for family in _families(vaccine):
                entry = _vaccination(vaccine, state, family) | {"dt": _day(at, ago)}
                yield "vaccination", (vaccine, state, "v", ago, family), entry


def _recoveries(at: datetime) -> Iterator[tuple[str, tuple[str, str, str, int, str], Loaded]]:
    axes = _axes()["recovery"]
    for proof, ago in product(axes["proof"], axes["age_of_proof_days"]):
        for family in ("eu-dcc", "smart-health-card", "vds-nc"):
            if proof == "dcc-r":
                begins, ends = _day(at, ago - 11), _day(at, ago - 180)
                dates = {"fr": _day(at, ago), "df": begins, "du": ends}
                yield "recovery", (proof, "", "r", ago, family), dates
            else:
                entry = _test(proof, "detected", family) | {"sc": _instant(at, -ago)}
                yield "test", (proof, "", "t", ago, family), entry


def _tests(at: datetime) -> Iterator[tuple[str, tuple[str, str, str, int, str], Loaded]]:
    axes = _axes()["tests"]
    for kind, result, ago in product(axes["kind"], axes["result"], axes["hours"]):
        for family in ("eu-dcc", "who-ddcc", "smart-health-card", "vds-nc"):
            sampled = (at - timedelta(hours=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
            entry = _test(kind, result, family) | {"sc": sampled}
            yield "test", (kind, result, "t", ago, family), entry


@cache
def _brute(files: tuple[Path, ...], country: str, at: datetime) -> dict[Key, Truth]:
    """Ask the engine about every certificate."""
    found: dict[Key, Truth] = {}
    judges = {
        kind: [compile_logic(rule["Logic"]).judge for rule in _rules_of(files, kind, at)]
        for kind in ("vaccination", "test", "recovery")
    }
    born = at.date() - timedelta(days=100)
    for kind, key, entry in _cells(at):
        *_, group, _, age, family, place = key
        issuer = "AT" if (PLACES[place], country) == ("DE", "DE") else PLACES[place]
        dcc = family == "eu-dcc"
        stated = {} if dcc else {"is": UNKNOWN, "ci": UNKNOWN}
        place_of_event = issuer if family in STATES_PLACE else UNKNOWN
        whole = {"tg": "840539006", "co": place_of_event, "is": "", "ci": "", **entry, **stated}
        payload = {
            "ver": "1.3.0",
            "nam": {"fnt": "X"},
            "dob": born.replace(year=born.year - age, day=1).isoformat(),
            group: [whole],
        }
        external = {
            "validationClock": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "valueSets": _values(),
            "countryCode": country,
            "issuerCountryCode": issuer,
            "iat": _instant(at, -1) if family in STATES_ISSUE else UNKNOWN,
            "exp": _instant(at, 1) if family in STATES_END else UNKNOWN,
            "kid": "aW1hZ2luZWQ=",
            "region": "",
        }
        said = {judge({"payload": payload, "external": external}) for judge in judges[kind]}
        if group == "r" and not dcc:
            said = {Truth.OPEN}  # the family has no such statement
        if Truth.FAILED in said:
            found[key] = Truth.FAILED
        else:
            found[key] = Truth.PASSED if said == {Truth.PASSED} else Truth.OPEN
    return found


def _instant(at: datetime, days: int) -> str:
    return (at + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(country: str) -> tuple[Path, ...]:
    return tuple(sorted(conformance("rules", "country-rules", country).glob("*/rule.json")))


def _key(cell: Any) -> Key:
    group = {"vaccination": "v", "test": "t", "recovery": "r"}[cell.kind.value]
    return (cell.evidence, cell.state, group, cell.ago, cell.age, cell.family, cell.place)


def test_the_matrix_has_the_size_and_the_axes_of_the_third_party_table() -> None:
    axes, cells = _axes(), covid_matrix()
    size = axes["size"]
    assert len(cells) == 3 * size["total_with_formats"]
    by_health = {cell._replace(family="", place="") for cell in cells}
    assert len(by_health) == size["total_without_formats"]
    vaccinations = {cell for cell in by_health if cell.kind.value == "vaccination"}
    assert len(vaccinations) == size["vaccination_without_formats"]
    assert {cell.evidence for cell in vaccinations} == set(axes["products"])
    assert {cell.age for cell in cells} == set(axes["ages"].values())
    for vaccine in axes["products"]:
        assert series_of(vaccine) == int(_vaccines()[vaccine]["primary_doses"])
    assert doses_in("total-unknown", 2) == (2, None)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_cell_fares_as_the_engine_says(country: str, sets: dict[str, RuleSet]) -> None:
    brute = _brute(_files(country), country, datetime.fromtimestamp(NOW, UTC))
    answers = Bench(sets[country], NOW).ask_all(covid_matrix())
    assert {_key(cell): answer.truth for cell, answer in answers.items()} == brute


@pytest.mark.parametrize("country", COUNTRIES)
def test_whom_an_audit_finds_shut_out_is_who_never_passes(
    country: str, sets: dict[str, RuleSet]
) -> None:
    brute = _brute(_files(country), country, datetime.fromtimestamp(NOW, UTC))
    now = audit(sets[country], NOW).parts[0].periods[0]
    found: dict[Code, set[str]] = {}
    for finding in now.findings:
        found.setdefault(finding.code, set()).update(finding.who)
    passing = {key for key, truth in brute.items() if truth is Truth.PASSED}
    own = {key for key in passing if key[1] != "other-product"}
    products = set(_axes()["products"])
    states = {each: {key[1] for key in own if key[0] == each} for each in products}
    boosters = {"booster", "booster-of-three"}
    assert found.get(Code.PRODUCT, set()) == {each for each in products if not states[each]}
    assert found.get(Code.BOOSTER_ONLY, set()) == {
        each for each in products if states[each] and states[each] <= boosters
    }
    assert (Code.NO_RECOVERY in found) == (not any(key[2] == "r" for key in passing))
    for family in ("smart-health-card", "vds-nc"):
        never = {
            key[0]
            for key in own
            if not any(other[0] == key[0] and other[5] == family for other in own)
            and any(other[0] == key[0] and other[5] == family for other in brute)
        }
        told = {
            who
            for finding in now.findings
            if finding.code is Code.FORMAT and finding.family == family and not finding.states
            for who in finding.who
        }
        assert told == never
    helped = {key[4] for key in passing}
    assert (Code.AGE in found) == bool(set(_axes()["ages"].values()) - helped)


def test_the_differences_of_two_editions_are_those_of_every_cell(
    tmp_path: Path, sets: dict[str, RuleSet]
) -> None:
    changed = tmp_path / "new" / "FR"
    for path in _files("FR"):
        rule = json.loads(path.read_text())
        if rule["Identifier"] == "VR-FR-0001":
            # Nuvaxovid comes, Covishield goes.
            codes = rule["Logic"]["if"][1]["in"][1]
            codes[codes.index("Covishield")] = "EU/1/21/1618"
            rule["Version"] = "2.0.0"
        (changed / path.parent.name).mkdir(parents=True)
        (changed / path.parent.name / "rule.json").write_text(json.dumps(rule))
    values = conformance("rules", "value-set-keys.json")
    new = read_edition(changed, now=NOW, values=[values])
    found = difference(sets["FR"], new.of("FR"), NOW)
    at = datetime.fromtimestamp(NOW, UTC)
    was = _brute(_files("FR"), "FR", at)
    now = _brute(tuple(sorted(changed.glob("*/rule.json"))), "FR", at)
    for lost in (True, False):
        gone = {
            key
            for key in was
            if was[key] is not now[key]
            and (was[key] is Truth.PASSED) is lost
            and (now[key] is Truth.PASSED) is not lost
        }
        told = [
            change
            for change in found.changes
            if change.fate.lost is lost and change.fate.gained is not lost
        ]
        assert {who for change in told for who in change.who} == {key[0] for key in gone}
        assert sum(change.cells for change in told) == len(gone) > 0
        assert {change.since for change in told} == {NOW}
    lost_who = {who for change in found.changes if change.fate.lost for who in change.who}
    assert lost_who == {"cov-covishield"}
    assert found.conclusive
    whole = compare_rules(read_edition(changed, now=NOW, values=[values]), new, at=NOW)
    assert [each.same for each in whole] == [True]
