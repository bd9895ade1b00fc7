"""The errors of the project. None ever holds a piece of a document.

``DocumentError`` is caught by the verifier and becomes a finding; the others are for the caller:
the post or the program is set up wrongly.
"""

from verifier.reasons import Reason


class VerifierError(Exception):
    """The root of all errors here: a reason and nothing else.

    Its text is the code and the fixed sentence of the reason, so it may be shown and logged.
    """

    def __init__(self, reason: Reason) -> None:
        """Keep the reason alone; a cause or context would carry the document with it."""
        super().__init__(reason.value)
        self.reason = reason


class DocumentError(VerifierError):
    """A document cannot be read or is not what it should be. Never leaves ``verify``."""


class SetupError(Exception):
    """The caller's set-up is unusable: a trust store, a list, a policy. Holds no traveller data.

    ``fault`` is a stable word for programs, empty where the class says all.
    """

    def __init__(self, message: str, fault: str = "") -> None:
        """Keep two lines for people, what is wrong and what to do, and one word for programs."""
        super().__init__(message)
        self.fault = fault


class TrustStoreInvalid(SetupError):
    """The file is no trust store of this version, or cannot be read."""


class TrustListInvalid(SetupError):
    """A trust list is unsigned, wrongly signed, or not of the dialect that it claims to be."""


class TrustListRollback(SetupError):
    """A trust list is older than the one that the store holds."""


class EnvironmentMixed(SetupError):
    """A list belongs to another environment (test, production) than the store."""


class RuleSetInvalid(SetupError):
    """A rule, a rule set or a value set is not of the form that its specification gives."""


class PolicyViolation(SetupError):
    """The caller asked for something that the privacy policy does not give."""


class SealBroken(PolicyViolation):
    """Some code tried, within a seal, to write a file, open a connection or start a program."""
