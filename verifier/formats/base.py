"""What a certificate format offers. One file in this folder exports one ``FORMAT``."""

from collections.abc import Callable
from typing import NamedTuple

from verifier.algorithms import HCERT_KEYS, KeyKind
from verifier.claims import Claims
from verifier.envelope import Envelope
from verifier.limits import SCAN_CHARACTERS


class Format(NamedTuple):
    """A certificate format.

    ``containers`` maps each container that the format reads to the trust scheme whose keys may
    sign the format's documents in it. ``recognise`` names the container of a tidied text, or None
    when the text is not for this format; it raises ``DocumentError`` for a relative that it knows
    and does not read. ``open`` takes text and container apart into an envelope. ``read_claims``
    takes a container and a payload whose signature holds. When the payload is not the format's it
    raises ``DocumentError`` with ``OTHER_CERTIFICATE_INSIDE``, ``NO_CERTIFICATE_INSIDE`` or
    ``CLAIMS_MALFORMED``, and the other formats of the container are asked; any other reason ends
    the search.

    ``keys`` are the kinds of key that may sign, ``characters`` is the longest text.
    ``any_issuer`` tells that a key's id names the issuer already (DIVOC), so that a key which is
    listed for no issuer may sign whatever issuer a document names. Recognisers of
    two formats never take the same text, and look at no more of it than they need: a file here is
    loaded when none before it has recognised a text.
    """

    name: str
    containers: dict[str, str]
    recognise: Callable[[str], str | None]
    open: Callable[[str, str], Envelope]
    read_claims: Callable[[str, bytes], Claims]
    keys: frozenset[KeyKind] = HCERT_KEYS
    characters: int = SCAN_CHARACTERS
    any_issuer: bool = False
