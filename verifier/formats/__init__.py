"""The certificate formats, one file each, found by looking into this folder and nowhere else.

A file is loaded when it is first needed: a desk that scans one family never loads the others.
"""

import os
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final

from verifier.formats.base import Format

# Asked first, because most scans are theirs: hundreds of millions of each were issued.
_COMMONEST: Final = ("eu_dcc", "smart_health_card")


def _find() -> tuple[str, ...]:
    """Name every file of this folder that is a format."""
    names = sorted(
        entry.removesuffix(".py")
        for entry in os.listdir(os.path.dirname(__file__))  # noqa: PTH208, PTH120 - pathlib costs a start
        if entry.endswith(".py") and entry not in {"__init__.py", "base.py"}
    )
    return (*_COMMONEST, *(name for name in names if name not in _COMMONEST))


_NAMES: Final = _find()


@cache
def _load(name: str) -> Format:
    found: Format = import_module(f"{__name__}.{name}").FORMAT
    return found


def each() -> Iterator[Format]:
    """Give one format after another, loading each only when it is asked for."""
    return map(_load, _NAMES)


@cache
def reading(container: str) -> tuple[Format, ...]:
    """Give the formats that a container may hold."""
    return tuple(found for found in each() if container in found.containers)


def schemes(form: Format, container: str) -> frozenset[str]:
    """Give the trust schemes whose keys may sign what a container of a format holds."""
    return _schemes(container) or frozenset({form.containers[container]})


@cache
def _schemes(container: str) -> frozenset[str]:
    return frozenset(found.containers[container] for found in reading(container))
