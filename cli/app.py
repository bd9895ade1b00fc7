"""The console script: hardens the process, runs a command, and leaves with an exit status.

Whatever happens, nothing but fixed words reaches standard error: a traceback could quote a
document. Start-up is part of the interface, so click and everything heavy load only on the way
to a command that needs them.
"""

import gc
import os
import sys

from cli.exit_codes import INTERRUPTED, OUTPUT_CLOSED, SETUP, STATUS_OF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from cli.seals import Sealing
    from verifier.sealing import Watch

_UNFORESEEN = (
    "pratique: INT-000 This software met something that it did not expect.\n"
    "  Paper procedure, and tell support the code.\n"
)


def main() -> None:
    """Run the command line of this process and end the process."""
    sys.excepthook = _tell_unforeseen
    _harden()
    # While modules load there is no garbage, only the search for it.
    gc.disable()
    status = run(sys.argv[1:], _seal)
    # No finalisation, which takes time, and no exit handlers, which could touch what is left.
    os._exit(_flush(status))


def run(arguments: list[str], seal: "Sealing | None" = None) -> int:
    """Run one command line and give its exit status; everything that goes wrong is told.

    ``seal`` seals the process for ever, so that only ``main`` gives it: a host lives on.
    """
    try:
        return _dispatch(arguments, seal or _leave_open)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nothing may reach the interpreter, which quotes
        return _tell(error)


def _leave_open(*, demand: bool) -> None:
    """Seal nothing."""


def _seal(*, demand: bool) -> "Watch":
    from cli.seals import seal_process  # noqa: PLC0415 - only commands that see documents need it

    return seal_process(demand=demand)


def _dispatch(arguments: list[str], seal: "Sealing") -> int:
    if arguments[:1] == ["verify"]:
        from cli.arguments import read_arguments  # noqa: PLC0415 - see the module's docstring

        options = read_arguments(arguments[1:])
        if options is not None:
            from cli.desk import verify  # noqa: PLC0415 - see the module's docstring
            from cli.request import ask  # noqa: PLC0415 - see the module's docstring

            return verify(ask(options.files, **options.named), seal)
    from cli.commands import run_command  # noqa: PLC0415 - click is slow to load

    return run_command(arguments, seal)


def _harden() -> None:
    """Leave no memory image behind, and keep 0, 1 and 2 from meaning a file opened later."""
    import resource  # noqa: PLC0415 - not every system has it, and tests import this module

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)


def _flush(status: int) -> int:
    """Write out what click may have left in Python's own buffers, such as a help text."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            status = status or OUTPUT_CLOSED
        except (OSError, ValueError):
            status = status or SETUP
    return status


def _tell(error: Exception) -> int:
    """Tell what went wrong in fixed words and give the exit status."""
    from cli.output import (  # noqa: PLC0415 - see the module's docstring
        OutputClosedError,
        OutputFailedError,
        tell,
    )
    from cli.problem import Problem, setup_problem  # noqa: PLC0415 - see the module's docstring
    from verifier.errors import SetupError  # noqa: PLC0415 - see the module's docstring

    if isinstance(error, OutputClosedError):
        return OUTPUT_CLOSED
    if isinstance(error, OutputFailedError):
        what = f"The results cannot be written: {error}."
        error = setup_problem(what, "Make room, or send standard output somewhere else.")
    elif isinstance(error, SetupError):
        what, _, next_step = str(error).partition("\n")
        error = setup_problem(what, next_step or "Ask whoever set up this desk.")
    if isinstance(error, Problem):
        tell(error)
        return error.status
    _tell_unforeseen()
    # As with a document that nobody foresaw: this desk cannot tell.
    return STATUS_OF["refer"]


def _tell_unforeseen(
    _kind: type[BaseException] | None = None,
    _error: BaseException | None = None,
    _frames: "TracebackType | None" = None,
) -> None:
    """Stand in for the interpreter's traceback, which shows values."""
    os.write(2, _UNFORESEEN.encode())
