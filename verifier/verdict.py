"""The verdict: an outcome that follows from findings by one table, and nothing of the traveller.

There is no outcome that denies entry: people decide that.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.claims import Event, Holder, Kind
from verifier.clock import day_of
from verifier.errors import PolicyViolation
from verifier.findings import Finding
from verifier.privacy import Disclosure, HolderView, private
from verifier.reasons import Check, Reason, Result
from verifier.trust import Environment, Freshness, TrustedKey, TrustList

if TYPE_CHECKING:  # loaded by those who ask for rules or compare a passport
    from verifier.identity import Comparison
    from verifier.rules.report import RulesReport


class Outcome(StrEnum):
    """What the officer gets (interface contract, "Outcomes")."""

    MEETS_RULES = "meets_rules"
    AUTHENTIC = "authentic"
    DOES_NOT_MEET_RULES = "does_not_meet_rules"
    NOT_AUTHENTIC = "not_authentic"
    REFER = "refer"


# What one finding makes of the outcome; None leaves it to the others. Every cell is here and has
# its test. A check that cannot be read, and one that cannot be told, both go to a person.
_N: Final = Outcome.NOT_AUTHENTIC
_D: Final = Outcome.DOES_NOT_MEET_RULES
_R: Final = Outcome.REFER

OUTCOME_OF: Final[dict[tuple[Check, Result], Outcome | None]] = {
    (check, result): outcome
    for check, outcomes in {
        Check.INPUT: (None, _R, _R),
        Check.ENCODING: (None, _R, _R),
        Check.ENVELOPE: (None, _R, _R),
        Check.ISSUER: (None, _N, _R),
        Check.SIGNATURE: (None, _N, _R),
        Check.KEY_USE: (None, _N, _R),
        Check.SCHEMA: (None, _R, _R),
        Check.DATES: (None, _D, _R),
        # No list of withdrawn certificates is the common case and is told, not referred; see
        # `_ALWAYS_REFER` for when it is.
        Check.REVOCATION: (None, _D, None),
        # A certificate of somebody else is as authentic as before, so that a person looks. What
        # the machine cannot tell the officer sees at a glance: told, and no reason to send on.
        Check.IDENTITY: (None, _R, None),
        Check.RULES: (None, _D, _R),
    }.items()
    for result, outcome in zip((Result.PASS, Result.FAIL, Result.UNKNOWN), outcomes, strict=True)
}

# Nothing is authentic unless each of these passed: a stage that was skipped proves nothing.
_NEEDED: Final = (Check.ISSUER, Check.SIGNATURE, Check.KEY_USE, Check.SCHEMA, Check.DATES)

# A wrong signature outweighs all; not knowing outweighs a definite date or rule, because those
# words come from a document that may not be genuine.
_GRAVEST_FIRST: Final = (Outcome.NOT_AUTHENTIC, Outcome.REFER, Outcome.DOES_NOT_MEET_RULES)


# A person looks at these also where "unknown" is only told: nobody foresaw it, the certificate may
# be withdrawn, or the desk's orders demand a check that could not be made.
_ALWAYS_REFER: Final = frozenset(
    {Reason.UNFORESEEN, Reason.POSSIBLY_REVOKED, Reason.REVOCATION_DEMANDED}
)


_FROM_IDENTITY_ON: Final = (Check.IDENTITY, Check.RULES)


def outcome_by(finding: Finding) -> Outcome | None:
    """Say what one finding makes of the outcome; None leaves it to the others."""
    if finding.code in _ALWAYS_REFER:
        return Outcome.REFER
    return OUTCOME_OF[finding.check, finding.result]


@lru_cache(maxsize=512)
def outcome_of(findings: tuple[Finding, ...]) -> Outcome:
    """Derive the outcome from the findings by the table; no findings at all give REFER.

    Remembered for the combinations that a shift meets: findings are codes and nothing else.
    """
    said = {outcome_by(finding) for finding in findings}
    for outcome in _GRAVEST_FIRST:
        if outcome in said:
            return outcome
    reached = {finding[0] for finding in findings}
    if not reached.issuperset(_NEEDED):
        return Outcome.REFER
    return Outcome.MEETS_RULES if Check.RULES in reached else Outcome.AUTHENTIC


def with_identity(
    findings: tuple[Finding, ...], compared: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Put the findings of a comparison into their place in the pipeline, before the rules."""
    before = tuple(each for each in findings if each.check not in _FROM_IDENTITY_ON)
    rules = tuple(each for each in findings if each.check is Check.RULES)
    return before + compared + rules


# Key ids of lists have up to 10 bytes. A longer one from a document is not shown: nobody knows
# what its maker put there.
_SHOWN_KID_BYTES: Final = 10


class Issuer(NamedTuple):
    """Whose key signed. ``key`` is the key id in base64, ``list`` the trust list it came from.

    Members are None when the key is unknown or its list does not say.
    """

    country: str | None
    name: str | None
    key: str | None
    list: str | None


