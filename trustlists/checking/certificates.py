"""Looks at the certificate of a key: its country, who signed it, and the profile of its network."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cryptography import x509

from trustlists.checking.codes import Code, Finding
from trustlists.checking.entries import Entry
from trustlists.checking.signatures import (
    REFUSED,
    Signed,
    authority_id,
    extensions_of,
    loaded,
    own_id,
    quietly,
    signed,
    value_of,
)
from verifier.clock import Instant, day_of
from verifier.codecs.x509 import CertificateFacts
from verifier.countries import agree, alpha_2

_DAY: Final = 86_400

# Years of validity (gdhcn-trust notes, 7), in days, with leap days and a month's grace for "about".
_AUTHORITY_DAYS: Final = range(2 * 365, 4 * 366 + 1)
_SIGNER_DAYS: Final = 2 * 366 + 31

# Authorities of one name that are tried: real lists have 6 at most; a hostile one could name
# thousands and make each signer cost as many verifications.
CANDIDATES: Final = 16

# Schemes whose key id is the hash of the certificate (gdhcn-trust notes, 4), and whose
# certificates follow the profile of section 7.
DCC_FAMILY: Final = frozenset({"eu-dcc", "at-exemption", "who-ddcc", "who-icvp"})


def certificate_findings(  # noqa: PLR0913 - the entry in its parts, and its surroundings
    entry: Entry,
    facts: CertificateFacts,
    der: bytes,
    authorities: Mapping[bytes, Sequence[Entry]],
    at: Instant,
    *,
    dcc: bool,
) -> Iterator[Finding]:
    """Look at the certificate, at what it says of its key, and at who has signed it.

    ``dcc`` tells whether the list is of the DCC family, whose profile its authorities have to meet.
    """
    certificate = loaded(der)
    extensions = extensions_of(certificate)
    if extensions is None:
        yield entry.finding(Code.EXTENSIONS_UNREADABLE)
    in_family = bool(entry.schemes & DCC_FAMILY) or (entry.is_authority and dcc)
    if in_family and entry.kid != facts.kid:
        yield entry.finding(Code.KID_NOT_HASH)
    named = alpha_2(facts.country)
    if not agree(named, entry.country):
        yield entry.finding(Code.COUNTRY_DIFFERS, f"certificate of {named}")
    if not (entry.is_signer or entry.is_authority):
        return
    signers: list[Entry] = []
    if entry.is_signer and authorities:
        candidates = authorities.get(facts.issuer, ())[:CANDIDATES]
        outcomes = [signed(certificate, candidate.spki) for candidate in candidates]
        signers = [
            candidate
            for candidate, outcome in zip(candidates, outcomes, strict=True)
            if outcome is Signed.YES
        ]
        if not signers:
            yield _unsigned(entry, certificate, candidates, outcomes)
        yield from _lifetime_findings(entry, facts, signers, at)
    if in_family:
        yield from profile_findings(entry, facts, certificate, extensions, signers)


def _unsigned(
    entry: Entry,
    certificate: x509.Certificate | None,
    candidates: Sequence[Entry],
    outcomes: Sequence[Signed],
) -> Finding:
    """Say why no authority of the list is known to have signed a certificate."""
    if signed(certificate, entry.spki) is Signed.YES:
        return entry.finding(Code.AUTHORITY_NOT_LISTED, "it signed itself")
    if not candidates:
        return entry.finding(Code.AUTHORITY_NOT_LISTED)
    if Signed.UNCHECKABLE in outcomes:
        return entry.finding(Code.ISSUER_SIGNATURE_UNCHECKABLE)
    # An authority that changes its key keeps its name: the id tells whether the key is here.
    above = authority_id(extensions_of(certificate))
    if above and above not in {own_id(candidate.certificate) for candidate in candidates}:
        return entry.finding(Code.AUTHORITY_NOT_LISTED, "only another key of the same name is")
    return entry.finding(Code.ISSUER_SIGNATURE_WRONG)


def _lifetime_findings(
    entry: Entry, facts: CertificateFacts, signers: Sequence[Entry], at: Instant
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


def profile_findings(
    entry: Entry,
    facts: CertificateFacts,
    certificate: x509.Certificate | None,
    extensions: x509.Extensions | None,
    signers: Sequence[Entry],
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
    usage = value_of(extensions, x509.KeyUsage)
    needed = "keyCertSign" if entry.is_authority else "digitalSignature"
    if usage is None:
        yield entry.finding(Code.KEY_USAGE, "none said")
    elif not (usage.key_cert_sign if entry.is_authority else usage.digital_signature):
        yield entry.finding(Code.KEY_USAGE, f"without {needed}")
    constraints = value_of(extensions, x509.BasicConstraints)
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
    entry: Entry, extensions: x509.Extensions, signers: Sequence[Entry]
) -> list[str]:
    """Tell what is wrong with the ids of the key and of its authority's key."""
    faults = []
    if value_of(extensions, x509.SubjectKeyIdentifier) is None:
        faults.append("no id of its own key")
    if not entry.is_signer:
        return faults
    above = authority_id(extensions)
    if above is None:
        return [*faults, "no id of the authority's key"]
    ids = {own_id(signer.certificate) for signer in signers} - {None}
    if ids and above not in ids:
        faults.append("id of another key than the authority's")
    return faults


def _names_lacking(facts: CertificateFacts, certificate: x509.Certificate | None) -> str:
    """Name what the subject lacks: a common name and a country are demanded."""
    lacking = [] if facts.country else ["country"]
    try:
        with quietly():
            kinds = {each.oid: each.value for each in certificate.subject} if certificate else None
    except REFUSED:
        kinds = None
    if kinds is not None and not kinds.get(x509.NameOID.COMMON_NAME):
        lacking.append("common name")
    return " and ".join(lacking)
