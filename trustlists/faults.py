"""Why a list is refused whole: one word for programs, two lines for people, all in one place."""

from enum import StrEnum
from typing import Final

from verifier.errors import TrustListInvalid


class Fault(StrEnum):
    """Why a list is refused whole. Nothing of it is stored and its earlier edition stays."""

    ALGORITHM_REFUSED = "algorithm_refused"
    ARCHIVE_CROWDED = "archive_crowded"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_SWELLS = "archive_swells"
    ATTRIBUTE_CONTRADICTS = "attribute_contradicts"
    BUNDLE_EXPIRED = "bundle_expired"
    BUNDLE_MALFORMED = "bundle_malformed"
    BUNDLE_MIXED = "bundle_mixed"
    BUNDLE_OTHER_VERSION = "bundle_other_version"
    BUNDLE_SIGNATURE_WRONG = "bundle_signature_wrong"
    COMPANION_MISSING = "companion_missing"
    CONTENT_TYPE_WRONG = "content_type_wrong"
    CONTEXT_UNKNOWN = "context_unknown"
    DIGEST_WRONG = "digest_wrong"
    EMPTY = "empty"
    EXTENSION_UNKNOWN = "extension_unknown"
    FOREIGN_REFERENCE = "foreign_reference"
    FUTURE_VERSION = "future_version"
    ID_CONTRADICTS = "id_contradicts"
    LIST_EXPIRED = "list_expired"
    MALFORMED = "malformed"
    MEMBER_UNKNOWN = "member_unknown"
    NOT_JSON = "not_json"
    NOT_RECOGNISED = "not_recognised"
    NOT_RULES = "not_rules"
    NOT_SIGNED = "not_signed"
    NOT_VOUCHED = "not_vouched"
    NO_RULES = "no_rules"
    NO_SIGNING_TIME = "no_signing_time"
    ONLY_A_COMPANION = "only_a_companion"
    PRIVATE_KEY = "private_key"
    SHA1_SIGNED = "sha1_signed"
    SIGNATURE_WRONG = "signature_wrong"
    SIGNER_NOT_FOR_LISTS = "signer_not_for_lists"
    SIGNER_OUT_OF_DATE = "signer_out_of_date"
    SIGNER_UNKNOWN = "signer_unknown"
    TOO_LARGE = "too_large"
    WRONG_ENVIRONMENT = "wrong_environment"
    WRONG_SLOT = "wrong_slot"


_AGAIN: Final = "Fetch it again from its publisher."
_ASK: Final = "Ask its publisher."
_CHECK: Final = "Check what it is."

