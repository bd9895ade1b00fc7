"""Looks into the rules that lie in a folder, with the tests beside them; changes nothing.

The layout is that of the shared country rules: each rule in a folder of its own, ``rule.json`` or
under any other name, its tests in the folder ``tests`` beside it. Whatever else lies there is told.
A file may also hold a list of rules. Value sets may lie anywhere.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.rules.documents import json_elements, read_document
from trustlists.rules.forms.files import looks_like_a_rule
from trustlists.sources import read_plain_file
from verifier.errors import RuleSetInvalid, SetupError
from verifier.limits import LIST_BYTES
from verifier.rules.linting.codes import Code, Finding, Severity
from verifier.rules.linting.linting import in_order, lint
from verifier.rules.linting.trials import passes
from verifier.rules.linting.written import Trial, WrittenRule
from verifier.rules.rule import read_rule
from verifier.rules.valuesets import ValueSet, ValueSets, read_value_sets

_TESTS: Final = "tests"
_SUFFIX: Final = ".json"


class RulesCheck(NamedTuple):
    """What was looked into, and all that was found, in the order of the codes.

    ``rules`` counts the files and elements of lists that are rules, broken ones included; ``tests``
    those that were run, ``passed`` those that gave what they expect.
    """

    findings: tuple[Finding, ...]
    rules: int
    value_sets: int
    tests: int
    passed: int

    def counts(self) -> dict[Code, int]:
        """Count the findings of each code that occurs."""
        found = [finding.code for finding in self.findings]
        return {code: found.count(code) for code in Code if code in found}

    def by_severity(self) -> dict[Severity, int]:
        """Count the findings of each severity."""
        found = [finding.severity for finding in self.findings]
        return {severity: found.count(severity) for severity in Severity}

    def reaches(self, level: Severity) -> bool:
        """Tell whether there is a finding that matters at least so much."""
        order = list(Severity)
        return any(order.index(each.severity) <= order.index(level) for each in self.findings)


def check_rules(source: str | os.PathLike[str]) -> RulesCheck:
    """Look into a folder or a file of rules and run their tests.

    What cannot be read is a finding. Raises ``SetupError`` when there is no such folder or file, or
    when it holds more than any rules do.
    """
    found = _Found()
    place = Path(source)
    if place.is_dir():
        for folder, below, names in os.walk(place):
            below[:] = sorted(name for name in below if not name.startswith("."))
            if Path(folder).name != _TESTS:
                found.take_folder(place, Path(folder), sorted(names))
    else:
        found.take_file(place.name, read_plain_file(place, LIST_BYTES))
    return found.checked()


class _Found:
    """What was read so far."""

    __slots__ = ("_broken", "_bytes", "_findings", "_rules", "_values")

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._rules: list[WrittenRule] = []
        self._values: list[ValueSet] = []
        self._broken = 0
        self._bytes = LIST_BYTES

    def take_folder(self, root: Path, folder: Path, names: Iterable[str]) -> None:
        """Read the files of one folder, and the tests beside them. Raises ``SetupError``."""
        before = len(self._rules)
        broken = self._broken
        for name in names:
            path = folder / name
            if path.suffix.lower() == _SUFFIX and not name.startswith(".") and _is_plain(path):
                self.take_file(path.relative_to(root).as_posix(), self._read(path))
        tests = list(self._tests(root, folder / _TESTS))
        own = self._rules[before:]
        if len(own) == 1 and self._broken == broken:
            self._rules[before] = own[0]._replace(trials=tuple(tests))
        elif tests:
            where = (folder / _TESTS).relative_to(root).as_posix()
            self._findings.append(Finding(Code.TESTS_UNASSIGNED, where))

    def take_file(self, name: str, data: bytes) -> None:
        """Read a file: a list of rules, value sets, or one rule."""
        data = data.removeprefix(b"\xef\xbb\xbf").strip()
        if data.startswith(b"["):
            try:
                elements = json_elements(data)
            except SetupError as error:
                self._tell_broken(name, error)
                return
            for place, element in enumerate(elements, 1):
                self._take_rule(f"{name}#{place}", element)
            return
        values = _value_sets(data)
        if values:
            self._values += values
        elif looks_like_a_rule(data):
            self._take_rule(name, data)
        else:
            self._findings.append(Finding(Code.FILE_UNKNOWN, name))

    def checked(self) -> RulesCheck:
        """Look at everything that was read."""
        rules = self._rules
        if not rules and not self._broken:
            self._findings.append(Finding(Code.NO_RULES))
        found = (*self._findings, *lint(rules, ValueSets(tuple(self._values))))
        passed = [
            not any(each.code is Code.NOT_CERTLOGIC for each in found if each.file == written.file)
            and passes(written.rule.logic, trial)
            for written in rules
            for trial in written.trials
        ]
        return RulesCheck(
            in_order(found),
            len(rules) + self._broken,
            len(self._values),
            len(passed),
            sum(passed),
        )

    def _take_rule(self, name: str, data: bytes) -> None:
        try:
            rule = read_rule(read_document(data))
        except RuleSetInvalid as error:
            self._tell_broken(name, error)
        else:
            self._rules.append(WrittenRule(name, rule))

    def _tell_broken(self, name: str, error: SetupError) -> None:
        self._broken += 1
        what = str(error).partition("\n")[0]
        self._findings.append(Finding(Code.RULE_BROKEN, name, detail=what))

    def _tests(self, root: Path, folder: Path) -> Iterator[Trial]:
        """Read the tests in a folder; one that cannot be read is a finding."""
        for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
            name = path.relative_to(root).as_posix()
            trial = _trial(name, self._read(path)) if _is_plain(path) else None
            if trial is None:
                self._findings.append(Finding(Code.TEST_BROKEN, name))
            else:
                yield trial

    def _read(self, path: Path) -> bytes:
        data = read_plain_file(path, self._bytes)
        self._bytes -= len(data)
        return data


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _trial(name: str, data: bytes) -> Trial | None:
    """Read a test; None for what is none."""
    try:
        document = read_document(data)
    except RuleSetInvalid:
        return None
    external = document.get("external", {})
    if "expected" not in document or not isinstance(external, dict):
        return None
    return Trial(name, document.get("payload"), external, document["expected"])


def _value_sets(data: bytes) -> Sequence[ValueSet]:
    """Read value sets; none where a file holds none."""
    try:
        return read_value_sets(read_document(data))
    except RuleSetInvalid:
        return ()
