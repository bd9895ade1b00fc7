"""The certificate formats, one file each, found by looking into this folder and nowhere else."""

import os
from importlib import import_module
from typing import Final

from verifier.formats.base import Format


def _find() -> tuple[Format, ...]:
    """Import every module of this folder that is a format, in the order of their names."""
    names = sorted(
        entry.removesuffix(".py")
        for entry in os.listdir(os.path.dirname(__file__))  # noqa: PTH208, PTH120 - pathlib costs a start
        if entry.endswith(".py") and entry not in {"__init__.py", "base.py"}
    )
    return tuple(import_module(f"{__name__}.{name}").FORMAT for name in names)


FORMATS: Final = _find()


_READING: Final = {
    container: tuple(found for found in FORMATS if container in found.containers)
    for owner in FORMATS
    for container in owner.containers
}
_SCHEMES: Final = {
    container: frozenset(found.containers[container] for found in readers)
    for container, readers in _READING.items()
}


def reading(container: str) -> tuple[Format, ...]:
    """Give the formats that a container may hold."""
    return _READING[container]


def schemes(container: str) -> frozenset[str]:
    """Give the trust schemes whose keys may sign what a container holds."""
    return _SCHEMES[container]
