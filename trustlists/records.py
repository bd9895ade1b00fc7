"""What every dialect is read into: neutral records, refused entries, a parsed list.

One shape for certificates, bare keys and published lists (dcc-trust-lists notes, section 1).
"""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from trustlists.anchors import Anchor
from trustlists.public_keys import NotAKey, canonical
from verifier.clock import Instant
from verifier.codecs.x509 import CertificateFacts, NotACertificate, read_certificate, uses_of
from verifier.countries import alpha_2
from verifier.limits import FRESH_SECONDS, STALE_SECONDS
from verifier.trust import Environment

_T = TypeVar("_T")


class Refusal(StrEnum):
    """Why one entry of a list was not taken. The rest of the list is not affected."""

    CRITICAL_UNKNOWN = "critical_unknown"
    DIGEST_WRONG = "digest_wrong"
    DUPLICATE = "duplicate"
    FOLDER_INSIDE = "folder_inside"
    ISSUER_DIFFERS = "issuer_differs"
    KEY_DIFFERS = "key_differs"
    KEY_KIND_UNKNOWN = "key_kind_unknown"
    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"
    KEY_WEAK = "key_weak"
    KID_DIFFERS = "kid_differs"
    KID_UNREADABLE = "kid_unreadable"
    LINKS_ELSEWHERE = "links_elsewhere"
    LINK_UNPROVEN = "link_unproven"
    MALFORMED = "malformed"
    NESTED_ARCHIVE = "nested_archive"
    NOT_ACTIVE = "not_active"
    NOT_A_CERTIFICATE = "not_a_certificate"
    NOT_A_PLAIN_FILE = "not_a_plain_file"
    NOT_A_RULE = "not_a_rule"
    NOT_AN_AUTHORITY = "not_an_authority"
    NOT_A_SIGNER = "not_a_signer"
    NOT_A_TRUST_LIST = "not_a_trust_list"
    NOT_LISTED = "not_listed"
    NOT_VOUCHED_FOR = "not_vouched_for"
    NO_AUTHORITY = "no_authority"
    NO_COUNTRY = "no_country"
    NO_KEY_ID = "no_key_id"
    OTHER_RULE_LANGUAGE = "other_rule_language"
    OTHER_USE = "other_use"
    PACKED_UNREADABLY = "packed_unreadably"
    PRIVATE_KEY = "private_key"
    PRIVATE_KEY_PUBLISHED = "private_key_published"
    REVOCATIONS_DIFFER = "revocations_differ"
    REVOCATIONS_MISSING = "revocations_missing"
    RULE_BROKEN = "rule_broken"
    SIGNATURE_WRONG = "signature_wrong"
    SIGNER_UNKNOWN = "signer_unknown"
    TOO_LARGE = "too_large"


