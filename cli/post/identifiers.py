"""What a scanner may set before the text of a code: an identifier of the symbology.

``]``, a letter and a modifier (ISO/IEC 15424); scanners notes, 3.
"""

import re
from typing import Final

# The codes that certificates stand in: QR, Data Matrix, Aztec.
IDENTIFIERS: Final = (
    *(f"]Q{modifier}" for modifier in "0123456"),
    *(f"]d{modifier}" for modifier in "123456"),
    *(f"]z{modifier}" for modifier in "0123456789ABC"),
)
_SIZE: Final = len("]Q1")

# With these every backslash of the text is doubled, and changes of the character set stand in it.
_EXTENDED: Final = frozenset({"]Q2", "]Q4", "]Q6", "]d4", "]d5", "]d6", "]z3", "]z4", "]z5"})
_CHARACTER_SET: Final = re.compile(r"\\\\|\\[0-9]{6}")


def without_identifier(text: str) -> str:
    """Take one identifier off the front, and what its scanner added because of it."""
    identifier = text[:_SIZE]
    if identifier not in IDENTIFIERS:
        return text
    bare = text[_SIZE:]
    if identifier not in _EXTENDED:
        return bare
    return _CHARACTER_SET.sub(lambda found: "\\" if found[0] == "\\\\" else "", bare)
