"""DIVOC: a W3C Verifiable Credential in a zip in a QR code (India, Sri Lanka, Jamaica and others).

Source of the rules: egovernments/DIVOC and the DIVOC notes. The document says little that its
signature protects: labels that share a term can be exchanged, so that claims are read from the
values under each term and never from a label; and a subject with a relative identifier is outside
the signature as a whole. Issuers' keys are found by a label that only the trust store knows.

There is no end of validity. The country of the event is that of the key, which the verdict names.
"""

import re
from binascii import a2b_base64
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from verifier.algorithms import EDDSA, PS256, KeyKind
from verifier.claims import Claims, Coded, Event, Holder, Kind, PartialDate, Vaccination
from verifier.codecs import divoc_credential, json_strict, zip_entry
from verifier.codecs import jws as jws_parts
from verifier.codecs.divoc_credential import DATE, DOSE, ID, NAME, Credential
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import (
    CREDENTIAL_BYTES,
    CREDENTIAL_DEPTH,
    CREDENTIAL_PACKED_BYTES,
    KID_BYTES,
    TEXT_CHARACTERS,
)
from verifier.privacy import Later
from verifier.reasons import Reason

FAMILY: Final = "divoc"
_CONTAINER: Final = "DIVOC"

_FILE: Final = "certificate.json"
_ZIP: Final = "PK\3\4"
_BASE64: Final = "B64:"
# Local header and name have 46 bytes; written as UTF-8, some of them are two.
_HEAD: Final = 64
_MEMBERS: Final = ('"@context"', '"credentialSubject"', '"proof"')
_WHITE_SPACE: Final = " \t\r\n"

# Both suites have one header, the same to the byte in every document (RFC 7797; notes, 4).
_HEADERS: Final = {
    ("RsaSignature2018", "eyJhbGciOiJQUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19"): PS256,
    ("Ed25519Signature2018", "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19"): EDDSA,
}
_DETACHED: Final = re.compile(r"([^.]+)\.\.([^.]*)").fullmatch

# The clocks of issuers may be wrong, and India's stand five and a half hours before UTC (notes, 9).
_AHEAD: Final = 86_400

_COVID_19: Final = ("snomed", "840539006")
_ICD_11: Final = re.compile(r"X[A-Z](?=[0-9A-Z]*[0-9])[0-9A-Z]{4}").fullmatch
_DOSES: Final = range(1, 21)
_DIGITS: Final = re.compile(r"[0-9]{1,2}").fullmatch
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9:.]+(?:Z|[+-][0-9:]+)?)?").fullmatch
# How much of a date says day, month and year.
_PRECISIONS: Final = (10, 7, 4)
_DOCUMENT: Final = re.compile(r"did:([^:]*):(.*)", re.DOTALL).fullmatch
_PASSPORT: Final = "passport"

# Product texts of certificates that were seen and of DIVOC's documentation, as the EU codes them. A
# text that several products share ("SINOPHARM (VERO CELL)" of either institute) says nothing.
_PRODUCTS: Final = {
    "covishield": ("eu-dcc-mp", "Covishield"),
    "covaxin": ("eu-dcc-mp", "Covaxin"),
    "pfizer": ("ema", "EU/1/20/1528"),
    "covid-19 vaccine pfizer": ("ema", "EU/1/20/1528"),
    "pfizer-biontech or comirnaty": ("ema", "EU/1/20/1528"),
    "moderna or modema or spikevax": ("ema", "EU/1/20/1507"),
    "astrazeneca or vaxzevria": ("ema", "EU/1/21/1529"),
    "janssen": ("ema", "EU/1/20/1525"),
    "bbibp- corv": ("eu-dcc-mp", "BBIBP-CorV"),
    "sinovac or coronavac": ("eu-dcc-mp", "CoronaVac"),
    "sputnik v": ("eu-dcc-mp", "Sputnik-V"),
}

Values = Sequence[str | int]


def _recognise(text: str) -> str | None:
    if text.startswith(_ZIP):
        found = _FILE in text[:_HEAD]
    elif text[: len(_BASE64)].upper() == _BASE64:
        found = _FILE in _decoded(text[len(_BASE64) :][:_HEAD]).decode("latin-1")
    else:
        is_object = text.lstrip(_WHITE_SPACE)[:1] == "{"
        found = is_object and all(member in text for member in _MEMBERS)
    return _CONTAINER if found else None


