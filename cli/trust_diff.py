"""``pratique trust diff``: says what is new, gone and changed between two editions of lists."""

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from cli.exit_codes import STATUS_OF
from cli.options import AS_JSON
from cli.output import write
from cli.problem import printable
from cli.style import Style, style_of_results, wrap
from cli.tables import count_of, cut, table
from verifier.clock import Instant, SystemClock, day_of

if TYPE_CHECKING:  # comparing loads much, and `trust --help` must not
    from trustlists.diff import ChangedKey, DiffReport, FactChange, KeyName, ListDiff

SCHEMA: Final = "pratique.trust_diff/1"

# As for `trust check`: the status of what does not meet the expectation.
DIFFERENT: Final = STATUS_OF["does_not_meet_rules"]

_SHOWN: Final = 20  # keys of a kind in a list: a screenful; --json has all


@click.command(short_help="Say what differs between two editions of lists.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--anchor",
    "anchors",
    metavar="FILE",
    multiple=True,
    help="A certificate or public key that vouches for lists or keys; may be repeated.",
)
@AS_JSON
def diff(old: str, new: str, *, anchors: tuple[str, ...], as_json: bool) -> int:
    """Say which keys are new, gone or changed from OLD to NEW, by list and country.

    Each is a trust store, a list as a file, or a folder of lists. The date of a list is told and
    makes no difference.

    Exit status: 0 the same, 10 different, 3 one of them cannot be read.
    """
    from trustlists.diff import compare  # noqa: PLC0415 - only this command compares

    report = compare(old, new, now=SystemClock().now(), anchors=anchors)
    if as_json:
        write(report_as_json(report))
    else:
        write("".join(f"{line}\n" for line in report_lines(report, style_of_results())))
    return 0 if report.same else DIFFERENT


def report_lines(report: "DiffReport", style: Style) -> Iterator[str]:
    """Say what differs: a table of lists and countries, then the keys of each list."""
    rows = [
        (
            cut(printable(each.list)),
            each.country or "-",
            str(each.new),
            str(each.gone),
            str(each.changed),
        )
        for each in report.countries()
    ]
    if rows:
        head = ("list", "country", "new", "gone", "changed")
        yield from table(head, rows).splitlines()
        yield ""
    for each in report.lists:
        yield from (style.words(line) for line in _list_lines(each, style.width))
    yield "The same." if report.same else "Different."


def _list_lines(each: "ListDiff", width: int) -> Iterator[str]:
    renamed = each.old_name and each.new_name and each.old_name != each.new_name
    name = f"{each.old_name} → {each.new_name}" if renamed else each.name
    presence = "" if each.presence.value == "both" else f" ({each.presence.value})"
    numbers = (
        f"{len(each.new)} new, {len(each.gone)} gone, {len(each.changed)} changed,"
        f" {each.unchanged} unchanged"
    )
    yield wrap(f"{printable(name)}{presence}: {numbers}", width)
    if each.moved:
        yield f"  environment  {each.old_environment} → {each.new_environment}"
    if each.old_dated != each.new_dated:
        yield f"  dated        {_day(each.old_dated)} → {_day(each.new_dated)}"
    for side, refused in zip(("OLD", "NEW"), each.refused, strict=True):
        if refused:
            yield f"  {count_of(refused, 'entry', 'entries')} of {side} could not be read"
    yield from _some("new", each.new, width)
    yield from _some("gone", each.gone, width)
    yield from _some("changed", each.changed, width)


def _some(
    kind: str, keys: "tuple[KeyName, ...] | tuple[ChangedKey, ...]", width: int
) -> Iterator[str]:
    for key in keys[:_SHOWN]:
        yield f"  {kind:<8} {key.country or '--'} {_kid(key.kid)}"
        for change in getattr(key, "facts", ()):
            yield wrap(_said(change), width, "           ")
    if len(keys) > _SHOWN:
        yield f"  {kind:<8} and {len(keys) - _SHOWN} more"


def _said(change: "FactChange") -> str:
    name = change.fact.value.replace("_", " ")
    return f"{name}: {printable(change.old) or '-'} → {printable(change.new) or '-'}"


def report_as_json(report: "DiffReport") -> str:
    """Write the same as one JSON object, in ASCII throughout, with every key."""
    members = {"schema": SCHEMA, **report_members(report)}
    return json.dumps(members, separators=(",", ":")) + "\n"


def report_members(report: "DiffReport") -> dict[str, Any]:
    """Give the members of that object."""
    return {
        "same": report.same,
        "lists": [_list_members(each) for each in report.lists],
        "countries": [
            {**each._asdict(), "country": each.country or None} for each in report.countries()
        ],
    }


def _list_members(each: "ListDiff") -> dict[str, Any]:
    return {
        "name": each.name,
        "old_name": each.old_name or None,
        "new_name": each.new_name or None,
        "presence": each.presence.value,
        "environment": [each.old_environment, each.new_environment],
        "dated": [_day(each.old_dated) or None, _day(each.new_dated) or None],
        "refused": list(each.refused),
        "new": [_key_members(key) for key in each.new],
        "gone": [_key_members(key) for key in each.gone],
        "changed": [
            {
                **_key_members(key),
                "facts": [
                    {"fact": fact.value, "old": old or None, "new": new or None}
                    for fact, old, new in key.facts
                ],
            }
            for key in each.changed
        ],
        "unchanged": each.unchanged,
    }


def _key_members(key: "KeyName | ChangedKey") -> dict[str, Any]:
    return {"country": key.country or None, "kid": _kid(key.kid)}


def _day(instant: Instant | None) -> str:
    return "" if instant is None else day_of(instant)


def _kid(kid: bytes) -> str:
    return base64.b64encode(kid).decode()
