"""From sources to parsed lists: finds the dialect of each file and lets it read.

A folder of certificates or key sets makes one list; a published list is one by itself. A bad file
in a folder is reported and skipped. Nothing is written here.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.dialects import recognised
from trustlists.records import Dialect, KeyRecord, ParsedList, Reading, Refusal, RefusedEntry
from trustlists.sources import SourceFile, read_source
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import LIST_RECORDS

_HEAD_BYTES: Final = 64 * 1024  # text may stand before the first block of a PEM file
_LABEL_CHARACTERS: Final = 40
_UNFIT_FOR_LABEL: Final = re.compile(r"[^A-Za-z0-9._-]+")


class Options(NamedTuple):
    """How the operator wants sources to be read. No dialect means: recognise it."""

    dialect: Dialect | None
    scheme: str
    country: str
    pinned: tuple[Anchor, ...]
    anchors: tuple[Anchor, ...]


class Gathered(NamedTuple):
    """A list that was read, before anything else is known of it."""

    source: str
    dialect: str
    digest: bytes
    parsed: ParsedList


class Refused(NamedTuple):
    """A source, or one file of it, that was refused whole."""

    source: str
    error: SetupError
    entries: tuple[RefusedEntry, ...] = ()


def gather(source: str | os.PathLike[str], options: Options) -> list[Gathered | Refused]:
    """Read every list of a source. What is wrong with a source is given back, not raised."""
    place = Path(source).absolute()
    name = _shown(os.fspath(source) if "://" in os.fspath(source) else place.name)
    try:
        files = read_source(os.fspath(source))
        if place.is_dir():
            return _from_folder(name, files, options)
        return [_from_file(name, next(files), options)]
    except SetupError as error:
        return [Refused(name, error)]


def _from_file(source: str, file: SourceFile, options: Options) -> Gathered:
    if file.data is None:
        message = f"{source} is larger than any trust list.\nCheck what it is."
        raise TrustListInvalid(message)
    dialect = options.dialect or recognised(file.data[:_HEAD_BYTES])
    if dialect is None:
        message = f"{source} is no kind of trust list that is known here.\nName it with --from."
        raise TrustListInvalid(message)
    return _read(source, file.data, dialect, options, label=_label(file.name.partition(".")[0]))


def _from_folder(
    source: str, files: Iterator[SourceFile], options: Options
) -> list[Gathered | Refused]:
    found: list[Gathered | Refused] = []
    strays: list[RefusedEntry] = []
    parts: dict[str, list[Gathered]] = {}
    for file in files:
        name = _shown(file.name)
        dialect = options.dialect or recognised((file.data or b"")[:_HEAD_BYTES])
        if file.data is None or dialect is None:
            reason = Refusal.TOO_LARGE if file.data is None else Refusal.NOT_A_TRUST_LIST
            strays.append(RefusedEntry(name, reason))
            continue
        try:
            gathered = _read(name, file.data, dialect, options, label=_label(source))
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


def _read(source: str, data: bytes, dialect: Dialect, options: Options, *, label: str) -> Gathered:
    # A pinned anchor vouches in the dialect that it is pinned for and in no other.
    pinned = tuple(anchor for anchor in options.pinned if anchor.dialect in dialect.names)
    reading = Reading(label, pinned + options.anchors, options.scheme, options.country)
    parsed = _bounded(_without_twins(dialect.read(data, reading)))
    return Gathered(source, dialect.names[0], hashlib.sha256(data).digest(), parsed)


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


def _without_twins(parsed: ParsedList) -> ParsedList:
    """Take the same key once."""
    seen: dict[tuple[bytes, bytes, str], KeyRecord] = {}
    refused = list(parsed.refused)
    for record in parsed.records:
        identity = record.kid, record.spki, record.country
        if identity in seen:
            refused.append(RefusedEntry(f"key {record.kid.hex()}", Refusal.DUPLICATE))
        seen.setdefault(identity, record)
    return parsed._replace(records=tuple(seen.values()), refused=refused)


def _bounded(parsed: ParsedList) -> ParsedList:
    if len(parsed.records) + len(parsed.refused) > LIST_RECORDS:
        message = f"The list has more than {LIST_RECORDS} entries.\nImport it in parts."
        raise TrustListInvalid(message)
    return parsed


def _label(name: str) -> str:
    """Make of a file name what is short, stable and can be shown anywhere."""
    return _UNFIT_FOR_LABEL.sub("-", name)[:_LABEL_CHARACTERS].strip("-") or "unnamed"


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)
