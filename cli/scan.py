"""``pratique scan``: the options, checked and handed to the border post."""

from typing import Any

import click

from cli.options import JUDGING
from cli.post.opening import open_desk, settings_of


@click.command(short_help="The border post: one traveller after another.")
@JUDGING
@click.option("--lang", metavar="CODE", help="Language of the officer, such as en.")
@click.option("--traveller-lang", metavar="CODE", help="Language of words for the traveller.")
@click.option("--texts", metavar="FILE", help="Guidance of your authority, as TOML.")
@click.option(
    "--device", metavar="FILE", help="A scanner in serial mode, or its keys: /dev/ttyACM0."
)
@click.option("--camera", metavar="NAME", help="Watch a camera, such as /dev/video0.")
@click.option("--tally", metavar="PATH", help="The file of counts. [$PRATIQUE_TALLY]")
@click.option(
    "--tally-daily",
    is_flag=True,
    help="Count by days, not by weeks: for posts with more than 500 scans a day.",
)
@click.option("--prefix", metavar="TEXT", help="What the scanner sends before each scan.")
@click.option("--suffix", metavar="TEXT", help="What it sends after each scan, if not Enter.")
@click.option(
    "--clear-after", metavar="SECONDS", help="Clear a verdict after so long. [default: 30]"
)
@click.option("--plain", is_flag=True, help="Line by line, for a screen reader.")
@click.option("--big", is_flag=True, help="The outcome in letters of five rows.")
@click.option("--json", is_flag=True, help="One JSON object a document, a line each.")
def scan(**options: Any) -> int:  # noqa: ANN401 - the options above, checked by settings_of
    """Serve one traveller after another at a border post.

    Scans come from a scanner that types like a keyboard, from --device, --camera,
    or a pipe, a line each. They are not echoed. A verdict is cleared from the
    screen by the next scan, by any key, or after some seconds, and each traveller
    has a process of their own that ends with it: nothing is kept.

    Keys, on any keyboard layout: 1 none shown, 2 paper waiver, 3 protection,
    4 ill, 5 same traveller again, 6 slip for port health, 7 compare with the
    passport, 8 help, 9 end. F1 to F9 do the same. Set the scanner to serial mode
    if you can: it knows no keyboard layouts.

    Exit status: 0 at the end of a shift, 2 wrong use, 3 wrong set-up; from a pipe
    as with verify, the largest of all documents.
    """
    return open_desk(settings_of(**options))
