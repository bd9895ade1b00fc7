"""What the trial came to, for an auditor and for programs."""

from typing import Final

from cli.selftest.trial import Result, Trial
from cli.style import Style, wrap

_SIGNS: Final = {Result.NONE: "✔", Result.FOUND: "✖", Result.UNKNOWN: "?", Result.NOTE: "!"}

# What no look from outside a process can tell, and what to do about it. The privacy notice has the
# same list at length.
_BEYOND: Final = (
    "What no search can tell: memory that the system has taken back and not yet used again, swap "
    "and hibernation, the memory of scanner and screen, a program with the rights of root at the "
    "very moment, and forms that nobody searched for. docs/privacy-notice.md has a remedy for each."
)


def in_words(trial: Trial, style: Style) -> str:
    """Write the report: what was run, what was looked at and found, what cannot be known."""
    head = (
        f"{trial.specimens} certificates of {trial.formats} kinds, good and broken, were made up "
        "just now, with values in every field that occur nowhere else, and verified by the program "
        "as it is installed here. Then those values were looked for."
    )
    forms = f"Looked for as: {', '.join(trial.forms)}."
    parts = [wrap(head, style.width), wrap(forms, style.width)]
    for subject in dict.fromkeys(look.subject for look in trial.looks):
        rows = [look for look in trial.looks if look.subject == subject]
        parts.append("\n".join([subject, *(_row(*look[1:], style) for look in rows)]))
    parts.append(wrap(_BEYOND, style.width))
    parts.append(wrap(_closing(trial), style.width))
    return "\n\n".join(parts) + "\n"


def _row(place: str, result: Result, detail: str, style: Style) -> str:
    said = place if result is Result.NOTE else f"{place}: {result}"
    return wrap(
        f"{said}; {detail}" if detail else said, style.width, f"  {style.sign(_SIGNS[result])} "
    )


def _closing(trial: Trial) -> str:
    if trial.passed:
        return "Nothing was found, and the search was shown to find what is there."
    if any(look.result is Result.FOUND for look in trial.looks):
        return "Something was found, or a control failed. Do not use this desk; tell support."
    return (
        "Nothing was found, but not everything could be looked at: this proves less than it should."
    )


def in_json(trial: Trial) -> dict[str, object]:
    """Give the report as plain data."""
    return {
        "schema": "pratique.selftest/1",
        "passed": trial.passed,
        "specimens": trial.specimens,
        "forms": list(trial.forms),
        "looks": [
            {
                "subject": look.subject,
                "place": look.place,
                "result": look.result.name.lower(),
                "detail": look.detail or None,
            }
            for look in trial.looks
        ],
    }
