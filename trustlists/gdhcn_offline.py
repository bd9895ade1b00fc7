"""WHO's second anchor: the offline root, and what it has signed of the participants' authorities.

For each authority (SCA) WHO publishes a file with a CMS over the authority's certificate
(gdhcn-trust notes, 5.4). Such files lie beside the list; what the root has signed is the
certificate, and the other members of a file are not believed.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from trustlists.anchors import Anchor, vouching
from trustlists.cms import CmsInvalid, Signed, Signer, verify_cms
from trustlists.json_text import from_base64, read_object, text_of
from trustlists.records import Refusal, RefusedEntry
from verifier.clock import Instant
from verifier.errors import TrustListInvalid
from verifier.trust import Environment

# What a pinned anchor that signs authorities, and no lists, says of itself.
SIGNS_AUTHORITIES: Final = "authorities"

_MEMBER: Final = b'"trustAnchorSignature"'
_FILE_BYTES: Final = 64 * 1024  # a certificate, twice, and the certificate of who signed it


class Covered(NamedTuple):
    """The certificates (DER) that the offline root has signed, and files that prove nothing."""

    certificates: frozenset[bytes]
    refused: tuple[RefusedEntry, ...] = ()


def is_signed_authority(data: bytes) -> bool:
    """Tell whether a file is the offline root's signature over an authority."""
    return len(data) <= _FILE_BYTES and data.lstrip().startswith(b"{") and _MEMBER in data


def covered_authorities(
    files: Sequence[bytes], anchors: Sequence[Anchor], environment: Environment, now: Instant
) -> Covered:
    """Verify such files, with the anchors that may sign authorities in an environment."""
    covered: set[bytes] = set()
    refused: list[RefusedEntry] = []
    for place, file in enumerate(filter(is_signed_authority, files), 1):
        signed = _signed(file)
        if signed is None:
            refused.append(RefusedEntry(f"offline signature {place}", Refusal.SIGNATURE_WRONG))
            continue
        vouched = [_anchor(by, signed, anchors, now) for by in signed.signers]
        found = [anchor for anchor in vouched if anchor]
        if any(anchor.environment in {None, environment} for anchor in found):
            covered.add(signed.content)
        elif not found:  # else it belongs to the list of another environment
            refused.append(RefusedEntry(f"offline signature {place}", Refusal.SIGNER_UNKNOWN))
    return Covered(frozenset(covered), tuple(refused))


def _signed(file: bytes) -> Signed | None:
    try:
        return verify_cms(from_base64(text_of(read_object(file), "trustAnchorSignature")))
    except (TrustListInvalid, CmsInvalid):
        return None


def _anchor(by: Signer, signed: Signed, anchors: Sequence[Anchor], now: Instant) -> Anchor | None:
    """Name the anchor that vouches for a signer who was in date, None when there is none."""
    facts = by.certificate.facts
    in_date = facts.not_before <= (by.signed_at or now) <= facts.not_after
    if not in_date or "digital_signature" not in (facts.key_usage or ()):
        return None
    return vouching(signed.chain(by), anchors)
