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
