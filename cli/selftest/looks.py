"""Where a process could have left something beside its memory: files, what it asked the system."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from cli.selftest.canaries import Needle, found_in
from cli.selftest.memory import Unreadable

# Beside the folders of the desk itself: where programs leave what they think nobody minds.
_COMMON: Final = ("/tmp", "/var/tmp", "/dev/shm", "/run/user")  # noqa: S108 - looked at, not used

# A file larger than this is no note about a traveller, and reading it takes long.
_FILE_BYTES: Final = 64 << 20

Tree = Mapping[str, tuple[int, int]]

# Calls that leave something or tell somebody. What failed did neither.
_TRACED: Final = (
    "open,openat,openat2,creat,socket,connect,bind,sendto,sendmsg,sendmmsg,execve,execveat,fork,"
    "vfork,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "unlink,unlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,fchown,utimensat,setxattr,"
    "lsetxattr,fsetxattr,memfd_create,write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,"
    "vmsplice,copy_file_range,clone,clone3,seccomp"
)
_CALL: Final = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_WRITES: Final = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND")
_TO_WRITE: Final = ("write", "writev", "pwrite64", "pwritev", "pwritev2")
_OUTPUTS: Final = ("1", "2")
_NO_PROCESS: Final = "CLONE_THREAD"
_MADE_BY_SEALING: Final = "memfd_create"  # to try whether files can still grow

_HIDDEN: Final = "the system does not let this user see them"


def tree(folder: Path) -> Tree:
    """List the files of the desk and of the common places, with size and time of change."""
    found = {}
    for place in (str(folder), *_COMMON):
        for path in _files(place):
            try:
                status = os.lstat(path)
            except OSError:
                continue  # another program's, gone meanwhile
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def _files(place: str) -> Iterator[str]:
    for folder, _, names in os.walk(place):
        yield from (os.path.join(folder, name) for name in names)  # noqa: PTH118 - many of them


def changed(
    before: Tree, folder: Path, needles: Sequence[Needle], own: Sequence[Path] = ()
) -> list[str]:
    """Name what has changed: any file of the desk, and others that hold a canary.

    ``own`` are files of the desk that it may write to. The needles are to be unmistakable: the
    files elsewhere are those of all programs.
    """
    found = []
    for path, facts in tree(folder).items():
        if before.get(path) == facts:
            continue
        if Path(path).is_relative_to(folder) and Path(path) not in own:
            found.append(f"a file of the desk: {Path(path).name}")
        elif _holds(path, needles):
            found.append(f"a file elsewhere: {path}")
    gone = [path for path in before if path.startswith(f"{folder}/") and not os.path.lexists(path)]
    return found + [f"a file of the desk is gone: {Path(path).name}" for path in gone]


def _holds(path: str, needles: Sequence[Needle]) -> bool:
    try:
        if not Path(path).is_file() or os.path.getsize(path) > _FILE_BYTES:  # noqa: PTH202 - a text
            return False
        return bool(found_in(Path(path).read_bytes(), needles))
    except OSError:
        return False  # another user's, which this process could not have written either


def open_files(pid: int, *own: Path) -> list[str]:
    """Name the open files of a process but its own ones, the pipes and the terminal.

    Raises ``Unreadable``.
    """
    folder = f"/proc/{pid}/fd"
    try:
        found = [str(each.readlink()) for each in Path(folder).iterdir()]
    except OSError:
        found = []
    if not found:
        raise Unreadable(_HIDDEN)
    ours = ("pipe:", "/dev/pts/", "/dev/null")
    return [path for path in found if not path.startswith(ours) and Path(path) not in own]


def tracer() -> str | None:
    """Find the program that shows the system calls of another one."""
    return shutil.which("strace")


def traced(command: Sequence[str], log: Path) -> tuple[str, ...]:
    """Give a command line that writes the system calls of a command into files, one a process.

    Their names are that of the log, a dot, and the number of the process.
    """
    return (
        tracer() or "", "-ff", "-qq", "-s", "0", "-e", f"trace={_TRACED}", "-e", "signal=none",
        "-o", str(log), *command,
    )  # fmt: skip


def offences(logs: Mapping[int, str], first: int, tally: Path | None = None) -> list[str]:
    """Name the calls in logs of strace, by process, that left something or told somebody.

    The first call of the ``first`` process starts the program. Only one that has a ``tally`` may
    fork, open that and write to it; its workers may not.
    """
    found = list(_offences(logs[first].partition("\n")[2], tally))
    for pid in logs.keys() - {first}:
        found += _offences(logs[pid], None)
    return found


def _offences(log: str, tally: Path | None) -> Iterator[str]:
    """Judge one process.

    A parent of workers opens its tally, and a file in memory to try a seal with, before its last
    seal, when no worker is there yet.
    """
    counts, unsealed = "", tally is not None
    for line in log.splitlines():
        matched = _CALL.match(line)
        if matched is None or matched[3].startswith("-"):
            continue
        name, arguments, answer = matched.groups()
        if name == "seccomp":
            unsealed = False
        elif unsealed and name.startswith("open") and f'"{tally}"' in arguments:
            counts = answer
        elif not (unsealed and name == _MADE_BY_SEALING):
            yield from _offence(name, arguments, counts, forks=tally is not None)


def _offence(name: str, arguments: str, counts: str, *, forks: bool) -> Iterator[str]:
    """Judge one call. Writing to its output is what a process is for."""
    first = arguments.partition(",")[0]
    if name in {"clone", "clone3"}:
        if not forks and _NO_PROCESS not in arguments:
            yield "another process"
    elif name.startswith("open"):
        if any(flag in arguments for flag in _WRITES):
            yield f"{name} for writing"
    elif name not in _TO_WRITE:
        yield name
    elif first not in (*_OUTPUTS, counts):
        yield f"{name} to descriptor {first}"
