import json
import re
from pathlib import Path

import pytest
from support.command import AT, ROOT, Ran, run, run_on_terminal, run_process
from support.specimens import store_path
from support.zones import Passport

ICVP = ROOT / "fixtures" / "who_icvp"
MUSTERFRAU = Passport("MUSTERFRAU<SPECIMEN", "VERA", "800517")


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """A file with the passport of the specimen's holder."""
    path = tmp_path / "zone.txt"
    path.write_text(MUSTERFRAU.zone())
    return path


def verify(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("verify", "--store", store, "--at", AT, *arguments, stdin=stdin)


def identity(ran: Ran) -> list[list[str]]:
    """Give the codes of each verdict's comparison."""
    return [
        [each["code"] for each in json.loads(line)["findings"] if each["check"] == "identity"]
        for line in ran.out.splitlines()
    ]


def test_a_holder_is_compared_with_a_passport(store: Path, specimens: Path, zone: Path) -> None:
    ran = verify(store, "--json", "--mrz", zone, specimens / "vaccination.txt")
    assert (ran.status, identity(ran)) == (0, [["IDN-000"]])
    assert json.loads(ran.out)["holder"] is None
    assert not re.search("musterfrau|800517|1980", ran.out + ran.err, re.IGNORECASE)


def test_each_certificate_is_compared_with_the_one_passport(
    store: Path, specimens: Path, zone: Path
) -> None:
    files = [specimens / "vaccination.txt", specimens / "signature-bit.txt"]
    ran = verify(store, "--json", f"--mrz={zone}", *files)
    assert identity(ran) == [["IDN-000"], []]


def test_somebody_else_s_passport_sends_the_document_to_a_person(
    store: Path, specimens: Path, zone: Path
) -> None:
    zone.write_text(MUSTERFRAU._replace(birth="810517").zone())
    ran = verify(store, "--mrz", zone, specimens / "vaccination.txt")
    assert ran.status == 12
    assert "birth date is another" in ran.out


def test_the_same_is_told_in_words(store: Path, specimens: Path, zone: Path) -> None:
    ran = verify(store, "--mrz", zone, specimens / "vaccination.txt")
    assert ran.out.startswith("✔ AUTHENTIC\n  Name and birth date agree with the passport's.\n")


def test_what_cannot_be_told_leaves_the_outcome(store: Path, specimens: Path, zone: Path) -> None:
    zone.write_text(MUSTERFRAU._replace(secondary="VERA<ANNA").zone())
    ran = verify(store, "--mrz", zone, specimens / "vaccination.txt")
    assert ran.status == 0
    assert "Compare the names yourself" in ran.out


@pytest.mark.parametrize("disclose", ["none", "identity", "clinical"])
def test_the_comparison_shows_nobody(
    store: Path, specimens: Path, zone: Path, disclose: str
) -> None:
    ran = verify(store, "--disclose", disclose, "--mrz", zone, specimens / "vaccination.txt")
    assert ("Vera" in ran.out) is (disclose != "none")
    assert ran.err.count("\n") == 1  # that it is judged for another instant


def test_a_byte_order_mark_does_no_harm(store: Path, specimens: Path, zone: Path) -> None:
    zone.write_text(MUSTERFRAU.zone(), encoding="utf-8-sig")
    ran = verify(store, "--json", "--mrz", zone, specimens / "vaccination.txt")
    assert identity(ran) == [["IDN-000"]]


def test_the_passport_may_come_from_standard_input(store: Path, specimens: Path) -> None:
    given = MUSTERFRAU.zone().encode()
    ran = verify(store, "--json", "--mrz", "-", specimens / "vaccination.txt", stdin=given)
    assert identity(ran) == [["IDN-000"]]


def test_the_certificate_may_come_from_standard_input(
    store: Path, specimens: Path, zone: Path
) -> None:
    given = (specimens / "vaccination.txt").read_bytes()
    assert identity(verify(store, "--json", "--mrz", zone, stdin=given)) == [["IDN-000"]]


@pytest.mark.parametrize("files", [(), ("-",), ("vaccination.txt", "-")])
def test_both_cannot_come_from_standard_input(
    store: Path, specimens: Path, files: tuple[str, ...]
) -> None:
    named = [each if each == "-" else specimens / each for each in files]
    ran = verify(store, "--mrz", "-", *named, stdin=b"x")
    assert (ran.status, ran.out) == (2, "")
    assert "cannot both come from standard input" in ran.err


@pytest.mark.parametrize(
    "argument",
    [
        MUSTERFRAU.zone(),
        "".join(MUSTERFRAU.lines()),
        MUSTERFRAU.lines()[0],
        MUSTERFRAU.lines()[1],
        MUSTERFRAU.zone().lower(),
        MUSTERFRAU.zone().replace("\r\n", " "),
        Passport("A", "B", "800517", number="X12345678", optional="A" * 14).lines()[0],
        "I<UTOD231458907A123456789012345",
    ],
)
@pytest.mark.parametrize("place", ["--mrz", "FILE"])
def test_a_zone_is_never_an_argument(
    store: Path, specimens: Path, argument: str, place: str
) -> None:
    good = specimens / "vaccination.txt"
    ran = verify(store, *(["--mrz", argument, good] if place == "--mrz" else [argument]))
    assert ran.status == 2
    assert "never given as an argument" in ran.err
    assert argument[:9] not in ran.err
    assert "MUSTERFRAU" not in ran.err.upper()


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "nothing in"), (b" \r\n", "nothing in"), (None, "Cannot read")]
)
def test_a_file_that_cannot_be_used_is_told(
    store: Path, specimens: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "passport.txt"
    if content is not None:
        path.write_bytes(content)
    ran = verify(store, "--mrz", path, specimens / "vaccination.txt")
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_folder_is_no_file(store: Path, specimens: Path, tmp_path: Path) -> None:
    ran = verify(store, "--mrz", tmp_path, specimens / "vaccination.txt")
    assert (ran.status, ran.out) == (2, "")
    assert "Cannot read" in ran.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"P<UTO", "IDN-030"),
        (b"\xff" * 88, "IDN-031"),
        (b"A" * 100_000, "IDN-030"),
        (MUSTERFRAU.zone().encode() * 2, "IDN-030"),
        (MUSTERFRAU.zone().replace("800517", "800518").encode(), "IDN-032"),
    ],
)
def test_lines_that_cannot_be_read_are_told_by_the_verdict(
    store: Path, specimens: Path, zone: Path, content: bytes, code: str
) -> None:
    zone.write_bytes(content)
    ran = verify(store, "--json", "--mrz", zone, specimens / "vaccination.txt")
    assert (ran.status, identity(ran)) == (0, [[code]])


