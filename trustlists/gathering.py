"""From sources to parsed lists: finds the dialect of each file and lets it read.

A folder of certificates or key sets makes one list; a published list is one by itself. A bad file
in a folder is reported and skipped. Nothing is written here.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.dialects import is_companion, recognised
from trustlists.faults import Fault, invalid
from trustlists.progress import Report, Step, silent
from trustlists.records import (
    Dialect,
    Identity,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    SourceFile,
)
from trustlists.sources import (
    Fetch,
    folder_of_nothing,
    folders_in,
    is_address,
    name_of,
    read_below,
    read_source,
)
from verifier.clock import Instant
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import LIST_RECORDS

_HEAD_BYTES: Final = 64 * 1024  # text may stand before the first block of a PEM file
_LABEL_CHARACTERS: Final = 40
_UNFIT_FOR_LABEL: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Options(NamedTuple):
    """How the operator wants sources to be read. No dialects means: recognise it among all.

    ``sha1`` holds the SHA-256 of the files that may be signed with SHA-1. Without ``fetch`` no
    address is followed. ``report`` is told how far the reading is.
    """

    dialects: tuple[Dialect, ...]
    scheme: str
    country: str
    pinned: tuple[Anchor, ...]
    anchors: tuple[Anchor, ...]
    now: Instant
    unsigned: bool = False
    test_nations: bool = False
    issuer: str = ""
    kid: str = ""
    sha1: frozenset[bytes] = frozenset()
    fetch: Fetch | None = None
    report: Report = silent


class Gathered(NamedTuple):
    """A list that was read, before anything else is known of it."""

    source: str
    dialect: Dialect
    digest: bytes
    parsed: ParsedList


class Refused(NamedTuple):
    """A source, or one file of it, that was refused whole."""

    source: str
    error: SetupError
    entries: tuple[RefusedEntry, ...] = ()


def gather(
    source: str | os.PathLike[str], options: Options, beside: tuple[bytes, ...] = ()
) -> list[Gathered | Refused]:
    """Read every list of a source. What is wrong with a source is given back, not raised.

    ``beside`` are companions that were named as sources of their own.
    """
    place = Path(source).absolute()
    remote = is_address(source)
    # What stands behind a question mark may be a password.
    name = _shown(os.fspath(source).partition("?")[0] if remote else place.name)
    called = name_of(os.fspath(source)) if remote else place.name
    try:
        files = list(read_source(os.fspath(source), options.fetch))
        below, unread = _below(place) if not remote and place.is_dir() else ((), ())
        _demand_list(name, files, options, below=below, beside=beside, unread=unread)
    except SetupError as error:
        return [Refused(name, error)]
    found = gather_files(
        name, files, options, below + beside, called=called, folder=not remote and place.is_dir()
    )
    return _with_unread(found, unread)


def _demand_list(  # noqa: PLR0913 - what lies beside and below
    name: str,
    files: Sequence[SourceFile],
    options: Options,
    *,
    below: tuple[bytes, ...],
    beside: tuple[bytes, ...],
    unread: Sequence[str],
) -> None:
    """Raise ``SetupError`` for a folder of nothing, and for what only accompanies another source.

    Certificates that lie beside signatures are what was signed, and no list, when one is named too.
    """
    lists = [file for file in files if not _accompanies(file)]
    own = _companions(files) + below
    if not lists and not own:
        raise folder_of_nothing(_shown(name), unread)
    if own and not _lists_alone(lists, options) and (beside or not lists):
        raise invalid(Fault.ONLY_A_COMPANION)


def gather_files(  # noqa: PLR0913 - what a reading needs
    name: str,
    files: Sequence[SourceFile],
    options: Options,
    beside: tuple[bytes, ...] = (),
    *,
    called: str = "",
    folder: bool = False,
) -> list[Gathered | Refused]:
    """Read every list of files that are here already; ``called`` names a list that they make."""
    companions = _companions(files) + beside
    lists = [file for file in files if not _accompanies(file)] or files
    called = called or name
    try:
        if folder:
            return _from_folder(name, called, lists, options, companions)
        if len(lists) > 1 or lists[0].packed:
            return _from_folder(name, called.partition(".")[0], lists, options, companions)
        return [_from_file(name, lists[0], options, companions)]
    except SetupError as error:
        return [Refused(name, error)]


def _lists_alone(files: Sequence[SourceFile], options: Options) -> bool:
    """Tell whether a file is a list by itself, not one certificate or key set of a folder."""
    dialects = (_dialect_of(file.data or b"", options) for file in files)
    return any(dialect and not dialect.gathers for dialect in dialects)


def companions_among(sources: Sequence[str | os.PathLike[str]]) -> tuple[bytes, ...]:
    """Find what belongs to a list named beside it: files, and whole folders of such files."""
    found: list[bytes] = []
    for source in sources:
        place = Path(source)
        if is_address(source) or not place.exists():
            continue
        try:
            files = list(read_source(os.fspath(source)))
            found += _companions(files) + (_below(place)[0] if place.is_dir() else ())
        except SetupError:  # reported when the source itself is gathered
            continue
    return tuple(found)


def _below(place: Path) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Find companions in the folders below a folder, and name those that hold other things."""
    companions, read, others = [], set(), set()
    for file in read_below(os.fspath(place)):
        folder, _, _ = file.name.partition("/")
        if file.data and is_companion(file.data):
            companions.append(file.data)
            read.add(folder)
        else:
            others.add(folder)
    unread = [name for name in folders_in(os.fspath(place)) if name in others or name not in read]
    return tuple(companions), tuple(unread)


