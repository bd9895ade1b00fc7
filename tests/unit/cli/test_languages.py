"""Every language says everything that English says, with the same blanks, and kindly.

A message that is missing is named by its place: bring the catalogues up to date with
``python -m cli.messages.merge`` and fill in what is empty or marked as fuzzy.
"""

import gettext
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.messages import (
    DEFAULT,
    LETTERS,
    counted,
    is_right_to_left,
    languages,
    meaning,
    said,
    word,
)
from cli.messages import merge as merging
from cli.messages.catalogue import path_of, read_catalogue
from cli.messages.en import COUNTED, WORDS
from cli.messages.merge import english, merged
from cli.messages.plurals import PLURALS
from cli.messages.po import Entry, parse, write
from cli.style import wrap
from verifier import Reason
from verifier.reasons import MEANINGS

ROOT = Path(__file__).parents[3]
ENGLISH = english()
OTHERS = tuple(lang for lang in languages() if lang != DEFAULT)
CATALOGUES = {lang: list(parse(path_of(lang).read_text("utf-8"))) for lang in OTHERS}

# deny, refuse, reject, fraud, fake, forge, illegal and their like. No outcome turns anybody back.
NEVER = {
    "en": r"\b(den(y|ied)|refus|reject|fraud|fake|forge|illegal|criminal|suspect)",
    "ar": r"رفض|مرفوض|احتيال|غش|تزوير|مزو[ّ]?ر|مزيف|زائف|كاذب|غير قانوني|ممنوع|مشتبه|كذب",
    "de": r"verweiger|ablehn|abgelehn|abweis|abgewies|zurückweis|betrug|betrüg|fälsch|illegal",
    "es": r"\bdenega|deniega|rechaz|fraud|\bfals|ilegal|prohib|delito|sospech|negad[oa] el",
    "fr": r"refus|rejet|fraud|\bfaux\b|fausse|falsif|contrefa|illégal|interdi|suspect|délit",
    "pt": r"recus|rejeit|\bnegad|fraud|\bfals|ilegal|proibi|crime|suspeit",
    "ru": r"отказ|отклон|мошен|поддел|фальш|незакон|запрещ|преступ|подозр|ложн",
    "zh": r"拒绝|拒签|欺诈|诈骗|伪造|虚假|假冒|造假|假证|非法|违法|禁止|嫌疑|犯罪",
}
# Names that are written alike everywhere, by the beginning of their key.
NAMES = ("format.", "disease.", "family.smart-health-card", "next")
LETTER_OF = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh": r"[\u4e00-\u9fff]"}
NO_BREAK = "\N{NO-BREAK SPACE}"  # before French colons


def texts(lang: str) -> list[tuple[Entry, str]]:
    if lang == DEFAULT:
        return [(entry, text) for entry in ENGLISH for text in (entry.text, entry.plural) if text]
    _, *entries = CATALOGUES[lang]
    return [(entry, text) for entry in entries for text in entry.translations]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def place(entry: Entry) -> str:
    return entry.references[0]


@pytest.mark.parametrize("lang", OTHERS)
def test_no_message_is_missing_and_none_is_left_over(lang: str) -> None:
    _, *entries = CATALOGUES[lang]
    usable = {
        (entry.context, entry.text)
        for entry in entries
        if all(entry.translations) and not entry.fuzzy
    }
    wanted = {(entry.context, entry.text): place(entry) for entry in ENGLISH}
    missing = [where for key, where in wanted.items() if key not in usable]
    assert not missing, f"{lang} lacks {len(missing)}: {' '.join(missing)}"
    assert [place(entry) for entry in entries] == [place(entry) for entry in ENGLISH]


@pytest.mark.parametrize("lang", OTHERS)
def test_every_number_has_all_its_forms(lang: str) -> None:
    for entry in CATALOGUES[lang]:
        assert len(entry.translations) == (PLURALS[lang].forms if entry.plural else 1), place(entry)
        assert all(entry.translations)


@pytest.mark.parametrize("lang", OTHERS)
def test_the_blanks_are_those_of_the_english(lang: str) -> None:
    _, *entries = CATALOGUES[lang]
    for entry in entries:
        wanted = blanks(entry.plural or entry.text)
        for form, text in enumerate(entry.translations):
            # Arabic has forms of their own for none, one and two, in which the word is the number.
            alone = {"number"} if entry.plural and lang == "ar" and form <= 2 else set()
            assert wanted - alone <= blanks(text) <= wanted, place(entry)


@pytest.mark.parametrize("lang", languages())
def test_no_word_accuses_or_turns_away(lang: str) -> None:
    never = re.compile(NEVER[lang], re.IGNORECASE)
    assert not [(place(entry), text) for entry, text in texts(lang) if never.search(text)]


