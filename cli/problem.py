"""What goes wrong outside a document: a wrong argument, an unusable file, a missing part.

A problem is two lines, what is wrong and what to do next, and the exit status that it leads to.
No line ever quotes a document.
"""

from cli.exit_codes import SETUP, USAGE

_SHOWN_CHARACTERS = 60  # of a file name: enough to know it again, and a line stays a line


class Problem(Exception):
    """One line what, one line what next, and an exit status."""

    def __init__(self, what: str, next_step: str, status: int = USAGE) -> None:
        """Take the two lines, plain and without a line end."""
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.status = status


def setup_problem(what: str, next_step: str) -> Problem:
    """Make a problem of the set-up, which ends with another status than a wrong call."""
    return Problem(what, next_step, SETUP)


def printable(text: str) -> str:
    """Replace what could steer a terminal or hide in a line by a visible mark.

    Control characters, direction overrides, zero-width characters and line separators are none of
    them printable in Python's sense (general categories C and Z); every kind of space becomes one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else " "
        if character.isspace()
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def shown(name: str) -> str:
    """Write the name of a file for a message: printable and not longer than a line."""
    text = printable(name)
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return "..." + text[-_SHOWN_CHARACTERS:]
