import re

import pytest

from verifier.findings import FINDINGS, Finding, unforeseen
from verifier.reasons import MEANINGS, Check, Reason, Result, check_of

# Written down here once more: a code that changes or goes away breaks desks that know it.
CODES = {
    "INP-000": "INPUT_READ",
    "INP-001": "NOT_RECOGNISED",
    "INP-002": "TOO_LARGE",
    "INP-003": "EMPTY",
    "INP-004": "NEWER_VERSION",
    "INP-005": "DOMESTIC_ONLY",
    "INP-006": "NO_CODE_IN_PICTURE",
    "INP-007": "UNREADABLE_PICTURE",
    "INP-008": "PREFIX_WRONG_CASE",
    "INP-030": "PARTS_MISSING",
    "INP-031": "PARTS_MIXED",
    "INP-032": "PART_MALFORMED",
    "INP-033": "SEVERAL_CARDS",
    "INP-034": "HEALTH_LINK",
    "INP-035": "HEALTH_LINK_MALFORMED",
    "INP-036": "SPACE_AROUND",
    "INP-037": "PARTS_JOINED",
    "INP-040": "OTHER_SEAL",
    "INP-050": "WEB_ADDRESS",
    "INP-051": "BOARDING_PASS",
    "INP-052": "TRAVEL_DOCUMENT",
    "INP-054": "OTHER_CODE",
    "INP-055": "BYTES_LOST",
    "INP-056": "LOCKED_PDF",
    "INP-057": "UNREADABLE_PDF",
    "INP-070": "KEYBOARD_DIFFERS",
    "INP-071": "TYPED_BY_NUMBERS",
    "ENC-000": "ENCODING_GOOD",
    "ENC-001": "NOT_BASE45",
    "ENC-002": "NOT_COMPRESSED",
    "ENC-003": "COMPRESSION_DAMAGED",
    "ENC-004": "COMPRESSION_INCOMPLETE",
    "ENC-005": "INFLATES_TOO_FAR",
    "ENC-006": "BYTES_AFTER_COMPRESSION",
    "ENC-030": "NOT_DIGITS",
    "ENC-031": "NOT_BASE64URL",
    "ENC-050": "NOT_BASE32",
    "ENC-060": "PACKED_UNUSUALLY",
    "ENV-000": "ENVELOPE_GOOD",
    "ENV-001": "NOT_CBOR",
    "ENV-002": "DUPLICATE_KEY",
    "ENV-003": "NESTED_TOO_DEEP",
    "ENV-004": "TOO_MANY_ITEMS",
    "ENV-005": "NOT_CANONICAL",
    "ENV-006": "BYTES_AFTER_ENVELOPE",
    "ENV-007": "TAG_NOT_ALLOWED",
    "ENV-008": "NOT_SIGN1",
    "ENV-009": "CRITICAL_HEADER",
    "ENV-010": "DETACHED_PAYLOAD",
    "ENV-011": "HEADER_MALFORMED",
    "ENV-020": "ENVELOPE_UNUSUAL",
    "ENV-030": "NOT_JSON",
    "ENV-031": "NO_CARD_INSIDE",
    "ENV-032": "SIGNATURE_MALFORMED",
    "ENV-040": "PARTS_DIFFER",
    "ENV-060": "OTHER_PROFILE",
    "ENV-061": "PARTS_ALIKE",
    "ISS-000": "ISSUER_KNOWN",
    "ISS-001": "NO_KEY_ID",
    "ISS-002": "UNKNOWN_KEY",
    "ISS-003": "NOT_VOUCHED_FOR",
    "ISS-004": "LIST_TOO_OLD",
    "ISS-005": "COUNTRY_DIFFERS",
    "ISS-006": "ISSUER_DIFFERS",
    "ISS-007": "ISSUER_NOT_LISTED",
    "ISS-020": "PARTICIPANT_DIFFERS",
    "ISS-021": "ISSUER_NO_PARTICIPANT",
    "ISS-040": "NO_AUTHORITY",
    "ISS-041": "NOT_ISSUED_BY_AUTHORITY",
    "ISS-042": "AUTHORITY_UNCHECKED",
    "ISS-043": "OTHER_STATE",
    "ISS-044": "SIGNER_UNREADABLE",
    "SIG-000": "SIGNATURE_GOOD",
    "SIG-001": "SIGNATURE_BAD",
    "SIG-002": "ALGORITHM_MISMATCH",
    "SIG-003": "KEY_TYPE_NOT_ALLOWED",
    "SIG-004": "KEY_UNREADABLE",
    "SIG-030": "PARTS_DO_NOT_FIT",
    "SIG-060": "UNSIGNED_PARTS",
    "SIG-061": "HOLDER_NOT_SIGNED",
    "USE-000": "KEY_USE_GOOD",
    "USE-001": "KEY_NOT_FOR_KIND",
    "USE-002": "KEY_NOT_FOR_FORMAT",
    "USE-003": "KEY_TOO_WEAK",
    "USE-040": "SIGNER_NOT_PERMITTED",
    "SCH-000": "SCHEMA_GOOD",
    "SCH-001": "CLAIMS_MALFORMED",
    "SCH-002": "NO_CERTIFICATE_INSIDE",
    "SCH-003": "OTHER_CERTIFICATE_INSIDE",
    "SCH-004": "NOT_ONE_GROUP",
    "SCH-005": "NOT_ONE_ENTRY",
    "SCH-006": "FIELD_MISSING",
    "SCH-007": "FIELD_MALFORMED",
    "SCH-008": "BORN_AFTER_ISSUE",
    "SCH-009": "BIRTH_YEAR_IMPLAUSIBLE",
    "SCH-010": "TRANSLITERATION_MISSING",
    "SCH-020": "SEVERAL_CERTIFICATES",
    "SCH-021": "HEALTH_LINK_INSIDE",
    "SCH-022": "MEDICINES_INSIDE",
    "SCH-023": "SHAPE_AMBIGUOUS",
    "SCH-024": "OLDER_FORM",
    "SCH-025": "PRODUCT_NOT_STATED",
    "SCH-026": "PRODUCT_UNLISTED",
    "SCH-027": "CONTENT_CONTRADICTS",
    "SCH-028": "NOBODY_NAMED",
    "SCH-029": "UNUSUAL_FORM",
    "SCH-030": "ISSUER_MALFORMED",
    "SCH-031": "DATE_IN_MILLISECONDS",
    "SCH-032": "NOT_ONE_PERSON",
    "SCH-033": "CODE_MISSING",
    "SCH-034": "EVENT_UNDATED",
    "SCH-035": "NOTHING_COUNTS",
    "SCH-036": "SOME_DO_NOT_COUNT",
    "SCH-037": "CONTENT_UNUSUAL",
    "SCH-040": "EVENTS_CONTRADICT",
    "SCH-041": "SPECIMEN_NUMBER",
    "DAT-000": "DATES_GOOD",
    "DAT-001": "EXPIRED",
    "DAT-002": "NOT_YET_VALID",
    "DAT-003": "DATES_CONTRADICT",
    "DAT-004": "KEY_RETIRED",
    "DAT-005": "ISSUED_BEFORE_KEY",
    "DAT-006": "SPECIMEN",
    "DAT-007": "CLOCK_DOUBTFUL",
    "DAT-008": "KEY_NOT_YET_VALID",
    "DAT-009": "OUTLIVES_KEY",
    "DAT-010": "RETIRED_KEY_ACCEPTED",
    "DAT-020": "SIGNATURE_TERM_OVER",
    "DAT-021": "END_NOT_COUNTED",
    "DAT-022": "FIRST_DAY_DIFFERS",
    "DAT-023": "BEFORE_DIGITAL",
    "DAT-024": "BEFORE_APPROVAL",
    "DAT-040": "SIGNER_OUT_OF_DATE",
    "REV-000": "NOT_REVOKED",
    "REV-001": "REVOKED",
    "REV-002": "NO_REVOCATION_LIST",
    "REV-003": "POSSIBLY_REVOKED",
    "REV-004": "REVOCATION_TOO_OLD",
    "REV-005": "REVOCATION_INCOMPLETE",
    "REV-006": "NOT_LISTABLE",
    "REV-007": "REVOCATION_DEMANDED",
    "IDN-000": "SAME_PERSON",
    "IDN-001": "BIRTH_DATE_DIFFERS",
    "IDN-002": "NAME_DIFFERS",
    "IDN-003": "GIVEN_NAME_DIFFERS",
    "IDN-010": "NAME_CLOSE",
    "IDN-011": "NAME_PARTS_DIFFER",
    "IDN-012": "NAME_CUT",
    "IDN-013": "NAME_IN_OTHER_LETTERS",
    "IDN-014": "NAME_NOT_WHOLE",
    "IDN-015": "NAME_SPELLINGS_CONTRADICT",
    "IDN-016": "FAMILY_NAME_DIFFERS",
    "IDN-020": "BIRTH_DATE_PARTIAL",
    "IDN-021": "BIRTH_DATE_NOT_STATED",
    "IDN-022": "DAY_AND_MONTH_EXCHANGED",
    "IDN-023": "FIRST_OF_JANUARY",
    "IDN-024": "CENTURY_NOT_SEEN",
    "IDN-030": "ZONE_LENGTH",
    "IDN-031": "ZONE_CHARACTERS",
    "IDN-032": "ZONE_MISREAD",
    "IDN-033": "ZONE_SLIP",
    "IDN-034": "ZONE_NAME_MALFORMED",
    "IDN-035": "ZONE_BIRTH_UNREADABLE",
    "IDN-040": "PASSPORT_NUMBER_AGREES",
    "IDN-041": "PASSPORT_NUMBER_DIFFERS",
    "RUL-000": "RULES_MET",
    "RUL-001": "RULES_NOT_MET",
    "RUL-002": "NO_RULES_IN_FORCE",
    "RUL-003": "RULES_OPEN",
    "RUL-004": "RULES_INCOMPLETE",
    "RUL-005": "RULES_LAPSED",
    "RUL-006": "PAPER_PROCEDURE",
    "RUL-007": "RULES_TOO_OLD",
    "RUL-020": "PRODUCT_NOT_APPROVED",
    "RUL-030": "PRODUCT_NOT_NAMED",
    "RUL-031": "PRODUCT_SHARED",
    "RUL-032": "PRODUCT_UNKNOWN",
    "RUL-033": "PRODUCTS_CONTRADICT",
    "RUL-034": "CLASS_DIFFERS",
    "RUL-035": "NO_VACCINE_GIVEN",
    "RUL-036": "DISEASE_UNKNOWN",
    "RUL-037": "DISEASES_DIFFER",
    "RUL-038": "DOSES_NOT_COUNTED",
    "RUL-039": "DOSES_CONTRADICT",
    "RUL-040": "EVENT_DATE_IN_PART",
    "RUL-041": "EVENT_DATE_UNKNOWN",
    "RUL-042": "TEST_KIND_UNKNOWN",
    "RUL-043": "TEST_PROVES_NOTHING",
    "RUL-044": "RESULT_UNCLEAR",
    "RUL-045": "STATUS_ONLY",
    "RUL-046": "EXEMPTION_BY_PAPER",
    "RUL-047": "NOTHING_FOR_RULES",
    "INT-000": "UNFORESEEN",
}

