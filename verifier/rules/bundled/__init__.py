"""The international rules that come with the program. They are data; an imported one replaces it.

This is the one place of the core that reads files: those of its own folder, as the package ships
them.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Final

from verifier.rules.regulation import Regulation, read_regulation

_NAMES: Final = ("yellow-fever", "polio")


@cache
def regulations() -> tuple[Regulation, ...]:
    """Give the regulations that are bundled; read once."""
    folder = files(__package__)
    texts = [(folder / f"{name}.json").read_text("utf-8") for name in _NAMES]
    return tuple(read_regulation(json.loads(text)) for text in texts)
