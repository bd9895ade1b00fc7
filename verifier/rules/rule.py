"""One rule as data: who made it, for which certificates, when it counts, and its logic.

The form is that of the EU gateway's schema (certlogic-rules notes, 1). It is read leniently, since
published rules carry further members, other types, and some programs rename the members; what a
rule may decide is for ``selection`` to say, strictly. The logic is compiled when it is first asked
for: of a list of hundreds a desk needs a dozen.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from verifier.clock import Instant, instant_of
from verifier.countries import alpha_2
from verifier.errors import RuleSetInvalid
from verifier.limits import RULE_NAME_CHARACTERS

if TYPE_CHECKING:
    from verifier.rules.certlogic import Logic

Version = tuple[int, int, int]

ACCEPTANCE: Final = "Acceptance"
INVALIDATION: Final = "Invalidation"
GENERAL: Final = "General"

# What programs write in place of the schema's names (dgc-certlogic-android, cwa-app-android).
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "Identifier": ("identifier",),
    "Type": ("type",),
    "Country": ("country", "countryCode"),
    "Region": ("region",),
    "Version": ("version",),
    "SchemaVersion": ("schemaVersion",),
    "Engine": ("engine",),
    "EngineVersion": ("engineVersion",),
    "CertificateType": ("certificateType", "ruleCertificateType"),
    "Description": ("description", "descriptions"),
    "ValidFrom": ("validFrom",),
    "ValidTo": ("validTo",),
    "AffectedFields": ("affectedFields", "affectedString"),
    "Logic": ("logic",),
}

# Programs write the closed sets of words in capitals.
_WORDS: Final = {
    word.upper(): word
    for word in (ACCEPTANCE, INVALIDATION, GENERAL, "Vaccination", "Test", "Recovery")
}

_VERSION: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})").fullmatch
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
).fullmatch


class Expression:
    """The logic of a rule as its publisher wrote it, and compiled once it was asked for."""

    __slots__ = ("_logic", "raw")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the JSON object; nothing is compiled yet."""
        self.raw = raw
        self._logic: Logic | None = None

    def compiled(self) -> "Logic":
        """Compile, or give what was compiled before. Raises ``RuleSetInvalid``."""
        logic = self._logic
        if logic is None:
            from verifier.rules.certlogic import compile_logic  # noqa: PLC0415 - listing needs none

            logic = self._logic = compile_logic(self.raw)
        return logic

    # As it is written: in Python, true equals 1, and in CertLogic it does not.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and repr(self.raw) == repr(other.raw)

    def __hash__(self) -> int:
        return hash(repr(self.raw))

    def __reduce__(self) -> tuple[type["Expression"], tuple[Mapping[str, Any]]]:
        return type(self), (self.raw,)  # another process compiles for itself


class Rule(NamedTuple):
    """A rule and what its publisher says of it.

    ``type`` is ``ACCEPTANCE`` or ``INVALIDATION`` for entry; national lists have others.
    ``country`` is ISO 3166-1 alpha-2, ``region`` in capitals and empty for the whole country. The
    versions are three numbers each. ``descriptions`` maps language codes to texts. ``affected``
    names fields of the payload that the logic reads. ``valid_from`` and ``valid_to`` both belong
    to the time in which the rule counts.
    """

    identifier: str
    type: str
    country: str
    region: str
    version: Version
    schema_version: Version
    engine: str
    engine_version: Version
    certificate_type: str
    descriptions: Mapping[str, str]
    affected: tuple[str, ...]
    valid_from: Instant
    valid_to: Instant
    expression: Expression

    @property
    def logic(self) -> "Logic":
        """The compiled logic. Raises ``RuleSetInvalid`` when it is none."""
        return self.expression.compiled()

    def describe(self, lang: str) -> str:
        """Give the description in a language, else in English, else in the first there is."""
        texts = self.descriptions
        wanted = lang.lower()
        for each in (wanted, wanted.partition("-")[0], "en"):
            if each in texts:
                return texts[each]
        return next(iter(texts.values()), "")


