"""From sources to lists of rules: finds the form of each file and lets it read.

A folder is gone through with all that is below it, except for folders of tests and hidden ones. An
archive is a source within a source, so that its signature belongs to its own list. Nothing is
written here.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.archives import is_archive, unpack
from trustlists.faults import Fault, invalid
from trustlists.gathering import label_of
from trustlists.progress import Report, Step
from trustlists.records import Reading, Refusal, RefusedEntry, SourceFile
from trustlists.rules.forms import FORMS, is_companion, recognised
from trustlists.rules.records import Form, ParsedRules, RefusedRules
from trustlists.signers import Uploader
from trustlists.sources import is_address, read_plain_file, read_source
from verifier.clock import Instant
from verifier.errors import SetupError
from verifier.limits import LIST_BYTES, LIST_RECORDS

_HEAD_BYTES: Final = 64 * 1024
_TESTS: Final = frozenset({"test", "tests"})


class RuleOptions(NamedTuple):
    """How the operator wants sources to be read. Without a form it is recognised."""

    form: Form | None
    country: str
    anchors: tuple[Anchor, ...]
    now: Instant
    report: Report


class GatheredRules(NamedTuple):
    """A list that was read or refused, its form, and the name of the source that it is from."""

    source: str
    form: str
    outcome: ParsedRules | RefusedRules


class _Package(NamedTuple):
    """Files that belong together: those of a folder, or of one archive."""

    label: str
    files: list[SourceFile]


def gather_rules(
    source: str | os.PathLike[str], options: RuleOptions, uploader: Uploader
) -> list[GatheredRules]:
    """Read every list of a source. What is wrong with a source is given back, not raised."""
    name = Path(source).name or os.fspath(source)
    try:
        packages = list(_packages(os.fspath(source)))
    except SetupError as error:
        return [GatheredRules(name, "", RefusedRules("", error))]
    return [
        found for package in packages for found in _from_package(name, package, options, uploader)
    ]


def _packages(source: str) -> Iterator[_Package]:
    """Take a source apart. Raises ``SetupError``."""
    place = Path(source).absolute()
    if is_address(source) or not place.is_dir():
        files = [file for file in read_source(source) if not _is_test(file.name)]
        yield _Package(label_of(place.name.partition(".")[0]), files)
        return
    loose: list[SourceFile] = []
    for file in _files_below(place):
        if file.data and is_archive(file.data):
            stem = file.name.rpartition("/")[2].partition(".")[0]
            members = [each for each in unpack(file.data) if not _is_test(each.name)]
            yield _Package(label_of(stem), members)
        else:
            loose.append(file)
    if loose:
        yield _Package(label_of(place.name), loose)


def _is_test(name: str) -> bool:
    """Tell whether the member of an archive is in a folder of tests, or hidden."""
    return any(part.lower() in _TESTS or part.startswith(".") for part in name.split("/")[:-1])


def _files_below(folder: Path) -> Iterator[SourceFile]:
    """Read what may be rules in a folder and below it, by name. Raises ``SetupError``."""
    left, count = LIST_BYTES, 0
    for parent, below, names in os.walk(folder):
        below[:] = sorted(
            name for name in below if not name.startswith(".") and name.lower() not in _TESTS
        )
        for name in sorted(names):
            path = Path(parent, name)
            if name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            count += 1
            if count > LIST_RECORDS:
                raise invalid(Fault.ARCHIVE_CROWDED)
            data = read_plain_file(path, left)
            left -= len(data)
            yield SourceFile(path.relative_to(folder).as_posix(), data)
    if not count:
        raise invalid(Fault.NO_RULES)


def _from_package(
    source: str, package: _Package, options: RuleOptions, uploader: Uploader
) -> list[GatheredRules]:
    companions = tuple(file.data for file in package.files if file.data and is_companion(file.data))
    reading = Reading(
        package.label,
        options.anchors,
        country=options.country,
        companions=companions,
        now=options.now,
        file=source,
    )
    by_form, strays = _by_form(package.files, options)
    found = [
        GatheredRules(source, form.name, outcome)
        for form, files in by_form
        for outcome in form.read(files, reading, uploader)
    ]
    if found:
        return [_with_strays(found[0], strays), *found[1:]]
    fault = Fault.ONLY_A_COMPANION if companions and not strays else Fault.NOT_RULES
    return [GatheredRules(source, "", RefusedRules("", invalid(fault), strays))]


def _by_form(
    files: Sequence[SourceFile], options: RuleOptions
) -> tuple[list[tuple[Form, list[SourceFile]]], list[RefusedEntry]]:
    """Sort files by their forms; gives those of no form too."""
    by_form: dict[str, list[SourceFile]] = {form.name: [] for form in FORMS}
    strays: list[RefusedEntry] = []
    for place, file in enumerate(files):
        options.report(Step.READ, file.name, place, len(files))
        if file.data is None:
            strays.append(RefusedEntry(file.name, file.refusal))
            continue
        if is_companion(file.data):
            continue
        form = recognised(file.data[:_HEAD_BYTES])
        # One named by the operator is taken where nothing tells, and keeps the others out.
        if options.form and form not in {options.form, None}:
            form = None
        elif options.form and len(files) == 1:
            form = options.form
        if form is None:
            strays.append(RefusedEntry(file.name, Refusal.NOT_A_RULE))
        else:
            by_form[form.name].append(file)
    return [(form, by_form[form.name]) for form in FORMS if by_form[form.name]], strays


def _with_strays(found: GatheredRules, strays: list[RefusedEntry]) -> GatheredRules:
    """Report the files that are in no list with the first list."""
    outcome = found.outcome
    return found._replace(outcome=outcome._replace(refused=[*outcome.refused, *strays]))
