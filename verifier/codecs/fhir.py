"""FHIR R4 as health cards hold it: bundles, codings, dates, names (health card notes, 11).

Reads what the profiles arrange, without demanding more than it takes to tell what it says. What
departs from a profile and harms nobody is remarked among ``doubts``; ``DocumentError`` is raised
for what is of the wrong form. Of people it knows nothing but how they are written down.
"""

import re
from datetime import date, datetime
from math import floor
from typing import Final

from verifier.errors import DocumentError
from verifier.limits import TEXT_CHARACTERS
from verifier.reasons import Reason

Members = dict[str, object]

_AIR: Final = (
    "https://www.humanservices.gov.au/organisations/health-professionals/enablers/"
    "air-vaccine-code-formats"
)
_SYSTEMS: Final = {
    _AIR: "air",
    "https://www.gs1.org/gtin": "gtin",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://hl7.org/fhir/sid/mvx": "mvx",
    "http://id.who.int/icd/release/11/mms": "icd11",
    "http://id.who.int/icd11/mms": "icd11",
    "http://loinc.org": "loinc",
    "http://snomed.info/sct": "snomed",
    "http://www.whocc.no/atc": "atc",
}
# The profiles allow one of each system; older cards have a few more.
_CODINGS: Final = 16

# FHIR's date and dateTime (R4, 2.24.0.1): a year, a month, a day, or an instant with its zone.
_PARTIAL_DATE: Final = re.compile(r"(?!0000)[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII).fullmatch
_MOMENT: Final = re.compile(
    r"[^T]+T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
).fullmatch
_WHOLE_DATE: Final = len("2021-05-01")

# Ways of telling when that a card uses at most one of, beside the date.
_OTHER_TIMES: Final = frozenset({
    "occurrencePeriod", "occurrenceString", "effectivePeriod", "effectiveInstant",
    "effectiveTiming",
})  # fmt: skip

# What the profiles leave out to save room (notes, 11.1).
_SUPERFLUOUS: Final = frozenset({"id", "text", "language", "implicitRules", "contained"})
_MAY_SAY_MORE: Final = _SUPERFLUOUS | {"meta"}
_ONLY_SECURITY: Final = frozenset({"security"})
_IN_BUNDLE: Final = "resource:"


def entries_in(bundle: Members, doubts: list[Reason]) -> list[tuple[str, str, Members]]:
    """Read the entries of a bundle: kind of each resource, its place (empty for none), itself."""
    unusual = not bundle.keys().isdisjoint(_SUPERFLUOUS)
    found = []
    for entry in list_of(bundle.get("entry")):
        members = object_of(entry)
        resource, place = members.get("resource"), members.get("fullUrl", "")
        if not isinstance(resource, dict) or not isinstance(place, str):
            raise DocumentError(Reason.FIELD_MALFORMED)
        kind = resource.get("resourceType")
        if not isinstance(kind, str):
            raise DocumentError(Reason.FIELD_MALFORMED)
        found.append((kind, place, resource))
        if not unusual:
            unusual = not place.startswith(_IN_BUNDLE) or (
                not resource.keys().isdisjoint(_MAY_SAY_MORE) and _says_more(resource)
            )
    if unusual:
        doubts.append(Reason.CONTENT_UNUSUAL)
    return found


def _says_more(resource: Members) -> bool:
    """Tell whether a resource holds what the profiles leave out."""
    if not resource.keys().isdisjoint(_SUPERFLUOUS):
        return True
    meta = resource.get("meta")
    return isinstance(meta, dict) and not meta.keys() <= _ONLY_SECURITY


def codes_in(concept: object, doubts: list[Reason]) -> list[tuple[str, str]]:
    """Read the codings of a concept, each behind a short word for its system, or its address."""
    found: list[tuple[str, str]] = []
    codings = list_of(object_of(concept).get("coding"))
    if len(codings) > _CODINGS:
        raise DocumentError(Reason.FIELD_MALFORMED)
    for each in codings:
        coding = object_of(each)
        code, address = text_of(coding.get("code")), text_of(coding.get("system"))
        system = _SYSTEMS.get(address, address)
        if code:
            # CVX codes below 10 have two spellings (notes, 11.3).
            found.append((system, code.lstrip("0") if system == "cvx" else code))
        if "display" in coding:
            doubts.append(Reason.CONTENT_UNUSUAL)
    if not found:
        doubts.append(Reason.CODE_MISSING)
    return found


def identifier_in(value: object) -> tuple[str, str] | None:
    """Read an identifier behind a short word for its system, None where nothing may be shown."""
    code, address = (told(value, "identifier", member) for member in ("value", "system"))
    return (_SYSTEMS.get(address, address), code) if code else None


def when(
    resource: Members, moment: str, period: str, doubts: list[Reason]
) -> tuple[str, int | None]:
    """Read when something happened, as a day (empty for none) and, where it is told, an instant.

    The day is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. FHIR has it as a date, or a period whose
    beginning counts here; words are no date.
    """
    value = resource.get(moment)
    known = not resource.keys().isdisjoint(_OTHER_TIMES)
    if known and value is None and period in resource:
        known = len(resource.keys() & _OTHER_TIMES) > 1
        value = object_of(resource[period]).get("start")
    if value is None or known:
        doubts.append(Reason.EVENT_UNDATED)
        return "", None
    text = text_of(value)
    if len(text) <= _WHOLE_DATE:
        day, instant = text, None
    else:
        day = text.partition("T")[0]
        instant = _instant(text)
    if first_day(day) is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return day, instant


def first_day(text: str) -> date | None:
    """Give the first day that a year, a month or a day can be; None when it is none of these."""
    # Python reads week dates of the same length too; the hyphens rule them out.
    if len(text) != _WHOLE_DATE or text[4:8:3] != "--":
        if _PARTIAL_DATE(text) is None:
            return None
        text += "-01-01"[len(text) - 4 :]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str) -> int | None:
    """Read an instant, None when it has no zone; raises ``DocumentError`` when it is none."""
    moment: datetime | None = None
    if _MOMENT(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
    if moment is None:
        raise DocumentError(Reason.FIELD_MALFORMED)
    return None if moment.tzinfo is None else floor(moment.timestamp())


# What else is told of an event decides nothing, so that a fault in it costs only itself.
def told(value: object, *path: str) -> str:
    """Read a text below a value, empty where there is none, or none that may be shown."""
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) and len(value) <= TEXT_CHARACTERS else ""


