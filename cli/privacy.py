"""``pratique privacy``: the policy in words, and what of it this machine enforces."""

import os

import click

from cli.messages import word
from cli.output import write
from cli.request import disclosure_of
from cli.style import Style, style_of_results, wrap
from cli.verify import DISCLOSE
from verifier.privacy import PrivacyPolicy
from verifier.sealing import State, Step


@click.group(short_help="Show the privacy policy in words, and prove it.")
def privacy() -> None:
    """Show what is read, shown and kept."""


@privacy.command()
@click.option("--disclose", metavar=DISCLOSE, help="Show the words for this level.")
def show(disclose: str | None) -> None:
    """Print the policy as a notice to hang on the wall.

    It is the policy of a desk with a screen, unless --disclose says otherwise.
    """
    policy = PrivacyPolicy(disclosure_of(disclose)) if disclose else PrivacyPolicy.strict()
    style = style_of_results()
    title = word("notice.title").upper()
    paragraphs = [_paragraph(*part, style) for part in policy.explain()]
    enforced = f"{word('notice.machine')}\n{_enforced(style)}\n"
    write(title + "\n\n" + "\n".join([*paragraphs, enforced]))


def _paragraph(heading: str, text: str, style: Style) -> str:
    return f"{heading}\n{wrap(text, style.width, '  ')}\n"


def _enforced(style: Style) -> str:
    """Say which seals hold on this machine, tried now in a process of their own."""
    from cli.seals import tried  # noqa: PLC0415 - not for a help text

    steps = tried()
    rows = [(word(f"state.{step.state}"), _seal(step)) for step in steps]
    column = max(len(state) for state, _ in rows)
    lines = [wrap(what, style.width, f"  {state:<{column}}  ") for state, what in rows]
    all_hold = all(step.state is State.ON for step in steps)
    closing = wrap(word("notice.sealed" if all_hold else "notice.unsealed"), style.width, "  ")
    return "\n".join([*lines, closing])


def _seal(step: Step) -> str:
    """Say what a seal is for and, where it does not hold, what the system said."""
    what = word(f"seal.{step.seal}")
    return f"{what} ({os.strerror(step.errno)})" if step.errno else what
