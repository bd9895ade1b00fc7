"""Who has signed a list: the chain of certificates that came with it, up to an anchor.

What a list brings along proves nothing by itself. It counts when an anchor is the signer or has
signed it, directly or through the others, and all certificates below the anchor are in date.
"""

from collections.abc import Callable, Sequence

from trustlists.anchors import Anchor, chained, vouching
from trustlists.cms import CmsInvalid, Signed, verify_cms
from trustlists.faults import Fault, invalid
from trustlists.records import Reading
from verifier.clock import Instant
from verifier.codecs.x509 import CertificateFacts, common_name
from verifier.limits import CLOCK_SKEW

# Names the anchor that lets a certificate (DER) sign for a country, as the store knows it.
Uploader = Callable[[bytes, str], Anchor | None]


def signer_for(
    country: str, signed: Signed, anchors: Sequence[Anchor], uploader: Uploader
) -> Anchor | None:
    """Name the anchor above who has signed something for a country; None where nobody may have.

    It may be that country's upload certificate in the gateway's list, or one that an anchor of the
    operator has signed, and is not another country's.
    """
    signer = signed.signers[0]
    found = uploader(signer.certificate.der, country)
    if found:
        return found
    anchor = vouching(signed.chain(signer), anchors)
    of_country = signer.certificate.facts.country in {country, ""}
    allowed = anchor and (not anchor.countries or country in anchor.countries)
    return anchor if allowed and of_country else None


def demand_signer(
    chain: Sequence[CertificateFacts], reading: Reading, *, at: Instant | None = None
) -> Anchor:
    """Name the anchor above the first of these certificates.

    ``at`` is when the list was signed, where that is known; else the certificates must be in date
    now. Raises ``TrustListInvalid``: no anchor, a certificate out of date, or not the one among the
    many that an authority has certified whose signature makes a list.
    """
    found = chained(chain, reading.anchors)
    if found is None:
        raise invalid(Fault.SIGNER_UNKNOWN)
    anchor, links = found
    if anchor.signer and common_name(chain[0].subject) != anchor.signer:
        raise invalid(Fault.SIGNER_NOT_FOR_LISTS)
    instant = reading.now if at is None else at
    if not all(
        link.not_before - CLOCK_SKEW <= instant <= link.not_after + CLOCK_SKEW for link in links
    ):
        raise invalid(Fault.SIGNER_OUT_OF_DATE)
    return anchor


def demand_cms_signer(
    signature: bytes, content: bytes, reading: Reading
) -> tuple[Anchor, Instant | None]:
    """Name the anchor above who has signed this content, and when. Raises ``TrustListInvalid``."""
    try:
        signed = verify_cms(signature, content=content)
    except CmsInvalid as error:
        raise invalid(error.fault) from None
    signer = signed.signers[0]
    return demand_signer(signed.chain(signer), reading, at=signer.signed_at), signer.signed_at


def demand_not_over(expires: Instant | None, reading: Reading) -> None:
    """Refuse a list whose signed end has passed. Raises ``TrustListInvalid``."""
    if expires is not None and expires + CLOCK_SKEW < reading.now:
        raise invalid(Fault.LIST_EXPIRED)


def named_by(anchor: Anchor, kind: str) -> str:
    """Name a list after the anchor that has signed it; one of our own says it all."""
    return anchor.name if anchor.environment else f"{kind}:{anchor.name}"
