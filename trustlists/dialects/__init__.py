"""One file for each dialect of trust lists; a new file here is found by itself."""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from trustlists.records import Dialect


@cache
def dialects() -> tuple[Dialect, ...]:
    """Give every dialect of this folder, published lists before mere collections of keys, by name.

    A published list may hold what a collection looks like, such as a member ``keys``.
    """
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [
        importlib.import_module(f"{__name__}.{name}").DIALECT  # a file that has none is a mistake
        for name in modules
    ]
    return tuple(sorted(found, key=lambda dialect: dialect.gathers))


def named(name: str) -> tuple[Dialect, ...]:
    """Find the dialects of this name: several countries write lists of the same kind."""
    return tuple(dialect for dialect in dialects() if name in dialect.names)


def recognised(head: bytes, among: Sequence[Dialect] = ()) -> Dialect | None:
    """Find the dialect of a list by its first bytes, among some or among all."""
    among = among or [dialect for dialect in dialects() if not dialect.on_request]
    return next((dialect for dialect in among if dialect.recognise(head)), None)


def is_companion(data: bytes) -> bool:
    """Tell whether a file belongs to a list without being one."""
    return any(dialect.companion(data) for dialect in dialects())
