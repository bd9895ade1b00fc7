"""The signed description of a whole set: which files, of what hash, complete for which countries.

Most of what is distributed to verifiers is signed by nobody, and no batch says that it is the last
one. So a border authority that has fetched a set says so itself: a file ``revocations.cms`` in the
folder of the set, CMS with this JSON inside, signed by an anchor. docs/revocation.md shows how.

    {"schema": "pratique.revocations/1", "name": "dcc", "number": 7, "date": "2026-11-25T06:00:00Z",
     "expires": "2026-11-27T06:00:00Z", "complete": ["DE"], "exact": ["DE"],
     "files": {"NAME": "SHA-256"}}
"""

import re
from typing import Final, NamedTuple

from trustlists.anchors import Anchor, that_is
from trustlists.cms import Signed
from trustlists.faults import Fault, invalid
from trustlists.json_text import read_object, text_of
from trustlists.records import Reading
from trustlists.revocation.batches import instant_of_text, opened_cms
from trustlists.signers import demand_not_over, demand_signer
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.limits import SET_FILES

FILE_NAME: Final = "revocations.cms"
SCHEMA: Final = "pratique.revocations/1"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Manifest(NamedTuple):
    """A description whose signature holds, by ``anchor``.

    ``complete`` names the countries of which nothing that is withdrawn is missing, ``exact`` those
    of them for which the batches alone say it all. ``files`` are names and their SHA-256.
    """

    name: str
    number: int
    date: Instant
    expires: Instant | None
    complete: frozenset[str]
    exact: frozenset[str]
    files: dict[str, str]
    anchor: Anchor


def read_manifest(data: bytes, reading: Reading) -> Manifest:
    """Verify, then read. Raises ``TrustListInvalid``."""
    signed, content = opened_cms(data)
    anchor = _anchor_of(signed, reading)
    said = read_object(content)
    name, number, files = text_of(said, "name"), said.get("number"), said.get("files")
    date = instant_of_text(said.get("date"))
    expires = instant_of_text(said.get("expires"))
    complete, exact = _countries(said.get("complete", [])), _countries(said.get("exact", []))
    if said.get("schema") != SCHEMA:
        raise invalid(Fault.FUTURE_VERSION)
    if not _NAME.fullmatch(name) or type(number) is not int or number < 0 or date is None:
        raise invalid(Fault.MALFORMED)
    if not exact <= complete or (expires is None and "expires" in said):
        raise invalid(Fault.MALFORMED)
    if anchor.countries and not complete <= anchor.countries:
        raise invalid(Fault.SIGNER_NOT_FOR_LISTS)
    demand_not_over(expires, reading)
    return Manifest(name, number, date, expires, complete, exact, _files(files), anchor)


def _anchor_of(signed: Signed, reading: Reading) -> Anchor:
    """Name the anchor. One that certifies others has to say who of them describes sets."""
    signer = signed.signers[0]
    own = that_is(signer.certificate.facts, reading.anchors)
    anchor = own or demand_signer(signed.chain(signer), reading, at=signer.signed_at)
    if own is None and not anchor.signer:
        raise invalid(Fault.SIGNER_NOT_FOR_LISTS)
    return anchor


def _countries(codes: object) -> frozenset[str]:
    listed = codes if isinstance(codes, list) else [""]
    found = {alpha_2(code) if isinstance(code, str) else "" for code in listed}
    if "" in found:
        raise invalid(Fault.MALFORMED)
    return frozenset(found)


def _files(files: object) -> dict[str, str]:
    if not isinstance(files, dict) or not files:
        raise invalid(Fault.EMPTY)
    if len(files) > SET_FILES:
        raise invalid(Fault.TOO_LARGE)
    for digest in files.values():
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise invalid(Fault.MALFORMED)
    return files
