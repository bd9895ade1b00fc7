"""Checking many certificates against their authorities at once.

Each signature takes as long as reading ten entries of a list, and the library lets go of the
interpreter's lock meanwhile: on two cores it takes half the time.
"""

import os
from collections.abc import Sequence
from typing import Final

from verifier.codecs.x509 import CertificateFacts, signed_by_key

# A certificate, and the keys of those who may have signed it.
Claim = tuple[CertificateFacts, Sequence[bytes]]

_WORTH_THREADS: Final = 16  # claims; below, starting threads takes longer than it saves
_MOST_THREADS: Final = 4


def which_hold(claims: Sequence[Claim]) -> list[bool]:
    """Tell of each certificate whether one of its keys has signed it."""
    if len(claims) < _WORTH_THREADS:
        return list(map(_holds, claims))
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - slow, and for long lists

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as threads:
        return list(threads.map(_holds, claims))


def _holds(claim: Claim) -> bool:
    certificate, keys = claim
    return any(signed_by_key(certificate, spki) for spki in keys)
