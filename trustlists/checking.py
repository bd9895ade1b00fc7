"""Finds what is wrong or odd in trust lists, stored or in files, without changing anything.

Real lists break most rules somewhere (gdhcn-trust notes, 3.4, 3.5, 7), so nothing here drops a key:
a finding names an entry, what is odd about it, and what to do. Codes are never reused. No finding
quotes a list: entries are named by key id, country or place.
"""

import os
import re
import warnings
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum, StrEnum
from typing import Any, Final, NamedTuple, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from trustlists.anchors import Anchor, pinned_anchors, read_anchors
from trustlists.gathering import Gathered, Options, Refused, companions_among, gather
from trustlists.json_text import from_either_base64, read_object, text_of
from trustlists.public_keys import CURVES, P256, kind_of
from trustlists.records import REFUSAL_WORDS, KeyRecord, Refusal, RefusedEntry, Role
from trustlists.sources import read_source
from trustlists.store import StoredKey, TrustStore
from verifier.clock import Instant, day_of
from verifier.codecs.x509 import CertificateFacts, NotACertificate, read_certificate
from verifier.countries import agree, alpha_2
from verifier.errors import SetupError, TrustListInvalid
from verifier.limits import KID_BYTES, RSA_BITS
from verifier.trust import Environment, Freshness, TrustList

_DAY: Final = 86_400
SOON: Final = 60 * _DAY

# A signed end of validity this near leaves a desk that is offline over a weekend without a list.
_LIST_SOON: Final = 3 * _DAY

# Years of validity (gdhcn-trust notes, 7), in days, with leap days and a month's grace for "about".
_AUTHORITY_DAYS: Final = range(2 * 365, 4 * 366 + 1)
_SIGNER_DAYS: Final = 2 * 366 + 31
_AUTHORITY_RSA_BITS: Final = 3_000
_SIGNER_RSA_BITS: Final = 3_072

# Authorities of one name that are tried: real lists have 6 at most; a hostile one could name
# thousands and make each signer cost as many verifications.
_CANDIDATES: Final = 16

_SHA2: Final = {"sha256", "sha384", "sha512"}

# How the library refuses a certificate or a part of it; these errors have no root of their own.
_REFUSED: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)

# Schemes whose key id is the hash of the certificate (gdhcn-trust notes, 4), and whose
# certificates follow the profile of section 7.
_DCC_FAMILY: Final = frozenset({"eu-dcc", "at-exemption", "who-ddcc", "who-icvp"})

# ISO 3166-1 leaves these to whoever wants them; XK is Kosovo by common use.
_USER_ASSIGNED: Final = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


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


class JwkProblem(StrEnum):
    """How a JSON Web Key departs from RFC 7518. The words are for people."""

    KIND = "kind of key"
    CURVE = "name of the curve"
    MISSING = "a number is missing"
    PADDING = "padding"
    ALPHABET = "not base64url"
    LENGTH = "length of a coordinate"
    LEADING_ZERO = "leading zero"


class _Entry(NamedTuple):
    """A key of a list with all that the checks look at; ``facts`` is None without certificate."""

    source: str
    list: str
    environment: Environment | None
    kid: bytes
    spki: bytes
    role: Role
    country: str
    schemes: frozenset[str]
    issuer: str
    not_before: Instant | None
    not_after: Instant | None
    vouched: bool
    vouched_until: Instant | None
    certificate: bytes | None
    facts: CertificateFacts | None

    @property
    def is_authority(self) -> bool:
        """Whether it signs certificates; test nations have authorities too."""
        certified = self.facts is not None and self.facts.is_ca
        return self.role is Role.AUTHORITY or (self.role is Role.TEST_NATION and certified)

    @property
    def is_signer(self) -> bool:
        """Whether it signs documents, or would if its nation existed."""
        return self.role in {Role.SIGNER, Role.TEST_NATION} and not self.is_authority

    def finding(self, code: Code, detail: str = "") -> Finding:
        """Make a finding about this entry."""
        kid = b64encode(self.kid).decode()
        return Finding(code, self.source, self.list, kid, self.country, detail)


class _Signed(Enum):
    """Whether an authority has signed a certificate, as far as can be told."""

    YES = "yes"
    NO = "no"
    UNCHECKABLE = "uncheckable"


