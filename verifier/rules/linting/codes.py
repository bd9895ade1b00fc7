"""What can be found in rules: codes, how much each matters, and what to do about it.

Codes are never reused. The words are fixed; a detail quotes identifiers, codes and places of the
rules, which are public.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """How much a finding matters. An error spoils verdicts; a note is for the author alone."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """What can be found. The words are for programs and never change their meaning."""

    NO_RULES = "ERC-001"
    RULE_BROKEN = "ERC-002"
    NOT_CERTLOGIC = "ERC-003"
    ENGINE_UNKNOWN = "ERC-004"
    ENGINE_TOO_NEW = "ERC-005"
    SCHEMA_TOO_NEW = "ERC-006"
    CERTIFICATE_TYPE_UNKNOWN = "ERC-007"
    NOT_FOR_ENTRY = "ERC-008"
    IDENTIFIER_FORM = "ERC-009"
    PREFIX_DIFFERS = "ERC-010"
    COUNTRY_DIFFERS = "ERC-011"
    REGION_FORM = "ERC-012"
    WINDOW_SHORT = "ERC-013"
    NO_ENGLISH = "ERC-014"
    DESCRIPTION_SHORT = "ERC-015"
    FIELD_NOT_LISTED = "ERC-016"
    FIELD_NOT_READ = "ERC-017"
    ALWAYS_TRUE = "ERC-018"
    ALWAYS_FALSE = "ERC-019"
    ALWAYS_OPEN = "ERC-020"
    CONTRADICTORY = "ERC-021"
    NOBODY_PASSES = "ERC-022"
    SHADOWED = "ERC-023"
    TWO_TEXTS = "ERC-024"
    GAP = "ERC-025"
    VALUE_SET_UNKNOWN = "ERC-026"
    CODE_UNKNOWN = "ERC-027"
    ISSUER_CONDITION = "ERC-028"
    HOLDER_CONDITION = "ERC-029"
    UNTESTED = "ERC-030"
    BRANCH_UNTESTED = "ERC-031"
    TEST_FAILED = "ERC-032"
    TEST_BROKEN = "ERC-033"
    TESTS_UNASSIGNED = "ERC-034"
    FILE_UNKNOWN = "ERC-035"
    VALUES_ASSUMED = "ERC-036"


class Meaning(NamedTuple):
    """What a code stands for: how much it matters, what it is, and what to do about it."""

    severity: Severity
    what: str
    next_step: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_MEMBER: Final = "Correct the member."
_LOGIC: Final = "Correct the logic."
MEANINGS: Final[Mapping[Code, Meaning]] = {
    Code.NO_RULES: Meaning(
        _E, "There is no rule to check.", "Name the folder that holds them, or a list of rules."
    ),
    Code.RULE_BROKEN: Meaning(
        _E,
        "The rule cannot be read. Until it can, its country's results stay open.",
        "Correct the file.",
    ),
    Code.NOT_CERTLOGIC: Meaning(
        _E, "The logic is not CertLogic, so that the rule is never decided.", _LOGIC
    ),
    Code.ENGINE_UNKNOWN: Meaning(
        _E, "The rule is for another engine than CertLogic and stays open.", _MEMBER
    ),
    Code.ENGINE_TOO_NEW: Meaning(
        _E,
        "The rule needs a later version of CertLogic than there is, and stays open.",
        "State the lowest version that the logic needs.",
    ),
    Code.SCHEMA_TOO_NEW: Meaning(
        _E,
        "The rule expects a later schema of certificates than there is, and stays open.",
        "State the lowest version that the logic needs.",
    ),
    Code.CERTIFICATE_TYPE_UNKNOWN: Meaning(
        _E,
        "Nobody knows for which certificates the rule is: all stay open.",
        "Write General, Vaccination, Test or Recovery.",
    ),
    Code.NOT_FOR_ENTRY: Meaning(
        _N,
        "A rule of this type never decides on entry.",
        "Nothing to do, if that is meant; else write Acceptance or Invalidation.",
    ),
    Code.IDENTIFIER_FORM: Meaning(
        _W,
        "The identifier is not written as the gateway demands.",
        "Write it like VR-DE-0001: type, country, four digits.",
    ),
    Code.PREFIX_DIFFERS: Meaning(
        _E,
        "The identifier says another type of rule or certificate than the rule does.",
        "Change the one or the other.",
    ),
    Code.COUNTRY_DIFFERS: Meaning(
        _E,
        "The identifier names another country than the rule does.",
        "Change the one or the other.",
    ),
    Code.REGION_FORM: Meaning(
        _W,
        "The region is not written as the gateway demands.",
        "Write at most five capitals and digits.",
    ),
    Code.WINDOW_SHORT: Meaning(
        _W,
        "The rule counts for less than 72 hours, which the gateway refuses.",
        "Let it count for longer.",
    ),
    Code.NO_ENGLISH: Meaning(
        _W,
        "The rule is not described in English: officers elsewhere cannot read it.",
        "Add a description in English.",
    ),
    Code.DESCRIPTION_SHORT: Meaning(
        _W,
        "The English description is shorter than 20 characters: it can hardly say what to do.",
        "Say what a traveller needs.",
    ),
    Code.FIELD_NOT_LISTED: Meaning(
        _W,
        "The logic reads a field that AffectedFields does not name.",
        "Add it, so that others can tell what the rule rests on.",
    ),
    Code.FIELD_NOT_READ: Meaning(
        _N, "AffectedFields names a field that the logic does not read.", "Take it out."
    ),
    Code.ALWAYS_TRUE: Meaning(
        _W,
        "Every certificate that was tried meets the rule, broken ones as well.",
        "Check what it was meant to demand.",
    ),
    Code.ALWAYS_FALSE: Meaning(_E, "No certificate that was tried meets the rule.", _LOGIC),
    Code.ALWAYS_OPEN: Meaning(
        _E,
        "The rule is decided for no certificate that was tried.",
        "Check the paths and value sets that it reads.",
    ),
    Code.CONTRADICTORY: Meaning(
        _E,
        "No certificate meets both rules, although each alone can be met.",
        "Check which certificates each is for.",
    ),
    Code.NOBODY_PASSES: Meaning(
        _W,
        "No certificate of this kind meets all the rules together.",
        "See whom they shut out: pratique rules audit --help",
    ),
    Code.SHADOWED: Meaning(
        _W,
        "The version never counts: higher ones do at all times.",
        "Withdraw it, or correct its dates.",
    ),
    Code.TWO_TEXTS: Meaning(
        _E,
        "There are two texts of one version, and both are asked.",
        "Give the later one a higher version.",
    ),
    Code.GAP: Meaning(
        _W,
        "Between two versions of the rule there is a time in which none counts.",
        "Let the later one begin where the earlier one ends.",
    ),
    Code.VALUE_SET_UNKNOWN: Meaning(
        _E,
        "The rule reads a value set that is not there, so that it stays open.",
        "Correct its name, or put the value set beside the rules.",
    ),
    Code.CODE_UNKNOWN: Meaning(
        _W,
        "The logic names a code that no value set has: no certificate carries it.",
        "Correct the code, or check that the value set is the newest.",
    ),
    Code.ISSUER_CONDITION: Meaning(
        _W,
        "The rule depends on the country or authority that issued the certificate, which is no"
        " health evidence (IHR, article 42).",
        "Ask for the evidence itself, or be ready to give the reason.",
    ),
    Code.HOLDER_CONDITION: Meaning(
        _W,
        "The rule depends on the name of the holder, which is no health evidence"
        " (IHR, article 42).",
        "Take the condition out.",
    ),
    Code.UNTESTED: Meaning(_W, "No test comes with the rule.", "Add tests beside it."),
    Code.BRANCH_UNTESTED: Meaning(
        _N, "No test reaches this part of the logic.", "Add a test that does."
    ),
    Code.TEST_FAILED: Meaning(
        _E, "The rule does not give what its own test expects.", "Correct the rule or the test."
    ),
    Code.TEST_BROKEN: Meaning(_E, "The test cannot be read.", "Correct the file."),
    Code.TESTS_UNASSIGNED: Meaning(
        _E,
        "Nobody can tell which rule the tests are for.",
        "Give each rule a folder, with its tests in the folder tests beside it.",
    ),
    Code.FILE_UNKNOWN: Meaning(
        _N, "The file is neither a rule nor a value set.", "Nothing to do, if that is meant."
    ),
    Code.VALUES_ASSUMED: Meaning(
        _N,
        "No value set is beside the rules: the codes that this program knows were used.",
        "Put the value sets beside the rules to check against those.",
    ),
}


class Finding(NamedTuple):
    """One thing that was found.

    ``file`` is where, relative to what was looked into, empty for rules beside each other; ``rule``
    and ``version`` name the rule, empty where it has none; ``where`` is a JSON pointer into its
    logic, the path that it reads, or the member, empty for all of it; ``detail`` says more, or is
    empty.
    """

    code: Code
    file: str = ""
    rule: str = ""
    version: str = ""
    where: str = ""
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return MEANINGS[self.code].severity
