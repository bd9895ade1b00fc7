"""What ``pratique trust`` shows of an import and of one key, in at most 80 columns."""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cli.output import remark, tell, write
from cli.problem import printable, setup_problem
from cli.style import wrap
from cli.tables import count_of
from trustlists import ImportReport, ListReport, RefusedEntry, StoredKey
from trustlists.public_keys import kind_of
from trustlists.records import LEVEL_WORDS, REFUSAL_WORDS, REMARK_WORDS, ROLE_WORDS, Level, Role
from trustlists.writing import KeyLabel
from verifier.clock import Instant, day_of
from verifier.errors import SetupError

if TYPE_CHECKING:  # goes online, and most reports are of what did not
    from trustlists.refreshing import RefreshReport

IMPORT_SCHEMA = "pratique.trust_import/1"
REFRESH_SCHEMA = "pratique.trust_refresh/1"

_SHOWN_ENTRIES = 20  # a screenful; the rest is counted
_LABEL_WIDTH = 14


def report_lines(report: ListReport) -> Iterator[str]:
    """Say what an import did to one list: its keys, what changed, what was refused and why."""
    if report.changes and report.withdrawn is not None and not report.keys:
        text = (
            f"{report.name}: {report.environment}, a revocation list,"
            f" {count_of(report.withdrawn, 'certificate', 'certificates')} withdrawn"
        )
        yield wrap(text, 80, "")
    elif report.changes:
        yield (
            f"{report.name}: {report.environment}, {count_of(report.keys, 'key', 'keys')},"
            f" {report.authenticated} vouched for"
        )
        kinds = (
            ("new", report.changes.new),
            ("gone", report.changes.gone),
            ("changed", report.changes.changed),
        )
        numbers = ", ".join(f"{len(keys)} {kind}" for kind, keys in kinds)
        yield (
            f"  {numbers}, {report.changes.unchanged} unchanged,"
            f" {count_of(len(report.refused), 'entry', 'entries')} refused"
        )
        for kind, keys in kinds:
            yield from _some(kind, keys)
    yield from _refused_lines(report.refused)


def tell_of_list(report: ListReport, *, results: bool) -> None:
    """Write what became of a list, and tell what a person should do about it."""
    if results:
        write("".join(f"{line}\n" for line in report_lines(report)))
    if report.refusal:
        what, _, next_step = str(report.refusal).partition("\n")
        tell(setup_problem(f"{printable(report.source)}: {what}", next_step))
    if report.from_future:
        remark(
            f"{report.name} is signed with a date that this clock has not reached: set the"
            " clock. Until then every verdict is REFER."
        )
    for unusual in report.remarks:
        remark(f"{report.name}: {REMARK_WORDS[unusual]}.")
    if not report.refusal and report.authenticated < report.keys:
        bare = report.keys - report.authenticated
        remark(f"No anchor vouches for {bare} of the keys of {report.name}; see --anchor.")


def import_as_json(report: ImportReport) -> str:
    """Write what an import did as one JSON object, in ASCII throughout, with every entry."""
    lists = [_list_members(each) for each in report.lists]
    members = {"schema": IMPORT_SCHEMA, "complete": report.complete, "lists": lists}
    return json.dumps(members, separators=(",", ":")) + "\n"


def refresh_as_json(report: "RefreshReport") -> str:
    """Write what a refresh did in the same way, by source."""
    sources = [
        {
            "name": source.name,
            "sent": source.sent,
            "failure": _error_members(source.failure),
            "lists": [_list_members(each) for each in source.lists],
        }
        for source in report.sources
    ]
    members = {"schema": REFRESH_SCHEMA, "complete": report.complete, "sources": sources}
    return json.dumps(members, separators=(",", ":")) + "\n"


def _list_members(report: ListReport) -> dict[str, Any]:
    changes = report.changes
    return {
        "source": printable(report.source),
        "name": report.name or None,
        "environment": report.environment and report.environment.value,
        "keys": report.keys,
        "authenticated": report.authenticated,
        "new": _labels(changes.new if changes else ()),
        "gone": _labels(changes.gone if changes else ()),
        "changed": [
            {**label, "facts": list(key.facts)}
            for label, key in zip(_labels(changes.changed), changes.changed, strict=True)
        ]
        if changes
        else [],
        "unchanged": changes.unchanged if changes else 0,
        "refused": [
            {"entry": printable(entry), "reason": reason.value, "words": REFUSAL_WORDS[reason]}
            for entry, reason in report.refused
        ],
        "refusal": _error_members(report.refusal),
        "from_future": report.from_future,
        "remarks": [unusual.value for unusual in report.remarks],
        "withdrawn": report.withdrawn,
    }


def _labels(keys: Sequence[KeyLabel]) -> list[dict[str, Any]]:
    return [{"country": key.country or None, "kid": _kid(key.kid)} for key in keys]


def _error_members(error: SetupError | None) -> dict[str, str | None] | None:
    if error is None:
        return None
    what, _, next_step = str(error).partition("\n")
    return {"fault": error.fault or None, "what": what, "next": next_step}


def key_lines(stored: StoredKey, width: int) -> Iterator[str]:
    """Say everything about one key, a fact a line."""
    key = stored.key
    facts = (
        ("key id", f"{_kid(key.kid)} ({key.kid.hex()})"),
        ("country", key.country or "not said"),
        ("issuer", printable(key.name) or "not said"),
        ("signs for", printable(key.issuer)),
        ("key", kind_of(key.spki)),
        ("for", ", ".join(sorted(key.schemes)) or "no documents"),
        ("uses", ", ".join(sorted(key.uses)) or "all"),
        ("valid from", _day(key.not_before) or "not said"),
        ("valid until", _day(key.not_after) or "not said"),
        ("list", key.list.name),
        ("environment", key.list.environment.value),
        ("known as of", day_of(key.list.as_of)),
        ("role", ROLE_WORDS[Role(stored.role)]),
        ("on the word of", LEVEL_WORDS[Level(stored.level)]),
        ("vouched for by", stored.anchor or "no anchor"),
        ("its SHA-256", stored.anchor_fingerprint.hex()),
        ("certificate", _digest(stored.certificate)),
        ("public key", base64.b64encode(key.spki).decode()),
    )
    for label, fact in facts:
        if fact:
            yield wrap(fact, width, f"{label:<{_LABEL_WIDTH}}  ")


def _some(kind: str, keys: Sequence[KeyLabel]) -> Iterator[str]:
    """Name keys one by one, or only count them when they are too many to read."""
    if len(keys) <= _SHOWN_ENTRIES:
        for key in keys:
            facts = f": {', '.join(key.facts)}" if key.facts else ""
            yield wrap(f"{key.country or '--'} {_kid(key.kid)}{facts}", 80, f"  {kind:<8} ")


def _refused_lines(refused: Sequence[RefusedEntry]) -> Iterator[str]:
    for entry, reason in refused[:_SHOWN_ENTRIES]:
        yield wrap(f"{printable(entry)}: {REFUSAL_WORDS[reason]}", 80, "  refused  ")
    if len(refused) > _SHOWN_ENTRIES:
        yield f"  refused  and {len(refused) - _SHOWN_ENTRIES} more"


def _day(instant: Instant | None) -> str:
    return "" if instant is None else day_of(instant)


def _digest(certificate: bytes | None) -> str:
    return f"SHA-256 {hashlib.sha256(certificate).hexdigest()}" if certificate else ""


def _kid(kid: bytes) -> str:
    return base64.b64encode(kid).decode()
