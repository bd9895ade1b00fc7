"""``pratique rules explain``: what each rule says of a certificate, and what else would do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cli.bidi import directed, isolated
from cli.desk import Judged, for_each_file, judged, open_store, sealed_shift
from cli.inputs import Document
from cli.json_lines import json_text
from cli.messages import is_right_to_left, meaning, word
from cli.options import REGION, STORE_OF_DESK
from cli.problem import printable
from cli.request import Request, ask
from cli.rules_words import asked_line, term, way
from cli.style import Style, style_of_results, wrap
from verifier import PrivacyPolicy, Reason, Verdict, Verifier
from verifier.privacy import Disclosure
from verifier.reasons import Check, Result
from verifier.rules.report import RulesReport

if TYPE_CHECKING:
    from cli.seals import Sealing

_SIGNS = {Result.PASS: "✔", Result.FAIL: "✖", Result.UNKNOWN: "?"}
_INDENT = "  "


@click.command(short_help="Say what each rule says of a certificate.")
@click.argument("country", metavar="COUNTRY")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@REGION
@click.option("--at", metavar="INSTANT", help="Judge for this instant or day, not for now.")
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
@click.option("--json", is_flag=True, help="One JSON object a document, a line each.")
@STORE_OF_DESK
@click.pass_obj
def explain(seal: "Sealing", /, country: str, files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - the options above, checked by ask
    """Say what each entry rule of a country says of a certificate.

    For each rule that is not met: on which days this very certificate meets it; and which other
    certificates would meet the rules that day. FILE is what `pratique verify` takes. It shows the
    days that follow from a dose or a test, and nothing else of the holder.

    Exit status: as of `pratique verify --rules`.
    """
    request = ask(files, rules=country, disclose=Disclosure.IDENTITY.value, **options)
    with open_store(request.store) as store:
        verifier = Verifier(
            trust=store,
            rules=request.rules,
            region=request.region,
            policy=PrivacyPolicy(Disclosure.IDENTITY),
        )

        def judge(document: Document) -> Judged:
            verdict = (
                verifier.unread(document, at=request.at)
                if isinstance(document, Reason)
                else verifier.verify(document, at=request.at)
            )
            return judged(_written(verdict, request), verdict)

        with sealed_shift(request, seal):
            return for_each_file(request, judge)


def _written(verdict: Verdict, request: Request) -> str:
    if request.json:
        report = verdict.rules and verdict.rules.to_json()
        return json_text({"outcome": verdict.outcome.value, "rules": report}) + "\n"
    lines = _lines(verdict, style_of_results(), request.lang)
    text = "\n".join(lines) + "\n\n"
    return directed(text, right_to_left=is_right_to_left(request.lang))


def _lines(verdict: Verdict, style: Style, lang: str) -> Iterator[str]:
    yield style.words(word(f"outcome.{verdict.outcome.value}", lang))
    for finding in verdict.findings:
        # What keeps the rules from being asked is told with them.
        if finding.check is Check.RULES or (
            verdict.rules is None and finding.result is not Result.PASS
        ):
            said = meaning(finding.code, lang)
            yield wrap(said.what, style.width, _INDENT)
            arrow = style.words(word("next", lang))
            yield wrap(said.next, style.width, f"{_INDENT}{arrow} ")
    if verdict.rules is not None:
        yield from _rules(verdict.rules, style, lang)


def _rules(report: RulesReport, style: Style, lang: str) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return style.words(word(key, lang, **values))

    def stated(text: str) -> str:
        return isolated(printable(text), within=is_right_to_left(lang))

    heading = say("rules.for", country=report.country, day=report.day)
    yield wrap(heading, style.width, _INDENT)
    for asked in report.asked:
        yield wrap(asked_line(asked, say), style.width, _INDENT)
        if asked.doses_from:
            told = say("rules.doses", source=printable(asked.doses_from))
            yield wrap(told, style.width, _INDENT)
    for each in report.results:
        sign = style.sign(_SIGNS[each.result])
        text, rule = printable(each.text(lang)), printable(each.rule)
        said = say(f"rules.{each.result.value}", text=text, rule=rule)
        yield wrap(said, style.width, f"{_INDENT}{sign} ")
        below = _INDENT * 3
        follows = each.what_follows(lang) if each.result is Result.FAIL else ""
        for line in (stated(each.basis), term(each, say), stated(follows)):
            if line:
                yield wrap(line, style.width, below)
    if report.alternatives:
        yield wrap(say("rules.ways"), style.width, _INDENT)
    dot = style.words("·")
    for alternative in report.alternatives:
        yield wrap(way(alternative, say), style.width, f"{_INDENT * 2}{dot} ")
