"""What ``pratique trust list`` shows: lists, countries and kinds of key, counted."""

import json
from collections.abc import Iterator
from typing import Any

from cli.tables import cut, table
from trustlists import KeyCount, KeyCounts
from trustlists.records import LEVEL_WORDS
from verifier.clock import Instant, day_of

SCHEMA = "pratique.trust/1"


def as_tables(counts: KeyCounts) -> str:
    """Write tables of the lists, of the countries, of the kinds of key, of who vouches for keys."""
    lists = table(
        ("list", "environment", "as of", "keys", "vouched"),
        (
            (
                cut(each.name),
                each.environment.value,
                day_of(each.as_of),
                str(keys.keys),
                str(keys.authenticated),
            )
            for each, keys in counts.lists
        ),
    )
    levels = table(
        ("list", "keys", "rests on the word of"),
        ((cut(each.list), str(each.keys), LEVEL_WORDS[each.level]) for each in counts.levels),
    )
    keys = _table("country", counts.countries), _table("key", counts.algorithms)
    return "\n".join((lists, *keys, levels))


def _table(first: str, counts: tuple[KeyCount, ...]) -> str:
    return table(
        (first, "list", "keys", "vouched", "in date", "valid until"),
        (
            (
                count.of or "-",
                cut(count.list),
                str(count.keys),
                str(count.authenticated),
                str(count.in_date),
                _day(count.not_after) or "not said",
            )
            for count in counts
        ),
    )


def as_json(counts: KeyCounts) -> str:
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
                "keys": keys.keys,
                "levels": {
                    level.level.name.lower(): level.keys
                    for level in counts.levels
                    if level.list == each.name
                },
                "remarks": each.remarks.split(),
            }
            for each, keys in counts.lists
        ],
        "countries": list(_objects("country", counts.countries)),
        "algorithms": list(_objects("algorithm", counts.algorithms)),
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def _objects(of: str, counts: tuple[KeyCount, ...]) -> Iterator[dict[str, Any]]:
    for count in counts:
        yield {
            of: count.of or None,
            "list": count.list,
            "environment": count.environment.value,
            "keys": count.keys,
            "authenticated": count.authenticated,
            "in_date": count.in_date,
            "not_before": _day(count.not_before) or None,
            "not_after": _day(count.not_after) or None,
        }


def _day(instant: Instant | None) -> str:
    return "" if instant is None else day_of(instant)
