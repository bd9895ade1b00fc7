"""Reads editions of rules to compare them: a trust store, or anything that can be imported.

What is no store is imported into one that is made for the purpose and thrown away, so that an
edition is read in exactly the way in which a desk would come to hold it.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from trustlists.anchors import Anchor
from trustlists.rules.importing import import_rules
from trustlists.rules.stored import countries
from trustlists.store import TrustStore
from verifier.clock import Instant
from verifier.errors import SetupError
from verifier.rules.ruleset import RuleSet
from verifier.rules.survey.differences import Difference, difference

_SQLITE: Final = b"SQLite format 3\0"


class Edition(NamedTuple):
    """The rules of each country in one edition."""

    sets: dict[str, RuleSet]

    def of(self, country: str) -> RuleSet:
        """Give the rules of a country, none at all where the edition does not have it."""
        return self.sets.get(country) or RuleSet(country, ())


def read_edition(
    source: str | os.PathLike[str],
    *,
    now: Instant,
    values: Sequence[str | os.PathLike[str]] = (),
    anchors: Sequence[Anchor | str | os.PathLike[str]] = (),
) -> Edition:
    """Read a trust store, or a source as ``import_rules`` takes it. Nothing is written to either.

    ``values`` are sources of value sets for what is no store. Raises ``SetupError`` when it cannot
    be read.
    """
    if _is_store(Path(source)):
        return _held(source)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "edition.sqlite")
        import_rules(store, [source, *values], now=now, anchors=anchors)
        return _held(store)


def compare_rules(
    old: Edition, new: Edition, *, at: Instant, country: str = "", region: str = ""
) -> tuple[Difference, ...]:
    """Say what changes for travellers to each country of either edition, or to one.

    Raises ``SetupError`` when neither has rules of any country, or of this one.
    """
    named = [country] if country else sorted({*old.sets, *new.sets})
    if not any(each in edition.sets for each in named for edition in (old, new)):
        whose = f" of {country}" if country else ""
        message = f"Neither edition has rules{whose}.\nCheck what they are."
        raise SetupError(message)
    return tuple(difference(old.of(each), new.of(each), at, region=region) for each in named)


def _held(store: str | os.PathLike[str]) -> Edition:
    with TrustStore.open(store) as opened:
        sets = {country: opened.rule_set(country) for country in countries(opened)}
    return Edition({country: rules for country, rules in sets.items() if rules})


def _is_store(path: Path) -> bool:
    """Tell a store from a source by its first bytes; what cannot be read is for the reader."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