REFUSAL_WORDS = {
    Refusal.CRITICAL_UNKNOWN: "demands something of its readers that is not known here",
    Refusal.DIGEST_WRONG: "the hash is not that of its certificate",
    Refusal.DUPLICATE: "the same key twice; taken once",
    Refusal.FOLDER_INSIDE: "a folder inside another source; give it by itself",
    Refusal.ISSUER_DIFFERS: "its certificate does not name the issuer that was given",
    Refusal.KEY_DIFFERS: "its certificate holds another key than the entry itself",
    Refusal.KEY_KIND_UNKNOWN: "a kind of key that signs no health certificate",
    Refusal.KEY_MISSING: "the list names it as active, but its key is not there",
    Refusal.KEY_UNREADABLE: "the public key cannot be read",
    Refusal.KEY_WEAK: "the public key is too weak, or made in a way that is not allowed",
    Refusal.KID_DIFFERS: "the key id is not that of its key or certificate",
    Refusal.KID_UNREADABLE: "the key id cannot be read",
    Refusal.LINKS_ELSEWHERE: "only points to another list; such links are never followed",
    Refusal.LINK_UNPROVEN: "says that it follows an older key, and none that is believed signed it",
    Refusal.MALFORMED: "not formed as the list's own rules demand",
    Refusal.NESTED_ARCHIVE: "an archive inside another source; give it by itself",
    Refusal.NOT_ACTIVE: "its publisher does not, or no longer, name it as active",
    Refusal.NOT_AN_AUTHORITY: "not marked as an authority that signs certificates",
    Refusal.NOT_A_CERTIFICATE: "not a certificate that can be read",
    Refusal.NOT_A_PLAIN_FILE: "a link or a device and not a plain file",
    Refusal.NOT_A_RULE: "neither a rule nor a value set",
    Refusal.NOT_A_SIGNER: "not marked as a signer of documents",
    Refusal.NOT_A_TRUST_LIST: "no kind of trust list that is known here",
    Refusal.NOT_LISTED: "its issuer is no longer among those of the directory",
    Refusal.NOT_VOUCHED_FOR: "the anchor of the list is not for this scheme or country",
    Refusal.NO_AUTHORITY: "its certificate is signed by no authority of its country",
    Refusal.NO_COUNTRY: "names no country",
    Refusal.NO_KEY_ID: "a bare key without an id; say it with --kid, or give its certificate",
    Refusal.OTHER_RULE_LANGUAGE: "in Austria's own rule language; give its list in the EU's form",
    Refusal.OTHER_USE: "its key is for another use",
    Refusal.PACKED_UNREADABLY: "encrypted, or packed in a way that is not read here",
    Refusal.PRIVATE_KEY: "holds a private key, so whatever it signs proves nothing",
    Refusal.PRIVATE_KEY_PUBLISHED: "its private half is public, so anybody can sign with it",
    Refusal.REVOCATIONS_DIFFER: "its number is not the one that its key names; taken all the same",
    Refusal.REVOCATIONS_MISSING: "a key names a list of withdrawn cards that is not there",
    Refusal.RULE_BROKEN: "a rule that cannot be read, of a country that has no other here",
    Refusal.SIGNATURE_WRONG: "its signature does not hold",
    Refusal.SIGNER_UNKNOWN: "signed by nobody who may sign it",
    Refusal.TOO_LARGE: "larger than any trust list",
}


class RefusedEntry(NamedTuple):
    """An entry that was not taken: what it is called, fit to be shown, and why."""

    entry: str
    reason: Refusal


class SourceFile(NamedTuple):
    """A file of a source and its content, None when it was not taken, and then why.

    ``packed`` is true for a member of an archive.
    """

    name: str
    data: bytes | None
    refusal: Refusal = Refusal.TOO_LARGE
    packed: bool = False


class Role(StrEnum):
    """What a key is for. Only a signer's key ever verifies a document.

    An ``AUTHORITY`` (SCA, CSCA) signs signers' certificates, ``OTHER`` is for logging in or for
    encryption, and a ``TEST_NATION`` is one that does not exist, in a list of real ones.
    """

    SIGNER = "signer"
    AUTHORITY = "authority"
    OTHER = "other"
    TEST_NATION = "test_nation"


ROLE_WORDS = {
    Role.SIGNER: "signs documents",
    Role.AUTHORITY: "signs the certificates of signers",
    Role.OTHER: "neither signs documents nor certificates of signers",
    Role.TEST_NATION: "of a nation that does not exist; verifies nothing",
}


class Level(IntEnum):
    """How well a key is vouched for; each level includes those before it.

    ``LIST``: an anchor has signed the list or the key's certificate. ``CHAIN``: and an authority of
    the same list has signed its certificate. ``OFFLINE_ROOT``: and the scheme's offline root has
    signed that authority.
    """

    NONE = 0
    LIST = 1
    CHAIN = 2
    OFFLINE_ROOT = 3


Identity = tuple[bytes, bytes, str, str, str, bytes | None]


# Whose word a key rests on.
LEVEL_WORDS = {
    Level.NONE: "nobody",
    Level.LIST: "anchor",
    Level.CHAIN: "anchor and authority",
    Level.OFFLINE_ROOT: "anchor, authority and offline root",
}