def test_the_words_that_are_never_said_are_found() -> None:
    for lang, bad in {
        "en": "Refused.", "ar": "هذه وثيقة مزورة", "de": "eine Fälschung", "es": "es falso",
        "fr": "un faux", "pt": "é falso", "ru": "подделка", "zh": "伪造的证书",
    }.items():  # fmt: skip
        assert re.search(NEVER[lang], bad, re.IGNORECASE), lang


@pytest.mark.parametrize("lang", OTHERS)
def test_the_text_is_of_that_language(lang: str) -> None:
    for entry, text in texts(lang):
        if entry.context.startswith(NAMES):
            continue
        bare = re.sub(r"\{.*?\}", "", text).strip()
        # Single words may be alike in two languages: "test".
        assert text != entry.text or (entry.context and " " not in bare), place(entry)
        if any(map(str.isalpha, bare)):
            assert re.search(LETTER_OF.get(lang, "[A-Za-z]"), bare), (place(entry), text)


@pytest.mark.parametrize("lang", languages())
def test_the_text_is_plain(lang: str) -> None:
    stops = "。" if lang == "zh" else "."
    for entry, text in texts(lang):
        assert text == text.strip()
        assert "  " not in text
        assert all(letter.isprintable() or letter == NO_BREAK for letter in text), place(entry)
        assert text.endswith(stops) == entry.text.endswith("."), (place(entry), text)
        assert "!" not in text
        assert "\N{FULLWIDTH EXCLAMATION MARK}" not in text
    # A sentence for an officer is one or two lines.
    longest = max(len(text) for entry, text in texts(lang) if re.match(r"[A-Z]{3}-", place(entry)))
    assert longest <= 100


@pytest.mark.parametrize("lang", OTHERS)
def test_one_english_sentence_is_said_in_one_way_and_two_in_two(lang: str) -> None:
    """What differs in English differs: else an officer could not tell two reasons apart."""
    whats = {meaning(reason).what for reason in Reason}
    assert len({said(what, lang) for what in whats}) == len(whats)


def test_french_colons_stay_with_their_word() -> None:
    for width in range(20, 60):
        for reason in Reason:
            lines = wrap(meaning(reason, "fr").next, width).split("\n")
            assert not any(line.startswith((":", ";")) for line in lines)
    for entry, text in texts("fr"):
        assert not re.search(r"(?<!\u00a0)[:;?](?=\s|$)", text), place(entry)


# Plurals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", OTHERS)
def test_the_rules_are_those_of_the_header(lang: str) -> None:
    """The oracle is the standard library's reader of such headers."""
    header = PLURALS[lang].header
    assert f"Plural-Forms: {header}\n" in CATALOGUES[lang][0].translations[0]
    oracle = gettext.c2py(header.partition("plural=")[2].rstrip(";"))  # type: ignore[attr-defined]
    for number in range(1_200):
        assert PLURALS[lang].form_of(number) == oracle(number)
    assert {PLURALS[lang].form_of(n) for n in range(1_200)} == set(range(PLURALS[lang].forms))


@pytest.mark.parametrize(
    ("lang", "number", "text"),
    [
        ("en", 0, "0 documents"), ("en", 1, "1 document"), ("en", 2, "2 documents"),
        ("fr", 0, "0 document"), ("fr", 2, "2 documents"), ("pt", 1, "1 documento"),
        ("de", 0, "0 Dokumente"), ("es", 1, "1 documento"), ("zh", 7, "7 份文件"),
        ("ru", 1, "1 документ"), ("ru", 21, "21 документ"), ("ru", 3, "3 документа"),
        ("ru", 11, "11 документов"), ("ru", 112, "112 документов"), ("ru", 25, "25 документов"),
        ("ar", 0, "لا وثائق"), ("ar", 1, "وثيقة واحدة"), ("ar", 2, "وثيقتان"),
        ("ar", 3, "\u20683\u2069 وثائق"), ("ar", 111, "\u2068111\u2069 وثيقة"),
        ("ar", 100, "\u2068100\u2069 وثيقة"),
    ],
)  # fmt: skip
def test_numbers_take_their_form(lang: str, number: int, text: str) -> None:
    assert counted("tally.documents", number, lang) == text


# Looking up ----------------------------------------------------------------------------------


def test_english_is_the_default_and_needs_no_file() -> None:
    assert said("Nothing to do.") == "Nothing to do."
    assert meaning(Reason.EXPIRED) is MEANINGS[Reason.EXPIRED]
    assert word("list_of", day="2026-12-24") == "trust list of 2026-12-24"
    assert word("list_of") == WORDS["list_of"]


@pytest.mark.parametrize("lang", OTHERS)
def test_results_stay_and_words_change(lang: str) -> None:
    for reason in Reason:
        assert meaning(reason, lang).result is MEANINGS[reason].result
        assert meaning(reason, lang).what != MEANINGS[reason].what


