"""``pratique trust``: builds the trust store and shows what is in it."""

from collections.abc import Mapping

import click
from click.core import ParameterSource

from cli.exit_codes import SETUP
from cli.groups import LazyGroup
from cli.options import (
    AS_JSON,
    QUIET,
    STORE,
    anchors_for,
    country_of,
    environment_of,
    known_country,
    max_age_of,
)
from cli.output import remark, write
from cli.problem import setup_problem
from cli.request import instant_after
from cli.stores import default_store_path
from cli.style import style_of_results
from trustlists import TrustStore
from verifier.clock import SystemClock, instant_of

_DAY = 86_400
# What may be said with a bundle; all else is said in the bundle itself.
_WITH_A_BUNDLE = {"sources", "root", "as_json", "quiet", "store"}

# Commands with a file of their own, loaded when they are called.
COMMANDS: Mapping[str, str] = {
    "check": "cli.trust_check",
    "diff": "cli.trust_diff",
    "export": "cli.trust_export",
    "keys": "cli.trust_keys",
    "refresh": "cli.trust_refresh",
}


@click.group(cls=LazyGroup, homes=COMMANDS, short_help="Build the trust store and look into it.")
def trust() -> None:
    """Build the trust store and look into it: which keys are believed, and why."""


def _known_dialect(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    from trustlists.dialects import dialects, named  # noqa: PLC0415 - only this command reads lists

    if name and not named(name):
        known = sorted({dialect.names[0] for dialect in dialects()})
        message = f"known are {', '.join(known)}."
        raise click.BadParameter(message)
    return name


@trust.command("import", short_help="Take trust lists into the store.")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "--from",
    "dialect",
    metavar="DIALECT",
    callback=_known_dialect,
    help="How the lists are written. Recognised by itself where it can be.",
)
@click.option(
    "--scheme",
    metavar="FORMAT",
    default="eu-dcc",
    show_default=True,
    help="What bare certificates and key sets are for.",
)
@country_of("keys")
@click.option(
    "--issuer",
    metavar="ISS",
    default="",
    help="The only issuer (iss, DID) whose documents bare keys may sign.",
)
@click.option(
    "--kid",
    metavar="ID",
    default="",
    help="The id of a bare public key, as documents write it.",
)
@anchors_for("lists or keys")
@environment_of("lists")
@click.option(
    "--mix-environments",
    is_flag=True,
    help="Take lists of another environment than the store's all the same.",
)
@click.option(
    "--unsigned",
    is_flag=True,
    help="Take lists that nobody has signed; every verdict on them will be REFER.",
)
@click.option(
    "--test-nations",
    is_flag=True,
    help="Believe the keys of nations that do not exist, for tests.",
)
@click.option(
    "--accept-sha1",
    "sha1",
    metavar="SHA256",
    multiple=True,
    help="Take the file with this SHA-256 although it is signed with SHA-1; may be repeated.",
)
@max_age_of("the lists", "what is usual for their kind")
@click.option(
    "--root",
    metavar="FILE",
    help="For the first bundle: the root of the office whose bundles this desk takes.",
)
@AS_JSON
@QUIET
@STORE
def import_lists(  # noqa: PLR0913 - one argument an option
    sources: tuple[str, ...],
    *,
    dialect: str | None,
    scheme: str,
    country: str | None,
    issuer: str,
    kid: str,
    anchors: tuple[str, ...],
    environment: str | None,
    mix_environments: bool,
    unsigned: bool,
    test_nations: bool,
    sha1: tuple[str, ...],
    max_age: int | None,
    root: str | None,
    as_json: bool,
    quiet: bool,
    store: str | None,
) -> int:
    """Take trust lists into the store.

    SOURCE is a file, a folder, an archive (zip, tar, tar.gz) or an https address; nothing is
    fetched from anywhere else. A list that is in the store already is replaced by its new edition.
    What no anchor vouches for is taken too, and every verdict that rests on it says so.

    A bundle from `trust export --bundle` takes the place of the whole store: docs/air-gap.md.
    """
    from trustlists.bundle_file import is_bundle  # noqa: PLC0415 - only this command reads lists

    if root or any(map(is_bundle, sources)):
        context = click.get_current_context()
        given = {
            name
            for name in context.params
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        }
        if len(sources) > 1 or given - _WITH_A_BUNDLE:
            message = (
                "A bundle is imported alone, with no other options than"
                " --root, --json, --quiet, --store."
            )
            raise click.UsageError(message)
        from cli.trust_bundles import take  # noqa: PLC0415 - loads what only bundles need

        take(store or default_store_path(), sources[0], root, as_json=as_json)
        return 0
    from cli.progress import progress  # noqa: PLC0415 - only this command reads lists
    from cli.trust_reports import import_as_json, tell_of_list  # noqa: PLC0415 - the same
    from trustlists import import_sources  # noqa: PLC0415 - the same
    from trustlists.sources import is_address  # noqa: PLC0415 - the same

    place = store or default_store_path()
    with progress(quiet=quiet) as report:
        fetch = None
        if any(map(is_address, sources)):
            from trustlists.refreshing import fetching  # noqa: PLC0415 - goes online, and is slow

            fetch = fetching(place, report=report)
        done = import_sources(
            place,
            sources,
            now=SystemClock().now(),
            dialect=dialect,
            scheme=scheme,
            country=country,
            issuer=issuer,
            kid=kid,
            anchors=anchors,
            environment=environment,
            mix_environments=mix_environments,
            unsigned=unsigned,
            test_nations=test_nations,
            sha1=sha1,
            max_age=max_age * _DAY if max_age else None,
            keep_going=True,
            fetch=fetch,
            report=report,
        )
    if as_json:
        write(import_as_json(done))
    for taken in done.lists:
        tell_of_list(taken, results=not as_json)
    return 0 if done.complete else SETUP


