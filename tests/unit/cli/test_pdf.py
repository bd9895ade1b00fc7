"""PDFs made here by hand, so that what is on each page is known to the byte."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from support.command import AT, Ran, run, run_process

from cli import pdf
from cli.pdf import read_pdf
from cli.pdf_text import codes_written
from verifier import Reason
from verifier.limits import PICTURE_BYTES

A4 = (595, 842)


def modules(content: str | bytes) -> Image.Image:
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(code.to_image(scale=1, add_quiet_zones=False)).convert("L")


def squares(content: str | bytes, *, left: float = 100, top: float = 700, side: float = 120) -> str:
    """Draw a code as a browser prints it: a square for each dark module."""
    code = modules(content)
    size = side / code.width
    return (
        "\n".join(
            f"{left + x * size:.3f} {top - y * size:.3f} {size:.3f} {size:.3f} re"
            for y in range(code.height)
            for x in range(code.width)
            if code.getpixel((x, y)) == 0
        )
        + "\nf\n"
    )


def written(*pages: str, size: tuple[float, float] = A4) -> bytearray:
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    }
    for number, content in enumerate(pages):
        objects[10 + 2 * number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]"
            f"/Resources<</Font<</F 3 0 R>>>>/Contents {11 + 2 * number} 0 R>>"
        )
        objects[11 + 2 * number] = f"<</Length {len(content)}>>\nstream\n{content}\nendstream"
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += f"{number} 1\n{place:010} 00000 n \n".encode()
    out += f"trailer\n<</Size {max(places) + 1}/Root 1 0 R>>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return out


def lines_of(*lines: str) -> str:
    """Write lines in small print, one below the other."""
    told = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    return "BT /F 6 Tf 20 800 Td 8 TL " + " ".join(f"({line}) Tj T*" for line in told) + " ET"


@pytest.fixture
def scan(specimens: Path) -> str:
    return (specimens / "vaccination.txt").read_text().removesuffix("\n")


def read(data: bytes | bytearray) -> list[object]:
    return list(read_pdf(bytearray(data)))


def test_a_printed_code_is_read(scan: str) -> None:
    assert read(written(squares(scan))) == [scan]


def test_small_codes_are_drawn_finer(scan: str) -> None:
    assert read(written(squares(scan, side=36))) == [scan]


def test_codes_of_every_page_are_read_up_to_a_limit(
    scan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = squares("HC1:FIRST"), "", squares(scan), squares("HC1:FIRST")
    assert read(written(*pages)) == ["HC1:FIRST", scan]
    monkeypatch.setattr(pdf, "_PAGES", 2)
    assert read(written(*pages)) == ["HC1:FIRST"]


def test_codes_beside_a_certificate_are_left_aside(scan: str) -> None:
    page = squares("https://specimen.example", top=400) + squares(scan)
    assert read(written(page)) == [scan]
    assert read(written(squares("https://specimen.example"))) == ["https://specimen.example"]


def test_codes_of_bytes_stay_bytes() -> None:
    content = b"PK\x03\x04" + bytes(range(128, 256))
    assert read(written(squares(content))) == [content]


def test_a_scanned_page_is_read(specimens: Path, tmp_path: Path, scan: str) -> None:
    page = Image.new("L", (1_240, 1_754), "white")
    page.paste(
        Image.open(specimens / "vaccination.png").convert("L").rotate(4, fillcolor=255), (300, 500)
    )
    page.save(tmp_path / "scan.pdf", resolution=150)
    assert read((tmp_path / "scan.pdf").read_bytes()) == [scan]


@pytest.mark.parametrize("size", [(1, 1), (14_400, 14_400), (3, 14_400)])
def test_a_page_of_any_size_has_few_pixels(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    codes_in = pdf.codes_in

    def counted(grey: Image.Image, *, patient: bool) -> list[str | bytes]:
        seen.append(grey.width * grey.height)
        return codes_in(grey, patient=False) if patient else []

    monkeypatch.setattr(pdf, "codes_in", counted)
    assert read(written("", size=size)) == [Reason.NO_CODE_IN_PICTURE]
    assert 0 < max(seen) <= pdf._PAGE_PIXELS * 1.01


def test_a_huge_picture_on_a_page_is_never_decoded() -> None:
    packed = zlib.compress(bytes(10)).hex()
    image = (
        "q 500 0 0 500 0 0 cm\nBI /W 30000 /H 30000 /BPC 1 /CS /G /F [/AHx /Fl] ID\n"
        f"{packed}>\nEI Q\n"
    )
    assert read(written(image)) == [Reason.NO_CODE_IN_PICTURE]


def test_a_page_without_a_code() -> None:
    assert read(written("0 0 100 100 re f")) == [Reason.NO_CODE_IN_PICTURE]


def test_a_code_that_stands_on_a_page_as_text_is_read(scan: str) -> None:
    cut = [scan[at : at + 70] for at in range(0, len(scan), 70)]
    page = lines_of("Keep this letter", *cut, "Page 1")
    assert read(written("", page, page)) == [scan]
    # A page breaks lines at blanks, and those are lost.
    assert read(written(lines_of(*scan.split(" ")))) == [scan]


def test_codes_drawn_come_before_codes_written(scan: str, specimens: Path) -> None:
    other = (specimens / "recovery.txt").read_text().removesuffix("\n")
    assert read(written(squares(scan), lines_of(other))) == [scan]
    assert read(written(squares("https://specimen.example"), lines_of(other))) == [other]


def test_text_that_is_no_whole_code_is_none(scan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for lines in (["HC1:", scan[:200]], [scan[:-5], "Page 1"], [], ["Page 1"], ['{"data":{}}']):
        assert read(written(lines_of(*lines))) == [Reason.NO_CODE_IN_PICTURE]
    seal = '{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"UTO"},"msg":{}},"sig":{"alg":"ES256"}}'
    assert read(written(lines_of(seal))) == [Reason.NO_CODE_IN_PICTURE]
    monkeypatch.setattr(pdf, "_PAGE_CHARACTERS", 100)
    assert read(written(lines_of(scan))) == [Reason.NO_CODE_IN_PICTURE]


def test_a_page_full_of_beginnings_is_given_up(scan: str) -> None:
    assert [*codes_written("\n".join([*["HC1:6BF"] * 16, scan]))] == []
    assert [*codes_written("\n".join([*["HC1:6BF"] * 15, scan]))] == [scan]


def locked(whole: bytearray) -> bytes:
    handler = "/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]"
    return bytes(whole).replace(
        b"/Root 1 0 R", b"/Root 1 0 R" + (handler % ("41" * 32, "42" * 32)).encode()
    )


@pytest.mark.parametrize(
    "change",
    [
        locked,
        lambda whole: locked(whole).replace(b"/Standard", b"/Specimen"),
    ],
)
def test_a_locked_pdf_is_named(scan: str, change: Callable[[bytearray], bytes]) -> None:
    assert read(change(written(squares(scan)))) == [Reason.LOCKED_PDF]


def test_a_damaged_pdf_is_a_finding_and_no_error(scan: str) -> None:
    whole = written(squares(scan))
    assert read(b"%PDF-1.7\n") == [Reason.UNREADABLE_PDF]
    for length in range(9, len(whole), len(whole) // 12):
        (found,) = read(whole[:length])
        assert found in {Reason.UNREADABLE_PDF, Reason.NO_CODE_IN_PICTURE, scan}
    assert read(written()) in ([Reason.UNREADABLE_PDF], [Reason.NO_CODE_IN_PICTURE])


def test_what_nobody_foresaw_stays_here(scan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pdf, "_drawn", fail)
    assert read(written(squares(scan))) == [Reason.UNREADABLE_PDF]


def test_bytes_are_counted_before_anything_else() -> None:
    assert read(bytes(PICTURE_BYTES + 1)) == [Reason.UNREADABLE_PDF]


def verify(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("verify", "--json", "--store", store, "--at", AT, *arguments, stdin=stdin)


def test_the_command_takes_a_pdf_by_what_it_is(store: Path, tmp_path: Path, scan: str) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(b"\xef\xbb\xbf" + written(squares(scan)))
    before = sorted(tmp_path.iterdir())
    for ran in (verify(store, file), verify(store, stdin=file.read_bytes())):
        assert ran.status == 0
        assert '"authentic"' in ran.out
    assert sorted(tmp_path.iterdir()) == before
    ran = verify(store, stdin=locked(written(squares(scan))))
    assert ran.status == 12
    assert "INP-056" in ran.out


@pytest.mark.parametrize("missing", [["pypdfium2"], ["pypdfium2", "PIL", "zxingcpp"], ["PIL"]])
def test_a_missing_extra_says_how_to_install_it(
    store: Path, tmp_path: Path, scan: str, missing: list[str]
) -> None:
    for package in missing:
        (tmp_path / f"{package}.py").write_text("raise ImportError\n")
    file = tmp_path / "file.pdf"
    file.write_bytes(written(squares(scan)))
    ran = run_process(
        "verify", "--store", store, "--at", AT, file, env={"PYTHONPATH": str(tmp_path)}
    )
    assert ran.status == 3
    assert "pip install 'pratique[pdf]'" in ran.err
