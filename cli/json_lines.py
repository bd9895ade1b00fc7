"""A verdict as one line of JSON (interface contract, "Verdict as JSON").

The text is ASCII throughout, so that no name can steer a terminal through it.
"""

from collections.abc import Callable

from verifier.privacy import Disclosure, HolderView
from verifier.verdict import Verdict

_CONSTANTS = {None: "null", False: "false", True: "true"}


class JsonLines:
    """Writes verdicts a line each, the first of them without waiting for the package json."""

    __slots__ = ("_disclosure", "_text")

    def __init__(self, disclosure: Disclosure) -> None:
        """Take what the policy discloses."""
        self._disclosure = disclosure
        self._text: Callable[[object], str] = json_text

    def write(self, verdict: Verdict) -> str:
        """Write one verdict, its holder read and let go of if the policy discloses any."""
        line = self._text(verdict_members(verdict, self._disclosure)) + "\n"
        self._text = _text_by_package  # several times as fast, once it is there
        return line


def verdict_members(verdict: Verdict, disclosure: Disclosure) -> dict[str, object]:
    """Give the members of a verdict, the holder among them if there is one to disclose."""
    members = verdict.to_json()
    if verdict.discloses_holder and disclosure is not Disclosure.NONE:
        with verdict.holder() as holder:
            members["holder"] = _holder_members(holder, disclosure)
    return members


def json_text(value: object) -> str:
    """Write plain data as JSON.

    The package json takes as long to load as the verification itself, so plain text is written
    without it; only what needs an escape is left to it.
    """
    if isinstance(value, dict):
        pairs = (f"{json_text(name)}:{json_text(member)}" for name, member in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, str) and _needs_no_escape(value):
        return f'"{value}"'
    return _text_by_package(value)


def _text_by_package(value: object) -> str:
    import json  # noqa: PLC0415 - see above

    return json.dumps(value, separators=(",", ":"))


def _needs_no_escape(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _holder_members(holder: HolderView, disclosure: Disclosure) -> dict[str, object]:
    members: dict[str, object] = {
        "name": holder.name,
        "name_mrz": holder.name_mrz,
        "birth_date": holder.birth_date,
    }
    if disclosure is Disclosure.CLINICAL:
        members["clinical"] = {"events": _events(holder.clinical)}
    return members


def _events(facts: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """Put the facts of each event together: a label that comes again begins the next one."""
    events: list[dict[str, str]] = []
    for label, value in facts:
        if not events or label in events[-1]:
            events.append({})
        events[-1][label] = value
    return events
