"""A rule as it lies in a file, with the tests that come with it."""

from collections.abc import Mapping
from typing import NamedTuple

from verifier.rules.linting.codes import Code, Finding
from verifier.rules.rule import Rule, version_text


class Trial(NamedTuple):
    """A test of a rule: what the rule sees, and what it has to give. ``file`` is where it is."""

    file: str
    payload: object
    external: Mapping[str, object]
    expected: object

    @property
    def data(self) -> dict[str, object]:
        """What the rule sees."""
        return {"payload": self.payload, "external": dict(self.external)}


class WrittenRule(NamedTuple):
    """A rule that could be read, from which file, with its tests."""

    file: str
    rule: Rule
    trials: tuple[Trial, ...] = ()

    def finding(self, code: Code, where: str = "", detail: str = "") -> Finding:
        """Make a finding about this rule."""
        version = version_text(self.rule.version)
        return Finding(code, self.file, self.rule.identifier, version, where, detail)