def _companions(files: Sequence[SourceFile]) -> tuple[bytes, ...]:
    return tuple(file.data for file in files if file.data and is_companion(file.data))


def _accompanies(file: SourceFile) -> bool:
    return file.data is not None and is_companion(file.data)


def _from_file(
    source: str, file: SourceFile, options: Options, companions: tuple[bytes, ...]
) -> Gathered:
    if file.data is None:
        raise invalid(Fault.TOO_LARGE)
    options.report(Step.READ, source, 0, 1)
    if is_companion(file.data):
        raise invalid(Fault.ONLY_A_COMPANION)
    dialect = _dialect_of(file.data, options)
    if dialect is None:
        raise invalid(Fault.NOT_RECOGNISED)
    label = label_of(file.name.partition(".")[0])
    return _read(source, file.data, dialect, options, companions, label=label)


def _dialect_of(data: bytes, options: Options) -> Dialect | None:
    """Find the dialect: the operator's word, and the content where that leaves a choice."""
    if len(options.dialects) == 1:
        return options.dialects[0]
    return recognised(data[:_HEAD_BYTES], options.dialects)


def _from_folder(
    source: str,
    called: str,
    files: Sequence[SourceFile],
    options: Options,
    companions: tuple[bytes, ...],
) -> list[Gathered | Refused]:
    found: list[Gathered | Refused] = []
    strays: list[RefusedEntry] = []
    parts: dict[str, list[Gathered]] = {}
    for place, file in enumerate(files):
        name = _shown(file.name)
        options.report(Step.READ, name, place, len(files))
        dialect = _dialect_of(file.data or b"", options)
        if file.data is None or dialect is None:
            reason = file.refusal if file.data is None else Refusal.NOT_A_TRUST_LIST
            strays.append(RefusedEntry(name, reason))
            continue
        try:
            gathered = _read(name, file.data, dialect, options, companions, label=label_of(called))
        except TrustListInvalid as error:
            if dialect.gathers:
                strays.append(RefusedEntry(name, Refusal.NOT_A_TRUST_LIST))
            else:
                found.append(Refused(name, error))
            continue
        if dialect.gathers:
            parts.setdefault(gathered.parsed.name, []).append(gathered)
        else:
            found.append(gathered)
    for members in parts.values():
        joined = _joined(source, members)
        if joined.parsed.records:
            found.append(joined)
        else:
            strays.extend(joined.parsed.refused)
    return _with_strays(source, found, strays)


