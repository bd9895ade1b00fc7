import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.transliteration import fits, passport_spelling, spell, words_of

LATIN = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜÅØÆŒÑÐÞŁĐŊẞÉĞŞŻ", min_size=1, max_size=12)


def spellings_fit(word: str, text: str) -> bool:
    spelt = spell(words_of(word)[0])
    return spelt is not None and fits(spelt.table, text)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Muster", ["MUSTER"]),
        ("muster-beispiel", ["MUSTER", "BEISPIEL"]),
        ("MUSTER<BEISPIEL", ["MUSTER", "BEISPIEL"]),
        ("Muster – Beispiel", ["MUSTER", "BEISPIEL"]),
        ("Muster, Vera. ", ["MUSTER", "VERA"]),
        ("O'Muster O’Muster ʻMuster Muʼster", ["OMUSTER", "OMUSTER", "MUSTER", "MUSTER"]),
        ("Mus\u00adter Mus\u200bter", ["MUSTER", "MUSTER"]),
        ("Gel·la", ["GEL", "LA"]),
        ("ß", ["SS"]),
        ("ıi", ["II"]),
        ("ŉa", ["NA"]),
        ("a\u0308", ["Ä"]),
        ("", []),
        (" - ", []),
    ],
)
def test_a_name_is_taken_apart(name: str, words: list[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("word", "good", "bad"),
    [
        ("Müster", ["MUESTER", "MUSTER", "MUXXSTER"], ["MYSTER", "MSTER", "MUEESTER", ""]),
        ("Ñusta", ["NUSTA", "NXXUSTA"], ["NYUSTA"]),
        ("Åse", ["AASE", "ASE"], ["OSE"]),
        ("Ødegård", ["OEDEGAARD", "OEDEGARD"], ["ODEGARD"]),
        ("Юлия", ["IULIIA", "YULIIA", "YULYIA"], ["JULIA", "YULIYA"]),
        ("Алия", ["ALIIA", "ALYIA"], ["ALIYA", "ALYYA"]),
        ("Ỳ", ["Y"], []),
        ("ọ̀", ["O"], []),
    ],
)
def test_a_word_has_the_spellings_of_the_table_and_no_others(
    word: str, good: list[str], bad: list[str]
) -> None:
    assert [text for text in good if not spellings_fit(word, text)] == []
    assert [text for text in bad if spellings_fit(word, text)] == []


@pytest.mark.parametrize(
    "word",
    ["\u738b", "Παπ", "AΒC", "M1", "\u05d0", "A/B", "A_", "\u0300\u0591", "\u0600", "\U0001f600",
     "\u1100\u1161", "\u0e01", "A\u20dd"],
)  # fmt: skip
def test_a_letter_without_a_table_leaves_no_spelling(word: str) -> None:
    (only,) = words_of(word)
    assert spell(only) is None


def test_a_mark_over_a_letter_that_decides_does_not_come_from_another_script() -> None:
    # Hebrew and Arabic letters take marks too; only those of European scripts are dropped.
    assert spell("\u0627\u0654\u0655") is None


def test_whether_a_word_decides_is_told_by_its_script() -> None:
    for word, decides in (("MUSTER", True), ("ПРИМЕР", True), ("\u0645\u062b\u0627\u0644", False)):
        spelt = spell(word)
        assert spelt is not None
        assert spelt.decides is decides


@given(LATIN)
def test_the_recommended_spelling_always_fits(word: str) -> None:
    spelt = spell(unicodedata.normalize("NFC", word))
    assert spelt is not None
    assert fits(spelt.table, spelt.recommended())
    assert fits(spelt.widened, spelt.recommended())
    assert set(spelt.recommended()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@given(LATIN, st.data())
def test_any_choice_of_spellings_fits_and_nothing_longer(word: str, data: st.DataObject) -> None:
    spelt = spell(unicodedata.normalize("NFC", word))
    assert spelt is not None
    text = "".join(data.draw(st.sampled_from(list(forms))) for forms in spelt.table)
    assert fits(spelt.table, text)
    assert not fits(spelt.table, f"{text}Q")
    assert not fits(spelt.table, f"Q{text}") or text.startswith("Q")


def test_a_word_of_many_choices_takes_no_longer() -> None:
    spelt = spell("Ü" * 200)
    assert spelt is not None
    assert fits(spelt.table, "UE" * 200)
    assert not fits(spelt.table, "UE" * 200 + "X")


@pytest.mark.parametrize(
    ("family", "given_names", "expected"),
    [
        ("Muster", "Vera", "MUSTER<<VERA"),
        ("van der Muster", "Věra-Łucja", "VAN<DER<MUSTER<<VERA<LUCJA"),
        ("", "Vera Muster", "VERA<MUSTER"),
        ("Muster", "", "MUSTER"),
        ("Øster", "Æsta", "OESTER<<AESTA"),
        # The table leaves a choice: which the passport has nobody knows.
        ("Müster", "Vera", ""),
        ("Muster", "Åse", ""),
        ("Пример", "Иван", ""),
        ("Образ", "Анна", "OBRAZ<<ANNA"),
        # No table, or one that passports do not use.
        ("王", "小明", ""),
        ("Παπ", "", ""),
        ("\u0645\u062b\u0627\u0644", "", ""),
        ("", "", ""),
        ("-", "'", ""),
    ],
)
def test_a_name_is_spelt_where_there_is_one_way(
    family: str, given_names: str, expected: str
) -> None:
    assert passport_spelling(family, given_names) == expected
