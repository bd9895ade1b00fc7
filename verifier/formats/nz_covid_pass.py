"""New Zealand COVID Pass (NZCP 1): a signed CBOR Web Token in base32.

Source of the rules: minhealthnz/nzcovidpass-spec, technical specification 1. A pass says that its
holder counted as vaccinated on the day of issue, and nothing of doses, products or dates. Keys are
listed by issuer (did:web); the issuer is read before the signature as a hint at the key, all else
after it. ``exp`` is the first second that no longer counts.
"""

import re
from datetime import date
from typing import Final

from verifier.algorithms import KeyKind
from verifier.claims import Claims, Event, Holder, Kind, PartialDate, Vaccination
from verifier.codecs import base32, cbor, cose, cwt
from verifier.envelope import Envelope
from verifier.errors import DocumentError
from verifier.formats.base import Format
from verifier.limits import LAST_SECOND
from verifier.privacy import Later
from verifier.reasons import Reason

NAME: Final = "nz-covid-pass"

CONTAINER: Final = "NZCP"

_PREFIX: Final = "NZCP:/"
_VERSION: Final = re.compile(r"NZCP:/(0|[1-9][0-9]{0,8})/", re.ASCII).match
_READ: Final = "1"

# Passes have about 600 characters; the specification's longest names would make some 900.
_CHARACTERS: Final = 2_000

_CTI: Final = 7
_CTI_BYTES: Final = 16
_VC: Final = "vc"

# Section 2.4: constants to compare, never to load.
_CONTEXTS: Final = [
    "https://www.w3.org/2018/credentials/v1",
    "https://nzcp.covid19.health.nz/contexts/v1",
]
_TYPES: Final = {"VerifiableCredential", "PublicCovidPass"}
_SEMANTIC_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]*)?").fullmatch
_SUPPORTED_MAJOR: Final = "1."

_NAME_CHARACTERS: Final = 100
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch

_COVID_19: Final = ("snomed", "840539006")

Entry = dict[object, object]


def _recognise(text: str) -> str | None:
    if not text.startswith(_PREFIX):
        if text[: len(_PREFIX)].upper() == _PREFIX:
            raise DocumentError(Reason.PREFIX_WRONG_CASE)
        return None
    version = _VERSION(text)
    if version is not None and version[1] != _READ:
        raise DocumentError(Reason.NEWER_VERSION)
    return CONTAINER if version is not None else None


def _open(text: str, container: str) -> Envelope:
    data = base32.decode(text[len(_PREFIX) + len(_READ) + 1 :])
    envelope = cose.open_protected(data, container)
    claims = cbor.decode(envelope.payload)
    issuer = claims.get(cwt.ISS) if isinstance(claims, dict) else None
    if not isinstance(issuer, str) or not issuer:
        raise DocumentError(Reason.NO_KEY_ID)
    envelope.issuer = issuer
    return envelope


def _read_claims(container: str, payload: bytes) -> Claims:
    claims = cwt.read_claims(payload)
    issued = _instant(claims, cwt.NBF)
    end = _instant(claims, cwt.EXP)
    read = Claims(
        format=NAME,
        scheme=FORMAT.containers[container],
        country="",
        issued=issued,
        expires=None if end is None else end - 1,
        issuer=str(claims.get(cwt.ISS)),
    )
    # To the second, without the leeway that other families give a clock (section 2.1.1).
    read.own_terms().starts = issued or 0
    try:
        _read_content(read, claims)
    except DocumentError as fault:
        # Dates and key can be judged all the same.
        read.doubts = (fault.reason,)
    return read


def _instant(claims: Entry, label: int) -> int | None:
    """Read a date, a plain integer here: neither a float nor behind a tag (section 2.1)."""
    value = claims.get(label)
    if value is None:
        return None
    if type(value) is int and 0 < value <= LAST_SECOND:
        return value
    raise DocumentError(Reason.CLAIMS_MALFORMED)


def _read_content(read: Claims, claims: Entry) -> None:
    """Check the credential and note what it says. Raises ``DocumentError``."""
    number = claims.get(_CTI)
    # Looked at and let go of: it stands for one person's pass.
    if not isinstance(number, bytes) or len(number) != _CTI_BYTES:
        raise DocumentError(Reason.FIELD_MALFORMED if number else Reason.FIELD_MISSING)
    credential = claims.get(_VC)
    if not isinstance(credential, dict):
        raise DocumentError(Reason.NO_CERTIFICATE_INSIDE)
    _check_credential(credential)
    read.kind = Kind.VACCINATION
    read.events_source = _events
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict):
        raise DocumentError(Reason.FIELD_MISSING)
    given = _name(subject, "givenName")
    if not given:
        raise DocumentError(Reason.FIELD_MISSING)
    read.holder_source = Later(
        _build_holder, _name(subject, "familyName"), given, _birth_date(subject.get("dob"))
    )


def _check_credential(credential: Entry) -> None:
    """Hold context, version and type against the one credential that version 1 knows."""
    context, kinds = credential.get("@context"), credential.get("type")
    version = credential.get("version")
    if not isinstance(context, list) or context[: len(_CONTEXTS)] != _CONTEXTS:
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    if not isinstance(kinds, list) or len(kinds) != len(_TYPES):
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    if {kind for kind in kinds if isinstance(kind, str)} != _TYPES:
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)
    if not isinstance(version, str) or not _SEMANTIC_VERSION(version):
        raise DocumentError(Reason.FIELD_MALFORMED)
    if not version.startswith(_SUPPORTED_MAJOR):
        raise DocumentError(Reason.OTHER_CERTIFICATE_INSIDE)


def _name(subject: Entry, member: str) -> str:
    """Read a name; people with one name have no family name."""
    name = subject.get(member, "")
    if not isinstance(name, str) or len(name) > _NAME_CHARACTERS:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return name.strip()


def _birth_date(value: object) -> str:
    if value is None:
        raise DocumentError(Reason.FIELD_MISSING)
    known = False
    if isinstance(value, str) and _DAY(value):
        try:
            known = date.fromisoformat(value) is not None
        except ValueError:
            known = False
    if not known:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return str(value)


def _build_holder(family: str, given: str, birth: str) -> Holder:
    return Holder(family, given, "", "", PartialDate(birth))


def _events() -> tuple[Event, ...]:
    """Say what the type of the pass says: vaccinated against COVID-19, all else left open."""
    return (Vaccination(_COVID_19, None, None, None, PartialDate("")),)


FORMAT: Final = Format(
    name=NAME,
    containers={CONTAINER: NAME},
    recognise=_recognise,
    open=_open,
    read_claims=_read_claims,
    keys=frozenset({KeyKind.P256}),
    characters=_CHARACTERS,
)
