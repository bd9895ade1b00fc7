"""Carrying a store to a desk that never goes online, as one signed file. The extra ``airgap``.

The office makes keys, a root that names them and how many must sign, and bundles; the desk takes a
bundle that the root which it has approves of, never an older one. Signatures, thresholds, expiry,
rollback and change of keys are those of The Update Framework (specification 1.0), by the package
``tuf``. A desk needs it to take a bundle and never to verify a document.
"""

from verifier.errors import SetupError

try:
    import tuf  # noqa: F401 - asked for once here, so that its absence is told in our words
except ImportError:
    missing = "Bundles cannot be used: the part of this program that does is not installed.\n"
    raise SetupError(missing + "Install it: pip install 'pratique[airgap]'") from None

from trustlists.airgap.desk import BundleTaken, take_bundle
from trustlists.airgap.keys import KeyPair, new_key
from trustlists.airgap.office import BundleMade, add_signatures, make_bundle
from trustlists.airgap.roots import RootReport, new_root

__all__ = [
    "BundleMade",
    "BundleTaken",
    "KeyPair",
    "RootReport",
    "add_signatures",
    "make_bundle",
    "new_key",
    "new_root",
    "take_bundle",
]
