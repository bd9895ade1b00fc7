import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from cli import pictures
from cli.pictures import is_document, read_picture
from verifier import Reason
from verifier.limits import PICTURE_BYTES


def read(picture: Image.Image, **options: object) -> list[object]:
    file = BytesIO()
    picture.save(file, **{"format": "PNG", **options})
    return list(read_picture(bytearray(file.getvalue())))


def drawn(content: str | bytes, kind: str = "QRCode", scale: int = 4) -> Image.Image:
    code = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, kind))
    return Image.fromarray(code.to_image(scale=scale, add_quiet_zones=True))


@pytest.fixture
def scan(specimens: Path) -> str:
    return (specimens / "vaccination.txt").read_text().removesuffix("\n")


@pytest.fixture
def code(specimens: Path) -> Image.Image:
    return Image.open(specimens / "vaccination.png").convert("L")


def with_alpha(code: Image.Image) -> Image.Image:
    """Black on transparent: black on black where transparency is dropped."""
    picture = Image.new("RGBA", code.size, (0, 0, 0, 0))
    picture.putalpha(ImageOps.invert(code))
    return picture


def in_16_bits(code: Image.Image) -> Image.Image:
    """Only the lower twelve bits used, as medical scanners do."""
    return code.convert("I").point(lambda value: value * 16).convert("I;16")


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.convert("1"),
        lambda code: code.convert("RGB"),
        lambda code: code.convert("P"),
        lambda code: code.convert("LA"),
        with_alpha,
        in_16_bits,
        ImageOps.invert,
        ImageOps.mirror,
        lambda code: code.rotate(33, expand=True, fillcolor=255),
        lambda code: code.point(lambda value: 120 + value // 18),
        lambda code: code.filter(ImageFilter.GaussianBlur(1)),
    ],
)
def test_a_code_is_read_in_any_mode_and_attitude(
    code: Image.Image, scan: str, change: Callable[[Image.Image], Image.Image]
) -> None:
    assert read(change(code)) == [scan]


@pytest.mark.parametrize(
    "options",
    [
        {"format": "JPEG", "quality": 40},
        {"format": "WEBP"},
        {"format": "BMP"},
        {"format": "TIFF", "compression": "tiff_lzw"},
    ],
)
def test_every_picture_format_is_read(
    code: Image.Image, scan: str, options: dict[str, object]
) -> None:
    assert read(code, **options) == [scan]


def test_four_inks_are_read(code: Image.Image, scan: str) -> None:
    assert read(code.convert("CMYK"), format="JPEG") == [scan]
    assert read(code.convert("CMYK"), format="TIFF") == [scan]


