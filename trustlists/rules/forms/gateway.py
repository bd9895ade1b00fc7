"""Rules as the EU gateway gives them to national back ends (certlogic-rules notes, 6).

A map from identifiers to versions, each with the rule inside CMS that the country's upload
certificate has signed. The map itself is signed by nobody: whoever passes it on can leave rules
out, but can neither alter one nor pass off another country's. The certificates come from the
gateway's trust list in the store, or from an anchor of the operator. One signature that does not
hold costs the whole country its new edition, since a set with a gap admits more people.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.cms import Signed
from trustlists.faults import Fault, invalid
from trustlists.json_text import read_object, text_of
from trustlists.records import Reading, SourceFile
from trustlists.revocation.batches import opened_cms
from trustlists.rules.records import Entries, Form, ParsedRules, RefusedRules
from trustlists.rules.rows import Kind, RuleRow
from trustlists.signers import Uploader, signer_for
from verifier.clock import Instant
from verifier.countries import alpha_2
from verifier.errors import SetupError
from verifier.limits import CLOCK_SKEW, LIST_RECORDS


class _Entry(NamedTuple):
    """A version of a rule whose signature holds; who has signed it is not known yet."""

    identifier: str
    version: str
    signed: Signed


def _recognise(head: bytes) -> bool:
    return head.lstrip(b" \t\r\n").startswith(b"{") and b'"cms"' in head


def _read(
    files: Sequence[SourceFile], reading: Reading, uploader: Uploader
) -> list[ParsedRules | RefusedRules]:
    return [found for file in files for found in _from_file(file, reading, uploader)]


def _from_file(
    file: SourceFile, reading: Reading, uploader: Uploader
) -> Iterator[ParsedRules | RefusedRules]:
    """Make a list for each country in a file; there is one as a rule."""
    try:
        entries = list(_entries(read_object(file.data or b"")))
    except SetupError as error:
        yield RefusedRules("", error)
        return
    countries: dict[str, list[_Entry]] = {}
    for entry in entries:
        signer = entry.signed.signers[0].certificate.facts.country
        countries.setdefault(alpha_2(signer) or reading.country, []).append(entry)
    for country, of_country in countries.items():
        name = f"rules-{country.lower()}:gateway"
        try:
            yield _of_country(name, country, of_country, reading, uploader)
        except SetupError as error:
            yield RefusedRules(name, error)


def _entries(listed: dict[str, Any]) -> Iterator[_Entry]:
    """Verify every signature. Raises ``TrustListInvalid`` for the first that does not hold."""
    count = 0
    for identifier, versions in listed.items():
        for version in versions if isinstance(versions, list) else [None]:
            count += 1
            if count > LIST_RECORDS:
                raise invalid(Fault.TOO_LARGE)
            cms = text_of(version, "cms")
            if not cms:
                raise invalid(Fault.MALFORMED)
            signed, _ = opened_cms(cms.encode())
            yield _Entry(identifier, text_of(version, "version"), signed)


def _of_country(
    name: str, country: str, entries: Sequence[_Entry], reading: Reading, uploader: Uploader
) -> ParsedRules:
    anchors: list[Anchor] = []
    found = Entries()
    for entry in entries:
        anchor = signer_for(country, entry.signed, reading.anchors, uploader)
        if anchor is None:
            raise invalid(Fault.SIGNER_UNKNOWN)
        anchors.append(anchor)
        row = found.add(entry.signed.content, entry.identifier, country)
        _demand_same(row, entry, country)
    return ParsedRules(
        name,
        found.rows,
        found.broken,
        environment=anchors[0].environment,
        anchor=anchors[0],
        sequence=_newest([entry.signed for entry in entries], reading),
    )


def _demand_same(row: RuleRow, entry: _Entry, country: str) -> None:
    """Refuse what the map calls by another name than the rule itself, and other countries' rules.

    Raises ``TrustListInvalid``.
    """
    if row.country != country:
        raise invalid(Fault.SIGNER_UNKNOWN)
    same = (row.identifier, row.version) == (entry.identifier, entry.version or row.version)
    if row.kind == Kind.RULE and not same:
        raise invalid(Fault.ATTRIBUTE_CONTRADICTS)


def _newest(signed: Sequence[Signed], reading: Reading) -> Instant | None:
    """Tell when the newest was signed; a wrong clock of a country must not keep rules out."""
    times = [each.signers[0].signed_at for each in signed]
    return max((t for t in times if t is not None and t <= reading.now + CLOCK_SKEW), default=None)


FORM: Final = Form("gateway", _recognise, _read)