def _read(  # noqa: PLR0913 - what a reading needs
    source: str,
    data: bytes,
    dialect: Dialect,
    options: Options,
    companions: tuple[bytes, ...],
    *,
    label: str,
) -> Gathered:
    # An anchor that is pinned for a dialect vouches in it and in no other.
    suited = tuple(
        each
        for each in options.pinned + options.anchors
        if each.dialect in {*dialect.names, ""}
        and (each.until is None or options.now <= each.until)
    )
    digest = hashlib.sha256(data).digest()
    reading = Reading(
        label,
        suited,
        options.scheme,
        options.country,
        companions=companions,
        now=options.now,
        unsigned=options.unsigned,
        test_nations=options.test_nations,
        issuer=options.issuer,
        kid=options.kid,
        file=source,
        sha1=digest in options.sha1,
    )
    parsed = _bounded(_without_twins(_within_anchors(dialect.read(data, reading))))
    return Gathered(source, dialect, digest, parsed)


def _joined(source: str, members: Sequence[Gathered]) -> Gathered:
    """Make one list of the files of a folder."""
    records = [record for member in members for record in member.parsed.records]
    refused = [
        RefusedEntry(f"{member.source}, {entry}", reason)
        for member in members
        for entry, reason in member.parsed.refused
    ]
    first = members[0]
    digest = hashlib.sha256(b"".join(member.digest for member in members)).digest()
    parsed = first.parsed._replace(records=records, refused=refused)
    return Gathered(source, first.dialect, digest, _bounded(_without_twins(parsed)))


def _with_strays(
    source: str, found: list[Gathered | Refused], strays: list[RefusedEntry]
) -> list[Gathered | Refused]:
    """Report the entries that are in no list with the last list, or alone when there is none."""
    for place, outcome in reversed(list(enumerate(found))):
        if isinstance(outcome, Gathered):
            refused = (*outcome.parsed.refused, *strays)
            found[place] = outcome._replace(parsed=outcome.parsed._replace(refused=refused))
            return found
    if strays:
        message = f"Nothing in {source} could be taken.\nName its dialect with --from."
        found.append(Refused(source, TrustListInvalid(message), tuple(strays)))
    return found


def _with_unread(
    found: list[Gathered | Refused], unread: Sequence[str]
) -> list[Gathered | Refused]:
    """Tell with the last list of a folder which folders in it were not read."""
    entries = tuple(RefusedEntry(_shown(name), Refusal.FOLDER_INSIDE) for name in unread)
    last = found[-1]
    if isinstance(last, Refused):
        return [*found[:-1], last._replace(entries=(*last.entries, *entries))]
    refused = (*last.parsed.refused, *entries)
    return [*found[:-1], last._replace(parsed=last.parsed._replace(refused=refused))]


def _within_anchors(parsed: ParsedList) -> ParsedList:
    """Take of each key what its anchor vouches for: no other schemes, no other countries."""
    records: list[KeyRecord] = []
    refused = list(parsed.refused)
    for record in parsed.records:
        anchor = record.anchor
        if anchor is None:
            records.append(record)
            continue
        schemes = record.schemes & anchor.schemes if anchor.schemes else record.schemes
        abroad = bool(anchor.countries) and record.country not in anchor.countries
        if abroad or (record.schemes and not schemes):
            refused.append(RefusedEntry(f"key {record.kid.hex()}", Refusal.NOT_VOUCHED_FOR))
        elif schemes == record.schemes:
            records.append(record)
        else:
            records.append(record._replace(schemes=schemes))
    return parsed._replace(records=records, refused=refused)


def _without_twins(parsed: ParsedList) -> ParsedList:
    """Take the same key once."""
    seen: dict[Identity, KeyRecord] = {}
    twins = [
        RefusedEntry(f"key {record.kid.hex()}", Refusal.DUPLICATE)
        for record in parsed.records
        if seen.setdefault(record.identity, record) is not record
    ]
    return parsed._replace(records=tuple(seen.values()), refused=[*parsed.refused, *twins])


def _bounded(parsed: ParsedList) -> ParsedList:
    if len(parsed.records) + len(parsed.refused) > LIST_RECORDS:
        message = f"The list has more than {LIST_RECORDS} entries.\nImport it in parts."
        raise TrustListInvalid(message)
    return parsed


def label_of(name: str) -> str:
    """Make of a file name what is short, stable and can be shown anywhere."""
    return _UNFIT_FOR_LABEL.sub("-", name)[:_LABEL_CHARACTERS].strip("-") or "unnamed"


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)
