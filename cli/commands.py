"""The click group ``pratique``: every command by name, each loaded when it is called."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cli.exit_codes import OUTPUT_CLOSED, USAGE
from cli.groups import LazyGroup
from cli.inputs import looks_like_scan, scan_as_argument
from cli.output import REMARKS, write
from cli.problem import Problem

if TYPE_CHECKING:
    from cli.seals import Sealing

# Command name, and the module that has a click command of the same name.
COMMANDS: Mapping[str, str] = {
    "verify": "cli.verify",
    "scan": "cli.scan",
    "inspect": "cli.inspect",
    "explain": "cli.explain",
    "trust": "cli.trust",
    "rules": "cli.rules",
    "privacy": "cli.privacy",
    "tally": "cli.tally",
}


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted and not ctx.resilient_parsing:
        write(f"pratique {_version()}\n")
        ctx.exit()


def _version() -> str:
    from importlib import metadata  # noqa: PLC0415 - slow, and rarely asked for

    try:
        return metadata.version("pratique")
    except metadata.PackageNotFoundError:
        return "from its sources, not installed"


@click.group(
    cls=LazyGroup,
    homes=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and leave.",
)
def pratique() -> None:
    """Tell whether a signed health certificate is genuine and in date.

    Works offline, with the trust lists on this machine, and keeps nothing.
    """


def run_command(arguments: list[str], seal: "Sealing") -> int:
    """Run one command line through click and give its exit status.

    Raises ``Problem`` for a wrong call, in two lines of our own and without click's usage text,
    and ``KeyboardInterrupt`` when it was interrupted.
    """
    interrupted = False
    try:
        status = pratique.main(arguments, "pratique", standalone_mode=False, obj=seal)
        return status if isinstance(status, int) else 0
    except click.Abort:
        interrupted = True
    except SystemExit as leaving:
        # Click leaves like this when nobody reads its help, and after completing a line.
        return OUTPUT_CLOSED if leaving.code else 0
    except click.exceptions.NoArgsIsHelpError as error:
        write(f"{error.format_message()}\n", REMARKS)
        return USAGE
    except click.ClickException as error:
        problem = _problem(error, arguments)
    if interrupted:
        raise KeyboardInterrupt
    raise problem


def _problem(error: click.ClickException, arguments: list[str]) -> Problem:
    """Say in our words what click found wrong."""
    if any(looks_like_scan(argument) for argument in arguments):
        return scan_as_argument()
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "pratique"
    what = " ".join(error.format_message().split())
    return Problem(what, f"See: {command} --help", error.exit_code)
