"""A finding: one check, how it came out, and the reason. Findings are fixed values, made once."""

from typing import NamedTuple

from verifier.reasons import MEANINGS, Check, Reason, Result, check_of


class Finding(NamedTuple):
    """One line of a verdict (interface contract, "Verdict as JSON"); nothing of a document."""

    check: Check
    result: Result
    code: Reason

    @property
    def what(self) -> str:
        """Say in one sentence what was found."""
        return MEANINGS[self.code].what

    @property
    def next(self) -> str:
        """Say in one sentence what to do next."""
        return MEANINGS[self.code].next


FINDINGS: dict[Reason, Finding] = {
    reason: Finding(check_of(reason), meaning.result, reason)
    for reason, meaning in MEANINGS.items()
}


def unforeseen(check: Check) -> Finding:
    """Give the finding for an error that no stage foresaw, at the check that was running."""
    return Finding(check, Result.UNKNOWN, Reason.UNFORESEEN)
