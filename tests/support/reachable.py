"""What an object holds, however deep: all of it has to mask what is private."""

import gc
import types
from collections.abc import Iterator

# Plain data show what they are; they are private because what holds them is.
PLAIN = (str, bytes, int, float, tuple, list, dict, set, frozenset)


def reachable(start: object) -> Iterator[object]:
    """Give everything that an object refers to, but for modules, types and functions."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type | types.ModuleType | types.FunctionType):
            continue
        seen.add(id(value))
        yield value
        waiting.extend(gc.get_referents(value))
