"""Value sets: which codes there are for a field, as of a date, and what to call them.

A rule asks whether a code is in a set. It gets every code that the set has, active or not, because
older certificates carry those that are no longer in use (certlogic-rules notes, 4 and 7).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from verifier.clock import Instant, day_of
from verifier.errors import RuleSetInvalid
from verifier.limits import RULE_NAME_CHARACTERS

_DAY: Final = len("2021-05-01")


class ValueSet(NamedTuple):
    """A value set as of a day (``YYYY-MM-DD``; empty where it does not say).

    ``codes`` are all that it has. ``names`` has what to show an officer for those that have a name;
    any other code is shown as it is.
    """

    identifier: str
    date: str
    codes: tuple[str, ...]
    names: Mapping[str, str]

    def name_of(self, code: str) -> str:
        """Say what to show for a code, which is the code itself when nobody has named it."""
        return self.names.get(code, code)


class ValueSets(NamedTuple):
    """Value sets, of one identifier several that differ in their dates."""

    sets: tuple[ValueSet, ...] = ()

    def at(self, at: Instant) -> dict[str, ValueSet]:
        """Give for each identifier the newest set whose day has come.

        Where none has, the oldest there is: a set only ever gains codes, so that it is the nearest
        to the one of that time, and no set at all would leave every rule open (decision 0038).
        """
        day = day_of(at)
        dated: dict[str, list[ValueSet]] = defaultdict(list)
        for each in sorted(self.sets, key=_by_date):
            dated[each.identifier].append(each)
        return {
            name: next((each for each in reversed(sets) if each.date <= day), sets[0])
            for name, sets in dated.items()
        }

    def in_force(self, at: Instant) -> dict[str, tuple[str, ...]]:
        """Give for each identifier the codes in force at an instant, as ``external.valueSets``."""
        return {name: each.codes for name, each in self.at(at).items()}


def _by_date(each: ValueSet) -> tuple[str, tuple[str, ...]]:
    return each.date, each.codes


def read_value_sets(document: Mapping[str, Any]) -> tuple[ValueSet, ...]:
    """Read a file of one value set, or a map from identifiers to lists of codes.

    Raises ``RuleSetInvalid`` for what is neither, or has codes that are no texts.
    """
    if "valueSetId" in document:
        return (_from_file(document),)
    if not document or not all(isinstance(codes, list) for codes in document.values()):
        raise _broken(what="is not of a form that is known here")
    return tuple(
        ValueSet(_name(name), "", _codes(codes), {}) for name, codes in sorted(document.items())
    )


def _from_file(document: Mapping[str, Any]) -> ValueSet:
    values, date = document.get("valueSetValues"), document.get("valueSetDate")
    if not isinstance(values, Mapping):
        raise _broken(what="has no valueSetValues")
    if not isinstance(date, str) or not _is_day(date[:_DAY]):
        raise _broken(what="has no valueSetDate")
    names = {
        code: value["display"]
        for code, value in values.items()
        if isinstance(value, Mapping) and isinstance(value.get("display"), str)
    }
    return ValueSet(_name(document["valueSetId"]), date[:_DAY], _codes(list(values)), names)


def _is_day(text: str) -> bool:
    parts = text.split("-")
    return [len(part) for part in parts] == [4, 2, 2] and "".join(parts).isdecimal()


def _name(name: object) -> str:
    if not isinstance(name, str) or not 0 < len(name.strip()) <= RULE_NAME_CHARACTERS:
        raise _broken(what="has no valueSetId")
    return name.strip()


def _codes(codes: Iterable[object]) -> tuple[str, ...]:
    found = tuple(code for code in codes if isinstance(code, str))
    if len(found) != len(list(codes)):
        raise _broken(what="has codes that are no texts")
    return found


def _broken(what: str) -> RuleSetInvalid:
    return RuleSetInvalid(f"The value set {what}.\nAsk its publisher.", "value_set_broken")
