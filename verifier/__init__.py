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
    from verifier.sealing import harden, sealed

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
    "harden",
    "sealed",
    "verify",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """Load what only some desks need, to compare or to seal themselves, when it is asked for."""
    if name in {"Comparison", "Match"}:
        from verifier import identity  # noqa: PLC0415 - see above

        return getattr(identity, name)
    if name in {"harden", "sealed"}:
        from verifier import sealing  # noqa: PLC0415 - see above

        return getattr(sealing, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