@trust.command("list", short_help="Show the lists, and count their keys.")
@click.option(
    "--country",
    metavar="CC",
    callback=known_country,
    help="Only keys of this country.",
)
@click.option("--list", "list_name", metavar="NAME", help="Only keys of this list.")
@click.option("--algorithm", metavar="KIND", help="Only keys of this kind, such as P-256 or RSA.")
@click.option(
    "--valid-at", metavar="INSTANT", help="Only keys that are in date at this instant (ISO 8601)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@STORE
def list_keys(  # noqa: PLR0913 - one argument an option
    *,
    country: str | None,
    list_name: str | None,
    algorithm: str | None,
    valid_at: str | None,
    as_json: bool,
    store: str | None,
) -> None:
    """Show the lists in the store, and count their keys by country and by kind.

    "Vouched" counts the keys that an anchor vouches for, "in date" those valid today, or at the
    instant of --valid-at; the last table says how well the keys of each list are vouched for.
    """
    from cli import trust_counts  # noqa: PLC0415 - see import
    from trustlists import count_keys  # noqa: PLC0415 - the same

    chosen = instant_of(instant_after("--valid-at", valid_at)) if valid_at else None
    with TrustStore.open(store or default_store_path()) as opened:
        counts = count_keys(
            opened,
            SystemClock().now() if chosen is None else chosen,
            country=country,
            list_name=list_name,
            algorithm=algorithm,
            only_in_date=chosen is not None,
        )
    write(trust_counts.as_json(counts) if as_json else trust_counts.as_tables(counts))
    if not counts.countries:
        remark("No key in the store is of that kind.")


@trust.command(short_help="Show everything about one key, or what is withdrawn.")
@click.argument("kid", required=False)
@STORE
def show(kid: str | None, store: str | None) -> None:
    """Show everything that the store knows about a key.

    KID is the key id as verdicts write it (base64), or in hexadecimal digits.

    Without KID, show for each issuer how complete and how old the lists of what it has withdrawn
    are, and how often a filter among them is wrong.
    """
    from cli.trust_reports import key_lines  # noqa: PLC0415 - see import

    if kid is None:
        from cli.trust_withdrawn import as_text  # noqa: PLC0415 - see import

        with TrustStore.open(store or default_store_path(), tables=True) as opened:
            write(as_text(opened, SystemClock().now()))
        return
    with TrustStore.open(store or default_store_path()) as opened:
        found = [stored for meant in _possible_ids(kid) for stored in opened.keys(kid=meant)]
    if not found:
        what = "There is no key with this id in the store."
        raise setup_problem(what, "See which there are: pratique trust list")
    width = style_of_results().width
    write("\n".join("".join(f"{line}\n" for line in key_lines(key, width)) for key in found))


def _possible_ids(text: str) -> list[bytes]:
    """Give the ids that a text can mean: 16 hexadecimal digits are good base64 as well."""
    from trustlists.json_text import from_either_base64  # noqa: PLC0415 - see import

    found = []
    digits = text.replace(":", "")
    if len(digits) % 2 == 0 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        found.append(bytes.fromhex(digits))
    found.append(from_either_base64(text))
    found.append(text.encode("utf-8", "replace"))  # some schemes have words for ids
    return found