FAULT_WORDS: Final = {
    Fault.ALGORITHM_REFUSED: ("The list is signed in a way that proves nothing today.", _ASK),
    Fault.ARCHIVE_CROWDED: ("The archive holds more files than any trust list.", _CHECK),
    Fault.ARCHIVE_DAMAGED: ("The archive is damaged; nothing of it was taken.", _AGAIN),
    Fault.ARCHIVE_SWELLS: ("The archive holds more than any trust list.", _CHECK),
    Fault.ATTRIBUTE_CONTRADICTS: ("What an entry says of itself is not what its id says.", _AGAIN),
    Fault.BUNDLE_EXPIRED: (
        "The time of the bundle, or of the office's keys, is over. The store keeps what it has.",
        "Check this clock, then ask the office for a new bundle.",
    ),
    Fault.BUNDLE_MALFORMED: (
        "The bundle is torn or was not made by this program. The store keeps what it has.",
        "Copy it again from the office.",
    ),
    Fault.BUNDLE_MIXED: (
        "The parts of the bundle do not belong together. The store keeps what it has.",
        "Copy it again from the office, and tell them.",
    ),
    Fault.BUNDLE_OTHER_VERSION: (
        "The bundle holds a store of another version of this program. The store keeps what it has.",
        "Install the same version at the office and here.",
    ),
    Fault.BUNDLE_SIGNATURE_WRONG: (
        "The bundle is not signed by enough of the office's keys. The store keeps what it has.",
        "Ask the office whether all who have to sign have done so.",
    ),
    Fault.COMPANION_MISSING: (
        "The list comes in two files, and one of them is not here.",
        "Give both, or the folder that holds them.",
    ),
    Fault.CONTENT_TYPE_WRONG: ("What is signed here is no list of this kind.", _AGAIN),
    Fault.CONTEXT_UNKNOWN: ("The list uses words whose meaning is not known here.", _ASK),
    Fault.DIGEST_WRONG: ("The list is not what its signature was made for.", _AGAIN),
    Fault.EMPTY: ("The list holds no keys.", _ASK),
    Fault.EXTENSION_UNKNOWN: ("The list demands something that is not known here.", _ASK),
    Fault.FOREIGN_REFERENCE: ("The list points to another publisher's list.", _ASK),
    Fault.FUTURE_VERSION: ("The list is of a version that is not known here.", _ASK),
    Fault.ID_CONTRADICTS: ("The id of an entry is not that of its key.", _AGAIN),
    Fault.LIST_EXPIRED: ("The list says itself that its time is over.", "Fetch the newest one."),
    Fault.MALFORMED: ("The list is not formed as its kind should be.", _AGAIN),
    Fault.MEMBER_UNKNOWN: ("The list holds more than its kind has, and nobody signs that.", _AGAIN),
    Fault.NOT_JSON: ("The list is not the JSON that it should be.", _AGAIN),
    Fault.NOT_RECOGNISED: ("This is no kind of trust list that is known here.", "See --from."),
    Fault.NOT_RULES: ("This is no form of entry rules that is known here.", "See --from."),
    Fault.NOT_SIGNED: (
        "Nobody has signed this list in a way that can be checked.",
        "If you want it all the same, add --unsigned: every verdict on it will be REFER.",
    ),
    Fault.NOT_VOUCHED: (
        "No anchor vouches for anything in the list, so it is not taken by itself.",
        "Name the anchor in the configuration, or look at the list and import it by hand.",
    ),
    Fault.NO_RULES: ("It holds no rule and no value set that can be read.", _CHECK),
    Fault.NO_SIGNING_TIME: (
        "Its signature does not say when it was made, so an older edition could not be told.",
        _ASK,
    ),
    Fault.ONLY_A_COMPANION: (
        "This file only belongs to a list and is none itself.",
        "Give it together with its list.",
    ),
    Fault.PRIVATE_KEY: ("The list holds a private key, so that anybody can sign with it.", _ASK),
    Fault.SHA1_SIGNED: (
        "The list is signed with SHA-1, and such signatures can be forged.",
        "If you know where this very file is from, name its SHA-256 with --accept-sha1.",
    ),
    Fault.SIGNATURE_WRONG: (
        "The signature of the list is wrong; nothing of it was taken.",
        _AGAIN,
    ),
    Fault.SIGNER_NOT_FOR_LISTS: ("The list is signed with a key that is for other uses.", _ASK),
    Fault.SIGNER_OUT_OF_DATE: ("The signer's certificate was out of date.", _AGAIN),
    Fault.SIGNER_UNKNOWN: (
        "The signature of the list is by no anchor known here; nothing of it was taken.",
        "Fetch it again, or name the key that signs it with --anchor.",
    ),
    Fault.TOO_LARGE: ("The list is larger than any trust list.", _CHECK),
    Fault.WRONG_ENVIRONMENT: ("The list is signed by the signer of another environment.", _AGAIN),
    Fault.WRONG_SLOT: (
        "This is a part of a list, or another list, and not the whole.",
        "Fetch the complete list.",
    ),
}


def invalid(fault: Fault) -> TrustListInvalid:
    """Make the error that refuses a list for this reason."""
    return TrustListInvalid("\n".join(FAULT_WORDS[fault]), fault)
