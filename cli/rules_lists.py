"""What ``pratique rules list`` shows: countries and value sets, or the rules of one country."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cli.problem import printable
from cli.style import style_of_results, wrap
from cli.tables import cut, table
from trustlists import StoredList, TrustStore
from trustlists.rules import stored
from trustlists.rules.rows import DIALECT
from verifier.clock import Instant, day_of
from verifier.rules.rule import ACCEPTANCE, INVALIDATION, Rule, version_text
from verifier.rules.ruleset import Provenance, RuleSet
from verifier.rules.valuesets import ValueSet, ValueSets

SCHEMA = "pratique.rules/1"
_FEW = 4  # countries that a line has room for


class Held(NamedTuple):
    """All rules and value sets of a store."""

    countries: tuple[RuleSet, ...]
    values: ValueSets
    values_from: tuple[Provenance, ...]
    lists: tuple[StoredList, ...]


def held_in(store: TrustStore) -> Held:
    """Read everything that the store has of rules."""
    sets = [store.rule_set(country) for country in stored.countries(store)]
    lists = tuple(each for each in store.lists() if each.dialect == DIALECT)
    return Held(tuple(each for each in sets if each), *stored.value_sets(store), lists)


def as_tables(held: Held, now: Instant) -> str:
    """Write tables of the countries, of the value sets, and of the lists that both are from."""
    countries = table(
        ("country", "acceptance", "invalidation", "other", "today", "broken", "signed"),
        ([each.country, *_counts(each, now), _yes(each)] for each in held.countries),
    )
    values = table(
        ("value set", "codes", "as of"),
        (
            (printable(each.identifier), str(len(each.codes)), each.date)
            for each in held.values.sets
        ),
    )
    lists = table(
        ("list", "environment", "as of", "signed by", "speaks for"),
        (
            (
                cut(each.name),
                each.environment.value,
                day_of(each.as_of),
                cut(each.anchor) or "nobody",
                _used(each.name, held),
            )
            for each in held.lists
        ),
    )
    return f"{countries}\n{values}\n{lists}"


def _used(name: str, held: Held) -> str:
    """Say for whom a list speaks; where several have a country's rules, one does."""
    countries = [
        each.country
        for each in held.countries
        if any(source.list.name == name for source in each.provenance)
    ]
    used = " ".join(countries) if len(countries) <= _FEW else f"{len(countries)} countries"
    values = "value sets" if any(each.list.name == name for each in held.values_from) else ""
    return used or values or "nobody"


def _counts(rule_set: RuleSet, now: Instant) -> Iterator[str]:
    types = [rule.type for rule in rule_set.rules]
    acceptance, invalidation = types.count(ACCEPTANCE), types.count(INVALIDATION)
    yield str(acceptance)
    yield str(invalidation)
    yield str(len(types) - acceptance - invalidation)
    yield str(sum(1 for rule in rule_set.rules if in_force(rule, now) and _is_entry(rule)))
    yield str(len(rule_set.incomplete))


def in_force(rule: Rule, at: Instant) -> bool:
    """Tell whether an instant is within the time of a rule, both ends included."""
    return rule.valid_from <= at <= rule.valid_to


def _is_entry(rule: Rule) -> bool:
    return rule.type in {ACCEPTANCE, INVALIDATION}


def _yes(rule_set: RuleSet) -> str:
    return "yes" if all(each.authenticated for each in rule_set.provenance) else "no"


def as_json(held: Held, now: Instant) -> str:
    """Write the same as one JSON object, in ASCII throughout."""
    members = {
        "schema": SCHEMA,
        "countries": [
            {
                "country": each.country,
                "rules": _by_type(each.rules),
                "in_force": sum(
                    1 for rule in each.rules if in_force(rule, now) and _is_entry(rule)
                ),
                "broken": list(map(printable, each.incomplete)),
                "authenticated": all(one.authenticated for one in each.provenance),
                "lists": [_source_members(one) for one in each.provenance],
            }
            for each in held.countries
        ],
        "value_sets": [_value_members(each) for each in held.values.sets],
        "value_set_lists": [_source_members(each) for each in held.values_from],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"


def _by_type(rules: Iterable[Rule]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule.type] = counts.get(rule.type, 0) + 1
    return dict(sorted(counts.items()))


def _value_members(values: ValueSet) -> dict[str, Any]:
    return {
        "identifier": printable(values.identifier),
        "date": values.date,
        "codes": len(values.codes),
    }


def _source_members(source: Provenance) -> dict[str, Any]:
    return {
        "name": source.list.name,
        "environment": source.list.environment.value,
        "as_of": day_of(source.list.as_of),
        "form": source.form,
        "source": printable(source.source),
        "authenticated": source.authenticated,
        "anchor": source.anchor or None,
    }


def country_as_text(rule_set: RuleSet, now: Instant, lang: str) -> str:
    """Write the rules of a country, each with its description, and where they are from."""
    width = style_of_results().width
    lines = []
    for source in rule_set.provenance:
        signed = f"signed, {source.anchor} vouches for it" if source.anchor else "signed by nobody"
        text = f"{source.list.name}: {source.list.environment}, {signed}, "
        lines.append(wrap(f"{text}as of {day_of(source.list.as_of)}", width))
    lines += [
        wrap(f"{printable(name)} cannot be read: every result is open", width)
        for name in rule_set.incomplete
    ]
    for rule in sorted(rule_set.rules, key=_by_name):
        lines += ["", *_rule_lines(rule, now, lang, width)]
    return "".join(f"{line}\n" for line in lines)


def _by_name(rule: Rule) -> tuple[str, str, object]:
    return rule.type, rule.identifier, rule.version


def _rule_lines(rule: Rule, now: Instant, lang: str, width: int) -> Iterator[str]:
    when = "in force" if in_force(rule, now) else "to come" if now < rule.valid_from else "over"
    region = f", region {rule.region}" if rule.region else ""
    head = f"{rule.identifier} {version_text(rule.version)}  {rule.type}, {rule.certificate_type}"
    yield wrap(f"{head}{region}", width)
    days = f"{day_of(rule.valid_from)} to {day_of(rule.valid_to)}"
    yield f"    {days}, {when}"
    description = printable(rule.describe(lang))
    if description:
        yield wrap(description, width, "    ")


def country_as_json(rule_set: RuleSet, now: Instant, lang: str) -> str:
    """Write the same as one JSON object, in ASCII throughout."""
    members = {
        "schema": SCHEMA,
        "country": rule_set.country,
        "authenticated": all(each.authenticated for each in rule_set.provenance),
        "lists": [_source_members(each) for each in rule_set.provenance],
        "broken": list(map(printable, rule_set.incomplete)),
        "rules": [
            {
                "identifier": rule.identifier,
                "type": rule.type,
                "certificate_type": rule.certificate_type,
                "region": rule.region or None,
                "version": version_text(rule.version),
                "engine": f"{rule.engine} {version_text(rule.engine_version)}",
                "schema_version": version_text(rule.schema_version),
                "valid_from": day_of(rule.valid_from),
                "valid_to": day_of(rule.valid_to),
                "in_force": in_force(rule, now),
                "description": printable(rule.describe(lang)),
                "affected": list(map(printable, rule.affected)),
            }
            for rule in sorted(rule_set.rules, key=_by_name)
        ],
    }
    return json.dumps(members, separators=(",", ":")) + "\n"
