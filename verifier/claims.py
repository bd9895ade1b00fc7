"""What a certificate says, in one neutral shape for every format.

Claims exist only for documents whose signature holds. They are private: they mask themselves and
live no longer than one call of ``verify``. Codes keep the system that they come from, so that
rules can map them (``system`` is a short word: ``snomed``, ``atc``, ``loinc``, ``ema`` ...).
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from verifier.clock import Instant
from verifier.limits import LAST_SECOND
from verifier.privacy import private
from verifier.reasons import Reason


class Kind(StrEnum):
    """What a certificate is for."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"
    EXEMPTION = "exemption"


_DAYS_IN_MONTH: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _last_day(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _DAYS_IN_MONTH[month]  # noqa: PLR2004 - February


@private
class PartialDate:
    """A calendar date of which the day, or the day and the month, or all may be unknown.

    ``text`` is ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY`` or empty; nothing is ever guessed into it.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Take a text that the format has checked already."""
        self.text = text

    @property
    def year(self) -> int | None:
        """The year, or None when nothing is known."""
        return int(self.text[:4]) if self.text else None

    def earliest(self) -> str:
        """Give the first day that it can be as ``YYYY-MM-DD``; empty when nothing is known."""
        return self.text and self.text + "-01-01"[len(self.text) - 4 :]

    def latest(self) -> str:
        """Give the last day that it can be as ``YYYY-MM-DD``; empty when nothing is known."""
        if not self.text or len(self.text) == len("YYYY-MM-DD"):
            return self.text
        month = self.text[5:7] or "12"
        return f"{self.text[:4]}-{month}-{_last_day(int(self.text[:4]), int(month)):02d}"


# A code behind the system that gives it a meaning. A plain tuple: every document makes several.
Coded = tuple[str, str]


@private
class Holder:
    """The person: names as written, names in letters of a machine-readable zone, birth date.

    ``undivided`` tells that the name is one text (in ``given``) and the document does not say which
    part of it is the family name.
    """

    __slots__ = ("birth_date", "family", "family_mrz", "given", "given_mrz", "undivided")

    def __init__(  # noqa: PLR0913 - one argument a part
        self,
        family: str,
        given: str,
        family_mrz: str,
        given_mrz: str,
        birth_date: PartialDate,
        *,
        undivided: bool = False,
    ) -> None:
        """Take the parts; an empty text means that the document does not say."""
        self.undivided = undivided
        self.family = family
        self.given = given
        self.family_mrz = family_mrz
        self.given_mrz = given_mrz
        self.birth_date = birth_date

    def name(self) -> str:
        """Write the name as ``Surname, Forenames``, or the one part that there is."""
        return ", ".join(part for part in (self.family, self.given) if part)

    def name_mrz(self) -> str:
        """Write the name as ``SURNAME<<FORENAMES`` (ICAO 9303 part 3, 4.6)."""
        return "<<".join(part for part in (self.family_mrz, self.given_mrz) if part)


Facts = tuple[tuple[str, str], ...]

# WHO's own words for it (smart-icvp; IHR 2005, annex 7), which are not to be paraphrased.
_LIFELONG: Final = "life of person vaccinated"


def _known(*facts: tuple[str, Coded | PartialDate | str | int | None]) -> Facts:
    """Write the facts that are known as (label, text)."""
    return tuple((label, text) for label, fact in facts if (text := _text_of(fact)))


def _text_of(fact: Coded | PartialDate | str | int | None) -> str:
    if isinstance(fact, tuple):
        return fact[1]
    if isinstance(fact, PartialDate):
        return fact.text
    return "" if fact is None else str(fact)


@private
class Vaccination:
    """One dose given. ``lifelong`` tells that it counts for the life of the person.

    ``codes`` are all codes and texts by which the document names the vaccine, empty where
    ``vaccine`` and ``product`` are all that there is. They are for rules and are not shown.
    """

    __slots__ = (
        "centre",
        "codes",
        "country",
        "date",
        "disease",
        "dose",
        "doses",
        "lifelong",
        "lot",
        "manufacturer",
        "product",
        "vaccine",
        "valid_from",
        "valid_until",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - one argument a fact, all but five by keyword
        self,
        disease: Coded | None,
        vaccine: Coded | None,
        product: Coded | None,
        manufacturer: Coded | None,
        date: PartialDate,
        *,
        dose: int | None = None,
        doses: int | None = None,
        country: str = "",
        centre: str = "",
        lot: str = "",
        valid_from: PartialDate | None = None,
        valid_until: PartialDate | None = None,
        lifelong: bool = False,
        codes: Sequence[Coded] = (),
    ) -> None:
        """Take the facts; what the document does not say is None or empty."""
        self.lifelong = lifelong
        self.codes = codes
        self.disease = disease
        self.vaccine = vaccine
        self.product = product
        self.manufacturer = manufacturer
        self.date = date
        self.dose = dose
        self.doses = doses
        self.country = country
        self.centre = centre
        self.lot = lot
        self.valid_from = valid_from
        self.valid_until = valid_until

    def facts(self) -> Facts:
        """List what a clinical view may show."""
        return _known(
            ("disease", self.disease),
            ("vaccine", self.vaccine),
            ("product", self.product),
            ("manufacturer", self.manufacturer),
            ("date", self.date),
            ("dose", self.dose),
            ("doses", self.doses),
            ("country", self.country),
            ("centre", self.centre),
            ("lot", self.lot),
            ("valid_from", self.valid_from),
            ("valid_until", _LIFELONG if self.lifelong else self.valid_until),
        )


@private
class Test:
    """One test. ``sampled`` is the instant of the sample, None when only ``date`` is known.

    ``codes`` and ``answers`` are all codes of the test and of its result, empty where ``method``
    and ``result`` are all that there is. They are for rules and are not shown.
    """

    __slots__ = (
        "answers", "centre", "codes", "country", "date", "device", "disease", "method", "name",
        "result", "sampled",
    )  # fmt: skip
    __test__ = False  # not a test case, whatever pytest thinks of the name

    def __init__(  # noqa: PLR0913 - one argument a fact, all but five by keyword
        self,
        disease: Coded | None,
        method: Coded | None,
        result: Coded | None,
        date: PartialDate,
        sampled: Instant | None,
        *,
        name: str = "",
        device: Coded | None = None,
        country: str = "",
        centre: str = "",
        codes: Sequence[Coded] = (),
        answers: Sequence[Coded] = (),
    ) -> None:
        """Take the facts; what the document does not say is None or empty."""
        self.codes = codes
        self.answers = answers
        self.disease = disease
        self.method = method
        self.result = result
        self.date = date
        self.sampled = sampled
        self.name = name
        self.device = device
        self.country = country
        self.centre = centre

    def facts(self) -> Facts:
        """List what a clinical view may show."""
        return _known(
            ("disease", self.disease),
            ("method", self.method),
            ("result", self.result),
            ("date", self.date),
            ("name", self.name),
            ("device", self.device),
            ("country", self.country),
            ("centre", self.centre),
        )


@private
class Recovery:
    """A past infection and the days between which its issuer lets it count."""

    __slots__ = ("country", "disease", "first_positive", "valid_from", "valid_until")

    def __init__(
        self,
        disease: Coded,
        first_positive: PartialDate,
        valid_from: PartialDate,
        valid_until: PartialDate,
        *,
        country: str = "",
    ) -> None:
        """Take the facts."""
        self.disease = disease
        self.first_positive = first_positive
        self.valid_from = valid_from
        self.valid_until = valid_until
        self.country = country

    def facts(self) -> Facts:
        """List what a clinical view may show."""
        return _known(
            ("disease", self.disease),
            ("first_positive", self.first_positive),
            ("valid_from", self.valid_from),
            ("valid_until", self.valid_until),
            ("country", self.country),
        )


@private
class Exemption:
    """A medical reason not to be vaccinated, and until when it counts."""

    __slots__ = ("country", "disease", "valid_from", "valid_until")

    def __init__(
        self,
        disease: Coded,
        valid_from: PartialDate | None,
        valid_until: PartialDate,
        *,
        country: str = "",
    ) -> None:
        """Take the facts."""
        self.disease = disease
        self.valid_from = valid_from
        self.valid_until = valid_until
        self.country = country

    def facts(self) -> Facts:
        """List what a clinical view may show."""
        return _known(
            ("disease", self.disease),
            ("valid_from", self.valid_from),
            ("valid_until", self.valid_until),
            ("country", self.country),
        )


Event = Vaccination | Test | Recovery | Exemption


@private
class Terms:
    """What a family says of time and issuer beyond the two instants of an envelope.

    ``dated`` tells whether the format demands both of these; otherwise one that is None is not
    stated. ``starts`` and ``ends`` are the first and the last instant at which the content counts
    by its own rules, ``days`` the first and the last calendar day at the point of entry
    (``YYYY-MM-DD``, empty for none), None where there is no such rule. ``lifelong`` tells that it
    counts for life, so that ``expires`` is the term of the signature alone.

    ``chained`` tells that the document brings its signer's certificate, which has to be of the very
    same country and in date now: such documents say nothing of when they were signed.
    ``participant`` is what a document of WHO's network writes for the participant that issued it,
    empty when it does not say; then nobody else may sign it, and ``authority`` is the participant
    that its content names (alpha-2, empty when none). It is None in other families.

    ``remarks`` are what is to be told about dates, ``unmet`` is a rule of the format itself that an
    authentic certificate does not meet, None where it meets them all.
    """

    __slots__ = (
        "authority", "chained", "dated", "days", "ends", "lifelong", "participant", "remarks",
        "starts", "unmet",
    )  # fmt: skip

    def __init__(self) -> None:
        """Begin without any; the format fills in what it has."""
        self.dated = True
        self.starts: Instant = 0
        self.ends: Instant = LAST_SECOND
        self.days: tuple[str, str] | None = None
        self.lifelong = False
        self.chained = False
        self.participant: str | None = None
        self.authority = ""
        self.remarks: Sequence[Reason] = ()
        self.unmet: Reason | None = None


@private
class Claims:
    """Everything that one certificate says.

    ``scheme`` is the trust scheme whose keys may sign it, ``country`` the issuer's as the document
    names it (ISO 3166-1 alpha-2, empty when it does not), ``issued`` and ``expires`` the envelope's
    instants, ``identifier`` the certificate's own id (for revocation only, never shown),
    ``specimen`` a mark that the document is none of a traveller's. ``issuer`` is the issuer's name
    where keys are listed under one (``iss``, DID), empty elsewhere. ``travel_document`` is the
    number of the passport that the document is for, empty when it names none (for comparison only,
    never shown). ``entry_country`` is the country that a DCC's entry names, as it stands there (for
    revocation only). ``doubts`` are the reasons why the content cannot be relied on; where it
    cannot be read, ``kind`` or ``holder`` is None. ``certificate`` is the content of an EU
    certificate as it was signed and checked, None where it cannot be relied on and in other
    families: EU rules are written for that very form (never shown). ``terms`` are None for a family
    that has none of its own: most documents are of such a one, and are judged with less work.
    """

    __slots__ = (
        "certificate",
        "country",
        "doubts",
        "entry_country",
        "events_source",
        "expires",
        "format",
        "holder_source",
        "identifier",
        "issued",
        "issuer",
        "kind",
        "scheme",
        "specimen",
        "terms",
        "travel_document",
    )

    def __init__(  # noqa: PLR0913 - one argument a fact, all by keyword
        self,
        *,
        format: str,  # noqa: A002 - the interface contract's word
        scheme: str,
        country: str,
        issued: Instant | None,
        expires: Instant | None,
        specimen: bool = False,
        issuer: str = "",
    ) -> None:
        """Take what the envelope says; the format fills in the content as it reads it."""
        self.format = format
        self.scheme = scheme
        self.country = country
        self.issued = issued
        self.expires = expires
        self.specimen = specimen
        self.issuer = issuer
        self.terms: Terms | None = None
        self.travel_document = ""
        self.kind: Kind | None = None
        self.identifier = ""
        self.entry_country = ""
        self.certificate: Mapping[object, object] | None = None
        self.doubts: Sequence[Reason] = ()
        # What they are, or how to build them from what has been checked already; events are built
        # from the certificate where there is one.
        self.holder_source: Holder | Callable[[], Holder] | None = None
        self.events_source: Sequence[Event] | Callable[..., Sequence[Event]] = ()

    def own_terms(self) -> Terms:
        """Give the terms to fill in or to read, made when there were none."""
        if self.terms is None:
            self.terms = Terms()
        return self.terms

    @property
    def holder(self) -> Holder | None:
        """The person, None where the document cannot be read."""
        source = self.holder_source
        return source() if callable(source) else source

    @property
    def events(self) -> Sequence[Event]:
        """What the certificate is about, in the order of the document."""
        source = self.events_source
        if not callable(source):
            return source
        return source() if self.certificate is None else source(self.certificate)
