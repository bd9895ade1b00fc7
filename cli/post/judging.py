"""From what was heard to a verdict: identifiers off, cards joined, wrong keyboards undone.

A repair counts only when the signature holds, and what a keyboard has damaged is never the
document's fault: it is REFER, with the keyboard named (scanners notes, 4, repair rule).
"""

from datetime import datetime
from typing import Final, NamedTuple

from cli.post.identifiers import without_identifier
from cli.post.layouts import candidates, is_typed_by_numbers, suspected
from verifier import Reason, Verdict, Verifier
from verifier.collecting import Collector
from verifier.findings import Finding
from verifier.privacy import private
from verifier.reasons import Check, Result

# Where damage by a keyboard may show: before a signature could hold.
_DAMAGED_AT: Final = frozenset({Check.INPUT, Check.ENCODING, Check.ENVELOPE, Check.SIGNATURE})


class Judged(NamedTuple):
    """A verdict; the layout that was undone for it, or that the text looks like if none could be.

    ``incomplete``: codes of a card that is not complete came before it.
    """

    verdict: Verdict
    undone: str = ""
    looks_like: str = ""
    incomplete: bool = False


@private
class Judge:
    """Judges the scans of one traveller, several of which may be one card."""

    __slots__ = ("_at", "_collector", "_verifier")

    def __init__(self, verifier: Verifier, at: datetime | None) -> None:
        """Take who verifies, and for when if not for now."""
        self._verifier = verifier
        self._at = at
        self._collector = Collector()

    @property
    def waiting(self) -> tuple[int, int] | None:
        """How many codes there are of how many, None when no card is begun."""
        return self._collector.waiting

    def judge(self, scan: str | bytes, *, keyboard: bool, now: float) -> Judged | None:
        """Judge a scan, None while codes of its card are missing. ``now`` never goes back."""
        if isinstance(scan, str):
            scan = without_identifier(scan)
        whole = self._collector.add(scan, now)
        if not whole:
            return None
        # What is still begun and not handed out is a card whose next code has not come.
        begun = self._collector.waiting is not None and whole == [scan]
        self._collector.finish()
        return self._judge(whole[0], keyboard=keyboard)._replace(incomplete=begun)

    def overdue(self, now: float) -> Judged | None:
        """Judge a card whose next code has not come in time."""
        found = self._collector.overdue(now)
        return self._judge(found[0], keyboard=False) if found else None

    def finish(self) -> Judged | None:
        """Judge what is begun, as nothing more will come."""
        found = self._collector.finish()
        return self._judge(found[0], keyboard=False) if found else None

    def if_whole(self, scan: str | bytes) -> Judged | None:
        """Judge a scan that may be whole; None when no signature says that it is."""
        if isinstance(scan, bytes):
            return None
        verdict = self._verify(without_identifier(scan))
        return Judged(verdict) if _holds(verdict) else None

    def _judge(self, scan: str | bytes, *, keyboard: bool) -> Judged:
        verdict = self._verify(scan)
        fault = _fault(verdict)
        if not keyboard or fault is None or isinstance(scan, bytes):
            return Judged(verdict)
        for candidate in candidates(scan):
            repaired = self._verify(candidate.text)
            if _holds(repaired):
                return Judged(repaired, undone=candidate.layout)
        if is_typed_by_numbers(scan):
            return Judged(self._verifier.unread(Reason.TYPED_BY_NUMBERS, at=self._at))
        looks_like = suspected(scan)
        if looks_like or (verdict.format and not scan.isascii()):
            damaged = self._verifier.unread(Reason.KEYBOARD_DIFFERS, at=self._at)
            return Judged(damaged, looks_like=looks_like)
        return Judged(verdict)

    def _verify(self, scan: str | bytes) -> Verdict:
        return self._verifier.verify(scan, at=self._at)


def nothing_of_a_certificate(verdict: Verdict) -> bool:
    """Tell whether what was heard was no code at all, as when somebody types a few letters."""
    return verdict.findings[0].code in {Reason.NOT_RECOGNISED, Reason.EMPTY}


def _fault(verdict: Verdict) -> Finding | None:
    """Give what a keyboard may have caused, None when it certainly has not."""
    for finding in verdict.findings:
        if finding.check in _DAMAGED_AT and finding.result is not Result.PASS:
            return finding
    return None


def _holds(verdict: Verdict) -> bool:
    return any(
        finding.check is Check.SIGNATURE and finding.result is Result.PASS
        for finding in verdict.findings
    )
