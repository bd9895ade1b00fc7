"""``pratique rules diff``: what a new edition of entry rules changes for travellers."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from cli.exit_codes import STATUS_OF
from cli.options import AS_JSON, REGION, known_country
from cli.output import remark, write
from cli.problem import printable
from cli.request import ask
from cli.rules_names import (
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
from cli.style import Style, style_of_results, wrap
from cli.tables import count_of
from verifier.clock import Instant, SystemClock, instant_of
from verifier.rules.certlogic import Truth
from verifier.rules.survey.cells import AGES, PLACES

if TYPE_CHECKING:  # comparing loads much
    from verifier.rules.survey.differences import Change, Difference, TermChange

SCHEMA: Final = "pratique.rules_diff/1"

# As for `trust diff`: the status of what does not meet the expectation.
DIFFERENT: Final = STATUS_OF["does_not_meet_rules"]
UNDECIDED: Final = STATUS_OF["refer"]

_FATES: Final = {
    Truth.PASSED: "meets the rules",
    Truth.FAILED: "does not meet the rules",
    Truth.OPEN: "is left to a person",
}


@click.command(short_help="Say what changes for travellers.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--country",
    metavar="CC",
    callback=known_country,
    help="Compare the rules of this country alone.",
)
@REGION
@click.option("--at", metavar="INSTANT", help="Compare from this instant or day on, not from now.")
@click.option(
    "--values",
    metavar="SOURCE",
    multiple=True,
    help="Value sets for editions that have none; may be repeated.",
)
@AS_JSON
def diff(  # noqa: PLR0913 - one argument an option
    old: str,
    new: str,
    *,
    country: str,
    region: str | None,
    at: str | None,
    values: tuple[str, ...],
    as_json: bool,
) -> int:
    """Say who is admitted under NEW and was not under OLD, or the reverse, and from which day.

    Each is a trust store, or rules as `pratique rules import` takes them. Both are asked about the
    certificates of `pratique rules audit`, now and at each later change of either.

    Exit status: 0 no change for travellers, 10 changes, 12 it cannot be told, 3 one of them cannot
    be read.
    """
    from trustlists.rules.editions import (  # noqa: PLC0415 - only this command compares
        compare_rules,
        read_edition,
    )

    chosen = ask(at=at).at
    now = SystemClock().now()
    found = compare_rules(
        read_edition(old, now=now, values=values),
        read_edition(new, now=now, values=values),
        at=instant_of(chosen) if chosen else now,
        country=country,
        region=(region or "").upper(),
    )
    if as_json:
        write(diff_as_json(found))
    else:
        write("".join(f"{line}\n" for line in diff_lines(found, style_of_results())))
    for each in found:
        _tell_of_undecided(each)
    if not all(each.same for each in found):
        return DIFFERENT
    return 0 if all(each.conclusive for each in found) else UNDECIDED


def _tell_of_undecided(found: "Difference") -> None:
    """Tell where a change may have been missed."""
    if found.undecided:
        names = printable(listed(found.undecided))
        remark(
            f"{found.country}: {names} cannot be decided here, so that a change may be missed."
            " Value sets can be given with --values."
        )
    elif not found.compared:
        remark(f"{found.country}: neither edition has rules in force that could be compared.")


def diff_lines(found: "tuple[Difference, ...]", style: Style) -> Iterator[str]:
    """Say what changes, country by country, those first who are no longer admitted."""
    for each in found:
        lines = list(_country_lines(each, style))
        if lines:
            yield f"{each.country} from {time_of(each.at)}"
            yield from (style.words(line) for line in lines)
            yield ""
    same = all(each.same for each in found)
    conclusive = all(each.conclusive for each in found)
    if same:
        yield "No change for travellers." if conclusive else "No change that can be told."
    else:
        yield "Travellers are affected."


def _country_lines(found: "Difference", style: Style) -> Iterator[str]:
    lost = [change for change in found.changes if change.fate.lost]
    gained = [change for change in found.changes if change.fate.gained]
    for heading, changes in (("No longer admitted", lost), ("Newly admitted", gained)):
        if changes:
            yield heading
        for change in changes:
            yield from _change_lines(change, style)
    others = len(found.changes) - len(lost) - len(gained)
    if others:
        groups = count_of(others, "group is", "groups are")
        text = (
            f"{groups} not admitted before or after, but refused by the one and left to a person"
            " by the other: see --json."
        )
        yield wrap(text, style.width)
    yield from _term_lines(found.terms, style)


def _term_lines(terms: "Iterable[TermChange]", style: Style) -> Iterator[str]:
    """Write the waiting times, of what changes alike in one line."""
    groups: dict[tuple[str, str], list[str]] = {}
    for term in terms:
        groups.setdefault((state(term.state), _turn(term)), []).append(evidence(term.evidence))
    if groups:
        yield "Waiting times of an adult"
    for (what, turn), who in groups.items():
        text = f"{', '.join(filter(None, (listed(who), what)))}: {turn}."
        yield wrap(text, style.width, style.words("  · "))


def _change_lines(change: "Change", style: Style) -> Iterator[str]:
    yield wrap(_sentence(change), style.width, "  · ")
    if change.rules:
        yield wrap(printable(listed(change.rules)), style.width, "      by ")


def _sentence(change: "Change") -> str:
    """Say what happens to whom, and when."""
    who = listed(map(evidence, change.who))
    states = listed(filter(None, map(state, change.states)))
    unit = "hours" if change.kind.value == "test" and states else "days"
    agos = f"{listed(map(str, sorted(change.agos)))} {unit} before"
    ages = "" if change.ages == AGES else f"aged {listed(map(str, change.ages))}"
    families = f"on {listed(map(family, change.families))}"
    places = (
        "" if len(change.places) == len(PLACES) else f"from {listed(map(place, change.places))}"
    )
    some = "" if change.whole else "some of these"
    told = "; ".join(filter(None, (states, agos, ages, families, places, some)))
    fate = f"{_FATES[change.fate.old]} before, and {_FATES[change.fate.new]}"
    return f"{change.kind.value}: {who} ({told}) {fate} {_when(change.since, change.until)}."


def _turn(change: "TermChange") -> str:
    """Say what a waiting time was and what it will be."""
    old = term_text(change.old) if change.old else "never"
    new = term_text(change.new) if change.new else "never"
    return f"{old} before, and {new} {_when(change.since, change.until)}"


def _when(since: Instant, until: Instant | None) -> str:
    return f"from {time_of(since)}" + (f" until {time_of(until)}" if until is not None else "")


def diff_as_json(found: "tuple[Difference, ...]") -> str:
    """Write the same as one JSON object, in ASCII throughout."""
    members = {
        "schema": SCHEMA,
        "same": all(each.same for each in found),
        "conclusive": all(each.conclusive for each in found),
        "countries": [
            {
                "country": each.country,
                "at": stamp_of(each.at),
                "same": each.same,
                "compared": [one.value for one in each.compared],
                "undecided": list(map(printable, each.undecided)),
                "changes": [_change_members(change) for change in each.changes],
                "terms": [_term_members(term) for term in each.terms],
            }
            for each in found
        ],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def _change_members(change: "Change") -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "who": list(change.who),
        "old": change.fate.old.value,
        "new": change.fate.new.value,
        "admitted": "lost" if change.fate.lost else "gained" if change.fate.gained else "neither",
        "states": list(filter(None, change.states)),
        "agos": list(change.agos),
        "ages": list(change.ages),
        "formats": list(change.families),
        "places": list(change.places),
        "whole": change.whole,
        "cells": change.cells,
        "rules": list(map(printable, change.rules)),
        "since": stamp_of(change.since),
        "until": None if change.until is None else stamp_of(change.until),
        "sentence": printable(_sentence(change)),
    }


def _term_members(change: "TermChange") -> dict[str, Any]:
    return {
        "evidence": change.evidence,
        "state": change.state or None,
        "old": change.old and term_members(change.old),
        "new": change.new and term_members(change.new),
        "since": stamp_of(change.since),
        "until": None if change.until is None else stamp_of(change.until),
        "sentence": _turn(change),
    }