def check_store(store: TrustStore, *, at: Instant, soon: int = SOON) -> CheckReport:
    """Look at every list and key of a store.

    ``at`` decides what has expired (seconds since 1970), ``soon`` how many seconds before its end a
    certificate is named. Raises ``TrustStoreInvalid`` when the store cannot be read.
    """
    lists = store.lists()
    found: list[Finding] = []
    everything: list[_Entry] = []
    for each in lists:
        entries = [_of_stored(stored) for stored in store.keys(list_name=each.name)]
        named = TrustList(
            each.name, each.environment, each.as_of, each.stale_after, each.too_old_after
        )
        found.extend(_age("", named, at))
        found.extend(_list_findings(entries, at, soon))
        everything.extend(entries)
    found.extend(_clashes(everything))
    return _report(at, [each.name for each in lists], len(everything), found)


def check_sources(  # noqa: PLR0913 - one argument a choice of the operator
    sources: Sequence[str | os.PathLike[str]],
    *,
    at: Instant,
    soon: int = SOON,
    scheme: str = "eu-dcc",
    country: str = "",
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
) -> CheckReport:
    """Look at files and folders of lists without storing them; arguments as for ``check_store``.

    ``scheme``, ``country`` and ``anchors`` are those of ``import_sources``. What cannot be read is
    a finding. Lists that nobody signed are looked into too. Raises ``SetupError`` for an anchor
    that cannot be read, and for nothing else.
    """
    own: list[Anchor] = []
    for anchor in anchors:
        own.extend([anchor] if isinstance(anchor, Anchor) else read_anchors(anchor))
    options = Options((), scheme, country, pinned_anchors(), tuple(own), now=at, unsigned=True)
    companions = companions_among(sources)
    found: list[Finding] = []
    names: list[str] = []
    everything: list[_Entry] = []
    for source in sources:
        for outcome in gather(source, options, companions):
            if isinstance(outcome, Refused):
                found.extend(_of_refused(outcome))
                continue
            entries = [_of_record(record, outcome) for record in outcome.parsed.records]
            names.append(outcome.parsed.name)
            found.extend(_gathered_findings(outcome, at))
            found.extend(_list_findings(entries, at, soon))
            everything.extend(entries)
        found.extend(_jwk_findings(source))
    found.extend(_clashes(everything))
    return _report(at, names, len(everything), found)


def conforms(jwk: Mapping[str, Any]) -> list[JwkProblem]:
    """Tell how a public JSON Web Key departs from RFC 7518, 6.2.1 and 6.3.1; empty for a good one.

    Coordinates have the full size of their curve, numbers of RSA as few octets as possible, and
    both are base64url without padding (RFC 7515, 2).
    """
    kind = jwk.get("kty")
    if kind == "OKP":  # RFC 8037 has its own rules; no list here uses it
        return []
    if kind not in ("EC", "RSA"):  # a set would have to hash it
        return [JwkProblem.KIND]
    found: list[JwkProblem] = []
    curve = next((curve for curve in CURVES if curve.name == jwk.get("crv")), None)
    if kind == "EC" and curve is None:
        found.append(JwkProblem.CURVE)
    for name in ("x", "y") if kind == "EC" else ("n", "e"):
        text = jwk.get(name)
        if not isinstance(text, str) or not text:
            found.append(JwkProblem.MISSING)
            continue
        if text.endswith("="):
            found.append(JwkProblem.PADDING)
        if not _BASE64URL.fullmatch(text.rstrip("=")):
            found.append(JwkProblem.ALPHABET)
        number = from_either_base64(text)
        if kind == "RSA" and number[:1] == b"\0":
            found.append(JwkProblem.LEADING_ZERO)
        if kind == "EC" and curve and len(number) != curve.size:
            found.append(JwkProblem.LENGTH)
    return list(dict.fromkeys(found))


def _report(at: Instant, names: Sequence[str], keys: int, found: Iterable[Finding]) -> CheckReport:
    order = list(Code)
    in_order = sorted(found, key=lambda finding: order.index(finding.code))
    return CheckReport(at, tuple(names), keys, tuple(in_order))


