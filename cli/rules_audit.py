"""``pratique rules audit``: whom the rules of a country shut out, why, and what would change it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import click

from cli.options import AS_JSON, REGION, STORE
from cli.output import remark, write
from cli.problem import printable, setup_problem
from cli.request import ask
from cli.rules_names import (
    change_members,
    change_text,
    evidence,
    family,
    listed,
    place,
    stamp_of,
    state,
    term_members,
    term_text,
    time_of,
)
from cli.stores import default_store_path
from cli.style import Style, style_of_results, wrap
from cli.tables import table
from trustlists import TrustStore
from verifier.clock import SystemClock, instant_of
from verifier.countries import alpha_2
from verifier.rules.asked_sets import regulations_of
from verifier.rules.survey.auditing import Audit, Part, Period
from verifier.rules.survey.auditing import audit as audit_rules
from verifier.rules.survey.findings import Basis, Code, Finding
from verifier.rules.survey.terms import Term

SCHEMA: Final = "pratique.rules_audit/1"

_BASES: Final = {
    Basis.HEALTH: "health evidence",
    Basis.FORMAT: "the format",
    Basis.ISSUER: "the issuing country",
    Basis.RULES: "the rules themselves",
    Basis.NONE: "nothing: nobody is shut out",
}
_SAID: Final = {
    Code.NO_RULES: "No rule is in force for a {kind}: nobody is admitted with one.",
    Code.UNDECIDED: "No certificate of a {kind} is decided: the rules cannot be asked here.",
    Code.NOBODY: "Nobody meets the rules, with any certificate.",
    Code.NO_VACCINATION: "No vaccination meets the rules.",
    Code.NO_TEST: "No test meets the rules.",
    Code.NO_RECOVERY: "No recovery meets the rules.",
    Code.PRODUCT: "Vaccinated with {who}, on WHO's lists: no certificate meets the rules.",
    Code.BOOSTER_ONLY: "Vaccinated with {who}, on WHO's lists: only a booster meets the rules.",
    Code.RECOVERED_ONE_DOSE: "Recovered, then one dose of {who}: does not meet the rules.",
    Code.RECOVERY_BY_TEST: "Recovered, and shown by {who}: does not meet the rules, as a"
    " certificate of recovery does.",
    Code.TEST_KIND: "Tested by {who}: no negative test meets the rules.",
    Code.TEST_WITHOUT_DEVICE: "Tested by {who}: does not meet the rules.",
    Code.AGE: "At the age of {ages}: no certificate of any kind meets the rules.",
    Code.FORMAT: "Shown by {family}: {who} never meets the rules{states}.",
    Code.PLACE: "Issued in {place}: {who} does not meet rules that it meets elsewhere.",
    Code.UNLISTED_ACCEPTED: "Observed: {who} meets the rules and is not on WHO's lists.",
}


@click.command(short_help="Say whom the rules of a country shut out.")
@click.argument("country", metavar="COUNTRY")
@REGION
@click.option("--at", metavar="INSTANT", help="Judge from this instant or day on, not from now.")
@AS_JSON
@STORE
def audit(
    country: str, *, region: str | None, at: str | None, as_json: bool, store: str | None
) -> None:
    """Say whom the entry rules of a country shut out, on what that rests, what would change it.

    The rules are asked about every vaccine on WHO's lists, by doses, ages, tests, recoveries,
    formats and issuing countries: some 28 000 certificates of nobody. What begins or ends at a
    later change of the rules is told with its day. The International Health Regulations, which hold
    everywhere, are asked as well.
    """
    code = alpha_2(country)
    if not code:
        message = "a country is two letters or three, such as DE or DEU."
        raise click.BadParameter(message, param_hint="COUNTRY")
    chosen = ask(at=at).at
    instant = instant_of(chosen) if chosen else SystemClock().now()
    with TrustStore.open(store or default_store_path()) as opened:
        rules = opened.rule_set(code)
        regulations = tuple(regulations_of(opened))
    if rules is None:
        what = f"There are no rules of {code} in the store."
        raise setup_problem(what, "See which there are: pratique rules list")
    found = audit_rules(rules, instant, regulations=regulations, region=(region or "").upper())
    if as_json:
        write(audit_as_json(found))
    else:
        write("".join(f"{line}\n" for line in audit_lines(found, style_of_results())))
    if not rules.authenticated:
        remark(f"Nobody has signed all of the rules of {code} and their value sets.")


def audit_lines(found: Audit, style: Style) -> Iterator[str]:
    """Say what was found: for each authority what holds now, then what changes later."""
    if found.incomplete:
        names = printable(listed(found.incomplete))
        yield wrap(f"Rules of {found.country} that cannot be read: {names}", style.width)
        yield ""
    for part in found.parts:
        yield from (style.words(line) for line in _part_lines(part, found.country, style))


def _part_lines(part: Part, country: str, style: Style) -> Iterator[str]:
    now, *later = part.periods
    whose = "Rules of" if part.authority == country else "International:"
    yield wrap(
        f"{whose} {part.authority}, {part.disease}, on {time_of(now.since)}: {now.admitted} of"
        f" {now.cells} certificates meet them.",
        style.width,
    )
    yield ""
    yield from _counts(now.findings, style)
    for finding in now.findings:
        yield from _finding_lines(finding, style)
    yield from _term_lines(now.terms, style)
    before = now
    for period in later:
        yield from _later_lines(before, period, style)
        before = period


def _counts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Write how many groups are shut out on what ground; lines, where a table is too wide."""
    held = [finding.basis for finding in findings if finding.shuts_out]
    rows = [(_BASES[basis], str(held.count(basis))) for basis in Basis if basis in held]
    if not rows:
        yield wrap("Nobody that was asked about is shut out.", style.width)
    else:
        yield from table(("shut out by", "groups"), rows).splitlines()
    yield ""


