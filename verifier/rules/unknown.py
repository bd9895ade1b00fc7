"""A value that a certificate does not state, or states so that several fit.

CertLogic knows no such value: there a missing member is null, ``null in [...]`` is false, and the
rule fails. A certificate of a family that cannot state the member would then be refused for its
format. So what is unknown is written as ``UNKNOWN``, and a rule that rests on it stays open.
"""

from enum import Enum
from typing import Final


class Unknown(Enum):
    """The one value that stands for what is not known."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be taken for true or false by mistake."""
        message = "what is unknown is neither true nor false"
        raise TypeError(message)


UNKNOWN: Final = Unknown.UNKNOWN