def _of_stored(stored: StoredKey) -> _Entry:
    key = stored.key
    return _Entry(
        source="",
        list=key.list.name,
        environment=key.list.environment,
        kid=key.kid,
        spki=key.spki,
        role=Role(stored.role),
        country=key.country,
        schemes=key.schemes,
        issuer=key.issuer,
        not_before=key.not_before,
        not_after=key.not_after,
        vouched=key.authenticated,
        vouched_until=stored.vouched_until,
        certificate=stored.certificate,
        facts=_facts(stored.certificate),
    )


def _of_record(record: KeyRecord, gathered: Gathered) -> _Entry:
    return _Entry(
        source=gathered.source,
        list=gathered.parsed.name,
        environment=gathered.parsed.environment,
        kid=record.kid,
        spki=record.spki,
        role=record.role,
        country=record.country,
        schemes=record.schemes,
        issuer=record.issuer,
        not_before=record.not_before,
        not_after=record.not_after,
        vouched=record.anchor is not None,
        vouched_until=record.anchor.until if record.anchor else None,
        certificate=record.certificate,
        facts=_facts(record.certificate),
    )


def _facts(certificate: bytes | None) -> CertificateFacts | None:
    try:
        return read_certificate(certificate) if certificate else None
    except NotACertificate:
        return None


def _of_refused(refused: Refused) -> Iterator[Finding]:
    words = str(refused.error).partition("\n")[0]
    yield Finding(Code.LIST_REFUSED, refused.source, "", detail=words)
    yield from _entries_refused(refused.source, "", refused.entries)


def _gathered_findings(gathered: Gathered, at: Instant) -> Iterator[Finding]:
    """Look at what a list says of itself, and at what was not taken from it."""
    parsed, source = gathered.parsed, gathered.source
    yield from _entries_refused(source, parsed.name, parsed.refused)
    if parsed.anchor and parsed.dated is not None:  # a date that nobody signed says nothing
        environment = parsed.environment or Environment.PRODUCTION
        named = TrustList(parsed.name, environment, parsed.dated, *gathered.dialect.ages)
        yield from _age(source, named, at)
    if parsed.expires is not None and parsed.expires < at + _LIST_SOON:
        over = parsed.expires < at
        code = Code.LIST_EXPIRED if over else Code.LIST_EXPIRES_SOON
        yield Finding(code, source, parsed.name, detail=day_of(parsed.expires))


def _entries_refused(
    source: str, list_name: str, entries: Iterable[RefusedEntry]
) -> Iterator[Finding]:
    for entry, reason in entries:
        published = reason in {Refusal.PRIVATE_KEY, Refusal.PRIVATE_KEY_PUBLISHED}
        code = Code.PRIVATE_KEY_PUBLISHED if published else Code.ENTRY_REFUSED
        yield Finding(code, source, list_name, entry, detail=REFUSAL_WORDS[reason])


def _age(source: str, named: TrustList, at: Instant) -> Iterator[Finding]:
    """Name a list that is stale or too old (gdhcn-trust notes, 5.3)."""
    freshness = named.freshness(at)
    if freshness is not Freshness.FRESH:
        too_old = freshness is Freshness.TOO_OLD
        code = Code.LIST_TOO_OLD if too_old else Code.LIST_STALE
        yield Finding(code, source, named.name, detail=f"as of {day_of(named.as_of)}")


