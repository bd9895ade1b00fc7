"""NZ COVID Passes beyond what their specimens show: what is disclosed, and any input at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specimens import store

from fixtures.cbor import encode
from fixtures.nz_covid_pass.issue import (
    ACTIVE,
    ISSUER,
    KID,
    LAPSES,
    claims,
    covid_pass,
    credential,
    sign1,
    subject,
    text,
)
from fixtures.world import DEMO
from verifier import Disclosure, Outcome, PrivacyPolicy, Reason, Verdict, Verifier
from verifier.claims import Claims, Kind
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.nz_covid_pass import CONTAINER, FORMAT
from verifier.inspection import inspect
from verifier.limits import LAST_SECOND


def judged(scan: str, at: datetime = DEMO, disclosure: Disclosure = Disclosure.CLINICAL) -> Verdict:
    return Verifier(trust=store(), policy=PrivacyPolicy(disclosure)).verify(scan, at=at)


def codes(verdict: Verdict) -> set[Reason]:
    return {finding.code for finding in verdict.findings}


def read(members: dict[object, object]) -> Claims:
    return FORMAT.read_claims(CONTAINER, encode(members))


def test_a_pass_discloses_its_holder_and_that_it_stands_for_a_vaccination() -> None:
    verdict = judged(covid_pass(subject(1)))
    assert verdict.outcome is Outcome.AUTHENTIC
    with verdict.holder() as holder:
        assert holder.name == "Whānau-Specimen, Aroha-Specimen 1"
        assert holder.name_mrz == ""
        assert holder.birth_date == "1951-04-16"
        assert "840539006" in str(holder.clinical)


def test_a_pass_of_one_name_has_no_family_name() -> None:
    for absent in ("", "  "):
        held = read(claims(credential(subject(1, familyName=absent)))).holder
        assert held is not None
        assert (held.family, held.given) == ("", "Aroha-Specimen 1")
        assert not held.undivided


def test_names_and_claims_come_as_they_were_signed() -> None:
    found = read(claims(credential(subject(2))))
    assert (found.format, found.scheme, found.issuer) == ("nz-covid-pass", "nz-covid-pass", ISSUER)
    assert (found.issued, found.own_terms().starts, found.expires) == (ACTIVE, ACTIVE, LAPSES - 1)
    assert found.kind is Kind.VACCINATION
    assert found.identifier == ""
    assert tuple(found.doubts) == ()


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (ACTIVE - 301, Reason.NOT_YET_VALID),
        (ACTIVE, Reason.DATES_GOOD),
        (LAPSES - 1, Reason.DATES_GOOD),
        (LAPSES, Reason.EXPIRED),
    ],
)
def test_the_first_second_counts_and_the_last_does_not(at: int, reason: Reason) -> None:
    assert reason in codes(judged(covid_pass(subject(1)), datetime.fromtimestamp(at, UTC)))


@pytest.mark.parametrize("value", [0, -1, LAST_SECOND + 1, 1.5, True, "1", b"1", [1]])
@pytest.mark.parametrize("member", ["active", "lapses"])
def test_a_date_is_a_plain_number_of_seconds(value: object, member: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(claims(credential(subject(1)), **{member: value}))
    assert caught.value.reason is Reason.CLAIMS_MALFORMED


def test_the_issuer_is_a_hint_before_the_signature_and_bound_after_it() -> None:
    envelope = FORMAT.open(covid_pass(subject(1)), CONTAINER)
    assert (envelope.issuer, envelope.kid) == (ISSUER, KID.encode())
    signed_all_the_same = covid_pass(subject(1), issuer="did:web:x.example")
    assert Reason.ISSUER_DIFFERS in codes(judged(signed_all_the_same))


@pytest.mark.parametrize(
    ("members", "doubt"),
    [
        (claims(credential(subject(1)), number=b""), Reason.FIELD_MISSING),
        (claims(credential(subject(1)), number=b"short"), Reason.FIELD_MALFORMED),
        (claims("words"), Reason.NO_CERTIFICATE_INSIDE),
        (claims(credential(subject(1), context=["x"])), Reason.OTHER_CERTIFICATE_INSIDE),
        (claims(credential(subject(1), kind=["PublicCovidPass"])), Reason.OTHER_CERTIFICATE_INSIDE),
        (claims(credential(subject(1), kind=[["x"], "y"])), Reason.OTHER_CERTIFICATE_INSIDE),
        (claims(credential(subject(1), version=1)), Reason.FIELD_MALFORMED),
        (claims(credential(subject(1), version="2.0.0")), Reason.OTHER_CERTIFICATE_INSIDE),
        (claims(credential("words")), Reason.FIELD_MISSING),
        (claims(credential(subject(1, givenName=" "))), Reason.FIELD_MISSING),
        (claims(credential(subject(1, givenName=1))), Reason.FIELD_MALFORMED),
        (claims(credential(subject(1, familyName="x" * 101))), Reason.FIELD_MALFORMED),
        (claims(credential(subject(1, dob=None))), Reason.FIELD_MISSING),
        (claims(credential(subject(1, dob="1951-02-30"))), Reason.FIELD_MALFORMED),
        (claims(credential(subject(1, dob="1951"))), Reason.FIELD_MALFORMED),
    ],
)
def test_a_fault_of_content_is_a_doubt_and_dates_stay(
    members: dict[object, object], doubt: Reason
) -> None:
    found = read(members)
    assert tuple(found.doubts) == (doubt,)
    assert found.holder is None
    assert found.expires == LAPSES - 1


def test_inspect_names_what_the_specification_knows_and_masks_the_rest() -> None:
    scan = covid_pass(subject(1, unheard="Musterfrau-Specimen"))
    for disclosure in (Disclosure.NONE, Disclosure.CLINICAL):
        looked = inspect(scan, trust=store(), at=DEMO, disclosure=disclosure)
        content = next(part for part in looked.sections if part.title == "Signed content")
        rows = dict(content.rows)
        known = "/vc/credentialSubject/givenName"
        shown = disclosure is Disclosure.CLINICAL
        assert ("Aroha" in rows[known]) is shown
        assert "unheard" not in str(looked.sections)
        assert rows["/cti (7)"] == "bytes"


@pytest.mark.parametrize(
    ("scan", "found"),
    [
        ("NZCP:/1/ABC", CONTAINER),
        ("NZCP:/2/ABC", Reason.NEWER_VERSION),
        ("nzcp:/1/abc", Reason.PREFIX_WRONG_CASE),
        ("NZCP:/01/ABC", None),
        ("NZCP:/ABC", None),
        ("NZCP:1/ABC", None),
        ("HC1:ABC", None),
    ],
)
def test_its_own_texts_are_recognised(scan: str, found: object) -> None:
    try:
        assert FORMAT.recognise(scan) == found
    except DocumentError as error:
        assert error.reason is found


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=20)
    | st.binary(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
MEMBERS = st.sampled_from(["@context", "version", "type", "credentialSubject", "x"])
PEOPLE = st.dictionaries(
    st.sampled_from(["givenName", "familyName", "dob", "x"]), TREES, max_size=4
)


@given(st.text(max_size=300))
def test_any_text_is_a_pass_or_none(body: str) -> None:
    for scan in (body, f"NZCP:/1/{body}"):
        try:
            container = FORMAT.recognise(scan)
            if container is not None:
                assert isinstance(FORMAT.open(scan, container), Envelope)
        except DocumentError as error:
            assert error.__context__ is None


@given(st.dictionaries(st.sampled_from([1, 4, 5, 7, "vc", "x"]), TREES, max_size=6))
def test_any_claims_are_read_or_refused(members: dict[Any, Any]) -> None:
    _read_or_refused(members)


@given(st.dictionaries(MEMBERS, TREES | PEOPLE, max_size=5), PEOPLE)
def test_any_credential_is_read_or_refused(changes: dict[str, Any], person: dict[str, Any]) -> None:
    _read_or_refused(claims({**credential(person), **changes}))
    _read_or_refused(claims(credential({**subject(1), **person})))


def _read_or_refused(members: dict[Any, Any]) -> None:
    try:
        found = read(members)
    except DocumentError as error:
        assert error.__context__ is None
        return
    assert isinstance(found, Claims)
    assert found.doubts or (found.holder and found.holder.given and found.events)


@given(st.binary(max_size=200))
def test_any_signed_bytes_are_judged_without_surprise(payload: bytes) -> None:
    assert Reason.UNFORESEEN not in codes(judged(text(sign1(payload))))
