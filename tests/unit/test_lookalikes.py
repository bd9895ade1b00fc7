"""What posts meet that is no certificate is named, and nothing of ours is ever taken for it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.specimens import cases, memory_keys

from verifier import Outcome, Reason, Verifier, lookalikes
from verifier.errors import DocumentError
from verifier.limits import DOCUMENT_CHARACTERS
from verifier.reasons import MEANINGS
from verifier.scan import read_scan

# Made up after the clause that each pattern cites; the people are invented.
BOARDING = "M1SPECIMEN/VERA MS    EABC123 XSAXTBXX 0123 335Y012A0001 100"
FIRST_44 = "P<UTOMUSTERFRAU<SPECIMEN<<VERA".ljust(44, "<")
SECOND_44 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
FIRST_30 = "I<UTOD231458907".ljust(30, "<")
SECOND_30 = "7408122F1204159UTO".ljust(29, "<") + "6"
THIRD_30 = "MUSTERFRAU<SPECIMEN<<VERA".ljust(30, "<")


def reason_of(scan: str | bytes) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read_scan(scan)
    assert caught.value.__context__ is None
    return caught.value.reason


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ("https://specimen.example/menu", Reason.WEB_ADDRESS),
        ("HTTPS://SPECIMEN.EXAMPLE", Reason.WEB_ADDRESS),
        ("www.specimen.example", Reason.WEB_ADDRESS),
        (BOARDING, Reason.BOARDING_PASS),
        (BOARDING.replace("M1", "M2"), Reason.BOARDING_PASS),
        (FIRST_44, Reason.TRAVEL_DOCUMENT),
        (SECOND_44, Reason.TRAVEL_DOCUMENT),
        (f"{FIRST_44}\n{SECOND_44}", Reason.TRAVEL_DOCUMENT),
        (f"{FIRST_44}\r\n{SECOND_44}\r\n", Reason.TRAVEL_DOCUMENT),
        (FIRST_30, Reason.TRAVEL_DOCUMENT),
        (SECOND_30, Reason.TRAVEL_DOCUMENT),
        (THIRD_30, Reason.TRAVEL_DOCUMENT),
        (f"{FIRST_30}\n{SECOND_30}\n{THIRD_30}", Reason.TRAVEL_DOCUMENT),
        (FIRST_44.replace("P<", "V<", 1)[:36], Reason.TRAVEL_DOCUMENT),
        (b"\xdc\x03\xd9\xc5\x32\xca\xc8\xa6" + bytes(64), Reason.OTHER_SEAL),
        (b"\xdc\x02" + bytes(range(100, 200)), Reason.OTHER_SEAL),
        ("\u00dc\x03\u00d9\u00c5", Reason.OTHER_SEAL),
        ("RDB1BNK6ABC", Reason.OTHER_SEAL),
        ("NDB1BNK6ABC", Reason.OTHER_SEAL),
        ("DC04FR0000011E6A1E6AB2", Reason.OTHER_SEAL),
        ("WIFI:T:WPA;S:Specimen;P:none;;", Reason.OTHER_CODE),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Specimen\nEND:VCARD", Reason.OTHER_CODE),
        ("mailto:vera@specimen.example", Reason.OTHER_CODE),
        ("tel:+000", Reason.OTHER_CODE),
        ("BCD\n002\n1\nSCT", Reason.OTHER_CODE),
        ("SPC\r\n0200\r\n1", Reason.OTHER_CODE),
        ("00020101021126", Reason.OTHER_CODE),
        ("4006381333931", Reason.OTHER_CODE),
        ("NL2:6BFLR0", Reason.DOMESTIC_ONLY),
        ("PK", Reason.BYTES_LOST),
        ("PK^C^D", Reason.BYTES_LOST),
        ("PK\x14", Reason.BYTES_LOST),
    ],
)
def test_what_posts_meet_is_named(scan: str | bytes, reason: Reason) -> None:
    assert reason_of(scan) is reason
    verdict = Verifier(trust=memory_keys()).verify(scan)
    assert verdict.outcome is Outcome.REFER
    assert [finding.code for finding in verdict.findings] == [reason]


@pytest.mark.parametrize(
    "scan",
    [
        "M1 and more", "M1SPECIMEN/VERA", "P<", "PASSPORT", "HTTP", "https://", "www.", "DC0",
        "WIFI", "PKPASS", "\u00dc", "\u00dcBER", "NDB", "123", "1234567890", "HC1",
        "the quick brown fox", "PK and others", b"\xdc", b"\xdc\xff", b"\xff\x03",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ],
)  # fmt: skip
def test_a_beginning_alone_names_nothing(scan: str | bytes) -> None:
    assert reason_of(scan) is Reason.NOT_RECOGNISED


def test_no_specimen_of_ours_is_taken_for_a_lookalike() -> None:
    # A link that carries a certificate looks like a web page, and is asked for by its format first.
    for case in cases():
        if case.outcome == Outcome.AUTHENTIC:
            assert read_scan(case.scan).text, case.id


def test_every_name_says_what_to_ask_for_instead() -> None:
    for reason in (*lookalikes.FOREIGN, Reason.BYTES_LOST):
        assert len(MEANINGS[reason].next) > len("Scan again.")


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_named_or_left(text: str) -> None:
    assert lookalikes.name(text) is None or isinstance(lookalikes.name(text), Reason)


@pytest.mark.parametrize("piece", ["<", "P<", "A", "0", "M1", "AB<<", " ", "\n", "P<UTO<<"])
def test_long_texts_take_no_time(piece: str) -> None:
    text = piece * (DOCUMENT_CHARACTERS // len(piece))
    begin = time.process_time()
    lookalikes.name(text)
    lookalikes.name(text[:100])
    assert time.process_time() - begin < 0.005
