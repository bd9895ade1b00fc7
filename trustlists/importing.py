"""Taking lists into a trust store: who vouches, which environment, no step back in time.

A refused list stores nothing and leaves its earlier edition in place. A refused entry costs only
itself. The report says what is new, gone, changed and refused (dcc-trust-lists notes, 10).
"""

import hashlib
import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.admission import ages_within, demand_no_step_back, environment_of
from trustlists.anchors import Anchor, pinned_anchors, read_anchors
from trustlists.dialects import dialects, named
from trustlists.faults import Fault, invalid
from trustlists.gathering import Gathered, Options, Refused, companions_among, gather
from trustlists.progress import Report, Step, silent
from trustlists.records import ParsedList, Refusal, RefusedEntry, Remark
from trustlists.revocation.sets import EXACT, is_set, open_set, read_set
from trustlists.sources import Fetch
from trustlists.writing import Changes, Draft, ListFacts, drafting
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import CLOCK_SKEW
from verifier.trust import Environment

_TEST_ENVIRONMENTS: Final = frozenset({Environment.DEVELOPMENT, Environment.SPECIMEN})
_SCHEME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ListReport(NamedTuple):
    """What became of one list.

    ``refusal`` says why the list was refused whole; then ``changes`` is None and nothing of it was
    stored. ``refused`` are entries that were not taken, whatever became of the list. With
    ``from_future`` an anchor has signed a date that this machine's clock has not reached: the clock
    is wrong, and until it is set right every verdict says so. ``remarks`` tell what is unusual
    about its signature. ``withdrawn`` counts what it revokes, None for a list that never does.
    """

    source: str
    name: str
    environment: Environment | None
    keys: int
    authenticated: int
    changes: Changes | None
    refused: tuple[RefusedEntry, ...]
    refusal: SetupError | None
    from_future: bool = False
    remarks: tuple[Remark, ...] = ()
    withdrawn: int | None = None


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
    unsigned: bool = False,
    test_nations: bool = False,
    issuer: str = "",
    kid: str = "",
    sha1: Sequence[str | bytes] = (),
    max_age: int | None = None,
    mix_environments: bool = False,
    keep_going: bool = False,
    fetch: Fetch | None = None,
    report: Report = silent,
) -> ImportReport:
    """Take files, folders, archives and addresses into a store, made when there is none.

    ``dialect`` is recognised when it is not given. ``scheme`` and ``country`` speak for sources
    that do not say, ``issuer`` and ``kid`` (as documents write them) for bare keys. ``unsigned``
    takes lists that nobody has signed, ``test_nations`` believes the keys of nations that do not
    exist. ``sha1`` names files, each by its SHA-256, whose signature may rest on SHA-1. ``max_age``
    (seconds) is how old a list may grow before it is not relied on, else what its dialect says. A
    list in a store replaces its earlier edition. The first refused list raises its ``SetupError``
    and nothing at all is stored; with ``keep_going`` it is reported instead and the others are
    stored. ``fetch`` gives what is behind an address; without it none is followed (see
    ``fetching``). ``report`` is told how far the import is.
    """
    options = reading_options(
        now=now,
        dialect=dialect,
        scheme=scheme,
        country=country,
        anchors=anchors,
        unsigned=unsigned,
        test_nations=test_nations,
        issuer=issuer,
        kid=kid,
        sha1=sha1,
    )._replace(fetch=fetch, report=report)
    wanted = None if environment is None else Environment(environment)
    sets = [source for source in sources if is_set(source)]
    lists = [source for source in sources if source not in sets]
    # What needs an authority from the store comes after the lists that may bring it.
    found = sorted(gather_all(lists, options), key=_needs_authorities)
    choices = Choices(wanted, now, max_age, mix_environments)
    taken: list[ListReport] = []
    with drafting(Path(store)) as draft:
        for place, outcome in enumerate(found):
            report(Step.STORE, outcome.source, place, len(found))
            one = take(draft, outcome, taken, choices)
            if one.refusal and not keep_going:
                raise one.refusal
            taken.append(one)
        for source in sets:
            one = take(draft, _read_set(draft, source, options), taken, choices)
            if one.refusal and not keep_going:
                raise one.refusal
            taken.append(one)
    return ImportReport(tuple(taken))