def version_text(version: Version) -> str:
    """Write a version as its publisher does, ``x.y.z``."""
    return ".".join(map(str, version))


def read_rule(document: Mapping[str, Any]) -> Rule:
    """Read a rule from its JSON object. Raises ``RuleSetInvalid``, which names the member."""
    begins, ends = _instant(document, "ValidFrom"), _instant(document, "ValidTo")
    if begins > ends:
        raise _broken(member="ValidTo", what="is before ValidFrom")
    return Rule(
        identifier=_name(document, "Identifier"),
        type=_word(document, "Type"),
        country=_country(document),
        region=_region(document),
        version=_version(document, "Version"),
        schema_version=_version(document, "SchemaVersion"),
        engine=_name(document, "Engine").upper(),
        engine_version=_version(document, "EngineVersion"),
        certificate_type=_word(document, "CertificateType"),
        descriptions=_descriptions(document),
        affected=_affected(document),
        valid_from=begins,
        valid_to=ends,
        expression=_expression(document),
    )


def _member(document: Mapping[str, Any], member: str) -> object:
    """Give a member under the first of its spellings that is there, None for none."""
    for name in (member, *_SPELLINGS[member]):
        if document.get(name) is not None:
            return document[name]
    return None


def _expression(document: Mapping[str, Any]) -> Expression:
    logic = _member(document, "Logic")
    if not isinstance(logic, Mapping) or not logic:
        raise _broken(member="Logic", what="is no CertLogic expression")
    return Expression(logic)


def _name(document: Mapping[str, Any], member: str) -> str:
    text = _member(document, member)
    if not isinstance(text, str) or not text.strip():
        raise _broken(member, what="is missing")
    text = text.strip()
    if len(text) > RULE_NAME_CHARACTERS or not (text.isascii() and text.isprintable()):
        raise _broken(member, what="is no name")
    return text


def _word(document: Mapping[str, Any], member: str) -> str:
    text = _name(document, member)
    return _WORDS.get(text.upper(), text)


def _country(document: Mapping[str, Any]) -> str:
    country = alpha_2(_name(document, "Country"))
    if not country:
        raise _broken(member="Country", what="is no code of a country")
    return country


def _region(document: Mapping[str, Any]) -> str:
    region = _member(document, "Region")
    if region is None or (isinstance(region, str) and not region.strip()):
        return ""
    return _name(document, "Region").upper()


def _version(document: Mapping[str, Any], member: str) -> Version:
    found = _VERSION(_name(document, member))
    if found is None:
        raise _broken(member, what="is no version of three numbers")
    first, second, third = map(int, found.groups())
    return first, second, third


def _instant(document: Mapping[str, Any], member: str) -> Instant:
    """Read RFC 3339, section 5.6; a time without its offset is none."""
    text = _name(document, member)
    when: datetime | None = None
    try:
        when = datetime.fromisoformat(text.upper()) if _INSTANT(text) else None
    except ValueError:
        when = None
    if when is None:
        raise _broken(member, what="is no date and time with an offset")
    return instant_of(when)


def _descriptions(document: Mapping[str, Any]) -> dict[str, str]:
    """Read texts by language; what is none is left out, since no verdict rests on them."""
    listed = _member(document, "Description")
    if isinstance(listed, Mapping):
        pairs = list(listed.items())
    else:
        entries = listed if isinstance(listed, list) else []
        pairs = [(each.get("lang"), each.get("desc")) for each in entries if isinstance(each, dict)]
    return {
        lang.lower(): text.strip()
        for lang, text in pairs
        if isinstance(lang, str) and isinstance(text, str)
    }


def _affected(document: Mapping[str, Any]) -> tuple[str, ...]:
    listed = _member(document, "AffectedFields")
    fields = listed if isinstance(listed, list) else []
    return tuple(each for each in fields if isinstance(each, str))


def _broken(member: str, what: str) -> RuleSetInvalid:
    message = f"{member} of the rule {what}.\nAsk its publisher."
    return RuleSetInvalid(message, "rule_broken")
