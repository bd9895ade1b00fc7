"""``pratique trust export``: writes keys for other software, or a bundle for another desk."""

from typing import Final

import click

from cli.output import remark, write
from cli.problem import setup_problem
from cli.stores import default_store_path
from trustlists import TrustStore
from verifier.clock import SystemClock, day_of

_FORMS: Final = ("pem", "jwks", "json")


@click.command(short_help="Write keys for other software, or a bundle for another desk.")
@click.option(
    "--form",
    type=click.Choice(_FORMS),
    help="How to write keys. PEM and JWKS can be imported again.  [default: pem]",
)
@click.option("--country", metavar="CC", help="Only the keys of this country.")
@click.option("--list", "list_name", metavar="NAME", help="Only the keys of this list.")
@click.option("--scheme", metavar="FORMAT", help="Only the keys for this scheme.")
@click.option("--vouched", is_flag=True, help="Only keys that an anchor vouches for.")
@click.option(
    "--bundle",
    metavar="FILE",
    help="Write the whole store into one signed file, for a desk that never goes online.",
)
@click.option("--roots", metavar="FOLDER", help="For a bundle: the folder of this office's roots.")
@click.option(
    "--key",
    "signers",
    metavar="FILE",
    multiple=True,
    help="For a bundle: a private key that signs it; may be repeated.",
)
@click.option(
    "--days",
    metavar="DAYS",
    type=click.IntRange(1, 3650),
    help="For a bundle: desks take it for so many days.  [default: 30]",
)
@click.option(
    "--store",
    metavar="PATH",
    help="The trust store. Otherwise $PRATIQUE_STORE, then the user's data folder.",
)
def export(  # noqa: PLR0913 - one argument an option
    *,
    form: str | None,
    country: str | None,
    list_name: str | None,
    scheme: str | None,
    vouched: bool,
    bundle: str | None,
    roots: str | None,
    signers: tuple[str, ...],
    days: int | None,
    store: str | None,
) -> None:
    """Write the keys of the store to standard output, or all of it into a bundle.

    The same store gives the same bytes. PEM and JWKS hold the keys that sign documents, JSON all.
    How bundles are made, signed by several and taken: docs/air-gap.md.
    """
    path = store or default_store_path()
    if bundle is None:
        if roots or signers or days:
            message = "--roots, --key and --days are for --bundle FILE."
            raise click.UsageError(message)
        _write_keys(path, form or "pem", country, list_name, scheme, vouched=vouched)
        return
    if form or country or list_name or scheme or vouched:
        message = "A bundle holds the whole store: leave out what chooses among its keys."
        raise click.UsageError(message)
    if not roots or not signers:
        message = "A bundle needs --roots FOLDER and --key FILE."
        raise click.UsageError(message)
    _write_bundle(path, bundle, roots, signers, days or 30)


def _write_keys(  # noqa: PLR0913 - the choices of the command
    path: str,
    form: str,
    country: str | None,
    list_name: str | None,
    scheme: str | None,
    *,
    vouched: bool,
) -> None:
    from trustlists.export import (  # noqa: PLC0415 - only this command writes keys
        LEFT_OUT_WORDS,
        export_keys,
    )

    with TrustStore.open(path) as opened:
        done = export_keys(
            opened, form, country=country, list_name=list_name, scheme=scheme, vouched=vouched
        )
    for reason, number in done.left_out.items():
        remark(f"Left out {number}: {LEFT_OUT_WORDS[reason]}.")
    if not done.keys:
        what = "No key of the store is among those that were asked for."
        raise setup_problem(what, "See which there are: pratique trust list")
    write(done.text)


def _write_bundle(path: str, bundle: str, roots: str, signers: tuple[str, ...], days: int) -> None:
    from cli.trust_keys import tell_missing  # noqa: PLC0415 - loads much, and only bundles need it
    from trustlists.airgap import make_bundle  # noqa: PLC0415 - the same

    now = SystemClock().now()
    made = make_bundle(path, bundle, roots=roots, signers=signers, days=days, now=now)
    write(
        f"Bundle {made.version} of {day_of(made.version)}, good until {day_of(made.expires)},"
        f" under root {made.root_version}.\n"
    )
    if made.root_expires < made.expires:
        remark(
            f"The root ends on {day_of(made.root_expires)}, and desks take nothing under it from"
            " then on. Make the next one: pratique trust keys root"
        )
    tell_missing(made.path.name, made.missing)
