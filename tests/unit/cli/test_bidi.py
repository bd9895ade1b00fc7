"""Lines that hold both directions, and words in every language at every width."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.command import run, run_on_terminal, run_process

from cli.bidi import END, FIRST_STRONG, RIGHT_TO_LEFT, directed, isolated, lines_closed
from cli.messages import is_right_to_left, languages, meaning, word
from cli.problem import Problem
from cli.render import Words
from cli.request import ask, language
from cli.style import Style, cells, padded, wrap
from verifier import Disclosure, Outcome, PrivacyPolicy, Reason, Verdict
from verifier.claims import Holder, Kind, PartialDate
from verifier.findings import FINDINGS
from verifier.trust import Freshness
from verifier.verdict import HolderBox, Issuer, Trust, outcome_of

ARABIC_NAME = "عينة"  # "specimen"
MARKS = re.compile(f"[{FIRST_STRONG}{END}{RIGHT_TO_LEFT}]")


def verdict(reason: Reason, family: str = "MUSTER", issuer: str = "Specimen issuer") -> Verdict:
    findings = (FINDINGS[reason],)
    holder = Holder(family, "Erika", "MUSTER", "ERIKA", PartialDate("1964-08-12"))
    return Verdict(
        outcome_of(findings),
        findings,
        "eu-dcc",
        Kind.VACCINATION,
        Issuer("XS", issuer, "AAAAAAAAAAA=", "specimen"),
        Trust("2026-11-30", Freshness.STALE, authenticated=True),
        HolderBox(holder, (), Disclosure.IDENTITY),
    )


def test_only_what_needs_it_is_isolated() -> None:
    assert isolated("Erika", within=False) == "Erika"
    assert isolated("Öğe", within=False) == "Öğe"
    assert isolated("", within=True) == ""
    assert isolated("2026-12-24", within=True) == "\u20682026-12-24\u2069"
    assert isolated(ARABIC_NAME, within=False) == f"\u2068{ARABIC_NAME}\u2069"
    assert isolated("משה", within=False).endswith(END)


def test_an_isolate_ends_with_its_line_and_goes_on_in_the_next() -> None:
    name = isolated(" ".join([ARABIC_NAME] * 12), within=False)
    lines = wrap(name, 24, "  Name  ").split("\n")
    assert len(lines) > 2
    for line in lines:
        assert line.count(FIRST_STRONG) == line.count(END) == 1
        assert line.index(FIRST_STRONG) == 8  # behind the indent, which stays on its side
        assert cells(line) <= 24
    assert "".join(lines).count(ARABIC_NAME) == 12


@given(
    st.lists(st.text(f"ab {FIRST_STRONG}{END}", max_size=12), min_size=1, max_size=6),
)
def test_whatever_is_opened_is_closed_on_its_line(lines: list[str]) -> None:
    for line in lines_closed([" " + line for line in lines], " "):
        depth = 0
        for character in line:
            depth += (character == FIRST_STRONG) - (character == END)
            depth = max(depth, 0)
        assert depth == 0


def test_lines_from_right_to_left_begin_with_a_mark() -> None:
    assert directed("a\n\n b\n", right_to_left=False) == "a\n\n b\n"
    assert directed("a\n\n b\n", right_to_left=True) == "\u200fa\n\n\u200f b\n"


def test_marks_take_no_column() -> None:
    assert cells(f"{RIGHT_TO_LEFT}{FIRST_STRONG}ab{END}") == 2
    assert cells("中文") == 4
    assert cells("مُ") == 1
    assert padded("中", 4) == "中  "


def test_no_line_of_chinese_begins_with_what_ends_a_clause() -> None:
    for reason in Reason:
        for width in (20, 21, 22, 23, 40):
            for text in meaning(reason, "zh")[1:]:
                lines = wrap(text, width).split("\n")
                assert not any(line.startswith(("，", "。", "；", "：", "、")) for line in lines)
                assert "".join(lines).replace(" ", "") == text.replace(" ", "")


# What a bidirectional terminal makes of a line: the algorithm's rules that matter here, by hand.


def shown(line: str) -> str:
    """Order a line from right to left as UAX 9 does, one level of isolates deep."""
    parts = re.split(f"({FIRST_STRONG}[^{END}]*{END})", line.removeprefix(RIGHT_TO_LEFT))
    visible = []
    for part in parts:
        if part.startswith(FIRST_STRONG):
            visible.append(part[1:-1])  # of its own direction: left to right for dates and codes
        else:
            visible.append(part[::-1])
    return "".join(reversed(visible))


def test_a_date_behind_arabic_words_is_not_turned_round() -> None:
    line = directed(word("valid_from", "ar", day="2026-12-24"), right_to_left=True)
    assert "2026-12-24" in shown(line)
    assert line.startswith(RIGHT_TO_LEFT)
    # What it is isolated for: European digits behind Arabic letters become Arabic numbers (W2),
    # between which a hyphen is no separator (W4), so that the parts change places.
    assert unicodedata.bidirectional("-") == "ES"
    assert unicodedata.bidirectional("2") == "EN"


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("width", [20, 40, 80])
def test_every_verdict_in_every_language_fits(lang: str, width: int) -> None:
    rtl = is_right_to_left(lang)
    for reason in Reason:
        for name in ("M" * 90, f"{ARABIC_NAME} " * 9):
            lines = Words(Style(width), lang).write(verdict(reason, name)).splitlines()
            assert max(map(cells, lines)) <= width
            for line in lines:
                assert line.count(FIRST_STRONG) == line.count(END)
                assert line.startswith(RIGHT_TO_LEFT) == rtl
            whole = "".join(MARKS.sub("", line).strip() for line in lines)
            assert "1964-08-12" in whole
            assert "MUSTER<<ERIKA" in whole


def test_a_verdict_in_arabic() -> None:
    words = Words(Style(), "ar").write(verdict(Reason.EXPIRED))
    first, *_, basis, trust = words.splitlines()
    assert first == f"\u200f! {word('outcome.does_not_meet_rules', 'ar')}"
    assert f"    {word('birth_date', 'ar')}" in words
    assert "\u20681964-08-12\u2069" in words
    assert "\u2068MUSTER<<ERIKA\u2069" in words
    assert basis == "\u200f  \u2068issuer\u2069"  # the name goes over two lines, each its own
    assert "\u2068Specimen\u2069\n" in words
    assert "\u20682026-11-30\u2069" in trust
    assert f"  ← {meaning(Reason.EXPIRED, 'ar').next}" in words


def test_a_name_from_right_to_left_stands_apart_in_english() -> None:
    words = Words(Style(), "en").write(verdict(Reason.SIGNATURE_GOOD, ARABIC_NAME))
    assert f"Name  \u2068{ARABIC_NAME}, Erika\u2069\n" in words
    assert "\u2068" not in Words(Style(), "en").write(verdict(Reason.SIGNATURE_GOOD))


# Which language ------------------------------------------------------------------------------


@pytest.fixture
def locale(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("settings", "lang"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_AT"}, "de"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_AT", "LC_ALL": "es_ES@euro"}, "es"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "frisian"}, "en"),
    ],
)
def test_the_locale_chooses(
    locale: pytest.MonkeyPatch, settings: dict[str, str], lang: str
) -> None:
    for name, value in settings.items():
        locale.setenv(name, value)
    assert language(None) == lang
    assert language("ru") == "ru"
    assert language(None, json=True) == "en"
    assert ask(json=True).lang == "en"


@pytest.mark.parametrize("code", ["fr", "FR", "fr-CA", "fr_FR"])
def test_a_code_may_name_a_region(code: str) -> None:
    assert language(code) == "fr"


@pytest.mark.parametrize("code", ["", "qq", "french", "-", "HC1:6BF", "zhh"])
def test_an_unknown_code_is_a_wrong_call(code: str) -> None:
    with pytest.raises(Problem) as caught:
        language(code)
    assert caught.value.status == 2
    assert caught.value.next_step == "Choose one: en, ar, de, es, fr, pt, ru, zh."
    assert "HC1" not in caught.value.what


def test_an_output_that_lacks_the_letters_gets_english() -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    ran = run_process("explain", "SIG-001", "--lang", "ru", env=ascii_only)
    assert "cannot show the letters of ru" in ran.err
    assert meaning(Reason.SIGNATURE_BAD).what in ran.out
    ran = run_process("explain", "SIG-001", env={**ascii_only, "LANG": "ru_RU"})
    assert ran.err == ""
    assert meaning(Reason.SIGNATURE_BAD).what in ran.out
    latin = run_process("explain", "SIG-001", env={"PYTHONIOENCODING": "utf-8", "LANG": "ru_RU"})
    assert meaning(Reason.SIGNATURE_BAD, "ru").what in latin.out


@pytest.mark.parametrize("lang", languages())
def test_every_command_that_speaks_speaks_it(lang: str) -> None:
    def plain(text: str) -> str:
        """Leave out marks, and breaks of lines, which Chinese has anywhere."""
        return re.sub(r"\s+", "", MARKS.sub("", text))

    ran = run("explain", "--lang", lang)
    assert ran.status == 0
    for reason in Reason:
        assert plain(meaning(reason, lang).what) in plain(ran.out)
    ran = run("explain", "--lang", lang, "DAT-001")
    assert plain(word("outcome.does_not_meet_rules", lang)) in plain(ran.out)
    assert plain(word("check.dates", lang)) in plain(ran.out)
    assert plain(meaning(Reason.EXPIRED, lang).next) in plain(ran.out)
    assert "DAT-001" in ran.out
    ran = run("privacy", "show", "--lang", lang)
    assert plain(word("notice.unsealed", lang)) in plain(ran.out)
    for level in Disclosure:
        told = plain(run("privacy", "show", "--lang", lang, "--disclose", level.value).out)
        if lang != "en":
            assert not any(plain(text) in told for _, text in PrivacyPolicy(level).explain())
    ran = run("tally", "show", "--lang", lang, "--tally", "/nonexistent/tally")
    assert plain(word("tally.none", lang)) in plain(ran.out)


def test_json_is_the_same_in_every_language(locale: pytest.MonkeyPatch) -> None:
    first = run("explain", "--json").out
    locale.setenv("LC_ALL", "ar_EG.UTF-8")
    assert run("explain", "--json").out == first
    assert run("explain", "--json", "--lang", "ru").out == first
    assert run("explain").out != run("explain", "--lang", "en").out


@pytest.mark.parametrize("lang", ["ar", "zh", "ru", "de"])
@pytest.mark.parametrize("columns", [40, 80])
def test_on_a_terminal(lang: str, columns: int) -> None:
    ran = run_on_terminal("explain", "--lang", lang, columns=columns)
    assert max(map(cells, ran.out.splitlines())) <= columns


def test_english_reads_no_catalogue() -> None:
    """The first verdict of a desk does not wait for one, nor for the reader of them."""
    program = (
        "import sys; from cli import desk, render; from cli.request import ask; ask()\n"
        "print(*sys.modules)"
    )
    loaded = set(run_process(command=(sys.executable, "-c", program)).out.split())
    assert {name for name in loaded if name.startswith("cli.messages")} == {
        "cli.messages", "cli.messages.en",
    }  # fmt: skip


def test_there_is_a_word_for_every_outcome_and_kind() -> None:
    for lang in languages():
        assert len({word(f"outcome.{outcome.value}", lang) for outcome in Outcome}) == len(Outcome)
        assert len({word(f"kind.{kind.value}", lang) for kind in Kind}) == len(Kind)
