"""Tells whether a signed health certificate is genuine and in date, and remembers nothing."""

from verifier.errors import SetupError
from verifier.findings import Finding
from verifier.privacy import Disclosure, HolderView, PrivacyPolicy
from verifier.reasons import Check, Reason, Result
from verifier.verdict import Outcome, Verdict
from verifier.verifier import Verifier, verify

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
    "verify",
]
