"""SMART Health Links, read as far as text goes (SHL notes, 1 and 2). Nothing here follows one.

A link is an address and a key: whoever opens it tells its host where the traveller is. So nothing
of what a link says comes out of here but whether it is one.
"""

import re
from typing import Final

from verifier.codecs import json_strict, jws
from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason

_SCHEME: Final = re.compile(r"(?:shlink|vhlink):/", re.IGNORECASE)
_VIEWER: Final = "https://"
_VIEWER_END: Final = "#"

# An address by TLS, without a user in it, as long as links may be (notes, 2).
_ADDRESS: Final = re.compile(r"https://[^/?#@\s]+[/?][!-~]*", re.ASCII).fullmatch
_ADDRESS_CHARACTERS: Final = 128
_KEY_BYTES: Final = 32
_LABEL_CHARACTERS: Final = 80
_VERSION: Final = 1


def is_link(text: str) -> bool:
    """Tell whether a text is a link, bare or behind the address of somebody's viewer."""
    if _SCHEME.match(text):
        return True
    # Every document of other families is asked too: most go no further than this.
    if text[: len(_VIEWER)].lower() != _VIEWER:
        return False
    found = _SCHEME.search(text, 0, SCAN_CHARACTERS)
    return found is not None and text[: found.start()].endswith(_VIEWER_END)


def explain(text: str) -> Reason:
    """Say what is to be said of a link: that it is one, a newer one, or not written as one."""
    members: object = None
    try:
        members = json_strict.decode(jws.decode_part(_ascii(_SCHEME.split(text)[-1])))
    except DocumentError:
        members = None
    if not isinstance(members, dict):
        return Reason.HEALTH_LINK_MALFORMED
    version = members.get("v", _VERSION)
    if type(version) is int and version > _VERSION:
        return Reason.NEWER_VERSION
    sound = version == _VERSION and _leads_somewhere(members) and _is_described(members)
    return Reason.HEALTH_LINK if sound else Reason.HEALTH_LINK_MALFORMED


def _leads_somewhere(members: dict[str, object]) -> bool:
    url, key = members.get("url"), members.get("key")
    if not isinstance(url, str) or not isinstance(key, str):
        return False
    if len(url) > _ADDRESS_CHARACTERS or not _ADDRESS(url):
        return False
    try:
        return len(jws.decode_part(_ascii(key))) == _KEY_BYTES
    except DocumentError:
        return False


def _ascii(text: str) -> bytes:
    """Give the bytes of a text; what is no ASCII becomes a question mark, which no part has."""
    return text.encode("ascii", "replace")


def _is_described(members: dict[str, object]) -> bool:
    """Check what may be left out: flags that do not contradict, a short label, an end."""
    flags, label, end = members.get("flag", ""), members.get("label", ""), members.get("exp", 0)
    if not isinstance(flags, str) or not isinstance(label, str):
        return False
    # A boolean is an instance of int too.
    if type(end) not in {int, float}:
        return False
    return not {"U", "P"} <= set(flags) and len(label) <= _LABEL_CHARACTERS
