"""Puts a certificate before rules: builds what they see, evaluates them, adds up what they say.

The context of a rule is ``payload`` and ``external`` (certlogic-rules notes, 3 and 4). A subject
that may be any of several is asked about as each of them: a rule has decided only if it says the
same of all.
"""

from base64 import b64encode
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from verifier.claims import Kind
from verifier.clock import Instant, day_of
from verifier.privacy import private
from verifier.rules.certlogic import Truth
from verifier.rules.rule import Rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.selection import Selection, select
from verifier.rules.unknown import UNKNOWN, Unknown

_FULL: Final = "%Y-%m-%dT%H:%M:%SZ"


@private
class Subject:
    """A certificate as rules see it.

    ``worlds`` are the payloads that it may have, in the shape of a DCC; ``kind`` what it is for;
    ``issuer`` the country that issued it (alpha-2, empty when not known), ``kid`` the id of the key
    that signed it, ``issued`` and ``expires`` the envelope's instants, None where they are not
    stated. ``of_dcc`` tells that what is missing is missing, and not unknown. ``zone`` is how many
    seconds the point of entry is ahead of UTC.
    """

    __slots__ = ("expires", "issued", "issuer", "kid", "kind", "of_dcc", "worlds", "zone")

    def __init__(  # noqa: PLR0913 - one argument a fact, all but two by keyword
        self,
        worlds: Sequence[Mapping[str, Any]],
        kind: Kind,
        *,
        issuer: str,
        kid: bytes | None = None,
        issued: Instant | None = None,
        expires: Instant | None = None,
        of_dcc: bool = False,
        zone: int = 0,
    ) -> None:
        """Take the facts."""
        self.zone = zone
        self.worlds = worlds
        self.kind = kind
        self.issuer = issuer
        self.kid = kid
        self.issued = issued
        self.expires = expires
        self.of_dcc = of_dcc


class Answers(NamedTuple):
    """What the rules of one set said of a subject at an instant."""

    selection: Selection
    truths: tuple[tuple[Rule, Truth], ...]

    @property
    def total(self) -> Truth:
        """Say what they say together: refused by one, accepted by all, else open."""
        said = {truth for _, truth in self.truths}
        if Truth.FAILED in said:
            return Truth.FAILED
        decided = not self.selection.open and not self.selection.none_in_force
        return Truth.PASSED if decided and said == {Truth.PASSED} else Truth.OPEN


class Asking:
    """The rules of one country, with those of an issuing country that may withdraw certificates.

    What the rules see beside the certificate is built once for each stretch of time in which the
    value sets stay the same.
    """

    __slots__ = ("_changes", "_codes", "_issuer_rules", "_region", "rules")

    def __init__(
        self, rules: RuleSet, issuer_rules: RuleSet | None = None, region: str = ""
    ) -> None:
        """Take the rules of the destination, of the issuer if there are any, and a region."""
        self.rules = rules
        self._issuer_rules = issuer_rules
        self._region = region
        self._changes = sorted({each.date for each in rules.value_sets.sets})
        self._codes: dict[int, dict[str, list[str]]] = {}

    @property
    def changes(self) -> frozenset[str]:
        """The days (``YYYY-MM-DD``) on which a value set changes."""
        return frozenset(day for day in self._changes if day)

    def select(self, subject: Subject, at: Instant) -> Selection:
        """Pick the rules that speak of a subject at an instant."""
        return select(
            self.rules,
            self._issuer_rules,
            issuer=subject.issuer,
            kind=subject.kind,
            at=at,
            region=self._region,
        )

    def all(self, subject: Subject, at: Instant) -> Answers:
        """Ask every rule that speaks of a subject at an instant."""
        selection = self.select(subject, at)
        here = self.external(subject, at)
        truths = [(rule, judge(rule, subject, here)) for rule in selection.acceptance]
        if self._issuer_rules is not None and selection.invalidation:
            # To a rule that withdraws certificates, the country is the issuer's own.
            there = Asking(self._issuer_rules).external(subject, at)
            truths += [(rule, judge(rule, subject, there)) for rule in selection.invalidation]
        return Answers(selection, tuple(truths))

    def one(self, rule: Rule, subject: Subject, at: Instant) -> Truth:
        """Ask one rule about a subject at an instant, whether or not it is in force then."""
        return judge(rule, subject, self.external(subject, at))

    def external(self, subject: Subject, at: Instant) -> dict[str, object]:
        """Build the external parameters (notes, 4), and ``day``, the calendar day of the entry."""
        missing = None if subject.of_dcc else UNKNOWN
        return {
            "validationClock": _text_of(at),
            "valueSets": self._value_sets(at),
            "countryCode": self.rules.country,
            "issuerCountryCode": subject.issuer or UNKNOWN,
            "iat": _stated(subject.issued, missing),
            "exp": _stated(subject.expires, missing),
            "kid": UNKNOWN if subject.kid is None else b64encode(subject.kid).decode(),
            "region": self._region,
            "day": day_of(at + subject.zone),
        }

    def _value_sets(self, at: Instant) -> dict[str, list[str]]:
        stretch = bisect_right(self._changes, day_of(at))
        known = self._codes.get(stretch)
        if known is None:
            in_force = self.rules.value_sets.in_force(at)
            known = {name: list(codes) for name, codes in in_force.items()}
            self._codes[stretch] = known
        return known


def judge(rule: Rule, subject: Subject, external: Mapping[str, object]) -> Truth:
    """Evaluate one rule on each payload that a subject may have; open where they differ."""
    logic = rule.logic
    said = {logic.judge({"payload": world, "external": external}) for world in subject.worlds}
    return said.pop() if len(said) == 1 else Truth.OPEN


def _stated(instant: Instant | None, missing: Unknown | None) -> object:
    return missing if instant is None else _text_of(instant)


def _text_of(instant: Instant) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime(_FULL)