def _decoded(text: str) -> bytes:
    """Decode standard base64 with its padding, empty for what is not that."""
    try:
        return a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError:
        return b""


def _open(text: str, container: str) -> Envelope:
    # Imported here: a desk that only asks whether a scan is of this family never pays for it.
    from hashlib import sha256  # noqa: PLC0415

    data = _json_in(text)
    document = _decode(data)
    proof = divoc_credential.proof_of(document)
    label = proof.get("verificationMethod")
    known = isinstance(label, str) and 0 < len(label) <= KID_BYTES
    algorithm, header, signature = _detached(proof)
    signed, issuer = b"", ""
    flaw: Reason | None = None
    try:
        credential = divoc_credential.read(document)
        issuer = credential.issuer
        parts = (divoc_credential.canonical_proof(proof), credential.canonical())
        signed = header + b"." + b"".join(sha256(part).digest() for part in parts)
    except DocumentError as error:
        flaw = error.reason
    # Only what no issuer signs is told once the key is known; all else cannot be checked here.
    if flaw is not None and flaw is not Reason.UNSIGNED_PARTS:
        raise DocumentError(flaw)
    return Envelope(
        container,
        algorithm,
        str(label).encode("utf-8") if known else None,
        signed,
        signature,
        data,
        issuer=issuer,
        flaw=flaw,
    )


def _json_in(text: str) -> bytes:
    """Give the document as bytes, out of the zip where there is one."""
    if text.startswith(_ZIP):
        return _unpacked(_latin_1(text))
    if text[: len(_BASE64)].upper() == _BASE64:
        data = _decoded(text[len(_BASE64) :])
        if not data:
            raise DocumentError(Reason.NOT_BASE45)
        return _file_in(data)
    # Half a surrogate pair has no encoding, and what comes of it is no UTF-8.
    return text.encode("utf-8", "surrogatepass")


def _unpacked(data: bytes) -> bytes:
    """Unpack a zip, or else one whose bytes were written as characters of UTF-8 (notes, 2)."""
    reason = Reason.COMPRESSION_DAMAGED
    for reading in filter(None, (data, _as_characters(data))):
        try:
            return _file_in(reading)
        except DocumentError as error:
            reason = error.reason
    raise DocumentError(reason)


def _file_in(data: bytes) -> bytes:
    return zip_entry.read_only_file(
        data, _FILE.encode(), packed=CREDENTIAL_PACKED_BYTES, limit=CREDENTIAL_BYTES
    )


