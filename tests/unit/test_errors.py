import pickle

import pytest

from verifier import errors
from verifier.errors import DocumentError, SetupError, VerifierError
from verifier.reasons import Reason


@pytest.mark.parametrize("reason", list(Reason))
def test_an_error_of_a_document_holds_its_reason_and_nothing_else(reason: Reason) -> None:
    error = DocumentError(reason)
    assert error.reason is reason
    assert str(error) == reason.value
    assert error.args == (reason.value,)
    assert vars(error) == {"reason": reason}
    assert error.__cause__ is None
    assert error.__context__ is None


def test_errors_of_documents_and_of_the_set_up_are_no_kin() -> None:
    assert issubclass(DocumentError, VerifierError)
    assert not issubclass(SetupError, VerifierError)
    assert not issubclass(VerifierError, SetupError)
    assert not issubclass(DocumentError, ValueError)


@pytest.mark.parametrize(
    "kind",
    [
        errors.TrustStoreInvalid,
        errors.TrustListInvalid,
        errors.TrustListRollback,
        errors.EnvironmentMixed,
        errors.PolicyViolation,
    ],
)
def test_what_a_caller_can_mend_is_an_error_of_the_set_up(kind: type[SetupError]) -> None:
    assert issubclass(kind, SetupError)
    assert str(pickle.loads(pickle.dumps(kind("what\nnext")))) == "what\nnext"  # noqa: S301 - our own
