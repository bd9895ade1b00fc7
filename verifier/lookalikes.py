"""Names what posts meet that is no certificate: boarding passes, passports, seals, links, payments.

Asked only when no format has recognised a text. Each is told by its own opening and never opened
or followed; only the kind is named, so that an officer knows what to ask for instead.
"""

import re
from typing import Final

from verifier.reasons import Reason

# A binary seal of ICAO Doc 9303-13, 2.3: a magic byte, then the version less one or, in drafts, as
# it is; on visas and emergency documents. ``NDB1`` and ``RDB1`` open ICAO's barcodes for data
# (TR Datastructure for Barcode, 3), ``DC0`` a French 2D-Doc (ANTS, specifications 3).
_SEAL: Final = re.compile(r"\u00dc[\1-\5]|[NR]DB1[0-9A-Z]|DC0[1-4][A-Z0-9]{8}").match
_SEAL_BYTES: Final = re.compile(rb"\xdc[\1-\5]").match

# A boarding pass (IATA resolution 792, attachment B): format, number of legs, 20 characters of
# name, the sign for an electronic ticket, booking, two airports, carrier.
_BOARDING_PASS: Final = re.compile(
    r"[MS][1-9][A-Z /.'-]{20}[E ][A-Z0-9 ]{7}[A-Z]{6}[A-Z0-9 ]{3}"
).match

# A line of a travel document's machine-readable zone (ICAO Doc 9303-4 to -7): the line with the
# name, that with the numbers and dates of a booklet or a visa, and the two lower ones of a card.
_TRAVEL_DOCUMENT: Final = re.compile(
    r"[PV][A-Z<][A-Z<]{3}[A-Z<]{25,39}<(?:[A-Z0-9<\s]*)"
    r"|(?=[^<]*<)[ACI][A-Z0-9<][A-Z<]{3}[A-Z0-9<]{25}(?:[A-Z0-9<]{6})?(?:\s[A-Z0-9<\s]*)?"
    r"|[A-Z0-9<]{9}[0-9<][A-Z<]{3}[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z0-9<]{8,16}"
    r"|[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z<]{3}[A-Z0-9<]{11}[0-9](?:\s[A-Z<]*)?"
    r"|(?=[A-Z<]*[A-Z]<<[A-Z])[A-Z<]{29}<"
).fullmatch
_ZONE_CHARACTERS: Final = 100  # three lines of 30 and their ends; two of 44 are fewer

# The Netherlands' domestic code (minvws, coronacheck-mobile-core).
_DOMESTIC: Final = re.compile(r"NL[1-9]:").match

_WEB_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s/]", re.IGNORECASE).match

# Contacts, networks, messages, places, appointments, passwords, telephone contracts, applications
# and payments (EPC, EMV, Swiss, Czech, Russian, Indian, Chinese), and the number of goods.
_OTHER_CODE: Final = re.compile(
    r"BEGIN:V|MECARD:|BIZCARD:|WIFI:|MAILTO:|MATMSG:|TEL:|SMS:|SMSTO:|MMSTO:|GEO:|OTPAUTH:"
    r"|OTPAUTH-MIGRATION:|LPA:1\$|MARKET:|INTENT:|WHATSAPP:|TG:|LINE:|FIDO:/|MT:[A-Z0-9.-]{19}"
    r"|BCD\s|SPC\s|SPD\*|ST0001|000201|UPI:|BITCOIN:|ETHEREUM:|LIGHTNING:|WEIXIN:|WXP:|ALIPAY"
    r"|(?:[0-9]{8}|[0-9]{12,14})\Z",
    re.IGNORECASE,
).match

# A zip (DIVOC) that came through a keyboard, which has no keys for most of its bytes.
_BYTES_LOST: Final = re.compile(r"PK(?:[\0-\x1f^?\ufffd]|\Z)").match

_NAMES: Final = (
    (_SEAL, Reason.OTHER_SEAL),
    (_BOARDING_PASS, Reason.BOARDING_PASS),
    (_DOMESTIC, Reason.DOMESTIC_ONLY),
    (_WEB_ADDRESS, Reason.WEB_ADDRESS),
    (_OTHER_CODE, Reason.OTHER_CODE),
    (_BYTES_LOST, Reason.BYTES_LOST),
)

# What is no document of health at all, and left aside when one stands beside it.
FOREIGN: Final = frozenset(
    {
        Reason.OTHER_SEAL,
        Reason.BOARDING_PASS,
        Reason.TRAVEL_DOCUMENT,
        Reason.WEB_ADDRESS,
        Reason.OTHER_CODE,
    }
)


def name(text: str) -> Reason | None:
    """Name a tidied text that no format recognised, or give None."""
    for begins, reason in _NAMES:
        if begins(text):
            return reason
    if len(text) <= _ZONE_CHARACTERS and _TRAVEL_DOCUMENT(text.strip()):
        return Reason.TRAVEL_DOCUMENT
    return None


def name_bytes(scan: bytes) -> Reason | None:
    """Name the bytes of a code that are no text, or give None."""
    return Reason.OTHER_SEAL if _SEAL_BYTES(scan) else None
