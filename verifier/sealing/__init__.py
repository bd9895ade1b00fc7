"""Sealing a process against keeping anything: by the kernel for good, in Python for a block.

``harden`` takes away what a program that verifies documents never needs: memory images, tracing,
new rights, swap, writing files, connections, other programs. Each step is taken, then tried, and
reported as it came out; none is believed. The steps are those of the no-retention notes, 6.
"""

import resource
from collections.abc import Callable
from enum import StrEnum
from errno import EACCES, ENOSYS, EOPNOTSUPP, EPERM
from typing import Final, NamedTuple

from verifier.sealing import calls, kernel
from verifier.sealing.audit import Watch, sealed, watch_process
from verifier.sealing.calls import Machine

__all__ = ["Seal", "State", "Step", "Watch", "harden", "sealed", "watch_process"]


class Seal(StrEnum):
    """What is sealed, in the order in which it is done."""

    CORE_LIMIT = "core_limit"
    NOT_TRACEABLE = "not_traceable"
    NO_NEW_PRIVILEGES = "no_new_privileges"
    MEMORY_LOCKED = "memory_locked"
    FILE_SIZE = "file_size"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"


class State(StrEnum):
    """How a step came out. ``REFUSED``: the machine has it, and did not let it be done here."""

    ON = "on"
    REFUSED = "refused"
    ABSENT = "absent"


class Step(NamedTuple):
    """One step; ``errno`` says why it was refused, 0 when it was taken and then did not hold."""

    seal: Seal
    state: State
    errno: int = 0


_NOT_THERE: Final = frozenset({ENOSYS, EOPNOTSUPP})


def harden(
    *, children: bool = False, devices: bool = False, file_bytes: int | None = None
) -> tuple[Step, ...]:
    """Seal this process with all that the machine offers, and say what came of each step.

    What it does to the host: no memory image and no tracing, by users other than root; no rights
    gained by starting programs; memory locked against swap, where no limit forbids; no file or
    folder opened for writing, made, changed, renamed or removed (pipes, terminals and files that
    are open go on working); no connection, no program started, and no process forked unless
    ``children``, which leaves it free as well to set up devices that are opened later, such as a
    serial line; with ``devices`` what is there, a camera for instance, can still be opened for
    writing, and Landlock is left out, which could not tell a device that was plugged in again;
    ``file_bytes`` bounds how long an open file may grow, which counts for standard
    output too when that is a file. Reading files, threads and late imports go on working.
    **Nothing of this can be undone**, and all of it but the lock of the memory is inherited by
    forked children. Call it while there is one thread: Landlock binds only the calling one.

    Never raises: a machine without these things is told of in the list, of which a caller may
    demand what it needs. A worker that was forked from a sealed parent calls it again, without
    ``children`` and ``devices``.
    """
    machine = kernel.machine()
    steps = [_taken(Seal.CORE_LIMIT, _end_core_dumps)]
    if machine is not None:
        steps += [
            _taken(Seal.NOT_TRACEABLE, _forbid_traces),
            _taken(Seal.NO_NEW_PRIVILEGES, _renounce_privileges),
            _taken(Seal.MEMORY_LOCKED, _lock_memory),
        ]
    if file_bytes is not None:
        steps.append(_taken(Seal.FILE_SIZE, lambda: _bound_files(file_bytes)))
    if machine is not None:
        steps += [
            *([] if devices else [_taken(Seal.LANDLOCK, lambda: _close_files(machine, children))]),
            _taken(Seal.SECCOMP, lambda: _refuse_calls(machine, children, devices)),
        ]
    taken = {step.seal for step in steps}
    unasked = {Seal.FILE_SIZE: file_bytes is None, Seal.LANDLOCK: devices}
    wanted = [seal for seal in Seal if not unasked.get(seal)]
    return (*steps, *(Step(seal, State.ABSENT) for seal in wanted if seal not in taken))


def _taken(seal: Seal, take: Callable[[], bool]) -> Step:
    """Take a step, which tells whether it holds, and say how that went."""
    fault = 0
    try:
        if take():
            return Step(seal, State.ON)
    except OSError as error:
        fault = error.errno or EPERM
    return Step(seal, State.ABSENT if fault in _NOT_THERE else State.REFUSED, fault)


def _end_core_dumps() -> bool:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def _forbid_traces() -> bool:
    kernel.forbid_traces()
    return not kernel.is_traceable()


def _renounce_privileges() -> bool:
    kernel.renounce_privileges()
    return kernel.has_renounced_privileges()


def _lock_memory() -> bool:
    kernel.lock_memory()
    return kernel.is_memory_locked()


def _bound_files(size: int) -> bool:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return resource.getrlimit(resource.RLIMIT_FSIZE) == (size, size) and kernel.ends_files_at(size)


def _close_files(machine: Machine, asking: bool) -> bool:  # noqa: FBT001 - as the kernel has it
    kernel.close_files(asking=asking)
    # A parent's filter answers before Landlock does.
    return kernel.fault_of_writing(calls.openat(machine)) in {EACCES, EPERM}


# Shared signal handlers without shared memory: no kernel makes such a process (clone(2), EINVAL).
_IMPOSSIBLE_CLONE: Final = 0x800

# With arguments that mean nothing each call fails by itself; this one would make a queue.
_UNTRIED: Final = frozenset({"msgget"})


def _refuse_calls(machine: Machine, children: bool, devices: bool) -> bool:  # noqa: FBT001 - the same
    kernel.refuse_calls(machine, calls.program(machine, children=children, devices=devices))
    numbers = [number for name, number in calls.refused(machine).items() if name not in _UNTRIED]
    held = all(kernel.fault_of(number, -1, -1, -1, -1, -1, -1) == EPERM for number in numbers)
    held = held and kernel.fault_of_writing(calls.openat(machine), making=devices) == EPERM
    forks = kernel.fault_of(calls.clone(machine), _IMPOSSIBLE_CLONE, 0, 0, 0, 0)
    return held and (children or forks == EPERM)
