"""``pratique scan`` with a tally that is a list.

Run as a program: what it counts is a line each in the file that ``PRATIQUE_COUNTED`` names, which
is as long from the beginning as it gets.
"""

import os
import sys

from cli.app import run
from cli.post import opening
from cli.post.loop import Shift
from cli.problem import Problem
from cli.seals import seal_parent
from verifier import Outcome


class _Counted(Shift):
    """A shift that counts into a file."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{**options, "count": _count})  # type: ignore[arg-type]


_SIZE = 4096  # bytes: a sealed desk adds none to a file


def _seal_parent(*, tally: int | None, **options: bool) -> None:
    seal_parent(tally=_COUNTED if tally is None else tally, **options)


def _count(outcome: Outcome, form: str | None) -> None:
    if os.environ.get("PRATIQUE_COUNTED") == "full":
        what = next_step = ""
        raise Problem(what, next_step)
    os.write(_COUNTED, f"{outcome.value} {form}\n".encode())


if __name__ == "__main__":
    if os.environ["PRATIQUE_COUNTED"] == "full":
        _COUNTED = None
    else:
        _COUNTED = os.open(os.environ["PRATIQUE_COUNTED"], os.O_WRONLY | os.O_CREAT)
        os.ftruncate(_COUNTED, _SIZE)
    opening.seal_parent = _seal_parent
    opening.Shift = _Counted  # type: ignore[misc]
    sys.exit(run(sys.argv[1:]))