def _list_findings(entries: Sequence[_Entry], at: Instant, soon: int) -> Iterator[Finding]:
    """Look at the keys of one list, each by itself and under the authorities of the list."""
    bare = sum(not entry.vouched for entry in entries)
    if bare:
        detail = f"{bare} of {len(entries)} keys"
        yield Finding(
            Code.LIST_NOT_AUTHENTICATED, entries[0].source, entries[0].list, detail=detail
        )
    authorities: dict[bytes, list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.facts and entry.is_authority:
            authorities[entry.facts.subject].append(entry)
    certified = [entry for entry in entries if entry.facts and entry.is_signer]
    if certified and not authorities:
        yield Finding(Code.NO_AUTHORITIES, certified[0].source, certified[0].list)
    dcc = any(entry.schemes & _DCC_FAMILY for entry in entries)
    for entry in entries:
        yield from _key_findings(entry)
        if entry.is_signer or entry.is_authority:
            yield from _date_findings(entry, at, soon)
        if entry.facts and entry.certificate:
            yield from _certificate_findings(
                entry, entry.facts, entry.certificate, authorities, at, dcc=dcc
            )


def _key_findings(entry: _Entry) -> Iterator[Finding]:
    """Look at the key itself, and at whose it is."""
    from trustlists.published_keys import is_published  # noqa: PLC0415 - its table is long

    if is_published(entry.spki):
        yield entry.finding(Code.PRIVATE_KEY_PUBLISHED)
    kind = kind_of(entry.spki)
    bits = int(kind.removeprefix("RSA ")) if kind.startswith("RSA ") else 0
    if bits and bits < RSA_BITS.start:
        yield entry.finding(Code.KEY_WEAK, kind)
    elif entry.is_authority and bits:
        if bits < _AUTHORITY_RSA_BITS:
            yield entry.finding(Code.KEY_UNUSUAL, kind)
    elif entry.is_signer and kind != P256.name and not 0 < bits <= _SIGNER_RSA_BITS:
        yield entry.finding(Code.KEY_UNUSUAL, kind)
    assigned = _USER_ASSIGNED.fullmatch(entry.country)
    if entry.role is Role.TEST_NATION or (assigned and entry.environment is Environment.PRODUCTION):
        yield entry.finding(Code.TEST_NATION)


def _date_findings(entry: _Entry, at: Instant, soon: int) -> Iterator[Finding]:
    """Look at the times of a signer or authority, and of the anchor that vouches for it."""
    start, end = entry.not_before, entry.not_after
    if entry.vouched_until is not None and entry.vouched_until < at:
        yield entry.finding(Code.ANCHOR_ENDED, day_of(entry.vouched_until))
    if start is not None and start > at:
        yield entry.finding(Code.NOT_YET_VALID, day_of(start))
    if end is None or end >= at + soon:
        return
    if end >= at:
        code = Code.EXPIRES_SOON
    else:
        code = Code.AUTHORITY_EXPIRED if entry.is_authority else Code.EXPIRED
    yield entry.finding(code, day_of(end))


def _certificate_findings(  # noqa: PLR0913 - the entry in its parts, and its surroundings
    entry: _Entry,
    facts: CertificateFacts,
    der: bytes,
    authorities: Mapping[bytes, Sequence[_Entry]],
    at: Instant,
    *,
    dcc: bool,
) -> Iterator[Finding]:
    """Look at the certificate, at what it says of its key, and at who has signed it.

    ``dcc`` tells whether the list is of the DCC family, whose profile its authorities have to meet.
    """
    certificate = _loaded(der)
    extensions = _extensions(certificate)
    if extensions is None:
        yield entry.finding(Code.EXTENSIONS_UNREADABLE)
    in_family = bool(entry.schemes & _DCC_FAMILY) or (entry.is_authority and dcc)
    if in_family and entry.kid != facts.kid:
        yield entry.finding(Code.KID_NOT_HASH)
    named = alpha_2(facts.country)
    if not agree(named, entry.country):
        yield entry.finding(Code.COUNTRY_DIFFERS, f"certificate of {named}")
    if not (entry.is_signer or entry.is_authority):
        return
    signers: list[_Entry] = []
    if entry.is_signer and authorities:
        candidates = authorities.get(facts.issuer, ())[:_CANDIDATES]
        outcomes = [_signed(certificate, candidate.spki) for candidate in candidates]
        signers = [
            candidate
            for candidate, outcome in zip(candidates, outcomes, strict=True)
            if outcome is _Signed.YES
        ]
        if not signers:
            yield _unsigned(entry, certificate, candidates, outcomes)
        yield from _lifetime_findings(entry, facts, signers, at)
    if in_family:
        yield from _profile_findings(entry, facts, certificate, extensions, signers)


def _unsigned(
    entry: _Entry,
    certificate: x509.Certificate | None,
    candidates: Sequence[_Entry],
    outcomes: Sequence[_Signed],
) -> Finding:
    """Say why no authority of the list is known to have signed a certificate."""
    if _signed(certificate, entry.spki) is _Signed.YES:
        return entry.finding(Code.AUTHORITY_NOT_LISTED, "it signed itself")
    if not candidates:
        return entry.finding(Code.AUTHORITY_NOT_LISTED)
    if _Signed.UNCHECKABLE in outcomes:
        return entry.finding(Code.ISSUER_SIGNATURE_UNCHECKABLE)
    # An authority that changes its key keeps its name: the id tells whether the key is here.
    above = _authority_id(_extensions(certificate))
    if above and above not in {_own_id(candidate.certificate) for candidate in candidates}:
        return entry.finding(Code.AUTHORITY_NOT_LISTED, "only another key of the same name is")
    return entry.finding(Code.ISSUER_SIGNATURE_WRONG)


def _lifetime_findings(
    entry: _Entry, facts: CertificateFacts, signers: Sequence[_Entry], at: Instant
) -> Iterator[Finding]:
    """Compare the end of a certificate with that of its authority: the shell model (notes, 7)."""
    ends = [signer.facts.not_after for signer in signers if signer.facts]
    if not ends:
        return
    last = max(ends)
    if facts.not_after > last:
        yield entry.finding(Code.OUTLIVES_AUTHORITY, f"authority until {day_of(last)}")
    if last < at:
        yield entry.finding(Code.UNDER_EXPIRED_AUTHORITY, day_of(last))


def _profile_findings(
    entry: _Entry,
    facts: CertificateFacts,
    certificate: x509.Certificate | None,
    extensions: x509.Extensions | None,
    signers: Sequence[_Entry],
) -> Iterator[Finding]:
    """Compare with the profile of the network (gdhcn-trust notes, 7)."""
    days = (facts.not_after - facts.not_before) // _DAY
    fits = days in _AUTHORITY_DAYS if entry.is_authority else days <= _SIGNER_DAYS
    if not fits:
        yield entry.finding(Code.VALIDITY_LENGTH, f"{days} days")
    lacking = _names_lacking(facts, certificate)
    if lacking:
        yield entry.finding(Code.SUBJECT, lacking)
    if extensions is None:
        return
    usage = _value(extensions, x509.KeyUsage)
    needed = "keyCertSign" if entry.is_authority else "digitalSignature"
    if usage is None:
        yield entry.finding(Code.KEY_USAGE, "none said")
    elif not (usage.key_cert_sign if entry.is_authority else usage.digital_signature):
        yield entry.finding(Code.KEY_USAGE, f"without {needed}")
    constraints = _value(extensions, x509.BasicConstraints)
    is_ca = constraints is not None and constraints.ca
    if entry.is_authority and not is_ca:
        yield entry.finding(Code.BASIC_CONSTRAINTS, "an authority that is no CA")
    elif entry.is_authority and constraints and constraints.path_length:
        yield entry.finding(Code.BASIC_CONSTRAINTS, "path length above 0")
    elif entry.is_signer and is_ca:
        yield entry.finding(Code.BASIC_CONSTRAINTS, "a signer that is a CA")
    wrong = _identifier_faults(entry, extensions, signers)
    if wrong:
        yield entry.finding(Code.KEY_IDENTIFIERS, "; ".join(wrong))


def _identifier_faults(
    entry: _Entry, extensions: x509.Extensions, signers: Sequence[_Entry]
) -> list[str]:
    """Tell what is wrong with the ids of the key and of its authority's key."""
    faults = []
    if _value(extensions, x509.SubjectKeyIdentifier) is None:
        faults.append("no id of its own key")
    if not entry.is_signer:
        return faults
    above = _authority_id(extensions)
    if above is None:
        return [*faults, "no id of the authority's key"]
    ids = {_own_id(signer.certificate) for signer in signers} - {None}
    if ids and above not in ids:
        faults.append("id of another key than the authority's")
    return faults


def _own_id(der: bytes | None) -> bytes | None:
    extensions = _extensions(_loaded(der)) if der else None
    own = _value(extensions, x509.SubjectKeyIdentifier) if extensions else None
    return own.digest if own else None


def _authority_id(extensions: x509.Extensions | None) -> bytes | None:
    above = _value(extensions, x509.AuthorityKeyIdentifier) if extensions else None
    return above.key_identifier if above else None


def _names_lacking(facts: CertificateFacts, certificate: x509.Certificate | None) -> str:
    """Name what the subject lacks: a common name and a country are demanded."""
    lacking = [] if facts.country else ["country"]
    try:
        with _quietly():
            kinds = {each.oid: each.value for each in certificate.subject} if certificate else None
    except _REFUSED:
        kinds = None
    if kinds is not None and not kinds.get(x509.NameOID.COMMON_NAME):
        lacking.append("common name")
    return " and ".join(lacking)


def _quietly() -> AbstractContextManager[object]:
    """Keep the library's remarks on odd certificates out of the results."""
    return warnings.catch_warnings(action="ignore")


def _loaded(der: bytes) -> x509.Certificate | None:
    try:
        with _quietly():
            return x509.load_der_x509_certificate(der)
    except _REFUSED:
        return None


def _extensions(certificate: x509.Certificate | None) -> x509.Extensions | None:
    """Read all extensions; None when a strict reader refuses any (notes, 3.5)."""
    try:
        with _quietly():
            return certificate.extensions if certificate else None
    except _REFUSED:
        return None


_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def _value(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    return next((each.value for each in extensions if isinstance(each.value, kind)), None)


def _signed(certificate: x509.Certificate | None, spki: bytes) -> _Signed:
    """Check who signed a certificate by ECDSA or RSA with SHA-2.

    SHA-1 proves nothing today, so it is not checkable, as is what the library does not know
    (gdhcn-trust notes, 3.5).
    """
    if certificate is None:
        return _Signed.UNCHECKABLE
    try:
        digest = certificate.signature_hash_algorithm
        fits = digest is not None and digest.name in _SHA2 and _verify(certificate, digest, spki)
    except InvalidSignature:
        return _Signed.NO
    except _REFUSED:
        return _Signed.UNCHECKABLE
    return _Signed.YES if fits else _Signed.UNCHECKABLE


def _verify(certificate: x509.Certificate, digest: hashes.HashAlgorithm, spki: bytes) -> bool:
    """Verify; false for a kind of signature not known here. Raises ``InvalidSignature``."""
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    parameters = certificate.signature_algorithm_parameters
    key = serialization.load_der_public_key(spki)
    if isinstance(parameters, ec.ECDSA):
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(signature, signed, parameters)
        return True
    if isinstance(parameters, padding.PKCS1v15 | padding.PSS):
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        key.verify(signature, signed, parameters, digest)
        return True
    return False


def _clashes(entries: Iterable[_Entry]) -> Iterator[Finding]:
    """Compare signers: ids of several keys in all lists, keys of several ids in one.

    Other uses are left out: lists show one certificate as signer and as authority (notes, 4).
    """
    by_kid: dict[tuple[bytes, str], list[_Entry]] = defaultdict(list)
    by_key: dict[tuple[str, bytes, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        if entry.is_signer:
            by_kid[entry.kid, entry.issuer].append(entry)
            by_key[entry.list, entry.spki, entry.issuer].append(entry)
    for same in by_kid.values():
        if len({entry.spki for entry in same}) > 1:
            yield from (entry.finding(Code.KID_OF_TWO_KEYS) for entry in same)
    for same in by_key.values():
        kids = {entry.kid for entry in same}
        if len(kids) > 1:
            detail = f"{len(kids)} ids"
            yield from (entry.finding(Code.KEY_UNDER_TWO_KIDS, detail) for entry in same)


def _jwk_findings(source: str | os.PathLike[str]) -> Iterator[Finding]:
    """Look at the JSON Web Keys as they are written in the files of a source.

    They stand in ``keys`` of a JWK set (RFC 7517, 5) or in ``publicKeyJwk`` of the entries of a DID
    document (gdhcn-trust notes, 3). What is no such file has none.
    """
    try:
        files = list(read_source(os.fspath(source)))
    except SetupError:  # a finding already
        return
    for file in files:
        for place, jwk in _jwks_of(file.data or b""):
            problems = conforms(jwk)
            if problems:
                kid = from_either_base64(text_of(jwk, "kid"))
                entry = b64encode(kid).decode() if 0 < len(kid) <= KID_BYTES else f"key {place}"
                words = ", ".join(problems)
                yield Finding(Code.JWK_NOT_CONFORMING, file.name, "", entry, detail=words)


def _jwks_of(data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Find the keys of a file, each with its place, counted from 1."""
    if not data.lstrip().startswith(b"{"):
        return
    try:
        document = read_object(data)
    except TrustListInvalid:
        return
    keys = document.get("keys")
    methods = document.get("verificationMethod")
    found = list(keys) if isinstance(keys, list) else []
    if isinstance(methods, list):
        found += [each.get("publicKeyJwk") for each in methods if isinstance(each, dict)]
    for place, jwk in enumerate(found, 1):
        if isinstance(jwk, dict):
            yield place, jwk
