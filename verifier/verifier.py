"""Text in, verdict out: the numbered plan, and the only place that runs the stages.

A document can never make ``verify`` raise. What a stage refuses becomes a finding; what no stage
foresaw becomes REFER with its content dropped. Findings are collected, except that nothing after
a failed signature runs: nobody signed what would be read there.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Self, cast

from verifier import formats, revocation, scan, signature, validity
from verifier.claims import Claims, Terms
from verifier.clock import Clock, Instant, SystemClock, day_of, instant_of, local_day, zone_of
from verifier.envelope import Envelope
from verifier.errors import DocumentError, PolicyViolation
from verifier.findings import FINDINGS, Finding, unforeseen
from verifier.formats.base import Format
from verifier.privacy import Disclosure, PrivacyPolicy, Private
from verifier.reasons import Check, Reason, Result, check_of
from verifier.revocation import RevocationSource, Standing
from verifier.signature import VerifiedEnvelope
from verifier.trust import Freshness, KeySource, TrustedKey
from verifier.verdict import (
    NO_TRUST,
    Basis,
    HolderBox,
    HolderSource,
    Issuer,
    Outcome,
    Trust,
    Verdict,
    outcome_of,
    unknown_issuer,
    with_identity,
)

if TYPE_CHECKING:  # most desks ask for no rules and do not wait for them
    from verifier.rules.judging import RuleBook
    from verifier.rules.report import RulesReport
    from verifier.rules.ruleset import RuleSet, RuleSource

# Python 3.11 takes a microsecond to find ten members of an enumeration; on the way of every
# document they have names of their own.
_INPUT: Final = Check.INPUT
_ISSUER: Final = Check.ISSUER
_SIGNATURE: Final = Check.SIGNATURE
_SCHEMA: Final = Check.SCHEMA
_DATES: Final = Check.DATES
_RULES: Final = Check.RULES
_REVOCATION: Final = Check.REVOCATION
_UNKNOWN: Final = Result.UNKNOWN
_CLEAR: Final = Standing.CLEAR
_NONE: Final = Disclosure.NONE
_CLINICAL: Final = Disclosure.CLINICAL
_REFER: Final = Outcome.REFER
_NOT_MET: Final = Outcome.DOES_NOT_MEET_RULES

_OPENING: Final = (Check.INPUT, Check.ENCODING, Check.ENVELOPE)
_OPENED: Final = tuple(
    FINDINGS[reason] for reason in (Reason.INPUT_READ, Reason.ENCODING_GOOD, Reason.ENVELOPE_GOOD)
)
_SIGNATURE_GOOD: Final = (FINDINGS[Reason.SIGNATURE_GOOD],)
_SCHEMA_GOOD: Final = (FINDINGS[Reason.SCHEMA_GOOD],)
_NOT_REVOKED: Final = revocation.FINDING_OF[Standing.CLEAR]
_NO_REVOCATION_LIST: Final = (FINDINGS[Reason.NO_REVOCATION_LIST],)
_REVOCATION_DEMANDED: Final = (FINDINGS[Reason.REVOCATION_DEMANDED],)
_PAPER_PROCEDURE: Final = (FINDINGS[Reason.PAPER_PROCEDURE],)

# Why a format may not have read what is another's, the vaguest first. Whatever else a format says
# is about a content that it knows.
_UNREAD: Final = (
    Reason.NO_CERTIFICATE_INSIDE,
    Reason.OTHER_CERTIFICATE_INSIDE,
    Reason.CLAIMS_MALFORMED,
)

# What is in the container is no certificate of any one format.
_OF_NO_FORMAT: Final = (
    Reason.OTHER_CERTIFICATE_INSIDE,
    Reason.SEVERAL_CERTIFICATES,
    Reason.HEALTH_LINK_INSIDE,
    Reason.MEDICINES_INSIDE,
)

_SHOW_HOLDER: Final = (Outcome.AUTHENTIC, Outcome.MEETS_RULES, Outcome.REFER)


class _Desk(NamedTuple):
    """What is the same for every document of a shift."""

    trust: KeySource
    rules: "RuleBook | None"
    policy: PrivacyPolicy
    retired: frozenset[str]
    revocations: RevocationSource | None
    demand: bool
    compare_later: bool


class Verifier:
    """Verifies one document after another against one trust store, and keeps nothing of them.

    ``trust`` finds keys; ``rules`` names the country whose entry rules are asked for, if any
    (ISO 3166-1 alpha-2), whose rule set ``trust`` has, or is that rule set; ``region`` is a part
    of the country whose own rules take the place of the whole country's; ``policy`` says how much
    of a holder a verdict may disclose; ``clock`` tells the present instant. ``accept_retired``
    names the formats whose documents pass although the key that signed them has retired since, when
    they were issued while it was valid: meant for what is valid for life. ``compare_later`` has
    each verdict hold the holder, unseen, until it is let go of, so that ``Verdict.compare`` can be
    asked when the passport has been scanned. ``extensions`` names formats of other packages that
    may see documents which no format here recognises. Safe to share between threads.

    Raises ``SetupError`` for an extension that cannot be used.
    """

    __slots__ = ("_clock", "_desk", "extensions")

    def __init__(  # noqa: PLR0913 - the options, by keyword
        self,
        *,
        trust: KeySource,
        rules: "str | RuleSet | None" = None,
        region: str = "",
        policy: PrivacyPolicy | None = None,
        clock: Clock | None = None,
        accept_retired: Iterable[str] = (),
        revocations: RevocationSource | None = None,
        demand_revocation: bool = False,
        compare_later: bool = False,
        extensions: Sequence[str] = (),
    ) -> None:
        """Hold what is the same for every document.

        Raises ``PolicyViolation`` when ``accept_retired`` names a format that is not read here.
        """
        self._clock = clock or SystemClock()
        self._desk = _Desk(
            trust,
            None if rules is None else _open_rules(rules, region, trust),
            policy or PrivacyPolicy.strict(),
            frozenset(accept_retired),
            revocations or _revocations_in(trust),
            demand_revocation,
            compare_later,
        )
        if self._desk.retired:
            _demand_formats(self._desk.retired)
        self.extensions = _load(extensions) if extensions else ()

    def __enter__(self) -> Self:
        """Begin a shift."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it; the store is the caller's to close."""

    def verify(
        self, text: str | bytes, *, at: datetime | None = None, mrz: str | None = None
    ) -> Verdict:
        """Judge one document now, or for another instant ``at`` (an aware ``datetime``).

        ``mrz`` is the machine-readable zone of the traveller's passport, as a scanner gives it: the
        holder of a document that nothing speaks against is compared with it (check ``identity``),
        whatever the policy discloses. Raises ``SetupError`` for a naive ``at``, and nothing because
        of the document or the zone.
        """
        # Crash reporters write down what stands in the frames of an error.
        judgement = _Judgement(self._desk, at)
        judgement.text, judgement.zone = text, mrz
        del text, mrz
        instant = self._clock.now() if at is None else instant_of(at)
        judgement.at = judgement.aged = instant
        if at is not None and self._desk.rules is not None:
            # Who asks for the day of an arrival asks with the lists of today, which are no older
            # than they are.
            judgement.aged = min(judgement.aged, self._clock.now())
        return judgement.run(self.extensions)

    def verify_many(
        self, texts: Iterable[str | bytes], *, processes: int = 1, at: datetime | None = None
    ) -> Iterator[Verdict]:
        """Judge many documents and yield the verdicts in the order of the texts.

        With ``processes`` above 1 the work is shared among as many processes. A batch discloses no
        holder: nobody stands at the desk to be compared with.
        """
        from copy import copy  # noqa: PLC0415 - a desk never needs it

        from verifier.batch import verify_many  # noqa: PLC0415 - the same

        unseen = copy(self)
        policy = PrivacyPolicy(disclosure=Disclosure.NONE)
        unseen._desk = self._desk._replace(policy=policy, compare_later=False)  # noqa: SLF001 - its own
        return verify_many(unseen, texts, processes=processes, at=at)

    def unread(self, reason: Reason, *, at: datetime | None = None) -> Verdict:
        """Give the verdict on something that never became a text, such as a blurred picture."""
        judgement = _Judgement(self._desk, at)
        judgement.at = judgement.aged = self._clock.now() if at is None else instant_of(at)
        judgement.findings = (FINDINGS[reason],)
        return judgement.verdict()


