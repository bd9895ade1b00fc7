"""``pratique privacy``: the policy in words, and what of it this machine enforces."""

import os

import click

from cli.bidi import directed
from cli.exit_codes import SETUP
from cli.messages import is_right_to_left, said, word
from cli.options import DISCLOSE
from cli.output import write
from cli.request import disclosure_of, language
from cli.style import Style, style_of_results, wrap
from verifier.privacy import PrivacyPolicy
from verifier.sealing import State, Step


@click.group(short_help="Show the privacy policy in words, and prove it.")
def privacy() -> None:
    """Show what is read, shown and kept."""


@privacy.command()
@click.option("--disclose", metavar=DISCLOSE, help="Show the words for this level.")
@click.option("--lang", metavar="CODE", help="Language of the words, such as en.")
def show(disclose: str | None, lang: str | None) -> None:
    """Print the policy as a notice to hang on the wall.

    It is the policy of a desk with a screen, unless --disclose says otherwise.
    """
    policy = PrivacyPolicy(disclosure_of(disclose)) if disclose else PrivacyPolicy.strict()
    chosen, style = language(lang), style_of_results()
    title = word("notice.title", chosen).upper()
    told = ((said(heading, chosen), said(text, chosen)) for heading, text in policy.explain())
    enforced = f"{word('notice.machine', chosen)}\n{_enforced(style, chosen)}\n"
    paragraphs = [*(_paragraph(*part, style) for part in told), enforced]
    notice = title + "\n\n" + "\n".join(paragraphs)
    write(directed(notice, right_to_left=is_right_to_left(chosen)))


def _paragraph(heading: str, text: str, style: Style) -> str:
    return f"{heading}\n{wrap(text, style.width, '  ')}\n"


def _enforced(style: Style, lang: str) -> str:
    """Say which seals hold on this machine, tried now in a process of their own.

    What each is stays in English, as a technician has to look it up.
    """
    from cli.seals import meaning_of, tried  # noqa: PLC0415 - not for a help text

    steps = tried()
    column = max(len(step.state) for step in steps)
    lines = [
        wrap(_seal(step, meaning_of(step)), style.width, f"  {step.state:<{column}}  ")
        for step in steps
    ]
    all_hold = all(step.state is State.ON for step in steps)
    closing = word("notice.sealed" if all_hold else "notice.unsealed", lang)
    return "\n".join([*lines, wrap(closing, style.width, "  ")])


def _seal(step: Step, what: str) -> str:
    """Say what a seal is for and, where it does not hold, what the system said."""
    return f"{what} ({os.strerror(step.errno)})" if step.errno else what


@privacy.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def selftest(*, as_json: bool) -> int:
    """Prove on this machine that nothing of a document is kept.

    Made-up certificates of every format, with values that occur nowhere else, go
    through the program as it is installed. Then memory, files, output and what it
    asked of the system are searched for those values, from outside. Takes less than
    a minute and no connection.

    Exit status: 0 when nothing was found and all could be looked at, else 3.
    """
    from cli.json_lines import json_text  # noqa: PLC0415 - not for a help text
    from cli.selftest import report, trial  # noqa: PLC0415 - the same
    from cli.selftest.subjects import subjects  # noqa: PLC0415 - the same

    found = trial.run(subjects())
    if as_json:
        write(json_text(report.in_json(found)) + "\n")
    else:
        write(report.in_words(found, style_of_results()))
    return 0 if found.passed else SETUP
