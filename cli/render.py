"""A verdict in words for an officer.

Outcome first, then whom to compare, reasons with their next steps, and what it all rests on. No
time of day and no text of the document.
"""

from cli.messages import meaning, word
from cli.problem import printable
from cli.style import Style, wrap
from verifier.findings import Finding
from verifier.privacy import HolderView
from verifier.reasons import Reason, Result
from verifier.verdict import Outcome, Verdict, outcome_by

LOOKS = {
    Outcome.MEETS_RULES: ("✔", "green"),
    Outcome.AUTHENTIC: ("✔", "green"),
    Outcome.DOES_NOT_MEET_RULES: ("!", "yellow"),
    Outcome.NOT_AUTHENTIC: ("✖", "red"),
    Outcome.REFER: ("?", "yellow"),
}
_INDENT = "  "

# Passes that an officer has to know of all the same.
_TOLD_PASSES = (Reason.RETIRED_KEY_ACCEPTED, Reason.SPECIMEN_NUMBER)


class Words:
    """Writes verdicts for people, in one language and one style."""

    __slots__ = ("_lang", "_style")

    def __init__(self, style: Style, lang: str) -> None:
        """Take the style of the output and a language that there is a catalogue for."""
        self._style = style
        self._lang = lang

    def write(self, verdict: Verdict) -> str:
        """Write one verdict, its holder read and let go of if the policy discloses any."""
        lines = [self._outcome(verdict.outcome)]
        if verdict.discloses_holder:
            with verdict.holder() as holder:
                lines += self._holder(holder)
        lines += self._reasons(verdict)
        if verdict.valid_from:
            lines.append(self._paragraph(self._word("valid_from").format(day=verdict.valid_from)))
        lines += self._basis(verdict)
        return "\n".join(lines) + "\n"

    def _word(self, key: str) -> str:
        return self._style.words(word(key, self._lang))

    def _outcome(self, outcome: Outcome) -> str:
        sign, colour = LOOKS[outcome]
        sign = self._style.sign(sign)
        lines = wrap(self._word(f"outcome.{outcome.value}"), self._style.width, f"{sign} ")
        return self._style.paint(lines, colour)

    def _holder(self, holder: HolderView) -> list[str]:
        rows = [
            (self._word("name_mrz"), holder.name_mrz),
            (self._word("name"), holder.name),
            (self._word("birth_date"), holder.birth_date),
        ]
        rows += [
            (
                self._word(f"clinical.{label}"),
                self._word(f"disease.{value}") if label == "disease" else value,
            )
            for label, value in holder.clinical
        ]
        widest = max(len(label) for label, _ in rows)
        lines = [self._paragraph(self._word("compare"))]
        for label, value in rows:
            shown = printable(value) or self._word("unknown")
            lines.append(wrap(shown, self._style.width, f"{_INDENT * 2}{label:<{widest}}  "))
        return lines

    def _reasons(self, verdict: Verdict) -> list[str]:
        lines = []
        for finding in telling(verdict):
            said = meaning(finding.code, self._lang)
            lines.append(wrap(said.what, self._style.width, _INDENT))
            arrow = self._style.words("→")
            lines.append(wrap(said.next, self._style.width, f"{_INDENT}{arrow} "))
        return lines

    def _basis(self, verdict: Verdict) -> list[str]:
        """Say what it is, who issued it and which list that rests on."""
        subject = []
        if verdict.format:
            subject.append(self._word(f"format.{verdict.format}"))
        if verdict.kind:
            subject.append(self._word(f"kind.{verdict.kind.value}"))
        issuer = verdict.issuer and (verdict.issuer.name or verdict.issuer.country)
        if issuer:
            subject.append(self._word("issued_by").format(issuer=printable(issuer)))
        lines = [self._paragraph(self._style.words(" · ").join(subject))] if subject else []
        return [*lines, self._paragraph(self._list(verdict))]

    def _list(self, verdict: Verdict) -> str:
        trust = verdict.trust
        if not trust.as_of:
            return self._word("list_none")
        parts = [self._word("list_of").format(day=trust.as_of)]
        if trust.freshness:
            parts.append(self._word(f"freshness.{trust.freshness.value}"))
        if trust.environment:
            parts.append(self._word(f"environment.{trust.environment.value}"))
        return self._style.words(" — ").join(part for part in parts if part)

    def _paragraph(self, text: str) -> str:
        return wrap(text, self._style.width, _INDENT)


def telling(verdict: Verdict) -> list[Finding]:
    """Pick what is told: all but plain passes; what decided the outcome comes first."""
    findings = [
        finding
        for finding in verdict.findings
        if finding.result is not Result.PASS or finding.code in _TOLD_PASSES
    ]
    return sorted(
        findings,
        key=lambda finding: outcome_by(finding) is not verdict.outcome,
    )
