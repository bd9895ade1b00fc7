import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specimens import cases, memory_keys

from cli.bidi import END
from cli.bidi import FIRST_STRONG as START
from cli.json_lines import JsonLines, json_text
from cli.messages import languages, meaning, word
from cli.messages.en import WORDS
from cli.render import Words
from cli.style import Style, cells
from verifier import Disclosure, Outcome, PrivacyPolicy, Reason, Verdict, Verifier
from verifier.claims import Holder, Kind, PartialDate
from verifier.findings import FINDINGS
from verifier.trust import Freshness
from verifier.verdict import HolderBox, Issuer, Trust, outcome_of

PASSES = (
    Reason.INPUT_READ, Reason.ENCODING_GOOD, Reason.ENVELOPE_GOOD, Reason.ISSUER_KNOWN,
    Reason.SIGNATURE_GOOD, Reason.KEY_USE_GOOD, Reason.SCHEMA_GOOD, Reason.DATES_GOOD,
)  # fmt: skip

FACTS = (("disease", "840539006"), ("date", "2026-02-03"), ("dose", "2"))


class Dose:
    """An event that says as little as is needed here."""

    def facts(self) -> tuple[tuple[str, str], ...]:
        return FACTS


def verdict(
    *reasons: Reason,
    holder: Holder | None = None,
    disclosure: Disclosure = Disclosure.IDENTITY,
    freshness: Freshness = Freshness.FRESH,
) -> Verdict:
    findings = tuple(FINDINGS[reason] for reason in (*PASSES, *reasons))
    return Verdict(
        outcome_of(findings),
        findings,
        "eu-dcc",
        Kind.VACCINATION,
        Issuer("XS", "Specimen issuer", "AAAAAAAAAAA=", "specimen"),
        Trust("2026-11-30", freshness, authenticated=True),
        None if holder is None else HolderBox(holder, (Dose(), Dose()), disclosure),  # type: ignore[arg-type],
    )


def ordinary(family: str = "Muster-Öğe") -> Holder:
    return Holder(family, "Erika", "MUSTER<OEGE", "ERIKA", PartialDate("1964-08"))


def test_a_verdict_reads_from_the_outcome_down_to_what_it_rests_on() -> None:
    words = Words(Style(), "en").write(
        verdict(Reason.NO_REVOCATION_LIST, holder=ordinary(), freshness=Freshness.STALE)
    )
    assert words == (
        "✔ AUTHENTIC\n"
        "  Compare with the passport\n"
        "    MRZ   MUSTER<OEGE<<ERIKA\n"
        "    Name  Muster-Öğe, Erika\n"
        "    Born  1964-08\n"
        "  Not checked for withdrawal: this desk has no list from this issuer.\n"
        "  → Nothing to do, unless your orders demand that check.\n"
        "  EU Digital COVID Certificate · vaccination · issued by Specimen issuer\n"
        "  trust list of 2026-11-30 — STALE, a newer one is due\n"
    )


@pytest.mark.parametrize(
    ("reasons", "first"),
    [
        ((Reason.RULES_MET,), "✔ MEETS THE RULES"),
        ((), "✔ AUTHENTIC"),
        ((Reason.EXPIRED,), "! DOES NOT MEET THE RULES"),
        ((Reason.SIGNATURE_BAD,), "✖ NOT AUTHENTIC"),
        ((Reason.UNKNOWN_KEY,), "? REFER — a person looks at it"),
    ],
)
def test_every_outcome_has_its_sign_and_word(reasons: tuple[Reason, ...], first: str) -> None:
    assert Words(Style(), "en").write(verdict(*reasons)).splitlines()[0] == first
    plain = Words(Style(signs=False), "en").write(verdict(*reasons))
    assert plain.isascii()
    colour = Words(Style(colour=True), "en").write(verdict(*reasons))
    assert first in colour


def test_a_pass_that_the_desk_chose_to_give_is_told() -> None:
    written = Words(Style(width=60), "en").write(verdict(Reason.RETIRED_KEY_ACCEPTED))
    assert written.startswith("✔ AUTHENTIC\n")
    assert "this desk is set to accept that." in " ".join(written.split())


