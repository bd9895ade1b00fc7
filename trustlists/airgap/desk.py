"""The desk: takes a bundle that the root which it trusts approves of, and never an older one.

What a desk trusts lies in a folder beside its store, ``trust.sqlite.tuf``: the roots and the newest
numbers that it has seen. A bundle is tried in a copy of that folder first. Only when all of it is
good are the numbers written, and then the store is exchanged: whatever interrupts it, the store is
the old or the new, and nothing older than what was seen will ever be taken.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Timestamp
from tuf.ngclient import FetcherInterface, Updater

from trustlists.airgap.keys import PathLike
from trustlists.airgap.office import TARGET, read_bundle
from trustlists.airgap.roots import read_root
from trustlists.bundle_file import unpack
from trustlists.diff import DiffReport, compare
from trustlists.faults import Fault, invalid
from trustlists.store import StoredList, TrustStore
from trustlists.writing import alone, flush, put_in_place, scratch, unwritable
from verifier.clock import Instant
from verifier.errors import EnvironmentMixed, SetupError, TrustListRollback, TrustStoreInvalid
from verifier.limits import CLOCK_SKEW

# The framework asks for addresses; these lead into the bundle and nowhere else.
_ADDRESS: Final = "bundle:/"
_NOT_THERE: Final = 404


class BundleTaken(NamedTuple):
    """A bundle that was taken: its number and end, the root that approved of it, what changed.

    ``version`` is the second at which the office made it; with ``from_future`` this machine's clock
    has not reached that yet and is wrong.
    """

    version: int
    expires: Instant
    root_version: int
    changes: DiffReport
    from_future: bool


def take_bundle(
    store: PathLike, bundle: PathLike, *, root: PathLike | None = None, now: Instant
) -> BundleTaken:
    """Put the store that is in a bundle in the place of this desk's store.

    ``root`` is the office's root, which has to come by a way that is trusted; it is needed the
    first time. Raises ``TrustListInvalid`` for a bundle that is torn, expired or not signed by
    enough of the office's keys, ``TrustListRollback`` for an older one, ``EnvironmentMixed`` for
    one of another world, ``SetupError`` when nothing can be trusted or written. The store and the
    newest numbers seen are then as before. Expiry is judged by this machine's clock.
    """
    place = Path(store).resolve()
    parts = unpack(read_bundle(Path(bundle)))
    state = place.with_name(place.name + ".tuf")
    trial, beside = (place.with_name(place.name + end) for end in (".tuf.new", ".new"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with alone(place), scratch(beside), _folder_scratch(trial):
            start = _trusted_root(state, root)
            if state.is_dir():
                shutil.copytree(state, trial, symlinks=True)
            content = _checked(trial, parts, start)
            beside.write_bytes(content)
            changes = _demand_successor(place, beside, now)
            _checked(state, parts, start)
            _flush_all(state)
            put_in_place(beside, place)
    except OSError as error:
        raise unwritable(place, os.strerror(error.errno or 0)) from None
    timestamp = Metadata[Timestamp].from_bytes(parts["timestamp.json"]).signed
    return BundleTaken(
        timestamp.version,
        int(timestamp.expires.timestamp()),
        _newest_root(state),
        changes,
        timestamp.version > now + CLOCK_SKEW,
    )


def _trusted_root(state: Path, given: PathLike | None) -> bytes:
    """Find the root to begin with: the newest that this desk has, else the one that was given.

    Raises ``SetupError`` when there is none, or the one given is not of those that it has.
    """
    offered = None if given is None else read_root(Path(given))
    newest = _newest_root(state)
    if not newest:
        if offered is None:
            message = "This desk does not know yet whose bundles it may take.\n"
            raise SetupError(
                message + "Give the office's root with --root, by a way that you trust."
            )
        return offered.to_bytes()
    known = [read_root(path).signed for path in (state / "root_history").glob("*.root.json")]
    if offered is not None and offered.signed not in known:
        message = "This desk trusts another root than the one given.\n"
        raise SetupError(message + f"To begin anew, remove the folder {state.name} first.")
    return (state / "root_history" / f"{newest}.root.json").read_bytes()


def _newest_root(state: Path) -> int:
    """Tell the number of the newest root that a desk trusts, 0 when there is none."""
    names = (path.name.partition(".") for path in (state / "root_history").glob("*.root.json"))
    return max((int(number) for number, _, _ in names), default=0)


def _checked(state: Path, parts: Mapping[str, bytes], root: bytes) -> bytes:
    """Check a bundle against what a folder trusts, note its numbers there, and give the store.

    Raises ``TrustListInvalid`` or ``TrustListRollback``.
    """
    state.mkdir(exist_ok=True)
    received = state / TARGET
    try:
        updater = Updater(
            str(state), _ADDRESS, target_base_url=_ADDRESS, fetcher=_Parts(parts), bootstrap=root
        )
        updater.refresh()
        target = updater.get_targetinfo(TARGET)
        if target is None:
            raise DownloadHTTPError(TARGET, _NOT_THERE)
        updater.download_target(target, str(received))
        return received.read_bytes()
    except (RepositoryError, DownloadError) as error:
        refusal = _refusal(error, state, parts)
    finally:
        received.unlink(missing_ok=True)
    raise refusal


class _Parts(FetcherInterface):
    """Answers the framework's questions from the parts of a bundle."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts

    def _fetch(self, url: str) -> Iterator[bytes]:
        part = self._parts.get(url.removeprefix(_ADDRESS).lstrip("/"))
        if part is None:
            raise DownloadHTTPError(url, _NOT_THERE)
        return iter((part,))


