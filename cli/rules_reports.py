"""What ``pratique rules import`` shows, in at most 80 columns."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cli.output import remark, tell, write
from cli.problem import printable, setup_problem
from cli.style import wrap
from cli.tables import count_of
from trustlists import RulesImport, RulesReport
from trustlists.records import REFUSAL_WORDS
from trustlists.rules.changes import RuleLabel

SCHEMA = "pratique.rules_import/1"

_SHOWN_ENTRIES = 20  # a screenful; the rest is counted
_WIDTH = 80


def report_lines(report: RulesReport) -> Iterator[str]:
    """Say what an import did to one list: what changed, what is broken, what was refused."""
    if report.changes:
        signed = f"signed, {report.anchor} vouches for it" if report.anchor else "signed by nobody"
        counted = (
            count_of(report.value_sets, "value set", "value sets")
            if report.value_sets
            else f"{count_of(report.rules, 'rule', 'rules')} of {_countries(report.countries)}"
        )
        yield wrap(f"{report.name}: {report.environment}, {counted}, {signed}", _WIDTH, "")
        kinds = (
            ("new", report.changes.new),
            ("gone", report.changes.gone),
            ("changed", report.changes.changed),
        )
        numbers = ", ".join(f"{len(labels)} {kind}" for kind, labels in kinds)
        yield (
            f"  {numbers}, {report.changes.unchanged} unchanged,"
            f" {count_of(len(report.refused), 'entry', 'entries')} refused"
        )
        for kind, labels in kinds:
            if len(labels) <= _SHOWN_ENTRIES:
                yield from (wrap(_label(each), _WIDTH, f"  {kind:<8} ") for each in labels)
    for broken in report.broken:
        text = f"{printable(broken.identifier)}: {printable(broken.what)}"
        yield wrap(text, _WIDTH, "  broken   ")
    for entry, reason in report.refused[:_SHOWN_ENTRIES]:
        yield wrap(f"{printable(entry)}: {REFUSAL_WORDS[reason]}", _WIDTH, "  refused  ")
    if len(report.refused) > _SHOWN_ENTRIES:
        yield f"  refused  and {len(report.refused) - _SHOWN_ENTRIES} more"


def tell_of_list(report: RulesReport, *, results: bool) -> None:
    """Write what became of a list, and tell what a person should do about it."""
    if results:
        write("".join(f"{line}\n" for line in report_lines(report)))
    if report.refusal:
        what, _, next_step = str(report.refusal).partition("\n")
        named = f" ({report.name})" if report.name else ""
        tell(setup_problem(f"{printable(report.source)}{named}: {what}", next_step))
        return
    if report.from_future:
        remark(
            f"{report.name} is signed with a date that this clock has not reached: set the"
            " clock. Until then every verdict is REFER."
        )
    if report.broken:
        number = count_of(len(report.broken), "rule", "rules")
        remark(
            f"{number} of {report.name} cannot be run. Where they might speak of a certificate"
            " the result stays open."
        )


def tell_of_unsigned(done: RulesImport) -> None:
    """Tell once which lists nobody vouches for."""
    names = [each.name for each in done.lists if not each.refusal and not each.anchor]
    if len(names) == 1:
        remark(f"Nobody has signed {names[0]}: every verdict that rests on it says so.")
    elif names:
        number = len(names)
        remark(f"Nobody has signed {number} of the lists: a verdict that rests on one says so.")


def import_as_json(report: RulesImport) -> str:
    """Write what an import did as one JSON object, in ASCII throughout, with every entry."""
    lists = [_list_members(each) for each in report.lists]
    members = {"schema": SCHEMA, "complete": report.complete, "lists": lists}
    return json.dumps(members, separators=(",", ":")) + "\n"


def _list_members(report: RulesReport) -> dict[str, Any]:
    changes = report.changes
    what, _, next_step = str(report.refusal or "").partition("\n")
    return {
        "source": printable(report.source),
        "name": report.name or None,
        "form": report.form or None,
        "environment": report.environment and report.environment.value,
        "countries": list(report.countries),
        "rules": report.rules,
        "value_sets": report.value_sets,
        "authenticated": bool(report.anchor),
        "anchor": report.anchor or None,
        "new": _labels(changes.new if changes else ()),
        "gone": _labels(changes.gone if changes else ()),
        "changed": _labels(changes.changed if changes else ()),
        "unchanged": changes.unchanged if changes else 0,
        "broken": [
            {
                "rule": printable(each.identifier),
                "country": each.country or None,
                "what": printable(each.what),
            }
            for each in report.broken
        ],
        "refused": [
            {"entry": printable(entry), "reason": reason.value, "words": REFUSAL_WORDS[reason]}
            for entry, reason in report.refused
        ],
        "refusal": {"fault": report.refusal.fault or None, "what": what, "next": next_step}
        if report.refusal
        else None,
        "from_future": report.from_future,
    }


def _labels(labels: Sequence[RuleLabel]) -> list[dict[str, Any]]:
    return [
        {
            "country": each.country or None,
            "identifier": printable(each.identifier),
            "versions": list(each.versions),
            "before": list(each.before),
        }
        for each in labels
    ]


def _label(label: RuleLabel) -> str:
    name = f"{label.country} {printable(label.identifier)}".strip()
    now = ", ".join(label.versions)
    if not label.before:
        return f"{name} {now}"
    before = ", ".join(label.before)
    return f"{name} {before} -> {now}" if before != now else f"{name} {now}, other content"


def _countries(countries: Sequence[str]) -> str:
    few = 5
    if len(countries) <= few:
        return ", ".join(countries)
    return f"{len(countries)} countries"