STAGES = {
    "INP": "input",
    "ENC": "encoding",
    "ENV": "envelope",
    "ISS": "issuer",
    "SIG": "signature",
    "USE": "key_use",
    "SCH": "schema",
    "DAT": "dates",
    "REV": "revocation",
    "IDN": "identity",
    "RUL": "rules",
    "INT": "input",
}

LONGEST_LINE = 100
ACCUSATIONS = re.compile(
    r"fraud|forge|fake|counterfeit|criminal|liar|lying|cheat|suspect|deny|denied|reject|illegal",
    re.IGNORECASE,
)
# What an officer should not have to know.
TRADE_WORDS = re.compile(
    r"\b(CBOR|COSE|CWT|base45|zlib|JSON|kid|DSC|CSCA|EKU|payload|exception|null|schema|parse)\b",
    re.IGNORECASE,
)


def test_no_code_was_renumbered_and_none_taken_away() -> None:
    found = {reason.value: reason.name for reason in Reason}
    assert {code: found.get(code) for code in CODES} == CODES


def test_a_new_code_is_written_down_here_too() -> None:
    assert {reason.value for reason in Reason} == set(CODES)


def test_codes_are_unique_and_name_stage_then_cause() -> None:
    codes = [reason.value for reason in Reason]
    assert len(set(codes)) == len(codes) == len(Reason.__members__)
    assert all(re.fullmatch(r"[A-Z]{3}-[0-9]{3}", code) for code in codes)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_belongs_to_the_check_that_its_stage_names(reason: Reason) -> None:
    assert check_of(reason).value == STAGES[reason.value[:3]]