def test_a_picture_taken_sideways_is_turned_as_its_exif_says(code: Image.Image, scan: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read(code, format="JPEG", exif=exif) == [scan]


def test_the_first_picture_of_an_animation_is_read(code: Image.Image, scan: str) -> None:
    blank = Image.new("L", code.size, "white")
    for format_ in ("PNG", "WEBP"):
        options = {"format": format_, "save_all": True, "append_images": [blank]}
        assert read(code, **options) == [scan]


def test_every_page_of_a_tiff_is_read_up_to_a_limit(
    code: Image.Image, scan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blank = Image.new("L", code.size, "white")
    pages = {"format": "TIFF", "save_all": True, "append_images": [blank, code]}
    assert read(drawn("HC1:SECOND").convert("L"), **pages) == ["HC1:SECOND", scan]
    monkeypatch.setattr(pictures, "_FRAMES", 2)
    assert read(drawn("HC1:SECOND").convert("L"), **pages) == ["HC1:SECOND"]


@pytest.mark.parametrize("kind", ["QRCode", "Aztec", "DataMatrix"])
def test_every_kind_of_code_is_read(kind: str) -> None:
    assert read(drawn("HC1:6BF", kind)) == ["HC1:6BF"]


def test_what_is_no_certificate_stands_for_the_picture_when_alone() -> None:
    assert read(drawn("https://example.org/menu")) == ["https://example.org/menu"]
    assert not is_document("https://example.org/menu")


def test_a_code_of_bytes_stays_bytes() -> None:
    content = b"PK\x03\x04" + bytes(range(128, 256))
    assert read(drawn(content)) == [content]


def side_by_side(*parts: Image.Image) -> Image.Image:
    width, height = sum(part.width for part in parts), max(part.height for part in parts)
    picture = Image.new("L", (width + 40 * len(parts), height), "white")
    left = 0
    for part in parts:
        picture.paste(part, (left, 0))
        left += part.width + 40
    return picture


def test_of_several_codes_every_certificate_is_taken_and_nothing_else() -> None:
    first, menu, second = drawn("HC1:FIRST"), drawn("https://example.org"), drawn("HC1:SECOND")
    assert set(read(side_by_side(first, menu, second, first))) == {"HC1:FIRST", "HC1:SECOND"}


def test_a_known_relative_counts_as_a_document() -> None:
    assert is_document("HC2:NEWER")


def test_small_and_faint_codes_are_tried_harder(code: Image.Image, scan: str) -> None:
    small = code.resize((code.width * 2 // 5, code.height * 2 // 5), Image.Resampling.BOX)
    assert read(small) == [scan]
    faint = code.point(lambda value: 125 + value // 40)
    assert read(faint) == [scan]


def on_a_screen(code: Image.Image) -> Image.Image:
    """A photograph of a screen: its grid, deep and nearly as wide as the camera's, and noise."""
    size = code.size
    row = Image.new("L", (size[0], 1))
    row.putdata([int(165 + 90 * math.sin(2 * math.pi * x / 3.3)) for x in range(size[0])])
    column = Image.new("L", (1, size[1]))
    column.putdata([int(165 + 90 * math.sin(2 * math.pi * y / 3.6)) for y in range(size[1])])
    grid = ImageChops.multiply(row.resize(size), column.resize(size))
    return ImageChops.add(ImageChops.multiply(code, grid), Image.effect_noise(size, 20), 1, -128)


def in_the_shade(code: Image.Image) -> Image.Image:
    light = (
        Image.linear_gradient("L").resize(code.size).point(lambda value: 30 + value * 170 // 255)
    )
    return ImageChops.multiply(code.filter(ImageFilter.GaussianBlur(1)), light)


def at_an_angle(code: Image.Image) -> Image.Image:
    """The code seen from its left: its right side is farther away, and three tenths shorter."""
    width, height = code.size
    seen = (0.7, 0, 0, -0.15 * height / width, 1, 0, -0.3 / width, 0)
    return code.transform(
        code.size, Image.Transform.PERSPECTIVE, seen, Image.Resampling.BICUBIC, fillcolor=255
    )


def small_in_a_large_one(code: Image.Image) -> Image.Image:
    picture = Image.new("L", (3_000, 2_000), 150)
    picture.paste(code.resize((240, 240), Image.Resampling.LANCZOS), (1_900, 1_300))
    return picture


@pytest.mark.parametrize("taken", [on_a_screen, in_the_shade, at_an_angle, small_in_a_large_one])
def test_photographs_are_read(scan: str, taken: Callable[[Image.Image], Image.Image]) -> None:
    picture = taken(drawn(scan).convert("L"))
    assert read(picture, format="JPEG", quality=80) == [scan]


def test_an_aztec_code_on_a_screen_is_read(scan: str) -> None:
    assert read(on_a_screen(drawn(scan, "Aztec").convert("L"))) == [scan]


def test_a_boarding_pass_beside_a_certificate_is_left_aside(scan: str) -> None:
    boarding = "M1MUSTERFRAU SPECIMEN EABC123 XSAXTBXX 0123 335Y012A0001 100"
    assert read(side_by_side(drawn(boarding, "Aztec"), drawn(scan))) == [scan]
    assert read(drawn(boarding, "Aztec")) == [boarding]


def test_a_picture_without_a_code(code: Image.Image) -> None:
    assert read(Image.new("L", (300, 300), "white")) == [Reason.NO_CODE_IN_PICTURE]
    assert read(Image.new("L", (1, 1))) == [Reason.NO_CODE_IN_PICTURE]
    assert read(code.crop((0, 0, code.width // 2, code.height))) == [Reason.NO_CODE_IN_PICTURE]
    assert read(Image.effect_noise((1_600, 1_600), 80)) == [Reason.NO_CODE_IN_PICTURE]


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_a_damaged_picture_is_a_finding_and_no_error(code: Image.Image, format_: str) -> None:
    file = BytesIO()
    code.save(file, format_)
    whole = file.getvalue()
    for length in range(8, len(whole), max(1, len(whole) // 40)):
        for found in read_picture(bytearray(whole[:length])):
            assert isinstance(found, (Reason, str))
    assert list(read_picture(bytearray(whole[:60]))) == [Reason.UNREADABLE_PICTURE]


def test_pixels_are_counted_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")

    def load(_: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(Image.Image, "load", load)
    assert list(read_picture(bytearray(file.getvalue()))) == [Reason.UNREADABLE_PICTURE]


def test_bytes_are_counted_before_anything_else() -> None:
    assert list(read_picture(bytearray(PICTURE_BYTES + 1))) == [Reason.UNREADABLE_PICTURE]


def test_other_formats_stay_shut(code: Image.Image) -> None:
    assert read(code, format="GIF") == [Reason.UNREADABLE_PICTURE]
    assert read(code, format="PPM") == [Reason.UNREADABLE_PICTURE]
