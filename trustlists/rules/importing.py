"""Taking rules and value sets into a trust store.

As with lists of keys: a refused list stores nothing and leaves its earlier edition in place, and
nothing steps back in time. Rules that nobody has signed are taken and stay unauthenticated. A rule
that cannot be read is kept as such, so that its country's set is never mistaken for whole.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from trustlists.admission import ages_within, demand_no_step_back, environment_of
from trustlists.anchors import Anchor, pinned_anchors, read_anchors
from trustlists.faults import Fault, invalid
from trustlists.progress import Report, Step, silent
from trustlists.records import Ages, Refusal, RefusedEntry
from trustlists.rules.changes import (
    RuleChanges,
    demand_no_lower_version,
    difference,
    with_earlier_values,
)
from trustlists.rules.forms import FORMS, named
from trustlists.rules.gathering import GatheredRules, RuleOptions, gather_rules
from trustlists.rules.records import BrokenRule, ParsedRules, RefusedRules
from trustlists.rules.rows import DIALECT, Kind, RuleRow
from trustlists.writing import Draft, ListFacts, drafting
from verifier.clock import Instant, day_of
from verifier.countries import alpha_2
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import CLOCK_SKEW
from verifier.trust import Environment


class RulesReport(NamedTuple):
    """What became of one list of rules.

    ``refusal`` says why it was refused whole; then ``changes`` is None and nothing of it was
    stored. ``broken`` are rules that cannot be run, so that their country's result stays open.
    ``refused`` are files and entries that are no rules of this list at all. ``countries`` are those
    whose rules it holds.
    """

    source: str
    name: str
    form: str
    environment: Environment | None
    countries: tuple[str, ...]
    rules: int
    value_sets: int
    anchor: str
    changes: RuleChanges | None
    broken: tuple[BrokenRule, ...]
    refused: tuple[RefusedEntry, ...]
    refusal: SetupError | None
    from_future: bool = False


class RulesImport(NamedTuple):
    """What became of each list of an import."""

    lists: tuple[RulesReport, ...]

    @property
    def complete(self) -> bool:
        """Whether no list was refused whole."""
        return not any(report.refusal for report in self.lists)


def import_rules(  # noqa: PLR0913 - one argument a choice of the operator
    store: str | os.PathLike[str],
    sources: Sequence[str | os.PathLike[str]],
    *,
    now: Instant,
    form: str | None = None,
    country: str | None = None,
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
    environment: Environment | str | None = None,
    max_age: int | None = None,
    mix_environments: bool = False,
    keep_going: bool = False,
    report: Report = silent,
) -> RulesImport:
    """Take files, folders and archives of rules and value sets into a store.

    ``form`` is recognised when it is not given. ``country`` is that of rules that name none. A list
    in the store is replaced by its new edition. The first refused list raises its ``SetupError``
    and nothing at all is stored; with ``keep_going`` it is reported instead and the others are
    stored.
    """
    options = _options(form, country, anchors, now, report)
    choices = _Choices(
        None if environment is None else Environment(environment), now, max_age, mix_environments
    )
    taken: list[RulesReport] = []
    with drafting(Path(store)) as draft:
        for source in sources:
            found = gather_rules(source, options, draft.uploader)
            for place, gathered in enumerate(found):
                report(Step.STORE, gathered.source, place, len(found))
                one = _take(draft, gathered, taken, choices)
                if one.refusal and not keep_going:
                    raise one.refusal
                taken.append(one)
    return RulesImport(tuple(taken))


class _Choices(NamedTuple):
    environment: Environment | None
    now: Instant
    max_age: int | None
    mixed: bool


def _options(
    form: str | None,
    country: str | None,
    anchors: Sequence[Anchor | str | os.PathLike[str]],
    now: Instant,
    report: Report,
) -> RuleOptions:
    chosen = named(form) if form else None
    if form and chosen is None:
        known = ", ".join(each.name for each in FORMS)
        message = f"There is no form {form} of rules.\nThose known are: {known}."
        raise SetupError(message)
    if country and not alpha_2(country):
        message = "A country has two or three letters.\nSuch as DE or DEU."
        raise SetupError(message)
    own: list[Anchor] = []
    for anchor in anchors:
        own.extend([anchor] if isinstance(anchor, Anchor) else read_anchors(anchor))
    # One that is pinned for lists of keys vouches for those alone.
    suited = tuple(
        each
        for each in (*pinned_anchors(), *own)
        if each.dialect in {DIALECT, ""} and (each.until is None or now <= each.until)
    )
    return RuleOptions(chosen, alpha_2(country or ""), suited, now, report)


def _take(
    draft: Draft, gathered: GatheredRules, before: Sequence[RulesReport], choices: _Choices
) -> RulesReport:
    """Put one list into the draft, or report why not."""
    parsed, now = gathered.outcome, choices.now
    if isinstance(parsed, RefusedRules):
        return _refused(gathered, parsed.name, parsed.error)
    try:
        environment = environment_of(
            parsed.name,
            parsed.environment,
            choices.environment,
            draft.environments(),
            mixed=choices.mixed,
        )
        parsed = _within_anchor(parsed)
        _demand_rules(parsed, before)
        if parsed.anchor is None and draft.vouched(parsed.name):
            raise _unsigned_now(parsed.name)
        demand_no_step_back(parsed.name, parsed.sequence, draft.sequence(parsed.name))
        old = draft.rules(parsed.name)
        _demand_no_rollback(old, parsed, draft.sequence(parsed.name))
    except SetupError as error:
        return _refused(gathered, parsed.name, error)
    dated = None if parsed.anchor is None else parsed.dated
    as_of = now if dated is None else dated
    rows = with_earlier_values(old, _dated(parsed.rows, as_of))
    draft.put_rules(
        ListFacts(
            name=parsed.name,
            dialect=DIALECT,
            environment=environment,
            source=f"{gathered.form}: {gathered.source}",
            as_of=as_of,
            imported_at=now,
            digest=_digest(rows),
            sequence=parsed.sequence,
            anchor=parsed.anchor,
            ages=ages_within(Ages(), choices.max_age, parsed.expires, as_of),
        ),
        rows,
    )
    return _taken(gathered, parsed, environment)._replace(
        changes=difference(old, rows),
        from_future=dated is not None and dated > now + CLOCK_SKEW,
    )


def _taken(
    gathered: GatheredRules, parsed: ParsedRules, environment: Environment | None
) -> RulesReport:
    rules = [row for row in parsed.rows if row.kind == Kind.RULE]
    return RulesReport(
        source=gathered.source,
        name=parsed.name,
        form=gathered.form,
        environment=environment,
        countries=tuple(sorted({row.country for row in rules})),
        rules=len(rules),
        value_sets=sum(row.kind == Kind.VALUES for row in parsed.rows),
        anchor=parsed.anchor.name if parsed.anchor else "",
        changes=None,
        broken=tuple(parsed.broken),
        refused=tuple(parsed.refused),
        refusal=None,
    )


def _refused(gathered: GatheredRules, name: str, error: SetupError) -> RulesReport:
    outcome = gathered.outcome
    broken = outcome.broken if isinstance(outcome, ParsedRules) else ()
    parsed = ParsedRules(name, (), broken, outcome.refused)
    return _taken(gathered, parsed, None)._replace(refusal=error)


def _within_anchor(parsed: ParsedRules) -> ParsedRules:
    """Leave out the rules of countries that the anchor does not vouch for."""
    countries = parsed.anchor.countries if parsed.anchor else frozenset()
    if not countries:
        return parsed
    allowed = countries | {""}
    abroad = [row for row in parsed.rows if row.country not in allowed]
    entries = [RefusedEntry(row.identifier, Refusal.NOT_VOUCHED_FOR) for row in abroad]
    return parsed._replace(
        rows=[row for row in parsed.rows if row.country in allowed],
        broken=[each for each in parsed.broken if each.country in allowed],
        refused=[*parsed.refused, *entries],
    )


def _demand_rules(parsed: ParsedRules, before: Sequence[RulesReport]) -> None:
    """Refuse a list of nothing, and a second one of the same name: it would replace the first."""
    if not any(row.kind != Kind.BROKEN for row in parsed.rows):
        raise invalid(Fault.NO_RULES)
    if any(report.name == parsed.name and not report.refusal for report in before):
        message = (
            f"Two sources would both be the list {parsed.name}.\n"
            "Put the files into one folder, or rename one of them."
        )
        raise TrustListInvalid(message)


def _demand_no_rollback(
    old: Sequence[RuleRow], parsed: ParsedRules, reached: Instant | None
) -> None:
    """Refuse lower versions, unless the publisher has signed the whole anew, and later.

    Then a version that was announced has been withdrawn, and only the publisher can say so.
    """
    signed_whole = parsed.anchor is not None and parsed.dated is not None
    later = parsed.sequence is not None and (reached is None or parsed.sequence > reached)
    if not (signed_whole and later):
        demand_no_lower_version(old, parsed.rows)


def _unsigned_now(name: str) -> TrustListInvalid:
    message = f"The store has {name} signed, and nobody has signed this edition.\n"
    return TrustListInvalid(message + "Give the signed one, or rename the file or folder.")


def _dated(rows: Sequence[RuleRow], as_of: Instant) -> list[RuleRow]:
    """Give value sets that say no date the day of their list; take what stands twice once."""
    day = day_of(as_of)
    dated = (
        row._replace(version=day) if row.kind == Kind.VALUES and not row.version else row
        for row in rows
    )
    return list(dict.fromkeys(dated))


def _digest(rows: Sequence[RuleRow]) -> bytes:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(hashlib.sha256(row.body).digest())
    return digest.digest()
