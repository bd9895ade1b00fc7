"""Taking lists into a trust store: who vouches, which environment, no step back in time.

A refused list stores nothing and leaves its earlier edition in place. A refused entry costs only
itself. The report says what is new, gone, changed and refused (dcc-trust-lists notes, 10).
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor, pinned_anchors, read_anchors
from trustlists.dialects import dialects, named
from trustlists.gathering import Gathered, Options, Refused, gather
from trustlists.records import ParsedList, RefusedEntry
from trustlists.writing import Changes, Draft, ListFacts, drafting
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import EnvironmentMixed, SetupError, TrustListInvalid, TrustListRollback
from verifier.trust import Environment

_SCHEME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ListReport(NamedTuple):
    """What became of one list.

    ``refusal`` says why the list was refused whole; then ``changes`` is None and nothing of it was
    stored. ``refused`` are entries that were not taken, whatever became of the list.
    """

    source: str
    name: str
    environment: Environment | None
    keys: int
    authenticated: int
    changes: Changes | None
    refused: tuple[RefusedEntry, ...]
    refusal: SetupError | None


class ImportReport(NamedTuple):
    """What became of each list of an import."""

    lists: tuple[ListReport, ...]

    @property
    def complete(self) -> bool:
        """Whether no list was refused whole."""
        return not any(report.refusal for report in self.lists)


def import_sources(  # noqa: PLR0913 - one argument a choice of the operator
    store: str | os.PathLike[str],
    sources: Sequence[str | os.PathLike[str]],
    *,
    now: Instant,
    dialect: str | None = None,
    scheme: str = "eu-dcc",
    country: str | None = None,
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
    environment: Environment | str | None = None,
    mix_environments: bool = False,
    keep_going: bool = False,
) -> ImportReport:
    """Take files and folders into a store, which is made when there is none.

    ``dialect`` is recognised when it is not given. ``scheme`` and ``country`` speak for sources
    that do not say. A list in a store replaces its earlier edition. The first refused list raises
    its ``SetupError`` and nothing at all is stored; with ``keep_going`` it is reported instead and
    the others are stored.
    """
    options = _options(dialect, scheme, country, anchors)
    wanted = None if environment is None else Environment(environment)
    found = [outcome for source in sources for outcome in gather(source, options)]
    reports: list[ListReport] = []
    with drafting(Path(store)) as draft:
        for outcome in found:
            report = _taken(draft, outcome, reports, wanted, now=now, mixed=mix_environments)
            if report.refusal and not keep_going:
                raise report.refusal
            reports.append(report)
    return ImportReport(tuple(reports))


def _options(
    dialect: str | None,
    scheme: str,
    country: str | None,
    anchors: Sequence[Anchor | str | os.PathLike[str]],
) -> Options:
    chosen = named(dialect) if dialect else None
    if dialect and chosen is None:
        known = ", ".join(each.names[0] for each in dialects())
        message = f"There is no dialect {dialect}.\nThose known are: {known}."
        raise SetupError(message)
    if not _SCHEME.fullmatch(scheme):
        message = "A scheme is named in small letters.\nSuch as eu-dcc or at-exemption."
        raise SetupError(message)
    if country and not alpha_2(country):
        message = "A country has two letters.\nSuch as DE."
        raise SetupError(message)
    own: list[Anchor] = []
    for anchor in anchors:
        own.extend([anchor] if isinstance(anchor, Anchor) else read_anchors(anchor))
    return Options(chosen, scheme, country or "", pinned_anchors(), tuple(own))


def _taken(  # noqa: PLR0913 - what decides on one list
    draft: Draft,
    outcome: Gathered | Refused,
    before: Sequence[ListReport],
    wanted: Environment | None,
    *,
    now: Instant,
    mixed: bool,
) -> ListReport:
    """Put one list into the draft, or report why not."""
    if isinstance(outcome, Refused):
        return _refusal(outcome)
    parsed = outcome.parsed
    try:
        _demand_new_to_this_import(parsed, before)
        environment = _environment(parsed, wanted, draft.environments(), mixed=mixed)
        _demand_no_step_back(parsed, draft.sequence(parsed.name))
    except SetupError as error:
        return _refusal(Refused(outcome.source, error, tuple(parsed.refused)), parsed.name)
    as_of = now if parsed.dated is None or parsed.anchor is None else parsed.dated
    facts = ListFacts(
        name=parsed.name,
        dialect=outcome.dialect,
        environment=environment,
        source=outcome.source,
        as_of=as_of,
        imported_at=now,
        digest=outcome.digest,
        sequence=parsed.sequence,
        anchor=parsed.anchor,
    )
    return ListReport(
        source=outcome.source,
        name=parsed.name,
        environment=environment,
        keys=len(parsed.records),
        authenticated=sum(record.anchor is not None for record in parsed.records),
        changes=draft.put(facts, parsed.records),
        refused=tuple(parsed.refused),
        refusal=None,
    )


def _refusal(refused: Refused, name: str = "") -> ListReport:
    return ListReport(refused.source, name, None, 0, 0, None, tuple(refused.entries), refused.error)


def _demand_new_to_this_import(parsed: ParsedList, before: Sequence[ListReport]) -> None:
    """Refuse a list without keys, and a second one of the same name: it would replace the first."""
    if not parsed.records:
        message = f"Nothing in {parsed.name} could be taken.\nCheck that it is the right file."
        raise TrustListInvalid(message)
    if any(report.name == parsed.name and not report.refusal for report in before):
        message = (
            f"Two sources would both be the list {parsed.name}.\n"
            "Put the files into one folder, or rename one of them."
        )
        raise TrustListInvalid(message)


def _environment(
    parsed: ParsedList,
    wanted: Environment | None,
    present: frozenset[Environment],
    *,
    mixed: bool,
) -> Environment:
    """Decide to which environment a list belongs. Raises ``EnvironmentMixed``."""
    said = parsed.environment
    if said and wanted and said != wanted:
        message = f"{parsed.name} belongs to {said}, not {wanted}.\nLeave out --environment."
        raise EnvironmentMixed(message)
    said = said or wanted
    if said is None and len(present) > 1:
        message = f"The store mixes environments, and {parsed.name} does not say its own.\n"
        raise EnvironmentMixed(message + "Say it with --environment.")
    said = said or next(iter(present), Environment.PRODUCTION)
    if present and said not in present and not mixed:
        held = " and ".join(sorted(present))
        message = f"{parsed.name} belongs to {said}, and the store to {held}.\n"
        raise EnvironmentMixed(message + "Give it a store of its own with --store.")
    return said


def _demand_no_step_back(parsed: ParsedList, reached: int | None) -> None:
    if reached is not None and (parsed.sequence is None or parsed.sequence < reached):
        message = (
            f"This edition of {parsed.name} is older than the one in the store.\n"
            "Fetch the newest one. The store keeps what it has."
        )
        raise TrustListRollback(message)