def test_a_number_that_the_issuer_uses_for_samples_is_told() -> None:
    written = Words(Style(width=60), "en").write(verdict(Reason.SPECIMEN_NUMBER))
    assert written.startswith("✔ AUTHENTIC\n")
    assert meaning(Reason.SPECIMEN_NUMBER).next in " ".join(written.split())


def test_what_decided_comes_before_what_is_only_told() -> None:
    words = Words(Style(), "en").write(verdict(Reason.NO_REVOCATION_LIST, Reason.RULES_NOT_MET))
    decided, told = meaning(Reason.RULES_NOT_MET).what, meaning(Reason.NO_REVOCATION_LIST).what
    assert words.index(decided) < words.index(told)


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_fits_every_width(reason: Reason, width: int) -> None:
    words = Words(Style(width), "en").write(verdict(reason, holder=ordinary("M" * 100)))
    assert max(map(cells, words.splitlines())) <= width


@given(st.text(), st.sampled_from([20, 40, 80]))
def test_no_name_steers_a_terminal_or_forges_a_line(name: str, width: int) -> None:
    words = Words(Style(width), "en").write(verdict(holder=ordinary(name)))
    lines = words.split("\n")
    # Beside our own isolates, which each line opens and closes.
    assert all(line.replace(START, "").replace(END, "").isprintable() for line in lines)
    assert all(line.count(START) == line.count(END) for line in lines)
    assert all(cells(line) <= width for line in lines)
    assert all(line.startswith(" ") or not line for line in lines[1:])


def test_a_part_that_is_not_stated_is_said_to_be_so() -> None:
    holder = Holder("", "", "", "", PartialDate(""))
    assert Words(Style(), "en").write(verdict(holder=holder)).count("not stated") == 3


def test_json_holds_what_is_disclosed() -> None:
    def holder(disclosure: Disclosure) -> object:
        shown = verdict(holder=ordinary(), disclosure=disclosure)
        return json.loads(JsonLines(disclosure).write(shown))["holder"]

    identity = {
        "name": "Muster-Öğe, Erika",
        "name_mrz": "MUSTER<OEGE<<ERIKA",
        "birth_date": "1964-08",
    }
    assert holder(Disclosure.NONE) is None
    assert holder(Disclosure.IDENTITY) == identity
    assert holder(Disclosure.CLINICAL) == {
        **identity,
        "clinical": {"events": [dict(FACTS), dict(FACTS)]},
    }


def test_the_first_line_and_the_others_are_written_alike() -> None:
    lines = JsonLines(Disclosure.NONE)
    assert lines.write(verdict(Reason.EXPIRED)) == lines.write(verdict(Reason.EXPIRED))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_json_text_is_json_in_one_line_of_ascii(value: object) -> None:
    text = json_text(value)
    assert text == json.dumps(value, separators=(",", ":"))
    assert text.isascii()
    assert text.isprintable()


def test_there_are_words_for_every_outcome_kind_and_reason() -> None:
    for lang in languages():
        for outcome in Outcome:
            assert word(f"outcome.{outcome.value}", lang)
        for kind in Kind:
            assert f"kind.{kind.value}" in WORDS
        for reason in Reason:
            assert meaning(reason, lang).next


def test_a_format_without_a_word_is_named_by_its_code() -> None:
    assert word("format.some-new-pass") == "some-new-pass"


def test_a_language_without_words_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        meaning(Reason.EXPIRED, "qq")


def who(name: str) -> Verdict:
    [case] = [each for each in cases() if each.id == f"who_icvp::{name}"]
    policy = PrivacyPolicy(Disclosure.CLINICAL)
    return Verifier(trust=memory_keys(), policy=policy).verify(case.scan, at=case.instant)


def test_a_certificate_that_does_not_count_yet_says_from_when() -> None:
    words = Words(Style(), "en").write(who("day-before-first"))
    assert words.startswith("! DOES NOT MEET THE RULES")
    assert "  It counts from 2026-12-02.\n" in words
    assert "Specimen Vera" not in words


def test_diseases_are_named_in_words() -> None:
    words = Words(Style(), "en").write(who("generation-3"))
    assert "yellow fever" in words
    assert "life of person vaccinated" in words
    assert "poliomyelitis" in Words(Style(), "en").write(who("poliomyelitis"))
