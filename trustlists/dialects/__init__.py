"""One file for each dialect of trust lists; a new file here is found by itself."""

import importlib
import pkgutil
from functools import cache

from trustlists.records import Dialect


@cache
def dialects() -> tuple[Dialect, ...]:
    """Give every dialect of this folder, in the order of their names."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(
        importlib.import_module(f"{__name__}.{name}").DIALECT  # a file that has none is a mistake
        for name in modules
    )


def named(name: str) -> Dialect | None:
    """Find a dialect by one of its names."""
    return next((dialect for dialect in dialects() if name in dialect.names), None)


def recognised(head: bytes) -> Dialect | None:
    """Find the dialect of a list by its first bytes."""
    return next((dialect for dialect in dialects() if dialect.recognise(head)), None)
