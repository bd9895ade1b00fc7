"""Why a check came out as it did: stable codes, one sentence and one next step each.

A code names the stage, then the cause. Codes are never reused or renumbered. The stage decides
which check a code belongs to and the row says with which result, so that a stage only has to
name the reason. Words are for the officer: "cannot be checked here", never an accusation.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class Check(StrEnum):
    """The checks of the pipeline, in its order (interface contract, "Verdict as JSON")."""

    INPUT = "input"
    ENCODING = "encoding"
    ENVELOPE = "envelope"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    KEY_USE = "key_use"
    SCHEMA = "schema"
    DATES = "dates"
    REVOCATION = "revocation"
    IDENTITY = "identity"
    RULES = "rules"


class Result(StrEnum):
    """How a check came out. ``UNKNOWN`` means "cannot tell" and is never shown as a failure."""

    PASS = "pass"  # noqa: S105 - a word of the contract
    FAIL = "fail"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """The stable codes. The value is the code of the JSON verdict."""

    INPUT_READ = "INP-000"
    NOT_RECOGNISED = "INP-001"
    TOO_LARGE = "INP-002"
    EMPTY = "INP-003"
    NEWER_VERSION = "INP-004"
    DOMESTIC_ONLY = "INP-005"
    NO_CODE_IN_PICTURE = "INP-006"
    UNREADABLE_PICTURE = "INP-007"
    PREFIX_WRONG_CASE = "INP-008"
    PARTS_MISSING = "INP-030"
    PARTS_MIXED = "INP-031"
    PART_MALFORMED = "INP-032"
    SEVERAL_CARDS = "INP-033"
    HEALTH_LINK = "INP-034"
    HEALTH_LINK_MALFORMED = "INP-035"
    SPACE_AROUND = "INP-036"
    PARTS_JOINED = "INP-037"
    OTHER_SEAL = "INP-040"
    WEB_ADDRESS = "INP-050"
    BOARDING_PASS = "INP-051"  # noqa: S105 - no password
    TRAVEL_DOCUMENT = "INP-052"
    OTHER_CODE = "INP-054"
    BYTES_LOST = "INP-055"
    LOCKED_PDF = "INP-056"
    UNREADABLE_PDF = "INP-057"
    KEYBOARD_DIFFERS = "INP-070"
    TYPED_BY_NUMBERS = "INP-071"

    ENCODING_GOOD = "ENC-000"
    NOT_BASE45 = "ENC-001"
    NOT_COMPRESSED = "ENC-002"
    COMPRESSION_DAMAGED = "ENC-003"
    COMPRESSION_INCOMPLETE = "ENC-004"
    INFLATES_TOO_FAR = "ENC-005"
    BYTES_AFTER_COMPRESSION = "ENC-006"
    NOT_DIGITS = "ENC-030"
    NOT_BASE64URL = "ENC-031"
    NOT_BASE32 = "ENC-050"
    PACKED_UNUSUALLY = "ENC-060"

    ENVELOPE_GOOD = "ENV-000"
    NOT_CBOR = "ENV-001"
    DUPLICATE_KEY = "ENV-002"
    NESTED_TOO_DEEP = "ENV-003"
    TOO_MANY_ITEMS = "ENV-004"
    NOT_CANONICAL = "ENV-005"
    BYTES_AFTER_ENVELOPE = "ENV-006"
    TAG_NOT_ALLOWED = "ENV-007"
    NOT_SIGN1 = "ENV-008"
    CRITICAL_HEADER = "ENV-009"
    DETACHED_PAYLOAD = "ENV-010"
    HEADER_MALFORMED = "ENV-011"
    ENVELOPE_UNUSUAL = "ENV-020"
    NOT_JSON = "ENV-030"
    NO_CARD_INSIDE = "ENV-031"
    SIGNATURE_MALFORMED = "ENV-032"
    PARTS_DIFFER = "ENV-040"
    OTHER_PROFILE = "ENV-060"
    PARTS_ALIKE = "ENV-061"

    ISSUER_KNOWN = "ISS-000"
    NO_KEY_ID = "ISS-001"
    UNKNOWN_KEY = "ISS-002"
    NOT_VOUCHED_FOR = "ISS-003"
    LIST_TOO_OLD = "ISS-004"
    COUNTRY_DIFFERS = "ISS-005"
    ISSUER_DIFFERS = "ISS-006"
    ISSUER_NOT_LISTED = "ISS-007"
    PARTICIPANT_DIFFERS = "ISS-020"
    ISSUER_NO_PARTICIPANT = "ISS-021"
    NO_AUTHORITY = "ISS-040"
    NOT_ISSUED_BY_AUTHORITY = "ISS-041"
    AUTHORITY_UNCHECKED = "ISS-042"
    OTHER_STATE = "ISS-043"
    SIGNER_UNREADABLE = "ISS-044"

    SIGNATURE_GOOD = "SIG-000"
    SIGNATURE_BAD = "SIG-001"
    ALGORITHM_MISMATCH = "SIG-002"
    KEY_TYPE_NOT_ALLOWED = "SIG-003"
    KEY_UNREADABLE = "SIG-004"
    PARTS_DO_NOT_FIT = "SIG-030"
    UNSIGNED_PARTS = "SIG-060"
    HOLDER_NOT_SIGNED = "SIG-061"

    KEY_USE_GOOD = "USE-000"
    KEY_NOT_FOR_KIND = "USE-001"
    KEY_NOT_FOR_FORMAT = "USE-002"
    KEY_TOO_WEAK = "USE-003"
    SIGNER_NOT_PERMITTED = "USE-040"

    SCHEMA_GOOD = "SCH-000"
    CLAIMS_MALFORMED = "SCH-001"
    NO_CERTIFICATE_INSIDE = "SCH-002"
    OTHER_CERTIFICATE_INSIDE = "SCH-003"
    NOT_ONE_GROUP = "SCH-004"
    NOT_ONE_ENTRY = "SCH-005"
    FIELD_MISSING = "SCH-006"
    FIELD_MALFORMED = "SCH-007"
    BORN_AFTER_ISSUE = "SCH-008"
    BIRTH_YEAR_IMPLAUSIBLE = "SCH-009"
    TRANSLITERATION_MISSING = "SCH-010"
    SEVERAL_CERTIFICATES = "SCH-020"
    HEALTH_LINK_INSIDE = "SCH-021"
    MEDICINES_INSIDE = "SCH-022"
    SHAPE_AMBIGUOUS = "SCH-023"
    OLDER_FORM = "SCH-024"
    PRODUCT_NOT_STATED = "SCH-025"
    PRODUCT_UNLISTED = "SCH-026"
    CONTENT_CONTRADICTS = "SCH-027"
    NOBODY_NAMED = "SCH-028"
    UNUSUAL_FORM = "SCH-029"
    ISSUER_MALFORMED = "SCH-030"
    DATE_IN_MILLISECONDS = "SCH-031"
    NOT_ONE_PERSON = "SCH-032"
    CODE_MISSING = "SCH-033"
    EVENT_UNDATED = "SCH-034"
    NOTHING_COUNTS = "SCH-035"
    SOME_DO_NOT_COUNT = "SCH-036"
    CONTENT_UNUSUAL = "SCH-037"
    EVENTS_CONTRADICT = "SCH-040"
    SPECIMEN_NUMBER = "SCH-041"

    DATES_GOOD = "DAT-000"
    EXPIRED = "DAT-001"
    NOT_YET_VALID = "DAT-002"
    DATES_CONTRADICT = "DAT-003"
    KEY_RETIRED = "DAT-004"
    ISSUED_BEFORE_KEY = "DAT-005"
    SPECIMEN = "DAT-006"
    CLOCK_DOUBTFUL = "DAT-007"
    KEY_NOT_YET_VALID = "DAT-008"
    OUTLIVES_KEY = "DAT-009"
    RETIRED_KEY_ACCEPTED = "DAT-010"
    SIGNATURE_TERM_OVER = "DAT-020"
    END_NOT_COUNTED = "DAT-021"
    FIRST_DAY_DIFFERS = "DAT-022"
    BEFORE_DIGITAL = "DAT-023"
    BEFORE_APPROVAL = "DAT-024"
    SIGNER_OUT_OF_DATE = "DAT-040"

    NOT_REVOKED = "REV-000"
    REVOKED = "REV-001"
    NO_REVOCATION_LIST = "REV-002"
    POSSIBLY_REVOKED = "REV-003"
    REVOCATION_TOO_OLD = "REV-004"
    REVOCATION_INCOMPLETE = "REV-005"
    NOT_LISTABLE = "REV-006"
    REVOCATION_DEMANDED = "REV-007"

    SAME_PERSON = "IDN-000"
    BIRTH_DATE_DIFFERS = "IDN-001"
    NAME_DIFFERS = "IDN-002"
    GIVEN_NAME_DIFFERS = "IDN-003"
    NAME_CLOSE = "IDN-010"
    NAME_PARTS_DIFFER = "IDN-011"
    NAME_CUT = "IDN-012"
    NAME_IN_OTHER_LETTERS = "IDN-013"
    NAME_NOT_WHOLE = "IDN-014"
    NAME_SPELLINGS_CONTRADICT = "IDN-015"
    FAMILY_NAME_DIFFERS = "IDN-016"
    BIRTH_DATE_PARTIAL = "IDN-020"
    BIRTH_DATE_NOT_STATED = "IDN-021"
    DAY_AND_MONTH_EXCHANGED = "IDN-022"
    FIRST_OF_JANUARY = "IDN-023"
    CENTURY_NOT_SEEN = "IDN-024"
    ZONE_LENGTH = "IDN-030"
    ZONE_CHARACTERS = "IDN-031"
    ZONE_MISREAD = "IDN-032"
    ZONE_SLIP = "IDN-033"
    ZONE_NAME_MALFORMED = "IDN-034"
    ZONE_BIRTH_UNREADABLE = "IDN-035"
    PASSPORT_NUMBER_AGREES = "IDN-040"
    PASSPORT_NUMBER_DIFFERS = "IDN-041"

    RULES_MET = "RUL-000"
    RULES_NOT_MET = "RUL-001"
    NO_RULES_IN_FORCE = "RUL-002"
    RULES_OPEN = "RUL-003"
    RULES_INCOMPLETE = "RUL-004"
    RULES_LAPSED = "RUL-005"
    PAPER_PROCEDURE = "RUL-006"
    RULES_TOO_OLD = "RUL-007"
    PRODUCT_NOT_APPROVED = "RUL-020"
    PRODUCT_NOT_NAMED = "RUL-030"
    PRODUCT_SHARED = "RUL-031"
    PRODUCT_UNKNOWN = "RUL-032"
    PRODUCTS_CONTRADICT = "RUL-033"
    CLASS_DIFFERS = "RUL-034"
    NO_VACCINE_GIVEN = "RUL-035"
    DISEASE_UNKNOWN = "RUL-036"
    DISEASES_DIFFER = "RUL-037"
    DOSES_NOT_COUNTED = "RUL-038"
    DOSES_CONTRADICT = "RUL-039"
    EVENT_DATE_IN_PART = "RUL-040"
    EVENT_DATE_UNKNOWN = "RUL-041"
    TEST_KIND_UNKNOWN = "RUL-042"
    TEST_PROVES_NOTHING = "RUL-043"
    RESULT_UNCLEAR = "RUL-044"
    STATUS_ONLY = "RUL-045"
    EXEMPTION_BY_PAPER = "RUL-046"
    NOTHING_FOR_RULES = "RUL-047"

    UNFORESEEN = "INT-000"


class Meaning(NamedTuple):
    """What a reason says: its result, one sentence, and one next step for the officer."""

    result: Result
    what: str
    next: str


_CHECK_OF_STAGE: Final = {
    "INP": Check.INPUT,
    "ENC": Check.ENCODING,
    "ENV": Check.ENVELOPE,
    "ISS": Check.ISSUER,
    "SIG": Check.SIGNATURE,
    "USE": Check.KEY_USE,
    "SCH": Check.SCHEMA,
    "DAT": Check.DATES,
    "REV": Check.REVOCATION,
    "IDN": Check.IDENTITY,
    "RUL": Check.RULES,
}

_NOTHING: Final = "Nothing to do."
_RESCAN: Final = "Scan again; if it stays so, use the paper procedure."
_PAPER: Final = "Use the paper procedure or the second desk."
_TELL_ISSUER: Final = "Second desk; the issuer has to mend this, the traveller cannot."

_COMPARE_NAMES: Final = "Compare the names yourself: the certificate's with the passport's."
_COMPARE_DATES: Final = "Compare the birth dates yourself, and ask the traveller for theirs."
_SCAN_PASSPORT: Final = (
    "Scan the passport again; if it stays so, compare name and birth date yourself."
)

_P: Final = Result.PASS
_F: Final = Result.FAIL
_U: Final = Result.UNKNOWN

MEANINGS: Final[dict[Reason, Meaning]] = {
    Reason.INPUT_READ: Meaning(_P, "The scan was read.", _NOTHING),
    Reason.NOT_RECOGNISED: Meaning(
        _U,
        "This is no kind of certificate that this desk knows.",
        "Ask whether the traveller has another code or paper; else the paper procedure.",
    ),
    Reason.TOO_LARGE: Meaning(
        _U,
        "The scan is longer than any certificate.",
        "Scan one code at a time; if it stays so, use the paper procedure.",
    ),
    Reason.EMPTY: Meaning(_U, "The scan is empty.", "Scan again."),
    Reason.NEWER_VERSION: Meaning(
        _U,
        "The certificate is of a newer version than this software reads.",
        "Use the second desk, and tell support that an update is due.",
    ),
    Reason.DOMESTIC_ONLY: Meaning(
        _U,
        "This certificate is for use inside its own country and cannot be checked here.",
        "Ask for the international certificate that goes with it.",
    ),
    Reason.NO_CODE_IN_PICTURE: Meaning(
        _U,
        "The picture shows no code that can be read.",
        "Take it again, flat and sharp, close to the code; a paper booklet: the paper procedure.",
    ),
    Reason.UNREADABLE_PICTURE: Meaning(
        _U,
        "The picture is damaged or too large.",
        "Take it again, or scan the code itself.",
    ),
    Reason.PREFIX_WRONG_CASE: Meaning(
        _U,
        "The scanner changed capital letters to small ones.",
        "Switch off Caps Lock and the scanner's case setting, then scan again.",
    ),
    Reason.PARTS_MISSING: Meaning(
        _U,
        "This is one part of a certificate that is spread over several codes.",
        "Scan its other codes too, in any order.",
    ),
    Reason.PARTS_MIXED: Meaning(
        _U,
        "These codes do not belong to one certificate.",
        "Scan all codes of one certificate, and no other in between.",
    ),
    Reason.PART_MALFORMED: Meaning(
        _U,
        "The beginning of the code is not what it should be.",
        _RESCAN,
    ),
    Reason.SEVERAL_CARDS: Meaning(
        _U,
        "There are several certificates in one file.",
        "Give the file itself to this software, or each certificate alone.",
    ),
    Reason.HEALTH_LINK: Meaning(
        _U,
        "This is a link to data elsewhere; opening one would tell others where the traveller is.",
        "Ask for the certificate itself, as a code or a file.",
    ),
    Reason.HEALTH_LINK_MALFORMED: Meaning(
        _U,
        "This is a link to health data elsewhere, and not written as such links are.",
        "Ask for the certificate itself, as a code or a file.",
    ),
    Reason.SPACE_AROUND: Meaning(
        _P,
        "There were blanks round the certificate; they were left out.",
        _NOTHING,
    ),
    Reason.PARTS_JOINED: Meaning(
        _P,
        "The certificate was put together from several codes.",
        _NOTHING,
    ),
    Reason.OTHER_SEAL: Meaning(
        _U,
        "This is the seal of another kind of document, such as a visa.",
        "Ask for the vaccination or test certificate; else the paper procedure.",
    ),
    Reason.WEB_ADDRESS: Meaning(
        _U,
        "This code holds the address of a web page and no certificate.",
        "Do not open it: ask for the code of the certificate itself, or for paper.",
    ),
    Reason.BOARDING_PASS: Meaning(
        _U,
        "This is a boarding pass.",
        "Scan the code of the health certificate; none to show: the paper procedure.",
    ),
    Reason.TRAVEL_DOCUMENT: Meaning(
        _U,
        "These are the machine-read lines of a passport or another travel document.",
        "Scan the code of the health certificate; the passport is for comparing the name.",
    ),
    Reason.OTHER_CODE: Meaning(
        _U,
        "This code is for something else, such as a contact, a network or a payment.",
        "Ask for the code of the health certificate; none to show: the paper procedure.",
    ),
    Reason.BYTES_LOST: Meaning(
        _U,
        "This code cannot be read with a scanner that types like a keyboard.",
        "Take a picture of it, or use a scanner in serial mode.",
    ),
    Reason.LOCKED_PDF: Meaning(
        _U,
        "The file is locked with a password.",
        "Ask the traveller to open it and to show the code, or give a picture of it.",
    ),
    Reason.UNREADABLE_PDF: Meaning(
        _U,
        "The file is damaged or too large.",
        "Ask the traveller to show the code, or give a picture of it.",
    ),
    Reason.KEYBOARD_DIFFERS: Meaning(
        _U,
        "Scanner and computer disagree about the keyboard, so that letters of the code changed.",
        "Set both to the same country, or use the scanner's serial mode; until then, paper.",
    ),
    Reason.TYPED_BY_NUMBERS: Meaning(
        _U,
        "The scanner types the numbers of the characters (Alt mode), which works on Windows alone.",
        "Switch Alt mode off, or use the scanner's serial mode; until then, paper.",
    ),
    Reason.ENCODING_GOOD: Meaning(_P, "The text decodes without a fault.", _NOTHING),
    Reason.NOT_BASE45: Meaning(_F, "Letters of the code were lost or changed on the way.", _RESCAN),
    Reason.NOT_BASE32: Meaning(_F, "Letters of the code were lost or changed on the way.", _RESCAN),
    Reason.NOT_COMPRESSED: Meaning(_F, "The code does not hold compressed data.", _RESCAN),
    Reason.COMPRESSION_DAMAGED: Meaning(_F, "The data in the code are damaged.", _RESCAN),
    Reason.COMPRESSION_INCOMPLETE: Meaning(
        _F, "The end of the code is missing.", "Scan the whole code again; check the scanner."
    ),
    Reason.INFLATES_TOO_FAR: Meaning(
        _F, "The code holds far more data than any certificate.", _PAPER
    ),
    Reason.BYTES_AFTER_COMPRESSION: Meaning(
        _F, "There are data after the end of the certificate.", _RESCAN
    ),
    Reason.NOT_DIGITS: Meaning(
        _F,
        "Digits of the code were lost or changed on the way.",
        _RESCAN,
    ),
    Reason.NOT_BASE64URL: Meaning(
        _F,
        "Letters of the certificate were lost or changed on the way.",
        _RESCAN,
    ),
    Reason.PACKED_UNUSUALLY: Meaning(
        _F, "The code is packed in a way that issuers do not use.", _PAPER
    ),
    Reason.ENVELOPE_GOOD: Meaning(_P, "The signed envelope is well formed.", _NOTHING),
    Reason.NOT_CBOR: Meaning(_F, "The envelope cannot be read.", _RESCAN),
    Reason.NOT_JSON: Meaning(_F, "The envelope cannot be read.", _RESCAN),
    Reason.PARTS_DIFFER: Meaning(
        _F, "The envelope lacks a part, or has one that nobody has signed.", _PAPER
    ),
    Reason.DUPLICATE_KEY: Meaning(
        _F, "The envelope says the same thing twice in different words.", _PAPER
    ),
    Reason.NESTED_TOO_DEEP: Meaning(_F, "The envelope is nested too deep.", _PAPER),
    Reason.TOO_MANY_ITEMS: Meaning(_F, "The envelope has too many parts.", _PAPER),
    Reason.NOT_CANONICAL: Meaning(
        _F, "The envelope uses an encoding that issuers do not use.", _PAPER
    ),
    Reason.BYTES_AFTER_ENVELOPE: Meaning(_F, "There are data after the envelope.", _PAPER),
    Reason.TAG_NOT_ALLOWED: Meaning(
        _F, "The envelope holds a kind of data that has no place in it.", _PAPER
    ),
    Reason.NOT_SIGN1: Meaning(_F, "The envelope is not a document with one signature.", _PAPER),
    Reason.CRITICAL_HEADER: Meaning(
        _F, "The envelope demands a feature that this software does not have.", _PAPER
    ),
    Reason.DETACHED_PAYLOAD: Meaning(_F, "The signed content is not in the code.", _PAPER),
    Reason.HEADER_MALFORMED: Meaning(_F, "The header of the envelope is malformed.", _PAPER),
    Reason.ENVELOPE_UNUSUAL: Meaning(
        _P, "The signed envelope can be read, and is written in an unusual way.", _NOTHING
    ),
    Reason.NO_CARD_INSIDE: Meaning(
        _F,
        "The file holds no certificate.",
        "Ask for another file, or for the code.",
    ),
    Reason.SIGNATURE_MALFORMED: Meaning(
        _F,
        "The signature is not written as these certificates demand.",
        _TELL_ISSUER,
    ),
    Reason.OTHER_PROFILE: Meaning(
        _U, "This is a kind or a version of certificate that this desk does not read.", _PAPER
    ),
    Reason.PARTS_ALIKE: Meaning(
        _U, "Parts of the certificate are too much alike to be checked here.", _PAPER
    ),
    Reason.ISSUER_KNOWN: Meaning(_P, "The issuer's key is on a trusted list.", _NOTHING),
    Reason.NO_KEY_ID: Meaning(
        _U, "The certificate does not say which key signed it.", _TELL_ISSUER
    ),
    Reason.UNKNOWN_KEY: Meaning(
        _U,
        "The issuer's key is not in this desk's lists, so it cannot be checked here.",
        "Second desk or paper procedure; a newer trust list may have the key.",
    ),
    Reason.NOT_VOUCHED_FOR: Meaning(
        _U,
        "The issuer's key comes from a list that nobody vouches for.",
        "Second desk; support can import a signed list.",
    ),
    Reason.LIST_TOO_OLD: Meaning(
        _U,
        "This desk's trust list is too old to rely on.",
        "Second desk; support has to bring a new list. The traveller is not at fault.",
    ),
    Reason.COUNTRY_DIFFERS: Meaning(
        _U,
        "The certificate names another country than the key that signed it.",
        "Second desk: a person decides whether that country issues for the other.",
    ),
    Reason.ISSUER_DIFFERS: Meaning(
        _F,
        "The certificate names another issuer than the one whose key signed it.",
        "Second desk.",
    ),
    Reason.ISSUER_NOT_LISTED: Meaning(
        _U,
        "This desk's list does not say whose certificates the key may sign.",
        "Second desk; support can import the issuer's own list.",
    ),
    Reason.NO_AUTHORITY: Meaning(
        _U,
        "This desk has no authority of that country for this signer, so it cannot be checked here.",
        "Second desk or paper procedure; support can import that country's authority.",
    ),
    Reason.NOT_ISSUED_BY_AUTHORITY: Meaning(
        _F,
        "Nothing proves that the country's authority let this signer sign.",
        "Scan again: a damaged code looks the same. If it stays so, second desk.",
    ),
    Reason.AUTHORITY_UNCHECKED: Meaning(
        _U,
        "The country's authority uses a kind of signature that cannot be checked here.",
        "Second desk or paper procedure; tell support.",
    ),
    Reason.OTHER_STATE: Meaning(
        _F, "The certificate is of another state than its signer.", "Second desk."
    ),
    Reason.SIGNER_UNREADABLE: Meaning(
        _U, "What the certificate says of its signer cannot be read.", _RESCAN
    ),
    Reason.PARTICIPANT_DIFFERS: Meaning(
        _F,
        "The certificate names another issuing state or body than the owner of the key.",
        "Second desk.",
    ),
    Reason.ISSUER_NO_PARTICIPANT: Meaning(
        _U,
        "The certificate names an issuer that cannot be compared with the owner of the key.",
        "Second desk: a person decides whether both are the same.",
    ),
    Reason.SIGNATURE_GOOD: Meaning(_P, "The signature is the issuer's.", _NOTHING),
    Reason.SIGNATURE_BAD: Meaning(
        _F,
        "The signature does not fit the content.",
        "Scan again: a damaged code looks the same. If it stays so, second desk.",
    ),
    Reason.ALGORITHM_MISMATCH: Meaning(
        _F, "The signature is of another kind than the issuer's key.", "Second desk."
    ),
    Reason.KEY_TYPE_NOT_ALLOWED: Meaning(
        _U,
        "The issuer uses a kind of key that the rules for this certificate do not allow.",
        _TELL_ISSUER,
    ),
    Reason.KEY_UNREADABLE: Meaning(
        _U, "The issuer's key in the trust list cannot be read.", "Second desk; tell support."
    ),
    Reason.PARTS_DO_NOT_FIT: Meaning(
        _U,
        "The codes do not belong together, or one of them is damaged.",
        "Scan all codes of one certificate again; if it stays so, second desk.",
    ),
    Reason.UNSIGNED_PARTS: Meaning(
        _F,
        "The certificate has parts that an issuer does not sign, or not in this form.",
        "Second desk: ask for the certificate as it was issued.",
    ),
    Reason.HOLDER_NOT_SIGNED: Meaning(
        _F,
        "The signature does not cover the person: it holds whatever name stands there.",
        "Second desk: issuers made such certificates by mistake; only another proof helps.",
    ),
    Reason.KEY_USE_GOOD: Meaning(_P, "The key may sign this kind of certificate.", _NOTHING),
    Reason.KEY_NOT_FOR_KIND: Meaning(
        _F, "The key that signed this is not meant for this kind of certificate.", "Second desk."
    ),
    Reason.KEY_NOT_FOR_FORMAT: Meaning(
        _F, "The key that signed this is meant for another family of documents.", "Second desk."
    ),
    Reason.KEY_TOO_WEAK: Meaning(_U, "The issuer's key is too weak to rely on.", _TELL_ISSUER),
    Reason.SIGNER_NOT_PERMITTED: Meaning(
        _F,
        "The country's authority does not let this signer sign such certificates.",
        "Second desk.",
    ),
    Reason.SCHEMA_GOOD: Meaning(_P, "The content is complete and makes sense.", _NOTHING),
    Reason.CLAIMS_MALFORMED: Meaning(_F, "The signed content cannot be read.", _TELL_ISSUER),
    Reason.NO_CERTIFICATE_INSIDE: Meaning(
        _F, "The signed content holds no health certificate.", _TELL_ISSUER
    ),
    Reason.OTHER_CERTIFICATE_INSIDE: Meaning(
        _U, "The issuer signed a kind of certificate that this desk does not read.", _PAPER
    ),
    Reason.NOT_ONE_GROUP: Meaning(
        _F,
        "The certificate must be for one thing: a vaccination, a test or a recovery.",
        _TELL_ISSUER,
    ),
    Reason.NOT_ONE_ENTRY: Meaning(_F, "The certificate must have exactly one entry.", _TELL_ISSUER),
    Reason.FIELD_MISSING: Meaning(_F, "A required part of the content is missing.", _TELL_ISSUER),
    Reason.FIELD_MALFORMED: Meaning(_F, "A part of the content cannot be read.", _TELL_ISSUER),
    Reason.BORN_AFTER_ISSUE: Meaning(
        _U, "The birth date lies after the day of issue.", "Compare with the passport; second desk."
    ),
    Reason.BIRTH_YEAR_IMPLAUSIBLE: Meaning(
        _U, "The birth year cannot be right.", "Compare with the passport; second desk."
    ),
    Reason.TRANSLITERATION_MISSING: Meaning(
        _U,
        "A name has no spelling in passport letters.",
        "Compare the names as written; second desk if in doubt.",
    ),
    Reason.SEVERAL_CERTIFICATES: Meaning(
        _U,
        "The code holds several certificates, and nothing says which of them counts.",
        "Ask for a code with one certificate; else the second desk.",
    ),
    Reason.HEALTH_LINK_INSIDE: Meaning(
        _U,
        "The issuer signed a link to health data on the internet, which is not opened here.",
        "Ask for the certificate itself, as a code or on paper.",
    ),
    Reason.MEDICINES_INSIDE: Meaning(
        _U,
        "The issuer signed a list of medicines, which is no certificate and was not examined.",
        "Ask for the certificate; the list may be meant for customs.",
    ),
    Reason.SHAPE_AMBIGUOUS: Meaning(
        _U,
        "The content mixes versions of this certificate, or is of a version unknown here.",
        _PAPER,
    ),
    Reason.OLDER_FORM: Meaning(
        _P, "The content is complete, in an older form of this certificate.", _NOTHING
    ),
    Reason.PRODUCT_NOT_STATED: Meaning(
        _U,
        "The certificate names the kind of vaccine only, so its approval cannot be told.",
        "Second desk; a paper certificate may name the product.",
    ),
    Reason.PRODUCT_UNLISTED: Meaning(
        _U,
        "The vaccine is not on this desk's list of products, which may be too old to have it.",
        "Second desk; support can bring a newer list of products.",
    ),
    Reason.CONTENT_CONTRADICTS: Meaning(
        _U, "Parts of the content contradict each other.", _TELL_ISSUER
    ),
    Reason.NOBODY_NAMED: Meaning(
        _U,
        "The certificate names neither a clinician nor an authority, and has to name one.",
        _TELL_ISSUER,
    ),
    Reason.UNUSUAL_FORM: Meaning(
        _P, "The content is complete, and written in an unusual form.", _NOTHING
    ),
    Reason.ISSUER_MALFORMED: Meaning(
        _F,
        "The issuer's address is not written as it must be.",
        _TELL_ISSUER,
    ),
    Reason.DATE_IN_MILLISECONDS: Meaning(
        _U,
        "A date of the certificate is a thousand times too large.",
        _TELL_ISSUER,
    ),
    Reason.NOT_ONE_PERSON: Meaning(
        _U,
        "The content is not all about one and the same person.",
        _TELL_ISSUER,
    ),
    Reason.CODE_MISSING: Meaning(
        _U,
        "The content does not say clearly which vaccine was given, or which test was made.",
        _TELL_ISSUER,
    ),
    Reason.EVENT_UNDATED: Meaning(
        _U,
        "A vaccination or test has no date, or more than one.",
        _TELL_ISSUER,
    ),
    Reason.NOTHING_COUNTS: Meaning(
        _U,
        "No vaccination or test in the certificate was completed.",
        "Ask for another certificate; else the second desk.",
    ),
    Reason.SOME_DO_NOT_COUNT: Meaning(
        _P,
        "A vaccination or test in the certificate was not completed and does not count.",
        _NOTHING,
    ),
    Reason.CONTENT_UNUSUAL: Meaning(
        _P,
        "The content is written otherwise than is usual, which does no harm.",
        _NOTHING,
    ),
    Reason.EVENTS_CONTRADICT: Meaning(
        _U,
        "The dates of the vaccination or test contradict each other or the birth date.",
        "Compare with the passport; second desk.",
    ),
    Reason.SPECIMEN_NUMBER: Meaning(
        _P,
        "The content is complete, but its number is one that the issuer uses for samples.",
        "Compare name and passport number with special care; second desk if in doubt.",
    ),
    Reason.DATES_GOOD: Meaning(_P, "The certificate is in date.", _NOTHING),
    Reason.EXPIRED: Meaning(
        _F, "The certificate is out of date.", "Ask for a renewed one; else the entry rules apply."
    ),
    Reason.NOT_YET_VALID: Meaning(
        _F, "The certificate is not valid yet.", "Check this desk's clock, then the second desk."
    ),
    Reason.DATES_CONTRADICT: Meaning(
        _U, "The dates of the certificate are missing or contradict each other.", _TELL_ISSUER
    ),
    Reason.KEY_RETIRED: Meaning(
        _U,
        "The key that signed this has retired since.",
        "Second desk: the certificate may be good, a renewed one would pass.",
    ),
    Reason.ISSUED_BEFORE_KEY: Meaning(
        _U, "The certificate is older than the key that signed it.", "Second desk."
    ),
    Reason.SPECIMEN: Meaning(
        _F, "This is a specimen and not a traveller's certificate.", "Ask for the real one."
    ),
    Reason.CLOCK_DOUBTFUL: Meaning(
        _U,
        "This desk's clock is behind the trust list, so dates cannot be checked here.",
        "Set the clock, then scan again. The traveller is not at fault.",
    ),
    Reason.KEY_NOT_YET_VALID: Meaning(
        _U, "The key that signed this is not valid yet.", "Check this desk's clock; second desk."
    ),
    Reason.OUTLIVES_KEY: Meaning(
        _P,
        "The certificate is in date, though it ends later than the key that signed it.",
        _NOTHING,
    ),
    Reason.RETIRED_KEY_ACCEPTED: Meaning(
        _P,
        "The key that signed this has retired since; this desk is set to accept that.",
        _NOTHING,
    ),
    Reason.SIGNER_OUT_OF_DATE: Meaning(
        _F,
        "The signer or the country's authority is not in date, and with them the certificate.",
        "Check this desk's clock; else ask for a renewed one.",
    ),
    Reason.SIGNATURE_TERM_OVER: Meaning(
        _U,
        "The term of the signature is over, though the vaccination counts for life.",
        "Second desk: a renewed code would pass, and a paper certificate still counts.",
    ),
    Reason.END_NOT_COUNTED: Meaning(
        _P,
        "The issuer states an end, which yellow fever certificates do not have since 2016.",
        _NOTHING,
    ),
    Reason.FIRST_DAY_DIFFERS: Meaning(
        _P,
        "The issuer states another first valid day than the rules give; the later one counts.",
        _NOTHING,
    ),
    Reason.BEFORE_DIGITAL: Meaning(
        _P, "The certificate is older than the rules for digital ones.", _NOTHING
    ),
    Reason.BEFORE_APPROVAL: Meaning(
        _P, "The dose was given before the day from which the product is listed.", _NOTHING
    ),
    Reason.NOT_REVOKED: Meaning(_P, "The certificate has not been withdrawn.", _NOTHING),
    Reason.REVOKED: Meaning(
        _F, "The issuer has withdrawn this certificate.", "Ask for another; else the second desk."
    ),
    Reason.NO_REVOCATION_LIST: Meaning(
        _U,
        "Not checked for withdrawal: this desk has no list from this issuer.",
        "Nothing to do, unless your orders demand that check.",
    ),
    Reason.POSSIBLY_REVOKED: Meaning(
        _U,
        "The certificate may have been withdrawn; this desk's list cannot tell for sure.",
        "Second desk: a person finds out, or asks for another certificate.",
    ),
    Reason.REVOCATION_TOO_OLD: Meaning(
        _U,
        "Not checked for withdrawal: this desk's list from this issuer is too old.",
        "Nothing to do, unless your orders demand that check; support has to bring a new list.",
    ),
    Reason.REVOCATION_INCOMPLETE: Meaning(
        _U,
        "Not found among the withdrawn, but this desk has only a part of the issuer's list.",
        "Nothing to do, unless your orders demand that check.",
    ),
    Reason.NOT_LISTABLE: Meaning(
        _U,
        "Not checked for withdrawal: the certificate has no number by which it could be listed.",
        "Nothing to do, unless your orders demand that check.",
    ),
    Reason.REVOCATION_DEMANDED: Meaning(
        _U,
        "This desk's orders demand a check for withdrawal, and it could not be made.",
        "Second desk; the traveller is not at fault.",
    ),
    Reason.SAME_PERSON: Meaning(_P, "Name and birth date agree with the passport's.", _NOTHING),
    Reason.BIRTH_DATE_DIFFERS: Meaning(
        _F,
        "The birth date is another than the passport's.",
        "Ask whether this certificate is the traveller's own; else the second desk.",
    ),
    Reason.NAME_DIFFERS: Meaning(
        _F,
        "The name is another than the passport's.",
        "Ask whether this certificate is the traveller's own; else the second desk.",
    ),
    Reason.GIVEN_NAME_DIFFERS: Meaning(
        _F,
        "The family name fits the passport's, and no given name does.",
        "Ask whether this certificate is a relative's; else the second desk.",
    ),
    Reason.NAME_CLOSE: Meaning(
        _U,
        "The name is close to the passport's, but not one of its regular spellings.",
        _COMPARE_NAMES,
    ),
    Reason.NAME_PARTS_DIFFER: Meaning(
        _U,
        "Parts of the name are missing, added, or in another place than in the passport.",
        _COMPARE_NAMES,
    ),
    Reason.NAME_CUT: Meaning(
        _U,
        "The name fills its line in the passport, so that its end may be missing there.",
        "Compare with the name printed above those lines in the passport, where it is whole.",
    ),
    Reason.NAME_IN_OTHER_LETTERS: Meaning(
        _U,
        "The certificate writes the name in letters that cannot be compared with the passport's.",
        "Compare with the name in the passport's own letters, or ask for another certificate.",
    ),
    Reason.NAME_NOT_WHOLE: Meaning(
        _U,
        "The name has an initial, a title, or a word that stands for a missing name.",
        _COMPARE_NAMES,
    ),
    Reason.NAME_SPELLINGS_CONTRADICT: Meaning(
        _U,
        "The certificate has two spellings of the name, and only one agrees with the passport's.",
        "Second desk: a person decides whether both are of the same name.",
    ),
    Reason.FAMILY_NAME_DIFFERS: Meaning(
        _U,
        "The given names agree with the passport's, the family name does not.",
        "Ask whether the name has changed, as by marriage; the passport may say so.",
    ),
    Reason.BIRTH_DATE_PARTIAL: Meaning(
        _U,
        "What is known of both birth dates agrees, but a part is unknown.",
        _COMPARE_DATES,
    ),
    Reason.BIRTH_DATE_NOT_STATED: Meaning(
        _U,
        "The certificate states no birth date that could be compared.",
        "Compare the names, and the passport number if the certificate shows one.",
    ),
    Reason.DAY_AND_MONTH_EXCHANGED: Meaning(
        _U,
        "Day and month of the birth date are exchanged.",
        _COMPARE_DATES,
    ),
    Reason.FIRST_OF_JANUARY: Meaning(
        _U,
        "The years of birth agree; a first of January often stands for a day that is not known.",
        _COMPARE_DATES,
    ),
    Reason.CENTURY_NOT_SEEN: Meaning(
        _P,
        "By the certificate the holder is about a hundred; the passport's lines show no century.",
        "Look at the traveller: a child born a hundred years later has the same two digits.",
    ),
    Reason.ZONE_LENGTH: Meaning(
        _U,
        "The passport's machine-read lines are not complete.",
        _SCAN_PASSPORT,
    ),
    Reason.ZONE_CHARACTERS: Meaning(
        _U,
        "The passport's machine-read lines hold signs that such lines do not have.",
        _SCAN_PASSPORT,
    ),
    Reason.ZONE_MISREAD: Meaning(
        _U,
        "The passport's machine-read lines were misread: a check digit does not agree.",
        _SCAN_PASSPORT,
    ),
    Reason.ZONE_SLIP: Meaning(
        _U,
        "The passport's machine-read lines have a letter that looks like a misread digit.",
        _SCAN_PASSPORT,
    ),
    Reason.ZONE_NAME_MALFORMED: Meaning(
        _U,
        "The name in the passport's machine-read lines is not written as it must be.",
        _SCAN_PASSPORT,
    ),
    Reason.ZONE_BIRTH_UNREADABLE: Meaning(
        _U,
        "The birth date in the passport's machine-read lines cannot be read.",
        _SCAN_PASSPORT,
    ),
    Reason.PASSPORT_NUMBER_AGREES: Meaning(
        _P, "The certificate names this very passport.", _NOTHING
    ),
    Reason.PASSPORT_NUMBER_DIFFERS: Meaning(
        _U,
        "The certificate names another passport; people renew theirs and keep their certificates.",
        "Nothing to do if name and birth date agree; else ask for the older passport.",
    ),
    Reason.RULES_MET: Meaning(_P, "The entry rules asked for are met.", _NOTHING),
    Reason.RULES_NOT_MET: Meaning(
        _F, "An entry rule is not met.", "Tell the traveller which, and what else would meet it."
    ),
    Reason.NO_RULES_IN_FORCE: Meaning(
        _U,
        "This desk has no entry rules in force for that country.",
        "Second desk; support can import the rules.",
    ),
    Reason.RULES_OPEN: Meaning(
        _U,
        "The certificate does not state what an entry rule asks.",
        "Second desk: ask for another certificate or proof; the traveller is not at fault.",
    ),
    Reason.RULES_INCOMPLETE: Meaning(
        _U,
        "This desk cannot run all entry rules of that country.",
        "Second desk; support has to import the rules anew or update this software.",
    ),
    Reason.RULES_LAPSED: Meaning(
        _U,
        "Entry rules have ended and this desk does not have what replaced them.",
        "Second desk; support has to import the current rules.",
    ),
    Reason.RULES_TOO_OLD: Meaning(
        _U,
        "The entry rules at this desk are too old to rely on.",
        "Second desk; support has to import the current rules.",
    ),
    Reason.PAPER_PROCEDURE: Meaning(
        _U,
        "What the digital certificate leaves open, the paper one or a doctor's waiver may answer.",
        "Ask for the paper certificate or a written waiver; port health decides.",
    ),
    Reason.PRODUCT_NOT_APPROVED: Meaning(
        _F,
        "The vaccine is not on WHO's list of approved products.",
        "Tell the traveller; without an approved vaccine the entry rules apply.",
    ),
    Reason.PRODUCT_NOT_NAMED: Meaning(
        _U,
        "The certificate names the kind of vaccine only, and the rules ask which one it was.",
        "Second desk; a paper record of the vaccination may name the product.",
    ),
    Reason.PRODUCT_SHARED: Meaning(
        _U,
        "Several vaccines share the code or name on the certificate, and the rules tell them "
        "apart.",
        "Second desk; a paper record of the vaccination may name the product.",
    ),
    Reason.PRODUCT_UNKNOWN: Meaning(
        _U,
        "The vaccine is not in this desk's table, which may be too old to have it.",
        "Second desk; support can bring a newer version of this program.",
    ),
    Reason.PRODUCTS_CONTRADICT: Meaning(
        _U,
        "The codes on the certificate name different vaccines for one dose.",
        _TELL_ISSUER,
    ),
    Reason.CLASS_DIFFERS: Meaning(
        _U,
        "The kind of vaccine on the certificate is not the kind of the product it names.",
        _TELL_ISSUER,
    ),
    Reason.NO_VACCINE_GIVEN: Meaning(
        _U,
        "An entry of the certificate says that no vaccine was given, so it does not count.",
        "Ask for another certificate; else the second desk.",
    ),
    Reason.DISEASE_UNKNOWN: Meaning(
        _U,
        "The certificate does not say clearly which disease it is about.",
        "Second desk; a paper record may say it.",
    ),
    Reason.DISEASES_DIFFER: Meaning(
        _U,
        "The certificate names another disease than its vaccine is against.",
        _TELL_ISSUER,
    ),
    Reason.DOSES_NOT_COUNTED: Meaning(
        _U,
        "The certificate does not say how many doses were given, or how many the series has.",
        "Second desk: other certificates or a paper record may show the doses.",
    ),
    Reason.DOSES_CONTRADICT: Meaning(
        _U,
        "Two doses on the certificate have the same date, or nearly, so one may be a mistake.",
        "Second desk: ask for a paper record of the doses.",
    ),
    Reason.EVENT_DATE_IN_PART: Meaning(
        _U,
        "The certificate does not give the exact day or time, and the rules need it.",
        "Second desk; a paper record may give it.",
    ),
    Reason.EVENT_DATE_UNKNOWN: Meaning(
        _U,
        "The certificate does not say when the vaccination or test was.",
        "Second desk; a paper record may give the day.",
    ),
    Reason.TEST_KIND_UNKNOWN: Meaning(
        _U,
        "The certificate does not say clearly what kind of test was made.",
        "Second desk; the laboratory's paper may say it.",
    ),
    Reason.TEST_PROVES_NOTHING: Meaning(
        _U,
        "The test is of a kind that does not tell whether a person is infected now.",
        "Ask for another certificate, or a test of the kind that the rules name.",
    ),
    Reason.RESULT_UNCLEAR: Meaning(
        _U,
        "The result of the test is not stated as a plain yes or no.",
        "Second desk; the laboratory's paper may say it.",
    ),
    Reason.STATUS_ONLY: Meaning(
        _U,
        "The pass says that its holder counted as vaccinated, but names no vaccine, dose or day.",
        "Paper procedure: ask for a certificate or record of the doses.",
    ),
    Reason.EXEMPTION_BY_PAPER: Meaning(
        _U,
        "This is a medical exemption, which the rules here do not judge.",
        "Paper procedure: the second desk decides whether the exemption counts here.",
    ),
    Reason.NOTHING_FOR_RULES: Meaning(
        _U,
        "The certificate holds nothing that can be compared with the entry rules.",
        "Second desk or paper procedure.",
    ),
    Reason.UNFORESEEN: Meaning(
        _U,
        "This software met something that it did not expect.",
        "Paper procedure, and tell support the code.",
    ),
}


def check_of(reason: Reason) -> Check:
    """Tell to which check a reason belongs, by the stage that its code names.

    ``UNFORESEEN`` belongs to whatever stage was running: it counts as ``INPUT`` here and the
    verifier names the stage itself.
    """
    return _CHECK_OF_STAGE.get(reason.value[:3], Check.INPUT)