class Trust(NamedTuple):
    """The trust list that the verdict rests on: its UTC day, its age, whether an anchor vouches.

    Without a known key these are those of the newest list at the desk. ``environment`` tells a
    desk that was set up with test keys; it is shown to people and no part of the JSON.
    """

    as_of: str | None
    freshness: Freshness | None
    authenticated: bool
    environment: Environment | None = None


@lru_cache(maxsize=1024)
def issuer_of(key: TrustedKey) -> Issuer:
    """Tell whose a key of a trust list is. Remembered: a batch has few issuers."""
    return Issuer(key.country or None, key.name or None, b64encode(key.kid).decode(), key.list.name)


def shown_kid(kid: bytes) -> str | None:
    """Write a key id that a document names, None when it has not the size of one."""
    return b64encode(kid).decode() if len(kid) <= _SHOWN_KID_BYTES else None


@lru_cache(maxsize=64)
def trust_of(source: TrustList, freshness: Freshness, authenticated: bool) -> Trust:  # noqa: FBT001 - remembered by position
    """Tell what a verdict that rests on a list rests on."""
    return Trust(day_of(source.as_of), freshness, authenticated, source.environment)


def unknown_issuer(kid: bytes) -> Issuer:
    """Tell no more than which key is missing."""
    return Issuer(None, None, shown_kid(kid), None)


NO_TRUST: Final = Trust(None, None, authenticated=False)


_CLINICAL: Final = Disclosure.CLINICAL
_NOTHING: Final = Disclosure.NONE


HolderSource = Holder | Callable[[], Holder]


@private
class HolderBox:
    """Holds the holder of one document until it is read once, or the verdict is let go of.

    With ``compare_later`` it is also held, whatever is disclosed and read, to be compared with a
    passport until the verdict is let go of.
    """

    __slots__ = ("_disclosure", "_events", "_holder", "_number", "_to_compare")

    def __init__(
        self,
        holder: HolderSource,
        events: Sequence[Event],
        disclosure: Disclosure,
        travel_document: str = "",
        *,
        compare_later: bool = False,
    ) -> None:
        """Take the holder of a document that nothing speaks against, or how to build it."""
        self._disclosure = disclosure
        self._holder = None if disclosure is _NOTHING else holder
        self._events = events if disclosure is _CLINICAL else ()
        self._to_compare = holder if compare_later else None
        self._number = travel_document

    @property
    def discloses(self) -> bool:
        """Whether the policy shows anything of the holder, read already or not."""
        return self._disclosure is not _NOTHING

    @property
    def compares(self) -> bool:
        """Whether the holder is held to be compared."""
        return self._to_compare is not None

    def take(self) -> HolderView:
        """Give the view and forget the holder; the second time raises ``PolicyViolation``."""
        source, self._holder = self._holder, None
        events, self._events = self._events, ()
        if source is None:
            message = "a holder is read once"
            raise PolicyViolation(message)
        holder = source() if callable(source) else source
        clinical = tuple(fact for event in events for fact in event.facts())
        name_mrz = holder.name_mrz()
        spelt_here = False
        if not name_mrz:
            # Most documents bring their own spelling, and are shown without the tables.
            from verifier.transliteration import passport_spelling  # noqa: PLC0415 - see above

            name_mrz = passport_spelling(holder.family, holder.given)
            spelt_here = bool(name_mrz)
        born = holder.birth_date.text
        return HolderView(holder.name(), name_mrz, born, clinical, spelt_here=spelt_here)

    def compare(self, zone: str) -> "Comparison":
        """Compare the holder with a machine-readable zone; may be asked again."""
        if self._to_compare is None:
            message = "this verdict holds nobody to compare; ask for it with compare_later"
            raise PolicyViolation(message)
        from verifier import identity  # noqa: PLC0415 - few desks compare, and it loads tables

        return identity.compare(self._to_compare, self._number, zone)


# What a verdict rests on: the list, its age, whether an anchor vouches for the key.
Basis = tuple[TrustList, Freshness, bool]


