"""``pratique rules check``: looks for what is wrong or odd in entry rules, and runs their tests."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from cli.exit_codes import STATUS_OF
from cli.finding_lines import LEVELS, finding_lines
from cli.options import AS_JSON
from cli.output import write
from cli.problem import printable
from cli.style import Style, style_of_results, wrap
from cli.tables import count_of

if TYPE_CHECKING:  # checking loads much, and `rules --help` must not
    from trustlists.rules.checking import RulesCheck
    from verifier.rules.linting.codes import Finding

SCHEMA: Final = "pratique.rules_check/1"

# As for `trust check`: here it is the rules that do not meet what is expected.
FOUND: Final = STATUS_OF["does_not_meet_rules"]


@click.command(short_help="Look for what is wrong in entry rules, and run their tests.")
@click.argument("folder")
@AS_JSON
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="The least that makes the exit status 10.",
)
def check(folder: str, *, as_json: bool, fail_on: str) -> int:
    """Look for what is wrong or odd in entry rules, and run the tests that come with them.

    FOLDER holds a rule a folder, RULE/rule.json beside RULE/tests/*.json, in folders of countries
    or not, and value sets anywhere; or it is a file with a list of rules. Nothing is changed.

    Ends with exit status 10 when a test fails or there are errors, or whatever --fail-on names, and
    0 otherwise.
    """
    from trustlists.rules.checking import check_rules  # noqa: PLC0415 - only this command checks
    from verifier.rules.linting.codes import Severity  # noqa: PLC0415 - the same

    report = check_rules(folder)
    if as_json:
        write(report_as_json(report))
    else:
        write("".join(f"{line}\n" for line in report_lines(report, style_of_results())))
    return FOUND if report.reaches(Severity(fail_on)) else 0


def report_lines(report: "RulesCheck", style: Style) -> Iterator[str]:
    """Say what was found, a paragraph for each code, worst first, with a few examples."""
    from verifier.rules.linting.codes import MEANINGS  # noqa: PLC0415 - see check

    found = {
        code: [finding for finding in report.findings if finding.code is code]
        for code in report.counts()
    }
    yield from finding_lines(found, MEANINGS.__getitem__, _example, style)
    levels = report.by_severity()
    summary = ", ".join(count_of(number, level, f"{level}s") for level, number in levels.items())
    rules = count_of(report.rules, "rule", "rules")
    tests = count_of(report.tests, "test", "tests")
    yield wrap(f"{rules}, {report.passed} of {tests} passed: {summary}.", style.width)


def _example(finding: "Finding") -> str:
    """Name what a finding is about: file, rule, place, and what exactly."""
    named = (finding.rule, finding.version, finding.where, finding.detail)
    about = " ".join(printable(part) for part in named if part)
    parts = filter(None, (printable(finding.file), about))
    return ": ".join(parts)


def report_as_json(report: "RulesCheck") -> str:
    """Write the same as one JSON object, in ASCII throughout; it ends with the counts."""
    members = {
        "schema": SCHEMA,
        "codes": {code.value: number for code, number in report.counts().items()},
        "findings": [
            {
                "code": finding.code.value,
                "name": finding.code.name.lower(),
                "severity": finding.severity.value,
                "file": printable(finding.file) or None,
                "rule": printable(finding.rule) or None,
                "version": finding.version or None,
                "where": printable(finding.where) or None,
                "detail": printable(finding.detail) or None,
            }
            for finding in report.findings
        ],
        "counts": {
            "rules": report.rules,
            "value_sets": report.value_sets,
            "tests": report.tests,
            "passed": report.passed,
            **{f"{level}s": number for level, number in report.by_severity().items()},
        },
    }
    return json.dumps(members, separators=(",", ":")) + "\n"