def _refusal(error: Exception, state: Path, parts: Mapping[str, bytes]) -> SetupError:
    """Say in our words what the framework found wrong."""
    if isinstance(error, UnsignedMetadataError):
        return invalid(Fault.BUNDLE_SIGNATURE_WRONG)
    if isinstance(error, ExpiredMetadataError):
        return invalid(Fault.BUNDLE_EXPIRED)
    if isinstance(error, BadVersionNumberError):
        seen = _number(_read(state / "timestamp.json"))
        arriving = _number(parts.get("timestamp.json", b""))
        return _older() if arriving < seen else invalid(Fault.BUNDLE_MIXED)
    if isinstance(error, LengthOrHashMismatchError | DownloadError):
        return invalid(Fault.BUNDLE_MIXED)
    return invalid(Fault.BUNDLE_MALFORMED)


def _number(timestamp: bytes) -> int:
    """Read the number of a bundle; 0 for what is none."""
    try:
        return Metadata[Timestamp].from_bytes(timestamp).signed.version
    except RepositoryError:
        return 0


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _older() -> TrustListRollback:
    return TrustListRollback(
        "The bundle is older than what this desk has seen. The store keeps what it has.\n"
        "Ask the office for the newest one."
    )


def _demand_successor(old: Path, new: Path, now: Instant) -> DiffReport:
    """Compare the store of a bundle with the one that is here. Raises ``SetupError``.

    It must open, belong to the same world, and take no list a step back. The desk's clock must not
    be behind what the desk has, or an expired bundle could pass for a good one.
    """
    arrived = _looked_into(new)
    if arrived is None:
        raise invalid(Fault.BUNDLE_OTHER_VERSION)
    if not os.path.lexists(old):
        return compare(None, new, now=now)
    held = _looked_into(old)
    if held is None:
        message = f"{old.name} is no trust store of this version, or is damaged.\n"
        raise TrustStoreInvalid(message + "Move it away, then import the bundle again.")
    present, floor = held
    arriving = {each.name: each for each in arrived[0]}
    if floor is not None and now < floor - CLOCK_SKEW:
        message = "This clock is behind the lists of this desk, so nothing can be taken.\n"
        raise SetupError(message + "Set the clock, then import again.")
    worlds = {each.environment for each in present}
    if worlds and not {each.environment for each in arriving.values()} <= worlds:
        message = f"The bundle is not for {' and '.join(sorted(worlds))}, as the store here is.\n"
        raise EnvironmentMixed(message + "Give it a store of its own with --store.")
    for each in present:
        reached, other = each.sequence, arriving.get(each.name)
        if other and reached is not None and (other.sequence is None or other.sequence < reached):
            raise _older()
    return compare(old, new, now=now)


def _looked_into(path: Path) -> tuple[tuple[StoredList, ...], Instant | None] | None:
    """Give the lists and the floor of a store; None when it is none of this version."""
    try:
        with TrustStore.open(path) as opened:
            return opened.lists(), opened.floor()
    except TrustStoreInvalid:
        return None


@contextmanager
def _folder_scratch(folder: Path) -> Iterator[None]:
    """Remove what an earlier import left behind, and what this one does."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _flush_all(state: Path) -> None:
    """Make sure that the numbers are on the disk before the store that they speak of."""
    for path in (*state.rglob("*.json"), state / "root_history", state, state.parent):
        flush(path)
