"""``pratique trust check``: looks for what is wrong or odd in trust lists; changes nothing."""

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import click

from cli.exit_codes import STATUS_OF
from cli.finding_lines import LEVELS, finding_lines
from cli.options import AS_JSON, STORE, anchors_for
from cli.output import write
from cli.problem import printable
from cli.request import ask
from cli.stores import default_store_path
from cli.style import Style, style_of_results, wrap
from cli.tables import count_of
from trustlists import TrustStore
from verifier.clock import SystemClock, day_of, instant_of

if TYPE_CHECKING:  # checking loads much, and `trust --help` must not
    from trustlists.checking import CheckReport, Finding

SCHEMA: Final = "pratique.trust_check/1"

# The status of a document that does not meet the rules (interface contract, "Outcomes"): here it is
# the lists that do not.
FOUND: Final = STATUS_OF["does_not_meet_rules"]

_DAY: Final = 86_400
_SARIF: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


@click.command(short_help="Look for what is wrong in trust lists.")
@click.argument("files", metavar="[FILE...]", nargs=-1)
@STORE
@click.option("--at", metavar="INSTANT", help="Judge for this instant (ISO 8601) and not for now.")
@click.option(
    "--soon",
    metavar="DAYS",
    type=click.IntRange(0, 36_500),
    default=60,
    show_default=True,
    help="Name certificates that end within so many days.",
)
@anchors_for("lists or keys")
@AS_JSON
@click.option("--sarif", "as_sarif", is_flag=True, help="SARIF 2.1.0, for other programs.")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="The least that makes the exit status 10.",
)
def check(  # noqa: PLR0913 - one argument an option
    files: tuple[str, ...],
    *,
    store: str | None,
    at: str | None,
    soon: int,
    anchors: tuple[str, ...],
    as_json: bool,
    as_sarif: bool,
    fail_on: str,
) -> int:
    """Look for what is wrong or odd in trust lists, and change nothing.

    FILE is a list, as a file or a folder, that is looked into without being stored. Without any,
    the store is looked into.

    Ends with exit status 10 when there are errors, or whatever --fail-on names, and 0 otherwise.
    """
    from trustlists.checking import (  # noqa: PLC0415 - only this command looks into certificates
        Severity,
        check_sources,
        check_store,
    )

    if as_json and as_sarif:
        message = "--json and --sarif are two ways of writing the same; choose one."
        raise click.UsageError(message)
    if store and files:
        message = "--store and FILE are two things to look into; choose one."
        raise click.UsageError(message)
    chosen = ask(at=at).at
    instant = instant_of(chosen) if chosen else SystemClock().now()
    if files:
        report = check_sources(files, at=instant, soon=soon * _DAY, anchors=anchors)
    else:
        with TrustStore.open(store or default_store_path()) as opened:
            report = check_store(opened, at=instant, soon=soon * _DAY)
    if as_json:
        write(report_as_json(report))
    elif as_sarif:
        write(report_as_sarif(report))
    else:
        write("".join(f"{line}\n" for line in report_lines(report, style_of_results())))
    return FOUND if report.reaches(Severity(fail_on)) else 0


def report_lines(report: "CheckReport", style: Style) -> Iterator[str]:
    """Say what was found, a paragraph for each code, worst first, with a few examples."""
    from trustlists.checking import RULES  # noqa: PLC0415 - see check

    found = {
        code: [finding for finding in report.findings if finding.code is code]
        for code in report.counts()
    }
    yield from finding_lines(found, RULES.__getitem__, _example, style)
    levels = _by_level(report)
    summary = ", ".join(count_of(levels[level], level, f"{level}s") for level in LEVELS)
    keys, lists = count_of(report.keys, "key", "keys"), count_of(len(report.lists), "list", "lists")
    yield wrap(f"{keys} in {lists} on {day_of(report.at)}: {summary}.", style.width)


def report_as_json(report: "CheckReport") -> str:
    """Write the same as one JSON object, in ASCII throughout, with every finding."""
    members = {
        "schema": SCHEMA,
        "at": day_of(report.at),
        "lists": list(report.lists),
        "keys": report.keys,
        "counts": _by_level(report),
        "codes": {code.value: number for code, number in sorted(report.counts().items())},
        "findings": [
            {
                "code": finding.code.value,
                "name": finding.code.name.lower(),
                "severity": finding.severity.value,
                "source": printable(finding.source) or None,
                "list": finding.list or None,
                "entry": printable(finding.entry) or None,
                "country": finding.country or None,
                "detail": finding.detail or None,
            }
            for finding in report.findings
        ],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def report_as_sarif(report: "CheckReport") -> str:
    """Write the findings as SARIF 2.1.0; every code is a rule, also those that did not occur."""
    from trustlists.checking import RULES, Code  # noqa: PLC0415 - see check

    rules = [
        {
            "id": code.value,
            "name": "".join(word.capitalize() for word in code.name.split("_")),
            "shortDescription": {"text": RULES[code].what},
            "help": {"text": RULES[code].next_step},
            "defaultConfiguration": {"level": RULES[code].severity.value},
        }
        for code in Code
    ]
    places = {code: place for place, code in enumerate(Code)}
    results = [
        {
            "ruleId": finding.code.value,
            "ruleIndex": places[finding.code],
            "level": finding.severity.value,
            "message": {"text": f"{RULES[finding.code].what} {_example(finding)}".rstrip()},
            "locations": [_location(finding)],
        }
        for finding in report.findings
    ]
    driver = {"name": "pratique trust check", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    whole = {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, separators=(",", ":")) + "\n"


def _location(finding: "Finding") -> dict[str, Any]:
    """Name the file where there is one, and the list and entry (SARIF 2.1.0, 3.28)."""
    parts = [printable(part) for part in (finding.list, finding.entry) if part]
    location: dict[str, Any] = {}
    if parts:
        logical = {"name": parts[-1], "fullyQualifiedName": "/".join(parts)}
        location["logicalLocations"] = [logical]
    if finding.source:
        uri = PurePosixPath("/" + printable(finding.source)).as_uri().removeprefix("file:///")
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}}
    return location


def _example(finding: "Finding") -> str:
    """Name the entry that a finding is about: list or file, country, key id, and what exactly."""
    where = finding.list or finding.source
    named = " ".join(printable(part) for part in (where, finding.country, finding.entry) if part)
    return f"{named}: {finding.detail}" if finding.detail else named


def _by_level(report: "CheckReport") -> dict[str, int]:
    levels: Sequence[str] = [finding.severity.value for finding in report.findings]
    return {level: levels.count(level) for level in LEVELS}
