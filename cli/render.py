"""A verdict in words for an officer.

Outcome first, then whom to compare, reasons with their next steps, and what it all rests on. No
time of day and no text of the document.
"""

from typing import TYPE_CHECKING

from cli.bidi import directed, isolated
from cli.messages import is_right_to_left, meaning, word
from cli.problem import printable
from cli.style import Style, cells, padded, wrap
from verifier.findings import Finding
from verifier.privacy import HolderView
from verifier.reasons import Check, Reason, Result
from verifier.verdict import Outcome, Verdict, outcome_by

if TYPE_CHECKING:  # most desks ask for no rules and do not wait for them
    from verifier.rules.report import RulesReport

LOOKS = {
    Outcome.MEETS_RULES: ("✔", "green"),
    Outcome.AUTHENTIC: ("✔", "green"),
    Outcome.DOES_NOT_MEET_RULES: ("!", "yellow"),
    Outcome.NOT_AUTHENTIC: ("✖", "red"),
    Outcome.REFER: ("?", "yellow"),
}
_INDENT = "  "

# Passes that an officer has to know of all the same.
_TOLD_PASSES = (
    Reason.RETIRED_KEY_ACCEPTED,
    Reason.SPECIMEN_NUMBER,
    Reason.SAME_PERSON,
    Reason.CENTURY_NOT_SEEN,
    Reason.PASSPORT_NUMBER_AGREES,
)


class Words:
    """Writes verdicts for people, in one language and one style."""

    __slots__ = ("_lang", "_right_to_left", "_style")

    def __init__(self, style: Style, lang: str) -> None:
        """Take the style of the output and a language that there is a catalogue for."""
        self._style = style
        self._lang = lang
        self._right_to_left = is_right_to_left(lang)

    def write(self, verdict: Verdict) -> str:
        """Write one verdict, its holder read and let go of if the policy discloses any."""
        lines = [self._outcome(verdict.outcome)]
        if verdict.discloses_holder:
            with verdict.holder() as holder:
                lines += self._holder(holder)
        lines += self._reasons(verdict)
        if verdict.valid_from:
            lines.append(self._paragraph(self._word("valid_from", day=verdict.valid_from)))
        if verdict.rules is not None:
            lines += self._rules(verdict.rules)
        lines += self._basis(verdict)
        return directed("\n".join(lines) + "\n", right_to_left=self._right_to_left)

    def _word(self, key: str, **values: object) -> str:
        return self._style.words(word(key, self._lang, **values))

    def _isolated(self, text: str) -> str:
        return isolated(printable(text), within=self._right_to_left)

    def _outcome(self, outcome: Outcome) -> str:
        sign, colour = LOOKS[outcome]
        sign = self._style.sign(sign)
        lines = wrap(self._word(f"outcome.{outcome.value}"), self._style.width, f"{sign} ")
        return self._style.paint(lines, colour)

    def _holder(self, holder: HolderView) -> list[str]:
        rows = [
            (
                self._word("name_mrz_spelt_here" if holder.name_mrz_spelt_here else "name_mrz"),
                holder.name_mrz,
            ),
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
        widest = max(cells(label) for label, _ in rows)
        lines = [self._paragraph(self._word("compare"))]
        for label, value in rows:
            shown = self._isolated(value) or self._word("unknown")
            first = f"{_INDENT * 2}{padded(label, widest)}  "
            if 2 * cells(first) > self._style.width:
                lines.append(wrap(label, self._style.width, _INDENT * 2))
                first = _INDENT * 3
            lines.append(wrap(shown, self._style.width, first))
        return lines

    def _reasons(self, verdict: Verdict) -> list[str]:
        lines = []
        for finding in telling(verdict):
            said = meaning(finding.code, self._lang)
            lines.append(wrap(said.what, self._style.width, _INDENT))
            lines.append(wrap(said.next, self._style.width, f"{_INDENT}{self._word('next')} "))
        return lines

    def _rules(self, report: "RulesReport") -> list[str]:
        from cli.rules_words import rule_lines  # noqa: PLC0415 - most desks ask for no rules

        dot = self._style.words("·")
        return [
            self._paragraph(paragraph)
            if paragraph
            else wrap(item, self._style.width, f"{_INDENT * 2}{dot} ")
            for paragraph, item in rule_lines(report, self._word, self._lang)
        ]

    def _basis(self, verdict: Verdict) -> list[str]:
        """Say what it is, who issued it and which list that rests on."""
        subject = []
        if verdict.format:
            subject.append(self._isolated(self._word(f"format.{verdict.format}")))
        if verdict.kind:
            subject.append(self._word(f"kind.{verdict.kind.value}"))
        issuer = verdict.issuer and (verdict.issuer.name or verdict.issuer.country)
        if issuer:
            subject.append(self._word("issued_by", issuer=printable(issuer)))
        lines = [self._paragraph(self._style.words(" · ").join(subject))] if subject else []
        return [*lines, self._paragraph(self._list(verdict))]

    def _list(self, verdict: Verdict) -> str:
        trust = verdict.trust
        if not trust.as_of:
            return self._word("list_none")
        parts = [self._word("list_of", day=trust.as_of)]
        if trust.freshness:
            parts.append(self._word(f"freshness.{trust.freshness.value}"))
        if trust.environment:
            parts.append(self._word(f"environment.{trust.environment.value}"))
        return self._style.words(" — ").join(part for part in parts if part)

    def _paragraph(self, text: str) -> str:
        return wrap(text, self._style.width, _INDENT)


def telling(verdict: Verdict) -> list[Finding]:
    """Pick what is told: all but plain passes.

    First what decided the outcome, then what came of comparing, since somebody asked for it.
    """
    findings = [
        finding
        for finding in verdict.findings
        if finding.result is not Result.PASS or finding.code in _TOLD_PASSES
    ]
    return sorted(
        findings,
        key=lambda finding: (
            outcome_by(finding) is not verdict.outcome,
            finding.check is not Check.IDENTITY,
        ),
    )
