from itertools import permutations, product

import pytest
from support.zones import name_field

from verifier.claims import Holder, PartialDate
from verifier.names import DIFFERENT, PassportName, compare_names, read_passport_name
from verifier.reasons import Reason
from verifier.transliteration import spell, words_of

PASSPORT = 39


def holder(
    family: str = "", given: str = "", *, mrz: tuple[str, str] = ("", ""), undivided: bool = False
) -> Holder:
    return Holder(family, given, *mrz, PartialDate(""), undivided=undivided)


def passport(primary: str, secondary: str = "", width: int = PASSPORT) -> PassportName:
    name = read_passport_name(name_field(primary, secondary, width))
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("field", "primary", "secondary", "full"),
    [
        ("MUSTER<<VERA<ANNA<<<", ["MUSTER"], ["VERA", "ANNA"], False),
        ("VAN<MUSTER<<VERA", ["VAN", "MUSTER"], ["VERA"], True),
        ("MUSTER<<<<<", ["MUSTER"], [], False),
        ("VERA<MUSTER<<<", ["VERA", "MUSTER"], [], False),
    ],
)
def test_a_name_field_is_taken_apart(
    field: str, primary: list[str], secondary: list[str], *, full: bool
) -> None:
    name = read_passport_name(field)
    assert name is not None
    assert (name.primary, name.secondary, name.full) == (primary, secondary, full)
    assert name.words() == primary + secondary


@pytest.mark.parametrize(
    "field",
    ["<<<<<", "<MUSTER<<VERA", "MUSTER<<VERA<<ANNA<<", "MUSTER<<<VERA", "MU5TER<<VERA",
     "<<VERA", ""],
)  # fmt: skip
def test_a_name_field_of_another_form_is_none(field: str) -> None:
    assert read_passport_name(field) is None


SAME = [
    (holder("Muster", "Vera"), passport("MUSTER", "VERA")),
    (holder("Muster", "Vera Anna"), passport("MUSTER", "VERA<ANNA")),
    (holder("Müster-Öz", "Věra"), passport("MUSTER<OEZ", "VERA")),
    (holder("de Muster", "Vera-Anna"), passport("DEMUSTER", "VERAANNA")),
    # One name, wherever each issuer put it.
    (holder("Muster"), passport("MUSTER")),
    (holder("", "Muster"), passport("MUSTER")),
    (holder("", "Vera Muster", undivided=True), passport("VERA<MUSTER")),
    # One text, in both orders.
    (holder("", "Vera Muster", undivided=True), passport("MUSTER", "VERA")),
    (holder("", "Muster Vera", undivided=True), passport("MUSTER", "VERA")),
    # A field that is just full.
    (holder("Musterbeispiel", "Vera"), passport("MUSTERBEISPIEL", "VERA", 20)),
    # Either spelling will do, and one that cannot be compared is no contradiction.
    (holder("Müster", "Vera", mrz=("MUESTER", "VERA")), passport("MUSTER", "VERA")),
    (holder("王", "明", mrz=("MUSTER", "VERA")), passport("MUSTER", "VERA")),
]


@pytest.mark.parametrize(("certificate", "name"), SAME)
def test_names_that_agree_in_every_letter_are_the_same(
    certificate: Holder, name: PassportName
) -> None:
    assert compare_names(certificate, name) is None


