"""The one file that talks to the kernel past Python: prctl, mlockall, Landlock, seccomp.

Through ``ctypes`` and the C library that Python runs on already: bindings would be one more native
dependency each. Every function raises ``OSError`` with the kernel's own errno, ENOSYS where there
is no such thing. Linux on x86-64 and aarch64; elsewhere ``machine`` gives None and nothing else
here may be called. What each call does is in the no-retention notes, 6.
"""

import ctypes
import errno
import os
import resource
import sys
from struct import Struct
from typing import Final

from verifier.sealing.calls import MACHINES, Machine

_GET_DUMPABLE, _SET_DUMPABLE, _SET_NO_NEW_PRIVILEGES, _GET_NO_NEW_PRIVILEGES = 3, 4, 38, 39
# Whatever is there, whatever comes, each page when it is first touched: an untouched one is empty.
_LOCK_ALL: Final = 1 | 2 | 4

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION: Final = 1
# Of the rights of files all but EXECUTE, READ_FILE and READ_DIR (0, 2, 3), by Landlock's version.
_WRITE_RIGHTS: Final = sum(1 << bit for bit in (1, *range(4, 13)))
_RIGHTS_SINCE: Final = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_IOCTL_DEV: Final = 1 << 15
_NET_RIGHTS: Final = 0b11  # bind and connect, since version 4
_SCOPES: Final = 0b11  # sockets without a file, signals, since version 6
_ATTRIBUTES: Final = Struct("<QQQ")

_FILTER_MODE, _ALL_THREADS = 1, 1

_HERE: Final = -100  # AT_FDCWD

_STATUS: Final = "/proc/self/status"
_MAY_LOCK: Final = 1 << 14  # CAP_IPC_LOCK


def machine() -> Machine | None:
    """Give the architecture, None where these calls are not known."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return None
    return MACHINES.get(os.uname().machine)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def _syscall(number: int, *arguments: object) -> int:
    call = _libc().syscall
    call.restype = ctypes.c_long
    numbers = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(int(call(ctypes.c_long(number), *numbers)))


def fault_of(number: int, *arguments: int) -> int:
    """Make a system call that is meant to fail, and give the errno; 0 when it did not fail."""
    try:
        _syscall(number, *arguments)
    except OSError as error:
        return error.errno or 0
    return 0


def fault_of_writing(openat: int, *, making: bool = False) -> int:
    """Give the errno of opening the null device for writing, where nothing could be left.

    ``making`` asks for it to be made if it were not there.
    """
    path = ctypes.create_string_buffer(os.devnull.encode())
    flags = os.O_WRONLY | (os.O_CREAT if making else 0)
    try:
        descriptor = _syscall(openat, _HERE, ctypes.byref(path), flags)
    except OSError as error:
        return error.errno or 0
    os.close(descriptor)
    return 0


def ends_files_at(size: int) -> bool:
    """Tell whether no byte can be written at this place of a file; one in memory is tried."""
    try:
        descriptor = os.memfd_create("seal")
    except PermissionError:
        return True  # sealed already: there is no file to try it with, and none to be made
    try:
        os.pwrite(descriptor, b"\0", size)
    except OSError as error:
        return error.errno == errno.EFBIG
    finally:
        os.close(descriptor)
    return False


def _prctl(option: int, argument: int = 0) -> int:
    rest = [ctypes.c_ulong(each) for each in (argument, 0, 0, 0)]
    return _checked(_libc().prctl(ctypes.c_int(option), *rest))


def forbid_traces() -> None:
    """Let nobody of the same user look into this process, and no memory image be written."""
    if is_traceable():
        _prctl(_SET_DUMPABLE, 0)


def is_traceable() -> bool:
    """Tell whether the process may be looked into."""
    return _prctl(_GET_DUMPABLE) != 0


def renounce_privileges() -> None:
    """Never gain rights again by starting a program; Landlock and seccomp demand it."""
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)


def has_renounced_privileges() -> bool:
    """Tell whether that holds."""
    return _prctl(_GET_NO_NEW_PRIVILEGES) == 1


def lock_memory() -> None:
    """Keep the memory of this process, now and later, out of swap. A fork undoes it for the child.

    Where a limit holds, locking would make large pictures run out of memory: then it is refused.
    """
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    if limit != resource.RLIM_INFINITY and not _status("CapEff", 16) & _MAY_LOCK:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
    _checked(_libc().mlockall(ctypes.c_int(_LOCK_ALL)))


def is_memory_locked() -> bool:
    """Tell whether any memory is locked."""
    return _status("VmLck", 10) > 0


def _status(name: str, base: int) -> int:
    """Read a number that the kernel states of this process."""
    descriptor = os.open(_STATUS, os.O_RDONLY | os.O_CLOEXEC)
    try:
        lines = os.read(descriptor, 16_384).decode().splitlines()
    finally:
        os.close(descriptor)
    return next(int(line.split()[1], base) for line in lines if line.startswith(f"{name}:"))


def close_files(*, asking: bool = False) -> None:
    """Let Landlock refuse everything that changes a file or makes one; reading stays free.

    ``asking`` leaves it free to ask something (ioctl) of devices that are opened later; those that
    are open now can be asked always. It binds this thread and what it starts later, so it is called
    while there is no other.
    """
    version = _syscall(_CREATE_RULESET, 0, 0, _ASK_VERSION)
    rights = _WRITE_RIGHTS + sum(bit for since, bit in _RIGHTS_SINCE.items() if version >= since)
    if asking:
        rights &= ~_IOCTL_DEV
    size = 8 if version < 4 else 16 if version < 6 else 24  # noqa: PLR2004 - versions of Landlock
    attributes = ctypes.create_string_buffer(
        _ATTRIBUTES.pack(rights, _NET_RIGHTS, _SCOPES)[:size], size
    )
    ruleset = _syscall(_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        _syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def refuse_calls(on: Machine, program: bytes) -> None:
    """Install a filter of system calls in every thread, for ever."""
    code = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(
        Struct("<H6xQ").pack(len(program) // 8, ctypes.addressof(code))
    )
    thread = _syscall(on.seccomp, _FILTER_MODE, _ALL_THREADS, ctypes.byref(described))
    if thread:
        message = "a thread has a filter of its own"
        raise PermissionError(message)
