"""Reading data by a path, the operator ``var``.

Source: CertLogic specification 1.3.3. A path is names between dots. A name steps into an object by
that name, and into an array by index if it is all digits. What is missing is null, and so is what
lies below a scalar; what lies below the unknown is unknown.

Nearly all rules read paths of four shapes: ``payload.v.0``, ``payload.v.0.mp``,
``external.validationClock``, ``external.valueSets.x``. The closures for these try the usual road
first and leave what is unusual to the general one, which costs twice as much.
"""

from verifier.rules.unknown import UNKNOWN
from verifier.rules.values import Closure, Value

_MISSED = (KeyError, IndexError, TypeError)


def reader(path: str) -> Closure:
    """Give what reads a path, ``""`` being the whole of the data."""
    if not path:
        return _whole
    names = tuple(path.split("."))
    match [index_of(name) for name in names]:
        case [None, None]:
            return _two_names(names)
        case [None, None, None]:
            return _three_names(names)
        case [None, None, int() as index]:
            return _entry(names, index)
        case [None, None, int() as index, None]:
            return _member_of_entry(names, index)
    return lambda data: walk(names, data)


def walk(names: tuple[str, ...], value: Value) -> Value:
    """Step by each name in turn, from data of any shape."""
    for name in names:
        if type(value) is dict:
            value = value.get(name)
        elif type(value) is list:
            index = index_of(name)
            value = value[index] if index is not None and index < len(value) else None
        else:
            return UNKNOWN if value is UNKNOWN else None
    return value


def index_of(name: str) -> int | None:
    """Give the index that a name stands for in an array, ``None`` if for none."""
    return int(name) if name.isascii() and name.isdigit() else None


def _whole(data: Value) -> Value:
    return data


def _two_names(names: tuple[str, ...]) -> Closure:
    first, second = names

    def read(data: Value) -> Value:
        try:
            return data[first][second]
        except _MISSED:
            return walk(names, data)

    return read


def _three_names(names: tuple[str, ...]) -> Closure:
    first, second, third = names

    def read(data: Value) -> Value:
        try:
            return data[first][second][third]
        except _MISSED:
            return walk(names, data)

    return read


def _entry(names: tuple[str, ...], index: int) -> Closure:
    first, second, _ = names

    def read(data: Value) -> Value:
        try:
            group = data[first]
            if second in group:
                entries = group[second]
                # A text has items too.
                if type(entries) is list:
                    return entries[index] if index < len(entries) else None
            elif type(group) is dict:
                return None
        except _MISSED:
            pass
        return walk(names, data)

    return read


def _member_of_entry(names: tuple[str, ...], index: int) -> Closure:
    first, second, _, member = names

    def read(data: Value) -> Value:
        try:
            group = data[first]
            if second in group:
                entry = group[second][index]
                if member in entry:
                    return entry[member]
                group = entry
            if type(group) is dict:
                return None
        except _MISSED:
            pass
        return walk(names, data)

    return read
