"""``pratique tally``: counts without people."""

from pathlib import Path

import click

from cli.output import remark, write
from cli.problem import Problem
from cli.request import language
from cli.stores import default_tally_path
from cli.style import style_of_results
from cli.tally_reports import Bars, as_csv, as_json
from cli.tallying.book import Period
from cli.tallying.tally import sealed_periods

TALLY = click.option(
    "--tally", "path", metavar="PATH", help="The file of counts. [$PRATIQUE_TALLY]"
)


@click.group(short_help="Show or export counts without people.")
def tally() -> None:
    """Show or export how many documents came out how.

    Only weeks (or days) that are over are told, from the second day after their
    end, rounded, and with a little chance in each number, so that next to nothing
    can be learned of a single traveller.
    """


@tally.command()
@TALLY
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
def show(path: str | None, lang: str | None) -> None:
    """Draw the last periods, and the last one in full, as bars."""
    periods = _periods(path)
    write(Bars(style_of_results(), language(lang)).draw(periods))


@tally.command()
@TALLY
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a period, a line each.")
def export(path: str | None, *, as_lines: bool) -> None:
    """Write every period that is over as CSV.

    The same file comes out each time. Add the printed rows to put posts together.
    """
    periods = _periods(path)
    if not periods:
        remark("There are no counts of a period that is over.")
    write(as_json(periods) if as_lines else as_csv(periods))


def _periods(path: str | None) -> tuple[Period, ...]:
    where = path or default_tally_path()
    if not where:
        what = "Counting is switched off on this machine."
        raise Problem(what, "Name a file of counts: --tally PATH")
    return sealed_periods(Path(where))
