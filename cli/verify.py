"""``pratique verify``: the options, for ``cli.desk`` to act on."""

from typing import TYPE_CHECKING, Any

import click

from cli.desk import verify as verify_at_desk
from cli.options import JUDGING
from cli.request import ask

if TYPE_CHECKING:
    from cli.seals import Sealing


@click.command(short_help="Verify certificates, one verdict each.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@JUDGING
@click.option(
    "--mrz",
    metavar="FILE",
    help="Compare the holder with the passport whose machine-read lines are in FILE, - for"
    " standard input; they are never an argument.",
)
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
@click.option("--json", is_flag=True, help="One JSON object a document, a line each.")
@click.option("--counts", is_flag=True, help="Tell only how many documents came out how.")
@click.pass_obj
def verify(seal: "Sealing", /, files: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - the options above, checked by ask
    """Verify certificates and print one verdict for each.

    FILE is a picture of a code (PNG, JPEG, WebP, BMP, TIFF), a PDF, or a text with
    one scan a line; - or none reads standard input. A scan is never an argument.

    The holder's name and birth date are shown on a terminal, and elsewhere only
    with --disclose.

    Exit status: 0 authentic, 10 does not meet the rules, 11 not authentic, 12
    refer to a person, 2 wrong use, 3 wrong set-up; the largest of all documents.
    """
    return verify_at_desk(ask(files, **options), seal)
