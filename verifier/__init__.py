"""Tells whether a signed health certificate is genuine and in date, and remembers nothing."""

from typing import TYPE_CHECKING, Any

from verifier.errors import SetupError
from verifier.findings import Finding
from verifier.privacy import Disclosure, HolderView, PrivacyPolicy
from verifier.reasons import Check, Reason, Result
from verifier.verdict import Outcome, Verdict
from verifier.verifier import Verifier, verify

if TYPE_CHECKING:
    from verifier.sealing import harden, sealed

__all__ = [
    "Check",
    "Disclosure",
    "Finding",
    "HolderView",
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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    # Talking to the kernel loads ctypes, which a program that does not seal itself can do without.
    if name in {"harden", "sealed"}:
        from verifier import sealing  # noqa: PLC0415 - see above

        return getattr(sealing, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