def _latin_1(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return b""


def _as_characters(data: bytes) -> bytes:
    """Read bytes as UTF-8 of characters that each stand for a byte; empty when they are not."""
    try:
        return data.decode("utf-8").encode("latin-1")
    except UnicodeError:
        return b""


def _decode(data: bytes) -> object:
    return json_strict.decode(data, limit=CREDENTIAL_BYTES, depth=CREDENTIAL_DEPTH, integers=True)


def _detached(proof: dict[str, object]) -> tuple[int | None, bytes, bytes]:
    """Give algorithm, header and signature of a proof: None or nothing where they are unusual."""
    suite, jws = proof.get("type"), proof.get("jws")
    parts = _DETACHED(jws) if isinstance(jws, str) and len(jws) <= TEXT_CHARACTERS else None
    if parts is None or not isinstance(suite, str):
        return None, b"", b""
    header, text = parts.groups()
    try:
        signature = jws_parts.decode_part(text.encode())
    except DocumentError:
        signature = b""
    return _HEADERS.get((suite, header)), header.encode(), signature


def _read_claims(container: str, payload: bytes) -> Claims:
    credential = divoc_credential.read(_decode(payload))
    if not credential.covered:
        raise DocumentError(Reason.HOLDER_NOT_SIGNED)
    read = Claims(
        format=FAMILY,
        scheme=FORMAT.containers[container],
        country="",
        issued=None,
        expires=None,
        issuer=credential.issuer,
    )
    terms = read.own_terms()
    terms.dated = False
    read.kind = Kind.VACCINATION
    read.identifier = _certificate_number(credential)
    read.travel_document = _passport_number(credential.subject_id)
    try:
        # Either may be a day ahead, which an instant of issue may not.
        read.own_terms().starts = (
            max(_instant(credential.issued), _instant(credential.created)) - _AHEAD
        )
        day = _vaccinated(credential.evidence.get(DATE, ()))
        name, born = _person(credential)
    except DocumentError as fault:
        # The rest can be judged all the same.
        read.doubts = (fault.reason,)
        return read
    read.holder_source = Later(_build_holder, name, born)
    read.events_source = Later(_events, credential.evidence, day)
    return read


def _build_holder(name: str, born: str) -> Holder:
    return Holder("", name, "", "", PartialDate(born), undivided=True)


def _instant(text: str) -> int:
    instant: datetime | None = None
    if divoc_credential.is_instant(text):
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            instant = None
    if instant is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return int(instant.timestamp())


def _person(credential: Credential) -> tuple[str, str]:
    """Give the name, in whatever order and script it is, and the birth date, which may be absent.

    ``age`` is that on the day of the vaccination, and no birth date follows from it.
    """
    (name,) = credential.subject[NAME]
    if not isinstance(name, str):
        raise DocumentError(Reason.FIELD_MALFORMED)
    if not name.strip():
        raise DocumentError(Reason.FIELD_MISSING)
    born = [_day_of(value)[0] for value in credential.subject.get(DATE, ()) if value != ""]
    return name.strip(), "".join(born)


def _day_of(value: str | int) -> tuple[str, bool]:
    """Give the calendar day of a date, and whether a time of day stands behind it."""
    parts = _DAY(value) if isinstance(value, str) else None
    day, time = parts.groups() if parts else ("", None)
    try:
        datetime.fromisoformat(day)
    except ValueError:
        day = ""
    if not day:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return day, time is not None


def _vaccinated(values: Values) -> str:
    """Find the day of the vaccination among dates that could each stand for any other.

    It is the one with a time of day. Where none has, or several, it is only known to lie between
    the first and the last: what all of them have in common is known.
    """
    dates = [_day_of(value) for value in values if value != ""]
    if not dates:
        raise DocumentError(Reason.FIELD_MISSING)
    timed = {day for day, with_time in dates if with_time}
    days = timed if len(timed) == 1 else {day for day, _ in dates}
    for known in _PRECISIONS:
        shared = {day[:known] for day in days}
        if len(shared) == 1:
            return shared.pop()
    return ""


def _certificate_number(credential: Credential) -> str:
    number = credential.evidence_id.rpartition("/")[2]
    return number if number in credential.evidence.get(ID, ()) else ""


def _passport_number(subject: str) -> str:
    """Read ``did:Passport:NUMBER``; other documents are national ones, and mostly masked."""
    parts = _DOCUMENT(subject)
    kind, number = parts.groups() if parts else ("", "")
    usable = kind.strip().casefold() == _PASSPORT and number.isascii() and number.strip().isalnum()
    return number.strip() if usable else ""


def _events(evidence: dict[str, Values], day: str) -> tuple[Event, ...]:
    dose, doses = _doses(evidence.get(DOSE, ()))
    words = [" ".join(value.split()) for value in evidence.get(ID, ()) if isinstance(value, str)]
    stated = [*evidence.get(ID, ()), *evidence.get(NAME, ())]
    texts = [" ".join(value.split()) for value in stated if isinstance(value, str)]
    return (
        Vaccination(
            _COVID_19,
            _only({("icd11", word) for word in words if _ICD_11(word)}),
            _only({_PRODUCTS[word.casefold()] for word in words if word.casefold() in _PRODUCTS}),
            None,
            PartialDate(day),
            dose=dose,
            doses=doses,
            codes=[("icd11" if _ICD_11(text) else "name", text) for text in texts],
        ),
    )


def _doses(values: Values) -> tuple[int | None, int | None]:
    """Read one value as the last of so many, two as the smaller of the greater."""
    numbers = {
        int(value) if isinstance(value, int) or _DIGITS(value) else 0 for value in set(values)
    }
    if len(numbers) not in {1, 2} or not numbers <= set(_DOSES):
        return None, None
    return min(numbers), max(numbers)


def _only(found: set[Coded]) -> Coded | None:
    return found.pop() if len(found) == 1 else None


FORMAT: Final = Format(
    name=FAMILY,
    containers={_CONTAINER: FAMILY},
    recognise=_recognise,
    open=_open,
    read_claims=_read_claims,
    keys=frozenset({KeyKind.RSA, KeyKind.ED25519}),
    characters=CREDENTIAL_BYTES,
    any_issuer=True,
)
