"""What rules say tells nothing of the traveller, though they may ask for anything of them."""

import copy
import json
import pickle
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from support.canaries import Canaries, Document
from support.command import run
from support.entry_rules import AT, CLOCK, SAMPLE, aged, rule, rule_set
from support.reachable import PLAIN, reachable
from support.rule_canaries import vaccinated
from support.rules import encoded, take
from support.rules import rule as published
from support.specimens import store, store_path

from cli.messages import word
from cli.rules_words import rule_lines
from verifier import Disclosure, PrivacyPolicy, Verdict, Verifier
from verifier.claims import Kind
from verifier.errors import DocumentError, PolicyViolation
from verifier.formats import reading
from verifier.rules.alternatives import Question
from verifier.rules.asking import Asking, Subject
from verifier.rules.payload import contexts_of
from verifier.scan import read_scan

# Nothing that follows from a dose or from the day of the journey falls on this day of any year.
BIRTHDAY = "-03-07"

CANARIES = Canaries()
CANARIES.born = f"1931{BIRTHDAY}"
DOCUMENTS = vaccinated(CANARIES)
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
LEVELS = pytest.mark.parametrize("disclosure", list(Disclosure))

BORN = {"dccDateOfBirth": [{"var": "payload.dob"}]}
# Rules that ask for all that there is of a person; most are not met, so that they are explained.
RULES = rule_set(
    rule("GR-FR-0001", {"===": [{"var": "payload.nam.fnt"}, "NOBODY"]}),
    rule("GR-FR-0002", {"===": [{"var": "payload.nam"}, "NOBODY"]}),
    rule("GR-FR-0003", {"===": [{"var": "payload.v.0.ci"}, "x"]}),
    rule("GR-FR-0004", {"===": [{"extractFromUVCI": [{"var": "payload.v.0.ci"}, 0]}, "x"]}),
    rule("GR-FR-0005", {"===": [{"var": "payload.dob"}, "1900"]}),
    # Met from the hundred and twentieth birthday.
    rule(
        "GR-FR-0006",
        {"not-before": [CLOCK, {"plusTime": [{"var": "payload.dob"}, 120, "year"]}]},
    ),
    rule("GR-FR-0007", {"not-before": [CLOCK, BORN]}),
    rule("VR-FR-0001", aged(60, 270)),
)


def judge(document: Document, disclosure: Disclosure = Disclosure.IDENTITY) -> Verdict:
    verifier = Verifier(trust=store(), rules=RULES, policy=PrivacyPolicy(disclosure))
    return verifier.verify(document.text, at=AT)


def leaks(shown: str | bytes, document: Document) -> list[str]:
    found = CANARIES.found_in(shown, document.text)
    text = shown if isinstance(shown, str) else shown.decode("latin-1")
    return [*found, *re.findall(f"[0-9]{{4}}{BIRTHDAY}", text)]


@EACH
def test_the_rules_are_asked_and_some_are_not_met(document: Document) -> None:
    report = judge(document).rules
    assert report is not None
    assert report.results
    if document.name != "who-icvp":  # which is held to the international ones alone
        said = {each.rule: each for each in report.results}
        assert said.keys() >= {rule.identifier for rule in RULES.rules}
        assert said["GR-FR-0006"].result.value == "fail"


@EACH
@LEVELS
def test_what_the_rules_said_has_no_canary(document: Document, disclosure: Disclosure) -> None:
    report = judge(document, disclosure).rules
    assert report is not None
    words = [text for pair in rule_lines(report, word, "en") for text in pair]
    shown = [repr(report), str(report), json.dumps(report.to_json()), *words]
    assert not leaks("\n".join(shown), document)
    assert not leaks(pickle.dumps(report), document)


@EACH
def test_no_day_of_a_rule_that_asks_for_an_age_is_told(document: Document) -> None:
    report = judge(document).rules
    assert report is not None
    for each in report.results:
        if each.rule == "GR-FR-0006":
            assert (each.first_day, each.last_day) == (None, None)


def test_the_days_of_a_dose_are_told_still() -> None:
    report = judge(DOCUMENTS[0]).rules
    assert report is not None
    failed = {each.rule: each for each in report.results}
    assert failed["VR-FR-0001"].first_day == "2026-12-19"


@EACH
def test_nobody_is_told_to_wait_for_a_birthday(document: Document) -> None:
    years = AT.year + 1 - date.fromisoformat(CANARIES.born).year
    grown = {"not-before": [CLOCK, {"plusTime": [{"var": "payload.dob"}, years, "year"]}]}
    test = rule("TR-FR-0001", aged(0, 72, SAMPLE, "hour"))
    of_age = rule("VR-FR-0001", grown)
    rules = rule_set(of_age, test, rule("VR-FR-0002", aged(60, 270)))
    report = Verifier(trust=store(), rules=rules).verify(document.text, at=AT).rules
    assert report is not None
    assert report.alternatives or document.name == "who-icvp"
    assert not leaks(json.dumps(report.to_json()), document)


@EACH
def test_no_object_that_rules_are_asked_with_shows_a_canary(document: Document) -> None:
    text = read_scan(document.text)
    envelope = text.format.open(text.text, text.container)
    for form in (text.format, *reading(text.container)):
        try:
            claims = form.read_claims(envelope.container, envelope.payload)
            break
        except DocumentError:
            continue
    presented = contexts_of(claims)
    subject = Subject(presented.worlds, Kind.VACCINATION, issuer="FR")
    asking = Asking(RULES)
    question = Question(asking, int(AT.timestamp()), presented.worlds[0]["dob"])
    answers = asking.all(subject, int(AT.timestamp()))
    for start in (presented, subject, question):
        for copying in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(PolicyViolation):
                copying(start)
        for within in reachable(start):
            if not isinstance(within, PLAIN):
                assert not leaks(f"{within!r} {within}", document), type(within)
    assert not leaks(repr(answers), document)
    assert not leaks(repr(asking), document)


@EACH
@LEVELS
def test_no_object_within_a_verdict_shows_a_canary(
    document: Document, disclosure: Disclosure
) -> None:
    verdict = judge(document, disclosure)
    assert not leaks(json.dumps(verdict.to_json()), document)
    for within in reachable(verdict):
        if not isinstance(within, PLAIN):
            assert not leaks(f"{within!r} {within}", document), type(within)


@EACH
@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("command", [["rules", "explain", "FR"], ["verify", "--rules", "FR"]])
def test_the_command_says_what_rules_say_and_nothing_of_the_traveller(
    document: Document, form: list[str], command: list[str], tmp_path: Path
) -> None:
    place = tmp_path / "trust.sqlite"
    shutil.copy(store_path(), place)
    logics = {each.identifier: each.expression.raw for each in RULES.rules}
    (tmp_path / "fr.json").write_bytes(
        encoded([published(name, Logic=logic) for name, logic in logics.items()])
    )
    take(place, tmp_path / "fr.json")
    options = ["--store", str(place), "--at", AT.isoformat(), *form]
    if command[0] == "verify":
        options += ["--disclose", "none"]
    ran = run(*command, *options, stdin=document.text.encode())
    assert ran.status == (0 if document.name == "who-icvp" else 10)
    assert ran.out
    assert not leaks(ran.out, document)
    assert not leaks(ran.err, document)
