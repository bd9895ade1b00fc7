"""What is looked up for a document, and what the verdict makes of it."""

from typing import Any

import pytest
from support.keys import MemoryKeys
from support.specimens import key_named, specimen_keys, vaccination

from verifier import Outcome, Reason, Verdict, Verifier, scan
from verifier.claims import Claims
from verifier.clock import Instant
from verifier.envelope import Envelope
from verifier.revocation import (
    METHODS,
    Method,
    Standing,
    Withdrawals,
    counted,
    texts_of,
)
from verifier.signature import VerifiedEnvelope
from verifier.trust import TrustedKey

GOOD = vaccination()
ALL = METHODS["eu-dcc"]


class Known:
    """Withdrawals of which the answer is given; what is asked is taken down."""

    def __init__(self, standing: Standing = Standing.CLEAR) -> None:
        self.asked: list[bytes] = []
        self._standing = standing

    def standing(self, verified: VerifiedEnvelope, claims: Claims, _: Instant) -> Standing:
        self.asked = texts_of(ALL, verified, claims)
        return self._standing


class Source(MemoryKeys):
    """A source of keys that knows what is withdrawn, too."""

    known: Withdrawals | None = None

    def withdrawals(self, key: TrustedKey, format: str) -> Withdrawals | None:  # noqa: A002 - the contract's word
        assert key in specimen_keys()
        assert format == "eu-dcc"
        return self.known


def judged(known: Withdrawals | None, document: str = GOOD, **options: Any) -> Verdict:
    source = Source(specimen_keys())
    source.known = known
    return Verifier(trust=source, **options).verify(document, at=_at())


def _at() -> Any:
    from fixtures.world import DEMO  # noqa: PLC0415 - here alone

    return DEMO


@pytest.mark.parametrize(
    ("standing", "code", "outcome"),
    [
        (Standing.CLEAR, Reason.NOT_REVOKED, Outcome.AUTHENTIC),
        (Standing.LISTED, Reason.REVOKED, Outcome.DOES_NOT_MEET_RULES),
        (Standing.POSSIBLE, Reason.POSSIBLY_REVOKED, Outcome.REFER),
        (Standing.TOO_OLD, Reason.REVOCATION_TOO_OLD, Outcome.AUTHENTIC),
        (Standing.INCOMPLETE, Reason.REVOCATION_INCOMPLETE, Outcome.AUTHENTIC),
        (Standing.NOT_LISTABLE, Reason.NOT_LISTABLE, Outcome.AUTHENTIC),
    ],
)
def test_each_standing_has_its_finding(standing: Standing, code: Reason, outcome: Outcome) -> None:
    verdict = judged(Known(standing))
    assert verdict.findings[-1].code is code
    assert verdict.outcome is outcome


def test_a_desk_may_demand_the_check() -> None:
    for known in (None, Known(Standing.TOO_OLD), Known(Standing.INCOMPLETE)):
        verdict = judged(known, demand_revocation=True)
        assert verdict.findings[-1].code is Reason.REVOCATION_DEMANDED
        assert verdict.outcome is Outcome.REFER
    assert judged(Known(), demand_revocation=True).outcome is Outcome.AUTHENTIC
    listed = judged(Known(Standing.LISTED), demand_revocation=True)
    assert listed.outcome is Outcome.DOES_NOT_MEET_RULES


def test_a_source_of_its_own_may_be_asked() -> None:
    source = Source(specimen_keys())
    source.known = Known(Standing.LISTED)
    verifier = Verifier(trust=MemoryKeys(specimen_keys()), revocations=source)
    assert verifier.verify(GOOD, at=_at()).findings[-1].code is Reason.REVOKED


def test_a_source_that_fails_refers() -> None:
    class Failing(Source):
        def withdrawals(self, *_: object) -> Withdrawals | None:
            raise OSError

    verdict = Verifier(trust=Failing(specimen_keys())).verify(GOOD, at=_at())
    assert verdict.findings[-1].code is Reason.UNFORESEEN
    assert verdict.findings[-1].check == "revocation"
    assert verdict.outcome is Outcome.REFER


def test_nothing_is_asked_before_the_signature_holds() -> None:
    known = Known()
    torn = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")
    assert judged(known, torn).outcome is not Outcome.AUTHENTIC
    assert not known.asked


def _opened(document: str = GOOD) -> tuple[Envelope, Claims]:
    scanned = scan.read_scan(document)
    envelope = scanned.format.open(scanned.text, scanned.container)
    return envelope, scanned.format.read_claims(envelope.container, envelope.payload)


def _asked(document: str = GOOD, **changed: Any) -> list[bytes]:
    envelope, claims = _opened(document)
    for name, value in changed.items():
        setattr(claims, name, value)
    verified = VerifiedEnvelope(envelope, key_named("all-uses"), weak=False)
    return texts_of(ALL, verified, claims)


def test_every_method_of_the_list_is_computed_as_the_notes_say() -> None:
    envelope, claims = _opened()
    identifier = claims.identifier
    [event] = claims.events
    expected = {
        envelope.signature[:32],
        identifier.encode(),
        (event.country + identifier).encode(),
    }
    assert set(_asked()) == expected
    assert claims.country == event.country


def test_both_readings_of_the_country_are_looked_up() -> None:
    def of(country: str) -> bytes:
        return (country + _opened()[1].identifier).encode()

    entry = _opened()[1].events[0].country
    assert {of("FR"), of(entry)} <= set(_asked(country="FR"))
    # Without an issuer the signer's country stands in its place.
    assert of(key_named("all-uses").country) in _asked(country="")
    # Greece and the United Kingdom are written in two ways.
    assert {of("GR"), of("EL")} <= set(_asked(country="GR"))


def test_an_identifier_counts_as_it_is_written() -> None:
    spaced = " urn:uvci:01:xs:SPECIMEN-a#B "
    document = vaccination()
    asked = _asked(document, identifier=spaced)
    assert spaced.encode() in asked
    assert spaced.strip().encode() not in asked


def test_a_signature_counts_whole_where_it_has_no_second_form() -> None:
    signature = bytes(range(64))
    assert counted(signature, -7) == signature[:32]
    assert counted(signature, -37) == signature


def test_what_has_no_number_is_looked_up_by_its_signature_alone() -> None:
    envelope, _ = _opened()
    assert _asked(identifier="") == [envelope.signature[:32]]


def test_a_card_is_looked_up_by_its_number_and_a_seal_by_its_signer_s() -> None:
    from support.certificates import certificate, ec_key  # noqa: PLC0415 - here alone

    envelope, claims = _opened()
    claims.identifier = "MKyCxh7p6uQ"
    envelope.certificate = certificate(ec_key("seal"), serial=b"\x02\x02\x12\x34")
    verified = VerifiedEnvelope(envelope, key_named("all-uses"), weak=False)
    assert texts_of({Method.CARD}, verified, claims) == [b"MKyCxh7p6uQ"]
    assert texts_of({Method.SIGNER}, verified, claims) == [b"4660"]
