"""What the program does to keep nothing: types that mask, a view that is read once, a policy.

Retention is not a setting: there is no option that keeps a document, a hash of one or its
identifier. What Python cannot promise (a ``str`` is not wiped, only let go of) is said in
``README.md`` beside its remedy.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Generic, NamedTuple, NoReturn, Self, TypeVar

from verifier.errors import PolicyViolation

T = TypeVar("T")

MASK: Final = "<private>"


def _masked(_self: object, _spec: str = "") -> str:
    return MASK


def _refuse(_self: object, *_: object) -> NoReturn:
    message = "private data are not copied, pickled or serialised"
    raise PolicyViolation(message)


def private(cls: type[T]) -> type[T]:
    """Make instances of a slotted class mask themselves and refuse to be copied or pickled.

    ``repr``, ``str`` and ``format`` give a mask; ``copy``, ``pickle`` and everything built on
    them raise ``PolicyViolation``. ``vars`` and ``dataclasses.asdict`` find nothing, because the
    class has slots and is no dataclass.
    """
    methods: dict[str, Callable[..., object]] = {
        "__repr__": _masked,
        "__str__": _masked,
        "__format__": _masked,
        "__reduce_ex__": _refuse,
        "__copy__": _refuse,
        "__deepcopy__": _refuse,
    }
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls


@private
class Private(Generic[T]):
    """A box round one private value. Only ``reveal`` opens it, so each use can be searched for."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        """Take the value in."""
        self._value = value

    def reveal(self) -> T:
        """Give the value."""
        return self._value


@private
class Later(Generic[T]):
    """A private value that is built when somebody asks for it; ``partial`` would show what from."""

    __slots__ = ("_build", "_parts")

    def __init__(self, build: Callable[..., T], *parts: object) -> None:
        """Take how to build the value, and what from."""
        self._build = build
        self._parts = parts

    def __call__(self) -> T:
        """Build the value."""
        return self._build(*self._parts)


class Disclosure(StrEnum):
    """How much of the holder a verdict may show."""

    NONE = "none"
    IDENTITY = "identity"
    CLINICAL = "clinical"


@private
class HolderView:
    """What an officer compares with a passport. Open inside one ``with`` block, wiped at its end.

    Reading outside the block raises ``PolicyViolation``.
    """

    __slots__ = ("_birth_date", "_clinical", "_name", "_name_mrz", "_open", "_spelt_here")

    def __init__(
        self,
        name: str,
        name_mrz: str,
        birth_date: str,
        clinical: tuple[tuple[str, str], ...] = (),
        *,
        spelt_here: bool = False,
    ) -> None:
        """Take what the policy discloses, nothing more."""
        self._spelt_here = spelt_here
        self._name = name
        self._name_mrz = name_mrz
        self._birth_date = birth_date
        self._clinical = clinical
        self._open = False

    def __enter__(self) -> Self:
        """Open the view."""
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everything."""
        self._open = False
        self._name = self._name_mrz = self._birth_date = ""
        self._clinical = ()

    def _require_open(self) -> None:
        if not self._open:
            message = "a holder is read inside its with block"
            raise PolicyViolation(message)

    @property
    def name(self) -> str:
        """The name as the issuer wrote it: ``Surname, Forenames``."""
        self._require_open()
        return self._name

    @property
    def name_mrz(self) -> str:
        """The name in passport letters: ``SURNAME<<FORENAMES`` (ICAO 9303-3, 4.6).

        The issuer's own spelling, or, where the certificate has none, that of 9303-3, section 6, if
        there is only one; then ``name_mrz_spelt_here`` is true. Else empty. Without ``<<`` where
        the issuer did not say which part is the surname.
        """
        self._require_open()
        return self._name_mrz

    @property
    def name_mrz_spelt_here(self) -> bool:
        """Whether ``name_mrz`` is this software's spelling and not the issuer's."""
        self._require_open()
        return self._spelt_here

    @property
    def birth_date(self) -> str:
        """The birth date as ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY`` or empty when unknown."""
        self._require_open()
        return self._birth_date

    @property
    def clinical(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each clinical detail; empty unless the policy is ``CLINICAL``."""
        self._require_open()
        return self._clinical


_NOTICE: Final = (
    (
        "What is read",
        (
            "The code of your certificate, for the second that it takes to check it. If the officer"
            " scans the machine-read lines of your passport too, then both until they are compared."
        ),
    ),
    (
        "What is kept",
        (
            "Nothing. No certificate, no passport, no number of one, no hash, no picture and no "
            "name is stored, logged or sent. There is no setting that changes this."
        ),
    ),
    (
        "Who else learns of it",
        "Nobody. The check uses lists that are already on this device and opens no connection.",
    ),
    (
        "What can go wrong",
        (
            "If this desk cannot tell, a person looks at your papers. The program never decides "
            "who may enter."
        ),
    ),
)

_SHOWN: Final = {
    Disclosure.NONE: "The result of the check and its reasons. Nothing about you.",
    Disclosure.IDENTITY: "The result of the check and its reasons; and, if nothing failed, your "
    "name and birth date, so that the officer can compare them with your passport. Of a "
    "certificate that only does not count yet: from which day it does.",
    Disclosure.CLINICAL: "The result of the check and its reasons; and, if nothing failed, your "
    "name, birth date and the medical details of the certificate. Of a certificate that only does "
    "not count yet: from which day it does.",
}


class PrivacyPolicy(NamedTuple):
    """How much of a holder may be shown. Everything else is fixed: nothing is kept."""

    disclosure: Disclosure = Disclosure.IDENTITY

    @classmethod
    def strict(cls) -> Self:
        """Give the default: what an officer needs to compare a document with a passport."""
        return cls()

    def explain(self) -> tuple[tuple[str, str], ...]:
        """Say the policy in words: (heading, sentence) pairs for a notice on the wall."""
        read, *rest = _NOTICE
        return (read, ("What the officer sees", _SHOWN[self.disclosure]), *rest)
