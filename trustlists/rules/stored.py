"""The rules of a country as the store holds them.

Several lists may have rules of one country. They are never mixed: what one publisher has withdrawn
would live on in another's list. For each type of rule, one list speaks: one that an anchor vouches
for before any other, then the newest (decision 0038).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from trustlists.rules.documents import read_document
from trustlists.rules.records import owned
from trustlists.rules.rows import Kind
from verifier.clock import Instant
from verifier.errors import RuleSetInvalid
from verifier.rules.regulation import Regulation, read_regulation
from verifier.rules.rule import ACCEPTANCE, INVALIDATION, Rule, read_rule
from verifier.rules.ruleset import Provenance, RuleSet
from verifier.rules.series_table import SeriesTable, read_series_table
from verifier.rules.valuesets import ValueSet, ValueSets, read_value_sets
from verifier.trust import Environment, TrustList

if TYPE_CHECKING:
    from trustlists.store import TrustStore

_RULES: Final = """
    SELECT kind, country, type, identifier, body,
        lists.name, environment, as_of, stale_after, too_old_after, source, sequence, anchor
    FROM rules JOIN lists ON lists.name = rules.list
    WHERE kind IN ('rule', 'broken') AND country IN (?, '')"""

_VALUES: Final = """
    SELECT identifier, version, body,
        lists.name, environment, as_of, stale_after, too_old_after, source, sequence, anchor
    FROM rules JOIN lists ON lists.name = rules.list WHERE kind = 'values'"""

_OWN: Final = """
    SELECT body,
        lists.name, environment, as_of, stale_after, too_old_after, source, sequence, anchor
    FROM rules JOIN lists ON lists.name = rules.list WHERE kind = ? AND country = ?
    ORDER BY lists.name"""

_COUNTRIES: Final = """
    SELECT DISTINCT country FROM rules
    WHERE country <> '' AND kind IN ('rule', 'broken') ORDER BY country"""

_OF_ENTRY: Final = (ACCEPTANCE, INVALIDATION)


class _Row(NamedTuple):
    """A rule of one list; one that is ``broken`` may be nobody knows whose, or of which type."""

    broken: bool
    country: str
    type: str
    identifier: str
    body: bytes
    provenance: Provenance


def countries(store: "TrustStore") -> tuple[str, ...]:
    """Name the countries of which there are rules."""
    return tuple(country for (country,) in store.rows(_COUNTRIES))


def rule_set(store: "TrustStore", country: str) -> RuleSet:
    """Give the rules of a country, which is one of ``countries``."""
    rows = [
        _Row(kind == Kind.BROKEN, owner, rule_type, identifier, body, _provenance(source))
        for kind, owner, rule_type, identifier, body, *source in store.rows(_RULES, (country,))
    ]
    chosen = _speaking(rows)
    rules: list[Rule] = []
    incomplete: list[str] = []
    for row in rows:
        speaks_for = [each for each in chosen if chosen[each] == row.provenance]
        if row.broken and speaks_for:
            if row.type in {*_OF_ENTRY, ""}:
                incomplete.append(row.identifier)
        elif row.type in speaks_for:
            try:
                rules.append(read_rule(owned(read_document(row.body), country)))
            except RuleSetInvalid:  # what is read here more strictly than by whoever imported it
                incomplete.append(row.identifier)
    values, values_from = value_sets(store)
    sources = tuple(sorted(chosen.items()))
    series, series_from = _series(store, country)
    return RuleSet(
        country,
        tuple(rules),
        values,
        sources,
        values_from,
        tuple(incomplete),
        series,
        series_from,
    )


def regulations(store: "TrustStore") -> tuple[Regulation, ...]:
    """Give the international rules that were imported, each with the list that it is from."""
    return tuple(
        read_regulation(read_document(body))._replace(provenance=_provenance(source))
        for body, *source in store.rows(_OWN, (Kind.REGULATION, ""))
    )


def _series(store: "TrustStore", country: str) -> tuple[SeriesTable | None, Provenance | None]:
    """Give the table of doses that a country has adopted; its list is called by the country."""
    for body, *source in store.rows(_OWN, (Kind.DOSES, country)):
        return read_series_table(read_document(body), country), _provenance(source)
    return None, None


def _speaking(rows: Sequence[_Row]) -> dict[str, Provenance]:
    """Choose the list that speaks for each type of rule; one that is broken is a rule too."""
    lists: dict[str, list[Provenance]] = defaultdict(list)
    for row in rows:
        if row.country:
            for rule_type in (row.type,) if row.type else _OF_ENTRY:
                lists[rule_type].append(row.provenance)
    return {rule_type: max(found, key=_rank) for rule_type, found in lists.items()}


def value_sets(store: "TrustStore") -> tuple[ValueSets, tuple[Provenance, ...]]:
    """Give all value sets of the lists that speak for them, and which lists those are."""
    lists: dict[str, list[tuple[Provenance, str, bytes]]] = defaultdict(list)
    for identifier, date, body, *source in store.rows(_VALUES):
        lists[identifier].append((_provenance(source), date, body))
    sets: list[ValueSet] = []
    used: list[Provenance] = []
    for identifier, found in sorted(lists.items()):
        chosen = max((provenance for provenance, _, _ in found), key=_rank)
        used.append(chosen)
        sets += [
            each._replace(date=date)
            for provenance, date, body in found
            if provenance == chosen
            for each in read_value_sets(read_document(body))
            if each.identifier == identifier
        ]
    return ValueSets(tuple(sets)), tuple(dict.fromkeys(used))


def _rank(provenance: Provenance) -> tuple[bool, Instant, str]:
    return provenance.authenticated, provenance.list.as_of, provenance.list.name


def _provenance(row: Sequence[Any]) -> Provenance:
    name, environment, as_of, stale_after, too_old_after, source, sequence, anchor = row
    form, _, file = source.partition(": ")
    trust_list = TrustList(name, Environment(environment), as_of, stale_after, too_old_after)
    return Provenance(trust_list, file, form, sequence, anchor)
