"""Formats from outside: entry points of the group ``pratique.formats``, loaded when they are named.

A format sees names, birth dates and what people were treated for. So code from outside is never
loaded because it is installed, but only because whoever runs a verifier names it. Then it is asked
after every format of this package has declined a text; it has containers and a trust scheme of its
own, which bears its name, so that it can neither take a document from another format nor make use
of another format's keys. What it does with what it reads nobody here can promise.
"""

import re
from functools import partial
from importlib import metadata
from typing import Final

from verifier import formats
from verifier.claims import Claims
from verifier.envelope import Envelope
from verifier.errors import SetupError
from verifier.formats.base import Format

GROUP: Final = "pratique.formats"

# As trust schemes are named, and no longer: a name stands in verdicts.
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*").fullmatch
_NAME_CHARACTERS: Final = 40


def load(name: str) -> Format:
    """Load the format that an installed package offers under a name.

    Raises ``SetupError`` when there is none or more than one, when it cannot be loaded, or when it
    claims what is another format's.
    """
    if len(name) > _NAME_CHARACTERS or not _NAME(name):
        message = "The name of a format has small letters, digits and hyphens.\n"
        raise SetupError(message + "Write it as its package does.")
    found = tuple(metadata.entry_points(group=GROUP, name=name))
    if len(found) != 1:
        said = "No package here offers" if not found else "More than one package here offers"
        message = f"{said} a format named {name}.\nInstall or remove one, or leave it out."
        raise SetupError(message)
    offered: object = None
    try:
        offered = found[0].load()
    except Exception:  # noqa: BLE001 - whatever a stranger's package raises, it is not usable
        offered = None
    if not isinstance(offered, Format):
        message = f"The package that offers the format {name} cannot be used.\n"
        raise SetupError(message + "Ask its maker for a version that fits this one.")
    _require_own(offered, name)
    return offered._replace(
        open=partial(_open, offered), read_claims=partial(_read_claims, offered)
    )


def _require_own(offered: Format, name: str) -> None:
    """Demand that name, scheme and containers are the format's own."""
    ours = tuple(formats.each())
    taken = {container for each in ours for container in each.containers}
    taken |= {scheme for each in ours for scheme in each.containers.values()}
    taken |= {each.name for each in ours}
    schemes = set(offered.containers.values())
    if offered.name == name and schemes == {name} and taken.isdisjoint({name, *offered.containers}):
        return
    message = f"The format {name} claims a name, container or trust scheme that is not its own.\n"
    raise SetupError(message + "Leave it out, and tell its maker.")


def _open(offered: Format, text: str, container: str) -> Envelope:
    envelope = offered.open(text, container)
    envelope.container = container
    return envelope


def _read_claims(offered: Format, container: str, payload: bytes) -> Claims:
    claims = offered.read_claims(container, payload)
    claims.format, claims.scheme = offered.name, offered.containers[container]
    return claims
