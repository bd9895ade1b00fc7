"""The seal in Python: what a sealed block may not do raises an error that names the offender.

Built on audit hooks (PEP 578), which see what Python code asks for: files opened for writing,
connections, programs, processes. They do not see writes to what is open already, nor what code in C
does by itself: those are the kernel's to refuse (``verifier.sealing.kernel``). The hook stays in
the process for ever; outside sealed blocks it looks at one variable and does nothing.
"""

import os
import sys
from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import cache
from types import FrameType
from typing import Final, Self

from verifier.errors import SealBroken

_FOR_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# How SQLite is told to write to no file.
_NO_FILE: Final = ("mode=ro", "mode=memory", ":memory:")

# Families of events, and single ones: https://docs.python.org/3/library/audit_events.html
_FAMILIES: Final = {
    "socket": "opened a connection",
    "subprocess": "started a program",
    "pty": "started a program",
    "syslog": "wrote to the system's log",
    "shutil": "changed files",
    "tempfile": "made a temporary file",
    "ftplib": "opened a connection",
    "http": "opened a connection",
    "imaplib": "opened a connection",
    "nntplib": "opened a connection",
    "poplib": "opened a connection",
    "smtplib": "opened a connection",
    "telnetlib": "opened a connection",
    "urllib": "opened a connection",
    "webbrowser": "started a program",
}
_FILES: Final = (
    "chflags", "chmod", "chown", "link", "lockf", "mkdir", "remove", "removexattr", "rename",
    "rmdir", "setxattr", "symlink", "truncate", "utime",
)  # fmt: skip
_SINGLE: Final = {
    **{f"os.{name}": "changed a file or folder" for name in _FILES},
    **dict.fromkeys(("os.exec", "os.posix_spawn", "os.spawn", "os.system"), "started a program"),
    **dict.fromkeys(("os.fork", "os.forkpty"), "started a process"),
    **dict.fromkeys(("os.putenv", "os.unsetenv"), "changed the environment"),
    "_thread.start_new_thread": "started a thread",
    "_thread.start_joinable_thread": "started a thread",
}


class Watch:
    """What has been tried within a seal, in words without any value of the program."""

    __slots__ = ("broken",)

    def __init__(self) -> None:
        """Begin with nothing tried."""
        self.broken: list[str] = []

    def look_at(self, event: str, arguments: tuple[object, ...]) -> None:
        """Raise ``SealBroken`` when an event is one that a seal refuses."""
        what = _offence(event, arguments)
        if what is None:
            return
        frame = sys._getframe(1)  # noqa: SLF001 - the only way to name who did it
        if _writes_bytecode(frame):
            raise PermissionError  # the import system goes on without
        message = f"{_offender(frame)} {what} while travellers' documents are verified.\n"
        self.broken.append(message + "Move that out of the sealed part, or find another package.")
        raise SealBroken(self.broken[-1])

    def demand_unbroken(self) -> None:
        """Raise ``SealBroken`` for the first thing tried; somebody may have caught it then."""
        if self.broken:
            raise SealBroken(self.broken[0])


_watch: Final[ContextVar[Watch | None]] = ContextVar("verifier.sealing", default=None)


class sealed:  # noqa: N801 - a context manager is named for how it reads after `with`
    """Let nothing in this block write a file, open a connection or start a process or program.

    ``with verifier.sealed():`` holds for the code that the block runs, in this thread or task, and
    ends with the block; threads that were there before go on unhindered. What is refused raises
    ``SealBroken``, which names the module and line that did it; if somebody caught that, the end of
    the block raises it again. The host process keeps one audit hook for good, which does nothing
    outside such blocks, and is changed in no other way: memory can still be looked into, dumped and
    swapped out, and neither writes to files that were open before nor what code in C does by
    itself are seen. Those need the kernel, whose seals cannot be taken off: ``verifier.harden``.
    """

    __slots__ = ("_token", "_watch")

    def __enter__(self) -> Self:
        """Begin to refuse."""
        _install()
        self._watch = Watch()
        self._token: Token[Watch | None] = _watch.set(self._watch)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End it. Raises ``SealBroken`` for what was tried and caught, unless there is an error."""
        _watch.reset(self._token)
        if kind is None:
            self._watch.demand_unbroken()


@cache
def _install() -> None:
    """Add the hook, once for the process."""

    def look(event: str, arguments: tuple[object, ...]) -> None:
        watch = _watch.get()  # pragma: no cover - Python traces no audit hook
        if watch is not None:  # pragma: no cover - the same
            watch.look_at(event, arguments)

    sys.addaudithook(look)


def watch_process() -> Watch:
    """Refuse the same in the whole process from now on, whoever does it. For programs of ours."""
    watch = Watch()
    hook: Callable[[str, tuple[object, ...]], None] = watch.look_at
    sys.addaudithook(hook)
    return watch


def _offence(event: str, arguments: tuple[object, ...]) -> str | None:
    if event == "open":
        flags = arguments[2]
        writes = isinstance(flags, int) and bool(flags & _FOR_WRITING)
        return "opened a file for writing" if writes else None
    if event == "sqlite3.connect":
        named = str(arguments[0])
        harmless = any(word in named for word in _NO_FILE)
        return None if harmless else "opened a database for writing"
    return _SINGLE.get(event) or _FAMILIES.get(event.partition(".")[0])


def _writes_bytecode(frame: FrameType) -> bool:
    """Tell whether this is the import system, which keeps what it has compiled where it can."""
    within: FrameType | None = frame
    while within is not None and within.f_globals.get("__name__") == __name__:
        within = within.f_back
    return within is not None and within.f_globals.get("__name__") in {
        "importlib._bootstrap_external", "_frozen_importlib_external",
    }  # fmt: skip


def _offender(frame: FrameType) -> str:
    """Name the innermost code outside the standard library and this package."""
    within: FrameType | None = frame
    while within is not None:
        module = str(within.f_globals.get("__name__", ""))
        if module != __name__ and module.partition(".")[0] not in _STANDARD:
            return f"{module}, line {within.f_lineno},"
        within = within.f_back
    return "This program"


# `__main__` counts as the host's own code.
_STANDARD: Final = sys.stdlib_module_names - {"__main__"}
