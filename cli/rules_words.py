"""What the entry rules said, in words: each rule that is not met, its days, what else would do."""

from collections.abc import Iterator
from typing import Protocol

from cli.problem import printable
from verifier.reasons import Result
from verifier.rules.report import Alternative, Asked, RuleResult, RulesReport


class Word(Protocol):
    """Gives a word or sentence of the interface, with values in their places."""

    def __call__(self, key: str, **values: object) -> str:
        """Give it in the language and the signs of the output."""
        ...


def rule_lines(report: RulesReport, word: Word, lang: str) -> Iterator[tuple[str, str]]:
    """Give (paragraph, list item) pairs: one of the two is empty.

    The rules that decide come first, in the order of the rule set; those that are met are not told.
    """
    yield word("rules.for", country=report.country, day=report.day), ""
    for result in (Result.FAIL, Result.UNKNOWN):
        for each in report.results:
            if each.result is result:
                yield from _rule(each, word, lang)
    if report.alternatives:
        yield word("rules.ways"), ""
        for alternative in report.alternatives:
            yield "", way(alternative, word)
    for asked in report.asked:
        if not asked.authenticated:
            yield word("rules.unsigned", source=printable(asked.source)), ""


def _rule(each: RuleResult, word: Word, lang: str) -> Iterator[tuple[str, str]]:
    text, rule = printable(each.text(lang)), printable(each.rule)
    yield word(f"rules.{each.result.value}", text=text, rule=rule), ""
    days = term(each, word)
    if days:
        yield "", days
    if each.result is Result.FAIL and each.consequence:
        yield "", printable(each.what_follows(lang))


def term(each: RuleResult, word: Word) -> str:
    """Say from when to when a certificate meets a rule, nothing where that is not known."""
    if each.first_day and each.last_day:
        return word("rules.between", first=each.first_day, last=each.last_day)
    if each.first_day:
        return word("rules.from", day=each.first_day)
    return word("rules.until", day=each.last_day) if each.last_day else ""


def way(alternative: Alternative, word: Word) -> str:
    """Say one way to meet the rules."""
    first, last = alternative.days or ("", "")
    endless = "_or_more" if last is None else ""
    return word(
        f"way.{alternative.way.value}{endless}",
        day=alternative.day or "",
        hours=alternative.hours or "",
        first=first,
        last=last,
    )


def asked_line(asked: Asked, word: Word) -> str:
    """Name a rule set: whose it is, where it came from, of which day."""
    return word(
        "rules.asked",
        authority=asked.authority,
        source=printable(asked.source),
        day=asked.as_of or "?",
    )
