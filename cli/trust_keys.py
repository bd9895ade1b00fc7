"""``pratique trust keys``: the keys and roots of an office that makes bundles (docs/air-gap.md)."""

import click

from cli.output import remark, write
from cli.problem import printable
from verifier.clock import SystemClock, day_of


@click.group(short_help="Make the keys that sign bundles, and roots that name them.")
def keys() -> None:
    """Make the keys that sign bundles, and the roots that name them: docs/air-gap.md."""


@keys.command(short_help="Make a key.")
@click.argument("file")
def new(file: str) -> None:
    """Make a key: its private half is FILE, its public half FILE.pub.

    Keep the private half on a medium of its own, in a locked drawer.
    """
    from trustlists.airgap import new_key  # noqa: PLC0415 - only these commands need it

    made = new_key(file)
    write(f"{made.key_id[:16]}  {printable(made.private.name)}, {printable(made.public.name)}\n")


@keys.command(short_help="Write the first root, or the next one.")
@click.argument("folder")
@click.option(
    "--root-key",
    "root_keys",
    metavar="FILE.pub",
    multiple=True,
    required=True,
    help="A public key that may sign roots; may be repeated.",
)
@click.option(
    "--bundle-key",
    "bundle_keys",
    metavar="FILE.pub",
    multiple=True,
    help="A public key that may sign bundles; may be repeated. Otherwise those for roots.",
)
@click.option(
    "--root-threshold",
    metavar="NUMBER",
    default=1,
    show_default=True,
    help="How many keys must sign a root.",
)
@click.option(
    "--bundle-threshold",
    metavar="NUMBER",
    default=1,
    show_default=True,
    help="How many keys must sign a bundle.",
)
@click.option(
    "--days",
    metavar="DAYS",
    type=click.IntRange(1, 3650),
    default=365,
    show_default=True,
    help="Desks follow the root for so many days.",
)
@click.option(
    "--key",
    "signers",
    metavar="FILE",
    multiple=True,
    help="A private key that signs the root at once; may be repeated.",
)
def root(  # noqa: PLR0913 - one argument an option
    folder: str,
    *,
    root_keys: tuple[str, ...],
    bundle_keys: tuple[str, ...],
    root_threshold: int,
    bundle_threshold: int,
    days: int,
    signers: tuple[str, ...],
) -> None:
    """Write the first root into FOLDER, or the one that follows the last in it.

    A root names the keys that count from then on. The next one must be signed by enough keys of
    the last one and by enough of its own.
    """
    from trustlists.airgap import new_root  # noqa: PLC0415 - see new

    made = new_root(
        folder,
        root_keys=root_keys,
        bundle_keys=bundle_keys,
        root_threshold=root_threshold,
        bundle_threshold=bundle_threshold,
        days=days,
        signers=signers,
        now=SystemClock().now(),
    )
    write(
        f"{made.path.name}: {made.root_threshold} of {made.root_keys} keys sign roots,"
        f" {made.bundle_threshold} of {made.bundle_keys} sign bundles,"
        f" until {day_of(made.expires)}.\n"
    )
    tell_missing(made.path.name, made.missing)


@keys.command(short_help="Add a signature to a root or a bundle.")
@click.argument("file")
@click.option(
    "--key",
    "signers",
    metavar="FILE",
    multiple=True,
    required=True,
    help="A private key that signs; may be repeated.",
)
def sign(file: str, signers: tuple[str, ...]) -> None:
    """Add signatures to FILE, a root or a bundle that somebody else has made."""
    from trustlists.airgap import add_signatures  # noqa: PLC0415 - see new

    done = add_signatures(file, signers)
    name = printable(done.path.name)
    write(f"{name}: signed.\n")
    tell_missing(name, done.missing)


def tell_missing(name: str, missing: int) -> None:
    """Say how many signatures a root or a bundle still lacks, if any."""
    if missing:
        signatures = "signature" if missing == 1 else "signatures"
        remark(
            f"{missing} more {signatures} needed: pratique trust keys sign {printable(name)}"
            " --key FILE"
        )