def _read_set(draft: Draft, source: str | os.PathLike[str], options: Options) -> Gathered | Refused:
    """Read a set of withdrawn certificates; one that is older is refused before it is read."""
    name = Path(source).name
    try:
        opened = open_set(source, options)
        number = opened.manifest.number if opened.manifest else None
        demand_no_step_back(opened.name, number, draft.sequence(opened.name))
        table = draft.store.with_name(f"{draft.store.name}.revoked-new-{opened.digest.hex()[:8]}")
        return read_set(opened, options, draft.uploader, table)
    except SetupError as error:
        return Refused(name, error)


def gather_all(
    sources: Sequence[str | os.PathLike[str]], options: Options
) -> list[Gathered | Refused]:
    """Read every list of every source; a signature named as a source goes with its list."""
    if len(sources) == 1:
        return gather(sources[0], options)
    beside = companions_among(sources)
    found = [outcome for source in sources for outcome in gather(source, options, beside)]
    read = any(_is_list(outcome) for outcome in found)
    return [outcome for outcome in found if not (read and _only_accompanies(outcome))]


def _is_list(outcome: Gathered | Refused) -> bool:
    """Tell whether this was a list, be it a refused one, that may have been accompanied."""
    no_list = {"", Fault.NOT_RECOGNISED, Fault.ONLY_A_COMPANION}
    return isinstance(outcome, Gathered) or outcome.error.fault not in no_list


def _only_accompanies(outcome: Gathered | Refused) -> bool:
    return isinstance(outcome, Refused) and outcome.error.fault == Fault.ONLY_A_COMPANION


def reading_options(  # noqa: PLR0913 - one argument a choice of the operator
    *,
    now: Instant,
    dialect: str | None = None,
    scheme: str = "eu-dcc",
    country: str | None = None,
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
    unsigned: bool = False,
    test_nations: bool = False,
    issuer: str = "",
    kid: str = "",
    sha1: Sequence[str | bytes] = (),
) -> Options:
    """Check what an operator says of sources. Raises ``SetupError`` for what is not known."""
    chosen = named(dialect) if dialect else ()
    if dialect and not chosen:
        known = ", ".join(sorted({each.names[0] for each in dialects()}))
        message = f"There is no dialect {dialect}.\nThose known are: {known}."
        raise SetupError(message)
    if not _SCHEME.fullmatch(scheme):
        message = "A scheme is named in small letters.\nSuch as eu-dcc or at-exemption."
        raise SetupError(message)
    if country and not alpha_2(country):
        message = "A country has two or three letters.\nSuch as DE or DEU."
        raise SetupError(message)
    own: list[Anchor] = []
    for anchor in anchors:
        own.extend([anchor] if isinstance(anchor, Anchor) else read_anchors(anchor))
    country = country or ""
    return Options(
        chosen,
        scheme,
        country,
        pinned_anchors(),
        tuple(own),
        now,
        unsigned,
        test_nations,
        issuer,
        kid,
        frozenset(map(_digest, sha1)),
    )


def _digest(text: str | bytes) -> bytes:
    """Read the SHA-256 of a file, 64 hexadecimal digits. Raises ``SetupError``."""
    try:
        digest = text if isinstance(text, bytes) else bytes.fromhex(text.replace(":", ""))
    except ValueError:
        digest = b""
    if len(digest) != hashlib.sha256().digest_size:
        message = "A SHA-256 has 64 hexadecimal digits.\nTake it with: sha256sum FILE"
        raise SetupError(message)
    return digest


def _needs_authorities(outcome: Gathered | Refused) -> bool:
    return isinstance(outcome, Gathered) and outcome.parsed.settle is not None


class Choices(NamedTuple):
    """What the operator decides for all lists of an import, or of one source.

    With ``vouched`` a list is taken only when an anchor vouches for it, or for a key in it.
    """

    environment: Environment | None
    now: Instant
    max_age: int | None
    mixed: bool = False
    vouched: bool = False


