"""A signed envelope: the bytes that were signed, the signature and hints at the key.

Nothing in here is trusted yet, and nothing in here is ever shown.
"""

from verifier.privacy import private
from verifier.reasons import Reason


@private
class Envelope:
    """What a container holds before anything is checked.

    ``container`` is the form of the text (``HC1``, ``AT1`` ...), which several formats may share.
    ``algorithm`` is the one that the header names (a COSE algorithm number, RFC 9053),
    ``kid`` the key id or None, ``signed`` the exact bytes under the signature, ``signature``
    its raw form (r and s for ECDSA), ``payload`` the content, still encoded.

    ``issuer`` is the name under which the issuer's keys are listed, for families where a key id
    alone does not tell keys apart (SMART Health Cards, NZ COVID Pass); empty elsewhere.
    ``certificate`` is the signer's certificate (DER) where the document carries it; then ``kid``
    names the authority that issued the certificate, and it is evidence only once an authority of
    the trust store is found to have signed it. Both are hints like ``kid``, and as little trusted.

    ``remarks`` are reasons that tell of harmless oddities of the text; ``joined`` is true where it
    was put together from several codes, which may not be those of one document. ``flaw`` is set
    where the content has what no signature of this family can cover, whoever made it: it is told in
    place of a check once the key is known, and such an envelope never verifies.
    """

    __slots__ = (
        "algorithm", "certificate", "container", "flaw", "issuer", "joined", "kid", "payload",
        "remarks", "signature", "signed",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - one argument a part of the envelope
        self,
        container: str,
        algorithm: int | None,
        kid: bytes | None,
        signed: bytes,
        signature: bytes,
        payload: bytes,
        *,
        issuer: str = "",
        certificate: bytes = b"",
        remarks: tuple[Reason, ...] = (),
        joined: bool = False,
        flaw: Reason | None = None,
    ) -> None:
        """Take the parts as they were received."""
        self.container = container
        self.algorithm = algorithm
        self.kid = kid
        self.signed = signed
        self.signature = signature
        self.payload = payload
        self.issuer = issuer
        self.certificate = certificate
        self.remarks = remarks
        self.joined = joined
        self.flaw = flaw