def _finding_lines(finding: Finding, style: Style) -> Iterator[str]:
    sign = style.sign("✖" if finding.shuts_out else "!")
    yield wrap(_said(finding), style.width, f"{sign} ")
    below = "    "
    if finding.shuts_out:
        rules = f"; {printable(listed(finding.rules))}" if finding.rules else ""
        yield wrap(f"rests on {_BASES[finding.basis]}{rules}", style.width, below)
    if finding.changes:
        yield wrap(change_text(finding.changes), style.width, f"  {style.words('→')} ")
    yield ""


def _said(finding: Finding) -> str:
    states = f" ({listed(map(state, finding.states))})" if finding.states else ""
    return _SAID[finding.code].format(
        kind=finding.kind.value if finding.kind else "",
        who=listed(map(evidence, finding.who)) or "what it states",
        ages=listed(map(str, finding.ages)),
        family=family(finding.family) if finding.family else "",
        place=place(finding.place) if finding.place else "",
        states=states,
    )


def _term_lines(terms: Iterable[Term], style: Style) -> Iterator[str]:
    """Write the waiting times, of what has the same in one line."""
    groups: dict[tuple[str, str], list[str]] = {}
    for term in terms:
        groups.setdefault((state(term.state), term_text(term)), []).append(evidence(term.evidence))
    if groups:
        yield "Waiting times of an adult"
    for (what, when), who in groups.items():
        yield wrap(f"{', '.join(filter(None, (what, when)))}: {listed(who)}", style.width, "  ")
    if groups:
        yield ""


def _later_lines(before: Period, period: Period, style: Style) -> Iterator[str]:
    """Say what begins and what ends when the rules change."""
    begun = [each for each in period.findings if each not in before.findings]
    ended = [each for each in before.findings if each not in period.findings]
    terms = [each for each in period.terms if each not in before.terms]
    if not begun and not ended and not terms and before.admitted == period.admitted:
        return
    yield wrap(
        f"From {time_of(period.since)}: {period.admitted} of {period.cells} certificates.",
        style.width,
    )
    yield ""
    for finding in begun:
        yield from _finding_lines(finding, style)
    # Where nobody is admitted any more, nothing has ended well.
    for finding in ended if period.admitted else ():
        if finding.shuts_out:
            yield wrap(f"No longer: {_said(finding)}", style.width, "  ")
    yield from _term_lines(terms, style)


def audit_as_json(found: Audit) -> str:
    """Write the same as one JSON object, in ASCII throughout."""
    members = {
        "schema": SCHEMA,
        "country": found.country,
        "region": found.region or None,
        "at": stamp_of(found.at),
        "incomplete": list(map(printable, found.incomplete)),
        "parts": [
            {
                "authority": part.authority,
                "disease": part.disease,
                "periods": [_period_members(period) for period in part.periods],
            }
            for part in found.parts
        ],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def _period_members(period: Period) -> dict[str, Any]:
    return {
        "since": stamp_of(period.since),
        "until": None if period.until is None else stamp_of(period.until),
        "cells": period.cells,
        "admitted": period.admitted,
        "findings": [_finding_members(each) for each in period.findings],
        "terms": [term_members(each) for each in period.terms],
    }


def _finding_members(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "shuts_out": finding.shuts_out,
        "basis": finding.basis.value,
        "kind": finding.kind and finding.kind.value,
        "who": list(finding.who),
        "states": list(finding.states),
        "ages": list(finding.ages),
        "format": finding.family or None,
        "place": finding.place or None,
        "rules": list(map(printable, finding.rules)),
        "changes": change_members(finding.changes),
    }
