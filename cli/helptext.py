"""Keeps the help texts in README.md equal to what the program says.

``python -m cli.helptext README.md`` rewrites the text between each pair of marks
``<!-- help: pratique verify -->`` and ``<!-- end -->``; a test compares.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cli.commands import pratique

END = "<!-- end -->"
_WIDTH = 80


def mark(path: str) -> str:
    """Write the mark that stands before the help of a command, such as ``pratique verify``."""
    return f"<!-- help: {path} -->"


def helps() -> dict[str, str]:
    """Give the help of every command by its path."""
    root = pratique.make_context("pratique", ["explain"], resilient_parsing=True)
    return dict(_helps(pratique, root))


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    context.terminal_width = _WIDTH
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _helps(
                    child, child.make_context(name, [], context, resilient_parsing=True)
                )


def with_helps(text: str) -> str:
    """Give a document with the help of every command put between its marks.

    Raises ``ValueError`` naming the first command without a pair of marks.
    """
    for path, help_text in helps().items():
        before, found, after = text.partition(mark(path))
        _, ended, rest = after.partition(END)
        if not found or not ended:
            message = f"no {mark(path)} ... {END}"
            raise ValueError(message)
        text = f"{before}{mark(path)}\n```text\n{help_text}\n```\n{END}{rest}"
    return text


def main() -> None:
    """Rewrite the files named on the command line."""
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(with_helps(file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