def test_the_checks_stand_in_the_order_of_the_contract() -> None:
    assert [check.value for check in Check] == [
        "input", "encoding", "envelope", "issuer", "signature", "key_use", "schema", "dates",
        "revocation", "identity", "rules",
    ]  # fmt: skip
    assert [result.value for result in Result] == ["pass", "fail", "unknown"]


def test_every_reason_has_a_meaning_and_every_meaning_a_reason() -> None:
    assert set(MEANINGS) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_words_are_two_plain_lines(reason: Reason) -> None:
    meaning = MEANINGS[reason]
    for line in (meaning.what, meaning.next):
        assert line
        assert line == line.strip()
        assert len(line) <= LONGEST_LINE
        assert line.isprintable()
        assert line.isascii()
        assert line[0].isupper()
        assert line.endswith(".")
        assert not ACCUSATIONS.search(line)
        assert not TRADE_WORDS.search(line)
        assert "!" not in line


@pytest.mark.parametrize("reason", list(Reason))
def test_passes_end_in_000_or_are_told_as_passes_on_purpose(reason: Reason) -> None:
    passes = MEANINGS[reason].result is Result.PASS
    told_all_the_same = reason in {
        Reason.ENVELOPE_UNUSUAL,
        Reason.OUTLIVES_KEY,
        Reason.RETIRED_KEY_ACCEPTED,
        Reason.OLDER_FORM,
        Reason.UNUSUAL_FORM,
        Reason.END_NOT_COUNTED,
        Reason.FIRST_DAY_DIFFERS,
        Reason.BEFORE_DIGITAL,
        Reason.BEFORE_APPROVAL,
        Reason.SPACE_AROUND,
        Reason.PARTS_JOINED,
        Reason.SOME_DO_NOT_COUNT,
        Reason.CONTENT_UNUSUAL,
        Reason.SPECIMEN_NUMBER,
        Reason.CENTURY_NOT_SEEN,
        Reason.PASSPORT_NUMBER_AGREES,
    }
    unforeseen_one = reason is Reason.UNFORESEEN
    assert passes is (told_all_the_same or (reason.endswith("-000") and not unforeseen_one))


