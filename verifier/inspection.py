"""The integrator's view of one document: what each stage saw, values masked.

Shows shapes (types, counts, known member names), not values. Names of members that no
specification knows are masked too: nobody can tell what a document's maker put there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from cbor2 import CBORTag

from verifier import scan
from verifier.clock import SystemClock, day_of, instant_of
from verifier.codecs import cbor, cwt, json_strict
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.privacy import MASK, Disclosure, PrivacyPolicy, Private
from verifier.reasons import MEANINGS, Check, Reason, Result
from verifier.trust import KeySource, TrustedKey
from verifier.verdict import Verdict, shown_kid
from verifier.verifier import Verifier

Rows = tuple[tuple[str, str], ...]

_ALGORITHMS: Final = {
    -7: "ES256 (-7)",
    -8: "EdDSA (-8)",
    -35: "ES384 (-35)",
    -36: "ES512 (-36)",
    -37: "PS256 (-37)",
    -257: "RS256 (-257)",
}

# Labels of CWT (RFC 8392, 4; HCERT 1.0.8, 3.3.1) and of what lies under the health claim.
_CLAIMS: Final = {
    1: "iss (1)",
    2: "sub (2)",
    4: "exp (4)",
    5: "nbf (5)",
    6: "iat (6)",
    7: "cti (7)",
    -260: "hcert (-260)",
}
# Members of DCC schema 1.3.3, by the shapes that they stand in.
_ROOT_MEMBERS: Final = ("ver", "nam", "dob", "v", "t", "r", "ve")
_NAME_MEMBERS: Final = ("fn", "gn", "fnt", "gnt")
_ENTRY_MEMBERS: Final = (
    "tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci",
    "tt", "nm", "sc", "dr", "tr", "tc", "fr", "df", "du",
)  # fmt: skip
# Members of WHO's ICVP and DDCC, the core data set and the flat shape of 2021 among them.
_ICVP_MEMBERS: Final = (
    "n", "s", "nt", "ntl", "id", "nid", "ndt", "gn", "vx", "d", "dv", "bo", "cn", "vls", "vle",
    "mid",
)  # fmt: skip
_DDCC_MEMBERS: Final = (
    "name", "birthDate", "identifier", "sex", "certificate", "meta", "code", "system", "display",
    "issuer", "kid", "hcid", "ddccid", "version", "period", "start", "end", "vaccination",
    "vaccine", "brand", "manufacturer", "maholder", "lot", "date", "validFrom", "dose",
    "totalDoses", "total_doses", "country", "centre", "practitioner", "signature", "disease",
    "nextDose", "test", "pathogen", "type", "origin", "result", "ma_holder", "vaccine_valid", "hw",
    "due_date", "pha", "valid_from", "valid_until", "value", "reference",
)  # fmt: skip
# Members of NZ COVID Passes (NZCP 1, 2.1 and 2.4).
_PASS_MEMBERS: Final = (
    "vc", "@context", "version", "type", "credentialSubject", "givenName", "familyName",
)  # fmt: skip
_MEMBERS: Final = frozenset(
    (
        *_ROOT_MEMBERS, *_NAME_MEMBERS, *_ENTRY_MEMBERS, *_ICVP_MEMBERS, *_DDCC_MEMBERS,
        *_PASS_MEMBERS,
    )
)  # fmt: skip

# Members of payloads in JSON: JWT and credentials, FHIR as health cards use it, ICAO's seals,
# DIVOC's certificates.
_JSON_MEMBERS: Final = frozenset((
    "iss", "nbf", "exp", "iat", "vc", "rid", "type", "credentialSubject", "fhirVersion",
    "fhirBundle", "resourceType", "entry", "fullUrl", "resource", "name", "family", "given", "text",
    "prefix", "suffix", "birthDate", "status", "isSubpotent", "vaccineCode", "coding", "system",
    "code", "display", "patient", "subject", "reference", "occurrenceDateTime", "lotNumber",
    "performer", "actor", "manufacturer", "identifier", "value", "meta", "security",
    "effectiveDateTime", "effectivePeriod", "start", "end", "valueCodeableConcept", "valueQuantity",
    "valueString", "referenceRange", "unit", "component", "method",
    "data", "sig", "hdr", "msg", "t", "v", "is", "uvci", "utci", "pid", "n", "dob", "i", "ai",
    "sex", "ve", "des", "nam", "dis", "vd", "dvc", "seq", "ctr", "adm", "lot", "dvn", "alg", "cer",
    "sigvl", "sp", "c", "p", "e", "a", "dat", "sc", "ri", "tr", "tc", "r", "m", "con", "dn",
    "@context", "issuer", "issuanceDate", "evidence", "proof", "nonTransferable", "id", "refId",
    "uhid", "age", "gender", "nationality", "address", "certificateId", "feedbackUrl", "infoUrl",
    "batch", "vaccine", "date", "effectiveStart", "effectiveUntil", "dose", "totalDoses",
    "verifier", "facility", "icd11Code", "prophylaxis", "created", "proofPurpose",
    "verificationMethod", "jws", "streetAddress", "streetAddress2", "city", "district",
    "addressRegion", "postalCode", "addressCountry", "sign-image", "seal-image",
))  # fmt: skip

# Numbers of certificates and of passports, people other than the holder, and what no specification
# knows: shown to nobody, with whatever is below them.
_NEVER_SHOWN: Final = frozenset((
    "ci", "rid", "uvci", "utci", "i", "ai", "id", "refId", "uhid", "certificateId", "identifier",
    "feedbackUrl", "infoUrl", "nid", "gn", "cn", "hcid", "ddccid", "practitioner", "hw",
    "signature", MASK,
))  # fmt: skip
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Section(NamedTuple):
    """One block of the view: a heading and (label, value) rows."""

    title: str
    rows: Rows


class Inspection(NamedTuple):
    """What the stages saw, and the verdict that came of it."""

    sections: tuple[Section, ...]
    verdict: Verdict


def inspect(
    text: str | bytes,
    *,
    trust: KeySource,
    at: datetime | None = None,
    disclosure: Disclosure = Disclosure.NONE,
    extensions: Sequence[str] = (),
) -> Inspection:
    """Look at one document from every stage.

    Raises nothing because of the document. Values of claims are shown only with
    ``Disclosure.CLINICAL``, and only when nothing speaks against the document.
    """
    # Crash reporters write down what stands in the frames of an error.
    held = Private(text)
    del text
    verifier = Verifier(trust=trust, policy=PrivacyPolicy(disclosure), extensions=extensions)
    verdict = verifier.verify(held.reveal(), at=at)
    instant = SystemClock().now() if at is None else instant_of(at)
    sections = [Section("Judged for", (("day", day_of(instant)),))]
    stopped: Reason | None = None
    try:
        for section in _look(held.reveal(), trust, verdict, disclosure, verifier.extensions):
            sections.append(section)  # noqa: PERF402 - what was seen before a fault is kept
    except DocumentError as error:
        stopped = error.reason
    except Exception:  # noqa: BLE001 - whatever it is, it came from the document and stays here
        stopped = Reason.UNFORESEEN
    if stopped is not None:
        words = f"{stopped.value}  {MEANINGS[stopped].what}"
        sections.append(Section("Stopped", (("reason", words),)))
    sections.append(Section("Checks", _check_rows(verdict)))
    return Inspection(tuple(sections), verdict)


def _look(
    text: str | bytes,
    trust: KeySource,
    verdict: Verdict,
    disclosure: Disclosure,
    extensions: tuple[Format, ...],
) -> Iterator[Section]:
    """Go through the stages once more and tell what each saw. Raises ``DocumentError``."""
    scanned = scan.read_scan(text, extensions)
    yield Section("Input", _input_rows(scanned))
    envelope = scanned.format.open(scanned.text, scanned.container)
    yield Section("Envelope", _envelope_rows(envelope))
    keys = () if envelope.kid is None else _keys(envelope.kid, envelope.issuer, trust)
    for number, key in enumerate(keys, start=1):
        yield Section(f"Candidate key {number}", _key_rows(key))
    if _signed(verdict):
        shown = disclosure is Disclosure.CLINICAL and verdict.discloses_holder
        yield Section("Signed content", _content_rows(envelope.payload, shown=shown))


def _keys(kid: bytes, issuer: str, trust: KeySource) -> Sequence[TrustedKey]:
    """Find the keys that a verifier would try."""
    return (issuer and trust.find(kid, issuer)) or trust.find(kid)


def _check_rows(verdict: Verdict) -> Rows:
    return tuple(
        (found.check.value, f"{found.result.value}  {found.code.value}  {found.what}")
        for found in verdict.findings
    )


def _signed(verdict: Verdict) -> bool:
    return any(
        found.check is Check.SIGNATURE and found.result is Result.PASS for found in verdict.findings
    )


def _input_rows(scanned: scan.ScannedText) -> Rows:
    return (
        ("container", scanned.container),
        ("format", scanned.format.name),
        ("characters", str(len(scanned.text))),
    )


def _envelope_rows(envelope: Envelope) -> Rows:
    algorithm, kid = envelope.algorithm, envelope.kid
    named = "none" if algorithm is None else _ALGORITHMS.get(algorithm, f"other ({algorithm})")
    return (
        ("algorithm", named),
        ("key id", "none" if kid is None else f"{shown_kid(kid) or MASK} ({len(kid)} bytes)"),
        ("payload", f"{len(envelope.payload)} bytes"),
        ("signature", f"{len(envelope.signature)} bytes"),
    )


def _key_rows(key: TrustedKey) -> Rows:
    days = [
        "open" if instant is None else day_of(instant)
        for instant in (key.not_before, key.not_after)
    ]
    return (
        ("list", f"{key.list.name} of {day_of(key.list.as_of)}, {key.list.environment.value}"),
        ("vouched for", "yes" if key.authenticated else "no"),
        ("country", key.country or "not said"),
        *([("issuer", key.issuer)] if key.issuer else []),
        ("schemes", ", ".join(sorted(key.schemes))),
        ("uses", ", ".join(sorted(key.uses)) or "all"),
        ("valid", f"{days[0]} to {days[1]}"),
        ("public key", f"{len(key.spki)} bytes"),
    )


def _content_rows(payload: bytes, *, shown: bool) -> Rows:
    """Describe a payload: an object in JSON begins like no map in CBOR."""
    bare = payload.removeprefix(_BYTE_ORDER_MARK).lstrip()
    known = _JSON_MEMBERS if bare.startswith(b"{") else _MEMBERS
    try:
        is_json = known is _JSON_MEMBERS
        content = json_strict.decode(bare) if is_json else cbor.decode_open(payload)
    except DocumentError:
        return (("content", "cannot be read"),)
    rows: list[tuple[str, str]] = []
    _describe(content, "", rows, known, shown=shown)
    return tuple(rows)


def _describe(
    value: object, path: str, rows: list[tuple[str, str]], known: frozenset[str], *, shown: bool
) -> None:
    """Append a row for a value and everything below it; ``known`` are members that may be named."""
    rows.append((path or "claims", _shape(value, shown=shown)))
    if isinstance(value, dict):
        for key, member in value.items():
            label = _label(key, known, top=not path)
            below = shown and label not in _NEVER_SHOWN
            _describe(member, f"{path}/{label}", rows, known, shown=below)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _describe(member, f"{path}/{number}", rows, known, shown=shown)
    elif isinstance(value, CBORTag):
        _describe(value.value, f"{path}/tag {value.tag}", rows, known, shown=shown)


def _label(key: object, known: frozenset[str], *, top: bool) -> str:
    if isinstance(key, str) and known is _MEMBERS and cwt.is_number(key):
        return f"{_label(int(key), known, top=top)} as text"
    if isinstance(key, int) and -(1 << 16) < key < 1 << 16:
        return _CLAIMS.get(key, str(key)) if top else str(key)
    return key if isinstance(key, str) and key in known else MASK


def _shape(value: object, *, shown: bool) -> str:
    """Say what a value is like; what it is only when it may be shown."""
    if isinstance(value, dict):
        return f"map of {len(value)}"
    if isinstance(value, list):
        return f"array of {len(value)}"
    if isinstance(value, CBORTag):
        return f"tag {value.tag}"
    if value is None:
        return "null"
    kind = {bool: "boolean", int: "integer", float: "float", str: "text", bytes: "bytes"}.get(
        type(value), "other"
    )
    # No lengths either: that of a name is a hint at it.
    return f"{kind}: {value!s}" if shown and not isinstance(value, bytes) else kind
