"""How far a long work is: one call of the caller's function for each step forward."""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What is being done."""

    FETCH = "fetch"  # counted in bytes
    READ = "read"  # counted in files
    STORE = "store"  # counted in lists


# Told how far a work is: the step, the file, source or list, how much is done, and of how much,
# None when nobody knows. It is called often, so it must be quick, and must not raise.
Report = Callable[[Step, str, int, int | None], None]


def silent(_step: Step, _what: str, _done: int, _total: int | None) -> None:
    """Take no note."""
