"""Compares the holder of a certificate with a passport's machine-readable zone.

It advises: the officer sees both and decides. "The same" needs name and birth date in full;
"different" needs one of them to be so beyond doubt; everything else is for the officer's eyes.
Sex, nationality and the passport's number decide nothing: people renew passports and have two.
A zone that was misread is compared with nobody.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from verifier import mrz
from verifier.claims import Holder
from verifier.errors import DocumentError
from verifier.findings import FINDINGS, Finding, unforeseen
from verifier.names import compare_names, read_passport_name
from verifier.reasons import Check, Reason, Result


class Match(StrEnum):
    """What a comparison comes to."""

    SAME = "same"
    DIFFERENT = "different"
    LOOK_YOURSELF = "look_yourself"


class Comparison(NamedTuple):
    """What came of comparing; codes and places, nothing of the traveller.

    ``findings`` belong to the check ``identity``. ``places`` are line and place (from 1) of the
    characters of the zone that look misread, where the check digits agree without them.
    """

    match: Match
    findings: tuple[Finding, ...]
    places: tuple[tuple[int, int], ...] = ()


_PASSPORT: Final = "P"
_PASSPORT_NUMBER: Final = 9  # places; a longer number is cut there, or goes on elsewhere
_STATED: Final = re.compile(r"[0-9]{2}([0-9]{2})(?:-([0-9]{2})(?:-([0-9]{2}))?)?").fullmatch
_ZONE_DATE: Final = re.compile(r"(<<|[0-9]{2})(<<|[0-9]{2})(<<|[0-9]{2})").fullmatch
_NOT_IN_A_NUMBER: Final = re.compile(r"[\s<-]")
_UNKNOWN: Final = ("<<", "00")
_FIRST_OF_JANUARY: Final = ["01", "01"]

Parts = list[str | None]


def compare(holder: Holder | Callable[[], Holder], travel_document: str, text: str) -> Comparison:
    """Compare a holder, or what builds one, with a zone, as text with or without its line ends.

    ``travel_document`` is the number of the passport that the certificate names, empty for none.
    Raises nothing because of either.
    """
    try:
        return _compare(holder() if callable(holder) else holder, travel_document, text)
    except DocumentError as error:
        reason = error.reason
    except Exception:  # noqa: BLE001 - whatever it is, it came from a document and stays here
        return Comparison(Match.LOOK_YOURSELF, (unforeseen(Check.IDENTITY),))
    return _undecided(reason)


def _compare(holder: Holder, travel_document: str, text: str) -> Comparison:
    zone = mrz.read(text)
    if zone.slips:
        places = tuple((slip.line, slip.place) for slip in zone.slips)
        return _undecided(Reason.ZONE_SLIP, places)
    if zone.failing:
        return _undecided(Reason.ZONE_MISREAD)
    passport = read_passport_name(zone.name)
    if passport is None:
        return _undecided(Reason.ZONE_NAME_MALFORMED)
    born = holder.birth_date.text
    birth = compare_births(born, zone.birth)
    if birth is Reason.ZONE_BIRTH_UNREADABLE:
        return _undecided(birth)
    said = [reason for reason in (birth, compare_names(holder, passport)) if reason]
    findings = [FINDINGS[reason] for reason in said or [Reason.SAME_PERSON]]
    results = {finding.result for finding in findings}
    if not said and _hides_a_century(born, zone.expiry):
        findings.append(FINDINGS[Reason.CENTURY_NOT_SEEN])
    number = _compare_numbers(travel_document, zone)
    if number is not None:
        findings.append(FINDINGS[number])
    match = (
        Match.DIFFERENT
        if Result.FAIL in results
        else Match.LOOK_YOURSELF
        if Result.UNKNOWN in results
        else Match.SAME
    )
    return Comparison(match, tuple(findings))


def _undecided(reason: Reason, places: tuple[tuple[int, int], ...] = ()) -> Comparison:
    return Comparison(Match.LOOK_YOURSELF, (FINDINGS[reason],), places)


def compare_births(stated: str, zone: str) -> Reason | None:
    """Compare a birth date as far as it is known with the six characters of a zone.

    None when day, month and the last two digits of the year agree. What contradicts is different,
    unless it is a usual way to write that a day is not known (a first of January) or a usual slip
    (day and month exchanged).
    """
    there = _ZONE_DATE(zone)
    if there is None:
        return Reason.ZONE_BIRTH_UNREADABLE
    here = _STATED(stated)
    if here is None:
        return Reason.BIRTH_DATE_NOT_STATED
    ours: Parts = list(here.groups())
    theirs = _known_parts(list(there.groups()))
    both = [(our, their) for our, their in zip(ours, theirs, strict=True) if our and their]
    if all(our == their for our, their in both):
        return None if len(both) == len(ours) else Reason.BIRTH_DATE_PARTIAL
    if ours[0] == theirs[0]:
        if _FIRST_OF_JANUARY in (ours[1:], theirs[1:]):
            return Reason.FIRST_OF_JANUARY
        if ours[1:] == theirs[:0:-1]:
            return Reason.DAY_AND_MONTH_EXCHANGED
    return Reason.BIRTH_DATE_DIFFERS


def _known_parts(parts: list[str]) -> Parts:
    """Leave out what is filled in for unknown; a year 00 is one, unless nothing else is known."""
    year, month, day = parts
    month_known, day_known = month not in _UNKNOWN, day not in _UNKNOWN
    year_known = year != "<<" and (year != "00" or month_known or day_known)
    return [
        year if year_known else None,
        month if month_known else None,
        day if day_known else None,
    ]


def _hides_a_century(born: str, expiry: str) -> bool:
    """Tell whether a child could have the same two digits as the year that the certificate states.

    The passport ends at most some ten years from now, which is all that is known of now here.
    """
    ends = expiry[:2]
    return ends.isdigit() and int(born[:4]) + 100 <= 2000 + int(ends)


def _compare_numbers(travel_document: str, zone: mrz.Zone) -> Reason | None:
    """Compare the passport number that a certificate names; None when nothing can be said."""
    number = _NOT_IN_A_NUMBER.sub("", travel_document).upper()
    if not zone.document.startswith(_PASSPORT) or not 0 < len(number) <= _PASSPORT_NUMBER:
        return None
    same = number == zone.number.replace(mrz.FILLER, "")
    return Reason.PASSPORT_NUMBER_AGREES if same else Reason.PASSPORT_NUMBER_DIFFERS
