"""The office: makes bundles of its store and signs them, by one person or by several in turn."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from trustlists.airgap.keys import PathLike, read_signers, sign
from trustlists.airgap.roots import BUNDLE_ROLES, RootReport, read_roots, sign_root, write
from trustlists.bundle_file import is_bundle, pack, unpack
from trustlists.faults import Fault, invalid
from trustlists.store import TrustStore
from trustlists.writing import demand_whole, without_tables
from verifier.clock import Instant
from verifier.errors import SetupError
from verifier.limits import BUNDLE_BYTES

TARGET: Final = "trust.sqlite"


class BundleMade(NamedTuple):
    """A bundle: its number, when it and its root end, how many signatures it still lacks.

    ``version`` is the second at which the bundle was made (seconds since 1970): it goes up by
    itself, on whatever machine of the office.
    """

    path: Path
    version: int
    expires: Instant
    root_version: int
    root_expires: Instant
    missing: int


def make_bundle(  # noqa: PLR0913 - one argument a choice of the office
    store: PathLike,
    path: PathLike,
    *,
    roots: PathLike,
    signers: Sequence[PathLike],
    days: int = 30,
    now: Instant,
) -> BundleMade:
    """Write a bundle of a store, good for so many days.

    ``roots`` is the folder of the office's roots, ``signers`` are private halves of keys that its
    last root names for bundles; more may sign later with ``add_signatures``. The same store, keys
    and instant give the same bytes. Raises ``SetupError``, and then nothing is written.
    """
    chain = read_roots(roots)
    content = _content(Path(store))
    expires = datetime.fromtimestamp(now, UTC) + timedelta(days=days)
    # No lengths and hashes of one role in another: signatures added later would change them.
    # Numbers bind the roles to one another, and the hash of the store is in the last.
    target = TargetFile.from_data(TARGET, content, ["sha256"])
    files = {f"{Targets.type}.json": MetaFile(version=now)}
    roles: list[Metadata[Any]] = [
        Metadata(Timestamp(now, expires=expires, snapshot_meta=MetaFile(version=now))),
        Metadata(Snapshot(now, expires=expires, meta=files)),
        Metadata(Targets(now, expires=expires, targets={TARGET: target})),
    ]
    root = chain[-1].signed
    may = frozenset(root.roles[Timestamp.type].keyids)
    people = read_signers(signers)
    parts = {f"{each.signed.version}.root.json": each.to_bytes() for each in chain}
    parts |= {f"{each.signed.type}.json": sign(each, people, may).to_bytes() for each in roles}
    parts[TARGET] = content
    packed = pack(parts)
    if len(packed) > BUNDLE_BYTES:
        message = f"The store is larger than a bundle may be, {BUNDLE_BYTES} bytes.\n"
        raise SetupError(message + "Make a smaller store for this desk.")
    write(Path(path), packed)
    return _report(Path(path), root, roles)


def add_signatures(path: PathLike, signers: Sequence[PathLike]) -> BundleMade | RootReport:
    """Sign a root or a bundle that others have made, and say what it still lacks.

    Raises ``SetupError`` for a key that does not count there, and then nothing is written.
    """
    place, people = Path(path), read_signers(signers)
    if not is_bundle(place):
        return sign_root(place, people)
    parts = unpack(read_bundle(place))
    try:
        roles = [Metadata[Any].from_bytes(parts[f"{role}.json"]) for role in BUNDLE_ROLES]
        newest = max(int(name.split(".")[0]) for name in parts if name.endswith(".root.json"))
        root = Metadata[Any].from_bytes(parts[f"{newest}.root.json"]).signed
    except (RepositoryError, KeyError, ValueError):
        root = None
    if not isinstance(root, Root):
        raise invalid(Fault.BUNDLE_MALFORMED)
    may = frozenset(root.roles[Timestamp.type].keyids)
    for role, metadata in zip(BUNDLE_ROLES, roles, strict=True):
        parts[f"{role}.json"] = sign(metadata, people, may).to_bytes()
    write(place, pack(parts))
    return _report(place, root, roles)


def read_bundle(path: Path) -> bytes:
    """Read a bundle within its limit. Raises ``SetupError``."""
    try:
        with path.open("rb") as stream:
            data = stream.read(BUNDLE_BYTES + 1)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}.\nCopy it again."
        raise SetupError(message) from None
    if len(data) > BUNDLE_BYTES:
        raise invalid(Fault.TOO_LARGE)
    return data


def _content(store: Path) -> bytes:
    """Read a whole store, once it is known to be one. Raises ``SetupError``.

    Tables of withdrawn certificates are larger than a bundle may be and stay behind: a set of them
    has a signature of its own and goes to the desk as it came to the office.
    """
    TrustStore.open(store).close()
    demand_whole(store, store.name)
    with store.open("rb") as stream:
        return without_tables(stream.read())


def _report(path: Path, root: Root, roles: Sequence[Metadata[Any]]) -> BundleMade:
    timestamp = roles[0].signed
    missing = [
        root.get_verification_result(role, metadata.signed_bytes, metadata.signatures).missing
        for role, metadata in zip(BUNDLE_ROLES, roles, strict=True)
    ]
    return BundleMade(
        path,
        timestamp.version,
        int(timestamp.expires.timestamp()),
        root.version,
        int(root.expires.timestamp()),
        max(missing),
    )
