"""Values that occur nowhere else, and the search for them in every form that they could take.

All canaries of one run begin with one stem of random letters, made here and now, so that no file of
this program holds it. One search for the stem in a form finds the canaries of all travellers.
"""

import base64
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no word of any text
_STEM: Final = 10
# Nobody who travels was born then, and no constant of a program is a day of those years: a date of
# a later year turns up in memory by chance once in a few runs.
_FIRST_BIRTH: Final = date(1905, 2, 1)
_BIRTHS: Final = 9_000

# So many characters or bytes of a scan that no other text has in a row.
_WINDOW: Final = 24
_WINDOWS: Final = 4
# The halves of a signature are 32 bytes each; libraries hold them as bytes and as limbs.
_HALF: Final = 32

_KEY: Final = 8


# The forms that are parts of a certificate and can occur in those of others.
_BIRTH: Final = "birth date"
_SCAN: Final = "scan"
_STREAM: Final = "compressed stream"
PARTS_OTHERS_SHARE: Final = frozenset({_BIRTH, _SCAN, _STREAM})


class Needle(NamedTuple):
    """A form, in words for the report, and the bytes that it is searched for by."""

    form: str
    pattern: bytes


class Canaries:
    """The canaries of one run."""

    def __init__(self) -> None:
        """Draw the stem."""
        self.stem = _letters(_STEM)
        self._made = 0

    def new(self, field: str) -> str:
        """Make the canary of a field of one certificate."""
        self._made += 1
        return f"{self.stem}{self._made:05}{field}"

    def name(self) -> str:
        """Make a name of letters that passports have, different for each."""
        self._made += 1
        return f"{self.stem}{_letters(6)}"

    def birth_date(self) -> str:
        """Draw a birth date, which cannot hold letters."""
        return str(_FIRST_BIRTH + timedelta(days=secrets.randbelow(_BIRTHS)))


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def spellings(text: str) -> list[Needle]:
    """Give a text in each form that a program could hold it in."""
    raw = text.encode()
    needles = [
        Needle("text (UTF-8)", raw),
        Needle("text (UTF-8)", text.lower().encode()),
        Needle("text (UTF-8)", raw[::-1]),
        Needle("text (UTF-16)", text.encode("utf-16-le")),
        Needle("text (UTF-32)", text.encode("utf-32-le")),
        Needle("hexadecimal", raw.hex().encode()),
        Needle("hexadecimal", raw.hex().upper().encode()),
    ]
    for offset in range(3):
        # Without the letters at either end, which depend on what stands beside the text.
        encoded = base64.b64encode(bytes(offset) + raw + bytes(3))
        first, last = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
        needles.append(Needle("base64", encoded[first:last]))
    for offset in range(2):
        whole = base45(bytes(offset) + raw + bytes(2))
        first, last = -(-offset // 2) * 3, (offset + len(raw)) // 2 * 3
        needles.append(Needle("base45", whole[first:last]))
    return needles


def of_birth(day: str) -> list[Needle]:
    """Give a birth date as text; the whole of it, because parts occur by chance."""
    return [
        Needle(_BIRTH, day.encode()),
        Needle(_BIRTH, day.encode("utf-16-le")),
        Needle(_BIRTH, day.encode("utf-32-le")),
    ]


def of_scan(text: str) -> list[Needle]:
    """Give stretches of a scan as it came."""
    return [Needle(_SCAN, text[at : at + _WINDOW].encode()) for at in _places(len(text))]


def of_packed(data: bytes) -> list[Needle]:
    """Give stretches of a compressed stream or another part of a scan in bytes."""
    return [Needle(_STREAM, data[at : at + _WINDOW]) for at in _places(len(data))]


def of_signature(signature: bytes) -> list[Needle]:
    """Give the halves of a signature, as they came and as limbs the other way round."""
    halves = (signature[:_HALF], signature[_HALF : 2 * _HALF])
    return [
        Needle("signature", pattern)
        for half in halves
        for pattern in (half[4:24], half[::-1][4:24])
    ]


def of_digest(digest: bytes) -> list[Needle]:
    """Give a hash, of which lists hold the first half."""
    return [Needle("hash", digest[:16]), Needle("hash", digest[:16].hex().encode())]


def _places(size: int) -> Iterable[int]:
    """Spread the windows over a text, away from its beginning, which many have in common."""
    room = size - _WINDOW
    if room <= _WINDOW:
        return ()
    return (_WINDOW + (room - _WINDOW) * place // _WINDOWS for place in range(1, _WINDOWS + 1))


def found_in(data: bytes, needles: Sequence[Needle]) -> Counter[str]:
    """Count what is found, by form.

    Every eight bytes of the data are looked up among the beginnings of all needles at once: looking
    for thousands of needles one after another would take minutes.
    """
    by_key: dict[int, list[Needle]] = {}
    for needle in needles:
        by_key.setdefault(int.from_bytes(needle.pattern[:_KEY], sys.byteorder), []).append(needle)
    keys = frozenset(by_key)
    view = memoryview(data)
    hits: set[int] = set()
    for offset in range(min(_KEY, len(data))):
        words = (len(data) - offset) // _KEY
        hits |= keys.intersection(view[offset : offset + words * _KEY].cast("Q"))
    found: Counter[str] = Counter()
    for form, pattern in (needle for key in hits for needle in by_key[key]):
        at = data.find(pattern)
        while at >= 0:
            found[form] += 1
            at = data.find(pattern, at + 1)
    return found


_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(data: bytes) -> bytes:
    """Write base45 (RFC 9285, 4)."""
    written = bytearray()
    for at in range(0, len(data), 2):
        number = int.from_bytes(data[at : at + 2], "big")
        for _ in range(3 if at + 1 < len(data) else 2):
            number, digit = divmod(number, 45)
            written.append(_ALPHABET[digit])
    return bytes(written)
