import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import DocumentError
from verifier.limits import SCAN_CHARACTERS
from verifier.reasons import Reason
from verifier.scan import ScannedText, read_scan


def reason_of(scan: str | bytes) -> Reason | None:
    try:
        read_scan(scan)
    except DocumentError as error:
        assert error.__context__ is None
        return error.reason
    return None


@pytest.mark.parametrize(
    ("scan", "container", "text"),
    [
        ("HC1:ABC", "HC1", "HC1:ABC"),
        ("AT1:ABC", "AT1", "AT1:ABC"),
        ("HC1:", "HC1", "HC1:"),
        ("HC1:ABC\r\n", "HC1", "HC1:ABC"),
        ("\ufeffHC1:ABC", "HC1", "HC1:ABC"),
        ("\t\0\r\nHC1:ABC\0\t", "HC1", "HC1:ABC"),
        ("HC1: ABC ", "HC1", "HC1: ABC "),
        ("HC1:ABC  \n", "HC1", "HC1:ABC  "),
        ("HC1:AB\nC", "HC1", "HC1:AB\nC"),
        (b"HC1:ABC\n", "HC1", "HC1:ABC"),
        (b"\xef\xbb\xbfHC1:ABC", "HC1", "HC1:ABC"),
    ],
)
def test_a_scan_is_tidied_at_its_ends_and_spaces_stay(
    scan: str | bytes, container: str, text: str
) -> None:
    read = read_scan(scan)
    assert isinstance(read, ScannedText)
    assert (read.container, read.text) == (container, text)
    assert read.format.name == "eu-dcc"


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ("", Reason.EMPTY),
        (b"", Reason.EMPTY),
        (" ", Reason.EMPTY),
        ("\r\n\t\0\ufeff", Reason.EMPTY),
        (" \n \t", Reason.EMPTY),
        ("\u2003\u00a0", Reason.EMPTY),
        ("HL0:ABC", Reason.NOT_RECOGNISED),
        ("NCFOXN", Reason.NOT_RECOGNISED),
        (" HC1:ABC", Reason.NOT_RECOGNISED),
        ("HC", Reason.NOT_RECOGNISED),
        ("HC1", Reason.NOT_RECOGNISED),
        ("HC1;ABC", Reason.NOT_RECOGNISED),
        ("HC0:ABC", Reason.NOT_RECOGNISED),
        ("HC:ABC", Reason.NOT_RECOGNISED),
        ("HC12:ABC", Reason.NOT_RECOGNISED),
        ("https://example.invalid/", Reason.WEB_ADDRESS),
        ("HC2:ABC", Reason.NEWER_VERSION),
        ("HC9:ABC", Reason.NEWER_VERSION),
        ("HCA:ABC", Reason.NEWER_VERSION),
        ("HCZ:", Reason.NEWER_VERSION),
        ("NO1:ABC", Reason.DOMESTIC_ONLY),
        ("LT1:ABC", Reason.DOMESTIC_ONLY),
        ("hc1:abc", Reason.PREFIX_WRONG_CASE),
        ("Hc1:ABC", Reason.PREFIX_WRONG_CASE),
        ("at1:abc", Reason.PREFIX_WRONG_CASE),
        (b"HC1:\xff", Reason.NOT_RECOGNISED),
        (b"\x89PNG\r\n", Reason.NOT_RECOGNISED),
        ("\ufffd!", Reason.NOT_RECOGNISED),
        (b"\xef\xbf\xbd", Reason.NOT_RECOGNISED),
        ("\ud800", Reason.NOT_RECOGNISED),
    ],
)
def test_what_is_not_ours_is_refused_with_its_reason(scan: str | bytes, reason: Reason) -> None:
    assert reason_of(scan) is reason


@pytest.mark.parametrize("letter", list("\u0661\u00b2\u0967\u2460\uff12Éé"))
def test_a_newer_version_has_a_plain_letter_or_digit(letter: str) -> None:
    assert reason_of(f"HC{letter}:ABC") is Reason.NOT_RECOGNISED


def test_the_longest_scan_is_read_and_a_longer_one_is_too_large() -> None:
    longest = "HC1:".ljust(SCAN_CHARACTERS, "0")
    for scan in (longest, longest.encode(), longest + "\r\n"):
        assert reason_of(scan) is None
    for scan in (longest + "0", longest.encode() + b"0", longest * 3, longest.encode() * 3):
        assert reason_of(scan) is Reason.TOO_LARGE
    assert reason_of("\n" * 10_000_000) is Reason.TOO_LARGE
    assert reason_of(b"\xff" * 10_000_000) is Reason.TOO_LARGE
    assert reason_of("0" * (SCAN_CHARACTERS + 1)) is Reason.TOO_LARGE


def test_what_was_scanned_is_masked() -> None:
    read = read_scan("HC1:SECRET")
    assert "SECRET" not in f"{read!r} {read} {[read]}"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_no_text_raises_anything_but_a_document_error(scan: str) -> None:
    reason_of(scan)
    reason_of("HC1:" + scan)
    reason_of("HC" + scan)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_document_error(scan: bytes) -> None:
    reason_of(scan)
    reason_of(b"HC1:" + scan)