def _revocations_in(trust: KeySource) -> RevocationSource | None:
    """Find what is withdrawn where the keys are, if it is kept there."""
    return cast("RevocationSource", trust) if hasattr(trust, "withdrawals") else None


def _open_rules(rules: "str | RuleSet", region: str, trust: KeySource) -> "RuleBook":
    """Find the rules of a country: in a rule set that was given, or where the keys are."""
    from verifier.rules.judging import Given, RuleBook  # noqa: PLC0415 - few desks ask for rules

    if not isinstance(rules, str):
        return RuleBook(rules.country, Given(rules), region)
    source = cast("RuleSource", trust) if hasattr(trust, "rule_set") else None
    return RuleBook(rules.upper(), source, region)


def _demand_formats(names: frozenset[str]) -> None:
    """Refuse names that are those of no format: the desk would not do what it was told."""
    known = {found.name for found in formats.each()}
    if not names <= known:
        message = "A format whose retired keys are to be accepted is not known here.\n"
        raise PolicyViolation(message + f"Those known are: {', '.join(sorted(known))}.")


def verify(  # noqa: PLR0913 - the options of a Verifier, by keyword
    text: str | bytes,
    *,
    trust: KeySource,
    rules: "str | RuleSet | None" = None,
    region: str = "",
    policy: PrivacyPolicy | None = None,
    clock: Clock | None = None,
    accept_retired: Iterable[str] = (),
    revocations: RevocationSource | None = None,
    demand_revocation: bool = False,
    extensions: Sequence[str] = (),
    at: datetime | None = None,
    mrz: str | None = None,
) -> Verdict:
    """Judge one document: ``Verifier(...).verify(text)`` in one call."""
    held = Private(text)
    zone = None if mrz is None else Private(mrz)
    del text, mrz
    verifier = Verifier(
        trust=trust,
        rules=rules,
        region=region,
        policy=policy,
        clock=clock,
        accept_retired=accept_retired,
        revocations=revocations,
        demand_revocation=demand_revocation,
        extensions=extensions,
    )
    return verifier.verify(held.reveal(), at=at, mrz=None if zone is None else zone.reveal())


