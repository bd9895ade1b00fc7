"""The one file in which a store travels to a desk that never goes online: a plain tar archive.

The same parts give the same bytes, and only those bytes are read back: whatever a tar archive can
say in two ways is refused. Nothing here is believed yet; see ``trustlists.airgap``.
"""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from trustlists.faults import Fault, invalid

# The first member has this name and no content, so that the file tells what it is.
_MARK: Final = "pratique-bundle-1"

# POSIX.1-2001, ustar: a block, and where name and size stand in a header.
_BLOCK: Final = 512
_NAME: Final = slice(0, 100)
_SIZE: Final = slice(124, 135)

# 256 changes of root, which is what the framework follows at most, and the four other parts.
_PARTS: Final = 256 + 4 + 1


def is_bundle(path: str | os.PathLike[str]) -> bool:
    """Tell by its first bytes whether a file says that it is a bundle."""
    place = Path(path)
    if not place.is_file():
        return False
    try:
        with place.open("rb") as stream:
            return stream.read(_BLOCK).startswith(_MARK.encode() + b"\0")
    except OSError:  # whoever reads it next says why it cannot be read
        return False


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Write parts by name, in the order given. No owner, no time, no rights."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in {_MARK: b"", **parts}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Read the parts. Raises ``TrustListInvalid`` for all that ``pack`` would not have written."""
    parts: dict[str, bytes] = {}
    at = 0
    while at + _BLOCK <= len(data) and data[at] and len(parts) < _PARTS:
        header = data[at : at + _BLOCK]
        name = header[_NAME].rstrip(b"\0").decode("ascii", "replace")
        size = _octal(header[_SIZE])
        parts[name] = data[at + _BLOCK : at + _BLOCK + size]
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    if parts.pop(_MARK, None) != b"" or not all(map(_plain, parts)) or pack(parts) != data:
        raise invalid(Fault.BUNDLE_MALFORMED)
    return parts


def _octal(digits: bytes) -> int:
    try:
        return int(digits.decode("ascii"), 8)
    except ValueError:
        return 0


def _plain(name: str) -> bool:
    """Tell whether a name is one that a bundle uses: letters, digits and dots."""
    return name.isascii() and name.replace(".", "a").isalnum()
