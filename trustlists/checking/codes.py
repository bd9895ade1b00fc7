"""What can be found in a trust list: codes, how much each matters, and what to do about it.

Codes are never reused. The words are fixed: no finding quotes a list.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from verifier.clock import Instant


class Severity(StrEnum):
    """How much a finding matters. An error can spoil verdicts; a note is for the publisher."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """What can be found. The words are for programs and never change their meaning."""

    PRIVATE_KEY_PUBLISHED = "TRL-001"
    LIST_REFUSED = "TRL-002"
    LIST_TOO_OLD = "TRL-003"
    LIST_EXPIRED = "TRL-004"
    ENTRY_REFUSED = "TRL-005"
    LIST_NOT_AUTHENTICATED = "TRL-006"
    LIST_STALE = "TRL-007"
    LIST_EXPIRES_SOON = "TRL-008"
    ANCHOR_ENDED = "TRL-009"
    EXPIRED = "TRL-010"
    EXPIRES_SOON = "TRL-011"
    NOT_YET_VALID = "TRL-012"
    KID_OF_TWO_KEYS = "TRL-013"
    KEY_UNDER_TWO_KIDS = "TRL-014"
    KEY_WEAK = "TRL-015"
    KEY_UNUSUAL = "TRL-016"
    JWK_NOT_CONFORMING = "TRL-017"
    EXTENSIONS_UNREADABLE = "TRL-018"
    ISSUER_SIGNATURE_WRONG = "TRL-019"
    ISSUER_SIGNATURE_UNCHECKABLE = "TRL-020"
    AUTHORITY_NOT_LISTED = "TRL-021"
    OUTLIVES_AUTHORITY = "TRL-022"
    AUTHORITY_EXPIRED = "TRL-023"
    UNDER_EXPIRED_AUTHORITY = "TRL-024"
    KID_NOT_HASH = "TRL-025"
    TEST_NATION = "TRL-026"
    COUNTRY_DIFFERS = "TRL-027"
    KEY_USAGE = "TRL-028"
    BASIC_CONSTRAINTS = "TRL-029"
    VALIDITY_LENGTH = "TRL-030"
    KEY_IDENTIFIERS = "TRL-031"
    SUBJECT = "TRL-032"
    NO_AUTHORITIES = "TRL-033"


class Rule(NamedTuple):
    """What a code stands for: how much it matters, what it is, and what to do about it."""

    severity: Severity
    what: str
    next_step: str


_ISSUER: Final = "Tell the issuer."
_PUBLISHER: Final = "Tell whoever publishes the list."
_FETCH: Final = "Fetch the newest edition and import it."
_NONE: Final = "Nothing to do here; the verifier copes."
_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
RULES: Final[Mapping[Code, Rule]] = {
    Code.PRIVATE_KEY_PUBLISHED: Rule(
        _E,
        "The private half of the key is public: anybody can sign with it.",
        "Take the list out of the store, and tell whoever publishes it.",
    ),
    Code.LIST_REFUSED: Rule(_E, "The list cannot be believed or read.", _FETCH),
    Code.LIST_TOO_OLD: Rule(_E, "The list is too old: every verdict on it is REFER.", _FETCH),
    Code.LIST_EXPIRED: Rule(_E, "The list says itself that its time is over.", _FETCH),
    Code.ENTRY_REFUSED: Rule(_W, "An entry of the list was not taken.", _PUBLISHER),
    Code.LIST_NOT_AUTHENTICATED: Rule(
        _W,
        "No anchor vouches for the list or for some of its keys: verdicts on them are REFER.",
        "Import the signed list, or name the key that signs it with --anchor.",
    ),
    Code.LIST_STALE: Rule(_W, "The list is stale: verdicts say so.", _FETCH),
    Code.LIST_EXPIRES_SOON: Rule(_W, "The list says that its time is nearly over.", _FETCH),
    Code.ANCHOR_ENDED: Rule(
        _E,
        "The time of the anchor that vouches for the key is over.",
        "Install the newest version of this program, then import the list again.",
    ),
    Code.EXPIRED: Rule(
        _W,
        "The certificate of a signer has expired: its documents do not pass.",
        "Ask the publisher to take it out when nothing that it signed is in use.",
    ),
    Code.EXPIRES_SOON: Rule(
        _W,
        "The certificate expires soon.",
        "Look for its successor in the next edition of the list.",
    ),
    Code.NOT_YET_VALID: Rule(_N, "The certificate is not valid yet.", "Check this clock first."),
    Code.KID_OF_TWO_KEYS: Rule(
        _W, "One key id stands for different keys; each of them is tried.", _PUBLISHER
    ),
    Code.KEY_UNDER_TWO_KIDS: Rule(_W, "One public key is listed under different ids.", _ISSUER),
    Code.KEY_WEAK: Rule(_E, "The key is too weak; it verifies nothing.", _ISSUER),
    Code.KEY_UNUSUAL: Rule(_N, "The kind or size of the key is not the recommended one.", _ISSUER),
    Code.JWK_NOT_CONFORMING: Rule(
        _W,
        "The JSON Web Key is not written as RFC 7518 demands; other software may refuse it.",
        _PUBLISHER,
    ),
    Code.EXTENSIONS_UNREADABLE: Rule(
        _W,
        "The extensions of the certificate cannot be read by a strict reader.",
        _ISSUER,
    ),
    Code.ISSUER_SIGNATURE_WRONG: Rule(
        _E,
        "The authority that the certificate names has not signed it.",
        _PUBLISHER,
    ),
    Code.ISSUER_SIGNATURE_UNCHECKABLE: Rule(
        _W,
        "The authority's signature cannot be checked: it is made in a way not used any more.",
        _ISSUER,
    ),
    Code.AUTHORITY_NOT_LISTED: Rule(
        _W, "The authority that the certificate names is not in the list.", _PUBLISHER
    ),
    Code.OUTLIVES_AUTHORITY: Rule(_W, "The certificate outlives its authority.", _ISSUER),
    Code.AUTHORITY_EXPIRED: Rule(_W, "The certificate of an authority has expired.", _PUBLISHER),
    Code.UNDER_EXPIRED_AUTHORITY: Rule(
        _W, "The certificate hangs on an authority that has expired.", _ISSUER
    ),
    Code.KID_NOT_HASH: Rule(_N, "The key id is not the hash of the certificate.", _NONE),
    Code.TEST_NATION: Rule(
        _W,
        "A nation that does not exist is in a list of real ones.",
        "Nothing to do: it is not trusted unless --test-nations was given.",
    ),
    Code.COUNTRY_DIFFERS: Rule(
        _W, "The certificate names another country than the list does.", _PUBLISHER
    ),
    Code.KEY_USAGE: Rule(_N, "The key usage is not what the profile asks for.", _ISSUER),
    Code.BASIC_CONSTRAINTS: Rule(
        _N, "The basic constraints are not what the profile asks for.", _ISSUER
    ),
    Code.VALIDITY_LENGTH: Rule(
        _N, "The certificate is valid for longer or shorter than the profile asks for.", _ISSUER
    ),
    Code.KEY_IDENTIFIERS: Rule(
        _N, "The key identifiers are not what the profile asks for.", _ISSUER
    ),
    Code.SUBJECT: Rule(_N, "The subject lacks a name that the profile asks for.", _ISSUER),
    Code.NO_AUTHORITIES: Rule(
        _N,
        "The list holds no authorities, so who signed its certificates was not checked.",
        _NONE,
    ),
}


class Finding(NamedTuple):
    """One thing that was found.

    ``source`` is the name of the file, empty for a store; ``list`` the name of the list; ``entry``
    the key id (base64) or place, empty for the list as a whole; ``country`` ISO 3166-1 alpha-2 or
    empty; ``detail`` more in fixed words, or empty.
    """

    code: Code
    source: str
    list: str
    entry: str = ""
    country: str = ""
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return RULES[self.code].severity


class CheckReport(NamedTuple):
    """What was looked at, for which instant, and all that was found, in the order of the codes."""

    at: Instant
    lists: tuple[str, ...]
    keys: int
    findings: tuple[Finding, ...]

    def counts(self) -> dict[Code, int]:
        """Count the findings of each code that occurs."""
        return dict(Counter(finding.code for finding in self.findings))

    def reaches(self, level: Severity) -> bool:
        """Tell whether there is a finding that matters at least so much."""
        order = list(Severity)
        return any(order.index(each.severity) <= order.index(level) for each in self.findings)
