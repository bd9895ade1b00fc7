"""Which system calls a sealed process is refused, as numbers and as a program for seccomp.

Numbers stand once for each architecture, by the kernel's own headers (no-retention notes, 6.2). A
list of refusals ages with the kernel and is tried call by call (``harden``); a list of permissions
would break with each C library. Nothing here touches the system.
"""

from collections.abc import Iterator, Mapping
from errno import ENOSYS, EPERM
from struct import Struct
from typing import Final, NamedTuple

_FORKS: Final = {"fork": (57, None), "vfork": (58, None)}

# Name, number on x86-64, number on aarch64; None where the architecture has no such call.
_REFUSED: Final[Mapping[str, tuple[int | None, int | None]]] = {
    # connections
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # other programs, other processes
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    # memory that others could see, and ways round a filter
    "memfd_create": (319, 279), "shmget": (29, 194), "msgget": (68, 186), "mq_open": (240, 180),
    "io_uring_setup": (425, 425), "userfaultfd": (323, 282), "bpf": (321, 280),
    "perf_event_open": (298, 241), "add_key": (248, 217), "keyctl": (250, 219),
    # files and their names
    "truncate": (76, 45), "ftruncate": (77, 46), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37), "symlink": (88, None),
    "symlinkat": (266, 36), "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None),
    "mknodat": (259, 33), "unlink": (87, None), "unlinkat": (263, 35), "creat": (85, None),
    # what can be written beside the content of a file
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    # from one descriptor to another, past the program
    "sendfile": (40, 71), "splice": (275, 76), "vmsplice": (278, 75),
    "copy_file_range": (326, 285), "open_by_handle_at": (304, 265),
}  # fmt: skip

# These pass pointers, which a filter cannot follow; as if there were none, libraries fall back.
_UNKNOWN: Final = {"clone3": (435, 435), "openat2": (437, 437)}

_OPEN, _OPENAT, _CLONE, _IOCTL, _PRCTL = (2, None), (257, 56), (56, 220), (16, 29), (157, 167)

_FOR_MAKING: Final = 0o20001100  # CREAT, TRUNC and the bit of TMPFILE
_FOR_WRITING: Final = _FOR_MAKING | 0o3  # and WRONLY, RDWR
_CLONE_THREAD: Final = 0x10000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # type into a terminal; read a console's screen
_PR_SET_DUMPABLE: Final = 4

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_FIRST_X32: Final = 0x40000000
_INSTRUCTION: Final = Struct("<HBBI")


class Machine(NamedTuple):
    """An architecture: its column in the table, how seccomp names it, its calls for sealing."""

    column: int
    audit: int
    seccomp: int


MACHINES: Final[Mapping[str, Machine]] = {
    "x86_64": Machine(0, 0xC000003E, 317),
    "aarch64": Machine(1, 0xC00000B7, 277),
}


def refused(machine: Machine) -> dict[str, int]:
    """Give the calls that are refused whatever is asked of them, by name."""
    found = {name: numbers[machine.column] for name, numbers in _REFUSED.items()}
    return {name: number for name, number in found.items() if number is not None}


def clone(machine: Machine) -> int:
    """Give the number of the call that makes processes and threads."""
    return _CLONE[machine.column]


def openat(machine: Machine) -> int:
    """Give the number of the call that opens files."""
    return _OPENAT[machine.column]


def program(machine: Machine, *, children: bool, devices: bool = False) -> bytes:
    """Write the filter; with ``children`` the process may still fork.

    With ``devices`` what there is can still be opened for writing, as a camera has to be.
    """
    instructions = _program(machine, children=children, devices=devices)
    return b"".join(_INSTRUCTION.pack(*each) for each in instructions)


_Instruction = tuple[int, int, int, int]


def _program(machine: Machine, *, children: bool, devices: bool) -> Iterator[_Instruction]:
    column = machine.column
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _IF_EQUAL, 1, 0, machine.audit
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    if not column:  # the other calls of the same machine
        yield _IF_AT_LEAST, 0, 1, _FIRST_X32
        yield _RETURN, 0, 0, _KILL
    names = _REFUSED if children else {**_REFUSED, **_FORKS}
    for numbers in names.values():
        yield from _answer(numbers[column], (_RETURN, 0, 0, _FAIL | EPERM))
    for numbers in _UNKNOWN.values():
        yield from _answer(numbers[column], (_RETURN, 0, 0, _FAIL | ENOSYS))
    flags = _FOR_MAKING if devices else _FOR_WRITING
    for opening, place in ((_OPEN, 1), (_OPENAT, 2)):
        yield from _answer(opening[column], *_unless(place, _IF_ANY_BIT, flags))
    if not children:
        yield from _answer(
            clone(machine),
            (_LOAD, 0, 0, _ARGUMENTS),
            (_IF_ANY_BIT, 1, 0, _CLONE_THREAD),
            (_RETURN, 0, 0, _FAIL | EPERM),
            (_RETURN, 0, 0, _ALLOW),
        )
    yield from _answer(_IOCTL[column], *_unless(1, _IF_EQUAL, _TIOCSTI, _TIOCLINUX))
    yield from _answer(_PRCTL[column], *_unless(0, _IF_EQUAL, _PR_SET_DUMPABLE))
    yield _RETURN, 0, 0, _ALLOW


def _answer(number: int | None, *answer: _Instruction) -> Iterator[_Instruction]:
    """Answer one call in some way; go on with the next instruction for all others."""
    if number is not None:
        yield _IF_EQUAL, 0, len(answer), number
        yield from answer


def _unless(place: int, test: int, *values: int) -> Iterator[_Instruction]:
    """Allow a call unless an argument passes one of the tests. Only its low half is looked at."""
    yield _LOAD, 0, 0, _ARGUMENTS + 8 * place
    for value in values:
        yield test, 0, 1, value
        yield _RETURN, 0, 0, _FAIL | EPERM
    yield _RETURN, 0, 0, _ALLOW
