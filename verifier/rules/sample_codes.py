"""What a code or a word says of a test: its kind, and its result.

Facts, entered here in a form of our own, as of 22 November 2026. Sources: LOINC codes of
HL7/fhir-shc-vaccination-ig (value set of qualitative tests) and of WHO's ddcc (a2f245a2), the kind
as the LOINC names have it: WHO's map takes an antibody test for a nucleic acid test, and so many
codes whose answer is a number, an identifier or a panel. eu-dcc-valuesets 2.12.0; words of ICAO's
VDS-NC and of DIVOC; answers of dvci/shc-terminology.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from verifier.claims import Coded

NAAT: Final = "LP6464-4"
ANTIGEN: Final = "LP217198-3"
DETECTED: Final = "260373001"
NOT_DETECTED: Final = "260415000"


class Kind(StrEnum):
    """What a test looks for."""

    NAAT = "naat"
    ANTIGEN = "antigen"
    ANTIBODY = "antibody"
    T_CELL = "t-cell"
    CULTURE = "culture"
    SEQUENCING = "sequencing"
    TYPING = "variant-typing"
    UNKNOWN = "unknown"


class Meaning(NamedTuple):
    """What a code says of a test; ``plain`` tells that its answer is a yes or a no."""

    kind: Kind
    plain: bool

    @property
    def tt(self) -> str:
        """The type as a DCC names it; empty where no test of a DCC is like this."""
        return _TYPES.get(self.kind, "") if self.plain else ""

    @property
    def proves_nothing(self) -> bool:
        """Whether no answer to it says that somebody is infected or is not."""
        return self.kind in _PROVE_NOTHING


_TYPES: Final = {Kind.NAAT: NAAT, Kind.ANTIGEN: ANTIGEN}
_PROVE_NOTHING: Final = frozenset((Kind.ANTIBODY, Kind.T_CELL, Kind.CULTURE, Kind.TYPING))
_UNKNOWN: Final = Meaning(Kind.UNKNOWN, plain=False)

# Kind, whether the answer is a yes or a no, LOINC codes.
_LOINC: Final = (
    (
        Kind.NAAT,
        True,
        """
        94307-6 94308-4 94309-2 94310-0 94314-2 94315-9 94316-7 94500-6 94502-2 94532-9 94533-7
        94534-5 94559-2 94565-9 94639-2 94640-0 94641-8 94647-5 94660-8 94756-4 94757-2 94758-0
        94759-8 94760-6 94765-5 94766-3 94767-1 94845-5 95406-5 95409-9 95423-0 95425-5 95608-6
        95823-1 95824-9 96091-4 96120-1 96121-9 96122-7 96123-5 96448-6 96763-8 96765-3 96797-6
        96829-7 96957-6 96958-4 96986-5 97098-8 98131-6 98132-4 98493-0 98494-8 LP6464-4
        """,
    ),
    # Panels, and numbers such as cycle thresholds.
    (
        Kind.NAAT,
        False,
        """
        100345-8 94306-8 94531-1 95380-2 95422-2 95826-4 95941-1 96094-8 96897-4 98080-5
        94311-8 94312-6 94313-4 94509-7 94510-5 94511-3 94642-6 94643-4 94644-2 94645-9 94646-7
        94745-7 94746-5 94819-0 95521-1 95522-9 96764-6 96898-2 96899-0 96900-6 97104-4
        """,
    ),
    (Kind.ANTIGEN, True, "94558-4 95209-3 96119-3 97097-0 LP217198-3"),
    (Kind.ANTIGEN, False, "95942-9 97099-6"),
    (
        Kind.ANTIBODY,
        True,
        """
        94507-1 94508-9 94547-7 94562-6 94563-4 94564-2 94661-6 94761-4 94762-2 94768-9 95125-1
        95411-5 95416-4 95542-7 95825-6 96603-6 98069-8 99596-9 99597-7
        """,
    ),
    # The second is what Swiss certificates state as the type of an antibody test.
    (Kind.ANTIBODY, False, "94503-0 94504-8"),
    (Kind.CULTURE, True, "94763-0"),
    (Kind.SEQUENCING, True, "94822-4 95424-8 95609-4"),
    (Kind.T_CELL, True, "95970-0 95971-8 99772-6"),
    (
        Kind.TYPING,
        False,
        """
        100156-9 100157-7 94764-8 96741-4 96751-3 96752-1 96755-4 96894-1 96895-8 96896-6 99314-7
        """,
    ),
)

# In other systems: ICHI (also written with ICD-11's address), SNOMED CT, words.
_OTHERS: Final = {
    ("ichi", "1334426561"): Kind.NAAT,
    ("ichi", "2056159157"): Kind.ANTIGEN,
    ("snomed", "117244003"): Kind.NAAT,
    ("snomed", "414464004"): Kind.ANTIGEN,
    ("word", "molecular(pcr)"): Kind.NAAT,
    # WHO's map says antigen.
    ("word", "molecular(other)"): Kind.NAAT,
    ("word", "antigen"): Kind.ANTIGEN,
    ("word", "rt-pcr"): Kind.NAAT,
    ("word", "rapid antigen test (rat)"): Kind.ANTIGEN,
}
# Its answers are "normal" and "abnormal", in health seals.
_ANTIBODY_WORD: Final = ("word", "antibody")


def _kinds() -> Iterator[tuple[Coded, Meaning]]:
    for kind, plain, codes in _LOINC:
        for code in codes.split():
            yield ("loinc", code), Meaning(kind, plain)
    for coded, kind in _OTHERS.items():
        yield coded, Meaning(kind, plain=True)
    yield _ANTIBODY_WORD, Meaning(Kind.ANTIBODY, plain=False)


_KINDS: Final = dict(_kinds())

# What an answer says. The last are known to be neither: presumptive, inconclusive, not valid, about
# influenza or about antibodies.
_ANSWERS: Final = {
    DETECTED: """
        snomed:260373001 snomed:10828004 snomed:11214006 snomed:840533007 snomed:1240581000000104
        loinc:LA11882-0 loinc:LA6576-8 loinc:LA15255-5 loinc:LA31065-8 icd11:RA01.0 word:positive
        """,
    NOT_DETECTED: """
        snomed:260415000 snomed:260385009 snomed:131194007 snomed:1240591000000102
        loinc:LA11883-8 loinc:LA6577-6 loinc:LA15256-3 icd11:RA01.1 icd11:QA02 word:negative
        """,
    "": """
        snomed:720735008 snomed:415684004 snomed:419984006 snomed:42425007 snomed:82334004
        snomed:455371000124106 snomed:125154007 snomed:407479009 snomed:407480007
        loinc:LA31317-3 loinc:LA15291-0 loinc:LA9663-1 loinc:LA4259-3 loinc:LA11885-3
        loinc:LA11884-6 loinc:LA15841-2 loinc:LA13548-5 loinc:LA11919-0 loinc:LA13543-6
        loinc:LA28481-2 loinc:LA28482-0 word:normal word:abnormal word:inconclusive word:void
        """,
}
_RESULTS: Final = {
    (system, code): answer
    for answer, codes in _ANSWERS.items()
    for system, _, code in (each.partition(":") for each in codes.split())
}

# They find other coronaviruses of bats and people, too: a positive answer may be any of them.
_RELATED: Final = frozenset((
    "94310-0", "94315-9", "94502-2", "94532-9", "94647-5", "94758-0", "94765-5", "95209-3",
    "95823-1", "96121-9", "96122-7",
))  # fmt: skip
# Looks for influenza as well, and the answer names the organism.
_SEVERAL_TARGETS: Final = "95423-0"
_THE_VIRUS: Final = ("snomed", "840533007")

_ADDRESSES: Final = {"icd11": ("icd11", "ichi"), "vds-nc": ("word",), "divoc": ("word",)}
# For a system that is not stated or not known here. A word is one only in families that define it.
_UNSTATED: Final = ("loinc", "ichi", "snomed", "icd11")


def _places(coded: Coded) -> Iterator[Coded]:
    """Give the entries of the tables that a code of a certificate may be."""
    system, code = coded
    stated = {"loinc", "ichi", "snomed"}
    places = (system,) if system in stated else _ADDRESSES.get(system, _UNSTATED)
    for place in places:
        yield place, " ".join(code.split()).casefold() if place == "word" else code


def kind_of(codes: Iterable[Coded]) -> Meaning:
    """Tell what a test is by all of its codes; unknown where they do not agree or say nothing."""
    found = {_KINDS[place] for coded in codes for place in _places(coded) if place in _KINDS}
    kinds = {meaning.kind for meaning in found}
    if len(kinds) != 1:
        return _UNKNOWN
    return Meaning(kinds.pop(), plain=all(meaning.plain for meaning in found))


def result_of(codes: Iterable[Coded], answers: Iterable[Coded]) -> str:
    """Tell the result as a DCC codes it; empty for all that is not a plain yes or no.

    ``codes`` are those of the test: a positive answer of a test that looks for more than one virus
    does not say which it found.
    """
    given = [*answers]
    found = {_RESULTS[place] for each in given for place in _places(each) if place in _RESULTS}
    if len(found) != 1:
        return ""
    loinc = {code for system, code in codes if system == "loinc"}
    doubtful = loinc & _RELATED or (_SEVERAL_TARGETS in loinc and _THE_VIRUS not in given)
    result = found.pop()
    return "" if doubtful and result == DETECTED else result