N = Reason
ARABIC = "\u0645\u062b\u0627\u0644"
TOLD = [
    (holder("Muster", "Vera"), passport("BEISPIEL", "OTTO"), N.NAME_DIFFERS),
    (holder("", "Vera Muster", undivided=True), passport("BEISPIEL", "OTTO"), N.NAME_DIFFERS),
    (
        holder("Muster", "Vera", mrz=("MUSTER", "VERA")),
        passport("BEISPIEL", "OTTO"),
        N.NAME_DIFFERS,
    ),
    (holder("Muster", "Vera"), passport("MUSTER", "OTTO"), N.GIVEN_NAME_DIFFERS),
    (holder("Muster", "Vera"), passport("BEISPIEL", "VERA"), N.FAMILY_NAME_DIFFERS),
    (holder("Muster", "Vera"), passport("MUSTER", "VERA<ANNA"), N.NAME_PARTS_DIFFER),
    (holder("Muster", "Vera Anna"), passport("MUSTER", "VERA"), N.NAME_PARTS_DIFFER),
    (holder("Muster", "Anna Vera"), passport("MUSTER", "VERA<ANNA"), N.NAME_PARTS_DIFFER),
    (holder("Vera", "Muster"), passport("MUSTER", "VERA"), N.NAME_PARTS_DIFFER),
    (holder("Muster"), passport("MUSTER", "VERA"), N.NAME_PARTS_DIFFER),
    (holder("Muster", "Vera"), passport("MUSTER"), N.NAME_PARTS_DIFFER),
    (holder(), passport("MUSTER"), N.NAME_PARTS_DIFFER),
    (holder("'", "-"), passport("MUSTER"), N.NAME_PARTS_DIFFER),
    (holder("Muster", "Vera"), passport("MUSTER", "VERE"), N.NAME_CLOSE),
    (holder("Mustermann", "Vera"), passport("MUZTERMAN", "VERA"), N.NAME_CLOSE),
    (holder("Muster", "Veronika"), passport("MUSTER", "VERO"), N.NAME_CLOSE),
    (holder("Beispiel", "Mohamed"), passport("BEISPIEL", "MUHAMAD"), N.NAME_CLOSE),
    (holder("Beispiel", "Ali"), passport("BEISPIEL", "OLU"), N.GIVEN_NAME_DIFFERS),
    (holder("Đuro", "Đura"), passport("DJURO", "DJURA"), N.NAME_CLOSE),
    (holder("", "Vera Musterin", undivided=True), passport("MUSTERER", "VERA"), N.NAME_CLOSE),
    (holder("Muster", "V"), passport("MUSTER", "VERA"), N.NAME_NOT_WHOLE),
    (holder("Muster", "Vera"), passport("MUSTER", "V"), N.NAME_NOT_WHOLE),
    (holder("Muster", "V"), passport("MUSTER", "V"), N.NAME_NOT_WHOLE),
    (holder("", "V Muster", undivided=True), passport("MUSTER", "V"), N.NAME_NOT_WHOLE),
    (holder("", "Muster Vera", undivided=True), passport("M", "OTTO"), N.NAME_NOT_WHOLE),
    (holder("Muster", "FNU"), passport("MUSTER", "FNU"), N.NAME_NOT_WHOLE),
    (holder("Muster", "Dr Vera"), passport("BEISPIEL", "OTTO"), N.NAME_NOT_WHOLE),
    (holder("Muster", "Vera"), passport("XXX", "OTTO"), N.NAME_NOT_WHOLE),
    (holder("王", "明"), passport("MUSTER", "VERA"), N.NAME_IN_OTHER_LETTERS),
    (holder("Mu5ter", "Vera"), passport("BEISPIEL", "OTTO"), N.NAME_IN_OTHER_LETTERS),
    (holder(ARABIC, "Vera"), passport("BEISPIEL", "OTTO"), N.NAME_IN_OTHER_LETTERS),
    # A field that is full may have been cut.
    (holder("Musterbeispiel", "Veronika"), passport("MUSTERBEISPIEL", "VERONIKA", 20), N.NAME_CUT),
    (holder("Musterbeispiel", "Otto"), passport("MUSTERBEISPIEL", "VERONIKA", 20), N.NAME_CUT),
    (holder("Beispiel", "Otto"), passport("MUSTERBEISPIEL", "VERA", 20), N.NAME_CUT),
    (
        holder("", "Musterbeispiel Vera", undivided=True),
        passport("MUSTERBEISPIEL", "VERA", 20),
        N.NAME_CUT,
    ),
    # Two spellings: one of them for somebody else.
    (
        holder("Beispiel", "Otto", mrz=("MUSTER", "VERA")),
        passport("MUSTER", "VERA"),
        N.NAME_SPELLINGS_CONTRADICT,
    ),
    (
        holder("王", "明", mrz=("BEISPIEL", "OTTO")),
        passport("MUSTER", "VERA"),
        N.NAME_IN_OTHER_LETTERS,
    ),
]


@pytest.mark.parametrize(("certificate", "name", "reason"), TOLD)
def test_what_does_not_agree_is_told_with_its_reason(
    certificate: Holder, name: PassportName, reason: Reason
) -> None:
    assert compare_names(certificate, name) is reason


def test_two_names_that_are_both_cut_are_not_the_same() -> None:
    family, given_names = "MUSTERBEISPIELMUSTERBEISPIEL", "VERAVERAVERAVERA"
    field = name_field(family, given_names, PASSPORT)
    cut = field.partition("<<")[2]
    seal = holder(family, cut, mrz=(family, cut))
    assert compare_names(seal, passport(family, given_names)) is Reason.NAME_CUT


def test_marks_are_not_taken_from_both_sides() -> None:
    # Müster and Möster are not one name because both lose their marks in some passport.
    assert compare_names(holder("Müster", "Vera"), passport("MOSTER", "VERA")) is Reason.NAME_CLOSE
    # Two transliterations of something that is not there.
    certificate = holder("Muester", "Vera", mrz=("MUESTER", "VERA"))
    assert compare_names(certificate, passport("MUSTER", "VERA")) is Reason.NAME_CLOSE


def two_spellings() -> list[tuple[str, str]]:
    """Give each two spellings of one letter that the table has for the start, middle or end."""
    found = set()
    for code in range(0xC0, 0x500):
        for around in ("{}RAM", "M{}RAM", "MAR{}"):
            for spelt in map(spell, words_of(around.format(chr(code)))):
                if spelt is not None and spelt.decides:
                    texts = ["".join(forms) for forms in product(*spelt.table)]
                    found |= set(permutations(texts, 2))
    return sorted(found)


def test_two_states_spellings_of_one_name_are_never_called_different() -> None:
    """A DCC has one spelling, chosen by its issuer; the passport of another state has another."""
    pairs = two_spellings()
    assert len(pairs) > 100
    for one, other in pairs:
        # A name of one part has nothing else to be known by.
        told = compare_names(holder(mrz=(one, "")), passport(other))
        assert told not in DIFFERENT, (one, other)