class KeyRecord(NamedTuple):
    """A key and what its list says of it. ``anchor`` vouches for it, None when nobody does.

    ``issuer`` is the only issuer (``iss`` or DID) whose documents the key may sign, as those
    documents write it; empty for schemes that have no such name. ``confirmed`` is when the issuer
    last confirmed the key, where the list says that; its age counts from then. ``participant`` is
    whose key it is in the list's own words, where authorities in the list may have signed keys of
    theirs; then ``levels`` tells how far that raises ``level``.
    """

    kid: bytes
    spki: bytes
    certificate: bytes | None
    schemes: frozenset[str]
    uses: frozenset[str]
    country: str
    name: str
    not_before: Instant | None
    not_after: Instant | None
    anchor: Anchor | None
    role: Role = Role.SIGNER
    issuer: str = ""
    chain: Level = Level.NONE
    confirmed: Instant | None = None
    participant: str = ""

    @property
    def level(self) -> Level:
        """How well it is vouched for, as read; an authority's word counts only below an anchor."""
        return max(Level.LIST, self.chain) if self.anchor else Level.NONE

    @property
    def identity(self) -> Identity:
        """What makes it this key and no other.

        An authority may have several certificates for one key, by itself and by its older keys, and
        each has its own dates (icao-trust notes, 6): all of them are kept.
        """
        certificate = self.certificate if self.role is Role.AUTHORITY else None
        return self.kid, self.spki, self.country, self.issuer, self.role.value, certificate


class Revocation(NamedTuple):
    """What an issuer has withdrawn among the documents of one of its keys.

    SMART Health Cards: ``method`` is ``rid``, ``counter`` the number of the edition, ``ids`` the
    identifiers as published, each with the instant up to which it counts after a point, if any.
    ICAO: ``method`` is ``crl``, ``issuer`` the state of the CSCA, ``kid`` its key id, ``counter``
    the number of the revocation list, ``ids`` the serial numbers of withdrawn signers in decimal
    digits. The list that it stands in is dated thisUpdate and too old after nextUpdate.

    ``whole`` is false for a list that may lack something: an entry could not be read, or the issuer
    itself names another edition as the newest.
    """

    issuer: str
    kid: bytes
    method: str
    counter: int
    ids: tuple[str, ...]
    whole: bool = True


class RevokedRow(NamedTuple):
    """What a table of withdrawn certificates holds for one key id of one country.

    ``form`` is ``exact`` for hashes, of which there are ``size``; else it names a kind of filter of
    ``size`` bytes at ``start``, for hashes that begin with the hexadecimal digits ``prefix``, wrong
    at ``rate``. An empty ``kid`` stands for any key, an empty country for any that has this key.
    ``method`` has the words of each method, apart by a space. Nothing is listed after ``lapse``.
    """

    country: str
    kid: bytes
    method: str
    prefix: str
    form: str
    start: int
    size: int
    lapse: Instant
    rate: float


class RevokedSet(NamedTuple):
    """A table that was made of a set, in a file that is not in its place yet.

    ``complete`` and ``exact`` name countries of which nothing is missing, at all or in the hashes.
    """

    file: Path
    digest: str
    rows: Sequence[RevokedRow]
    complete: frozenset[str]
    exact: frozenset[str]


class Reading(NamedTuple):
    """What the operator says about a source: what it is called, and how to take it.

    ``label`` is short and stable and becomes part of the list's name. ``country`` is for entries
    that name none. ``companions`` are the detached signatures and second parts that came with the
    source. ``now`` is this machine's clock. ``unsigned`` is the operator's word that a list which
    nobody has signed is wanted all the same, ``test_nations`` that such nations are, ``sha1`` that
    this very file may be signed with SHA-1. ``issuer`` and ``kid`` are for bare keys, as documents
    write them. ``file`` is what the file is called.
    """

    label: str
    anchors: tuple[Anchor, ...] = ()
    scheme: str = "eu-dcc"
    country: str = ""
    companions: tuple[bytes, ...] = ()
    now: Instant = 0
    unsigned: bool = False
    test_nations: bool = False
    issuer: str = ""
    kid: str = ""
    file: str = ""
    sha1: bool = False


class Remark(StrEnum):
    """What is unusual about the signature of a list that was believed all the same."""

    BARE_DIGEST = "bare_digest"
    SHA1 = "sha1"


REMARK_WORDS = {
    Remark.BARE_DIGEST: "its signature leaves out a part that most programs demand; it is good",
    Remark.SHA1: "it is signed with SHA-1 and was taken because you named this very file",
}


