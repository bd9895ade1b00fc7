"""Why a list could not be fetched: one word for programs, two lines for people."""

from enum import StrEnum
from typing import Final

from verifier.errors import SetupError


class FetchFault(StrEnum):
    """Why a list could not be fetched."""

    ADDRESS_UNFIT = "address_unfit"
    CERTIFICATE_WRONG = "certificate_wrong"
    ENCODED = "encoded"
    HOST_NOT_LISTED = "host_not_listed"
    LENGTH_UNKNOWN = "length_unknown"
    NO_CONNECTION = "no_connection"
    PROXY_UNFIT = "proxy_unfit"
    REDIRECTED_AWAY = "redirected_away"
    REDIRECTED_TOO_OFTEN = "redirected_too_often"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNRELIABLE = "unreliable"


_LATER: Final = "Try again later; what came in so far is kept and gone on with."
_CHECK: Final = "Check the address."
_BY_HAND: Final = "Fetch it in another way and import the file."

_WORDS: Final = {
    FetchFault.ADDRESS_UNFIT: (
        "is no address that is fetched from: https, a host, a path, no user name",
        _CHECK,
    ),
    FetchFault.CERTIFICATE_WRONG: (
        "shows a certificate that this system does not trust for that name",
        "Check the address, this system's clock, and whether a proxy opens what passes.",
    ),
    FetchFault.ENCODED: ("packs what it sends although it was asked not to", _BY_HAND),
    FetchFault.HOST_NOT_LISTED: (
        "is not among the hosts that may be fetched from",
        "Add it to hosts in the configuration, if it is right.",
    ),
    FetchFault.LENGTH_UNKNOWN: ("does not say where the list ends", _BY_HAND),
    FetchFault.NO_CONNECTION: ("cannot be reached", "Check the network and the proxy."),
    FetchFault.PROXY_UNFIT: (
        "would be reached by a proxy of a kind that is not used here",
        "Set HTTPS_PROXY to http://HOST:PORT.",
    ),
    FetchFault.REDIRECTED_AWAY: (
        "points to another place, and such pointers are not followed",
        "If the list has moved, change its address in the configuration.",
    ),
    FetchFault.REDIRECTED_TOO_OFTEN: ("points from one place to the next without end", _CHECK),
    FetchFault.REFUSED: ("does not give the list", _CHECK),
    FetchFault.TOO_LARGE: ("sends more than any trust list has", _CHECK),
    FetchFault.TOO_SLOW: ("takes too long", _LATER),
    FetchFault.UNRELIABLE: ("breaks off again and again", _LATER),
}


class NotFetched(SetupError):
    """A list could not be fetched. Its two lines name the host and neither path nor proxy."""


def failure(fault: FetchFault, who: str, detail: str = "") -> NotFetched:
    """Make the error; ``who`` is the host, ``detail`` what it said."""
    what, next_step = _WORDS[fault]
    more = f": {detail}" if detail else ""
    return NotFetched(f"{who} {what}{more}.\n{next_step}", fault)
