"""Keys that prove nothing: examples and test keys whose private halves anybody can download.

Known by the SHA-256 of their SubjectPublicKeyInfo, P-256 keys with both coordinates written out. A
list for travellers never takes one, whoever has signed the list.
"""

import hashlib
from typing import Final

_NZCP_SPECIFICATION: Final = "minhealthnz/nzcovidpass-spec, the example issuer"
_NZCP_THIRD_PARTY: Final = "vaxxnz/nzcp-js, its own key for the example issuer"
_DIVOC_TESTS: Final = "the test keys of the DIVOC repository"
_SHC_SPECIFICATION: Final = "smart-on-fhir/health-cards, generate-examples/src/config"
_SHC_TOOLS: Final = "smart-on-fhir/health-cards-dev-tools, testdata"

_ORIGINS: Final = {
    "bf7f3a8b7a480e5e27571499e045a09ba5747eb8f397407fa3a64d62808db66a": _NZCP_SPECIFICATION,
    "2ca3d65460351710cd4e1758c5bad188cc52c549f86be14da79874d111e96e40": _NZCP_THIRD_PARTY,
    "2f975886260f860fb38b3d649b6a7d0658e5c24f28e4eafc3a14ca6d9833afae": _DIVOC_TESTS,
    "a2f3a2b8fa1a9c9efae331cb349b278a51cec42c162b51e38c7c87e98171b7a0": _DIVOC_TESTS,
    "55b16df4e7b1b071f938941140538a4c300cf5bb914e50f60181c5ec8782467d": _SHC_SPECIFICATION,
    "b232aaccdf2571a851e1b6e587a1e0f1c5c5dde9148e1279fe3b98d757a5846a": _SHC_SPECIFICATION,
    "364b0c383d5f96bb2de5f75811c566f5e9a5ee6473ca8c4de53b893bf011651a": _SHC_TOOLS,
    "07812d43930d8c71be564479aacba7a830fbaf8d552ec4169e1eabde77f20d31": _SHC_TOOLS,
    "f0eb3e995490db4c7abd711004f20b77c5dc6432589409526d4d3cafab14f577": _SHC_TOOLS,
    "3ffdd50f0c8c062d5a278eb64a09038c8bb13d286566035dcb6d57fed896c5d3": _SHC_TOOLS,
    "8aecf87d02e789bd15637a4de489bddeafe92fab89c238bf4bd52ec7bc39ee1e": _SHC_TOOLS,
    "65c6488f5638fd9c95350eadbc3aed9379e98ed69599fa379548d517d24555f9": _SHC_TOOLS,
    "15869c743cf2f6181c76470921b3fb92bdf5197346bcc7d520678c9c1710f7c9": _SHC_TOOLS,
    "38c8633ddcfdecc24b2c042fcab22937126d1f2af3a48cb40f551cc72be3d6d8": _SHC_TOOLS,
    "fe1c0b211aef637b815d0cfe418af4f55a010e479a68a8aeaeb3fbf46cd915ee": _SHC_TOOLS,
    "93671f3f9e7a2cbcbb1697d46953a0575736a81caa73d884770f616b29de8d97": _SHC_TOOLS,
}


def origin_of(spki: bytes) -> str:
    """Tell where the private half of a key is published, nothing when it is not known to be."""
    return _ORIGINS.get(hashlib.sha256(spki).hexdigest(), "")


def is_published(spki: bytes) -> bool:
    """Tell whether the private half of a key is public (notes on NZCP 6, DIVOC 8, SHC 8)."""
    return bool(origin_of(spki))