class Verdict:
    """What is to be known of one document. Read-only; nothing of the traveller but the box.

    ``format`` and ``kind`` are None where they were not recognised, ``issuer`` where the document
    names no key. A verdict can be compared and pickled; the holder then stays behind. Issuer and
    trust are worked out when they are asked for: a desk that only shows the outcome does not.
    """

    __slots__ = (
        "_basis", "_box", "_findings", "_format", "_kind", "_outcome", "_rules", "_signer",
        "_valid_from",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - one argument a member of the contract
        self,
        outcome: Outcome,
        findings: tuple[Finding, ...],
        format: str | None,  # noqa: A002 - the interface contract's word
        kind: Kind | None,
        issuer: Issuer | TrustedKey | None,
        trust: Trust | Basis,
        box: HolderBox | None = None,
        valid_from: str | None = None,
        rules: "RulesReport | None" = None,
    ) -> None:
        """Take the members; ``issuer`` may be a key, ``trust`` a list and its age."""
        self._rules = rules
        self._valid_from = valid_from
        self._outcome = outcome
        self._findings = findings
        self._format = format
        self._kind = kind
        self._signer = issuer
        self._basis = trust
        self._box = box

    @property
    def outcome(self) -> Outcome:
        """What the officer gets."""
        return self._outcome

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every check that was reached, in the order of the pipeline."""
        return self._findings

    @property
    def format(self) -> str | None:
        """The format, such as ``eu-dcc``."""
        return self._format

    @property
    def kind(self) -> Kind | None:
        """What the certificate is for."""
        return self._kind

    @property
    def issuer(self) -> Issuer | None:
        """Whose key signed, or which key is missing."""
        signer = self._signer
        return issuer_of(signer) if isinstance(signer, TrustedKey) else signer

    @property
    def trust(self) -> Trust:
        """The trust list that the verdict rests on."""
        basis = self._basis
        if isinstance(basis, Trust):
            return basis
        return trust_of(*basis)

    @property
    def valid_from(self) -> str | None:
        """The first day (``YYYY-MM-DD``) of a certificate that only does not count yet.

        None for every other, and when the policy discloses nothing.
        """
        return self._valid_from

    @property
    def rules(self) -> "RulesReport | None":
        """What each entry rule said, and what else would meet them; None when none were asked.

        None as well where the certificate was not read so far. Its days are left out when the
        policy discloses nothing.
        """
        return self._rules

    def holder(self) -> HolderView:
        """Give, once, what is needed to compare the document with a passport.

        Raises ``PolicyViolation`` the second time, when the policy discloses nothing, and for a
        document of which anything failed or that no anchor vouches for: unverified claims are
        never shown.
        """
        if self._box is None or not self._box.discloses:
            message = "this verdict discloses no holder"
            raise PolicyViolation(message)
        return self._box.take()

    @property
    def discloses_holder(self) -> bool:
        """Whether ``holder`` has anything to give."""
        return self._box is not None and self._box.discloses

    def compare(self, zone: str) -> "Comparison":
        """Compare the holder with the machine-readable zone of a passport, as a scanner gives it.

        Shows nothing, works whatever the policy discloses, and may be asked again after a bad scan.
        Needs a ``Verifier`` with ``compare_later``, as the holder has to be held until then; raises
        ``PolicyViolation`` without, and for a document whose holder would not be shown either.
        ``with_identity`` adds what came of it to the verdict.
        """
        if self._box is None:
            message = "this verdict compares no holder"
            raise PolicyViolation(message)
        return self._box.compare(zone)

    @property
    def compares_holder(self) -> bool:
        """Whether ``compare`` has anybody to compare."""
        return self._box is not None and self._box.compares

    def with_identity(self, comparison: "Comparison") -> "Verdict":
        """Give the verdict that a comparison makes of this one, in the place of any before it."""
        findings = with_identity(self._findings, comparison.findings)
        return Verdict(
            outcome_of(findings),
            findings,
            self._format,
            self._kind,
            self._signer,
            self._basis,
            self._box,
            self._valid_from,
            self._rules,
        )

    def _told(self) -> tuple[object, ...]:
        return self.outcome, self.findings, self.format, self.kind, self.issuer, self.trust

    def _lasting_rules(self) -> "RulesReport | None":
        return None if self._rules is None else self._rules.without_days()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Verdict)
            and self._told() == other._told()
            and self._lasting_rules() == other._lasting_rules()
        )

    def __hash__(self) -> int:
        return hash(self._told())

    def __repr__(self) -> str:
        codes = " ".join(finding.code.value for finding in self._findings)
        return f"<Verdict {self._outcome.value}: {codes}>"

    def __reduce__(self) -> tuple[type["Verdict"], tuple[object, ...]]:
        """Pickle everything but the holder, and the days that say when a dose was given."""
        return Verdict, (*self._told(), None, None, self._lasting_rules())

    def to_json(self) -> dict[str, object]:
        """Give the members of ``pratique.verdict/1`` as plain data; the holder is left null.

        The interface contract ("Verdict as JSON") says what each member means; the JSON Schema
        ships beside this file as ``verdict.schema.json``.
        """
        issuer, trust = self.issuer, self.trust
        return {
            "schema": "pratique.verdict/1",
            "outcome": self.outcome.value,
            "format": self.format,
            "kind": self.kind and self.kind.value,
            "issuer": issuer and issuer._asdict(),
            "findings": [
                {"check": check.value, "result": result.value, "code": code.value}
                for check, result, code in self.findings
            ],
            "rules": self._rules and self._rules.to_json(),
            "trust": {
                "as_of": trust.as_of,
                "freshness": trust.freshness and trust.freshness.value,
                "authenticated": trust.authenticated,
            },
            "holder": None,
        }
