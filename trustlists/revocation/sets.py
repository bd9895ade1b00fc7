"""From a folder of files to one table: withdrawn certificates, read one file after the other.

A set with a signed description is taken whole or not at all. Without one, batches of the DCC
gateway are taken for what they are: each is as good as its signature, and nobody knows whether one
is missing, so that no certificate is ever called good because of them.
"""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.archives import is_archive, unpack
from trustlists.faults import Fault, invalid
from trustlists.gathering import Gathered, Options, label_of
from trustlists.json_text import read_array
from trustlists.progress import Report, Step
from trustlists.records import (
    Ages,
    Dialect,
    ParsedList,
    Reading,
    Refusal,
    RefusedEntry,
    RevokedRow,
    RevokedSet,
)
from trustlists.revocation.batches import Batch, is_batch, read_batch
from trustlists.revocation.building import TableBuilder
from trustlists.revocation.manifest import FILE_NAME, Manifest, read_manifest
from trustlists.revocation.slices import Promised, collect, is_distribution, packed
from trustlists.signers import Uploader, signer_for
from trustlists.sources import is_address, read_plain_file
from verifier.clock import Instant
from verifier.errors import TrustListInvalid
from verifier.limits import BATCH_BYTES, LIST_BYTES, REVOKED_ENTRIES, SET_FILES

EXACT: Final = "exact"
_GZIP: Final = b"\x1f\x8b"
_END_OF_TAR: Final = gzip.compress(bytes(1024), mtime=0)
_HEAD: Final = 4_096
_DAY: Final = 86_400

# Withdrawals are urgent and published daily: a set of yesterday is fresh, one of last week is not
# relied on. `--max-age` says otherwise, and the description of a set may say less.
_AGES: Final = Ages(stale=2 * _DAY, too_old=7 * _DAY)


def _never(_: bytes) -> bool:
    return False


def _unread(_: bytes, __: Reading) -> ParsedList:
    raise invalid(Fault.NOT_RECOGNISED)


# Not found among the others: a set is too large to be read as a list is.
DIALECT: Final = Dialect(("revocations",), _never, _unread, ages=_AGES)


def is_set(source: str | os.PathLike[str]) -> bool:
    """Tell whether a source is a folder with a description, or batches in a folder or file."""
    if is_address(source):
        return False
    place = Path(source)
    if not place.is_dir():
        return _is_batch_file(place)
    return (place / FILE_NAME).exists() or any(_is_batch_file(file) for file in _first_file(place))


