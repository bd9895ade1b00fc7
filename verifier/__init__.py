"""Tells whether a signed health certificate is genuine and in date, and remembers nothing."""

from typing import TYPE_CHECKING, Any

from verifier.errors import SetupError
from verifier.findings import Finding
from verifier.privacy import Disclosure, HolderView, PrivacyPolicy
from verifier.reasons import Check, Reason, Result
from verifier.verdict import Outcome, Verdict
from verifier.verifier import Verifier, verify

if TYPE_CHECKING:
    from verifier.identity import Comparison, Match

__all__ = [
    "Check",
    "Comparison",
    "Disclosure",
    "Finding",
    "HolderView",
    "Match",
    "Outcome",
    "PrivacyPolicy",
    "Reason",
    "Result",
    "SetupError",
    "Verdict",
    "Verifier",
    "verify",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Load what only desks need that compare, when it is first asked for."""
    if name not in {"Comparison", "Match"}:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from verifier import identity  # noqa: PLC0415 - see above

    return getattr(identity, name)
