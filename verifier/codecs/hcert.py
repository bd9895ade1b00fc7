"""The text of an HCERT (HCERT 1.0.8, 4.2): base45 of zlib of COSE_Sign1, behind a prefix.

Several formats travel in it, so that the chain stands here once.
"""

from verifier.codecs import base45, cose, deflate
from verifier.envelope import Envelope


def open_hcert(text: str, container: str) -> Envelope:
    """Take a text with the prefix ``container:`` apart. Raises ``DocumentError``."""
    compressed = base45.decode(text[len(container) + 1 :])
    return cose.open_sign1(deflate.inflate(compressed), container)
