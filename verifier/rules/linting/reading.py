"""What a logic reads that is odd: no such value set, no such code, who issued the certificate."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from verifier.countries import alpha_2
from verifier.rules.covid_vaccines import COVID_VACCINES
from verifier.rules.diseases import COVID_19, target_of
from verifier.rules.imagined import ANTIGEN, DETECTED, NAAT, NOT_DETECTED
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.written import WrittenRule
from verifier.rules.survey.bench import value_sets_read
from verifier.rules.survey.issuers import is_of_issuer
from verifier.rules.vaccine_classes import EU_CLASSES

COUNTRIES: Final = "country-2-codes"

# Member of an entry -> the value set of its codes (certlogic-rules notes, 4).
_SETS: Final = {
    "v.mp": "vaccines-covid-19-names",
    "v.ma": "vaccines-covid-19-auth-holders",
    "v.vp": "sct-vaccines-covid-19",
    "t.tt": "covid-19-lab-test-type",
    "t.tr": "covid-19-lab-result",
    "t.ma": "covid-19-lab-test-manufacturer-and-name",
    **{f"{group}.tg": "disease-agent-targeted" for group in "vtr"},
    **{f"{group}.co": COUNTRIES for group in "vtr"},
}
_NAMES: Final = "payload.nam"
_DEPTH: Final = 4  # payload, group, index, member

_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def known_values() -> dict[str, tuple[str, ...]]:
    """Give the codes of each value set that this program knows by itself.

    The devices of tests are not among them: their list changes every week.
    """
    products = [each.eu_product for each in COVID_VACCINES]
    retired = [each.old_product for each in COVID_VACCINES]
    pairs = (first + second for first in _CAPITALS for second in _CAPITALS)
    return {
        "vaccines-covid-19-names": tuple(filter(None, products + retired)),
        "vaccines-covid-19-auth-holders": tuple(
            dict.fromkeys(each.holder for each in COVID_VACCINES if each.holder)
        ),
        "sct-vaccines-covid-19": tuple(sorted(EU_CLASSES)),
        "covid-19-lab-test-type": (NAAT, ANTIGEN),
        "covid-19-lab-result": (DETECTED, NOT_DETECTED),
        "disease-agent-targeted": (target_of(COVID_19),),
        COUNTRIES: tuple(pair for pair in pairs if alpha_2(pair) == pair),
    }


def reading_findings(
    written: WrittenRule, values: Mapping[str, Collection[str]], *, names: Collection[str]
) -> Iterator[Finding]:
    """Find what is odd in what a rule with sound logic reads.

    ``names`` are those of the value sets that there are, ``values`` gives the codes of those that
    are known in full.
    """
    paths = written.rule.logic.paths
    for name in sorted(value_sets_read(paths) - set(names)):
        yield written.finding(Code.VALUE_SET_UNKNOWN, f"external.valueSets.{name}")
    told: set[tuple[str, str]] = set()
    for where, path, code in literals(written.rule.expression.raw):
        known = values.get(_SETS.get(_member(path), ""))
        if known is not None and code not in known and (path, code) not in told:
            told.add((path, code))
            yield written.finding(Code.CODE_UNKNOWN, where, code)
    for path in sorted(paths):
        if is_of_issuer(path):
            yield written.finding(Code.ISSUER_CONDITION, path)
        elif path == _NAMES or path.startswith(f"{_NAMES}."):
            yield written.finding(Code.HOLDER_CONDITION, path)


def _member(path: str) -> str:
    """Name a member of an entry without the place of the entry, such as ``v.mp``."""
    parts = path.split(".")
    return f"{parts[1]}.{parts[3]}" if len(parts) == _DEPTH and parts[0] == "payload" else ""


def literals(logic: object, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Find each text that a value is compared with: a JSON pointer, the value's path, the text."""
    if isinstance(logic, list):
        for place, part in enumerate(logic):
            yield from literals(part, f"{where}/{place}")
    elif isinstance(logic, Mapping):
        for operator, operands in logic.items():
            if operator == "in":
                yield from _listed(operands, f"{where}/in")
            elif operator == "===":
                yield from _compared(operands, f"{where}/===")
            yield from literals(operands, f"{where}/{operator}")


def _listed(operands: list[object], where: str) -> Iterator[tuple[str, str, str]]:
    path, listed = _path_of(operands[0]), operands[1]
    if path and isinstance(listed, list):
        for place, code in enumerate(listed):
            if isinstance(code, str):
                yield f"{where}/1/{place}", path, code


def _compared(operands: list[object], where: str) -> Iterator[tuple[str, str, str]]:
    for place, code in enumerate(operands):
        path = _path_of(operands[1 - place])
        if path and isinstance(code, str):
            yield f"{where}/{place}", path, code


def _path_of(operand: object) -> str:
    path = operand.get("var") if isinstance(operand, Mapping) else None
    return path if isinstance(path, str) else ""