def _first_file(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = sorted(each.name for each in entries if each.is_file(follow_symlinks=False))
    yield from (folder / name for name in names[:1])


def _is_batch_file(place: Path) -> bool:
    if not place.is_file():
        return False
    try:
        with place.open("rb") as file:
            return is_batch(file.read(_HEAD))
    except OSError:  # told when it is read
        return False


class Opened(NamedTuple):
    """A set whose description, if it has one, has been verified; nothing else is read yet."""

    place: Path
    name: str
    digest: bytes
    manifest: Manifest | None


def open_set(source: str | os.PathLike[str], options: Options) -> Opened:
    """Verify the description of a set. Raises ``SetupError``."""
    place = Path(source).absolute()
    described = place / FILE_NAME
    if not described.exists():
        label = label_of(place.name.partition(".")[0])
        return Opened(place, f"revocations:{label}", b"", None)
    data = read_plain_file(described, LIST_BYTES)
    suited = tuple(
        each
        for each in options.pinned + options.anchors
        if each.dialect in {*DIALECT.names, ""}
        and (each.until is None or options.now <= each.until)
    )
    manifest = read_manifest(data, Reading("", suited, now=options.now))
    name = f"revocations:{label_of(manifest.anchor.name)}:{manifest.name}"
    return Opened(place, name, hashlib.sha256(data).digest(), manifest)


def read_set(opened: Opened, options: Options, uploader: Uploader, table: Path) -> Gathered:
    """Read every file of a set, and make its table. Raises ``SetupError``."""
    with TableBuilder(table.parent) as builder:
        taking = _Taking(builder, options)
        if opened.manifest:
            taking.take_described(opened.place, opened.manifest)
        else:
            taking.take_batches(opened.place, uploader)
        if builder.added > REVOKED_ENTRIES:
            raise invalid(Fault.TOO_LARGE)
        digest, filters = builder.write(table, _telling(options.report, opened.name))
    manifest = opened.manifest
    revoked = RevokedSet(
        table,
        digest,
        taking.rows(filters),
        manifest.complete if manifest else frozenset(),
        manifest.exact if manifest else frozenset(),
    )
    anchor = manifest.anchor if manifest else taking.anchor
    parsed = ParsedList(
        opened.name,
        (),
        taking.refused,
        environment=anchor.environment if anchor else None,
        anchor=anchor,
        dated=manifest.date if manifest else None,
        sequence=manifest.number if manifest else None,
        expires=manifest.expires if manifest else None,
        revoked=revoked,
    )
    return Gathered(opened.place.name, DIALECT, opened.digest or bytes.fromhex(digest), parsed)


def _telling(report: Report, name: str) -> Callable[[int, int], None]:
    return lambda done, total: report(Step.STORE, name, done, total)


class _Taking:
    """What was taken of a set so far."""

    __slots__ = ("_builder", "_exact", "_filters", "_options", "anchor", "refused")

    def __init__(self, builder: TableBuilder, options: Options) -> None:
        self._builder = builder
        self._options = options
        self._exact: dict[tuple[str, bytes, str], tuple[int, Instant]] = {}
        self._filters: list[RevokedRow] = []
        self.anchor: Anchor | None = None
        self.refused: list[RefusedEntry] = []

    def rows(self, filters: int) -> list[RevokedRow]:
        """List what the table holds, filters from where they begin in it."""
        exact = [
            RevokedRow(*key, "", EXACT, 0, count, lapse, 0.0)
            for key, (count, lapse) in sorted(self._exact.items())
        ]
        return exact + [row._replace(start=row.start + filters) for row in self._filters]

    def take_batches(self, place: Path, uploader: Uploader) -> None:
        """Take what each signer may withdraw; a batch that proves nothing costs only itself."""
        files = sorted(_files(place)) if place.is_dir() else [place.name]
        folder = place if place.is_dir() else place.parent
        for number, name in enumerate(files):
            self._options.report(Step.READ, name, number, len(files))
            try:
                batch = read_batch(read_plain_file(folder / name, BATCH_BYTES))
            except TrustListInvalid as error:
                self._refuse(name, _REFUSALS.get(error.fault, Refusal.MALFORMED))
                continue
            anchor = self._signer_of(batch, uploader)
            if anchor is None and not self._options.unsigned:
                self._refuse(name, Refusal.SIGNER_UNKNOWN)
                continue
            # The list as a whole is as good as the least of its batches.
            self.anchor = anchor if number == len(self.refused) else self.anchor and anchor
            self._take(batch)
        if not self._exact:
            raise invalid(Fault.SIGNER_UNKNOWN)

    def _signer_of(self, batch: Batch, uploader: Uploader) -> Anchor | None:
        if batch.signed is None:
            return None
        return signer_for(batch.country, batch.signed, self._options.anchors, uploader)

    def take_described(self, folder: Path, manifest: Manifest) -> None:
        """Take every file that is described. Raises ``TrustListInvalid`` when one is not so."""
        self.anchor = manifest.anchor
        arrays: list[list[object]] = []
        others: list[str] = []
        files = sorted(manifest.files)
        for number, name in enumerate(files):
            self._options.report(Step.READ, name, number, len(files))
            data = _described(folder, name, manifest)
            if is_batch(data[:_HEAD]):
                self._take(read_batch(data))
            elif data.lstrip(b" \t\r\n").startswith(b"["):
                arrays.append(_distribution(data))
            else:
                others.append(name)
        promised = collect(iter(arrays))
        missing = set(promised.slices)
        for number, name in enumerate(others):
            self._options.report(Step.READ, name, number, len(others))
            data = _described(folder, name, manifest)
            for member in _slices_in(data):
                missing.discard(self._take_slice(member or b"", promised))
        if missing:
            raise invalid(Fault.COMPANION_MISSING)

    def _take(self, batch: Batch) -> None:
        added = self._builder.add(batch.country, batch.kid, batch.hashes, batch.lapse)
        key = batch.country, batch.kid, batch.method.value
        count, lapse = self._exact.get(key, (0, 0))
        self._exact[key] = count + added, max(lapse, batch.lapse)

    def _take_slice(self, data: bytes, promised: Promised) -> str:
        """Take a slice for every place that names it by its hash."""
        digest = hashlib.sha256(data).hexdigest()
        for each in promised.slices.get(digest, ()):
            kept, rate = packed(data, each.form, len(each.prefix))
            methods = " ".join(sorted(promised.kids[each.kid].methods))
            start = self._builder.add_filter(kept)
            self._filters.append(
                RevokedRow(
                    "",
                    each.kid,
                    methods,
                    each.prefix,
                    each.form,
                    start,
                    len(kept),
                    each.lapse,
                    rate,
                )
            )
        if digest not in promised.slices:
            raise invalid(Fault.MEMBER_UNKNOWN)
        return digest

    def _refuse(self, name: str, reason: Refusal) -> None:
        self.refused.append(RefusedEntry(name, reason))


_REFUSALS: Final = {
    Fault.SIGNATURE_WRONG.value: Refusal.SIGNATURE_WRONG,
    Fault.DIGEST_WRONG.value: Refusal.SIGNATURE_WRONG,
    Fault.SIGNER_UNKNOWN.value: Refusal.SIGNER_UNKNOWN,
    Fault.TOO_LARGE.value: Refusal.TOO_LARGE,
}


def _files(folder: Path) -> Sequence[str]:
    with os.scandir(folder) as entries:
        names = [each.name for each in entries if not each.is_dir()]
    if len(names) > SET_FILES:
        raise invalid(Fault.TOO_LARGE)
    return names


def _described(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Read a file that the description names, when it is the one that is meant."""
    if Path(name).name != name or name in {"", ".", ".."}:
        raise invalid(Fault.MALFORMED)
    if not (folder / name).exists():
        raise invalid(Fault.COMPANION_MISSING)
    data = read_plain_file(folder / name, LIST_BYTES)
    if hashlib.sha256(data).hexdigest() != manifest.files[name]:
        raise invalid(Fault.DIGEST_WRONG)
    return data


def _slices_in(data: bytes) -> list[bytes | None]:
    """Give the slices of an archive, or the one that a file is.

    The service closes its gzip without ending the tar in it: an end is put after it.
    """
    if not is_archive(data):
        return [data]
    ended = data + _END_OF_TAR if data.startswith(_GZIP) else data
    return [each.data for each in unpack(ended)]


def _distribution(data: bytes) -> list[object]:
    entries = read_array(data)
    if not is_distribution(entries):
        raise invalid(Fault.MALFORMED)
    return entries
