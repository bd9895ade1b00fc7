"""``pratique trust refresh``: fetches the configured lists and takes them into the store."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit_codes import SETUP
from cli.options import AS_JSON
from cli.output import tell, write
from cli.problem import printable, setup_problem
from cli.stores import default_store_path
from verifier.clock import SystemClock

if TYPE_CHECKING:  # `trust --help` must not load what goes online
    from trustlists.refreshing import SourceReport


@click.command(short_help="Fetch the configured lists and take them into the store.")
@click.option(
    "--config",
    metavar="FILE",
    help="What to fetch, in TOML. Otherwise sources.toml beside the store.",
)
@click.option("--example", is_flag=True, help="Print an example configuration and leave.")
@AS_JSON
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--store",
    metavar="PATH",
    help="The trust store. Otherwise $PRATIQUE_STORE, then the user's data folder.",
)
def refresh(
    *, config: str | None, example: bool, as_json: bool, quiet: bool, store: str | None
) -> int:
    """Fetch the configured lists over HTTPS and take them into the store.

    What was fetched is checked like any file: who signed it, that it is not older than what the
    store has, that it belongs to the store's environment. A list for which no anchor vouches is not
    taken. A source that fails costs only itself; its list stays as it was.

    Ends with exit status 0 when every source came in and 3 when one did not. Proxies are those of
    the environment (HTTPS_PROXY, NO_PROXY).
    """
    from cli.progress import progress  # noqa: PLC0415 - only this command needs it
    from cli.trust_reports import refresh_as_json  # noqa: PLC0415 - the same
    from trustlists import refreshing  # noqa: PLC0415 - only here does anything go online
    from trustlists.configuration import example_configuration  # noqa: PLC0415 - the same

    if example:
        write(example_configuration())
        return 0
    place = store or default_store_path()
    configuration = config or os.fspath(Path(place).resolve().with_name("sources.toml"))
    with progress(quiet=quiet) as report:
        done = refreshing.refresh(place, configuration, now=SystemClock().now(), report=report)
    if as_json:
        write(refresh_as_json(done))
    for source in done.sources:
        _tell_of_source(source, as_json=as_json)
    return 0 if done.complete else SETUP


def _tell_of_source(source: "SourceReport", *, as_json: bool) -> None:
    """Say on a line of its own what became of a source, then of its lists."""
    from cli.trust_reports import tell_of_list  # noqa: PLC0415 - see refresh

    name = printable(source.name)
    if source.failure:
        what, _, next_step = str(source.failure).partition("\n")
        tell(setup_problem(f"{name}: {what}", next_step))
        return
    if not as_json:
        write(f"{name}: {'fetched' if source.sent else 'not changed since the last fetch'}\n")
    for taken in source.lists:
        tell_of_list(taken, results=not as_json)
