"""``pratique explain``: what a code means and what to do next."""

import json
from collections.abc import Callable

import click

from cli.messages import meaning, word
from cli.output import write
from cli.problem import Problem
from cli.style import Style, style_of_results, wrap
from verifier.findings import FINDINGS
from verifier.reasons import Reason
from verifier.verdict import OUTCOME_OF, Outcome


@click.command(short_help="Say what a code means and what to do next.")
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a code, a line each.")
def explain(code: str | None, *, as_json: bool) -> None:
    """Say what a code of a verdict means, and what to do next.

    Without CODE, list all codes.
    """
    reasons = tuple(Reason) if code is None else (_reason(code),)
    style = style_of_results()
    show: Callable[[Reason, Style], str] = _in_row if code is None else _in_full
    write("".join(_in_json(reason) if as_json else show(reason, style) for reason in reasons))


def _reason(code: str) -> Reason:
    try:
        return Reason(code.upper())
    except ValueError:
        what = "There is no such code."
    raise Problem(what, "List them all: pratique explain")


def _outcome(reason: Reason) -> Outcome | None:
    """Give the outcome that the reason alone leads to (``verifier.verdict``), None for none."""
    if reason is Reason.UNFORESEEN:
        return Outcome.REFER
    finding = FINDINGS[reason]
    return OUTCOME_OF[finding.check, finding.result]


def _in_full(reason: Reason, style: Style) -> str:
    finding, said = FINDINGS[reason], meaning(reason)
    outcome = _outcome(reason)
    led_to = style.words(word(f"outcome.{outcome.value}" if outcome else "explain.no_outcome"))
    check = finding.check.value.replace("_", " ")
    result = word(f"result.{finding.result.value}")
    first = f"{reason.value}  "
    rest = " " * len(first)
    lines = (
        wrap(said.what, style.width, first),
        wrap(said.next, style.width, f"{rest}{style.words('→')} "),
        wrap(f"{word('explain.check')}: {check}, {result}", style.width, rest),
        wrap(f"{word('explain.outcome')}: {led_to}", style.width, rest),
    )
    return "\n".join(lines) + "\n"


def _in_row(reason: Reason, style: Style) -> str:
    result = word(f"result.{FINDINGS[reason].result.value}")
    return wrap(meaning(reason).what, style.width, f"{reason.value}  {result:<11}  ") + "\n"


def _in_json(reason: Reason) -> str:
    finding, said, outcome = FINDINGS[reason], meaning(reason), _outcome(reason)
    members = {
        "code": reason.value,
        "check": finding.check.value,
        "result": finding.result.value,
        "outcome": outcome and outcome.value,
        "what": said.what,
        "next": said.next,
    }
    return json.dumps(members, separators=(",", ":")) + "\n"