class KnownAuthority(NamedTuple):
    """An authority in the store: its certificate (DER) and the anchor that vouches for it."""

    certificate: bytes
    anchor: Anchor | None


# Finds the authorities of a key id in the store and in the lists taken before.
Authorities = Callable[[bytes], Sequence[KnownAuthority]]


class Ages(NamedTuple):
    """How old a list may be (seconds) before verdicts name it stale, and before they refer."""

    stale: int = FRESH_SECONDS
    too_old: int = STALE_SECONDS


class ParsedList(NamedTuple):
    """A list as read.

    ``environment`` is None when neither list nor anchor says. ``anchor`` has signed the list as a
    whole. ``dated`` is its signed date, ``expires`` the signed end of its validity. ``sequence`` is
    a number that only goes up from one edition to the next, None when there is none. ``ages`` is
    the list's own word on how old it may grow, where its dialect does not say it once for all.
    ``revoked`` is the table of a set of withdrawn certificates.
    ``settle`` finishes what only the authorities in the store can decide; it gives the list anew or
    raises ``TrustListInvalid``.
    """

    name: str
    records: Sequence[KeyRecord]
    refused: Sequence[RefusedEntry]
    environment: Environment | None = None
    anchor: Anchor | None = None
    dated: Instant | None = None
    sequence: int | None = None
    expires: Instant | None = None
    revocations: Sequence[Revocation] = ()
    ages: Ages | None = None
    remarks: Sequence[Remark] = ()
    settle: "Callable[[ParsedList, Authorities], ParsedList] | None" = None
    revoked: RevokedSet | None = None


def _no_companion(_: bytes) -> bool:
    return False


class Dialect(NamedTuple):
    """One way of writing a trust list. Each file of ``dialects`` exports one as ``DIALECT``.

    ``recognise`` looks at the first bytes. ``read`` raises ``TrustListInvalid`` when the whole
    cannot be believed or read. ``gathers`` is true when the files of a folder make one list.
    ``companion`` recognises a file that is no list itself but belongs to one: a detached signature,
    a second part; it sees the whole file. ``on_request`` is true when the dialect reads what others
    read too, and in another way, so that the operator has to name it.
    """

    names: tuple[str, ...]
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, Reading], ParsedList]
    gathers: bool = False
    companion: Callable[[bytes], bool] = _no_companion
    ages: Ages = Ages()
    on_request: bool = False


def read_entries(
    entries: Iterable[_T], read: Callable[[_T], KeyRecord | Refusal], called: str
) -> tuple[list[KeyRecord], list[RefusedEntry]]:
    """Read each entry; a bad one is refused by its place, counted from 1, and costs only itself."""
    records: list[KeyRecord] = []
    refused: list[RefusedEntry] = []
    for place, entry in enumerate(entries, 1):
        record = read(entry)
        if isinstance(record, Refusal):
            refused.append(RefusedEntry(f"{called} {place}", record))
        else:
            records.append(record)
    return records, refused


class Certified(NamedTuple):
    """A certificate of a list: its DER, its facts, its key in the usual form."""

    der: bytes
    facts: CertificateFacts
    spki: bytes


def read_certified(der: bytes) -> Certified | Refusal:
    """Read a certificate of a list, or say why its entry is not taken."""
    try:
        facts = read_certificate(der)
        return Certified(der, facts, canonical(facts.spki))
    except NotACertificate:
        return Refusal.NOT_A_CERTIFICATE
    except NotAKey:
        return Refusal.KEY_UNREADABLE


def record_of(
    certified: Certified, *, schemes: frozenset[str], country: str, anchor: Anchor | None
) -> KeyRecord:
    """Make the record of a certificate. ``country`` counts when the certificate names none."""
    facts = certified.facts
    return KeyRecord(
        kid=facts.kid,
        spki=certified.spki,
        certificate=certified.der,
        schemes=schemes,
        uses=uses_of(facts.extended_key_usage),
        country=alpha_2(facts.country) or alpha_2(country),
        name=facts.name,
        not_before=facts.not_before,
        not_after=facts.not_after,
        anchor=anchor,
    )
