"""Rules and value sets as the store holds them."""

from enum import StrEnum
from typing import Final, NamedTuple

DIALECT: Final = "rules"  # what lists of rules are called among the lists of the store


class Kind(StrEnum):
    """What a row of the store holds."""

    RULE = "rule"
    BROKEN = "broken"  # a rule that cannot be read; its country's set is incomplete
    VALUES = "values"


class RuleRow(NamedTuple):
    """A rule or value set as it is stored: its publisher's bytes, and what finds them.

    ``country`` is ISO 3166-1 alpha-2, empty for value sets, and for a broken rule of which nobody
    can tell whose it is. ``type`` is that of the rule, empty where it cannot be told. ``version``
    is the date of a value set.
    """

    kind: str
    country: str
    type: str
    identifier: str
    version: str
    body: bytes
