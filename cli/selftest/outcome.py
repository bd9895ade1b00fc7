"""What looks come to, and the material that they look for."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from cli.selftest.canaries import PARTS_OTHERS_SHARE, Needle, found_in
from cli.selftest.memory import Observed
from cli.selftest.specimen import Specimen
from cli.selftest.subjects import Desk


class Result(StrEnum):
    """What a look came to. ``UNKNOWN`` is never folded into ``NONE``.

    ``NOTE`` is no find: something that a reader of the report has to know. ``RIGHT`` is a control
    or a seal that is as it has to be.
    """

    NONE = "none found"
    FOUND = "found"
    UNKNOWN = "could not look"
    NOTE = "note"
    RIGHT = "as it has to be"


class Look(NamedTuple):
    """One thing that was looked at, and what was found there."""

    subject: str
    place: str
    result: Result
    detail: str = ""


class Trial(NamedTuple):
    """Everything that was looked at. ``forms`` are the forms that were searched for."""

    specimens: int
    formats: int
    forms: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def passed(self) -> bool:
        """Nothing found, both controls right, and nothing that could not be looked at."""
        return not any(look.result in {Result.FOUND, Result.UNKNOWN} for look in self.looks)


class Batch(NamedTuple):
    """Specimens and what they are searched for by."""

    specimens: list[Specimen]
    needles: list[Needle]

    def unmistakable(self) -> list[Needle]:
        """Give what no other program can have: whole scans, and what no two certificates share.

        A stretch of a scan may be one of a hundred others, and so may a birth date.
        """
        found = [needle for needle in self.needles if needle.form not in PARTS_OTHERS_SHARE]
        return found + [Needle("whole scan", each.text.encode()) for each in self.specimens]


class Material(NamedTuple):
    """What is handed over and looked for; what is handed over last; what nobody ever gets."""

    desk: Desk
    given: Batch
    last: Batch
    absent: Batch


def judged(subject: str, place: str, found: Sequence[str], detail: str = "") -> Look:
    """Say what was found in a place, by its forms."""
    if not found:
        return Look(subject, place, Result.NONE, detail)
    told = ", ".join(dict.fromkeys(found))
    return Look(subject, place, Result.FOUND, f"{len(found)}: {told}")


def forms_in(data: bytes, needles: Sequence[Needle]) -> list[str]:
    """Give the form of everything that is found, one for each time."""
    return list(found_in(data, needles).elements())


def in_memory(observed: Observed, needles: Sequence[Needle]) -> tuple[list[str], int]:
    """Give the forms found and how many bytes were read. Raises ``Unreadable``."""
    memory = b"\0".join(observed.memory())
    return forms_in(memory, needles), len(memory)
