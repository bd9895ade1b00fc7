"""Names of signature algorithms and kinds of keys, shared by the formats and by what verifies.

Numbers are those of COSE (RFC 9053, 2.1; RFC 9053, 2.2; RFC 8230, 2); formats that write JOSE
names translate them when they open an envelope.
"""

from enum import StrEnum
from typing import Final

ES256: Final = -7
EDDSA: Final = -8
ES384: Final = -35
ES512: Final = -36
PS256: Final = -37


class KeyKind(StrEnum):
    """What kind of key it is. A format says which may sign for it; each has one algorithm."""

    P256 = "P-256"
    P384 = "P-384"
    P521 = "P-521"
    BRAINPOOL_P256 = "brainpoolP256r1"
    BRAINPOOL_P384 = "brainpoolP384r1"
    BRAINPOOL_P512 = "brainpoolP512r1"
    RSA = "RSA"
    ED25519 = "Ed25519"


# HCERT 1.0.8, 3.3.2: ECDSA on P-256, and RSA-PSS for issuers that cannot.
HCERT_KEYS: Final = frozenset({KeyKind.P256, KeyKind.RSA})
