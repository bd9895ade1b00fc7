"""What the WHO's payloads in an HCERT have in common (smart-trust, hcert_spec, 3.2.7.1).

Under claim -260 stands a map with a number for each kind of certificate; without it, older ones
stand among the claims themselves. Pilots bend the standard: keys written as text, times in
milliseconds, lengths left open, null and undefined for what is not stated. Such liberties change
nothing about what was signed; they are taken and told. Nothing here is believed before the
signature holds, and of what is only a pointer elsewhere (key 5) nothing is looked at.
"""

import math
from typing import Final

from verifier.codecs import cbor, cwt
from verifier.codecs.dates import ABSENT
from verifier.errors import DocumentError
from verifier.limits import LAST_SECOND, TEXT_CHARACTERS
from verifier.privacy import private
from verifier.reasons import Reason

HCERT: Final = -260

EU_DCC: Final = 1
VACCINATION: Final = 3
TEST: Final = 4
HEALTH_LINK: Final = 5
ICVP: Final = -6
MEDICINES: Final = -7

_KNOWN: Final = frozenset((EU_DCC, VACCINATION, TEST, HEALTH_LINK, ICVP, MEDICINES))
_NOT_CERTIFICATES: Final = {
    HEALTH_LINK: Reason.HEALTH_LINK_INSIDE,
    MEDICINES: Reason.MEDICINES_INSIDE,
}

# A second that counts in thousandths is far beyond the last second of calendars, since 1978.
_MILLISECONDS: Final = 1_000

# Code systems by their addresses (who-hcert-payloads notes, 3.1; HL7 and ISO for the rest).
_SYSTEMS: Final = {
    "http://id.who.int/icd11/mms": "icd11",
    "http://id.who.int/icd/release/11/mms": "icd11",
    "http://id.who.int/ichi": "ichi",
    "http://snomed.info/sct": "snomed",
    "http://loinc.org": "loinc",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://www.whocc.no/atc": "atc",
    "https://ec.europa.eu/health/documents/community-register/html/": "ema",
    "urn:iso:std:iso:3166": "iso3166",
    "urn:iso:std:iso:3166-1": "iso3166",
    "urn:iso:std:iso:3166-1-3": "iso3166",
}
# For a system that is not stated, and for one that is not known here.
_NO_SYSTEM: Final = "unstated"
_OTHER_SYSTEM: Final = "other"

Members = dict[object, object]


@private
class HealthClaims:
    """The claims of an HCERT in one form, and the certificate that they hold.

    ``key`` is the number under claim -260; None when there is no such claim, and then ``content``
    are the claims themselves. The instants are None where they are not stated; ``expires`` is the
    last second of calendars where it lies beyond. ``unusual`` tells of liberties taken.
    """

    __slots__ = ("content", "expires", "issued", "issuer", "key", "not_before", "unusual")

    def __init__(self, payload: bytes) -> None:
        """Read a payload.

        Raises ``DocumentError``: ``CLAIMS_MALFORMED``, ``NO_CERTIFICATE_INSIDE``,
        ``OTHER_CERTIFICATE_INSIDE`` (only keys that nobody here knows), ``SEVERAL_CERTIFICATES``,
        or the reason that names what is no certificate.
        """
        decoded, open_lengths = _decode(payload)
        claims, as_text = cwt.with_numbers(decoded)
        self.unusual = open_lengths or as_text
        self.issuer = _issuer(claims.get(cwt.ISS))
        self.issued = self._time(claims.get(cwt.IAT))
        self.not_before = self._time(claims.get(cwt.NBF))
        self.expires = self._time(claims.get(cwt.EXP), endless=True)
        self.key: int | None = None
        self.content: object = claims
        held = claims.get(HCERT)
        if held not in ABSENT:
            self._choose(held)

    def _choose(self, held: object) -> None:
        if not isinstance(held, dict):
            raise DocumentError(Reason.CLAIMS_MALFORMED)
        certificates, as_text = cwt.with_numbers(held)
        self.unusual |= as_text
        known = held_in(certificates)
        if not known:
            stated = any(value not in ABSENT for value in certificates.values())
            other = Reason.OTHER_CERTIFICATE_INSIDE
            raise DocumentError(other if stated else Reason.NO_CERTIFICATE_INSIDE)
        if len(known) > 1:
            raise DocumentError(Reason.SEVERAL_CERTIFICATES)
        (key,) = known
        if key in _NOT_CERTIFICATES:
            raise DocumentError(_NOT_CERTIFICATES[key])
        self.key = key
        self.content = certificates[key]

    def _time(self, value: object, *, endless: bool = False) -> int | None:
        """Read a NumericDate in seconds, or in milliseconds as the pilots of the Americas write.

        An end beyond all calendars means "never" to those who write it.
        """
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value)
            if LAST_SECOND < seconds < math.inf:
                self.unusual = True
                seconds /= _MILLISECONDS
                value = LAST_SECOND if endless and seconds > LAST_SECOND else seconds
        return cwt.read_date({cwt.EXP: None if value in ABSENT else value}, cwt.EXP)


