"""What ``pratique trust`` shows of an import and of one key, in at most 80 columns."""

import base64
import hashlib
from collections.abc import Iterator, Sequence

from cli.problem import printable
from cli.style import wrap
from cli.tables import count_of
from trustlists import ListReport, RefusedEntry, StoredKey
from trustlists.public_keys import kind_of
from trustlists.records import LEVEL_WORDS, REFUSAL_WORDS, ROLE_WORDS, Level, Role
from trustlists.writing import KeyLabel
from verifier.clock import Instant, day_of

_SHOWN_ENTRIES = 20  # a screenful; the rest is counted
_LABEL_WIDTH = 14


def report_lines(report: ListReport) -> Iterator[str]:
    """Say what an import did to one list: its keys, what changed, what was refused and why."""
    if report.changes and report.withdrawn is not None and not report.keys:
        yield (
            f"{report.name}: {report.environment}, a revocation list,"
            f" {count_of(report.withdrawn, 'certificate', 'certificates')} withdrawn"
        )
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
        yield from (f"  {kind:<8} {key.country or '--'} {_kid(key.kid)}" for key in keys)


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
