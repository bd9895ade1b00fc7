"""Fetching the configured lists and taking them into the store, for the back office.

What was fetched goes the way of any file: authenticated, never older than what the store has, in
its own environment. A source that fails costs only itself; its list stays as it was.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from trustlists.configuration import Configuration, Subscription, read_configuration
from trustlists.fetch import Bounds, Machine, fetch, host_of
from trustlists.gathering import Gathered, Refused, gather_files
from trustlists.importing import Choices, ListReport, reading_options, take
from trustlists.progress import Report, Step, silent
from trustlists.records import SourceFile
from trustlists.shelf import Slot, shelving
from trustlists.sources import Fetch, name_of, read_file
from trustlists.writing import drafting
from verifier.clock import Instant
from verifier.errors import SetupError


class SourceReport(NamedTuple):
    """What became of one source.

    ``failure`` says why nothing could be fetched or read. ``sent`` is whether the server had
    anything new to send. ``lists`` are those that it holds, taken or refused.
    """

    name: str
    sent: bool
    failure: SetupError | None
    lists: tuple[ListReport, ...] = ()


class RefreshReport(NamedTuple):
    """What became of each source, in the order of the configuration."""

    sources: tuple[SourceReport, ...]

    @property
    def complete(self) -> bool:
        """Whether every source came in and none of its lists was refused whole."""
        return not any(
            source.failure or any(taken.refusal for taken in source.lists)
            for source in self.sources
        )


class _Arrived(NamedTuple):
    """A source that is here, read but not taken yet, and where it is kept."""

    subscription: Subscription
    slots: tuple[Slot, ...]
    sent: bool
    outcomes: Sequence[Gathered | Refused]


def fetching(
    store: str | os.PathLike[str],
    *,
    bounds: Bounds = Bounds(),  # noqa: B008 - a constant
    machine: Machine = Machine(),  # noqa: B008 - a constant
    report: Report = silent,
) -> Fetch:
    """Make what ``import_sources`` follows addresses with; a part of a list is kept meanwhile.

    Naming an address allows its host, and no other.
    """

    def fetched(url: str) -> bytes:
        with shelving(_shelf_of(Path(store))) as folder:
            slot, hosts = Slot(folder, url), frozenset({host_of(url)})
            data = fetch(
                url, hosts=hosts, slot=slot, bounds=bounds, machine=machine, report=report
            ).data
            slot.forget()
            return data

    return fetched


def refresh(  # noqa: PLR0913 - one argument a choice of the operator
    store: str | os.PathLike[str],
    configuration: Configuration | str | os.PathLike[str],
    *,
    now: Instant,
    bounds: Bounds = Bounds(),  # noqa: B008 - a constant
    machine: Machine = Machine(),  # noqa: B008 - a constant
    report: Report = silent,
) -> RefreshReport:
    """Fetch every configured list and take what came in into a store, all in one step.

    Raises ``SetupError`` when the configuration or the store cannot be used; whatever is wrong with
    a source is reported. A list for which no anchor vouches is not taken.
    """
    if not isinstance(configuration, Configuration):
        configuration = read_configuration(configuration)
    done: dict[str, SourceReport] = {}
    arrived: list[_Arrived] = []
    with shelving(_shelf_of(Path(store))) as folder:
        for subscription in configuration.sources:
            getting = _Getting(configuration.hosts, folder, bounds, machine, report)
            try:
                arrived.append(_arrival(subscription, getting, now))
            except SetupError as error:
                done[subscription.name] = SourceReport(subscription.name, False, error)  # noqa: FBT003 - a field
        if arrived:
            done |= _taken(Path(store), arrived, now, report)
    return RefreshReport(tuple(done[source.name] for source in configuration.sources))


class _Getting(NamedTuple):
    """How sources are fetched."""

    hosts: frozenset[str]
    folder: Path
    bounds: Bounds
    machine: Machine
    report: Report


def _arrival(subscription: Subscription, getting: _Getting, now: Instant) -> _Arrived:
    """Fetch a source with its companions and read it."""
    options = reading_options(
        now=now,
        dialect=subscription.dialect,
        scheme=subscription.scheme,
        country=subscription.country,
        anchors=subscription.anchors,
        test_nations=subscription.test_nations,
    )._replace(report=getting.report)
    files: list[SourceFile] = []
    slots: list[Slot] = []
    sent = False
    for url in (subscription.url, *subscription.companions):
        slot = Slot(getting.folder, url)
        fetched = fetch(
            url,
            hosts=getting.hosts,
            slot=slot,
            name=subscription.name,
            bounds=getting.bounds,
            machine=getting.machine,
            report=getting.report,
        )
        slots.append(slot)
        sent = sent or fetched.sent
        files.extend(read_file(SourceFile(name_of(url) or subscription.name, fetched.data)))
    outcomes = gather_files(subscription.name, files, options)
    return _Arrived(subscription, tuple(slots), sent, outcomes)


def _taken(
    store: Path, arrived: Sequence[_Arrived], now: Instant, report: Report
) -> dict[str, SourceReport]:
    """Put what arrived into the store. What was refused is fetched whole the next time."""
    done: dict[str, SourceReport] = {}
    before: list[ListReport] = []
    with drafting(store) as draft:
        for place, each in enumerate(arrived):
            subscription = each.subscription
            report(Step.STORE, subscription.name, place, len(arrived))
            choices = Choices(subscription.environment, now, subscription.max_age, vouched=True)
            lists: list[ListReport] = []
            for outcome in each.outcomes:
                lists.append(take(draft, outcome, [*before, *lists], choices))
            before += lists
            done[subscription.name] = SourceReport(subscription.name, each.sent, None, tuple(lists))
    for each in arrived:
        if any(taken.refusal for taken in done[each.subscription.name].lists):
            for slot in each.slots:
                slot.forget()
    return done


def _shelf_of(store: Path) -> Path:
    """Name the folder beside a store where fetched lists are kept."""
    store = store.resolve()
    return store.with_name(store.name + ".fetched")
