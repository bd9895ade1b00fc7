"""``pratique verify``: the options, for ``cli.desk`` to act on."""

from typing import TYPE_CHECKING, Any

import click

from cli.desk import verify as verify_at_desk
from cli.request import ask

if TYPE_CHECKING:
    from cli.seals import Sealing

DISCLOSE = "none|identity|clinical"
REQUIRE_SEALS = "Refuse to work where the system cannot enforce that nothing is kept."
ENABLE_FORMAT = "Let a format of another package see documents; may be repeated."


@click.command(short_help="Verify certificates, one verdict each.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--store", metavar="PATH", help="The trust store. [$PRATIQUE_STORE]")
@click.option("--at", metavar="INSTANT", help="Judge for this instant (ISO 8601), not for now.")
@click.option("--rules", metavar="COUNTRY", help="Ask the entry rules of a country, such as NL.")
@click.option("--region", metavar="CODE", help="A part of that country with rules of its own.")
@click.option(
    "--accept-retired",
    metavar="FORMAT",
    multiple=True,
    help="Accept this format from keys that were valid when it was issued and have retired since;"
    " may be repeated.",
)
@click.option(
    "--demand-revocation",
    is_flag=True,
    help="Refer a document to a person when its withdrawal cannot be checked here.",
)
@click.option("--disclose", metavar=DISCLOSE, help="How much of the holder to show.")
@click.option(
    "--mrz",
    metavar="FILE",
    help="Compare the holder with the passport whose machine-read lines are in FILE, - for"
    " standard input; they are never an argument.",
)
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
@click.option("--enable-format", metavar="NAME", multiple=True, help=ENABLE_FORMAT)
@click.option("--require-seals", is_flag=True, help=REQUIRE_SEALS)
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
