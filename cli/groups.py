"""A group of commands that loads a command when it is called, and not before."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows, beside its own commands, others by name and where they are.

    ``homes`` names each one's module, in the order in which a newcomer meets them.
    """

    def __init__(self, *arguments: Any, homes: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401 - click's own
        """Take what click takes, and the homes."""
        super().__init__(*arguments, **options)
        self.homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer meets them."""
        return list(dict.fromkeys([*self.homes, *super().list_commands(ctx)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, None if there is none of that name."""
        if cmd_name not in self.homes:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(self.homes[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None
