"""Roots: which keys sign, how many of them must, until when; and how one root follows another.

An office keeps every root that it ever made in one folder, ``1.root.json`` and on. A new one is
signed by enough keys of the root before it as well as of its own, so that a desk can follow the
change (The Update Framework, 1.0, 5.3 and 6.1).
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from trustlists.airgap.keys import PathLike, read_public, read_signers, sign
from verifier.clock import Instant
from verifier.errors import SetupError

# The roles that sign a bundle. Separate keys for each are for servers that sign unattended; here a
# person signs all three at once, and nobody can mix them.
BUNDLE_ROLES: Final = (Timestamp.type, Snapshot.type, Targets.type)

_ROOT_BYTES: Final = 512_000  # what the framework reads of a root at most


class RootReport(NamedTuple):
    """What a root says. ``missing`` counts the signatures that it still needs at least."""

    path: Path
    version: int
    expires: Instant
    root_keys: int
    root_threshold: int
    bundle_keys: int
    bundle_threshold: int
    missing: int


def new_root(  # noqa: PLR0913 - one argument a choice of the office
    folder: PathLike,
    *,
    root_keys: Sequence[PathLike],
    bundle_keys: Sequence[PathLike] = (),
    root_threshold: int = 1,
    bundle_threshold: int = 1,
    days: int = 365,
    signers: Sequence[PathLike] = (),
    now: Instant,
) -> RootReport:
    """Write the first root of a folder, or the one that follows the last.

    ``root_keys`` are the public halves of those that may sign roots, ``bundle_keys`` of those that
    may sign bundles (the same when there are none), each with how many must. ``signers`` are
    private halves that sign at once; others sign later with ``add_signatures``. Raises
    ``SetupError``, and then nothing is written.
    """
    place = Path(folder)
    before = read_roots(place) if place.is_dir() and any(place.iterdir()) else []
    root = Root(version=len(before) + 1, consistent_snapshot=False)
    root.expires = datetime.fromtimestamp(now, UTC) + timedelta(days=days)
    for roles, keys, threshold in (
        ((Root.type,), root_keys, root_threshold),
        (BUNDLE_ROLES, bundle_keys or root_keys, bundle_threshold),
    ):
        found = {key.keyid: key for key in map(read_public, keys)}
        if not 0 < threshold <= len(found):
            message = f"{threshold} of {len(found)} keys cannot sign.\nName more keys, or fewer."
            raise SetupError(message)
        for role in roles:
            root.roles[role].threshold = threshold
            for key in found.values():
                root.add_key(key, role)
    previous = before[-1].signed if before else None
    metadata = sign(Metadata(root), read_signers(signers), may_sign(root, previous))
    path = place / f"{root.version}.root.json"
    write(path, metadata.to_bytes())
    return report(path, metadata, previous)


def may_sign(root: Root, previous: Root | None) -> frozenset[str]:
    """Name the keys whose signature counts for a root: its own, and those of the one before."""
    return frozenset(
        keyid for each in (root, previous or root) for keyid in each.roles[Root.type].keyids
    )


def read_roots(folder: PathLike) -> list[Metadata[Root]]:
    """Read all roots of a folder, each approved by the one before it.

    Raises ``SetupError`` when there is none, one is torn, or one still lacks signatures.
    """
    roots: list[Metadata[Root]] = []
    while (path := Path(folder) / f"{len(roots) + 1}.root.json").is_file():
        root = read_root(path)
        found = report(path, root, roots[-1].signed if roots else None)
        if found.missing or found.version != len(roots) + 1:
            message = f"{path.name} lacks {found.missing} signatures or is not in its place.\n"
            raise SetupError(message + "Add them: pratique trust keys sign FILE --key KEY")
        roots.append(root)
    if not roots:
        message = f"There is no root in {Path(folder).name}.\n"
        raise SetupError(message + "Make one with: pratique trust keys root FOLDER")
    return roots


def read_root(path: Path) -> Metadata[Root]:
    """Read one root, unchecked. Raises ``SetupError`` when the file is none."""
    try:
        with path.open("rb") as stream:
            found = Metadata[Root].from_bytes(stream.read(_ROOT_BYTES))
    except OSError as error:
        message = f"The root {path.name} cannot be read: {error.strerror}.\nCheck the name."
        raise SetupError(message) from None
    except (RepositoryError, ValueError):
        found = None
    if found is None or not isinstance(found.signed, Root):
        message = f"{path.name} is no root.\nGive a file such as 1.root.json from the office."
        raise SetupError(message)
    return found


def report(path: Path, metadata: Metadata[Root], previous: Root | None) -> RootReport:
    """Say what a root says, and how many signatures it lacks."""
    root = metadata.signed
    try:
        result = root.get_root_verification_result(
            previous, metadata.signed_bytes, metadata.signatures
        )
        missing = max(result.first.missing, result.second.missing)
    except ValueError:  # of another version than the one that should follow
        missing = root.roles[Root.type].threshold
    own, bundles = root.roles[Root.type], root.roles[Timestamp.type]
    return RootReport(
        path,
        root.version,
        int(root.expires.timestamp()),
        len(own.keyids),
        own.threshold,
        len(bundles.keyids),
        bundles.threshold,
        missing,
    )


def sign_root(path: Path, signers: Sequence[CryptoSigner]) -> RootReport:
    """Add signatures to a root in its folder. Raises ``SetupError``."""
    metadata = read_root(path)
    before = path.with_name(f"{metadata.signed.version - 1}.root.json")
    previous = read_root(before).signed if metadata.signed.version > 1 else None
    sign(metadata, signers, may_sign(metadata.signed, previous))
    write(path, metadata.to_bytes())
    return report(path, metadata, previous)


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises ``SetupError``."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        message = f"{path.name} cannot be written: {os.strerror(error.errno or 0)}.\n"
        raise SetupError(message + "Make room, or choose another place.") from None
