"""``pratique scan`` with a tally that is a list, and a passport comparison that is none.

Run as a program: what it counts is a line each in the file that ``PRATIQUE_COUNTED`` names.
"""

import os
import sys
from functools import partial

from cli.app import run
from cli.post import opening
from cli.post.desk import Desk
from cli.post.loop import Shift
from verifier import Reason, Verdict
from verifier.findings import FINDINGS
from verifier.verdict import outcome_of


class _Counted(Shift):
    """A shift that counts into a file."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{**options, "count": _count})  # type: ignore[arg-type]


def _count(outcome: str, form: str | None) -> None:
    if os.environ.get("PRATIQUE_COUNTED") == "full":
        raise OSError
    with open(os.environ["PRATIQUE_COUNTED"], "a") as file:  # noqa: PTH123
        file.write(f"{outcome} {form}\n")


def _compare(verdict: Verdict, zone: str) -> Verdict:
    """Find everybody to be somebody else, so that a changed outcome is seen."""
    assert len(zone.split("\n")) == 2
    findings = (*verdict.findings, FINDINGS[Reason.REVOCATION_DEMANDED])
    return Verdict(
        outcome_of(findings), findings, verdict.format, verdict.kind, verdict.issuer, verdict.trust
    )


if __name__ == "__main__":
    opening.Desk = partial(Desk, compare=_compare)  # type: ignore[misc, assignment]
    opening.Shift = _Counted  # type: ignore[misc]
    sys.exit(run(sys.argv[1:]))
