"""What ``pratique trust`` shows: imports, lists and keys, in at most 80 columns, and as JSON."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from cli.problem import printable
from cli.style import wrap
from trustlists import KeyCount, LevelCount, ListReport, RefusedEntry, StoredKey, StoredList
from trustlists.public_keys import kind_of
from trustlists.records import LEVEL_WORDS, REFUSAL_WORDS, ROLE_WORDS, Level, Role
from trustlists.writing import KeyLabel
from verifier.clock import Instant, day_of

SCHEMA = "pratique.trust/1"

_SHOWN_ENTRIES = 20  # a screenful; the rest is counted
_LIST_CHARACTERS = 28
_LABEL_WIDTH = 14


def report_lines(report: ListReport) -> Iterator[str]:
    """Say what an import did to one list: its keys, what changed, what was refused and why."""
    if report.changes and report.withdrawn is not None and not report.keys:
        yield (
            f"{report.name}: {report.environment}, a revocation list,"
            f" {_count(report.withdrawn, 'certificate', 'certificates')} withdrawn"
        )
    elif report.changes:
        yield (
            f"{report.name}: {report.environment}, {_count(report.keys, 'key', 'keys')},"
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
            f" {_count(len(report.refused), 'entry', 'entries')} refused"
        )
        for kind, keys in kinds:
            yield from _some(kind, keys)
    yield from _refused_lines(report.refused)


def store_as_tables(
    lists: Sequence[StoredList], counts: Sequence[KeyCount], levels: Sequence[LevelCount]
) -> str:
    """Write a table of the lists, one of the countries, and one of who vouches for keys."""
    vouched: dict[str, int] = {}
    for count in counts:
        vouched[count.list] = vouched.get(count.list, 0) + count.authenticated
    first = _table(
        ("list", "environment", "as of", "keys", "vouched"),
        (
            (
                _cut(each.name),
                each.environment.value,
                day_of(each.as_of),
                str(each.keys),
                str(vouched.get(each.name, 0)),
            )
            for each in lists
        ),
    )
    second = _table(
        ("country", "list", "keys", "vouched", "in date", "valid until"),
        (
            (
                count.country or "-",
                _cut(count.list),
                str(count.keys),
                str(count.authenticated),
                str(count.in_date),
                _day(count.not_after) or "not said",
            )
            for count in counts
        ),
    )
    third = _table(
        ("list", "keys", "rests on the word of"),
        ((_cut(each.list), str(each.keys), LEVEL_WORDS[Level(each.level)]) for each in levels),
    )
    return f"{first}\n{second}\n{third}"


def store_as_json(
    lists: Sequence[StoredList], counts: Sequence[KeyCount], levels: Sequence[LevelCount]
) -> str:
    """Write the same as one JSON object, in ASCII throughout."""
    members = {
        "schema": SCHEMA,
        "lists": [
            {
                "name": each.name,
                "dialect": each.dialect,
                "environment": each.environment.value,
                "source": each.source,
                "as_of": day_of(each.as_of),
                "imported": day_of(each.imported_at),
                "sha256": each.digest.hex(),
                "anchor": each.anchor or None,
                "anchor_sha256": each.anchor_fingerprint.hex() or None,
                "keys": each.keys,
                "levels": {
                    Level(level.level).name.lower(): level.keys
                    for level in levels
                    if level.list == each.name
                },
                "remarks": each.remarks.split(),
            }
            for each in lists
        ],
        "countries": [
            {
                "country": count.country or None,
                "list": count.list,
                "environment": count.environment.value,
                "keys": count.keys,
                "authenticated": count.authenticated,
                "in_date": count.in_date,
                "not_before": _day(count.not_before) or None,
                "not_after": _day(count.not_after) or None,
            }
            for count in counts
        ],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def key_lines(stored: StoredKey, width: int) -> Iterator[str]:
    """Say everything about one key, a fact a line."""
    key = stored.key
    facts = (
        ("key id", f"{_kid(key.kid)} ({key.kid.hex()})"),
        ("country", key.country or "not said"),
        ("issuer", printable(key.name) or "not said"),
        ("key", kind_of(key.spki)),
        ("for", ", ".join(sorted(key.schemes)) or "no documents"),
        ("uses", ", ".join(sorted(key.uses)) or "all"),
        ("valid from", _day(key.not_before) or "not said"),
        ("valid until", _day(key.not_after) or "not said"),
        ("list", key.list.name),
        ("environment", key.list.environment.value),
        ("list as of", day_of(key.list.as_of)),
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


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write columns as wide as they need to be; numbers stand at the right."""
    table = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    numbers = [all(cell.isdigit() for cell in column[1:]) for column in zip(*table, strict=True)]
    return "".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        + "\n"
        for row in table
    )


def _cut(name: str) -> str:
    return name if len(name) <= _LIST_CHARACTERS else name[: _LIST_CHARACTERS - 3] + "..."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _day(instant: Instant | None) -> str:
    return "" if instant is None else day_of(instant)


def _digest(certificate: bytes | None) -> str:
    return f"SHA-256 {hashlib.sha256(certificate).hexdigest()}" if certificate else ""


def _kid(kid: bytes) -> str:
    return base64.b64encode(kid).decode()
