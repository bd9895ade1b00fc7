"""Every case of the public data that is not met, each with its reason. Nothing else is skipped."""

_OVERWRITTEN = "the JSON field is not the signed payload; the chain itself is sound"
_TWO_ENTRIES = "two entries: allowed by the schema of its version, refused by every verifier"
_VALUE_SET = "labelled wrong because a code is in no value set; that is for the rules to judge"

# File -> label -> reason. The README of the data names the same in label-issues.json.
LABEL_SKIPS: dict[str, dict[str, str]] = {
    "FR/test_pcr_ok.json": dict.fromkeys(("EXPECTEDDECODE", "EXPECTEDVALIDJSON"), _OVERWRITTEN),
    "PL/1.3.0/1.json": dict.fromkeys(("EXPECTEDDECODE", "EXPECTEDVALIDJSON"), _OVERWRITTEN),
    "PL/1.3.0/5.json": dict.fromkeys(("EXPECTEDDECODE", "EXPECTEDVALIDJSON"), _OVERWRITTEN),
    "RO/2.json": {"EXPECTEDSCHEMAVALIDATION": _TWO_ENTRIES},
    **{
        f"PL/{version}/{number}.json": {"EXPECTEDSCHEMAVALIDATION": _VALUE_SET}
        for version in ("1.0.0", "1.2.1", "1.3.0")
        for number in (7, 8, 9)
    },
}

# File of edge cases -> number of the case -> reason. None so far.
WYCHEPROOF_SKIPS: dict[str, dict[int, str]] = {}

# Case of the health card data -> reason.
_FOLLOWED = "what a server answers to somebody who follows a link, which nobody here does"
_WITHDRAWN = "flagged for defects of an issuer's own list; lists come with the directory alone"
CARD_SKIPS: dict[str, str] = {
    "DT-07": "the inside of a link, which reaches a desk inside a link only (DT-05)",
    "DT-08": _FOLLOWED,
    "DT-09": "a wrong passcode, which nobody is asked for: links are not followed",
    **dict.fromkeys(("DT-23", "DT-24", "DT-25"), _WITHDRAWN),
}

_SYMBOL = "about the symbol, which a reader that yields text does not see"
_FIRST_FAULT = "comes after the fault that ends the reading"
_OLD_TYPES = "types beside that of a card are deprecated since 1.4.0 and ignored"
_NAME = "what a file is called is no evidence, and not looked at"

# Case -> code of the reference tool that has no counterpart here -> why not.
CARD_CODES_NOT_SEEN: dict[str, dict[str, str]] = {
    "DT-10": {"TRAILING_CHARACTERS": "blanks round a bundle that stands inside a signed payload"},
    "DT-18": {"SCHEMA_ERROR": _OLD_TYPES},
    "DT-19": {"SCHEMA_ERROR": _OLD_TYPES},
    "DT-21": {"JWS_VERIFICATION_ERROR": _FIRST_FAULT},
    "DT-22": {"JWS_VERIFICATION_ERROR": _FIRST_FAULT},
    "DT-26": {"JWS_VERIFICATION_ERROR": "the tool has no key then; here it is known whose it is"},
    "DT-27": {"INVALID_KEY_X5C": "a certificate beside a key is looked at when lists are read"},
    "DT-29": {"INVALID_FILE_EXTENSION": _NAME},
    "DT-31": {"QR_CHUNKING_DEPRECATED": _FIRST_FAULT},
    "DT-33": {"INVALID_QR": _SYMBOL, "INVALID_QR_VERSION": _SYMBOL},
    "DT-42": {"SCHEMA_ERROR": _OLD_TYPES},
    "DT-44": {"INFLATION_ERROR": _FIRST_FAULT, "JWS_TOO_LONG": _FIRST_FAULT},
}

# Suite of the CertLogic specification -> why what it marks as skipped is no part of the language.
CERTLOGIC_SKIPS: dict[str, str] = {
    "patched operations": "marked skip: a reduce that sees the data outside its lambda",
    "ins with nulls": "marked skip: null on the right of in, which is an error",
}