def take(
    draft: Draft, outcome: Gathered | Refused, before: Sequence[ListReport], choices: Choices
) -> ListReport:
    """Put one list into the draft, or report why not."""
    if isinstance(outcome, Refused):
        return _refusal(outcome)
    parsed, now = outcome.parsed, choices.now
    try:
        if parsed.settle:
            parsed = parsed.settle(parsed, partial(draft.authorities, beside=parsed.name))
        environment = environment_of(
            parsed.name,
            parsed.environment,
            choices.environment,
            draft.environments(),
            mixed=choices.mixed,
        )
        parsed = _without_published(parsed, environment)
        _demand_new_to_this_import(parsed, before)
        if choices.vouched and not any(record.anchor for record in parsed.records):
            raise invalid(Fault.NOT_VOUCHED)
        demand_no_step_back(parsed.name, parsed.sequence, draft.sequence(parsed.name))
    except SetupError as error:
        return _refusal(Refused(outcome.source, error, tuple(parsed.refused)), parsed.name)
    dated = None if parsed.anchor is None else parsed.dated
    as_of = now if dated is None else dated
    facts = ListFacts(
        name=parsed.name,
        dialect=outcome.dialect.names[0],
        environment=environment,
        source=outcome.source,
        as_of=as_of,
        imported_at=now,
        digest=outcome.digest,
        sequence=parsed.sequence,
        anchor=parsed.anchor,
        ages=ages_within(
            parsed.ages or outcome.dialect.ages, choices.max_age, parsed.expires, as_of
        ),
        remarks=parsed.remarks,
    )
    return ListReport(
        source=outcome.source,
        name=parsed.name,
        environment=environment,
        keys=len(parsed.records),
        authenticated=sum(record.anchor is not None for record in parsed.records),
        changes=draft.put(facts, parsed.records, parsed.revocations, parsed.revoked),
        refused=tuple(parsed.refused),
        refusal=None,
        from_future=dated is not None and dated > now + CLOCK_SKEW,
        remarks=tuple(parsed.remarks),
        withdrawn=_withdrawn(parsed),
    )


def _withdrawn(parsed: ParsedList) -> int | None:
    """Count what a list revokes one by one; what only filters hold cannot be counted."""
    if parsed.revoked:
        return sum(row.size for row in parsed.revoked.rows if row.form == EXACT)
    return sum(len(each.ids) for each in parsed.revocations) if parsed.revocations else None


def _without_published(parsed: ParsedList, environment: Environment) -> ParsedList:
    """Drop keys that anybody can sign with, except where nothing but tests is at stake."""
    if environment in _TEST_ENVIRONMENTS:
        return parsed
    from trustlists.published_keys import is_published  # noqa: PLC0415 - a table nobody else needs

    published = [record for record in parsed.records if is_published(record.spki)]
    if not published:
        return parsed
    kept = [record for record in parsed.records if record not in published]
    dropped = [
        RefusedEntry(f"key {record.kid.hex()}", Refusal.PRIVATE_KEY_PUBLISHED)
        for record in published
    ]
    return parsed._replace(records=kept, refused=[*parsed.refused, *dropped])


def _refusal(refused: Refused, name: str = "") -> ListReport:
    return ListReport(refused.source, name, None, 0, 0, None, tuple(refused.entries), refused.error)


def _demand_new_to_this_import(parsed: ParsedList, before: Sequence[ListReport]) -> None:
    """Refuse a list without keys, and a second one of the same name: it would replace the first."""
    if not parsed.records and not parsed.revocations and not parsed.revoked:
        message = f"Nothing in {parsed.name} could be taken.\nCheck that it is the right file."
        raise TrustListInvalid(message, Fault.EMPTY)
    if any(report.name == parsed.name and not report.refusal for report in before):
        message = (
            f"Two sources would both be the list {parsed.name}.\n"
            "Put the files into one folder, or rename one of them."
        )
        raise TrustListInvalid(message)
