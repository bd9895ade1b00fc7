"""``pratique explain``: what a code means and what to do next."""

import json
from collections.abc import Callable

import click

from cli.bidi import directed, isolated
from cli.messages import is_right_to_left, meaning, word
from cli.output import write
from cli.problem import Problem
from cli.request import language
from cli.style import Style, cells, padded, style_of_results, wrap
from verifier.findings import FINDINGS
from verifier.reasons import Reason, Result
from verifier.verdict import OUTCOME_OF, Outcome


@click.command(short_help="Say what a code means and what to do next.")
@click.argument("code", required=False)
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a code, a line each.")
def explain(code: str | None, *, lang: str | None, as_json: bool) -> None:
    """Say what a code of a verdict means, and what to do next.

    Without CODE, list all codes.
    """
    reasons = tuple(Reason) if code is None else (_reason(code),)
    chosen, style = language(lang, json=as_json), style_of_results()
    show: Callable[[Reason, Style, str], str] = _in_row if code is None else _in_full
    write(
        "".join(_in_json(reason) for reason in reasons)
        if as_json
        else directed(
            "".join(show(reason, style, chosen) for reason in reasons),
            right_to_left=is_right_to_left(chosen),
        )
    )


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


def _in_full(reason: Reason, style: Style, lang: str) -> str:
    finding, said = FINDINGS[reason], meaning(reason, lang)
    outcome = _outcome(reason)
    led_to = style.words(
        word(f"outcome.{outcome.value}" if outcome else "explain.no_outcome", lang)
    )
    check = word(f"check.{finding.check.value}", lang)
    result = word(f"result.{finding.result.value}", lang)
    first = f"{_code(reason, lang)}  "
    rest = " " * len(f"{reason.value}  ")
    lines = (
        wrap(said.what, style.width, first, rest),
        wrap(said.next, style.width, f"{rest}{style.words(word('next', lang))} "),
        wrap(word("explain.check", lang, check=check, result=result), style.width, rest),
        wrap(word("explain.outcome", lang, outcome=led_to), style.width, rest),
    )
    return "\n".join(lines) + "\n"


def _in_row(reason: Reason, style: Style, lang: str) -> str:
    results = {result: word(f"result.{result.value}", lang) for result in Result}
    result = padded(results[FINDINGS[reason].result], max(map(cells, results.values())))
    first = f"{_code(reason, lang)}  {result}  "
    return wrap(meaning(reason, lang).what, style.width, first) + "\n"


def _code(reason: Reason, lang: str) -> str:
    return isolated(reason.value, within=is_right_to_left(lang))


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
