"""``pratique rules``: takes entry rules into the trust store and shows what is in it."""

from collections.abc import Mapping

import click

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
from cli.stores import default_store_path
from trustlists import TrustStore
from verifier.clock import SystemClock

_DAY = 86_400

# Commands with a file of their own, loaded when they are called.
COMMANDS: Mapping[str, str] = {
    "explain": "cli.rules_explain",
    "check": "cli.rules_check",
    "diff": "cli.rules_diff",
    "audit": "cli.rules_audit",
}


@click.group(cls=LazyGroup, homes=COMMANDS, short_help="Entry rules: import and show them.")
def rules() -> None:
    """Take entry rules into the trust store and look at them: whose, since when, signed by whom."""


def _known_form(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    from trustlists.rules.forms import FORMS, named  # noqa: PLC0415 - only this command reads rules

    if name and named(name) is None:
        message = f"known are {', '.join(form.name for form in FORMS)}."
        raise click.BadParameter(message)
    return name


def _known_countries(
    context: click.Context, parameter: click.Parameter, codes: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(filter(None, (known_country(context, parameter, code) for code in codes)))


@rules.command("import", short_help="Take entry rules into the store.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--from",
    "form",
    metavar="FORM",
    callback=_known_form,
    help="How the rules are published. Recognised by itself where it can be.",
)
@country_of("rules")
@anchors_for("rules")
@environment_of("rules")
@max_age_of("the rules", "for 60")
@click.option(
    "--adopt-doses",
    metavar="CC",
    multiple=True,
    callback=_known_countries,
    help="Make the bundled table of doses a country's own; may be repeated.",
)
@AS_JSON
@QUIET
@STORE
def import_(  # noqa: PLR0913 - one argument an option
    sources: tuple[str, ...],
    *,
    form: str | None,
    country: str | None,
    anchors: tuple[str, ...],
    environment: str | None,
    max_age: int | None,
    adopt_doses: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    store: str | None,
) -> int:
    """Take entry rules and value sets into the store, and international rules.

    SOURCE is a file, an archive, or a folder with all that is below it but its tests. A list that
    is in the store already is replaced by its new edition. Rules that nobody has signed are taken
    too, and every verdict that rests on them says so: docs/entry-rules.md.

    With --adopt-doses a country's authority says that it counts doses as the table does that comes
    with the program, and answers for it. It helps certificates that do not say of how many doses
    a series is.
    """
    if not sources and not adopt_doses:
        message = "Missing argument 'SOURCE...'."
        raise click.UsageError(message)
    from cli.progress import progress  # noqa: PLC0415 - only this command reads rules
    from cli.rules_reports import (  # noqa: PLC0415 - the same
        import_as_json,
        tell_of_list,
        tell_of_unsigned,
    )
    from trustlists import import_rules  # noqa: PLC0415 - the same

    with progress(quiet=quiet) as report:
        done = import_rules(
            store or default_store_path(),
            sources,
            now=SystemClock().now(),
            form=form,
            country=country,
            anchors=anchors,
            environment=environment,
            max_age=max_age * _DAY if max_age else None,
            keep_going=True,
            adopt_doses=adopt_doses,
            report=report,
        )
    if as_json:
        write(import_as_json(done))
    for taken in done.lists:
        tell_of_list(taken, results=not as_json)
    tell_of_unsigned(done)
    return 0 if done.complete else SETUP


@rules.command("list", short_help="Show whose rules there are, or one country's.")
@click.argument("country", metavar="[COUNTRY]", required=False, callback=known_country)
@click.option("--lang", metavar="CODE", default="en", help="The language of descriptions.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@STORE
def list_(country: str | None, *, lang: str, as_json: bool, store: str | None) -> None:
    """Show whose rules are in the store, and which value sets.

    With COUNTRY, show each of its rules: which certificates it is for, in which version, from when
    until when it counts, and what it says. "Today" are the rules that decide today.
    """
    from cli import rules_lists  # noqa: PLC0415 - see import

    with TrustStore.open(store or default_store_path()) as opened:
        if country is None:
            held = rules_lists.held_in(opened)
            now = SystemClock().now()
            write(rules_lists.as_json(held, now) if as_json else rules_lists.as_tables(held, now))
            if not held.countries and not held.regulations:
                remark("No entry rules are in the store. See: pratique rules import --help")
            return
        found = opened.rule_set(country)
    if found is None:
        what = f"There are no rules of {country} in the store."
        raise setup_problem(what, "See which there are: pratique rules list")
    now = SystemClock().now()
    show = rules_lists.country_as_json if as_json else rules_lists.country_as_text
    write(show(found, now, lang))
