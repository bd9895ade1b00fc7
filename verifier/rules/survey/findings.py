"""What an audit finds: who has no way to comply, on what that rests, what would change it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from verifier.claims import Kind
from verifier.rules.survey.remedies import Change


class Code(StrEnum):
    """What can be found. The words are for programs and never change their meaning."""

    NO_RULES = "no_rules"
    UNDECIDED = "undecided"
    NOBODY = "nobody"
    NO_VACCINATION = "no_vaccination"
    NO_TEST = "no_test"
    NO_RECOVERY = "no_recovery"
    PRODUCT = "product"
    BOOSTER_ONLY = "booster_only"
    RECOVERED_ONE_DOSE = "recovered_one_dose"
    RECOVERY_BY_TEST = "recovery_by_test"
    TEST_KIND = "test_kind"
    TEST_WITHOUT_DEVICE = "test_without_device"
    AGE = "age"
    FORMAT = "format"
    PLACE = "place"
    UNLISTED_ACCEPTED = "unlisted_accepted"


class Basis(StrEnum):
    """What an exclusion rests on. Only the first is a matter of health."""

    HEALTH = "health_evidence"
    FORMAT = "format"
    ISSUER = "issuing_country"
    RULES = "rules"  # none are in force, or they cannot be decided
    NONE = "none"  # nobody is excluded


BASES: Final[Mapping[Code, Basis]] = {
    Code.NO_RULES: Basis.RULES,
    Code.UNDECIDED: Basis.RULES,
    Code.RECOVERY_BY_TEST: Basis.FORMAT,
    Code.FORMAT: Basis.FORMAT,
    Code.PLACE: Basis.ISSUER,
    Code.UNLISTED_ACCEPTED: Basis.NONE,
}


class Finding(NamedTuple):
    """One group of travellers.

    ``who`` are ids of products, kinds of tests or proofs of recovery; empty for everybody with a
    certificate of the ``kind``, which is None for all kinds. ``states`` are those of doses or
    results that it is about, ``ages`` are in years; both are empty for all. ``family`` and
    ``place`` name what it rests on beside health evidence, else they are empty.
    ``rules`` are the identifiers that stand in the way of whoever comes nearest, ``changes`` what
    would admit them: empty where none was found.
    """

    code: Code
    kind: Kind | None
    who: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    family: str = ""
    place: str = ""
    rules: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def basis(self) -> Basis:
        """What the exclusion rests on."""
        return BASES.get(self.code, Basis.HEALTH)

    @property
    def shuts_out(self) -> bool:
        """Whether it is a finding; what is none is an observation, since states may do so."""
        return self.basis is not Basis.NONE
