"""A specimen: a scan, whom it is about, and what it is searched for by."""

from typing import NamedTuple

from cli.selftest.canaries import (
    Canaries,
    Needle,
    of_birth,
    of_digest,
    of_packed,
    of_scan,
    of_signature,
)

# Python keeps a text in one, two or four bytes a letter, by the widest letter in it.
_WIDE = ("", "Ł", "\N{GOTHIC LETTER AHSA}")


class Person(NamedTuple):
    """Whom a specimen is about; nobody is called like that. ``mrz`` is in a passport's letters."""

    family: str
    given: str
    family_mrz: str
    given_mrz: str
    born: str


class Parts(NamedTuple):
    """A scan, and what of it only it has: a stream of bytes, a signature, a hash."""

    text: str
    packed: bytes = b""
    signature: bytes = b""
    digest: bytes = b""


class Specimen(NamedTuple):
    """A scan; ``good`` when nothing is wrong with it."""

    name: str
    text: str
    person: Person
    needles: tuple[Needle, ...]
    good: bool


def new_person(canaries: Canaries, number: int) -> Person:
    """Invent somebody."""
    family, given = canaries.name(), canaries.name()
    wide = _WIDE[number % len(_WIDE)]
    return Person(family + wide, given, family, given, canaries.birth_date())


def specimen(name: str, parts: Parts, person: Person, *, good: bool) -> Specimen:
    """Say what a scan is searched for by, beside the stem that all share."""
    needles = [*of_birth(person.born), *of_scan(parts.text), *of_packed(parts.packed)]
    if parts.signature:
        needles += of_signature(parts.signature)
    if parts.digest:
        needles += of_digest(parts.digest)
    return Specimen(name, parts.text, person, tuple(needles), good)