def performer_in(value: object) -> str:
    """Read who gave a dose (``actor``) or made a test."""
    first = value[0] if isinstance(value, list) and value else None
    return told(first, "actor", "display") or told(first, "display")


def name_in(patient: Members, doubts: list[Reason]) -> tuple[str, str, bool]:
    """Read family and given names, and tell whether they are one text without parts.

    Raises ``DocumentError(FIELD_MISSING)`` where there are none.

    A name has parts, or is one text. The profiles demand both parts, or the text, and not all of
    them; people with one name have cards all the same.
    """
    names = list_of(patient.get("name"))
    name = object_of(names[0]) if names else {}
    family = text_of(name.get("family"))
    text = text_of(name["text"]) if "text" in name else ""
    parts = [part for each in list_of(name.get("given")) if (part := text_of(each))]
    given = parts[0] if len(parts) == 1 else text_of(" ".join(parts))
    if text or not (family and given):
        if not (text or family or given):
            raise DocumentError(Reason.FIELD_MISSING)
        if family or given:
            doubts.append(Reason.CONTENT_UNUSUAL)
        else:
            given = text
    return family, given, not family and given == text


# Readers of members: what is absent is empty, what is of another type is a fault.
def object_of(value: object) -> Members:
    """Read an object, empty when it is absent."""
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise DocumentError(Reason.FIELD_MALFORMED)


def list_of(value: object) -> list[object]:
    """Read an array, empty when it is absent."""
    if isinstance(value, list):
        return value
    if value is None:
        return []
    raise DocumentError(Reason.FIELD_MALFORMED)


def text_of(value: object) -> str:
    """Read a text, empty when it is absent."""
    if isinstance(value, str) and len(value) <= TEXT_CHARACTERS:
        return value.strip()
    if value is None:
        return ""
    raise DocumentError(Reason.FIELD_MALFORMED)
