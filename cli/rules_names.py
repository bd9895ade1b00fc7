"""What the groups of an audit or a difference are called: vaccines, tests, families, places."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from cli.problem import printable
from verifier.clock import Instant
from verifier.rules.products import PRODUCTS
from verifier.rules.survey.remedies import Change, Way
from verifier.rules.survey.terms import Term

_EVIDENCE: Final = {
    "dcc-r": "certificate of recovery",
    "naat-positive": "old positive NAAT test",
    "antigen-positive": "old positive antigen test",
    "naat": "NAAT test",
    "antigen-listed-device": "antigen test on a listed device",
    "antigen-unlisted-device": "antigen test on another device",
    "antigen-no-device": "antigen test that names no device",
    "antibody": "antibody test",
    "unknown": "test of an unknown kind",
    "nz-covid-pass": "bare status",
}
_STATES: Final = {
    "": "",
    "complete": "whole series",
    "partial": "first dose of two",
    "booster": "booster",
    "booster-of-three": "third dose of three",
    "other-product": "second dose of another vaccine",
    "after-recovery": "one dose after a recovery",
    "total-unknown": "number of the series not stated",
    "not-detected": "negative",
    "detected": "positive",
    "unknown": "result unclear",
}
_FAMILIES: Final = {
    "eu-dcc": "EU certificate",
    "smart-health-card": "SMART Health Card",
    "vds-nc": "VDS-NC seal",
    "who-ddcc": "WHO DDCC",
    "divoc": "DIVOC certificate",
    "who-icvp": "WHO ICVP",
    "nz-covid-pass": "NZ pass",
}
_PLACES: Final = {
    "union": "a state of the EU",
    "neighbour": "a neighbour of the EU",
    "elsewhere": "elsewhere",
}
_TEST: Final = "test"  # the one kind whose age is told in hours


def evidence(name: str) -> str:
    """Name a vaccine, a proof of a recovery or a kind of test."""
    return PRODUCTS[name].name if name in PRODUCTS else _EVIDENCE[name]


def state(name: str) -> str:
    """Name a state of a series, or a result."""
    return _STATES[name]


def family(name: str) -> str:
    """Name a family of certificates."""
    return _FAMILIES[name]


def place(name: str) -> str:
    """Name a part of the world that certificates are from."""
    return _PLACES[name]


def listed(names: Iterable[str]) -> str:
    """Write names one after the other."""
    return ", ".join(names)


def time_of(instant: Instant) -> str:
    """Write an instant, of a second that begins a day the day alone."""
    text = datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return text.removesuffix(" 00:00:00").removesuffix(" 00:00:01")


def stamp_of(instant: Instant) -> str:
    """Write an instant for programs (RFC 3339, UTC)."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def term_text(term: Term) -> str:
    """Say from when until when something will do."""
    unit = "hour" if term.kind.value == _TEST else "day"
    begins = f"from {unit} {term.first}"
    ends = f"to {unit} {term.last}" if term.last is not None else "with no end"
    where = f" (issued in {place(term.place)})" if term.place else ""
    return f"{begins} {ends}{where}"


def change_text(changes: Sequence[Change]) -> str:
    """Say in one sentence what would have to change; codes that go to one place together."""
    codes: dict[tuple[str, Way, str], list[str]] = {}
    for each in changes:
        codes.setdefault((each.rule, each.way, each.where), []).append(each.code)
    return "; ".join(_change(*key, listed(added)) for key, added in codes.items())


def _change(rule: str, way: Way, where: str, codes: str) -> str:
    name, at = printable(rule), printable(where)
    return {
        Way.ADD_TO_LIST: f"{name}: add {printable(codes)} to the list at {at}",
        Way.ADD_TO_VALUE_SET: f"{name}: add {printable(codes)} to the value set {at}",
        Way.TEST_FOR_NULL: f"{name}: ask nothing of who does not state {at}",
        Way.DO_NOT_NEED: f"{name}: decide without {at}",
    }[way]


def change_members(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Write changes for programs."""
    return [
        {"rule": each.rule, "way": each.way.value, "where": each.where, "code": each.code or None}
        for each in changes
    ]


def term_members(term: Term) -> dict[str, Any]:
    """Write a term for programs."""
    return {
        "kind": term.kind.value,
        "evidence": term.evidence,
        "state": term.state or None,
        "unit": "hours" if term.kind.value == _TEST else "days",
        "first": term.first,
        "last": term.last,
        "place": term.place or None,
    }
