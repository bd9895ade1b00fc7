"""How a worker ended: all that the long-lived process ever learns of a traveller.

One exit status holds an outcome and a format, which the tally counts, or what the officer asked
for. Nothing else fits into it, and there is no other way from the worker to its parent.
"""

from enum import Enum
from typing import Final, NamedTuple

from verifier.verdict import Outcome

# In the order of the interface contract; None stands for a text of no known format.
FORMATS: Final = (
    None, "eu-dcc", "who-ddcc", "who-icvp", "smart-health-card", "vds-nc", "nz-covid-pass", "divoc",
)  # fmt: skip
_OUTCOMES: Final = tuple(Outcome)
_SORTS: Final = len(FORMATS) * len(_OUTCOMES)
_FIRST_JUDGED: Final = 1
_UNDONE: Final = _SORTS
_BEFORE: Final = 2 * _SORTS


class Told(NamedTuple):
    """A verdict was shown. ``undone``: a keyboard layout was; ``incomplete``: a card before it."""

    outcome: Outcome
    format: str | None
    undone: bool = False
    incomplete: bool = False


class Ending(Enum):
    """Every other way in which a worker ends; the value is the exit status."""

    NOTHING = 0  # nobody was served: a key was answered, or the desk has changed
    NO_CERTIFICATE = 200
    WAIVER = 201
    PROTECTION = 202
    ILL = 203
    AGAIN = 204  # the next scan is this traveller's: it does not count
    ANEW = 205  # the scan just shown does not count, the next one does
    SUSPEND = 210
    END = 211
    CLOSED = 212  # the pipe ended, or the terminal went away
    SOURCE_LOST = 213
    OUTPUT_FAILED = 214
    LEASH = 215  # the parent asked it to end, or is gone
    SEAL_BROKEN = 216  # something tried what is sealed, and was refused
    UNSEALED = 217  # a seal that is demanded did not hold


# The status of a worker that met something which nobody foresaw: no ending has it.
CRASHED: Final = 255


def status_of(ending: Ending | Told) -> int:
    """Give the exit status; a format of another package counts as none."""
    if isinstance(ending, Ending):
        return ending.value
    known = ending.format if ending.format in FORMATS else None
    status = _FIRST_JUDGED + _OUTCOMES.index(ending.outcome) * len(FORMATS) + FORMATS.index(known)
    return status + _UNDONE * ending.undone + _BEFORE * ending.incomplete


def ending_of(status: int) -> Ending | Told | None:
    """Read an exit status, None for one that no worker of ours gives."""
    judged = status - _FIRST_JUDGED
    if 0 <= judged < 4 * _SORTS:
        flags, sort = divmod(judged, _SORTS)
        outcome, form = divmod(sort, len(FORMATS))
        return Told(_OUTCOMES[outcome], FORMATS[form], bool(flags & 1), bool(flags & 2))
    try:
        return Ending(status)
    except ValueError:
        return None