@pytest.mark.parametrize("reason", list(Reason))
def test_what_cannot_be_told_is_never_called_a_failure(reason: Reason) -> None:
    if MEANINGS[reason].result is Result.UNKNOWN:
        assert "fail" not in MEANINGS[reason].what.lower()
        assert MEANINGS[reason].next


@pytest.mark.parametrize(
    "reason",
    [
        Reason.UNKNOWN_KEY,
        Reason.NOT_VOUCHED_FOR,
        Reason.LIST_TOO_OLD,
        Reason.CLOCK_DOUBTFUL,
        Reason.NO_REVOCATION_LIST,
        Reason.NO_RULES_IN_FORCE,
        Reason.KEY_RETIRED,
        Reason.UNFORESEEN,
        Reason.NO_KEY_ID,
        Reason.NO_AUTHORITY,
        Reason.AUTHORITY_UNCHECKED,
    ],
)
def test_what_is_the_desks_lack_is_unknown(reason: Reason) -> None:
    assert MEANINGS[reason].result is Result.UNKNOWN


def test_there_is_one_finding_for_each_reason() -> None:
    assert set(FINDINGS) == set(Reason)
    for reason, finding in FINDINGS.items():
        assert finding == Finding(check_of(reason), MEANINGS[reason].result, reason)
        assert finding.check is check_of(reason)
        assert finding.result is MEANINGS[reason].result
        assert finding.code is reason
        assert finding.what == MEANINGS[reason].what
        assert finding.next == MEANINGS[reason].next


@pytest.mark.parametrize("check", list(Check))
def test_what_nobody_foresaw_is_unknown_at_the_check_that_ran(check: Check) -> None:
    assert unforeseen(check) == Finding(check, Result.UNKNOWN, Reason.UNFORESEEN)
