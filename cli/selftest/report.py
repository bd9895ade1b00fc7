"""What the trial came to, for an auditor and for programs."""

from typing import Final

from cli.selftest.outcome import Result, Trial
from cli.style import Style, wrap

_SIGNS: Final = {
    Result.NONE: "✔", Result.RIGHT: "✔", Result.FOUND: "✖", Result.UNKNOWN: "?", Result.NOTE: "!",
}  # fmt: skip

# What no look from outside a process can tell; the privacy notice has a remedy for each.
_BEYOND: Final = (
    "What no search can tell: memory that the system has taken back and not yet used again, swap "
    "and hibernation, the memory of scanner and screen, a program with the rights of root at the "
    "very moment, and forms that nobody searched for. See docs/privacy-notice.md for remedies."
)
_PASSED: Final = "Nothing was found, and the search was shown to find what is there."
_FOUND: Final = "Something was found, or a control failed. Do not use this desk, and tell support."
_UNKNOWN: Final = (
    "Nothing was found, but not everything could be looked at: this proves less than it should."
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
        rows = [_row(*look[1:], style) for look in trial.looks if look.subject == subject]
        parts.append("\n".join([subject, *rows]))
    parts += [wrap(_BEYOND, style.width), wrap(_closing(trial), style.width)]
    return "\n\n".join(parts) + "\n"


def _row(place: str, result: Result, detail: str, style: Style) -> str:
    plain = result in {Result.NOTE, Result.RIGHT}
    said = place if plain else f"{place}: {result}"
    first = f"  {style.sign(_SIGNS[result])} "
    return wrap(f"{said}; {detail}" if detail else said, style.width, first)


def _closing(trial: Trial) -> str:
    if trial.passed:
        return _PASSED
    return _FOUND if any(look.result is Result.FOUND for look in trial.looks) else _UNKNOWN


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