def test_what_a_catalogue_lacks_is_english() -> None:
    assert said("A sentence of tomorrow.", "fr") == "A sentence of tomorrow."
    assert word("format.some-new-pass", "fr") == "some-new-pass"
    assert word("freshness.fresh", "fr") == ""
    lacking = read_catalogue("fr")._replace(texts={})
    assert lacking.counted(COUNTED["tally.documents"], "tally.documents", 1) == "{number} document"
    assert lacking.counted(COUNTED["tally.documents"], "tally.documents", 2) == "{number} documents"


def test_each_language_can_be_told_from_its_letters() -> None:
    assert [lang for lang in languages() if is_right_to_left(lang)] == ["ar"]
    assert all(letters.isprintable() for letters in LETTERS.values())


def test_the_docs_say_who_has_read_each_language() -> None:
    table = (ROOT / "docs" / "languages.md").read_text("utf-8")
    for lang in OTHERS:
        read = "not yet read by a native reader" in next(
            line for line in table.splitlines() if line.startswith(f"| `{lang}` |")
        )
        assert read == ("X-Read-By-Native-Reader: not yet\n" in CATALOGUES[lang][0].translations[0])


# The files -----------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\'))
WORDS_ONLY = st.text("abc.-", min_size=1)


@given(
    st.lists(
        st.builds(
            Entry,
            text=TEXT,
            translations=TEXT.map(lambda text: (text,)),
            context=TEXT,
            references=st.lists(WORDS_ONLY, min_size=1).map(tuple),
            fuzzy=st.booleans(),
        )
        | st.builds(
            Entry,
            text=TEXT,
            plural=TEXT.filter(bool),
            references=st.just(()),
            translations=st.lists(TEXT, min_size=1, max_size=6).map(tuple),
        )
    )
)
def test_what_is_written_is_read(entries: list[Entry]) -> None:
    assert list(parse(write(entries))) == entries


def test_what_a_translator_s_program_writes_is_read() -> None:
    (entry,) = parse(
        '# a remark\n#. another\n#: a.what b.next\n#| msgid "old"\n#, fuzzy, c-format\n'
        'msgctxt "key"\nmsgid ""\n"one "\n"sentence"\nmsgstr ""\n"ein "\n"Satz"\n'
    )  # fmt: skip
    assert entry == Entry("one sentence", ("ein Satz",), "key", "", ("a.what", "b.next"), True)  # noqa: FBT003 - fuzzy


@pytest.mark.parametrize("line", ["msgstr oops", '"begins with nothing"', "<<<<<<< HEAD"])
def test_what_is_no_catalogue_is_told(line: str) -> None:
    with pytest.raises(ValueError, match="no line of a catalogue"):
        list(parse(line))


@pytest.mark.parametrize("lang", OTHERS)
def test_the_files_are_as_merging_leaves_them(lang: str) -> None:
    assert write(merged(lang, CATALOGUES[lang])) == path_of(lang).read_text("utf-8")


def test_a_changed_sentence_is_marked_and_a_new_one_is_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = Entry("One thing is to do.", references=("INP-000.next",))
    new = Entry("Wholly new.", references=("NEW-001.what",))
    more = Entry("{number} day", ("", ""), "days", "{number} days", ("days",))
    monkeypatch.setattr(merging, "english", lambda: (ENGLISH[0], changed, new, more))
    header, kept, marked, empty, counts = merged("ru", CATALOGUES["ru"])
    assert header == CATALOGUES["ru"][0]
    assert kept == CATALOGUES["ru"][1]
    assert marked.fuzzy
    assert marked.translations == (said("Nothing to do.", "ru"),)
    assert empty == new
    assert counts.translations == ("", "", "")
    # Neither is used before somebody has looked at it.
    path = tmp_path / "ru.po"
    path.write_text(write([header, kept, marked, empty]), "utf-8")
    monkeypatch.setattr("cli.messages.catalogue.path_of", lambda _: path)
    assert set(read_catalogue("ru").texts) == {("", ""), (kept.context, kept.text)}
    # Nor does a second merging lose the mark.
    assert merged("ru", [header, kept, marked, empty])[2] == marked


def test_a_changed_notice_keeps_its_own_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several notices each has its own place, or all would be given the last one's."""
    first = next(each for each in ENGLISH if each.references[0].startswith("privacy"))
    changed = first._replace(text="Said anew.")
    monkeypatch.setattr(merging, "english", lambda: (changed,))
    _, entry = merged("ru", CATALOGUES["ru"])
    assert entry.fuzzy
    assert entry.translations == (said(first.text, "ru"),)


def test_a_new_language_begins_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(merging, "languages", lambda: ("en", "ru"))
    monkeypatch.setattr(merging, "path_of", lambda lang: tmp_path / f"{lang}.po")
    merging.main()
    merging.main()
    header, *entries = parse((tmp_path / "ru.po").read_text("utf-8"))
    assert "Language: ru\n" in header.translations[0]
    assert len(entries) == len(ENGLISH)
    assert not any(any(entry.translations) for entry in entries)
    assert [path.name for path in tmp_path.iterdir()] == ["ru.po"]
