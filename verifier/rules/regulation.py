"""International rules about one disease, which hold in every country: the IHR's, as data.

A regulation is a JSON object of our own form, ``pratique.regulation/1``: members ``authority``,
``disease``, ``source`` (what it rests on, in words), ``as_of`` (a day), ``value_sets`` and
``rules``. The rules are written like those of a country, without ``Country``, ``Type`` and
``Engine``; they may have a ``Basis`` (the clause) and a ``Consequence`` (texts by language: what
the authority may do while the rule is not met). They see ``external.day``, the calendar day at the
point of entry, beside what other rules see.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from verifier.errors import RuleSetInvalid
from verifier.rules.rule import ACCEPTANCE, Rule, read_rule
from verifier.rules.ruleset import RuleSet
from verifier.rules.valuesets import ValueSets, read_value_sets

SCHEMA: Final = "pratique.regulation/1"

# A rule has a country by its schema; ``for_country`` puts the right one in its place.
_PLACEHOLDER: Final = "AQ"

_TEXTS: Final = ("authority", "disease", "source", "as_of")


class Regulation(NamedTuple):
    """What an international authority demands of certificates against one disease.

    ``bases`` and ``consequences`` are by the identifier of the rule.
    """

    authority: str
    disease: str
    source: str
    as_of: str
    rules: tuple[Rule, ...]
    value_sets: ValueSets
    bases: Mapping[str, str]
    consequences: Mapping[str, Mapping[str, str]]

    def for_country(self, country: str) -> RuleSet:
        """Give its rules as if they were those of a country, where they hold as well."""
        rules = tuple(rule._replace(country=country) for rule in self.rules)
        return RuleSet(country, rules, self.value_sets, ())


def read_regulation(document: Mapping[str, Any]) -> Regulation:
    """Read a regulation from its JSON object. Raises ``RuleSetInvalid``, which names the member."""
    if document.get("schema") != SCHEMA:
        raise _broken(member="schema")
    for member in _TEXTS:
        if not isinstance(document.get(member), str) or not document[member]:
            raise _broken(member=member)
    listed = document.get("rules")
    if not isinstance(listed, list) or not listed:
        raise _broken(member="rules")
    if not all(isinstance(each, Mapping) for each in listed):
        raise _broken(member="rules")
    rules = tuple(_read_rule(each) for each in listed)
    for rule in rules:
        rule.expression.compiled()
    value_sets = document.get("value_sets", [])
    if not isinstance(value_sets, list) or not all(isinstance(v, Mapping) for v in value_sets):
        raise _broken(member="value_sets")
    return Regulation(
        document["authority"],
        document["disease"],
        document["source"],
        document["as_of"],
        rules,
        ValueSets(tuple(found for each in value_sets for found in read_value_sets(each))),
        {rule.identifier: _basis(each) for rule, each in zip(rules, listed, strict=True)},
        {rule.identifier: _consequence(each) for rule, each in zip(rules, listed, strict=True)},
    )


def _read_rule(entry: Mapping[str, Any]) -> Rule:
    common = {
        "Country": _PLACEHOLDER,
        "Type": ACCEPTANCE,
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.0.0",
        "SchemaVersion": "1.0.0",
    }
    return read_rule({**common, **entry})


def _basis(entry: Mapping[str, Any]) -> str:
    basis = entry.get("Basis", "")
    if not isinstance(basis, str):
        raise _broken(member="Basis")
    return basis


def _consequence(entry: Mapping[str, Any]) -> Mapping[str, str]:
    texts = entry.get("Consequence", [])
    if not isinstance(texts, list):
        raise _broken(member="Consequence")
    found: dict[str, str] = {}
    for each in texts:
        if not isinstance(each, Mapping):
            raise _broken(member="Consequence")
        lang, text = each.get("lang"), each.get("desc")
        if not isinstance(lang, str) or not isinstance(text, str):
            raise _broken(member="Consequence")
        found[lang] = text
    return found


def _broken(*, member: str) -> RuleSetInvalid:
    message = f"{member} of the regulation is missing or of another form.\nCorrect the file."
    return RuleSetInvalid(message, "regulation_broken")