def held_in(certificates: Members) -> set[int]:
    """Give the known keys of a map under claim -260 that hold something."""
    return {key for key in _KNOWN if certificates.get(key) not in ABSENT}


def _decode(payload: bytes) -> tuple[Members, bool]:
    """Decode the claims strictly, else with lengths left open; tells whether there were any."""
    try:
        return cwt.read_claims(payload), False
    except DocumentError:
        decoded = None
    try:
        decoded = cbor.decode_open(payload)
    except DocumentError:
        decoded = None
    if isinstance(decoded, dict):
        return decoded, True
    raise DocumentError(Reason.CLAIMS_MALFORMED)


def _issuer(value: object) -> str:
    if value in ABSENT:
        return ""
    if isinstance(value, str) and len(value) <= TEXT_CHARACTERS:
        return value.strip()
    raise DocumentError(Reason.CLAIMS_MALFORMED)


def text(value: object) -> str:
    """Read a text; what is not stated is empty. Raises ``DocumentError(FIELD_MALFORMED)``."""
    if value in ABSENT:
        return ""
    if isinstance(value, str) and len(value) <= TEXT_CHARACTERS:
        return value.strip()
    raise DocumentError(Reason.FIELD_MALFORMED)


def members(value: object) -> Members:
    """Read a map that has to be there. Raises ``DocumentError``."""
    if isinstance(value, dict):
        return value
    raise DocumentError(Reason.FIELD_MISSING if value in ABSENT else Reason.FIELD_MALFORMED)


def coding(value: object) -> tuple[str, str] | None:
    """Read a Coding, or a bare code: (short name of the system, code); None when nothing is stated.

    Raises ``DocumentError(FIELD_MALFORMED)``.
    """
    if not isinstance(value, dict):
        code = text(value)
        return (_NO_SYSTEM, code) if code else None
    code, system = text(value.get("code")), text(value.get("system"))
    if not code:
        return None
    return (_SYSTEMS.get(system, _OTHER_SYSTEM) if system else _NO_SYSTEM, code)


def label(value: object) -> str:
    """Read the words that a Coding has beside its code; empty when there are none to be read."""
    said = value.get("display") if isinstance(value, dict) else None
    return said.strip() if isinstance(said, str) and len(said) <= TEXT_CHARACTERS else ""


def reference(value: object) -> str:
    """Read an Identifier or a Reference (HL7 FHIR), or a bare text; empty when nothing is stated.

    Raises ``DocumentError(FIELD_MALFORMED)``.
    """
    if not isinstance(value, dict):
        return text(value)
    inner = value.get("identifier")
    within = inner if isinstance(inner, dict) else value
    stated = (text(within.get(name)) for name in ("value", "identifier", "reference", "display"))
    return next(filter(None, stated), "")
