"""Finds what is wrong or odd in trust lists, stored or in files, without changing anything.

Real lists break most rules somewhere (gdhcn-trust notes, 3.4, 3.5, 7), so nothing here drops a key:
a finding names an entry, what is odd about it, and what to do. No finding quotes a list: entries
are named by key id, country or place.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Final

from trustlists.anchors import Anchor, pinned_anchors, read_anchors
from trustlists.checking.codes import RULES, CheckReport, Code, Finding, Rule, Severity
from trustlists.checking.entries import Entry, of_record, of_stored
from trustlists.checking.jwk import JwkProblem, conforms, jwk_findings
from trustlists.checking.lists import (
    age_findings,
    clash_findings,
    gathered_findings,
    list_findings,
    of_refused,
)
from trustlists.gathering import Options, Refused
from trustlists.importing import gather_all
from trustlists.store import TrustStore
from verifier.clock import Instant
from verifier.trust import TrustList

__all__ = [
    "RULES",
    "SOON",
    "CheckReport",
    "Code",
    "Finding",
    "JwkProblem",
    "Rule",
    "Severity",
    "check_sources",
    "check_store",
    "conforms",
]
SOON: Final = 60 * 86_400


def check_store(store: TrustStore, *, at: Instant, soon: int = SOON) -> CheckReport:
    """Look at every list and key of a store.

    ``at`` decides what has expired (seconds since 1970), ``soon`` how many seconds before its end a
    certificate is named. Raises ``TrustStoreInvalid`` when the store cannot be read.
    """
    lists = store.lists()
    found: list[Finding] = []
    everything: list[Entry] = []
    for each in lists:
        entries = [of_stored(stored) for stored in store.keys(list_name=each.name)]
        named = TrustList(
            each.name, each.environment, each.as_of, each.stale_after, each.too_old_after
        )
        found.extend(age_findings("", named, at))
        found.extend(list_findings(entries, at, soon))
        everything.extend(entries)
    found.extend(clash_findings(everything))
    return _report(at, [each.name for each in lists], len(everything), found)


def check_sources(  # noqa: PLR0913 - one argument a choice of the operator
    sources: Sequence[str | os.PathLike[str]],
    *,
    at: Instant,
    soon: int = SOON,
    scheme: str = "eu-dcc",
    country: str = "",
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
) -> CheckReport:
    """Look at files and folders of lists without storing them; arguments as for ``check_store``.

    ``scheme``, ``country`` and ``anchors`` are those of ``import_sources``. What cannot be read is
    a finding. Lists that nobody signed are looked into too. Raises ``SetupError`` for an anchor
    that cannot be read, and for nothing else.
    """
    own: list[Anchor] = []
    for anchor in anchors:
        own.extend([anchor] if isinstance(anchor, Anchor) else read_anchors(anchor))
    options = Options((), scheme, country, pinned_anchors(), tuple(own), now=at, unsigned=True)
    found: list[Finding] = []
    names: list[str] = []
    everything: list[Entry] = []
    for outcome in gather_all(sources, options):
        if isinstance(outcome, Refused):
            found.extend(of_refused(outcome))
            continue
        entries = [of_record(record, outcome) for record in outcome.parsed.records]
        names.append(outcome.parsed.name)
        found.extend(gathered_findings(outcome, at))
        found.extend(list_findings(entries, at, soon))
        everything.extend(entries)
    for source in sources:
        found.extend(jwk_findings(source))
    found.extend(clash_findings(everything))
    return _report(at, names, len(everything), found)


def _report(at: Instant, names: Sequence[str], keys: int, found: Iterable[Finding]) -> CheckReport:
    order = list(Code)
    in_order = sorted(found, key=lambda finding: order.index(finding.code))
    return CheckReport(at, tuple(names), keys, tuple(in_order))
