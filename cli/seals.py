"""Seals for the commands that see documents: taken once the trust store is open.

``verify`` and ``inspect`` are sealed by ``seal_process``. ``scan`` seals its parent, which still
has to fork, with ``seal_parent``, and each worker, before it reads anything, with ``seal_worker``.
"""

import os
import stat
from collections.abc import Mapping, Sequence
from typing import Protocol

from verifier.errors import PolicyViolation
from verifier.sealing import Seal, State, Step, Watch, harden, watch_process


class Sealing(Protocol):
    """What a command does to seal itself."""

    def __call__(self, *, demand: bool) -> Watch | None:
        """Seal the process; ``demand`` says whether every seal has to hold."""
        ...


def seal_process(*, demand: bool) -> Watch:
    """Seal this process for good and give what keeps watch in Python.

    Raises ``PolicyViolation`` when every seal is demanded and one does not hold.
    """
    watch = watch_process()
    steps = harden()
    if demand:
        demand_all(steps)
    return watch


def seal_parent(*, tally: int | None, camera: bool, demand: bool) -> None:
    """Seal a process that goes on forking workers, and reads nothing of a traveller.

    ``tally`` is the one descriptor that it goes on writing to, as far as that file reaches now. A
    ``camera`` is opened by each worker, for writing, as drivers want it, before it seals itself:
    then its parent leaves out Landlock, and may still open what is there for writing.

    Raises ``PolicyViolation`` when the seals are demanded and one does not hold.
    """
    size = 0 if tally is None else os.fstat(tally).st_size
    steps = harden(children=True, devices=camera, file_bytes=_bound(size))
    if demand:
        demand_all(steps)


def seal_worker(*, demand: bool) -> Watch:
    """Seal a worker fully and give what keeps watch in Python.

    Raises ``PolicyViolation`` when every seal is demanded and one does not hold.
    """
    watch = watch_process()
    steps = harden(file_bytes=_bound(0))
    if demand:
        demand_all(steps)
    return watch


def _bound(size: int) -> int | None:
    """Bound how long files may grow, unless what is printed goes into one."""
    return None if any(map(_is_file, (1, 2))) else size


def _is_file(descriptor: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def demand_all(steps: Sequence[Step]) -> None:
    """Raise ``PolicyViolation`` that names the seals which do not hold, if there are any."""
    open_ones = [step.seal.value for step in steps if step.state is not State.ON]
    if open_ones:
        message = f"Not every seal holds on this machine: {', '.join(open_ones)}.\n"
        raise PolicyViolation(message + "See: pratique privacy show")


def tried() -> tuple[Step, ...]:
    """Take every seal in a process that ends at once, and give what came of it there."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            lines = [" ".join((step.seal, step.state, str(step.errno))) for step in harden()]
            os.write(writing, "\n".join(lines).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    told = b"".join(iter(lambda: os.read(reading, 4096), b"")).decode()
    os.close(reading)
    os.waitpid(child, 0)
    steps = [_step(*line.split()) for line in told.splitlines()]
    known = {step.seal for step in steps}
    # Had the child ended before it could tell, nothing would be known to hold.
    missing = [Step(seal, State.REFUSED) for seal in Seal if seal not in known]
    return (*steps, *(step for step in missing if step.seal is not Seal.FILE_SIZE))


_MEANING: Mapping[Seal, str] = {
    Seal.CORE_LIMIT: "No memory image when the program fails: limit of zero bytes",
    Seal.NOT_TRACEABLE: "No other program of the same user looks into it or has its image taken",
    Seal.NO_NEW_PRIVILEGES: "It never gains rights, whatever it starts",
    Seal.MEMORY_LOCKED: "Its memory is not swapped to a disk",
    Seal.FILE_SIZE: "No byte is added to any file",
    Seal.LANDLOCK: "No file is opened for writing, made, changed or removed (Landlock)",
    Seal.SECCOMP: "No connection, no program, no process, no change of a file: the system refuses"
    " each such call (seccomp)",
}


def meaning_of(step: Step) -> str:
    """Say what a seal is for."""
    return _MEANING[step.seal]


def _step(seal: str, state: str, errno: str) -> Step:
    return Step(Seal(seal), State(state), int(errno))
