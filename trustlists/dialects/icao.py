"""Master lists of ICAO and of states: the authorities (CSCA) of many states, signed as CMS.

Doc 9303-12 and icao-trust notes, 3 and 4. The signer's own authority has to be an anchor; what else
comes along in the CMS proves nothing. ICAO's health list is written the same way: its signer lacks
the purpose that other signers have, and it holds signers beside authorities.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from trustlists.anchors import Anchor
from trustlists.cms import CmsInvalid, Signed, Signer, verify_cms
from trustlists.csca import (
    SCHEME,
    authorities_of,
    authority,
    chained,
    has_signed,
    is_root,
    read_candidate,
    signer,
)
from trustlists.faults import Fault, invalid
from trustlists.records import (
    Ages,
    Dialect,
    KeyRecord,
    ParsedList,
    Reading,
    Refusal,
    Remark,
    Role,
    read_entries,
)
from verifier.codecs import der
from verifier.codecs.der import DerReader, NotDer
from verifier.codecs.x509 import CertificateFacts, signed_by_key

_LIST_BYTES: Final = 16 * 1024 * 1024
_ENTRIES: Final = 2_000

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_HEAD_BYTES: Final = 24  # two tags and lengths before the identifier of the content

_MASTER_LIST: Final = "2.23.136.1.1.2"
_LIST_SIGNER: Final = "2.23.136.1.1.3"
_EXTENDED_KEY_USAGE: Final = "2.5.29.37"

# SHA-256 of the key of "ICAO Health CA": its list signer alone may lack the purpose (notes, 3).
_HEALTH_CA: Final = bytes.fromhex(
    "a664b8a4d343bba412c6bb94b9be7d48c8a9acae8ba19f3560c2cfb7ca738367"
)

# States that are known to issue health seals under their authority (vds-nc notes, 1).
_SEAL_ISSUERS: Final = frozenset({"AU", "JP"})

# New lists come a few times in a year, and their authorities last for a decade and more.
_AGES: Final = Ages(stale=180 * 86_400, too_old=400 * 86_400)


def _recognise(head: bytes) -> bool:
    return head[:1] == bytes((der.SEQUENCE,)) and _SIGNED_DATA in head[:_HEAD_BYTES]


def _read(data: bytes, reading: Reading) -> ParsedList:
    """Verify, then read. Raises ``TrustListInvalid`` for the first thing wrong (notes, 4)."""
    if len(data) > _LIST_BYTES:
        raise invalid(Fault.TOO_LARGE)
    try:
        signed = verify_cms(data, content_type=_MASTER_LIST, weak=True, bare_digest=True)
    except CmsInvalid as error:
        raise invalid(error.fault) from None
    by, anchor = _vouched(signed, reading)
    if by.weak and not reading.sha1:
        raise invalid(Fault.SHA1_SIGNED)
    try:
        entries = _certificates(signed.content)
    except NotDer:
        raise invalid(Fault.MALFORMED) from None
    is_health = _is_health(anchor)
    records, refused = read_entries(
        entries, lambda entry: _record(entry, anchor, reading, is_health=is_health), "entry"
    )
    authorities = authorities_of(records)
    remarks = {Remark.SHA1: by.weak, Remark.BARE_DIGEST: by.bare_digest}
    return ParsedList(
        anchor.name if anchor.environment else f"icao:{anchor.name}",
        [
            chained(record, authorities) if record.role is Role.SIGNER else record
            for record in records
        ],
        refused,
        environment=anchor.environment,
        anchor=anchor,
        dated=by.signed_at,
        sequence=by.signed_at,
        remarks=[remark for remark, given in remarks.items() if given],
    )


def _vouched(signed: Signed, reading: Reading) -> tuple[Signer, Anchor]:
    """Find a signer that an anchor vouches for; of several, one is enough."""
    faults: list[Fault] = []
    for by in signed.signers:
        anchor = _anchor(by.certificate.facts, reading.anchors)
        fault = _signer_fault(by, anchor)
        if anchor and fault is None:
            return by, anchor
        faults.append(fault or Fault.SIGNER_UNKNOWN)
    raise invalid(faults[0])


def _signer_fault(by: Signer, anchor: Anchor | None) -> Fault | None:
    facts = by.certificate.facts
    signs = facts.key_usage is None or "digital_signature" in facts.key_usage
    meant = _LIST_SIGNER in facts.extended_key_usage and _EXTENDED_KEY_USAGE in facts.critical
    excepted = anchor is not None and _is_health(anchor) and not facts.extended_key_usage
    if facts.is_ca or not signs or not (meant or excepted):
        return Fault.SIGNER_NOT_FOR_LISTS
    if anchor is None:
        return Fault.SIGNER_UNKNOWN
    if by.signed_at is None:
        return Fault.MALFORMED
    in_date = facts.not_before <= by.signed_at <= facts.not_after
    return None if in_date else Fault.SIGNER_OUT_OF_DATE


def _anchor(facts: CertificateFacts, anchors: Sequence[Anchor]) -> Anchor | None:
    """Find the anchor that is the list signer, or whose key has signed its certificate.

    Keys are compared, not certificates: an authority may have several for one key (notes, 4).
    """
    for anchor in anchors:
        above = anchor.certificate
        if above == facts or (
            has_signed(above, facts) if above else signed_by_key(facts, anchor.spki)
        ):
            return anchor
    return None


def _is_health(anchor: Anchor) -> bool:
    return hashlib.sha256(anchor.spki).digest() == _HEALTH_CA


def _certificates(content: bytes) -> list[bytes]:
    """Read CscaMasterList: a version and a set, which need not be sorted. Raises ``NotDer``."""
    outer = DerReader(content)
    parts = outer.enter(der.SEQUENCE)
    outer.finish()
    if parts.content(der.INTEGER) != b"\0":
        raise NotDer
    entries = parts.enter(der.SET)
    parts.finish()
    found: list[bytes] = []
    while entries.more():
        if len(found) == _ENTRIES:
            raise NotDer
        found.append(entries.whole(der.SEQUENCE))
    return found


def _record(
    certificate: bytes, anchor: Anchor, reading: Reading, *, is_health: bool
) -> KeyRecord | Refusal:
    """Judge one certificate.

    The health list holds roots of other worlds too, so that there only the roots of states known to
    issue seals may vouch for signers of seals, or all when the operator says that the list is for
    seals (``--scheme vds-nc``); and end entities, which are signers of their own format.
    """
    candidate = read_candidate(certificate)
    if isinstance(candidate, Refusal):
        return candidate
    if is_health and not candidate.facts.is_ca:
        return signer(candidate, anchor=anchor, test_nations=reading.test_nations)
    known = candidate.country in _SEAL_ISSUERS or reading.scheme == SCHEME
    seals = not is_health or (known and is_root(candidate.facts))
    return authority(candidate, anchor=anchor, seals=seals, test_nations=reading.test_nations)


DIALECT: Final = Dialect(("icao",), _recognise, _read, ages=_AGES)
