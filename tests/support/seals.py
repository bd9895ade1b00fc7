"""Health seals taken apart and put together again, by other code than the verifier's."""

import base64
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from Crypto.Hash import SHA256, SHA384
from Crypto.Signature import DSS
from support.specimens import cases

from fixtures.cases import Case
from fixtures.vds_nc.authorities import Signer, bad_signers, good_signers
from fixtures.vds_nc.issue import canonical
from verifier import Outcome

Members = dict[str, Any]


def seal_cases() -> Iterator[Case]:
    """Give the specimens of this family."""
    return (case for case in cases() if case.id.startswith("vds_nc::"))


@cache
def good_seals() -> tuple[Case, ...]:
    """Give those that a desk has to believe."""
    return tuple(case for case in seal_cases() if case.outcome == Outcome.AUTHENTIC)


@cache
def signers() -> dict[bytes, Signer]:
    """Give every signer of this family by its certificate."""
    made = [*good_signers().values(), *(signer for signer, _, _ in bad_signers().values())]
    return {signer.certificate: signer for signer in made}


def taken_apart(text: str) -> Members | None:
    """Read a seal; None for what is none."""
    try:
        seal = json.loads(text)
        json.dumps(seal, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return seal if isinstance(seal, dict) and {"data", "sig"} <= seal.keys() else None


def put_together(seal: Members) -> str:
    """Write a seal as the text of a code."""
    return json.dumps(seal, separators=(",", ":"), ensure_ascii=False)


def bytes_of(text: str) -> bytes:
    """Decode base64url, padded or not."""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def really_signed(text: str) -> bool:
    """Tell whether the specimen signer whose certificate a seal brings has signed it."""
    seal = taken_apart(text)
    try:
        if seal is None:
            return False
        signer = signers().get(bytes_of(seal["sig"]["cer"]))
        signature = bytes_of(seal["sig"]["sigvl"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    return signer is not None and _holds(signer, canonical(seal["data"]), signature)


def _holds(signer: Signer, content: bytes, signature: bytes) -> bool:
    key = signer.key
    hashed = SHA384 if key.curve == "NIST P-384" else SHA256
    try:
        DSS.new(key.public_key(), "fips-186-3").verify(hashed.new(content), signature)
    except ValueError:
        return False
    return True