def _telling(reason: Reason) -> int:
    """Rank why a payload could not be read: the more a reason tells, the higher."""
    return _UNREAD.index(reason) if reason in _UNREAD else len(_UNREAD)


def _load(names: Sequence[str]) -> tuple[Format, ...]:
    from verifier import extensions  # noqa: PLC0415 - few desks have any

    return tuple(map(extensions.load, names))


def _with_remarks(remarks: tuple[Reason, ...]) -> tuple[Finding, ...]:
    """Add what the format remarked on the text to the findings of a good opening."""
    told = (*_OPENED, *(FINDINGS[remark] for remark in remarks))
    return tuple(sorted(told, key=lambda finding: _OPENING.index(finding.check)))


class _Judgement:
    """The state of one document on its way through the stages; gone when the verdict is given."""

    __slots__ = (
        "_desk", "_when", "aged", "at", "claims", "fault", "findings", "format", "freshness",
        "key", "kid", "paper", "report", "stage", "text", "zone",
    )  # fmt: skip

    # The document and the lines of a passport; the instant to judge for, and that at which the age
    # of lists is told. ``verify`` fills them in.
    text: str | bytes
    zone: str | None
    at: Instant
    aged: Instant

    def __init__(self, desk: _Desk, when: datetime | None) -> None:
        self._desk = desk
        self._when = when
        self.stage = _INPUT
        self.findings: tuple[Finding, ...] = ()
        self.format: str | None = None
        self.kid: bytes | None = None
        self.key: TrustedKey | None = None
        self.freshness: Freshness | None = None
        self.claims: Claims | None = None
        self.report: RulesReport | None = None
        # Whether the paper procedure takes over where the digital one cannot tell.
        self.paper = False
        # What forbids a signer to sign, when its own certificate does.
        self.fault: tuple[Finding, ...] = ()

    def run(self, extensions: tuple[Format, ...]) -> Verdict:
        ended: BaseException | None = None
        try:
            self._go_through_stages(self.text, extensions)
        except DocumentError as error:
            self._stop(error.reason)
        except Exception:  # noqa: BLE001 - whatever it is, it came from the document and stays here
            self.findings += (unforeseen(self.stage),)
        except BaseException as error:  # noqa: BLE001 - an interrupt goes on, its frames do not
            ended = error
        if ended is not None:
            ended.__context__ = None
            raise ended.with_traceback(None)
        return self.verdict(self.zone)

    def _go_through_stages(self, text: str | bytes, extensions: tuple[Format, ...]) -> None:
        trust, rules, _, retired, revocations, demand, _ = self._desk
        # 1. Tidy the text and pick the format.
        scanned = scan.read_scan(text, extensions)
        form = scanned.format
        self.format = form.name
        # 2. Take the container apart: encoding, envelope, hints at the key.
        envelope = form.open(scanned.text, scanned.container)
        remarks = envelope.remarks
        self.findings = _with_remarks(remarks) if remarks else _OPENED
        # 3. Find the keys that the hint may mean.
        self.stage = _ISSUER
        kid = self.kid = envelope.kid
        keys: Sequence[TrustedKey]
        if envelope.certificate:
            keys = (self._chain(envelope, form),)
        elif kid is None:
            raise DocumentError(Reason.NO_KEY_ID)
        else:
            issuer = envelope.issuer
            # Another issuer's key with that id may have signed: then the verdict can say so.
            keys = (issuer and trust.find(kid, issuer)) or trust.find(kid)
        if not keys:
            raise DocumentError(Reason.UNKNOWN_KEY)
        # 4. Find the one that signed. From here on the content is the signer's word.
        self.stage = _SIGNATURE
        verified = self._verify(envelope, keys, form)
        key = self.key = verified.key
        freshness = self.freshness = key.list.freshness(self.aged)
        # 5. Read the claims.
        self.stage = _SCHEMA
        claims = self._read_claims(verified, form)
        # 6. Bind key, claims and instant to one another.
        self.stage = _DATES
        floor = trust.floor() if self._when is None else None
        doubts, terms = claims.doubts, claims.terms
        today = "" if terms is None or terms.days is None else self._today()
        self.findings += (
            validity.judge_issuer(claims, key, freshness, any_issuer=form.any_issuer)
            + _SIGNATURE_GOOD
            + (self.fault or validity.judge_key_use(claims, key, weak=verified.weak))
            + (tuple(FINDINGS[doubt] for doubt in doubts) if doubts else _SCHEMA_GOOD)
            + validity.judge_dates(claims, key, self.at, floor, retired, today=today)
            + (() if terms is None else tuple(FINDINGS[remark] for remark in terms.remarks))
        )
        # 7. Ask whether it has been withdrawn.
        self.stage = _REVOCATION
        known = None if revocations is None else revocations.withdrawals(key, claims.format)
        if known is None:
            told = _NO_REVOCATION_LIST
        else:
            standing = known.standing(verified, claims, self.at)
            told = _NOT_REVOKED if standing is _CLEAR else revocation.FINDING_OF[standing]
        self.findings += told
        if demand and told[0][1] is _UNKNOWN:
            self.findings += _REVOCATION_DEMANDED
        # 8. Ask the rules: the format's own, then the country's.
        unmet = None if terms is None else terms.unmet
        if unmet is not None:
            self.findings += (FINDINGS[unmet],)
        if rules is not None:
            self.stage = _RULES
            self._ask(rules, claims, key, unmet)

    def _ask(
        self, rules: "RuleBook", claims: Claims, key: TrustedKey, unmet: Reason | None
    ) -> None:
        from verifier.rules.judging import Moment, Signer  # noqa: PLC0415 - loaded with the rules

        zone = zone_of(self.at, self._when)
        signer = Signer(key.kid, key.country)
        judged = rules.judge(claims, signer, Moment(self.at, zone, self.aged))
        self.report, self.paper = judged.report, judged.paper
        said = tuple(FINDINGS[reason] for reason in judged.reasons)
        # What the rules leave open is settled where the certificate breaks a rule of its own.
        self.findings += (
            said if unmet is None else tuple(each for each in said if each[1] is not _UNKNOWN)
        )

    def _chain(self, envelope: Envelope, form: Format) -> TrustedKey:
        """Chain the certificate in a document to an authority, and give its key."""
        from verifier import chain  # noqa: PLC0415 - few documents carry a certificate

        scheme = form.containers[envelope.container]
        try:
            signer = chain.find_signer(
                envelope.certificate, envelope.kid, self._desk.trust, scheme, self.at
            )
        except DocumentError as error:
            reason = error.reason
        else:
            self.fault = () if signer.fault is None else (FINDINGS[signer.fault],)
            return signer.key
        # Nobody vouches for the signer. A signature that does not even hold by the certificate's
        # own key is wrong all the same.
        spki = chain.public_key_of(envelope.certificate)
        wrong = signature.contradiction(envelope, spki, form.keys)
        if wrong is not None:
            self.findings += (FINDINGS[reason],)
            raise DocumentError(wrong)
        raise DocumentError(reason)

    def _verify(
        self, envelope: Envelope, keys: Sequence[TrustedKey], form: Format
    ) -> VerifiedEnvelope:
        if len(keys) > 1:
            # One key can stand on several lists: the one that vouches for most comes first.
            schemes = formats.schemes(form, envelope.container)
            keys = sorted(keys, key=lambda key: (not schemes & key.schemes, not key.authenticated))
        try:
            return signature.verify(envelope, keys, form.keys)
        except DocumentError as error:
            reason = error.reason
        # A key id is only a hint: when it leads to keys of other families or issuers alone, the
        # right key is simply not here.
        family = formats.schemes(form, envelope.container) & keys[0].schemes
        bound = form.any_issuer or envelope.issuer in {"", keys[0].issuer}
        if reason is Reason.SIGNATURE_BAD and envelope.joined:
            reason = Reason.PARTS_DO_NOT_FIT
        if not family or not bound:
            raise DocumentError(Reason.UNKNOWN_KEY)
        self._note_issuer(keys[0])
        raise DocumentError(reason)

    def _read_claims(self, verified: VerifiedEnvelope, likeliest: Format) -> Claims:
        container, payload = verified.envelope.container, verified.envelope.payload
        try:
            claims = self.claims = likeliest.read_claims(container, payload)
        except DocumentError as error:
            reason = error.reason
        else:
            return claims
        # Several formats share a container: what is inside tells which it is.
        for reader in formats.reading(container):
            if reason not in _UNREAD:
                break
            if reader is likeliest:
                continue
            try:
                claims = self.claims = reader.read_claims(container, payload)
            except DocumentError as error:
                reason = max(reason, error.reason, key=_telling)
            else:
                self.format = reader.name
                return claims
        if reason in _OF_NO_FORMAT:
            self.format = None
        self._note_issuer(verified.key)
        self.findings += _SIGNATURE_GOOD + self.fault
        raise DocumentError(reason)

    def _note_issuer(self, key: TrustedKey) -> None:
        """Note what is known of a key before, or without, the claims that it signed."""
        self.key = key
        self.freshness = key.list.freshness(self.aged)
        vouched = Reason.ISSUER_KNOWN if key.authenticated else Reason.NOT_VOUCHED_FOR
        self.findings += (FINDINGS[vouched],)

    def _stop(self, reason: Reason) -> None:
        """Note why a stage refused, and that the opening stages before it went well."""
        check = check_of(reason)
        if not self.findings:
            reached = _OPENING.index(check) if check in _OPENING else len(_OPENING)
            self.findings = _OPENED[:reached]
        self.findings += (FINDINGS[reason],)

    def verdict(self, mrz: str | None = None) -> Verdict:
        findings, claims, key = self.findings, self.claims, self.key
        outcome = outcome_of(findings)
        box = self._box(outcome)
        if mrz is not None and claims is not None:
            findings = self._compare(outcome, claims, mrz)
            outcome = outcome_of(findings)
        if self.paper and outcome is _REFER:
            findings += _PAPER_PROCEDURE
        return Verdict(
            outcome,
            findings,
            self.format,
            None if claims is None else claims.kind,
            self._unknown_issuer() if key is None else key,
            self._basis(),
            box,
            None
            if claims is None or claims.terms is None
            else self._valid_from(outcome, claims.terms),
            None if self.report is None else self._disclosed(self.report),
        )

    def _disclosed(self, report: "RulesReport") -> "RulesReport":
        """Leave out of the report what tells the day of a dose, unless a holder may be shown."""
        key = self.key
        vouched_for = key is not None and key.authenticated
        if vouched_for and self._desk.policy.disclosure is not _NONE:
            return report
        return report.without_days()

    def _unknown_issuer(self) -> Issuer | None:
        return None if self.kid is None else unknown_issuer(self.kid)

    def _basis(self) -> Trust | Basis:
        key = self.key
        if key is not None and self.freshness is not None:
            return key.list, self.freshness, key.authenticated
        try:
            newest = self._desk.trust.newest()
        except Exception:  # noqa: BLE001 - a finding tells of a store that fails now
            newest = None
        return NO_TRUST if newest is None else (newest, newest.freshness(self.aged), False)

    def _valid_from(self, outcome: Outcome, terms: Terms) -> str | None:
        """Tell from which day a certificate counts that is good but for that.

        Until then a traveller may be kept under watch (IHR, annex 7), so that the day matters.
        """
        if terms.days is None:
            return None
        failed = [code for _, result, code in self.findings if result is Result.FAIL]
        if outcome is not _NOT_MET or failed != [Reason.NOT_YET_VALID]:
            return None
        first = max(terms.days[0], day_of(terms.starts))
        known = self._desk.policy.disclosure is not _NONE and first > self._today()
        return first if known else None

    def _today(self) -> str:
        """Tell the calendar day at the point of entry."""
        return local_day(self.at, self._when)

    def _compare(self, outcome: Outcome, claims: Claims, mrz: str) -> tuple[Finding, ...]:
        """Add what comes of comparing the holder, if it may be known, with a passport."""
        holder = self._holder(outcome)
        if holder is None:
            return self.findings
        from verifier import identity  # noqa: PLC0415 - few desks compare, and it loads tables

        compared = identity.compare(holder, claims.travel_document, mrz)
        return with_identity(self.findings, compared.findings)

    def _box(self, outcome: Outcome) -> HolderBox | None:
        """Put into a box what the policy discloses, and what is to be compared later."""
        claims, desk = self.claims, self._desk
        disclosure, later = desk.policy.disclosure, desk.compare_later
        if claims is None or (disclosure is _NONE and not later):
            return None
        holder = self._holder(outcome)
        if holder is None:
            return None
        events = () if disclosure is not _CLINICAL else claims.events
        if not later:
            return HolderBox(holder, events, disclosure)
        return HolderBox(holder, events, disclosure, claims.travel_document, compare_later=True)

    def _holder(self, outcome: Outcome) -> HolderSource | None:
        """Give the holder only when nothing failed and an anchor vouches for the key."""
        claims, key = self.claims, self.key
        if outcome not in _SHOW_HOLDER or claims is None or key is None or not key.authenticated:
            return None
        if outcome is _REFER and any(
            result is Result.FAIL or code is Reason.UNFORESEEN for _, result, code in self.findings
        ):
            return None
        return claims.holder_source
