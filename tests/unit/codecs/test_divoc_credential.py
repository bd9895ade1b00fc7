"""The closed shape of a DIVOC credential, and what is signed of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.divoc.content import ABSENT, CONTEXT, VERSION_1, VERSION_2, credential
from fixtures.divoc.graph import canonical, canonical_proof
from fixtures.divoc.issue import listed, signed
from verifier.codecs import divoc_credential
from verifier.errors import DocumentError
from verifier.reasons import Reason

SIGNER = listed()["ed25519"]
SCALARS = st.text(max_size=6) | st.integers(-9, 9)
ANYTHING = st.recursive(
    st.none() | st.booleans() | SCALARS | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


def document(**parts: Any) -> dict[str, Any]:
    return signed(credential(1, **parts), SIGNER)


def reason_of(whole: object) -> Reason | None:
    try:
        divoc_credential.read(whole).canonical()
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@pytest.mark.parametrize("version", [VERSION_1, VERSION_2])
def test_both_graphs_are_those_of_the_issuer(version: str) -> None:
    whole = document(**{"@context": [CONTEXT, version]})
    assert divoc_credential.read(whole).canonical() == canonical(credential(
        1, **{"@context": [CONTEXT, version]})).encode()  # fmt: skip
    proof = divoc_credential.proof_of(whole)
    assert divoc_credential.canonical_proof(proof).decode() == canonical_proof(proof)


@pytest.mark.parametrize("whole", [None, [], "x", {}, {"proof": []}, {"proof": None}, [{}]])
def test_what_has_not_one_proof_is_refused(whole: object) -> None:
    assert reason_of(whole) is Reason.NOT_SIGN1


@pytest.mark.parametrize("member", ["@context", "type", "credentialSubject", "issuer",
                                    "issuanceDate", "evidence"])  # fmt: skip
def test_each_member_of_the_document_is_needed(member: str) -> None:
    whole = {name: value for name, value in document().items() if name != member}
    assert reason_of(whole) is Reason.UNSIGNED_PARTS


@pytest.mark.parametrize("member", ["type", "created", "verificationMethod", "proofPurpose", "jws"])
def test_each_member_of_the_proof_is_needed(member: str) -> None:
    whole = document()
    del whole["proof"][member]
    assert reason_of(whole) is Reason.UNSIGNED_PARTS


@pytest.mark.parametrize(
    "created", ["2026-11-02", "2026-11-02T08:00:00", "2026-11-02T08:00:00+00:00", "", 5, None,
                "2026-11-02T08:00:00.Z", "2026-11-02T08:00:00Z\n", "٢٠٢٦-11-02T08:00:00Z"],
)  # fmt: skip
def test_an_instant_in_the_proof_has_one_form(created: object) -> None:
    whole = document()
    whole["proof"]["created"] = created
    assert reason_of(whole) is Reason.UNSIGNED_PARTS


@pytest.mark.parametrize("label", ["", "label", "did:x>", "did:x\n", 5, None, "did:" + "x" * 600])
def test_a_label_that_cannot_be_written_is_refused(label: object) -> None:
    whole = document()
    whole["proof"]["verificationMethod"] = label
    assert reason_of(whole) is Reason.UNSIGNED_PARTS


@pytest.mark.parametrize(
    ("identifier", "covered", "known"),
    [
        (ABSENT, True, ""),
        ("did:Passport:X1", True, "did:Passport:X1"),
        ("did:Aadhaar Card:****", True, "did:Aadhaar Card:****"),
        ("", False, ""),
        ("199012345678", False, ""),
        ("a b:c", False, ""),
        ("@type", False, ""),
    ],
)
def test_a_subject_is_covered_or_drops_out(
    identifier: object, *, covered: bool, known: str
) -> None:
    read = divoc_credential.read(document(holder={"id": identifier}))
    assert (read.covered, read.subject_id) == (covered, known)
    said = read.canonical()
    assert (b"Musterfrau-Specimen" in said) is covered
    assert (b"credentialSubject" in said) is covered
    # An address has a node of its own, and stays.
    assert said.count(b"1 Specimen Road") == 2


def test_values_are_told_by_what_they_say_and_not_by_their_labels() -> None:
    read = divoc_credential.read(document())
    assert sorted(map(str, read.evidence[divoc_credential.DOSE])) == ["1", "2"]
    assert read.subject[divoc_credential.NAME] == ["Vera Musterfrau-Specimen"]
    # Names of the facility and of the vaccinator stand below it and are not the evidence's.
    assert divoc_credential.NAME not in read.evidence


def test_a_credential_masks_itself() -> None:
    assert "Specimen" not in repr(divoc_credential.read(document()))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x" * 512, None),
        ("x" * 513, Reason.UNSIGNED_PARTS),
        (2**53 - 1, None),
        (-(2**53) + 1, None),
        (2**53, Reason.UNSIGNED_PARTS),
        (False, Reason.UNSIGNED_PARTS),
        (None, Reason.UNSIGNED_PARTS),
        ([], Reason.UNSIGNED_PARTS),
        ({}, Reason.UNSIGNED_PARTS),
    ],
)
def test_a_value_is_a_short_text_or_an_integer(value: object, reason: Reason | None) -> None:
    assert reason_of(document(dose={"batch": value})) is reason
    assert reason_of(document(holder={"refId": value})) is reason


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["VerifiableCredential"],
        ["VerifiableCredential", "VerifiableCredential"],
        ["VerifiableCredential", "ProofOfTestCertificateCredential"],
    ],
)
def test_another_kind_is_not_read(names: list[str]) -> None:
    assert reason_of(document(type=names)) is Reason.OTHER_PROFILE


PLACES: tuple[tuple[str, ...], ...] = (
    (), ("credentialSubject",), ("credentialSubject", "address"), ("evidence", "0"),
    ("evidence", "0", "verifier"), ("evidence", "0", "facility"),
    ("evidence", "0", "facility", "address"), ("proof",),
)  # fmt: skip


@given(st.sampled_from(PLACES), st.text(max_size=8), ANYTHING)
def test_any_member_that_is_not_known_is_refused(
    path: tuple[str, ...], name: str, value: object
) -> None:
    whole = document()
    place: Any = whole
    for step in path:
        place = place[int(step) if step.isdigit() else step]
    if name not in place:
        place[name] = value
        known = name == "uhid" and path == ("credentialSubject",)
        assert known or reason_of(whole) is Reason.UNSIGNED_PARTS


@given(st.sampled_from(PLACES), st.data())
def test_any_change_of_a_member_is_refused_or_changes_what_is_signed_or_is_no_change(
    path: tuple[str, ...], data: st.DataObject
) -> None:
    whole = document(holder={"uhid": "u-1"}, dose={"infoUrl": "https://specimen.example/info"})
    before = divoc_credential.read(whole).canonical()
    proof = divoc_credential.canonical_proof(whole["proof"])
    place: Any = whole
    for step in path:
        place = place[int(step) if step.isdigit() else step]
    name = data.draw(st.sampled_from(sorted(place)))
    old, new = place[name], data.draw(ANYTHING)
    place[name] = new
    if name == "jws" or reason_of(whole) is not None:
        return
    after = divoc_credential.read(whole)
    same = after.canonical() == before
    assert not same or (old, type(old)) == (new, type(new)) or (
        divoc_credential.canonical_proof(whole["proof"]) != proof
    ) or new in _also_said(name)  # fmt: skip


def _also_said(name: str) -> tuple[object, ...]:
    """Give what stands under another label of the same term, so that this one may repeat it."""
    return ("2026-10-20", "2027-01-20") if name.startswith("effective") else ()
