"""``pratique scan`` with a tally that is a list.

Run as a program: what it counts is a line each in the file that ``PRATIQUE_COUNTED`` names.
"""

import os
import sys

from cli.app import run
from cli.post import opening
from cli.post.loop import Shift
from cli.problem import Problem
from verifier import Outcome


class _Counted(Shift):
    """A shift that counts into a file."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{**options, "count": _count})  # type: ignore[arg-type]


def _count(outcome: Outcome, form: str | None) -> None:
    if os.environ.get("PRATIQUE_COUNTED") == "full":
        what = next_step = ""
        raise Problem(what, next_step)
    with open(os.environ["PRATIQUE_COUNTED"], "a") as file:  # noqa: PTH123
        file.write(f"{outcome.value} {form}\n")


if __name__ == "__main__":
    opening.Shift = _Counted  # type: ignore[misc]
    sys.exit(run(sys.argv[1:]))
