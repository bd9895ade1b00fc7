"""May this key sign these claims, and are both in date? Facts in, findings out."""

from typing import Final

from verifier import countries
from verifier.claims import Claims, Terms
from verifier.clock import Instant
from verifier.findings import FINDINGS, Finding
from verifier.limits import CLOCK_SKEW
from verifier.reasons import Reason
from verifier.trust import Freshness, TrustedKey

_ISSUER_KNOWN: Final = (FINDINGS[Reason.ISSUER_KNOWN],)
_KEY_USE_GOOD: Final = (FINDINGS[Reason.KEY_USE_GOOD],)
_DATES_GOOD: Final = (FINDINGS[Reason.DATES_GOOD],)
_SIGNER_OUT_OF_DATE: Final = (FINDINGS[Reason.SIGNER_OUT_OF_DATE],)

_TOO_OLD: Final = Freshness.TOO_OLD
_NO_FORMATS: Final[frozenset[str]] = frozenset()

_NO_DAYS: Final = ("", "")

Findings = tuple[Finding, ...]


def judge_issuer(
    claims: Claims, key: TrustedKey, freshness: Freshness, *, any_issuer: bool = False
) -> Findings:
    """Judge where the key comes from: who vouches, how old the list is, which country and issuer.

    With ``any_issuer``, a key that is listed for no issuer may sign for any.
    """
    doubts = []
    if not key.authenticated:
        doubts.append(FINDINGS[Reason.NOT_VOUCHED_FOR])
    if freshness is _TOO_OLD:
        doubts.append(FINDINGS[Reason.LIST_TOO_OLD])
    terms = claims.terms
    if terms is not None and terms.participant is not None:
        doubts += _judge_participant(claims, terms, key)
    elif claims.country != key.country:
        chained = terms is not None and terms.chained
        if chained and claims.country:
            # Without this, any state's signer could sign for any other state.
            doubts.append(FINDINGS[Reason.OTHER_STATE])
        elif chained or not countries.agree(claims.country, key.country):
            doubts.append(FINDINGS[Reason.COUNTRY_DIFFERS])
    if claims.issuer != key.issuer and (key.issuer or not any_issuer):
        # A right signature by another issuer's key is what this is there to stop.
        named = Reason.ISSUER_DIFFERS if key.issuer else Reason.ISSUER_NOT_LISTED
        doubts.append(FINDINGS[named])
    return tuple(doubts) or _ISSUER_KNOWN


def _judge_participant(claims: Claims, terms: Terms, key: TrustedKey) -> Findings:
    """Hold a document of WHO's network to the participant whose key signed it (gdhcn notes, 6)."""
    named = (claims.country, terms.authority)
    if not all(countries.agree(country, key.country) for country in named):
        return (FINDINGS[Reason.PARTICIPANT_DIFFERS],)
    if terms.participant and not claims.country and key.country:
        return (FINDINGS[Reason.ISSUER_NO_PARTICIPANT],)
    return ()


def judge_key_use(claims: Claims, key: TrustedKey, *, weak: bool = False) -> Findings:
    """Judge whether the key may sign this family and this kind (HCERT 1.0.8, A.3.3).

    A ``weak`` key verifies and proves little. Without a kind there is nothing to say on its use.
    """
    if claims.scheme not in key.schemes:
        return (FINDINGS[Reason.KEY_NOT_FOR_FORMAT],)
    if claims.kind is None:
        return ()
    if key.uses and claims.kind not in key.uses:
        return (FINDINGS[Reason.KEY_NOT_FOR_KIND],)
    if weak:
        return (FINDINGS[Reason.KEY_TOO_WEAK],)
    return _KEY_USE_GOOD


def judge_dates(  # noqa: PLR0913 - what is compared with one another
    claims: Claims,
    key: TrustedKey,
    at: Instant,
    floor: Instant | None,
    accept_retired: frozenset[str] = _NO_FORMATS,
    *,
    today: str = "",
) -> Findings:
    """Judge envelope and key by the shell model: the instant lies within both (HCERT 1.0.8, 3.3).

    ``floor`` is the earliest that a right clock can show, None when the instant is not the
    clock's, ``today`` the calendar day at the point of entry, needed where days count. A
    certificate that is out of date is that, whatever became of its key since. Formats named in
    ``accept_retired`` are held to their keys at the time of issue alone.
    """
    terms = claims.terms
    issued, expires = claims.issued, claims.expires
    if floor is not None and at < floor - CLOCK_SKEW:
        reason: Reason | None = Reason.CLOCK_DOUBTFUL
    elif claims.specimen:
        reason = Reason.SPECIMEN
    elif terms is not None:
        reason = _judge_terms(claims, terms, at, today)
    elif issued is None or expires is None or expires < issued:
        reason = Reason.DATES_CONTRADICT
    elif expires < at:
        reason = Reason.EXPIRED
    elif issued > at + CLOCK_SKEW:
        reason = Reason.NOT_YET_VALID
    else:
        reason = None
    if reason is not None:
        return (FINDINGS[reason],)
    if terms is not None and terms.chained:
        return _judge_signer_dates(key, at)
    return _judge_key_dates(issued, expires, key, at, accepted=claims.format in accept_retired)


def _judge_terms(claims: Claims, terms: Terms, at: Instant, today: str) -> Reason | None:
    """Judge a document whose family has terms of its own; None when it is in date by them."""
    first, last = terms.days or _NO_DAYS
    issued, expires = claims.issued, claims.expires
    if terms.dated if issued is None or expires is None else expires < issued:
        return Reason.DATES_CONTRADICT
    if terms.ends < at or (last and last < today):
        return Reason.EXPIRED
    if terms.starts > at or first > today or (issued is not None and issued > at + CLOCK_SKEW):
        return Reason.NOT_YET_VALID
    if expires is not None and expires < at:
        return Reason.SIGNATURE_TERM_OVER if terms.lifelong else Reason.EXPIRED
    return None


def _judge_key_dates(
    issued: Instant | None,
    expires: Instant | None,
    key: TrustedKey,
    at: Instant,
    *,
    accepted: bool,
) -> Findings:
    start, end = key.not_before, key.not_after
    doubts = []
    if start is not None:
        if at < start:
            doubts.append(FINDINGS[Reason.KEY_NOT_YET_VALID])
        if issued is not None and issued < start:
            doubts.append(FINDINGS[Reason.ISSUED_BEFORE_KEY])
    if end is not None:
        if end < at:
            # What was issued after the key's end was never good, whatever the desk accepts; nor
            # can it be told of what does not say when it was issued.
            if not accepted or issued is None or end < issued:
                doubts.append(FINDINGS[Reason.KEY_RETIRED])
            elif not doubts:
                doubts.append(FINDINGS[Reason.RETIRED_KEY_ACCEPTED])
        elif expires is not None and end < expires and not doubts:
            # The issuer's slip and not the holder's: noted, never held against them.
            doubts.append(FINDINGS[Reason.OUTLIVES_KEY])
    return tuple(doubts) or _DATES_GOOD


def _judge_signer_dates(key: TrustedKey, at: Instant) -> Findings:
    """Judge a signer that came with the document: without a signing time it has to be in date."""
    begun = key.not_before is None or key.not_before <= at
    ended = key.not_after is not None and key.not_after < at
    return _DATES_GOOD if begun and not ended else _SIGNER_OUT_OF_DATE
