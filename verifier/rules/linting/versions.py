"""The versions of one rule beside each other: which never counts, and when none does."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from verifier.clock import Instant, day_of
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.written import WrittenRule


def version_findings(rules: Sequence[WrittenRule]) -> Iterator[Finding]:
    """Find what is odd among the versions of each rule."""
    by_identifier: dict[tuple[str, str, str], list[WrittenRule]] = defaultdict(list)
    for written in rules:
        rule = written.rule
        by_identifier[rule.country, rule.region, rule.identifier].append(written)
    for versions in by_identifier.values():
        yield from _of_one(versions)


def _of_one(versions: Sequence[WrittenRule]) -> Iterator[Finding]:
    for place, written in enumerate(versions):
        rule = written.rule
        higher = [each for each in versions if each.rule.version > rule.version]
        if higher and _covered(rule.valid_from, rule.valid_to, higher):
            yield written.finding(Code.SHADOWED)
        for other in versions[:place]:
            same = other.rule.version == rule.version and other.rule != rule
            if same and _overlap(written, other):
                yield written.finding(Code.TWO_TEXTS, detail=other.file)
    end: Instant | None = None
    for written in sorted(versions, key=lambda each: each.rule.valid_from):
        rule = written.rule
        if end is not None and rule.valid_from > end + 1:
            detail = f"{day_of(end)} to {day_of(rule.valid_from)}"
            yield written.finding(Code.GAP, detail=detail)
        end = rule.valid_to if end is None else max(end, rule.valid_to)


def _covered(begins: Instant, ends: Instant, others: Sequence[WrittenRule]) -> bool:
    """Tell whether others count at every second of a time."""
    reached = begins
    for each in sorted(others, key=lambda each: each.rule.valid_from):
        if each.rule.valid_from > reached:
            return False
        reached = max(reached, each.rule.valid_to + 1)
        if reached > ends:
            return True
    return False


def _overlap(one: WrittenRule, other: WrittenRule) -> bool:
    begins = max(one.rule.valid_from, other.rule.valid_from)
    return begins <= min(one.rule.valid_to, other.rule.valid_to)
