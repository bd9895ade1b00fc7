"""The rule sets that a certificate is put before: a country's own, and international ones.

What was imported takes the place of what is bundled, unless that is newer. Where a country has
adopted a table of how many doses a series has, its own rules see what the table says; international
ones never do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from verifier.clock import day_of
from verifier.rules import bundled
from verifier.rules.asking import Asking
from verifier.rules.diseases import COVID_19
from verifier.rules.payload import Presented
from verifier.rules.regulation import Regulation
from verifier.rules.report import Asked
from verifier.rules.ruleset import RuleSet, RuleSource

# What a certificate is about that does not say so: it may be what a country's rules are about.
NOT_STATED: Final = ""


class AskedSet(NamedTuple):
    """One rule set that is asked, what it is called, and whose it is if it is international."""

    asked: Asked
    asking: Asking
    regulation: Regulation | None

    def sees(self, presented: Presented) -> tuple["AskedSet", Sequence[Mapping[str, Any]]]:
        """Give what this set sees of a certificate; it says so where its table filled anything in.

        Doses of several products have no number of a series that a table could know (code
        crosswalk, 5.6).
        """
        rules = self.asking.rules
        table, listed = rules.series, rules.series_from
        if table is None or not presented.one_product:
            return self, presented.worlds
        worlds = table.fill(presented.worlds)
        if worlds == presented.worlds:
            return self, worlds
        vouched = listed is not None and listed.authenticated
        source = f"{listed.list.name}: {table.source}" if listed else table.source
        asked = self.asked._replace(
            doses_from=f"{source} ({table.as_of})",
            authenticated=self.asked.authenticated and vouched,
        )
        return self._replace(asked=asked), worlds


def sets_about(
    disease: str, source: RuleSource | None, *, country: str, region: str, issuer: str
) -> Iterator[AskedSet]:
    """Find the rules about a disease for entry into a country: those of countries are on COVID-19.

    ``issuer`` is the country that issued the certificate, whose own rules may withdraw it.
    """
    about_theirs = disease in {COVID_19, NOT_STATED}
    rules = source.rule_set(country) if source and about_theirs else None
    if source and rules:
        issuer_rules = source.rule_set(issuer) if issuer else None
        yield AskedSet(_of_country(rules), Asking(rules, issuer_rules, region), None)
    for regulation in regulations_of(source):
        if regulation.disease == disease:
            asking = Asking(regulation.for_country(country))
            yield AskedSet(_of_regulation(regulation), asking, regulation)


def regulations_of(source: RuleSource | None) -> Iterable[Regulation]:
    """Give the international rules: of each authority and disease the newest, imported or bundled.

    A program that was brought up to date may ship one that is newer than what was imported once.
    """
    found = {(each.authority, each.disease): each for each in bundled.regulations()}
    for each in source.regulations() if source else ():
        held = found.get((each.authority, each.disease))
        if held is None or each.as_of >= held.as_of:
            found[each.authority, each.disease] = each
    return found.values()


def _of_country(rules: RuleSet) -> Asked:
    source = ", ".join(dict.fromkeys(each.list.name for each in rules.provenance))
    oldest = min((each.list.as_of for each in rules.provenance), default=None)
    as_of = None if oldest is None else day_of(oldest)
    return Asked(rules.country, COVID_19, source, as_of, rules.authenticated, not rules.incomplete)


def _of_regulation(regulation: Regulation) -> Asked:
    listed = regulation.provenance
    return Asked(
        regulation.authority,
        regulation.disease,
        f"{listed.list.name}: {regulation.source}" if listed else regulation.source,
        regulation.as_of,
        # What the program ships is as trustworthy as the program.
        authenticated=listed.authenticated if listed else True,
        complete=True,
    )
