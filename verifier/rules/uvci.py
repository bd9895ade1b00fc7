"""Parts of a certificate's identifier (UVCI), as ``extractFromUVCI`` takes them.

Source: CertLogic specification 1.3.3. Nothing is validated: the text is only taken apart.
"""

from typing import Final

from verifier.limits import LOGIC_TEXT_CHARACTERS
from verifier.rules.values import NotEvaluable

# Left away in exactly this spelling; in any other its words are parts like the rest.
_PREFIX: Final = "URN:UVCI:"


def part_of(identifier: str, index: int) -> str | None:
    """Give the part between ``/``, ``#`` and ``:`` at an index from 0, ``None`` if there is none.

    Raises ``NotEvaluable`` for a text that is longer than any identifier.
    """
    if len(identifier) > LOGIC_TEXT_CHARACTERS:
        message = "a text is too long for an identifier"
        raise NotEvaluable(message)
    rest = identifier.removeprefix(_PREFIX)
    parts = rest.replace("/", ":").replace("#", ":").split(":")
    return parts[index] if 0 <= index < len(parts) else None
