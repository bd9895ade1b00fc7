"""Options that several commands have, so that they are called, checked and explained alike."""

from collections.abc import Callable
from typing import Any

import click

from verifier.countries import alpha_2
from verifier.trust import Environment

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
QUIET = click.option("--quiet", is_flag=True, help="Show no progress.")
STORE = click.option(
    "--store",
    metavar="PATH",
    help="The trust store. Otherwise $PRATIQUE_STORE, then the user's data folder.",
)
REGION = click.option(
    "--region", metavar="CODE", help="A part of the country that has rules of its own."
)

STORE_OF_DESK = click.option("--store", metavar="PATH", help="The trust store. [$PRATIQUE_STORE]")
AT = click.option("--at", metavar="INSTANT", help="Judge for this instant (ISO 8601), not for now.")
DISCLOSE = "none|identity|clinical"
ENABLE_FORMAT = click.option(
    "--enable-format",
    metavar="NAME",
    multiple=True,
    help="Let a format of another package see documents; may be repeated.",
)


def together(*options: Decorator) -> Decorator:
    """Make one decorator of several; help shows them in this order."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


# What a certificate is judged by, in `verify` and in `scan`.
JUDGING = together(
    STORE_OF_DESK,
    AT,
    click.option(
        "--rules", metavar="COUNTRY", help="Ask the entry rules of a country, such as NL."
    ),
    REGION,
    click.option(
        "--accept-retired",
        metavar="FORMAT",
        multiple=True,
        help="Accept this format from keys that were valid when it was issued and have retired"
        " since; may be repeated.",
    ),
    click.option(
        "--demand-revocation",
        is_flag=True,
        help="Refer a document to a person when its withdrawal cannot be checked here.",
    ),
    click.option("--disclose", metavar=DISCLOSE, help="How much of the holder to show."),
    ENABLE_FORMAT,
    click.option(
        "--require-seals",
        is_flag=True,
        help="Refuse to work where the system cannot enforce that nothing is kept.",
    ),
)


def known_country(_: click.Context, __: click.Parameter, code: str | None) -> str | None:
    """Check a country that was named, and give its two letters."""
    if code and not alpha_2(code):
        message = "a country is two letters or three, such as DE or DEU."
        raise click.BadParameter(message)
    return code and alpha_2(code)


def country_of(what: str) -> Decorator:
    """Make the option that says whose something is that does not say so itself."""
    return click.option(
        "--country",
        metavar="CC",
        callback=known_country,
        help=f"The country of {what} that name none.",
    )


def anchors_for(what: str) -> Decorator:
    """Make the option that brings the operator's own anchors."""
    return click.option(
        "--anchor",
        "anchors",
        metavar="FILE",
        multiple=True,
        help=f"A certificate or public key that vouches for {what}; may be repeated.",
    )


def environment_of(what: str) -> Decorator:
    """Make the option that says for which environment something is meant."""
    return click.option(
        "--environment",
        type=click.Choice([environment.value for environment in Environment]),
        help=f"Where {what} belong that do not say. Otherwise that of the store.",
    )


def max_age_of(what: str, otherwise: str) -> Decorator:
    """Make the option that says for how many days something is relied on."""
    return click.option(
        "--max-age",
        metavar="DAYS",
        type=click.IntRange(1, 3650),
        help=f"Rely on {what} for so many days. Otherwise {otherwise}.",
    )
