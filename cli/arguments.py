"""The plain case of ``pratique verify`` without click, which triples the start-up time.

This reads what needs no explanation: the options of the interface contract, spelled out, each
with its value. Anything else, such as a request for help or a slip, is left to click, whose
answer is the same for what both read (a test compares them).
"""

import os
from typing import Any, NamedTuple

_REPEATED = "accept-retired"
_FLAGS = {"--json": "json", "--counts": "counts", "--demand-revocation": "demand_revocation"}
_WITH_VALUE = ("store", "at", "rules", "region", "disclose", "lang", "mrz", _REPEATED)


class Arguments(NamedTuple):
    """The FILE arguments, and the options by name, ready for ``cli.request.ask``."""

    files: tuple[str, ...]
    named: dict[str, Any]


def read_arguments(arguments: list[str]) -> Arguments | None:
    """Take the arguments of ``verify`` apart, or give None if click had better do it."""
    if "_PRATIQUE_COMPLETE" in os.environ:
        return None  # a shell asks click how the line could go on
    files: list[str] = []
    named: dict[str, Any] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument in _FLAGS:
            named[_FLAGS[argument]] = True
        elif not argument.startswith("-") or argument == "-":
            files.append(argument)
        else:
            name, equals, value = argument[2:].partition("=")
            if not argument.startswith("--") or name not in _WITH_VALUE:
                return None
            if not equals:
                value = next(rest, "-")
                if value.startswith("-"):
                    return None
            if name == _REPEATED:
                named["accept_retired"] = (*named.get("accept_retired", ()), value)
            else:
                named[name] = value
    return Arguments(tuple(files), named)
