"""A list of rules that an authority has signed itself: CMS with the JSON inside.

What a ministry gives its desks when no published form is at hand: the array of rules, one rule or
file of value sets, or a document of our own forms, signed with ``openssl cms -sign``. When it was
signed tells an older edition.
"""

from collections.abc import Sequence
from typing import Final

from trustlists.faults import Fault, invalid
from trustlists.records import Reading, SourceFile
from trustlists.revocation.batches import opened_cms
from trustlists.rules.forms import own
from trustlists.rules.forms.files import read_list
from trustlists.rules.records import Form, ParsedRules, RefusedRules, one_each
from trustlists.signers import Uploader, demand_signer

_DER: Final = b"\x30"
_BASE64: Final = b"MII"  # a SEQUENCE of more than 255 bytes


def _recognise(head: bytes) -> bool:
    return head.startswith(_DER) or head.lstrip(b" \t\r\n").startswith(_BASE64)


def _read(
    files: Sequence[SourceFile], reading: Reading, _: Uploader
) -> list[ParsedRules | RefusedRules]:
    return one_each(files, lambda file: _from_file(file, reading))


def _from_file(file: SourceFile, reading: Reading) -> ParsedRules:
    """Verify, then read. Raises ``TrustListInvalid``."""
    signed, content = opened_cms(file.data or b"")
    signer = signed.signers[0]
    anchor = demand_signer(signed.chain(signer), reading, at=signer.signed_at)
    if signer.signed_at is None:
        # Nothing else tells an older edition, which anybody can send again.
        raise invalid(Fault.NO_SIGNING_TIME)
    parsed = (
        own.read_own(content, reading)
        if own.FORM.recognise(content)
        else read_list(content, file.name, reading)
    )
    return parsed._replace(
        environment=anchor.environment,
        anchor=anchor,
        dated=signer.signed_at,
        sequence=signer.signed_at,
    )


FORM: Final = Form("cms", _recognise, _read)
