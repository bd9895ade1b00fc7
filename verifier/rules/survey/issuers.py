"""Which paths of a rule say where, or by whom, a certificate was issued."""

from typing import Final

_MEMBERS: Final = ("co", "is", "ci")
_PATHS: Final = ("external.issuerCountryCode", "external.kid")
# Within a lambda an entry is one of the last two.
_ENTRIES: Final = ("payload", "current", "accumulator")


def is_of_issuer(path: str) -> bool:
    """Tell whether a path says where or by whom an event was certified, also in a lambda.

    A path to a whole entry does not: nothing can be learnt from it but that it is there.
    """
    parts = path.split(".")
    return path in _PATHS or (parts[0] in _ENTRIES and parts[-1] in _MEMBERS)
