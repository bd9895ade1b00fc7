"""Signers of seals below their authorities: real certificates, time and store as parameters."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from support.keys import LIST, MemoryKeys, authority_of
from support.specimens import NOW, specimen_authorities

from fixtures.keys import curve_key
from fixtures.vds_nc.authorities import Signer, authorities, bad_signers, good_signers
from fixtures.vds_nc.issue import issue, vaccination
from fixtures.world import DEMO
from verifier import Outcome, Reason, Verdict, Verifier, chain
from verifier.codecs.x509 import hinted_authority, read_certificate
from verifier.errors import DocumentError
from verifier.limits import KEYS_PER_KID, REMEMBERED_SIGNERS, STALE_SECONDS
from verifier.signature import load_key
from verifier.trust import Authority

STATE = authorities()["state"]
KEY_ID = read_certificate(STATE.certificate).subject_key_id
SIGNER = good_signers()["state"].certificate


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    chain._chained.cache_clear()


def find(
    certificate: bytes = SIGNER,
    known: Iterable[Authority] = (),
    *,
    key_id: bytes | None = None,
    scheme: str = "vds-nc",
    at: int = NOW,
) -> chain.Signer:
    trust = MemoryKeys([], authorities=known or specimen_authorities())
    wanted = hinted_authority(certificate) if key_id is None else key_id
    return chain.find_signer(certificate, wanted, trust, scheme, at)


def reason_of(*arguments: Any, **options: Any) -> Reason | None:
    try:
        signer = find(*arguments, **options)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return signer.fault


def own(**changes: Any) -> Authority:
    return authority_of(STATE.certificate)._replace(**changes)


def test_a_signer_is_vouched_for_as_its_authority_is() -> None:
    key, fault = find()
    facts = read_certificate(SIGNER)
    assert fault is None
    assert key.kid == KEY_ID
    assert key.spki == facts.spki
    assert key.uses == {"vaccination", "test"}
    assert key.schemes == {"vds-nc"}
    assert (key.country, key.name, key.list) == ("XS", facts.name, LIST)
    assert key.authenticated
    # The shell of both certificates.
    assert (key.not_before, key.not_after) == (facts.not_before, facts.not_after)


@pytest.mark.parametrize("name", good_signers())
def test_signers_as_real_states_write_them_are_believed(name: str) -> None:
    assert find(good_signers()[name].certificate).fault is None


@pytest.mark.parametrize("name", bad_signers())
def test_each_fault_of_a_signer_is_told(name: str) -> None:
    signer, _, code = bad_signers()[name]
    told = reason_of(signer.certificate)
    # The rest is found out only with claims, the signature and the instant.
    assert told == (code if code[:3] in {"USE", "ISS"} and code not in LATER else None)


LATER = {"USE-001", "ISS-003"}


def test_without_an_authority_nothing_is_known_and_nobody_accused() -> None:
    assert reason_of(known=[own(key_id=b"other")]) is Reason.NO_AUTHORITY
    assert reason_of(known=[own(country="XT")]) is Reason.NO_AUTHORITY
    assert reason_of(known=[own(country="")]) is Reason.NO_AUTHORITY
    assert reason_of(known=[own(subject=b"\x30\0")]) is Reason.NO_AUTHORITY
    assert reason_of(known=[own(schemes=frozenset({"eu-dcc"}))]) is Reason.NO_AUTHORITY
    assert reason_of(key_id=b"") is Reason.NO_KEY_ID
    # A hint that leads to another authority than the certificate names.
    other = own(key_id=b"elsewhere")
    assert reason_of(known=[other], key_id=b"elsewhere") is Reason.NO_AUTHORITY


def test_what_is_no_certificate_is_told_as_that() -> None:
    assert reason_of(SIGNER[:-9], key_id=KEY_ID) is Reason.SIGNER_UNREADABLE
    assert reason_of(b"no certificate", key_id=b"") is Reason.SIGNER_UNREADABLE
    with pytest.raises(DocumentError):
        chain.public_key_of(SIGNER[:-9])


def test_one_authority_that_has_signed_is_enough() -> None:
    stranger = authorities()["unvouched"]
    wrong = own(spki=read_certificate(stranger.certificate).spki)
    assert reason_of(known=[wrong]) is Reason.NOT_ISSUED_BY_AUTHORITY
    assert reason_of(known=[wrong, own()]) is None


def test_of_several_the_one_that_serves_best_is_taken() -> None:
    stale = LIST._replace(as_of=NOW - STALE_SECONDS - 1, name="stale")
    good = own()
    worse: Sequence[Authority] = [
        own(authenticated=False),
        own(list=stale),
        own(not_after=NOW - 1),
        own(not_before=NOW + 1),
    ]
    for one in worse:
        for known in ([one, good], [good, one]):
            key = find(known=known).key
            assert (key.authenticated, key.list) == (True, LIST)
            assert key.not_before is not None
            assert key.not_after is not None
            assert key.not_before <= NOW <= key.not_after
    # One that is vouched for and over is better than one in date that nobody vouches for.
    assert find(known=[own(authenticated=False), own(not_after=NOW - 1)]).key.authenticated


def test_an_authority_without_dates_leaves_those_of_the_signer() -> None:
    key = find(known=[own(not_before=None, not_after=None)]).key
    facts = read_certificate(SIGNER)
    assert (key.not_before, key.not_after) == (facts.not_before, facts.not_after)


def test_no_more_authorities_are_tried_than_keys_of_an_id() -> None:
    other = authority_of(authorities()["unvouched"].certificate)
    crowd = [own(spki=other.spki, subject=bytes((number,))) for number in range(KEYS_PER_KID)]
    assert reason_of(known=[*crowd, own()]) is Reason.NOT_ISSUED_BY_AUTHORITY


def test_a_chain_that_held_is_remembered_and_one_that_did_not_is_not() -> None:
    known = list(specimen_authorities())
    for _ in range(3):
        find(known=known)
    assert chain._chained.cache_info().currsize == 1
    assert chain._chained.cache_info().hits == 2
    for name, (signer, _, code) in bad_signers().items():
        before = chain._chained.cache_info().currsize
        told = reason_of(signer.certificate)
        held = told is None or told.value.startswith("USE")
        assert chain._chained.cache_info().currsize == before + held, (name, code)
    assert chain._chained.cache_info().maxsize == REMEMBERED_SIGNERS


def test_what_is_remembered_ends_with_what_the_store_answers() -> None:
    assert find(known=[own()]).key.authenticated
    assert not find(known=[own(authenticated=False)]).key.authenticated
    assert reason_of(known=[own(schemes=frozenset())]) is Reason.NO_AUTHORITY
    assert reason_of(known=[own(country="XT")]) is Reason.NO_AUTHORITY


def judge(known: Iterable[Authority], at: Any = DEMO) -> Verdict:
    trust = MemoryKeys([], authorities=known)
    return Verifier(trust=trust).verify(issue(vaccination()), at=at)


def test_dates_are_judged_for_each_document_though_the_chain_is_remembered() -> None:
    known = specimen_authorities()
    assert judge(known).outcome is Outcome.AUTHENTIC
    for year in (2025, 2037):
        verdict = judge(known, DEMO.replace(year=year))
        assert verdict.outcome is Outcome.DOES_NOT_MEET_RULES
    assert judge(known).outcome is Outcome.AUTHENTIC


def test_no_authority_of_the_country_is_for_a_person_to_look_at() -> None:
    verdict = judge([])
    assert verdict.outcome is Outcome.REFER
    assert [found.code for found in verdict.findings][-1] is Reason.NO_AUTHORITY
    assert verdict.issuer
    assert verdict.issuer.country is None
    assert not verdict.discloses_holder


def test_the_key_of_a_signer_that_nobody_vouches_for_is_not_remembered() -> None:
    load_key.cache_clear()
    judge([])
    assert load_key.cache_info().currsize == 0
    judge(specimen_authorities())
    assert load_key.cache_info().currsize == 1


def test_an_authority_never_verifies_a_document_itself() -> None:
    itself = issue(vaccination(), Signer(curve_key("seals-state"), STATE.certificate))
    verdict = Verifier(trust=MemoryKeys([], authorities=specimen_authorities())).verify(
        itself, at=DEMO
    )
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