def test_a_slip_is_told_by_its_place_alone(store: Path, specimens: Path, zone: Path) -> None:
    zone.write_text(MUSTERFRAU.zone().replace("800517", "8OO517"))
    ran = verify(store, "--json", "--mrz", zone, specimens / "vaccination.txt")
    assert identity(ran) == [["IDN-033"]]
    assert "line 2 has a letter for a digit at place 15." in ran.err
    assert "at place 16." in ran.err


def test_a_terminal_is_told_what_it_is_waited_for(store: Path, specimens: Path) -> None:
    good = specimens / "vaccination.txt"
    typed = MUSTERFRAU.zone().replace("\r\n", "\n").encode() + b"\n\x04"
    ran = run_on_terminal("verify", "--store", store, "--at", AT, "--mrz", "-", good, typed=typed)
    assert ran.status == 0
    assert "Waiting for the passport's machine-read lines" in ran.out
    assert "agree with the passport's" in ran.out


def test_without_it_nothing_of_it_is_loaded(store: Path, specimens: Path) -> None:
    ran = run_process(
        "verify", "--store", store, "--at", AT, "--disclose", "identity",
        specimens / "vaccination.txt", env={"PYTHONVERBOSE": "1"},
    )  # fmt: skip
    loaded = set(re.findall(r"import '([\w.]+)'", ran.err))
    assert "verifier.verdict" in loaded
    assert not loaded & {
        "cli.zones", "verifier.identity", "verifier.mrz", "verifier.names",
        "verifier.transliteration",
    }  # fmt: skip


def test_a_name_without_an_issuer_s_spelling_is_marked_as_ours() -> None:
    file = ICVP / "generation-3.txt"
    words = verify(store_path(), "--disclose", "identity", file)
    assert re.search(r"MRZ, spelt by this desk +[A-Z<]+\n", words.out), words.out + words.err
    ran = verify(store_path(), "--json", "--disclose", "identity", file)
    holder = json.loads(ran.out)["holder"]
    assert set(holder) == {"name", "name_mrz", "birth_date"}
    assert holder["name_mrz"] == "MUSTERFRAU<SPECIMEN<VERA"
