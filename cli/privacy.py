"""``pratique privacy``: the policy in words, and what of it this machine enforces."""

import click

from cli.bidi import directed
from cli.messages import is_right_to_left, said, word
from cli.output import write
from cli.request import disclosure_of, language
from cli.style import Style, style_of_results, wrap
from cli.verify import DISCLOSE
from verifier.privacy import PrivacyPolicy

_CORE_PATTERN = "/proc/sys/kernel/core_pattern"


@click.group(short_help="Show the privacy policy in words.")
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
    paragraphs = [
        *((said(heading, chosen), said(text, chosen)) for heading, text in policy.explain()),
        (word("notice.machine", chosen), _enforced(chosen)),
    ]
    notice = title + "\n\n" + "\n".join(_paragraph(*part, style) for part in paragraphs)
    write(directed(notice, right_to_left=is_right_to_left(chosen)))


def _paragraph(heading: str, text: str, style: Style) -> str:
    return f"{heading}\n{wrap(text, style.width, '  ')}\n"


def _enforced(lang: str) -> str:
    """Say what holds on this machine now, and what does not."""
    dumps = "notice.dumps_off" if _dumps_are_off() else "notice.dumps_on"
    return f"{word(dumps, lang)} {word('notice.unsealed', lang)}"


def _dumps_are_off() -> bool:
    """Tell whether memory images are off.

    A collector behind a pipe takes them in spite of the limit (core(5), "Piping core dumps").
    """
    import resource  # noqa: PLC0415 - not every system has it

    return resource.getrlimit(resource.RLIMIT_CORE)[0] == 0 and not _collects_dumps()


def _collects_dumps() -> bool:
    try:
        with open(_CORE_PATTERN, "rb") as pattern:  # noqa: PTH123 - pathlib only for this is slow
            return pattern.read(1) == b"|"
    except FileNotFoundError:
        return False  # not Linux, and no such collector
